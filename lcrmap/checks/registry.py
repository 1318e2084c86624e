"""The rules, what they are given, and what they find.

A rule is one function from a subject to a finding or None. A *fault* makes a layer unusable and is raised
when it is opened; a *notice* is said and the layer is used as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.checks.demands import read_cells
from lcrmap.errors import DataError
from lcrmap.layers.constraints import Constraints

__all__ = [
    "RULES",
    "Claim",
    "Distance",
    "Fault",
    "Finding",
    "RowNumbers",
    "Rule",
    "Subject",
    "check",
    "counted_rows",
    "raise_faults",
    "rows_in_words",
    "sentence",
]

Severity = Literal["fault", "notice"]

SHOWN_ROWS = 5
"""How many rows a message lists; the finding itself holds all of them."""


# The formats in which a cell is a text.
_TABLES = ("csv", "xlsx", "ods")
# What British National Grid coordinates can be, in metres.
GRID_EAST, GRID_NORTH = 700_000, 1_300_000
# Half the width of the Web Mercator map, in metres.
MERCATOR = 20_037_508.35
# Rounding may carry a vertex this far over the edge of the world.
SLACK = 1e-6


RowNumbers = Callable[[Sequence[int]], Sequence[int]]
"""Tells by which numbers a person finds some rows, which are given from 0."""


Distance = Callable[[gpd.GeoSeries, gpd.GeoSeries], np.ndarray[Any, Any]]
"""Tells how many metres each of some shapes lies from the nearest of others, along the ground; 0 where they touch."""


def counted_rows(rows: Sequence[int]) -> list[int]:
    """Return the numbers of rows where nothing but the rows is counted, from 1."""
    return [row + 1 for row in rows]


def _unmeasured(shapes: gpd.GeoSeries, others: gpd.GeoSeries) -> np.ndarray[Any, Any]:
    """Stand in where a layer is only opened: `lcrmap check` alone looks at rules that measure, and hands in how."""
    raise NotImplementedError("Hand in what measures: a Subject's distance.")


@dataclass(frozen=True, eq=False)
class Claim:
    """A column that says in which area each feature lies.

    Attributes
    ----------
    column
        The column.
    areas
        The areas with their outlines, in any CRS.
    rows
        Of each feature, the number of the area that it names; -1 where it names none.
    names
        What the areas are called.
    """

    column: str
    areas: gpd.GeoSeries
    rows: np.ndarray[Any, Any]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """A layer as the rules look at it.

    Attributes
    ----------
    where
        What to call it in messages, such as ``'sites.csv'``.
    region
        West, south, east, north of the pack's region in degrees, to tell swapped coordinates; None if unknown.
    need_geometry
        Whether a layer without any position is a fault.
    row_numbers, row_word
        How a person finds rows in the file: the first row of a CSV is most often line 2.
    key
        The column whose values name the features; empty to name them by number.
    x, y
        The coordinate columns, if it is a table.
    format
        The name of the file's format, such as ``geojson``; empty if it is not known.
    label
        The column of the features' names; empty if there is none.
    inside
        Areas in which all features are meant to lie; None if nobody says so.
    claims
        What columns say of where features lie.
    schema
        What the data package demands of each field, where the file is one of its own.
    distance
        What measures, for the rules that ask how far. The analysis has it, which stands above the rules.
    """

    frame: gpd.GeoDataFrame
    where: str
    region: tuple[float, float, float, float] | None = None
    need_geometry: bool = False
    row_numbers: RowNumbers = counted_rows
    row_word: str = "feature"
    key: str = ""
    x: str = ""
    y: str = ""
    format: str = ""
    label: str = ""
    inside: gpd.GeoDataFrame | None = None
    claims: tuple[Claim, ...] = ()
    schema: tuple[Constraints, ...] = ()
    distance: Distance = _unmeasured

    @cached_property
    def values(self) -> dict[str, pd.Series[Any]]:
        """The columns but for the shapes, by name."""
        shapes = self.frame.active_geometry_name
        return {str(name): each for name, each in self.frame.items() if name != shapes}

    @cached_property
    def cells(self) -> dict[str, list[Any]]:
        """The values of columns that the schema describes as Python's own, None for none; of a table, as they read."""
        texts = self.format in _TABLES
        return {
            each.name: read_cells(self.values[each.name], each.type if texts else "any")
            for each in self.schema
            if each.name in self.values
        }

    @cached_property
    def shapes(self) -> np.ndarray[Any, Any]:
        """The geometries, None where there is no position."""
        return np.asarray(self.frame.geometry.array, dtype=object)

    @cached_property
    def coordinates(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """All vertices, and the row to which each belongs."""
        return shapely.get_coordinates(self.shapes, return_index=True)

    @cached_property
    def looks_like(self) -> str:
        """What all numbers together look like: degrees, swapped, grid, mercator, mixed, or nothing."""
        points = self.coordinates[0]
        finite = np.isfinite(points).all(axis=1)
        points = points if finite.all() else points[finite]
        if not len(points):
            return ""
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        if max(-west, east) <= 180 + SLACK and max(-south, north) <= 90 + SLACK:
            return "degrees"
        x, y = np.abs(points).T
        if x.max() <= 90 and y.max() <= 180 and (y > 90).mean() > 0.5:
            return "swapped"
        if ((x <= 180 + SLACK) & (y <= 90 + SLACK)).any():
            return "mixed"
        if min(west, south) >= 0 and east <= GRID_EAST and north <= GRID_NORTH:
            return "grid"
        return "mercator" if max(x.max(), y.max()) <= MERCATOR else "mixed"

    @cached_property
    def placed_rows(self) -> np.ndarray[Any, Any]:
        """The positions of the rows that have a shape, from 0."""
        rows: np.ndarray[Any, Any] = np.flatnonzero(~np.isnan(self._bounds).any(axis=1))
        return rows

    @cached_property
    def _bounds(self) -> np.ndarray[Any, Any]:
        return np.asarray(shapely.bounds(self.shapes))

    @cached_property
    def centres(self) -> np.ndarray[Any, Any]:
        """The middle of each placed feature's bounding box."""
        bounds = self._bounds[self.placed_rows]
        middle: np.ndarray[Any, Any] = (bounds[:, :2] + bounds[:, 2:]) / 2
        return middle


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes
    ----------
    what
        The rest of a sentence that begins with the layer, such as "has positions beyond 90 degrees".
    remedy
        How to mend it, with the options by name.
    rows
        The positions of the rows concerned, from 0; empty if it concerns the layer as a whole.
    details
        What is wrong with each of these rows, where that differs; empty if nothing more is known.
    """

    what: str
    remedy: str
    rows: tuple[int, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, how bad a finding is, the error that it raises, and the function.

    Attributes
    ----------
    opens
        Whether it is looked at whenever a layer is opened; else only when somebody asks for all that is wrong.
    """

    id: str
    severity: Severity
    error: type[DataError]
    find: Callable[[Subject], Finding | None] = field(compare=False)
    opens: bool = True

    @property
    def title(self) -> str:
        """The first line of the function's docstring."""
        return (self.find.__doc__ or self.id).strip().splitlines()[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding together with the rule that made it and the sentence that says it."""

    rule: Rule
    finding: Finding
    sentence: str


RULES: dict[str, Rule] = {}
"""All rules by id, in the order in which they are looked at."""


def rule(
    name: str, severity: Severity, error: type[DataError], *, opens: bool = True
) -> Callable[[Callable[[Subject], Finding | None]], Callable[[Subject], Finding | None]]:
    """Register a function as the rule called `name`."""

    def register(find: Callable[[Subject], Finding | None]) -> Callable[[Subject], Finding | None]:
        RULES[name] = Rule(name, severity, error, find, opens)
        return find

    return register


def check(
    subject: Subject, *, every: bool = False, rules: Iterable[Rule] | None = None
) -> tuple[Fault, ...]:
    """Return all that the rules find, faults before notices.

    Parameters
    ----------
    every
        Whether to look at the rules too that opening a layer does without.
    rules
        These rules alone, whatever `every` says; None for all.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame(geometry=[shapely.Point(338000, 391000)], crs="EPSG:4326")
    >>> [each.rule.id for each in check(Subject(frame, "'sites.geojson'"))]
    ['grid-as-degrees']
    """
    found = []
    with np.errstate(all="ignore"):  # not-finite coordinates are what is looked for
        for each in RULES.values() if rules is None else rules:
            if not (each.opens or every or rules is not None):
                continue
            finding = each.find(subject)
            if finding is not None:
                found.append(Fault(each, finding, sentence(subject, finding)))
    return tuple(sorted(found, key=lambda fault: fault.rule.severity != "fault"))


def raise_faults(found: Sequence[Fault]) -> tuple[str, ...]:
    """Raise one error for all faults, or return the notices as sentences.

    Raises
    ------
    DataError
        Of the class of the first fault; its message says that one whole and how many more there are.
    """
    faults = [each for each in found if each.rule.severity == "fault"]
    if not faults:
        return tuple(each.sentence for each in found)
    first, more = faults[0], len(faults) - 1
    message = first.sentence
    if more:
        word = "fault" if more == 1 else "faults"
        others = ", ".join(each.rule.id for each in faults[1:])
        message = f"{message.removesuffix('.')}, and {more} more {word} ({others})."
    raise first.rule.error(message)


def rows_in_words(subject: Subject, rows: Sequence[int], *, count: int | None = None) -> str:
    """Return which rows they are, at most five of them by id or number.

    Parameters
    ----------
    count
        How many rows there are, where `rows` are only the first of them.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[None, None])
    >>> rows_in_words(Subject(frame, "it", key="id"), [1])
    'feature b'
    >>> rows_in_words(Subject(frame, "it", row_numbers=lambda rows: [row + 2 for row in rows], row_word="line"), [0, 1])
    'lines 2 and 3'
    """
    shown = list(rows[:SHOWN_ROWS])
    count = len(rows) if count is None else count
    if subject.key and subject.row_word != "line":
        names = [f"{subject.frame[subject.key].iloc[row]!s:.40}" for row in shown]
    else:
        names = [str(number) for number in subject.row_numbers(shown)]
    word = subject.row_word if count == 1 else f"{subject.row_word}s"
    more = count - len(shown)
    if more:
        return f"{word} {', '.join(names)} and {more} more"
    last = names.pop()
    return f"{word} {', '.join(names)} and {last}" if names else f"{word} {last}"


def sentence(subject: Subject, finding: Finding, *, count: int | None = None) -> str:
    """Say a finding: what it is about, what is wrong, where, and the remedy; `count` as for `rows_in_words`."""
    place = f", in {rows_in_words(subject, finding.rows, count=count)}" if finding.rows else ""
    return f"{subject.where} {finding.what}{place}: {finding.remedy}."
