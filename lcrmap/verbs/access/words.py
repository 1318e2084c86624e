"""What is said of access: how much there is for how many, how unequal it is, and where it reads high."""

from __future__ import annotations

from typing import Final

import numpy as np

from lcrmap.analysis.access import PER, decayed
from lcrmap.verbs.access.told import Told
from lcrmap.verbs.numbers import listed, located, number_words, share_words
from lcrmap.verbs.rivers import over_words

__all__ = ["access_aside", "access_finding", "access_notes", "access_sentences"]

_SHOWN: Final = 5


def access_finding(told: Told) -> str:
    """Say how many have none, and what those have on average that is reached; without the full stop."""
    found = told.found
    without = float(found.weight[found.access == 0].sum())
    what = told.unit if told.asked.supply is not None else told.layer.metadata.noun(1)
    near = f"{what} within {told.far}{over_words(told.across)}"
    if not without:
        article = "" if told.asked.supply is not None else f"{_article(what)} "
        return f"All {told.total:,.0f} residents have {article}{near}{access_aside(told)}"
    have = "has" if without == 1 else "have"
    return (
        f"{without:,.0f} of {told.total:,.0f} residents ({share_words(without, told.total)}) {have} no {near}"
        f"{access_aside(told)}"
    )


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiouAEIOU" else "a"


def access_aside(told: Told) -> str:
    """Say what is there for all, and how unequal it is: the end of the finding, which stands below a headline."""
    mean = told.mean(told.found.weight)
    if not mean:
        return "; nobody has any"
    there = f"the {told.unit} that somebody reaches are {number_words(mean, 3)} for each {PER:,} of all residents"
    return f"; {there}; {_unequal(told)}"


def _unequal(told: Told) -> str:
    said = f"Gini {told.unequal:.2f}" if np.isfinite(told.unequal) else "nobody has any"
    if np.isfinite(told.ratio):
        said += f", and the most deprived fifth have {told.ratio:.2f} times what the least deprived fifth have"
    return said


def access_sentences(told: Told) -> tuple[str, ...]:
    """Say what it adds up to, what the measure of inequality means, and which figures read high."""
    said = [_sum(told), _decay(told), _gini(told), _beyond(told)]
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
            f"by no {_resident(told)}."
        )
    many, rest = int(found.reached.sum()), len(lost)
    tail = (
        f" {rest:,} {'is' if rest == 1 else 'are'} reached by no {_resident(told)}." if rest else ""
    )
    noun = located(told.unit, some=many + rest < len(found.supply))
    return f"What residents have adds up to {many:,} of the {many + rest:,} {noun}.{tail}"


def _resident(told: Told) -> str:
    """Say of whom alone it is known whether they reach a feature."""
    return f"resident of {told.region} (people outside it are not counted)"


def _decay(told: Told) -> str:
    """Say how a feature counts less with distance, if it does."""
    if told.asked.decay == "step":
        return ""
    half, end = (
        number_words(float(decayed(np.array([each]), told.asked.within, told.asked.decay)[0]), 2)
        for each in (told.asked.within / 2, told.asked.within)
    )
    return (
        f"What is far counts less ({told.asked.decay} decay): 1 at 0 m, {half} at half of {told.far}, {end} at "
        f"{told.far} and nothing beyond."
    )


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
        noun = told.layer.metadata.noun(len(lost))
        said.append(
            f"{len(lost):,} {noun} reached within {told.far} by no {_resident(told)}: {named}."
        )
    beyond = _beyond(told)
    return [*said, *([beyond] if beyond else [])]
