"""Which features of one layer go with which of another: the border rule, and the predicates of the field.

For points on areas the rule is lcrmap's own, and the same in every verb: each point belongs to one area, on a shared
border to the one with the lowest key, and is flagged. Any named predicate is raw: what shapely says of two geometries.
Both are evaluated in the coordinates of the areas, in which their edges are straight by definition (RFC 7946, 3.1.1);
the other side is brought to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.analysis.locating import NOWHERE, Locator
from lcrmap.analysis.metric import single_points
from lcrmap.analysis.ties import tie_order
from lcrmap.errors import CRSError, GeometryError
from lcrmap.layers.points import are_positions, is_placed, point_numbers

__all__ = [
    "BORDERS",
    "NOWHERE",
    "AreaMatcher",
    "Matched",
    "assign_areas",
    "dimensions",
    "match_areas",
    "placed_rows",
    "point_coordinates",
]

BORDERS: Final = ("once", "all", "error")
"""What becomes of a point on a border that areas share: one area, a row for each, or a refusal."""

_SHOWN: Final = 3  # rows named in a message

Rows = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs of rows of a left and a right frame that go together.

    Attributes
    ----------
    left, right
        Row numbers of each pair, ordered by the left row, then by the order of the right side.
    unplaced
        For each left row whether it has no geometry.
    on_border
        For each left row whether it touches more than one area; None where the border rule does not apply.
    """

    left: Rows
    right: Rows
    unplaced: Mask
    on_border: Mask | None = None

    def __add__(self, other: Matched) -> Matched:
        """Return the pairs of these left rows and of others behind them."""
        borders = [each.on_border for each in (self, other) if each.on_border is not None]
        return Matched(
            np.concatenate([self.left, other.left + len(self.unplaced)]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.unplaced, other.unplaced]),
            np.concatenate(borders) if len(borders) == 2 else None,
        )

    @property
    def matches(self) -> Rows:
        """How many pairs each left row is in."""
        return np.bincount(self.left, minlength=len(self.unplaced)).astype(np.int64)

    def first(self) -> Rows:
        """Return for each left row the right row of its first pair; `NOWHERE` without one."""
        right = np.full(len(self.unplaced), NOWHERE, dtype=np.int64)
        right[self.left[::-1]] = self.right[::-1]
        return right


def assign_areas(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, key: str = ""
) -> pd.DataFrame:
    """Find the one area of each point.

    Parameters
    ----------
    points
        Points in any CRS; a row may lack a geometry.
    areas
        Polygons in any CRS.
    key
        The column of `areas` whose order decides for a point on a border; without one the shapes themselves
        decide (by their well-known binary), so that the order of rows changes nothing.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`: ``area``, the row number in `areas` (int64; -1 outside all areas or without
        a position), and ``on_border`` (bool), true where more than one area touches the point.

    Raises
    ------
    CRSError
        If either frame has no CRS.
    GeometryError
        If a geometry of `points` is not a point, or one of `areas` is not a polygon.

    Examples
    --------
    >>> halves = gpd.GeoDataFrame(
    ...     {"code": ["west", "east"]},
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...     crs="EPSG:4326",
    ... )
    >>> two = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0.5, 1.0], [0.5, 0.5], crs="EPSG:4326"))
    >>> assign_areas(two, halves, key="code")
       area  on_border
    0     0      False
    1     1       True
    """
    matched = match_areas(points, areas, key=key)
    return pd.DataFrame(
        {"area": matched.first(), "on_border": matched.on_border}, index=points.index
    )


def match_areas(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, key: str = "", border: str = "once"
) -> Matched:
    """Match points with areas by the border rule.

    Parameters
    ----------
    points, areas, key
        As for `assign_areas`.
    border
        ``once``: a point on a shared border goes to one area. ``all``: to every area that it touches.
        ``error``: it is refused.

    Returns
    -------
    Matched
        With ``on_border``.

    Raises
    ------
    CRSError, GeometryError
        As for `assign_areas`; GeometryError also for a point on a border if `border` is ``error``.
    """
    return AreaMatcher(areas, key=key, expected=len(points)).match(points, border=border)


