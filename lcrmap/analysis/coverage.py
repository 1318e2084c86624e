"""Whether areas cover their ground once: where they overlap, and where they leave gaps.

Both are found in the areas' own coordinates and measured on the ground. A gap is ground that areas enclose and
none of them holds; the sea between two islands is not one.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.joining import NOWHERE
from lcrmap.analysis.metric import area_km2
from lcrmap.layers.points import is_placed

__all__ = ["coverage_faults", "only_polygons", "overlaps_throughout", "polygons_of", "repaired"]

_MOST_PAIRS: Final = 100_000
_PAIRS_EACH: Final = 5  # an area of a coverage has three later neighbours
_AREAS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_AT_ONCE: Final = 256  # areas whose neighbours are looked for together


def coverage_faults(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Find where areas overlap and where they leave gaps.

    Parameters
    ----------
    areas
        Valid polygons in any CRS; a row without a shape is left out.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a fault, the largest first: ``kind`` (overlap or gap), ``first`` and ``second`` (row numbers of
        the areas that overlap; of one area beside a gap, and -1), ``area_km2`` (geodesic), and its shape in the CRS of
        `areas`. No row if the areas are a coverage.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]
    >>> faults = coverage_faults(gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4326"))
    >>> faults[["kind", "first", "second"]].values.tolist()
    [['overlap', 0, 1]]
    """
    shapes = areas.geometry.to_numpy()
    there = np.flatnonzero(is_placed(shapes))
    known = shapes[there]
    sound = bool(shapely.coverage_is_valid(known)) if len(known) else True
    quick = sound and bool(np.isin(shapely.get_type_id(known), _AREAS).all())
    union = shapely.coverage_union_all(known) if quick else shapely.union_all(known)
    found = [_gaps(union, known), *([] if sound else [_overlaps(known)])]
    table = pd.concat(found, ignore_index=True)
    for column in ("first", "second"):
        rows = table[column].to_numpy()
        table[column] = np.where(rows == NOWHERE, NOWHERE, np.append(there, NOWHERE)[rows])
    faults = gpd.GeoDataFrame(table, geometry="geometry", crs=areas.crs)
    faults.insert(3, "area_km2", area_km2(faults.geometry))
    faults = faults[faults["area_km2"] > 0]
    return faults.sort_values(
        ["area_km2", "first", "second"], ascending=[False, True, True], ignore_index=True
    )


def overlaps_throughout(areas: gpd.GeoDataFrame) -> bool:
    """Tell whether areas overlap so often that to find where takes far longer than to read them.

    Examples
    --------
    >>> overlaps_throughout(gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1)] * 3))
    False
    """
    shapes = areas.geometry.to_numpy()
    shapes = shapes[is_placed(shapes)]
    most = 2 * max(_MOST_PAIRS, _PAIRS_EACH * len(shapes)) + len(shapes)  # each pair comes twice
    tree, pairs = shapely.STRtree(shapes), 0
    for start in range(0, len(shapes), _AT_ONCE):
        pairs += tree.query(shapes[start : start + _AT_ONCE]).shape[1]  # by their boxes
        if pairs > most:
            return True
    return False


def repaired(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, np.ndarray[Any, Any]]:
    """Return the areas with invalid polygons made valid, and the row numbers of those.

    What a repair turns up besides polygons (lines and points where a ring touched itself) is left out: it has no
    area. The input is not changed.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> mended, rows = repaired(gpd.GeoDataFrame(geometry=[bow_tie], crs="EPSG:4326"))
    >>> rows.tolist(), mended.geometry[0].area
    ([0], 0.5)
    """
    shapes = areas.geometry.to_numpy()
    wrong = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    if len(wrong) == 0:
        return areas, wrong
    mended = np.array(shapes, dtype=object)
    mended[wrong] = [polygons_of(each) for each in shapes[wrong]]
    return areas.set_geometry(gpd.GeoSeries(mended, index=areas.index, crs=areas.crs)), wrong


def only_polygons(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, np.ndarray[Any, Any]]:
    """Return the areas with collections that hold polygons reduced to these, and the row numbers of those.

    Examples
    --------
    >>> mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    >>> plain, rows = only_polygons(gpd.GeoDataFrame(geometry=[mixed], crs="EPSG:4326"))
    >>> rows.tolist(), plain.geometry[0].geom_type
    ([0], 'Polygon')
    """
    shapes = areas.geometry.to_numpy()
    kinds, most = shapely.get_type_id(shapes), shapely.get_dimensions(shapes)
    rows = np.flatnonzero((kinds == shapely.GeometryType.GEOMETRYCOLLECTION) & (most == 2))
    if len(rows) == 0:
        return areas, rows
    plain = np.array(shapes, dtype=object)
    plain[rows] = [polygons_of(each) for each in shapes[rows]]
    return areas.set_geometry(gpd.GeoSeries(plain, index=areas.index, crs=areas.crs)), rows


def polygons_of(shape: Any) -> Any:
    """Return the polygons of a geometry as one, and nothing else of it: a single one as it is, an empty one for none.

    Examples
    --------
    >>> polygons_of(shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])).geom_type
    'Polygon'
    """
    if shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid:
        return shape
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = shapely.get_parts(shape)
    while (shapely.get_num_geometries(parts) > 1).any():
        parts = shapely.get_parts(parts)
    found = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return shapely.Polygon() if found.is_empty else found


def _gaps(union: Any, shapes: Any) -> pd.DataFrame:
    """Return the holes of the union, each with the first of the areas beside it."""
    parts = shapely.get_parts(union)
    holes = [hole for each in parts for hole in shapely.get_rings(each)[1:]]
    polygons = shapely.polygons(holes) if holes else np.array([], dtype=object)
    around = np.unique(shapely.STRtree(parts).query(polygons, predicate="contains")[0])
    polygons[around] = shapely.difference(polygons[around], union)  # areas lie within these holes
    hole, area = shapely.STRtree(shapes).query(polygons, predicate="intersects")
    beside = np.full(len(holes), len(shapes), dtype=np.int64)
    np.minimum.at(beside, hole, area)
    beside[beside == len(shapes)] = NOWHERE
    return _table("gap", beside, np.full(len(holes), NOWHERE), polygons)


def _overlaps(shapes: Any) -> pd.DataFrame:
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    common = shapely.intersection(shapes[first], shapes[second])
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(common), _AREAS))
    common[mixed] = [polygons_of(each) for each in common[mixed]]
    real = ~shapely.is_empty(common) if len(common) else np.array([], dtype=bool)
    return _table("overlap", first[real], second[real], common[real])


def _table(kind: str, first: Any, second: Any, shapes: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": pd.Series([kind] * len(shapes), dtype=object),
            "first": np.asarray(first, dtype=np.int64),
            "second": np.asarray(second, dtype=np.int64),
            "geometry": np.asarray(shapes, dtype=object),
        }
    )
