"""Which area lies where on a map, in small squares: how much of a name would lie on its own area, and on others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.pictures.labelling import Box, beside

__all__ = ["LOOSE", "MOSTLY", "STRICT", "Ground", "Rule"]

_CELL: Final = 0.4  # millimetres of a square
_GRID: Final = 2  # squares between the spots that are tried
_WELL_INSIDE: Final = 0.95  # of a name lies in its area, if it can
_LOOSER: Final = 0.15  # of a name by which one spot lies so much worse than another that it comes later, however near

Numbers = np.ndarray[Any, np.dtype[Any]]
Spots = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """How much of a name lies on its own area at least, and on other areas at most, where it is always less."""

    least: float
    most: float


STRICT: Final = Rule(0.4, 0.2)
MOSTLY: Final = Rule(0.6, 0.4)
LOOSE: Final = Rule(0.35, 0.5)


class Ground:
    """The areas of a layer on a map.

    Parameters
    ----------
    areas
        The outer rings of each area, on paper.
    box
        The box of the map.

    Examples
    --------
    >>> one, two = Box(0, 0, 20, 20), Box(20, 0, 40, 20)
    >>> ground = Ground([[one.ring], [two.ring]], Box(0, 0, 40, 20))
    >>> own, others = ground.shares(0, [19.0], [10.0], 4, 4)
    >>> [round(float(each[0]), 2) for each in (own, others)]
    [0.8, 0.2]
    >>> ground.spots(0, (19.0, 10.0), 4, 4, STRICT)[0]
    (17.8, 9.8)
    """

    def __init__(self, areas: Sequence[Sequence[Any]], box: Box) -> None:
        self._box = box
        self._x = np.arange(box.left + _CELL / 2, box.right, _CELL)
        self._y = np.arange(box.bottom + _CELL / 2, box.top, _CELL)
        self._own = [self._filled(rings) for rings in areas]
        self._all = sum(self._own, np.zeros((len(self._y), len(self._x)), dtype=np.int64))

    def size(self, number: int) -> int:
        """Return how many squares of an area are on the map."""
        return int(self._own[number].sum())

    def shares(
        self, number: int, x: Any, y: Any, width: float, height: float
    ) -> tuple[Numbers, Numbers]:
        """Return which share of boxes round these points lies on an area, and which on others."""
        own = self._own[number]
        found = [_sums(own), _sums(self._all > own)]
        left, right = (self._cell(x, self._box.left, way * width / 2) for way in (-1, 1))
        low, high = (self._cell(y, self._box.bottom, way * height / 2) for way in (-1, 1))
        left, right = left.clip(0, len(self._x)), right.clip(0, len(self._x))
        low, high = low.clip(0, len(self._y)), high.clip(0, len(self._y))
        whole = width * height / _CELL**2
        one, two = (
            (each[high, right] - each[low, right] - each[high, left] + each[low, left]) / whole
            for each in found
        )
        return one, two

    def spots(
        self, number: int, at: tuple[float, float], width: float, height: float, rule: Rule
    ) -> Spots:
        """Return the spots for a name in its area: its own point, then others, best first.

        Those are better at which more of it lies there, and of these the nearer ones.
        """
        rows, columns = np.nonzero(self._own[number][::_GRID, ::_GRID])
        x = np.append(at[0], self._x[::_GRID][columns]).round(2)
        y = np.append(at[1], self._y[::_GRID][rows]).round(2)
        own, others = self.shares(number, x, y, width, height)
        kept = np.flatnonzero((own >= rule.least) & (others <= rule.most) & (others < own))
        loose = np.ceil((_WELL_INSIDE - own[kept]).clip(0) / _LOOSER)
        away = np.hypot(x - at[0], y - at[1])
        order = kept[np.lexsort((kept, away[kept], loose))]
        return tuple(zip(x[order].tolist(), y[order].tolist(), strict=True))

    def beside(
        self,
        number: int,
        at: tuple[float, float],
        radius: float,
        rivals: Sequence[tuple[float, float]],
        width: float,
        height: float,
        rule: Rule,
    ) -> Spots:
        """Return the spots for the name of a circle: beside it in its area, near it there, then elsewhere beside it.

        Of the last none lies nearer to another circle, one of the `rivals`.
        """
        near = np.array(beside(at, width, height, radius))
        own, others = self.shares(number, near[:, 0], near[:, 1], width, height)
        order = np.argsort(-own, kind="stable")
        inside = [n for n in order if own[n] >= rule.least and others[n] <= min(rule.most, own[n])]
        off = [
            n
            for n in order
            if others[n] <= STRICT.most
            and all(math.dist(near[n], at) < math.dist(near[n], each) for each in rivals)
        ]
        spots = near.tolist()
        return (
            *((spots[n][0], spots[n][1]) for n in inside),
            *self.spots(number, at, width, height, rule),
            *((spots[n][0], spots[n][1]) for n in off),
        )

    def _cell(self, at: Any, start: float, half: float) -> Numbers:
        """Return the number of the square at whose edge each box begins or ends."""
        return np.rint((np.asarray(at) + half - start) / _CELL).astype(np.int64)

    def _filled(self, rings: Sequence[Any]) -> Numbers:
        """Tell which squares have their middle in an area."""
        filled = np.zeros((len(self._y), len(self._x)), dtype=bool)
        shapes = [shapely.make_valid(shapely.Polygon(each)) for each in rings if len(each) > 3]
        area = shapely.union_all(shapes)
        if area.is_empty:
            return filled
        left, bottom, right, top = area.bounds
        columns = np.flatnonzero((self._x >= left) & (self._x <= right))
        rows = np.flatnonzero((self._y >= bottom) & (self._y <= top))
        shapely.prepare(area)
        x, y = np.meshgrid(self._x[columns], self._y[rows])
        filled[np.ix_(rows, columns)] = shapely.contains_xy(area, x, y)
        return filled


def _sums(filled: Numbers) -> Numbers:
    """Return how many squares are filled left of and below each corner."""
    return np.pad(filled.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
