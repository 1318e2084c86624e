"""Points as two columns of numbers are the same column of geometries, however they are asked."""

import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.layers.points import PointArray, is_placed, point_numbers, xy_of

_NUMBER = st.floats(-180, 180)
_PLACE = st.one_of(st.tuples(_NUMBER, _NUMBER), st.none())
_PLACES = st.lists(_PLACE, min_size=1, max_size=8)


def _frames(places):
    """Return a frame of numbers and its twin of geometries."""
    x, y = np.array([each or (np.nan, np.nan) for each in places]).T
    shapes = np.array([None if each is None else shapely.Point(each) for each in places])
    plain = gpd.GeoDataFrame({"n": range(len(places))}, geometry=shapes, crs="EPSG:4326")
    return plain.set_geometry(gpd.GeoSeries(PointArray.of(x, y, plain.crs))), plain


def _same(one, other):
    assert isinstance(one, gpd.GeoDataFrame | gpd.GeoSeries)
    assert one.crs == other.crs
    assert one.index.equals(other.index)
    assert list(shapely.to_wkb(np.asarray(one.geometry))) == list(
        shapely.to_wkb(np.asarray(other.geometry))
    )


@given(_PLACES, st.data())
def test_whatever_is_done_with_rows_gives_the_same_geometries(places, data):
    quick, plain = _frames(places)
    rows = data.draw(st.lists(st.integers(0, len(places) - 1)))
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places))))
    for done in (
        lambda f: f.iloc[rows],
        lambda f: f[mask],
        lambda f: f.iloc[1:],
        lambda f: f.iloc[::-1],
        lambda f: f.copy(),
        lambda f: f.reset_index(drop=True),
        lambda f: f.sort_values("n", ascending=False),
        lambda f: pd.concat([f, f]),
        lambda f: f.reindex([*f.index, 99]),
        lambda f: f.to_crs("EPSG:27700"),
        lambda f: pickle.loads(pickle.dumps(f)),
    ):
        _same(done(quick), done(plain))
    assert quick.geometry.isna().tolist() == plain.geometry.isna().tolist()
    assert quick.geometry.notna().tolist() == plain.geometry.notna().tolist()
    assert is_placed(quick.geometry).tolist() == is_placed(plain.geometry).tolist()
    np.testing.assert_array_equal(xy_of(quick.geometry), xy_of(plain.geometry))
    np.testing.assert_array_equal(quick.total_bounds, plain.total_bounds)
    assert quick.geom_equals(plain).equals(plain.geom_equals(plain))


def test_taking_rows_makes_no_geometry():
    quick, _ = _frames([(0.0, 1.0), None, (2.0, 3.0)])
    some = pd.concat([quick.drop(columns="geometry"), quick[["geometry"]]], axis=1).iloc[[2, 1]]
    array = some["geometry"].array
    assert isinstance(array, PointArray)
    assert array._shapes is None
    np.testing.assert_array_equal(point_numbers(array), ([2, np.nan], [3, np.nan]))


def test_a_geometry_put_in_stands_there_and_nowhere_else():
    quick, _ = _frames([(0.0, 1.0), (2.0, 3.0)])
    changed = quick.copy()
    changed.loc[0, "geometry"] = shapely.LineString([(0, 0), (1, 1)])
    assert changed.geometry[0].geom_type == "LineString"
    assert changed.geometry[1] == shapely.Point(2, 3)
    assert point_numbers(changed.geometry) is None
    assert quick.geometry[0] == shapely.Point(0, 1)


def test_a_copy_changes_without_the_original_once_geometries_were_made():
    quick, _ = _frames([(0.0, 1.0), (2.0, 3.0)])
    assert quick.geometry[0] == shapely.Point(0, 1)
    changed = quick.copy()
    changed.loc[1, "geometry"] = None
    assert quick.geometry[1] == shapely.Point(2, 3)


@pytest.mark.parametrize("shape", [shapely.Point(), shapely.LineString([(0, 0), (1, 1)])])
def test_any_other_column_gives_no_numbers(shape):
    column = gpd.GeoSeries([shape])
    assert point_numbers(column) is None
    assert np.isnan(xy_of(column)).all()


def test_half_a_position_is_none():
    points = PointArray.of(np.array([1.0, np.nan]), np.array([np.nan, 2.0]))
    assert points.isna().all()
    assert not is_placed(points).any()
    assert points[0] is None
