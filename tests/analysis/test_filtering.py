"""CQL2 filters: each operator by hand, empty cells by three-valued logic, and an oracle in plain Python."""

from __future__ import annotations

import re
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.filtering import choose, mask
from lcrmap.errors import ExpressionError, UnknownNameError, WholeNeededError
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


DAYS = ["31/01/2024", None, " 01/02/2024 ", "05/03/2023"]


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("opened > DATE('2024-01-15')", [0, 2]),
        ("opened = DATE('2024-01-31')", [0]),
        ("DATE('2024-01-31') < opened", [2]),
        ("opened BETWEEN DATE('2023-01-01') AND DATE('2023-12-31')", [3]),
        ("opened IN (DATE('2024-02-01'), DATE('2023-03-05'))", [2, 3]),
        ("opened > TIMESTAMP('2024-01-31T12:00:00Z')", [2]),
        ("opened < DATE('2024-01-31') OR opened > DATE('2024-01-31')", [2, 3]),
        ("opened = ' 01/02/2024 '", [2]),
    ],
)
def test_dates_as_people_write_them_are_compared_as_dates(expression: str, rows: list[int]) -> None:
    found = choose(layer(opened=list(DAYS)), expression)
    assert list(found.frame.index) == rows
    assert found.frame["opened"].tolist() == [DAYS[row] for row in rows]
    said = "'opened' of tests is read as dates, day first: '31/01/2024' is 2024-01-31."
    assert found.notes == (() if "DATE" not in expression and "TIME" not in expression else (said,))


@pytest.mark.parametrize(
    ("cells", "how"),
    [
        (["1/2/2024"], ", day first, though month first fits as well: '1/2/2024' is 2024-02-01"),
        (["01.01.2024", "31.1.2024"], ", day first: '31.1.2024' is 2024-01-31"),
        (["01/01/2024", "02/02/2024"], ", day first: '01/01/2024' is 2024-01-01"),
        (["01/02/2024", "01/31/2024"], ", month first: '01/02/2024' is 2024-01-02"),
        (["31-01-2024 14:05"], ", day first: '31-01-2024 14:05' is 2024-01-31"),
        (["1st Feb 2024", "31 January 2024"], ": '1st Feb 2024' is 2024-02-01"),
        (["2024-01-31", "2024-02"], ""),
    ],
)
def test_how_dates_are_read_is_said(cells: list[str], how: str) -> None:
    found = choose(layer(opened=cells), "opened >= DATE('2024-01-01')")
    assert len(found.frame) == len(cells)
    assert found.notes == ((f"'opened' of tests is read as dates{how}.",) if how else ())


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (["31/01/2024", "2024-02-01"], "more than one form, '2024-02-01' in row 2 and '31/01/2024' in row 1"),
        (["31/01/2024", "01/31/2024"], "more than one form, '31/01/2024' in row 1 and '01/31/2024' in row 2"),
        (["31/01/2024", "1.2.2024"], "more than one form, '31/01/2024' in row 1 and '1.2.2024' in row 2"),
        (["31/01/2024", "soon"], "holds 'soon' in row 2, which is no date"),
        (["31/02/2024"], "holds '31/02/2024' in row 1, which is no date"),
        (["2024-02-31"], "holds '2024-02-31' in row 1, which is no date"),
        (["31/01/24"], "holds '31/01/24' in row 1, which is no date"),
        (["a", 1], "holds other values than text"),
    ],
)  # fmt: skip
def test_what_is_no_date_or_mixed_is_refused_with_the_row(cells: list[object], fault: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(fault)):
        choose(layer(opened=cells), "opened >= DATE('2024-01-01')")


@pytest.mark.parametrize("more", [[], ["2023"]])
@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (["2024-01-31", "2024-01-30", None], [0]),
        (["2024-01-31T00:00", "2024-01-30 23:59:59", None], [0]),
        (["2024-01-31T01:00+01:00", "2024-01-31T00:30:00+01:00", "2024-01-31T00:00:00Z"], [0, 2]),
    ],
)
def test_instants_are_compared_alike_quickly_or_not(
    cells: list[str], rows: list[int], more: list[str]
) -> None:
    found = choose(layer(since=cells + more), "since >= DATE('2024-01-31')")
    assert (list(found.frame.index), found.notes) == (rows, ())


def test_a_date_column_is_compared_with_text_as_people_write_it() -> None:
    dated = layer(since=list(pd.to_datetime(["2024-01-02", "2024-02-01", None])))
    assert list(choose(dated, "since = '01/02/2024'").frame.index) == [1]
    with pytest.raises(ExpressionError, match="not one"):
        choose(dated, "since = 'soon'")


