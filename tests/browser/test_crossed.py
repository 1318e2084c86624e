"""A map shaded by two columns: a legend of three rows of three, its switches, its page by ear, on paper, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pypdfium2
import pytest
import shapely

from lcrmap.layers import Pack
from lcrmap.library import make_map
from tests.browser.test_access import findings, without_policy

CELLS = """() => [...document.querySelectorAll('.square li')].map((node) => {
  const {left, right, top, bottom} = node.querySelector('svg').getBoundingClientRect();
  return {left, right, top, bottom, fill: getComputedStyle(node.querySelector('svg rect')).fill};
})"""


@pytest.fixture(scope="module")
def crossed(pack: Pack) -> str:
    return make_map("small-areas", shade="no_car", against="connectivity_score", pack=pack).html


@pytest.fixture(scope="module")
def squares() -> str:
    first, second = [1, 1, 1, 2, 2, 2, 3, 3, 3, None], [10, 20, 30] * 3 + [1]
    shapes = [shapely.box(-3 + n / 100, 53.4, -2.99 + n / 100, 53.41) for n in range(10)]
    names = [f"s{number}" for number in range(10)]
    frame = gpd.GeoDataFrame(
        {"name": names, "jobs": first, "homes": second}, geometry=shapes, crs="EPSG:4326"
    )
    return make_map(frame, shade="jobs", against="homes").html


@pytest.mark.parametrize(("scheme", "width"), [("light", "wide"), ("dark", "narrow")])
def test_axe_finds_nothing(
    open_page: Callable[..., Any], crossed: str, scheme: str, width: str
) -> None:
    opened = open_page(without_policy(crossed), scheme=scheme, width=width)
    # axe takes rows that Chromium has not laid out yet for hidden behind what follows.
    opened.page.add_style_tag(content=".table-part.long { content-visibility: visible; }")
    assert findings(opened) == []
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= (
        1280 if width == "wide" else 390
    )


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_classes_lie_in_a_square_and_the_first_column_rises(
    open_page: Callable[..., Any], squares: str, width: str, scripts: bool
) -> None:
    opened = open_page(squares, width=width, scripts=scripts)
    cells = opened.view.evaluate(CELLS)
    assert len(cells) == 10
    for row in range(3):
        line = cells[3 * row : 3 * row + 3]
        assert len({each["top"] for each in line}) == 1
        assert line[0]["right"] <= line[1]["left"] < line[1]["right"] <= line[2]["left"]
    assert cells[0]["bottom"] < cells[3]["top"] < cells[6]["top"] < cells[9]["top"]
    assert len({each["fill"] for each in cells[:9]}) == 9
    assert cells[6]["fill"] == "rgb(233, 242, 237)"  # little of both is palest
    heads = opened.view.locator(".row-head").all_text_contents()
    assert heads == ["3", "2 to under 3", "under 2"]
    assert opened.view.locator(".axis").all_text_contents() == ["\u2191 Jobs", "Homes \u2192"]


def test_the_map_has_the_colours_of_the_legend(open_page: Callable[..., Any], squares: str) -> None:
    opened = open_page(squares)
    cells = opened.view.evaluate(CELLS)
    fills = opened.view.evaluate(
        "() => [...document.querySelectorAll('path.shaded:not(.no-data)')].map((each) => getComputedStyle(each).fill)"
    )
    assert sorted(fills) == sorted(each["fill"] for each in cells[:9])
    assert opened.view.locator("path.shaded.no-data").count() == 1


def test_a_class_is_hidden_and_named_by_both_its_ranges(
    open_page: Callable[..., Any], squares: str
) -> None:
    opened = open_page(squares)
    box = opened.view.get_by_role("checkbox", name="Jobs: 3; Homes: under 20")
    box.focus()
    opened.press("Space")
    assert not box.is_checked()
    assert opened.view.locator("path.shaded").count() == 9


def test_by_keyboard_an_area_tells_both_figures_and_both_thirds(
    open_page: Callable[..., Any], squares: str
) -> None:
    opened = open_page(squares)
    opened.view.locator("#map").focus()
    opened.press("ArrowRight", "Enter")
    tree = opened.view.locator("#panel").aria_snapshot()
    for wanted in ("Jobs", "Homes", "third", "tenth"):
        assert wanted in tree, tree


def test_nothing_scrolls_sideways_and_large_text_has_a_list(
    open_page: Callable[..., Any], squares: str
) -> None:
    opened = open_page(squares)
    opened.page.set_viewport_size({"width": 320, "height": 640})
    opened.settle()
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= 320
    opened.view.evaluate("document.documentElement.style.fontSize = '32px'")
    opened.settle()
    assert opened.view.locator(".row-head").first.is_hidden()
    assert opened.view.get_by_text("Jobs: 3; Homes: under 20").is_visible()


def test_tables_by_two_divisions_stay_tables_on_a_phone(
    open_page: Callable[..., Any], crossed: str
) -> None:
    opened = open_page(crossed, width="narrow")
    matrix = opened.view.locator(".matrix").nth(1)
    row = matrix.locator("tbody tr").first.locator("th, td")
    tops = [each.bounding_box()["y"] for each in row.all()]
    assert len(tops) == 12
    assert len(set(tops)) == 1
    assert matrix.locator("thead th").last.is_visible()


def test_on_paper_the_square_and_both_tables_of_people_are_there(
    open_page: Callable[..., Any], crossed: str
) -> None:
    opened = open_page(crossed, scheme="dark")
    document = pypdfium2.PdfDocument(opened.page.pdf(prefer_css_page_size=True))
    texts = [page.get_textpage().get_text_range() for page in document]
    assert "37.1% and over" in texts[0]
    assert any("Tenth by tenth" in text and "10, highest" in text for text in texts[:3])
    assert any("Residents in each of the nine" in text and "331,346" in text for text in texts[:3])
