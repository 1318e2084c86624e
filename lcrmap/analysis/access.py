"""How much of some features each person has, when others share it: the two-step floating catchment area.

Step one: what a feature supplies is divided by the people within the distance, each weighted by the decay. Step two:
each person has the sum of these shares over the features within the distance, weighted by the same decay (Luo and Wang
2003; with a decay, Luo and Qi 2009). So what all people have adds up to what is supplied, wherever anybody is near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.links import STRAIGHT, Ways
from lcrmap.analysis.ranges import error_radii
from lcrmap.errors import SumError

__all__ = ["PER", "Access", "Decay", "Near", "access_of", "decayed", "gini", "near"]

Decay = Literal["step", "linear", "gaussian"]

PER: Final = 10_000
"""Of so many residents it is said how much they have."""

_ALIKE: Final = 1e-9  # of what is supplied: so near must what people have add up to it


def decayed(metres: Floats, within: float, decay: Decay) -> Floats:
    """Return how much a feature counts at a distance: 1 at 0 m, and nothing beyond the distance.

    Examples
    --------
    >>> [decayed(np.array([0.0, 500.0, 1000.0, 1001.0]), 1000, each).round(4).tolist() for each in ("step", "linear")]
    [[1.0, 1.0, 1.0, 0.0], [1.0, 0.5, 0.0, 0.0]]
    >>> decayed(np.array([0.0, 500.0, 1000.0]), 1000, "gaussian").round(4).tolist()
    [1.0, 0.6065, 0.1353]
    """
    there = metres <= within
    if decay == "step":
        return there.astype(np.float64)
    if decay == "linear":
        return np.where(there, 1 - np.minimum(metres / within, 1), 0.0)
    half = within / 2
    return np.where(there, np.exp(-(metres**2) / (2 * half**2)), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Which features are near which people.

    Attributes
    ----------
    person, feature, counts
        The pairs within the distance, or that may be, and how much each counts.
    least, most
        How much it counts at least and at most, within the error of the feature's position.
    unknown
        Features that have a position but no known error.
    """

    person: Rows
    feature: Rows
    counts: Floats
    least: Floats
    most: Floats
    unknown: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Access(Near):
    """How much each person has, and who shares each feature.

    Attributes
    ----------
    weight, supply
        People at each point; what each feature supplies.
    shared
        The people who share each feature, weighted by the decay.
    """

    weight: Floats
    supply: Floats
    shared: Floats

    @property
    def reached(self) -> np.ndarray:
        """Tell of each feature whether anybody reaches it."""
        return self.shared > 0

    @property
    def access(self) -> Floats:
        """What one person at each point has: supply a head."""
        return self._summed(self._share())

    @property
    def gravity(self) -> Floats:
        """What is near each point, weighted by the decay, as if nobody shared it."""
        return self._summed(self.counts * self.supply[self.feature])

    @property
    def number(self) -> Floats:
        """How many features are within the distance of each point."""
        return self._summed((self.counts > 0).astype(np.float64))

    def _share(self) -> Floats:
        head = np.where(self.reached, self.supply / np.where(self.reached, self.shared, 1), 0.0)
        return np.asarray(self.counts * head[self.feature])

    def _summed(self, values: Floats) -> Floats:
        sums = np.bincount(self.person, values, minlength=len(self.weight))
        return sums.astype(np.float64)

    def checked(self) -> float:
        """Return what all people together have: what the features supply that anybody reaches.

        Raises
        ------
        SumError
            If the two differ.
        """
        total, supplied = float(self.access @ self.weight), float(self.supply[self.reached].sum())
        if abs(total - supplied) > _ALIKE * max(1.0, supplied):
            raise SumError(
                f"What residents have adds up to {total:.9g} and not to the {supplied:.9g} that is supplied, so "
                f"nothing is shown: please report this fault."
            )
        return total

    def among(self, groups: Rows, count: int, features: np.ndarray | None = None) -> Floats:
        """Return what groups of people have together, the last for all; of some features, if these are told."""
        share = self._share() * self.weight[self.person]
        if features is not None:
            share = share * features[self.feature]
        home = np.where(groups >= 0, groups, count)[self.person]
        sums = np.bincount(home, share, minlength=count + 1)[:count]
        return np.append(sums, share.sum())

    def range_among(self, groups: Rows, count: int) -> tuple[Floats, Floats]:
        """Return what groups have together at least and at most, within the errors of positions; the last for all.

        A group has most of a feature if it lies as near to its people, and as far from all others, as it may. Each
        feature is bounded by itself, so that the range of a sum is cautious. NaN where an unknown error leaves the most
        open.
        """
        home = np.where(groups >= 0, groups, count)[self.person]
        size = len(self.supply)
        place = home * size + self.feature
        ends = [
            np.bincount(place, each * self.weight[self.person], minlength=(count + 1) * size)
            .astype(np.float64)
            .reshape(count + 1, size)
            for each in (self.least, self.most)
        ]
        low, high = (np.vstack([each[:count], each.sum(axis=0)]) for each in ends)
        others = [ends[0].sum(axis=0) - low, ends[1].sum(axis=0) - high]
        with np.errstate(invalid="ignore", divide="ignore"):
            least = np.where(low > 0, low / (low + np.maximum(others[1], 0)), 0)
            most = np.where(high > 0, high / (high + np.maximum(others[0], 0)), 0)
        bounds = [each @ self.supply for each in (least, most)]
        if len(self.unknown):
            bounds[1] = np.full(count + 1, np.nan)
        return bounds[0], bounds[1]


