"""CSV and other delimited text into typed columns.

Every column is read as text first, and its type follows one rule over all its cells: whole numbers
without leading zeros, decimal numbers, ``true`` and ``false``, else text. Codes such as ``007`` and dates
stay as they are written.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from lcrmap.errors import FileError
from lcrmap.io.columns import Column, build_frame
from lcrmap.io.json_text import read_text
from lcrmap.io.positions import choose_columns, points
from lcrmap.io.reading import Asked, Reading

__all__ = [
    "Delimited",
    "Layout",
    "blank_note",
    "common_kind",
    "csv_options",
    "kind_of",
    "read",
    "read_bytes",
    "read_delimited",
    "read_layout",
    "typed_column",
]

# Leading zeros make a code, not a number; nineteen digits would not fit 64 bits.
_WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
# An exponent needs its sign: '12E4' is more often a code than 120,000.
_DECIMAL = r"^-?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][+-][0-9]+)?$"
_TRUTH = r"^(true|false|True|False|TRUE|FALSE)$"

_HEAD = 1000  # cells that are looked at first
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Delimited:
    """The columns of a delimited file, its raw text cells, and what was guessed about it."""

    columns: tuple[Column, ...]
    cells: dict[str, pa.ChunkedArray]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header of a delimited file tells."""

    names: list[str]
    delimiter: str
    notes: tuple[str, ...]


def read(path: Path, asked: Asked) -> Reading:
    """Read a table; raises as `read_delimited` does, and what `lcrmap.io.positions.points` does."""
    return _read(path.read_bytes(), f"'{path}'", asked, tabs=path.suffix.casefold() == ".tsv")


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read a table from the whole of what came through a pipe; raises as `read` does."""
    return _read(data, where, asked, tabs=False)


def _read(data: bytes, where: str, asked: Asked, *, tabs: bool) -> Reading:
    found = read_delimited(data, where, tabs=tabs, types=asked.types)
    names = [each.name for each in found.columns]
    chosen = choose_columns(names, where, x=asked.x, y=asked.y)
    shapes, crs, notes = points(chosen, found.cells, where, crs=asked.crs)
    frame, types = build_frame(found.columns, shapes, crs)
    return Reading(
        frame,
        types,
        notes=(*found.notes, *notes),
        first_row=2,
        row_word="line",
        x=chosen.x,
        y=chosen.y,
    )


def read_delimited(
    data: bytes, where: str, *, tabs: bool = False, types: dict[str, str] | None = None
) -> Delimited:
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

    Raises
    ------
    FileError
        If it is not UTF-8, empty, without rows, or has a line with more or fewer cells than the header.
    """
    text = read_text(data, where)
    layout = read_layout(text, where, tabs=tabs)
    table = _table(data, text, layout, where)
    table, blank = _without_blank_end(table)
    if table.num_rows == 0:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    known = types or {}
    names = layout.names

    def column(number: int) -> Column:
        cells = table.column(number)
        kind = _kept_kind(cells, known.get(names[number], "")) or kind_of(cells) or "string"
        return typed_column(names[number], cells, kind)

    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        columns = tuple(pool.map(column, range(len(names))))
    cells = {name: table.column(number) for number, name in enumerate(names)}
    return Delimited(columns, cells, (*layout.notes, *blank_note(blank, where)))


def read_layout(text: str, where: str, *, tabs: bool = False) -> Layout:
    """Read the header, which must be in `text` whole; raises FileError if it names no columns."""
    header = _first_record(text)
    delimiter = "\t" if tabs else _sniffed(header)
    names, notes = _names(next(csv.reader([header], delimiter=delimiter), []), where)
    if not tabs and delimiter != ",":
        notes.append(f"{where} is delimited by {_DELIMITERS[delimiter]}.")
    return Layout(names, delimiter, tuple(notes))


def blank_note(blank: int, where: str) -> list[str]:
    """Say how many rows of empty cells were left out at the end."""
    if not blank:
        return []
    rows = "row is" if blank == 1 else f"{blank} rows are"
    return [f"The last {rows} blank in {where} and left out."]


def _first_record(text: str) -> str:
    """Return the header, which may hold line ends inside quotes."""
    quoted = False
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character in "\r\n" and not quoted:
            return text[:at]
    return text


def _sniffed(header: str) -> str:
    outside = "".join(part for part in header.split('"')[::2])
    counts = Counter({mark: outside.count(mark) for mark in _DELIMITERS})
    mark, count = counts.most_common(1)[0]
    return mark if count else ","


def _names(raw: list[str], where: str) -> tuple[list[str], list[str]]:
    names = [name.strip() or f"column_{number}" for number, name in enumerate(raw, 1)]
    if not any(name.strip() for name in raw):
        raise FileError(f"{where} has no header: its first line must name the columns.")
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        raise FileError(
            f"{where} has more than one column '{repeated[0]}': rename them so that each is unique."
        )
    notes = [
        f"Column {number} of {where} has no name and is called 'column_{number}'."
        for number, name in enumerate(raw, 1)
        if not name.strip()
    ]
    return names, notes


