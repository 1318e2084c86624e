"""Folium children on a page: which of them a closed page can carry, and the script that draws them.

A closed page may fetch nothing, so a child is admitted only if it needs no outside file; Leaflet's own pictures travel
inside the page. What it says is set as text (`guarding.py`). Layers of lcrmap never come this way.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

import folium
from branca.element import Element, Figure

from lcrmap.errors import NotClosedError
from lcrmap.maps.assets import foreign_style, picture_address
from lcrmap.maps.document import Foreign
from lcrmap.maps.guarding import guard, popup_text

__all__ = ["check_closed", "render_children"]

_TILES: Final = (folium.TileLayer, folium.WmsTileLayer)
_PICTURES: Final = (folium.raster_layers.ImageOverlay, folium.raster_layers.VideoOverlay)
_GLYPH: Final = "info-sign"  # what folium.Icon shows unless it is told otherwise; we draw it
_PINS: Final = {
    "iconUrl": "marker-icon.png",
    "iconRetinaUrl": "marker-icon-2x.png",
    "shadowUrl": "marker-shadow.png",
}
_SWITCHES: Final = {
    ".map .leaflet-control-layers-toggle": "layers.png",
    ".leaflet-retina .map .leaflet-control-layers-toggle": "layers-2x.png",
}
_REMEDY: Final = "use Page(model, closed=False) for a page that may fetch it"


def check_closed(page: folium.Map) -> None:
    """Refuse the first child, however deep, that would make the page fetch something.

    Raises
    ------
    NotClosedError
        Names the child and what it needs.
    """
    for child in _descendants(page):
        need = _need_of(child)
        if need:
            raise NotClosedError(
                f"A {type(child).__name__} needs {need}: leave it out, or {_REMEDY}."
            )
    if page.objects_to_stay_in_front:
        raise NotClosedError(f"keep_in_front needs jQuery: leave it out, or {_REMEDY}.")


def render_children(page: folium.Map, figure: Figure, *, closed: bool) -> Foreign:
    """Render the children of a page into an empty figure and take out what they wrote.

    Parameters
    ----------
    figure
        What ``page.get_root()`` returns while this runs.
    closed
        Whether markup that fetches something is refused.

    Returns
    -------
    Foreign
        Script text that draws on ``map``; its random names are replaced by numbers in the order of the children.
    """
    for child in page._children.values():
        # Some children of folium grow each time they are rendered: a copy does, they do not.
        copied = copy.deepcopy(child, {id(page): page})
        for each in (copied, *_descendants(copied)):
            guard(each, closed=closed)
        copied.render()
    head = "\n".join(each.render() for each in figure.header._children.values())
    body = "\n".join(each.render() for each in figure.html._children.values())
    script = "\n".join(each.render() for each in figure.script._children.values())
    found = _Markup(head)
    if closed and (found.fetched or found.scripts or body.strip()):
        what = found.fetched or "markup of its own in the page"
        raise NotClosedError(f"A child of the map needs {what}: leave it out, or {_REMEDY}.")
    rename = _renaming(page)
    return Foreign(
        script=_pin_pictures(page) + _embedded(rename(script)),
        styles=(foreign_style() + _switch_pictures(page), *map(rename, found.styles)),
        head="" if closed else rename(_links(page, head)),
    )


def _descendants(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _descendants(child)


def _need_of(child: Any) -> str:
    """Say in words which outside part a child needs; empty if none."""
    linked = [*getattr(child, "default_js", []), *getattr(child, "default_css", [])]
    if linked:
        return f"the file {linked[0][1]}"
    if isinstance(child, _TILES):
        return "map tiles (for a base map use build_model(..., basemap=...))"
    if isinstance(child, _PICTURES):
        url = str(getattr(child, "url", ""))
        return "" if url.startswith("data:") else "a picture or film from elsewhere"
    if isinstance(child, folium.Popup) and popup_text(child) is None:
        return "markup in its page (give it a text, or use a GeoJsonPopup)"
    if isinstance(child, folium.Icon):
        return _need_of_icon(child)
    if isinstance(child, folium.GeoJson):
        return _need_of_geojson(child)
    if isinstance(child, folium.ClickForMarker):
        return "its text to be part of its script"
    if isinstance(child, folium.Control) and child._name not in ("Zoom", "Scale"):
        return "texts that become markup (of layers, use a LayerControl)"
    return ""


def _need_of_icon(icon: Any) -> str:
    if isinstance(icon, folium.CustomIcon):
        addresses = [value for name, value in icon.options.items() if name.endswith("_url")]
        inline = all(str(each).startswith("data:") for each in addresses)
        return "" if inline else "a picture from elsewhere (use folium.Icon() or folium.DivIcon())"
    sign = icon.options.get("icon", _GLYPH)
    return "" if sign == _GLYPH else f"an icon font for '{sign}' (use icon=folium.Icon(color=...))"


def _need_of_geojson(child: folium.GeoJson) -> str:
    if not child.embed:
        return f"the file {child.embed_link}"
    icon = getattr(child.marker, "icon", None)
    return _need_of_icon(icon) if isinstance(icon, folium.Icon) else ""


def _pin_pictures(page: folium.Map) -> str:
    """Return script that gives Leaflet the pictures of its pin; empty if nothing on the page has one."""
    if not any(_has_pin(each) for each in _descendants(page)):
        return ""
    pictures = {name: picture_address(picture) for name, picture in _PINS.items()}
    return (
        f"Object.assign(L.Icon.Default.prototype.options, {json.dumps(pictures)});\n"
        'L.Icon.Default.imagePath = "";\n'
    )


def _has_pin(child: Any) -> bool:
    """Tell whether a child draws Leaflet's pin; a marker does so, too, before it gets an icon of its own."""
    if not isinstance(child, folium.GeoJson):
        round_one = isinstance(child, (folium.Circle, folium.CircleMarker))
        return not round_one and isinstance(child, folium.Marker)
    if child.marker is None:
        return '"Point"' in _kinds(child.data or {})
    return _has_pin(child.marker) and child.marker.icon is None


