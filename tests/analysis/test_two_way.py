"""Thirds, and tables of two divisions: held to counting by hand, and to what must always be true."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.two_way import thirds, two_way
from lcrmap.errors import UsageError

FIGURES = st.lists(st.integers(-5, 5).map(float) | st.just(math.nan), min_size=1, max_size=60)


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
