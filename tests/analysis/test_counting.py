"""Figures by area: by hand, against plain loops over shapely, and never a sum that does not add up."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import counting
from lcrmap.analysis.certainty import Possible
from lcrmap.analysis.counting import (
    Figure,
    Groups,
    Summary,
    Sums,
    categories_in,
    count_points,
    counts_of,
    cross_tabulate,
    merged_categories,
    rate,
    share,
)
from lcrmap.analysis.exact_sums import ExactSums
from lcrmap.analysis.joining import NOWHERE, Matched, match_areas
from lcrmap.errors import SumError
from tests.analysis.coverages import Coverage, coverages


def matched(*areas: int | None) -> Matched:
    """Points in these areas; -1 outside, None without a position."""
    left = [row for row, area in enumerate(areas) if area is not None and area >= 0]
    right = [areas[row] for row in left]
    unplaced = np.array([area is None for area in areas], dtype=bool)
    return Matched(np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), unplaced)


def possible(*choices: set[int] | None) -> Possible:
    pairs = [(row, area) for row, some in enumerate(choices) for area in sorted(some or ())]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Possible(
        both[:, 0], both[:, 1], np.array([each is not None for each in choices], dtype=bool)
    )


def summarised(
    where: Matched, areas: int, values: pd.Series, statistic: str, may: Possible | None = None
) -> Figure:
    groups = Groups(where, areas, may)
    chosen = np.ones(len(values), dtype=bool)
    return Summary.of(groups, values, statistic, chosen).figure("v", "V")


def tabulated(
    where: Matched, areas: int, cells: list, columns: list, values: pd.Series | None = None
) -> list[Figure]:
    groups = Groups(where, areas)
    statistic = "count" if values is None else "sum"
    found = categories_in(groups, pd.Series(cells), values, statistic)
    shown = [found.get(name) for name in columns]
    return cross_tabulate(counts_of(groups), shown, [(each, each) for each in columns])


def test_areas_with_nothing_keep_their_nought() -> None:
    figure = count_points(matched(0, 0, -1, None), 2)
    assert figure.values.tolist() == [2, 0, 1, 1, 4]
    assert figure.whole
    assert figure.low is None


def test_the_range_counts_every_place_where_it_may_be() -> None:
    """In 0 surely; in 0, perhaps 1; in 1, perhaps outside; outside, perhaps 0; unknown error in 1; no position."""
    where = matched(0, 0, 1, -1, 1, None)
    may = possible({0}, {0, 1}, {1, NOWHERE}, {NOWHERE, 0}, {1}, None)
    figure = count_points(where, 2, may)
    assert figure.values.tolist() == [2, 2, 1, 1, 6]
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low.tolist() == [1, 1, 0, 1, 6]
    assert figure.high.tolist() == [3, 3, 2, 1, 6]
    assert figure.uncertain


def test_a_sum_takes_negative_numbers_into_its_range() -> None:
    where, may = matched(0, 1), possible({0, 1}, {1, 0})
    values = pd.Series([10.0, -4.0])
    figure = summarised(where, 2, values, "sum", may)
    assert figure.values.tolist() == [10, -4, 0, 0, 6]
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low.tolist() == [-4, -4, 0, 0, 6]
    assert figure.high.tolist() == [10, 10, 0, 0, 6]


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("sum", [3.0, 0.0, math.nan, 5.0, 8.0]),
        ("mean", [1.5, math.nan, math.nan, 5.0, 8 / 3]),
        ("min", [1.0, math.nan, math.nan, 5.0, 1.0]),
        ("max", [2.0, math.nan, math.nan, 5.0, 5.0]),
        ("median", [1.5, math.nan, math.nan, 5.0, 2.0]),
    ],
)
def test_a_sum_of_nothing_is_nought_and_of_what_is_not_known_no_data(
    statistic: str, expected: list[float]
) -> None:
    """Area 1 has no point; the one outside has no value."""
    where = matched(0, 0, -1, None)
    values = pd.Series([1.0, 2.0, None, 5.0])
    figure = summarised(where, 2, values, statistic)
    assert figure.values.tolist() == pytest.approx(expected, nan_ok=True)


def test_sums_of_floats_do_not_depend_on_the_order_of_rows() -> None:
    numbers = pd.Series([1e16, 1.0, -1e16, 1.0] * 25)
    where = matched(*[0] * 100)
    for order in (np.arange(100), np.random.default_rng(3).permutation(100)):
        shuffled = numbers.iloc[order].reset_index(drop=True)
        assert summarised(where, 1, shuffled, "sum").values[0] == 50.0


def test_a_cross_tabulation_adds_up_to_the_count() -> None:
    where = matched(0, 0, 1, -1, None)
    cells = ["a", "b", "a", "b", "b"]
    assert [each.values.tolist() for each in tabulated(where, 2, cells, ["a", "b", "c"])] == [
        [1, 1, 0, 0, 2],
        [1, 0, 1, 1, 3],
        [0, 0, 0, 0, 0],
    ]
    summed = tabulated(where, 2, cells, ["a", "b"], pd.Series([1, 2, 3, 4, 5]))
    assert [each.values.tolist() for each in summed] == [[1, 3, 0, 0, 4], [2, 0, 4, 5, 11]]


def test_categories_that_leave_rows_out_do_not_add_up() -> None:
    with pytest.raises(SumError):
        tabulated(matched(0, 0), 1, ["a", "h"], ["a"])


def oracle(row: np.ndarray, values: list, statistic: str) -> list[float]:
    """Summarise each row, and all, by plain loops."""
    made = []
    for chosen in (*range(row.max(initial=0) + 1), None):
        some = [v for r, v in zip(row.tolist(), values, strict=True) if chosen in (r, None)]
        known = [v for v in some if v is not None]
        if statistic == "sum":
            made.append(math.fsum(known) if known or not some else math.nan)
        elif not known:
            made.append(math.nan)
        elif statistic == "mean":
            made.append(math.fsum(known) / len(known))
        elif statistic == "median":
            made.append(float(np.median(known)))
        else:
            made.append(float(min(known) if statistic == "min" else max(known)))
    return made


NUMBERS = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda n: abs(n) < 1e300),
)


@given(
    st.lists(st.tuples(st.sampled_from([0, 1, -1, None]), NUMBERS), min_size=1, max_size=30),
    st.integers(0, 30),
    st.sampled_from(counting.STATISTICS),
)
def test_what_is_known_of_two_pieces_is_what_is_known_of_both(
    points: list, cut: int, statistic: str
) -> None:
    def known(some: list) -> Summary:
        groups = Groups(matched(*(area for area, _ in some)), 2)
        values = pd.Series([n for _, n in some], dtype="float64")
        return Summary.of(groups, values, statistic, np.ones(len(some), dtype=bool))

    whole = known(points).figure("v", "V").values.tolist()
    parts = (known(points[:cut]) + known(points[cut:])).figure("v", "V").values.tolist()
    assert parts == pytest.approx(whole, rel=0, abs=0, nan_ok=True)
    row = np.array([{-1: 2, None: 3}.get(area, area) for area, _ in points])
    row = np.append(row, 3)  # so that every row is there
    values = [n for _, n in points]
    truth = oracle(row[:-1], values, statistic)
    truth = [*truth[:-1], *[0.0 if statistic == "sum" else math.nan] * (5 - len(truth)), truth[-1]]
    assert whole == pytest.approx(truth, rel=0, abs=0, nan_ok=True)


@given(
    st.lists(st.tuples(st.sampled_from([0, 1, -1, None]), st.sampled_from("abc")), max_size=20),
    st.integers(0, 20),
)
def test_categories_of_two_pieces_are_those_of_both(points: list, cut: int) -> None:
    def found(some: list) -> dict:
        groups = Groups(matched(*(area for area, _ in some)), 2)
        return categories_in(groups, pd.Series([c for _, c in some], dtype="str"))

    def plain(made: dict) -> dict:
        return {value: sums.values.tolist() for value, (sums, _) in made.items()}

    assert plain(merged_categories(found(points[:cut]), found(points[cut:]))) == plain(
        found(points)
    )


def test_whole_numbers_beyond_64_bits_are_summed() -> None:
    figure = summarised(matched(0, 0, 0), 1, pd.Series([2**62, 2**62, 2**62]), "sum")
    assert figure.values[0] == float(3 * 2**62)


def test_infinite_numbers_are_summed_as_such() -> None:
    where = matched(0, 0, 1, 1)
    figure = summarised(where, 2, pd.Series([math.inf, 1.0, math.inf, -math.inf]), "sum")
    assert figure.values.tolist()[0] == math.inf
    assert math.isnan(figure.values[1])


def figure_of(*values: float) -> Figure:
    return Figure("count", "Places", "count", np.array(values, dtype="float64"), whole=True)


def test_shares_are_of_the_total_with_decimals_from_a_hundred() -> None:
    assert share(figure_of(32, 1, 4, 1, 57)).values.tolist() == [56, 2, 7, 2, 100]
    assert share(figure_of(1000, 0, 0, 0, 3000)).values.tolist() == [33.3, 0, 0, 0, 100]
    assert np.isnan(share(figure_of(0, 0, 0, 0)).values).all()


def test_a_rate_has_no_data_without_a_base() -> None:
    figure = rate(
        figure_of(10, 0, 5, 1, 2, 18), np.array([4.0, 2.0, 0.0]), name="r", title="R", unit=""
    )
    assert figure.values.tolist()[:2] == [2.5, 0.0]
    assert np.isnan(figure.values[2:]).all()


def test_a_rate_per_ten_thousand_has_four_figures_and_the_range_of_its_count() -> None:
    one = Figure("c", "C", "count", *(np.array([n, 0, 0, n]) for n in (32.0, 31.0, 33.0)))
    figure = rate(one, np.array([486_097.0]), name="r", title="R", unit="", per=10_000)
    assert figure.low is not None
    assert figure.high is not None
    assert [figure.values[0], figure.low[0], figure.high[0]] == [0.6583, 0.6377, 0.6789]


def compare(each: Coverage) -> None:
    """Count with plain loops over shapely: the oracle shares no code with what it checks."""
    table = count_points(
        match_areas(each.points, each.areas, key="key"), len(each.areas)
    ).values.tolist()
    by_key = sorted(zip(each.areas["key"], each.areas.geometry, strict=True))
    truth = dict.fromkeys([*each.areas["key"], "outside", "no-position"], 0)
    for shape in each.points.geometry:
        if shape is None:
            truth["no-position"] += 1
        else:
            holding = [key for key, area in by_key if area.intersects(shape)]
            truth[holding[0] if holding else "outside"] += 1
    assert table == [*truth.values(), len(each.points)]
    assert sum(table[:-1]) == table[-1] == len(each.points)


@settings(deadline=None)
@given(coverages())
def test_areas_outside_and_no_position_are_always_the_rows(each: Coverage) -> None:
    compare(each)


def test_the_comparison_notices_dropped_nulls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: rows without a position counted as outside."""
    made = counting.Groups.__init__

    def dropping(self, matched, areas, possible):  # type: ignore[no-untyped-def]
        made(self, matched, areas, possible)
        self.row[self.row == areas + 1] = areas

    monkeypatch.setattr(counting.Groups, "__init__", dropping)
    areas = gpd.GeoDataFrame({"key": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    points = gpd.GeoDataFrame(geometry=gpd.GeoSeries([shapely.Point(0, 0), None], crs="EPSG:4326"))
    with pytest.raises(AssertionError):
        compare(Coverage(areas, points))


def test_figures_that_do_not_add_up_are_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sums, "values", property(lambda self: np.array([1.0, 0.0, 0.0, 9.0])))
    with pytest.raises(SumError, match="do not add up"):
        count_points(matched(0, 0), 1)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 2, -1, None]), max_size=12),
    st.lists(st.sets(st.integers(-1, 2)), min_size=12, max_size=12),
)
def test_the_count_always_lies_in_its_range(areas: list[int | None], extra: list[set[int]]) -> None:
    choices = [
        None if area is None else {area} | more for area, more in zip(areas, extra, strict=False)
    ]
    figure = count_points(matched(*areas), 3, possible(*choices))
    assert figure.low is not None
    assert figure.high is not None
    assert (figure.low <= figure.values).all()
    assert (figure.values <= figure.high).all()
    for row, (low, high) in enumerate(zip(figure.low[:4], figure.high[:4], strict=True)):
        where = NOWHERE if row == 3 else row
        assert low == sum(each == {where} for each in choices)
        assert high == sum(each is not None and where in each for each in choices)


