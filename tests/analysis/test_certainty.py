"""Where a place may lie within its position error: by hand, against circles of many points, and on the Freeport."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis import certainty
from lcrmap.analysis.certainty import position_errors, possible_areas
from lcrmap.analysis.joining import NOWHERE, match_areas
from lcrmap.errors import DataError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack

GEOD = pyproj.Geod(ellps="WGS84")


def halves() -> gpd.GeoDataFrame:
    """Two squares of a tenth of a degree that share the meridian -3."""
    boxes = [shapely.box(-3.1, 53, -3, 53.1), shapely.box(-3, 53, -2.9, 53.1)]
    return gpd.GeoDataFrame({"key": ["w", "e"]}, geometry=boxes, crs="EPSG:4326")


def places(*rows: tuple[float, float, float | None] | None) -> gpd.GeoDataFrame:
    shapes = [None if row is None else shapely.Point(row[:2]) for row in rows]
    errors = [None if row is None else row[2] for row in rows]
    return gpd.GeoDataFrame(
        {"position_error_m": np.array(errors, dtype="float64")},
        geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"),
    )


def asked(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> list[set[int]]:
    errors = position_errors(points)
    assert errors is not None
    possible = possible_areas(points, areas, match_areas(points, areas, key="key"), errors)
    found: list[set[int]] = [set() for _ in range(len(points))]
    for point, area in zip(possible.point.tolist(), possible.area.tolist(), strict=True):
        found[point].add(area)
    return found


def test_by_hand_at_the_shared_border_and_at_the_outer_one() -> None:
    """At 53.05 N a thousandth of a degree of longitude is 67 m."""
    points = places(
        (-3.001, 53.05, 60.0),  # does not reach the border
        (-3.001, 53.05, 70.0),  # does
        (-3.05, 53.0005, 60.0),  # 56 m from the southern edge: may lie outside
        (-2.899, 53.05, 70.0),  # outside, 67 m from the eastern square
        (-3.001, 53.05, None),  # unknown: nothing is claimed
        (-3.0, 53.05, 0.0),  # exact, on the border
        None,
    )
    assert asked(points, halves()) == [
        {0},
        {0, 1},
        {0, NOWHERE},
        {1, NOWHERE},
        {0},
        {0, 1},
        set(),
    ]


def test_certain_others_and_unknown() -> None:
    areas = halves()
    points = places((-3.05, 53.05, 9000.0), (-3.05, 53.05, 5.0), (-3.05, 53.05, None), None)
    matched = match_areas(points, areas, key="key")
    errors = position_errors(points)
    assert errors is not None
    possible = possible_areas(points, areas, matched, errors)
    assert possible.certain.tolist()[:2] == [False, True]
    assert possible.certain.isna().tolist() == [False, False, True, True]
    texts = possible.others(matched.first(), ["w", "e"], np.array([1, 0]))
    assert texts == ["e, outside", None, None, None]


def circle(lon: float, lat: float, metres: float) -> shapely.Polygon:
    """The oracle's circle: 720 geodesic steps around, so that it is right to 1 part in 50,000."""
    bearings = np.linspace(0, 360, 721)[:-1]
    ends = GEOD.fwd(np.full(720, lon), np.full(720, lat), bearings, np.full(720, metres))
    return shapely.Polygon(np.column_stack(ends[:2]))


def compare(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> None:
    """Assert that what is reached is what drawn circles meet, but for those that end within a metre of an edge."""
    outside = areas.union_all().boundary
    for row, found in zip(points.itertuples(), asked(points, areas), strict=True):
        lon, lat, error = row.geometry.x, row.geometry.y, row.position_error_m
        sure, maybe = (
            circle(lon, lat, max(error * 0.999 - 1, 0.01)),
            circle(lon, lat, error * 1.001 + 1),
        )
        for number, area in enumerate(areas.geometry):
            assert number in found or not sure.intersects(area)
            assert number not in found or maybe.intersects(area)
        held = areas.intersects(row.geometry).any()
        assert NOWHERE in found or not (sure.intersects(outside) or not held)
        assert NOWHERE not in found or maybe.intersects(outside) or not held


spots = st.tuples(
    st.floats(-3.2, -2.8), st.floats(52.95, 53.15), st.sampled_from([50.0, 800.0, 5000.0])
)


@settings(deadline=None)
@given(st.lists(spots, min_size=1, max_size=6))
def test_what_is_reached_is_what_a_drawn_circle_meets(
    rows: list[tuple[float, float, float]],
) -> None:
    compare(places(*rows), halves())


def test_the_comparison_notices_an_error_taken_for_degrees(monkeypatch: pytest.MonkeyPatch) -> None:
    def planar(points, shapes, radius):  # type: ignore[no-untyped-def]
        import pandas as pd

        away = shapely.distance(points.to_numpy()[:, None], shapes.to_numpy()[None, :])
        point, shape = np.nonzero(away <= radius[:, None] / 111_000)
        return pd.DataFrame({"point": point, "shape": shape})

    monkeypatch.setattr(certainty, "reach", planar)
    with pytest.raises(AssertionError):
        compare(places((-3.001, 53.05, 80.0)), halves())


def test_eight_of_the_twelve_freeport_places_inside_lie_nearer_to_a_border_than_their_error(
    pack: Pack,
) -> None:
    sites, boroughs = open_layer("freeport-sites", pack=pack), open_layer("boroughs", pack=pack)
    matched = match_areas(sites.frame, boroughs.frame, key="code")
    errors = position_errors(sites.frame)
    assert errors is not None
    possible = possible_areas(sites.frame, boroughs.frame, matched, errors)
    inside = matched.matches > 0
    assert int(inside.sum()) == 12
    uncertain = np.asarray((~possible.certain).fillna(False), dtype=bool)
    assert int((uncertain & inside).sum()) == 8


def test_no_column_of_errors_is_not_an_error_of_nought() -> None:
    points = places((-3.001, 53.05, 1.0)).drop(columns="position_error_m")
    assert position_errors(points) is None


@pytest.mark.parametrize("value", [-1.0, np.inf, "far"])
def test_an_error_that_is_no_distance_is_refused(value: object) -> None:
    points = places((-3.001, 53.05, 1.0))
    points["position_error_m"] = [value]
    with pytest.raises(DataError, match="position_error_m"):
        position_errors(points)
