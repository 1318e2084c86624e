"""Record streams through fiona: what comes through a pipe, and sequences of features.

fiona has no wheels for Python 3.14; there the same bytes are read whole by pyogrio.
"""

from __future__ import annotations

import json
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from lcrmap.io.columns import Column
from lcrmap.io.guard import GDAL_OPTIONS
from lcrmap.io.vectors import RefusedError, tidied

__all__ = ["has_fiona", "read_records"]

_TYPES = {
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
    "float": "number",
    "json": "object",
    "time": "string",
    "bytes": "",
}


def has_fiona() -> bool:
    """Tell whether fiona is installed."""
    try:
        import fiona  # noqa: F401
    except ImportError:
        return False
    return True


def read_records(data: bytes, where: str) -> tuple[list[Column], Any, pyproj.CRS | None]:
    """Read features one by one.

    Parameters
    ----------
    data
        The whole stream, a GeoJSON collection.
    where
        What to call it in messages.

    Returns
    -------
    tuple
        The columns, an array of shapely geometries, and the CRS.

    Raises
    ------
    RefusedError
        If GDAL refuses the stream; holds its reason.
    """
    import fiona
    from fiona.errors import FionaError

    try:
        with (
            # A field may lawfully have the name "", which fiona thinks worth a warning.
            warnings.catch_warnings(action="ignore", category=UserWarning),
            fiona.Env(**GDAL_OPTIONS),
            fiona.open(BytesIO(data), driver="GeoJSON", DATE_AS_STRING="YES") as stream,
        ):
            kinds = {name: _kind(kind) for name, kind in stream.schema["properties"].items()}
            kept: dict[str, list[Any]] = {name: [] for name in kinds}
            shapes: list[Any] = []
            for feature in stream:
                properties = feature.properties
                for name in properties:
                    if name not in kept:  # a list: fiona leaves these out of its schema
                        kept[name] = [None] * len(shapes)
                        kinds[name] = "array"
                for name, values in kept.items():
                    values.append(properties.get(name))
                shapes.append(_geojson(feature.geometry))
            crs = pyproj.CRS.from_wkt(stream.crs_wkt) if stream.crs_wkt else None
    except (FionaError, ValueError, OSError) as error:
        raise RefusedError(tidied(str(error), Path(where))) from error
    columns = [Column(name, kinds[name], kept[name]) for name in kept if kinds[name]]
    return columns, _shapes(shapes), crs


def _kind(declared: str) -> str:
    bare = declared.split(":")[0]
    if bare.startswith("int"):
        return "integer"
    if bare.startswith("List"):
        return "array"
    return _TYPES.get(bare, "string")


def _geojson(geometry: Any) -> str | None:
    return None if geometry is None else json.dumps(geometry, default=_interface)


def _interface(geometry: Any) -> Any:
    return geometry.__geo_interface__  # of a collection, that of its parts is still to be asked for


def _shapes(texts: list[str | None]) -> Any:
    """Return geometries, None for none, for empty ones and for those that GEOS cannot build."""
    array = np.array(texts, dtype=object)
    with np.errstate(invalid="ignore"):  # the checks find what is not finite
        shapes = np.array(shapely.from_geojson(array, on_invalid="ignore"), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return shapes
