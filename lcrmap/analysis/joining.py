"""Which area does each point lie in: the border rule, in one place.

A point on a border that areas share belongs to the area with the lowest key and is flagged. Predicates are
evaluated in the areas' own coordinates, in which their edges are straight by definition (RFC 7946, 3.1.1); the points
are brought to them, never the other way round.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.errors import CRSError, GeometryError

__all__ = ["NOWHERE", "assign_areas"]

NOWHERE = -1  # the row number of no area


def assign_areas(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, key: str = ""
) -> pd.DataFrame:
    """Find the area of each point.

    Parameters
    ----------
    points
        Points in any CRS; a row may lack a geometry.
    areas
        Polygons in any CRS.
    key
        The column of `areas` whose order decides for a point on a border; without one the shapes themselves
        decide (by their well-known binary), so that the order of rows changes nothing.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`: ``area``, the row number in `areas` (int64; -1 outside all areas or without
        a position), and ``on_border`` (bool), true where more than one area touches the point.

    Raises
    ------
    CRSError
        If either frame has no CRS.
    GeometryError
        If a geometry of `points` is not a point.
    """
    if points.crs is None or areas.crs is None:
        raise CRSError("A layer without a CRS cannot be joined: name it with --crs EPSG:4326.")
    geometry = points.geometry.to_numpy()
    placed = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    if not (shapely.get_type_id(geometry[placed]) == shapely.GeometryType.POINT).all():
        raise GeometryError(
            "Only points can be assigned to areas: some features are lines or areas."
        )
    located = gpd.GeoSeries(geometry[placed], crs=points.crs).to_crs(areas.crs)
    xy = shapely.get_coordinates(located.to_numpy())
    area, on_border = _assign(xy, areas.geometry.to_numpy(), _order(areas, key))
    result = pd.DataFrame({"area": NOWHERE, "on_border": False}, index=points.index)
    result.iloc[placed, 0] = area
    result.iloc[placed, 1] = on_border
    return result


def _order(areas: gpd.GeoDataFrame, key: str) -> np.ndarray:
    """Return the row numbers of `areas` from the lowest key to the highest."""
    shapes = shapely.normalize(areas.geometry.to_numpy())
    values = areas[key].to_numpy() if key else shapely.to_wkb(shapes)
    return np.argsort(values, kind="stable")


def _assign(xy: np.ndarray, shapes: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    area = np.full(len(xy), NOWHERE, dtype=np.int64)
    touched = np.zeros(len(xy), dtype=np.int64)
    for row in order:
        shape = shapes[row]
        if shape is None or shape.is_empty:
            continue
        shapely.prepare(shape)
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
        )
        inside = near[shapely.intersects_xy(shape, xy[near, 0], xy[near, 1])]
        touched[inside] += 1
        area[inside[area[inside] == NOWHERE]] = row
    return area, touched > 1
