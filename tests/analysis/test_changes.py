"""What a change changes for each person: against positions pushed to their extremes, and by rules that always hold."""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.change_sums import (
    ALL,
    NO_GROUP,
    count_features,
    counted,
    summed,
    summed_distances,
)
from lcrmap.analysis.changes import (
    Paired,
    PairedWays,
    distance_change,
    pair,
    within_change,
)
from lcrmap.analysis.crossings import River, river
from lcrmap.analysis.gaps import beyond
from lcrmap.analysis.joining import assign_areas
from lcrmap.analysis.proximity import near
from lcrmap.errors import DataError, GeometryError, SumError
from lcrmap.verbs.sources import Sources
from tests.analysis.test_crossings import barrier, bridges, points
from tests.analysis.test_proximity import NAN, east, layer

STEP = 100  # metres

Place = tuple[int, float]  # hundreds of metres east, and of error


class Case(NamedTuple):
    """Homes and features on one line, in steps."""

    homes: list[int]
    common: list[Place]
    first: list[Place]
    second: list[Place]

    @property
    def people(self) -> gpd.GeoDataFrame:
        return layer(east(*(STEP * each for each in self.homes)))

    @property
    def paired(self) -> Paired:
        return Paired(*(stations(each) for each in self[1:]))

    @property
    def states(self) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        return stations(self.common + self.first), stations(self.common + self.second)


def stations(places: list[Place]) -> gpd.GeoDataFrame:
    errors = [STEP * error for _, error in places]
    return layer(east(*(STEP * at for at, _ in places)), errors)


def cases(*, unknown: bool) -> st.SearchStrategy[Case]:
    error: st.SearchStrategy[float] = st.integers(0, 9).map(float)
    error = st.one_of(st.just(NAN), error) if unknown else error
    place = st.tuples(st.integers(0, 40), error)
    homes = st.lists(st.integers(0, 40), min_size=1, max_size=6)
    return st.builds(Case, homes, *(st.lists(place, max_size=2) for _ in range(3)))


def pushed(home: int, place: Place) -> list[float]:
    """How far a feature is if it is where it is said to be, as near as it may be, or as far."""
    at, error = place
    away = abs(at - home)
    return [away, max(away - error, 0), away + error]


def worlds(home: int, case: Case) -> list[tuple[float, float]]:
    """The distances to the nearest in both states, in each world where every feature is at one of its extremes."""
    sizes = [len(each) for each in case[1:]]
    every = [pushed(home, each) for part in case[1:] for each in part]
    found = []
    for world in itertools.product(*every):
        common, first, second = (
            world[sum(sizes[:number]) : sum(sizes[: number + 1])] for number in range(3)
        )
        found.append(
            (min((*common, *first), default=math.inf), min((*common, *second), default=math.inf))
        )
    return found


@settings(deadline=None, max_examples=40)
@given(cases(unknown=False), st.integers(0, 15))
def test_within_is_what_the_worlds_at_the_extremes_say(case: Case, far: int) -> None:
    found = within_change(case.people, case.paired, STEP * far)
    for row, home in zip(found.itertuples(), case.homes, strict=True):
        every = worlds(home, case)
        there = [(first <= far, second <= far) for first, second in every]
        assert (row.first, row.second) == there[0]
        gains, loses = ([each == turn for each in there] for turn in ((0, 1), (1, 0)))
        assert (row.gain, row.gain_surely, row.gain_possibly) == (gains[0], all(gains), any(gains))
        assert (row.lose, row.lose_surely, row.lose_possibly) == (loses[0], all(loses), any(loses))
        assert row.first_surely == all(each for each, _ in there)
        assert row.second_possibly == any(each for _, each in there)


