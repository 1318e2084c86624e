"""Draws: against a head count of every draw, within the bounds, and a feature in the same place in all scenarios."""

from __future__ import annotations

import time
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import chords
from lcrmap.analysis.change_sums import ALL, summed, summed_distances
from lcrmap.analysis.changes import Paired, distance_change, pair, within_change
from lcrmap.analysis.draws import (
    Lot,
    distance_tally,
    within_tally,
)
from lcrmap.analysis.metric import destination, geodesic
from lcrmap.errors import UsageError
from lcrmap.verbs.sources import Sources
from tests.analysis.oracles import metres
from tests.analysis.test_changes import Case, cases
from tests.analysis.test_proximity import NAN, east, layer

STEP = 100
FEW = 12  # so few draws that none is left out at the ends


def named(case: Case) -> Paired:
    """Return features with keys of their own: those that are in one state alone are told from the others."""
    frames = zip("cfs", (case.paired.common, case.paired.first, case.paired.second), strict=True)
    return Paired(*(frame.assign(id=letter + frame["id"].astype(str)) for letter, frame in frames))


def lot(draws: int = FEW, **changed: Any) -> Lot:
    return Lot(**({"draws": draws, "seed": 3, "layer": "stops", "key": "id"} | changed))


def placed(frame: gpd.GeoDataFrame, drawn: Lot) -> list[list[tuple[float, float] | None]]:
    """Where each feature stands in each draw, worked out one by one."""
    numbers = drawn.numbers(frame["id"].tolist())
    found = []
    for row, (shape, error) in enumerate(
        zip(frame.geometry, frame["position_error_m"], strict=True)
    ):
        one = []
        for _, far, turn in numbers[row]:
            away = 0.0 if np.isnan(error) else error * far**0.5
            at = destination(*(np.array([each]) for each in (shape.x, shape.y, 360 * turn, away)))
            one.append((float(at[0][0]), float(at[1][0])))
        found.append(one)
    return found


def distances(case: Case, drawn: Lot) -> list[list[tuple[float, float]]]:
    """The distances to the nearest in both states: a list a draw, of pairs a home."""
    paired = named(case)
    parts = [placed(frame, drawn) for frame in (paired.common, paired.first, paired.second)]
    happens = [
        [
            each[:, 0] < drawn.chances.get(name, 1)
            for each, name in zip(drawn.numbers(ids), ids, strict=True)
        ]
        for ids in (paired.first["id"].tolist(), paired.second["id"].tolist())
    ]
    homes = east(*(STEP * each for each in case.homes))
    found = []
    for draw in range(drawn.draws):
        common, first, second = ([each[draw] for each in part] for part in parts)
        kept = [at for at, gone in zip(first, happens[0], strict=True) if not gone[draw]]
        come = [at for at, there in zip(second, happens[1], strict=True) if there[draw]]
        states = common + first, common + kept + come
        found.append(
            [
                tuple(
                    min((round(metres(home, at), 3) for at in each), default=np.inf)
                    for each in states
                )
                for home in homes
            ]
        )
    return found


@st.composite
def settled(draw: st.DrawFn) -> tuple[Case, Any, Any]:
    case = draw(cases(unknown=True))
    people = st.lists(st.integers(0, 9), min_size=len(case.homes), max_size=len(case.homes))
    return case, np.array(draw(people)), np.array(draw(people))


CHANCES = st.sampled_from([{}, {"fp0000": 0.5}, {"sp0000": 0.5, "fp0001": 0.2}, {"sp0000": 0.0}])


@settings(deadline=None, max_examples=30)
@given(settled(), st.integers(0, 15), CHANCES)
def test_within_is_what_every_draw_says(
    asked: tuple[Case, Any, Any], far: int, chances: dict[str, float]
) -> None:
    case, old, new = asked
    drawn = lot(chances=chances)
    everybody = {"all": (np.zeros(len(old), dtype=np.int64), 1)}
    found = within_tally(
        case.people, named(case), STEP * far, everybody, old, new, lot=drawn
    ).middles()
    counts = []
    for homes in distances(case, drawn):
        first, second = (
            np.array([each[state] <= STEP * far for each in homes]) for state in (0, 1)
        )
        stay = np.minimum(old, new)
        counts.append(
            (
                (new * second - old * first).sum(),
                (stay * (second & ~first)).sum(),
                (stay * (first & ~second)).sum(),
            )
        )
    same(found["all"], counts, abs_=0)
    homes = distances(case, drawn)
    within = [np.array([each[1] <= STEP * far for each in some]) for some in homes]
    asks = (case.people, named(case), STEP * far, everybody, old, new)
    whole = within_tally(*asks, lot=drawn, whole=True)
    same(whole.middles()["all"], counts, abs_=0)
    assert whole.drawn("all", 0).change.tolist() == [each[0] for each in counts]
    second = whole.drawn("all", 0).second
    assert second is not None
    assert second.tolist() == [(new * each).sum() for each in within]
    assert within_tally(*asks, lot=drawn).drawn("all", 0).second is None


@settings(deadline=None, max_examples=30)
@given(settled(), CHANCES)
def test_a_distance_is_what_every_draw_says(
    asked: tuple[Case, Any, Any], chances: dict[str, float]
) -> None:
    case, old, new = asked
    drawn = lot(chances=chances)
    if not case.common or not old.sum() or not new.sum():
        return
    everybody = {"all": (np.zeros(len(old), dtype=np.int64), 1)}
    found = distance_tally(case.people, named(case), everybody, old, new, lot=drawn).middles()
    counts = []
    for homes in distances(case, drawn):
        first, second = (np.array([each[state] for each in homes]) for state in (0, 1))
        change = (new * second).sum() / new.sum() - (old * first).sum() / old.sum()
        stay = np.minimum(old, new)
        counts.append((change, (stay * (second < first)).sum(), (stay * (second > first)).sum()))
    same(found["all"], counts, abs_=0.003)
    asks = (case.people, named(case), everybody, old, new)
    whole = distance_tally(*asks, lot=drawn, whole=True).drawn("all", 0)
    assert whole.change.tolist() == pytest.approx([each[0] for each in counts], abs=0.003)
    means = [
        (new * np.array([each[1] for each in some])).sum() / new.sum()
        for some in distances(case, drawn)
    ]
    assert whole.second is not None
    assert whole.second.tolist() == pytest.approx(means, abs=0.004)


def same(found: pd.DataFrame, counts: list[tuple[float, float, float]], *, abs_: float) -> None:
    for column, name in enumerate(("change", "gain", "lose")):
        every = [each[column] for each in counts]
        got = found.loc[ALL, [f"{name}_low", f"{name}_high"]].tolist()
        assert got == pytest.approx([min(every), max(every)], abs=abs_)


@settings(deadline=None, max_examples=30)
@given(settled(), st.integers(0, 15))
def test_every_draw_lies_within_the_bounds(asked: tuple[Case, Any, Any], far: int) -> None:
    case, old, new = asked
    paired, homes = named(case), np.zeros(len(old), dtype=np.int64)
    groupings = {"all": (homes, 1)}
    bounds = [
        summed(within_change(case.people, paired, STEP * far), homes, old, new),
        summed_distances(distance_change(case.people, paired), homes, old, new),
    ]
    drawn = [
        within_tally(case.people, paired, STEP * far, groupings, old, new, lot=lot()).middles(),
        distance_tally(case.people, paired, groupings, old, new, lot=lot()).middles(),
    ]
    for bound, found in zip(bounds, drawn, strict=True):
        for name in ("change", "gain", "lose"):
            assert not (found["all"][f"{name}_low"] < bound[f"{name}_min"]).any()
            assert not (found["all"][f"{name}_high"] > bound[f"{name}_max"]).any()
            assert found["all"].index.equals(bound.index)


def test_a_feature_stands_in_the_same_place_in_all_scenarios() -> None:
    alone = lot(20).numbers(["b"])[0]
    assert (lot(20).numbers(["a", "b", "c"])[1] == alone).all()
    assert (lot(50).numbers(["b"])[0][:20] == alone).all()
    assert (lot(20).numbers(["a"])[0] != alone).all()
    for other in (lot(20, seed=4), lot(20, layer="halts")):
        assert (other.numbers(["b"])[0] != alone).all()


def test_positions_are_even_in_the_disc() -> None:
    """As many in the inner half of the ground as in the outer, and as many in each quarter of the compass."""
    at = layer(east(0), [1000.0], ids=["a"])
    lon, lat = np.array(list(placed(at, lot(4000))[0])).T
    away, turn = geodesic(np.zeros(4000), np.zeros(4000), lon, lat)
    assert away.max() <= 1000
    assert (away < 1000 / 2**0.5).mean() == pytest.approx(0.5, abs=0.03)
    assert np.histogram(turn, bins=4, range=(0, 360))[0] == pytest.approx(1000, abs=120)


def test_a_chance_is_how_often_it_comes_about() -> None:
    people, nothing = layer(east(0)), layer([], [])
    new = layer(east(10), [0.0], ids=["a"])
    gains = [
        within_tally(
            people,
            Paired(nothing, nothing, new),
            100,
            {"all": (np.array([0]), 1)},
            [1],
            [1],
            lot=lot(1, seed=seed, chances={"a": 0.3}),
        )
        .middles()["all"]
        .loc[ALL, "gain_low"]
        for seed in range(300)
    ]
    assert np.mean(gains) == pytest.approx(0.3, abs=0.08)


def test_a_move_that_does_not_come_about_leaves_the_feature_where_it_was() -> None:
    people, nothing = layer(east(0, 5000)), layer([], [])
    old, new = layer(east(0), [0.0], ids=["a"]), layer(east(5000), [0.0], ids=["a"])
    found = within_tally(
        people,
        Paired(nothing, old, new),
        100,
        {"each": (np.array([0, 1]), 2)},
        [1, 1],
        [1, 1],
        lot=lot(200, chances={"a": 0.5}),
    ).middles()["each"]
    assert found["lose_high"].tolist() == [1, 0, 0, 1]
    assert found["gain_high"].tolist() == [0, 1, 0, 1]
    assert found.loc[ALL, ["change_low", "change_high"]].tolist() == [0, 0]


def test_groups_are_summed_apart() -> None:
    people, nothing = layer(east(0, 1000, 2000)), layer([], [])
    new = layer(east(0, 2000), [50.0, 50.0], ids=["a", "b"])
    groupings = {"sides": (np.array([0, 2, -1]), 3), "all": (np.array([0, 0, 0]), 1)}
    found = within_tally(
        people, Paired(nothing, nothing, new), 100, groupings, [1, 2, 4], [1, 2, 4], lot=lot()
    ).middles()
    assert found["sides"]["gain_low"].tolist() == [1, 0, 0, 4, 5]
    assert found["all"]["gain_high"].tolist() == [5, 0, 5]


def test_areas_and_what_is_of_unknown_error_stay() -> None:
    people, nothing = layer(east(0)), layer([], [])
    area = gpd.GeoDataFrame(
        {"id": ["s"], "position_error_m": [5000.0]},
        geometry=[shapely.box(0.0005, -0.001, 0.03, 0.001)],
        crs="EPSG:4326",
    )
    for new in (area, layer(east(60), [NAN], ids=["u"])):
        found = within_tally(
            people,
            Paired(nothing, nothing, new),
            100,
            {"all": (np.array([0]), 1)},
            [1],
            [1],
            lot=lot(100),
        ).middles()
        assert found["all"].loc[ALL, ["gain_low", "gain_high"]].tolist() == [1, 1]


def test_a_layer_without_keys_is_told_apart_by_its_shapes() -> None:
    two = layer(east(0, 1000), [9.0, 9.0]).drop(columns="id")
    one, other = lot(key="").names(two)
    assert one != other
    assert lot(key="").names(two.iloc[::-1]) == [other, one]


@pytest.mark.parametrize("many", [0, 10_001])
def test_too_many_draws_are_refused(many: int) -> None:
    with pytest.raises(UsageError, match="from 1 to 10,000"):
        lot(many)


def test_the_chord_tells_the_distance_to_3_mm() -> None:
    """As `nearest` says: anywhere, in any direction, up to 50 km."""
    rng = np.random.default_rng(5)
    lon, lat, turn = (rng.uniform(-each, each, 5000) for each in (180, 89, 180))
    away = rng.uniform(0, 50_000, 5000)
    there = destination(lon, lat, turn, away)
    straight = np.linalg.norm(chords.chord_space(lon, lat) - chords.chord_space(*there), axis=1)
    assert np.abs(chords.longest_geodesic(straight) - away).max() < 0.003


def test_five_hundred_draws_of_four_stations() -> None:
    sources = Sources()
    people = sources.people()
    open_, planned = (sources.layer(each).frame for each in ("rail-stations", "planned-stations"))
    shared = [each for each in planned if each in open_]
    after = gpd.GeoDataFrame(pd.concat([open_, planned[shared]], ignore_index=True))
    residents, points = people.weights["residents"], people.layer.frame
    start = time.perf_counter()
    found = (
        within_tally(
            points,
            pair(open_, after, "id"),
            800,
            {"all": (np.zeros(len(points), dtype=np.int64), 1)},
            residents,
            residents,
            lot=Lot(draws=500, seed=1, layer="rail-stations", key="id"),
        )
        .middles()["all"]
        .loc[ALL]
    )
    assert time.perf_counter() - start < 10
    assert 6_700 < found["gain_low"] < 13_476 < found["gain_high"] < 35_311
    assert found[["lose_low", "lose_high"]].tolist() == [0, 0]
