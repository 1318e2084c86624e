"""Predicates against shapely asked pair by pair, in degrees and metres; distances against a geodesic of one's own."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import matching
from lcrmap.analysis.matching import (
    PREDICATES,
    keep_first,
    keep_largest_overlap,
    match_predicate,
)
from lcrmap.errors import CRSError, GeometryError
from tests.analysis.coverages import Coverage, coverages

RAW = [each for each in PREDICATES if each != "dwithin"]
GEOD = pyproj.Geod(ellps="WGS84")


def pair_by_pair(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, predicate: str
) -> list[tuple[int, int]]:
    """The oracle: each pair by itself, without index or preparation."""
    return [
        (one, other)
        for one, a in enumerate(left.geometry)
        for other, b in enumerate(right.geometry)
        if a is not None and b is not None and getattr(a, predicate)(b)
    ]


def compare(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, predicate: str) -> None:
    found = match_predicate(left, right, predicate)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert sorted(pairs) == sorted(pair_by_pair(left, right, predicate))
    assert (np.diff(found.left) >= 0).all()
    assert found.unplaced.tolist() == left.geometry.isna().tolist()


@pytest.mark.parametrize("predicate", RAW)
@settings(deadline=None, max_examples=40)
@given(each=coverages(most_points=8), other=coverages(most_points=1))
def test_points_and_areas_agree_with_shapely_pair_by_pair(
    predicate: str, each: Coverage, other: Coverage
) -> None:
    compare(each.points, each.areas, predicate)
    compare(each.areas, each.points, predicate)
    compare(each.areas, each.areas, predicate)
    if other.areas.crs == each.areas.crs:
        compare(each.areas, other.areas, predicate)


@pytest.mark.parametrize("predicate", RAW)
def test_lines_agree_with_shapely_pair_by_pair(predicate: str) -> None:
    lines = gpd.GeoDataFrame(
        geometry=[
            shapely.LineString([(0, 0), (1, 1)]),
            shapely.LineString([(1, 0), (1, 2)]),
            shapely.LineString([(0.2, 0.2), (0.4, 0.2)]),
            shapely.LineString([(5, 5), (6, 6)]),
            None,
        ],
        crs="EPSG:4326",
    )
    boxes = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4326"
    )
    compare(lines, boxes, predicate)
    compare(boxes, lines, predicate)
    compare(lines, lines, predicate)


@pytest.mark.parametrize("mutation", [shapely.contains_properly, shapely.disjoint])
def test_the_comparison_notices_another_predicate(monkeypatch, mutation) -> None:  # type: ignore[no-untyped-def]
    def wrong(left, right, *_):  # type: ignore[no-untyped-def]
        a, b = left.geometry.to_numpy(), right.geometry.to_numpy()
        return np.nonzero(mutation(b[None, :], a[:, None]))

    monkeypatch.setattr(matching, "_pairs", wrong)
    boxes = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 0.5], [0.5, 0.5], crs=4326))
    with pytest.raises(AssertionError):
        compare(points, boxes, "intersects")


def test_the_other_side_is_brought_to_the_areas_and_their_long_edges_stay_straight() -> None:
    """A 22 km edge along a parallel, in degrees: in metres it would bend by 3.8 m."""
    area = gpd.GeoDataFrame(geometry=[shapely.box(-3.3, 53.0, -2.97, 53.4)], crs="EPSG:4326")
    above, below = shapely.Point(-3.135, 53.4 + 1e-6), shapely.Point(-3.135, 53.4 - 1e-6)
    points = gpd.GeoDataFrame(geometry=[above, below], crs="EPSG:4326").to_crs("EPSG:27700")
    bent = shapely.box(-3.3, 53.0, -2.97, 53.4).boundary
    assert gpd.GeoSeries([bent], crs=4326).to_crs(27700).distance(points.geometry[1])[0] > 3
    assert match_predicate(points, area, "within").left.tolist() == [1]
    assert match_predicate(area, points, "contains").right.tolist() == [1]


def metres_apart(a: shapely.Point, b: shapely.Point) -> float:
    return float(GEOD.inv(a.x, a.y, b.x, b.y)[2])


spots = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
    lambda at: shapely.Point(-3 + at[0] / 100, 53.4 + at[1] / 100)
)


def compare_distances(left: list[shapely.Point], right: list[shapely.Point], metres: float) -> None:
    one, other = (gpd.GeoDataFrame(geometry=each, crs="EPSG:4326") for each in (left, right))
    found = match_predicate(one, other, "dwithin", distance_m=metres)
    truth = [
        (a, b)
        for a, at in enumerate(left)
        for b, to in enumerate(right)
        if metres_apart(at, to) <= metres + 5e-4
    ]
    assert sorted(zip(found.left.tolist(), found.right.tolist(), strict=True)) == truth


@settings(deadline=None)
@given(
    st.lists(spots, min_size=1, max_size=6),
    st.lists(spots, min_size=1, max_size=6),
    st.integers(0, 30_000),
)
def test_a_distance_between_points_is_the_geodesic(left, right, metres) -> None:  # type: ignore[no-untyped-def]
    compare_distances(left, right, float(metres))


def test_the_comparison_notices_a_planar_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    def planar(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, metres: float):  # type: ignore[no-untyped-def]
        a, b = (each.to_crs(3857).geometry.to_numpy() for each in (left, right))
        return np.nonzero(shapely.distance(a[:, None], b[None, :]) <= metres)

    monkeypatch.setattr(matching, "_within_distance", planar)
    with pytest.raises(AssertionError):
        compare_distances([shapely.Point(-3, 53.4)], [shapely.Point(-3, 53.41)], 1200.0)


def test_a_distance_to_an_area_is_nought_inside_and_to_its_edge_outside() -> None:
    area = gpd.GeoDataFrame(geometry=[shapely.box(-3, 53, -2.9, 53.1)], crs="EPSG:4326")
    inside, outside = shapely.Point(-2.95, 53.05), shapely.Point(-2.95, 53.11)
    points = gpd.GeoDataFrame(geometry=[inside, outside], crs="EPSG:4326")
    away = metres_apart(outside, shapely.Point(-2.95, 53.1))
    assert match_predicate(points, area, "dwithin", distance_m=0.0).left.tolist() == [0]
    assert match_predicate(points, area, "dwithin", distance_m=away - 1).left.tolist() == [0]
    assert match_predicate(points, area, "dwithin", distance_m=away + 1).left.tolist() == [0, 1]
    assert match_predicate(area, points, "dwithin", distance_m=away + 1).right.tolist() == [0, 1]


def test_the_first_of_several_is_the_lowest_key_whatever_the_order_of_rows() -> None:
    boxes = [shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2), shapely.box(0, 1, 3, 3)]
    at = gpd.GeoDataFrame(geometry=[shapely.Point(1.5, 1.5)], crs="EPSG:4326")
    for keys, expected in ((["b", "a", "c"], 1), (["b", "c", "a"], 2)):
        right = gpd.GeoDataFrame({"key": keys}, geometry=boxes, crs="EPSG:4326")
        matched = match_predicate(at, right, "within", key="key")
        assert matched.matches.tolist() == [3]
        assert keep_first(matched).right.tolist() == [expected]


def test_the_largest_overlap_is_measured_on_the_ground() -> None:
    """Of two strips equally wide in degrees the southern one holds more ground."""
    left = gpd.GeoDataFrame(geometry=[shapely.box(0, 50, 1, 60)], crs="EPSG:4326")
    right = gpd.GeoDataFrame(
        {"key": ["north", "south"]},
        geometry=[shapely.box(0, 55, 1, 60), shapely.box(0, 50, 1, 55)],
        crs="EPSG:4326",
    )
    matched = match_predicate(left, right, "intersects", key="key")
    kept, share = keep_largest_overlap(matched, left, right)
    assert kept.right.tolist() == [1]
    assert share.tolist() == pytest.approx([0.5312], abs=1e-3)  # sines of the parallels
    every, shares = keep_largest_overlap(matched, left, right, many=True)
    assert every.right.tolist() == [0, 1]
    assert shares.sum() == pytest.approx(1)


def test_equal_overlaps_go_to_the_lowest_key() -> None:
    left = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1)], crs="EPSG:4326")
    halves = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    for keys, expected in ((["a", "b"], 0), (["b", "a"], 1)):
        right = gpd.GeoDataFrame({"key": keys}, geometry=halves, crs="EPSG:4326")
        matched = match_predicate(left, right, "intersects", key="key")
        assert keep_largest_overlap(matched, left, right)[0].right.tolist() == [expected]


def test_a_line_overlaps_by_its_length_and_touching_is_no_overlap() -> None:
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(-1, 0), (3, 0)])], crs="EPSG:27700")
    right = gpd.GeoDataFrame(
        geometry=[shapely.box(-1, -1, 0, 1), shapely.box(0, -1, 3, 1), shapely.box(3, -1, 4, 1)],
        crs="EPSG:27700",
    )
    matched = match_predicate(line, right, "intersects")
    kept, share = keep_largest_overlap(matched, line, right, many=True)
    assert dict(zip(kept.right.tolist(), share.round(6).tolist(), strict=True)) == {
        0: 0.25,
        1: 0.75,
    }


def test_points_have_no_largest_overlap() -> None:
    boxes = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs="EPSG:4326")
    with pytest.raises(GeometryError, match="largest overlap"):
        keep_largest_overlap(match_predicate(points, boxes, "intersects"), points, boxes)


def test_a_missing_crs_is_refused() -> None:
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)])
    with pytest.raises(CRSError, match="--crs"):
        match_predicate(points, points, "intersects")
