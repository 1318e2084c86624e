"""Columns of what was asked about that are carried into an answer beside those that the verb makes itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lcrmap.errors import UnknownNameError
from lcrmap.layers import Field, Layer
from lcrmap.verbs.columns import column_names
from lcrmap.verbs.numbers import listed

__all__ = ["Kept", "checked_columns", "kept_names", "kept_of"]

Kept = dict[str, str]
"""What carried columns are called in the answer, by their own names."""


def checked_columns(layers: Sequence[Layer], wanted: Sequence[str]) -> None:
    """Refuse a column that none of the layers has.

    Raises
    ------
    UnknownNameError
        If there is one.
    """
    known = list(dict.fromkeys(each for layer in layers for each in column_names(layer)))
    for column in wanted:
        if column not in known:
            where = listed(list(dict.fromkeys(each.name for each in layers)))
            raise UnknownNameError("column", column, known, where=where)


def kept_names(
    layers: Sequence[Layer],
    wanted: Sequence[str],
    there: Collection[str],
    *,
    prefix: str = "",
    clash: str,
) -> Kept:
    """Name the wanted columns that any of the layers has; no name is one of those that are there.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lcrmap.layers import Metadata
    >>> wards = Layer(gpd.GeoDataFrame({"code": ["a"], "row": [1]}, geometry=[None]), Metadata("w", "W"))
    >>> kept_names([wards], ["row", "code", "other"], ["row", "count"], clash="area_")
    {'row': 'area_row', 'code': 'code'}
    """
    known = {each for layer in layers for each in column_names(layer)}
    taken = [each for each in dict.fromkeys(wanted) if each in known]
    if not taken:
        return {}
    from lcrmap.analysis.attaching import column_names as names_of  # and with it all that measures

    return names_of(list(there), taken, prefix=prefix, clash=clash)


def kept_of(
    layers: Sequence[Layer], column: str, new: str, rows: Sequence[Any] | None = None
) -> tuple[pd.Series[Any], Field]:
    """Return the values of a carried column, layer behind layer, and what is known of it.

    Whole numbers and truths stay what they are, also where a layer lacks the column or a row has no value.

    Parameters
    ----------
    rows
        Of each layer the numbers of the rows that are wanted; -1 for one that is empty. None for all as they stand.
    """
    able = [each for each in layers if column in each.frame.columns]
    known = [replace(each.field(column), name=new, required=False) for each in able]
    field = known[0]
    if len({each.type for each in known}) > 1:
        field = replace(field, type="any")
    parts = []
    for number, layer in enumerate(layers):
        chosen = np.arange(len(layer.frame)) if rows is None else np.asarray(rows[number])
        if column in layer.frame.columns:
            values = _with_gaps(layer.frame[column]).reset_index(drop=True)
        else:
            values = _with_gaps(able[0].frame[column]).iloc[:0]
        parts.append(values.reindex(chosen))
    return pd.concat(parts, ignore_index=True), field


def _with_gaps(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return values in a type that holds them to the digit where others are missing."""
    if values.dtype.kind in "iub":
        return values.convert_dtypes()
    return values
