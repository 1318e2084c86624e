"""The choices of an answer, and what they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lcrmap.analysis.chords import Floats
from lcrmap.verbs.locate.existing import Existing
from lcrmap.verbs.locate.solving import Outcome, Task
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.people import People
from lcrmap.verbs.rivers import Across

__all__ = ["Alone", "Told", "Trade"]

_FIGURES = {
    "distance": ("mean_distance_m", "Mean distance", "mean distance"),
    "farthest": ("greatest_distance_m", "Greatest distance", "greatest distance"),
    "reach": ("residents_within", "Residents within {}", "residents within {}"),
    "everyone": ("residents_within", "Residents within {}", "residents within {}"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """What each candidate would bring alone, with its range, and the figure that it leads to."""

    value: Floats
    low: Floats
    high: Floats
    figure: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Trade:
    """A choice that is best from one factor on, as some residents count more and more.

    Attributes
    ----------
    factor
        From which it is best, to 0.01.
    chosen
        Its candidates.
    everybody, favoured
        The figure for all residents, each counted once, and for those who are favoured.
    """

    factor: float
    chosen: tuple[int, ...]
    everybody: float
    favoured: float


@dataclass(frozen=True, eq=False)
class Told:
    """The choices of an answer and what they speak of."""

    task: Task
    outcomes: tuple[Outcome, ...]
    existing: Existing
    people: People
    region: str
    across: Across | None = None
    trades: tuple[Trade, ...] = ()

    @property
    def last(self) -> Outcome:
        """The choice of the most candidates: that of the rows."""
        return self.outcomes[-1]

    @property
    def far(self) -> str:
        """The distance as it was asked for; empty if none was."""
        within = self.task.asked.within
        return "" if within is None else distance_words(within, exact=True)

    @property
    def figure_name(self) -> str:
        """The column of what the aim is about."""
        return _FIGURES[self.task.asked.aim][0]

    @property
    def figure_title(self) -> str:
        """What the aim is about, as a heading."""
        return _FIGURES[self.task.asked.aim][1].format(self.far)

    @property
    def figure_words(self) -> str:
        """What the aim is about, inside a sentence."""
        return _FIGURES[self.task.asked.aim][2].format(self.far)

    @property
    def main(self) -> tuple[str, ...]:
        """The columns that tables show."""
        return (
            "name",
            "rank",
            "alone",
            "adds",
            "residents_served",
            "mean_distance_served_m",
            self.figure_name,
        )

    @property
    def gaining(self) -> str:
        """What those who gain have, as a heading."""
        return f"Newly within {self.far}" if self.far else "Nearer than before"

    def names(self, chosen: tuple[int, ...]) -> list[str]:
        """Return what some candidates are called, those first without which the best choice would lose most."""
        return [self.task.candidates.names[each] for each in self.last.in_order(chosen)]

    @property
    def noun(self) -> str:
        """What a feature of the layer is called."""
        return self.existing.layer.metadata.noun_one

    @property
    def nouns(self) -> str:
        """What several are called."""
        return self.existing.layer.metadata.noun_many

    @property
    def title(self) -> str:
        """What the table is called."""
        layer = self.task.candidates.layer.metadata
        count = len(self.last.chosen)
        more = f"a further {self.noun}" if count == 1 else f"{count:,} more {self.nouns}"
        return f"{layer.title} as places for {more}"

    @cached_property
    def alone(self) -> Alone:
        """What each candidate brings alone."""
        return _alone(self.task)

    @cached_property
    def first_chosen(self) -> Floats:
        """The least number of which each candidate is one; NaN if none."""
        first = np.full(len(self.task.candidates), np.nan)
        for each in reversed(self.outcomes):
            first[list(each.chosen)] = len(each.chosen)
        return first


def _alone(task: Task) -> Alone:
    """Work out what each candidate brings alone, by position and within the errors of positions."""
    reach, within = task.reach, task.asked.within
    count, people, total = reach.candidates, reach.weight[reach.person], reach.total
    error = reach.error[reach.candidate]
    near, far = np.maximum(reach.metres - error, 0), reach.metres + error
    least, most = reach.now_min[reach.person], reach.now_max[reach.person]

    def summed(values: Any, open_: Any) -> Floats:
        known = np.where(np.isfinite(values), values, 0)  # what is open below is no number anyway
        sums = np.bincount(reach.candidate, known * people, minlength=count)
        blurred = np.bincount(reach.candidate, open_ & (people > 0), minlength=count) > 0
        return np.where(blurred, np.nan, sums)

    if within is not None:
        gains = reach.within(within)
        low = summed((least > within) & (far <= within), np.zeros(len(error), dtype=bool))
        high = summed((most > within) & (near <= within), np.isnan(error))
        if np.isneginf(least).any():
            low = np.zeros(count)
        return Alone(gains.alone, low, high, task.before + gains.alone)
    if task.asked.aim == "farthest" or not np.isfinite(task.before):
        figure = np.array([task.figure(reach.after((each,))[0]) for each in range(count)])
        none = np.full(count, np.nan)
        value = task.before - figure if np.isfinite(task.before) else none
        return Alone(value, none, none, figure)
    value = reach.nearer().alone / (1000 * total)
    with np.errstate(invalid="ignore"):
        low = summed(np.maximum(least - far, 0), np.isnan(error)) / total
        high = summed(np.maximum(most - near, 0), np.isnan(error) | np.isinf(most)) / total
    return Alone(value, np.nan_to_num(low), high, task.before - value)
