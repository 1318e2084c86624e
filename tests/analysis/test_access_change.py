"""What changes of access: each state is worked out again by itself, and every place within its error tried."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.access import PER, access_of
from lcrmap.analysis.access_change import access_change
from lcrmap.analysis.changes import Paired
from lcrmap.analysis.chords import Floats

DEGREE = 111_319.49079327357  # metres along the equator
WITHIN = 1000.0
GROUPS = np.array([0, 1, 1, -1])

places = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0, 0, 150, 400])), max_size=2)
people = st.lists(st.integers(0, 9), min_size=4, max_size=4)


@dataclass(frozen=True)
class Case:
    """Features of both states and of one alone (hundreds of metres east, error), and the people of four points."""

    common: list[tuple[int, int]]
    first: list[tuple[int, int]]
    second: list[tuple[int, int]]
    before: list[int]
    after: list[int]
    homes: list[int]


cases = st.builds(
    Case,
    places,
    places,
    places,
    people,
    people,
    st.lists(st.integers(0, 40), min_size=4, max_size=4),
)


def at(metres: list[float], errors: list[int] | None = None) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([each / DEGREE for each in metres], [0.0] * len(metres))
    columns = {"position_error_m": [0.0] * len(metres) if errors is None else map(float, errors)}
    return gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")


def features(*some: list[tuple[int, int]], off: Floats | None = None) -> gpd.GeoDataFrame:
    """Return features, each as far off as its error lets it be, from -1 (west) to 1."""
    every = [each for part in some for each in part]
    moved = np.zeros(len(every)) if off is None else off
    metres = [100 * east + by * error for (east, error), by in zip(every, moved, strict=True)]
    return at(metres, [error for _, error in every])


def again(case: Case, off: Floats) -> tuple[Floats, Floats]:
    """Return what a resident of each point has in both states, each worked out by itself."""
    homes = at([100.0 * each for each in case.homes])
    count = len(case.common), len(case.first), len(case.second)
    both, gone, come = np.split(off, np.cumsum(count)[:2])
    states = (
        (case.common, case.first, both, gone, case.before),
        (
            case.common,
            case.second,
            both,
            come,
            case.after,
        ),
    )
    first, second = (
        PER
        * access_of(
            homes,
            np.array(weight, dtype=np.float64),
            features(shared, alone, off=np.concatenate([there, apart])),
            np.ones(len(shared) + len(alone)),
            WITHIN,
        ).access
        for shared, alone, there, apart, weight in states
    )
    return first, second


def changed(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what changes for a resident of each point, and for groups."""
    before, after = (np.array(each, dtype=np.float64) for each in (case.before, case.after))
    found = access_change(
        at([100.0 * each for each in case.homes]),
        before,
        after,
        Paired(*(features(each) for each in (case.common, case.first, case.second))),
        WITHIN,
    )
    return found.heads(), found.sums(GROUPS, 2)


def means(values: Floats, weight: list[int]) -> list[float]:
    """Return what residents of each group have on average: of the two, of those in none, and of all."""
    some = [GROUPS == 0, GROUPS == 1, GROUPS == -1, GROUPS < 9]
    people = np.array(weight, dtype=np.float64)
    return [
        float((values * people)[each].sum() / people[each].sum()) if people[each].any() else np.nan
        for each in some
    ]


@settings(deadline=None, max_examples=25)
@given(cases)
def test_both_states_are_what_each_is_by_itself(case: Case) -> None:
    heads, sums = changed(case)
    nothing = np.zeros(len(case.common) + len(case.first) + len(case.second))
    first, second = again(case, nothing)
    for name, values, weight in (("first", first, case.before), ("second", second, case.after)):
        lived = np.array(weight) > 0
        np.testing.assert_allclose(heads[name].to_numpy()[lived], values[lived], atol=1e-9)
        np.testing.assert_allclose(sums[name], means(values, weight), atol=1e-6)
    stays = np.minimum(case.before, case.after)
    rises = second - first > 1e-9
    assert sums["gain"].iloc[-1] == (stays * rises).sum()
    assert sums["lose"].iloc[-1] == (stays * (first - second > 1e-9)).sum()


