"""What a reader sees before scrolling, on every kind of page: the answer, the map with it, and the legend."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from lcrmap import catchment, compare, count, gaps, join, make_map, near
from lcrmap.layers import Pack
from tests.maps import samples

KINDS: dict[str, Callable[[Pack], Any]] = {
    "atlas": lambda pack: make_map(pack=pack),
    "one layer": lambda pack: make_map("freeport-sites", pack=pack),
    "count": lambda pack: count("innovation-assets", areas="boroughs", pack=pack).page(),
    "count by": lambda pack: count(
        "innovation-assets", areas="boroughs", by="sector", pack=pack
    ).page(),
    "near": lambda pack: near("freeport-sites", "rail-stations", within=800, pack=pack).page(),
    "catchment": lambda pack: catchment(
        "investment-zone-sites", rings=[2000, 5000], pack=pack
    ).page(),
    "gaps": lambda pack: gaps("rail-stations", 800, by="boroughs", pack=pack).page(),
    "compare": lambda pack: compare("baseline", "four-stations", pack=pack).page(),
    "compare across": lambda pack: compare(
        "baseline",
        "no-ferries",
        measure="distance to investment-zone-sites",
        across="walk",
        pack=pack,
    ).page(),
}
BOX = """(id) => {
  const {left, top, right, bottom} = document.querySelector(id).getBoundingClientRect();
  return {left, top, right, bottom};
}"""
LINES = """(id) => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(id));
  return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom))).size;
}"""


@pytest.fixture(scope="module")
def pages(pack: Pack) -> dict[str, str]:
    return {name: make(pack).html for name, make in KINDS.items()}


def boxes(opened: Any, *selectors: str) -> list[dict[str, float]]:
    return [opened.view.evaluate(BOX, each) for each in selectors]


@pytest.mark.parametrize("name", KINDS)
def test_a_wide_screen_has_headline_map_legend_and_search_at_once(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name])
    head, area, legend, search = boxes(opened, "h1", "#map", "#legend", "#search")
    assert opened.view.evaluate(LINES, "h1 bdi") <= 2
    assert opened.view.evaluate(LINES, ".subtitle") == 1
    assert head["top"] >= 0
    assert area["bottom"] <= 900
    assert area["bottom"] - area["top"] >= 500
    assert (legend["left"] >= area["right"], legend["top"] == area["top"]) == (True, True)
    assert search["bottom"] <= 900


@pytest.mark.parametrize("name", KINDS)
def test_a_phone_has_headline_and_map_and_then_the_legend(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name], width="narrow")
    area, legend = boxes(opened, "#map", "#legend")
    assert opened.view.evaluate(LINES, "h1 bdi") <= 3
    assert min(area["bottom"], 844) - area["top"] >= 380
    assert 0 <= legend["top"] - area["bottom"] <= 16


@pytest.mark.parametrize(
    "kind", ["map", "count", "join", "near", "near within", "catchment", "gaps"]
)
def test_a_headline_with_a_long_noun_fits_two_lines_and_three_of_a_phone(
    open_page: Callable[..., Any], pack: Pack, kind: str
) -> None:
    nouns = {"noun_one": "community diagnostic centre", "noun_many": "community diagnostic centres"}
    centres = samples.places(**nouns)
    page = {
        "map": lambda: make_map(centres, pack=pack),
        "count": lambda: count(centres, areas="boroughs", pack=pack).page(),
        "join": lambda: join(centres, "neighbourhoods", pack=pack).page(),
        "near": lambda: near(centres, "rail-stations", pack=pack).page(),
        "near within": lambda: near(centres, "rail-stations", within="20km", pack=pack).page(),
        "catchment": lambda: catchment(centres, rings="800m", pack=pack).page(),
        "gaps": lambda: gaps(centres, beyond="800m", pack=pack).page(),
    }[kind]()
    for width, most in (("wide", 2), ("narrow", 3)):
        opened = open_page(page.html, width=width)
        assert "community diagnostic centre" in opened.text("h1")
        assert opened.view.evaluate(LINES, "h1 bdi") <= most


@pytest.mark.parametrize("width", [1600, 2000])
def test_the_map_grows_with_the_screen(
    open_page: Callable[..., Any], pages: dict[str, str], width: int
) -> None:
    opened = open_page(pages["atlas"])
    (before,) = boxes(opened, "#map")
    opened.page.set_viewport_size({"width": width, "height": 900})
    opened.settle()
    (after,) = boxes(opened, "#map")
    assert after["right"] - after["left"] > before["right"] - before["left"] + (width - 1280) * 0.6


PLACES_IN_VIEW = """() => {
  const map = document.getElementById("map").getBoundingClientRect();
  const at = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return [...document.querySelectorAll(".map [role=button]")].every((each) => {
    const [x, y] = at(each.getBoundingClientRect());
    return map.left <= x && x <= map.right && map.top <= y && y <= map.bottom;
  });
}"""


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("name", ["atlas", "one layer", "catchment"])
def test_every_place_is_in_the_first_view_or_said_to_be_outside(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, width: str
) -> None:
    opened = open_page(pages[name], width=width)
    beyond = opened.view.locator("#legend .beyond")
    assert opened.view.evaluate(PLACES_IN_VIEW) != beyond.is_visible()


def test_what_lies_outside_is_named_with_a_button_that_goes_there(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["one layer"], width="narrow")
    beyond = opened.view.locator("#legend .beyond")
    assert beyond.inner_text() == "1 place outside this view: Port Salford"
    beyond.get_by_role("button", name="Port Salford").click()
    opened.settle()
    assert opened.text("#panel-title") == "Port Salford"
    assert opened.view.locator(".place.selected").count() == 1


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_near_shows_what_is_near_named_and_the_rest_faintly(
    open_page: Callable[..., Any], pages: dict[str, str], width: str
) -> None:
    opened = open_page(pages["near"], width=width)
    named = {
        each.replace("\n", " ") for each in opened.view.locator(".name-place").all_inner_texts()
    }
    assert {"Wirral Waters", "Atlantic Park, Sefton", "Birkenhead North", "Aintree"} <= named
    assert opened.view.locator(".place[aria-label^='Wirral Waters'].faint").count() == 0
    assert opened.view.locator(".place[aria-label^='Port of Liverpool'].faint").count() == 1
    lines = opened.view.evaluate(
        "[...document.querySelectorAll('path.places-line')].map((each) => each.getBoundingClientRect().width)"
    )
    assert len(lines) == 2
    assert min(lines) >= 12
    assert opened.view.locator(".locator").is_visible()


@pytest.mark.parametrize("name", ["near", "count"])
def test_the_legend_says_what_is_faint(
    open_page: Callable[..., Any], pages: dict[str, str], name: str
) -> None:
    opened = open_page(pages[name])
    faint = opened.view.locator(".place.faint").count()
    said = "Faint: no rail station within 800 m." in opened.text("#legend")
    assert (faint > 0) == said == (name == "near")


def test_rings_that_lie_on_each_other_are_seen_as_one(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    """Inside and outside are told apart at a look: no ring darkens another, the nearer lie above."""
    opened = open_page(pages["catchment"])
    order = opened.view.evaluate(
        "[...document.querySelectorAll('path.merged')].map((each) => each.getBoundingClientRect().width)"
    )
    assert len(order) == 36
    assert max(order[18:]) < min(order[:18])
    look = "(name) => getComputedStyle(document.querySelector(name))"
    assert opened.view.evaluate(f"({look})('path.merged').fillOpacity") == "1"
    map_opacity = opened.view.evaluate(f"({look})('.leaflet-merged-pane').opacity")
    sample = opened.view.evaluate(f"({look})('.legend .swatch-area rect').fillOpacity")
    assert map_opacity == sample


def test_the_locator_goes_when_the_region_is_seen(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["near"])
    for _ in range(2):
        opened.view.get_by_role("button", name="Zoom out of the map").click()
    opened.settle()
    assert not opened.view.locator(".locator").is_visible()


def test_filters_leave_the_map_as_it_is(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    (before,) = boxes(opened, "#map")
    opened.view.locator("#legend").get_by_label("tax sites").first.uncheck()
    assert opened.view.locator("#now").is_visible()
    assert boxes(opened, "#map") == [before]


def test_circles_are_divided_by_category(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["count by"])
    circle = opened.view.locator(".place[aria-label^='Liverpool'] .divided")
    assert circle.locator("text").text_content() == "32"
    assert circle.locator(".part").count() == 6  # no asset of Liverpool is of the maritime sector
    assert circle.locator(".sign").count() >= 3
    few = opened.view.locator(".place[aria-label^='Knowsley']")  # a ring too small for its number
    assert few.locator("text.beside").text_content() == "2"
    label = few.get_attribute("aria-label")
    assert "2 (Health and life sciences 1; Net zero 1)" in label, label
    assert opened.view.locator(".divided").count() == opened.view.locator(".divided text").count()
    alone = opened.view.locator(".place[aria-label^='Sefton'] .part")  # one asset, of one sector
    assert alone.count() == 1
    assert "L" not in str(alone.get_attribute("d"))  # without a seam, which would part it in two
    legend = opened.view.locator("#legend [data-entry]").all_inner_texts()
    assert "Health and life sciences" in [each.split("(")[0].strip() for each in legend]


def test_gaps_are_shaded_by_neighbourhood_under_the_outlines_of_boroughs(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["gaps"])
    assert opened.view.locator("path.shaded").count() == 201
    assert opened.view.locator("path.areas-outline").count() == 6
    captions = opened.view.locator("caption").all_inner_texts()
    assert "by borough" in captions[0]  # the answer's table is the first
    assert "by neighbourhood" in captions[1]
    subtitle = opened.view.locator(".subtitle").last.inner_text()
    assert " by neighbourhood, with the sums by borough, " in subtitle


def test_boroughs_are_named_above_crowded_stations_on_a_phone(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["gaps"], width="narrow")
    names = opened.view.locator(".name-areas").all_inner_texts()
    assert sorted(names) == ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"]
    covered = opened.view.evaluate("""() => [...document.querySelectorAll(".name-areas")].filter((name) => {
      const box = name.getBoundingClientRect();
      const pane = Number(getComputedStyle(name.closest(".leaflet-pane")).zIndex);
      return pane < 600 && [...document.querySelectorAll(".place")].some((place) => {
        const other = place.getBoundingClientRect(), x = other.x + other.width / 2, y = other.y + other.height / 2;
        return x > box.left + 4 && x < box.right - 4 && y > box.top + 4 && y < box.bottom - 4;
      });
    }).length""")
    assert covered == 0


@pytest.mark.parametrize("per", [None, "km2"])
def test_boroughs_that_a_table_names_too_are_named_once(
    open_page: Callable[..., Any], pack: Pack, tmp_path: Path, per: str | None
) -> None:
    table = tmp_path / "jobs.csv"
    table.write_text("borough\nLiverpool\nKnowsley\nNarnia\n")
    counted = count("innovation-assets", areas=str(table), per=per, pack=pack)
    names = open_page(counted.page().html).view.locator(".name-areas").all_inner_texts()
    assert sorted(names) == ["Halton", "Knowsley", "Liverpool", "Sefton", "St Helens", "Wirral"]


def test_the_page_of_near_writes_distances_and_says_what_lies_outside(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["near"])
    written = opened.view.locator(".name-place").all_inner_texts()
    assert {"700 m", "781 m"} <= set(written)
    beyond = opened.view.locator("#legend .beyond")
    assert beyond.inner_text() == "10 places outside this view: show them all"
    (box,) = boxes(opened, "#legend .beyond")
    assert box["bottom"] < 300  # at the head of the legend, whatever its length
    beyond.get_by_role("button").press("Enter")
    opened.settle()
    assert not beyond.is_visible()


SPOTS = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const {left, top, right, bottom} = each.getBoundingClientRect();
  return [each.getAttribute("aria-label") || each.innerText.replaceAll("\\n", " "), [left, top, right, bottom]];
})"""


