"""What it costs to put a group first: the choices that are best as its residents count more and more."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lcrmap.verbs.locate.favour import Favour
from lcrmap.verbs.locate.solving import Task
from lcrmap.verbs.locate.told import Told, Trade

__all__ = ["traded"]

_ALIKE: Final = 1e-9
_MOST: Final = 200  # distinct choices that are told

Chosen = tuple[int, ...]


def traded(told: Told) -> Told:
    """Return the choices with those that are best at other factors: the one without favour, and all between two."""
    task, favour = told.task, told.task.favour
    assert favour is not None  # noqa: S101 (the caller looked)
    envelope = _Envelope(task, favour, told.last.number)
    steps = [(1.0, envelope.at(1.0))] if favour.least == favour.most and favour.least != 1 else []
    steps += [(favour.least, told.last.chosen)]
    if favour.most > favour.least:
        last = envelope.at(favour.most)
        steps += envelope.between(favour.least, told.last.chosen, favour.most, last)
    return replace(told, trades=tuple(_trade(task, favour, *each) for each in steps[:_MOST]))


def _trade(task: Task, favour: Favour, factor: float, chosen: Chosen) -> Trade:
    metres = task.reach.after(chosen)[0]
    within = task.asked.within
    theirs = favour.mean(metres) if within is None else favour.within(metres, within)
    return Trade(factor, chosen, task.figure(metres), theirs)


class _Envelope:
    """What choices bring as a group counts more and more: each is a line, and the best is their upper envelope."""

    def __init__(self, task: Task, favour: Favour, number: int | None) -> None:
        self.task, self.number = task, number
        within = task.asked.within
        self._all, self._theirs = (
            task.reach.nearer(each) if within is None else task.reach.within(within, each)
            for each in (favour.residents, favour.members)
        )

    def at(self, factor: float) -> Chosen:
        """Return the choice that is best at a factor."""
        found = self.task.best(self.task.rules.of(self.number), factor=factor).found
        return found.choices[0].chosen

    def between(
        self, low: float, first: Chosen, high: float, last: Chosen
    ) -> list[tuple[float, Chosen]]:
        """Return where another choice becomes the best, from one factor to another, and which."""
        if first == last:
            return []
        (one, more), (other, most) = (self._line(each) for each in (first, last))
        if most <= more:  # they are as good at all factors, or rounding says so
            return []
        factor = 1 + (one - other) / (most - more)
        factor = min(max(factor, low), high)
        middle = self._better(factor, first)
        if middle is None:
            return [(round(factor, 2), last)]
        return [
            *self.between(low, first, factor, middle),
            *self.between(factor, middle, high, last),
        ]

    def _better(self, factor: float, first: Chosen) -> Chosen | None:
        """Return the choice that is better than two that are equal at a factor; None if there is none."""
        middle = self.at(factor)
        value, known = (self._value(each, factor) for each in (middle, first))
        return middle if value > known * (1 + _ALIKE) else None

    def _line(self, chosen: Chosen) -> tuple[float, float]:
        """Return what a choice brings all residents, and what it brings the group."""
        return self._all.of(chosen), self._theirs.of(chosen)

    def _value(self, chosen: Chosen, factor: float) -> float:
        one, more = self._line(chosen)
        return one + (factor - 1) * more
