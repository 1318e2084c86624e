"""What an answer about access speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lcrmap.analysis.access import PER, Access, gini
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.metric import placed
from lcrmap.layers import Layer
from lcrmap.verbs.access.question import Access as Asked
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import Across

__all__ = ["Told"]


@dataclass(frozen=True, eq=False)
class Told:
    """The figures of an answer.

    Attributes
    ----------
    found
        What each person has.
    areas
        The areas of the rows, with what each person's is.
    groups
        The pack's own kinds of groups, such as deciles of deprivation.
    outside
        For each feature the share of the land within the distance of which the pack knows no residents, in percent.
    """

    asked: Asked
    found: Access
    people: People
    spots: Spots
    areas: Groups
    groups: tuple[Groups, ...]
    outside: Floats
    region: str
    across: Across | None = None

    @property
    def far(self) -> str:
        """The distance as it was asked for."""
        return distance_words(self.asked.within, exact=True)

    @property
    def layer(self) -> Layer:
        """The features that are shared."""
        return self.spots.layer

    @property
    def unit(self) -> str:
        """What is shared, many of them: features, or units of a column."""
        if self.asked.supply is not None:
            return self.layer.field(self.asked.supply).title.lower()
        return self.layer.metadata.noun_many

    @property
    def total(self) -> float:
        """How many residents there are."""
        return float(self.found.weight.sum())

    @property
    def beyond(self) -> np.ndarray:
        """Tell of each feature whether people of whom nothing is known may share it."""
        return self.outside > 0

    @cached_property
    def lost(self) -> Rows:
        """The features with a position that nobody reaches."""
        return np.flatnonzero(~self.found.reached & placed(self.layer.frame.geometry))

    @cached_property
    def unequal(self) -> float:
        """The Gini coefficient over all residents."""
        return gini(self.found.access, self.found.weight)

    def mean(self, weight: Floats) -> float:
        """Return what so many residents at each point have on average, per 10,000; NaN of none."""
        return PER * float(self.found.access @ weight) / weight.sum() if weight.sum() else np.nan

    @cached_property
    def fifths(self) -> tuple[float, float] | None:
        """What the most and the least deprived fifth have on average; None where the pack knows no tenths."""
        kind = next((each for each in self.groups if each.areas is None and len(each) == 10), None)
        if kind is None:
            return None
        most, least = (
            self.mean(self.found.weight * np.isin(kind.rows, some)) for some in ((0, 1), (8, 9))
        )
        return None if np.isnan([most, least]).any() else (most, least)

    @property
    def ratio(self) -> float:
        """What the most deprived fifth have, as a multiple of what the least deprived have; NaN if that is unknown."""
        if self.fifths is None or not self.fifths[1]:
            return float("nan")
        return self.fifths[0] / self.fifths[1]
