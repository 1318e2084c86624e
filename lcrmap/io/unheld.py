"""What a format has no form for, counted as it is written, and the sentences that say it."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.io.values import as_text_note, plain_kinds, plain_value, shape_columns

__all__ = [
    "Unheld",
    "columns_said",
    "decimals_note",
    "infinite_note",
    "infinite_numbers",
    "is_mixed",
    "long_decimals",
    "measures_note",
    "mixed_note",
    "shapes_note",
]

_FINITE: Final = frozenset({str, int, bool, type(None)})
_FRACTIONS: Final = (float, np.floating)
_LISTS: Final = (list, tuple, np.ndarray)


@dataclass(frozen=True, slots=True)
class Unheld:
    """What some rows hold that GeoParquet has no form for; ``+`` puts those of two files together.

    Attributes
    ----------
    infinite
        How many infinite numbers stand in lists and objects, by column.
    as_text
        The columns whose numbers become text.
    mixed
        The columns of values of different kinds, which become text.

    Examples
    --------
    >>> (Unheld(infinite={"a": 1}) + Unheld(infinite={"a": 2}, mixed=("b",))).infinite
    {'a': 3}
    """

    infinite: Mapping[str, int] = field(default_factory=dict)
    as_text: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()

    def __add__(self, other: Unheld) -> Unheld:
        return Unheld(
            dict(Counter(self.infinite) + Counter(other.infinite)),
            tuple(dict.fromkeys((*self.as_text, *other.as_text))),
            tuple(dict.fromkeys((*self.mixed, *other.mixed))),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that say it."""
        return (
            *infinite_note(self.infinite, "JSON text"),
            *as_text_note(list(self.as_text), "Parquet"),
            *mixed_note(list(self.mixed), "Parquet"),
        )

    def to_plain(self) -> list[Any]:
        """Return it as plain values."""
        return [dict(self.infinite), list(self.as_text), list(self.mixed)]

    @classmethod
    def from_plain(cls, told: Any) -> Unheld:
        """Return what plain values say.

        Raises
        ------
        ValueError, TypeError
            If they are no such values.
        """
        infinite, as_text, mixed = told
        return cls(
            {str(name): int(count) for name, count in infinite.items()},
            tuple(map(str, as_text)),
            tuple(map(str, mixed)),
        )


def infinite_numbers(frame: pd.DataFrame, *, within: bool = False) -> Counter[str]:
    """Return how many infinite numbers each column holds, also in its lists and objects.

    Parameters
    ----------
    within
        Whether to look at columns of Python's own values alone, since the format holds those of others.

    Examples
    --------
    >>> infinite_numbers(pd.DataFrame({"a": [math.inf, 1.5], "b": [1, 2]}))
    Counter({'a': 1})
    """
    found: Counter[str] = Counter()
    shapes = shape_columns(frame)
    for name, dtype in frame.dtypes.items():
        if name in shapes:
            continue
        if dtype == "object":
            values = frame[name].tolist()
            if not set(map(type, values)) <= _FINITE:  # looking at each takes ten times as long
                found[str(name)] += _infinite(values)
        elif not within and pd.api.types.is_float_dtype(dtype):
            numbers = frame[name].to_numpy(dtype="float64", na_value=np.nan)
            found[str(name)] += int(np.isinf(numbers).sum())
    return +found


def _infinite(values: list[Any]) -> int:
    """Return how many of the values are infinite, also of those in lists and objects: all of one depth together."""
    count, level = 0, values
    while level:
        kinds = set(map(type, level))
        if any(issubclass(each, _FRACTIONS) for each in kinds):
            numbers = (each for each in level if isinstance(each, _FRACTIONS))
            count += sum(map(math.isinf, numbers))
        if not any(issubclass(each, (*_LISTS, dict)) for each in kinds):
            break
        inner: list[Iterable[Any]] = [each for each in level if isinstance(each, _LISTS)]
        inner += [each.values() for each in level if isinstance(each, dict)]
        level = list(itertools.chain.from_iterable(inner))
    return count


