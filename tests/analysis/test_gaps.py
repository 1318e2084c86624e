"""Where nothing is near: by position, surely, possibly; sums that never print 0 for unknown."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import gaps
from lcrmap.analysis.gaps import beyond, sums_by_area
from tests.analysis.test_proximity import east, layer


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=4),
    st.integers(0, 15),
)
def test_agrees_with_the_plain_rule(
    homes: list[int], stops: list[tuple[int, int]], far: int
) -> None:
    """On a line of hundred-metre steps: beyond if no stop is within; surely and possibly at the ends of the errors."""
    people = layer(east(*(100 * each for each in homes)))
    stations = layer(east(*(100 * at for at, _ in stops)), [100 * error for _, error in stops])
    found = beyond(people, stations, 100 * far)
    for row, home in zip(found.itertuples(), homes, strict=True):
        assert row.beyond == all(abs(home - at) > far for at, _ in stops)
        assert row.surely == all(abs(home - at) - error > far for at, error in stops)
        assert row.possibly == all(abs(home - at) + error > far for at, error in stops)


def test_an_unknown_error_leaves_open_what_is_sure() -> None:
    found = beyond(layer(east(0, 5000)), layer(east(0), [math.nan]), 100)
    assert found["beyond"].tolist() == [False, True]
    assert found["surely"].isna().tolist() == [False, True]
    assert found["possibly"].tolist() == [True, True]


def test_without_any_feature_everybody_is_beyond_and_without_a_position_nobody_can_tell() -> None:
    found = beyond(layer([(0, 0), None]), layer([]), 100)
    assert found["beyond"].tolist()[0] is True
    assert found.loc[1].isna().all()


def test_sums_add_up_and_an_area_without_points_is_unknown() -> None:
    found = beyond(layer(east(0, 50, 5000, 6000)), layer(east(0), [0]), 100)
    sums = sums_by_area(found, np.array([0, 0, 1, -1]), {"n": np.array([1.0, 2, 4, 8])}, 3)
    assert sums["n"].tolist()[:2] == [3, 4]
    assert sums["n_beyond"].tolist()[:2] == [0, 4]
    assert math.isnan(sums["n"][2])
    assert math.isnan(sums["n_beyond"][2])
    assert sums.loc[3].tolist() == [15, 12, 12, 12]


def test_a_place_taken_for_covered_by_an_unknown_one_would_be_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gaps, "error_radii", lambda frame: np.zeros(len(frame)))
    with pytest.raises(AssertionError):
        test_an_unknown_error_leaves_open_what_is_sure()
