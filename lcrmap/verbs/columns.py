"""The columns of a layer that a question names: that they are there, and hold numbers where numbers are needed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.errors import UnknownNameError, UsageError, shortened
from lcrmap.layers import Layer
from lcrmap.layers.written_numbers import are_numbers, numbers_in, numbers_note, ways_written

__all__ = [
    "column_names",
    "number_column",
    "number_columns",
    "numbered",
    "reading_note",
    "role_numbers",
]

_COMMA: Final = re.compile(r"-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+),[0-9]+")  # such as 1.234,50
Floats = np.ndarray[Any, np.dtype[np.float64]]


def column_names(layer: Layer) -> list[str]:
    """Return the names of a layer's columns, without that of its shapes."""
    shapes = layer.frame.active_geometry_name
    return [str(each) for each in layer.frame.columns if each != shapes]


def number_column(layer: Layer, column: str, option: str, *, hint: str = "") -> pd.Series[Any]:
    """Return a column of numbers.

    Parameters
    ----------
    option
        The option that names the column, for the message.
    hint
        What is said besides if there is no such column.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    UsageError
        If it holds something else than numbers.
    """
    columns = column_names(layer)
    if column not in columns:
        raise UnknownNameError("column", column, columns, where=layer.name, hint=hint)
    values = layer.frame[column]
    if _holds_numbers(values):
        return values
    if values.isna().all():
        return values.astype("float64")
    written = numbers_in(values)
    if written is not None:
        return written[0]
    numeric = number_columns(layer)
    known = f"choose one of {', '.join(numeric)}" if numeric else "no column of it holds any"
    held, mend = _other_values(values), "correct that (leave empty what is suppressed or not known)"
    if not held:
        held, mend = _with_comma(values)
    if held:
        known = f"{mend}, or {known}" if numeric else mend
    raise UsageError(
        f"--{option} needs numbers, and '{column}' of {layer.name} holds {held or 'text or other values'}: {known}."
    )


def reading_note(layer: Layer, column: str) -> str:
    """Say how texts such as "£1,200" are read as numbers by `number_column`; empty where there are none."""
    written = None if _holds_numbers(layer.frame[column]) else numbers_in(layer.frame[column])
    if written is None:
        return ""
    return numbers_note(layer.frame[column], *written, column=column, layer=layer.name)


def numbered(layer: Layer, column: str) -> Layer:
    """Return the layer with a column of texts such as "12%" as numbers, and their unit; else as it is."""
    if column not in column_names(layer) or _holds_numbers(layer.frame[column]):
        return layer
    written = numbers_in(layer.frame[column])
    if written is None:
        return layer
    fields = tuple(
        replace(each, type="number", unit=each.unit or written[1]) if each.name == column else each
        for each in layer.metadata.fields
    )
    frame = layer.frame.assign(**{column: written[0]})
    changed = replace(layer, frame=frame, metadata=layer.metadata.replaced(fields=fields))
    return changed.noting(reading_note(layer, column))


def role_numbers(layer: Layer, column: str, role: str) -> Floats:
    """Return the numbers of a column that the data pack gives a role; NaN where there is none.

    Raises
    ------
    UsageError
        If there is no such column, or if it holds something else than numbers.
    """
    values = layer.frame[column] if column in column_names(layer) else None
    if values is not None and values.isna().all():
        return np.full(len(values), np.nan)
    if values is None or not _holds_numbers(values):
        raise UsageError(
            f"The data pack gives the role '{role}' to the column '{column:.80}' of {layer.name}, which holds "
            f"no numbers: correct that in its datapackage.json."
        )
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def number_columns(layer: Layer) -> list[str]:
    """Return the columns of a layer that hold numbers, without those of its positions and their errors."""
    positions = (layer.metadata.x, layer.metadata.y, ERROR_COLUMN)
    return [
        each
        for each in column_names(layer)
        if _holds_numbers(layer.frame[each]) and each not in positions
    ]


def _other_values(values: pd.Series[Any]) -> str:
    """Name the first value that is no number, and its row, among others that are; or numbers of several kinds.

    It is empty where none is a number.
    """
    texts = values.dropna().astype(str)
    texts = texts[texts.str.strip() != ""]
    others = texts[~are_numbers(texts)]
    if len(others) == len(texts):
        return ""
    if others.empty:
        ways = [f"'{shortened(each)}'" for each in ways_written(texts)[:2]]
        return (
            f"numbers written in several ways, such as {ways[0]} and {ways[1]}" if ways[1:] else ""
        )
    row = int(np.flatnonzero(values.index == others.index[0])[0]) + 1
    more = f" and other text in {len(others) - 1:,} more" if len(others) > 1 else ""
    return f"'{shortened(others.iloc[0])}' in row {row:,}{more}"


def _with_comma(values: pd.Series[Any]) -> tuple[str, str]:
    """Name the first number with a comma for its point, and how it is written, where all are such; else nothing."""
    texts = values.dropna().astype(str).str.strip()
    if not texts.str.fullmatch(_COMMA).all():
        return "", ""
    first = shortened(texts.iloc[0])
    point = first.replace(".", "").replace(",", ".")
    return f"'{first}', which has a comma for its point", f"write {point}"


def _holds_numbers(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
