"""Overlaps and gaps of areas, by hand: where, how much, and none where there is none."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings

from lcrmap.analysis.coverage import coverage_faults, overlaps_throughout, repaired
from tests.analysis.coverages import Coverage, coverages


def faults(*shapes: object, crs: str = "EPSG:27700") -> list[tuple[str, int, int, float]]:
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(list(shapes), crs=crs))
    found = coverage_faults(frame)
    assert found.crs == frame.crs
    columns = found[["kind", "first", "second", "area_km2"]].itertuples(index=False)
    return [(each.kind, each.first, each.second, round(each.area_km2, 3)) for each in columns]


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in kilometres within the British National Grid."""
    return shapely.box(*(300_000 + 1000 * each for each in (west, south, east, north)))


def test_areas_within_collections_are_looked_at_too() -> None:
    collection = shapely.GeometryCollection([box(0, 0, 1, 1), shapely.Point(300_000, 300_000)])
    assert faults(collection) == []
    assert faults(collection, box(1, 0, 2, 1)) == []


def test_squares_side_by_side_have_no_fault() -> None:
    assert faults(box(0, 0, 1, 1), box(1, 0, 2, 1)) == []


def test_an_overlap_is_found_with_both_areas_and_its_size() -> None:
    assert faults(box(0, 0, 2, 1), None, box(1, 0, 3, 1)) == [
        ("overlap", 0, 2, pytest.approx(1, rel=2e-3))
    ]


def test_a_gap_is_ground_that_areas_enclose() -> None:
    ring = box(0, 0, 3, 3).difference(box(1, 1, 2, 2))
    assert faults(ring) == [("gap", 0, -1, pytest.approx(1, rel=2e-3))]
    assert faults(ring, box(1, 1, 2, 2)) == []


def test_the_sea_between_two_islands_is_no_gap() -> None:
    assert faults(box(0, 0, 1, 1), box(5, 0, 6, 1)) == []


def test_coincident_areas_overlap_wholly() -> None:
    assert faults(box(0, 0, 1, 1), box(0, 0, 1, 1)) == [
        ("overlap", 0, 1, pytest.approx(1, rel=2e-3))
    ]


def test_the_largest_fault_comes_first() -> None:
    found = faults(box(0, 0, 2, 1), box(1.9, 0, 4, 1), box(3, 0, 5, 1))
    assert [each[:3] for each in found] == [("overlap", 1, 2), ("overlap", 0, 1)]


def test_no_areas_have_no_fault() -> None:
    assert faults() == []
    assert faults(None) == []


@settings(deadline=None)
@given(coverages(most_points=1))
def test_a_coverage_has_no_overlap_and_its_gaps_are_what_its_hull_lacks(each: Coverage) -> None:
    found = coverage_faults(each.areas)
    assert (found["kind"] != "overlap").all()
    union = each.areas.union_all()
    for shape in found.geometry:
        assert not shape.representative_point().intersects(union)


def test_a_repair_keeps_the_ground_and_says_which() -> None:
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    spiked = shapely.Polygon([(0, 0), (1, 0), (1, 1), (3, 1), (1, 1), (0, 1)])
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), bow_tie, spiked], crs="EPSG:27700")
    mended, rows = repaired(frame)
    assert rows.tolist() == [1, 2]
    assert mended.is_valid.all()
    assert mended.area[1:].tolist() == [2.0, 1.0]
    assert not frame.is_valid.all()  # the input is as it was
    assert mended.geometry[0] == frame.geometry[0]


def test_areas_that_overlap_throughout_are_told_before_they_are_compared() -> None:
    heap = [shapely.box(n / 1e5, 0, 1 + n / 1e5, 1) for n in range(600)]
    assert overlaps_throughout(gpd.GeoDataFrame(geometry=heap))
    row = [shapely.box(n, 0, n + 1, 1) for n in range(600)]
    assert not overlaps_throughout(gpd.GeoDataFrame(geometry=[*row, None]))


def test_an_area_within_a_gap_is_no_part_of_it() -> None:
    frame = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    island = shapely.box(1.25, 1.25, 1.75, 1.75)
    areas = gpd.GeoDataFrame(geometry=[frame, island], crs="EPSG:4326")
    (gap,) = coverage_faults(areas).geometry
    assert gap.equals(shapely.box(1, 1, 2, 2) - island)
