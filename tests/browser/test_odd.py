"""Odd and large pages: what a reader must be able to find on each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap import make_map
from lcrmap.layers import Pack
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples


def points(spots: list[tuple[float, float]], **columns: list[Any]) -> gpd.GeoDataFrame:
    shapes = [shapely.Point(each) for each in spots]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def page_of(frame: gpd.GeoDataFrame) -> str:
    return write_document(build_model([LayerView(samples.bare(frame))]))


FIJI = points([(178.44, -18.14), (-179.97, -16.85)], name=["Suva", "Taveuni"])


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("with_pack", [False, True])
def test_a_map_across_the_180th_meridian_opens_on_both_sides_together(
    open_page: Callable[..., Any], pack: Pack, tmp_path: Path, with_pack: bool, width: str
) -> None:
    """Not on the whole world, nor on the region of the pack, in which neither lies."""
    html = page_of(FIJI)
    if with_pack:
        FIJI.to_file(tmp_path / "fiji.gpkg", driver="GPKG")
        html = make_map(tmp_path / "fiji.gpkg", pack=pack).html
    opened = open_page(html, width=width)
    area = opened.view.locator("#map").bounding_box()
    spots = [
        opened.view.locator(f".place[aria-label^='{name}']").bounding_box()
        for name in ("Suva", "Taveuni")
    ]
    assert all(area["x"] < each["x"] < area["x"] + area["width"] for each in spots)
    assert spots[1]["x"] - spots[0]["x"] > 100
    bar = opened.view.locator(".leaflet-control-scale-line").bounding_box()
    assert all(each["y"] + each["height"] <= bar["y"] for each in spots)
    distance = opened.text(".leaflet-control-scale-line")
    assert distance in ("20 km", "30 km", "50 km", "100 km")


def test_the_csv_of_such_a_map_has_the_longitudes_as_they_are_written(
    open_page: Callable[..., Any],
) -> None:
    opened = open_page(page_of(FIJI))
    with opened.page.expect_download() as caught:
        opened.view.get_by_role("button", name="Download").first.click()
    saved = Path(caught.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[1:] for line in saved[1:]] == [
        ["178.44", "-18.14"],
        ["-179.97", "-16.85"],
    ]


@pytest.mark.parametrize("kind", ["areas", "lines", "mixed"])
def test_lines_and_areas_across_the_180th_meridian_open_on_both_sides_together(
    open_page: Callable[..., Any], kind: str
) -> None:
    west, east = shapely.box(178, -18, 179, -17), shapely.box(-179.5, -17.5, -179, -16.5)
    shapes = {
        "areas": [west, east],
        "lines": [west.exterior, east.exterior],
        "mixed": [west, east.exterior],
    }[kind]
    frame = gpd.GeoDataFrame({"name": ["Viti", "Vanua"]}, geometry=shapes, crs="EPSG:4326")
    opened = open_page(page_of(frame))
    area = opened.view.locator("#map").bounding_box()
    drawn = opened.view.locator("path.places-area, path.places-line")
    boxes = [drawn.nth(number).bounding_box() for number in range(2)]
    assert all(area["x"] < each["x"] < area["x"] + area["width"] for each in boxes)
    assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]  # eastward over the meridian
    assert boxes[0]["width"] > 100
    assert not opened.view.locator("#legend .beyond").is_visible()


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_each_of_250_places_at_one_spot_is_reached_by_keys(
    open_page: Callable[..., Any], width: str
) -> None:
    """The list beside the map shows more at a time; each new part is gone to."""
    frame = points([(-2.9, 53.4)] * 250, name=[f"Desk {number}" for number in range(250)])
    opened = open_page(page_of(frame), width=width)
    opened.view.locator("#map").focus()
    opened.press("ArrowRight", "Enter")
    listed = opened.view.locator("#panel .places li")
    for shown in (100, 200):
        assert listed.count() == shown
        opened.view.locator("#panel ul + .open").focus()
        opened.press("Enter")
        assert opened.view.evaluate("document.activeElement.textContent") == f"Desk {shown}"
    assert listed.count() == 250
    opened.view.locator("#panel .places .open").last.focus()
    opened.press("Enter")
    assert opened.text("#panel-title") == "Desk 249"


def test_one_place_is_named_and_opened(open_page: Callable[..., Any]) -> None:
    opened = open_page(page_of(points([(-2.9, 53.4)], name=["Only Mill"])))
    assert opened.view.locator(".place").count() == 1
    opened.view.locator("#map").focus()
    opened.press("Enter", "Enter")
    assert opened.text("#panel-title") == "Only Mill"


def test_places_of_which_no_position_is_known_are_in_the_table_and_found(
    open_page: Callable[..., Any],
) -> None:
    rows = [dict(row, at=None) for row in samples.PLACES]
    opened = open_page(write_document(build_model([LayerView(samples.places(rows))])))
    assert opened.view.locator("tbody tr").count() == 6
    assert "no position" in opened.text("#legend")
    opened.view.locator("#search").fill("dock")
    opened.press("Enter")
    assert opened.text("#panel-title") == "Dock Quay"
    assert opened.said == []


def test_of_60_columns_each_is_in_the_panel(open_page: Callable[..., Any]) -> None:
    columns = {f"column {number}": [f"value {number}"] * 2 for number in range(60)}
    opened = open_page(page_of(points([(-2.9, 53.4), (-2.8, 53.5)], name=["A", "B"], **columns)))
    opened.view.locator("tbody .open").first.click()
    assert opened.view.locator("#panel dd").all_inner_texts()[-60:] == [
        f"value {number}" for number in range(60)
    ]
    assert opened.view.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_of_5000_areas_each_is_reached_by_search_and_by_keys(
    open_page: Callable[..., Any],
) -> None:
    opened = open_page(write_document(build_model([LayerView(samples.many_areas(5_000))])))
    opened.view.locator("#search").fill("Area 4999")
    opened.press("Enter")
    assert opened.text("#panel-title") == "Area 4999"
    opened.view.locator("#map").focus()
    opened.press("ArrowLeft")
    assert opened.has_focus(".stand-in[aria-label^='Area']")
    assert opened.said == []


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_stops_of_the_tab_key_follow_the_page(
    open_page: Callable[..., Any], width: str
) -> None:
    """Skip links, the map and its buttons, the legend, then what follows: no stop lies above an earlier part."""
    opened = open_page(write_document(samples.model()), width=width)
    parts = []
    for _ in range(60):
        opened.press("Tab")
        part = opened.view.evaluate("""() => {
          const at = document.activeElement;
          if (at.matches('.skip')) return 'skip';
          return at.closest('#map, .map-buttons, #legend, #find, #tables, #tools')?.id || 'other';
        }""")
        if not parts or parts[-1] != part:
            parts.append(part)
        if part == "tables":
            break
    order = [part for part in parts if part in ("skip", "map", "legend", "find", "tables")]
    assert order[0] == "skip"
    assert order[-1] == "tables"
    assert len(order) == len(set(order)) == 5
