"""What is said of a choice: which it is, what it brings, that it is proved, and what the next best would cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from lcrmap.analysis.chords import Floats
from lcrmap.verbs.locate.solving import Outcome, Task
from lcrmap.verbs.numbers import allowing, distance_words, listed, share_words
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots

__all__ = [
    "Alone",
    "Told",
    "alternative_words",
    "aside",
    "figure_text",
    "finding",
    "gain_text",
    "notes",
    "nothing_gained",
    "proof_words",
    "sentences",
]

_MOST_NAMED = 6
_UNITS = {
    "distance": "millimetres saved by all residents",
    "farthest": "millimetres saved by all residents, at the least greatest distance",
    "reach": "residents newly within the distance",
    "everyone": "millimetres saved by all residents, with the fewest places",
}
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


@dataclass(frozen=True, eq=False)
class Told:
    """The choices of an answer and what they speak of."""

    task: Task
    outcomes: tuple[Outcome, ...]
    spots: Spots
    people: People
    region: str

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

    def contains(self, outcome: Outcome) -> str:
        """Tell whether a choice has all of the one before it; empty for the first."""
        at = self.outcomes.index(outcome)
        if not at:
            return ""
        return "yes" if set(self.outcomes[at - 1].chosen) <= set(outcome.chosen) else "no"

    @property
    def nesting(self) -> tuple[str, ...]:
        """Say what it costs to build the best ones one by one, where the best choices are not nested."""
        return tuple(_nesting(self))

    @property
    def title(self) -> str:
        """What the table is called."""
        layer = self.task.candidates.layer.metadata
        return f"{layer.title} as places for a further {self.spots.layer.metadata.noun_one}"

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
        sums = np.bincount(reach.candidate, np.nan_to_num(values) * people, minlength=count)
        blurred = np.bincount(reach.candidate, open_ & (people > 0), minlength=count) > 0
        return np.where(blurred, np.nan, sums)

    if within is not None:
        gains = reach.within(within)
        low = summed((least > within) & (far <= within), np.zeros(len(error), dtype=bool))
        high = summed((most > within) & (near <= within), np.isnan(error))
        if np.isneginf(least).any():
            low = np.zeros(count)
        return Alone(gains.alone, low, high, task.before + gains.alone)
    if task.asked.aim == "farthest":
        figure = np.array([task.figure(reach.after((each,))[0]) for each in range(count)])
        none = np.full(count, np.nan)
        value = task.before - figure if np.isfinite(task.before) else -figure
        return Alone(value, none, none, figure)
    if not np.isfinite(task.before):
        figure = np.array([task.figure(reach.after((each,))[0]) for each in range(count)])
        none = np.full(count, np.nan)
        return Alone(-figure, none, none, figure)
    value = reach.nearer().alone / (1000 * total)
    with np.errstate(invalid="ignore"):
        low = summed(np.maximum(least - far, 0), np.isnan(error)) / total
        high = summed(np.maximum(most - near, 0), np.isnan(error) | np.isinf(most)) / total
    return Alone(value, np.nan_to_num(low), high, task.before - value)


def metres_words(value: float) -> str:
    """Write a distance to the metre, as two that differ by little are told apart.

    >>> metres_words(1276.98), metres_words(0.2)
    ('1,277 m', 'less than 1 m')
    """
    return "less than 1 m" if 0 < value < 0.5 else f"{value:,.0f} m"


def figure_text(told: Told, value: float) -> str:
    """Write what the aim is about: residents, or metres."""
    return f"{value:,.0f}" if told.task.counts else metres_words(value)


def gain_text(told: Told, value: float) -> str:
    """Write what is gained or lost of it; empty where that is not known."""
    if not np.isfinite(value):
        return ""
    noun = "resident" if round(value) == 1 else "residents"
    return f"{value:,.0f} {noun}" if told.task.counts else metres_words(value)


def _nesting(told: Told) -> Iterator[str]:
    """Compare each choice with the one that keeps all of the choice before it."""
    for before, each in pairwise(told.outcomes):
        if set(before.chosen) <= set(each.chosen) or told.task.asked.aim == "everyone":
            continue
        best = each.best_with(before.chosen)
        if best is None:
            continue
        cost = gain_text(told, abs(best - each.figure))
        yield (
            f"The best {each.number:,} do not contain the best {before.number:,}: to build these first and add to them "
            f"costs {cost}."
        )


def alternative_words(told: Told) -> Iterator[tuple[str, ...]]:
    """Yield the best choice and those next to it: place, choice, figure, how much worse, and how sure that is."""
    last = told.last
    for place, choice in enumerate(last.solved.found.choices, 1):
        figure = last.figure_of(choice.chosen)
        worse = abs(figure - last.figure)
        names = listed([told.task.candidates.names[each] for each in choice.chosen])
        sure = (
            "" if place == 1 else "could be the best" if last.could_be_best(choice.chosen) else "no"
        )
        yield (
            f"{place:,}",
            names,
            figure_text(told, figure),
            gain_text(told, worse) if place > 1 else "",
            sure,
        )


def proof_words(told: Told) -> tuple[str, ...]:
    """Say in plain words how the choice was found, and what is proved of it."""
    task, last = told.task, told.last
    found = last.solved.found
    count, chosen = len(task.candidates), len(last.chosen)
    these = "this place" if chosen == 1 else f"these {chosen:,} places"
    others = f"No other {'one' if chosen == 1 else f'{chosen:,}'} of the {count:,} places"
    lines = []
    if last.proved:
        lines.append(
            f"{others} {'does' if chosen == 1 else 'do'} better; this was proved, not tried: every choice that was not "
            f"looked at one by one belongs to a group of which none can be better than {these}."
        )
    greedy = last.solved.greedy
    if greedy is not None and chosen > 1:
        figure = last.figure_of(greedy)
        worse = abs(figure - last.figure)
        same = (
            "comes to the same" if greedy == last.chosen else f"is {gain_text(told, worse)} worse"
        )
        lines.append(f"To take the best place, then the best beside it, and so on, {same}.")
    gap = abs(found.bound - found.choices[0].value) / max(1.0, abs(found.bound))
    lines.append(
        f"Value {found.choices[0].value:,.0f}, bound {found.bound:,.0f}, gap {gap:.1g}, {found.nodes:,} parts looked "
        f"into, in {_UNITS[task.asked.aim]}; linear relaxation with Benders cuts, HiGHS."
    )
    lines.append(
        f"The value was measured again from the chosen places, for all {task.reach.total:,.0f} residents at their "
        f"{len(task.points):,} points."
    )
    return tuple(lines)


def finding(told: Told) -> str:
    """Say which choice is the best, what it brings, and how much worse the next best is; without the full stop."""
    task, last = told.task, told.last
    best = "Best" if last.proved else "Best found"
    proof = "proved best" if last.proved else "not proved"
    return f"{best} of {len(task.candidates):,}: {_brings(told)}; {proof}{_next_best(told)}"


def aside(told: Told) -> str:
    """Return the end of the finding that stands below a headline, in smaller letters."""
    return _next_best(told)


def _brings(told: Told) -> str:
    task, last = told.task, told.last
    names = listed(last.names)
    verb = "brings" if len(last.chosen) == 1 else "bring"
    if task.counts:
        return _counted(told, names, verb)
    what = told.figure_words
    after = metres_words(last.figure)
    if not np.isfinite(task.before):
        return f"{names} {verb} the {what} to {after}"
    return f"{names} {verb} the {what} from {metres_words(task.before)} to {after}"


def _counted(told: Told, names: str, verb: str) -> str:
    task, last = told.task, told.last
    change = last.change
    noun = "resident" if change.value == 1 else "residents"
    text = f"{names} {verb} {change.value:,.0f} more {noun} within {told.far}"
    if task.asked.aim == "everyone":
        left = task.reach.total - last.figure
        all_ = "all residents" if not left else f"all but {left:,.0f} residents"
        text = f"with {len(last.chosen):,} more, {all_} live within {told.far}: {names}"
    if np.isnan(change.low) or change.low == change.high:
        return text
    return text + allowing(f"{change.low:,.0f}", f"{change.high:,.0f}")


def _next_best(told: Told) -> str:
    choices = told.last.solved.found.choices
    if len(choices) < 2:
        return ""
    worse = abs(told.last.figure - told.last.figure_of(choices[1].chosen))
    if not worse:
        return ". Another choice is as good"
    if told.task.counts:
        return f". The next best choice brings {worse:,.0f} fewer"
    return f". The next best choice is {metres_words(worse)} worse"


def sentences(told: Told) -> tuple[str, ...]:
    """Say what else is to be known of the choice."""
    return tuple(filter(None, (_gaining(told), _worth(told), *told.nesting)))


def _gaining(told: Told) -> str:
    """Say for how many residents something changes, and by how much on average."""
    reach, (after, _) = told.task.reach, told.last.state
    some = (after < reach.now) & (reach.weight > 0)
    residents = float(reach.weight[some].sum())
    share = share_words(residents, reach.total)
    who = f"{residents:,.0f} residents ({share})"
    if not np.isfinite(told.task.before):
        return f"{who} have a way to one of them."
    nearer = float(((reach.now - after)[some] * reach.weight[some]).sum() / residents)
    return f"{who} have it nearer, by {metres_words(nearer)} on average; for nobody is it farther."


def _worth(told: Told) -> str:
    """Say what the choice would lose without each of its places, those first that matter most."""
    last = told.last
    lost = [last.adds[each] for each in last.by_worth]
    if len(lost) < 2 or not np.isfinite(lost).all():
        return ""
    parts = [
        f"{gain_text(told, worth)} without {name}"
        for name, worth in zip(last.names, lost, strict=True)
    ]
    return f"The choice would lose {listed(parts[:_MOST_NAMED])}."


def notes(told: Told) -> list[str]:
    """Say what whoever asks must know of the choice."""
    return []


def nothing_gained(told: Told) -> str:
    """Say that no candidate brings anybody anything."""
    noun = told.spots.layer.metadata.noun_one
    if told.far:
        return f"No candidate brings a further resident within {told.far} of a {noun}."
    return f"No candidate is nearer to any resident than a {noun} that exists."
