"""Columns: what a reader sees of each kind of value."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lcrmap.layers import Category, Field
from lcrmap.layers.addresses import is_link
from lcrmap.maps.columns import clean, make_column
from lcrmap.maps.words import load_words

CASES: dict[str, tuple[list[Any], str, list[str]]] = {
    "text": (["a", "b", None, ""], "text", ["a", "b", "", ""]),
    "repeated text": (["a", "a", "b", "b"], "code", ["a", "a", "b", "b"]),
    "whole numbers": ([1, 20000, 3], "number", ["1", "20,000", "3"]),
    "whole numbers with a gap": ([1.0, None, 3.0], "number", ["1", "", "3"]),
    "fractions": ([0.5, -0.25, np.nan], "number", ["0.50", "−0.25", ""]),
    "fractions of which some are whole": ([20.75, 0.0, -3.0, 1234.5], "number", ["20.75", "0.00", "−3.00", "1,234.50"]),
    "fractions of many digits": ([1 / 3, 0.5, 1e22, -1e-9], "number",
                                 ["0.333333", "0.500000", "10,000,000,000,000,000,000,000.000000", "0.000000"]),
    "an infinite number": ([1.0, float("inf")], "text", ["1", "inf"]),
    "truth": ([True, False, True], "code", ["Yes", "No", "Yes"]),
    "addresses": (["https://a.org/x", None], "link", ["https://a.org/x", ""]),
    "no address": (["https://a.org/x", "see note"], "text", ["https://a.org/x", "see note"]),
    "nested": ([{"a": [1, "</script>"]}, [1, 2]], "text", ['{"a": [1, "</script>"]}', "[1, 2]"]),
    "dates": ([datetime.date(2026, 11, 24), None], "text", ["2026-11-24", ""]),
    "days": (list(pd.to_datetime(["2026-11-24", "2026-11-25"])), "text", ["2026-11-24", "2026-11-25"]),
    "times": (list(pd.to_datetime(["2026-11-24T10:00", "2026-11-25T00:00"])), "text",
              ["2026-11-24T10:00:00", "2026-11-25T00:00:00"]),
    "arrays": ([np.array([1, 2]), None], "text", ["[1, 2]", ""]),
    "mixed": ([1, "a", 2.5], "text", ["1", "a", "2.5"]),
    "nothing": ([None, None], "text", ["", ""]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_column_shows_its_values(case: str) -> None:
    values, kind, shown = CASES[case]
    column = make_column(Field("c", "C"), pd.Series(values), load_words())
    assert [column.text(row) for row in range(len(values))] == shown
    assert [column.has(row) for row in range(len(values))] == [bool(each) for each in shown]
    assert column.kind == kind or (kind == "text" and column.kind == "code")


def test_categories_are_shown_by_their_labels_and_strangers_as_they_are() -> None:
    field = Field("c", "C", categories=(Category("a", "Alpha"), Category("b", "Beta")))
    column = make_column(field, pd.Series(["b", "x", None]), load_words())
    assert column.labels == ("Alpha", "Beta", "x")
    assert [column.text(row) for row in range(3)] == ["Beta", "x", ""]


def test_a_unit_stands_behind_the_number() -> None:
    column = make_column(Field("c", "C", unit="km²"), pd.Series([79.11, None]), load_words())
    assert [column.text(row) for row in range(2)] == ["79.11 km²", ""]


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("residents", [4247, 51995, 999], ["4,247", "51,995", "999"]),
        ("residents", [1873.0, None], ["1,873", ""]),
        ("year", [1999, 2022, None], ["1999", "2022", ""]),
        ("year_built", [1207], ["1207"]),
        ("years_of_life", [10400, 2022], ["10,400", "2,022"]),
        ("vintage", [1987, 1990, 1999, 2001, 2022], ["1987", "1990", "1999", "2001", "2022"]),
        ("vintage", [1987, 1990, 1999, 2001, 3022], ["1,987", "1,990", "1,999", "2,001", "3,022"]),
        ("rate", [2000.5, 1900.25, 1980.5, 2001.5, 2022.5],
         ["2,000.50", "1,900.25", "1,980.50", "2,001.50", "2,022.50"]),
    ],
)  # fmt: skip
def test_counts_and_measures_have_their_commas_from_a_thousand_and_years_none(
    name: str, values: list[Any], shown: list[str]
) -> None:
    column = make_column(Field(name, name.title()), pd.Series(values), load_words())
    assert [column.text(row) for row in range(len(values))] == shown


def test_what_has_a_unit_is_no_year() -> None:
    column = make_column(Field("built_m2", "Built", unit="m"), pd.Series([2022]), load_words())
    assert column.text(0) == "2,022 m"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b", "a␀b"), ("\x1b[0m", "␛[0m"), ("a\ud800b", "a\ufffdb"), ("\x7f", "␡"),
     ("a\tb\nc", "a\tb\nc"), ("\u202eabc", "\u202eabc"), ("\x85", "\ufffd")],
)  # fmt: skip
def test_what_cannot_be_written_is_made_visible(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "ok"),
    [("https://example.org/a?b=c#d", True), ("http://example.org", True), ("javascript:alert(1)", False),
     ("HTTPS://example.org", False), ("https://a b", False), ("https://a\n.org", False),
     ("data:text/html,x", False), ("//example.org", False), ('https://a"x', False), ("", False)],
)  # fmt: skip
def test_only_http_addresses_are_links(text: str, ok: bool) -> None:
    assert is_link(text) is ok
