"""What lies under an answer on its page, and where its map opens: once for every verb."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from lcrmap.layers import Layer
from lcrmap.maps.model import LayerView, PageModel, Part
from lcrmap.verbs.sources import Sources

__all__ = ["context_views", "focused", "named"]

_PARTS: tuple[Part, ...] = (
    "backdrop",
    "areas",
)  # the pack's roles are called as the page's parts are
_ROOM = 0.15  # of the width and height, on each side


def context_views(sources: Sources, shown: Collection[str]) -> list[LayerView]:
    """Return the pack's backdrop and areas, unless they are among the layers that are shown themselves."""
    return [
        LayerView(layer, part)
        for part in _PARTS
        if (layer := sources.role(part)) is not None and layer.name not in shown
    ]


def focused(model: PageModel, layer: Layer, room: float = _ROOM) -> PageModel:
    """Return the page with its map opening on a layer, with some room around, as a share of its width and height."""
    west, south, east, north = layer.frame.geometry.total_bounds.tolist()
    if not west <= east:
        return model
    wide, high = max(east - west, 0.02) * room, max(north - south, 0.012) * room
    box = (west - wide, south - high, east + wide, north + high)
    return replace(model, bounds=box, core=None, focused=True)


def named(layer: Layer, text: str) -> Layer:
    """Return the layer of a typed position under the title of what was typed; any other as it is."""
    if layer.name != "place":
        return layer
    return Layer(layer.frame, layer.metadata.replaced(title=text), layer.inputs)
