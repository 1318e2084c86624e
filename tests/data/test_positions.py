"""Stations and piers stand where the register has them, no farther off than they say."""

from __future__ import annotations

import json

import pytest
from data_context import rail_stations
from data_files import degrees, read_table
from pyproj import Geod

GEOD = Geod(ellps="WGS84")

#: What NaPTAN gave in July 2026, in metres of the National Grid, for places that the pack had wrong or not at all.
STATIONS = {
    "HBL": (341_341, 399_746),  # Headbolt Lane
    "MNS": (339_008, 402_620),  # Maghull North
    "WAW": (357_669, 388_767),  # Warrington West
}
PIERS = {
    ("ferry-seacombe", 0): (333_802, 390_223),  # the terminal at Pier Head
    ("ferry-seacombe", 1): (332_530, 390_823),  # the entrance at Seacombe
    ("ferry-woodside", 0): (333_802, 390_223),
    ("ferry-woodside", 1): (332_947, 389_173),  # the entrance at Woodside
}


def metres(one, other):
    """How far two positions in degrees lie apart."""
    return GEOD.inv(*one, *other)[2]


def table(reference, name):
    return read_table(reference / "context" / name).to_dict("records")


def stations_of(layers):
    """Each station's position and its error by its code."""
    layer = layers["rail-stations"]
    return {
        row["crs"]: ((shape.x, shape.y), row["position_error_m"])
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
    }


def ends_of(layers):
    """The position and error of each crossing's ends by its id and 0 or 1."""
    layer = layers["crossings"]
    return {
        (row["id"], end): (position, row["portal_error_m"])
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if shape is not None
        for end, position in enumerate(shape.coords)
    }


def beyond_their_error(shipped, expected):
    """The places that lie farther from where they are than they say, and how far."""
    return {
        key: round(metres(shipped[key][0], position))
        for key, position in expected.items()
        if metres(shipped[key][0], position) > shipped[key][1]
    }


def test_every_station_of_the_list_is_shipped_where_it_is(layers, reference):
    listed = {
        row["crs"]: (float(row["lon"]), float(row["lat"]))
        for row in table(reference, "stations.csv")
    }
    shipped = stations_of(layers)
    assert sorted(shipped) == sorted(listed)
    assert beyond_their_error(shipped, listed) == {}


def test_both_ends_of_every_crossing_are_shipped_where_they_are(layers, reference):
    listed = {
        (row["id"], end): (float(row[f"{side}_lon"]), float(row[f"{side}_lat"]))
        for row in table(reference, "crossings.csv")
        for end, side in enumerate("ab")
        if row[f"{side}_lon"]
    }
    shipped = ends_of(layers)
    assert sorted(shipped) == sorted(listed)
    assert beyond_their_error(shipped, listed) == {}


def test_stations_stand_where_the_register_of_july_2026_has_them(layers, reference):
    """The register itself, around the city region: another file than the one the pack is made from."""
    register = {
        row["atco"]: (float(row["lon"]), float(row["lat"]))
        for row in table(reference, "stations_ferries.csv")
        if row["kind"] == "rail_station"
    }
    codes = {row["crs"]: row["atco"] for row in layers["rail-stations"].rows}
    expected = {crs: register[atco] for crs, atco in codes.items() if atco in register}
    assert len(expected) == 112
    assert beyond_their_error(stations_of(layers), expected) == {}


@pytest.mark.parametrize("code", STATIONS)
def test_the_newest_stations_stand_within_50_m(layers, code):
    (lon,), (lat,) = degrees([STATIONS[code][0]], [STATIONS[code][1]], 6)
    shipped = stations_of(layers)
    assert shipped[code][1] == 50
    assert beyond_their_error(shipped, {code: (lon, lat)}) == {}


@pytest.mark.parametrize("pier", PIERS, ids=lambda pier: f"{pier[0]} {pier[1]}")
def test_piers_stand_within_50_m(layers, pier):
    (lon,), (lat,) = degrees([PIERS[pier][0]], [PIERS[pier][1]], 6)
    shipped = ends_of(layers)
    assert shipped[pier][1] == 50
    assert beyond_their_error(shipped, {pier: (lon, lat)}) == {}


@pytest.mark.parametrize(
    ("source", "month"),
    [
        ("NaPTAN 2026-07 (OGL v3)", "2026-07"),
        ("NaPTAN 2015-09, unchanged in 2026-07 (OGL v3)", "2026-07"),
    ],
)
def test_a_station_says_when_the_register_last_had_it_there(tmp_path, source, month):
    (feature,) = json.loads(rail_stations(one_station(tmp_path, source)))["features"]
    assert feature["properties"]["as_of"] == month
    assert feature["properties"]["position_basis"] == "official_register"


@pytest.mark.parametrize("source", ["general knowledge", "grid reference SJ 414 997", ""])
def test_a_station_that_the_register_does_not_place_is_refused(tmp_path, source):
    with pytest.raises(SystemExit, match="something else than the register"):
        rail_stations(one_station(tmp_path, source))


def one_station(folder, source):
    """A folder of reference figures with one station, placed by `source`."""
    (folder / "context").mkdir()
    (folder / "context" / "stations.csv").write_text(
        "crs,name,atco,lad_code,lad_name,easting,northing,source,in_2026_list,position_error_m\n"
        f'HBL,Headbolt Lane,9100HBOLTN,E08000011,Knowsley,341341,399746,"{source}",1,50\n',
        encoding="utf-8",
    )
    return folder
