"""The first pass over a file in parts: what each split tells, and what all of them tell together.

Looking at a split gives a value, and the values of two runs of splits that follow each other are put together by ``+``,
in any grouping: types, gaps, extent, keys, categories, what the checks need, and how many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj

from lcrmap.checks.parts import Concerned, PartsChecks, PartsSeen
from lcrmap.checks.registry import SHOWN_ROWS
from lcrmap.errors import WholeNeededError
from lcrmap.io.cells import common_kind
from lcrmap.io.describing import (
    LONGEST_NAME,
    MOST_CATEGORIES,
    Facts,
    columns_to_look_at,
    kind_of_types,
)
from lcrmap.io.kept import MOST_KEPT
from lcrmap.io.parts import Split, SplitReader, Wanted
from lcrmap.io.reading import Reading
from lcrmap.io.tasks import Runner, Task, by_number
from lcrmap.io.uniqueness import Uniqueness, uniqueness_of
from lcrmap.layers.points import is_placed, point_numbers

__all__ = [
    "ColumnSeen",
    "Seen",
    "Surveyed",
    "cells_anew",
    "facts_of",
    "few",
    "look_at",
    "seen_of",
    "surveyed_of",
]

Cells = Any  # a pyarrow.Array or ChunkedArray: pyarrow says no types


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """What is known of a column in some rows.

    Attributes
    ----------
    kind
        Of text: the narrowest kind that its cells have; empty if all are.
    gaps
        How many cells are empty.
    values
        The different values, where they may be categories; None for more than a palette tells apart.
    unique
        Whether they may be keys; None if nobody asks.
    guarded
        Of CSV: in how many cells an apostrophe guards a formula.
    """

    kind: str = ""
    gaps: int = 0
    values: frozenset[Any] | None = frozenset()
    unique: Uniqueness | None = None
    guarded: int = 0

    def __add__(self, other: ColumnSeen) -> ColumnSeen:
        known = self.unique is not None and other.unique is not None
        return ColumnSeen(
            common_kind(self.kind, other.kind),
            self.gaps + other.gaps,
            None
            if self.values is None or other.values is None
            else few(self.values | other.values),
            self.unique + other.unique if known else None,  # type: ignore[operator]  # both are
            self.guarded + other.guarded,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of some splits that follow each other.

    Attributes
    ----------
    counts
        How many rows each of them has.
    placed
        How many rows have a position.
    kinds
        The types of their shapes.
    columns
        What is known of the columns that were looked at.
    checks
        What the checks need.
    """

    counts: tuple[int, ...]
    placed: int = 0
    kinds: frozenset[str] = frozenset()
    columns: Mapping[str, ColumnSeen] = field(default_factory=dict)
    checks: PartsSeen = field(default_factory=PartsSeen)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts)

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            (*self.counts, *other.counts),
            self.placed + other.placed,
            self.kinds | other.kinds,
            {name: each + other.columns[name] for name, each in self.columns.items()},
            self.checks + other.checks,
        )

    @property
    def spoilt(self) -> frozenset[str]:
        """The columns that can no longer be keys, at which none need look again."""
        return frozenset(
            name
            for name, each in self.columns.items()
            if each.unique is not None and each.unique.repeated
        )


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A file of which all is known but its rows.

    Attributes
    ----------
    reading
        Its types and notes as the whole would have them, and a frame without rows.
    facts
        What its values tell.
    rows, placed
        How many rows there are, and how many have a position.
    crs
        Its coordinate reference system.
    has_points
        Whether its reader gives coordinates alone.
    splits, reader
        Its rows, and what reads them.
    checks, seen
        What looks whether positions are right, and what it saw.
    """

    reading: Reading
    facts: Facts
    rows: int
    placed: int
    crs: pyproj.CRS | None
    has_points: bool
    splits: tuple[Split, ...]
    reader: SplitReader
    checks: PartsChecks
    seen: PartsSeen


def few(values: frozenset[Any]) -> frozenset[Any] | None:
    """Return values that a palette tells apart; None if there are too many of them."""
    return values if len(values) <= MOST_CATEGORIES else None


def look_at(
    frame: gpd.GeoDataFrame,
    checks: PartsChecks,
    *,
    keys: Collection[str],
    categories: Collection[str],
    gaps: Collection[str] = (),
    spoilt: Collection[str] = (),
    keeps: bool = True,
) -> Seen:
    """Look at the rows of a split.

    Parameters
    ----------
    frame
        Its shapes, and at least the columns of `keys`, `categories` and `gaps`.
    keys, categories
        The columns that may be keys, and those that may be categories.
    gaps
        Further columns of which is to be known whether they have gaps.
    spoilt
        Those that are no keys, as is known already.
    keeps
        Whether what tells keys apart is kept; see `lcrmap.io.uniqueness.uniqueness_of`.
    """
    shapes = frame.geometry
    columns = {}
    for name in dict.fromkeys([*keys, *categories, *gaps]):
        seen = ColumnSeen(gaps=int(frame[name].isna().sum()))
        if name in categories:
            seen = replace(seen, values=few(frozenset(frame[name].dropna().unique())))
        if name in keys:
            known = seen.gaps or name in spoilt
            unique = (
                Uniqueness(repeated=True)
                if known
                else uniqueness_of(_cells(frame[name]), keeps=keeps)
            )
            seen = replace(seen, unique=unique)
        columns[name] = seen
    return Seen(
        (len(frame),),
        int(is_placed(shapes).sum()),
        _kinds(shapes),
        columns,
        checks.shapes(frame),
    )


def _kinds(shapes: gpd.GeoSeries) -> frozenset[str]:
    if point_numbers(shapes) is not None:
        return frozenset({"Point"} if is_placed(shapes).any() else ())
    return frozenset(each for each in shapes.geom_type.unique() if isinstance(each, str))


class _Looking(Task[Split, Seen]):
    """Look at each split of a file.

    Attributes
    ----------
    spoilt
        The columns that are no keys, as far as is known: to look again would be in vain.
    """

    def __init__(
        self,
        reader: SplitReader,
        checks: PartsChecks,
        keys: Sequence[str],
        categories: Sequence[str],
        gaps: Collection[str],
        *,
        keeps: bool,
    ) -> None:
        self._reader, self._checks, self._keeps = reader, checks, keeps
        self._keys, self._categories, self._gaps = keys, categories, gaps
        self.spoilt: frozenset[str] = frozenset()

    def do(self, split: Split, read: Any) -> Seen:
        frame = self._reader.read(split, Wanted((*self._keys, *self._categories, *self._gaps)))
        if not isinstance(frame, gpd.GeoDataFrame):
            raise TypeError("Without a box nothing is passed over.")
        return look_at(
            frame,
            self._checks,
            keys=self._keys,
            categories=self._categories,
            gaps=self._gaps,
            spoilt=self.spoilt,
            keeps=self._keeps,
        )


def seen_of(
    reader: SplitReader,
    splits: Sequence[Split],
    types: dict[str, str],
    checks: PartsChecks,
    *,
    carried: Any = None,
    gaps: Collection[str] = (),
    of_points: bool = False,
    runner: Runner,
    tell: Callable[[int], None],
) -> Seen:
    """Look at the splits of a file whose columns have types of their own; those whose footer tells all are not read.

    Parameters
    ----------
    types
        The Frictionless type of each column.
    carried
        lcrmap's own metadata as found; None if there is none.
    gaps
        The columns of which only their cells tell whether they have gaps.
    of_points
        Whether all shapes are points, as the file says: then where they lie may tell all.
    runner
        Where they are looked at: in one thread, where the file is read from front to back alone.
    tell
        Told how many rows are done.

    Raises
    ------
    WholeNeededError
        If there are no rows, or anything that needs the whole.
    """
    keys, categories, said = columns_to_look_at(types, carried)
    keeps = sum(each.rows for each in splits) <= MOST_KEPT
    task = _Looking(reader, checks, keys, categories, [*said, *gaps], keeps=keeps)
    told: list[Seen | None] = [None] * len(splits)
    if of_points and not (keys or categories or gaps):
        told = [_told(each, checks, said) for each in splits]
    unread = [split for split, each in zip(splits, told, strict=True) if each is None]
    looked_at = by_number(runner(task, unread))
    total: Seen | None = None
    for each in told:
        found = next(looked_at) if each is None else each
        total = found if total is None else total + found
        task.spoilt = total.spoilt
        tell(total.rows)
    if total is None or not total.rows:
        raise WholeNeededError("There are no rows.")
    if not checks.names_far(total.checks):
        return total
    crossed = checks.far_of(total.checks).count > total.checks.far.count
    beyond = [
        split
        for split, each in zip(splits, told, strict=True)
        if each and (each.checks.far.count or (crossed and each.checks.crossed.count))
    ]
    return _with_far(total, beyond, task)


def _told(split: Split, checks: PartsChecks, names: Sequence[str]) -> Seen | None:
    """Return what is known of a split of points by its footer alone; None if that leaves a doubt."""
    extent = split.extent
    if extent is None:
        return None
    seen = checks.points_in(extent.box, rows=split.rows, placed=extent.shapes)
    if seen is None:
        return None
    kinds = frozenset({"Point"} if extent.shapes else ())
    columns = {name: ColumnSeen() for name in names}
    return Seen((split.rows,), extent.shapes, kinds, columns, seen)


def _with_far(total: Seen, beyond: Sequence[Split], task: _Looking) -> Seen:
    """Name the first features far outside the region, also those of splits that were not read."""
    far, crossed = Concerned(), Concerned()
    for split in beyond:
        if len(far.rows) + len(crossed.rows) >= SHOWN_ROWS:
            break
        found = task.do(split, None).checks
        far += found.far.behind(split.first)
        crossed += found.crossed.behind(split.first)
    checks = total.checks
    named = replace(checks, far=checks.far.naming(far), crossed=checks.crossed.naming(crossed))
    return replace(total, checks=named)


def cells_anew(reader: SplitReader, splits: Sequence[Split], name: str) -> Iterator[Cells]:
    """Read the cells of a column again."""
    for split in splits:
        frame = reader.read(split, Wanted((name,)))
        if isinstance(frame, gpd.GeoDataFrame):
            yield _cells(frame[name])


def _cells(values: pd.Series[Any]) -> Cells:
    return pa.array(values, from_pandas=True)


def surveyed_of(
    seen: Seen,
    reading: Reading,
    reader: SplitReader,
    splits: Sequence[Split],
    checks: PartsChecks,
    *,
    crs: pyproj.CRS | None,
) -> Surveyed:
    """Return what is known of a file of which all splits were looked at by `seen_of`.

    Parameters
    ----------
    reading
        Its types and notes, and a frame without rows.
    reader, splits
        Its rows, and what reads them.
    crs
        The coordinate reference system in which they are read.
    """
    return Surveyed(
        reading=reading,
        facts=facts_of(seen, lambda name: cells_anew(reader, splits, name)),
        rows=seen.rows,
        placed=seen.placed,
        crs=crs,
        has_points=seen.kinds == {"Point"},
        splits=tuple(splits),
        reader=reader,
        checks=checks,
        seen=seen.checks,
    )


def facts_of(seen: Seen, anew: Callable[[str], Iterable[Cells]]) -> Facts:
    """Return what the values of all rows tell.

    Parameters
    ----------
    anew
        Reads the cells of a column again.
    """

    def is_key(name: str) -> bool:
        column = seen.columns.get(name)
        if column is None or column.gaps or column.unique is None or not seen.rows:
            return False
        return column.unique.settled(lambda: anew(name))

    def distinct(name: str) -> int:
        values = seen.columns[name].values
        return MOST_CATEGORIES + 1 if values is None else len(values)

    def can_name(name: str) -> bool:
        unique = Uniqueness()
        for cells in anew(name):
            ends = pc.min_max(pc.utf8_length(cells)).as_py()
            if cells.null_count or (
                len(cells) and not 1 <= ends["min"] <= ends["max"] <= LONGEST_NAME
            ):
                return False
            unique += uniqueness_of(cells, keeps=seen.rows <= MOST_KEPT)
        return bool(seen.rows) and unique.settled(lambda: anew(name))

    return Facts(kind_of_types(seen.kinds), is_key, distinct, can_name)
