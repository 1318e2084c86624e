"""The only door to metres: geodesic distance, length and area, and the choice of a metric CRS.

Everything is measured on the WGS84 ellipsoid. Between points the distance is the geodesic's, as `pyproj.Geod` computes
it (Karney, Algorithms for geodesics, 2013: right to 15 nanometres). To a line or an area it is the geodesic to the
nearest point of its edges, which are straight in the layer's own coordinates; that point is found on pieces so
short that the distance is right to `EDGE_BOUND` metres. Inside an area the distance is 0. Degrees are never a distance.

Coordinates are longitude and latitude in degrees, in this order, unless a frame brings its own CRS.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.analysis.candidates import within_candidates
from lcrmap.analysis.chords import (
    Floats,
    Rows,
    chord_space,
    longest_chord,
    longest_geodesic,
)
from lcrmap.analysis.edges import BEND, Pieces, closest_on, cut, cut_edges
from lcrmap.errors import CRSError, GeometryError
from lcrmap.layers.points import is_placed, point_numbers

__all__ = [
    "EDGE_BOUND",
    "METHOD",
    "are_points",
    "area_km2",
    "densified",
    "destination",
    "geodesic",
    "inside",
    "length_m",
    "local_crs",
    "lonlat",
    "middle",
    "placed",
    "reach",
    "single_points",
    "to_edges",
]

EDGE_BOUND: Final = 0.05  # metres: a distance to a line or an area is right to this
METHOD: Final = (
    "Distances are geodesics on the WGS84 ellipsoid (Karney 2013): between points exact to the micrometre before "
    "rounding to the millimetre, to lines and areas right to 5 cm; inside an area the distance is 0 m."
)
GEOD: Final = pyproj.Geod(ellps="WGS84")
_PART: Final = 20_000  # rows that one core measures at once


def lonlat(points: gpd.GeoSeries) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes (WGS84, degrees) of points; NaN where there is no position.

    Raises
    ------
    CRSError
        If the points have no CRS.
    GeometryError
        If one is not a point.

    Examples
    --------
    >>> lonlat(gpd.GeoSeries.from_xy([-2.99], [53.4], crs="EPSG:4326"))
    (array([-2.99]), array([53.4]))
    """
    there, xy = _located(points)
    if not are_points(points):
        raise GeometryError(
            "A point is needed here, but some features are lines, areas or several points in one."
        )
    if len(xy) and not pyproj.CRS(points.crs).equals("EPSG:4326"):
        xy = shapely.get_coordinates(np.asarray(_chosen(points, there).to_crs("EPSG:4326")))
    lon, lat = np.full(len(points), np.nan), np.full(len(points), np.nan)
    lon[there], lat[there] = xy[:, 0], xy[:, 1]
    return lon, lat


