"""The page as a folium map: shown in a notebook, saved, and with folium's own layers on it."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any

import folium
import folium.plugins
import pytest

from lcrmap.errors import NotClosedError, OutputError, UsageError
from lcrmap.maps.page import Page
from tests.maps import samples

AT = (53.4, -2.9)
POLYGON = {"type": "Polygon", "coordinates": [[[-3, 53.3], [-2.8, 53.3], [-2.9, 53.4], [-3, 53.3]]]}
PROPERTIES = {"a": "</script><b>"}
SPOT = {"type": "Point", "coordinates": [-2.9, 53.4]}
POINT = {"type": "Feature", "properties": PROPERTIES, "geometry": SPOT}
FEATURE = {"type": "Feature", "properties": PROPERTIES, "geometry": POLYGON}
COLLECTION = {"type": "FeatureCollection", "features": [FEATURE]}
COLLECTION_OF_SPOTS = {"type": "FeatureCollection", "features": [POINT]}

ADMITTED: dict[str, Any] = {
    "circle marker": lambda: folium.CircleMarker(AT, tooltip="here"),
    "circle": lambda: folium.Circle(AT, radius=500),
    "polygon": lambda: folium.Polygon([AT, (53.5, -2.9), (53.4, -2.8)]),
    "polyline": lambda: folium.PolyLine([AT, (53.5, -2.9)], color="red"),
    "rectangle": lambda: folium.Rectangle([AT, (53.5, -2.8)]),
    "geojson": lambda: folium.GeoJson(FEATURE, style_function=lambda _: {"color": "green"}),
    "geojson with tooltip": lambda: folium.GeoJson(COLLECTION, tooltip=folium.GeoJsonTooltip(["a"])),
    "geojson of points": lambda: folium.GeoJson(POINT, marker=folium.CircleMarker()),
    "marker of text": lambda: folium.Marker(AT, icon=folium.DivIcon(html="x")),
    "group": lambda: folium.FeatureGroup("g").add_child(folium.CircleMarker(AT)),
    "pin": lambda: folium.Marker(AT),
    "pin with words": lambda: folium.Marker(AT, popup="x", tooltip="y"),
    "icon": lambda: folium.Marker(AT, icon=folium.Icon(color="green")),
    "popup": lambda: folium.CircleMarker(AT, popup=folium.Popup("x", max_width=200)),
    "geojson of pins": lambda: folium.GeoJson(COLLECTION_OF_SPOTS, popup=folium.GeoJsonPopup(["a"])),
    "layer control": lambda: folium.LayerControl(),
    "deep inside": lambda: folium.FeatureGroup("h").add_child(folium.Marker(AT)),
    "fit": lambda: folium.FitBounds([AT, (53.5, -2.8)]),
    "picture in the page": lambda: folium.raster_layers.ImageOverlay(
        "data:image/png;base64,iVBORw0KGgo=", [AT, (53.5, -2.8)]),
}  # fmt: skip
REFUSED: dict[str, tuple[Any, str]] = {
    "tiles": (lambda: folium.TileLayer("OpenStreetMap"), "TileLayer needs map tiles"),
    "glyph": (lambda: folium.Marker(AT, icon=folium.Icon(icon="home")), "Icon needs an icon font for 'home'"),
    "glyph of points": (lambda: folium.GeoJson(POINT, marker=folium.Marker(icon=folium.Icon(icon="home"))),
                        "GeoJson needs an icon font for 'home'"),
    "picture": (lambda: folium.Marker(AT, icon=folium.CustomIcon("https://example.org/x.png")), "picture"),
    "shadow": (lambda: folium.Marker(AT, icon=folium.CustomIcon(
        "data:image/png;base64,iVBORw0KGgo=", shadow_image="https://example.org/x.png")), "picture"),
    "popup with a frame": (lambda: folium.CircleMarker(AT, popup=folium.Popup(folium.IFrame("x"))),
                           "Popup needs markup"),
    "marker at a click": (lambda: folium.ClickForMarker(), "part of its script"),
    "control of names": (lambda: folium.Control("Layers"), "Control needs texts that become markup"),
    "plugin": (lambda: folium.plugins.MarkerCluster(), "MarkerCluster needs the file https://"),
    "heat map": (lambda: folium.plugins.HeatMap([AT]), "HeatMap needs the file https://"),
    "overlay": (lambda: folium.raster_layers.ImageOverlay("https://example.org/x.png", [AT, AT]), "picture"),
    "deep inside": (lambda: folium.FeatureGroup().add_child(
        folium.Marker(AT, icon=folium.Icon(icon="home"))), "Icon needs"),
}  # fmt: skip


@pytest.fixture
def page() -> Page:
    return Page(samples.model())


def test_a_page_is_a_folium_map(page: Page) -> None:
    assert isinstance(page, folium.Map)
    assert page.render() == page.get_root().render() == page.html


def test_it_shows_itself_in_a_frame(page: Page) -> None:
    frame = page._repr_html_()
    assert frame == Page(samples.model())._repr_html_()
    shown = html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
    assert shown.replace('href="about:srcdoc#', 'href="#') == page.html
    assert f'title="{page.model.headline}"' in frame


def test_its_text_is_its_headline() -> None:
    assert [repr(Page(samples.model())) for _ in range(2)] == [samples.model().headline] * 2


def test_it_is_saved_to_a_path_or_an_open_file(page: Page, tmp_path: Path) -> None:
    page.save(tmp_path / "a.html")
    page.save(str(tmp_path / "b.html"))
    page.get_root().save(str(tmp_path / "c.html"))
    opened = io.BytesIO()
    page.save(opened, close_file=False)
    wanted = page.html.encode()
    assert opened.getvalue() == wanted
    assert [(tmp_path / name).read_bytes() for name in ("a.html", "b.html", "c.html")] == [
        wanted
    ] * 3


def test_an_existing_file_can_be_kept(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("mine")
    with pytest.raises(OutputError):
        page.save(tmp_path / "a.html", overwrite=False)
    assert (tmp_path / "a.html").read_text() == "mine"


@pytest.mark.parametrize("name", ["x.csv", "x.png", "x"])
def test_a_page_is_saved_under_a_name_of_pages_only(page: Page, tmp_path: Path, name: str) -> None:
    with pytest.raises(
        UsageError, match=r"cannot be a page: save it as \.html or \.htm\. Pictures"
    ):
        page.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_existing_file_is_replaced(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.HTM").write_text("mine")
    page.save(tmp_path / "a.HTM")
    assert (tmp_path / "a.HTM").read_bytes() == page.html.encode()


@pytest.mark.parametrize("kind", ADMITTED)
def test_a_child_that_needs_no_file_is_admitted(page: Page, kind: str) -> None:
    ADMITTED[kind]().add_to(page)
    text = page.html
    assert "startWith(L, (L, map) => {" in text
    assert not re.search(r"\b[0-9a-f]{32}\b", text)
    assert not re.search(r"_[0-9a-f]{32}", text)
    assert text == page.html


def test_the_same_children_give_the_same_bytes() -> None:
    def made() -> str:
        page = Page(samples.model())
        for kind in ADMITTED.values():
            kind().add_to(page)
        return page.html

    assert made() == made()


@pytest.mark.parametrize("kind", REFUSED)
def test_a_child_that_needs_a_file_is_refused_by_name(page: Page, kind: str) -> None:
    make, words = REFUSED[kind]
    page.add_child(make())
    with pytest.raises(NotClosedError, match=words):
        _ = page.html


def test_markup_past_the_map_is_refused(page: Page) -> None:
    page.get_root().html.add_child(folium.Element("<img src='https://example.org'>"))
    with pytest.raises(NotClosedError, match="root of the page"):
        _ = page.html


def test_an_open_page_links_what_folium_links_and_says_so() -> None:
    page = Page(samples.model(), closed=False)
    folium.plugins.MarkerCluster().add_to(page)
    text = page.html
    assert "This page is not closed" in text
    assert "Content-Security-Policy" not in text
    assert "leaflet.markercluster.js" in text
    assert "jquery" in text
    assert "leaflet@" not in text


def test_data_of_a_child_cannot_end_the_script(page: Page) -> None:
    folium.GeoJson(FEATURE).add_to(page)
    folium.CircleMarker(AT, tooltip="</script><script>x</script>").add_to(page)
    scripts = re.findall(r"<script>(.*?)</script>", page.html, re.DOTALL)
    assert len(scripts) == 1
    assert scripts[0].endswith("});\n})();")


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize(
    "text", ["{{ 7 * 191 }}", "{% set a %}", "{# a", "{{ cycler.__init__.__globals__ }}"]
)
def test_a_text_is_never_a_template(text: str, closed: bool) -> None:
    """Folium takes what a child wrote for a template again, which could do all that Python may."""
    page = Page(samples.model(), closed=closed)
    data = {**FEATURE, "properties": {"name": text, "<&": text}}
    folium.GeoJson(data, style_function=lambda _: {"color": "red"}).add_to(page)
    folium.CircleMarker(AT, tooltip=text, popup=text).add_to(page)
    folium.FeatureGroup(text).add_to(page)
    folium.LayerControl().add_to(page)
    assert page.html.count(text) >= 5
    assert "1337" not in page.html


def test_pictures_stand_only_in_pages_that_show_them(page: Page) -> None:
    assert "startWith" not in page.html
    for child, pictures in (
        (folium.CircleMarker(AT), 0),
        (folium.Marker(AT), 3),
        (folium.LayerControl(), 5),
    ):
        child.add_to(page)
        assert page.html.count("data:image/png") == pictures


def test_what_is_added_stays_as_it_was(page: Page) -> None:
    child = folium.GeoJson(COLLECTION, style_function=lambda _: {}).add_to(page)
    popup = folium.Popup("x").add_to(child)
    before = (child.feature_identifier, dict(popup.options), popup._template)
    _ = page.html
    assert (child.feature_identifier, dict(popup.options), popup._template) == before
    assert "_row" not in child.data["features"][0]
