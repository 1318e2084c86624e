"""Rings on the ground: vertices at their distance, areas by hand, poles and the 180th meridian."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import zones as module
from lcrmap.analysis.metric import area_km2
from lcrmap.analysis.zones import circle, circles, share_outside, zones
from lcrmap.errors import GeometryError, UsageError
from tests.analysis import oracles


def area(shape: shapely.Geometry) -> float:
    return float(area_km2(gpd.GeoSeries([shape], crs="EPSG:4326"))[0])


def seam_or_pole(at: tuple[float, ...]) -> bool:
    return abs(at[0]) == 180 or abs(at[1]) == 90


@settings(max_examples=40, deadline=None)
@given(
    lon=st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.99]),
    lat=st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 89.99, 53.4]),
    metres=st.floats(100, 1e6),
)
def test_every_vertex_lies_on_the_circle_and_the_area_is_that_of_a_disc(
    lon: float, lat: float, metres: float
) -> None:
    ring = circle(lon, lat, metres)
    assert ring.is_valid
    assert ring.bounds[0] >= -180
    assert ring.bounds[2] <= 180
    for part in getattr(ring, "geoms", [ring]):
        for at in part.exterior.coords[::3]:
            if not seam_or_pole(at):
                assert oracles.metres((lon, lat), at) == pytest.approx(metres, rel=2e-4, abs=1e-3)
    disc = 2 * math.pi * 6371007.0**2 * (1 - math.cos(metres / 6371007.0)) / 1e6
    assert area(ring) == pytest.approx(disc, rel=0.01, abs=0.001)


@pytest.mark.parametrize("metres", [100.0, 800.0, 5000.0, 200_000.0])
def test_the_edges_stay_within_a_tenth_of_a_per_cent(metres: float) -> None:
    ring = circle(-2.99, 53.4, metres)
    for i in range(400):
        at = ring.exterior.interpolate(i / 400, normalized=True)
        assert oracles.metres((-2.99, 53.4), (at.x, at.y)) == pytest.approx(metres, rel=1e-3)


def test_circles_drawn_together_are_those_drawn_one_by_one() -> None:
    places = [(-2.99, 53.4, 800.0), (179.999, 0, 1000.0), (30, 89.999, 1000.0), (0, -60, 4e6)]
    together = circles(*np.array(places).T)
    assert [shapely.to_wkb(each) for each in together] == [
        shapely.to_wkb(circle(*each)) for each in places
    ]


def test_a_ring_across_the_180th_meridian_comes_in_two_parts() -> None:
    ring = circle(179.999, 0, 1000)
    assert [part.bounds[0] < 0 for part in ring.geoms] == [True, False]
    assert shapely.intersects_xy(ring, -179.9955, 0)


def test_a_ring_around_a_pole_holds_it() -> None:
    assert shapely.intersects_xy(circle(30, 89.999, 1000), -170, 90)
    assert shapely.intersects_xy(circle(30, -89.999, 1000), 100, -90)


def test_margins_of_areas_and_lines_keep_their_distance() -> None:
    shape = shapely.box(-3.1, 53.3, -2.9, 53.5)
    places = gpd.GeoSeries([shape, shapely.LineString([(-3, 53), (-2.9, 53.1)])], crs="EPSG:4326")
    found = zones(places, [500, 5000])
    assert found["place"].tolist() == [0, 0, 1, 1]
    for row in found.itertuples():
        for at in row.geometry.exterior.coords[::7]:
            distance = oracles.to_shape(at, places[row.place], "EPSG:4326")
            assert distance == pytest.approx(row.ring_m, abs=1)


def test_the_margin_of_an_area_over_the_180th_meridian_is_that_of_the_same_area_elsewhere() -> None:
    here = gpd.GeoSeries([shapely.box(-1, -18, 1, -17)], crs="EPSG:4326")
    cut = shapely.MultiPolygon([shapely.box(179, -18, 180, -17), shapely.box(-180, -18, -179, -17)])
    there = gpd.GeoSeries([cut], crs="EPSG:4326")
    margin = zones(there, [1000]).geometry[0]
    assert area(margin) == pytest.approx(area(zones(here, [1000]).geometry[0]), rel=1e-6)
    assert margin.bounds[0] == -180
    assert margin.bounds[2] == 180


def test_the_margin_of_an_area_near_a_pole_holds_it() -> None:
    places = gpd.GeoSeries([shapely.box(10, 80, 12, 81)], crs="EPSG:4326")
    margin = zones(places, [1_500_000]).geometry[0]
    assert shapely.intersects_xy(margin, -170, 89.9)


@pytest.mark.parametrize("shape", [shapely.box(-180, -90, 180, 90), shapely.box(-179, 0, 179, 1)])
def test_what_is_too_large_for_a_flat_map_has_no_ring(shape: shapely.Polygon) -> None:
    with pytest.raises(GeometryError, match="Feature 1 is more than 2,000 km across"):
        zones(gpd.GeoSeries([shape], crs="EPSG:4326"), [1000])


def test_merged_zones_count_shared_ground_once() -> None:
    places = gpd.GeoSeries(
        [shapely.Point(-2.99, 53.4), shapely.Point(-2.98, 53.4), None], crs="EPSG:4326"
    )
    apart, merged = zones(places, [1000]), zones(places, [1000], dissolve=True)
    assert len(apart) == 2
    assert len(merged) == 1
    both = shapely.union_all(apart.geometry.to_numpy())
    assert merged["area_km2"][0] == pytest.approx(area(both))
    assert merged["area_km2"][0] < apart["area_km2"].sum()


@pytest.mark.parametrize("rings", [[], [0], [-1], [2000, 1000], [1000, 1000], [math.nan], [1e8]])
def test_rings_that_make_no_sense_are_refused(rings: list[float]) -> None:
    with pytest.raises(UsageError, match="--rings"):
        zones(gpd.GeoSeries.from_xy([0], [0], crs="EPSG:4326"), rings)


def test_the_share_outside_is_one_where_nothing_is_known() -> None:
    shapes = gpd.GeoSeries(
        [circle(0.5, 0.5, 1000), circle(1, 0.5, 1000), circle(5, 5, 1000)], crs="EPSG:4326"
    )
    areas = gpd.GeoSeries([shapely.box(0, 0, 1, 1), None], crs="EPSG:4326")
    assert share_outside(shapes, areas).tolist() == pytest.approx([0, 0.5, 1], abs=1e-9)


@pytest.mark.parametrize("metres", [1000, 500_000, 5_000_000])
@pytest.mark.parametrize("at", [(60, -46), (179.9, 0), (0, 89.9)])
def test_a_zone_may_lie_where_the_system_of_the_areas_has_no_place(
    at: tuple[float, float], metres: float
) -> None:
    areas = gpd.GeoSeries([shapely.box(330000, 380000, 350000, 400000)], crs="EPSG:27700")
    share = share_outside(gpd.GeoSeries([circle(*at, metres)], crs="EPSG:4326"), areas)
    assert share.tolist() == pytest.approx([1], abs=1e-4)


def test_areas_on_a_grid_leave_the_share_that_their_ground_leaves() -> None:
    """Of a ring of 10 km around the middle of a square of 5 km, the square has 25 of 314 square kilometres."""
    areas = gpd.GeoSeries([shapely.box(338000, 388000, 343000, 393000)], crs="EPSG:27700")
    middle = areas.centroid.to_crs("EPSG:4326")
    ring = gpd.GeoSeries([circle(middle.x[0], middle.y[0], 10_000)], crs="EPSG:4326")
    assert share_outside(ring, areas).tolist() == pytest.approx(
        [1 - 25 / (100 * math.pi)], abs=1e-3
    )


def test_a_flat_ring_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded mutation: equal degrees in both directions must fail."""

    def flat(lon: object, lat: object, bearing: object, metres: object) -> object:
        turn = bearing * math.pi / 180
        return lon + metres / 111_195 * module.np.sin(turn), lat + metres / 111_195 * module.np.cos(
            turn
        )

    monkeypatch.setattr(module.metric, "destination", flat)
    with pytest.raises(AssertionError):
        test_the_edges_stay_within_a_tenth_of_a_per_cent(5000.0)
