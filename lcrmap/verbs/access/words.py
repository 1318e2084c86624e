"""What is said of access: how much there is for how many, how unequal it is, and where it reads high."""

from __future__ import annotations

from typing import Final

import numpy as np

from lcrmap.analysis.access import PER
from lcrmap.verbs.access.told import Told
from lcrmap.verbs.numbers import listed, located, number_words, share_words
from lcrmap.verbs.rivers import over_words

__all__ = ["access_aside", "access_finding", "access_notes", "access_sentences"]

_SHOWN: Final = 5


def access_finding(told: Told) -> str:
    """Say how much residents have on average, and how many have none; without the full stop."""
    found = told.found
    mean = told.mean(found.weight)
    without = float(found.weight[found.access == 0].sum())
    have = "has" if without == 1 else "have"
    return (
        f"{number_words(mean, 3)} {told.unit} within {told.far} for each {PER:,} residents{over_words(told.across)}; "
        f"{without:,.0f} of {told.total:,.0f} ({share_words(without, told.total)}) {have} none{access_aside(told)}"
    )


def access_aside(told: Told) -> str:
    """Say how unequal it is: the end of the finding, which stands below a headline."""
    return f"; {_unequal(told)}"


def _unequal(told: Told) -> str:
    said = f"Gini {told.unequal:.2f}" if np.isfinite(told.unequal) else "nobody has any"
    if np.isfinite(told.ratio):
        said += f", and the most deprived fifth have {told.ratio:.2f} times what the least deprived fifth have"
    return said


def access_sentences(told: Told) -> tuple[str, ...]:
    """Say what it adds up to, what the measure of inequality means, and which figures read high."""
    said = [_sum(told), _gini(told), _beyond(told)]
    if told.across is not None:
        said.append(told.across.bound)
    return tuple(filter(None, said))


def _sum(told: Told) -> str:
    found, lost = told.found, told.lost
    reached = float(found.supply[found.reached].sum())
    supplied = reached + float(found.supply[lost].sum())
    if told.asked.supply is not None:
        return (
            f"What residents have adds up to {number_words(reached)} of {number_words(supplied)}; the rest is reached "
            f"by no resident."
        )
    many, rest = int(found.reached.sum()), len(lost)
    tail = f" {rest:,} {'is' if rest == 1 else 'are'} reached by no resident." if rest else ""
    noun = located(told.unit, some=many + rest < len(found.supply))
    return f"What residents have adds up to {many:,} of the {many + rest:,} {noun}.{tail}"


def _gini(told: Told) -> str:
    if not np.isfinite(told.unequal):
        return ""
    return (
        f"The Gini coefficient of {told.unequal:.2f} says how unequal that is: 0 if each resident had as much as any "
        f"other, near 1 if one had all."
    )


def _beyond(told: Told) -> str:
    """Say that people outside the region share some features too, so that their access reads high."""
    some = told.beyond & told.found.reached
    many = int(some.sum())
    if not many:
        return ""
    shared, have = (
        told.found.among(told.areas.rows, len(told.areas), some)[-1],
        told.found.checked(),
    )
    noun = told.layer.metadata.noun(many)
    they = "it" if many == 1 else "them"
    verb = "lies" if many == 1 else "lie"
    return (
        f"{many:,} {noun} {verb} so near the border of {told.region} that people outside, who are not counted, share "
        f"{they}: the access from {they}, {share_words(shared, have)} of all, reads high."
    )


def access_notes(told: Told) -> list[str]:
    """Say which features nobody reaches, and what is not known."""
    said = []
    if told.across is not None:
        said += [*told.across.notes]
        said += told.across.unsure_notes(told.across.unsure(told.layer), told.layer.metadata)
    lost = told.lost
    if len(lost):
        names = [told.spots.names[each] for each in lost[:_SHOWN].tolist()]
        more = len(lost) - _SHOWN
        named = listed([*names, *([f"{more:,} more"] if more > 0 else [])])
        said.append(
            f"{len(lost):,} {told.layer.metadata.noun(len(lost))} reached by no resident within {told.far}: {named}."
        )
    beyond = _beyond(told)
    return [*said, *([beyond] if beyond else [])]
