"""Delimited text: its header, its cells as text, and how it is refused.

Every column is read as text first; `lcrmap.io.cells` says of what type it is.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pyarrow as pa
from pyarrow import csv as arrow_csv

from lcrmap.checks import RowNumbers
from lcrmap.errors import FileError
from lcrmap.io.formats import UTF8_MARK
from lcrmap.io.formula_guards import bare_names, guard_note, without_guards
from lcrmap.io.json_text import read_text
from lcrmap.io.line_numbers import LONGEST_CELL, line_numbers, long_cells
from lcrmap.io.record_ends import first_record
from lcrmap.io.tables import (
    HEAD,
    TextTable,
    column_names,
    ending_rows,
    header_row,
    is_note,
    left_out,
    typed_columns,
    without_units,
)

__all__ = ["Layout", "as_text", "blank_note", "read_delimited", "read_layout"]

_HEAD_BYTES: Final = 1 << 16  # in which the header is looked for
_BLOCK: Final = 1 << 22  # what Arrow takes at a time,
_MOST_BLOCK: Final = 2**31 - 1  # and at most

_SOMETHING: Final = re.compile(rb"\S")
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Layout:
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
    layout = read_layout(data, where, tabs=tabs)
    table, notes = _table(data, text, layout, where)
    table, blank = _without_blank_end(table)
    if table.num_rows == 0:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    ending = ending_rows(table.columns)
    table = table.slice(0, table.num_rows - ending)
    cells = {name: table.column(number) for number, name in enumerate(layout.names)}
    cells, units = without_units(layout.names, cells)
    notes = [*layout.notes, *notes, *blank_note(blank, where), *left_out(units, ending, where)]
    columns, said = typed_columns(layout.names, cells, types or {}, where)
    columns, guarded = without_guards(columns, cells)
    notes += [*said, *guard_note(guarded, where)]
    opened = partial(_opened, data, where)
    before = layout.header + units
    lines = line_numbers(opened, layout.delimiter, len(data), before=before)
    return TextTable(columns, cells, tuple(notes)), lines


def _opened(data: bytes, where: str) -> io.StringIO:
    return io.StringIO(read_text(data, where), newline="")


def read_layout(data: bytes, where: str, *, tabs: bool) -> Layout:
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
    return Layout(names, delimiter, tuple(notes), _behind(data, start), above.records)


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a header: lines, of which some are records; and the delimiter of what follows."""

    lines: int
    records: int
    delimiter: str


def _titles(data: bytes, start: int, delimiter: str, *, tabs: bool) -> _Above:
    """Find the titles above the header by the first records of a file."""
    head = data[start : start + _HEAD_BYTES].decode(errors="ignore")
    if not tabs and delimiter not in _first_line(head):
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


def _first_line(text: str) -> str:
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


def blank_note(blank: int, where: str) -> list[str]:
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


def as_text(
    data: Any,
    layout: Layout,
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
        # Arrow would take the mark off, which is text but at the head of a file.
        data = b"\n" + bytes(data)
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


def _table(data: bytes, text: str, layout: Layout, where: str) -> tuple[pa.Table, list[str]]:
    """Return the rows as text, and what was said of lines at the end that are none."""
    if _SOMETHING.search(data, layout.begin) is None:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    records = memoryview(data)[layout.begin :]

    def read(block: int, some: Any = records) -> pa.Table:
        return as_text(some, layout, layout.names, quoted=b'"' in data, block=block)

    try:
        return read(_BLOCK), []
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


def _foot(text: str, layout: Layout) -> _Foot | None:
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


def _ragged(text: str, layout: Layout, where: str) -> FileError | None:
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
