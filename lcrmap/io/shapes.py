"""Shapes as they are written: in degrees, ring directions as RFC 7946 wants them, digits bounded."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import ProjError

from lcrmap.errors import CRSError, GeometryError
from lcrmap.io.crs import DEGREES, no_grids_fetched
from lcrmap.layers import Layer
from lcrmap.layers.points import point_numbers, xy_of

__all__ = [
    "DECIMALS",
    "SAME_PLACE",
    "has_shapes",
    "in_degrees",
    "lon_lat",
    "measures",
    "shape_texts",
    "states_positions",
    "without_measures",
]

DECIMALS = 7
"""Digits behind the point of a degree: 0.00000005° is 6 mm, finer than any layer's source."""

SAME_PLACE = 1e-7  # degrees: a centimetre


def in_degrees(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Return the frame in degrees on WGS 84, and a note if it had to be transformed.

    Raises
    ------
    CRSError
        If it has no coordinate reference system to transform from.
    GeometryError
        If a position lies outside where its system can be transformed.
    """
    if not has_shapes(frame):
        return frame, ()
    frame = without_measures(frame)
    if frame.crs is None:
        raise CRSError("The layer has no coordinate reference system: name it with --crs.")
    if frame.crs.to_authority() == ("EPSG", "4326"):
        return frame, ()
    note = f"Positions are transformed from {_crs_name(frame)} to degrees ({DEGREES})."
    try:
        with no_grids_fetched():
            moved = frame.to_crs(DEGREES)
    except ProjError as error:
        raise CRSError(
            f"Positions in {_crs_name(frame)} cannot be transformed to degrees: say --crs EPSG:CODE."
        ) from error
    lost = np.flatnonzero(
        ~np.isfinite(shapely.get_coordinates(np.asarray(moved.geometry.array, dtype=object))).all(
            axis=1
        )
    )
    if lost.size:
        raise GeometryError(
            f"{lost.size} positions in {_crs_name(frame)} lie where it cannot be transformed to "
            f"degrees: correct them, or say --crs EPSG:CODE."
        )
    return moved, (note,)


def measures(frame: gpd.GeoDataFrame) -> int:
    """Return how many shapes have measures (M), which only GeoParquet is written with."""
    if not has_shapes(frame) or point_numbers(frame.geometry) is not None:
        return 0
    return int(shapely.has_m(frame.geometry.to_numpy()).sum())


def without_measures(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with shapes of two or three coordinates, without measures."""
    if not measures(frame):
        return frame
    shapes = frame.geometry.to_numpy()
    measured = shapely.has_m(shapes)
    plain = shapes.copy()
    # Of shapes with both, shapely's own ways would lose the heights too.
    high = measured & shapely.has_z(shapes)
    plain[high] = shapely.from_wkb(shapely.to_wkb(shapes[high], output_dimension=3))
    plain[measured & ~high] = shapely.force_2d(shapes[measured & ~high])
    return frame.set_geometry(plain, crs=frame.crs)


def shape_texts(frame: gpd.GeoDataFrame) -> list[str]:
    """Return each shape of a frame in degrees as GeoJSON text, ``null`` for none."""
    if not has_shapes(frame):
        return ["null"] * len(frame)
    shapes = np.array(frame.geometry.array, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    turned = shapely.orient_polygons(shapes, exterior_cw=False)
    rounded = shapely.transform(turned, _rounded, include_z=True)
    flat = np.where(shapely.has_z(shapes), rounded, shapely.force_2d(rounded))
    return ["null" if text is None else str(text) for text in shapely.to_geojson(flat)]


def lon_lat(frame: gpd.GeoDataFrame) -> tuple[list[float | None], list[float | None]]:
    """Return longitude and latitude of the points of a frame in degrees; None where there is none."""
    x, y = xy_of(frame.geometry)
    return _listed(x), _listed(y)


def _listed(numbers: Any) -> list[float | None]:
    rounded: list[float] = (np.round(numbers, DECIMALS) + 0.0).tolist()
    return [None if each != each else each for each in rounded]


def _rounded(coordinates: Any) -> Any:
    rounded = np.round(coordinates, DECIMALS)
    if rounded.shape[1] > 2:
        rounded[:, 2:] = np.round(rounded[:, 2:], 3)
    return rounded + 0.0  # no minus zero


def states_positions(layer: Layer) -> bool:
    """Tell whether the columns from which the points were read still hold their coordinates in degrees."""
    frame, x, y = layer.frame, layer.metadata.x, layer.metadata.y
    if x not in frame.columns or y not in frame.columns or frame.crs is None:
        return False
    if frame.crs.to_epsg() != 4326:
        return False
    stated = np.column_stack([pd.to_numeric(frame[each], errors="coerce") for each in (x, y)])
    meant = np.column_stack(xy_of(frame.geometry))
    same = (stated == meant).all() or np.allclose(
        stated, meant, rtol=0, atol=SAME_PLACE, equal_nan=True
    )
    return bool(same)


def has_shapes(frame: Any) -> bool:
    """Tell whether a frame has a column of shapes at all."""
    return isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name is not None


def _crs_name(frame: gpd.GeoDataFrame) -> str:
    authority = frame.crs.to_authority() if frame.crs else None
    return ":".join(authority) if authority else str(frame.crs and frame.crs.name)
