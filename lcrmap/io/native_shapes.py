"""Shapes of Parquet that are not GeoParquet's WKB: columns of a geometry type, and GeoArrow's coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from lcrmap.errors import CRSError
from lcrmap.layers.plain import carried_values

__all__ = ["fits_encoding", "native_columns", "native_crs", "shapes_from_arrow"]

Shapes = np.ndarray[Any, np.dtype[Any]]

_LEVELS: Final = {
    "point": 0,
    "linestring": 1,
    "multipoint": 1,
    "polygon": 2,
    "multilinestring": 2,
    "multipolygon": 3,
}
"""The encodings of GeoParquet 1.1 besides WKB, and how many lists they put around a position."""


def native_columns(file: pq.ParquetFile) -> dict[str, Any]:
    """Return what GeoParquet would say of the columns whose logical type is GEOMETRY or GEOGRAPHY.

    Their ``crs`` is the text of the logical type: see `native_crs`.
    """
    found = {}
    for place in range(file.metadata.num_columns):
        column = file.schema.column(place)
        logical = carried_values(column.logical_type.to_json())
        if isinstance(logical, dict) and logical.get("Type") in ("Geometry", "Geography"):
            named = {"crs": str(logical["crs"])} if logical.get("crs") else {}
            found[column.path] = {"encoding": "WKB", **named}
    return found


def native_crs(text: str, metadata: Mapping[bytes, bytes], where: str) -> dict[str, Any]:
    """Return the CRS that a logical type names, as PROJJSON or as an object with its identity alone.

    Parameters
    ----------
    metadata
        The file's own, in which the PROJJSON may stand.
    where
        What to call the file in messages.

    Raises
    ------
    CRSError
        If it says nothing without a database.

    Examples
    --------
    >>> native_crs("EPSG:27700", {}, "'a.parquet'")
    {'id': {'authority': 'EPSG', 'code': '27700'}}
    """
    kind, _, rest = text.partition(":")
    if text.startswith("{") or kind == "projjson":
        value = carried_values(metadata.get(rest.encode()) if kind == "projjson" else text)
        if isinstance(value, dict):
            return value
    if not rest or kind in ("srid", "projjson") or text.startswith("{"):
        raise CRSError(
            f"{where} names its CRS as '{text:.40}', which says nothing by itself: say --crs EPSG:CODE."
        )
    return {"id": {"authority": kind, "code": rest}}


def fits_encoding(encoding: str, kind: pa.DataType) -> bool:
    """Tell whether a column is what an encoding of GeoParquet 1.1 besides WKB says: lists of positions.

    Examples
    --------
    >>> position = pa.struct([("x", pa.float64()), ("y", pa.float64())])
    >>> fits_encoding("multipoint", pa.list_(position)), fits_encoding("point", pa.list_(position))
    (True, False)
    """
    if encoding not in _LEVELS:
        return False
    for _ in range(_LEVELS[encoding]):
        if not pa.types.is_list(kind):
            return False
        kind = kind.value_type
    if not pa.types.is_struct(kind):
        return False
    fields = [kind.field(number) for number in range(kind.num_fields)]
    plain = all(pa.types.is_float64(each.type) for each in fields)
    return plain and [each.name for each in fields] in (["x", "y"], ["x", "y", "z"])


def shapes_from_arrow(cells: pa.ChunkedArray, encoding: str) -> tuple[Shapes, tuple[int, ...]]:
    """Return the shapes of a column that `fits_encoding`, None where there is none, and the first row that has none.

    A row that cannot be one, such as a ring of two positions, is the only one that is returned as broken.
    """
    shapes = _shapes(cells, encoding)
    if shapes is not None:
        return shapes, ()
    whole, beyond = 0, len(cells)  # so many rows from the front are whole, and so many are not
    while beyond - whole > 1:
        middle = (whole + beyond) // 2
        if _shapes(cells.slice(whole, middle - whole), encoding) is None:
            beyond = middle
        else:
            whole = middle
    return np.full(len(cells), None, dtype=object), (whole,)


def _shapes(cells: pa.ChunkedArray, encoding: str) -> Shapes | None:
    named = {"ARROW:extension:name": f"geoarrow.{encoding}"}
    field = pa.field("shape", cells.type, metadata=named)
    try:
        frame = gpd.GeoDataFrame.from_arrow(pa.table([cells], schema=pa.schema([field])))
    except (ValueError, shapely.errors.ShapelyError):
        return None
    shapes: Shapes = frame.geometry.to_numpy().copy()
    shapes[frame.geometry.is_empty.to_numpy()] = None
    return shapes
