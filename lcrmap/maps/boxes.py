"""Which box of the world a page shows first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from lcrmap.maps.shapes import SCALE, Shapes

if TYPE_CHECKING:
    from lcrmap.maps.model import PageLayer

__all__ = ["Bounds", "areas_box", "box_of", "core_box", "first_box", "reaches"]

_MOST_WIDENED: Final = 1.5  # a first view that holds all places may be so much wider than the areas
_LEAST_SIDE: Final = 1e-6  # degrees

Bounds = tuple[float, float, float, float]


def first_box(layers: Sequence[PageLayer], areas: Bounds | None) -> Bounds | None:
    """Return the box to show first: of the areas and the places, or of the areas alone if that is much smaller.

    A few places far off would make the region small: the legend says of them that they are outside. So half of the
    places suffice for the areas alone, as with two of four whose coordinates are swapped. If none is near the areas, it
    is the box of the places.
    """
    wanted = [each for each in layers if each.part != "backdrop" and each.visible]
    whole = box_of(wanted)
    if areas is None or whole is None:
        return _around(wanted) or box_of(layers)
    if max(_width(whole) / _width(areas), _height(whole) / _height(areas)) <= _MOST_WIDENED:
        return whole
    inside, spots = _inside(wanted, areas)
    if 2 * inside >= spots or any(each.style.kind == "shade" for each in wanted):
        return areas
    return whole if inside else _around([each for each in wanted if each.part == "places"])


def core_box(layers: Sequence[PageLayer], areas: Bounds | None) -> Bounds | None:
    """Return the first box of a small map, where it is another: the areas alone, if half of the places lie there."""
    if areas is None or areas == first_box(layers, areas) or not reaches(layers, areas):
        return None
    inside, spots = _inside([each for each in layers if each.visible], areas)
    return areas if 2 * inside >= spots else None


def _inside(layers: Sequence[PageLayer], areas: Bounds) -> tuple[int, int]:
    """Return how many places lie in a box, and how many there are."""
    spots = [spot for each in layers if each.part == "places" for spot in _spots(each.shapes)]
    return sum(_holds(areas, spot) for spot in spots), len(spots)


def _around(places: Sequence[PageLayer]) -> Bounds | None:
    """Return the box of layers; of what lies on both sides of the 180th meridian one that crosses it to the east."""
    box = box_of(places)
    if box is None or box[2] - box[0] <= 180:
        return box
    spans = [span for each in places for span in _spans(each.shapes)]
    turned = [(a + 360, b + 360) if a < 0 else (a, b) for a, b in spans]
    west, east = min(a for a, _ in turned), max(b for _, b in turned)
    return (west, box[1], east, box[3]) if east - west < 180 else box


def _spans(shapes: Shapes) -> Iterator[tuple[float, float]]:
    """Return from where to where each point, line or ring lies, in degrees of longitude."""
    if not shapes.parts:
        yield from ((x / SCALE, x / SCALE) for x in shapes.x if x is not None)
    for kind, *rest in (part for parts in filter(None, shapes.parts) for part in parts):
        for steps in rest[:1] if kind == 0 else rest:
            eastings = [steps] if kind == 0 else list(accumulate(steps[::2]))
            yield min(eastings) / SCALE, max(eastings) / SCALE


def areas_box(layers: Sequence[PageLayer]) -> Bounds | None:
    """Return the box of the areas that are shown; None if there are none."""
    return box_of([each for each in layers if each.part == "areas" and each.visible])


def reaches(layers: Sequence[PageLayer], areas: Bounds | None) -> bool:
    """Tell whether anything that is shown lies in the areas' box: else it is not of their region."""
    shown = [each for each in layers if each.part == "places" and each.visible and each.placed]
    boxes = [each.shapes.bounds for each in shown if each.shapes.bounds]
    if areas is None or not boxes:
        return True
    west, south, east, north = areas
    return any(a <= east and b <= north and c >= west and d >= south for a, b, c, d in boxes)


def _width(box: Bounds) -> float:
    return max(box[2] - box[0], _LEAST_SIDE)


def _height(box: Bounds) -> float:
    return max(box[3] - box[1], _LEAST_SIDE)


def box_of(layers: Sequence[PageLayer]) -> Bounds | None:
    """Return the box of layers; None if nothing in them has a place."""
    boxes = [each.shapes.bounds for each in layers if each.shapes.bounds]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _spots(shapes: Shapes) -> list[tuple[float, float]]:
    """Return one position in degrees for each placed feature: a point's own, of others the first vertex."""
    if not shapes.parts:
        pairs = zip(shapes.x, shapes.y, strict=True)
        return [(x / SCALE, y / SCALE) for x, y in pairs if x is not None]
    spots = []
    for parts in filter(None, shapes.parts):
        kind, *rest = parts[0]
        x, y = rest[:2] if kind == 0 else rest[0][:2]
        spots.append((x / SCALE, y / SCALE))
    return spots


def _holds(box: Bounds, spot: tuple[float, float]) -> bool:
    west, south, east, north = box
    return west <= spot[0] <= east and south <= spot[1] <= north
