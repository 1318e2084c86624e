"""Pairs of features by a named predicate, raw: what shapely says of the two geometries, and nothing more.

A predicate is evaluated in the coordinates of the side that holds areas (of the right one if both do): its edges are
straight there by definition, and the other side is brought to them. ``dwithin`` is geodesic, in metres.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.analysis.joining import Matched, dimensions, placed_rows
from lcrmap.analysis.links import Side, within
from lcrmap.analysis.metric import area_km2, length_m
from lcrmap.analysis.ties import tie_places
from lcrmap.errors import CRSError, GeometryError

__all__ = ["PREDICATES", "Predicate", "keep_first", "keep_largest_overlap", "match_predicate"]

PREDICATES: Final = (
    "within",
    "intersects",
    "contains",
    "touches",
    "overlaps",
    "covers",
    "covered_by",
    "dwithin",
)
Predicate = Literal[
    "within", "intersects", "contains", "touches", "overlaps", "covers", "covered_by", "dwithin"
]

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def match_predicate(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    predicate: Predicate,
    *,
    key: str = "",
    distance_m: float = 0.0,
    on_areas: bool | None = None,
) -> Matched:
    """Return every pair of a left and a right feature for which the predicate holds.

    Parameters
    ----------
    left, right
        Points, lines or areas in any CRS; a row may lack a geometry.
    predicate
        Read from left to right: ``within`` is "left lies within right".
    key
        The column of `right` that orders the pairs of one left feature; see `lcrmap.analysis.ties`.
    distance_m
        How far apart ``dwithin`` allows, in metres.
    on_areas
        Whether all right features are areas, also those that were left out as they cannot matter; None to look at
        these.

    Returns
    -------
    Matched
        Without ``on_border``: no rule decides between several matches.

    Raises
    ------
    CRSError
        If either frame has no CRS.

    Examples
    --------
    >>> boxes = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> found = match_predicate(boxes, boxes, "touches")
    >>> list(zip(found.left.tolist(), found.right.tolist()))
    [(0, 1), (1, 0)]
    """
    if left.crs is None or right.crs is None:
        raise CRSError("A layer without a CRS cannot be joined: name it with --crs EPSG:4326.")
    pairs = (
        _within_distance(left, right, distance_m)
        if predicate == "dwithin"
        else _pairs(left, right, predicate, _all_areas(right, on_areas))
    )
    sorting = np.lexsort((tie_places(right, key)[pairs[1]], pairs[0]))
    unplaced = np.ones(len(left), dtype=bool)
    unplaced[placed_rows(left)] = False
    return Matched(pairs[0][sorting], pairs[1][sorting], unplaced)


def keep_first(matched: Matched) -> Matched:
    """Keep of each left row the first pair, that with the lowest key."""
    first = np.ones(len(matched.left), dtype=bool)
    first[1:] = matched.left[1:] != matched.left[:-1]
    return replace(matched, left=matched.left[first], right=matched.right[first])


def keep_largest_overlap(
    matched: Matched,
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    *,
    many: bool = False,
    on_areas: bool | None = None,
) -> tuple[Matched, Floats]:
    """Keep of each left row the pair that shares the most ground with it; equal ones go by the order of the pairs.

    Parameters
    ----------
    matched
        Pairs of `left` and `right`, as `match_predicate` finds them.
    left
        Areas or lines.
    right
        Areas.
    many
        Keep all pairs that share ground, and only measure them.
    on_areas
        As for `match_predicate`.

    Returns
    -------
    tuple of Matched and array of float64
        The pairs kept, and for each the share (0 to 1) of the left feature's area or length, on the ground, that lies
        in the right one.

    Raises
    ------
    GeometryError
        If one side holds features that have no overlap.
    """
    points = bool(dimensions(right) - {2}) if on_areas is None else not on_areas
    if points or dimensions(left) not in ({1}, {2}, set()):
        raise GeometryError(
            "The largest overlap is that of areas, or of lines, with areas: some features here are "
            "points, or both kinds are mixed."
        )
    measure = length_m if dimensions(left) == {1} else area_km2
    shapes, areas = _together(left, right, on_areas=True)
    common = shapely.intersection(shapes[matched.left], areas[matched.right])
    size = measure(gpd.GeoSeries(common, crs=right.crs))
    whole = measure(gpd.GeoSeries(shapes, crs=right.crs))
    share = np.clip(size / whole[matched.left], 0, 1)
    keep = np.flatnonzero(size > 0)
    if not many:
        best = np.lexsort((np.arange(len(keep)), -np.round(share[keep], 9), matched.left[keep]))
        ranked = keep[best]
        first = np.ones(len(ranked), dtype=bool)
        first[1:] = matched.left[ranked[1:]] != matched.left[ranked[:-1]]
        keep = ranked[first]
    return replace(matched, left=matched.left[keep], right=matched.right[keep]), share[keep]


def _all_areas(right: gpd.GeoDataFrame, known: bool | None) -> bool:
    return dimensions(right) == {2} if known is None else known


def _together(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, *, on_areas: bool
) -> tuple[Any, Any]:
    """Return both sides' geometries in the CRS of the side that holds areas."""
    to_left = dimensions(left) == {2} and not on_areas
    crs: Any = left.crs if to_left else right.crs
    sides = [each if each.crs == crs else each.to_crs(crs) for each in (left, right)]
    return sides[0].geometry.to_numpy(), sides[1].geometry.to_numpy()


def _pairs(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, predicate: Any, on_areas: bool
) -> tuple[Rows, Rows]:
    shapes, others = _together(left, right, on_areas=on_areas)
    found = shapely.STRtree(others).query(shapes, predicate=predicate)
    return found[0].astype(np.int64), found[1].astype(np.int64)


def _within_distance(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, metres: float
) -> tuple[Rows, Rows]:
    sides = (Side(gpd.GeoSeries(left.geometry)), Side(gpd.GeoSeries(right.geometry)))
    links = within(*sides, np.full(len(left), metres))
    return links["left"].to_numpy(np.int64), links["right"].to_numpy(np.int64)
