"""Features from JSON text, of a collection or a sequence: checked in Python and then read by GDAL."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyproj

from lcrmap.errors import DataError, FileError, GeometryError
from lcrmap.io.columns import Column, build_frame
from lcrmap.io.json_text import Head, all_finite, claims_position, head_of, too_deep
from lcrmap.io.plain_points import PlainPoints
from lcrmap.io.reading import Reading
from lcrmap.io.records import has_fiona, read_records
from lcrmap.io.vectors import RefusedError, read_vectors

__all__ = ["AS_TEXT", "explained", "plain_reading", "reading_of", "records_of"]

AS_TEXT = {"DATE_AS_STRING": "YES"}
"""How GDAL reads GeoJSON here: a date stays as it is written."""

_NUL = "\\u0000"
_SHOWN = 5


def records_of(data: bytes, features: list[dict[str, Any]], where: str) -> tuple[list[Column], Any]:
    """Read a collection through fiona, or whole where there is no fiona."""
    try:
        if has_fiona():
            columns, shapes, _ = read_records(data, where)
            return columns, shapes
        with tempfile.TemporaryDirectory(prefix="lcrmap-") as folder:
            path = Path(folder) / "stream"
            path.write_bytes(data)
            columns, shapes, _, _ = read_vectors(path, "GeoJSON", where=where, options=AS_TEXT)
            return columns, shapes
    except RefusedError as error:
        raise explained(features, where, str(error)) from error


def reading_of(
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


def plain_reading(plain: PlainPoints, where: str) -> Reading:
    """Return what was decoded as plain points as the reading of a file."""
    head = head_of(plain.around, where)
    columns = _without_echo(plain.columns, head.carried)
    frame, types = build_frame(columns, plain.shapes, head.crs)
    return Reading(frame, types, carried=head.carried)


def explained(features: list[dict[str, Any]], where: str, reason: str) -> DataError:
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
