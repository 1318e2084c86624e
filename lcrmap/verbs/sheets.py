"""Rows as a table for people: the columns that tell most, a figure and its range in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from lcrmap.layers import Layer
from lcrmap.maps.columns import bound_names, clean
from lcrmap.maps.passages import Sheet
from lcrmap.maps.tables import distance_text
from lcrmap.maps.words import Words
from lcrmap.verbs.arranging import as_text, main_columns

__all__ = ["MOST_ROWS", "make_sheet"]

MOST_ROWS: Final = 25  # of a table in a report or passage; the CSV has them all


def make_sheet(layer: Layer, words: Words, *, main: Sequence[str] = ()) -> Sheet:
    """Arrange the main columns of an answer for a report.

    Parameters
    ----------
    main
        The columns; empty for those that tell most.

    Returns
    -------
    Sheet
        At most `MOST_ROWS` rows. A column with its least and greatest value beside it becomes one: "32 (31 to 33)".
    """
    frame = layer.frame
    shown = [each for each in (main or main_columns(layer)) if each in frame.columns]
    bounds = {
        each: found for each in frame.columns if (found := bound_names(str(each), frame.columns))
    }
    hidden = {name for pair in bounds.values() for name in pair}
    shown = [each for each in shown if each not in hidden and not _is_only_first(each, frame)]
    cut = layer.with_frame(frame.iloc[:MOST_ROWS])
    columns = [_cells(cut, each, bounds.get(each), words) for each in shown]
    numeric = tuple(
        bool(pd.api.types.is_numeric_dtype(frame[each].dtype))
        and not pd.api.types.is_bool_dtype(frame[each].dtype)
        for each in shown
    )
    values = [[_plain(each) for each in cut.frame[name].tolist()] for name in shown]
    return Sheet(
        layer.metadata.title,
        tuple(_head(layer, each) for each in shown),
        numeric,
        tuple(zip(*columns, strict=True)),
        tuple(zip(*values, strict=True)),
        len(frame),
    )


def _is_only_first(name: str, frame: pd.DataFrame) -> bool:
    """Tell whether a column of ranks says nothing, because only the nearest was asked for."""
    return name == "rank" and len(frame) > 0 and bool((frame[name] == 1).all())


def _head(layer: Layer, name: str) -> str:
    field = layer.field(name)
    if field.unit == "m":
        return field.title
    return f"{field.title} ({field.unit})" if field.unit else field.title


def _cells(layer: Layer, name: str, bounds: tuple[str, str] | None, words: Words) -> list[str]:
    texts = _texts(layer, name, words)
    if bounds is None:
        return texts
    low, high = (_texts(layer, each, words) for each in bounds)
    return [
        text if not text or not a or not b or a == b == text else f"{text} ({_range(a, b)})"
        for text, a, b in zip(texts, low, high, strict=True)
    ]


def _range(low: str, high: str) -> str:
    """Write a range, its unit once if both ends have the same.

    Examples
    --------
    >>> _range("1.7 km", "3 km"), _range("880 m", "1.2 km"), _range("31", "33")
    ('1.7 to 3 km', '880 m to 1.2 km', '31 to 33')
    """
    number, _, unit = low.partition(" ")
    return f"{number if unit and high.endswith(f' {unit}') else low} to {high}"


def _texts(layer: Layer, name: str, words: Words) -> list[str]:
    series = layer.frame[name]
    if layer.field(name).unit == "m" and pd.api.types.is_numeric_dtype(series.dtype):
        return ["" if pd.isna(v) else distance_text(float(v), words) for v in series.tolist()]
    if _is_share(layer, name) and pd.api.types.is_float_dtype(series.dtype):
        return ["" if pd.isna(v) else f"{v:.1f}" for v in series.tolist()]
    if pd.api.types.is_bool_dtype(series.dtype):
        yes, no = words("value.yes"), words("value.no")
        return ["" if pd.isna(v) else yes if v else no for v in series.tolist()]
    return [clean(each) for each in as_text(layer, name)]


def _is_share(layer: Layer, name: str) -> bool:
    return layer.field(name).unit == "%" or name.endswith("_pct")


def _plain(value: Any) -> Any:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return value.item() if hasattr(value, "item") else str(value)
