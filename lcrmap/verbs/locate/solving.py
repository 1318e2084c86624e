"""The choices that answer a question, what each comes to, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.analysis.aims import Solved, solved
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.changes import Measured, Paired, PairedWays, measured
from lcrmap.analysis.choosing import Choice, Rules, StoppedError
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.location import Reach
from lcrmap.analysis.ranges import error_radii
from lcrmap.errors import SumError, UsageError
from lcrmap.verbs.locate.candidates import Candidates
from lcrmap.verbs.locate.favour import Favour
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.locate.rules import RuleBook
from lcrmap.verbs.numbers import listed

__all__ = ["Outcome", "Ranged", "Task"]

_ALIKE = 1e-9  # of a value that is worked out twice


@dataclass(frozen=True, slots=True)
class Ranged:
    """A figure, and what it may be within the errors of positions; NaN where that is open."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Task:
    """What is chosen for whom: people, what exists, candidates, and how far apart they are.

    Attributes
    ----------
    points
        Where people live.
    existing
        What stays.
    """

    asked: Locate
    points: gpd.GeoDataFrame
    residents: Floats
    existing: gpd.GeoDataFrame
    candidates: Candidates
    reach: Reach
    ways: PairedWays
    rules: RuleBook
    favour: Favour | None = None

    @property
    def counts(self) -> bool:
        """Whether the figure is a number of residents, and not a distance."""
        return self.asked.aim in ("reach", "everyone")

    def figure(self, metres: Floats) -> float:
        """Return what the aim is about: the mean distance, the greatest, or how many live within a distance."""
        some = self.reach.weight > 0
        if self.asked.within is not None:
            return float(self.reach.weight[metres <= self.asked.within].sum())
        if self.asked.aim == "farthest":
            return float(metres[some].max(initial=0))
        return self.reach.mean(metres)

    @cached_property
    def before(self) -> float:
        """The figure as things are; infinite where nothing exists."""
        return self.figure(self.reach.now)

    def gain(self, figure: float) -> float:
        """Return by how much a figure is better than before; NaN where there is no figure before."""
        better = figure - self.before if self.counts else self.before - figure
        return better if np.isfinite(better) else np.nan

    @property
    def factor(self) -> float:
        """How often those who are favoured count."""
        return 1.0 if self.favour is None else self.favour.least

    def outcome(
        self, number: int | None, *, factor: float = 1.0, deadline: float | None = None
    ) -> Outcome:
        """Find the best choice of so many, and those next to it; None for as many as suit the aim.

        Raises
        ------
        UsageError
            If no choice keeps to the rules, or none was found in time.
        """
        rules = self.rules.of(number)
        wanted = 1 + self.asked.alternatives
        try:
            answer = self.best(rules, wanted=wanted, factor=factor, deadline=deadline)
        except StoppedError as stopped:
            names = [self.candidates.names[each] for each in stopped.chosen]
            if names:
                stopped.asked.add_note(f"The best so far, without proof: {listed(names)}.")
            raise stopped.asked from None
        if not answer.found.choices and not answer.found.proved:
            raise UsageError(f"No choice was found in {self.asked.time}: give it more --time.")
        if not answer.found.choices:
            raise UsageError(self.rules.why_none(number))
        return Outcome(self, number, rules, answer, factor)

    def best(
        self,
        rules: Rules,
        *,
        wanted: int = 1,
        factor: float = 1.0,
        deadline: float | None = None,
    ) -> Solved:
        """Find the best choices that keep to some rules, where those who are favoured count so often."""
        favour, asked = self.favour, self.asked
        weight = None if favour is None or factor == 1 else favour.weight(factor)
        return solved(
            asked.aim,
            self.reach,
            rules,
            metres=asked.within,
            wanted=wanted,
            weight=weight,
            deadline=deadline,
        )


