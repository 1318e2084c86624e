"""Medians by group are those of numpy to the digit, however many passes they take and whatever is added first."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lcrmap.analysis import medians
from lcrmap.analysis.medians import Cells, Middles, few_held

GROUPS = 3
LEAST = 5e-324
NUMBERS = st.one_of(
    st.floats(allow_nan=False),
    st.integers(-3, 3).map(float),
    st.integers(0, 40).map(lambda n: 1 + n * 2.0**-52),
    st.sampled_from([0.0, -0.0, LEAST, -LEAST, math.inf, -math.inf, 1e308, -1e308, 2.0**53 + 2]),
)
POINTS = st.lists(st.tuples(st.integers(0, GROUPS - 1), NUMBERS), max_size=120)


def known_of(row: Any, groups: int = GROUPS) -> Any:
    return np.append(np.bincount(row, minlength=groups), len(row))


def narrowed(row: Any, numbers: Any, cuts: list[int], room: int) -> tuple[Any, int]:
    """Return the medians of numbers that come in pieces, the last of which are added first, and the passes."""
    cells: Cells | None = Cells.everywhere(GROUPS, room)
    known, passes = known_of(row), 0
    while cells is not None:
        pieces = zip(np.split(row, cuts), np.split(numbers, cuts), strict=True)
        made = [Middles.of(group, some, cells) for group, some in pieces]
        while len(made) > 1:
            last = made.pop()
            made[-1] += last
        passes += 1
        cells = made[0].further(known)
    return made[0].values(known), passes


def truth(row: Any, numbers: Any) -> list[float]:
    parts = [*(numbers[row == each] for each in range(GROUPS)), numbers]
    with np.errstate(all="ignore"):
        return [float(np.median(each)) if len(each) else math.nan for each in parts]


def same(one: Any, other: Any) -> bool:
    """Whether numbers are the same to the bit, of whichever sign noughts are."""
    return np.array_equal(np.add(one, 0.0), np.add(other, 0.0), equal_nan=True)


@given(
    POINTS,
    st.lists(st.integers(0, 120), max_size=5).map(sorted),
    st.sampled_from([0, 7, 40, 1000]),
    st.sampled_from([1, 60]),
)
@example([(0, 1e308), (0, 1.0), (1, 1e308), (1, 1.5e308)], [2], 0, 1)
def test_medians_are_those_of_numpy(
    points: list[tuple[int, float]], cuts: list[int], held: int, room: int
) -> None:
    row = np.array([each for each, _ in points], dtype=np.int64)
    numbers = np.array([each for _, each in points], dtype=np.float64)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(medians, "ROOM", held)
        found, _ = narrowed(row, numbers, [min(each, len(row)) for each in cuts], room)
        at_once, _ = narrowed(row, numbers, [], room)
    assert same(found, at_once)
    expected = truth(row, numbers)
    doubled = np.isfinite(found) & np.isinf(expected)  # numpy's sum of two that are both large
    assert same(np.where(doubled, expected, found), expected)
    assert (np.abs(found[doubled]) > 8e307).all()


COLUMNS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "one value": lambda rng, n: np.full(n, -7.25),
    "two values far apart": lambda rng, n: rng.choice([-3.5, 1e300], n),
    "few whole numbers": lambda rng, n: rng.integers(0, 5, n),
    "large whole numbers": lambda rng, n: rng.integers(-(2**62), 2**62, n),
    "every power of ten": lambda rng, n: 10.0 ** rng.uniform(-300, 300, n) * rng.choice([-1, 1], n),
    "neighbours": lambda rng, n: 1 + rng.integers(0, 3000, n) * 2.0**-52,
    "mostly one value": lambda rng, n: np.where(rng.random(n) < 0.9, 1 / 3, rng.random(n)),
    "ascending": lambda rng, n: np.sort(rng.random(n)),
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("room", [1, 1000])
def test_medians_of_hard_columns(column: str, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medians, "ROOM", 500)
    rng = np.random.default_rng(3)
    row, numbers = rng.integers(0, GROUPS, 20_001), COLUMNS[column](rng, 20_001)
    found, _ = narrowed(row, numbers, [3, 9_000, 9_000, 15_000], room)
    assert same(found, truth(row, numbers))


@pytest.mark.parametrize(("values", "passes"), [([1.5, 7.0, 1e9], 1), (None, 2)])
def test_few_different_values_take_one_pass_and_many_take_two(
    values: list[float] | None, passes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medians, "ROOM", 2000)
    rng = np.random.default_rng(4)
    numbers = rng.random(50_000) if values is None else rng.choice(values, 50_000)
    assert narrowed(rng.integers(0, GROUPS, 50_000), numbers, [20_000], 2000)[1] == passes


def test_what_is_kept_is_bounded_and_told_by_the_numbers_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(medians, "ROOM", 1000)
    rng = np.random.default_rng(5)
    row, numbers = rng.integers(0, GROUPS, 30_000), rng.normal(size=30_000)
    cells = Cells.everywhere(GROUPS, 1000)
    whole = Middles.of(row, numbers, cells)
    pieces = [
        Middles.of(a, b, cells)
        for a, b in zip(np.array_split(row, 40), np.array_split(numbers, 40), strict=True)
    ]
    assert [each.codes is None for each in pieces] == [True] * 40
    total = pieces[0]
    for each in pieces[1:]:
        total += each
        assert len(total.row) <= 1000
        assert total.codes is None or len(total.codes) <= 1000
    assert (total.dropped, total.exact) == (whole.dropped, whole.exact)
    np.testing.assert_array_equal(total.codes, whole.codes)
    np.testing.assert_array_equal(total.counts, whole.counts)
    assert whole.counts.sum() == 60_000  # once in its group, once in all
    assert len(whole.codes) > 500


def test_middles_that_are_not_narrowed_down_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medians, "ROOM", 2)
    made = Middles.of(np.zeros(5, dtype=np.int64), np.arange(5) / 3, Cells.everywhere(1))
    with pytest.raises(ValueError, match="not narrowed"):
        made.values(np.array([5, 5]))


def test_several_hold_their_numbers_only_if_they_are_few_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(medians, "ROOM", 10)
    five = Middles.of(np.zeros(5, dtype=np.int64), np.arange(5.0), Cells.everywhere(1))
    assert [len(each.row) for each in few_held({1: five, 2: five}).values()] == [5, 5]
    assert [len(each.row) for each in few_held({1: five, 2: five, 3: five}).values()] == [0] * 3
