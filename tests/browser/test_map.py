"""What the map shows at first: names in their own areas, the region filling it, circles that are round."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from geopandas import GeoSeries
from shapely import Polygon

from lcrmap.layers import Pack
from lcrmap.library import gaps, make_map
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from tests.maps import samples

# For each area's name on the map: whether its middle and about half of its length lie in that area as it is drawn.
NAMES_IN_AREAS = """() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const layer = data.layers.find((one) => one.part === "areas");
  const column = layer.columns[layer.label];
  const names = column.values.map((value) => (column.kind === "code" ? column.labels[value] : value));
  const shapes = [...document.querySelectorAll(".leaflet-areas-pane path.areas-area")];
  const view = document.getElementById("map").getBoundingClientRect();
  return [...document.querySelectorAll(".name-areas span")].map((span) => {
    const box = span.getBoundingClientRect();
    const shape = shapes[names.indexOf(span.textContent)];
    const isIn = (share) => {
      const point = new DOMPoint(box.left + box.width * share, (box.top + box.bottom) / 2);
      return shape.isPointInFill(point.matrixTransform(shape.getScreenCTM().inverse()));
    };
    const shares = [...Array(20).keys()].map((each) => (each + 0.5) / 20);
    const inside = isIn(0.5), mostly = inside && shares.filter(isIn).length >= 9;
    const whole = box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom;
    return [span.textContent, inside && whole, mostly];
  });
}"""
BOROUGHS = ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"]


@pytest.fixture(scope="module")
def pages(pack: Pack) -> dict[str, str]:
    found = gaps("rail-stations", 800, by="boroughs", pack=pack)
    return {"atlas": make_map(pack=pack).html, "gaps": found.page().html}


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("name", ["atlas", "gaps"])
def test_every_borough_is_named_and_in_itself(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, width: str
) -> None:
    opened = open_page(pages[name], width=width)
    found = sorted(opened.view.evaluate(NAMES_IN_AREAS))
    assert [each[:2] for each in found] == [[each, True] for each in BOROUGHS]
    # On a phone Knowsley may be narrower than its name.
    elsewhere = {name for name, _, mostly in found if not mostly}
    assert elsewhere <= ({"Knowsley"} if width == "narrow" else set())


@pytest.mark.parametrize("name", ["atlas", "gaps"])
def test_names_stay_in_their_areas_at_every_zoom(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name])
    for button in ["Zoom out of the map", *["Zoom in on the map"] * 4]:
        opened.view.get_by_role("button", name=button).click()
        opened.page.wait_for_timeout(400)
        assert all(inside for _, inside, _ in opened.view.evaluate(NAMES_IN_AREAS))


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_region_fills_the_map_at_first(
    open_page: Callable[..., Any], pages: dict[str, str], width: str
) -> None:
    opened = open_page(pages["atlas"], width=width)
    across, down = opened.view.evaluate(
        """() => {
          const map = document.getElementById("map").getBoundingClientRect();
          const boxes = [...document.querySelectorAll("path.areas-area")].map((each) => each.getBoundingClientRect());
          const span = (low, high) =>
            Math.max(...boxes.map((one) => one[high])) - Math.min(...boxes.map((one) => one[low]));
          return [span("left", "right") / map.width, span("top", "bottom") / map.height];
        }"""
    )
    assert max(across, down) > 0.8
    assert max(across, down) <= 1


def test_the_legend_explains_the_discs(open_page: Callable[..., Any]) -> None:
    opened = open_page(write_document(samples.model()))
    assert "Disc: places close together, by kind" in opened.text("#legend")


def test_a_border_that_two_areas_share_is_drawn_alike(open_page: Callable[..., Any]) -> None:
    """Each vertex is drawn: were an outline thinned for itself, the shared border would part."""
    border = [(-2.9 + 0.0004 * (step % 3), 53.3 + step * 0.0005) for step in range(401)]
    west = Polygon([*border, (-3.1, 53.5), (-3.1, 53.3)])
    east = Polygon([*border, (-2.7, 53.5), (-2.7, 53.3)])
    areas = samples.areas()
    layer = areas.with_frame(areas.frame.assign(geometry=GeoSeries([west, east], crs="EPSG:4326")))
    opened = open_page(write_document(build_model([LayerView(layer, "areas")])))
    drawn = [
        set(re.findall(r"[-.\d]+ [-.\d]+", path.get_attribute("d") or ""))
        for path in opened.view.locator("path.areas-area").all()
    ]
    assert len(drawn[0] & drawn[1]) > 300


def test_the_backdrop_is_seen_and_not_announced(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    shown = opened.view.locator(".name-backdrop").all_inner_texts()
    assert "Flintshire" in shown
    heard = opened.view.locator("#map").aria_snapshot()
    heard = heard.replace("Port Salford", "")  # a place of ours
    assert [name for name in shown if name in heard] == []
    assert opened.view.locator("#legend").get_by_text("Neighbouring districts").count() == 0
    for name in shown:
        opened.view.locator("#search").fill(name)
        kinds = opened.view.locator("#found .more").all_inner_texts()
        assert [kind for kind in kinds if "Neighbouring districts" in kind] == []


def test_water_ends_with_the_backdrop_and_what_lies_beyond_is_neither_land_nor_water(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    for _ in range(2):
        opened.view.get_by_role("button", name="Zoom out of the map").click()
        opened.page.wait_for_timeout(400)
    water, land, ground = opened.view.evaluate("""() => {
      const sides = (each) => { const {left, right} = each.getBoundingClientRect(); return [left, right]; };
      const land = [...document.querySelectorAll("path.backdrop-area")].map(sides);
      const look = (element) => getComputedStyle(element).backgroundColor;
      return [sides(document.querySelector("path.water")),
              [Math.min(...land.map(([left]) => left)), Math.max(...land.map(([, right]) => right))],
              look(document.getElementById("map"))];
    }""")
    assert water == pytest.approx(land, abs=2)
    assert ground == "rgb(225, 231, 232)"
