"""Candidates that lie too close to each other: every pair measured, and every choice tried."""

from __future__ import annotations

import itertools
import tracemalloc

import geopandas as gpd
import numpy as np
import pyproj
import pytest

from lcrmap.analysis.apart import Apart
from lcrmap.analysis.choosing import Rules, best_choices, greedy
from lcrmap.analysis.gains import Gains, gains_of

METRES = 3000.0


def sites(count: int, seed: int) -> gpd.GeoDataFrame:
    """Return points in a square of ten kilometres."""
    draw = np.random.default_rng(seed)
    lon, lat = -3 + 0.15 * draw.random(count), 53.4 + 0.09 * draw.random(count)
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def close_pairs(points: gpd.GeoDataFrame, metres: float = METRES) -> set[tuple[int, int]]:
    """Return the pairs that are too close, by PROJ, one by one."""
    earth, (x, y) = pyproj.Geod(ellps="WGS84"), (points.geometry.x, points.geometry.y)
    return {
        (one, other)
        for one, other in itertools.combinations(range(len(points)), 2)
        if round(earth.inv(x[one], y[one], x[other], y[other])[2], 3) < metres
    }


def table(count: int, seed: int) -> Gains:
    """Return gains of forty people, few enough to make ties."""
    draw = np.random.default_rng(seed)
    person, candidate = (each.ravel() for each in np.indices((40, count)))
    weight = draw.integers(1, 4, 40).astype(float)
    return gains_of(person, candidate, draw.integers(0, 9, 40 * count).astype(float), weight, count)


@pytest.mark.parametrize("seed", range(5))
def test_a_group_is_of_candidates_each_too_close_to_each(seed: int) -> None:
    points, draw = sites(60, seed), np.random.default_rng(seed)
    close, rule = close_pairs(points), Apart(sites(60, seed), METRES)
    shares = np.where(draw.random(60) < 0.3, draw.choice([0.3, 0.5, 0.8, 1.0], 60), 0.0)
    groups = rule.broken_by(shares)
    assert groups
    for each in groups:
        assert shares[each].sum() > 1
        assert set(itertools.combinations(each.tolist(), 2)) <= close
    broken = {row for pair in close if shares[list(pair)].sum() > 1 for row in pair}
    assert broken <= {row for each in groups for row in each}


def test_who_lies_between_two_is_forbidden_with_them() -> None:
    east = [0, 0.02, 0.01, 0.03, -0.005]  # 0.01 degrees are 1.1 km
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(east, [0] * 5), crs="EPSG:4326")
    groups = Apart(points, METRES).broken_by(np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    assert [each.tolist() for each in groups] == [[0, 1, 2]]


@pytest.mark.parametrize("seed", range(5))
def test_a_choice_is_allowed_if_no_pair_of_it_is_too_close(seed: int) -> None:
    points = sites(12, seed)
    close, rule = close_pairs(points), Apart(points, METRES)
    for chosen in itertools.combinations(range(12), 3):
        pairs = set(itertools.combinations(chosen, 2)) & close
        assert (rule.allows(chosen), rule.too_close(chosen)) == (not pairs, sorted(pairs))


def test_as_far_as_the_distance_to_the_millimetre_is_far_enough() -> None:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.01], [0, 0]), crs="EPSG:4326")
    far = 1113.195  # 0.01 degrees of the equator, to the millimetre
    assert Apart(points, far).allows([0, 1])
    assert not Apart(points, far + 0.001).allows([0, 1])


@pytest.mark.parametrize("seed", range(20))
def test_the_best_of_choices_that_are_far_enough_apart_are_those_of_all_that_there_are(
    seed: int,
) -> None:
    points, gains = sites(12, seed), table(12, seed)
    close = close_pairs(points)
    rules = Rules(3, 3, apart=Apart(points, METRES))
    kept = [
        each
        for each in itertools.combinations(range(12), 3)
        if not set(itertools.combinations(each, 2)) & close
    ]
    expected = sorted(kept, key=lambda each: (-gains.of(each), each))
    found = best_choices(gains, rules, wanted=4)
    assert found.proved
    assert [each.chosen for each in found.choices][:4] == expected[:4]
    start = greedy(gains, rules)
    assert start is None or start in kept


def test_more_than_fit_is_no_choice() -> None:
    points = sites(30, 1)
    gains, rule = table(30, 1), Apart(points, 50_000.0)
    assert [len(each.chosen) for each in best_choices(gains, Rules(1, 1, apart=rule)).choices] == [
        1
    ]
    assert not best_choices(gains, Rules(2, 2, apart=rule)).choices


def test_fifty_thousand_candidates_take_no_table_of_all_pairs() -> None:
    points, shares = sites(50_000, 3), np.zeros(50_000)
    rule = Apart(points, METRES)
    x, y = points.geometry.x, points.geometry.y
    shares[np.hypot(x - x[0], y - y[0]).argsort()[:3]] = 1.0  # three neighbours
    tracemalloc.start()
    groups = rule.broken_by(shares)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert groups
    assert most < 100e6  # a table of all pairs has 2.5 GB