def infinite_note(found: Mapping[str, int], title: str) -> tuple[str, ...]:
    """Say which columns lose infinite numbers.

    Parameters
    ----------
    found
        How many there are, by the name of the column.
    title
        What the format is called.

    Examples
    --------
    >>> infinite_note({"share": 2}, "JSON")
    ("JSON has no form for infinite numbers: 2 in the column 'share' are written as missing.",)
    """
    if not found:
        return ()
    count = sum(found.values())
    are = "is" if count == 1 else "are"
    return (
        f"{title} has no form for infinite numbers: {count:,} in {columns_said(list(found))} {are} written as missing.",
    )


def long_decimals(frame: pd.DataFrame) -> list[str]:
    """Return the columns with decimal numbers of more digits than a number of JSON holds, which are written as text.

    Examples
    --------
    >>> long_decimals(pd.DataFrame({"a": [Decimal("0.1234567890123456789")], "b": [Decimal("0.1")]}))
    ['a']
    """
    found = []
    for name in frame.columns[frame.dtypes == "object"]:
        values = frame[name].tolist()
        if Decimal in set(map(type, values)) and any(
            isinstance(each, Decimal) and isinstance(plain_value(each), str) for each in values
        ):
            found.append(str(name))
    return found


def decimals_note(names: Sequence[str], title: str) -> tuple[str, ...]:
    """Say which columns hold decimal numbers that are written as text.

    Examples
    --------
    >>> decimals_note(["a"], "JSON")
    ("Numbers in the column 'a' have more digits than those of JSON hold and are written as text.",)
    """
    if not names:
        return ()
    return (
        f"Numbers in {columns_said(names)} have more digits than those of {title} hold and are written as text.",
    )


def is_mixed(values: Sequence[Any], kind: str) -> bool:
    """Tell whether a format whose columns are of one type keeps values, as JSON knows them, as text for want of one.

    Numbers do not count, of which `lcrmap.io.values.as_text_note` speaks, nor do lists and objects of a column that is
    known to hold these, which reading makes of their text again.

    Parameters
    ----------
    kind
        The Frictionless type of the column.

    Examples
    --------
    >>> is_mixed([True, "a"], "any"), is_mixed([[1], None], "array"), is_mixed(["a", None], "string")
    (True, False, False)
    """
    kinds = plain_kinds(values)
    if kinds <= {list, dict}:
        return bool(kinds) and kind not in ("array", "object")
    return not kinds <= {str} and not kinds & {int, float}


def mixed_note(names: Sequence[str], title: str) -> tuple[str, ...]:
    """Say which columns are kept as text.

    Examples
    --------
    >>> mixed_note(["v"], "GeoPackage")
    ("GeoPackage keeps values of different kinds as text: those in the column 'v'; .geojson keeps them.",)
    """
    if not names:
        return ()
    where = columns_said(names)
    return (
        f"{title} keeps values of different kinds as text: those in {where}; .geojson keeps them.",
    )


def columns_said(names: Sequence[str]) -> str:
    """Name some columns, the first three by their names.

    Examples
    --------
    >>> columns_said(["a", "b", "c", "d"])
    "the columns 'a', 'b', 'c' and 1 more"
    """
    shown = ", ".join(repr(each) for each in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"the {'column' if len(names) == 1 else 'columns'} {shown}{more}"


def measures_note(count: int, title: str) -> tuple[str, ...]:
    """Say how many shapes lose their measures (M).

    Examples
    --------
    >>> measures_note(2, "GeoPackage")
    ('GeoPackage is written without measures (M), so those of 2 shapes are left out: .parquet keeps them.',)
    """
    if not count:
        return ()
    whose = "those of a shape" if count == 1 else f"those of {count:,} shapes"
    return (
        f"{title} is written without measures (M), so {whose} are left out: .parquet keeps them.",
    )


def shapes_note(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Say which columns of shapes are left out, of which a layer has one.

    Examples
    --------
    >>> shapes_note(["centre"], "'a.parquet'")
    ("A layer has one column of shapes: the column 'centre' of 'a.parquet', which holds others, is left out.",)
    """
    if not names:
        return ()
    hold, are = ("holds", "is") if len(names) == 1 else ("hold", "are")
    return (
        f"A layer has one column of shapes: {columns_said(names)} of {where}, which {hold} others, {are} left out.",
    )
