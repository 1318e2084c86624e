"""CQL2 filters: each operator by hand, empty cells by three-valued logic, and an oracle in plain Python."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.filtering import choose, mask
from lcrmap.errors import ExpressionError, UnknownNameError
from lcrmap.layers import Category, Field, Layer, Metadata

NAMES = ["St Helens", "Sefton", "Liverpool", None, "Ynys Môn", "a_b%c"]
SIZES = [10.0, 2.5, None, 4.0, 0.0, -1.0]
OPEN = [True, False, None, True, False, True]


def layer(**columns: list[object]) -> Layer:
    columns = columns or {"name": list(NAMES), "size": list(SIZES), "is_open": list(OPEN)}
    rows = len(next(iter(columns.values())))
    frame = gpd.GeoDataFrame(
        columns, geometry=[shapely.Point(0, row) for row in range(rows)], crs="EPSG:4326"
    )
    kind = Field(
        "kind", "Kind", categories=(Category("tax_site", "Tax site"), Category("campus", "Campus"))
    )
    return Layer(frame, Metadata(name="tests", title="Tests", fields=(kind,)))


def chosen(expression: str) -> list[int]:
    return list(choose(layer(), expression).frame.index)


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("name = 'Sefton'", [1]),
        ("name <> 'Sefton'", [0, 2, 4, 5]),
        ("size > 2.5", [0, 3]),
        ("size >= 2.5", [0, 1, 3]),
        ("size < 0", [5]),
        ("2.5 <= size", [0, 1, 3]),
        ("size BETWEEN 0 AND 4", [1, 3, 4]),
        ("size IN (4, 10)", [0, 3]),
        ("name IN ('Sefton', 'Liverpool')", [1, 2]),
        ("name LIKE 'S%'", [0, 1]),
        ("name LIKE '_efton'", [1]),
        (r"name LIKE 'a\_b\%c'", [5]),
        ("name IS NULL", [3]),
        ("name IS NOT NULL", [0, 1, 2, 4, 5]),
        ("NOT (name = 'Sefton')", [0, 2, 4, 5]),
        ("NOT (size > 2)", [4, 5]),
        ("is_open = true", [0, 3, 5]),
        ("is_open", [0, 3, 5]),
        ("NOT is_open", [1, 4]),
        ("name = 'Sefton' OR size = 10", [0, 1]),
        ("name = 'Sefton' AND size = 10", []),
        ("size > 3 OR name = 'Liverpool'", [0, 2, 3]),
        ("CASEI(name) = CASEI('ST HELENS')", [0]),
        ("ACCENTI(name) = ACCENTI('Ynys Mon')", [4]),
        ("size * 2 = 8", [3]),
        ("size + 1 > 10", [0]),
    ],
)
def test_each_operator_chooses_the_rows_a_reader_expects(expression: str, rows: list[int]) -> None:
    assert chosen(expression) == rows


def test_the_input_is_not_changed_and_index_crs_and_metadata_are_kept() -> None:
    given_layer = layer()
    before = given_layer.frame.copy()
    result = choose(given_layer, "size > 2.5")
    pd.testing.assert_frame_equal(pd.DataFrame(given_layer.frame), pd.DataFrame(before))
    assert result.frame.crs == before.crs
    assert result.metadata == given_layer.metadata.replaced(selection="size > 2.5", selected_from=6)


def test_choosing_twice_says_both_filters_and_the_whole() -> None:
    twice = choose(choose(layer(), "size > 0"), "name = 'Sefton'").metadata
    assert twice.selection == "(size > 0) AND (name = 'Sefton')"
    assert twice.selected_from == 6


def test_an_empty_layer_gives_an_empty_layer() -> None:
    empty = layer()
    empty = empty.with_frame(empty.frame.iloc[:0])
    assert len(choose(empty, "name = 'Sefton'").frame) == 0


def test_a_date_column_is_compared_with_a_date() -> None:
    dated = layer(since=list(pd.to_datetime(["2020-01-01", "2024-09-12", None])))
    assert list(choose(dated, "since > DATE('2022-01-01')").frame.index) == [1]


def test_a_text_column_of_dates_is_compared_as_text() -> None:
    dated = layer(since=["2020", "2024-09-12", None])
    assert list(choose(dated, "since > '2022'").frame.index) == [1]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("nme = 'Sefton'", "did you mean 'name'"),
        ("name == 'Sefton'", "cannot be read at character"),
        ("", "cannot be read"),
        ("name", "value, not a condition"),
        ("size = 'ten'", "numbers with text"),
        ("name > 3", "numbers with text"),
        ("size LIKE 'a%'", "LIKE on something that is not text"),
        ("name + 1 = 2", "calculates"),
        ("name AND size > 1", "value where a condition is needed"),
        ("S_INTERSECTS(geometry, POINT(0 0))", "does not know"),
    ],
)
def test_a_wrong_filter_is_one_sentence_with_the_remedy(expression: str, message: str) -> None:
    with pytest.raises((ExpressionError, UnknownNameError), match=message):
        mask(layer(), expression)


def test_a_value_that_is_no_category_gets_a_suggestion() -> None:
    kinds = layer(kind=["tax_site", "campus", None])
    with pytest.raises(UnknownNameError, match="did you mean 'tax_site'"):
        mask(kinds, "kind = 'tax-site'")


def test_a_value_without_quotes_is_told_of_quotes() -> None:
    with pytest.raises(UnknownNameError, match="single quotes"):
        mask(layer(), "name = Sefton")


numbers = st.none() | st.integers(-3, 3).map(float)


@given(
    cells=st.lists(numbers, min_size=1, max_size=12),
    operator=st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
    value=st.integers(-3, 3),
    negated=st.booleans(),
)
def test_comparisons_agree_with_plain_python(
    cells: list[float | None], operator: str, value: int, negated: bool
) -> None:
    plain = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }[operator]
    frame = gpd.GeoDataFrame(
        {"n": pd.Series(cells, dtype="float64")},
        geometry=gpd.GeoSeries([None] * len(cells), crs="EPSG:4326"),
    )
    text = f"n {operator} {value}"
    result = mask(Layer(frame, Metadata("t", "t")), f"NOT ({text})" if negated else text)
    expected = [cell is not None and plain(cell, value) != negated for cell in cells]
    assert result.tolist() == expected
