"""Whole frames through pyogrio, from a file whose format is already fixed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
from pyogrio import raw
from pyogrio.errors import CRSError as PyogrioCRSError
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError as ProjError

from lcrmap.errors import CRSError, FileError
from lcrmap.io.arrow_columns import arrow_column
from lcrmap.io.columns import (
    EXACT,
    Column,
    broken_shapes,
    build_frame,
    reserved_note,
    shapes_from_wkb,
)
from lcrmap.io.crs import DEGREES, tidy_crs
from lcrmap.io.guard import guarded
from lcrmap.io.reading import Asked, Reading

__all__ = [
    "RefusedError",
    "crs_of",
    "kinds_of",
    "layer_metadata",
    "left_out",
    "read_vectors",
    "read_whole",
    "tidied",
]

# The drivers that a prefix of the path holds to; the others are known by a mark that no other driver takes.
_PREFIXED = ("GPKG", "ESRIJSON")

# The driver whose texts may be in any encoding, which the reader of the format has words for.
_OF_ANY_ENCODING = "ESRI Shapefile"


class RefusedError(Exception):
    """Raised inside this room when GDAL refuses a file; whoever knows the format says why."""


def read_whole(path: Path, driver: str, where: str, asked: Asked, *, encoding: str = "") -> Reading:
    """Read a file that holds one layer; raises FileError, in words for a person, if GDAL refuses it."""
    try:
        columns, shapes, crs, notes = read_vectors(
            path, driver, where=where, encoding=encoding, own_crs=not asked.crs
        )
    except UnicodeDecodeError as error:
        raise FileError(
            f"{where} is not in {encoding or 'the encoding that it tells'}: name another with --encoding."
        ) from error
    except RefusedError as error:
        raise FileError(
            f"{where} is not whole: save or download it again ({tidied(str(error), path)})."
        ) from error
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, notes=tuple(notes))


def read_vectors(
    path: Path,
    driver: str,
    *,
    where: str = "",
    layer: str = "",
    options: dict[str, str] | None = None,
    encoding: str = "",
    own_crs: bool = True,
) -> tuple[list[Column], Any, pyproj.CRS | None, list[str]]:
    """Read all features of a layer.

    Parameters
    ----------
    path
        A file that exists and whose format has been checked.
    driver
        GDAL's name of that format.
    where
        What to call the file in messages; empty for its path.
    layer
        The layer's name; empty for the only one.
    options
        Options of the driver for opening the file.
    encoding
        The encoding of its text; empty for what GDAL finds.
    own_crs
        Whether to read the file's own CRS; otherwise the CRS is None.

    Returns
    -------
    tuple
        The columns, an array of shapely geometries, the CRS, and GDAL's warnings.

    Raises
    ------
    RefusedError
        If GDAL cannot read it; holds GDAL's words.
    UnicodeDecodeError
        If a text of a Shapefile is not in the encoding.
    CRSError
        If its CRS cannot be understood.
    """
    where = where or f"'{path}'"
    source = str(path.resolve())
    if driver in _PREFIXED:
        source = f"{driver}:{source}"
    with guarded():
        try:
            meta, fids, binary, data = raw.read(
                source,
                layer=layer or None,
                return_fids=True,
                datetime_as_string=True,
                encoding=encoding or None,
                **(options or {}),
            )
        except PyogrioCRSError as error:
            raise CRSError(
                f"The coordinate reference system of {where} cannot be understood: say --crs EPSG:CODE."
            ) from error
        except UnicodeDecodeError as error:
            if driver == _OF_ANY_ENCODING:
                raise
            raise RefusedError("a text in it is not in UTF-8") from error
        except (DataSourceError, DataLayerError, ValueError) as error:
            raise RefusedError(str(error)) from error
        except MemoryError as error:
            raise RefusedError("it claims more features than this machine has room for") from error
        except IndexError as error:  # pyogrio takes the first layer of a file that has none
            raise RefusedError("it holds no layer") from error
    kinds = kinds_of(meta)
    opening = {"layer": layer or None, **(options or {})}
    columns = [
        _exact(Column(str(name), kind, values), source, opening, number)
        for number, (name, kind, values) in enumerate(zip(meta["fields"], kinds, data, strict=True))
        if kind != "binary"
    ]
    notes = [
        left_out(str(name), where)
        for name, kind in zip(meta["fields"], kinds, strict=True)
        if kind == "binary"
    ]
    notes += reserved_note([each.name for each in columns], where)
    none = np.full(len(fids), None, dtype=object)
    shapes, broken = shapes_from_wkb(none if binary is None else binary)
    if broken:
        raise broken_shapes(broken, where)
    return columns, shapes, crs_of(meta["crs"], where) if own_crs else None, notes


def _exact(column: Column, source: str, opening: dict[str, Any], number: int) -> Column:
    """Read the column of that number anew through Arrow if pyogrio's floating point, for its gaps, lost digits."""
    values = column.values
    if column.type != "integer" or values.dtype.kind != "f":
        return column
    if not (np.abs(values[~np.isnan(values)]) >= EXACT).any():
        return column
    # Arrow is given names as bytes in any encoding: a column of another than ASCII is found by its place.
    plain = column.name.isascii()
    names = [column.name] if plain else None
    with guarded():
        table = raw.read_arrow(source, columns=names, read_geometry=False, **opening)[1]
    table = table.rename_columns([str(place) for place in range(table.num_columns)])
    return arrow_column(column.name, column.type, table.column(0 if plain else number))


