"""The boundaries nest without gaps, and have the areas that they should."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely
from pyproj import Geod

KM2 = {
    "Halton": 79.11,
    "Knowsley": 86.52,
    "Liverpool": 111.84,
    "St Helens": 136.42,
    "Sefton": 156.54,
    "Wirral": 160.87,
}
DECIMALS = {
    "boroughs": 5,
    "neighbourhoods": 5,
    "small-areas": 5,
    "wards": 5,
    "backdrop": 5,
    "freeport-sites": 4,
    "investment-zone-sites": 4,
    "innovation-assets": 4,
    "planned-stations": 4,
    "rail-stations": 6,
    "crossings": 5,
    "river": 6,
}
METRES = np.array([111_300 * np.cos(np.radians(53.45)), 111_300])


def in_metres(shape):
    return shapely.transform(shape, lambda xy: xy * METRES)


@pytest.mark.parametrize(("name", "km2"), KM2.items())
def test_area_of_a_borough_is_within_a_thousandth_of_the_published_one(layers, name, km2):
    row = next(row for row in layers["boroughs"].rows if row["name"] == name)
    assert row["area_km2"] == pytest.approx(km2, rel=0.001)


def test_given_areas_are_the_geodesic_areas_of_the_shapes(layers):
    geod = Geod(ellps="WGS84")
    for name in ("boroughs", "neighbourhoods", "small-areas", "wards"):
        for row, shape in zip(layers[name].rows, layers[name].shapes, strict=True):
            area = abs(geod.geometry_area_perimeter(shape)[0]) / 1e6
            assert row["area_km2"] == pytest.approx(area, abs=0.0006), row["name"]


@pytest.mark.parametrize("name", ["boroughs", "neighbourhoods", "small-areas", "wards"])
def test_areas_neither_overlap_nor_gape(layers, name):
    assert shapely.coverage_is_valid(layers[name].shapes)


def test_the_city_region_has_no_hole(layers):
    whole = shapely.coverage_union_all(layers["boroughs"].shapes)
    assert [len(part.interiors) for part in whole.geoms if part.interiors] == []


def test_neighbourhoods_of_a_borough_make_up_exactly_the_borough(layers):
    for row, shape in zip(layers["boroughs"].rows, layers["boroughs"].shapes, strict=True):
        inside = [
            part
            for other, part in zip(
                layers["neighbourhoods"].rows, layers["neighbourhoods"].shapes, strict=True
            )
            if other["borough_code"] == row["code"]
        ]
        union = shapely.coverage_union_all(inside)
        assert shapely.normalize(union).equals_exact(shapely.normalize(shape), 0), row["name"]


def test_small_areas_of_a_neighbourhood_make_up_exactly_the_neighbourhood(layers):
    small, whole = layers["small-areas"], layers["neighbourhoods"]
    for row, shape in zip(whole.rows, whole.shapes, strict=True):
        inside = [
            (other, part)
            for other, part in zip(small.rows, small.shapes, strict=True)
            if other["neighbourhood_code"] == row["code"]
        ]
        union = shapely.coverage_union_all([part for _, part in inside])
        assert shapely.normalize(union).equals_exact(shapely.normalize(shape), 0), row["name"]
        assert sum(other["residents_2021"] for other, _ in inside) == row["residents_2021"]
        assert {other["borough_code"] for other, _ in inside} == {row["borough_code"]}


def test_a_small_area_is_called_after_its_neighbourhood_and_its_letter(layers):
    rows = layers["small-areas"].rows
    assert len({row["name"] for row in rows}) == len(rows) == 1003
    assert all(row["name"] == f"{row['neighbourhood']} {row['ons_name'][-1]}" for row in rows)


def test_residents_of_neighbourhoods_add_up_to_their_borough(layers):
    for row in layers["boroughs"].rows:
        inside = [
            other["residents_2021"]
            for other in layers["neighbourhoods"].rows
            if other["borough_code"] == row["code"]
        ]
        assert sum(inside) == row["residents_2021"], row["name"]


def test_names_of_neighbourhoods_are_unique_but_those_of_wards_are_not(layers):
    names = [row["name"] for row in layers["neighbourhoods"].rows]
    assert len(set(names)) == len(names) == 201
    wards = [row["name"] for row in layers["wards"].rows]
    assert len(set(wards)) < len(wards) == 159


def test_wards_keep_their_own_outer_edge_within_half_a_square_kilometre(layers):
    for row in layers["boroughs"].rows:
        wards = [w["area_km2"] for w in layers["wards"].rows if w["borough_code"] == row["code"]]
        assert sum(wards) == pytest.approx(row["area_km2"], abs=0.5), row["name"]


def test_a_label_stands_well_inside_its_own_borough(layers):
    for row, shape in zip(layers["boroughs"].rows, layers["boroughs"].shapes, strict=True):
        point = shapely.Point(row["label_lon"], row["label_lat"])
        assert shape.contains(point)
        assert in_metres(shape.boundary).distance(in_metres(point)) > 2000, row["name"]


def test_backdrop_leaves_the_boroughs_to_themselves(layers):
    region = in_metres(shapely.coverage_union_all(layers["boroughs"].shapes))
    backdrop = in_metres(shapely.union_all(layers["backdrop"].shapes))
    assert (region & backdrop).area < 100  # square metres, along 100 km of border


def test_backdrop_meets_the_boroughs_along_their_own_edge(layers):
    edge = shapely.coverage_union_all(layers["boroughs"].shapes).boundary
    backdrop = shapely.union_all(layers["backdrop"].shapes)
    near = edge & backdrop.buffer(0.0002)
    shared = near & backdrop.boundary.buffer(1e-6)
    assert near.length > 1.5  # degrees: the border is there
    assert shared.length / near.length > 0.99


def test_backdrop_lies_in_its_frame_and_is_light(layers, data):
    west, south, east, north = shapely.total_bounds(layers["backdrop"].shapes)
    assert (west, south, east, north) == (-3.55, 53.12, -2.25, 53.82)
    assert (data / "boundaries" / "backdrop.geojson").stat().st_size < 120_000


def test_backdrop_shows_sea_only_where_sea_is(layers, package):
    named = package["lcrmap"]["roles"]["water_labels"]["labels"]
    land = shapely.union_all([*layers["backdrop"].shapes, *layers["boroughs"].shapes])
    inland = [(-2.3, 53.8), (-2.3, 53.6), (-2.26, 53.35), (-2.4, 53.15)]
    sea = [(-3.2, 53.75), *((each["lon"], each["lat"]) for each in named)]
    assert [land.contains(shapely.Point(xy)) for xy in inland] == [True] * 4
    assert [land.contains(shapely.Point(xy)) for xy in sea] == [False] * 4


def test_boroughs_are_light_enough_for_a_page(data):
    assert (data / "boundaries" / "boroughs.geojson").stat().st_size < 150_000


@pytest.mark.parametrize("name", DECIMALS)
def test_file_holds_one_feature_a_line_after_rfc_7946(package, data, name):
    resource = next(each for each in package["resources"] if each["name"] == name)
    text = (data / resource["path"]).read_text(encoding="utf-8")
    first, *features, last = text.splitlines()
    assert first == f'{{"type":"FeatureCollection","name":"{name}","features":['
    assert (last, text[-1]) == ("]}", "\n")
    for line in features:
        feature = json.loads(line.removesuffix(","))
        assert feature["type"] == "Feature"
        assert feature["id"] == feature["properties"][resource["schema"]["primaryKey"][0]]


@pytest.mark.parametrize(("name", "decimals"), DECIMALS.items())
def test_coordinates_are_no_finer_than_their_source(package, data, name, decimals):
    resource = next(each for each in package["resources"] if each["name"] == name)
    text = (data / resource["path"]).read_text(encoding="utf-8")
    coordinates = re.findall(r'"coordinates":([-\[\]0-9.,e]+)', text)
    fractions = [fraction for found in coordinates for fraction in re.findall(r"\.(\d+)", found)]
    assert fractions
    assert max(map(len, fractions)) <= decimals


@pytest.mark.parametrize("name", ["boroughs", "neighbourhoods", "small-areas", "wards", "backdrop"])
def test_outer_rings_run_against_the_clock_and_holes_with_it(layers, name):
    for shape in layers[name].shapes:
        for part in getattr(shape, "geoms", [shape]):
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)
