"""Cells of text and the types that they have: whole numbers, decimal numbers, truth values, else text.

A column's type follows one rule over all its cells: whole numbers without leading zeros, decimal numbers, ``true`` and
``false``, else text. Codes such as ``007`` and dates stay as they are written.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.columns import Column

__all__ = ["common_kind", "kept_kind", "kind_of", "typed_column"]

# Leading zeros make a code, not a number; nineteen digits would not fit 64 bits.
_WHOLE: Final = r"^-?(0|[1-9][0-9]{0,17})$"
# An exponent needs its sign: '12E4' is more often a code than 120,000.
_DECIMAL: Final = r"^-?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][+-][0-9]+)?$"
_TRUTH: Final = r"^(true|false|True|False|TRUE|FALSE)$"

_HEAD: Final = 1000
"""Cells that are looked at first."""


def kept_kind(cells: pa.ChunkedArray, known: str) -> str:
    """Return the type that is known of a column if its cells keep to it; empty if it is to be guessed."""
    match known:
        case "":
            return ""
        case "integer":
            kept = _all(cells, _WHOLE)
        case "number":
            kept = _are_numbers(cells)
        case "boolean":
            kept = _all(cells, _TRUTH)
        case _:
            kept = known in ("date", "datetime", "year")
    return known if kept else "string"


def typed_column(name: str, cells: pa.ChunkedArray, kind: str) -> Column:
    """Return a column whose cells are all of a kind."""
    match kind:
        case "integer":
            values: Any = cells.cast(pa.int64())
        case "number":
            values = cells.cast(pa.float64())
        case "boolean":
            values = pc.equal(pc.utf8_lower(cells), "true")
        case _:
            values = cells
    return Column(name, kind, values.to_pandas())


def kind_of(cells: pa.ChunkedArray) -> str:
    """Return the narrowest kind that all cells have; empty if every cell is."""
    if cells.null_count == len(cells):
        return ""
    if _all(cells, _WHOLE):
        return "integer"
    if _are_numbers(cells):
        return "number"
    return "boolean" if _all(cells, _TRUTH) else "string"


def common_kind(one: str, other: str) -> str:
    """Return the kind of two runs of cells together, as `kind_of` would give it.

    Examples
    --------
    >>> common_kind("integer", "number"), common_kind("", "boolean"), common_kind("boolean", "integer")
    ('number', 'boolean', 'string')
    """
    if one == other or not other:
        return one
    if not one:
        return other
    return "number" if {one, other} == {"integer", "number"} else "string"


def _are_numbers(cells: pa.ChunkedArray) -> bool:
    """Tell whether all cells are decimal numbers that floating point can hold: 1e+400 is not."""
    if not _all(cells, _DECIMAL):
        return False
    return bool(pc.all(pc.is_finite(cells.cast(pa.float64())), min_count=0).as_py())


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    head = cells.slice(0, _HEAD)  # most columns that do not match show it at once
    return all(
        pc.all(pc.match_substring_regex(each, pattern), min_count=0).as_py()
        for each in (head, cells)
    )
