"""CSV and other delimited text, whole and in parts.

Every column is read as text first; `lcrmap.io.cells` says of what type it is, `lcrmap.io.positions` where the points
are. In parts the file is divided where records end, and the same rules are applied to each part; what they find is put
together. Whatever cannot be put together, and whatever is wrong with the file, is left to the reader of the whole.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
from pyarrow import csv as arrow_csv

from lcrmap.checks import RowNumbers
from lcrmap.checks.parts import PartsChecks, PartsSeen
from lcrmap.errors import FileError, LcrmapError, WholeNeededError
from lcrmap.io.ahead import in_turn
from lcrmap.io.cells import FINE, LONG, kind_of, settled_kind, typed_column
from lcrmap.io.columns import build_frame, unreserved, with_gaps
from lcrmap.io.coordinate_columns import PointColumns, choose_columns
from lcrmap.io.crs import asked_crs
from lcrmap.io.decimals import digits_note
from lcrmap.io.describing import MOST_CATEGORIES, category_candidates, key_candidates
from lcrmap.io.encodings import in_utf8
from lcrmap.io.formats import UTF8_MARK
from lcrmap.io.formula_guards import bare_names, guard_note, unguarded, without_guards
from lcrmap.io.json_text import read_text
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.line_numbers import LONGEST_CELL, line_numbers, long_cells
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
from lcrmap.io.record_ends import first_record, record_ends
from lcrmap.io.survey import ColumnSeen, Seen, Surveyed, facts_of
from lcrmap.io.tables import (
    BELOW_UNITS,
    HEAD,
    TextTable,
    column_names,
    ending_rows,
    header_row,
    is_note,
    left_out,
    table_reading,
    typed_columns,
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
    "read_delimited",
    "survey",
]

BLOCK: Final = 1 << 22
"""How many bytes a split has: some hundred thousand rows of a few columns."""

MOST_KEPT_BYTES: Final = 64_000_000
"""Of so large a file the cells are kept in memory."""

_LONGEST_HEADER: Final = 1 << 20
_HEAD_BYTES: Final = 1 << 16  # in which the header is looked for
_MOST_BLOCK: Final = 2**31 - 1  # what Arrow takes

Floats = np.ndarray[Any, np.dtype[np.float64]]
Cells = dict[str, Any]  # a pyarrow.ChunkedArray of text for each column

_SOMETHING: Final = re.compile(rb"\S")
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header of a delimited file tells.

    Attributes
    ----------
    begin
        The byte with which its records begin.
    header
        How many records, which are titles, stand above the header.
    """

    names: list[str]
    delimiter: str
    notes: tuple[str, ...]
    begin: int
    header: int


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


def read_delimited(
    data: bytes, where: str, *, tabs: bool = False, types: dict[str, str] | None = None
) -> tuple[TextTable, RowNumbers]:
    """Read delimited text.

    Parameters
    ----------
    data
        The whole file.
    where
        What to call it in messages.
    tabs
        Whether it is known to be delimited by tabs.
    types
        Frictionless types of columns about which there is no guessing.

    Returns
    -------
    tuple
        The table, and what tells in which lines of the file some of its rows begin.

    Raises
    ------
    FileError
        If it is not UTF-8, empty, without rows, or has a line with more or fewer cells than the header.
    """
    text = read_text(data, where)
    layout = _read_layout(data, where, tabs=tabs)
    table, notes = _table(data, text, layout, where)
    table, blank = _without_blank_end(table)
    if table.num_rows == 0:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    ending = ending_rows(table.columns)
    table = table.slice(0, table.num_rows - ending)
    cells = {name: table.column(number) for number, name in enumerate(layout.names)}
    cells, units = without_units(layout.names, cells)
    notes = [*layout.notes, *notes, *_blank_note(blank, where), *left_out(units, ending, where)]
    columns, said = typed_columns(layout.names, cells, types or {}, where)
    columns, guarded = without_guards(columns, cells)
    notes += [*said, *guard_note(guarded, where)]
    opened = partial(_opened, data, where)
    before = layout.header + units
    lines = line_numbers(opened, layout.delimiter, len(data), before=before)
    return TextTable(columns, cells, tuple(notes)), lines