@settings(deadline=None, max_examples=25)
@given(cases, st.data())
def test_wherever_within_their_errors_places_lie_the_change_is_within_its_range(
    case: Case, data: st.DataObject
) -> None:
    heads, sums = changed(case)
    size = len(case.common) + len(case.first) + len(case.second)
    some = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 1.0]), min_size=size, max_size=size)
    first, second = again(case, np.array(data.draw(some)))
    stays = np.minimum(case.before, case.after) > 0
    change = second - first
    assert (heads["change_min"].to_numpy() - 1e-6 <= change)[stays].all()
    assert (heads["change_max"].to_numpy() + 1e-6 >= change)[stays].all()
    ends = {"first": means(first, case.before), "second": means(second, case.after)}
    ends["change"] = list(np.array(ends["second"]) - np.array(ends["first"]))
    for name, values in ends.items():
        low, high, known = sums[f"{name}_min"], sums[f"{name}_max"], ~np.isnan(values)
        assert (low.to_numpy() - 2e-6 <= values)[known].all(), name
        assert (high.to_numpy() + 2e-6 >= values)[known].all(), name


@settings(deadline=None, max_examples=50)
@given(cases)
def test_the_other_way_round_the_change_and_its_range_are_mirrored(case: Case) -> None:
    turned = replace(
        case, first=case.second, second=case.first, before=case.after, after=case.before
    )
    for there, back in zip(changed(case), changed(turned), strict=True):
        for end, other in (("", ""), ("_min", "_max"), ("_max", "_min")):
            np.testing.assert_allclose(
                there[f"change{end}"], -back[f"change{other}"], rtol=1e-9, atol=1.1e-6
            )
        for end in ("", "_min", "_max"):
            if f"gain{end}" in there:
                assert there[f"gain{end}"].tolist() == back[f"lose{end}"].tolist()


def test_where_only_a_place_comes_what_stays_has_no_part_in_the_range() -> None:
    case = Case([(0, 400)], [], [(30, 0)], [5, 5, 5, 5], [5, 5, 5, 5], [1, 2, 29, 31])
    heads, sums = changed(case)
    assert (
        heads["change_min"].tolist() == heads["change_max"].tolist() == [0, 0, PER / 10, PER / 10]
    )
    assert sums.loc["all", ["change_min", "change_max", "gain"]].tolist() == [500.0, 500.0, 10.0]


def test_a_place_that_goes_and_may_have_been_too_far_away_may_be_no_loss() -> None:
    case = Case([], [(9, 400)], [], [10] * 4, [10] * 4, [0, 1, 30, 31])
    heads, sums = changed(case)
    ends = [heads[f"change{end}"].tolist()[:2] for end in ("", "_min", "_max")]
    assert ends == [[-500, -500], [-1000, -1000], [0, 0]]
    assert sums.loc["all", ["lose", "lose_min", "lose_max"]].tolist() == [20, 0, 20]
    assert sums.loc["all", ["change", "change_min", "change_max"]].tolist() == [-250, -250, 0]


def test_who_shares_with_people_who_come_has_less() -> None:
    case = Case([(0, 0)], [], [], [10, 10, 5, 5], [10, 30, 5, 5], [1, 2, 20, 21])
    heads, sums = changed(case)
    assert heads["change"].round(6).tolist() == [-250.0, -250.0, 0.0, 0.0]
    assert sums.loc["all", ["lose", "lose_min", "lose_max", "gain"]].tolist() == [20, 20, 20, 0]


def test_an_error_that_nobody_knows_leaves_the_most_open() -> None:
    shops = at([0.0])
    shops["position_error_m"] = np.nan
    homes, lived = at([100.0, 5000.0]), np.array([4.0, 6.0])
    found = access_change(
        homes, lived, lived, Paired(shops.iloc[:0], shops.iloc[:0], shops), WITHIN
    )
    table = found.sums(np.zeros(2, dtype=np.int64), 1)
    assert table.loc["all", ["change", "change_min", "gain"]].tolist() == [1000.0, 0.0, 4.0]
    assert np.isnan(table.loc["all", ["change_max", "second_max"]].to_numpy(dtype=np.float64)).all()


def test_where_nobody_may_be_near_then_what_one_has_more_is_not_bounded_by_all_who_may() -> None:
    case = Case([(20, 400)], [], [], [10, 10, 0, 0], [0, 5, 20, 0], [20, 32, 8, 40])
    first, second = again(case, np.array([1.0]))  # near the first two, and not the third
    assert (second - first).round(6).tolist()[1] == PER / 5 - PER / 20
    heads, _ = changed(case)
    assert heads["change_max"][1] >= PER / 5 - PER / 20
