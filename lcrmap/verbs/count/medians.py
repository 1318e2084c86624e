"""The medians of a count that one pass over the features does not tell: what is sought in further ones, and found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lcrmap.analysis.counting import Category, Groups, Summary, numbers_of
from lcrmap.analysis.medians import Cells, Middles, few_held

__all__ = ["WHOLE", "FoundMedians", "SoughtMedians", "merged_by_column", "with_medians"]

WHOLE: Final = -1
"""Stands for the column of all features, beside those of the categories."""

Of = tuple[int, int]
"""Which median is meant: by the number of its layer and of the category's column, or `WHOLE`."""


@dataclass(frozen=True, slots=True)
class SoughtMedians:
    """Where medians are sought.

    Attributes
    ----------
    cells
        Of each median that is not known yet.
    places
        By layer, the column of each value that divides the features.
    """

    cells: Mapping[Of, Cells]
    places: Mapping[int, Mapping[Any, int]]

    @property
    def layers(self) -> Collection[int]:
        """The layers whose medians are not known yet."""
        return {layer for layer, _ in self.cells}

    def find(
        self, layer: int, groups: Groups, values: pd.Series[Any], cells: pd.Series[Any] | None
    ) -> FoundMedians:
        """Look for the medians of a layer among some of its features."""
        known = values.notna().to_numpy()
        row, numbers = groups.row[known], numbers_of(values)[known]
        column = np.full(len(row), WHOLE)
        if cells is not None:
            codes, found = pd.factorize(cells)
            places = self.places[layer]
            of_code = [places[each] for each in found.tolist()]
            column = np.array([*of_code, places.get(None, WHOLE)], dtype=np.int64)[codes[known]]
        middles = {}
        for (which, place), sought in self.cells.items():
            if which == layer:
                some = slice(None) if place == WHOLE else column == place
                middles[which, place] = Middles.of(row[some], numbers[some], sought)
        return FoundMedians(few_held(middles))


@dataclass(frozen=True, slots=True, eq=False)
class FoundMedians:
    """What was found where medians are sought; ``+`` puts that of two pieces together."""

    middles: Mapping[Of, Middles]

    def __add__(self, other: FoundMedians) -> FoundMedians:
        both = dict(self.middles)
        for of, each in other.middles.items():
            both[of] = both[of] + each if of in both else each
        return FoundMedians(few_held(both))


def merged_by_column(
    categories: Mapping[Any, Category], places: Mapping[Any, int], columns: int
) -> list[Category | None]:
    """Return what was counted by column: values that read alike have the same one."""
    found: list[Category | None] = [None] * columns
    for value, (counts, summary) in categories.items():
        there = found[places[value]]
        if there is not None:
            counts = there[0] + counts
            summary = there[1] + summary if there[1] is not None and summary is not None else None
        found[places[value]] = counts, summary
    return found


def with_medians(summary: Summary, found: Middles | None) -> Summary:
    """Return what is known of numbers with what a further pass found of their medians."""
    return summary if found is None else replace(summary, middles=found)
