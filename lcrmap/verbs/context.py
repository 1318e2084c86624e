"""What lies under an answer on its page, and where its map opens: once for every verb."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lcrmap.layers import Layer
from lcrmap.maps.boxes import Bounds
from lcrmap.maps.model import LayerView, PageModel, Part
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from lcrmap.verbs.rivers import Across  # a map needs no distances

__all__ = ["context_views", "crossing_views", "focused", "named", "opened_on_places"]

# The pack's roles are called as the page's parts are.
_PARTS: tuple[Part, ...] = (
    "backdrop",
    "areas",
)
_ROOM = 0.15  # of the width and height, on each side
_SMALL = 1 / 3  # of the areas' width and height: places in less are opened on
# Degrees, about 2.7 km: so much is seen around a single place.
_LEAST_WIDE, _LEAST_HIGH = (0.04, 0.025)


def context_views(sources: Sources, shown: Collection[str]) -> list[LayerView]:
    """Return the pack's backdrop and areas, unless they are among the layers that are shown themselves."""
    return [
        LayerView(layer, part)
        for part in _PARTS
        if (layer := sources.role(part)) is not None and layer.name not in shown
    ]


def crossing_views(across: Across | None) -> list[LayerView]:
    """Return the crossings over which is measured, if any is open."""
    if across is None or not len(across.ways.crossings.rows):
        return []
    return [LayerView(across.open, "places")]


def focused(model: PageModel, layer: Layer, room: float = _ROOM) -> PageModel:
    """Return the page with its map opening on a layer, with some room around, as a share of its width and height."""
    west, south, east, north = layer.frame.geometry.total_bounds.tolist()
    if not west <= east:
        return model
    wide, high = max(east - west, 0.02) * room, max(north - south, 0.012) * room
    box = (west - wide, south - high, east + wide, north + high)
    return replace(model, bounds=box, core=None, focused=True)


def opened_on_places(model: PageModel) -> PageModel:
    """Return the page with its map opening on its places, where they take up a small part of the areas under them."""
    shown = [each for each in model.layers if each.visible]
    places = _box([each.shapes.bounds for each in shown if each.part == "places"])
    areas = _box([each.shapes.bounds for each in shown if each.part == "areas"])
    if places is None or areas is None or any(each.style.kind == "shade" for each in shown):
        return model
    (west, south, east, north), (left, bottom, right, top) = places, areas
    inside = left <= west and bottom <= south and east <= right and north <= top
    wide, high = east - west, north - south
    if not inside or wide > (right - left) * _SMALL or high > (top - bottom) * _SMALL:
        return model
    x, y = (max(wide, _LEAST_WIDE) - wide) / 2, (max(high, _LEAST_HIGH) - high) / 2
    x, y = x + wide * _ROOM, y + high * _ROOM
    return replace(model, bounds=(west - x, south - y, east + x, north + y), core=None)


def _box(boxes: Sequence[Bounds | None]) -> Bounds | None:
    known = [each for each in boxes if each]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def named(layer: Layer, text: str) -> Layer:
    """Return the layer of a typed position under the title of what was typed; any other as it is."""
    if layer.name != "place":
        return layer
    return Layer(layer.frame, layer.metadata.replaced(title=text), layer.inputs)
