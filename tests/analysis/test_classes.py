"""Class breaks: by hand, against every partition there is, and their promises on any numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.classes import METHODS, are_rounded, class_breaks
from lcrmap.errors import UsageError


@pytest.mark.parametrize(
    ("values", "method", "classes", "breaks"),
    [
        ([0, 25, 50, 75, 100], "equal", 4, (25.0, 50.0, 75.0)),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "quantile", 5, (3.0, 5.0, 7.0, 9.0)),
        ([1, 2, 3, 10, 11, 12, 50], "natural", 3, (10.0, 50.0)),
        ([7, 7, 7], "rounded", 5, ()),
        ([], "rounded", 5, ()),
        ([math.nan, math.nan], "quantile", 5, ()),
        ([1, 1, 1, 1, 9], "quantile", 4, (9.0,)),  # ties: fewer classes rather than empty ones
        ([0, 0, 0, 5], "equal", 5, (2.5,)),  # two values make two classes
        ([3, 4], "natural", 5, (4.0,)),
    ],
)
def test_by_hand(values: list[float], method: str, classes: int, breaks: tuple[float, ...]) -> None:
    assert class_breaks(values, method, classes) == breaks


def test_rounded_breaks_are_quantiles_that_a_reader_can_keep_in_mind() -> None:
    values = np.concatenate(
        [
            np.linspace(*each, 200)
            for each in ((67, 2080), (2091, 3780), (3791, 5060), (5069, 6530), (6540, 22164))
        ]
    )
    assert class_breaks(values, "rounded", 5) == (2000.0, 4000.0, 5000.0, 7000.0)


def test_rounded_breaks_on_both_sides_of_ten_are_rounded_alike() -> None:
    quantiles = (2.0, 3.9, 6.2, 8.8, 11.4, 15.0)  # one figure each would make ten of 11.4
    values = np.concatenate(
        [np.linspace(*each, 32, endpoint=False) for each in itertools.pairwise(quantiles)]
    )
    assert class_breaks(values, "rounded", 5) == (4.0, 6.0, 9.0, 11.0)


def test_breaks_are_rounded_though_half_have_nothing_and_a_third_have_all() -> None:
    between = [3, 9, 12, 18, 20.9, 24, 33, 38, 41, 52, 60, 70, 76.8, 80, 85, 90, 92.7, 95]
    values = [*[0.0] * 50, *between, *[100.0] * 36]
    found = class_breaks(values, "rounded", 5)
    assert len(found) == 4
    assert are_rounded(found), found


def test_a_class_includes_its_lower_bound() -> None:
    assert class_breaks([1, 2, 3, 4], "equal", 3) == (2.0, 3.0)


def spread(values: list[float], breaks: tuple[float, ...]) -> float:
    """The sum of squared distances from the class means."""
    edges = [-math.inf, *breaks, math.inf]
    classes = [
        [each for each in values if low <= each < high] for low, high in itertools.pairwise(edges)
    ]
    return sum(sum((each - sum(one) / len(one)) ** 2 for each in one) for one in classes if one)


@given(st.lists(st.integers(-20, 20).map(float), min_size=2, max_size=9), st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all_partitions(values: list[float], classes: int) -> None:
    distinct = sorted(set(values))
    wanted = min(classes, len(distinct))
    best = min(
        spread(values, chosen) for chosen in itertools.combinations(distinct[1:], wanted - 1)
    )
    found = class_breaks(values, "natural", classes)
    assert len(found) == wanted - 1
    assert spread(values, found) == pytest.approx(best, abs=1e-9)


@given(
    st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=40),
    st.sampled_from(METHODS),
    st.integers(1, 7),
)
def test_breaks_rise_and_leave_no_class_empty(
    values: list[float], method: str, classes: int
) -> None:
    breaks = class_breaks(values, method, classes)
    known = np.array([each for each in values if not math.isnan(each)])
    assert list(breaks) == sorted(set(breaks))
    assert len(breaks) < classes
    if len(known):
        counts = np.bincount(
            np.searchsorted(breaks, known, side="right"), minlength=len(breaks) + 1
        )
        assert (counts > 0).all()
        assert class_breaks(known[::-1], method, classes) == breaks


def test_many_distinct_values_are_done_in_time() -> None:
    values = np.random.default_rng(5).lognormal(size=200_000)
    assert len(class_breaks(values, "natural", 5)) == 4


def test_an_unknown_method_or_too_many_classes_are_refused() -> None:
    with pytest.raises(UsageError, match="known are rounded"):
        class_breaks([1, 2], "jenks")
    with pytest.raises(UsageError, match="1 to 7"):
        class_breaks([1, 2], "equal", 9)