def csv_options(layout: Layout, *, quoted: bool, block: int) -> dict[str, Any]:
    """Return what Arrow must know to read the cells as text.

    Parameters
    ----------
    quoted
        Whether there is a quotation mark anywhere, so that a cell may hold a line end.
    block
        How many bytes are read at a time.
    """
    return {
        "read_options": arrow_csv.ReadOptions(
            column_names=layout.names, skip_rows_after_names=1, block_size=block
        ),
        "parse_options": arrow_csv.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=quoted
        ),
        "convert_options": arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in layout.names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    }


def _table(data: bytes, text: str, layout: Layout, where: str) -> pa.Table:
    def read(block: int) -> pa.Table:
        options = csv_options(layout, quoted=b'"' in data, block=block)
        return arrow_csv.read_csv(pa.BufferReader(data), **options)

    try:
        return read(1 << 22)
    except pa.ArrowInvalid as error:
        ragged = _ragged(text, len(layout.names), layout.delimiter, where)
        if ragged is not None:
            raise ragged from None
        try:
            return read(max(len(data) + 1, 1))  # a record longer than a block
        except pa.ArrowException:
            reason = str(error).splitlines()[0][:200]
            raise FileError(f"{where} cannot be read as CSV: {reason}.") from None


def _without_blank_end(table: pa.Table) -> tuple[pa.Table, int]:
    """Return the table without the rows of empty cells that spreadsheets leave behind its last row."""
    blank = 0
    while blank < table.num_rows and all(
        column[table.num_rows - 1 - blank].as_py() is None for column in table.columns
    ):
        blank += 1
    return table.slice(0, table.num_rows - blank), blank


def _ragged(text: str, expected: int, delimiter: str, where: str) -> FileError | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if cells and len(cells) != expected:
                if any("\n" in cell for cell in cells) and text.count('"') % 2:
                    return FileError(
                        f"A quotation mark in {where} is opened at or before line {reader.line_num} and never "
                        f"closed: close it, or double it if it belongs to the text."
                    )
                word = "cell" if len(cells) == 1 else "cells"
                more = "more" if len(cells) > expected else "fewer"
                return FileError(
                    f"Line {reader.line_num} of {where} has {len(cells)} {word}, {more} than the "
                    f"{expected} of the header: correct it, or quote cells that hold the delimiter."
                )
    except csv.Error as error:
        return FileError(f"Line {reader.line_num} of {where} cannot be read as CSV: {error}.")
    return None


def _kept_kind(cells: pa.ChunkedArray, known: str) -> str:
    """Return the type that is known of a column if its cells keep to it; empty if it is to be guessed."""
    match known:
        case "":
            return ""
        case "integer":
            kept = _all(cells, _WHOLE)
        case "number":
            kept = _are_numbers(cells)
        case "boolean":
            kept = _all(cells, _TRUTH)
        case _:
            kept = known in ("date", "datetime", "year")
    return known if kept else "string"


def typed_column(name: str, cells: pa.ChunkedArray, kind: str) -> Column:
    """Return a column whose cells are all of a kind."""
    match kind:
        case "integer":
            values: Any = cells.cast(pa.int64())
        case "number":
            values = cells.cast(pa.float64())
        case "boolean":
            values = pc.equal(pc.utf8_lower(cells), "true")
        case _:
            values = cells
    return Column(name, kind, values.to_pandas())


def kind_of(cells: pa.ChunkedArray) -> str:
    """Return the narrowest kind that all cells have; empty if every cell is."""
    if cells.null_count == len(cells):
        return ""
    if _all(cells, _WHOLE):
        return "integer"
    if _are_numbers(cells):
        return "number"
    return "boolean" if _all(cells, _TRUTH) else "string"


def common_kind(one: str, other: str) -> str:
    """Return the kind of two runs of cells together, as `kind_of` would give it.

    Examples
    --------
    >>> common_kind("integer", "number"), common_kind("", "boolean"), common_kind("boolean", "integer")
    ('number', 'boolean', 'string')
    """
    if one == other or not other:
        return one
    if not one:
        return other
    return "number" if {one, other} == {"integer", "number"} else "string"


def _are_numbers(cells: pa.ChunkedArray) -> bool:
    """Tell whether all cells are decimal numbers that floating point can hold: 1e+400 is not."""
    if not _all(cells, _DECIMAL):
        return False
    return bool(pc.all(pc.is_finite(cells.cast(pa.float64())), min_count=0).as_py())


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    head = cells.slice(0, _HEAD)  # most columns that do not match show it at once
    return all(
        pc.all(pc.match_substring_regex(each, pattern), min_count=0).as_py()
        for each in (head, cells)
    )
