"""How a choice was found and what is proved of it, in words that need no mathematics; and the next best ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import figure_text, gain_text, worse_text
from lcrmap.verbs.numbers import listed

__all__ = ["COULD_BE", "SURELY_NOT", "alternatives", "meaning", "proof_words"]

COULD_BE: Final = "could be the better"
SURELY_NOT: Final = "surely not better"

_UNITS: Final = {
    "distance": "millimetres saved by all residents together",
    "farthest": "millimetres saved by all residents together, at the least greatest distance",
    "reach": "residents newly within the distance",
    "everyone": "millimetres saved by all residents together, with the fewest places",
}
_SURE: Final = (
    "The order is that by position: a choice that is hardly worse can be surely so, where it serves the same residents "
    "from nearly the same places."
)
_HUNDREDTHS: Final = ", each counted in hundredths"


def alternatives(told: Told) -> Iterator[tuple[str, ...]]:
    """Yield the best choice and those next to it: place, choice, figure, how much worse, and how sure that is."""
    last = told.last
    for place, choice in enumerate(last.solved.found.choices, 1):
        worse, sure = "", ""
        if place > 1:
            equal = last.as_good(choice)
            worse = "as good" if equal else worse_text(told, last, choice.chosen)
            sure = COULD_BE if last.could_be_best(choice.chosen) else SURELY_NOT
        names = listed(told.names(choice.chosen))
        figure = figure_text(told, last.figure_of(choice.chosen))
        yield f"{place:,}", names, figure, worse, sure


def meaning(told: Told, rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Say what it means that a choice is the best, and that another could be the better all the same."""
    found = "that is proved" if told.last.proved else "as far as was looked"
    said = (
        f"By position, no choice is better than the first: {found}. Positions have errors, though: wherever within "
        f"them all lie, a choice that is {SURELY_NOT!r} is not; one that {COULD_BE!r} may be, if they lie in its "
        "favour."
    )
    sure = [each[-1] for each in rows[1:]]
    if COULD_BE in sure and SURELY_NOT in sure[: sure.index(COULD_BE)]:
        return said, _SURE
    return (said,)


def proof_words(told: Told) -> tuple[str, ...]:
    """Say in plain words how the choice was found, and what is proved of it."""
    return tuple(filter(None, (_proved(told), _one_by_one(told), _figures(told), _again(told))))


def _proved(told: Told) -> str:
    last = told.last
    count, chosen = len(told.task.candidates), len(last.chosen)
    if not last.proved:
        return "The time was up before it was proved that no other choice is better."
    others = "no other" if chosen == 1 else f"no other {chosen:,}"
    do = "does" if chosen == 1 else "do"
    return (
        f"By position, {others} of the {count:,} places {do} better; this was proved, not tried: each choice that was "
        f"not looked at by itself belongs to a group of which none can be better."
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
