"""Where a further feature would serve people: how far each of them has it now, and how far it would be from candidates.

Distances are whole millimetres and people whole residents, so that what choices bring is compared exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np

from lcrmap.analysis.changes import Paired, measured
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.gains import Gains, gains_of
from lcrmap.analysis.links import STRAIGHT, Ways
from lcrmap.analysis.ranges import error_radii

__all__ = ["Reach", "reach_of"]

_AT_ONCE: Final = 4_000_000  # pairs measured at once, about
MM: Final = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """How far people have it to what exists, and to each candidate that is nearer.

    Attributes
    ----------
    weight
        Residents, person by person; none of those without a position.
    now, now_min, now_max
        Metres to the nearest existing feature, by position and within the errors of positions; infinite without one,
        and open (minus infinity, infinity) where an error is unknown.
    person, candidate, metres
        The pairs in which a candidate is nearer than what exists, or may be.
    error
        The position error of each candidate; NaN where it is unknown.
    """

    weight: Floats
    now: Floats
    now_min: Floats
    now_max: Floats
    person: Rows
    candidate: Rows
    metres: Floats
    error: Floats

    @property
    def candidates(self) -> int:
        """How many there are."""
        return len(self.error)

    @property
    def total(self) -> float:
        """How many residents there are."""
        return float(self.weight.sum())

    def nearer(self, weight: Floats | None = None) -> Gains:
        """Return by how many millimetres each candidate is nearer than what exists.

        Where nothing exists, than the farthest candidate: any choice is at least as near.
        """
        base = self._base()
        saved = np.rint((base[self.person] - self.metres) * MM)
        people = self.weight if weight is None else weight
        return gains_of(self.person, self.candidate, saved, people, self.candidates)

    def _base(self) -> Floats:
        if np.isfinite(self.now).all():
            return self.now
        farthest = np.zeros(len(self.now))
        np.maximum.at(farthest, self.person, self.metres)
        return np.where(np.isfinite(self.now), self.now, farthest)

    def within(self, metres: float, weight: Floats | None = None) -> Gains:
        """Return who would have it within a distance, and has not now."""
        some = (self.metres <= metres) & (self.now[self.person] > metres)
        people = self.weight if weight is None else weight
        saved = np.ones(int(some.sum()))
        return gains_of(self.person[some], self.candidate[some], saved, people, self.candidates)

    def after(self, chosen: tuple[int, ...]) -> tuple[Floats, Rows]:
        """Return how far each person has it with a choice, and to which candidate; -1 for what exists already.

        Of candidates at the same distance it is the first, and what exists goes before a candidate.
        """
        nearest, which = self.now.copy(), np.full(len(self.now), -1, dtype=np.int64)
        for each in chosen:
            pairs = np.flatnonzero(self.candidate == each)
            person, metres = self.person[pairs], self.metres[pairs]
            closer = metres < nearest[person]
            nearest[person[closer]] = metres[closer]
            which[person[closer]] = each
        return nearest, which

    def mean(self, metres: Floats) -> float:
        """Return the mean of distances over the residents; infinite if one has none."""
        some = self.weight > 0
        return float((metres[some] * self.weight[some]).sum() / self.total)


def reach_of(
    points: gpd.GeoDataFrame,
    weight: Floats,
    existing: gpd.GeoDataFrame,
    candidates: gpd.GeoDataFrame,
    *,
    ways: Ways = STRAIGHT,
) -> Reach:
    """Measure how far people have it now, and to each candidate that is nearer.

    Parameters
    ----------
    points, weight
        Where people live, and how many.
    existing
        What there is; none at all, if nothing is to stay.
    candidates
        Points.
    ways
        How one gets there.

    Examples
    --------
    >>> people, station, sites = (
    ...     gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, [0] * len(x)), crs="EPSG:4326")
    ...     for x in ([0.0, 0.01], [0.0], [0.01, 0.5])
    ... )
    >>> found = reach_of(people, np.array([10.0, 20.0]), station, sites)
    >>> found.now.tolist(), found.person.tolist(), found.candidate.tolist(), found.nearer().of([0])
    ([0.0, 1113.195], [1], [0], 22263900.0)
    """
    here, there = ways.side(points.geometry), ways.side(candidates.geometry)
    placed = np.zeros(len(points), dtype=bool)
    placed[here.rows] = True
    none = existing.iloc[:0]
    now = measured(points, Paired(existing, none, none)).common if ways is STRAIGHT else None
    if now is None:
        from lcrmap.analysis.changes import PairedWays

        now = measured(points, Paired(existing, none, none), ways=PairedWays(ways)).common
    error = error_radii(candidates)
    # Beyond this a candidate is not nearer, wherever within their errors both lie.
    farthest = np.maximum(now.metres, np.where(np.isfinite(now.high), now.high, now.metres))
    farthest = farthest + np.nanmax(error[there.rows], initial=0) + ways.slack
    radius = np.where(placed & (weight > 0), np.minimum(farthest, 2.1e7), np.nan)
    step = max(1, _AT_ONCE // max(len(candidates), 1))
    found: list[tuple[Rows, Rows, Floats]] = []
    for start in range(0, len(points), step):
        some = np.full(len(points), np.nan)
        some[start : start + step] = radius[start : start + step]
        links = ways.within(here, there, some)
        person = links["left"].to_numpy(dtype=np.int64)
        candidate = links["right"].to_numpy(dtype=np.int64)
        metres = links["metres"].to_numpy().round(3)
        order = np.lexsort([candidate, person])  # between points there is one link a pair
        found.append((person[order], candidate[order], metres[order]))
    person, candidate, metres = (np.concatenate(each) for each in zip(*found, strict=True))
    weight = np.where(placed, weight, 0.0)
    return Reach(weight, now.metres, now.low, now.high, person, candidate, metres, error)
