"""What each of some candidates would bring each person: the sparse table from which a choice is made.

A person gains from the best of the chosen candidates alone, so what a choice brings is, summed over the people, the
largest of each one's gains. Only pairs that bring anything are kept: a candidate farther away than the nearest existing
feature changes nothing for that person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lcrmap.analysis.chords import Floats, Rows

__all__ = ["Gains", "gains_of"]


@dataclass(frozen=True, eq=False)
class Gains:
    """What candidates bring people, person by person, the best candidate of each first.

    Attributes
    ----------
    people
        The row number of each person who gains anything, in order.
    starts
        Where each one's pairs begin; one more than there are people.
    candidate, saved
        Of each pair: the row number of the candidate, and what one resident gains, such as millimetres.
    weight
        How many residents each person of `people` stands for.
    candidates
        How many there are.
    """

    people: Rows
    starts: Rows
    candidate: Rows
    saved: Floats
    weight: Floats
    candidates: int

    @cached_property
    def row(self) -> Rows:
        """The place in `people` of each pair's person."""
        return np.repeat(np.arange(len(self.people)), np.diff(self.starts))

    @cached_property
    def gain(self) -> Floats:
        """What each pair brings all the residents that its person stands for."""
        return self.saved * self.weight[self.row]

    @cached_property
    def alone(self) -> Floats:
        """What each candidate brings without the others."""
        alone = np.bincount(self.candidate, self.gain, minlength=self.candidates)
        return alone.astype(np.float64)  # of no pairs they are whole numbers

    @cached_property
    def best(self) -> Rows:
        """The candidate from which each person gains the most."""
        return self.candidate[self.starts[:-1]]

    def first(self, chosen: Sequence[int] | Rows) -> tuple[Rows, Rows]:
        """Return who gains from a choice, as places in `people`, and by which pair: that of the best of the chosen."""
        mask = np.zeros(self.candidates, dtype=bool)
        mask[np.asarray(chosen, dtype=np.int64)] = True
        pairs = np.flatnonzero(mask[self.candidate])
        who, at = np.unique(self.row[pairs], return_index=True)
        return who, pairs[at]

    def of(self, chosen: Sequence[int] | Rows) -> float:
        """Return what a choice brings.

        Examples
        --------
        >>> table = gains_of([0, 0, 1], [0, 1, 1], [5.0, 9.0, 2.0], np.array([1.0, 10.0]), 2)
        >>> table.of([0]), table.of([1]), table.of([0, 1]), table.alone.tolist()
        (5.0, 29.0, 29.0, [5.0, 29.0])
        """
        return float(self.gain[self.first(chosen)[1]].sum())

    def weighted(self, weight: Floats) -> Gains:
        """Return the same gains of other numbers of residents, one for each person there is."""
        some = weight[self.people]
        return Gains(self.people, self.starts, self.candidate, self.saved, some, self.candidates)


def gains_of(
    person: Sequence[int] | Rows,
    candidate: Sequence[int] | Rows,
    saved: Sequence[float] | Floats,
    weight: Floats,
    candidates: int,
) -> Gains:
    """Put pairs of persons and candidates in order; those that bring nothing are left out.

    Parameters
    ----------
    person, candidate, saved
        One of each for a pair, in any order; of a pair that comes twice the largest gain counts.
    weight
        How many residents each person stands for; those who stand for none are left out.
    candidates
        How many there are.
    """
    who, what = np.asarray(person, dtype=np.int64), np.asarray(candidate, dtype=np.int64)
    gain = np.asarray(saved, dtype=np.float64)
    kept = (gain > 0) & (weight[who] > 0)
    who, what, gain = who[kept], what[kept], gain[kept]
    order = np.lexsort([what, -gain, who])
    who, what, gain = who[order], what[order], gain[order]
    people, starts = np.unique(who, return_index=True)
    return Gains(people, np.append(starts, len(who)), what, gain, weight[people], candidates)