@dataclass(frozen=True, eq=False)
class Outcome:
    """The best choice of so many, with those next to it."""

    task: Task
    number: int | None
    rules: Rules
    solved: Solved
    factor: float = 1.0

    @property
    def chosen(self) -> tuple[int, ...]:
        """The candidates of the best choice, lowest first."""
        return self.solved.found.choices[0].chosen

    @cached_property
    def adds(self) -> dict[int, float]:
        """What the choice would lose without each of its candidates; infinite without the only one there is."""
        lost = {}
        for each in self.chosen:
            without = self.figure_of(tuple(other for other in self.chosen if other != each))
            lost[each] = self.figure - without if self.task.counts else without - self.figure
        return lost

    @cached_property
    def by_worth(self) -> tuple[int, ...]:
        """The candidates of the best choice, that first without which it would lose most."""
        return tuple(sorted(self.chosen, key=lambda each: (-self.adds[each], each)))

    @property
    def names(self) -> list[str]:
        """What they are called."""
        return [self.task.candidates.names[each] for each in self.by_worth]

    @property
    def proved(self) -> bool:
        """Whether no choice is better."""
        return self.solved.found.proved

    @cached_property
    def state(self) -> tuple[Floats, Rows]:
        """How far each person has it with the best choice, and to which candidate."""
        return self.task.reach.after(self.chosen)

    @cached_property
    def figure(self) -> float:
        """What the best choice comes to."""
        return self.task.figure(self.state[0])

    def figure_of(self, chosen: tuple[int, ...]) -> float:
        """Return what another choice comes to."""
        return self.task.figure(self.task.reach.after(chosen)[0])

    def in_order(self, chosen: tuple[int, ...]) -> list[int]:
        """Return another choice with what it has in common with the best one in front, in the order of that."""
        return sorted(
            chosen,
            key=lambda each: (self.by_worth.index(each) if each in self.chosen else np.inf, each),
        )

    @property
    def judged_by(self) -> Floats:
        """How much each person counts."""
        task, weight = self.task, self.task.reach.weight
        if task.favour is None or self.factor == 1:
            return weight
        return np.where(weight > 0, task.favour.weight(self.factor) / 100, 0)

    def score(self, chosen: tuple[int, ...]) -> float:
        """Return by what a choice is judged where all else is the same, as residents count: less is better."""
        task, weight = self.task, self.judged_by
        metres = task.reach.after(chosen)[0]
        if task.asked.aim == "reach" and task.asked.within is not None:
            return -float(weight[metres <= task.asked.within].sum())
        some = weight > 0
        return float((metres[some] * weight[some]).sum() / weight.sum())

    def worse(self, chosen: tuple[int, ...]) -> float:
        """Return by how much a choice is worse than the best, in metres of the mean or in residents."""
        return self.score(chosen) - self.score(self.chosen)

    def as_good(self, choice: Choice) -> bool:
        """Tell whether a choice that was found is as good as the best: of a longer greatest distance none is."""
        best = self.solved.found.choices[0]
        if choice.value != best.value:
            return False
        return self.task.asked.aim != "farthest" or self.figure_of(choice.chosen) == self.figure

    def best_with(self, kept: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return the best choice of as many that has some candidates; None if there is none."""
        rules = replace(self.rules, must=tuple(sorted({*self.rules.must, *kept})))
        found = self.task.best(rules, factor=self.factor).found
        return found.choices[0].chosen if found.choices else None

    def could_be_best(self, chosen: tuple[int, ...]) -> bool:
        """Tell whether another choice could be the better, wherever within their errors all lie."""
        task = self.task
        both = [each for each in chosen if each in self.chosen]
        points = task.candidates.points
        own, other = (
            points.iloc[[each for each in some if each not in both]]
            for some in (self.chosen, chosen)
        )
        common = together(task.existing, points.iloc[both])
        found = measured(task.points, Paired(common, own, other), ways=task.ways)
        weight, some = self.judged_by, task.reach.weight > 0
        if task.asked.within is not None:
            table = found.within(task.asked.within)
            if task.asked.aim == "reach":
                gain = _sum(table["gain_possibly"], weight, some)
                return not gain < _sum(table["lose_surely"], weight, some)
            if _sum(table["gain_possibly"], weight, some):
                return True  # it may reach somebody whom the best one does not
        table = found.distances()[some]
        change = table["change_min"].to_numpy()
        if task.asked.aim == "farthest":
            farthest, others = table["first_max"].to_numpy(), table["second_min"].to_numpy().max()
            if others > farthest.max():
                return False
            if not ((farthest <= others) | (change >= 0)).all():
                return True  # its greatest distance may be the shorter
        return not float((change * weight[some]).sum()) > 0

    @cached_property
    def measured(self) -> Measured:
        """How far each person has it before and after, measured by the kernel of every comparison.

        Raises
        ------
        SumError
            If that is not what the choice was made by.
        """
        task = self.task
        none = task.existing.iloc[:0]
        points = task.candidates.points.iloc[list(self.chosen)]
        found = measured(task.points, Paired(task.existing, none, points), ways=task.ways)
        metres = np.minimum(found.common.metres, found.second.metres)
        after = task.figure(np.where(task.reach.weight > 0, metres, 0.0))
        if abs(after - self.figure) > _ALIKE * max(1.0, abs(self.figure)):
            raise SumError(
                "The value of the choice is not what its distances add up to, so nothing is shown: please report "
                "this fault."
            )
        return found

    @cached_property
    def change(self) -> Ranged:
        """By how much the figure is better, with its range."""
        gain, low, high = self.task.gain(self.figure), np.nan, np.nan
        if not np.isfinite(gain):
            return Ranged(np.nan, np.nan, np.nan)
        weight = self.task.reach.weight
        some = weight > 0
        asked = self.task.asked
        if asked.within is not None:
            table = self.measured.within(asked.within)
            low, high = (
                _sum(table[f"gain_{each}"], weight, some) for each in ("surely", "possibly")
            )
        elif asked.aim == "distance":
            table = self.measured.distances()
            low, high = (
                -float((table[f"change_{each}"].to_numpy()[some] * weight[some]).sum())
                / self.task.reach.total
                for each in ("max", "min")
            )
        return Ranged(gain, low, high)


def together(existing: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what exists and some places as one, with what is known of their positions."""
    shapes = existing.geometry.to_crs("EPSG:4326").tolist()
    errors = np.concatenate([error_radii(existing), error_radii(points)])
    every = gpd.GeoSeries([*shapes, *points.geometry.tolist()], crs="EPSG:4326")
    return gpd.GeoDataFrame({ERROR_COLUMN: errors}, geometry=every)


def _sum(values: Any, weight: Floats, some: np.ndarray) -> float:
    """Add up the residents of whom something is true; NaN where that is open for one of them."""
    if values[some].isna().any():
        return float("nan")
    return float(weight[values.fillna(False).to_numpy(dtype=bool)].sum())