def layer_metadata(path: Path, driver: str, layer: str) -> dict[str, str] | None:
    """Return the metadata that a GeoPackage holds for a layer."""
    with guarded():
        try:
            info = pyogrio.read_info(f"{driver}:{path.resolve()}", layer=layer)
        except (DataSourceError, DataLayerError) as error:
            raise FileError(f"'{path}' cannot be read: {error}.") from error
    found: dict[str, str] | None = info["layer_metadata"]
    return found


def tidied(words: str, path: Path) -> str:
    """Return GDAL's last words without the path that the sentence around them names already.

    Examples
    --------
    >>> tidied("it is cut; Error occurred in table.cpp at line 7", Path("a.gdb"))
    'it is cut'
    """
    parts = words.split("; It might help")[0].split(";")
    # Where in GDAL's own code it noticed says nothing of the file.
    told = [each for each in parts if not each.strip().startswith("Error occurred in ")]
    last = (told or ["a table in it is cut"])[-1].replace(str(path.resolve()), path.name)
    return " ".join(last.split()).strip(" .")[:160]


def left_out(name: str, where: str) -> str:
    """Say that a column is left out."""
    return f"The column '{name}' of {where} holds binary data and is left out."


def crs_of(text: str | None, where: str) -> pyproj.CRS | None:
    """Return the CRS that GDAL writes so, None for one that says itself that it is undefined.

    Raises CRSError if it cannot be understood.
    """
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
    except ProjError as error:
        raise CRSError(
            f"The coordinate reference system of {where} cannot be understood: say --crs EPSG:CODE."
        ) from error
    # Of a GeoPackage: srs_id -1 and 0, of which nobody knows where they are.
    undefined = crs.is_engineering or crs.name.startswith("Undefined ")
    if undefined:
        return None
    if (
        crs.to_authority() is None
    ):  # a projection of the file's own, which may be none that anybody knows
        try:
            pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
        except pyproj.exceptions.ProjError:
            raise CRSError(
                f"The coordinate reference system of {where} cannot be understood: say --crs EPSG:CODE."
            ) from None
    return tidy_crs(crs)


def kinds_of(meta: dict[str, Any]) -> list[str]:
    """Return the Frictionless types of a layer's columns, from what pyogrio says of it; "binary" for none."""
    told = zip(meta["dtypes"], meta["ogr_types"], meta["ogr_subtypes"], strict=True)
    return [_kind(str(dtype), kind, subtype) for dtype, kind, subtype in told]


def _kind(dtype: str, kind: str, subtype: str) -> str:
    if subtype == "OFSTJSON":
        return "object"
    if dtype.startswith("list"):
        return "array"
    if dtype == "bool":
        return "boolean"
    if dtype.startswith("datetime64"):
        return "date" if dtype.endswith("[D]") else "datetime"
    if dtype.startswith(("int", "uint")):
        return "integer"
    if dtype.startswith("float"):
        return "number"
    return "binary" if kind == "OFTBinary" else "string"
