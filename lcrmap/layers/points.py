"""Points as two columns of numbers: geometries are made of them when one is asked for, and not before.

A million points are two arrays of eight bytes a number; as geometries they are a million objects, which take a third
of the time of a join that never looks at one. So readers hand points on as a `PointArray`, which is a column of
geometries like any other to geopandas and pandas, and whatever needs no more than their coordinates asks for these.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from geopandas.array import GeometryArray

__all__ = ["PointArray", "are_positions", "as_geometries", "is_placed", "point_numbers", "xy_of"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


class PointArray(GeometryArray):
    """A column of points; NaN where there is none.

    Examples
    --------
    >>> points = PointArray.of(np.array([-3.0, np.nan]), np.array([53.4, np.nan]), "EPSG:4326")
    >>> points[0]
    <POINT (-3 53.4)>
    >>> points.isna().tolist()
    [False, True]
    """

    numbers: tuple[Floats, Floats] | None = None
    """The coordinates; None once a geometry was put in from outside."""

    _shapes: Any = None
    _crs: Any = None
    _sindex: Any = None

    @classmethod
    def of(cls, x: Floats, y: Floats, crs: Any = None) -> PointArray:
        """Return points by their coordinates, easting or longitude first, which nobody changes from here on."""
        self = cls.__new__(cls)
        self.numbers = x, y
        self.crs = crs
        return self

    @property
    def _data(self) -> Any:
        """The geometries, under the name by which everything in geopandas asks for them."""
        if self._shapes is None and self.numbers is not None:
            self._shapes = _shapes(*self.numbers)
        return self._shapes

    @_data.setter
    def _data(self, shapes: Any) -> None:
        self.numbers, self._shapes = None, shapes

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self._data if self.numbers is None else self.numbers[0])

    def __getitem__(self, at: Any) -> Any:
        if self.numbers is None or isinstance(at, int | np.integer):
            return super().__getitem__(at)
        rows = pd.api.indexers.check_array_indexer(self, at)
        x, y = self.numbers
        return self.of(x[rows], y[rows], self._crs)

    def __setitem__(self, at: Any, value: Any) -> None:
        self._shapes, self.numbers = self._data, None
        super().__setitem__(at, value)

    def copy(self, *args: object, **kwargs: object) -> Any:
        """Return the same points, in which others may be put."""
        if self.numbers is None:
            return super().copy()
        return self.of(*self.numbers, self._crs)

    def take(self, indices: Any, allow_fill: bool = False, fill_value: Any = None) -> Any:
        """Return some of the points, none for what is filled, unless with a geometry."""
        filled = shapely.is_geometry(fill_value)
        if self.numbers is None or filled:
            return super().take(indices, allow_fill=allow_fill, fill_value=fill_value)
        both = np.column_stack(self.numbers)
        x, y = np.asarray(pd.api.extensions.take(both, indices, allow_fill=allow_fill)).T
        return self.of(x, y, self._crs)

    def isna(self) -> Any:
        """Tell which are missing."""
        return super().isna() if self.numbers is None else ~are_positions(*self.numbers)


def as_geometries(frame: GeoDataFrame) -> GeoDataFrame:
    """Return a frame whose points are made, as who holds the whole of a layer expects of geopandas."""
    if point_numbers(frame.geometry) is None:
        return frame
    return frame.set_geometry(GeometryArray(frame.geometry.to_numpy(), crs=frame.crs))


def point_numbers(shapes: Any) -> tuple[Floats, Floats] | None:
    """Return the coordinates of a column of points without making geometries; None of any other column.

    Parameters
    ----------
    shapes
        A GeoSeries, or its array.

    Returns
    -------
    tuple of two arrays of float64, or None
        Easting or longitude first; NaN where there is no position.
    """
    array = getattr(shapes, "array", shapes)
    return array.numbers if isinstance(array, PointArray) else None


def xy_of(shapes: Any) -> tuple[Floats, Floats]:
    """Return the coordinates of a column's points; NaN for whatever is no point or has no position."""
    known = point_numbers(shapes)
    if known is not None:
        return known
    geometry = np.array(shapes, dtype=object)
    geometry[~is_placed(shapes)] = None  # an empty point has none
    return shapely.get_x(geometry), shapely.get_y(geometry)


def is_placed(shapes: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which geometries of a column are there: neither missing nor empty."""
    known = point_numbers(shapes)
    if known is not None:
        return are_positions(*known)
    geometry = np.asarray(shapes)
    return np.asarray(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))


def are_positions(x: Floats, y: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which pairs of coordinates are positions: half of one is none.

    Examples
    --------
    >>> are_positions(np.array([-3.0, np.nan]), np.array([53.4, 53.4])).tolist()
    [True, False]
    """
    return np.asarray(~(np.isnan(x) | np.isnan(y)))


def _shapes(x: Floats, y: Floats) -> Any:
    placed = are_positions(x, y)
    if placed.all():
        return shapely.points(x, y)
    shapes = np.full(len(x), None, dtype=object)
    shapes[placed] = shapely.points(x[placed], y[placed])
    return shapes
