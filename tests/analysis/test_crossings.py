"""The river: banks, the least way over the open crossings, and what never changes by opening or closing one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import links
from lcrmap.analysis.banks import LEFT, RIGHT, open_crossings
from lcrmap.analysis.catchments import reached_features
from lcrmap.analysis.crossings import River, river
from lcrmap.analysis.detours import detours
from lcrmap.analysis.gaps import beyond
from lcrmap.analysis.joining import assign_areas
from lcrmap.analysis.links import STRAIGHT, Side, within
from lcrmap.analysis.proximity import near, within_reach
from lcrmap.analysis.zones import zones
from lcrmap.errors import GeometryError
from lcrmap.verbs.sources import Sources
from tests.analysis.oracles import Position, metres

STEP = 0.01  # degrees between the positions of a board

# A bend towards the west; banks are told apart without the code by `on_the_west`.
BEND = [(0.0, -0.03), (-0.02, 0.0), (0.0, 0.03)]


def frame(shapes: Sequence[Any], **columns: Any) -> gpd.GeoDataFrame:
    """Return features in degrees."""
    made = gpd.GeoSeries(list(shapes), crs="EPSG:4326")
    return gpd.GeoDataFrame(columns, geometry=made, crs="EPSG:4326")


def points(places: Sequence[Position], **columns: Any) -> gpd.GeoDataFrame:
    """Return points in degrees."""
    return frame([shapely.Point(each) for each in places], **columns)


def bridges(ends: Sequence[Sequence[Position]], **columns: Any) -> gpd.GeoDataFrame:
    """Return crossings that are open to walkers, each a line."""
    shapes = [shapely.LineString(each) if each else None for each in ends]
    ids = [f"c{number}" for number in range(len(shapes))]
    given_ = {"id": ids, "modes": ["walk"] * len(shapes)} | columns
    return frame(shapes, **given_)


def barrier(corners: Sequence[Position] = BEND) -> gpd.GeoDataFrame:
    """Return a barrier of one line."""
    return frame([shapely.LineString(corners)])


def on_the_west(place: Position) -> bool:
    """Tell the bank of `BEND`, drawn on straight: x = -0.02 + |y| * 2 / 3."""
    return place[0] <= -0.02 + abs(place[1]) * 2 / 3


def by_hand(
    start: Position, end: Position, crossings: gpd.GeoDataFrame
) -> tuple[float, str, float, float]:
    """Enumerate all crossings, one by one: the way, the crossing, the least and the most that it may be."""
    if on_the_west(start) == on_the_west(end):
        way = metres(start, end)
        return way, "", way, way
    ways = []
    for row in crossings.itertuples():
        ends = list(row.geometry.coords)
        near_end, far_end = (ends[0], ends[-1])
        if on_the_west(near_end) != on_the_west(start):
            near_end, far_end = far_end, near_end
        own = row.length_m if not math.isnan(row.length_m) else metres(near_end, far_end)
        way = metres(start, near_end) + own + metres(far_end, end)
        error = 2 * row.portal_error_m
        ways.append((round(way, 3), row.id, way, way - error, way + error))
    if not ways:
        return math.inf, "", math.inf, math.inf
    _, name, way, _, _ = min(ways)
    return way, name, min(each[3] for each in ways), min(each[4] for each in ways)


def lots(least: int, most: int) -> st.SearchStrategy[list[Position]]:
    """Draw places near `BEND`, none of them on it."""
    at = st.tuples(st.integers(-90, 90), st.integers(-90, 90))
    place = at.map(lambda each: (each[0] / 1000 + 0.0003, each[1] / 1000 + 0.0002))
    return st.lists(place, min_size=least, max_size=most)


@st.composite
def crossings_drawn(draw: st.DrawFn, least: int = 0) -> gpd.GeoDataFrame:
    """Draw crossings of `BEND`, in either direction, some with a length of their own."""
    heights = draw(st.lists(st.integers(-60, 60), min_size=least, max_size=4, unique=True))
    ends, lengths, errors = [], [], []
    for each in heights:
        y = each / 1000
        x = -0.02 + abs(y) * 2 / 3
        line = [(x - draw(st.integers(1, 20)) / 1000, y), (x + 0.005, y + 0.0011)]
        ends.append(line if draw(st.booleans()) else line[::-1])
        lengths.append(draw(st.sampled_from([math.nan, 700.0, 5000.0])))
        errors.append(draw(st.sampled_from([0.0, 40.0, 250.0])))
    return bridges(ends, length_m=lengths, portal_error_m=errors)


@settings(deadline=None, max_examples=60)
@given(lots(1, 6), lots(1, 8), crossings_drawn(), st.integers(1, 3), st.integers(0, 20_000))
def test_agrees_with_a_brute_force_over_all_crossings(
    here: list[Position], there: list[Position], over: gpd.GeoDataFrame, k: int, radius: int
) -> None:
    """The k nearest, and all within a distance: each pair by another library, crossing by crossing."""
    ways = river(barrier(), over, "walk", key="id")
    one, other = ways.side(points(here).geometry), ways.side(points(there).geometry)
    expected = {
        pair: by_hand(here[pair[0]], there[pair[1]], over)
        for pair in itertools.product(range(len(here)), range(len(there)))
    }
    found = ways.within(one, other, np.full(len(here), float(radius)))
    _compare(found, expected, over)
    wanted = {pair for pair, told in expected.items() if round(told[0], 3) <= radius}
    assert set(zip(found["left"], found["right"], strict=True)) == wanted
    nearest = ways.nearest(one, other, k)
    _compare(nearest, expected, over)
    for start in range(len(here)):
        all_ = sorted(told[0] for pair, told in expected.items() if pair[0] == start)
        listed = sorted(nearest.loc[nearest["left"] == start, "metres"])
        reachable = [each for each in all_[:k] if math.isfinite(each)]
        assert listed[: len(reachable)] == pytest.approx(reachable, abs=1e-5)


def _compare(
    found: pd.DataFrame, expected: dict[tuple[int, int], Any], over: gpd.GeoDataFrame
) -> None:
    assert not found.duplicated(["left", "right"]).any()
    for row in found.itertuples():
        way, name, least, most = expected[row.left, row.right]
        assert (row.metres, row.least, row.most) == pytest.approx((way, least, most), abs=1e-5)
        assert ("" if row.across == -1 else over["id"][row.across]) == name


@settings(deadline=None, max_examples=40)
@given(lots(1, 5), lots(1, 5), crossings_drawn(least=1), st.data())
def test_closing_never_shortens_and_opening_never_lengthens(
    here: list[Position], there: list[Position], over: gpd.GeoDataFrame, data: st.DataObject
) -> None:
    closed = data.draw(st.integers(0, len(over) - 1))
    fewer = over.assign(status=["closed" if row == closed else "open" for row in range(len(over))])
    with_it, without = (
        _table(here, there, river(barrier(), each, "walk")) for each in (over, fewer)
    )
    assert (without >= with_it - 1e-9).all()
    assert (without == with_it)[
        [[on_the_west(a) == on_the_west(b) for b in there] for a in here]
    ].all()


def _table(here: list[Position], there: list[Position], ways: River) -> np.ndarray[Any, Any]:
    one, other = ways.side(points(here).geometry), ways.side(points(there).geometry)
    found = ways.within(one, other, np.full(len(here), np.inf))
    table = np.full((len(here), len(there)), np.inf)
    table[found["left"], found["right"]] = found["metres"]
    return table


@settings(deadline=None, max_examples=40)
@given(lots(1, 6), lots(1, 6), crossings_drawn(), st.integers(1, 3), st.integers(0, 30_000))
def test_with_no_line_between_it_is_as_straight(
    here: list[Position], there: list[Position], over: gpd.GeoDataFrame, k: int, far: int
) -> None:
    """All on one bank: the barrier lies far east of them, its crossings too."""
    moved = over.set_geometry(over.geometry.translate(1.0))
    east = barrier([(x + 1, y) for x, y in BEND])
    ways = river(east, moved, "walk")
    errors = [10.0 * (row % 4) for row in range(8)]
    left = points(here, position_error_m=errors[: len(here)])
    right = points(there, position_error_m=errors[1 : len(there) + 1])
    for options in ({"k": k}, {"within_m": float(far)}):
        straight = near(left, right, **options)
        across = near(left, right, **options, ways=ways)
        pd.testing.assert_frame_equal(straight, across[straight.columns])
        assert (across["across"] == -1).all()
        assert across["straight_m"].round(3).tolist() == straight["metres"].tolist()
    for asked in (beyond, within_reach):
        pd.testing.assert_frame_equal(
            asked(left, right, float(far)), asked(left, right, float(far), ways=ways)
        )
    sums = [
        reached_features(left, right, float(far), ways=each).sums(np.ones(len(there)), float(far))
        for each in (STRAIGHT, ways)
    ]
    pd.testing.assert_frame_equal(*sums)


def test_a_bank_is_the_side_of_the_line_drawn_on_straight() -> None:
    ways = river(barrier(), bridges([]), "walk")
    places = [
        (-0.03, 0.0),
        (0.0, 0.0),
        (0.5, 1.0),
        (0.8, 1.0),
        (-0.02, 0.0),
        (179.0, 0.0),
        (-179.0, 0.0),
    ]
    lon, lat = np.array(places).T
    # On the line itself is the left bank. It runs north, so west is left.
    assert ways.banks(lon, lat).tolist() == [LEFT, RIGHT, LEFT, RIGHT, LEFT, RIGHT, LEFT]


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (1, 0), (1, 1), (0.5, -1)],  # crosses itself
        [(0, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)],  # where it is drawn on
        [(0, 0), (1, 0), (1, 1), (0, 0)],  # has no ends
    ],
)
def test_a_barrier_that_divides_nothing_in_two_is_refused(corners: list[Position]) -> None:
    with pytest.raises(GeometryError, match="The barrier must"):
        river(barrier(corners), bridges([]), "walk")


def test_two_lines_are_no_barrier() -> None:
    two = frame([shapely.LineString([(0, 0), (0, 1)]), shapely.LineString([(5, 0), (5, 1)])])
    with pytest.raises(GeometryError, match="one line with two ends"):
        river(two, bridges([]), "walk")


def test_crossings_without_ends_or_on_one_bank_are_left_out() -> None:
    over = bridges([[(-0.03, 0), (-0.01, 0)], [], [(0.01, 0), (0.02, 0)]])
    ways = river(barrier(), over, "walk")
    assert (ways.crossings.rows.tolist(), ways.without_ends, ways.astray) == ([0], (1,), (2,))


def test_modes_that_are_not_known_are_closed_unless_assumed_open() -> None:
    over = bridges([[(-0.03, 0), (-0.01, 0)]] * 3, modes=[None, "drive", " walk ;cycle"])
    assert open_crossings(over, "walk").tolist() == [False, False, True]
    assert open_crossings(over, "walk", assume_open=True).tolist() == [True, False, True]
    assert open_crossings(over.drop(columns="modes"), "walk").tolist() == [False] * 3


def test_a_length_or_error_that_is_none_is_not_known() -> None:
    ends = [(-0.03, 0.0), (-0.01, 0.0)]
    odd = [-5.0, math.inf, "long", None, 0.0]
    over = bridges([ends] * 5, length_m=odd, portal_error_m=odd)
    found = river(barrier(), over, "walk", key="id").crossings
    assert found.metres.tolist() == pytest.approx([metres(*ends)] * 4 + [0], abs=1e-6)
    assert np.isnan(found.error).tolist() == [True] * 4 + [False]


def test_of_ways_equally_long_the_lowest_key_is_taken() -> None:
    ends = [(-0.03, 0.0), (-0.01, 0.0)]
    over = bridges([ends, ends], id=["b", "a"])
    ways = river(barrier(), over, "walk", key="id")
    one, other = (ways.side(points([(x, 0.01)]).geometry) for x in (-0.05, 0.05))
    assert ways.nearest(one, other, 1)["across"].tolist() == [1]


def test_an_unknown_portal_error_leaves_the_range_and_the_rank_open() -> None:
    over = bridges([[(-0.03, 0), (-0.01, 0)]], portal_error_m=[math.nan])
    ways = river(barrier(), over, "walk")
    home = points([(-0.05, 0.0)], position_error_m=[0.0])
    shops = points([(0.0, 0.0), (-0.06, 0.0)], position_error_m=[0.0, 0.0])
    found = near(home, shops, k=2, ways=ways)
    assert found["metres_max"].isna().tolist() == [False, True]
    assert found["rank_certain"].isna().all()


def test_a_shape_on_both_banks_is_reached_on_ones_own() -> None:
    over = bridges([[(-0.03, 0.05), (0.03, 0.05)]])
    ways = river(barrier(), over, "walk")
    island = shapely.box(-0.03, -0.001, 0.03, 0.001)  # lies over the line
    square = shapely.box(0.05, -0.001, 0.06, 0.001)
    homes = points([(-0.05, 0.0), (0.04, 0.0)])
    found = near(homes, frame([island, square]), k=2, ways=ways)
    own = found[found["right"] == 0]
    assert own["across"].tolist() == [-1, -1]
    assert own["metres"].tolist() == pytest.approx(
        [metres((-0.05, 0), (-0.03, 0)), metres((0.04, 0), (0.03, 0))], abs=0.05
    )
    over_it = found[(found["left"] == 0) & (found["right"] == 1)].iloc[0]
    way = (
        metres((-0.05, 0), (-0.03, 0.05))
        + metres((-0.03, 0.05), (0.03, 0.05))
        + metres((0.03, 0.05), (0.05, 0.001))
    )
    assert over_it["metres"] == pytest.approx(way, abs=0.1)
    assert over_it["straight_m"] == pytest.approx(metres((-0.05, 0), (0.05, 0)), abs=0.05)


def test_the_way_is_drawn_over_the_crossing_in_its_direction() -> None:
    over = bridges([[(0.01, 0.01), (-0.015, 0.012), (-0.04, 0.01)]])
    ways = river(barrier(), over, "walk")
    homes, shops = points([(-0.05, 0.0), (0.05, 0.0)]), points([(0.06, 0.0)])
    found = near(homes, shops, k=1, ways=ways)
    drawn = {tuple(rows): corners.tolist() for rows, corners in ways.corners(found) if len(rows)}
    crossed = [[-0.05, 0.0], [-0.04, 0.01], [-0.015, 0.012], [0.01, 0.01], [0.06, 0.0]]
    assert drawn == {(1,): [[[0.05, 0.0], [0.06, 0.0]]], (0,): [crossed]}


@pytest.fixture(scope="module")
def region() -> Sources:
    return Sources()


def _role(sources: Sources, role: str) -> gpd.GeoDataFrame:
    layer = sources.role(role)
    assert layer is not None
    return layer.frame


def test_no_postcode_of_a_borough_on_one_bank_lies_on_the_other(region: Sources) -> None:
    """34,684 postcodes of the five boroughs that the river does not divide."""
    ways = river(_role(region, "barrier"), _role(region, "crossings"), "walk")
    codes, boroughs = region.layer("postcodes").frame, region.layer("boroughs").frame
    home = boroughs["name"].to_numpy()[assign_areas(codes, boroughs, key="code")["area"]]
    bank = ways.banks(*Side(codes.geometry).lonlat)
    banks = pd.crosstab(home, bank).drop(index="Halton")
    assert int(banks.to_numpy().sum()) == 34_684
    assert (banks.to_numpy() == 0).sum(axis=1).tolist() == [1] * 5
    assert banks.index[banks[RIGHT] > 0].tolist() == ["Wirral"]


def test_stopping_both_ferries_takes_residents_farther_from_an_investment_zone_site(
    region: Sources,
) -> None:
    """Figures that were worked out outside this project, on the same points."""
    people = region.people()
    weights, sites = people.weights["residents"], region.layer("investment-zone-sites").frame
    crossings = _role(region, "crossings")
    stopped = crossings.assign(
        status=crossings["status"].mask(crossings["kind"] == "ferry", "closed")
    )
    nearest = []
    for each in (crossings, stopped):
        ways = river(_role(region, "barrier"), each, "walk", key="id")
        sides = (ways.side(one.geometry) for one in (people.layer.frame, sites))
        found = ways.nearest(*sides, 1)
        nearest.append(found.groupby("left")["metres"].min().round(3).to_numpy())
    mean = [round(float((each * weights).sum() / weights.sum())) for each in nearest]
    assert mean == [5323, 9490]
    assert [float(weights[each <= 5000].sum()) for each in nearest] == [865_792, 832_937]
    assert float(weights[nearest[1] > nearest[0]].sum()) == 320_204


def test_every_site_is_measured_over_the_river_as_by_hand(region: Sources) -> None:
    """All pairs of sites and open crossings, one by one, by another library."""
    crossings, line = _role(region, "crossings"), _role(region, "barrier")
    ways = river(line, crossings, "drive", key="id")
    sites = region.layer("freeport-sites").frame
    sites = sites[sites.geometry.notna()].reset_index(drop=True)
    side = ways.side(sites.geometry)
    found = ways.within(side, side, np.full(len(sites), np.inf), same=True)
    straight = within(side, side, np.full(len(sites), np.inf), same=True)
    assert len(found) == len(straight) == len(sites) * (len(sites) - 1)
    open_ = crossings.iloc[ways.crossings.rows]
    for row in found[found["across"] >= 0].itertuples():
        here, there = (sites.geometry[each].coords[0] for each in (row.left, row.right))
        lengths = []
        for each in open_.itertuples():
            a, b = each.geometry.coords[0], each.geometry.coords[-1]
            own = each.length_m if not pd.isna(each.length_m) else metres(a, b)
            turned = ways.banks(*np.array([a, here]).T)
            a, b = (a, b) if turned[0] == turned[1] else (b, a)
            lengths.append(metres(here, a) + own + metres(b, there))
        assert row.metres == pytest.approx(min(lengths), abs=1e-5)


def test_a_zone_holds_what_lies_within_the_way_over_the_crossings() -> None:
    """On a grid of places around a home: in the drawn zone, or not, as they are measured; but at its very edge."""
    over = bridges([[(-0.03, 0.01), (-0.01, 0.01)], [(0.02, -0.05), (-0.02, -0.05)]])
    ways = river(barrier(), over, "walk")
    home, rings = points([(-0.04, 0.0)]), [4000.0, 7000.0]
    steps = np.arange(-90, 91, 5) / 1000
    grid = points([(x + 0.0003, y + 0.0002) for x in steps for y in steps])
    found = ways.within(
        ways.side(home.geometry), ways.side(grid.geometry), np.array([np.inf])
    ).sort_values("right")
    drawn = zones(home.geometry, rings, river=ways)
    for ring, shape in zip(rings, drawn.geometry, strict=True):
        measured = found["metres"].to_numpy()
        clear = np.abs(measured - ring) > 0.001 * ring
        inside = shapely.contains_xy(shape, *shapely.get_coordinates(grid.geometry).T)
        assert (inside == (measured <= ring))[clear].all()
        assert 0 < inside.sum() < len(grid)
        assert set(ways.banks(*shapely.get_coordinates(grid.geometry[inside]).T)) == {LEFT, RIGHT}
    merged = zones(pd.concat([home, grid[:3]]).geometry, rings, river=ways, dissolve=True)
    assert merged["area_km2"].tolist() >= drawn["area_km2"].tolist()


def test_a_zone_of_an_area_on_both_banks_is_drawn_from_both_its_parts() -> None:
    ways = river(barrier(), bridges([]), "walk")
    island = gpd.GeoSeries([shapely.box(-0.03, -0.001, 0.03, 0.001)], crs="EPSG:4326")
    (divided,) = zones(island, [500.0], river=ways).geometry
    (whole,) = zones(island, [500.0]).geometry
    assert divided.within(whole.buffer(1e-6))
    assert 0.98 < divided.area / whole.area < 1


@settings(deadline=None, max_examples=40)
@given(lots(1, 6), lots(2, 6), crossings_drawn(), st.booleans(), st.booleans())
def test_a_remark_on_detours_agrees_with_both_distances(
    here: list[Position], there: list[Position], over: gpd.GeoDataFrame, same: bool, measured: bool
) -> None:
    """Whose nearest lies across, and how much farther: as the straight nearest and that by crossings tell."""
    here = there if same else here
    ways = river(barrier(), over, "walk", key="id")
    one, other = ways.side(points(here).geometry), ways.side(points(there).geometry)
    straight = links.nearest(one, other, 1, same=same)
    least = straight.groupby("left")["metres"].transform("min")
    known = straight[straight["metres"].round(3) == least.round(3)] if measured else None
    told = detours(one, other, same=same, nearest=known).set_index("left")
    across = ways.nearest(one, other, 1, same=same).groupby("left")["metres"].min()
    for row, found in straight.groupby("left"):
        nearest = found[found["metres"].round(2) == found["metres"].min().round(2)]
        banks = {on_the_west(there[each]) for each in nearest["right"]}
        if len(banks) > 1:
            continue  # as near on either bank
        assert (row in told.index) == (banks != {on_the_west(here[row])})
        if row in told.index:
            assert told["straight_m"][row] == pytest.approx(found["metres"].min(), abs=0.01)
            by_crossing = across.get(row, math.inf)
            farther = told["straight_m"][row] + told["farther_m"][row]
            assert farther == pytest.approx(by_crossing, abs=0.1)
