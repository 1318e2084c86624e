"""In which area each feature is counted, whatever its kind: once, so that counts add up.

A point goes by the border rule of `lcrmap.analysis.joining`. A feature that may reach into several areas, a polygon or
several points in one, goes where most of it lies: outside if more than half of its ground, or of its points, is in no
area; else to the area with its largest share; where two have the same, to that of a point inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.analysis.coverage import polygons_of
from lcrmap.analysis.joining import (
    NOWHERE,
    AreaMatcher,
    Matched,
    dimensions,
    placed_rows,
)
from lcrmap.analysis.metric import area_km2, single_points
from lcrmap.errors import CRSError, GeometryError

__all__ = ["Counted", "count_in"]

_DIGITS: Final = 9  # shares that agree to a billionth are the same

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Counted:
    """Where features are counted.

    Attributes
    ----------
    matched
        At most one pair a feature.
    areas, several
        For each feature whether it is a polygon, and whether it is several points in one.
    """

    matched: Matched
    areas: Mask
    several: Mask


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Pieces of features that lie in areas: whose, in which, how large, and what a part of the whole that is."""

    feature: Rows
    area: Rows
    share: Floats
    covered: Floats  # one a feature: the share of it that lies in any area


def count_in(features: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, key: str = "") -> Counted:
    """Find the one area in which each feature is counted.

    Parameters
    ----------
    features
        Points, several points in one, and polygons, also mixed, in any CRS; a row may lack a geometry.
    areas, key
        As for `lcrmap.analysis.joining.assign_areas`.

    Raises
    ------
    CRSError
        If either frame has no CRS.
    GeometryError
        If a feature is a line, or one of `areas` is not a polygon.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> wide = gpd.GeoDataFrame(geometry=[shapely.box(0.5, 0, 1.8, 1), shapely.Point(0.5, 0.5)], crs="EPSG:4326")
    >>> count_in(wide, halves).matched.first().tolist()
    [1, 0]
    """
    if features.crs is None or areas.crs is None:
        raise CRSError("A layer without a CRS cannot be joined: name it with --crs EPSG:4326.")
    if 1 in dimensions(features):
        raise GeometryError("Lines are not counted in areas.")
    shapes = features.geometry.to_numpy()
    there = np.zeros(len(shapes), dtype=bool)
    there[placed_rows(features)] = True
    areal = there & (shapely.get_dimensions(shapes) == 2)
    several = there & ~areal & ~single_points(shapes)
    matcher = AreaMatcher(areas, key=key, expected=len(shapes))
    points = shapes.copy()
    points[areal | several] = None
    alone = matcher.match(features.set_geometry(gpd.GeoSeries(points, crs=features.crs).to_numpy()))
    found = alone.first()
    for chosen, cut in ((areal, _ground), (several, _members)):
        rows = np.flatnonzero(chosen)
        if len(rows):
            some = gpd.GeoSeries(shapes[rows], crs=features.crs).to_crs(areas.crs)
            inside = gpd.GeoDataFrame(geometry=some.representative_point())
            found[rows] = _most(cut(some, areas, matcher), matcher.match(inside).first())
    left = np.flatnonzero(found != NOWHERE)
    return Counted(Matched(left, found[left], ~there, alone.on_border), areal, several)


def _most(pieces: _Pieces, inside: Rows) -> Rows:
    """Return for each feature the area with its largest share, or `NOWHERE`; `inside` is where a point of it lies."""
    share = np.round(pieces.share, _DIGITS)
    largest = np.zeros(len(inside))
    np.maximum.at(largest, pieces.feature, share)
    best = np.flatnonzero(share == largest[pieces.feature])
    of_point = pieces.area[best] == inside[pieces.feature[best]]
    order = best[np.lexsort((pieces.area[best], of_point))]
    found = np.full(len(inside), NOWHERE, dtype=np.int64)
    found[pieces.feature[order]] = pieces.area[order]  # the last of a feature stays
    found[np.round(pieces.covered, _DIGITS) < 0.5] = NOWHERE
    return found


def _ground(shapes: gpd.GeoSeries, areas: gpd.GeoDataFrame, matcher: AreaMatcher) -> _Pieces:
    """Cut polygons along the borders of areas; those within one area are not cut."""
    polygons = np.array([polygons_of(each) for each in shapes], dtype=object)
    others = areas.geometry.to_numpy()
    tree = shapely.STRtree(polygons)
    whole_area, whole = (each.astype(np.int64) for each in tree.query(others, predicate="covers"))
    crossing = np.ones(len(polygons), dtype=bool)
    crossing[whole] = False
    area, feature = (each.astype(np.int64) for each in tree.query(others, predicate="intersects"))
    area, feature = area[crossing[feature]], feature[crossing[feature]]
    common = shapely.intersection(polygons[feature], others[area])
    size = area_km2(gpd.GeoSeries(polygons, crs=areas.crs))
    share = area_km2(gpd.GeoSeries(common, crs=areas.crs)) / size[feature]
    covered = np.bincount(feature, share, minlength=len(polygons)).astype(np.float64)
    largest = np.zeros(len(polygons))
    np.maximum.at(largest, feature, share)
    # Where areas overlap, their shares together may be more than what lies in any of them.
    for row in np.flatnonzero((largest < 0.5) & (covered >= 0.5)):
        union = shapely.union_all(common[feature == row])
        covered[row] = area_km2(gpd.GeoSeries([union], crs=areas.crs))[0] / size[row]
    covered[whole] = 1.0
    return _Pieces(
        np.concatenate([whole, feature]),
        np.concatenate([whole_area, area]),
        np.concatenate([np.ones(len(whole)), share]),
        covered,
    )


def _members(shapes: gpd.GeoSeries, areas: gpd.GeoDataFrame, matcher: AreaMatcher) -> _Pieces:
    """Take several points in one apart."""
    xy, owner = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    found = matcher.match_numbers(xy[:, 0], xy[:, 1], areas.crs).first()
    lies = found != NOWHERE
    pairs, number = np.unique(
        np.column_stack([owner[lies], found[lies]]), axis=0, return_counts=True
    )
    many = np.bincount(owner, minlength=len(shapes))
    inside: Floats = np.bincount(owner[lies], minlength=len(shapes)).astype(np.float64)
    feature = pairs[:, 0].astype(np.int64)
    return _Pieces(feature, pairs[:, 1].astype(np.int64), number / many[feature], inside / many)
