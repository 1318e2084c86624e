"""Features of GeoJSON, of a collection or a sequence, as a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lcrmap.errors import FileError
from lcrmap.io.columns import Column, broken_shapes, build_frame, reserved_note
from lcrmap.io.json_columns import cells_of, column_of, members_of, refuse_deep_cells, values_of
from lcrmap.io.json_shapes import TooDeepError, json_shapes
from lcrmap.io.json_text import Head, all_finite, too_deep
from lcrmap.io.plain_points import PlainPoints
from lcrmap.io.reading import Reading

_TOLD: Final = (
    *("string", "integer", "number", "boolean", "date", "datetime", "year"),
    *("array", "object", "any"),
)

_BARE: Final = ("integer", "number", "boolean")  # the types whose columns show it without a value

__all__ = ["plain_reading", "property_columns", "reading_of", "shapes_of"]


def reading_of(features: Sequence[dict[str, Any]], head: Head, where: str) -> Reading:
    """Make a frame of features.

    Raises
    ------
    FileError
        If a shape or a property nests too deep.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    shapes = shapes_of(features, where)
    columns = property_columns(features, where) if features else _told_columns(head.carried)
    columns = _without_echo(_as_told(columns, head.carried), head.carried)
    frame, types = build_frame(columns, shapes, head.crs)
    notes = reserved_note([each.name for each in columns], where)
    return Reading(frame, types, carried=head.carried, notes=notes)


def _told_types(carried: Any) -> dict[str, str]:
    """Return the types of columns by lcrmap's own metadata."""
    try:
        fields = {each["name"]: each["type"] for each in carried["schema"]["fields"]}
    except (TypeError, KeyError):  # somebody else's text
        return {}
    told = {name: kind for name, kind in fields.items() if isinstance(name, str)}
    return {name: kind for name, kind in told.items() if isinstance(kind, str) and kind in _TOLD}


def _told_columns(carried: Any) -> list[Column]:
    """Return the columns that a collection is told to have in which no feature shows them."""
    return [Column(name, kind, []) for name, kind in _told_types(carried).items()]


def _as_told(columns: Sequence[Column], carried: Any) -> list[Column]:
    """Give the columns without any value, of which JSON says no type, the types that they are told to have."""
    told = _told_types(carried)
    return [
        Column(each.name, told[each.name], each.values)
        if each.type == "string"
        and told.get(each.name) in _BARE
        and all(one is None for one in each.values)
        else each
        for each in columns
    ]


def property_columns(features: Sequence[dict[str, Any]], where: str) -> list[Column]:
    """Return a column for each property of features; raises FileError if one nests too deep."""
    cells = cells_of(features, members_of(features).ordered)
    refuse_deep_cells(cells, where)
    return [column_of(name, each, values_of(each).type) for name, each in cells.items()]


def plain_reading(plain: PlainPoints, head: Head, where: str) -> Reading:
    """Return what was decoded as plain points as the reading of a file."""
    columns = _without_echo(_as_told(plain.columns, head.carried), head.carried)
    frame, types = build_frame(columns, plain.shapes, head.crs)
    notes = reserved_note([each.name for each in columns], where)
    return Reading(frame, types, carried=head.carried, notes=notes)


def shapes_of(features: Sequence[dict[str, Any]], where: str) -> Any:
    """Return an array of shapes, None where there is none; raises as `reading_of` does."""
    try:
        shapes, broken = json_shapes([each.get("geometry") for each in features])
    except TooDeepError:
        raise FileError(too_deep(where)) from None
    if broken:
        finite = all_finite(features[broken[0]].get("geometry"))
        what = (
            "shapes that cannot be understood"
            if finite
            else "coordinates that are not finite numbers"
        )
        raise broken_shapes(broken, where, what=what, remedy="correct them or write null")
    return shapes


def _without_echo(columns: Sequence[Column], carried: Any) -> list[Column]:
    """Leave out the column of the features' own "id" if it only repeats the key's.

    lcrmap writes the key as "id" too; without this a layer would gain a column with each reading.
    """
    schema = carried.get("schema") if isinstance(carried, dict) else None
    raw = schema.get("primaryKey") if isinstance(schema, dict) else None
    name = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    key = next((each for each in columns if each.name == name), None)
    echo = next((each for each in columns if each.name == "id"), None)
    if key is None or echo is None or key is echo:
        return list(columns)
    same = all(str(one) == str(two) for one, two in zip(key.values, echo.values, strict=True))
    return [each for each in columns if each is not echo] if same else list(columns)