@settings(deadline=None, max_examples=40)
@given(cases(unknown=False))
def test_a_distance_changes_by_what_the_worlds_at_the_extremes_say(case: Case) -> None:
    found = distance_change(case.people, case.paired)
    for row, home in zip(found.itertuples(), case.homes, strict=True):
        every = worlds(home, case)
        if math.inf in every[0]:
            assert all(pd.isna(each) for each in (row.change, row.gain, row.lose_possibly))
            continue
        changes = [round(STEP * (second - first), 3) for first, second in every]
        wanted = (changes[0], min(changes), max(changes))
        assert (row.change, row.change_min, row.change_max) == pytest.approx(wanted, abs=0.0015)
        assert row.second_min == pytest.approx(STEP * min(each for _, each in every), abs=0.0015)
        assert row.first_max == pytest.approx(STEP * max(each for each, _ in every), abs=0.0015)
        falls = [each < -0.01 for each in changes]
        assert (row.gain, row.gain_surely, row.gain_possibly) == (falls[0], all(falls), any(falls))
        rises = [each > 0.01 for each in changes]
        assert (row.lose, row.lose_surely, row.lose_possibly) == (rises[0], all(rises), any(rises))


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True), st.integers(0, 15))
def test_the_states_are_what_gaps_says_of_each(case: Case, far: int) -> None:
    found = within_change(case.people, case.paired, STEP * far)
    for name, features in zip(("first", "second"), case.states, strict=True):
        gaps = beyond(case.people, features, STEP * far)
        assert found[name].equals(~gaps["beyond"])
        assert found[f"{name}_surely"].equals(~gaps["possibly"])
        assert found[f"{name}_possibly"].equals(~gaps["surely"])


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True))
def test_the_states_are_as_far_as_near_says_of_each(case: Case) -> None:
    found = distance_change(case.people, case.paired)
    for name, features in zip(("first", "second"), case.states, strict=True):
        ranked = near(case.people, features, k=1).drop_duplicates("left").set_index("left")
        assert found[name].equals(ranked["metres"].reindex(found.index).rename(name))


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True), st.integers(0, 15))
def test_exchanged_states_exchange_gain_and_lose(case: Case, far: int) -> None:
    one, other = case.paired, case.paired.exchanged()
    for kind in ("within", "distance"):
        there, back = (changes(kind, case, each, far) for each in (one, other))
        for end in ("", "_surely", "_possibly"):
            assert there[f"gain{end}"].equals(back[f"lose{end}"].rename(f"gain{end}"))
        if kind == "distance":
            assert there["change"].equals(0 - back["change"])
            assert there["change_min"].equals((0 - back["change_max"]).rename("change_min"))


def changes(kind: str, case: Case, paired: Paired, far: int) -> pd.DataFrame:
    if kind == "distance":
        return distance_change(case.people, paired)
    return within_change(case.people, paired, STEP * far)


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True), st.integers(0, 15))
def test_only_adding_makes_nobody_lose_and_only_removing_lets_nobody_gain(
    case: Case, far: int
) -> None:
    added = case._replace(first=[])
    removed = case._replace(second=[])
    for kind in ("within", "distance"):
        for some, never in ((added, "lose"), (removed, "gain")):
            found = changes(kind, some, some.paired, far)
            for end in ("", "_surely", "_possibly"):
                values = found[never + end]
                asked = found[never].notna()
                assert values[asked].eq(False).all()
                assert values[asked].notna().all()
    grown = distance_change(added.people, added.paired)
    asked = grown["change"].notna()
    assert (grown.loc[asked, "change_max"] <= 0).all()
    shrunk = distance_change(removed.people, removed.paired)
    assert (shrunk.loc[shrunk["change"].notna(), "change_min"] >= 0).all()


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True), st.integers(0, 15))
def test_a_state_with_itself_changes_nothing_and_leaves_nothing_open(case: Case, far: int) -> None:
    state, again = case.states[0], case.states[0].iloc[::-1]
    paired = pair(state, again, "id")
    assert len(paired.common) == len(state)
    for kind in ("within", "distance"):
        found = changes(kind, case, paired, far)
        asked = found["gain"].notna()
        for name in ("gain", "lose"):
            assert not found.loc[asked, [name, f"{name}_surely", f"{name}_possibly"]].any(axis=None)
    moves = found.loc[asked, ["change", "change_min", "change_max"]]
    assert (moves == 0).all(axis=None)


