"""Tables of which one column holds the whole position."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.errors import GeometryError
from lcrmap.io.position_cells import read_position_column
from lcrmap.layers import Layer

Open = Callable[..., Layer]
POINT = shapely.Point(-2.987, 53.406)
LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def read(name: str, cells: list[str], crs: str = "") -> Any:
    return read_position_column(pd.DataFrame({"n": ["a"] * len(cells), name: cells}), crs)


@pytest.mark.parametrize(
    ("name", "cell", "form"),
    [
        ("wkt", "POINT (-2.987 53.406)", "WKT"),
        ("any", "SRID=4326;POINT(-2.987 53.406)", "WKT"),
        ("any", shapely.to_wkb(POINT, hex=True), "WKB"),
        ("any", shapely.to_wkb(shapely.set_srid(POINT, 4326), hex=True, include_srid=True), "WKB"),
        ("any", json.dumps(shapely.geometry.mapping(POINT)), "GeoJSON"),
        ("location", "53.406, -2.987", "latitude and longitude"),
        ("Coordinates", "(53.406 -2.987)", "latitude and longitude"),
        ("lonlat", "-2.987,53.406", "latitude and longitude"),
        ("any", "53°24'21.6\"N 2°59'13.2\"W", "degrees and minutes"),
        ("any", "53.406° N, 2.987° W", "degrees and minutes"),
        ("any", "53°24.36′N, 2°59.22′W", "degrees and minutes"),
    ],
)
def test_a_position_is_the_same_however_it_is_written(name: str, cell: str, form: str) -> None:
    found = read(name, [cell, ""])
    assert found.form == form
    assert (found.shapes[0].x, found.shapes[0].y) == pytest.approx((-2.987, 53.406), abs=1e-9)
    assert found.crs.to_epsg() == 4326
    assert found.shapes[1] is None
    assert not len(found.wrong)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("wkt", "POINT (334550 390450)"),
        ("grid", "334550, 390450"),
        ("any", "SRID=27700;POINT(334550 390450)"),
    ],
)
def test_metres_are_told_from_degrees(name: str, cell: str) -> None:
    found = read(name, [cell])
    assert (found.crs.to_epsg(), found.shapes[0].wkt) == (27700, "POINT (334550 390450)")


def test_a_grid_reference_is_the_middle_of_its_square_and_as_sure_as_it_is_large() -> None:
    found = read("any", ["SJ 345 904", "sj3450090400", "SJ 34 90"])
    assert [each.wkt for each in found.shapes] == [
        "POINT (334550 390450)",
        "POINT (334500.5 390400.5)",
        "POINT (334500 390500)",
    ]
    assert found.error_m.tolist() == [70.7, 0.7, 707.1]


@given(points=st.lists(st.tuples(LON, LAT), min_size=1, max_size=9))
def test_wkt_wkb_and_geojson_keep_every_digit(points: list[tuple[float, float]]) -> None:
    shapes = [shapely.Point(*each) for each in points]
    for cells in (
        [f"POINT ({lon!r} {lat!r})" for lon, lat in points],
        [str(shapely.to_wkb(each, hex=True)) for each in shapes],
        [json.dumps({"type": "Point", "coordinates": each}) for each in points],
    ):
        found = read("any", cells)
        assert [(each.x, each.y) for each in found.shapes] == points


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("range", ["1, 2", "3, 4"]),
        ("size", ["10 20"]),
        ("code", ["SJ 12"]),
        ("location", ["Liverpool", "Wirral"]),
        ("note", ["POINT of interest"]),
        ("hex", ["0101"]),
    ],
)
def test_what_only_looks_so_is_no_position(name: str, cells: list[str]) -> None:
    assert read(name, cells) is None


@pytest.mark.parametrize(
    "cell",
    [
        "GEOMETRYCOLLECTION(" * 5000 + "POINT(1 1)" + ")" * 5000,
        json.dumps({"coordinates": []})[:-1] + ', "geometries": ' + "[" * 50000 + "]" * 50000 + "}",
        "POINT (1)",
        "POLYGON ((0 0, 1 1))",
        '{"type": "Point", "coordinates": ["a", 1]}',
    ],
    ids=["deep WKT", "deep JSON", "half a point", "a ring of two", "words"],
)
def test_a_cell_that_cannot_be_costs_its_row(cell: str) -> None:
    good = "POINT (1 1)" if not cell.startswith("{") else '{"type":"Point","coordinates":[1,1]}'
    found = read("any", [good, cell, good])
    assert [each is not None for each in found.shapes] == [True, False, True]
    assert found.wrong.tolist() == [1]


def test_what_is_taken_and_what_is_not_is_said_by_line(opened: Open) -> None:
    layer = opened(
        "a.csv",
        'n,wkt\na,POINT (-2.9 53.4)\nb,"x\ny"\nc,\nd,there\ne,POINT (-2.8 53.4)\nf,POINT (-3 53)\n',
    )
    assert layer.placed == 3
    assert layer.notes == (
        (
            "The positions of 'a.csv' are taken from its column 'wkt' as WKT in EPSG:4326: if that is wrong, "
            "give --x, --y or --crs."
        ),
        (
            "'a.csv' has something else in lines 3 ('x\ny'), 6 ('there'): these rows count as having no position."
        ),
    )


def test_areas_in_wkt_are_areas(opened: Open) -> None:
    layer = opened("a.csv", 'code,wkt\na,"POLYGON ((-3 53.3, -2.9 53.3, -2.9 53.4, -3 53.3))"\n')
    assert layer.metadata.geometry == "area"


def test_crs_is_as_asked(opened: Open) -> None:
    layer = opened("a.csv", "n,wkt\na,POINT (-330000 7050000)\n", crs="EPSG:3857")
    assert layer.frame.crs.to_epsg() == 3857


def test_features_without_shapes_take_them_from_their_columns(opened: Open) -> None:
    features = [
        {
            "type": "Feature",
            "properties": {"n": "a", "Easting": 334500, "Northing": 390400},
            "geometry": None,
        },
        {
            "type": "Feature",
            "properties": {"n": "b", "Easting": None, "Northing": None},
            "geometry": None,
        },
    ]
    layer = opened("a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert [each if each is None else each.wkt for each in layer.frame.geometry] == [
        "POINT (334500 390400)",
        None,
    ]
    assert layer.frame.crs.to_epsg() == 27700


def test_one_feature_with_a_shape_leaves_the_others_as_they_are(opened: Open) -> None:
    features = [
        {"type": "Feature", "properties": {"lon": -2.9, "lat": 53.4}, "geometry": None},
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Point", "coordinates": [-3, 53.4]},
        },
    ]
    layer = opened("a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert layer.frame.geometry.isna().tolist() == [True, False]


def test_a_table_that_tells_nothing_is_refused(opened: Open) -> None:
    with pytest.raises(GeometryError, match="no postcodes, and no codes or names of areas"):
        opened("a.csv", "name,size\na,1\n")
    assert isinstance(
        opened("b.geojson", '{"type":"FeatureCollection","features":[]}').frame, gpd.GeoDataFrame
    )
