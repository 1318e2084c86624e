"""Which cells are among the values of a list, as ``code IN ('a', 'b')`` asks: one pass, however long the list is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["among", "is_plain"]


def is_plain(value: Any, column: pd.Series[Any]) -> bool:
    """Tell whether a value may be looked for by `among` in a column, without a comparison of its own.

    >>> is_plain(2.0, pd.Series([1])), is_plain(True, pd.Series([1])), is_plain("a", pd.Series([1]))
    (True, False, False)
    """
    if isinstance(value, str):
        return _holds_dates(column) or pd.api.types.is_string_dtype(column)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def among(column: pd.Series[Any], values: Sequence[Any]) -> pd.Series[Any]:
    """Tell of each cell whether it is one of some plain values; of an empty cell it is unknown.

    Raises
    ------
    ValueError
        If a text is looked for among dates that is none.

    Examples
    --------
    >>> among(pd.Series([1.0, None, 3.0]), [3.0, 4.0]).tolist()
    [False, <NA>, True]
    """
    result = pd.Series(pd.NA, index=column.index, dtype="boolean")
    known = column.notna()
    cells = column[known]
    if not len(cells):
        return result
    if _holds_dates(column):
        result[known] = _at_dates(cells, values)
    elif pd.api.types.is_numeric_dtype(column):
        # A filter's numbers are floats but for long ones, and pandas compares whole numbers with floats as floats.
        long = [each for each in values if isinstance(each, int)]
        others = np.array([each for each in values if not isinstance(each, int)], dtype="float64")
        found = np.isin(cells.to_numpy(dtype="float64"), others)
        if long:
            found |= cells.astype(object).isin(long).to_numpy(dtype=bool)
        result[known] = found
    else:
        result[known] = cells.isin(values).to_numpy(dtype=bool)
    return result


def _holds_dates(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_datetime64_any_dtype(column.dtype)


def _at_dates(cells: pd.Series[Any], texts: Sequence[str]) -> pd.Series[Any]:
    """Compare with one instant after another, since instants may be of a unit in which a cell would overflow."""
    instants = pd.to_datetime(pd.Series(texts), utc=True, format="mixed")
    cells = pd.to_datetime(cells, utc=True)
    unknown = pd.NA if instants.isna().any() else False
    found = pd.Series(unknown, index=cells.index, dtype="boolean")
    for each in instants.dropna().unique():
        found |= cells == each
    return found
