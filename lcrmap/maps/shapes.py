"""Geometries as a page carries them: whole numbers of 0.00001 degree, packed by column.

Five decimals are 1.1 m of latitude: enough to draw, never used to measure. Points without other kinds
become two columns of numbers; everything else becomes, feature by feature, parts of rings whose first vertex
is written in full and whose others are the steps from one to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.errors import CRSError
from lcrmap.layers.points import is_placed
from lcrmap.maps.columns import Column

__all__ = ["LABEL_COLUMNS", "SCALE", "Shapes", "label_points", "pack_shapes", "unpacked"]

SCALE: Final = 100_000
LABEL_COLUMNS: Final = ("label_lon", "label_lat")
_LABELLED_WITH_CARE: Final = 300  # above it a quicker point inside each area will do

DrawnAs = Literal["point", "line", "area", "mixed", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """The drawing of a layer.

    Attributes
    ----------
    drawn_as
        What kind of features there is; ``none`` if no feature has a position.
    x, y
        Longitude and latitude times `SCALE` for a layer of points, None where there is no position; else empty.
    parts
        For other layers one entry a feature: None, or a list of ``[dimension, ...]``; else empty.
    placed
        One truth value a feature: whether it has a position.
    bounds
        West, south, east, north in degrees; None if nothing is placed.
    """

    drawn_as: DrawnAs
    x: list[Any]
    y: list[Any]
    parts: list[Any]
    placed: np.ndarray[Any, np.dtype[np.bool_]]
    bounds: tuple[float, float, float, float] | None

    @property
    def spots(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Longitude and latitude of each point, in degrees; NaN where there is none."""
        return np.array([self.x, self.y], dtype=np.float64).T / SCALE


def pack_shapes(frame: gpd.GeoDataFrame) -> Shapes:
    """Bring a frame to longitude and latitude and pack it for drawing; the frame itself stays as it is.

    Raises
    ------
    CRSError
        If the frame has positions and no CRS.
    """
    placed = is_placed(frame.geometry)
    if not placed.any():
        nothing: list[Any] = [None] * len(frame)
        return Shapes("none", nothing, nothing, [], placed, None)
    if frame.crs is None:
        raise CRSError("A layer without a CRS cannot be drawn: name it with --crs EPSG:4326.")
    geometry = frame.geometry.to_crs("EPSG:4326").to_numpy()
    drawn_as = _drawn_as(shapely.get_dimensions(geometry[placed]))
    bounds = tuple(float(each) for each in np.round(shapely.total_bounds(geometry[placed]), 5))
    west, south, east, north = bounds
    box = (west, south, east, north)
    if drawn_as == "point" and (shapely.get_type_id(geometry[placed]) == 0).all():
        x, y = _columns(geometry, placed)
        return Shapes("point", x, y, [], placed, box)
    parts = [
        _feature(each) if known else None for each, known in zip(geometry, placed, strict=True)
    ]
    return Shapes(drawn_as, [], [], parts, placed, box)


def label_points(frame: gpd.GeoDataFrame, columns: Sequence[Column]) -> list[list[int] | None]:
    """Return for each area a point where its name can stand, as packed numbers.

    The columns ``label_lon`` and ``label_lat`` say where; without them it is a point well inside the area.
    """
    stated = {each.name: each.values for each in columns if each.name in LABEL_COLUMNS}
    if len(stated) == len(LABEL_COLUMNS):
        pairs = zip(*(stated[name] for name in LABEL_COLUMNS), strict=True)
        return [None if x is None or y is None else _whole(x, y) for x, y in pairs]
    placed = is_placed(frame.geometry)
    flat = frame.geometry.to_crs("EPSG:3857").to_numpy()
    careful = int(placed.sum()) <= _LABELLED_WITH_CARE
    spots = [_pole(shape) if careful else shape.point_on_surface() for shape in flat[placed]]
    there = shapely.get_coordinates(gpd.GeoSeries(spots, crs="EPSG:3857").to_crs("EPSG:4326"))
    found: list[list[int] | None] = [None] * len(frame)
    for row, (x, y) in zip(placed.nonzero()[0], there, strict=True):
        found[row] = _whole(x, y)
    return found


def _pole(shape: Any) -> Any:
    """Return the pole of inaccessibility of the largest part, to a hundredth of its width."""
    parts = [each for each in shapely.get_parts(shape) if shapely.get_dimensions(each) == 2]
    if not parts:
        return shape.representative_point()
    largest = max(parts, key=lambda each: each.area)
    west, _, east, _ = largest.bounds
    circle = shapely.maximum_inscribed_circle(largest, tolerance=max((east - west) / 100, 1e-9))
    return shapely.Point(circle.coords[0])


def _drawn_as(dimensions: Any) -> DrawnAs:
    names: dict[int, DrawnAs] = {0: "point", 1: "line", 2: "area"}
    found = {int(each) for each in np.unique(dimensions)}
    return names.get(found.pop(), "mixed") if len(found) == 1 else "mixed"


def _columns(geometry: Any, placed: Any) -> tuple[list[Any], list[Any]]:
    xy = np.rint(shapely.get_coordinates(geometry[placed]) * SCALE).astype(np.int64)
    if placed.all():
        return xy[:, 0].tolist(), xy[:, 1].tolist()
    x = np.full(len(geometry), None, dtype=object)
    y = np.full(len(geometry), None, dtype=object)
    x[placed], y[placed] = xy[:, 0].tolist(), xy[:, 1].tolist()
    return x.tolist(), y.tolist()


def _feature(shape: Any) -> list[Any]:
    """Pack one feature: ``[0, x, y]``, ``[1, line]`` or ``[2, ring, ring...]`` for each of its parts."""
    packed: list[Any] = []
    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        kind = shapely.get_dimensions(part)
        if part.geom_type == "GeometryCollection" or part.geom_type.startswith("Multi"):
            packed += _feature(part)
        elif kind == 0:
            packed.append([0, *_whole(part.x, part.y)])
        elif kind == 1:
            packed.append([1, _steps(part)])
        else:
            packed.append([2, *(_steps(ring) for ring in (part.exterior, *part.interiors))])
    return packed


def _whole(x: float, y: float) -> list[int]:
    return [round(x * SCALE), round(y * SCALE)]


def _steps(line: Any) -> list[int]:
    whole = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    moved = np.ones(len(whole), dtype=bool)
    moved[1:] = np.any(whole[1:] != whole[:-1], axis=1)
    whole = whole[moved]
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    listed: list[int] = steps.ravel().tolist()
    return listed


def unpacked(
    parts: Sequence[Any],
) -> Iterator[tuple[int, list[np.ndarray[Any, np.dtype[np.float64]]]]]:
    """Give the parts of a packed feature: dimension, then rings, a line, or one point, in degrees."""
    for part in parts:
        dimension = part[0]
        packed = [part[1:]] if dimension == 0 else part[1:]
        yield (
            dimension,
            [np.cumsum(np.reshape(line, (-1, 2)), axis=0) / SCALE for line in packed],
        )
