"""CSV and other delimited text, whole and in parts.

`lcrmap.io.delimited` reads the header and the cells as text, `lcrmap.io.positions` says where the points are. In parts
the file is divided where records end, and the same rules are applied to each part; what they find is put together.
Whatever cannot be put together, and whatever is wrong with the file, is left to the reader of the whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj

from lcrmap.checks.parts import PartsChecks, PartsSeen
from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.ahead import in_turn
from lcrmap.io.cells import FINE, LONG, kind_of, settled_kind, typed_column
from lcrmap.io.columns import build_frame, unreserved, with_gaps
from lcrmap.io.coordinate_columns import PointColumns, choose_columns
from lcrmap.io.crs import asked_crs
from lcrmap.io.decimals import digits_note
from lcrmap.io.delimited import Layout, as_text, blank_note, read_delimited, read_layout
from lcrmap.io.describing import MOST_CATEGORIES, category_candidates, key_candidates
from lcrmap.io.encodings import in_utf8
from lcrmap.io.formula_guards import guard_note, unguarded, without_guards
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.line_numbers import line_numbers
from lcrmap.io.parts import (
    Box,
    Points,
    Progress,
    Split,
    SplitReader,
    Wanted,
    numbered,
)
from lcrmap.io.positions import (
    Odd,
    Positions,
    coordinates,
    position_notes,
    refuse_broken,
    system_of,
)
from lcrmap.io.reading import Asked, Reading, Told
from lcrmap.io.record_ends import record_ends
from lcrmap.io.survey import ColumnSeen, Seen, Surveyed, facts_of
from lcrmap.io.tables import (
    BELOW_UNITS,
    HEAD,
    ending_rows,
    table_reading,
    without_units,
)
from lcrmap.io.uniqueness import Uniqueness, uniqueness_of
from lcrmap.layers.points import PointArray

__all__ = [
    "TextFile",
    "TextSeen",
    "divided",
    "look_at_text",
    "read",
    "read_bytes",
    "survey",
]

BLOCK: Final = 1 << 22
"""How many bytes a split has: some hundred thousand rows of a few columns."""

MOST_KEPT_BYTES: Final = 64_000_000
"""Up to this size of a file its cells are kept in memory."""

_LONGEST_HEADER: Final = 1 << 20

Floats = np.ndarray[Any, np.dtype[np.float64]]
Cells = dict[str, Any]  # a pyarrow.ChunkedArray of text for each column


def read(path: Path, asked: Asked, data: bytes) -> Reading:
    """Read the bytes of a table; raises as `read_delimited` does, and what `lcrmap.io.positions.points` does."""
    return _read(data, f"'{path}'", asked, tabs=path.suffix.casefold() == ".tsv")


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read a table from the whole of what came through a pipe; raises as `read` does."""
    return _read(data, where, asked, tabs=False)