class AreaMatcher:
    """Matches points with the same areas as often as one likes, by the border rule.

    Parameters
    ----------
    areas, key
        As for `assign_areas`.
    expected
        About how many points will come: decides nothing but how fast it goes.
    """

    def __init__(self, areas: gpd.GeoDataFrame, *, key: str = "", expected: int = 0) -> None:
        _check_areas(areas)
        self._areas = areas
        order = tie_order(areas, key)
        self._locator = Locator(areas.geometry.to_numpy(), order, expected=expected)

    def match(
        self, points: gpd.GeoDataFrame, *, border: str = "once", named_by: str = ""
    ) -> Matched:
        """Return the pairs; `border` as for `match_areas`.

        `named_by` is the column by whose values a refusal names points; without one it counts rows from 1.
        """
        east, north, placed = point_coordinates(points, self._areas)
        matched = self._match(east, north, placed, len(points), border)
        if border == "error" and matched.on_border is not None and matched.on_border.any():
            _refuse_borders(points, np.flatnonzero(matched.on_border), named_by)
        return matched

    def match_numbers(self, x: Floats, y: Floats, crs: Any, *, border: str = "once") -> Matched:
        """Return the same for coordinates in a CRS, NaN where there is no position; a border is never refused."""
        placed = np.flatnonzero(are_positions(x, y))
        east, north = _moved(x[placed], y[placed], crs, self._areas.crs)
        return self._match(east, north, placed, len(x), border)

    def _match(self, x: Floats, y: Floats, placed: Rows, size: int, border: str) -> Matched:
        found = self._locator.locate(x, y)
        unplaced = np.ones(size, dtype=bool)
        unplaced[placed] = False
        on_border = np.zeros(size, dtype=bool)
        on_border[placed] = found.touches > 1
        if border == "all":
            point, area = self._locator.pairs(x, y)
            return Matched(placed[point], area, unplaced, on_border)
        inside = np.flatnonzero(found.area != NOWHERE)
        return Matched(placed[inside], found.area[inside], unplaced, on_border)


def point_coordinates(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> tuple[Floats, Floats, Rows]:
    """Return the coordinates of the placed points in the CRS of `areas`, and their row numbers.

    Raises
    ------
    CRSError
        If either frame has no CRS.
    GeometryError
        If a geometry is not a point.
    """
    if points.crs is None or areas.crs is None:
        raise CRSError("A layer without a CRS cannot be joined: name it with --crs EPSG:4326.")
    placed = placed_rows(points)
    known = point_numbers(points.geometry)
    if known is None:
        located = points.geometry.to_numpy()[placed]
        if not single_points(located).all():
            raise GeometryError(
                "Only points can be assigned to areas: some features are lines, areas or several points in one."
            )
        x, y = shapely.get_coordinates(located).T
    else:
        x, y = (each[placed] for each in known)
    return *_moved(x, y, points.crs, areas.crs), placed


def _moved(x: Floats, y: Floats, crs: Any, wanted: Any) -> tuple[Floats, Floats]:
    """Return coordinates in another CRS."""
    if crs == wanted:
        return x, y
    east, north = pyproj.Transformer.from_crs(crs, wanted, always_xy=True).transform(x, y)
    return east, north


def placed_rows(frame: gpd.GeoDataFrame) -> Rows:
    """Return the numbers of the rows that have a geometry."""
    return np.flatnonzero(is_placed(frame.geometry))


def dimensions(frame: gpd.GeoDataFrame) -> set[int]:
    """Return what the placed features are: 0 for points, 1 for lines, 2 for areas."""
    found = shapely.get_dimensions(frame.geometry.to_numpy()[placed_rows(frame)])
    return {int(each) for each in np.unique(found)}


def _check_areas(areas: gpd.GeoDataFrame) -> None:
    if dimensions(areas) - {2}:
        raise GeometryError(
            "Points are counted in areas, but some of the features given as areas are points or lines."
        )


def _refuse_borders(points: gpd.GeoDataFrame, rows: Rows, named_by: str) -> None:
    names = points[named_by].iloc[rows[:_SHOWN]] if named_by else rows[:_SHOWN] + 1
    word = named_by or ("row" if len(rows) == 1 else "rows")
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    lie = "point lies" if len(rows) == 1 else "points lie"
    raise GeometryError(
        f"{len(rows):,} {lie} on a border that areas share ({word} {', '.join(map(str, names))}{more}), which "
        f"--border error refuses: let the lowest key decide with --border once, or take all with --border all."
    )
