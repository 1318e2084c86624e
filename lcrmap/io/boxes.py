"""The box beyond which nothing of a large layer needs to be read."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from lcrmap.io.parts import Box

__all__ = ["box_around", "box_in"]

_MARGIN = 0.01  # of its size: what a box between two systems may lack, since its edges bend


def box_around(areas: gpd.GeoDataFrame, crs: Any) -> Box | None:
    """Return a box in a CRS that holds all of some shapes; None if none is sure to.

    Examples
    --------
    >>> import shapely
    >>> areas = gpd.GeoDataFrame(geometry=[shapely.box(0, 50, 1, 52)], crs="EPSG:4326")
    >>> [round(each, 2) for each in box_around(areas, areas.crs)]
    [-0.02, 49.98, 1.02, 52.02]
    """
    west, south, east, north = (float(each) for each in areas.total_bounds)
    return box_in((west, south, east, north), areas.crs, crs)


def box_in(box: Box, own: Any, crs: Any) -> Box | None:
    """Return a box in another CRS that holds all that a box holds in its own; None if none is sure to.

    Examples
    --------
    >>> [round(each, 1) for each in box_in((0, 0, 1, 1), "EPSG:4326", "EPSG:3857")]
    [-1113.3, -1113.3, 112432.7, 112438.4]
    """
    west, south, east, north = box
    if crs is None or own is None:
        return None
    if crs != own:
        try:
            change = pyproj.Transformer.from_crs(own, crs, always_xy=True)
            west, south, east, north = change.transform_bounds(west, south, east, north)
        except ProjError:
            return None
    if not np.isfinite([west, south, east, north]).all() or west > east:
        return None  # over the 180th meridian, or where the system cannot say
    margin = _MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin
