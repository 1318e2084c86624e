"""What is left out as too far is farther, whatever lies in its box, measured one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.chords import chord_space
from lcrmap.analysis.metric import geodesic
from lcrmap.analysis.nearby import Balls, Positions, nearest_radii, reached


def positions(lon: np.ndarray, lat: np.ndarray) -> Positions:
    return Positions(chord_space(lon, lat), np.arange(len(lon)), 0.0)


@st.composite
def regions(draw: st.DrawFn) -> tuple[np.ndarray, ...]:
    """Boxes with points in them, on their corners too, and places that ask: near each other, or all over the earth."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    spread = draw(st.sampled_from([0.01, 1.0, 40.0]))
    lon, lat = draw(st.sampled_from([(-3.0, 53.4), (179.5, -10.0), (0.0, 80.0)]))
    west, south = rng.uniform(lon, lon + spread, 8), rng.uniform(lat, min(lat + spread, 89), 8)
    wide = rng.uniform(0, spread / 4, (2, 8))
    boxes = np.column_stack([west, south, west + wide[0], np.minimum(south + wide[1], 90)])
    share = rng.choice([0.0, 1.0, 0.3, 0.7], (2, 8, 5))
    x = boxes[:, 0, None] + share[0] * (boxes[:, 2] - boxes[:, 0])[:, None]
    y = boxes[:, 1, None] + share[1] * (boxes[:, 3] - boxes[:, 1])[:, None]
    asking = rng.uniform([lon, lat], [lon + spread, min(lat + spread, 89)], (6, 2)).T
    return boxes, x, y, asking


def distances(asking: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    ends = np.broadcast_arrays(asking[0][:, None], asking[1][:, None], x.ravel(), y.ravel())
    return geodesic(*(each.ravel() for each in ends))[0].reshape(len(asking[0]), *x.shape)


@given(regions(), st.floats(0, 2_000_000))
def test_what_is_within_a_distance_lies_in_a_box_that_is_reached(
    region: tuple[np.ndarray, ...], radius: float
) -> None:
    boxes, x, y, asking = region
    found = reached(
        positions(*asking), Balls.around(boxes, np.full(8, 5)), np.full(asking.shape[1], radius)
    )
    there = (distances(asking, x, y) <= radius).any(axis=(0, 2))
    assert not (there & ~found).any()


@given(regions(), st.integers(1, 40))
def test_so_many_lie_surely_within_the_radius(region: tuple[np.ndarray, ...], k: int) -> None:
    boxes, x, y, asking = region
    held = Balls.around(boxes, np.full(8, 5))
    size = asking.shape[1]
    radii = nearest_radii(positions(*asking), held, k, size)
    away = np.sort(distances(asking, x, y).reshape(size, -1), axis=1)
    assert (away[:, k - 1] <= radii).all()
    at_best = nearest_radii(positions(*asking), held, k, size, surely=False)
    assert (at_best <= radii).all()


def test_of_what_nothing_is_known_all_is_reached_and_of_nothing_none() -> None:
    boxes = np.array([[np.nan] * 4, [np.inf, np.inf, -np.inf, -np.inf], [50.0, 0.0, 51.0, 1.0]])
    held = Balls.around(boxes, np.array([0, 0, 2]))
    place = positions(np.array([0.0]), np.array([0.0]))
    assert reached(place, held, np.array([10.0])).tolist() == [True, False, False]
    assert reached(place, held, np.array([np.inf])).tolist() == [True, False, True]
    assert reached(place, held, np.array([np.nan])).tolist() == [True, False, False]
    assert nearest_radii(place, held, 3, 1).tolist() == [np.inf]


@pytest.mark.parametrize("boxes", [[[179.0, 0.0, 181.0, 0.0]], [[-181.0, 0.0, -179.0, 0.0]]])
def test_a_box_over_the_antimeridian_is_near_on_both_sides(boxes: list[list[float]]) -> None:
    held = Balls.around(np.array(boxes), np.array([1]))
    for lon in (178.9, -178.9):
        place = positions(np.array([lon]), np.array([0.0]))
        assert reached(place, held, np.array([20_000.0])).all()