PRICES = ["£1,200", "£30", None, " £999.50 "]


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("price > 1000", [0]),
        ("1000 > price", [1, 3]),
        ("price BETWEEN 30 AND 999.5", [1, 3]),
        ("price IN (30, 1200)", [0, 1]),
        ("price * 2 = 60", [1]),
        ("price = '£30'", [1]),
    ],
)
def test_cells_with_a_unit_are_numbers(expression: str, rows: list[int]) -> None:
    found = choose(layer(price=list(PRICES)), expression)
    assert list(found.frame.index) == rows
    assert found.frame["price"].tolist() == [PRICES[row] for row in rows]
    said = "'price' of tests is read as numbers in £: '£1,200' is 1200."
    assert found.notes == (() if "'" in expression else (said,))


def test_cells_of_several_units_are_texts() -> None:
    with pytest.raises(ExpressionError, match="compares numbers with text"):
        choose(layer(price=["£1,200", "12%"]), "price > 1000")


@pytest.mark.parametrize(
    ("cells", "expression"),
    [
        (["1,200"], "size > 1000"),
        (["n/a"], "size > 1000"),
        (["31/01/2024"], "size > DATE('2024-01-01')"),
        (["soon"], "size > DATE('2024-01-01')"),
    ],
)
def test_of_some_rows_only_all_tell_how_texts_are_read(cells: list[str], expression: str) -> None:
    with pytest.raises(WholeNeededError):
        choose(layer(size=cells), expression, part=True)


def test_dates_with_the_year_first_are_read_in_parts() -> None:
    some = choose(
        layer(since=["2024-01-31", "2023-01-01"]), "since > DATE('2024-01-01')", part=True
    )
    assert list(some.frame.index) == [0]


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
        ("CASEI(size) = 'a'", "CASEI on something that is not text"),
        ("'%999999999d' % 1 = 'x'", "calculates"),
        ("'a' + 1 = 2", "calculates"),
        ("is_open + 1 = 2", "calculates"),
        ("(" * 5000 + "1=1" + ")" * 5000, "opens 5,000 brackets within each other"),
        ("(" * 100 + "a", "opens 100 brackets within each other"),
        ("NOT " * 10_000 + "1=1", "10,000 signs of arithmetic and NOTs"),
        ("- " * 10_000 + "size = 1", "10,000 signs"),
        ("1 + " * 1_001 + "1 = 1", "1,001 signs"),
        ("NOT " * 500 + "1=1", "nested more than 100 deep"),
        ("name = '" + "a" * 100_000 + "'", "100,009 characters, more than 100,000"),
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


@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("size / 0 > 1", []),
        ("size % 0 = 0 OR size = 4", [3]),
        ("1 / 0 = 1", []),
        ("10 ^ 400 > 1", []),
        ("size ^ 0.5 >= 0", [0, 1, 3, 4]),
        ("size - size = 0", [0, 1, 3, 4, 5]),
        ("NOT (size / 0 > 1)", []),
    ],
)
def test_what_cannot_be_calculated_is_unknown(expression: str, rows: list[int]) -> None:
    assert chosen(expression) == rows


def test_whole_numbers_do_not_wrap_around() -> None:
    large = layer(n=[4_000_000_000, 2])
    assert list(choose(large, "n * n > 10").frame.index) == [0]


def test_a_column_of_texts_and_numbers_has_no_order() -> None:
    mixed = layer(v=["a", 1, None])
    with pytest.raises(ExpressionError, match="no order"):
        mask(mixed, "v > 'A'")
    assert list(choose(mixed, "CASEI(v) = 'a'").frame.index) == [0]


def test_a_long_filter_is_not_repeated_whole() -> None:
    with pytest.raises(ExpressionError) as caught:
        mask(layer(), "name == '" + "a" * 50_000 + "'")
    assert len(str(caught.value)) < 500


def test_brackets_in_texts_are_no_brackets() -> None:
    assert chosen(f"name = '{'(' * 500}it''s{'-' * 2000}' OR size = 4") == [3]


def test_the_time_of_like_grows_with_the_text_and_not_with_its_wildcards() -> None:
    pattern = "%a" * 40 + "b"

    def seconds(letters: int) -> float:
        rows = layer(name=["a" * letters])
        started = time.perf_counter()
        assert not mask(rows, f"name LIKE '{pattern}'").any()
        return time.perf_counter() - started

    seconds(10)
    small, large = (min(seconds(size) for _ in range(5)) for size in (100_000, 400_000))
    assert large < 16 * small


