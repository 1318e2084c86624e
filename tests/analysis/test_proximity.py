"""Nearest features: against pair-by-pair brute force, and by hand where positions are known only so well."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import links, metric, proximity, ties
from lcrmap.analysis.chords import chord_space
from lcrmap.analysis.links import Side, nearest
from lcrmap.analysis.proximity import near, within_reach
from lcrmap.errors import CRSError, UsageError
from tests.analysis import oracles

NAN = math.nan


def layer(
    places: Sequence[tuple[float, float] | None],
    errors: Sequence[float] | None = None,
    ids: Sequence[str] | None = None,
) -> gpd.GeoDataFrame:
    columns = {"id": list(ids) if ids is not None else [f"p{i:04}" for i in range(len(places))]}
    shapes = [None if each is None else shapely.Point(each) for each in places]
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    return frame if errors is None else frame.assign(position_error_m=list(errors))


def east(*metres: float) -> list[tuple[float, float]]:
    """Positions on the equator, so many metres east of the origin."""
    return [(each / 111_319.49079327357, 0.0) for each in metres]


def answers(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, k: int
) -> list[list[tuple[int, str, float]]]:
    rows = near(left, right, k=k, key="id")
    found: list[list[tuple[int, str, float]]] = [[] for _ in range(len(left))]
    for each in rows.itertuples():
        found[each.left].append((each.rank, right["id"].iloc[each.right], each.metres))
    return found


def same_as_brute_force(
    starts: Sequence[oracles.Position], ends: Sequence[oracles.Position], k: int
) -> None:
    right = layer(ends)
    for start, found in zip(starts, answers(layer(starts), right, k), strict=True):
        wanted = oracles.ranked(start, ends, k, right["id"].tolist())
        assert [row[:2] for row in found] == [row[:2] for row in wanted]
        assert [row[2] for row in found] == pytest.approx([row[2] for row in wanted], abs=1e-9)


@pytest.mark.parametrize("k", range(1, 11))
def test_k_nearest_are_those_of_the_brute_force(k: int) -> None:
    random = np.random.default_rng(k)
    here = [tuple(each) for each in random.uniform((-3.4, 53.2), (-2.4, 53.7), (12, 2)).tolist()]
    there = [tuple(each) for each in random.uniform((-3.4, 53.2), (-2.4, 53.7), (150, 2)).tolist()]
    same_as_brute_force(here, there, k)


AWKWARD = {
    "coincident": [(-2.99, 53.4)] * 7 + [(-2.98, 53.4)] * 3,
    "equal distances": [(0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01), (0.02, 0.0)],
    "across the 180th meridian": [
        (179.999, 10.0),
        (-179.999, 10.0),
        (180.0, 10.0),
        (-180.0, 10.0),
        (179.9, 10),
    ],
    "around a pole": [(lon, 89.9999) for lon in range(-180, 180, 45)] + [(0.0, 90.0), (77.0, 90.0)],
    "at the other pole": [(lon, -89.999999) for lon in range(-180, 180, 60)] + [(13.0, -90.0)],
    "a millimetre apart": east(0, 0.001, 0.002, 0.003, 0.0034, 0.0036, 0.01),
    "at the antipodes": [(179.5, 0.0), (180.0, 0.0), (-179.5, 0.3), (0.0, 0.0), (179.9, -0.1)],
    "on one parallel": [(-3 + i / 1000, 53.4) for i in range(40)],
}


@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("kind", AWKWARD)
def test_awkward_sets_are_those_of_the_brute_force(kind: str, k: int) -> None:
    same_as_brute_force([*AWKWARD[kind], (0.0, 0.0)], AWKWARD[kind], k)


grid = st.integers(-2, 2)
awkward = st.one_of(
    st.tuples(
        st.sampled_from([-180.0, 180.0, 179.99999999, 0.0, -3.0]),
        st.sampled_from([-90.0, 0.0, 53.4, 90.0]),
    ),
    st.builds(lambda x, y: (-3 + x * 1e-8, 53.4 + y * 1e-8), grid, grid),
    st.builds(lambda x, y: (x * 0.01, y * 0.01), grid, grid),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
)


@settings(max_examples=150, deadline=None)
@given(
    starts=st.lists(awkward, min_size=1, max_size=3),
    ends=st.lists(awkward, min_size=1, max_size=12),
    k=st.integers(1, 10),
)
def test_whatever_the_positions_the_brute_force_agrees(
    starts: list[oracles.Position], ends: list[oracles.Position], k: int
) -> None:
    same_as_brute_force(starts, ends, k)


def test_ties_share_a_rank_in_the_order_of_ids_and_the_next_rank_is_skipped() -> None:
    right = layer([*east(100, -100), *east(100), *east(500)], ids=["c", "a", "b", "d"])
    (found,) = answers(layer(east(0)), right, 1)
    assert found == [(1, "a", 100.0), (1, "b", 100.0), (1, "c", 100.0)]
    (found,) = answers(layer(east(0)), right, 4)
    assert found[3] == (4, "d", 500.0)


def test_a_feature_is_not_its_own_neighbour_but_its_double_is() -> None:
    places = layer([(0, 0), (0, 0), (1, 0)])
    rows = near(places, places, k=1, same=True)
    assert rows[["left", "right"]].to_numpy().tolist() == [[0, 1], [1, 0], [2, 0], [2, 1]]
    assert near(places, places, k=1)[["left", "right"]].to_numpy().tolist()[:2] == [[0, 0], [0, 1]]


def test_within_takes_every_pair_up_to_the_distance_and_k_cuts_it() -> None:
    right = layer(east(100, 200, 300))
    assert near(layer(east(0)), right, within_m=200)["metres"].tolist() == [100, 200]
    assert near(layer(east(0)), right, k=1, within_m=200)["metres"].tolist() == [100]
    assert near(layer(east(0)), right, k=5, within_m=50).empty


def test_links_of_points_come_in_order_with_what_ties_with_the_last_and_nothing_farther() -> None:
    """One lies at 20 m, four at 30 m, others beyond: of three, the last two tie with those behind them."""
    left = Side(layer(east(0, 1000)).geometry)
    right = Side(layer(east(30, -30, 1030, 20, 970, 30.004, 30, -30.0003, 1020, 1030)).geometry)
    found = nearest(left, right, 3)
    assert found["left"].tolist() == [0] * 5 + [1] * 4
    assert found["metres"].round(3).tolist() == [20, 30, 30, 30, 30, 20, 30, 30, 30]
    assert sorted(found["right"]) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    own = nearest(left, left, 1, same=True)
    assert own[["left", "right"]].to_numpy().tolist() == [[0, 1], [1, 0]]


def test_links_are_in_order_by_geodesic_where_chords_are_not() -> None:
    """Over half the earth the two disagree about which of two is nearer."""
    random = np.random.default_rng(12)
    starts = np.column_stack([random.uniform(-180, 180, 300), random.uniform(-80, 80, 300)])
    ends = np.column_stack([random.uniform(-180, 180, 40), random.uniform(-80, 80, 40)])
    left, right = (layer([tuple(each) for each in some.tolist()]) for some in (starts, ends))
    found = nearest(Side(left.geometry), Side(right.geometry), 30)
    one, other = chord_space(*starts.T), chord_space(*ends.T)
    straight = np.linalg.norm(one[found["left"]] - other[found["right"]], axis=1)
    inner = found["left"].to_numpy()[1:] == found["left"].to_numpy()[:-1]
    assert (np.diff(straight)[inner] < 0).any()
    assert (np.diff(found["metres"])[inner] >= 0).all()
    assert (np.diff(found["left"]) >= 0).all()
    for each in found.itertuples():
        assert each.metres == pytest.approx(
            oracles.metres(tuple(starts[each.left]), tuple(ends[each.right])), abs=1e-6
        )


def test_what_has_no_position_has_no_neighbour_and_the_frames_stay_as_they_were() -> None:
    left, right = layer([None, (0, 0)]), layer([None, (0, 0.1), None])
    before = left.copy(), right.copy()
    assert near(left, right, k=9)[["left", "right"]].to_numpy().tolist() == [[1, 1]]
    assert near(layer([None]), right, k=1).empty
    assert near(layer([]), right, k=1).empty
    assert near(left, layer([]), within_m=10).empty
    for frame, copy in zip((left, right), before, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(copy))


def test_what_cannot_be_meant_is_refused() -> None:
    places = layer([(0, 0)])
    for wrong, said in (
        ({}, "Give the number of nearest features (-k) or a distance (--within)."),
        ({"k": 0}, "-k must be 1 or more, not 0."),
        ({"within_m": -1.0}, "--within must be 0 or more, not -1.0 m."),
        ({"within_m": NAN}, "--within must be 0 or more, not nan m."),
    ):
        with pytest.raises(UsageError) as error:
            near(places, places, **wrong)
        assert str(error.value) == said
    with pytest.raises(CRSError, match="--crs"):
        near(places.set_crs(None, allow_override=True), places, k=1)


# Lines and areas

SQUARE = shapely.box(-3.1, 53.3, -2.9, 53.5)
OTHERS = [
    SQUARE,
    shapely.box(-3.1, 53.5, -2.9, 53.6),  # shares an edge with the first
    shapely.LineString([(-2.7, 53.2), (-2.7, 53.7)]),
    shapely.Point(-2.6, 53.4),
    shapely.box(-2.5, 53.3, -2.4, 53.4).difference(shapely.box(-2.47, 53.33, -2.43, 53.37)),
]


def shapes(*each: shapely.Geometry | None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(each), crs="EPSG:4326"))


def test_points_to_shapes_are_those_of_the_brute_force() -> None:
    random = np.random.default_rng(0)
    starts = [tuple(each) for each in random.uniform((-3.3, 53.1), (-2.3, 53.7), (15, 2)).tolist()]
    starts += [
        (-3.0, 53.5),
        (-3.1, 53.3),
        (-2.45, 53.35),
        (-2.6, 53.4),
    ]  # on an edge, a corner, in a hole
    for k in (1, 3, 5):
        rows = near(layer(starts), shapes(*OTHERS), k=k)
        for row, start in enumerate(starts):
            found = rows[rows["left"] == row]
            truth = sorted(oracles.to_shape(start, each, "EPSG:4326") for each in OTHERS)
            tied = sum(1 for each in truth if each <= truth[k - 1] + 1e-4)
            assert len(found) == max(k, tied if truth[k - 1] == 0 else k)
            assert found["metres"].tolist()[:k] == pytest.approx(truth[:k], abs=metric.EDGE_BOUND)


def test_shapes_to_shapes_go_from_edge_to_edge() -> None:
    rows = near(shapes(*OTHERS), shapes(*OTHERS), k=4, same=True).set_index(["left", "right"])
    assert rows.loc[(0, 1), "metres"] == 0
    for one in range(5):
        for other in range(5):
            if one == other or {one, other} == {0, 1}:
                continue
            corners = [at for line in oracles.lines_of(OTHERS[one]) for at in line.coords]
            ways = [oracles.to_shape(at, OTHERS[other], "EPSG:4326") for at in corners]
            corners = [at for line in oracles.lines_of(OTHERS[other]) for at in line.coords]
            ways += [oracles.to_shape(at, OTHERS[one], "EPSG:4326") for at in corners]
            found = rows.loc[(one, other), "metres"]
            # Edges bend on the ground: the nearest point may lie between two corners, a little nearer.
            assert min(ways) - 60 <= found <= min(ways) + metric.EDGE_BOUND
            assert found == pytest.approx(rows.loc[(other, one), "metres"], abs=metric.EDGE_BOUND)
            ends = rows.loc[(one, other), ["lon1", "lat1", "lon2", "lat2"]].tolist()
            assert oracles.metres(tuple(ends[:2]), tuple(ends[2:])) == pytest.approx(
                found, abs=0.01
            )


def test_what_lies_inside_is_at_no_distance_and_a_link_of_no_length_has_no_bearing() -> None:
    inside = layer([(-3.0, 53.4)])
    for one, other in ((inside, shapes(SQUARE)), (shapes(SQUARE), inside)):
        (row,) = near(one, other, k=1).itertuples()
        assert row.metres == 0
        assert math.isnan(row.bearing)
        assert (row.lon1, row.lat1) == (-3.0, 53.4) == (row.lon2, row.lat2)


# Positions known only so well


def known(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, k: int) -> list[tuple[object, ...]]:
    columns = ["right", "rank", "metres_min", "metres_max", "rank_certain", "could_also_be"]
    return list(near(left, right, k=k)[columns].itertuples(index=False, name=None))


def test_ranges_add_both_errors_and_never_fall_below_nothing() -> None:
    (row,) = near(layer(east(0), [100]), layer(east(250), [50]), k=1).itertuples()
    assert (row.metres, row.metres_min, row.metres_max) == (250, 100, 400)
    (row,) = near(layer(east(0), [100]), layer(east(120), [50]), k=1).itertuples()
    assert (row.metres_min, row.metres_max) == (0, 270)


def nearest_ranges(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, k: int = 1, *, same: bool = False
) -> list[tuple[float, float]]:
    rows = near(left, right, k=k, same=same)
    return list(rows[["nearest_min", "nearest_max"]].itertuples(index=False, name=None))


def test_the_distance_to_the_nearest_has_a_range_whichever_that_is() -> None:
    here = layer(east(0), [10])
    # 90 to 110 m and 10; 200 m, 50 to 350 m and 10: the farther one may be as near as 40 m.
    assert nearest_ranges(here, layer(east(100, 200), [10, 150])) == [(40, 120)]
    # 0 to 300 m and 10, of the nearer; 150 m and 10, of the other, that bounds it.
    assert nearest_ranges(here, layer(east(100, 150), [200, 0])) == [(0, 160)]
    # What is not asked for counts all the same, and each row of a place says it.
    assert nearest_ranges(here, layer(east(100, 200), [10, 150]), k=2) == [(40, 120)] * 2
    # Of one layer, not the feature itself.
    some = layer(east(0, 100), [10, 20])
    assert nearest_ranges(some, some, same=True) == [(70, 130)] * 2


def test_of_the_nearest_only_the_most_is_known_where_another_may_be_anywhere() -> None:
    (bounds,) = nearest_ranges(layer(east(0), [10]), layer(east(100, 5_000), [10, NAN]))
    assert math.isnan(bounds[0])
    assert bounds[1] == 120
    for left, right in ((NAN, 0), (0, NAN)):
        (bounds,) = nearest_ranges(layer(east(0), [left]), layer(east(100), [right]))
        assert all(map(math.isnan, bounds))


def test_the_nearest_is_certain_while_ranges_stay_apart() -> None:
    left = layer(east(0), [0])
    assert known(left, layer(east(100, 200), [49, 50]), 1) == [(0, 1, 51, 149, True, ())]
    assert known(left, layer(east(100, 200), [50, 51]), 1) == [(0, 1, 50, 150, False, (1,))]


def test_one_far_away_may_be_the_nearest_if_its_position_is_vague_enough() -> None:
    right = layer(east(100, 200, 5000), [10, 10, 4950])
    assert known(layer(east(0), [0]), right, 2) == [
        (0, 1, 90, 110, False, (2,)),
        (1, 2, 190, 210, False, (0, 2)),
    ]


def test_a_rank_that_only_others_contest_among_themselves_is_certain() -> None:
    right = layer(east(100, 1000, 1010), [10, 50, 50])
    found = known(layer(east(0), [0]), right, 3)
    assert [row[4] for row in found] == [True, False, False]
    assert [row[5] for row in found] == [(), (2,), (1,)]


def test_an_unknown_error_is_never_nought() -> None:
    right = layer(east(100, 200), [10, NAN])
    rows = near(layer(east(0), [0]), right, k=2)
    assert rows["metres_min"].isna().tolist() == [False, True]
    assert rows["rank_certain"].isna().tolist() == [True, True]
    rows = near(layer(east(0), [NAN]), layer(east(100, 200), [1, 1]), k=2)
    assert rows[["metres_min", "metres_max", "rank_certain"]].isna().all(axis=None)
    assert near(layer(east(0)), layer(east(100)), k=1)["rank_certain"].isna().all()


def test_what_known_errors_make_uncertain_stays_uncertain_beside_unknown_ones() -> None:
    right = layer(east(100, 110, 900), [50, 50, NAN])
    assert near(layer(east(0), [0]), right, k=1)["rank_certain"].tolist() == [False]


def test_the_own_unknown_error_of_a_layer_s_feature_is_not_a_rival_s() -> None:
    places = layer(east(0, 100, 300), [NAN, 1, 1])
    rows = near(places, places, k=1, same=True)
    assert rows["rank_certain"].isna().tolist() == [True, True, True]
    places = layer(east(0, 100, 300), [5, 1, 1])
    assert near(places, places, k=1, same=True)["rank_certain"].tolist() == [True, True, True]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=6),
    st.integers(0, 5),
    st.integers(1, 4),
)
def test_possible_ranks_are_those_of_trying_both_ends_of_every_range(
    rights: list[tuple[int, int]], blur: int, k: int
) -> None:
    """A rank can be held if putting one at its far or near end, and the others wherever they help, gives it."""
    metres, errors = [100 * each[0] for each in rights], [100 * each[1] for each in rights]
    rows = near(layer(east(0), [100 * blur]), layer(east(*metres), errors), k=k)
    low = [max(0, m - e - 100 * blur) for m, e in zip(metres, errors, strict=True)]
    high = [m + e + 100 * blur for m, e in zip(metres, errors, strict=True)]
    size = range(len(rights))
    first = [1 + sum(high[j] < low[i] for j in size) for i in size]
    last = [1 + sum(low[j] < high[i] for j in size if j != i) for i in size]
    for row in rows.itertuples():
        assert row.rank_certain == (first[row.right] == last[row.right])
        rivals = {i for i in size if i != row.right and first[i] <= row.rank <= last[i]}
        assert set(row.could_also_be) == (set() if row.rank_certain else rivals)


def test_within_reach_counts_by_position_surely_and_possibly() -> None:
    left = layer([*east(0, 500, 900, 3000), None, *east(790)], [10, 400, 50, 10, 10, NAN])
    right = layer(east(0), [0])
    found = within_reach(left, right, 800)
    assert found["within"].tolist() == [True, True, False, False, pd.NA, True]
    assert found["surely"].tolist() == [True, False, False, False, pd.NA, False]
    assert found["possibly"].tolist() == [True, True, False, False, pd.NA, True]
    found = within_reach(layer(east(900), [50]), layer(east(0), [60]), 800)
    assert found.iloc[0].tolist() == [False, False, True]
    found = within_reach(layer(east(900), [NAN]), right, 800)
    assert found["possibly"].isna().all()


# Seeded mutations: each must be noticed by a test above.


def test_a_wrong_tie_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ties, "tie_places", lambda frame, key: np.arange(len(frame))[::-1])
    with pytest.raises(AssertionError):
        test_awkward_sets_are_those_of_the_brute_force("coincident", 3)


def test_a_planar_distance_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def planar(lon1: np.ndarray, lat1: np.ndarray, lon2: np.ndarray, lat2: np.ndarray) -> object:
        return np.hypot(lon2 - lon1, lat2 - lat1) * 111_195, np.zeros(len(lon1))

    monkeypatch.setattr(links.metric, "geodesic", planar)
    with pytest.raises(AssertionError):
        test_k_nearest_are_those_of_the_brute_force(3)


def test_an_error_taken_for_nought_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = proximity.error_radii
    monkeypatch.setattr(proximity, "error_radii", lambda frame: np.nan_to_num(real(frame)))
    with pytest.raises(AssertionError):
        test_an_unknown_error_is_never_nought()


FAR_ISLES = [shapely.box(60.1, -46.1, 60.3, -46), shapely.box(60, -45.9, 60.05, -45.8)]


def every_pair(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, k: int) -> pd.DataFrame:
    """Measure all pieces of one side from all of the other: no candidate is chosen."""
    one, other = (links.Side(each.geometry) for each in (left, right))
    first = np.repeat(np.arange(len(one.pieces.shape)), len(other.pieces.shape))
    second = np.tile(np.arange(len(other.pieces.shape)), len(one.pieces.shape))
    table = links._edge_to_edge(one.pieces.of(first), other.pieces.of(second))
    return table.sort_values(["metres", "right"], ignore_index=True).head(k)


@pytest.mark.parametrize("west", [-3.2, -4.0])
@pytest.mark.parametrize("k", [1, 2])
def test_over_thousands_of_kilometres_the_nearest_are_those_of_every_pair(
    west: float, k: int
) -> None:
    line = shapes(shapely.LineString([(-3.1, 53.6), (west, 53.6)]))
    isles = shapes(*FAR_ISLES, shapely.box(60.2, -45.9, 60.21, -45.89))
    found = links.nearest(links.Side(line.geometry), links.Side(isles.geometry), k)
    found = found.sort_values(["metres", "right"], ignore_index=True).head(k)
    expected = every_pair(line, isles, k)
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)


def test_the_time_to_measure_a_line_grows_as_the_line_does() -> None:
    """Also to isles so far away that the straight way there says little of the way over the ground."""
    isles = links.Side(shapes(*FAR_ISLES).geometry)

    def seconds(degrees: float) -> float:
        line = shapes(shapely.LineString([(-3.1, 53.6), (-3.1 - degrees, 53.6)]))
        started = time.process_time()
        links.nearest(links.Side(line.geometry), isles, 1)
        return time.process_time() - started

    small, large = (min(seconds(each) for _ in range(2)) for each in (5, 20))
    assert large < 8 * max(small, 0.1)
    assert large < 10  # every pair of pieces took more than fifty
