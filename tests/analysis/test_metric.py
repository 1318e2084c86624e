"""Metres: geodesics against geographiclib, edges against densified brute force, areas against both."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import edges, metric
from lcrmap.errors import CRSError, GeometryError
from tests.analysis import oracles

longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.9999999])
latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, 89.9999999])
positions = st.tuples(longitudes, latitudes)


def at(*each: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(one) for one in each], crs="EPSG:4326")


@settings(deadline=None)
@given(st.lists(st.tuples(positions, positions), min_size=1, max_size=5))
def test_distances_are_geographiclibs_to_the_micrometre(
    pairs: list[tuple[oracles.Position, oracles.Position]],
) -> None:
    one, other = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    found, bearing = metric.geodesic(*one.T, *other.T)
    assert found == pytest.approx([oracles.metres(*pair) for pair in pairs], abs=1e-6)
    assert ((bearing >= 0) & (bearing < 360)).all()


def test_a_long_column_is_measured_by_several_threads_to_the_same_numbers() -> None:
    random = np.random.default_rng(6)
    ends = [random.uniform(-3, -2, 90_000) + 0, random.uniform(53, 54, 90_000)]
    ends += [random.uniform(-3, -2, 90_000), random.uniform(53, 54, 90_000)]
    together, bearing = metric.geodesic(*ends)
    piece, turned = metric.geodesic(*(each[70_000:70_010] for each in ends))
    assert together[70_000:70_010].tolist() == piece.tolist()
    assert bearing[70_000:70_010].tolist() == turned.tolist()


def test_bearings_go_clockwise_from_north() -> None:
    here = np.zeros(4)
    _, bearing = metric.geodesic(here, here, np.array([0, 1, 0, -1.0]), np.array([1, 0, -1, 0.0]))
    assert bearing.tolist() == [0, 90, 180, 270]


def test_nothing_known_gives_nothing_known() -> None:
    found, bearing = metric.geodesic(*(np.array([value]) for value in (0.0, math.nan, 1.0, 1.0)))
    assert np.isnan(found).all()
    assert np.isnan(bearing).all()


@settings(deadline=None)
@given(positions, st.floats(0, 360), st.floats(0, 1e6))
def test_a_destination_lies_as_far_away_as_was_asked(
    start: oracles.Position, bearing: float, far: float
) -> None:
    lon, lat = metric.destination(*(np.array([v]) for v in (*start, bearing, far)))
    assert oracles.metres(start, (lon[0], lat[0])) == pytest.approx(far, abs=1e-6)


def test_points_in_another_crs_are_brought_to_degrees_and_gaps_stay_gaps() -> None:
    grid = gpd.GeoSeries([shapely.Point(334_400, 390_300), None, shapely.Point()], crs="EPSG:27700")
    lon, lat = metric.lonlat(grid)
    assert (lon[0], lat[0]) == pytest.approx((-2.9877, 53.4054), abs=1e-3)
    assert np.isnan(lon[1:]).all()


@pytest.mark.parametrize("measure", [metric.lonlat, metric.area_km2, metric.length_m])
def test_no_crs_and_no_number_are_refused(measure: object) -> None:
    with pytest.raises(CRSError, match="--crs"):
        measure(gpd.GeoSeries([shapely.Point(0, 0)]))  # type: ignore[operator]
    with pytest.raises(GeometryError, match="not a number"):
        measure(at((math.nan, 1)))  # type: ignore[operator]


def test_an_area_has_no_single_position() -> None:
    with pytest.raises(GeometryError, match="point is needed"):
        metric.lonlat(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:4326"))


SHAPES = {
    "a box in degrees": (shapely.box(-3.1, 53.3, -2.8, 53.5), "EPSG:4326"),
    "a long edge in degrees": (shapely.box(-6, 53.3, 0, 53.5), "EPSG:4326"),
    "a box on the national grid": (shapely.box(330_000, 385_000, 350_000, 400_000), "EPSG:27700"),
    "a line": (shapely.LineString([(-3.1, 53.3), (-2.9, 53.45), (-2.8, 53.3)]), "EPSG:4326"),
    "a hole": (
        shapely.box(-3.2, 53.2, -2.6, 53.6).difference(shapely.box(-3.05, 53.3, -2.85, 53.5)),
        "EPSG:4326",
    ),
    "many parts": (
        shapely.MultiPolygon(
            [shapely.box(-3.2, 53.2, -3.1, 53.3), shapely.box(-2.7, 53.5, -2.6, 53.6)]
        ),
        "EPSG:4326",
    ),
    "a mixed bag": (
        shapely.GeometryCollection(
            [shapely.Point(-3, 53.4), shapely.LineString([(-2.7, 53.5), (-2.6, 53.6)])]
        ),
        "EPSG:4326",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_distance_to_a_shape_is_that_of_the_densified_brute_force(name: str) -> None:
    shape, crs = SHAPES[name]
    random = np.random.default_rng(len(name))
    starts = [(random.uniform(-3.3, -2.5), random.uniform(53.1, 53.7)) for _ in range(8)]
    found = metric.reach(at(*starts), gpd.GeoSeries([shape], crs=crs), np.full(8, 200_000.0))
    assert found["point"].tolist() == list(range(8))
    truth = [oracles.to_shape(start, shape, crs) for start in starts]
    assert found["metres"].tolist() == pytest.approx(truth, abs=metric.EDGE_BOUND)


@settings(max_examples=40, deadline=None)
@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-84, 84),
    offsets=st.lists(
        st.tuples(st.floats(-0.02, 0.02), st.floats(-0.02, 0.02)), min_size=2, max_size=4
    ),
    crs=st.sampled_from(["EPSG:4326", "EPSG:3857"]),
)
def test_the_bound_holds_anywhere_on_earth(
    lon: float, lat: float, offsets: list[tuple[float, float]], crs: str
) -> None:
    line = shapely.LineString([(lon + x, lat + y) for x, y in offsets])
    shape = gpd.GeoSeries([line], crs="EPSG:4326").to_crs(crs)
    found = metric.reach(at((lon, lat)), shape, np.array([50_000.0]))
    truth = oracles.to_shape((lon, lat), shape.iloc[0], crs)
    assert found["metres"].iloc[0] == pytest.approx(truth, abs=metric.EDGE_BOUND)


def test_reach_tells_inside_from_border_and_counts_no_unknown_radius() -> None:
    squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326")
    points = gpd.GeoSeries(
        [
            shapely.Point(0.5, 0.5),
            shapely.Point(0.999, 0.5),
            None,
            shapely.Point(0.5, 0.5),
            shapely.Point(1, 0.5),
        ],
        crs="EPSG:4326",
    )
    found = metric.reach(points, squares, np.array([100.0, 200.0, 100.0, math.nan, 0.0]))
    assert found[["point", "shape"]].to_numpy().tolist() == [[0, 0], [1, 0], [1, 1], [4, 0], [4, 1]]
    assert np.isnan(found["border_m"][0])
    assert found["metres"].round(2).tolist() == [0, 0, 111.32, 0, 0]


AREAS = {
    "one degree": shapely.box(0, 0, 1, 1),
    "here": shapely.box(-3.1, 53.3, -2.8, 53.5),
    "far north": shapely.box(10, 79, 14, 81),
    "with a hole": shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2)),
}


@pytest.mark.parametrize("name", AREAS)
def test_areas_are_geographiclibs_over_densified_edges(name: str) -> None:
    shape = AREAS[name]
    total = 0.0
    for ring, sign in [(shape.exterior, 1), *((each, -1) for each in shape.interiors)]:
        polygon = Geodesic.WGS84.Polygon()
        for lon, lat in shapely.segmentize(ring, 0.001).coords[:-1]:
            polygon.AddPoint(lat, lon)
        total += sign * abs(polygon.Compute()[2])
    found = metric.area_km2(gpd.GeoSeries([shape, None], crs="EPSG:4326"))
    assert found[0] == pytest.approx(total / 1e6, rel=1e-8)
    assert math.isnan(found[1])


def test_lengths_follow_the_edge_not_the_shortcut() -> None:
    """A line along a parallel is longer than the geodesic between its ends."""
    line = gpd.GeoSeries(
        [shapely.LineString([(-3, 53), (-2, 53)]), shapely.Point(0, 0)], crs="EPSG:4326"
    )
    radius = 6378137 / math.sqrt(1 - 0.0066943799901413 * math.sin(math.radians(53)) ** 2)
    assert metric.length_m(line)[0] == pytest.approx(
        radius * math.cos(math.radians(53)) * math.radians(1), rel=1e-9
    )
    assert metric.length_m(line)[1] == 0


def test_the_local_crs_is_true_from_its_centre() -> None:
    crs = metric.local_crs(-2.99, 53.4)
    there = gpd.GeoSeries([shapely.Point(-2.5, 53.9)], crs="EPSG:4326").to_crs(crs).iloc[0]
    assert math.hypot(there.x, there.y) == pytest.approx(
        oracles.metres((-2.99, 53.4), (-2.5, 53.9)), abs=1e-4
    )


def test_a_planar_distance_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded mutation: degrees turned to metres by one factor must fail the comparison above."""

    class Planar:
        def inv(
            self, lon1: np.ndarray, lat1: np.ndarray, lon2: np.ndarray, lat2: np.ndarray
        ) -> object:
            return np.zeros(len(lon1)), None, np.hypot(lon2 - lon1, lat2 - lat1) * 111_195

    monkeypatch.setattr(metric, "GEOD", Planar())
    with pytest.raises(AssertionError):
        test_distances_are_geographiclibs_to_the_micrometre.hypothesis.inner_test(  # type: ignore[attr-defined]
            [((-3.0, 53.4), (-2.9, 53.5))]
        )


def test_pieces_are_as_short_where_their_length_is_bounded_and_not_measured() -> None:
    """Of degrees of WGS84 a bound tells which pieces are short; of the same in another CRS each is measured."""
    lines = [[(0, 85), (40, 85)], [(0, 53), (3, 53.5)], [(-1, -89.9), (60, -89.8)]]
    shapes = [shapely.LineString(each) for each in lines]
    bounded, measured = (
        edges.cut(gpd.GeoSeries(shapes, crs=crs)) for crs in ("EPSG:4326", "OGC:CRS84")
    )
    assert bounded.start.tolist() == measured.start.tolist()
    assert bounded.step.tolist() == measured.step.tolist()
    assert bounded.shape.tolist() == measured.shape.tolist()
