"""The rule for what is first, against all the ways in which it may really be."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.leading import Leading, in_order, leading

NAN = math.nan


def winners(numbers: tuple[float, ...]) -> frozenset[int]:
    """Return who has the most; nobody if nobody has anything."""
    most = max(numbers, default=0)
    return frozenset(row for row, each in enumerate(numbers) if each == most and (each or most < 0))


def brute_force(low: list[int], high: list[int]) -> Leading:
    """Try every number of every area in turn."""
    ways = itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
    found = {winners(way) for way in ways}
    rows = tuple(sorted(frozenset().union(*found)))
    if not rows:
        return Leading("none", ())
    if len(rows) == 1:
        return Leading("first", rows)
    return Leading("tie" if len(found) == 1 else "open", rows)


numbers = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=400, deadline=None)
@given(st.lists(numbers, max_size=4))
def test_the_rule_says_what_trying_every_number_says(areas: list[tuple[int, int, int]]) -> None:
    low = [a for a, _, _ in areas]
    values = [a + b for a, b, _ in areas]
    high = [a + b + c for a, b, c in areas]
    assert leading(values, low, high) == brute_force(low, high)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(-1, 3), min_size=1, max_size=3, unique=True), min_size=1, max_size=6
    )
)
def test_wherever_the_places_really_are_what_is_said_holds(options: list[list[int]]) -> None:
    """Each place lies in one of some areas, -1 for outside; it was found in the first."""
    every = range(4)
    values = [sum(each[0] == area for each in options) for area in every]
    low = [sum(each == [area] for each in options) for area in every]
    high = [sum(area in each for each in options) for area in every]
    said = leading(values, low, high)
    for way in itertools.product(*options):
        truth = winners(tuple(way.count(area) for area in every))
        assert truth <= set(said.rows)
        if said.kind == "tie":
            assert truth == set(said.rows)
        if said.kind == "first":
            assert truth in (set(said.rows), set())


@pytest.mark.parametrize(
    ("values", "low", "high", "said"),
    [
        ([3, 1], None, None, Leading("first", (0,))),
        ([2, 2, 1], None, None, Leading("tie", (0, 1))),
        ([3, 2], [2, 1], [4, 3], Leading("open", (0, 1))),
        ([3, 3, 1], [3, 3, 0], [3, 3, 2], Leading("tie", (0, 1))),  # what is open is far below
        ([2, 0], [0, 0], [2, 0], Leading("first", (0,))),  # if any has one, it is the first
        ([2, 0], [0, 0], [2, 2], Leading("open", (0, 1))),
        ([0, 0], None, None, Leading("none", ())),
        ([], None, None, Leading("none", ())),
        ([NAN, NAN], None, None, Leading("none", ())),
        ([NAN, 1.5], None, None, Leading("first", (1,))),
        ([5, 3], [NAN, 3], [5, 3], Leading("open", (0, 1))),  # how few is not known
        ([5, 3], [5, 3], [5, NAN], Leading("open", (0, 1))),
        ([-3, -5], None, None, Leading("first", (0,))),
        ([0, -5], None, None, Leading("first", (0,))),
        ([0, -1], [0, -5], [0, 5], Leading("open", (0, 1))),
    ],
)
def test_by_hand(
    values: list[float], low: list[float] | None, high: list[float] | None, said: Leading
) -> None:
    assert leading(values, low, high) == said
    bounds = [None if each is None else np.array(each, dtype=float) for each in (low, high)]
    assert leading(np.array(values, dtype=float), *bounds) == said


@settings(max_examples=200, deadline=None)
@given(st.lists(numbers, max_size=5), st.integers(0, 4))
def test_an_order_is_said_as_far_as_it_is_certain(
    areas: list[tuple[int, int, int]], most: int
) -> None:
    low = [a for a, _, _ in areas]
    values = [a + b for a, b, _ in areas]
    high = [a + b + c for a, b, c in areas]
    order = in_order(values, low, high, most=most)
    assert len(order) <= most
    for place, row in enumerate(order):
        rest = [each for each in range(len(areas)) if each not in order[:place]]
        assert all(low[row] >= high[each] for each in rest if each != row)
    if len(order) < most and len(order) < len(areas):
        rest = [each for each in range(len(areas)) if each not in order]
        said = leading(*([column[each] for each in rest] for column in (values, low, high)))
        assert said.kind in ("open", "none") or len(order) + len(said.rows) > most
