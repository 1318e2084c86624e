"""What a format has no form for, counted as it is written, and the sentences that say it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.io.values import shape_columns

__all__ = ["columns_said", "infinite_note", "infinite_numbers", "is_mixed", "mixed_note"]

_FINITE: Final = frozenset({str, int, bool, type(None)})


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
                found[str(name)] += sum(map(_infinite, values))
        elif not within and pd.api.types.is_float_dtype(dtype):
            numbers = frame[name].to_numpy(dtype="float64", na_value=np.nan)
            found[str(name)] += int(np.isinf(numbers).sum())
    return +found


def _infinite(value: Any) -> int:
    match value:
        case float() | np.floating():
            return int(math.isinf(value))
        case dict():
            return sum(map(_infinite, value.values()))
        case list() | tuple() | np.ndarray():
            return sum(map(_infinite, value))
    return 0


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


def is_mixed(values: Iterable[Any], kind: str) -> bool:
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
    kinds = {type(each) for each in values if each is not None}
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