@settings(deadline=None, max_examples=40)
@given(cases(unknown=True), st.integers(0, 15))
def test_what_is_by_position_lies_between_what_is_sure_and_what_is_possible(
    case: Case, far: int
) -> None:
    for kind in ("within", "distance"):
        found = changes(kind, case, case.paired, far)
        for name in ("gain", "lose"):
            surely, there, possibly = (found[name + end] for end in ("_surely", "", "_possibly"))
            assert not (surely & ~there).any()
            assert not (there & ~possibly).any()
        if kind == "distance":
            assert not (found["change"] < found["change_min"]).any()
            assert not (found["change"] > found["change_max"]).any()


def test_moved_by_nothing_is_common_and_what_differs_is_not() -> None:
    state = layer(east(0, 100, 200, 300), [10, 20, NAN, 40], ids=["a", "b", "c", "d"])
    other = layer(east(300, 200, 100, 5), [40, NAN, 21, 10], ids=["d", "c", "b", "a"])
    paired = pair(state, other, "id")
    assert paired.common["id"].tolist() == ["c", "d"]
    assert paired.first["id"].tolist() == ["a", "b"]
    assert paired.second["id"].tolist() == ["b", "a"]
    assert pair(state, other.to_crs("EPSG:27700"), "id").common.empty


def test_of_two_that_are_the_same_one_may_go() -> None:
    paired = pair(layer(east(0, 0, 0)).drop(columns="id"), layer(east(0)).drop(columns="id"), "")
    assert [len(each) for each in (paired.common, paired.first, paired.second)] == [1, 2, 0]


def test_of_crossings_more_may_have_to_be_alike() -> None:
    walk, both = layer(east(0, 9)), layer(east(0, 9))
    walk["modes"], both["modes"] = ["walk", None], ["walk;cycle", None]
    assert len(pair(walk, both, "id").common) == 2
    assert pair(walk, both, "id", alike=["modes", "length_m"]).common["id"].tolist() == ["p0001"]


def test_as_far_to_the_millimetre_is_no_change() -> None:
    people = layer(east(0))
    paired = Paired(layer([], []), layer(east(500), [20]), layer(east(-500.0001), [20]))
    found = distance_change(people, paired).loc[0]
    assert (found["change"], found["gain"], found["lose"]) == (0, False, False)
    assert (found["change_min"], found["change_max"]) == (-40, 40)
    within = within_change(people, paired, 500).loc[0]
    assert (within["first"], within["second"], within["gain"], within["lose"]) == (1, 1, 0, 0)


def test_shared_places_stand_in_the_same_place_so_that_their_errors_hide_no_loss() -> None:
    """With independent positions the two states would overlap, and nobody would know anything."""
    people = layer(east(0))
    paired = Paired(layer(east(1000), [900]), layer([], []), layer(east(1990), [0]))
    found = distance_change(people, paired).loc[0]
    assert (found["change_min"], found["change_max"]) == (0, 0)
    found = distance_change(people, paired.exchanged()).loc[0]
    assert (found["change_min"], found["change_max"]) == (0, 0)
    far = Paired(layer(east(1000), [900]), layer([], []), layer(east(1500), [0]))
    found = distance_change(people, far).loc[0]
    assert (found["change"], found["change_min"], found["change_max"]) == (0, -400, 0)


def test_an_unknown_error_leaves_open_only_what_hangs_on_it() -> None:
    people = layer(east(0, 5000))
    known, vague, nothing = layer(east(100), [10]), layer(east(4990), [NAN]), layer([], [])
    come = within_change(people, Paired(known, nothing, vague), 150)
    assert come["gain"].tolist() == [False, True]
    assert come["gain_surely"].tolist() == [False, False]
    assert come["gain_possibly"].tolist() == [False, True]  # the first is within in any case
    stays = within_change(people, Paired(vague, nothing, known), 150)
    assert stays["gain"].tolist() == [True, False]
    assert stays["gain_surely"].isna().tolist() == [True, False]
    metres = distance_change(people, Paired(known, nothing, vague))
    assert metres["change_max"].tolist() == [0, 0]
    assert metres["change_min"].isna().all()
    assert metres["second_min"].isna().all()
    assert metres["second_max"].tolist() == [110, 4910]


def test_without_a_position_or_a_feature_nothing_is_known() -> None:
    people = layer([(0, 0), None])
    one, nothing = layer(east(0), [5]), layer([], [])
    found = within_change(people, Paired(one, nothing, nothing), 100)
    assert found.loc[0, "first"]
    assert found.loc[1].isna().all()
    metres = distance_change(people, Paired(nothing, nothing, one))
    assert metres["second"].tolist()[0] == 0
    assert metres[["first", "change", "change_min", "gain", "lose_possibly"]].isna().all(axis=None)
    assert distance_change(people, Paired(nothing, nothing, nothing)).isna().all(axis=None)


def test_areas_and_points_are_measured_alike() -> None:
    people = layer(east(0, 2000))
    site = gpd.GeoDataFrame(
        {"id": ["s"], "position_error_m": [100.0]},
        geometry=[shapely.box(0.009, -0.001, 0.03, 0.001)],
        crs="EPSG:4326",
    )
    found = distance_change(people, Paired(layer(east(-300), [0]), layer([], []), site))
    assert found["change"].round(0).tolist() == [0, -2300]
    assert found["second"].tolist()[1] == 0
    assert found["change_min"].round(0).tolist() == [0, -2300]
    assert found["change_max"].round(0).tolist() == [0, -2200]
    near_it = within_change(people, Paired(layer([], []), layer([], []), site), 950)
    assert near_it["gain_possibly"].tolist() == [True, True]
    assert near_it["gain_surely"].tolist() == [False, True]


# Sums.


@st.composite
def settled(draw: st.DrawFn) -> tuple[Case, Any, Any, Any]:
    case = draw(cases(unknown=True))
    people = st.lists(st.integers(0, 9), min_size=len(case.homes), max_size=len(case.homes))
    groups = st.lists(st.integers(-1, 2), min_size=len(case.homes), max_size=len(case.homes))
    return case, *(np.array(draw(each)) for each in (groups, people, people))


@settings(deadline=None, max_examples=40)
@given(settled(), st.integers(0, 15))
def test_sums_are_those_of_a_head_count(asked: tuple[Case, Any, Any, Any], far: int) -> None:
    case, groups, before, after = asked
    found = within_change(case.people, case.paired, STEP * far)
    sums = summed(found, groups, before, after, count=3)
    for label in sums.index:
        wanted = dict.fromkeys(("before", "after", "first", "second", "gain", "lose", "arrive"), 0)
        for row, group, old, new in zip(found.itertuples(), groups, before, after, strict=True):
            if label not in (ALL, NO_GROUP if group < 0 else group):
                continue
            wanted["before"] += old
            wanted["after"] += new
            wanted["first"] += old * row.first
            wanted["second"] += new * row.second
            wanted["gain"] += min(old, new) * row.gain
            wanted["lose"] += min(old, new) * row.lose
            wanted["arrive"] += max(new - old, 0) * row.second - max(old - new, 0) * row.first
        assert sums.loc[label, list(wanted)].to_dict() == wanted
    assert (sums["second"] == sums["first"] + sums["gain"] - sums["lose"] + sums["arrive"]).all()
    for name in ("first", "second", "gain", "lose", "arrive", "change"):
        assert not (sums[name] < sums[f"{name}_min"]).any()
        assert not (sums[name] > sums[f"{name}_max"]).any()
    assert sums.drop(ALL).sum().fillna(0)["gain"] == sums.loc[ALL, "gain"]