@pytest.mark.parametrize(
    ("numbers", "total"),
    [
        ([9e307, 9e307], math.inf),
        ([-9e307, -9e307, 1.0], -math.inf),
        ([9e307, 9e307, -9e307], 9e307),
        ([9e307, 9e307, -math.inf], -math.inf),
        ([math.inf, -math.inf], math.nan),
    ],
)
def test_a_sum_that_no_float_holds_is_infinite(numbers: list[float], total: float) -> None:
    sums = ExactSums.of(np.zeros(len(numbers), dtype=np.int64), np.array(numbers), 1)
    np.testing.assert_array_equal([sums.values[0], sums.total], [total, total])


def test_without_data_in_an_area_the_rows_that_close_the_account_stay() -> None:
    figure = Figure(
        "count", "A", "count", *(np.array([2.0, 5, 1, 0, 8]) + each for each in (0, -1, 1))
    )
    left = figure.without([False, True])
    for all_, some in (
        (figure.values, left.values),
        (figure.low, left.low),
        (figure.high, left.high),
    ):
        assert np.isnan(some[1])
        assert np.delete(some, 1).tolist() == np.delete(all_, 1).tolist()
    assert (figure.inside, left.inside) == (7, 2)


def test_a_sum_without_any_number_has_no_range_either() -> None:
    """Two places in the first area, without a number; two in the second, of which one has none."""
    numbers = pd.Series([np.nan, np.nan, 5.0, np.nan])
    figure = summarised(matched(0, 0, 1, 1), 2, numbers, "sum", possible({0}, {0}, {1}, {1}))
    for part in (figure.values, figure.low, figure.high):
        assert np.isnan(part[0])
        assert part[1:].tolist() == [5, 0, 0, 5]
    assert figure.lacking.tolist() == [True, True, False, False, True]