def like(text: str, pattern: str) -> bool:
    """LIKE by trying every way, the slow and plain twin."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(like(text[start:], pattern[1:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("_", text[0]) and like(text[1:], pattern[1:])


@given(text=st.text("ab.", max_size=8), pattern=st.text("ab.%_", max_size=7))
def test_like_agrees_with_trying_every_way(text: str, pattern: str) -> None:
    assert mask(layer(name=[text]), f"name LIKE '{pattern}'").tolist() == [like(text, pattern)]


@given(
    cells=st.lists(numbers, min_size=1, max_size=6),
    operator=st.sampled_from("+-*/%"),
    value=st.integers(-2, 2),
)
def test_arithmetic_agrees_with_plain_python(
    cells: list[float | None], operator: str, value: int
) -> None:
    plain = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b if b else None,
        "%": lambda a, b: a % b if b else None,
    }[operator]
    rows = layer(n=pd.Series(cells, dtype="float64").tolist())
    results = [None if cell is None else plain(cell, value) for cell in cells]
    expected = [each is not None and each > 0 for each in results]
    assert mask(rows, f"n {operator} ({value}) > 0").tolist() == expected


LISTED: dict[str, list[object]] = {
    "text": ["a", "b", None, "1", "true", "2020-01-01"],
    "number": [1.0, 2.5, None, 0.0, -0.0, 1e300],
    "whole": [1, 2, 2**53, 2**53 + 1, -(2**63), 2**63 - 1],
    "beyond": [2**63, 2**64 - 1, 0, 1, 2, 3],
    "gaps": pd.array([1, 2**53 + 1, None, 2, 0, -1], dtype="Int64").tolist(),
    "truth": [True, False, None, True, False, True],
    "mixed": ["a", 1, None, True, [1], {"b": 2.5}],
    "nothing": [None] * 6,
    "day": list(
        pd.to_datetime(["2020-01-01", "2020-01-02", None, "1999-12-31", "9999-01-01", "2020-01-01"])
    ),
}
WRITTEN = [
    "'a'", "'b'", "'1'", "''", "1", "1.0", "2.5", "0", "-0.0", "9007199254740993", "9223372036854775807",
    "18446744073709551615", "-9223372036854775808", "true", "false", "NULL", "DATE('2020-01-01')",
    "TIMESTAMP('2020-01-02T00:00:00Z')", "'2020-01-01'", "text", "number", "whole", "1 + 1", "CASEI('A')",
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Could not infer format")
@given(
    name=st.sampled_from([*LISTED, "CASEI(text)", "number + 1", "1", "'a'"]),
    values=st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=6),
    negated=st.booleans(),
    rows=st.sampled_from([0, 3, 6]),
)
def test_in_is_the_or_of_its_comparisons(
    name: str, values: list[str], negated: bool, rows: int
) -> None:
    """The same rows, by three-valued logic, and a sentence where kinds do not fit."""
    listed = layer(**{each: list(cells) for each, cells in LISTED.items()})
    listed.frame["gaps"] = pd.array(listed.frame["gaps"], dtype="Int64")
    listed = listed.with_frame(listed.frame.iloc[:rows])
    each = " OR ".join(f"{name} = {value}" for value in values)

    def told(condition: str) -> list[bool] | str:
        try:
            return mask(listed, f"NOT ({condition})" if negated else condition).tolist()
        except ExpressionError:
            return "a sentence"

    assert told(f"{name} IN ({', '.join(values)})") == told(each)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("code", [f"'E{number:08}'" for number in range(5_000)]),
        ("n", [str(number) for number in range(5_000)]),
        ("since", [f"DATE('{1000 + number}-01-01')" for number in range(4_000)]),
    ],
)
def test_a_long_list_costs_little_more_than_a_short_one(column: str, values: list[str]) -> None:
    days = list(pd.to_datetime(["2020-01-01", "0999-01-01", None]))
    rows = layer(code=["E00000007", "x", None], n=[7, -1, None], since=days)

    def seconds(some: list[str]) -> float:
        started = time.process_time()
        assert mask(rows, f"{column} IN ({', '.join(some)})").tolist() == [True, False, False]
        return time.process_time() - started

    seconds(values[:1021])
    assert seconds(values) < 1.5  # a comparison each took five


LONG = 123_456_789_012_345_678


@pytest.mark.parametrize("gap", [[], [None]])
@pytest.mark.parametrize(
    ("expression", "rows"),
    [
        ("ref = 123456789012345679", [1]),
        ("ref IN (123456789012345679, 123456789012345680)", [1]),
        ("ref > 123456789012345678", [1]),
        ("ref BETWEEN 123456789012345678 AND 123456789012345678", [0]),
        ("ref = -9223372036854775807", [2]),
        ("ref <> 123456789012345679", [0, 2]),
    ],
)
def test_long_whole_numbers_are_compared_to_the_digit(
    gap: list[None], expression: str, rows: list[int]
) -> None:
    refs = pd.Series([LONG, LONG + 1, -(2**63) + 1, *gap], dtype="object" if gap else "int64")
    frame = gpd.GeoDataFrame({"ref": refs}, geometry=[None] * len(refs))
    assert np.flatnonzero(mask(Layer(frame, Metadata("x", "X")), expression)).tolist() == rows


def test_whole_numbers_beyond_64_bits_with_sign_are_compared() -> None:
    frame = gpd.GeoDataFrame(
        {"ref": pd.Series([2**64 - 1, 2**64 - 2, None], dtype="object")}, geometry=[None] * 3
    )
    assert mask(Layer(frame, Metadata("x", "X")), "ref = 18446744073709551615").tolist() == [
        True,
        False,
        False,
    ]