@pytest.mark.parametrize(
    ("start", "targets", "k", "far", "touched"),
    [
        ("L3 5QA", ["rail-stations", "investment-zone-sites"], 1, ["3 m", "574 m"], set()),
        ("innovation-assets:sci-tech-daresbury", ["rail-stations"], 1, ["2,640 m"], set()),
        # A name of a place stands on a line where there is no room beside it, and a distance never does.
        (
            "53.40,-2.99", ["rail-stations"], 3, ["548 m", "886 m", "956 m"],
            {"Liverpool James Street", "Liverpool Central Loop Line"},
        ),
    ],
)  # fmt: skip
def test_on_a_phone_distances_and_names_stand_beside_the_lines(
    open_page: Callable[..., Any], pack: Pack, start: str, targets: list[str], k: int, far: list[str],
    touched: set[str],
) -> None:  # fmt: skip
    opened = open_page(near(start, targets, k=k, pack=pack).page().html, width="narrow")
    names = opened.view.evaluate(SPOTS, ".name-place span")
    assert sorted(text for text, _ in names if text.endswith(" m")) == far
    places = opened.view.evaluate(SPOTS, ".map .place")
    middles = [(text, shapely.box(*box).centroid) for text, box in places]
    (begin,) = (at for text, at in middles if text.startswith((start, "Sci-Tech")))
    lines = [shapely.LineString([begin, at]) for _, at in middles if at.distance(begin) > 1]
    assert len(lines) == k
    on = {text for text, box in names if any(shapely.box(*box).intersects(each) for each in lines)}
    assert on <= touched


