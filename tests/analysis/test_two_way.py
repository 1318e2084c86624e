"""Tenths and thirds by rank: held to counting by hand, to what must always be true, and to an independent rule."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.two_way import tenths, thirds, two_way
from lcrmap.errors import UsageError

FIGURES = st.lists(st.integers(-5, 5).map(float) | st.just(math.nan), min_size=1, max_size=60)


def plainly(figures: list[float]) -> list[int]:
    """The tenth of each figure: of those below it and half of those that equal it, as an exact share of all."""
    known = [each for each in figures if not math.isnan(each)]
    found = []
    for each in figures:
        if math.isnan(each):
            found.append(0)
            continue
        below = sum(other < each for other in known)
        equal = sum(other == each for other in known)
        found.append(math.floor(10 * (below + Fraction(equal, 2)) / len(known)) + 1)
    return found


def test_different_figures_make_ten_tenths_alike_in_number() -> None:
    found = tenths(np.arange(1000.0))
    assert np.bincount(found).tolist() == [0, *(100 for _ in range(10))]
    assert found[0] == 1
    assert found[-1] == 10


def test_equal_figures_lie_in_the_tenth_of_their_middle_rank() -> None:
    assert tenths([1, 1, 1, 1, 1, 1, 1, 1, 1, 9]).tolist() == [5] * 9 + [10]
    assert tenths([4.0]).tolist() == [6]
    assert tenths([math.nan, math.nan]).tolist() == [0, 0]


@given(FIGURES)
def test_tenths_are_what_counting_gives(figures: list[float]) -> None:
    assert tenths(figures).tolist() == plainly(figures)


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_nothing(figures: list[float], random: object) -> None:
    order = list(range(len(figures)))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = tenths([figures[each] for each in order])
    assert moved.tolist() == tenths(figures)[order].tolist()


def test_thirds_have_as_many_areas_each_and_part_no_equal_figures() -> None:
    assert thirds([9, 1, 8, 2, 7, 3]) == (3.0, 8.0)
    assert thirds([1, 1, 1, 1, 1, 1, 1, 2]) is None
    assert thirds([1, 2]) is None
    assert thirds([math.nan]) is None


def test_each_pair_of_numbers_has_the_sum_of_its_weights() -> None:
    sums = two_way(np.array([1, 3, 3, 2, 0]), np.array([2, 1, 1, 0, 3]), [10, 1, 2, 70, 70], 3)
    assert sums.tolist() == [[0, 10, 0], [0, 0, 0], [3, 0, 0]]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 999)), max_size=50))
def test_a_two_way_table_adds_up_by_rows_and_by_columns(
    areas: list[tuple[int, int, int]],
) -> None:
    rows, columns, weights = (np.array([each[n] for each in areas], dtype=int) for n in range(3))
    sums = two_way(rows, columns, weights, 4)
    for number in range(1, 5):
        assert sums[number - 1].sum() == sum(w for r, c, w in areas if r == number and c)
        assert sums[:, number - 1].sum() == sum(w for r, c, w in areas if c == number and r)


def test_sums_that_cannot_add_up_are_refused() -> None:
    with pytest.raises(UsageError, match="do not add up"):
        two_way(np.array([1]), np.array([1]), [math.nan], 1)