def _chosen(shapes: gpd.GeoSeries, rows: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(np.asarray(shapes)[rows], crs=shapes.crs)


def placed(shapes: gpd.GeoSeries) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which rows have a position.

    Raises
    ------
    CRSError
        If the series has no CRS, so that its numbers mean nothing.
    GeometryError
        If a coordinate is not a number.
    """
    return _located(shapes)[0]


def _located(shapes: gpd.GeoSeries) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], Floats]:
    """Tell which rows have a position, and return the coordinates of these."""
    if shapes.crs is None:
        raise CRSError(
            "A layer without a CRS cannot be measured: name it with --crs, such as --crs EPSG:4326."
        )
    there = is_placed(shapes)
    known = point_numbers(shapes)
    numbers = (
        shapely.get_coordinates(np.asarray(shapes)[there])
        if known is None
        else np.column_stack(known)[there]
    )
    if not np.isfinite(numbers).all():
        raise GeometryError("A position is not a number (NaN or infinite): leave such cells empty.")
    return there, numbers


def are_points(shapes: gpd.GeoSeries) -> bool:
    """Tell whether every feature that has a position is a single point."""
    if point_numbers(shapes) is not None:
        return True
    return bool((~is_placed(shapes) | single_points(np.asarray(shapes))).all())


def single_points(shapes: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which geometries are one point: points, and MultiPoints of one member.

    Examples
    --------
    >>> single_points([shapely.MultiPoint([(0, 0)]), shapely.MultiPoint([(0, 0), (1, 1)])]).tolist()
    [True, False]
    """
    kind = shapely.get_type_id(shapes)
    alone = (kind == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    single: np.ndarray[Any, np.dtype[np.bool_]] = (kind == shapely.GeometryType.POINT) | alone
    return single


def geodesic(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats]:
    """Measure from one position to another, row by row.

    Parameters
    ----------
    lon1, lat1, lon2, lat2
        Degrees of WGS84, as many of each; NaN gives NaN.

    Returns
    -------
    tuple of two arrays of float64
        The distance in metres (right to the micrometre), and the bearing at which one sets out, in degrees
        clockwise from north, 0 up to 360.

    Examples
    --------
    >>> metres, bearing = geodesic(np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([1.0]))
    >>> metres.round(3).tolist(), bearing.tolist()
    ([110574.389], [0.0])
    """
    sides = [np.ascontiguousarray(each, dtype=np.float64) for each in (lon1, lat1, lon2, lat2)]
    metres, bearing = np.empty(len(sides[0])), np.empty(len(sides[0]))

    def measure(part: slice) -> None:
        ends = [side[part] for side in sides]
        from_lon, from_lat, to_lon, to_lat = ends
        azimuth, _, length = GEOD.inv(from_lon, from_lat, to_lon, to_lat)
        turned = np.where(azimuth < 0, azimuth + 360, azimuth) + 0.0  # never a negative nought
        turned[turned >= 360] = 0
        unknown = np.logical_or.reduce([np.isnan(each) for each in ends])
        length[unknown] = turned[unknown] = np.nan
        metres[part], bearing[part] = length, turned

    _side_by_side(measure, len(metres))
    return metres, bearing


def _side_by_side(work: Callable[[slice], None], count: int) -> None:
    """Work on rows in parts, on as many cores as there are: PROJ works outside the interpreter's lock."""
    parts = [slice(start, start + _PART) for start in range(0, count, _PART)]
    workers = min(os.cpu_count() or 1, len(parts))
    if workers <= 1:
        for part in parts:
            work(part)
        return
    with ThreadPoolExecutor(workers) as pool:
        for _ in pool.map(work, parts):  # which raises what was raised
            pass


def destination(lon: Floats, lat: Floats, bearing: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """Return where one arrives after so many metres along a geodesic, row by row.

    Examples
    --------
    >>> lon, lat = destination(np.array([0.0]), np.array([0.0]), np.array([90.0]), np.array([111319.491]))
    >>> lon.round(6).tolist(), lat.round(6).tolist()
    ([1.0], [0.0])
    """
    sides = [np.ascontiguousarray(each, dtype=np.float64) for each in (lon, lat, bearing, metres)]
    east, north = np.empty(len(sides[0])), np.empty(len(sides[0]))

    def arrive(part: slice) -> None:
        from_lon, from_lat, azimuth, length = (side[part] for side in sides)
        east[part], north[part], _ = GEOD.fwd(from_lon, from_lat, azimuth, length)

    _side_by_side(arrive, len(east))
    return east, north


def local_crs(lon: float, lat: float) -> pyproj.CRS:
    """Return a metric CRS for the surroundings of a position: azimuthal equidistant on WGS84.

    Distances from the position itself are true. At r metres from it, lengths across the line of sight come out too
    long, by r² / 6R²: 1 part in 100,000 at 50 km, 1 in 1,000 at 500 km. It is for
    shapes and pictures; distances are measured with `geodesic`.

    Examples
    --------
    >>> local_crs(-2.99, 53.4).axis_info[0].unit_name
    'metre'
    """
    return pyproj.CRS.from_proj4(
        f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +datum=WGS84 +units=m +type=crs"
    )


def middle(points: gpd.GeoSeries) -> tuple[float, float, float]:
    """Return the middle of points and how far the farthest of them is: longitude, latitude, metres.

    The middle is the mean of their positions in space, brought back to the ground.

    Examples
    --------
    >>> middle(gpd.GeoSeries.from_xy([-1, 1], [0, 0], crs="EPSG:4326"))
    (0.0, 0.0, 111319.49079327357)
    """
    lon, lat = lonlat(points)
    lon, lat = lon[np.isfinite(lon)], lat[np.isfinite(lon)]
    down = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
    east, north, _ = down.transform(*chord_space(lon, lat).mean(axis=0))
    here = np.full(len(lon), east), np.full(len(lon), north)
    return float(east), float(north), float(geodesic(*here, lon, lat)[0].max())


def densified(shapes: gpd.GeoSeries, *, longest: float = 400.0) -> gpd.GeoSeries:
    """Return shapes in degrees of WGS84 with edges so short that they may be projected; for drawing.

    Parameters
    ----------
    shapes
        Lines and areas in any CRS; points stay as they are.
    longest
        The longest that an edge may be, in metres, about.
    """
    from lcrmap.analysis.validity import made_valid  # which most questions do without

    crs = pyproj.CRS(shapes.crs)
    unit = 111_700.0 if crs.is_geographic else float(crs.axis_info[0].unit_conversion_factor or 1)
    geometry = made_valid(shapes)
    long_enough = shapely.length(geometry) > 0
    geometry[long_enough] = shapely.segmentize(geometry[long_enough], longest / unit)
    return gpd.GeoSeries(geometry, index=shapes.index, crs=crs).to_crs("EPSG:4326")


def area_km2(shapes: gpd.GeoSeries) -> Floats:
    """Return the geodesic area of each shape in square kilometres; 0 for points and lines, NaN for none.

    The area is that of Lambert's cylindrical equal-area projection of the ellipsoid, exact but for the edges: they are
    cut every 400 m where they are straight in the layer's coordinates, which leaves at most 1 part in 10 million; only
    around a pole itself may 200 m² be missed. Source: Snyder, Map projections: a working manual, 1987, page 81.

    Examples
    --------
    >>> square = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> area_km2(square).round(1).tolist()
    [12308.5]
    """
    there = placed(shapes)
    result = np.full(len(shapes), np.nan)
    if not there.any():
        return result
    # Holes run against their outer ring, so that a plain sum over all edges leaves them out.
    turned = shapely.orient_polygons(np.asarray(shapes)[there])
    areal = shapely.get_dimensions(turned) == 2
    shape, start, step = cut_edges(gpd.GeoSeries(np.where(areal, turned, None), crs=shapes.crs))
    low, high = (_equal_area_height(each[:, 1]) for each in (start, start + step))
    width = np.radians(step[:, 0]) * GEOD.a
    strips = np.bincount(shape, weights=width * (low + high) / 2, minlength=len(turned))
    result[there] = np.abs(strips) / 1e6
    return result


def _equal_area_height(latitude: Floats) -> Floats:
    """Return the northing in metres of latitudes in degrees in Lambert's cylindrical equal-area projection."""
    sine, eccentricity = np.sin(np.radians(latitude)), math.sqrt(GEOD.es)
    curved = sine / (1 - GEOD.es * sine * sine)
    height: Floats = curved + np.arctanh(eccentricity * sine) / eccentricity
    return (1 - GEOD.es) * GEOD.a / 2 * height


def length_m(shapes: gpd.GeoSeries) -> Floats:
    """Return the geodesic length of each line in metres, or of each area's edge; 0 for points, NaN for none.

    Examples
    --------
    >>> line = gpd.GeoSeries([shapely.LineString([(0, 0), (0, 1)])], crs="EPSG:4326")
    >>> length_m(line).round(2).tolist()
    [110574.39]
    """
    there = placed(shapes)
    result = np.full(len(shapes), np.nan)
    if not there.any():
        return result
    shape, start, step = cut_edges(_chosen(shapes, there))
    metres, _ = geodesic(*start.T, *(start + step).T)
    result[there] = np.bincount(shape, weights=metres, minlength=int(there.sum()))
    return result


def inside(points: gpd.GeoSeries, shapes: gpd.GeoSeries) -> tuple[Rows, Rows]:
    """Return every pair of a point and a shape that it touches, tested in the shapes' own coordinates.

    Returns
    -------
    tuple of two arrays of int64
        Row numbers in `points` and in `shapes`.
    """
    there, known = np.flatnonzero(placed(points)), np.flatnonzero(placed(shapes))
    brought = _chosen(points, there)
    if shapes.crs is not None and not pyproj.CRS(points.crs).equals(shapes.crs):
        brought = brought.to_crs(shapes.crs)
    tree = shapely.STRtree(np.asarray(shapes)[known])
    point, shape = tree.query(np.asarray(brought), predicate="intersects")
    return there[point], known[shape]


def to_edges(lon: Floats, lat: Floats, near: Pieces, group: Rows) -> pd.DataFrame:
    """Measure from positions to pieces of edges, row by row, and keep the nearest of each group.

    Parameters
    ----------
    lon, lat
        Positions in degrees of WGS84.
    near
        As many pieces; the nearest of a group must be among those that are given for it.
    group
        What a row belongs to, such as a number for each pair of a point and a shape.

    Returns
    -------
    pandas.DataFrame
        One row a group, sorted by it: ``group``, ``row`` (where the nearest was given), ``metres`` (right to
        `EDGE_BOUND`), ``bearing`` (degrees), ``lon`` and ``lat`` of the nearest point.
    """
    straight, share = closest_on(chord_space(lon, lat), near)
    names, code = np.unique(group, return_inverse=True)
    best = np.full(len(names), np.inf)
    np.minimum.at(best, code, longest_geodesic(straight + BEND))
    keep = np.flatnonzero(straight - BEND <= longest_chord(best)[code])
    foot = near.start[keep] + share[keep, None] * near.step[keep]
    metres, bearing = geodesic(lon[keep], lat[keep], *foot.T)
    table = pd.DataFrame(
        {
            "group": group[keep],
            "row": keep,
            "metres": metres,
            "bearing": bearing,
            "lon": foot[:, 0],
            "lat": foot[:, 1],
        }
    )
    table = table.sort_values(["group", "metres", "lon", "lat", "row"])
    return table.drop_duplicates("group", ignore_index=True)


def reach(points: gpd.GeoSeries, shapes: gpd.GeoSeries, radius: Floats) -> pd.DataFrame:
    """Find every shape that comes within a radius of each point, such as the circle of its position error.

    Parameters
    ----------
    points
        Points in any CRS; a row may lack a position.
    shapes
        Points, lines or areas in any CRS.
    radius
        Metres, one for each point; NaN (unknown) reaches nothing, and is for the caller to count.

    Returns
    -------
    pandas.DataFrame
        One row a pair, sorted: ``point`` and ``shape`` (row numbers), ``metres`` (0 inside an area), and ``border_m``,
        the distance to the shape's edge on whichever side of it (right to `EDGE_BOUND`; NaN where an area holds
        the point and its edge is farther than the radius).

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> reach(gpd.GeoSeries.from_xy([0.999], [0.5], crs="EPSG:4326"), squares, np.array([200.0])).round(1)
       point  shape  metres  border_m
    0      0      0     0.0     111.3
    1      0      1   111.3     111.3
    """
    lon, lat = lonlat(points)
    radius = np.where(np.isnan(lon), np.nan, radius)
    pieces = cut(shapes)
    position, piece = within_candidates(
        chord_space(lon, lat), pieces.middle, radius + pieces.reach + EDGE_BOUND
    )
    group = position * len(shapes) + pieces.shape[piece]
    edges = to_edges(lon[position], lat[position], pieces.of(piece), group)
    edges["point"], edges["shape"] = np.divmod(edges["group"], len(shapes))
    edges = edges[edges["metres"] <= radius[edges["point"]]].rename(columns={"metres": "border_m"})
    point, shape = inside(points, shapes)
    known = radius[point] >= 0
    held = pd.DataFrame({"point": point[known], "shape": shape[known], "held": True})
    table = edges[["point", "shape", "border_m"]].merge(held, on=["point", "shape"], how="outer")
    table["metres"] = table["border_m"].where(table["held"].isna(), 0.0)
    table = table.sort_values(["point", "shape"], ignore_index=True)
    return table[["point", "shape", "metres", "border_m"]]
