"""The kernel that finds the areas in which points lie: one rule for one point or ten million.

A point belongs to every area that it touches, its border included; where one area must be chosen, it is the first in
order (see `lcrmap.analysis.ties`). Most points are settled by a grid: a cell that no border touches lies wholly inside
or wholly outside each area, so that one exact test speaks for all its points. Points in the other cells are tested one
by one, with the same test (GEOS's, whose orientation is exact). The grid is a short cut in front of that test, never
another answer: without it the results are the same, and a test compares the two.

Coordinates are those of the areas throughout: their edges are straight there by definition (RFC 7946, 3.1.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.layers.points import is_placed

__all__ = ["NOWHERE", "Located", "Locator"]

NOWHERE: Final = -1  # the row number of no area
_MIXED: Final = -2  # a grid cell that a border touches, or that lies in several areas

_FEWEST_FOR_A_GRID: Final = 4096  # fewer points are tested one by one
_CELLS_PER_POINT: Final = 1
_MOST_CELLS: Final = 1 << 22
_SPAN_IN_ULPS: Final = 1e6  # a cell narrower than this many last digits would not be a cell

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Located:
    """Where points lie.

    Attributes
    ----------
    area
        For each point the row number of the first area, in order, that it touches; `NOWHERE` without one.
    touches
        How many areas each point touches: more than one on a shared border, or where areas overlap.
    """

    area: Rows
    touches: Rows


class Locator:
    """Finds the areas of points; made once for some areas, asked as often as one likes.

    Parameters
    ----------
    shapes
        Polygons, valid; a missing or empty one contains nothing.
    order
        The row numbers of `shapes` from the first to the last, as `lcrmap.analysis.ties.tie_order` gives them.
    expected
        How many points will be asked for, about: decides how fine the grid is, and nothing else.
    """

    def __init__(self, shapes: Any, order: Rows, *, expected: int = 0) -> None:
        self._shapes = np.asarray(shapes, dtype=object)
        self._order = order
        self._rank = np.empty(len(order), dtype=np.int64)
        self._rank[order] = np.arange(len(order))
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._grid = self._make_grid(expected)

    def locate(self, x: Floats, y: Floats) -> Located:
        """Return the first area of each point and how many it touches; NaN and infinity are nowhere."""
        area = np.full(len(x), NOWHERE, dtype=np.int64)
        touches = np.zeros(len(x), dtype=np.int64)
        if self._grid is None:
            left = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        else:
            area = self._grid.look_up(x, y)
            touches[area >= 0] = 1
            left = np.flatnonzero(area == _MIXED)
        area[left], touches[left] = self._test(x[left], y[left])
        return Located(area, touches)

    def pairs(self, x: Floats, y: Floats) -> tuple[Rows, Rows]:
        """Return every pair of a point and an area that it touches, by point and then in the areas' order.

        Returns
        -------
        tuple of two arrays of int64
            The points' positions in `x`, and the areas' row numbers.
        """
        found = self.locate(x, y)
        several = np.flatnonzero(found.touches > 1)
        point, area = self._touching(x[several], y[several])
        single = np.flatnonzero(found.touches == 1)
        points = np.concatenate([single, several[point]])
        areas = np.concatenate([found.area[single], area])
        sorting = np.lexsort((self._rank[areas], points))
        return points[sorting], areas[sorting]

    def _test(self, x: Floats, y: Floats) -> tuple[Rows, Rows]:
        point, area = self._touching(x, y)
        return self._first(point, area, len(x)), np.bincount(point, minlength=len(x))

    def _touching(self, x: Floats, y: Floats) -> tuple[Rows, Rows]:
        """Test points one by one: every pair of a point and an area that it touches."""
        point, area = self._tree.query(shapely.points(x, y))
        touches = shapely.intersects_xy(self._shapes[area], x[point], y[point])
        return point[touches].astype(np.int64), area[touches].astype(np.int64)

    def _first(self, point: Rows, area: Rows, size: int) -> Rows:
        """Return for each of `size` points the first, in order, of the areas that it touches: the border rule."""
        best = np.full(size, len(self._order), dtype=np.int64)
        np.minimum.at(best, point, self._rank[area])
        first = np.append(self._order, NOWHERE)
        return first[best].astype(np.int64)

    def _make_grid(self, expected: int) -> _Grid | None:
        there = is_placed(self._shapes)
        if expected < _FEWEST_FOR_A_GRID or not there.any():
            return None
        grid = _Grid.over(shapely.total_bounds(self._shapes), expected)
        if grid is None:
            return None
        grid.mark_borders(self._shapes[there])
        x, y, runs = grid.unmarked_runs()
        area, touches = self._test(x, y)
        area[touches > 1] = _MIXED
        grid.fill_runs(runs, area)
        return grid


class _Grid:
    """Cells over the areas' bounds; each holds the row number of the one area that fills it.

    A point's cell is found by a function that never falls as the coordinate rises. So the cells of a segment's
    ends bound the cells of all that lies between them, whatever rounding does, and no border can pass unmarked.
    """

    def __init__(self, west: float, south: float, cell: float, columns: int, rows: int) -> None:
        self._west, self._south = west, south
        self._per_cell = 1.0 / cell
        self._cell = cell
        self._columns, self._rows = columns, rows
        # A rim of one cell on every side takes the points beyond: they are outside.
        self._cells = np.full((rows + 2, columns + 2), NOWHERE, dtype=np.int32)

    @classmethod
    def over(cls, bounds: Any, expected: int) -> _Grid | None:
        """Return a grid of square cells over bounds, or None if they are too small to be divided."""
        west, south, east, north = (float(each) for each in bounds)
        wide, high = east - west, north - south
        count = min(expected * _CELLS_PER_POINT, _MOST_CELLS)
        cell = max(float(np.sqrt(wide * high / count)), max(wide, high) / count)
        largest = max(abs(each) for each in (west, south, east, north))
        if not np.isfinite(cell) or cell <= _SPAN_IN_ULPS * float(np.spacing(largest)):
            return None
        return cls(west, south, cell, int(wide / cell) + 1, int(high / cell) + 1)

    def look_up(self, x: Floats, y: Floats) -> Rows:
        """Return the content of each point's cell."""
        column, row = self._place(x, y)
        cells: Rows = self._cells[row, column].astype(np.int64)
        return cells

    def mark_borders(self, shapes: Any) -> None:
        """Mark every cell that a border touches."""
        start, end = self._pieces(shapes)
        slack = 8 * np.spacing(np.abs(np.concatenate([start, end])).max(initial=1.0))
        low = self._place(*(np.minimum(start, end) - slack).T)
        high = self._place(*(np.maximum(start, end) + slack).T)
        for column in (low[0], high[0]):
            for row in (low[1], high[1]):
                self._cells[row, column] = _MIXED

    def unmarked_runs(self) -> tuple[Floats, Floats, Rows]:
        """Return a point in each run of unmarked cells along a row, and the number of every cell's run.

        A run is a rectangle that no border touches: what holds for one of its points holds for all.
        """
        free = self._cells != _MIXED
        starts = free.copy()
        starts[:, 1:] &= ~free[:, :-1]
        starts[:, 0] = free[:, 0]
        row, column = np.nonzero(starts)
        runs = np.where(free.ravel(), np.cumsum(starts.ravel()) - 1, NOWHERE)
        x = self._west + (column.astype("float64") - 0.5) * self._cell  # the rim is column 0
        y = self._south + (row.astype("float64") - 0.5) * self._cell
        return x, y, runs.astype(np.int64)

    def fill_runs(self, runs: Rows, content: Rows) -> None:
        """Write the content of each run into its cells."""
        filled = np.append(content, _MIXED)[runs]
        self._cells = filled.reshape(self._cells.shape).astype(np.int32)

    def _place(self, x: Floats, y: Floats) -> tuple[Any, Any]:
        """Return column and row of each point's cell; the rim for those beyond, and for NaN."""
        column = np.nan_to_num((x - self._west) * self._per_cell, nan=-1.0)
        row = np.nan_to_num((y - self._south) * self._per_cell, nan=-1.0)
        np.clip(np.floor(column, out=column), -1, self._columns, out=column)
        np.clip(np.floor(row, out=row), -1, self._rows, out=row)
        return column.astype(np.int32) + 1, row.astype(np.int32) + 1

    def _pieces(self, shapes: Any) -> tuple[Floats, Floats]:
        """Return the borders as pieces of at most half a cell: their ends, as arrays of x and y."""
        rings = shapely.get_rings(shapely.get_parts(shapes))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        joined = ring[1:] == ring[:-1]
        start, end = xy[:-1][joined], xy[1:][joined]
        span = np.abs(end - start).max(axis=1, initial=0.0) * self._per_cell
        count = np.maximum(np.ceil(2 * span), 1).astype(np.int64)
        if (count == 1).all():
            return start, end
        piece = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        whole = np.repeat(count, count)
        start, step = np.repeat(start, count, axis=0), np.repeat(end - start, count, axis=0)
        share = (piece / whole)[:, None]
        until = ((piece + 1) / whole)[:, None]
        return start + step * share, start + step * until
