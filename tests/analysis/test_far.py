"""Pieces of far shapes that may be nearest, against all pairs measured; and edges that come near a pole."""

from __future__ import annotations

import tracemalloc

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.edges import cut
from lcrmap.analysis.far import far_candidates
from lcrmap.analysis.links import Side, nearest, within

FIJI = shapely.MultiPolygon([shapely.box(179, -18, 180, -17), shapely.box(-180, -18, -179, -17)])
PLACES = [
    shapely.box(-3.1, 53.2, -2.8, 53.5),
    shapely.box(20, 10, 20.3, 10.2),
    shapely.Point(178, -40),
    shapely.LineString([(-70, -50), (-71, -52)]),
]


def series(*shapes: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


@pytest.mark.parametrize("own", [FIJI, shapely.Point(0, 80), shapely.box(0, 85, 5, 86)])
def test_the_nearest_of_all_pairs_is_among_the_candidates(own: shapely.Geometry) -> None:
    one, others = cut(series(own)), cut(series(*PLACES))
    first, second, most = far_candidates(one, others)
    every = (
        np.repeat(np.arange(len(one.shape)), len(others.shape)),
        np.tile(np.arange(len(others.shape)), len(one.shape)),
    )
    middle = [each.start + each.step / 2 for each in (one, others)]
    for shape in range(len(PLACES)):
        of = others.shape[every[1]] == shape
        metres, _ = metric.geodesic(*middle[0][every[0][of]].T, *middle[1][every[1][of]].T)
        chosen = others.shape[second] == shape
        found, _ = metric.geodesic(*middle[0][first[chosen]].T, *middle[1][second[chosen]].T)
        assert found.min() == metres.min() == most[shape]


def test_far_areas_are_ranked_in_moments() -> None:
    links = nearest(Side(series(FIJI)), Side(series(*PLACES)), 4)
    links = links.sort_values("metres")
    assert links["right"].tolist() == [2, 3, 0, 1]
    ends = links[["lon1", "lat1", "lon2", "lat2"]].to_numpy()
    assert metric.geodesic(*ends.T)[0] == pytest.approx(links["metres"].to_numpy(), abs=0.05)


def test_what_is_touched_is_not_measured_and_comes_first() -> None:
    world, town = shapely.box(-180, -90, 180, 90), shapely.box(-3, 53, -2, 54)
    links = nearest(Side(series(town)), Side(series(FIJI, world)), 2).sort_values("metres")
    assert links["right"].tolist() == [1, 0]
    assert links["metres"].iloc[0] == 0


def test_a_meridian_is_cut_no_shorter_at_the_pole() -> None:
    line = shapely.LineString([(5, 0), (5, 90)])
    assert len(cut(series(line)).shape) < 30_000
    assert metric.length_m(series(line))[0] == pytest.approx(10_001_965.729, abs=0.001)


def test_the_area_of_the_whole_world_is_that_of_the_ellipsoid() -> None:
    world = series(shapely.box(-180, -90, 180, 90))
    assert metric.area_km2(world)[0] == pytest.approx(510_065_621.724, rel=1e-9)


SHAPES = [*PLACES, FIJI, shapely.box(176, -42, 177, -41), shapely.LineString([(0, 0), (3, 40)])]
HERE = [shapely.Point(-3 + n / 50, 53.4 + n % 7 / 90) for n in range(40)]
POINTS = [*HERE, shapely.Point(177.3, -41.5), shapely.Point(176.4, -41.4), shapely.Point(-120, -50)]


def measured(point: shapely.Point, shape: shapely.Geometry) -> float:
    """Return the distance from a point to a shape by measuring to every piece of its edge."""
    if shape.intersects(point):
        return 0.0
    pieces = cut(series(shape))
    every = np.zeros(len(pieces.shape), dtype=np.int64)
    lon, lat = (np.full(len(every), each) for each in point.coords[0])
    shares = np.linspace(0, 1, 5)
    return min(
        metric.geodesic(lon, lat, *(pieces.start + share * pieces.step).T)[0].min()
        for share in shares
    )


@pytest.mark.parametrize("k", [1, 3, 7])
def test_the_nearest_shapes_of_points_are_found_however_far_they_are(k: int) -> None:
    links = nearest(Side(series(*POINTS)), Side(series(*SHAPES)), k)
    for row, point in enumerate(POINTS):
        every = sorted(measured(point, each) for each in SHAPES)[:k]
        found = links.loc[links["left"] == row].sort_values("metres")["metres"].head(k)
        assert found.to_numpy() == pytest.approx(every, abs=3.0)


@pytest.mark.parametrize("metres", [500_000.0, 6_000_000.0, np.inf])
def test_all_shapes_within_a_radius_are_found_however_large_it_is(metres: float) -> None:
    links = within(Side(series(*POINTS)), Side(series(*SHAPES)), np.full(len(POINTS), metres))
    found = set(zip(links["left"].tolist(), links["right"].tolist(), strict=True))
    assert found == {
        (row, shape)
        for row, point in enumerate(POINTS)
        for shape, each in enumerate(SHAPES)
        if measured(point, each) <= metres
    }


def test_memory_does_not_grow_with_pieces_times_points() -> None:
    """Each of 4,000 points has 16,000 pieces within the bounds that chords give: 64 million pairs."""
    steps = np.arange(4_000)
    points = gpd.points_from_xy(-3 + steps % 60 / 500, 53.3 + steps // 60 / 500)
    left, right = (
        Side(gpd.GeoSeries(points, crs="EPSG:4326")),
        Side(series(shapely.box(165, -48, 180, -38))),
    )
    assert len(right.pieces.shape) > 10_000
    tracemalloc.start()
    links = nearest(left, right, 1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(links) == 4_000
    assert peak < 200_000_000
