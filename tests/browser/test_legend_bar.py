"""A shading's legend: one bar with its breaks, and a list where a bar does not fit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.library import make_map

EDGES = """() => [...document.querySelectorAll('.edge')].map((node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  const {left, right, top, bottom} = range.getBoundingClientRect();
  return {text: node.textContent, left, right, top, bottom, bold: getComputedStyle(node).fontWeight === '700'};
})"""


def squares(values: list[Any], **asked: Any) -> str:
    shapes = [shapely.box(-3 + n / 100, 53.4, -2.99 + n / 100, 53.41) for n in range(len(values))]
    frame = gpd.GeoDataFrame({"jobs": values}, geometry=shapes, crs="EPSG:4326")
    return make_map(frame, shade="jobs", **asked).html


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_classes_of_a_shading_are_one_bar_with_the_breaks_at_its_borders(
    open_page: Callable[..., Any], width: str, scripts: bool
) -> None:
    html = squares([0.5, 12, 15, 38, 40, None], classes="10,20")
    opened = open_page(html, width=width, scripts=scripts)
    edges = opened.view.evaluate(EDGES)
    assert [each["text"] for each in edges] == ["0.5", "10", "20", "40"]
    low, middle, high, no_data = [
        opened.view.locator(f".bar [data-entry='{each}'] svg").bounding_box() for each in range(4)
    ]
    assert low["x"] + low["width"] == pytest.approx(middle["x"])
    assert middle["x"] + middle["width"] == pytest.approx(high["x"])
    assert 4 < no_data["x"] - high["x"] - high["width"] < 16  # beside it
    assert no_data["y"] == low["y"]
    assert (edges[1]["left"] + edges[1]["right"]) / 2 == pytest.approx(middle["x"], abs=1)
    assert all(one["right"] < other["left"] for one, other in pairwise(edges))
    if width == "narrow" and scripts:
        assert low["y"] + low["height"] < 844  # on the first screen
    listed = " ".join(opened.view.locator(".bar li").all_text_contents())
    for said in ("under 10", "10 to under 20", "20 and over", "no data", "(2)"):
        assert said in listed


def test_a_class_is_hidden_at_its_step_of_the_bar(open_page: Callable[..., Any]) -> None:
    opened = open_page(squares([1, 12, 15, 38], classes="10,20"))
    before = opened.view.locator("path.shaded").count()
    opened.view.locator("#legend").get_by_role("checkbox", name="10 to under 20 (2)").uncheck()
    assert opened.view.locator("path.shaded").count() == before - 2


def test_where_two_colours_meet_the_bar_is_marked_and_its_numbers_part(
    open_page: Callable[..., Any],
) -> None:
    values = [-11.6, -8, -3.5, -3, -1, 1, 2, 4, 5, 9, 16.6]
    opened = open_page(squares(values, classes="-4.6,-2.6,0,3.4,6.2"), width="narrow")
    edges = opened.view.evaluate(EDGES)
    assert [each["text"] for each in edges if each["bold"]] == ["0"]
    covered = [
        (one["text"], other["text"])
        for one, other in combinations(edges, 2)
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"]
        and other["top"] < one["bottom"]
    ]
    assert covered == []


@pytest.mark.parametrize("wide", [320, 390])
def test_numbers_too_long_for_a_bar_are_listed_and_nothing_scrolls_sideways(
    open_page: Callable[..., Any], wide: int
) -> None:
    millions = [each * 12_345_678.25 for each in range(1, 30)]
    for html in (squares(millions), squares([float(each) for each in range(30)])):
        opened = open_page(html, width="narrow")
        opened.page.set_viewport_size({"width": wide, "height": 844})
        assert opened.view.evaluate("document.documentElement.scrollWidth") == wide
        assert opened.view.locator("#legend [data-entry]").count() == 5
    assert opened.view.locator("#legend .edge").count() == 6


def test_large_text_turns_the_bar_into_a_list(open_page: Callable[..., Any]) -> None:
    opened = open_page(squares([float(each) for each in range(30)]), width="narrow")
    opened.view.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not opened.view.locator(".edge").first.is_visible()
    assert opened.view.locator(".bar .label").first.bounding_box()["width"] > 50
    assert opened.view.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("many", "outlined"), [(6, True), (60, False)])
def test_few_shaded_areas_are_outlined_so_that_equal_neighbours_part(
    open_page: Callable[..., Any], many: int, outlined: bool, scheme: str
) -> None:
    values = [1.0, *[None] * 2, *[5.0] * (many - 3)]
    opened = open_page(squares(values, classes="2"), scheme=scheme)
    line = opened.view.evaluate(
        """() => {
          const probe = document.createElement('i');
          probe.style.color = 'var(--area-line)';
          document.body.append(probe);
          return getComputedStyle(probe).color;
        }"""
    )
    strokes = opened.view.locator("path.shaded").evaluate_all(
        "(paths) => paths.map((path) => getComputedStyle(path).stroke)"
    )
    assert len(strokes) == many
    assert {each == line for each in strokes} == {outlined}
