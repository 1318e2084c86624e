"""Reading a file, or what came through a pipe, into a frame: one function per format.

Nothing is checked here but the file's form; what stands in it is looked at by `lcrmap.checks`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lcrmap.errors import FileError, UsageError
from lcrmap.io import geopackage
from lcrmap.io.archives import unpacked_shapefile
from lcrmap.io.columns import Reading, broken_shapes, build_frame
from lcrmap.io.crs import asked_crs
from lcrmap.io.delimited import read_delimited
from lcrmap.io.formats import detect
from lcrmap.io.geoparquet import read_parquet
from lcrmap.io.positions import choose_columns, points
from lcrmap.io.sequences import (
    read_collection,
    read_sequence,
    read_stream_of_features,
    read_trusted,
)
from lcrmap.io.shapefile import refuse_partial
from lcrmap.io.vectors import RefusedError, claimed_count, layer_metadata, read_vectors, tidied

__all__ = ["Asked", "read_file", "read_stream", "with_crs"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who asked said about a file, which goes before what the file says.

    Attributes
    ----------
    part
        The layer inside the file.
    x, y
        The coordinate columns of a table.
    crs
        The code of the coordinate reference system.
    types
        Frictionless types of a table's columns that are known.
    trusted
        Whether it belongs to a data pack, whose features were checked when it was made.
    """

    part: str = ""
    x: str = ""
    y: str = ""
    crs: str = ""
    types: dict[str, str] | None = None
    trusted: bool = False


def read_file(path: Path, asked: Asked) -> Reading:
    """Read a layer from a file that exists.

    Raises
    ------
    FileError
        If it is not whole, not readable or not what its name says.
    CRSError, GeometryError
        If its coordinate reference system or positions cannot be understood.
    """
    try:
        found = detect(path)
        if asked.part and found.name not in ("gpkg", "zip"):
            raise UsageError(
                f"'{path}' is {found.title}, which holds one layer: leave out ':{asked.part}'."
            )
        if found.name != "csv" and (asked.x or asked.y):
            raise UsageError(f"--x and --y are for tables, and '{path}' is {found.title}.")
        reading = _READERS[found.name](path, asked)
    except PermissionError:
        raise FileError(f"'{path}' may not be read: ask its owner for permission.") from None
    except IsADirectoryError:
        raise FileError(f"'{path}' is a folder: name a file in it.") from None
    except OSError as error:
        raise FileError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    return reading if found.name == "csv" else with_crs(reading, asked.crs, f"'{path.name}'")


def read_stream(data: bytes, asked: Asked) -> Reading:
    """Read a layer from the whole of what came through a pipe: GeoJSON, GeoJSONSeq or CSV."""
    found = detect(data)
    where = "'-' (standard input)"
    if asked.part:
        raise UsageError("What comes through a pipe is one layer: write '-' alone.")
    if found.name == "csv":
        return _table(data, where, asked, tabs=False)
    read = read_sequence if found.name == "geojsonl" else read_stream_of_features
    return with_crs(read(data, where), asked.crs, where)


def with_crs(reading: Reading, code: str, where: str) -> Reading:
    """Return the reading with the CRS that was asked for in place of the file's own."""
    if not code:
        return reading
    asked = asked_crs(code)
    own = reading.frame.crs
    notes = reading.notes
    if own is not None and own != asked:
        notes = (
            *notes,
            f"{where} says {own.to_string():.60} and is taken as {asked.to_string()}, as you asked.",
        )
    return replace(reading, frame=reading.frame.set_crs(asked, allow_override=True), notes=notes)


def _csv(path: Path, asked: Asked) -> Reading:
    return _table(path.read_bytes(), f"'{path}'", asked, tabs=path.suffix.casefold() == ".tsv")


def _table(data: bytes, where: str, asked: Asked, *, tabs: bool) -> Reading:
    found = read_delimited(data, where, tabs=tabs, types=asked.types)
    names = [each.name for each in found.columns]
    chosen = choose_columns(names, where, x=asked.x, y=asked.y)
    shapes, crs, notes = points(chosen, found.cells, where, crs=asked.crs)
    frame, types = build_frame(found.columns, shapes, crs)
    return Reading(
        frame,
        types,
        notes=(*found.notes, *notes),
        first_row=2,
        row_word="line",
        x=chosen.x,
        y=chosen.y,
    )


def _geojson(path: Path, asked: Asked) -> Reading:
    return read_trusted(path) if asked.trusted else read_collection(path)


def _sequence(path: Path, asked: Asked) -> Reading:
    return read_sequence(path.read_bytes(), f"'{path}'")


def _geopackage(path: Path, asked: Asked) -> Reading:
    where = f"'{path}'"
    with geopackage.settled(path) as file:
        layer = geopackage.choose_layer(file, asked.part, path)
        try:
            columns, shapes, crs, notes = read_vectors(
                file,
                "GPKG",
                where=where,
                layer=layer,
                options={"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"},
                own_crs=not asked.crs,
            )
        except RefusedError as error:
            raise FileError(
                f"{where} is not a whole GeoPackage: "
                f"save or download it again ({tidied(str(error), file)})."
            ) from error
        lost = geopackage.unreadable_shapes(file, layer, [each is None for each in shapes], where)
        carried = geopackage.carried_metadata(layer_metadata(file, "GPKG", layer))
    if lost:
        raise broken_shapes(lost, where)
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, carried=carried, notes=tuple(notes), title=layer)


def _parquet(path: Path, asked: Asked) -> Reading:
    columns, shapes, crs, carried, notes = read_parquet(path, own_crs=not asked.crs)
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, carried=carried, notes=tuple(notes))


def _flatgeobuf(path: Path, asked: Asked) -> Reading:
    reading = _plain(path, "FlatGeobuf", f"'{path}'", asked)
    claimed, found = claimed_count(path), len(reading.frame)
    if found < claimed:
        raise FileError(
            f"'{path}' is cut short ({found} of {claimed} features): save or download it again."
        )
    return reading


def _shapefile(path: Path, asked: Asked) -> Reading:
    refuse_partial(path, f"'{path}'")
    return _plain(path, "ESRI Shapefile", f"'{path}'", asked)


def _zipped(path: Path, asked: Asked) -> Reading:
    where = f"The Shapefile in '{path}'"
    with unpacked_shapefile(path, asked.part) as inner:
        if detect(inner).name != "shp":
            raise FileError(f"{where} is not one.")
        refuse_partial(inner, where)
        return replace(_plain(inner, "ESRI Shapefile", where, asked), title=asked.part)


def _plain(path: Path, driver: str, where: str, asked: Asked) -> Reading:
    try:
        columns, shapes, crs, notes = read_vectors(path, driver, where=where, own_crs=not asked.crs)
    except RefusedError as error:
        raise FileError(
            f"{where} is not whole: save or download it again ({tidied(str(error), path)})."
        ) from error
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, notes=tuple(notes))


_READERS: dict[str, Callable[[Path, Asked], Reading]] = {
    "csv": _csv,
    "geojson": _geojson,
    "geojsonl": _sequence,
    "gpkg": _geopackage,
    "parquet": _parquet,
    "fgb": _flatgeobuf,
    "shp": _shapefile,
    "zip": _zipped,
}