@settings(deadline=None, max_examples=40)
@given(settled(), st.integers(0, 15))
def test_exchanged_states_exchange_the_sums(asked: tuple[Case, Any, Any, Any], far: int) -> None:
    case, groups, before, after = asked
    there = within_change(case.people, case.paired, STEP * far)
    back = within_change(case.people, case.paired.exchanged(), STEP * far)
    one, other = summed(there, groups, before, after), summed(back, groups, after, before)
    for name, turned in (("gain", "lose"), ("first", "second")):
        for end in ("", "_min", "_max"):
            assert one[name + end].equals(other[turned + end].rename(name + end))
    for name in ("arrive", "change"):
        assert one[name].equals(0 - other[name])
        assert one[f"{name}_min"].equals((0 - other[f"{name}_max"]).rename(f"{name}_min"))


def test_bounds_of_the_sums_are_those_of_each_person() -> None:
    """One may gain, one may lose, one surely comes: bounds add up crosswise."""
    people = layer(east(0, 5000, 10_000))
    paired = Paired(layer(east(10_000), [0]), layer(east(5500), [50]), layer(east(500), [50]))
    found = within_change(people, paired, 500)
    sums = summed(found, np.array([0, 0, 1]), [10, 20, 5], [10, 20, 9]).loc[ALL]
    assert sums[["gain", "gain_min", "gain_max"]].tolist() == [10, 0, 10]
    assert sums[["lose", "lose_min", "lose_max"]].tolist() == [20, 0, 20]
    assert sums[["change", "change_min", "change_max"]].tolist() == [-6, -16, 14]
    assert sums[["arrive", "arrive_min", "arrive_max"]].tolist() == [4, 4, 4]


def test_a_bound_is_open_only_for_those_who_live_there() -> None:
    people = layer(east(0, 5000))
    paired = Paired(layer(east(9000), [NAN]), layer([], []), layer(east(0, 5000), [0, 0]))
    found = within_change(people, paired, 100)
    assert found["gain_surely"].isna().all()
    sums = summed(found, np.array([0, 1]), [3, 0], [3, 0])
    assert sums["gain_min"].isna().tolist() == [True, False, False, True]
    assert sums["gain_max"].tolist() == [3, 0, 0, 3]


def test_figures_that_do_not_add_up_are_never_returned() -> None:
    case = Case([0, 10], [(0, 0)], [], [(10, 0)])
    found = within_change(case.people, case.paired, 100)
    groups = np.array([0, 0])
    with pytest.raises(SumError, match="do not add up"):
        summed(found.assign(gain=False), groups, [1, 1], [1, 1])
    with pytest.raises(SumError, match="do not add up"):
        summed(found, np.array([0, 7]), [1, 1], [1, 1], count=1)
    for wrong in ([1.5, 1], [-1, 1], [NAN, 1]):
        with pytest.raises(DataError, match="whole people"):
            summed(found, groups, wrong, [1, 1])


@settings(deadline=None, max_examples=40)
@given(settled())
def test_distances_are_those_of_a_head_count(asked: tuple[Case, Any, Any, Any]) -> None:
    case, groups, before, after = asked
    found = distance_change(case.people, case.paired)
    sums = summed_distances(found, groups, before, after, count=3)
    known = found["change"].notna().to_numpy()
    for label in sums.index:
        member = known & (True if label == ALL else groups == (-1 if label == NO_GROUP else label))
        for name, people in (("first", before), ("second", after)):
            heads = np.sort(np.repeat(found[name][member], people[member]).to_numpy())
            ends = ("", "_median", "_nine_tenths")
            got = sums.loc[label, [name + end for end in ends]].to_numpy(dtype=float)
            if len(heads) == 0:
                assert np.isnan(got).all()
                continue
            half, most = (heads[math.ceil(len(heads) * share) - 1] for share in (0.5, 0.9))
            assert got == pytest.approx([heads.mean(), half, most], abs=0.001)
        stay = np.minimum(before, after)[member]
        assert sums.loc[label, "gain"] == (stay * (found["change"][member] < 0)).sum()
        assert sums.loc[label, "lose"] == (stay * (found["change"][member] > 0)).sum()
    assert sums["change"].to_numpy() == pytest.approx(
        (sums["second"] - sums["first"]).to_numpy(), abs=0.002, nan_ok=True
    )
    for name in ("first", "second", "arrive", "change"):
        assert not (sums[name] < sums[f"{name}_min"]).any()
        assert not (sums[name] > sums[f"{name}_max"]).any()


