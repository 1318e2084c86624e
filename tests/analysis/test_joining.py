"""The border rule: each point belongs to one area, decided by key, whatever the order of rows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.analysis.joining import NOWHERE, AreaMatcher, assign_areas, match_areas
from lcrmap.errors import CRSError, GeometryError


def squares(keys: str = "abcd") -> gpd.GeoDataFrame:
    """Four unit squares around (1, 1): a south-west, b south-east, c north-west, d north-east."""
    boxes = [shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)]
    return gpd.GeoDataFrame({"key": list(keys)}, geometry=boxes, crs="EPSG:4326")


def points(*xy: tuple[float, float] | None) -> gpd.GeoDataFrame:
    shapes = [None if each is None else shapely.Point(each) for each in xy]
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))


def test_inside_outside_border_corner_and_no_position() -> None:
    found = assign_areas(
        points((0.5, 0.5), (1, 0.5), (1, 1), (0, 0.5), (9, 9), None), squares(), key="key"
    )
    assert found["area"].tolist() == [0, 0, 0, 0, NOWHERE, NOWHERE]
    assert found["on_border"].tolist() == [False, True, True, False, False, False]


def test_the_lowest_key_wins_not_the_first_row() -> None:
    found = assign_areas(points((1, 1)), squares("dcba"), key="key")
    assert found["area"].tolist() == [3]


def test_a_point_in_a_hole_is_outside() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    areas = gpd.GeoDataFrame({"key": ["a"]}, geometry=[ring], crs="EPSG:4326")
    found = assign_areas(points((1.5, 1.5), (0.5, 0.5), (1, 1.5)), areas, key="key")
    assert found["area"].tolist() == [NOWHERE, 0, 0]


def test_points_are_brought_to_the_areas_not_the_areas_to_the_points() -> None:
    """A point just inside a long edge in degrees: reprojecting the edge would move it by metres."""
    areas = gpd.GeoDataFrame(
        {"key": ["a"]}, geometry=[shapely.box(-3.3, 53.0, -2.9, 53.4)], crs="EPSG:4326"
    )
    inside = gpd.GeoSeries([shapely.Point(-3.1, 53.4 - 1e-6)], crs="EPSG:4326").to_crs("EPSG:27700")
    found = assign_areas(gpd.GeoDataFrame(geometry=inside), areas, key="key")
    assert found["area"].tolist() == [0]


def test_the_index_of_the_points_is_kept() -> None:
    located = points((0.5, 0.5), (1.5, 1.5)).set_index(np.array([7, 3]))
    assert list(assign_areas(located, squares(), key="key").index) == [7, 3]


def test_a_missing_crs_is_refused() -> None:
    with pytest.raises(CRSError, match="--crs"):
        assign_areas(points((0, 0)).set_crs(None, allow_override=True), squares())


def test_lines_are_refused() -> None:
    lines = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    with pytest.raises(GeometryError, match="Only points"):
        assign_areas(lines, squares())


def test_a_point_on_a_border_may_go_to_all_its_areas_or_be_refused() -> None:
    located = points((1, 1), None, (0.5, 0.5))
    every = match_areas(located, squares(), key="key", border="all")
    pairs = list(zip(every.left.tolist(), every.right.tolist(), strict=True))
    assert pairs == [(0, 0), (0, 1), (0, 2), (0, 3), (2, 0)]
    with pytest.raises(
        GeometryError, match=r"^1 point lies on a border that areas share \(row 1\), which"
    ):
        match_areas(located, squares(), key="key", border="error")
    match_areas(points((0.5, 0.5)), squares(), key="key", border="error")
    named = located.assign(id=["crossing", "b", "c"])
    with pytest.raises(GeometryError, match=r"areas share \(id crossing\), which"):
        AreaMatcher(squares(), key="key").match(named, border="error", named_by="id")


def test_areas_that_are_points_are_refused() -> None:
    with pytest.raises(GeometryError, match="Points are counted in areas"):
        assign_areas(points((0, 0)), points((0, 0)))


def test_a_multipolygon_and_coincident_areas() -> None:
    parts = shapely.union_all([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)])
    areas = gpd.GeoDataFrame({"key": ["b", "a"]}, geometry=[parts, parts], crs="EPSG:4326")
    found = assign_areas(points((5.5, 0.5), (3, 0.5)), areas, key="key")
    assert found["area"].tolist() == [1, NOWHERE]
    assert found["on_border"].tolist() == [True, False]


def test_nothing_in_nothing() -> None:
    assert len(assign_areas(points(), squares())) == 0
    assert assign_areas(points((0, 0)), squares().iloc[:0])["area"].tolist() == [NOWHERE]


halves = st.integers(-1, 5).map(lambda n: n / 2)  # hits every edge and corner of the squares


@given(
    xy=st.lists(st.tuples(halves, halves) | st.none(), max_size=12),
    keys=st.permutations("abcd"),
    order=st.permutations(range(4)),
    keyed=st.booleans(),
)
def test_agrees_with_pair_by_pair_shapely_in_any_order_of_rows(
    xy: list[tuple[float, float] | None], keys: list[str], order: list[int], keyed: bool
) -> None:
    areas = squares("".join(keys)).iloc[list(order)].reset_index(drop=True)
    found = assign_areas(points(*xy), areas, key="key" if keyed else "")
    for at, row, border in zip(xy, found["area"], found["on_border"], strict=True):
        touching = (
            []
            if at is None
            else [
                (key if keyed else shapely.to_wkb(shapely.normalize(box)), number)
                for number, (key, box) in enumerate(zip(areas["key"], areas.geometry, strict=True))
                if box.intersects(shapely.Point(at))
            ]
        )
        assert row == (min(touching)[1] if touching else NOWHERE)
        assert border == (len(touching) > 1)
    outside = sum(1 for row in found["area"] if row == NOWHERE)
    assert outside + sum((found["area"] == row).sum() for row in range(4)) == len(xy)
