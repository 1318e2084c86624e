"""Access when others share: by hand, by plain loops, and what must hold of any people and places."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.access import Access, Decay, access_of, gini, near
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.links import STRAIGHT, Side

DECAYS: tuple[Decay, ...] = ("step", "linear", "gaussian")


def at(*degrees: float, error: float | None = 0.0) -> gpd.GeoDataFrame:
    """Return places along the equator."""
    points = gpd.points_from_xy(degrees, [0.0] * len(degrees))
    columns = {} if error is None else {"position_error_m": [error] * len(degrees)}
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


def by_loops(
    people: list[int], metres: list[list[float]], within: float, decay: Decay
) -> list[float]:
    """Return what one person at each point has, written as the method is told."""

    def counts(far: float) -> float:
        if far > within:
            return 0.0
        if decay == "step":
            return 1.0
        if decay == "linear":
            return 1 - far / within
        return math.exp(-(far**2) / (2 * (within / 2) ** 2))

    shared = [
        sum(many * counts(row[each]) for many, row in zip(people, metres, strict=True))
        for each in range(len(metres[0]))
    ]
    return [
        sum(counts(far) / all_ for far, all_ in zip(row, shared, strict=True) if all_)
        for row in metres
    ]


def test_three_tracts_by_hand() -> None:
    # Two surgeries: the first within reach of tracts 1 and 2 (100 and 300 people), the second of 2 and 3 (300 and 100).
    people, doctors = at(0.0, 0.01, 0.02), at(0.005, 0.015)
    found = access_of(people, np.array([100.0, 300.0, 100.0]), doctors, np.array([2.0, 4.0]), 700)
    assert found.access == pytest.approx([2 / 400, 2 / 400 + 4 / 400, 4 / 400], abs=1e-15)
    assert found.checked() == pytest.approx(6)
    assert found.number.tolist() == [1, 2, 1]


places = st.lists(st.integers(0, 60), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    people=places,
    features=places,
    within=st.integers(100, 3000),
    decay=st.sampled_from(DECAYS),
    seed=st.integers(0, 9),
)
def test_access_is_what_the_method_says(
    people: list[int], features: list[int], within: int, decay: Decay, seed: int
) -> None:
    here, there = (at(*(each / 1000 for each in some)) for some in (people, features))
    weight = np.random.default_rng(seed).integers(0, 50, len(people)).astype(float)
    found = access_of(here, weight, there, np.ones(len(features)), within, decay)
    # A degree along the equator has as many metres as the ellipsoid says.
    metres = [
        [round(abs(one - other) / 1000 * 111319.49079327358, 3) for other in features]
        for one in people
    ]
    wanted = by_loops([int(each) for each in weight], metres, within, decay)
    assert found.access == pytest.approx(wanted, rel=1e-9, abs=1e-15)
    assert found.checked() == pytest.approx(found.supply[found.reached].sum())
    if weight.sum():
        low, high = found.range_among(np.zeros(len(people), dtype=np.int64), 1)
        assert low[-1] == pytest.approx(high[-1])  # without errors there is no range


def sample(scale: float = 1.0, supply: float = 1.0, within: float = 900.0) -> Access:
    people, features = at(0.0, 0.004, 0.01), at(0.002, 0.009)
    weight = np.array([10.0, 20.0, 5.0]) * scale
    return access_of(people, weight, features, np.ones(2) * supply, within, "gaussian")


def test_twice_the_supply_is_twice_the_access_and_twice_the_people_half_of_it() -> None:
    plain = sample().access
    assert sample(supply=2).access == pytest.approx(2 * plain)
    assert sample(scale=2).access == pytest.approx(plain / 2)


def test_with_a_distance_beyond_everything_all_have_the_same() -> None:
    found = access_of(
        at(0, 1, 2), np.array([1.0, 2.0, 3.0]), at(0.5, 1.5), np.array([4.0, 2.0]), 1e6
    )
    assert found.access == pytest.approx([1.0, 1.0, 1.0])


def test_what_nobody_reaches_is_left_out_of_the_sum() -> None:
    found = access_of(at(0), np.array([7.0]), at(0, 1), np.array([2.0, 5.0]), 500)
    assert found.checked() == 2
    assert found.reached.tolist() == [True, False]


def test_nothing_counts_beyond_the_distance_whatever_the_decay() -> None:
    for decay in DECAYS:
        found = access_of(at(0, 0.02), np.ones(2), at(0, error=500), np.ones(1), 2000, decay)
        assert found.access.tolist() == [1.0, 0.0]


def test_the_range_is_that_of_the_errors_of_positions() -> None:
    people, weight = at(0.0, 0.01), np.array([10.0, 30.0])
    near = access_of(people, weight, at(0.004, error=200.0), np.ones(1), 600)
    low, high = near.range_among(np.array([0, 1]), 2)
    # 445 m from the first and 668 m from the second: either may have it all, or both share it.
    assert near.among(np.array([0, 1]), 2).tolist() == [1, 0, 1]
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [1, 1, 1]


def test_an_unknown_error_leaves_the_most_open() -> None:
    found = access_of(at(0.0), np.array([10.0]), at(0.0, error=None), np.ones(1), 600)
    low, high = found.range_among(np.array([0]), 1)
    assert low.tolist() == [0, 0]
    assert np.isnan(high).all()


@settings(max_examples=100, deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), min_size=1, max_size=9))
def test_the_gini_coefficient_is_the_mean_difference_of_all_pairs(
    pairs: list[tuple[int, int]],
) -> None:
    each = [value for value, many in pairs for _ in range(many)]
    found = gini(*(np.array(some, dtype=float) for some in zip(*pairs, strict=True)))
    if not sum(each):
        assert math.isnan(found)
        return
    differences = sum(abs(one - other) for one in each for other in each)
    assert found == pytest.approx(differences / (2 * len(each) * sum(each)), abs=1e-12)


class Detour:
    """Ways that are twice as long as the straight ones."""

    slack, vague = 0.0, False
    side, nearest = staticmethod(STRAIGHT.side), staticmethod(STRAIGHT.nearest)

    def within(
        self, left: Side, right: Side, radius: Floats, *, same: bool = False
    ) -> pd.DataFrame:
        links = STRAIGHT.within(left, right, radius / 2, same=same)
        return links.assign(metres=2 * links["metres"])


def test_of_several_ways_the_shortest_counts_and_each_pair_once() -> None:
    homes, shops = at(0.0, 0.001, 0.004, 0.008), at(0.0, 0.002)  # 0.001 degrees are 111 m
    straight = near(homes, shops, 1000, "linear")
    for ways in ((STRAIGHT, Detour()), (Detour(), STRAIGHT)):
        both = near(homes, shops, 1000, "linear", ways)
        for name in ("person", "feature", "counts"):
            assert getattr(both, name).tolist() == getattr(straight, name).tolist()
