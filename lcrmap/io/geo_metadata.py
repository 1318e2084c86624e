"""What a GeoParquet file says of its shapes: which column they are, how written, in which CRS, and what covers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
from pyproj.exceptions import CRSError as ProjError

from lcrmap.errors import CRSError, FileError
from lcrmap.io.arrow_columns import frictionless_type
from lcrmap.io.crs import DEGREES, named_crs, tidy_crs
from lcrmap.io.native_shapes import fits_encoding, native_columns, native_crs
from lcrmap.io.stores import Stored
from lcrmap.layers.plain import carried_values

__all__ = ["ShapesSaid", "shapes_said"]

_USUAL = ("geometry", "geom")
_EDGES = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True, slots=True)
class ShapesSaid:
    """What is said of the shapes of a file.

    Attributes
    ----------
    column
        The name of the column of its shapes.
    encoding
        How they are written there: ``"WKB"``, or one of GeoArrow's.
    crs
        Their CRS, or None if that is unknown or not asked for.
    of_points
        Whether all of them are points.
    edges
        The paths of xmin, ymin, xmax and ymax of the column that covers them; none if it has none.
    every
        The names of all columns of shapes.
    coverings
        The paths of what covers any of them.
    """

    column: str
    encoding: str
    crs: pyproj.CRS | None
    of_points: bool
    edges: Sequence[str]
    every: Sequence[str]
    coverings: frozenset[str]


def shapes_said(file: pq.ParquetFile, path: Path | Stored, *, own_crs: bool) -> ShapesSaid:
    """Return what a file says of its shapes.

    Parameters
    ----------
    own_crs
        Whether its own CRS counts.

    Raises
    ------
    FileError
        If it does not say which column they are, or writes them as we do not read them.
    CRSError
        If its CRS cannot be understood.
    """
    schema = file.schema_arrow
    metadata = schema.metadata or {}
    native = {} if b"geo" in metadata else native_columns(file)
    geo = _geo(metadata, native, path)
    column, encoding, described = _primary(geo, schema, path)
    if own_crs and native and "crs" in described:
        told = native_crs(described["crs"], file.metadata.metadata or {}, f"'{path}'")
        described = {**described, "crs": told}
    edges = _covering(described)
    return ShapesSaid(
        column,
        encoding,
        _crs(described, path) if own_crs else None,
        described.get("geometry_types") == ["Point"],
        edges if len(edges) == len(_EDGES) else [],
        tuple(geo["columns"]),
        frozenset(each for column in geo["columns"].values() for each in _covering(column)),
    )


def _geo(
    metadata: dict[bytes, bytes], native: dict[str, Any], path: Path | Stored
) -> dict[str, Any]:
    """Return what a file says of its shapes: by GeoParquet's key, else by the types of its columns."""
    if b"geo" not in metadata and native:
        usual = [name for name in native if name in _USUAL] if len(native) > 1 else [*native]
        if len(usual) != 1:
            raise FileError(
                f"'{path}' has several columns of shapes ({', '.join(native):.80}): "
                f"call the one that is meant 'geometry'."
            )
        return {"primary_column": usual[0], "columns": native}
    geo = carried_values(metadata.get(b"geo"))
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise FileError(
            f"'{path}' is Parquet but not GeoParquet, which says what its geometry column is: "
            f"save it with geopandas or GDAL, or give lcrmap a CSV with coordinates."
        )
    return geo


def _primary(
    geo: dict[str, Any], schema: pa.Schema, path: Path | Stored
) -> tuple[str, str, dict[str, Any]]:
    """Return the name of the column of its shapes, how they are written, and what is said of it."""
    name = geo.get("primary_column")
    described = geo["columns"].get(name) if isinstance(name, str) else None
    if not isinstance(described, dict) or schema.names.count(name) != 1:
        raise FileError(f"'{path}' does not say which of its columns is the geometry.")
    encoding = described.get("encoding")
    if encoding == "WKB" and frictionless_type(schema.field(name).type) is not None:
        encoding = schema.field(name).type
    fits = isinstance(encoding, str) and fits_encoding(encoding, schema.field(name).type)
    if encoding != "WKB" and not fits:
        raise FileError(
            f"'{path}' holds its shapes as '{encoding!s:.40}': save it with the encoding WKB."
        )
    return str(name), str(described["encoding"]), described


def _crs(described: dict[str, Any], path: Path | Stored) -> pyproj.CRS | None:
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


def _covering(described: Any) -> list[str]:
    """Return the paths of xmin, ymin, xmax and ymax in the shapes' covering; none if it has none."""
    covering = described.get("covering") if isinstance(described, dict) else None
    edges = covering.get("bbox") if isinstance(covering, dict) else None
    if not isinstance(edges, dict):
        return []
    paths = [edges.get(each) for each in _EDGES]
    return [".".join(map(str, each)) for each in paths if isinstance(each, list) and len(each) == 2]
