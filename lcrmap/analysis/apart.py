"""Which candidates lie closer to each other than they may: found where a choice would take several of them.

Of tens of thousands of candidates far too many pairs lie too close to be written down. So none is looked for until a
choice, or the shares of candidates, would take both; what forbids these forbids those around them as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np

from lcrmap.analysis import metric
from lcrmap.analysis.candidates import within_candidates
from lcrmap.analysis.chords import Floats, Rows, chord_space, lengths, longest_geodesic

__all__ = ["Apart"]

_NONE: Final = 1e-9  # so small a share is none
_OVER: Final = 1e-6  # by so much shares are more than one in all
_MM: Final = 0.001


class Apart:
    """Points of which no two may be chosen that lie closer to each other than a distance.

    Parameters
    ----------
    points
        Points, each with a position.
    metres
        The distance; equal to the millimetre is far enough.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.01, 0.02, 0.5], [0] * 4), crs="EPSG:4326")
    >>> rule = Apart(sites, 1500)
    >>> rule.allows([0, 2, 3]), rule.too_close([0, 1, 3])
    (True, [(0, 1)])
    >>> [each.tolist() for each in rule.broken_by(np.array([0.6, 0.6, 0.0, 1.0]))]
    [[0, 1]]
    """

    def __init__(self, points: gpd.GeoDataFrame, metres: float) -> None:
        self._lon, self._lat = metric.lonlat(points.geometry)
        self._xyz = chord_space(self._lon, self._lat)
        self._metres = metres
        # All that lie within half of this chord of one place lie closer to each other than the distance.
        longest = float(longest_geodesic(np.array(metres)))
        self._across = max(metres - _MM, 0) * metres / longest

    def allows(self, chosen: Sequence[int] | Rows) -> bool:
        """Tell whether all of a choice lie far enough from each other."""
        return len(chosen) < 2 or not self.too_close(chosen)

    def too_close(self, chosen: Sequence[int] | Rows) -> list[tuple[int, int]]:
        """Return the pairs of a choice that lie too close to each other."""
        rows = np.asarray(chosen, dtype=np.int64)
        one, other = self._pairs(rows)
        return sorted(zip(rows[one].tolist(), rows[other].tolist(), strict=True))

    def broken_by(self, shares: Floats) -> list[Rows]:
        """Return groups in which each lies too close to each, and of which shares take more than one in all.

        None where no pair that is too close has shares of more than one together. Whoever else lies around is in a
        group as well.
        """
        some = np.flatnonzero(shares > _NONE)
        some = some[np.argsort(-shares[some], kind="stable")]
        close: list[set[int]] = [set() for _ in some]
        for one, other in zip(*(each.tolist() for each in self._pairs(some)), strict=True):
            close[one].add(other)
            close[other].add(one)
        groups: dict[tuple[int, ...], Rows] = {}
        for first, common in enumerate(close):
            group, common = [first], set(common)
            for each in sorted(common):  # the largest shares first
                if each in common:
                    group.append(each)
                    common &= close[each]
            if shares[some[group]].sum() > 1 + _OVER:
                rows = self._widened(some[group])
                groups.setdefault(tuple(rows.tolist()), rows)
        return list(groups.values())

    def _pairs(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return the pairs of places in `rows` that are too close, the lower place first."""
        here = self._xyz[rows]
        one, other = within_candidates(here, here, np.full(len(rows), self._metres))
        once = one < other
        one, other = one[once], other[once]
        close = self._close(rows[one], rows[other])
        return one[close], other[close]

    def _close(self, one: Rows, other: Rows) -> np.ndarray:
        ends = (self._lon[one], self._lat[one], self._lon[other], self._lat[other])
        return np.asarray(metric.geodesic(*ends)[0].round(3) < self._metres)

    def _widened(self, group: Rows) -> Rows:
        """Add those between a group that lie too close to all of it, and to each other."""
        middle = self._xyz[group].mean(axis=0)
        more = np.flatnonzero(lengths(self._xyz - middle) <= self._across / 2)
        more = np.setdiff1d(more, group)
        for each in group.tolist():
            more = more[self._close(more, np.full(len(more), each))]
        return np.sort(np.concatenate([group, more]))
