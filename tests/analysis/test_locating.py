"""The kernel of the border rule against shapely asked pair by pair, with the grid and without."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import locating
from lcrmap.analysis.locating import NOWHERE, Locator
from lcrmap.analysis.ties import tie_order
from tests.analysis.coverages import Coverage, coverages

MANY = locating._FEWEST_FOR_A_GRID  # enough points for a grid


def pair_by_pair(areas: gpd.GeoDataFrame, shape: shapely.Point) -> list[int]:
    """The oracle: the rows of the areas that a point touches, lowest key first, by shapely alone."""
    touched = [
        (key, row)
        for row, (key, area) in enumerate(zip(areas["key"], areas.geometry, strict=True))
        if area.intersects(shape)
    ]
    return [row for _, row in sorted(touched)]


def compare(given_coverage: Coverage, expected: int) -> None:
    """Assert that the kernel agrees with the oracle about every point."""
    areas, shapes = given_coverage.areas, given_coverage.points.geometry.dropna()
    xy = shapely.get_coordinates(shapes.to_numpy())
    locator = Locator(areas.geometry.to_numpy(), tie_order(areas, "key"), expected=expected)
    truth = [pair_by_pair(areas, shape) for shape in shapes]
    found = locator.locate(xy[:, 0], xy[:, 1])
    assert found.area.tolist() == [each[0] if each else NOWHERE for each in truth]
    assert found.touches.tolist() == [len(each) for each in truth]
    point, area = locator.pairs(xy[:, 0], xy[:, 1])
    pairs = [(number, row) for number, rows in enumerate(truth) for row in rows]
    assert list(zip(point.tolist(), area.tolist(), strict=True)) == pairs


@settings(deadline=None)
@given(coverages())
def test_every_point_is_where_shapely_says_pair_by_pair(each: Coverage) -> None:
    compare(each, expected=0)


@settings(deadline=None)
@given(coverages(), st.integers(MANY, 3 * MANY))
def test_the_grid_changes_no_answer(each: Coverage, expected: int) -> None:
    compare(each, expected)


def corner() -> Coverage:
    """Four squares about a corner, and points on it, on the edges and inside."""
    boxes = [shapely.box(x, y, x + 1, y + 1) for y in (0, 1) for x in (0, 1)]
    areas = gpd.GeoDataFrame({"key": list("badc")}, geometry=boxes, crs="EPSG:4326")
    xy = [(1, 1), (1, 0.5), (0.5, 1), (0.5, 0.5), (2, 2), (3, 3)]
    points = gpd.GeoDataFrame(geometry=[shapely.Point(each) for each in xy], crs="EPSG:4326")
    return Coverage(areas, points)


def test_four_areas_about_a_corner() -> None:
    compare(corner(), expected=0)
    compare(corner(), expected=MANY)


def highest(locator: Locator, point, area, size):  # type: ignore[no-untyped-def]
    worst = np.full(size, -1, dtype=np.int64)
    np.maximum.at(worst, point, locator._rank[area])
    return np.append(locator._order, NOWHERE)[worst]


def inside_only(shapes, x, y):  # type: ignore[no-untyped-def]
    return shapely.contains_xy(shapes, x, y)


def unmarked(grid: locating._Grid, shapes: object) -> None:
    pass


@pytest.mark.parametrize("expected", [0, MANY])
def test_the_comparison_notices_a_wrong_tie(monkeypatch: pytest.MonkeyPatch, expected: int) -> None:
    monkeypatch.setattr(Locator, "_first", highest)
    with pytest.raises(AssertionError):
        compare(corner(), expected)


@pytest.mark.parametrize("expected", [0, MANY])
def test_the_comparison_notices_borders_left_out(
    monkeypatch: pytest.MonkeyPatch, expected: int
) -> None:
    monkeypatch.setattr(locating.shapely, "intersects_xy", inside_only)
    with pytest.raises(AssertionError):
        compare(corner(), expected)


def test_the_comparison_notices_a_grid_without_borders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating._Grid, "mark_borders", unmarked)
    with pytest.raises(AssertionError):
        compare(corner(), expected=MANY)


@settings(deadline=None)
@given(coverages(), st.randoms(use_true_random=False), st.booleans(), st.sampled_from([0, MANY]))
def test_the_order_of_rows_areas_and_vertices_changes_nothing(
    each: Coverage, random: object, keyed: bool, expected: int
) -> None:
    def answer(areas: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> dict[int, tuple[str, int]]:
        placed = points[points.geometry.notna()]
        order = tie_order(areas, "key" if keyed else "")
        locator = Locator(areas.geometry.to_numpy(), order, expected=expected)
        found = locator.locate(placed.geometry.x.to_numpy(), placed.geometry.y.to_numpy())
        keys = np.append(areas["key"].to_numpy(dtype=object), "")
        named = zip(keys[found.area], found.touches.tolist(), strict=True)
        return dict(zip(placed["id"].tolist(), named, strict=True))

    rows, places = list(range(len(each.areas))), list(range(len(each.points)))
    random.shuffle(rows)  # type: ignore[attr-defined]
    random.shuffle(places)  # type: ignore[attr-defined]
    shuffled = each.areas.iloc[rows].reset_index(drop=True)
    shuffled.geometry = shapely.reverse(shapely.normalize(shuffled.geometry.to_numpy()))
    assert answer(each.areas, each.points) == answer(shuffled, each.points.iloc[places])


def test_nan_and_infinity_are_nowhere() -> None:
    areas = corner().areas
    wild = np.array([np.nan, np.inf, -np.inf, 1e300, 0.5])
    for expected in (0, MANY):
        locator = Locator(areas.geometry.to_numpy(), tie_order(areas), expected=expected)
        found = locator.locate(wild, np.full(5, 0.5))
        assert found.area[:4].tolist() == [NOWHERE] * 4
        assert found.area[4] != NOWHERE


def test_an_area_without_a_shape_contains_nothing() -> None:
    shapes = np.array([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)], dtype=object)
    for expected in (0, MANY):
        locator = Locator(shapes, np.arange(3), expected=expected)
        assert locator.locate(np.array([0.5]), np.array([0.5])).area.tolist() == [2]


def test_no_areas_contain_nothing() -> None:
    locator = Locator(np.array([], dtype=object), np.array([], dtype=np.int64), expected=MANY)
    assert locator.locate(np.array([0.5]), np.array([0.5])).area.tolist() == [NOWHERE]


def test_areas_too_small_for_a_grid_are_tested_one_by_one() -> None:
    tiny = shapely.box(1e6, 1e6, 1e6 + 1e-9, 1e6 + 1e-9)
    locator = Locator(np.array([tiny]), np.array([0]), expected=MANY)
    assert locator.locate(np.array([1e6]), np.array([1e6])).area.tolist() == [0]


def test_overlapping_areas_both_touch_and_the_first_is_chosen() -> None:
    shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    for expected in (0, MANY):
        locator = Locator(shapes, np.array([1, 0]), expected=expected)
        found = locator.locate(np.array([1.5, 0.5]), np.array([1.5, 0.5]))
        assert (found.area.tolist(), found.touches.tolist()) == ([1, 0], [2, 1])
