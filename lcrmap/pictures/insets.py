"""Where a picture shows a crowd larger: which part of the map, and in which corner of it."""

from __future__ import annotations

import statistics
from typing import Final

from lcrmap.maps.model import PageModel
from lcrmap.pictures.labelling import Box, covered_share
from lcrmap.pictures.scenes import Disc, Scene, drawn_layers
from lcrmap.pictures.views import View, parts_of

__all__ = ["find_inset"]

_CROWD: Final = 8  # marks in one disc above which an inset shows them larger
_INSET: Final = 0.36  # of the map's width
_MOST_HIDDEN: Final = 5.0  # marks, and eighths of its own size in land, that an inset may hide
_MOST_OF_IT: Final = 0.85  # of a crowd's places lie in the inset
_INSET_METRES: Final = (1500.0, 6000.0)


def find_inset(model: PageModel, view: View, scene: Scene) -> tuple[View, Box] | None:
    """Return a larger view of the greatest crowd, and its frame on the map; None if there is no crowd."""
    crowd = max(scene.discs, key=lambda each: len(each.marks), default=None)
    if crowd is None or len(crowd.marks) <= _CROWD or view.wide:
        return None
    middle, reach = _heart(crowd)
    metres = min(max(2 * reach * view.metres_per_mm, _INSET_METRES[0]), _INSET_METRES[1])
    side = min(_INSET * view.box.width, 0.5 * view.box.height)
    half = metres / view.metres_per_mm / 2
    frame = Box(middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
    box = _corner(model, view, scene, frame, side)
    if box is None or metres / side > view.metres_per_mm / 2:
        return None
    east = view.east + (middle[0] - view.box.middle[0]) * view.metres_per_mm
    north = view.north + (middle[1] - view.box.middle[1]) * view.metres_per_mm
    return View(box, view.centre, metres / side, east, north), frame


def _heart(crowd: Disc) -> tuple[tuple[float, float], float]:
    """Return the middle of a crowd and how far from it most of its marks lie, in millimetres."""
    x, y = (statistics.median(getattr(each, axis) for each in crowd.marks) for axis in ("x", "y"))
    away = sorted(max(abs(each.x - x), abs(each.y - y)) for each in crowd.marks)
    return (x, y), away[int(_MOST_OF_IT * (len(away) - 1))] * 1.15


def _corner(model: PageModel, view: View, scene: Scene, frame: Box, side: float) -> Box | None:
    """Choose the corner of the map in which an inset hides least; None if each would hide its own frame."""
    box = view.box.shrunk(1.2)
    corners = [
        Box(box.left, box.top - side, box.left + side, box.top),
        Box(box.right - side, box.top - side, box.right, box.top),
        Box(box.right - side, box.bottom, box.right, box.bottom + side),
        Box(box.left, box.bottom + 7, box.left + side, box.bottom + 7 + side),
    ]
    areas = [
        lines[0]
        for layer in drawn_layers(model)
        if layer.part == "areas"
        for row in range(layer.total)
        for dimension, lines in parts_of(layer, row, view)
        if dimension == 2
    ]
    hidden = [
        sum(corner.meets(each) for each in scene.boxes) + 8 * covered_share(areas, corner)
        for corner in corners
    ]
    free = [number for number, corner in enumerate(corners) if not corner.meets(frame, 1.0)]
    if not free:
        return None
    best = min(free, key=lambda number: (hidden[number], number))
    return corners[best] if hidden[best] < _MOST_HIDDEN else None
