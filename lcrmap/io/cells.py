"""Cells of text and the types that they have: whole numbers, decimal numbers, truth values, else text.

A column's type follows one rule over all its cells: whole numbers without leading zeros, decimal numbers, ``true`` and
``false``, else text. Codes such as ``007`` and dates stay as they are written. No whole number loses a digit: where
those that floating point cannot hold stand beside gaps or decimals, each stays what it is, as in JSON.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.columns import EXACT, Column
from lcrmap.io.decimals import loses_digits

__all__ = ["FINE", "LONG", "common_kind", "kept_kind", "kind_of", "settled_kind", "typed_column"]

LONG: Final = ("long", "longest")
"""The kinds of whole numbers beyond floating point, and beyond 64 bits."""

FINE: Final = "fine"
"""The kind of decimal numbers with more digits than floating point holds, which stay text."""

# Leading zeros make a code, not a number; what has more digits is none either.
_WHOLE: Final = r"^-?(0|[1-9][0-9]{0,37})$"
_TOO_LONG: Final = r"^-?[0-9]{39,}$"
_DIGITS: Final = r"^-?[0-9]+$"
# An exponent needs its sign: '12E4' is more often a code than 120,000.
_DECIMAL: Final = r"^-?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][+-][0-9]+)?$"
_TRUTH: Final = r"^(true|false|True|False|TRUE|FALSE)$"
_NUMBERS: Final = frozenset({"integer", "number", "any", FINE, *LONG})

_HEAD: Final = 1000
"""Cells that are looked at first."""


def kept_kind(cells: pa.ChunkedArray, known: str) -> str:
    """Return the type that is known of a column if its cells keep to it; empty if it is to be guessed."""
    if not known or known in ("date", "datetime", "year"):
        return known
    kind = kind_of(cells)
    kept = {
        "integer": ("", "integer", *LONG),
        "number": ("", *_NUMBERS),
        "boolean": ("", "boolean"),
    }
    if kind not in kept.get(known, ()):
        return "string"
    exact = settled_kind(kind, gaps=bool(cells.null_count)) == "any"
    return "any" if exact or (known == "number" and kind in LONG) else known


def typed_column(name: str, cells: pa.ChunkedArray, kind: str) -> Column:
    """Return a column whose cells are all of a type, as `settled_kind` gives it."""
    match kind:
        case "integer":
            values: Any = cells.cast(pa.int64())
        case "number":
            values = cells.cast(pa.float64())
        case "boolean":
            values = pc.equal(pc.utf8_lower(cells), "true")
        case "any":
            return Column(name, kind, [_number(each) for each in cells.to_pylist()])
        case _:
            values = cells
    return Column(name, kind, values.to_pandas())


def kind_of(cells: pa.ChunkedArray) -> str:
    """Return the narrowest kind that all cells have; empty if every cell is.

    Of whole numbers there are three: those that floating point holds ("integer"), that 64 bits hold ("long"), and
    others ("longest"). Decimal numbers among which are long ones are of "any" kind, those that floating point does not
    hold to the digit are "fine".
    """
    if cells.null_count == len(cells):
        return ""
    if _all(cells, _WHOLE):
        return _whole_kind(cells)
    if _all(cells, _DECIMAL):
        return _decimal_kind(cells)
    return "boolean" if _all(cells, _TRUTH) else "string"


def common_kind(one: str, other: str) -> str:
    """Return the kind of two runs of cells together, as `kind_of` would give it.

    Examples
    --------
    >>> common_kind("integer", "number"), common_kind("", "boolean"), common_kind("boolean", "integer")
    ('number', 'boolean', 'string')
    >>> common_kind("integer", "long"), common_kind("number", "long")
    ('long', 'any')
    """
    if one == other or not other:
        return one
    if not one:
        return other
    both = {one, other}
    if not both <= _NUMBERS:
        return "string"
    if FINE in both:
        return FINE
    if both & {"number", "any"}:
        return "any" if both & {"any", *LONG} else "number"
    return "longest" if "longest" in both else "long"


def settled_kind(kind: str, *, gaps: bool) -> str:
    """Return the Frictionless type of all cells of a column, of which the kind is known, and whether one is empty.

    Examples
    --------
    >>> settled_kind("long", gaps=False), settled_kind("long", gaps=True), settled_kind("", gaps=True)
    ('integer', 'any', 'string')
    >>> settled_kind("fine", gaps=False)
    'string'
    """
    if kind == FINE:
        return "string"
    if kind == "long":
        return "any" if gaps else "integer"
    return "any" if kind == "longest" else kind or "string"


def _whole_kind(cells: pa.ChunkedArray) -> str:
    try:
        ends = pc.min_max(cells.cast(pa.int64())).as_py()
    except pa.ArrowInvalid:
        return "longest"
    return "integer" if ends["min"] > -EXACT and ends["max"] < EXACT else "long"


def _decimal_kind(cells: pa.ChunkedArray) -> str:
    """Tell decimal numbers from those that floating point cannot hold: 1e+400 is text, and so are very long ones."""
    ends = pc.min_max(cells.cast(pa.float64())).as_py()
    greatest = max(abs(ends["min"]), abs(ends["max"]))
    if greatest < EXACT:
        return FINE if loses_digits(cells) else "number"
    if greatest == float("inf") or _any(cells, _TOO_LONG):
        return "string"
    whole = pc.match_substring_regex(cells, _DIGITS)
    if loses_digits(cells.filter(pc.invert(whole))):
        return FINE
    large = pc.greater_equal(pc.abs(cells.cast(pa.float64())), float(EXACT))
    return "any" if pc.any(pc.and_(whole, large)).as_py() else "number"


def _number(text: str | None) -> int | float | None:
    if text is None:
        return None
    return int(text) if text.removeprefix("-").isdigit() else float(text)


def _any(cells: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, pattern), min_count=0).as_py())


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    head = cells.slice(0, _HEAD)  # most columns that do not match show it at once
    return all(
        pc.all(pc.match_substring_regex(each, pattern), min_count=0).as_py()
        for each in (head, cells)
    )
