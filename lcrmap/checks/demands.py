"""What breaks a demand of a schema: one function each, from the values of a column to the rows that do.

`lcrmap check` looks at files of a data package by these functions, and so does whoever builds the package.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.errors import shortened
from lcrmap.layers.constraints import Constraints

__all__ = ["DEMANDS", "broken", "is_known", "is_unsupported", "read_cells"]

Broken = Iterator[tuple[int, str]]
"""Rows that break a demand, from 0, and what is wrong with the value of each."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,4000}")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_YEAR: Final = re.compile(r"-?[0-9]{4}")
_SHOWN: Final = 8  # values that a message lists


def broken(demand: str, field: Constraints, values: Sequence[Any]) -> Broken:
    """Give the rows whose value breaks a demand, and what is wrong with it.

    Parameters
    ----------
    demand
        One of `DEMANDS`.
    field
        What is demanded.
    values
        The value of each row; None where there is none.

    Examples
    --------
    >>> list(broken("schema-range", Constraints("n", maximum=9), [3, None, 12]))
    [(2, 'is more than 9')]
    """
    return DEMANDS[demand](field, values)


def _required(field: Constraints, values: Sequence[Any]) -> Broken:
    if field.required:
        yield from ((row, "is empty") for row, value in enumerate(values) if value is None)


def _typed(field: Constraints, values: Sequence[Any]) -> Broken:
    fits = _TYPES.get(field.type)
    if fits is not None:
        for row, value in _there(values):
            if not fits(value):
                yield row, f"is not of the type {field.type}"


def _unique(field: Constraints, values: Sequence[Any]) -> Broken:
    if not field.unique:
        return
    seen = set()
    for row, value in _there(values):
        if _same(value) in seen:
            yield row, "stands there before"
        seen.add(_same(value))


def _listed(field: Constraints, values: Sequence[Any]) -> Broken:
    if field.enum is None:
        return
    allowed = {_same(each) for each in field.enum}
    more = ", ..." if len(field.enum) > _SHOWN else ""
    shown = ", ".join(shortened(str(each)) for each in field.enum[:_SHOWN])
    for row, value in _there(values):
        if _same(value) not in allowed:
            yield row, f"is none of {shown}{more}"


def _in_range(field: Constraints, values: Sequence[Any]) -> Broken:
    for row, value in _there(values):
        for bound, word in ((field.minimum, "less"), (field.maximum, "more")):
            if bound is None or not _can_be_compared(value, bound):
                continue  # of another type, which is another rule's
            if value < bound if word == "less" else value > bound:
                yield row, f"is {word} than {bound}"


def _long(field: Constraints, values: Sequence[Any]) -> Broken:
    for row, value in _there(values):
        if isinstance(value, str | list):
            count = len(value)
            if field.longest is not None and count > field.longest:
                yield row, f"is longer than {field.longest} characters"
            if field.shortest is not None and count < field.shortest:
                yield row, f"is shorter than {field.shortest} characters"


def _matching(field: Constraints, values: Sequence[Any]) -> Broken:
    """Look for the pattern by RE2, whose time grows with the text alone."""
    if not field.pattern or is_unsupported(field.pattern):
        return
    texts = [(row, value) for row, value in _there(values) if isinstance(value, str)]
    cells = pa.array([_in_utf8(value) for _, value in texts], pa.large_string())
    met = pc.match_substring_regex(cells, _whole(field.pattern)).to_pylist()
    for (row, _), fits in zip(texts, met, strict=True):
        if not fits:
            yield row, f"does not match the pattern {shortened(field.pattern)}"


DEMANDS: Final[dict[str, Callable[[Constraints, Sequence[Any]], Broken]]] = {
    "schema-required": _required,
    "schema-type": _typed,
    "schema-unique": _unique,
    "schema-enum": _listed,
    "schema-range": _in_range,
    "schema-length": _long,
    "schema-pattern": _matching,
}
"""By the id of its rule, what finds the rows that break a demand."""


def read_cells(values: pd.Series[Any], kind: str) -> list[Any]:
    """Return the values of a column as Python's own, None for none.

    Parameters
    ----------
    kind
        The type that texts are read as where they can be, as in a table; ``any`` leaves them as they are.

    Examples
    --------
    >>> read_cells(pd.Series(["12", "no", "", None]), "integer")
    [12, 'no', None, None]
    >>> read_cells(pd.Series(["12"]), "string")
    ['12']
    """
    found = [
        None if pd.api.types.is_scalar(each) and pd.isna(each) else each for each in values.tolist()
    ]
    return [None if isinstance(each, str) and not each else _read(each, kind) for each in found]


def _read(value: Any, kind: str) -> Any:
    if isinstance(value, str):
        if kind == "integer" and _WHOLE.fullmatch(value):
            return int(value)
        if kind == "number" and _NUMBER.fullmatch(value):
            return float(value)
        if kind == "boolean" and value.casefold() in ("true", "false"):
            return value.casefold() == "true"
    return value


def is_known(kind: str) -> bool:
    """Tell whether values of a type are looked at; of ``any`` nothing is demanded."""
    return kind in _TYPES or kind == "any"


def _there(values: Sequence[Any]) -> list[tuple[int, Any]]:
    return [(row, value) for row, value in enumerate(values) if value is not None]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _can_be_compared(one: Any, other: Any) -> bool:
    return (_is_number(one) and _is_number(other)) or (
        isinstance(one, str) and isinstance(other, str)
    )


def _same(value: Any) -> tuple[str, Any]:
    """Return what equal values have in common: 1 and 1.0 are equal, 1 and true are not."""
    if isinstance(value, bool | np.bool_):
        return "truth", bool(value)
    return (
        ("plain", value) if isinstance(value, str) or _is_number(value) else ("other", repr(value))
    )


def _is_whole(value: Any) -> bool:
    if isinstance(value, float | np.floating):
        return bool(value.is_integer())
    return _is_number(value)


def _is_date(value: Any) -> bool:
    return isinstance(value, dt.date) or (isinstance(value, str) and _parses(value, dt.date))


def _is_instant(value: Any) -> bool:
    return isinstance(value, dt.datetime) or (
        isinstance(value, str) and _parses(value, dt.datetime)
    )


def _parses(text: str, kind: type[dt.date]) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_year(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, str) and bool(_YEAR.fullmatch(value)))


_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_whole,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool | np.bool_),
    "date": _is_date,
    "datetime": _is_instant,
    "year": _is_year,
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list | np.ndarray),
}


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


def is_unsupported(pattern: str) -> bool:
    """Tell whether RE2 does not know an expression."""
    if not pattern:
        return False
    try:
        pc.match_substring_regex(pa.array([""]), _whole(_in_utf8(pattern)))
    except pa.ArrowInvalid:
        return True
    return False


def _in_utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