def _read(data: bytes, where: str, asked: Asked, *, tabs: bool) -> Reading:
    data, said = in_utf8(data, where, asked.encoding)
    table, lines = read_delimited(data, where, tabs=tabs, types=asked.types)
    table = replace(table, notes=(*said, *table.notes))
    return table_reading(table, Told(where, lines, "line"), asked)


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over a file once, split by split; see `lcrmap.io.readers.Survey`."""
    try:
        text, pieces = divided(path, asked, block or BLOCK)
        return _surveyed(text, pieces, asked.crs, region, progress)
    except (LcrmapError, OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise WholeNeededError(str(error)) from error


class TextFile:
    """The cells of a file, a split at a time; what is little enough is kept in memory."""

    def __init__(
        self,
        path: Path,
        layout: Layout,
        pairs: Sequence[PointColumns],
        *,
        quoted: bool,
        strict: bool,
    ) -> None:
        self.path, self.layout, self.pairs, self._quoted = path, layout, pairs, quoted
        self.strict = strict
        self._keeps_cells = path.stat().st_size <= MOST_KEPT_BYTES
        self._cells: dict[int, Cells] = {}
        self._numbers = KeptNumbers()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_keeps_cells": False, "_cells": {}}

    @property
    def where(self) -> str:
        """What to call the file in messages."""
        return f"'{self.path}'"

    def cells(self, split: Split, names: Sequence[str]) -> Cells:
        """Return the text of some columns at least."""
        kept = self._cells.get(split.start)
        if kept is not None:
            return kept
        with self.path.open("rb") as file:
            file.seek(split.start)
            data = file.read(split.end - split.start)
        table = as_text(data, self.layout, names, quoted=self._quoted, block=len(data) + 1)
        cells = dict(zip(table.column_names, table.columns, strict=True))
        if self._keeps_cells and len(cells) == len(self.layout.names):
            self._cells[split.start] = cells
        return cells

    @property
    def chosen(self) -> PointColumns:
        """The columns that hold the coordinates, before any in which these have gaps."""
        return self.pairs[0]

    @property
    def placing(self) -> list[str]:
        """The names of all columns that tell where the rows are."""
        return [name for pair in self.pairs for name in (pair.x, pair.y)]

    @property
    def told(self) -> Told:
        """How messages name the file and its rows."""
        return Told(self.where, self.lines, "line")

    def lines(self, rows: Sequence[int]) -> list[int]:
        """Return in which lines of the file some rows begin."""

        def text() -> Iterator[str]:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from file

        size = self.path.stat().st_size
        return line_numbers(text, self.layout.delimiter, size, before=self.layout.header)(rows)

    def numbers(self, split: Split, cells: Cells | None = None) -> tuple[Floats, Floats]:
        """Return the coordinates of the rows, from their cells if these are at hand."""
        kept = self._numbers.of(split.start)
        if kept is not None:
            return kept
        found = coordinates(self.pairs, cells or self.cells(split, self.placing))
        self._numbers.keep(split.start, found.east, found.north)
        return found.east, found.north

    def positions(self, split: Split, cells: Cells) -> Positions:
        """Return the coordinates of the rows, and what is odd about them."""
        found = coordinates(self.pairs, cells, compare=True)
        self._numbers.keep(split.start, found.east, found.north)
        return found


def divided(path: Path, asked: Asked, block: int) -> tuple[TextFile, list[Split]]:
    """Read the header, and divide the rest where records end."""
    where = f"'{path}'"
    with path.open("rb") as file:
        head = file.read(_LONGEST_HEADER)
        layout = read_layout(head, where, tabs=path.suffix.casefold() == ".tsv")
        if layout.begin == len(head):
            raise WholeNeededError("No record stands behind the header, or not near.")
        file.seek(layout.begin)
        ends, quoted = record_ends(file, delimiter=layout.delimiter, block=block)
    pairs = choose_columns(layout.names, where, x=asked.x, y=asked.y)
    if not pairs:
        raise WholeNeededError("No columns hold coordinates.")
    pieces = [Split(path, *each) for each in itertools.pairwise([layout.begin, *ends])]
    return TextFile(path, layout, pairs, quoted=quoted, strict=asked.strict), pieces


@dataclass(frozen=True, slots=True)
class TextSeen:
    """What was seen of some splits of text that follow each other.

    Attributes
    ----------
    seen
        What any format tells.
    filled
        How many rows there are up to the last one that is not empty.
    odd
        What was odd about the positions.
    low, high
        The least and the greatest numbers in the coordinate columns; infinite if there are none.
    """

    seen: Seen
    filled: int
    odd: Odd
    low: tuple[float, float]
    high: tuple[float, float]

    def __add__(self, other: TextSeen) -> TextSeen:
        return TextSeen(
            self.seen + other.seen,
            self.seen.rows + other.filled if other.filled else self.filled,
            self.odd + other.odd.behind(self.seen.rows),
            (min(self.low[0], other.low[0]), min(self.low[1], other.low[1])),
            (max(self.high[0], other.high[0]), max(self.high[1], other.high[1])),
        )


def look_at_text(
    text: TextFile, split: Split, checks: PartsChecks | None = None, spoilt: Collection[str] = ()
) -> TextSeen:
    """Look at the rows of a split.

    Parameters
    ----------
    checks
        Where the coordinate reference system is known: looks whether the positions are right.
    spoilt
        The columns that are no keys, as is known already.
    """
    names = text.layout.names
    cells = text.cells(split, names)
    count = len(cells[names[0]])
    positions = text.positions(split, cells)
    east, north = positions.east, positions.north
    as_text = dict.fromkeys(names, "string")
    keys, categories = key_candidates(as_text), category_candidates(as_text)
    columns = {
        name: _seen_of(each, key=name in keys, category=name in categories, spoilt=name in spoilt)
        for name, each in cells.items()
    }
    placed = positions.odd.placed
    seen = Seen(
        (count,),
        placed,
        frozenset({"Point"} if placed else ()),
        columns,
        checks.points(east, north) if checks is not None else PartsSeen(count),
    )
    return TextSeen(
        seen,
        _filled(cells, count),
        positions.odd,
        (_least(east), _least(north)),
        (-_least(-east), -_least(-north)),
    )


def _seen_of(cells: Any, *, key: bool, category: bool, spoilt: bool) -> ColumnSeen:
    kind, guarded = kind_of(cells), 0
    if kind == "string":
        cells, guarded = unguarded(cells)
    seen = ColumnSeen(kind, cells.null_count, guarded=guarded)
    if category:
        different = pc.unique(cells).drop_null()
        few = len(different) <= MOST_CATEGORIES
        seen = replace(seen, values=frozenset(different.to_pylist()) if few else None)
    if key and spoilt:
        seen = replace(seen, unique=Uniqueness(repeated=True))
    elif key:
        whole = cells.cast(pa.int64()) if kind in ("integer", LONG[0]) else cells
        seen = replace(seen, unique=uniqueness_of(whole))
    return seen


def _least(numbers: Floats) -> float:
    return float(np.fmin.reduce(numbers, initial=np.inf))


def _filled(cells: Cells, count: int) -> int:
    """Return how many rows there are up to the last one that is not empty."""
    if not count or any(column[count - 1].is_valid for column in cells.values()):
        return count
    there = np.zeros(count, dtype=bool)
    for column in cells.values():
        there |= column.is_valid().to_numpy()
    rows = np.flatnonzero(there)
    return int(rows[-1]) + 1 if len(rows) else 0


def _surveyed(
    text: TextFile, pieces: list[Split], crs: str, region: Box | None, progress: Progress
) -> Surveyed:
    """Look at all pieces, and describe what they are together."""
    known = crs or text.chosen.crs
    checks = PartsChecks(asked_crs(known), region) if known else None
    found = _all_seen(text, pieces, checks, progress)
    if not found.filled:
        raise WholeNeededError("There are no rows.")
    refuse_broken(found.odd, text.told, strict=text.strict)
    low = np.where(np.isposinf(found.low), np.nan, found.low)  # the least of none
    high = np.where(np.isneginf(found.high), np.nan, found.high)
    extent = np.column_stack([low, high])
    system = system_of(text.chosen, crs, extent[0], extent[1], text.where)
    _refuse_unusual_ends(text, pieces)
    seen = found.seen
    if checks is None:  # the numbers had to tell the system first
        checks = PartsChecks(system, region)
        looks = (checks.points(*text.numbers(each)) for each in pieces)
        seen = replace(seen, checks=reduce(add, looks))
    blank = seen.rows - found.filled
    columns = {n: replace(each, gaps=each.gaps - blank) for n, each in seen.columns.items()}
    seen = replace(seen, columns=columns)
    rows = _Rows(text, system, columns)
    notes = [
        *text.layout.notes,
        *blank_note(blank, text.where),
        *digits_note([n for n, each in columns.items() if each.kind == FINE], text.where),
        *guard_note({n: each.guarded for n, each in columns.items() if each.guarded}, text.where),
        *position_notes(text.pairs, crs, system, found.odd, text.told),
    ]
    return Surveyed(
        reading=rows.without_rows(tuple(notes)),
        facts=facts_of(
            seen, lambda name: (unguarded(text.cells(each, (name,))[name])[0] for each in pieces)
        ),
        rows=found.filled,
        placed=seen.placed,
        crs=system,
        has_points=True,
        splits=numbered(pieces, seen.counts, found.filled),
        reader=rows,
        checks=checks,
        seen=seen.checks,
    )


def _refuse_unusual_ends(text: TextFile, pieces: list[Split]) -> None:
    """Leave a table with a row of units, or totals at its end, to the reader of the whole."""
    names = text.layout.names
    first = pa.concat_tables(_enough(text, pieces, 1 + BELOW_UNITS))
    last = pa.concat_tables(_enough(text, pieces[::-1], HEAD + 1)[::-1])
    last = last.slice(0, _filled(dict(zip(names, last.columns, strict=True)), len(last)))
    head = dict(zip(names, first.columns, strict=True))
    if without_units(names, head)[1] or (len(last) and ending_rows(last.columns)):
        raise WholeNeededError("Some rows are units or totals.")


def _enough(text: TextFile, pieces: Sequence[Split], least: int) -> list[pa.Table]:
    """Return the cells of splits, one after another, until they have so many rows."""
    found: list[pa.Table] = []
    for piece in pieces:
        found.append(pa.table(text.cells(piece, text.layout.names)))
        if sum(each.num_rows for each in found) >= least:
            break
    return found


def _all_seen(
    text: TextFile, pieces: list[Split], checks: PartsChecks | None, progress: Progress
) -> TextSeen:
    total: TextSeen | None = None

    def look(piece: Split) -> TextSeen:
        return look_at_text(text, piece, checks, total.seen.spoilt if total else ())

    for piece, found in zip(pieces, in_turn(look, pieces), strict=True):
        total = found if total is None else total + found
        progress(f"Reading {text.path.name}", piece.end, pieces[-1].end)
    if total is None:
        raise WholeNeededError("There are no rows.")
    return total


class _Rows(SplitReader):
    """The rows of a file of which it is known what their columns are."""

    def __init__(
        self, text: TextFile, system: pyproj.CRS, columns: Mapping[str, ColumnSeen]
    ) -> None:
        self._text, self._system = text, system
        self._fields = dict(zip(unreserved(list(columns)), columns, strict=True))
        self._kinds = {
            name: settled_kind(columns[field].kind, gaps=columns[field].gaps > 0)
            for name, field in self._fields.items()
        }
        self._gaps = frozenset(name for name, field in self._fields.items() if columns[field].gaps)

    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points:
        """Read a split; all of it, wherever the box: what lies where is not known before it is read."""
        try:
            if wanted.points:
                east, north = self._numbers(split)
                return Points(east, north, self._system, split.first)
            return self._frame(split, wanted)
        except (LcrmapError, OSError, pa.ArrowException) as error:  # it is no longer what it was
            raise WholeNeededError(str(error)) from error

    def without_rows(self, notes: tuple[str, ...]) -> Reading:
        """Describe the whole, as far as no row is needed."""
        none = pa.chunked_array([], pa.string())
        columns = [typed_column(name, none, kind) for name, kind in self._kinds.items()]
        frame, types = build_frame(columns, np.empty(0, dtype=object), self._system)
        chosen = self._text.chosen
        return Reading(
            frame,
            types,
            notes=notes,
            row_numbers=self._text.lines,
            row_word="line",
            x=chosen.x,
            y=chosen.y,
            table=True,
        )

    def _frame(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame:
        """Build a frame whose columns have the types of the whole, whatever these cells look like."""
        given = self._fields.items()
        fields = {n: f for n, f in given if wanted.columns is None or n in wanted.columns}
        needed = {*fields.values(), *self._text.placing}
        cells = self._text.cells(
            split, [each for each in self._text.layout.names if each in needed]
        )
        some = {name: cells[field].slice(0, split.rows) for name, field in fields.items()}
        typed = [typed_column(name, each, self._kinds[name]) for name, each in some.items()]
        columns, _ = without_guards(typed, some)
        shapes = PointArray.of(*self._numbers(split, cells))
        frame, _ = build_frame(columns, shapes, self._system)
        frame.index = pd.RangeIndex(split.first, split.first + len(frame))
        return with_gaps(frame, columns, self._gaps)

    def _numbers(self, split: Split, cells: Cells | None = None) -> tuple[Floats, Floats]:
        east, north = self._text.numbers(split, cells)
        if len(east) < split.rows:
            raise WholeNeededError("The file is shorter than it was.")
        return east[: split.rows], north[: split.rows]
