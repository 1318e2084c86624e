"""GeoParquet through pyarrow: never by a path, and with what the file says of itself checked first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
from pyproj.exceptions import CRSError as ProjError

from lcrmap.errors import CRSError, FileError
from lcrmap.io.columns import Column, broken_shapes, shapes_from_wkb
from lcrmap.io.crs import DEGREES, named_crs, tidy_crs
from lcrmap.io.wellknown import nests_too_deep

__all__ = ["read_parquet"]

MOST_BYTES = 16 * 1024**3
"""What a file may claim to unpack to: more than that is no layer but a trap (a million places need 0.2 GB)."""

MOST_ROWS = 200_000_000
"""How many rows a file may claim: a column of nothing but gaps packs into a few bytes."""


def read_parquet(
    path: Path, *, own_crs: bool = True
) -> tuple[list[Column], Any, pyproj.CRS | None, Any, list[str]]:
    """Read all features.

    Parameters
    ----------
    own_crs
        Whether to read the file's own CRS; otherwise the CRS is None.

    Returns
    -------
    tuple
        The columns, an array of shapely geometries, the CRS, lcrmap's own metadata as found, and notes.

    Raises
    ------
    FileError
        If it is truncated, claims to be huge, or says nothing of its geometry.
    CRSError
        If its CRS cannot be understood.
    """
    try:
        with path.open("rb") as stream:
            file = pq.ParquetFile(stream)
            _bounded(file, path)
            geo = _geo(file.schema_arrow.metadata or {}, path)
            table = file.read(use_threads=True)
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0][:160].rstrip(".")
        raise FileError(
            f"'{path}' is not a whole Parquet file: save or download it again ({reason})."
        ) from None
    primary, described = _primary(geo, table, path)
    columns, notes = [], []
    for name in table.column_names:
        if name == primary or name in geo.get("columns", {}):
            continue
        column = _column(name, table.column(name))
        if column is None:
            notes.append(f"The column '{name}' of '{path.name}' holds binary data and is left out.")
        elif not name.startswith("__index_level_"):
            columns.append(column)
    shapes = _shapes(table.column(primary), path)
    carried = _json((table.schema.metadata or {}).get(b"lcrmap"))
    return columns, shapes, _crs(described, path) if own_crs else None, carried, notes


def _bounded(file: pq.ParquetFile, path: Path) -> None:
    meta = file.metadata
    size = sum(meta.row_group(each).total_byte_size for each in range(meta.num_row_groups))
    if size > MOST_BYTES or meta.num_rows > MOST_ROWS:
        raise FileError(
            f"'{path}' claims to unpack to {size / 1024**3:.0f} GB in {meta.num_rows} rows: it is not read."
        )


def _json(text: bytes | None) -> Any:
    if text is None or len(text) > 4_000_000:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return "broken"


def _geo(metadata: dict[bytes, bytes], path: Path) -> dict[str, Any]:
    geo = _json(metadata.get(b"geo"))
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise FileError(
            f"'{path}' is Parquet but not GeoParquet, which says what its geometry column is: "
            f"save it with geopandas or GDAL, or give lcrmap a CSV with coordinates."
        )
    return geo


def _primary(geo: dict[str, Any], table: pa.Table, path: Path) -> tuple[str, dict[str, Any]]:
    name = geo.get("primary_column")
    described = geo["columns"].get(name) if isinstance(name, str) else None
    if not isinstance(described, dict) or name not in table.column_names:
        raise FileError(f"'{path}' does not say which of its columns is the geometry.")
    encoding = described.get("encoding")
    if encoding != "WKB":
        raise FileError(
            f"'{path}' holds its shapes as '{encoding!s:.40}': save it with the encoding WKB."
        )
    return str(name), described


def _crs(described: dict[str, Any], path: Path) -> pyproj.CRS | None:
    """Return the CRS; a missing one means degrees, null means unknown (GeoParquet 1.1)."""
    if "crs" not in described:
        return named_crs(DEGREES)
    raw = described["crs"]
    if raw is None:
        return None
    identity = raw.get("id") if isinstance(raw, dict) else None
    if isinstance(identity, dict) and {"authority", "code"} <= set(identity):
        return named_crs(f"{identity['authority']}:{identity['code']}", where=f"'{path}'")
    try:
        if not isinstance(raw, dict):
            raise ProjError(raw)
        return tidy_crs(pyproj.CRS.from_json_dict(raw))
    except ProjError:
        raise CRSError(
            f"The coordinate reference system of '{path}' cannot be understood: say --crs EPSG:CODE."
        ) from None


def _shapes(binary: pa.ChunkedArray, path: Path) -> Any:
    values = binary.to_numpy()
    for row, value in enumerate(values):
        if value is not None and nests_too_deep(value):
            raise FileError(f"Feature {row + 1} of '{path}' nests collections too deep to be read.")
    shapes, broken = shapes_from_wkb(values)
    if broken:
        raise broken_shapes(broken, f"'{path}'")
    return shapes


def _column(name: str, cells: pa.ChunkedArray) -> Column | None:
    kind = cells.type
    if pa.types.is_dictionary(kind):
        cells = cells.cast(kind.value_type)
        kind = cells.type
    if pa.types.is_integer(kind):
        return Column(name, "integer", cells.to_pandas())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Column(name, "number", cells.cast(pa.float64()).to_pandas())
    if pa.types.is_boolean(kind):
        return Column(name, "boolean", cells.to_pylist())
    if pa.types.is_date(kind):
        return Column(name, "date", _iso(cells))
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return Column(name, "datetime", _iso(cells))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_nested(kind):
        values = [None if each is None else _as_json(each) for each in cells.to_pylist()]
        return Column(name, "object" if pa.types.is_struct(kind) else "array", values)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return Column(name, "string", cells.to_pandas())
    return Column(name, "string", [None if v is None else str(v) for v in cells.to_pylist()])


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def _iso(cells: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    texts = [None if each is None else each.isoformat() for each in cells.to_pylist()]
    return np.asarray(texts, dtype=object)
