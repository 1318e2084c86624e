"""The box beyond which nothing of a large layer needs to be read."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from lcrmap.io.parts import Box

__all__ = ["box_around"]

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
    if crs is None or areas.crs is None:
        return None
    if crs != areas.crs:
        try:
            change = pyproj.Transformer.from_crs(areas.crs, crs, always_xy=True)
            west, south, east, north = change.transform_bounds(west, south, east, north)
        except ProjError:
            return None
    if not np.isfinite([west, south, east, north]).all() or west > east:
        return None  # over the 180th meridian, or where the system cannot say
    margin = _MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin
