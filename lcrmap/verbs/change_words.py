"""A change of a scenario in words: what stood there before, what stands there after, and what its author can mend."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.layers import Layer
from lcrmap.layers.scenario import Change

__all__ = [
    "added_words",
    "at_words",
    "for_author",
    "people_words",
    "position_words",
    "said",
    "set_words",
    "values_words",
]

_OPTIONS: Final = re.compile(r"[:;,] (if [^:;,]*, )?[^:;]*?(?<![\w-])--[a-z].*", re.DOTALL)
_UNKNOWN_ERROR: Final = "error not known"


def said(value: Any) -> str:
    """Return a value as a sentence has it: whole numbers whole, nothing as ``empty``.

    Examples
    --------
    >>> said(534510.0), said("closed"), said(True), said(None)
    ('534510', 'closed', 'true', 'empty')
    """
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "empty"
    if isinstance(value, float | np.floating):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return str(value)


def at_words(change: Change) -> str:
    """Say where a place is put, and how far off that may be."""
    return f"{change.at} ({f'right to {change.error}' if change.error else _UNKNOWN_ERROR})"


def added_words(layer: Layer, change: Change) -> str:
    """Say where added features come from, and what is set of them."""
    missing = len(layer.frame) - layer.placed
    told = [
        at_words(change) if change.at else f"as in {', '.join(_origins(change.what))}",
        f"{missing:,} without a position" if missing else "",
        set_words(change.values),
    ]
    return "; ".join(filter(None, told))


def _origins(texts: Sequence[str]) -> list[str]:
    """Return the layers or files in which named features stand, each once."""
    return list(dict.fromkeys(each.partition(":")[0] for each in texts))


def people_words(counts: Sequence[float]) -> str:
    """Say how many live in each of some areas."""
    return "; ".join(f"{each:,.0f} {'resident' if each == 1 else 'residents'}" for each in counts)


def position_words(frame: gpd.GeoDataFrame) -> str:
    """Say where the one feature of a frame stands, and how far off that may be."""
    if not bool(metric.placed(frame.geometry)[0]):
        return "no position"
    lon, lat = metric.lonlat(frame.geometry)
    error = frame[ERROR_COLUMN].iloc[0] if ERROR_COLUMN in frame.columns else math.nan
    known = _UNKNOWN_ERROR if pd.isna(error) else f"right to {said(error)}m"
    return f"{lat[0]:.5f},{lon[0]:.5f} ({known})"


def values_words(layer: Layer, rows: Sequence[int], columns: Sequence[str]) -> str:
    """Return what stands in some columns before a change, each value once."""
    told = []
    for column in columns:
        values = layer.frame[column].iloc[list(rows)]
        told.append(f"{column}: {', '.join(dict.fromkeys(map(said, values)))}")
    return "; ".join(told)


def set_words(values: Mapping[str, Any]) -> str:
    """Return what is set, column by column."""
    return "; ".join(f"{column}: {said(value)}" for column, value in values.items())


def for_author(sentence: str) -> str:
    """Return a sentence about a file as it helps the author of a scenario, who has no options to give.

    Examples
    --------
    >>> for_author("It is read as Windows-1252: if letters look wrong, name another with --encoding.")
    'It is read as Windows-1252: if letters look wrong, save it as UTF-8.'
    """
    found = _OPTIONS.search(sentence)
    if found is None:
        return sentence
    remedy = (
        "save it as UTF-8"
        if "--encoding" in found[0]
        else "call its columns of coordinates 'longitude' and 'latitude' or 'easting' and 'northing', or save it as "
        "GeoJSON"
    )
    return f"{sentence[: found.start()]}: {found[1] or ''}{remedy}."
