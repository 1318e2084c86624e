"""Whole numbers shared out to points: they add up, are even, and do not depend on the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.sharing import shared_out

POINTS = st.lists(st.sampled_from("abc"), min_size=1, max_size=40)
TOTALS = st.fixed_dictionaries({each: st.integers(0, 500) for each in "abc"})


@given(areas=POINTS, totals=TOTALS)
def test_shares_of_an_area_are_whole_and_even_and_add_up(areas, totals):
    order = pd.Series([f"{number:03}" for number in range(len(areas))])
    found = pd.Series(shared_out(pd.Series(totals, dtype=float), pd.Series(areas), order))
    for area, some in found.groupby(pd.Series(areas)):
        assert some.sum() == totals[area]
        assert some.max() - some.min() <= 1
        n, total = len(some), totals[area]
        plain = [total * (i + 1) // n - total * i // n for i in range(n)]  # by hand
        assert some.tolist() == plain


@given(areas=POINTS, totals=TOTALS, seed=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(areas, totals, seed):
    table = pd.DataFrame({"area": areas, "code": [f"{n:03}" for n in range(len(areas))]})
    mixed = table.sample(frac=1, random_state=seed)
    known = pd.Series(totals, dtype=float)
    plain = shared_out(known, table["area"], table["code"])
    other = pd.Series(shared_out(known, mixed["area"], mixed["code"]), index=mixed.index)
    assert other.sort_index().tolist() == plain.tolist()


def test_what_is_not_known_of_an_area_is_not_known_of_its_points():
    known = pd.Series({"a": np.nan, "b": 3.0})
    found = shared_out(known, pd.Series(list("ab")), pd.Series(list("pq")))
    assert np.isnan(found[0])
    assert found[1] == 3
