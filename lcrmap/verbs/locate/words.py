"""What is said of a choice: which it is, what it brings, that it is proved, and what the next best would cost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from lcrmap.verbs.locate.existing import Existing
from lcrmap.verbs.locate.solving import Outcome, Task
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.numbers import allowing, distance_words, listed, number_words, share_words

__all__ = [
    "aside",
    "figure_text",
    "finding",
    "gain_text",
    "metres_words",
    "nesting",
    "nothing_gained",
    "sentences",
    "worse_text",
]

_MOST_NAMED: Final = 6


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


def worse_text(told: Told, outcome: Outcome, other: tuple[int, ...]) -> str:
    """Write by how much a choice is worse than the best: by the greatest distance if longer, else by the mean."""
    longer = outcome.figure_of(other) - outcome.figure
    worse = outcome.worse(other)
    if told.task.asked.aim == "farthest" and longer:
        return metres_words(longer)
    if told.task.asked.aim in ("farthest", "everyone"):
        return f"{metres_words(worse)} on average"
    return gain_text(told, worse)


# The finding


def finding(told: Told) -> str:
    """Say which choice is the best, what it brings, and how much worse the next best is; without the full stop."""
    start = f"Best {'' if told.last.proved else 'found '}of {len(told.task.candidates):,}"
    return f"{start}{_assumed(told)}: {_brings(told)}; {_proof(told)}{aside(told)}"


def _assumed(told: Told) -> str:
    """Say what is assumed: that nothing exists, that a group counts more, that a river is crossed."""
    parts = []
    if told.existing.nothing:
        parts.append(f"as if no {told.noun} existed")
    if told.task.favour is not None and told.task.factor != 1:
        times = number_words(told.task.factor)
        parts.append(f"with residents {told.task.favour.words} counted {times} times")
    if told.across is not None:
        parts.append(told.across.crossing)
    return "".join(f", {each}" for each in parts)


def _brings(told: Told) -> str:
    task, last = told.task, told.last
    names = listed(last.names)
    verb = "brings" if len(last.chosen) == 1 else "bring"
    if task.counts:
        return _counted(told, names, verb)
    what, after = told.figure_words, metres_words(last.figure)
    if not np.isfinite(task.before):
        return f"{names} {verb} the {what} to {after}"
    if last.figure == task.before:
        mean, new = (
            metres_words(task.reach.mean(each)) for each in (task.reach.now, last.state[0])
        )
        return f"{names} {verb} the mean distance from {mean} to {new}, and no choice the {what} below {after}"
    return f"{names} {verb} the {what} from {metres_words(task.before)} to {after}"


def _counted(told: Told, names: str, verb: str) -> str:
    task, last = told.task, told.last
    if task.asked.aim == "everyone":
        left = float(task.reach.weight[last.solved.left].sum())
        who = (
            f"all but {left:,.0f} residents, whom no candidate reaches,"
            if left
            else "all residents"
        )
        return f"with {len(last.chosen):,} more, {who} live within {told.far}: {names}"
    change = last.change
    noun = "resident" if change.value == 1 else "residents"
    text = f"{names} {verb} {change.value:,.0f} more {noun} within {told.far}"
    if np.isnan(change.low) or change.low == change.high:
        return text
    return text + allowing(f"{change.low:,.0f}", f"{change.high:,.0f}")


def _proof(told: Told) -> str:
    """Say that no choice is better, or how much better one may be."""
    found = told.last.solved.found
    if found.proved:
        return "proved best"
    value = found.choices[0].value
    more = 100 * (found.bound - value) / value if value > 0 else np.inf
    bound = "nothing is known of what others bring"
    if np.isfinite(more):
        bound = f"no choice can bring more than {number_words(more, 2)}% more"
    return f"best found in {_time_words(told)}; {bound}"


def _time_words(told: Told) -> str:
    seconds = told.task.asked.seconds or 0
    return f"{number_words(seconds)} s" if seconds < 120 else f"{number_words(seconds / 60)} min"


def aside(told: Told) -> str:
    """Say how much worse the next best choice is: the end of the finding, which stands below a headline."""
    found = told.last.solved.found
    _, *others = found.choices
    equal = sum(map(told.last.as_good, others))
    if equal or not others or not found.proved:
        many = f"More than {equal:,}" if found.more_ties else f"{equal:,}"
        as_good = "other choice is as good" if equal == 1 else "other choices are as good"
        return f". {many} {as_good}" if equal and found.proved else ""
    return f". The next best choice {_worse(told, others[0].chosen)}"


def _worse(told: Told, other: tuple[int, ...]) -> str:
    """Say how much worse another choice is."""
    task, last = told.task, told.last
    weighed = ", as they count" if task.favour is not None and task.factor != 1 else ""
    worse = last.worse(other)
    if task.asked.aim == "reach":
        return f"brings {worse:,.0f} fewer{weighed}"
    if task.asked.aim == "distance":
        return f"is {metres_words(worse)} worse{weighed}"
    longer = last.figure_of(other) - last.figure
    if task.asked.aim == "farthest" and longer:
        return f"leaves a greatest distance {metres_words(longer)} longer"
    same = "the same greatest distance" if task.asked.aim == "farthest" else "as many places"
    verb = "leaves" if task.asked.aim == "farthest" else "needs"
    return f"{verb} {same}, with a mean {metres_words(worse)} longer"


# The sentences below it


def sentences(told: Told) -> tuple[str, ...]:
    """Say what else is to be known of the choice."""
    said = [_gaining(told), _price(told), _worth(told), *nesting(told)]
    if told.across is not None:
        said.append(told.across.bound)
    return tuple(filter(None, said))


def _gaining(told: Told) -> str:
    """Say for how many residents something changes, and by how much on average."""
    reach, (after, _) = told.task.reach, told.last.state
    if not np.isfinite(told.task.before):
        return ""
    some = (after < reach.now) & (reach.weight > 0)
    residents = float(reach.weight[some].sum())
    who = f"{residents:,.0f} residents ({share_words(residents, reach.total)})"
    lost = some & ~np.isfinite(reach.now)
    if lost.any():
        return f"{who} have it nearer; for nobody is it farther."
    nearer = float(((reach.now - after)[some] * reach.weight[some]).sum() / residents)
    return f"{who} have it nearer, by {metres_words(nearer)} on average; for nobody is it farther."


def _worth(told: Told) -> str:
    """Say what the choice would lose without each of its places, those first that matter most."""
    last = told.last
    lost = [last.adds[each] for each in last.by_worth]
    if len(lost) < 2 or not np.isfinite(lost).all() or told.task.asked.aim == "everyone":
        return ""
    parts = [
        f"{gain_text(told, worth)} without {name}"
        for name, worth in zip(last.names, lost, strict=True)
    ]
    return f"The choice would lose {listed(parts[:_MOST_NAMED])}."


def _price(told: Told) -> str:
    """Say what it costs all residents to put a group first, beside the choice without favour."""
    favour, trades = told.task.favour, told.trades
    if favour is None or len(trades) < 2:
        return ""
    first, last = trades[0], trades[-1]
    times = number_words(favour.most)
    start = f"Where residents {favour.words} count {times} times"
    if first.chosen == last.chosen:
        return f"{start}, the choice is the same."
    if told.task.counts:
        return (
            f"{start}, {last.favoured:,.0f} of them live within {told.far} instead of {first.favoured:,.0f}, and "
            f"{last.everybody:,.0f} of all instead of {first.everybody:,.0f}."
        )
    return (
        f"{start}, their mean distance is {metres_words(last.favoured)} instead of {metres_words(first.favoured)}, and "
        f"that of all {metres_words(last.everybody)} instead of {metres_words(first.everybody)}."
    )


def nesting(told: Told) -> tuple[str, ...]:
    """Say what it costs to build the best ones one by one, where the best choices are not nested."""
    return tuple(_nesting(told))


def _nesting(told: Told) -> Iterator[str]:
    for before, each in pairwise(told.outcomes):
        if set(before.chosen) <= set(each.chosen):
            continue
        best = each.best_with(before.chosen)
        if best is None:
            continue
        cost = worse_text(told, each, best)
        yield (
            f"The best {each.number:,} do not contain the best {before.number:,}: to build these first and add to them "
            f"costs {cost}."
        )


def nothing_gained(task: Task, existing: Existing) -> str:
    """Say that no candidate brings anybody anything."""
    noun = existing.layer.metadata.noun_one
    within = task.asked.within
    if within is None:
        return f"No candidate is nearer to any resident than a {noun} that exists."
    far = distance_words(within, exact=True)
    if task.before == task.reach.total:
        return f"All residents have a {noun} within {far} already."
    return f"No candidate brings a further resident within {far}."