def _kinds(data: dict[str, Any]) -> str:
    """Return the geometry types of GeoJSON, quoted; multi-points count as points."""
    features = data.get("features", [data])
    kinds = {str((each.get("geometry") or each).get("type")) for each in features}
    return " ".join(f'"{kind.removeprefix("Multi")}"' for kind in sorted(kinds))


def _switch_pictures(page: folium.Map) -> str:
    """Return style with the pictures of the control of layers; empty if the page has none."""
    if not any(isinstance(each, folium.LayerControl) for each in _descendants(page)):
        return ""
    return "".join(
        f'{where} {{ background-image: url("{picture_address(picture)}"); }}\n'
        for where, picture in _SWITCHES.items()
    )


class _Markup(HTMLParser):
    """The style sheets, scripts and fetched files in a piece of markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.styles: list[str] = []
        self.scripts = False
        self.fetched = ""
        self._in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_style = tag == "style"
        if self._in_style:
            self.styles.append("")
        self.scripts = self.scripts or tag == "script"
        address = given.get("src") or (given.get("href") if tag == "link" else "")
        self.fetched = self.fetched or (f"the file {address}" if address else "")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles[-1] += data


def _renaming(page: folium.Map) -> Any:
    """Return a function that replaces folium's random names by numbers in the order of the children."""
    numbers: dict[str, str] = {page.get_name(): "map"}
    for number, child in enumerate(_all_parts(page)):
        numbers.setdefault(child._id, f"part{number}")
    pattern = re.compile("|".join(re.escape(each) for each in numbers))
    return lambda text: pattern.sub(lambda found: numbers[found.group()], text)


def _all_parts(page: folium.Map) -> Iterator[Element]:
    """Every child, and the markers and icons that children hold without calling them children."""
    for child in _descendants(page):
        yield child
        for name in ("icon", "marker"):
            held = getattr(child, name, None)
            if isinstance(held, Element):
                yield held


def _embedded(script: str) -> str:
    """Keep a script from ending the element that it stands in."""
    lines = script.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", lines, flags=re.IGNORECASE)


def _links(page: folium.Map, head: str) -> str:
    """Return what folium links for any map, without Leaflet, then what the children link."""
    own = [f'<script src="{url}"></script>' for name, url in page.default_js if name != "leaflet"]
    own += [
        f'<link rel="stylesheet" href="{url}">'
        for name, url in page.default_css
        if name != "leaflet_css"
    ]
    without_styles = re.sub(r"<style>.*?</style>", "", head, flags=re.DOTALL)
    return "\n".join([*own, without_styles])
