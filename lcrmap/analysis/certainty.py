"""In which other areas a place may really lie, given how well its position is known.

A position error is the radius in metres of the circle within which the compiler believes the place to be. The areas
that this circle reaches, on the ground and not in degrees, are where the place may lie; if it reaches beyond all of
them, the place may lie outside. An error that is not known is not nought: nothing is claimed about such a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis.joining import Matched
from lcrmap.analysis.locating import NOWHERE
from lcrmap.analysis.metric import reach
from lcrmap.errors import DataError

__all__ = [
    "ERROR_COLUMN",
    "OUTSIDE",
    "Outline",
    "Possible",
    "as_found",
    "position_errors",
    "possible_areas",
]

ERROR_COLUMN: Final = "position_error_m"
OUTSIDE: Final = "outside"

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Possible:
    """The areas in which each point may lie.

    Attributes
    ----------
    point, area
        Row numbers of each pair, sorted by point; `NOWHERE` for outside all areas. Every placed point is in
        at least one pair: the area in which it was found, or outside.
    known
        For each point whether it has a position and its error is known: the others' pairs are no more than that.
    """

    point: Rows
    area: Rows
    known: Mask

    def __add__(self, other: Possible) -> Possible:
        """Return where these points and others behind them may lie."""
        return Possible(
            np.concatenate([self.point, other.point + len(self.known)]),
            np.concatenate([self.area, other.area]),
            np.concatenate([self.known, other.known]),
        )

    @property
    def certain(self) -> pd.arrays.BooleanArray:
        """For each point whether it can lie in one area only, or nowhere else than outside; null if unknown."""
        pairs = np.bincount(self.point, minlength=len(self.known))
        return pd.arrays.BooleanArray(pairs == 1, ~self.known)

    def others(self, found: Rows, names: Sequence[str], order: Rows) -> list[str | None]:
        """Name where each point may lie besides where it was found.

        Parameters
        ----------
        found
            For each point the row number of the area in which it was found, or `NOWHERE`.
        names
            The areas' names, by row number.
        order
            The areas' row numbers in the order in which names are listed; outside comes last.

        Returns
        -------
        list of str or None
            The names, separated by commas; None where there are none or the error is unknown.
        """
        rank = np.empty(len(order) + 1, dtype=np.int64)
        rank[order] = np.arange(len(order))
        rank[NOWHERE] = len(order)
        other = self.area != found[self.point]
        point, area = self.point[other], self.area[other]
        sorting = np.lexsort((rank[area], point))
        listed = [*map(str, names), OUTSIDE]
        texts: list[str | None] = [None] * len(self.known)
        for row, where in zip(point[sorting].tolist(), area[sorting].tolist(), strict=True):
            before = texts[row]
            texts[row] = listed[where] if before is None else f"{before}, {listed[where]}"
        return texts


def position_errors(points: gpd.GeoDataFrame, column: str = ERROR_COLUMN) -> Floats | None:
    """Return the position error of each row in metres, NaN where it is unknown; None if there is no such column.

    Raises
    ------
    DataError
        If one is not a number, or is negative.
    """
    if column not in points.columns:
        return None
    numbers = pd.to_numeric(points[column], errors="coerce")
    wrong = points[column].notna() & (numbers.isna() | (numbers < 0) | np.isinf(numbers))
    if wrong.any():
        value = points[column][wrong].iloc[0]
        raise DataError(
            f"'{value}' in the column {column} is no distance in metres: write a number from 0 up, or leave "
            f"the cell empty where the error is unknown."
        )
    metres: Floats = numbers.astype("float64").to_numpy(na_value=np.nan).astype("float64")
    return metres


class Outline:
    """The border between some areas together and the outside, drawn when it is first needed."""

    def __init__(self, areas: gpd.GeoDataFrame) -> None:
        self._areas = areas

    @cached_property
    def shape(self) -> gpd.GeoSeries:
        """The border, in the areas' own CRS."""
        shapes = self._areas.geometry.to_numpy()
        shapes = shapes[~shapely.is_missing(shapes)]
        if shapely.coverage_is_valid(shapes):
            border = shapely.boundary(shapely.coverage_union_all(shapes))
        else:
            border = shapely.boundary(shapely.union_all(shapes))
        return gpd.GeoSeries([border], crs=self._areas.crs)


def possible_areas(
    points: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    matched: Matched,
    errors: Floats,
    *,
    outline: Outline | None = None,
) -> Possible:
    """Find the areas that the circle of each point's error reaches.

    Parameters
    ----------
    points, areas
        The frames that were matched, in any CRS.
    matched
        What `lcrmap.analysis.joining.match_areas` found.
    errors
        Metres, one for each point; NaN for unknown.
    outline
        That of the areas, where it is at hand.

    Returns
    -------
    Possible
        Distances are geodesic, right to `lcrmap.analysis.metric.EDGE_BOUND`.
    """
    placed = ~matched.unplaced
    known = placed & ~np.isnan(errors)
    asking = np.flatnonzero(known)
    circles = gpd.GeoSeries(points.geometry.to_numpy()[asking], crs=points.crs)
    border = (outline or Outline(areas)).shape
    shapes = [*areas.geometry, *border]  # the border to the outside behind the areas
    near = reach(circles, gpd.GeoSeries(shapes, crs=areas.crs), errors[asking])
    reached = near["shape"].to_numpy(dtype=np.int64)
    outside = np.flatnonzero(placed & (matched.matches == 0))
    pairs = [
        (matched.left, matched.right),
        (outside, np.full(len(outside), NOWHERE)),
        (asking[near["point"].to_numpy()], np.where(reached == len(areas), NOWHERE, reached)),
    ]
    both = np.column_stack([np.concatenate(each) for each in zip(*pairs, strict=True)])
    both = np.unique(both.astype(np.int64), axis=0)
    return Possible(both[:, 0], both[:, 1], known)


def as_found(matched: Matched) -> Possible:
    """Return the places of points of which no error is known: where they were found, and no more.

    Examples
    --------
    >>> found = as_found(Matched(np.array([1]), np.array([7]), np.array([False, False, True])))
    >>> list(zip(found.point.tolist(), found.area.tolist()))
    [(0, -1), (1, 7)]
    """
    outside = np.flatnonzero(~matched.unplaced & (matched.matches == 0))
    point = np.concatenate([matched.left, outside])
    area = np.concatenate([matched.right, np.full(len(outside), NOWHERE)])
    order = np.lexsort((area, point))
    return Possible(point[order], area[order], np.zeros(len(matched.unplaced), dtype=bool))
