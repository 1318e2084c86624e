"""Columns as text: the same characters as cell by cell, for every kind of column there is."""

from __future__ import annotations

import csv
import datetime as dt
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.io.texts import lines_of, number_texts, text_column
from lcrmap.io.values import cell_text, plain_value


def cell_by_cell(series: pd.Series, *, whole: bool) -> list[str]:
    """The oracle: what a cell is by itself."""
    values = [plain_value(each) for each in series.tolist()]
    if whole:
        values = [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]
    return [cell_text(each) for each in values]


floats = st.floats() | st.integers(-(2**60), 2**60).map(float) | st.floats(-200, 200)


@given(st.lists(floats, max_size=30), st.booleans())
def test_floating_point_is_written_as_python_writes_it(numbers: list[float], whole: bool) -> None:
    array = np.array(numbers, dtype="float64")
    expected = cell_by_cell(pd.Series(array), whole=whole)
    assert number_texts(array, whole=whole).to_pylist() == expected


@pytest.mark.parametrize(
    "series",
    [
        pd.Series([1, -2, 3]),
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([True, False]),
        pd.Series([True, None, False], dtype="boolean"),
        pd.Series([True, None, "x"], dtype=object),
        pd.Series(["a", None, "b,c", 'd"e', "f\ng", "Ynys Môn"]),
        pd.Series(["a", None], dtype=object),
        pd.Series([1.5, None], dtype="Float64"),
        pd.Series(pd.to_datetime(["2026-04-01", None, "2026-04-01 12:30"], format="ISO8601")),
        pd.Series([dt.date(2026, 4, 1), None]),
        pd.Series([{"a": 1}, [1, 2], b"x", None]),
        pd.Series(["a", "b", "a"], dtype="category"),
        pd.Series([], dtype="float64"),
        pd.Series([], dtype=object),
        pd.Series([None, None]),
        pd.Series([2.0, None, "x", 2.5], dtype=object),
        pd.Series(np.array([1, 2], dtype="uint8")),
        pd.Series(np.array([1.5, np.inf], dtype="float32")),
    ],
    ids=lambda series: f"{series.dtype}-{len(series)}",
)
@pytest.mark.parametrize("whole", [False, True])
def test_every_kind_of_column_is_written_as_cell_by_cell(series: pd.Series, whole: bool) -> None:
    column = text_column(series, whole=whole)
    assert column is not None
    assert column.to_pylist() == cell_by_cell(series, whole=whole)


def test_half_of_a_surrogate_pair_is_left_to_the_slow_way() -> None:
    assert text_column(pd.Series(["a", "\ud800"], dtype=object)) is None


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), max_size=8)
)
def test_lines_are_read_back_as_they_were(rows: list[list[str]]) -> None:
    columns = [text_column(pd.Series([row[at] for row in rows], dtype=object)) for at in (0, 1)]
    text = lines_of([each for each in columns if each is not None]).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


def test_a_single_empty_cell_is_no_blank_line() -> None:
    column = text_column(pd.Series(["", "x"], dtype=object))
    assert column is not None
    assert lines_of([column]) == b'""\nx\n'
