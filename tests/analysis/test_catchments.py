"""What lies within rings: sums against a plain loop, ranges by hand, doubles counted once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lcrmap.analysis import catchments
from lcrmap.analysis.catchments import reached_features, weighted_centres
from tests.analysis import oracles
from tests.analysis.test_proximity import east, layer


def test_sums_are_those_of_a_loop_over_every_pair() -> None:
    random = np.random.default_rng(4)
    starts = [tuple(each) for each in random.uniform((-3.1, 53.3), (-2.9, 53.5), (4, 2)).tolist()]
    ends = [tuple(each) for each in random.uniform((-3.2, 53.2), (-2.8, 53.6), (300, 2)).tolist()]
    people = random.integers(1, 50, 300).astype(float)
    errors = random.choice([0.0, 100.0, 900.0], 4)
    places, homes = layer(starts, errors), layer(ends)
    apart = reached_features(places, homes, 5000, exact=True)
    for ring in (1000, 2500, 5000):
        found = apart.sums(people, ring)
        ways = np.array([[oracles.metres(start, end) for end in ends] for start in starts])
        assert found["value"].tolist() == [(people * (way <= ring)).sum() for way in ways]
        assert found["least"].tolist() == [
            (people * (way + e <= ring)).sum() for way, e in zip(ways, errors, strict=True)
        ]
        assert found["most"].tolist() == [
            (people * (way - e <= ring)).sum() for way, e in zip(ways, errors, strict=True)
        ]
        merged = reached_features(places, homes, 5000, exact=True, together=True).sums(people, ring)
        assert merged["value"].tolist() == [(people * (ways.min(axis=0) <= ring)).sum()]
        assert merged["least"].tolist() == [
            (people * ((ways + errors[:, None]).min(axis=0) <= ring)).sum()
        ]


def test_unknown_errors_leave_ends_of_the_range_open_and_never_count_as_nought() -> None:
    ones = np.ones(2)
    found = reached_features(layer(east(0), [math.nan]), layer(east(10, 20)), 100, exact=True).sums(
        ones, 100
    )
    assert found["value"].tolist() == [2]
    assert found[["least", "most"]].isna().all(axis=None)
    features = layer(east(10, 20), [5, math.nan])
    found = reached_features(layer(east(0), [0]), features, 100).sums(ones, 100)
    assert found["least"].tolist() == [1]
    assert found["most"].isna().all()


def test_a_place_does_not_count_itself() -> None:
    places = layer([(0, 0), (0, 0), *east(50)])
    assert reached_features(places, places, 100, own=np.arange(3)).sums(np.ones(3), 100)[
        "value"
    ].tolist() == [2, 2, 2]
    assert reached_features(places, places, 100).sums(np.ones(3), 10)["value"].tolist() == [2, 2, 1]


def test_a_place_without_position_reaches_nothing() -> None:
    found = reached_features(layer([None, (0, 0)]), layer(east(1)), 100).sums(np.ones(1), 100)
    assert found["value"].tolist() == [0, 1]


def test_weights_of_pairs_count_some_of_them() -> None:
    reached = reached_features(layer(east(0)), layer(east(10, 20, 30)), 100)
    kept = (reached.pairs["right"].to_numpy() != 1) * 5.0
    assert reached.sums(kept, 25, by_pair=True)["value"].tolist() == [5]


def test_centres_are_weighted_means() -> None:
    homes = layer([(0, 0), (5, 5), (4, 0), None]).assign(unit=["b", "a", "b", "b"])
    found = weighted_centres(homes, "unit", np.array([3.0, 2.0, 1.0, 9.0]))
    assert found["unit"].tolist() == ["a", "b"]
    assert found["weight"].tolist() == [2, 4]
    assert found["first"].tolist() == [1, 0]
    assert found.geometry.x.tolist() == [5, 1]


def test_a_dropped_range_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchments, "error_radii", lambda frame: np.zeros(len(frame)))
    with pytest.raises(AssertionError):
        test_sums_are_those_of_a_loop_over_every_pair()