def _opened(data: bytes, where: str) -> io.StringIO:
    return io.StringIO(read_text(data, where), newline="")


def _read_layout(data: bytes, where: str, *, tabs: bool) -> _Layout:
    """Read the header, which must be in `data` whole; raises FileError if it names no columns."""
    start = len(UTF8_MARK) if data.startswith(UTF8_MARK) else 0
    delimiter = "\t" if tabs else _sniffed(first_record(data, start).decode(errors="ignore"))
    above = _titles(data, start, delimiter, tabs=tabs)
    for _ in range(above.lines):
        start = _behind(data, start)
    header = first_record(data, start).decode()
    delimiter = above.delimiter
    heads, said = bare_names(_header_cells(header, delimiter, where), where)
    names, notes = column_names(heads, where)
    notes += said
    if not tabs and delimiter != ",":
        notes.append(f"{where} is delimited by {_DELIMITERS[delimiter]}.")
    if above.records:
        lines = "line is a title" if above.records == 1 else f"{above.records} lines are titles"
        notes.append(f"The first {lines} above the header of {where} and left out.")
    return _Layout(names, delimiter, tuple(notes), _behind(data, start), above.records)


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a header: lines, of which some are records; and the delimiter of what follows."""

    lines: int
    records: int
    delimiter: str


def _titles(data: bytes, start: int, delimiter: str, *, tabs: bool) -> _Above:
    """Find the titles above the header by the first records of a file."""
    head = data[start : start + _HEAD_BYTES].decode(errors="ignore")
    if not tabs and delimiter not in first_line(head):
        delimiter = _sniffed(head)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for n, cells in enumerate(itertools.islice(reader, HEAD)):
            if cells:
                rows.append((n, cells))
    except csv.Error:
        return _Above(0, 0, delimiter)
    header = header_row([cells for _, cells in rows])
    return _Above(rows[header][0] if header else 0, header, delimiter)


def first_line(text: str) -> str:
    """Return the text up to its first line end."""
    return text.partition("\n")[0]


def _behind(data: bytes, start: int) -> int:
    """Return where the record behind the one that begins at `start` begins."""
    end = start + len(first_record(data, start))
    return end + (2 if data[end : end + 2] == b"\r\n" else len(data[end : end + 1]))


def _header_cells(header: str, delimiter: str, where: str) -> list[str]:
    """Return the cells of the header, in whose quotes any line end may stand."""
    with long_cells(len(header)):
        cells = next(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter), [])
    longest = max(map(len, cells), default=0)
    if longest > LONGEST_CELL:
        raise FileError(
            f"{where} has a column whose name is {longest:,} letters long, and {LONGEST_CELL:,} are the bound: "
            f"shorten it, or close its quotation mark."
        )
    return cells


def _blank_note(blank: int, where: str) -> list[str]:
    """Say how many rows of empty cells were left out at the end."""
    if not blank:
        return []
    rows = "row is" if blank == 1 else f"{blank} rows are"
    return [f"The last {rows} blank in {where} and left out."]


def _sniffed(header: str) -> str:
    outside = "".join(part for part in header.split('"')[::2])
    counts = Counter({mark: outside.count(mark) for mark in _DELIMITERS})
    mark, count = counts.most_common(1)[0]
    return mark if count else ","


def _as_text(
    data: Any,
    layout: _Layout,
    names: Sequence[str],
    *,
    quoted: bool,
    block: int,
) -> pa.Table:
    """Read the cells of some columns as text.

    Parameters
    ----------
    data
        Bytes of records alone.
    quoted
        Whether there is a quotation mark anywhere, so that a cell may hold a line end.
    block
        How many bytes Arrow takes at a time.
    """
    if data[: len(UTF8_MARK)] == UTF8_MARK:
        data = b"\n" + bytes(
            data
        )  # which Arrow would take off, and only at the head of a file is it no text
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(column_names=layout.names, block_size=block),
        parse_options=arrow_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=quoted),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(layout.names, pa.string()),
            include_columns=list(names),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _table(data: bytes, text: str, layout: _Layout, where: str) -> tuple[pa.Table, list[str]]:
    """Return the rows as text, and what was said of lines at the end that are none."""
    if _SOMETHING.search(data, layout.begin) is None:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    records = memoryview(data)[layout.begin :]

    def read(block: int, some: Any = records) -> pa.Table:
        return _as_text(some, layout, layout.names, quoted=b'"' in data, block=block)

    try:
        return read(BLOCK), []
    except pa.ArrowInvalid:
        pass  # a record is longer than a block, or else something is wrong
    try:
        return read(min(len(data) + 1, _MOST_BLOCK)), []
    except pa.ArrowException as error:
        ragged = _ragged(text, layout, where)
        if ragged is None:
            reason = str(error).splitlines()[0][:200]
            raise FileError(f"{where} cannot be read as CSV: {reason}.") from None
        foot = _foot(text, layout)
        if not foot:
            raise ragged from None
    kept = data[layout.begin : len(data) - foot.size]
    try:
        found = read(min(len(data) + 1, _MOST_BLOCK), kept)
    except pa.ArrowException:
        raise ragged from None
    lines = "line is" if foot.lines == 1 else f"{foot.lines} lines are"
    note = f"The last {lines} a note below the table of {where} and left out."
    return found, [note]


@dataclass(frozen=True, slots=True)
class _Foot:
    """Lines below a table, and how many bytes they have."""

    lines: int
    size: int


def _foot(text: str, layout: _Layout) -> _Foot | None:
    """Find the lines below a table that fill one cell alone: they follow a blank line, or begin as a note does."""
    ends = list(io.StringIO(text, newline=""))
    found, first = _Foot(0, 0), ""
    for line in reversed(ends[layout.header + 2 :][-HEAD:]):
        cells = next(csv.reader([line], delimiter=layout.delimiter), [])
        if len(cells) > 1 and any(each.strip() for each in cells[1:]):
            break
        if len(cells) == len(layout.names) and len(cells) > 1 and cells[0].strip():
            break
        found = _Foot(found.lines + 1, found.size + len(line.encode()))
        first = cells[0].strip() if cells else ""
    return found if found.lines and (not first or is_note(first)) else None


def _without_blank_end(table: pa.Table) -> tuple[pa.Table, int]:
    """Return the table without the rows of empty cells that spreadsheets leave behind its last row."""
    blank = 0
    while blank < table.num_rows and all(
        column[table.num_rows - 1 - blank].as_py() is None for column in table.columns
    ):
        blank += 1
    return table.slice(0, table.num_rows - blank), blank


def _ragged(text: str, layout: _Layout, where: str) -> FileError | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
    expected = len(layout.names)
    try:
        with long_cells(len(text)):
            records = (cells for cells in reader if cells)
            for cells in itertools.islice(records, layout.header, None):
                if len(cells) != expected:
                    return _ragged_line(cells, expected, reader.line_num, text, where)
    except csv.Error as error:
        return FileError(f"Line {reader.line_num} of {where} cannot be read as CSV: {error}.")
    return None


def _ragged_line(
    cells: Sequence[str], expected: int, line: int, text: str, where: str
) -> FileError:
    if any("\n" in cell for cell in cells) and text.count('"') % 2:
        return FileError(
            f"A quotation mark in {where} is opened at or before line {line} and never "
            f"closed: close it, or double it if it belongs to the text."
        )
    word = "cell" if len(cells) == 1 else "cells"
    more = "more" if len(cells) > expected else "fewer"
    return FileError(
        f"Line {line} of {where} has {len(cells)} {word}, {more} than the "
        f"{expected} of the header: correct it, or quote cells that hold the delimiter."
    )


# In parts


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over a file once, split by split, to find what its rows can only tell together.

    Parameters
    ----------
    region
        West, south, east and north of the pack's region in degrees; None if unknown.
    block
        How many bytes a split has; None for what is usual.
    progress
        Told how many bytes of the file are done.

    Raises
    ------
    WholeNeededError
        If there is anything unusual about it: the reader that takes it whole knows what.
    """
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
        layout: _Layout,
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
        table = _as_text(data, self.layout, names, quoted=self._quoted, block=len(data) + 1)
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
        layout = _read_layout(head, where, tabs=path.suffix.casefold() == ".tsv")
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
        *_blank_note(blank, text.where),
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
