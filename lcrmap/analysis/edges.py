"""The edges of shapes, cut into pieces so short that a straight line stands for each.

An edge is straight in the coordinates of its own layer (RFC 7946, 3.1.1), not on the ground. Cut to at most
`LONGEST_PIECE` metres, and shorter where it turns more, a piece lies within `BEND` metres of the straight line in space
between its ends; so the point of a piece that is nearest to a position is found there, and only its distance is then
measured as a geodesic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from lcrmap.analysis.chords import Floats, Rows, chord_space, longest_geodesic

__all__ = ["BEND", "LONGEST_PIECE", "Pieces", "closest_on", "cut", "cut_edges", "paths"]

LONGEST_PIECE: Final = 400.0  # metres
BEND: Final = 0.01  # metres: how far a piece may lie from the straight line between its ends
_EARTH: Final = 6.4e6  # metres: no radius of curvature of the ellipsoid is above this
_DEGREE: Final = 111_700.0  # metres: no degree of latitude or longitude is longer


@dataclass(frozen=True, slots=True)
class Pieces:
    """Short straight lines that make up the edges of shapes; a point is a piece of no length.

    Attributes
    ----------
    shape
        The row number of the shape that each piece belongs to.
    start, step
        Longitude and latitude (WGS84, degrees) of one end, and what must be added for the other; shape (n, 2).
    a, b
        The ends in geocentric metres, shape (n, 3).
    reach
        The longest way in metres from the middle of a piece to any point of it.
    """

    shape: Rows
    start: Floats
    step: Floats
    a: Floats
    b: Floats
    reach: float

    @property
    def middle(self) -> Floats:
        """The middles in geocentric metres."""
        middle: Floats = (self.a + self.b) / 2
        return middle

    def of(self, rows: Rows) -> Pieces:
        """Return some of the pieces."""
        return Pieces(
            self.shape[rows],
            self.start[rows],
            self.step[rows],
            self.a[rows],
            self.b[rows],
            self.reach,
        )

    def __add__(self, other: Pieces) -> Pieces:
        """Return these pieces and others behind them."""
        if len(other.shape) == 0:
            return self
        return Pieces(
            np.concatenate([self.shape, other.shape]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.step, other.step]),
            np.concatenate([self.a, other.a]),
            np.concatenate([self.b, other.b]),
            max(self.reach, other.reach),
        )


def paths(shapes: Any) -> tuple[Any, Rows]:
    """Return the points, lines and rings that shapes consist of, and the row number of each one's shape."""
    parts, rows = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    while (shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION).any() or (
        shapely.get_num_geometries(parts) > 1
    ).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        rows = rows[inner]
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, inner = shapely.get_rings(parts[areas], return_index=True)
    found = np.concatenate([parts[~areas], rings])
    return found, np.concatenate([rows[~areas], rows[areas][inner]]).astype(np.int64)


def cut(shapes: gpd.GeoSeries) -> Pieces:
    """Cut the edges of shapes into pieces; a missing or empty shape has none.

    Parameters
    ----------
    shapes
        Geometries in any CRS; rings keep the direction in which they come.
    """
    shape, start, end = _cut(shapes)
    a, b = chord_space(*start.T), chord_space(*end.T)
    half = np.sqrt(((a - b) ** 2).sum(axis=1).max(initial=0)) / 2
    reach = float(longest_geodesic(np.array(half))) + BEND
    return Pieces(shape, start, _step(start, end), a, b, reach)


def cut_edges(shapes: gpd.GeoSeries) -> tuple[Rows, Floats, Floats]:
    """Return the pieces of `cut` without their places in space: whose each is, its start, and the step to its end.

    Examples
    --------
    >>> line = gpd.GeoSeries([shapely.LineString([(0, 0), (0, 0.002)])], crs="EPSG:4326")
    >>> [each.tolist() for each in cut_edges(line)]
    [[0], [[0.0, 0.0]], [[0.0, 0.002]]]
    """
    shape, start, end = _cut(shapes)
    return shape, start, _step(start, end)


def _step(start: Floats, end: Floats) -> Floats:
    step: Floats = end - start
    step[:, 0] = (step[:, 0] + 180) % 360 - 180  # a piece is short: it never goes round the earth
    return step


def _cut(shapes: gpd.GeoSeries) -> tuple[Rows, Floats, Floats]:
    """Return whose each piece is, and its ends in degrees of WGS84."""
    lines, rows = paths(shapes)
    xy, path = shapely.get_coordinates(lines, return_index=True)
    same = path[1:] == path[:-1]
    single = np.bincount(path, minlength=len(lines))[path] == 1
    first = np.concatenate([np.flatnonzero(same), np.flatnonzero(single)])
    second = np.concatenate([np.flatnonzero(same) + 1, np.flatnonzero(single)])
    edge, start, end = _shortened(xy[first], xy[second], pyproj.CRS(shapes.crs))
    return rows[path[first]][edge], start, end


