"""One cell as it is written: the same text for the same value in every format, locale and time zone."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import NoneType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.layers import Metadata

__all__ = [
    "ROW",
    "as_text_note",
    "cell_text",
    "columns_of",
    "holds_numbers",
    "plain_kinds",
    "plain_value",
    "rows_of",
    "shape_columns",
]

_SHOWN: Final = 3
_MOST_DIGITS: Final = 38  # of a whole number

# What JSON makes of every value of a type; of the other types that depends on the value.
_PLAIN_KINDS: Final[Mapping[type, type]] = {
    **{kind: kind for kind in (NoneType, str, bool, int, list, dict)},
    np.bool_: bool,
    tuple: list,
    np.ndarray: list,
}

ROW = "row"
"""The column of row numbers that a table has in place of no column at all."""


def plain_value(value: Any) -> Any:
    """Return a value as JSON knows it; missing and not-finite numbers become None.

    Examples
    --------
    >>> plain_value(np.float64("nan")) is None
    True
    >>> plain_value(pd.Timestamp("2026-04-01"))
    '2026-04-01'
    """
    match value:
        case None | str():
            return value
        case bool() | np.bool_():
            return bool(value)
        case int() | np.integer():
            return int(value)
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case dict():
            return {str(name): plain_value(each) for name, each in value.items()}
        case list() | tuple() | np.ndarray():
            return [plain_value(each) for each in value]
        case Decimal():
            return _decimal(value)
        case bytes():
            return base64.b64encode(value).decode("ascii")
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if _is_midnight(value) else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def plain_kinds(values: Sequence[Any]) -> set[type]:
    """Return the types of values as JSON knows them, but for missing ones; few of the values are looked at.

    Examples
    --------
    >>> plain_kinds([(1, 2), None, math.inf]) == {list}
    True
    """
    kinds = set(map(type, values))
    known = kinds & _PLAIN_KINDS.keys()
    found = {_PLAIN_KINDS[each] for each in known}
    if kinds - known:
        found.update(type(plain_value(each)) for each in values if type(each) not in known)
    return found - {NoneType}


def cell_text(value: Any) -> str:
    """Return a value as it stands in a cell of a table; missing is empty.

    Examples
    --------
    >>> cell_text(True), cell_text(0.1), cell_text(None)
    ('true', '0.1', '')
    """
    plain = plain_value(value)
    match plain:
        case None:
            return ""
        case str():
            return plain
        case bool():
            return "true" if plain else "false"
        case int() | float():
            return repr(plain)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def columns_of(frame: pd.DataFrame, metadata: Metadata) -> dict[str, list[Any]]:
    """Return the columns that are not shapes, as JSON knows their values, in the frame's order.

    Whole numbers that a frame holds as floating point because of gaps are whole again.
    """
    shapes = shape_columns(frame)
    whole = {each.name for each in metadata.fields if each.type == "integer"}
    columns = {}
    for name in frame.columns:
        if name not in shapes:
            values = [plain_value(each) for each in frame[name].tolist()]
            if name in whole:
                values = [_whole(each) for each in values]
            columns[str(name)] = values
    return columns


def holds_numbers(values: pd.Series[Any]) -> bool:
    """Tell whether some values of a column are numbers; truth values are none.

    Examples
    --------
    >>> holds_numbers(pd.Series(["a", 2**64], dtype=object)), holds_numbers(pd.Series(["a", None, True], dtype=object))
    (True, False)
    """
    if values.dtype.kind in "iuf":
        return bool(values.notna().any())
    if values.dtype != object:
        return False
    # By types: looking at each value takes ten times as long.
    kinds = set(map(type, values[values.notna()].tolist()))
    return any(issubclass(each, int | float | np.number | Decimal) for each in kinds - {bool})


def as_text_note(columns: Sequence[str], form: str) -> tuple[str, ...]:
    """Say that numbers of some columns are written as text in a format that has no column for them.

    Examples
    --------
    >>> as_text_note(["ref"], "GeoPackage")[0].split(",")[0]
    "The numbers in 'ref' are written as text"
    """
    if not columns:
        return ()
    names = [f"'{each:.40}'" for each in columns]
    others = len(names) - _SHOWN
    last = f"{others} more columns" if others > 1 else names.pop()
    shown = ", ".join(names[:_SHOWN])
    said = f"{shown} and {last}" if shown else last
    why = f"no column of numbers in {form} holds all values"
    return (
        f"The numbers in {said} are written as text, since {why}: .geojson and .csv keep them.",
    )


def rows_of(columns: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    """Return the columns as one mapping a row."""
    names = list(columns)
    if not names:
        return [{} for _ in range(count)]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def shape_columns(frame: pd.DataFrame) -> set[Any]:
    """Return the names of the columns that hold shapes."""
    if isinstance(frame, gpd.GeoDataFrame):
        return {name for name, kind in frame.dtypes.items() if str(kind) == "geometry"}
    return set()


def _decimal(value: Decimal) -> int | float | str | None:
    """Return a decimal number as JSON's own where that has the same value; else its digits as text."""
    if not value.is_finite():
        return None
    if value == value.to_integral_value() and value.adjusted() < _MOST_DIGITS:
        return int(value)
    near = float(value)
    return near if math.isfinite(near) and Decimal(repr(near)) == value else str(value)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_midnight(value: dt.datetime) -> bool:
    return value.time() == dt.time(0) and value.tzinfo is None