def access_of(
    points: gpd.GeoDataFrame,
    weight: Floats,
    features: gpd.GeoDataFrame,
    supply: Floats,
    within: float,
    decay: Decay = "step",
    *,
    ways: Ways = STRAIGHT,
) -> Access:
    """Work out how much of some features each person has, when others share it.

    Parameters
    ----------
    points, weight
        Where people live, and how many.
    features, supply
        What is shared, and how much each supplies; with or without a column ``position_error_m``.
    within
        The distance in metres.
    decay
        How a feature counts less with distance.
    ways
        How one gets there.

    Examples
    --------
    >>> people, shops = (
    ...     gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, [0] * len(x)), crs="EPSG:4326")
    ...     for x in ([0.0, 0.01], [0.0, 0.01])
    ... )
    >>> found = access_of(people, np.array([100.0, 300.0]), shops, np.ones(2), 500)
    >>> (1000 * found.access).round(3).tolist(), found.checked()
    ([10.0, 3.333], 2.0)
    """
    found = near(points, features, within, decay, (ways,))
    shared = np.bincount(
        found.feature, found.counts * weight[found.person], minlength=len(features)
    )
    pairs = found.person, found.feature, found.counts, found.least, found.most
    return Access(*pairs, found.unknown, weight, supply, shared.astype(np.float64))


def near(
    points: gpd.GeoDataFrame,
    features: gpd.GeoDataFrame,
    within: float,
    decay: Decay = "step",
    ways: Sequence[Ways] = (STRAIGHT,),
) -> Near:
    """Tell which features are near which people, each pair once, by the shortest of some ways.

    Parameters
    ----------
    points, features, within, decay
        As for `access_of`.
    ways
        How one gets there: by any of them.
    """
    error = error_radii(features)
    links, placed = [], np.empty(0, dtype=np.int64)
    for each in ways:
        here, there = each.side(points.geometry), each.side(features.geometry)
        placed = there.rows
        farthest = within + np.nanmax(error[placed], initial=0) + each.slack
        links.append(each.within(here, there, np.full(len(points), farthest)))
    person, feature, metres = (
        np.concatenate([each[name].to_numpy() for each in links])
        for name in ("left", "right", "metres")
    )
    person, feature, metres = person.astype(np.int64), feature.astype(np.int64), metres.round(3)
    order = np.lexsort([metres, feature, person])
    first = order[
        np.flatnonzero(np.diff(person[order] * len(features) + feature[order], prepend=-1))
    ]
    person, feature, metres = person[first], feature[first], metres[first]
    off = np.nan_to_num(error)[feature]
    counts = decayed(metres, within, decay)
    least = np.where(np.isnan(error)[feature], 0.0, decayed(metres + off, within, decay))
    most = decayed(np.maximum(metres - off, 0), within, decay)
    return Near(person, feature, counts, least, most, placed[np.isnan(error[placed])])


def gini(values: Floats, weights: Floats) -> float:
    """Return the Gini coefficient of what people have: 0 if all have the same, near 1 if one has all.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0]), np.array([5.0, 2.0])), gini(np.array([0.0, 1.0]), np.array([3.0, 1.0]))
    (0.0, 0.75)
    """
    order = np.argsort(values, kind="stable")
    have, people = values[order], weights[order]
    total, whole = float((have * people).sum()), float(people.sum())
    if not total:
        return float("nan")
    below = np.cumsum(people) - people / 2  # the middle rank of those who have as much
    return float(2 * (below * have * people).sum() / (whole * total) - 1) + 0.0
