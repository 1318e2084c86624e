"""A group of residents who count more than others, and what that costs the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lcrmap.analysis.chords import Floats
from lcrmap.errors import UnknownNameError
from lcrmap.verbs.people import DEPRIVED, People

__all__ = ["Favour", "opened_favour"]

_HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class Favour:
    """How often the residents of a group count.

    Attributes
    ----------
    group, words
        What tables and sentences call it.
    least, most
        The factors.
    members
        Residents of the group, person by person.
    residents
        All residents.
    """

    group: str
    words: str
    least: float
    most: float
    members: Floats
    residents: Floats

    def weight(self, factor: float) -> Floats:
        """Return residents as they count, in hundredths of one, so that they are whole numbers."""
        extra = round(_HUNDREDTHS * (factor - 1), 6)
        return _HUNDREDTHS * self.residents + extra * self.members

    def mean(self, metres: Floats) -> float:
        """Return the mean distance of the group."""
        some = self.members > 0
        if not some.any():
            return float("nan")
        return float((metres[some] * self.members[some]).sum() / self.members.sum())

    def within(self, metres: Floats, distance: float) -> float:
        """Return how many of the group live within a distance."""
        return float(self.members[metres <= distance].sum())


def opened_favour(asked: tuple[str, float, float] | None, people: People) -> Favour | None:
    """Return who is favoured; None if nobody.

    Raises
    ------
    UnknownNameError
        If the pack knows no such group.
    """
    if asked is None:
        return None
    group, least, most = asked
    known = [name for name in people.weights if name != "residents"]
    if group not in known:
        raise UnknownNameError("group", group, known)
    return Favour(
        group, DEPRIVED[group], least, most, people.weights[group], people.weights["residents"]
    )


def factors_between(low: float, high: float) -> Iterator[float]:
    """Yield the ends of a range of factors, once if they are the same."""
    yield low
    if high != low:
        yield high
