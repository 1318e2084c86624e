"""Which columns of a table hold coordinates."""

from __future__ import annotations

import pytest

from lcrmap.io.coordinate_columns import choose_columns

GRID, DEGREES = "EPSG:27700", "EPSG:4326"


@pytest.mark.parametrize(
    ("east", "north", "crs"),
    [
        ("lon", "lat", DEGREES),
        ("lng", "latitude", DEGREES),
        ("Long_", "Lat", DEGREES),
        ("@lon", "@lat", DEGREES),
        ("stop_lon", "stop_lat", DEGREES),
        ("lon_dd", "lat_dd", DEGREES),
        ("decimalLongitude", "decimalLatitude", DEGREES),
        ("Longitude (WGS84)", "Latitude (WGS84)", DEGREES),
        ("Geocode_Longitude", "Geocode_Latitude", DEGREES),
        ("Location Longitude", "Location Latitude", DEGREES),
        ("x_longitude", "y_latitude", DEGREES),
        ("Easting (m)", "Northing (m)", GRID),
        ("sampleEasting", "sampleNorthing", GRID),
        ("location_easting_osgr", "location_northing_osgr", GRID),
        ("Geocode Easting", "northing", GRID),
        ("oseast1m", "osnrth1m", GRID),
        ("gridgb1e", "gridgb1n", GRID),
        ("east1m", "north1m", GRID),
        ("bng_e", "bng_n", GRID),
        ("osgb_x", "osgb_y", GRID),
        ("GeoX", "GeoY", ""),
        ("X_COORDINATE", "Y_COORDINATE", ""),
        ("GEOMETRY_X", "GEOMETRY_Y", ""),
        ("POINT_X", "POINT_Y", ""),
        ("X-coordinate", "Y-coordinate", ""),
        ("XCOORD", "YCoord", ""),
        ("x", "y", ""),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_is_known_by_the_words_in_its_names(
    east: str, north: str, crs: str, turned: bool
) -> None:
    pair = [north, east] if turned else [east, north]
    (chosen,) = choose_columns(["id", *pair, "note"], "it")
    assert (chosen.x, chosen.y, chosen.crs, chosen.guessed) == (east, north, crs, True)


@pytest.mark.parametrize(
    "names",
    [
        ["long_name", "lat"],
        ["name", "long_description", "flat"],
        ["North East", "South West"],
        ["pos_x", "neg_y"],
        ["e", "n"],
        ["longitude"],
        ["home_long", "work_lat"],
        ["translation", "relation"],
    ],
)
def test_names_that_only_sound_so_are_no_pair(names: list[str]) -> None:
    assert choose_columns(names, "it") == ()


def test_degrees_go_before_the_grid_which_fills_their_gaps() -> None:
    names = ["X_COORDINATE", "Y_COORDINATE", "LATITUDE", "LONGITUDE"]
    assert [(each.x, each.crs) for each in choose_columns(names, "it")] == [
        ("LONGITUDE", DEGREES),
        ("X_COORDINATE", ""),
    ]


def test_of_two_pairs_in_one_system_the_first_is_taken() -> None:
    names = ["home_lon", "home_lat", "work_lon", "work_lat"]
    assert [each.x for each in choose_columns(names, "it")] == ["home_lon"]


def test_the_shorter_name_is_the_likelier() -> None:
    names = ["start_lon", "start_lat", "lon", "lat"]
    assert [each.x for each in choose_columns(names, "it")] == ["lon"]


def test_of_two_short_names_the_one_in_full_is_taken() -> None:
    names = ["lon", "lat", "longitude", "latitude"]
    assert [each.x for each in choose_columns(names, "it")] == ["longitude"]
    assert [each.y for each in choose_columns(names[1:], "it")] == ["latitude"]


def test_columns_that_are_asked_for_stand_alone() -> None:
    (chosen,) = choose_columns(["lon", "lat", "e", "n"], "it", x="e", y="n")
    assert (chosen.x, chosen.y, chosen.crs, chosen.guessed) == ("e", "n", "", False)