def sorted_together(values: Any, weights: Any, home: Any, size: int, share: Any) -> Any:
    """Return for each group the least value that a share of its residents do not exceed: all sorted by both at once."""
    part, whole = share
    order = np.lexsort([values, home])
    order = order[weights[order] > 0]
    running = np.cumsum(weights[order])
    totals = np.bincount(home, weights=weights, minlength=size).astype(np.int64)
    wanted = np.cumsum(totals) - totals - (-totals * part // whole)
    found = np.full(size, np.nan)
    found[totals > 0] = values[order[np.searchsorted(running, wanted[totals > 0])]]
    return found


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.001, 7.5, 7.5, 1200.25, 1e6]),
            st.integers(0, 40),
            st.integers(-1, 300),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_quantiles_are_to_the_digit_those_of_all_sorted_together(
    people: list[tuple[float, int, int]],
) -> None:
    far, weights, groups = (np.array(each) for each in zip(*people, strict=True))
    frame = pd.DataFrame(dict.fromkeys(("first", "first_min", "first_max"), far))
    frame = frame.assign(second=far[::-1], second_min=far[::-1], second_max=far[::-1])
    frame = frame.assign(change=0.0, change_min=0.0, change_max=0.0)
    for name in ("gain", "lose"):
        frame[[name, f"{name}_surely", f"{name}_possibly"]] = False
    got = summed_distances(frame.astype({"gain": "boolean"}), groups, weights, weights, count=301)
    for name in ("first", "second"):
        for end, share in (("_median", (1, 2)), ("_nine_tenths", (9, 10))):
            home = np.where(groups >= 0, groups, 301)
            values = frame[name].to_numpy()
            parts = sorted_together(values, weights, home, 302, share)
            total = sorted_together(values, weights, np.zeros_like(home), 1, share)
            assert got[name + end].tolist() == pytest.approx([*parts, *total], abs=0, nan_ok=True)


def test_a_count_that_is_known_need_not_be_made_again() -> None:
    paired = Paired(sites([950, 500], [400, 0]), sites([700, 1200], [0, 90]), sites([1500], [0]))
    known = count_features(sites([950, 700, 500, 1200], [400, 0, 0, 90]), halves(), "code")
    pd.testing.assert_frame_equal(
        counted(paired, halves(), "code", first=known), counted(paired, halves(), "code")
    )


def test_a_mean_is_weighed_by_those_who_live_in_the_state() -> None:
    people = layer(east(0, 1000))
    paired = Paired(layer(east(0), [0]), layer([], []), layer([], []))
    sums = summed_distances(distance_change(people, paired), np.array([0, 0]), [1, 1], [1, 3]).loc[
        ALL
    ]
    assert sums[["first", "second", "change", "arrive"]].tolist() == [500, 750, 250, 250]
    assert sums[["change_min", "change_max", "gain", "lose"]].tolist() == [250, 250, 0, 0]


# Counts.


def halves() -> gpd.GeoDataFrame:
    """Two squares of a kilometre, side by side."""
    (_, _), (east_, _) = east(0, 1000)
    boxes = [shapely.box(number * east_, 0, (number + 1) * east_, east_) for number in (0, 1)]
    return gpd.GeoDataFrame({"code": ["w", "e"]}, geometry=boxes, crs="EPSG:4326")


