"""By keyboard and ear: the map is one stop, every place can be reached, opened and left again."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import pytest
import shapely

from lcrmap.layers import Pack
from lcrmap.library import make_map
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples


@pytest.fixture(scope="module")
def atlas(pack: Pack) -> str:
    return make_map(pack=pack).html


@pytest.fixture(scope="module")
def sample() -> str:
    return write_document(samples.model())


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_hartree_is_found_opened_read_and_left_in_twelve_keys(
    open_page: Callable, atlas: str, width: str
) -> None:
    opened = open_page(atlas, width=width)
    to_search = ["Tab", "Tab", "Enter"]  # the second link of those that skip
    keys = [*to_search, *"hartree", "Enter"]
    for key in keys:
        opened.page.keyboard.press(key)
    tree = opened.view.locator("#panel").aria_snapshot()
    for wanted in ("Hartree", "Sector", "AI and emerging", "Confidence", "onfirmed", "Source"):
        assert wanted in tree, tree
    assert opened.has_focus("#panel-title")
    opened.press("Escape")
    assert opened.has_focus("#search")
    assert len(keys) + 1 <= 12


def test_tab_stops_once_at_the_map(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("Tab")
    assert opened.has_focus(".map-buttons button")
    opened.press("Shift+Tab")
    assert opened.has_focus("#map")
    opened.press("ArrowRight")
    assert opened.has_focus(".map [role=button]")
    opened.press("Tab")
    assert opened.has_focus(".map-buttons button")


def test_arrow_keys_go_to_the_nearest_in_that_direction(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    named = "document.activeElement.getAttribute('aria-label')"
    opened.press("Home")
    assert opened.view.evaluate(named) == "2 places near Alder Mill (mills 1; quays 1)"
    opened.press("ArrowRight")
    assert opened.view.evaluate(named) == "Birch Quay, Quay, Northam, reported"
    opened.press("ArrowRight")
    assert opened.view.evaluate(named).startswith("Ember Kiln")
    opened.press("ArrowLeft")
    assert opened.view.evaluate(named).startswith("Birch Quay")
    opened.press("ArrowDown")
    spoken = "Cedar Kiln, Kiln, Southam, reconstructed, Position within 2.5 km"
    assert opened.view.evaluate(named) == spoken
    opened.press("End")
    assert opened.view.evaluate(named).startswith("Ember Kiln")


def test_a_line_without_a_position_is_passed_over(open_page: Callable) -> None:
    lines = [shapely.LineString([(-3, 53.4), (-2.9, 53.4)]), None]
    frame = gpd.GeoDataFrame({"name": ["Aire", "Brent"]}, geometry=lines, crs="EPSG:4326")
    opened = open_page(write_document(build_model([LayerView(samples.bare(frame))])))
    opened.view.locator("#map").focus()
    opened.press("ArrowRight")
    assert opened.view.evaluate("document.activeElement.getAttribute('aria-label')") == "Aire, Mine"
    assert opened.said == []


def test_enter_opens_and_escape_goes_back_one_step_at_a_time(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("End", "Enter")
    assert opened.text("#panel-title") == "Ember Kiln"
    assert opened.has_focus(".map [role=button].selected")
    opened.press("Escape")
    assert opened.text("#panel-title") == "Selected place"
    assert opened.has_focus(".map [role=button]")
    opened.press("Escape")
    assert opened.has_focus("#map")


def test_a_heap_at_one_spot_opens_as_a_list(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("Home", "Enter")
    assert opened.text("#panel-title") == "2 places here"
    assert opened.view.locator("#panel .places button").all_inner_texts() == [
        "Alder Mill",
        "Dock Quay",
    ]
    opened.view.locator("#panel .places button").nth(1).press("Enter")
    assert opened.text("#panel-title") == "Dock Quay"
    assert "1 more at the same spot" in opened.text("#panel")


def test_a_question_mark_opens_the_help_and_escape_closes_it(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("?")
    assert opened.view.get_by_role("heading", name="Keyboard help").is_visible()
    opened.press("Escape")
    assert not opened.view.locator("#help").is_visible()
    assert opened.has_focus("#map")


def test_single_keys_do_nothing_outside_the_map(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#search").focus()
    opened.press("?", "0", "/")
    assert opened.view.locator("#search").input_value() == "?0/"
    assert not opened.view.locator("#help").is_visible()


def test_slash_and_control_k_go_to_the_search(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("/")
    assert opened.has_focus("#search")
    opened.view.locator("body").evaluate("() => document.activeElement.blur()")
    opened.press("Control+k")
    assert opened.has_focus("#search")


@pytest.mark.parametrize(("key", "grows"), [("+", True), ("-", False)])
def test_plus_and_minus_zoom(open_page: Callable, sample: str, key: str, grows: bool) -> None:
    opened = open_page(sample)
    before = opened.text(".leaflet-control-scale-line")
    opened.view.locator("#map").focus()
    opened.press(key)
    after = opened.text(".leaflet-control-scale-line")
    assert metres(after) < metres(before) if grows else metres(after) > metres(before)
    opened.press("0")
    assert opened.text(".leaflet-control-scale-line") == before


def metres(text: str) -> float:
    number, unit = text.split()
    return float(number) * (1000 if unit == "km" else 1)


def test_what_happens_is_said(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    status = opened.view.locator("#status")
    opened.page.wait_for_timeout(1050)

    def said(words: str) -> None:
        opened.view.wait_for_function(
            "(words) => document.getElementById('status').textContent.includes(words)",
            arg=words,
            timeout=3000,
        )

    opened.view.locator("#search").fill("zzz")
    said("No place matches zzz")
    opened.view.locator("#search").fill("kiln")
    said("2 results for kiln.")
    opened.press("Escape")
    opened.view.locator("#filters").get_by_label("Northam").check()
    said("Showing 3 places of 6")
    opened.view.get_by_role("button", name="Clear filters").click()
    opened.view.locator("#map").focus()
    opened.press("Shift+ArrowLeft")
    said("Map moved west.")
    opened.press("+")
    said("Zoomed in. The map shows about")
    opened.press("End", "Enter")
    said("Ember Kiln selected. Details follow the map.")
    opened.view.locator(".sort").first.click()
    said("sorted by Name")
    assert status.get_attribute("role") == "status"


def test_the_focus_ring_is_drawn_and_not_covered(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("End")
    ring = opened.view.evaluate(
        """() => {
          const node = document.activeElement, style = getComputedStyle(node);
          const box = node.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          const seen = node.contains(top);
          return {width: style.outlineWidth, kind: style.outlineStyle, shadow: style.boxShadow, seen};
        }"""
    )
    assert ring["width"] == "3px"
    assert ring["kind"] == "solid"
    assert "6px" in ring["shadow"]
    assert ring["seen"]


NAMED = """() => [document.querySelector(".tip:not([hidden])")?.textContent ?? "",
  document.activeElement.getAttribute("aria-label")]"""


def test_what_the_keys_reach_shows_its_name_as_what_is_pointed_at(
    open_page: Callable, sample: str, pack: Pack
) -> None:
    shaded = make_map("boroughs", shade="residents_2021", pack=pack).html
    for page in (sample, shaded):
        opened = open_page(page)
        opened.view.locator("#map").focus()
        opened.press("Enter")
        for key in ("ArrowUp", "ArrowDown"):
            shown, label = opened.view.evaluate(NAMED)
            assert shown == label
            opened.press(key)
        opened.press("Escape")
        assert opened.view.evaluate(NAMED)[0] == ""
        assert opened.has_focus("#map")


def test_what_lies_outside_is_gone_to_by_keys(open_page: Callable, pack: Pack) -> None:
    opened = open_page(make_map("freeport-sites", pack=pack).html, width="narrow")
    button = opened.view.locator("#legend .beyond button")
    button.focus()
    opened.press("Enter")
    opened.settle()
    assert opened.view.locator(".map .place[aria-label^='Port Salford']").count() == 1
    assert "Port Salford" in opened.text("#panel")


def test_the_focus_survives_a_zoom(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#map").focus()
    opened.press("End", "+", "+", "-")
    label = opened.view.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("Ember Kiln")


def test_the_focus_returns_to_the_row_that_opened_the_panel(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    row = opened.view.locator("table[data-layer='1'] button.open").nth(2)
    row.focus()
    opened.press("Enter")
    assert opened.has_focus("#panel-title")
    opened.press("Escape")
    assert opened.view.evaluate("document.activeElement.textContent") == "Cedar Kiln"


def test_every_shaded_area_is_reached_by_keyboard_and_its_value_is_read_out(
    open_page: Callable,
) -> None:
    """Three rows of three squares: the arrow keys along the rows."""
    names = [f"s{row}{column}" for row in range(3) for column in range(3)]
    shapes = [
        shapely.box(-3 + x / 50, 53.4 - y / 80, -2.98 + x / 50, 53.4125 - y / 80)
        for y in range(3)
        for x in range(3)
    ]
    values = [1.5, None, 3, 4, 5, 6, 7, 8, 1_234_567]
    frame = gpd.GeoDataFrame({"name": names, "jobs": values}, geometry=shapes, crs="EPSG:4326")
    opened = open_page(make_map(frame, shade="jobs", classes="2,5").html)
    opened.view.locator("#map").focus()
    opened.press("Home", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft")  # from the highest
    heard = []
    for turn in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        for key in (turn, turn, "ArrowDown"):
            heard.append(opened.view.evaluate("document.activeElement.getAttribute('aria-label')"))
            opened.press(key)
    numbers = ["1.5", "no data", "3", "6", "5", "4", "7", "8", "1,234,567"]
    order = [*names[:3], *reversed(names[3:6]), *names[6:]]
    for said, name, number in zip(heard, order, numbers, strict=True):
        assert said.startswith(name), heard
        assert f"Jobs {number}" in said, heard
    opened.press("Enter")
    assert "1,234,567" in opened.text("#panel")
