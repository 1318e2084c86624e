"""Columns from the properties of features: which there are, in which order, and of which type.

A value stays what JSON says it is: no text becomes a number, no number a text. A column whose values are of one kind
has that type; one of several kinds holds them as they are, and its type is "any".
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from lcrmap.errors import FileError
from lcrmap.io.columns import DEEPEST, EXACT, Column, is_deep

__all__ = [
    "LONGEST",
    "Members",
    "Values",
    "cells_of",
    "column_of",
    "members_of",
    "refuse_deep_cells",
    "values_of",
]

_KINDS: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
LONGEST: Final = 2**63
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Members:
    """The names of the properties of some features; ``+`` puts those of features that follow each other together.

    Attributes
    ----------
    names
        In the order in which they first come.
    behind
        Pairs of names that come one directly behind the other in some feature.
    """

    names: tuple[str, ...] = ()
    behind: frozenset[tuple[str, str]] = frozenset()

    def __add__(self, other: Members) -> Members:
        return Members(
            tuple(dict.fromkeys((*self.names, *other.names))), self.behind | other.behind
        )

    @property
    def ordered(self) -> list[str]:
        """The names in the order that they have in the features; what these leave open is alphabetical.

        Where features contradict each other, the name that comes first stands first. GDAL does the same.

        Examples
        --------
        >>> (Members(("a", "c"), frozenset({("a", "c")})) + Members(("b",), frozenset({("b", "a")}))).ordered
        ['b', 'a', 'c']
        """
        waits = dict.fromkeys(self.names, 0)
        next_of: dict[str, list[str]] = {name: [] for name in self.names}
        for before, name in self.behind:
            next_of[before].append(name)
            waits[name] += 1
        ready = [name for name, count in waits.items() if not count]
        heapq.heapify(ready)
        found: dict[str, None] = {}
        for first in self.names:
            if not ready and first not in found:
                ready.append(first)
            while ready:
                name = heapq.heappop(ready)
                found[name] = None
                for each in next_of[name]:
                    waits[each] -= 1
                    if not waits[each] and each not in found:
                        heapq.heappush(ready, each)
        return list(found)


@dataclass(frozen=True, slots=True)
class Values:
    """What is known of a column in some features; ``+`` puts two runs of them together.

    Attributes
    ----------
    kinds
        The types of its values.
    gaps
        How many features have none.
    long, longest
        Whether a whole number is longer than floating point, or than 64 bits, can hold.
    """

    kinds: frozenset[str] = field(default_factory=frozenset)
    gaps: int = 0
    long: bool = False
    longest: bool = False

    def __add__(self, other: Values) -> Values:
        return Values(
            self.kinds | other.kinds,
            self.gaps + other.gaps,
            self.long or other.long,
            self.longest or other.longest,
        )

    @property
    def type(self) -> str:
        """The column's Frictionless type: one that holds every value to the last digit."""
        if not self.kinds:
            return "string"
        if self.kinds == {"integer"}:
            return "any" if self.longest or (self.long and self.gaps) else "integer"
        if self.kinds == {"integer", "number"}:
            return "any" if self.long else "number"
        return next(iter(self.kinds)) if len(self.kinds) == 1 else "any"


def members_of(features: Iterable[Mapping[str, Any]]) -> Members:
    """Return the names of the properties; a feature's own id is one where it has no property "id"."""
    names: dict[str, None] = {}
    behind: set[tuple[str, str]] = set()
    for each in dict.fromkeys(map(_members, features)):
        names.update(dict.fromkeys(each))
        behind.update(itertools.pairwise(each))
    return Members(tuple(names), frozenset(behind))


def _members(feature: Mapping[str, Any]) -> tuple[str, ...]:
    properties = feature.get("properties") or {}
    own = feature.get("id") is not None and "id" not in properties
    return ("id", *properties) if own else tuple(properties)


def cells_of(features: Sequence[Mapping[str, Any]], names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the value of each feature for each name, None where it has none."""
    rows = [each.get("properties") or {} for each in features]
    cells = {name: [each.get(name) for each in rows] for name in names}
    if "id" in cells:
        own = (each.get("id") for each in features)
        cells["id"] = [each.get("id", other) for each, other in zip(rows, own, strict=True)]
    return cells


def values_of(cells: Sequence[Any]) -> Values:
    """Look at values.

    Examples
    --------
    >>> values_of([1, None, 2**64]).type, values_of([1, 2.5]).type, values_of(["12", 7]).type
    ('any', 'number', 'any')
    """
    types = set(map(type, cells))
    kinds = frozenset(_KINDS[each] for each in types if each is not type(None))
    whole = [each for each in cells if type(each) is int] if int in types else [0]
    low, high = min(whole), max(whole)
    gaps = cells.count(None) if type(None) in types else 0
    long = low <= -EXACT or high >= EXACT
    return Values(kinds, gaps, long, low < -LONGEST or high >= LONGEST)


def refuse_deep_cells(cells: Mapping[str, Sequence[Any]], where: str) -> None:
    """Refuse properties that hold lists and objects within each other deeper than `DEEPEST`; raises FileError."""
    for name, values in cells.items():
        if not {list, dict} & set(map(type, values)):
            continue
        for row, value in enumerate(values):
            if isinstance(value, list | dict) and is_deep(value):
                raise FileError(
                    f"Feature {row + 1} of {where} nests lists or objects in '{name:.80}' more than {DEEPEST} deep, "
                    f"which is the bound: make it flatter, or write it as text in quotes."
                )


def column_of(name: str, cells: Sequence[Any], kind: str) -> Column:
    """Return a column of a type that holds all its values."""
    if kind == "integer" and None not in cells:
        return Column(name, kind, np.fromiter(cells, np.int64, len(cells)))
    if kind == "string":
        return Column(name, kind, np.array([_text(each) for each in cells], dtype=object))
    return Column(name, kind, cells)


def _text(value: str | None) -> str | None:
    """Return a text in which nothing stands that has no form in UTF-8: half of a pair of surrogates."""
    if value is None or value.isascii() or not _SURROGATE.search(value):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