def test_no_disc_of_stations_hides_the_gaps(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["gaps"])
    assert opened.view.locator(".map .group").count() == 0
    assert opened.view.locator("#legend .legend-disc").count() == 0


def test_the_legend_of_the_atlas_explains_disc_and_symbols_at_once_and_shows_that_it_goes_on(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    legend, disc = boxes(opened, "#legend", ".legend-disc")
    assert disc["bottom"] < legend["top"] + 80
    for sector in (
        "Health and life sciences",
        "Net zero",
        "Maritime and logistics",
        "Across sectors",
    ):
        row = opened.view.locator("#legend [data-entry]", has_text=sector).first.bounding_box()
        assert row["y"] + row["height"] <= legend["bottom"]
    look = "getComputedStyle(document.getElementById('legend')).backgroundAttachment"
    assert "local" in opened.view.evaluate(look)
    assert "scroll" in opened.view.evaluate(look)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gaps", ["In the most deprived tenth of small areas: 306,012 of 446,435", "Halton 99,324 (77.3%), St Helens"]),
        ("catchment", ["Within 2 km by borough", "Liverpool 190,688 (39.2%), Knowsley", "Wirral 0 (0%)"]),
    ],
)  # fmt: skip
def test_who_and_where_stands_beside_the_map_and_in_the_table(
    open_page: Callable[..., Any], pages: dict[str, str], name: str, said: list[str]
) -> None:
    opened = open_page(pages[name])
    lines = opened.view.locator("#legend .glance li")
    text = " ".join(lines.all_inner_texts())
    assert all(each in text for each in said), text
    last, area = boxes(opened, "#legend .glance", "#map")
    assert last["bottom"] < area["bottom"] - 200  # with room for the legend below
    table = " ".join(opened.view.locator("#tables").all_inner_texts())
    assert all(each in table for each in re.findall(r"\d+,\d{3}", text))


