"""Columns from Arrow's: the same values, whichever library gives them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.columns import EXACT, Column
from lcrmap.io.decimals import decimal_column
from lcrmap.io.values import plain_value

__all__ = ["arrow_column", "frictionless_type", "kind_in_words", "stored"]


def kind_in_words(kind: pa.DataType) -> str:
    """Return a type in words; how text is laid out in memory or packed makes no other type of it."""
    if pa.types.is_dictionary(kind):
        return kind_in_words(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "string"
    return str(kind)


def frictionless_type(kind: pa.DataType) -> str | None:
    """Return the Frictionless type of a column; None for binary data."""
    if isinstance(kind, pa.BaseExtensionType):
        return frictionless_type(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return frictionless_type(kind.value_type)
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return "datetime"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_nested(kind):
        return "object" if pa.types.is_struct(kind) else "array"
    return "string"


def arrow_column(name: str, type_: str, cells: pa.ChunkedArray) -> Column:
    """Return a column of a Frictionless type, or of "any" or of text where numbers would lose digits in that.

    Raises
    ------
    UnicodeDecodeError
        If a text is not in UTF-8.
    OverflowError, ValueError, pyarrow.ArrowException
        If a date or time is none that Python knows.
    """
    cells = stored(cells)
    if pa.types.is_decimal(cells.type):
        return decimal_column(name, cells)
    if type_ == "integer" and _is_inexact(cells):
        return Column(name, "any", cells.to_pylist())
    return Column(name, type_, _values(type_, cells))


def _is_inexact(cells: pa.ChunkedArray) -> bool:
    """Tell whether whole numbers are beyond 64 bits with a sign, or beyond floating point, which gaps need."""
    large = pa.types.is_uint64(cells.type)
    if not (large or (cells.null_count and cells.type.bit_width == 64)):
        return False
    ends = pc.min_max(cells).as_py()
    if ends["max"] is None:
        return False
    if large and ends["max"] >= 2**63:
        return True
    return bool(cells.null_count) and (ends["max"] >= EXACT or ends["min"] <= -EXACT)


def stored(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells as they are stored, whatever an extension of Arrow or a dictionary makes of them."""
    if isinstance(cells.type, pa.BaseExtensionType):
        chunks = [each.storage for each in cells.chunks]
        cells = pa.chunked_array(chunks, type=cells.type.storage_type)
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    return cells


def _values(type_: str, cells: pa.ChunkedArray) -> Any:
    match type_:
        case "integer" | "boolean":
            return cells.to_pandas()
        case "number":
            return cells.cast(pa.float64()).to_pandas()
        case "date" | "datetime":
            if pa.types.is_time(cells.type):
                _refuse_long_days(cells)
            texts = [_when(each) for each in cells.to_pylist()]
            return np.asarray(texts, dtype=object)
        case "array" | "object":
            return [None if each is None else _as_json(each) for each in cells.to_pylist()]
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        _refuse_other_codings(cells)
        texts = cells.to_pandas()
        # Of a series of Python's own objects pandas before version 3 would write None as text.
        return texts.to_numpy() if texts.dtype == object else texts
    return [None if each is None else str(each) for each in cells.to_pylist()]


def _refuse_other_codings(texts: pa.ChunkedArray) -> None:
    """Refuse text that is not in UTF-8, which nobody has looked at where a file gives it."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        texts.to_pylist()  # which raises Python's own error
        raise


def _refuse_long_days(cells: pa.ChunkedArray) -> None:
    """Refuse times beyond a day, which Arrow would give as those of another day."""
    units = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
    numbers = cells.cast(pa.int32() if cells.type.bit_width == 32 else pa.int64())
    ends = pc.min_max(numbers).as_py()
    if (
        ends["max"] is not None
        and not 0 <= ends["min"] <= ends["max"] < 86_400 * units[cells.type.unit]
    ):
        raise OverflowError("A time lies beyond the day.")


def _when(value: Any) -> str | None:
    """Return a date or time as text, which it may be already."""
    return value if value is None or isinstance(value, str) else str(value.isoformat())


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=_inner))


def _inner(value: Any) -> Any:
    return plain_value(value) if isinstance(value, Decimal) else str(value)