def sites(at: list[float], errors: list[float]) -> gpd.GeoDataFrame:
    """Features half a kilometre up, so many metres east."""
    return layer([(x, 0.0045) for x, _ in east(*at)], errors)


def test_counts_have_the_range_of_what_changed_alone() -> None:
    paired = Paired(sites([950, 500], [400, 0]), sites([1100], [150]), sites([1500, 1990], [0, 50]))
    found = counted(paired, halves(), "code")
    assert found["first"].tolist() == [2, 1, 0, 0, 3]
    assert found["second"].tolist() == [2, 2, 0, 0, 4]
    assert found["change"].tolist() == [0, 1, 0, 0, 1]
    assert found["change_min"].tolist() == [-1, 0, 0, 0, 1]
    assert found["change_max"].tolist() == [0, 2, 1, 0, 1]
    back = counted(paired.exchanged(), halves(), "code")
    assert back["change_min"].tolist() == (0 - found["change_max"]).tolist()


def test_an_unknown_error_leaves_the_counts_open_but_not_their_total() -> None:
    nothing = sites([], [])
    found = counted(Paired(nothing, nothing, sites([500, 600], [0, NAN])), halves())
    assert found["gain"].tolist() == [2, 0, 0, 0, 2]
    assert found["change_min"].isna().tolist() == [True, True, True, False, False]
    assert found.loc["total", ["change_min", "change_max"]].tolist() == [2, 2]
    still = counted(Paired(sites([500], [NAN]), nothing, nothing), halves())
    assert (still[["change", "change_min", "change_max"]] == 0).all(axis=None)


def test_areas_are_counted_where_they_lie_and_lines_are_not() -> None:
    nothing = sites([], [])
    square = halves().iloc[[1]].rename(columns={"code": "id"})
    found = counted(Paired(nothing, nothing, square), halves())
    assert found["change_min"].tolist() == [0, 1, 0, 0, 1] == found["change_max"].tolist()
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 0)])], crs="EPSG:4326")
    with pytest.raises(GeometryError, match="not counted"):
        counted(Paired(line, nothing, nothing), halves())


# Over a river.

HOMES = [(-0.06, 0.0), (-0.04, 0.01), (0.02, 0.0), (0.03, 0.012)]
PLACES = [(-0.09, 0.0), (0.01, 0.002)]
SPANS = [
    [(-0.03, 0.002), (0.001, 0.002)],
    [(-0.03, -0.004), (0.002, -0.004)],
    [(-0.03, 0.01), (0.001, 0.01)],
]


def over(*open_: int, errors: list[float]) -> River:
    spans = bridges(
        [SPANS[each] for each in open_], portal_error_m=[errors[each] for each in open_]
    )
    return river(barrier(), spans, "walk")


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([0.0, 50.0, 300.0, NAN]), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.0, 100.0, NAN]), min_size=2, max_size=2),
    st.sampled_from([500, 2000, 3500, 6000]),
)
def test_a_crossing_that_closes_brings_nobody_nearer(
    portals: list[float], errors: list[float], far: int
) -> None:
    people = points(HOMES)
    features = points(PLACES, position_error_m=errors)
    nothing = features.iloc[:0]
    ways = PairedWays(over(0, errors=portals), first=over(1, 2, errors=portals))
    states = over(0, 1, 2, errors=portals), over(0, errors=portals)
    found = within_change(people, Paired(features, nothing, nothing), far, ways=ways)
    assert not found[["gain", "gain_surely", "gain_possibly"]].any(axis=None)
    assert found["gain_possibly"].notna().all()
    metres = distance_change(people, Paired(features, nothing, nothing), ways=ways)
    assert not (metres["change_min"] < 0).any()
    assert metres["gain_possibly"].eq(False).all()
    for name, state in zip(("first", "second"), states, strict=True):
        gaps = beyond(people, features, far, ways=state)
        assert found[name].equals(~gaps["beyond"].rename(name))
        surely, possibly = found[f"{name}_surely"], found[f"{name}_possibly"]
        if np.isnan(portals).any():  # of one way per pair less is known than of all
            assert (surely | gaps["possibly"]).fillna(True).all()
            assert (possibly | ~found[name]).fillna(True).all()
        else:
            assert surely.equals(~gaps["possibly"])
            assert possibly.equals(~gaps["surely"])
        ranked = near(people, features, k=1, ways=state).drop_duplicates("left")
        assert metres[name].tolist() == ranked["metres"].tolist()


