"""GeoJSON: one collection of features, from a file, a data pack or a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lcrmap.io.features import plain_reading, reading_of
from lcrmap.io.json_text import head_of, is_esri, parse, read_document, read_text
from lcrmap.io.plain_points import read_plain_points
from lcrmap.io.reading import Asked, Reading

# What stands in the other kinds of JSON, and seldom in GeoJSON.
_MARKS: Final = (b'"Topology"', b'"geometryType"', b'"spatialReference"')

__all__ = ["read", "read_bytes"]


def read(path: Path, asked: Asked, data: bytes) -> Reading:
    """Read the bytes of a file, which may be TopoJSON or Esri JSON too; raises as `read_bytes` does."""
    if path.suffix.casefold() == ".json" and any(each in data for each in _MARKS):
        whole = parse(read_text(data, f"'{path}'").encode(), f"'{path}'")
        if whole.get("type") == "Topology":
            # GDAL is loaded for these, and GeoJSON does without it.
            from lcrmap.io.readers.topojson import read_topology

            return read_topology(whole, path, asked)
        if "type" not in whole and is_esri(whole):
            from lcrmap.io.readers.esrijson import read_answer

            return read_answer(whole, path, asked)
    return read_bytes(data, f"'{path}'", asked)


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If it is broken JSON or JSON of another kind.
    CRSError
        If its CRS is not the name of a registered one.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    read_text(data, where)
    plain = read_plain_points(data)
    if plain is not None:
        return plain_reading(plain, head_of(plain.around, where), where)
    head, features = read_document(data, where)
    return reading_of(features, head, where)
