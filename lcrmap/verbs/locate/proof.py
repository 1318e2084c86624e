"""How a choice was found and what is proved of it, in words that need no mathematics; and the next best ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import figure_text, gain_text
from lcrmap.verbs.numbers import listed

__all__ = ["alternatives", "proof_words"]

_UNITS: Final = {
    "distance": "millimetres saved by all residents together",
    "farthest": "millimetres saved by all residents together, at the least greatest distance",
    "reach": "residents newly within the distance",
    "everyone": "millimetres saved by all residents together, with the fewest places",
}
_HUNDREDTHS: Final = ", each counted in hundredths"


def alternatives(told: Told) -> Iterator[tuple[str, ...]]:
    """Yield the best choice and those next to it: place, choice, figure, how much worse, and how sure that is."""
    last = told.last
    best = last.solved.found.choices[0]
    for place, choice in enumerate(last.solved.found.choices, 1):
        worse, sure = "", ""
        if place > 1:
            equal = choice.value == best.value
            worse = "as good" if equal else gain_text(told, last.worse(choice.chosen))
            sure = "could be the best" if last.could_be_best(choice.chosen) else "surely not better"
        names = listed(told.names(choice.chosen))
        figure = figure_text(told, last.figure_of(choice.chosen))
        yield f"{place:,}", names, figure, worse, sure


def proof_words(told: Told) -> tuple[str, ...]:
    """Say in plain words how the choice was found, and what is proved of it."""
    return tuple(filter(None, (_proved(told), _one_by_one(told), _figures(told), _again(told))))


def _proved(told: Told) -> str:
    last = told.last
    count, chosen = len(told.task.candidates), len(last.chosen)
    if not last.proved:
        return "The time was up before it was proved that no other choice is better."
    others = "No other" if chosen == 1 else f"No other {chosen:,}"
    do = "does" if chosen == 1 else "do"
    return (
        f"{others} of the {count:,} places {do} better; this was proved, not tried: each choice that was not looked at "
        f"by itself belongs to a group of which none can be better."
    )


def _one_by_one(told: Told) -> str:
    """Say what it comes to if the best next place is taken again and again."""
    last = told.last
    greedy = last.solved.greedy
    if greedy is None or len(last.chosen) < 2:
        return ""
    start = "To take the best place, then the best beside it, and so on, comes to"
    if greedy == last.chosen:
        return f"{start} the same."
    return f"{start} {gain_text(told, last.worse(greedy))} less."


def _figures(told: Told) -> str:
    found = told.last.solved.found
    value = found.choices[0].value
    gap = abs(found.bound - value) / max(1.0, abs(found.bound))
    unit = _UNITS[told.task.asked.aim]
    if told.task.favour is not None and told.last.factor != 1:
        unit += _HUNDREDTHS
    return (
        f"Value {value:,.0f}, bound {found.bound:,.0f}, gap {gap:.1g}, groups of choices looked into {found.nodes:,}; "
        f"in {unit}. Method: linear relaxation with Benders cuts, branch and bound, HiGHS."
    )


def _again(told: Told) -> str:
    task = told.task
    return (
        f"The value was measured again from the chosen places, for all {task.reach.total:,.0f} residents at their "
        f"{len(task.points):,} points."
    )
