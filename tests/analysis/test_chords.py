"""The index: a bound that holds everywhere, and candidates that miss nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import candidates, chords, metric
from lcrmap.analysis.candidates import closest
from lcrmap.analysis.chords import chord_space
from tests.analysis import oracles

longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)


@settings(deadline=None)
@given(longitudes, latitudes, longitudes, latitudes)
def test_the_chord_bounds_the_geodesic_from_both_sides(
    lon1: float, lat1: float, lon2: float, lat2: float
) -> None:
    ends = chords.chord_space(np.array([lon1, lon2]), np.array([lat1, lat2]))
    chord = float(np.linalg.norm(ends[0] - ends[1]))
    metres = oracles.metres((lon1, lat1), (lon2, lat2))
    assert chord <= metres + 1e-6
    assert metres <= float(chords.longest_geodesic(np.array(chord))) + 1e-6
    assert chord <= float(chords.longest_chord(np.array(metres))) + 1e-6


def test_the_bound_is_tight_where_the_earth_bends_most_and_open_at_the_antipodes() -> None:
    """Along the meridian at the equator the two meet; over more than 2 R no bound is claimed."""
    ends = chords.chord_space(np.array([0.0, 0.0]), np.array([-0.5, 0.5]))
    chord = np.linalg.norm(ends[0] - ends[1])
    assert float(chords.longest_geodesic(chord)) == pytest.approx(
        oracles.metres((0, -0.5), (0, 0.5)), rel=1e-8
    )
    assert math.isinf(chords.longest_geodesic(np.array(12_756_274.0)))


def positions(count: int, seed: int, kind: str) -> np.ndarray:
    random = np.random.default_rng(seed)
    if kind == "coincident":
        return np.repeat(random.uniform(-80, 80, (max(1, count // 7), 2)), 7, axis=0)[:count]
    if kind == "clusters":
        centres = random.uniform(-80, 80, (3, 2))
        return centres[random.integers(0, 3, count)] + random.normal(0, 1e-5, (count, 2))
    if kind == "a line":
        return np.column_stack([random.uniform(-3, -2, count), np.full(count, 53.4)])
    return np.column_stack([random.uniform(-180, 180, count), random.uniform(-90, 90, count)])


@pytest.mark.parametrize("kind", ["the world", "clusters", "coincident", "a line"])
@pytest.mark.parametrize(
    ("queries", "targets", "k"),
    [(1, 1, 1), (300, 1000, 5), (200, 90, 10), (70, 3, 9), (2000, 300, 4), (30, 20_000, 3)],
)
def test_candidates_hold_every_wanted_pair(kind: str, queries: int, targets: int, k: int) -> None:
    places, others = positions(queries, 1, kind), positions(targets, 2, kind)
    one, other = chords.chord_space(*places.T), chords.chord_space(*others.T)
    straight = np.linalg.norm(one[:, None] - other[None], axis=2)
    kth = np.sort(straight, axis=1)[:, min(k, targets) - 1]
    found = set(
        zip(*(each.tolist() for each in candidates.nearest_candidates(one, other, k)), strict=True)
    )
    wanted = straight <= kth[:, None] + 0.001
    assert found >= set(zip(*(each.tolist() for each in np.nonzero(wanted)), strict=True))
    pairs = np.hstack([np.repeat(places, len(others), axis=0), np.tile(others, (len(places), 1))])
    geodesic = metric.geodesic(*pairs.T)[0].reshape(straight.shape)
    radius = np.quantile(geodesic, 0.1, axis=1)
    radius[:1] = math.nan
    reached = candidates.within_candidates(one, other, radius)
    found = set(zip(*(each.tolist() for each in reached), strict=True))
    wanted = geodesic <= radius[:, None]
    assert found >= set(zip(*(each.tolist() for each in np.nonzero(wanted)), strict=True))
    assert all(query > 0 for query, _ in found)


@pytest.mark.parametrize("kind", ["the world", "clusters", "coincident", "a line"])
@pytest.mark.parametrize(("queries", "targets"), [(400, 90), (90, 400), (1, 30), (3000, 7)])
def test_within_a_chord_of_each_query_are_just_those_whichever_are_fewer(
    kind: str, queries: int, targets: int
) -> None:
    """Each query has a radius of its own: a few reach far, most hardly, some nothing."""
    one, other = (
        chord_space(*positions(count, seed, kind).T) for count, seed in ((queries, 3), (targets, 4))
    )
    straight = np.linalg.norm(one[:, None] - other[None], axis=2)
    radius = np.quantile(straight, 0.02, axis=1)
    radius[::7], radius[::11] = np.quantile(straight[::7], 0.6, axis=1), math.nan
    with np.errstate(invalid="ignore"):
        wanted = straight <= (chords.longest_chord(radius) + chords.SLACK)[:, None]
    query, target = candidates.within_candidates(one, other, radius)
    assert sorted((query * len(other) + target).tolist()) == np.flatnonzero(wanted).tolist()


@pytest.mark.parametrize("kind", ["the world", "clusters", "coincident", "a line"])
def test_candidates_come_k_by_k_the_shortest_first_and_what_ties_behind_them_once(
    kind: str,
) -> None:
    one, other = (
        chord_space(*positions(count, seed, kind).T) for count, seed in ((210, 5), (630, 6))
    )
    other = np.vstack([other, other[:63]])  # whatever is among these ties with its double
    query, target = candidates.nearest_candidates(one, other, 3)
    first = 3 * len(one)
    assert query[:first].tolist() == np.repeat(np.arange(len(one)), 3).tolist()
    straight = np.linalg.norm(one[query] - other[target], axis=1)
    lines = straight[:first].reshape(-1, 3)
    assert (np.diff(lines) >= -1e-6).all()
    assert (straight[first:] <= lines[query[first:], 2] * 1.001 + 0.01).all()
    assert len(query) > first
    assert len(set(zip(query.tolist(), target.tolist(), strict=True))) == len(query)


@pytest.mark.parametrize("guess", [-3.0, 0.0, 0.2, 20.0])
def test_whatever_is_guessed_no_candidate_is_missed(
    guess: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far around a block is looked is a guess, and what may lie beyond is asked again."""
    monkeypatch.setattr(candidates, "_GUESS", guess)
    for kind in ("the world", "clusters", "a line"):
        test_candidates_hold_every_wanted_pair(kind, 900, 150, 4)


