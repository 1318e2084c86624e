"""Residents, postcodes, stations, crossings and the river: sums, positions, banks."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
import shapely
from data_context import shares
from data_files import degrees
from hypothesis import given
from hypothesis import strategies as st

UNVERIFIED = {"queensway-tunnel", "kingsway-tunnel", "warrington-bridge"}


def points(layer):
    return np.array(layer.shapes, dtype=object)


def test_grid_is_turned_with_ostn15_as_ordnance_survey_publishes_it():
    # Ordnance Survey's own test point TP02 (Caister water tower) of OSTN15.
    lon, lat = degrees([651409.804], [313177.450], 8)
    assert (lon[0], lat[0]) == pytest.approx((1.71607397, 52.65800783), abs=2e-8)


def test_all_residents_are_there(layers):
    assert sum(row["residents"] for row in layers["residents"].rows) == 1_551_784


def test_residents_in_the_most_deprived_tenth_are_those_of_289_small_areas(layers):
    rows = [row for row in layers["residents"].rows if row["imd2025_decile"] == 1]
    assert sum(row["residents"] for row in rows) == 446_435
    assert len({row["lsoa21"] for row in rows}) == 289


def test_every_small_area_has_one_decile_and_postcodes_that_differ_by_one_person(layers):
    residents, deciles = defaultdict(list), defaultdict(set)
    for row in layers["residents"].rows:
        residents[row["lsoa21"]].append(row["residents"])
        deciles[row["lsoa21"]].add((row["imd2025_decile"], row["imd2025_rank"]))
    assert len(residents) == 1003
    assert all(max(each) - min(each) <= 1 for each in residents.values())
    assert all(len(each) == 1 for each in deciles.values())


def test_residents_by_position_give_each_neighbourhood_its_census_figure(layers):
    areas = layers["neighbourhoods"]
    point, area = shapely.STRtree(areas.shapes).query(
        points(layers["residents"]), predicate="intersects"
    )
    assert len(set(point.tolist())) == 37_841
    first = {}
    for number, holder in sorted(zip(point.tolist(), area.tolist(), strict=True)):
        first.setdefault(number, holder)
    sums = Counter()
    for number, holder in first.items():
        sums[holder] += layers["residents"].rows[number]["residents"]
    assert [sums[i] for i in range(201)] == [row["residents_2021"] for row in areas.rows]


@given(total=st.integers(0, 10_000), parts=st.integers(1, 300))
def test_shares_are_whole_and_even_and_add_up(total, parts):
    split = shares(total, parts)
    assert len(split) == parts
    assert sum(split) == total
    assert max(split) - min(split) <= 1


def test_every_postcode_falls_in_the_district_that_ordnance_survey_gives_it(layers, boroughs):
    rows = layers["postcodes"].rows
    names = {row["name"]: row["code"] for row in layers["boroughs"].rows}
    found = [names.get(name) for name in boroughs.holding(points(layers["postcodes"]))]
    assert len(rows) == 37_841
    assert None not in found
    assert [row["district_code"] for row in rows] == found


def test_postcodes_stand_where_their_grid_coordinates_are(layers):
    rows = layers["postcodes"].rows
    lon, lat = degrees([r["easting"] for r in rows], [r["northing"] for r in rows], 6)
    assert lon.tolist() == [row["lon"] for row in rows]
    assert lat.tolist() == [row["lat"] for row in rows]


def test_residents_and_postcodes_are_the_same_points(layers):
    def places(name):
        return [(row["postcode"], row["lon"], row["lat"]) for row in layers[name].rows]

    assert places("residents") == places("postcodes")


def test_stations_lie_in_the_district_that_the_register_gives(layers, boroughs):
    stations = layers["rail-stations"]
    found = boroughs.holding(points(stations))
    given_names = [
        row["district"] if row["district"] in boroughs.names else None for row in stations.rows
    ]
    assert found == given_names
    assert sum(name is not None for name in found) == 87


def test_only_the_low_level_platforms_are_not_in_the_list_of_stations(layers):
    unlisted = [row for row in layers["rail-stations"].rows if row["status"] != "operational"]
    assert [row["crs"] for row in unlisted] == ["LVL"]
    assert unlisted[0]["note"]


def test_unverified_ends_of_crossings_are_carried_with_their_error(layers):
    rows = {row["id"]: row for row in layers["crossings"].rows}
    assert {key for key, row in rows.items() if row["ends_quality"] == "unverified"} == UNVERIFIED
    assert rows["kingsway-tunnel"]["portal_error_m"] == 400
    assert rows["queensway-tunnel"]["portal_error_m"] == 150


def test_crossings_without_known_ends_have_a_point_instead_of_a_line(layers):
    layer = layers["crossings"]
    without = {
        row["id"]: (row["point_lon"], row["point_lat"])
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if shape is None
    }
    assert without == {
        "thelwall-viaduct": (-2.5059, 53.3906),
        "queensway-dock-branch-entrance": (-3.02387, 53.39702),
    }


def sides(river, found):
    """1 for each point on the left of the river line, -1 on its right, by the nearest stretch."""
    ends = np.array(river.coords)
    starts, steps = ends[:-1], np.diff(ends, axis=0)
    stretches = shapely.linestrings(np.stack([starts, ends[1:]], axis=1))
    nearest = shapely.distance(found[:, None], stretches[None, :]).argmin(axis=1)
    away = shapely.get_coordinates(found) - starts[nearest]
    return np.sign(steps[nearest, 0] * away[:, 1] - steps[nearest, 1] * away[:, 0])


def test_every_crossing_leads_from_the_left_bank_to_the_right(layers):
    (river,) = layers["river"].shapes
    lines = [shape for shape in layers["crossings"].shapes if shape is not None]
    ends = shapely.points(shapely.get_coordinates(lines))
    assert sides(river, ends).reshape(-1, 2).tolist() == [[1, -1]] * 9


def test_river_has_wirral_on_its_right_and_parts_halton(layers, boroughs):
    (river,) = layers["river"].shapes
    found = points(layers["postcodes"])
    banks = defaultdict(set)
    for name, bank in zip(boroughs.holding(found), sides(river, found).tolist(), strict=True):
        banks[name].add(bank)
    assert banks.pop("Wirral") == {-1}
    assert banks.pop("Halton") == {-1, 1}
    assert set.union(*banks.values()) == {1}
