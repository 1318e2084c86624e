"""Whom a choice brings nearer: what changes for the residents of areas, and of groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.verbs.locate.solving import Outcome

__all__ = ["Effect", "effect_in", "serving"]


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What changes for groups of residents, group by group; the last is for all together.

    Attributes
    ----------
    residents
        How many there are.
    before, after
        How far they have it on average, in metres; NaN without residents.
    gain
        How many are newly within the distance that was asked for; without one, how many have it nearer.
    within
        How many were within it already; 0 without a distance.
    """

    residents: Floats
    before: Floats
    after: Floats
    gain: Floats
    within: Floats

    @property
    def nearer(self) -> Floats:
        """By how many metres they have it nearer on average."""
        return self.before - self.after

    @property
    def newly(self) -> Floats:
        """The percentage of them who gain."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.residents > 0, 100 * self.gain / self.residents, np.nan)


def effect_in(outcome: Outcome, groups: Rows, count: int) -> Effect:
    """Sum what changes by group.

    Parameters
    ----------
    groups
        The number of each person's group; negative for none.
    count
        How many groups there are.
    """
    reach, within = outcome.task.reach, outcome.task.asked.within
    now, after, weight = reach.now, outcome.state[0], reach.weight

    def summed(values: Floats) -> Floats:
        home = np.where(groups >= 0, groups, count)
        counted = np.where(weight > 0, values, 0.0) * weight
        sums = np.bincount(home, counted, minlength=count + 1)[:count]
        return np.append(sums, counted.sum())

    residents = summed(np.ones(len(weight)))
    gains = after < now if within is None else (after <= within) & (now > within)
    reached = np.zeros(len(weight)) if within is None else (now <= within).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        before, later = (
            np.where(residents > 0, summed(each) / residents, np.nan) for each in (now, after)
        )
    gained = summed(gains.astype(np.float64))
    return Effect(residents, before, later, gained, summed(reached))


def serving(outcome: Outcome, groups: Rows, count: int) -> pd.DataFrame:
    """Return for each group that gains the place chosen that is the nearest for most of its residents who gain.

    Returns
    -------
    pandas.DataFrame
        One row a group: ``group``, ``candidate``, ``residents`` (those for whom it is the nearest), and ``lon``,
        ``lat``: the mean position of all its residents, in degrees of WGS84.
    """
    task = outcome.task
    which, weight = outcome.state[1], task.reach.weight
    size = len(task.candidates)
    some = np.flatnonzero((groups >= 0) & (which >= 0) & (weight > 0))
    table = np.bincount(groups[some] * size + which[some], weight[some], minlength=count * size)
    table = table.reshape(count, size)
    rows = np.flatnonzero(table.max(axis=1) > 0)
    home = np.where(groups >= 0, groups, count)
    lon, lat = metric.lonlat(task.points.geometry)
    people, *means = (
        np.bincount(home, np.where(weight > 0, each, 0) * weight, minlength=count + 1)[rows]
        for each in (np.ones(len(weight)), lon, lat)
    )
    return pd.DataFrame(
        {
            "group": rows,
            "candidate": table[rows].argmax(axis=1),
            "residents": table[rows].max(axis=1),
            "lon": means[0] / people,
            "lat": means[1] / people,
        }
    )
