"""Parts of areas by rank: held to counting by hand, to an independent rule, ties whole, rows in any order."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.tenths import ranked_parts
from lcrmap.layers import Pack
from lcrmap.verbs.figures import figures_of
from lcrmap.verbs.groups import tenth_of

FIGURES = st.lists(st.integers(-5, 5).map(float) | st.just(math.nan), min_size=1, max_size=60)


def plainly(figures: list[float], parts: int = 10) -> list[int]:
    """The part of each figure: of those below it and half of those that equal it, as an exact share of all."""
    known = [each for each in figures if not math.isnan(each)]
    found = []
    for each in figures:
        if math.isnan(each):
            found.append(0)
            continue
        below = sum(other < each for other in known)
        equal = sum(other == each for other in known)
        found.append(math.floor(parts * (below + Fraction(equal, 2)) / len(known)) + 1)
    return found


def test_different_figures_make_ten_tenths_alike_in_number() -> None:
    found = ranked_parts(np.arange(1000.0))
    assert np.bincount(found).tolist() == [0, *(100 for _ in range(10))]
    assert found[0] == 1
    assert found[-1] == 10


def test_equal_figures_lie_in_the_tenth_of_their_middle_rank() -> None:
    assert ranked_parts([1, 1, 1, 1, 1, 1, 1, 1, 1, 9]).tolist() == [5] * 9 + [10]
    assert ranked_parts([4.0]).tolist() == [6]
    assert ranked_parts([math.nan, math.nan]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("figures", "parts", "expected"),
    [
        ([5, 1, 4, 2, 3, 6, 7, 8, 9], 5, [3, 1, 2, 1, 2, 4, 4, 5, 5]),
        ([2, 1, 2, 1, 2], 5, [4, 2, 4, 2, 4]),  # so none is in the first or the last fifth
        ([3, math.nan, 1], 3, [3, 0, 1]),
        ([1, 1, 2, 2], 4, [2, 2, 4, 4]),  # a middle on a bound lies above it
    ],
)
def test_parts_by_hand(figures: list[float], parts: int, expected: list[int]) -> None:
    assert ranked_parts(figures, parts).tolist() == expected


@given(FIGURES, st.sampled_from([3, 5, 10]))
def test_parts_are_what_counting_gives(figures: list[float], parts: int) -> None:
    assert ranked_parts(figures, parts).tolist() == plainly(figures, parts)


def test_the_group_of_a_tenth_is_the_tenth_of_a_two_way_table(pack: Pack) -> None:
    for name, number in (("no_car", 10), ("connectivity_score", 1), ("health_bad", 10)):
        figures = figures_of(pack, name, "small-areas")
        _, inside = tenth_of(f"{name}_tenth", figures.index.to_series(), pack)
        assert inside.tolist() == (ranked_parts(figures) == number).tolist()


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_areas_changes_nothing(figures: list[float], random: object) -> None:
    order = list(range(len(figures)))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = ranked_parts([figures[each] for each in order])
    assert moved.tolist() == ranked_parts(figures)[order].tolist()
