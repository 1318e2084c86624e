"""The page in use: switches and filters, search, panel, tables, the address, and what each setting allows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from lcrmap.layers import Layer, Pack
from lcrmap.library import make_map
from lcrmap.maps.document import write_document
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.styling import Circles, Shading
from tests.maps import samples


@pytest.fixture(scope="module")
def sample() -> str:
    return write_document(samples.model())


def names_on_map(opened: Any) -> list[str]:
    return sorted(
        each.get_attribute("aria-label").split(",")[0]
        for each in opened.view.locator(".map [role=button]").all()
    )


def names_in_table(opened: Any) -> list[str]:
    return opened.view.locator("table[data-layer='1'] tbody tr:not(.none) th").all_inner_texts()


ALL_ON_MAP = [
    "2 places near Alder Mill (mills 1; quays 1)",
    "Birch Quay",
    "Cedar Kiln",
    "Ember Kiln",
]
WITHOUT_KILNS = ["Alder Mill", "Birch Quay", "Dock Quay", "Flint Mill"]
ALL_NAMES = ["Alder Mill", "Birch Quay", "Cedar Kiln", "Dock Quay", "Ember Kiln", "Flint Mill"]


def test_everything_is_shown_at_first(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    assert names_on_map(opened) == ALL_ON_MAP
    assert names_in_table(opened) == ALL_NAMES
    assert not opened.view.locator("#now").is_visible()


def test_a_category_s_switch_acts_on_map_table_and_counts(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    assert names_on_map(opened) == ["2 places near Alder Mill (mills 1; quays 1)", "Birch Quay"]
    assert names_in_table(opened) == ["Alder Mill", "Birch Quay", "Dock Quay", "Flint Mill"]
    assert "Works (4)" in opened.text("#legend").replace("\n", " ")
    assert opened.text("#now") == (
        "Showing 4 places of 6; headline and summary speak of all 6. "
        "All 3 works sites shown with a position are in Northam."
    )


def test_a_layer_s_switch_hides_its_places_and_its_table(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#legend [data-layer='1'] .legend-title input").uncheck()
    assert names_on_map(opened) == []
    assert not opened.view.locator("table[data-layer='1']").is_visible()
    assert opened.view.locator("table[data-layer='0']").is_visible()


def test_filters_by_area_and_confidence_meet(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_role("group", name="Area", exact=True).get_by_label("Northam").check()
    opened.view.locator("#fills").get_by_label("reported").uncheck()
    assert names_in_table(opened) == ["Alder Mill", "Dock Quay"]
    opened.view.get_by_role("button", name="Clear filters").click()
    assert names_in_table(opened) == ALL_NAMES
    assert not opened.view.get_by_role("button", name="Clear filters").is_visible()


def test_filters_that_leave_nothing_say_so(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_role("group", name="Area", exact=True).get_by_label("Southam").check()
    opened.view.locator("#fills").get_by_label("reconstructed").uncheck()
    assert opened.text("table[data-layer='1'] tbody") == "No place passes the filters."
    assert opened.text("#now").startswith("No place passes the filters, of 6")


@pytest.mark.parametrize(
    ("query", "found"),
    [("alder", ["Alder Mill"]), ("OLD", ["Alder Mill"]), ("kilns", ["Cedar Kiln", "Ember Kiln"]),
     ("brick", ["Cedar Kiln"]), ("northam", ["Northam"]), ("quay", ["Birch Quay", "Dock Quay"])],
)  # fmt: skip
def test_search_finds_names_other_names_and_categories(
    open_page: Callable, sample: str, query: str, found: list[str]
) -> None:
    opened = open_page(sample)
    opened.view.locator("#search").fill(query)
    assert opened.view.locator("#found li > bdi").all_inner_texts() == found


def test_search_that_finds_nothing_says_so(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#search").fill("zebra")
    assert opened.view.get_by_text("No place matches zebra.").is_visible()
    assert not opened.view.locator("#found").is_visible()


def test_a_click_opens_the_panel_with_readable_fields_and_a_link(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    opened.view.locator(".place[aria-label^='Birch']").click()
    fields = dict(
        zip(
            opened.view.locator("#panel dt").all_inner_texts(),
            opened.view.locator("#panel dd").all_inner_texts(),
            strict=True,
        )
    )
    assert opened.text("#panel-title") == "Birch Quay"
    assert fields == {
        "Layer": "Works", "Kind": "Quay", "Area": "Northam", "How sure": "Reported",
        "Position": "within 600 m", "Source": "Register of Birch Quay",
    }  # fmt: skip
    link = opened.view.locator("#panel a")
    assert link.get_attribute("href") == "https://example.org/birch"
    assert "noopener" in link.get_attribute("rel")


def test_the_selected_place_is_marked_in_three_ways(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("table[data-layer='1']").get_by_role("button", name="Birch Quay").click()
    assert opened.view.locator(".place.selected").get_attribute("aria-label").startswith("Birch")
    assert opened.view.locator(".name-selected").inner_text() == "Birch Quay"
    assert opened.view.locator("tr.selected th").inner_text() == "Birch Quay"
    assert opened.view.locator("path.ring").count() == 1


def test_a_place_chosen_in_the_table_comes_into_view(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_label("Go to an area").select_option("Southam")
    opened.view.get_by_role("button", name="Zoom in on the map").click()
    opened.view.locator("table[data-layer='1']").get_by_role("button", name="Ember Kiln").click()
    box = opened.view.locator(".place.selected").bounding_box()
    frame = opened.view.locator("#map").bounding_box()
    assert frame["x"] < box["x"] < frame["x"] + frame["width"]
    assert frame["y"] < box["y"] < frame["y"] + frame["height"]


def test_a_filtered_place_found_by_search_is_shown_again(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    opened.view.locator("#search").fill("ember")
    opened.press("Enter")
    assert opened.view.locator(".place.selected").get_attribute("aria-label").startswith("Ember")
    assert names_in_table(opened) == ALL_NAMES


def test_a_place_without_a_position_opens_too(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("table[data-layer='1']").get_by_role("button", name="Flint Mill").click()
    assert "not on the map: position not known" in opened.text("#panel")
    assert not opened.view.get_by_role("button", name="Zoom to the place").is_visible()


def test_show_in_the_table_goes_to_the_row(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator(".place[aria-label^='Ember']").click()
    opened.view.get_by_role("button", name="Show in the table").click()
    assert opened.view.evaluate("document.activeElement.textContent") == "Ember Kiln"


def test_every_symbol_and_every_ring_can_be_shown(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_label("Show every symbol").check()
    assert len(names_on_map(opened)) == 5
    opened.view.get_by_label("Show every position error").check()
    assert opened.view.locator("path.ring").count() >= 1


def test_tables_are_sorted_both_ways(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    head = opened.view.locator("table[data-layer='1'] th").filter(has_text="Position")
    head.get_by_role("button").click()
    assert names_in_table(opened)[:3] == ["Ember Kiln", "Alder Mill", "Birch Quay"]
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert names_in_table(opened)[:2] == ["Cedar Kiln", "Birch Quay"]
    assert head.get_attribute("aria-sort") == "descending"


def test_a_table_without_names_is_sorted_by_the_numbers_of_its_rows(open_page: Callable) -> None:
    frame = gpd.GeoDataFrame(
        {"kind": ["a", "b"]}, geometry=gpd.points_from_xy([-3, -2.9], [53.4, 53.4]), crs="EPSG:4326"
    )
    opened = open_page(write_document(build_model([LayerView(samples.bare(frame))])))
    head = opened.view.locator("table[data-layer='0'] th button.sort").first
    head.click()
    assert opened.view.locator("tbody th").all_inner_texts() == ["Row 1", "Row 2"]
    head.click()
    assert opened.view.locator("tbody th").all_inner_texts() == ["Row 2", "Row 1"]


def test_an_area_opens_by_click_and_by_list(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_label("Go to an area").select_option("Southam")
    assert opened.text("#panel-title") == "Southam"
    assert "8,000" in opened.text("#panel")


def test_the_address_holds_the_state(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    opened.view.locator("table[data-layer='1']").get_by_role("button", name="Birch Quay").click()
    opened.view.get_by_label("Colours").select_option("dark")
    opened.page.wait_for_timeout(300)  # the address is written after the last of some changes
    fragment = "#" + opened.page.url.split("#")[1]
    again = open_page(sample, fragment=fragment)
    assert names_in_table(again) == WITHOUT_KILNS
    assert again.text("#panel-title") == "Birch Quay"
    assert again.view.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize(
    "fragment", ["#place=works:99", "#%E0%A4%A", "#tables", "#at=0,0", "#off=x&area=y"]
)
def test_an_address_that_fits_nothing_does_no_harm(
    open_page: Callable, sample: str, fragment: str
) -> None:
    opened = open_page(sample, fragment=fragment)
    assert opened.said == []
    assert opened.text("#panel-title") == "Selected place"


@pytest.mark.parametrize(
    ("setting", "address", "links", "downloads"),
    [("file", True, True, True), ("http", True, True, True), ("sandbox", False, False, False),
     ("popups", False, False, False), ("srcdoc", False, True, True)],
)  # fmt: skip
def test_no_control_does_nothing(
    open_page: Callable, sample: str, setting: str, address: bool, links: bool, downloads: bool
) -> None:
    opened = open_page(sample, setting=setting)
    view = opened.view
    assert view.get_by_role("button", name="link to this view").count() == int(address)
    assert view.get_by_text("no link to this view").count() == int(not address)
    assert (view.locator("table a").count() > 0) is links
    assert (view.get_by_role("button", name="Download Works as CSV").count() == 1) is downloads
    full = view.evaluate("document.fullscreenEnabled")
    assert view.get_by_role("button", name="full screen").count() == int(full)
    if not links:
        assert "https://example.org/birch" in view.locator("table[data-layer='1']").inner_text()
    assert opened.said == []


@pytest.mark.parametrize("setting", ["file", "http", "srcdoc"])
def test_a_table_is_saved_as_csv(open_page: Callable, sample: str, setting: str) -> None:
    opened = open_page(sample, setting=setting)
    with opened.page.expect_download() as waiting:
        opened.view.get_by_role("button", name="Download Works as CSV").click()
    assert waiting.value.suggested_filename == "works.csv"
    rows = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ALL_NAMES
    assert (rows[0]["longitude"], rows[0]["latitude"], rows[5]["longitude"]) == (
        "-2.95",
        "53.45",
        "",
    )
    assert opened.said == []


@pytest.mark.parametrize("setting", ["file", "http"])
def test_a_link_is_copied_or_shown(open_page: Callable, sample: str, setting: str) -> None:
    opened = open_page(sample, setting=setting, permissions=["clipboard-read", "clipboard-write"])
    opened.view.locator("table[data-layer='1'] button.open").first.click()
    opened.view.get_by_role("button", name="link to this view").click()
    opened.page.wait_for_timeout(200)
    box = opened.view.locator("#tools input")
    text = (
        box.input_value()
        if box.is_visible()
        else opened.view.evaluate("navigator.clipboard.readText()")
    )
    assert text.split("#")[0] == opened.page.url.split("#")[0]
    assert "place=works%3Aalder" in text


def test_the_wheel_scrolls_the_page_until_the_map_has_the_focus(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    box = opened.view.locator("#map").bounding_box()
    opened.page.mouse.move(box["x"] + 600, box["y"] + 100)
    scale = opened.text(".leaflet-control-scale-line")
    opened.page.mouse.wheel(0, 300)
    opened.page.wait_for_timeout(300)
    assert opened.view.evaluate("window.scrollY") > 0
    assert opened.text(".leaflet-control-scale-line") == scale
    opened.view.evaluate("window.scrollTo(0, 0)")
    opened.view.locator("#map").focus()
    opened.page.mouse.wheel(0, -300)
    opened.page.wait_for_timeout(500)
    assert opened.text(".leaflet-control-scale-line") != scale


def test_legend_samples_look_as_on_the_map(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    drawn = opened.view.locator(".place[aria-label^='Ember'] svg").first.evaluate(
        "(svg) => svg.outerHTML"
    )
    shown = opened.view.locator("#legend [data-entry='2'] svg").first.evaluate(
        "(svg) => svg.outerHTML"
    )
    assert drawn == shown


def test_fill_shows_confidence(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    for name, fill in (("Ember", 0), ("Birch", 1), ("Cedar", 2)):
        classes = opened.view.locator(f".place[aria-label^='{name}'] svg").first.get_attribute(
            "class"
        )
        assert f"fill-{fill}" in classes


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_names_of_areas_collide_with_nothing(
    open_page: Callable, width: str, pack: Any
) -> None:
    from lcrmap.library import make_map

    opened = open_page(make_map(pack=pack).html, width=width)
    boxes = opened.view.evaluate(
        """() => [...document.querySelectorAll(".name span")].map((node) => {
             const box = node.getBoundingClientRect();
             const area = node.parentElement.className.includes("name-areas");
             return [node.textContent, area, box.left, box.top, box.right, box.bottom];
           })"""
    )
    areas = [each for each in boxes if each[1]]
    assert len(areas) == 6
    symbols = opened.view.evaluate(
        """() => [...document.querySelectorAll(".map [role=button]")].map((node) => {
             const box = node.getBoundingClientRect();
             return [node.textContent, false, box.left + 4, box.top + 4, box.right - 4, box.bottom - 4];
           })"""
    )

    def overlap(a: list, b: list) -> bool:
        return a[2] < b[4] - 1 and b[2] < a[4] - 1 and a[3] < b[5] - 1 and b[3] < a[5] - 1

    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert not overlap(one, other), (one, other)
    covered = [(one[0], other[0]) for one in areas for other in symbols if overlap(one, other)]
    assert covered == []


@pytest.mark.parametrize("kind", ["shade", "circle"])
def test_shading_and_circles_are_drawn_with_their_legend(open_page: Callable, kind: str) -> None:
    areas = samples.areas()
    frame = areas.frame.assign(rate=[12.5, None])
    wish = Shading("rate", (5, 10)) if kind == "shade" else Circles("residents")
    layer = areas.with_frame(frame)
    opened = open_page(write_document(build_model([LayerView(layer, "areas", wish=wish)])))
    if kind == "shade":
        assert opened.view.locator("path.shaded").count() == 2
        assert opened.view.locator("path.shaded.no-data").count() == 1
        assert "no data (1)" in opened.text("#legend").replace("\n", " ")
    else:
        assert opened.view.locator("#legend .swatch-circle").count() == 3
        assert opened.view.get_by_label("Show every symbol").count() == 0  # nothing is gathered
    assert opened.said == []


def test_outlines_of_areas_stand_above_shades(open_page: Callable) -> None:
    areas = samples.areas()
    shaded = LayerView(
        Layer(areas.frame, areas.metadata.replaced(name="shares", title="Shares")),
        "places",
        wish=Shading("residents", (10_000,)),
    )
    opened = open_page(write_document(build_model([LayerView(areas, "areas"), shaded])))
    pane = ".leaflet-outlines-pane path"
    assert opened.view.locator(f"{pane}.areas-outline").count() == 2
    opened.view.locator("path.shaded").first.click(position={"x": 40, "y": 40})
    assert opened.text("#panel-title") == "Northam"
    assert "Shares" in opened.text("#panel-body")
    opened.view.locator("#legend").get_by_role("checkbox", name="Areas (2)").uncheck()
    assert opened.view.locator(pane).count() == 0


def test_the_heads_of_a_narrow_table_say_that_they_sort(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, width="narrow")
    said = "getComputedStyle(document.querySelector('thead'), '::before').content"
    assert opened.view.evaluate(said) == '"Sort by:"'


def test_folium_s_layers_are_drawn_on_our_map(open_page: Callable) -> None:
    import folium

    from lcrmap.maps.page import Page

    page = Page(samples.model())
    folium.CircleMarker((53.42, -2.75), tooltip="Added", color="#ff0000").add_to(page)
    folium.GeoJson(
        {"type": "Feature", "properties": {},
         "geometry": {"type": "LineString", "coordinates": [[-2.9, 53.3], [-2.8, 53.5]]}},
        style_function=lambda _: {"color": "#00ff00"},
    ).add_to(page)  # fmt: skip
    opened = open_page(page.html)
    assert opened.view.locator("path[stroke='#ff0000']").count() == 1
    assert opened.view.locator("path[stroke='#00ff00']").count() == 1
    assert opened.said == []
    assert opened.asked == []


def test_a_printed_atlas_fits_the_width_of_a4(open_page: Callable, pack: Any) -> None:
    from lcrmap.library import make_map

    opened = open_page(make_map(pack=pack).html)
    opened.page.set_viewport_size({"width": 680, "height": 960})  # 180 mm at 96 dots an inch
    opened.page.emulate_media(media="print")
    opened.settle()
    assert opened.view.evaluate("document.documentElement.scrollWidth") <= 680
    wide = "[...document.querySelectorAll('table')].filter((each) => each.scrollWidth > 680).length"
    assert opened.view.evaluate(wide) == 0
    assert not opened.view.locator("#legend").get_by_text("Rail stations").is_visible()


def test_printed_pages_are_light_and_whole(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, scheme="dark")
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert (
        opened.view.evaluate("getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    land = opened.view.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--land')"
    )
    assert land == "#F7F5F0"
    assert not opened.view.locator(".map-buttons").is_visible()
    assert opened.view.locator("table[data-layer='1'] tbody tr").count() == 6


@pytest.fixture(scope="module")
def atlas(pack: Pack) -> str:
    return make_map(pack=pack).html


def test_a_layer_that_is_off_is_found_last_and_takes_nothing_away(
    open_page: Callable, atlas: str
) -> None:
    opened = open_page(atlas)
    opened.view.locator("#search").fill("hart")
    found = opened.view.locator("#found li > bdi").all_inner_texts()
    assert found == ["STFC Hartree Centre", "Hartford"]
    opened.view.locator("#found li").last.click()
    assert opened.text("#panel-title") == "Hartford"
    assert not opened.view.locator("#now").is_visible()  # all places are still shown


def test_the_list_of_the_search_opens_when_it_is_asked_for(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample)
    found = opened.view.locator("#found")
    opened.view.locator("#search").fill("kiln")
    opened.press("Enter", "Escape")
    assert opened.has_focus("#search")
    assert found.is_hidden()
    opened.press("ArrowDown")
    assert found.is_visible()


def test_that_all_is_shown_again_is_said(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.page.wait_for_timeout(1000)  # nothing is said in the first second
    opened.view.locator("#filters").get_by_label("Southam").check()
    opened.view.get_by_role("button", name="Clear filters").click()
    opened.page.wait_for_timeout(800)
    assert opened.text("#status") == "All 6 places are shown."


def test_after_a_click_on_a_disc_the_map_has_the_focus(open_page: Callable, atlas: str) -> None:
    opened = open_page(atlas)
    opened.view.locator(".map .group").first.click()
    opened.page.wait_for_timeout(400)
    assert opened.has_focus("#map")


def test_on_a_phone_what_is_opened_on_the_map_comes_into_view(
    open_page: Callable, atlas: str
) -> None:
    opened = open_page(atlas, width="narrow")
    opened.view.evaluate("document.getElementById('map').scrollIntoView()")
    opened.view.locator(".map .place").first.click()
    opened.settle()
    title, area = (opened.view.locator(each).bounding_box() for each in ("#panel-title", "#map"))
    assert title["y"] + title["height"] < 844
    assert area["y"] + area["height"] > 200
    opened.view.get_by_role("button", name="Zoom to the place").click()
    opened.settle()
    area = opened.view.locator("#map").bounding_box()
    assert area["y"] > -1  # to the pixel
    assert area["y"] + area["height"] <= 844


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_name_of_a_selected_place_stays_on_the_map_beside_its_ring(
    open_page: Callable, atlas: str, width: str
) -> None:
    opened = open_page(atlas, width=width)
    names = opened.view.locator(".map .place").evaluate_all("(all) => all.map((one) => one.title)")
    for name in names[:8]:
        opened.view.locator(f".map .place[aria-label='{name}']").dispatch_event("click")
        opened.settle()
        frame = opened.view.locator("#map").bounding_box()
        label = opened.view.locator(".name-selected span").bounding_box()
        symbol = opened.view.locator(".place.selected").bounding_box()
        assert label["x"] >= frame["x"]
        assert label["x"] + label["width"] <= frame["x"] + frame["width"]
        beside = (
            label["x"] + label["width"] <= symbol["x"] - 8
            or label["x"] >= symbol["x"] + symbol["width"] + 8
        )
        above = (
            label["y"] + label["height"] <= symbol["y"] - 4
            or label["y"] >= symbol["y"] + symbol["height"] + 4
        )
        assert beside or above, name


def test_the_full_screen_has_the_panel_too(open_page: Callable, sample: str) -> None:
    opened = open_page(sample)
    opened.view.get_by_role("button", name="full screen").click()
    opened.page.wait_for_timeout(300)
    assert opened.view.evaluate(
        "document.fullscreenElement.contains(document.getElementById('panel'))"
    )


def test_a_new_address_replaces_the_old_state(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, setting="http", fragment="#place=works:alder&rings=all")
    assert opened.text("#panel-title") == "Alder Mill"
    opened.view.evaluate("location.hash = 'place=works:birch'")
    opened.settle()
    assert opened.text("#panel-title") == "Birch Quay"
    assert not opened.view.get_by_label("Show every position error").is_checked()
    opened.page.go_back()
    opened.settle()
    assert opened.text("#panel-title") == "Alder Mill"
    assert opened.view.get_by_label("Show every position error").is_checked()


def test_a_skip_link_takes_no_filter_away(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, setting="http")
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    opened.page.wait_for_timeout(300)
    before = opened.page.url
    opened.view.locator("#skip-to-tables").focus()
    opened.press("Enter")
    opened.settle()
    assert opened.has_focus("#tables-title")
    assert (opened.page.url, names_in_table(opened)) == (before, WITHOUT_KILNS)


def test_back_and_forward_bring_whole_states(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, setting="http", fragment="#area=Northam")
    opened.view.evaluate("location.hash = 'place=works:birch'")
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    opened.page.wait_for_timeout(300)
    assert names_in_table(opened) == WITHOUT_KILNS
    opened.page.go_back()
    opened.settle()
    northam = names_in_table(opened)
    assert set(northam) < set(ALL_NAMES)
    assert opened.text("#panel-title") == "Selected place"
    opened.page.go_forward()
    opened.settle()
    assert names_in_table(opened) == WITHOUT_KILNS
    assert opened.text("#panel-title") == "Birch Quay"
    assert [each for each in opened.said if "error" in each] == []


@pytest.mark.parametrize("key", ["id", None])
def test_an_address_means_the_same_after_a_row_was_added(
    open_page: Callable, key: str | None
) -> None:
    def page(rows: list[dict[str, Any]]) -> str:
        return write_document(build_model([LayerView(samples.places(rows, key=key))]))

    opened = open_page(page(samples.PLACES))
    opened.view.locator("#legend").get_by_label("kilns").uncheck()
    opened.view.locator("tbody").get_by_role("button", name="Birch Quay").click()
    opened.page.wait_for_timeout(300)
    added = {**samples.PLACES[2], "id": "new", "name": "Ashen Kiln"}
    fragment = "#" + opened.page.url.split("#")[1]
    again = open_page(page([added, *samples.PLACES]), fragment=fragment)
    assert again.text("#panel-title") == "Birch Quay"
    assert again.view.locator("tbody tr:not(.none) th").all_inner_texts() == WITHOUT_KILNS


def test_an_area_that_no_row_lies_in_filters_nothing(open_page: Callable, sample: str) -> None:
    opened = open_page(sample, fragment="#area=Nowhere")
    assert names_in_table(opened) == ALL_NAMES


def test_a_browser_that_refused_a_write_gets_the_address_later(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample, setting="http")
    opened.page.add_init_script(
        """const write = history.replaceState.bind(history);
        history.replaceState = (...given) => {
          if (!window.taken) throw new DOMException("100 times per 30 seconds", "SecurityError");
          write(...given);
        };"""
    )
    opened.page.goto(opened.page.url + "#place=works:birch")
    opened.page.reload()
    opened.view.wait_for_selector("html.ready", state="attached")
    assert opened.text("#panel-title") == "Birch Quay"  # refused at once, and read all the same
    opened.view.get_by_label("Show every position error").check()
    opened.page.wait_for_timeout(400)
    assert "rings" not in opened.page.url
    opened.view.evaluate("window.taken = true")
    opened.page.wait_for_url("**rings=all**", timeout=15_000)
    assert [each for each in opened.said if "error" in each] == []


def test_a_browser_that_refuses_to_write_the_address_is_no_error(
    open_page: Callable, sample: str
) -> None:
    opened = open_page(sample, setting="http")
    opened.view.evaluate(
        "void (history.replaceState = () => { throw new DOMException('too often', 'SecurityError'); })"
    )
    opened.view.get_by_label("Show every position error").check()
    opened.page.wait_for_timeout(400)
    assert [each for each in opened.said if "error" in each] == []
    assert opened.view.locator("path.ring").count() > 0
