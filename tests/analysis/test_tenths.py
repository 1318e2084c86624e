"""The highest or lowest part of areas by a figure: against a plain count, ties whole, rows in any order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.tenths import extreme_part

FIGURES = st.lists(
    st.one_of(st.integers(0, 12).map(float), st.just(float("nan"))), min_size=1, max_size=40
)


@pytest.mark.parametrize(
    ("figures", "parts", "lowest", "expected"),
    [
        ([5, 1, 4, 2, 3], 5, False, [5]),
        ([5, 1, 4, 2, 3], 5, True, [1]),
        ([5, 1, 4, 2, 3, 6, 7, 8, 9], 5, False, [8, 9]),  # 1.8, so 2
        ([5, 1, 4, 2, 3, 6, 7], 5, False, [7]),  # 1.4, so 1
        ([2, 1, 2, 1, 2], 5, False, [2, 2, 2]),
        ([3, np.nan, 1], 3, True, [1]),
        ([3, 1], 10, False, [3]),
    ],
)
def test_parts_by_hand(
    figures: list[float], parts: int, lowest: bool, expected: list[float]
) -> None:
    given_ = pd.Series(figures, dtype=float)
    assert sorted(given_[extreme_part(given_, parts, lowest=lowest)]) == expected


def test_of_nothing_known_nothing_is_in() -> None:
    assert not extreme_part(pd.Series([np.nan, np.nan]), 10).any()


@given(FIGURES, st.sampled_from([5, 10]), st.booleans())
def test_a_part_holds_no_more_than_ties_ask_for(
    figures: list[float], parts: int, lowest: bool
) -> None:
    values = pd.Series(figures, dtype=float)
    inside = extreme_part(values, parts, lowest=lowest)
    known = values.dropna()
    assert not inside[values.isna()].any()
    if known.empty:
        return
    some = values[inside]
    bound = some.max() if lowest else some.min()
    beyond = (some < bound) if lowest else (some > bound)
    wanted = max(1, int(len(known) / parts + 0.5))
    assert beyond.sum() < wanted <= len(some)
    assert (some == bound).sum() == (known == bound).sum()  # equal ones are never divided
    order = values.index[::-1]
    assert extreme_part(values[order], parts, lowest=lowest).tolist() == inside[::-1].tolist()
