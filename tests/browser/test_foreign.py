"""What folium children draw on a closed page: their texts stay texts, nothing is fetched, and the keys reach it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import folium
import pytest

from lcrmap.maps.page import Page
from tests.browser.conftest import SETTINGS, Opened
from tests.maps import samples

AT = (53.42, -2.82)
RAN = "document.title = 'pwned'"
HOSTILE = [
    f"</script><script>{RAN}</script>",
    f"${{{RAN}}}",
    f"`; {RAN}; `",
    f"</div><img src=x onerror=\"{RAN}\"><meta http-equiv=refresh content='0; url=https://example.org'>",
    f"'\"]}}; {RAN}; //",
    f"a = ({RAN})",
    f"{{{{{RAN}}}}}",
    "{{ 7 * 7 }}{% set a = 1 %}{# b #}{{{",
    "{{'part1'}}",
    "__proto__",
    "2024",
]
AREA = {
    "type": "Polygon",
    "coordinates": [[[-2.9, 53.38], [-2.8, 53.38], [-2.85, 53.41], [-2.9, 53.38]]],
}
SPOT = {"type": "Point", "coordinates": [-2.85, 53.42]}


def page_with(*children: Any) -> Page:
    page = Page(samples.model())
    for child in children:
        page.add_child(child)
    return page


def features(shape: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    made = [{"type": "Feature", "properties": each, "geometry": shape} for each in rows]
    return {"type": "FeatureCollection", "features": made}


def held(text: str, shape: dict[str, Any] = AREA) -> dict[str, Any]:
    """Features with the text in a key and in a value."""
    return features(shape, {f"k{text}": text, "name": text}, {f"k{text}": "x", "name": text})


# Each class that takes a text, with what shows the text: the text itself, as it was written.
SAYING: dict[str, tuple[Callable[[str], Any], str]] = {
    "tooltip": (lambda text: folium.CircleMarker(AT, tooltip=folium.Tooltip(text, permanent=True)),
                ".leaflet-tooltip .said"),
    "popup": (lambda text: folium.CircleMarker(AT, popup=folium.Popup(text, show=True)),
              ".leaflet-popup .said"),
    "lazy popup": (lambda text: folium.Marker(AT, popup=folium.Popup(text, lazy=True, show=True)),
                   ".leaflet-popup .said"),
    "escaped popup": (lambda text: folium.Marker(AT, popup=folium.Popup(text, parse_html=True, show=True)),
                      ".leaflet-popup .said"),
    "icon of text": (lambda text: folium.Marker(AT, icon=folium.DivIcon(html=text, class_name="mine")),
                     ".mine"),
    "icon of text in features": (
        lambda text: folium.GeoJson(held(text, SPOT), marker=folium.Marker(icon=folium.DivIcon(html=text))),
        ".empty"),
    "icon of text by style": (
        lambda text: folium.GeoJson(held(text, SPOT), marker=folium.Marker(icon=folium.DivIcon()),
                                    style_function=lambda each: {"html": each["properties"]["name"]}),
        ".empty"),
    "tooltip of features": (
        lambda text: folium.GeoJson(held(text), tooltip=folium.GeoJsonTooltip(
            ["name", f"k{text}"], aliases=[text, text], permanent=True)),
        ".leaflet-tooltip th"),
    "values of features": (
        lambda text: folium.GeoJson(held(text), tooltip=folium.GeoJsonTooltip([f"k{text}"], permanent=True)),
        ".leaflet-tooltip td"),
    "name of a layer": (lambda text: folium.FeatureGroup(text), ".leaflet-control-layers bdi"),
    "name of a ground": (lambda text: folium.FeatureGroup(text, overlay=False), ".leaflet-control-layers bdi"),
}  # fmt: skip


def assert_quiet(opened: Opened) -> None:
    opened.settle()
    assert opened.view.evaluate("document.title") != "pwned"
    assert opened.view.locator("#map meta, #map script, #map img[src=x], #map iframe").count() == 0
    assert opened.said == []
    assert opened.asked == []


@pytest.mark.parametrize("kind", SAYING)
def test_a_text_is_shown_as_it_was_written(open_page: Callable, kind: str) -> None:
    make, where = SAYING[kind]
    page = page_with(*map(make, HOSTILE), folium.LayerControl(collapsed=False))
    opened = open_page(page.html)
    shown, wanted = opened.view.locator(where).all_text_contents(), HOSTILE
    if "style" in kind:  # a style is no text: its doubled braces are parted
        shown, wanted = ([each.replace(" ", "") for each in some] for some in (shown, wanted))
    assert set(shown) == set(wanted)
    assert_quiet(opened)


def test_names_and_values_in_data_are_never_script(open_page: Callable) -> None:
    """The name of a property tells features apart; a value may be a colour."""
    children = [
        folium.GeoJson(
            features(AREA, {text: "one", "colour": text}, {text: "two", "colour": "#00ff00"}),
            style_function=lambda each: {
                "color": each["properties"]["colour"], "className": "drawn"
            },
            highlight_function=lambda each: {"fillColor": each["properties"]["colour"]},
        )
        for text in HOSTILE
    ]  # fmt: skip
    opened = open_page(page_with(*children).html)
    assert opened.view.locator(".drawn").count() == 2 * len(HOSTILE)
    assert opened.view.locator(".drawn[stroke='#00ff00']").count() == len(HOSTILE)
    assert_quiet(opened)


def furnished() -> Page:
    """A page with one of each: pins, popups, features, a group and the control of layers."""
    group = folium.FeatureGroup("Offices")
    folium.Marker(AT, popup="Head office", tooltip="Office").add_to(group)
    folium.Marker((53.46, -2.95), icon=folium.Icon(color="green"), tooltip="Depot").add_to(group)
    area = folium.GeoJson(
        features(AREA, {"name": "Dock", "jobs": 1200}), name="Docks",
        popup=folium.GeoJsonPopup(["name", "jobs"], aliases=["Name", "Jobs"], localize=False),
    )  # fmt: skip
    points = folium.GeoJson(
        features(SPOT, {"name": "Gate"}), tooltip=folium.GeoJsonTooltip(["name"])
    )
    return page_with(group, area, points, folium.LayerControl())


@pytest.mark.parametrize("setting", SETTINGS)
def test_pins_are_pictures_that_travel_with_the_page(open_page: Callable, setting: str) -> None:
    opened = open_page(furnished().html, setting=setting)
    pins = opened.view.locator("img.leaflet-marker-icon")
    assert pins.count() == 2
    opened.view.wait_for_function(
        "() => [...document.querySelectorAll('#map img')].every((each) => each.naturalWidth > 20)"
    )
    assert opened.view.locator(".pin path").first.get_attribute("fill") == "#72af26"
    background = (
        "getComputedStyle(document.querySelector('.leaflet-control-layers-toggle')).backgroundImage"
    )
    assert opened.view.evaluate(background).startswith('url("data:image/png;base64,')
    assert_quiet(opened)


@pytest.mark.parametrize(
    ("mark", "says"),
    [
        ("img[aria-label=Office]", "Head office"),
        ("path[aria-label='Name Dock, Jobs 1200']", "NameDockJobs1200"),
    ],
)
def test_a_popup_opens_by_enter_and_closes_by_escape(
    open_page: Callable, mark: str, says: str
) -> None:
    opened = open_page(furnished().html)
    found = opened.view.locator(mark)
    assert (found.get_attribute("role"), found.get_attribute("tabindex")) == ("button", "0")
    found.focus()
    opened.press("Enter")
    opened.settle()
    assert opened.view.locator(".leaflet-popup .said").text_content() == says
    assert opened.has_focus(".leaflet-popup-content")
    opened.press("Escape")
    assert opened.view.locator(".leaflet-popup").count() == 0
    assert opened.has_focus(mark)


def test_what_only_has_a_tooltip_shows_it_at_focus(open_page: Callable) -> None:
    opened = open_page(furnished().html)
    opened.view.locator(".pin[aria-label=Depot]").focus()
    assert opened.view.locator(".leaflet-tooltip").text_content() == "Depot"


def test_layers_are_shown_and_hidden_by_keyboard(open_page: Callable) -> None:
    opened = open_page(furnished().html)
    opened.view.locator(".leaflet-control-layers-toggle").focus()
    opened.press("Enter")
    assert opened.has_focus(".leaflet-control-layers input")
    opened.page.wait_for_timeout(50)  # Leaflet takes no click in the moment in which the list opens
    opened.press("Space")
    assert opened.view.locator("img[aria-label=Office]").count() == 0
    opened.press("Space")
    assert opened.view.locator("img[aria-label=Office][tabindex='0']").count() == 1
    opened.press("Tab", "Space")
    assert opened.view.locator("path[aria-label^='Name Dock']").count() == 0
    opened.press("Escape")
    assert opened.has_focus(".leaflet-control-layers-toggle")
    assert opened.view.locator(".leaflet-control-layers-expanded").count() == 0