def test_a_guess_that_is_taken_for_proof_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded mutation: without asking again, what lies beyond is missed."""
    monkeypatch.setattr(candidates, "_GUESS", -3.0)
    monkeypatch.setattr(candidates, "lengths", lambda vectors: np.zeros(vectors.shape[:-1]))
    with pytest.raises(AssertionError):
        test_candidates_hold_every_wanted_pair("the world", 900, 150, 4)


@pytest.mark.parametrize("count", [1, 5, 100, 5000])
def test_each_position_is_in_one_block_and_within_its_balls(count: int) -> None:
    xyz = chord_space(*positions(count, 3, "the world").T)
    blocks = chords.in_blocks(xyz, 4)
    assert sorted(blocks.rows[~blocks.free].tolist()) == list(range(count))
    assert blocks.free.sum() < len(blocks.rows)
    assert (blocks.xyz[~blocks.free] == xyz[blocks.rows[~blocks.free]]).all()
    assert blocks.balls.sizes.sum() == count
    for level in blocks.levels:
        share = len(blocks.rows) // len(level.radii)
        for number, (centre, radius) in enumerate(zip(level.centres, level.radii, strict=True)):
            inner = slice(number * share, (number + 1) * share)
            held = blocks.xyz[inner][~blocks.free[inner]]
            assert (np.linalg.norm(held - centre, axis=1) <= radius + 1e-6).all()


def test_hardly_any_candidate_is_superfluous() -> None:
    """The cost is in measuring: five wanted must not mean ten measured."""
    random = np.random.default_rng(3)
    one, other = (
        chords.chord_space(random.uniform(-3.4, -2.4, n), random.uniform(53.2, 53.7, n))
        for n in (5000, 1000)
    )
    assert len(candidates.nearest_candidates(one, other, 5)[0]) <= 5 * 5000 * 1.001


def test_a_bound_that_is_too_small_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded mutation: taking the chord for the geodesic must fail the comparison above."""
    monkeypatch.setattr(chords, "longest_geodesic", lambda chord: chord * 0.999)
    with pytest.raises(AssertionError):
        test_candidates_hold_every_wanted_pair("coincident", 300, 1000, 5)


@pytest.mark.parametrize("count", [1, 2, 40, 700])
@pytest.mark.parametrize("same", [False, True])
def test_the_closest_is_that_of_all_pairs(count: int, same: bool) -> None:
    """Few targets are all tried, many searched; alone with itself a position has none."""
    rng = np.random.default_rng(count)
    targets = chord_space(rng.uniform(-3.2, -2.5, count), rng.uniform(53.3, 53.7, count))
    queries = targets if same else chord_space(rng.uniform(-4, -2, 90), rng.uniform(53, 54, 90))
    chords = np.sqrt(((queries[:, None] - targets) ** 2).sum(axis=2))
    if same:
        np.fill_diagonal(chords, np.inf)
    row, chord = closest(queries, targets, omitted=np.arange(count) if same else None)
    assert chord == pytest.approx(chords.min(axis=1), abs=1e-3)
    assert chords[np.arange(len(queries)), row] == pytest.approx(chord, abs=1e-3)


def test_where_many_lie_far_away_none_is_within_reach() -> None:
    """Not one bough of many blocks is near."""
    random = np.random.default_rng(1)
    many = chord_space(random.uniform(-3, -2, 40_000), random.uniform(53, 54, 40_000))
    alone = chord_space(np.array([20.0]), np.array([0.0]))
    assert len(chords.in_blocks(many, 16).levels) > 1
    assert [len(each) for each in candidates.within_candidates(alone, many, np.array([9.0]))] == [
        0,
        0,
    ]
    assert candidates.possibly_within(alone, many, 9.0).tolist() == []


def test_nothing_is_closest_to_nothing() -> None:
    none, some = np.empty((0, 3)), chord_space(np.zeros(2), np.zeros(2))
    assert closest(some, none)[1].tolist() == [np.inf, np.inf]
    assert closest(none, some)[1].tolist() == []
