"""Features from JSON text: a collection or a sequence, checked in Python and then read by GDAL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyproj

from lcrmap.errors import DataError, FileError, GeometryError
from lcrmap.io.columns import Column, Reading, build_frame
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.geojson import (
    Head,
    all_finite,
    claims_position,
    head_of,
    parse,
    read_document,
    read_head,
    read_text,
    refuse_non_feature,
    too_deep,
)
from lcrmap.io.plain_points import PlainPoints, read_plain_points, read_plain_sequence
from lcrmap.io.records import has_fiona, read_records
from lcrmap.io.vectors import RefusedError, read_vectors, tidied

__all__ = ["read_collection", "read_sequence", "read_stream_of_features", "read_trusted"]

_AS_TEXT = {"DATE_AS_STRING": "YES"}
_RECORD_SEPARATOR = "\x1e"
_NUL = "\\u0000"
_SHOWN = 5


def read_trusted(path: Path) -> Reading:
    """Read a GeoJSON file of a data pack: its head is looked at, its features are not checked again."""
    where = f"'{path}'"
    head = read_head(read_text(path.read_bytes(), where), where)
    try:
        columns, shapes, _, notes = read_vectors(path, "GeoJSON", options=_AS_TEXT)
    except RefusedError as error:
        raise FileError(f"{where} cannot be read: {tidied(str(error), path)}.") from error
    frame, types = build_frame(columns, shapes, head.crs)
    return Reading(frame, types, notes=tuple(notes))


def read_collection(path: Path) -> Reading:
    """Read a user's GeoJSON file.

    Raises
    ------
    FileError
        If it is broken JSON or JSON of another kind.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    where = f"'{path}'"
    data = path.read_bytes()
    text = read_text(data, where)
    plain = read_plain_points(data)
    if plain is not None:
        return _plain_reading(plain, where)
    head = read_head(text, where)
    features = read_document(text, where)["features"]
    try:
        columns, shapes, _, notes = read_vectors(path, "GeoJSON", options=_AS_TEXT)
    except RefusedError as error:
        raise _explained(features, where, tidied(str(error), path)) from error
    reading = _reading(columns, shapes, head.crs, features, text, where, head)
    return replace(reading, notes=(*reading.notes, *notes))


def read_stream_of_features(data: bytes, where: str) -> Reading:
    """Read a GeoJSON collection from bytes, record by record; raises what `read_collection` does."""
    text = read_text(data, where)
    plain = read_plain_points(data)
    if plain is not None:
        return _plain_reading(plain, where)
    head = read_head(text, where)
    features = read_document(text, where)["features"]
    columns, shapes = _records_of(data, features, where)
    return _reading(columns, shapes, head.crs, features, text, where, head)


