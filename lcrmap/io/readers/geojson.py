"""GeoJSON: one collection of features, from a file, a data pack or a pipe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lcrmap.errors import FileError
from lcrmap.io.columns import build_frame
from lcrmap.io.features import AS_TEXT, explained, plain_reading, reading_of, records_of
from lcrmap.io.json_text import read_document, read_head, read_text
from lcrmap.io.plain_points import read_plain_points
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.vectors import RefusedError, read_vectors, tidied

__all__ = ["read", "read_bytes"]


def read(path: Path, asked: Asked, data: bytes) -> Reading:
    """Read a GeoJSON file, of which these are the bytes; GDAL, which makes the shapes, opens it by itself.

    Raises
    ------
    FileError
        If it is broken JSON or JSON of another kind.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    return _trusted(path, data) if asked.trusted else _collection(path, data)


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read a GeoJSON collection from bytes, record by record; raises what `read` does."""
    text = read_text(data, where)
    plain = read_plain_points(data)
    if plain is not None:
        return plain_reading(plain, where)
    head = read_head(text, where)
    features = read_document(text, where)["features"]
    columns, shapes = records_of(data, features, where)
    return reading_of(columns, shapes, head.crs, features, text, where, head)


def _trusted(path: Path, data: bytes) -> Reading:
    """Read a GeoJSON file of a data pack: its head is looked at, its features are not checked again."""
    where = f"'{path}'"
    head = read_head(read_text(data, where), where)
    try:
        columns, shapes, _, notes = read_vectors(path, "GeoJSON", options=AS_TEXT)
    except RefusedError as error:
        raise FileError(f"{where} cannot be read: {tidied(str(error), path)}.") from error
    frame, types = build_frame(columns, shapes, head.crs)
    return Reading(frame, types, notes=tuple(notes))


def _collection(path: Path, data: bytes) -> Reading:
    """Read a user's GeoJSON file."""
    where = f"'{path}'"
    text = read_text(data, where)
    plain = read_plain_points(data)
    if plain is not None:
        return plain_reading(plain, where)
    head = read_head(text, where)
    features = read_document(text, where)["features"]
    try:
        columns, shapes, _, notes = read_vectors(path, "GeoJSON", options=AS_TEXT)
    except RefusedError as error:
        raise explained(features, where, tidied(str(error), path)) from error
    reading = reading_of(columns, shapes, head.crs, features, text, where, head)
    return replace(reading, notes=(*reading.notes, *notes))
