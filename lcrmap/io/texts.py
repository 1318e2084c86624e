"""Columns as text, a column at a time: the same characters as `lcrmap.io.values.cell_text` gives cell by cell."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.io.columns import EXACT
from lcrmap.io.values import cell_text, plain_value

__all__ = ["lines_of", "number_texts", "text_column"]

_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e9  # between these Arrow and Python write a fraction alike
_QUOTED: Final = r'[",\r\n]'

Floats = np.ndarray[Any, np.dtype[np.float64]]


def text_column(series: pd.Series[Any], *, whole: bool = False) -> pa.Array | None:
    """Return a column's cells as they stand in a table; missing is empty.

    Parameters
    ----------
    whole
        Whether whole numbers that stand as floating point, because of gaps, are written as whole numbers.

    Returns
    -------
    pyarrow.Array of large strings, or None
        None if a text cannot be UTF-8, which only the slow way can write.

    Examples
    --------
    >>> text_column(pd.Series([1.5, None, 2.0]), whole=True).to_pylist()
    ['1.5', '', '2']
    """
    kind = series.dtype
    if pd.api.types.is_bool_dtype(kind):
        truth = pa.array(series.astype("boolean"))
        return _filled(pc.if_else(truth, _text("true"), _text("false")))
    if pd.api.types.is_integer_dtype(kind):
        return _filled(pc.cast(pa.array(series), pa.large_string()))
    if pd.api.types.is_float_dtype(kind):
        return number_texts(series.to_numpy(dtype="float64", na_value=np.nan), whole=whole)
    try:
        if isinstance(kind, pd.StringDtype):
            return _filled(pc.cast(_one(pa.array(series, from_pandas=True)), pa.large_string()))
        return pa.array([_cell(each, whole=whole) for each in series.tolist()], pa.large_string())
    except UnicodeEncodeError:
        return None


def number_texts(numbers: Floats, *, whole: bool = False) -> pa.Array:
    """Return floating-point numbers as Python writes them; missing and infinite ones are empty."""
    finite = np.isfinite(numbers)
    size = np.abs(np.where(finite, numbers, 0.0))
    even = finite & (np.floor(size) == size)
    as_whole = even & (size < EXACT) if whole else np.zeros(len(numbers), dtype=bool)
    plain = finite & ~even & (size >= _PLAIN_FROM) & (size < _PLAIN_TO)
    texts = _filled(pc.cast(pa.array(numbers, mask=~plain), pa.large_string()))
    if as_whole.any():
        integers = pa.array(np.where(as_whole, numbers, 0).astype(np.int64))
        texts = pc.if_else(pa.array(as_whole), pc.cast(integers, pa.large_string()), texts)
    rest = np.flatnonzero(finite & ~plain & ~as_whole)
    if len(rest):
        written = pa.array(
            [_cell(each, whole=whole) for each in numbers[rest].tolist()], pa.large_string()
        )
        mask = np.zeros(len(numbers), dtype=bool)
        mask[rest] = True
        texts = pc.replace_with_mask(texts, pa.array(mask), written)
    return texts


def lines_of(columns: list[pa.Array], *, bare: Collection[int] = ()) -> bytes:
    """Return the lines of a CSV in UTF-8, each with its LF; cells are quoted where they must be.

    Parameters
    ----------
    bare
        The positions of columns of which no cell can need quotes, such as numbers.
    """
    quoted = [one if at in bare else _quoted(one) for at, one in enumerate(columns)]
    if len(quoted) == 1:  # a blank line would be no row
        quoted = [pc.if_else(pc.equal(quoted[0], _text("")), _text('""'), quoted[0])]
    last = pc.binary_join_element_wise(quoted[-1], _text("\n"), _text(""))
    ended = _one(pc.binary_join_element_wise(*quoted[:-1], last, _text(",")))
    start, end = (np.frombuffer(ended.buffers()[1], dtype=np.int64)[each] for each in _ends(ended))
    return bytes(ended.buffers()[2][start:end]) if len(ended) else b""


def _ends(array: pa.Array) -> tuple[int, int]:
    return array.offset, array.offset + len(array)


def _quoted(column: pa.Array) -> pa.Array:
    risky = pc.match_substring_regex(column, _QUOTED)
    if not pc.any(risky).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    within = pc.binary_join_element_wise(_text('"'), doubled, _text('"'), _text(""))
    return pc.if_else(risky, within, column)


def _text(text: str) -> Any:
    return pa.scalar(text, pa.large_string())


def _cell(value: Any, *, whole: bool) -> str:
    plain = plain_value(value)
    if whole and isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    text = cell_text(plain)
    if re.search("[\ud800-\udfff]", text):
        text.encode("utf-8")  # raises, and the whole table takes the slow way
    return text


def _filled(texts: Any) -> pa.Array:
    return _one(pc.fill_null(pc.cast(texts, pa.large_string()), _text("")))


def _one(array: Any) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