def read_sequence(data: bytes, where: str) -> Reading:
    """Read features that follow each other, one a line or one after each record separator.

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
        return _plain_reading(plain, where)
    records = list(_records(text, where))
    if not records:
        raise FileError(f"{where} holds no features: save or download it again.")
    features = [feature for _, feature in records]
    whole = ",".join(record for record, _ in records)
    collection = f'{{"type":"FeatureCollection","features":[{whole}]}}'.encode()
    columns, shapes = _records_of(collection, features, where)
    return _reading(columns, shapes, named_crs(DEGREES), features, text, where, None)


def _records_of(
    data: bytes, features: list[dict[str, Any]], where: str
) -> tuple[list[Column], Any]:
    """Read a collection through fiona, or whole where there is no fiona."""
    try:
        if has_fiona():
            columns, shapes, _ = read_records(data, where)
            return columns, shapes
        with tempfile.TemporaryDirectory(prefix="lcrmap-") as folder:
            path = Path(folder) / "stream"
            path.write_bytes(data)
            columns, shapes, _, _ = read_vectors(path, "GeoJSON", where=where, options=_AS_TEXT)
            return columns, shapes
    except RefusedError as error:
        raise _explained(features, where, str(error)) from error


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


def _reading(
    columns: list[Column],
    shapes: Any,
    crs: pyproj.CRS | None,
    features: list[dict[str, Any]],
    text: str,
    where: str,
    head: Head | None,
) -> Reading:
    """Build the frame, having made sure that GDAL left nothing out."""
    if len(shapes) != len(features):
        raise FileError(
            f"{where} holds {len(features)} features, of which GDAL reads {len(shapes)}: "
            f"see RFC 7946 for the form."
        )
    lost = [
        number
        for number, (feature, shape) in enumerate(zip(features, shapes, strict=True), 1)
        if shape is None and claims_position(feature)
    ]
    if lost:
        raise _broken_shapes(features, lost, where)
    carried = head.carried if head else None
    kept = _without_echo(_with_numbers(columns, features), carried)
    if _NUL in text:
        kept = [_with_nul(each, features) for each in kept]
    frame, types = build_frame(kept, shapes, crs)
    return Reading(frame, types, carried=carried)


def _plain_reading(plain: PlainPoints, where: str) -> Reading:
    head = head_of(plain.around, where)
    columns = _without_echo(plain.columns, head.carried)
    frame, types = build_frame(columns, plain.shapes, head.crs)
    return Reading(frame, types, carried=head.carried)


def _explained(features: list[dict[str, Any]], where: str, reason: str) -> DataError:
    """Return the error that says in a person's words why GDAL refused features that are JSON."""
    numbers = [
        number for number, each in enumerate(features, 1) if not all_finite(each.get("geometry"))
    ]
    if numbers:
        return _broken_shapes(features, numbers, where)
    if "Too many nested" in reason:
        return FileError(too_deep(where))
    return FileError(f"{where} cannot be read as GeoJSON: {reason}.")


def _broken_shapes(features: list[dict[str, Any]], numbers: list[int], where: str) -> GeometryError:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    if len(numbers) > _SHOWN:
        shown += f" and {len(numbers) - _SHOWN} more"
    word = "feature" if len(numbers) == 1 else "features"
    if not all_finite(features[numbers[0] - 1].get("geometry")):
        what = "coordinates that are not finite numbers"
    else:
        what = "shapes that cannot be understood"
    return GeometryError(f"{where} has {what}, in {word} {shown}: correct them or write null.")


def _with_numbers(columns: list[Column], features: list[dict[str, Any]]) -> list[Column]:
    """Keep whole numbers that are the features' "id"; GDAL makes a column of texts alone."""
    ids = [each.get("id") for each in features]
    whole = all(each is None or (isinstance(each, int) and abs(each) < 2**63) for each in ids)
    if not whole or set(ids) <= {None} or any(each.name == "id" for each in columns):
        return columns
    return [Column("id", "integer", ids), *columns]


def _without_echo(columns: list[Column], carried: Any) -> list[Column]:
    """Leave out the column that GDAL makes of the features' "id" if it only repeats the key's.

    lcrmap writes the key as "id" too; without this a layer would gain a column with each reading.
    """
    schema = carried.get("schema") if isinstance(carried, dict) else None
    raw = schema.get("primaryKey") if isinstance(schema, dict) else None
    name = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    key = next((each for each in columns if each.name == name), None)
    echo = next((each for each in columns if each.name == "id"), None)
    if key is None or echo is None or key is echo:
        return columns
    same = all(str(one) == str(two) for one, two in zip(key.values, echo.values, strict=True))
    return [each for each in columns if each is not echo] if same else columns


def _with_nul(column: Column, features: list[dict[str, Any]]) -> Column:
    """Return a text column as it is written: GDAL ends a text at its first NUL."""
    if column.type != "string":
        return column
    values = []
    for read, feature in zip(column.values, features, strict=True):
        value, written = read, (feature.get("properties") or {}).get(column.name)
        if isinstance(written, str) and "\x00" in written:
            value = written.encode("utf-8", "replace").decode()
        values.append(value)
    return replace(column, values=values)
