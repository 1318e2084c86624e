"""Rows of JSON written column by column are the rows that are written one by one."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from lcrmap.io.json_rows import _cell_texts, dump, row_texts
from lcrmap.io.values import rows_of

TEXT = st.text(st.characters(exclude_categories=[]), max_size=6) | st.sampled_from(
    ["{}", "{0}", "a\nb", "\u2028", "\x00", "\ud800", '"', "\\", "%s", "é"]
)
SCALAR = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
VALUE = TEXT | SCALAR | st.lists(TEXT, max_size=2) | st.dictionaries(TEXT, SCALAR, max_size=2)


@given(
    st.dictionaries(TEXT, st.lists(VALUE, min_size=2, max_size=2), max_size=3)
    | st.dictionaries(TEXT, st.lists(TEXT | SCALAR, min_size=2, max_size=2), max_size=3)
)
def test_rows_are_the_same_both_ways(columns: dict[str, list[object]]) -> None:
    assert row_texts(columns, 2) == [dump(each) for each in rows_of(columns, 2)]


def test_no_rows_and_no_columns() -> None:
    assert row_texts({}, 2) == ["{}", "{}"]
    assert row_texts({"a": []}, 0) == []


def test_cells_that_hold_others_are_left_to_the_other_way() -> None:
    assert _cell_texts([1, [2]]) is None
    assert _cell_texts(["lone \ud800"]) is None
    assert _cell_texts([1, "a\nb", None]) == ["1", json.dumps("a\nb"), "null"]
