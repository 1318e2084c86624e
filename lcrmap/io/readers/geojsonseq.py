"""GeoJSONSeq: features that follow each other, one a line or one after each record separator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lcrmap.errors import FileError
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.features import plain_reading, reading_of, records_of
from lcrmap.io.json_text import parse, read_text, refuse_non_feature
from lcrmap.io.plain_points import read_plain_sequence
from lcrmap.io.reading import Asked, Reading

__all__ = ["read", "read_bytes"]

_RECORD_SEPARATOR = "\x1e"


def read(path: Path, asked: Asked, data: bytes) -> Reading:
    """Read the bytes of a file; raises as `read_bytes` does."""
    return read_bytes(data, f"'{path}'", asked)


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read all features.

    GDAL gets them as one collection: it would take a sequence of a single feature for something else.

    Raises
    ------
    FileError
        If a record is broken JSON or no feature; the message says in which line.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    text = read_text(data, where)
    plain = read_plain_sequence(data)
    if plain is not None:
        return plain_reading(plain, where)
    records = list(_records(text, where))
    if not records:
        raise FileError(f"{where} holds no features: save or download it again.")
    features = [feature for _, feature in records]
    whole = ",".join(record for record, _ in records)
    collection = f'{{"type":"FeatureCollection","features":[{whole}]}}'.encode()
    columns, shapes = records_of(collection, features, where)
    return reading_of(columns, shapes, named_crs(DEGREES), features, text, where, None)


def _records(text: str, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each record of a sequence, as text and as a feature."""
    mark = _RECORD_SEPARATOR if _RECORD_SEPARATOR in text else "\n"
    line = 1
    for part in text.split(mark):
        if part.strip():
            feature = parse(part, where, line=line)
            refuse_non_feature(feature, f"The record in line {line} of {where}")
            yield part, feature
        line += part.count("\n") + (mark == "\n")