def _shortened(first: Floats, second: Floats, crs: pyproj.CRS) -> tuple[Rows, Floats, Floats]:
    """Divide edges evenly in their own coordinates until every piece is short on the ground.

    Returns
    -------
    tuple of three arrays
        For each piece the row number of its edge, and its ends in degrees of WGS84.
    """
    unit = _DEGREE if crs.is_geographic else float(crs.axis_info[0].unit_conversion_factor or 1)
    lengths = np.sqrt(((second - first) ** 2).sum(axis=1))
    parts = np.maximum(np.ceil(lengths * unit / LONGEST_PIECE), 1).astype(np.int64)
    if crs.equals("EPSG:4326"):
        # No piece is longer on the ground than its degrees tell, so that towards a pole, where parallels turn, pieces
        # along them are short: none of 400 m of degrees bends by more than 0.8 * 400² / (8 * _EARTH), 3 mm.
        return _divided(first, second, parts)
    degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    while True:
        edge, start, end = _divided(first, second, parts)
        start = np.column_stack(degrees.transform(*start.T))
        end = np.column_stack(degrees.transform(*end.T))
        excess = np.ones(len(parts))
        np.maximum.at(excess, edge, _excess(start, end, degrees=crs.is_geographic))
        if (excess <= 1).all():
            return edge, start, end
        parts = np.ceil(parts * excess * 1.01).astype(np.int64)


def _divided(first: Floats, second: Floats, parts: Rows) -> tuple[Rows, Floats, Floats]:
    """Return whose each piece is, and its ends, of edges of which each is divided evenly into some parts."""
    edge = np.repeat(np.arange(len(parts)), parts)
    if len(edge) == len(parts):
        return edge, first, second
    number = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    whole = (second - first)[edge]
    start = first[edge] + whole * (number / parts[edge])[:, None]
    end = second[edge] - whole * ((parts[edge] - number - 1) / parts[edge])[:, None]
    return edge, start, end


def _excess(start: Floats, end: Floats, *, degrees: bool) -> Floats:
    """Return by how much each piece is longer than it may be: `LONGEST_PIECE`, or less where it bends more."""
    bend = _turn(start, end) if degrees else _turn_at_most(start, end)
    limit = np.sqrt(8 * _EARTH * BEND / 2 / np.maximum(bend, 1e-3))
    ends = chord_space(*start.T) - chord_space(*end.T)
    length = np.sqrt((ends**2).sum(axis=1))
    # What is shorter than a decimetre cannot lie farther than BEND from anything that stands for it.
    return np.where(length < 0.1, 0.0, length / np.minimum(LONGEST_PIECE, limit))


def _turn_at_most(start: Floats, end: Floats) -> Floats:
    """Return how much any piece may turn against the geodesic, for each radius of the earth: as a parallel does."""
    steep: Floats = np.tan(np.radians(np.minimum(_steepest(start, end), 89.999)))
    return steep


def _turn(start: Floats, end: Floats) -> Floats:
    """Return how much pieces that are straight in degrees turn against the geodesic, for each radius of the earth.

    It is their geodesic curvature on the sphere, at the end that is nearer to a pole, where it is greatest. A meridian
    does not turn at all, however near to the pole; a parallel turns by the tangent of its latitude.
    """
    up = np.radians(np.minimum(_steepest(start, end), 89.999))
    step = np.abs(end - start)
    across = np.minimum(step[:, 0], np.abs(360 - step[:, 0]))
    north, east = step[:, 1], across * np.cos(up)
    whole = np.maximum(np.hypot(east, north), 1e-300)
    east, north = east / whole, north / whole
    turn: Floats = np.tan(up) * east * (east**2 + 2 * north**2)
    return turn


def _steepest(start: Floats, end: Floats) -> Floats:
    steepest: Floats = np.maximum(abs(start[:, 1]), abs(end[:, 1]))
    return steepest


def closest_on(positions: Floats, pieces: Pieces) -> tuple[Floats, Floats]:
    """Find the point of each piece that is nearest to a position, row by row.

    Parameters
    ----------
    positions
        Geocentric metres, shape (n, 3).
    pieces
        As many pieces.

    Returns
    -------
    tuple of two arrays of float64
        The straight distance in metres through the earth, right to `BEND`, and how far along the piece (0 to 1)
        the nearest point lies.
    """
    along = pieces.b - pieces.a
    square = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", positions - pieces.a, along) / np.where(square > 0, square, 1)
    share = np.clip(share, 0, 1)
    off = positions - pieces.a - share[:, None] * along
    return np.sqrt(np.einsum("ij,ij->i", off, off)), share