def test_a_disc_shows_which_kinds_lie_where(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["atlas"])
    order = opened.view.locator("#legend li .label").all_inner_texts()
    discs = opened.view.locator(".map .group").all()
    assert len(discs) >= 8
    for disc in discs:
        said = re.fullmatch(r"(\d+) places near .+ \(([^()]+)\)", disc.get_attribute("aria-label"))
        kinds = [each.rsplit(" ", 1) for each in said[2].split("; ")]
        assert sum(int(number) for _, number in kinds) == int(said[1])
        assert disc.locator("text").text_content() == said[1]
        assert disc.locator(".part").count() == len(kinds)
        places = [order.index(kind) for kind, _ in kinds]
        assert places == sorted(places)  # clockwise in the order of the legend
        assert disc.get_attribute("title") == disc.get_attribute("aria-label")  # for a mouse too
    largest = max(discs, key=lambda each: int(each.locator("text").text_content()))
    assert largest.locator(".sign").count() >= 3  # told apart by more than colour
    sample = opened.view.locator("#legend .legend-disc .divided")
    assert (sample.is_visible(), sample.locator(".part").count()) == (True, 3)
    assert "by kind, clockwise in this order" in opened.text("#legend .legend-disc")


def test_a_disc_of_one_kind_is_plain(open_page: Callable[..., Any], pack: Pack) -> None:
    page = make_map("rail-stations", pack=pack)
    opened = open_page(page.html)
    assert opened.view.locator(".map .group").count() > 3
    assert opened.view.locator(".divided").count() == 0


def test_the_legend_explains_a_disc_while_there_is_one(
    open_page: Callable[..., Any], pages: dict[str, str]
) -> None:
    opened = open_page(pages["near"])
    disc = opened.view.locator("#legend .legend-disc")
    assert (opened.view.locator(".map .group").count(), disc.is_visible()) == (0, False)
    opened.view.locator("#legend .beyond").get_by_role("button").click()
    opened.settle()
    assert opened.view.locator(".map .group").count() > 0
    assert disc.is_visible()
    opened.view.get_by_label("Show every symbol").check()
    opened.settle()
    assert not disc.is_visible()
