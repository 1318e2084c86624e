"""What was found near places of one target, from which rows, words and page are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.layers import Category, Layer
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import Across

__all__ = ["Found", "Reach", "with_names"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many places have something within a distance.

    Attributes
    ----------
    places, placed
        How many there are, and how many have a position.
    within
        How many have it by their position.
    surely, possibly
        How many have it wherever within their errors the positions are, and how many may have it.
    unknown
        For how many placed ones an unknown error leaves it open whether they may.
    """

    places: int
    placed: int
    within: int
    surely: int
    possibly: int
    unknown: int

    @classmethod
    def of(cls, reached: pd.DataFrame) -> Reach:
        """Count what `lcrmap.analysis.proximity.within_reach` tells of each place."""
        placed = reached["within"].notna()
        return cls(
            places=len(reached),
            placed=int(placed.sum()),
            within=int(reached["within"].sum()),
            surely=int(reached["surely"].sum()),
            possibly=int(reached["possibly"].sum()),
            unknown=int(reached["possibly"][placed].isna().sum()),
        )

    def __add__(self, other: Reach) -> Reach:
        """Count other places too."""
        return Reach(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found of one target.

    Attributes
    ----------
    spots, target
        The two sides.
    pairs
        As `lcrmap.analysis.proximity.near` gives them, by row numbers of the two layers.
    available
        How many target features could have been found.
    reached
        How many places have a target within the distance; None if none was asked for.
    tied
        For how many places more are listed than were asked for, as they share the last rank.
    across
        The crossings over which is measured; None if straight.
    taken
        Which of them is taken on the way to the nearest, of each place whose way crosses.
    unsure
        How many places may lie on the other bank.
    known
        The crossings that straight distances leave aside; None if there are none.
    farther
        By how many metres it is farther over them, of each place whose nearest lies across.
    """

    spots: Spots
    target: Spots
    pairs: pd.DataFrame
    available: int
    reached: Reach | None
    tied: int = 0
    across: Across | None = None
    taken: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    unsure: int = 0
    known: Across | None = None
    farther: Floats = field(default_factory=lambda: np.empty(0))

    def __add__(self, other: Found) -> Found:
        """Return what was found of the same target for these places and others behind them."""
        behind = other.pairs.assign(left=other.pairs["left"] + len(self.spots.keys))
        reached = None
        if self.reached is not None and other.reached is not None:
            reached = self.reached + other.reached
        return replace(
            self,
            spots=self.spots + other.spots,
            pairs=pd.concat([self.pairs, behind], ignore_index=True),
            reached=reached,
            tied=self.tied + other.tied,
            taken=np.concatenate([self.taken, other.taken]),
            unsure=self.unsure + other.unsure,
            farther=np.concatenate([self.farther, other.farther]),
        )

    def counts(self) -> Found:
        """Return what was counted, without the places and pairs themselves.

        Their memory is let go of, too: an empty slice of text would hold on to it.
        """
        return replace(self, spots=self.spots.emptied(), pairs=self.pairs.take([]))

    def told(self) -> dict[str, Any]:
        """Return what was counted as plain values."""
        return {
            "reached": None if self.reached is None else list(astuple(self.reached)),
            "tied": self.tied,
            "taken": self.taken.tolist(),
            "unsure": self.unsure,
            "farther": self.farther.tolist(),
        }

    def as_told(self, told: Mapping[str, Any]) -> Found:
        """Return the same of other places, of which so much was counted."""
        return replace(
            self,
            reached=None if told["reached"] is None else Reach(*told["reached"]),
            tied=told["tied"],
            taken=np.array(told["taken"], dtype=np.int64),
            unsure=told["unsure"],
            farther=np.array(told["farther"], dtype=np.float64),
        )

    @property
    def noun(self) -> str:
        """What one target is called."""
        if self.target.single:
            return self.target.names[0]
        noun = self.target.layer.metadata.noun_one
        return f"feature of {self.target.layer.name}" if noun == "feature" else noun


def with_names(layer: Layer, found: Sequence[Found]) -> Layer:
    """Return rows with the names of those that may be nearer instead, of which a table has the ids."""
    names = {
        key: name
        for each in found
        for key, name in zip(each.target.keys, each.target.names, strict=True)
    }
    fields = []
    for each in layer.metadata.fields:
        if each.name.endswith("could_also_be") and each.name in layer.frame:
            cells = layer.frame[each.name].dropna().unique()
            called = tuple(Category(cell, _named(cell, names)) for cell in cells)
            fields.append(replace(each, categories=called))
        else:
            fields.append(each)
    return replace(layer, metadata=layer.metadata.replaced(fields=tuple(fields)))


def _named(keys: str, names: Mapping[str, str]) -> str:
    return "; ".join(names.get(each, each) for each in keys.split(", "))