def test_a_crossing_that_closes_makes_the_way_longer_by_hand() -> None:
    people = points([(-0.03, -0.004)])
    features = points([(0.002, -0.004)], position_error_m=[10.0])
    nothing = features.iloc[:0]
    errors = [0.0, 20.0, 0.0]
    ways = PairedWays(over(0, errors=errors), first=over(1, errors=errors))
    found = distance_change(people, Paired(features, nothing, nothing), ways=ways).loc[0]
    long, short = (
        near(people, features, k=1, ways=over(each, errors=errors)).loc[0, "metres"]
        for each in (0, 1)
    )
    assert long - short > 500
    assert found["change"] == pytest.approx(long - short, abs=0.001)
    assert found["change_max"] == pytest.approx(long + 10 - (short - 50), abs=0.001)
    assert found["change_min"] == pytest.approx(long - 10 - (short + 50), abs=0.001)


# The pack.


@pytest.fixture(scope="module")
def pack() -> Any:
    """Residents, their weights, and layers of the region's pack."""
    sources = Sources()
    people = sources.people()
    return sources, people.layer.frame, people.weights["residents"]


def test_four_stations(pack: Any) -> None:
    sources, people, residents = pack
    open_, planned = (sources.layer(each).frame for each in ("rail-stations", "planned-stations"))
    shared = [each for each in planned if each in open_]
    after = gpd.GeoDataFrame(pd.concat([open_, planned[shared]], ignore_index=True))
    found = within_change(people, pair(open_, after, "id"), 800)
    boroughs = sources.layer("boroughs").frame
    home = assign_areas(people, boroughs, key="code")["area"].to_numpy()
    sums = summed(found, home, residents, residents)
    assert sums.loc[ALL, ["gain", "gain_min", "gain_max"]].tolist() == [13_476, 6_700, 35_311]
    assert sums.loc[ALL, ["lose", "lose_min", "lose_max"]].tolist() == [0, 0, 0]
    by_name = dict(zip(boroughs["name"], sums["gain"].iloc[: len(boroughs)], strict=True))
    wanted = {"Liverpool": 9_085, "Wirral": 3_412, "St Helens": 802, "Halton": 177}
    assert {name: many for name, many in by_name.items() if many} == wanted
    decile = people["imd2025_decile"].fillna(0).to_numpy(dtype=np.int64) - 1
    poorest = summed(found, decile, residents, residents, count=10)
    assert poorest.loc[0, "gain"] == 6_082
    assert round(100 * poorest.loc[0, "gain"] / sums.loc[ALL, "gain"], 1) == 45.1
    assert round(100 * poorest.loc[0, "after"] / sums.loc[ALL, "after"], 1) == 28.8


def test_one_asset_fewer(pack: Any) -> None:
    sources, people, residents = pack
    assets = sources.layer("innovation-assets").frame
    paired = pair(assets, assets[assets["id"] != "trirx-speke"], "id")
    everybody = np.zeros(len(people), dtype=np.int64)
    sums = summed_distances(distance_change(people, paired), everybody, residents, residents)
    assert sums.loc[ALL, ["gain", "lose"]].tolist() == [0, 24_399]
    within = summed(within_change(people, paired, 2000), everybody, residents, residents)
    assert within.loc[ALL, ["first", "second"]].tolist() == [582_433, 577_185]
