"""Points go from well-known binary to coordinates and back as shapely reads and writes them."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.io.wellknown import points_from_wkb, wkb_of_points

_NUMBER = st.floats(allow_nan=False, allow_infinity=False)
_PLACE = st.one_of(st.none(), st.tuples(_NUMBER, _NUMBER))


def _cells(shapes: list[Any], kind: Any = None) -> pa.ChunkedArray:
    return pa.chunked_array([shapely.to_wkb(np.array(shapes), byte_order=1)], kind or pa.binary())


@given(st.lists(_PLACE, min_size=1), st.integers(0, 3))
def test_coordinates_are_those_that_shapely_reads(places: list[Any], cut: int) -> None:
    shapes = [None if each is None else shapely.Point(each) for each in places]
    cells = _cells(shapes).slice(cut)
    found = points_from_wkb(cells)
    if found is None:
        assert not any(each.is_valid for each in cells)
        return
    assert [each and each.wkb for each in found] == [each and each.wkb for each in shapes[cut:]]


@given(st.lists(_PLACE, min_size=1))
def test_bytes_are_those_that_shapely_writes(places: list[Any]) -> None:
    x, y = np.array([each or (math.nan, math.nan) for each in places]).T
    shapes = [None if each is None else shapely.Point(each) for each in places]
    written = wkb_of_points(x, y)
    written.validate(full=True)
    assert written.to_pylist() == shapely.to_wkb(np.array(shapes), byte_order=1).tolist()


@pytest.mark.parametrize(("x", "y"), [(1.0, math.nan), (math.nan, 1.0)])
def test_half_a_position_is_written_as_none(x: float, y: float) -> None:
    assert wkb_of_points(np.array([x, 2.0]), np.array([y, 3.0])).is_null().to_pylist() == [
        True,
        False,
    ]


def test_an_empty_point_is_none() -> None:
    found = points_from_wkb(_cells([shapely.Point(1, 2), shapely.Point()]))
    assert found is not None
    assert found.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(shapely.Point(math.inf, 1), id="without end"),
        pytest.param(shapely.Point(1, -math.inf), id="without end to the south"),
        pytest.param(shapely.Point(math.nan, 1), id="half a position"),
        pytest.param(shapely.Point(1, math.nan), id="the other half"),
        pytest.param(shapely.Point(1, 2, 3), id="a height"),
        pytest.param(shapely.LineString([(0, 0), (1, 1)]), id="a line"),
    ],
)
def test_whatever_else_there_is_goes_the_way_of_all_shapes(shape: Any) -> None:
    assert points_from_wkb(_cells([shapely.Point(1, 2), shape])) is None


def test_other_kinds_of_as_many_bytes_are_no_points() -> None:
    point = shapely.to_wkb(shapely.Point(1, 2), byte_order=1)
    other = pa.chunked_array([[point[:1] + b"\x02" + point[2:]]])
    assert points_from_wkb(other) is None
    assert (
        points_from_wkb(pa.chunked_array([[shapely.to_wkb(shapely.Point(1, 2), byte_order=0)]]))
        is None
    )


def test_texts_and_columns_without_a_shape_are_no_points() -> None:
    assert points_from_wkb(pa.chunked_array([["POINT (1 2)"]])) is None
    assert points_from_wkb(pa.chunked_array([[None]], pa.binary())) is None
    assert points_from_wkb(pa.chunked_array([], pa.large_binary())) is None
