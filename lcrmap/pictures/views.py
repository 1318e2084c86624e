"""From the page's packed coordinates to millimetres on paper."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyproj

from lcrmap.analysis.metric import local_crs
from lcrmap.maps.model import PageLayer
from lcrmap.maps.shapes import SCALE, unpacked
from lcrmap.pictures.labelling import Box

__all__ = [
    "Floats",
    "View",
    "bar_length",
    "kept_on",
    "parts_of",
    "position_of",
    "view_of",
    "without_creeks",
    "without_specks",
]

_WIDE: Final = 20.0  # degrees: above it no local projection will do, and there is no scale bar
_LEAST: Final = 0.005  # degrees, about 500 m: a single point is not shown at the largest scale
_MARGIN: Final = 0.03  # of the box, kept free round what is shown
_STEP: Final = 0.06  # millimetres below which two vertices of a line are one
_CREEK: Final = 0.3  # half of the width in millimetres below which a gap in an area is closed
_SPECK: Final = 0.9  # millimetres below which a part of an area would be a blot
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)

Bounds = tuple[float, float, float, float]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class View:
    """A window on the earth, drawn into a box on paper, north up.

    Attributes
    ----------
    box
        Where on the paper.
    centre
        Longitude and latitude of its middle.
    metres_per_mm
        The scale; metres of the projection, which at this size are metres on the ground. None for a view of
        continents, which is drawn in the Mercator projection.
    east, north
        Where the middle of the box lies in the projection.
    """

    box: Box
    centre: tuple[float, float]
    metres_per_mm: float
    east: float
    north: float
    wide: bool = False

    @cached_property
    def _transformer(self) -> Any:
        crs = pyproj.CRS("EPSG:3857") if self.wide else local_crs(*self.centre)
        return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def to_paper(self, lon: Any, lat: Any) -> tuple[Floats, Floats]:
        """Return positions in millimetres, rounded to a hundredth so that every machine draws the same."""
        high = np.clip(np.asarray(lat, dtype=float), -85, 85) if self.wide else lat
        east, north = self._transformer.transform(lon, high)
        x, y = self.box.middle
        return (
            np.round(x + (np.asarray(east) - self.east) / self.metres_per_mm, 2),
            np.round(y + (np.asarray(north) - self.north) / self.metres_per_mm, 2),
        )

    def point(self, at: tuple[float, float]) -> tuple[float, float]:
        """Return one position in millimetres."""
        x, y = self.to_paper(np.array([at[0]]), np.array([at[1]]))
        return float(x[0]), float(y[0])


def view_of(bounds: Bounds | None, box: Box) -> View:
    """Return the view that shows `bounds` (west, south, east, north in degrees) as large as the box allows."""
    west, south, east, north = bounds or (-170.0, -60.0, 170.0, 75.0)
    wide = max(east - west, north - south) > _WIDE
    grow_x, grow_y = max(0, _LEAST - (east - west)) / 2, max(0, _LEAST - (north - south)) / 2
    west, east, south, north = west - grow_x, east + grow_x, south - grow_y, north + grow_y
    centre = ((west + east) / 2, (south + north) / 2)
    flat = View(Box(0, 0, 0, 0), centre, 1.0, 0.0, 0.0, wide)
    lon = np.linspace(west, east, 9)
    lat = np.linspace(south, north, 9)
    x, y = flat.to_paper(*(each.ravel() for each in np.meshgrid(lon, lat)))
    width, height = float(np.ptp(x)), float(np.ptp(y))
    room = 1 - 2 * _MARGIN
    scale = max(
        width / ((box.right - box.left) * room), height / ((box.top - box.bottom) * room), 1e-6
    )
    middle = (float(x.max() + x.min()) / 2, float(y.max() + y.min()) / 2)
    return View(box, centre, scale, *middle, wide)


def kept_on(view: View, shown: Bounds, ground: Bounds | None) -> View:
    """Move a view sideways, where it can, so that it does not look past the end of the ground that is drawn.

    Parameters
    ----------
    shown
        What must stay in the view, in degrees.
    ground
        West, south, east, north of all that is drawn below, in degrees; None if there is nothing.
    """
    if ground is None or view.wide:
        return view
    (left, right), (first, last) = _sides(view, ground), _sides(view, shown)
    past_left, past_right = left - view.box.left, view.box.right - right
    room_left, room_right = first - view.box.left - 2, view.box.right - last - 2
    shift = 0.0
    if past_right > 0 and past_left + past_right <= 0:
        shift = -min(past_right, max(room_right, 0))
    elif past_left > 0 and past_left + past_right <= 0:
        shift = min(past_left, max(room_left, 0))
    return replace(view, east=view.east + shift * view.metres_per_mm) if shift else view


def _sides(view: View, bounds: Bounds) -> tuple[float, float]:
    west, south, east, north = bounds
    x, _ = view.to_paper(np.array([west, east, west, east]), np.array([south, south, north, north]))
    return float(x[::2].max()), float(x[1::2].min())


def bar_length(view: View) -> float | None:
    """Return the metres of the scale bar: the round number nearest to a fifth of the width; None in a wide view.

    Examples
    --------
    >>> bar_length(view_of((-3.23, 53.27, -2.57, 53.70), Box(0, 0, 90, 80)))
    10000.0
    """
    if view.wide:
        return None
    wanted = (view.box.right - view.box.left) * view.metres_per_mm / 5
    power = 10.0 ** math.floor(math.log10(wanted))
    return min((step * power for step in _STEPS), key=lambda each: abs(each - wanted))


def position_of(layer: PageLayer, row: int) -> tuple[float, float] | None:
    """Return the longitude and latitude at which a feature is marked; None without a position."""
    shapes = layer.shapes
    if not shapes.placed[row]:
        return None
    if shapes.x:
        return shapes.x[row] / SCALE, shapes.y[row] / SCALE
    anchor = layer.anchors[row] if layer.anchors else None
    if anchor is not None:
        return anchor[0] / SCALE, anchor[1] / SCALE
    whole = np.concatenate([line for _, lines in unpacked(shapes.parts[row]) for line in lines])
    low, high = whole.min(axis=0), whole.max(axis=0)
    middle = (low + high) / 2
    return float(middle[0]), float(middle[1])


def parts_of(layer: PageLayer, row: int, view: View) -> Iterator[tuple[int, list[Floats]]]:
    """Yield the parts of a feature on paper: dimension, then rings, a line, or one point, as arrays of x and y."""
    shapes = layer.shapes
    if shapes.x or not shapes.parts or shapes.parts[row] is None:
        return
    for dimension, lines in unpacked(shapes.parts[row]):
        drawn = [np.column_stack(view.to_paper(line[:, 0], line[:, 1])) for line in lines]
        yield dimension, [_thinned(line) if dimension else line for line in drawn]


def without_specks(parts: Sequence[tuple[int, list[Floats]]]) -> list[tuple[int, list[Floats]]]:
    """Leave out the parts and holes of an area that would only be a blot on paper; never all of it."""
    largest = max((_extent(lines[0]) for _, lines in parts), default=0.0)
    least = min(_SPECK, largest)
    return [
        (dimension, [line for line in lines if dimension < 2 or _extent(line) >= least])
        for dimension, lines in parts
        if dimension < 2 or _extent(lines[0]) >= least
    ]


def without_creeks(ring: Floats) -> Floats:
    """Close what is narrower than the line that would be drawn round it, such as the creeks of a marsh."""
    import shapely

    if len(ring) < 4:
        return ring
    closed = shapely.Polygon(ring).buffer(_CREEK).buffer(-_CREEK).simplify(_STEP / 2)
    if closed.geom_type != "Polygon" or closed.is_empty:
        return ring
    outer = shapely.get_coordinates(shapely.get_exterior_ring(closed))
    return np.asarray(np.round(outer, 2), dtype=np.float64)


def _extent(line: Floats) -> float:
    return float((line.max(axis=0) - line.min(axis=0)).max())


def _thinned(line: Floats) -> Floats:
    """Leave out vertices that no eye could tell from the one before."""
    kept = [0]
    for number in range(1, len(line) - 1):
        if np.abs(line[number] - line[kept[-1]]).max() >= _STEP:
            kept.append(number)
    kept.append(len(line) - 1)
    return line[kept]
