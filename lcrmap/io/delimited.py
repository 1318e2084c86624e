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
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from lcrmap.errors import FileError
from lcrmap.io.columns import Column
from lcrmap.io.geojson import read_text

__all__ = ["Delimited", "read_delimited"]

# Leading zeros make a code, not a number; nineteen digits would not fit 64 bits.
_WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
# An exponent needs its sign: '12E4' is more often a code than 120,000.
_DECIMAL = r"^-?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-][0-9]+)?$"
_HAS_DIGIT = r"[0-9]"
_TRUTH = r"^(true|false|True|False|TRUE|FALSE)$"

_HEAD = 1000  # cells that are looked at first
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True, slots=True)
class Delimited:
    """The columns of a delimited file, its raw text cells, and what was guessed about it."""

    columns: tuple[Column, ...]
    cells: dict[str, pa.ChunkedArray]
    notes: tuple[str, ...]


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
    header = _first_record(text)
    delimiter = "\t" if tabs else _sniffed(header)
    names, notes = _names(next(csv.reader([header], delimiter=delimiter), []), where)
    if not tabs and delimiter != ",":
        notes.append(f"{where} is delimited by {_DELIMITERS[delimiter]}.")
    table = _table(data, text, names, delimiter, where)
    table, blank = _without_blank_end(table)
    if blank:
        rows = "row is" if blank == 1 else f"{blank} rows are"
        notes.append(f"The last {rows} blank in {where} and left out.")
    if table.num_rows == 0:
        raise FileError(f"{where} has a header but no rows: save or download it again.")
    known = types or {}

    def typed(number: int) -> Column:
        return _typed(names[number], table.column(number), known.get(names[number], ""))

    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        columns = tuple(pool.map(typed, range(len(names))))
    cells = {name: table.column(number) for number, name in enumerate(names)}
    return Delimited(columns, cells, tuple(notes))


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


def _table(data: bytes, text: str, names: list[str], delimiter: str, where: str) -> pa.Table:
    def read(block: int) -> pa.Table:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=1, block_size=block
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in data
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )

    try:
        return read(1 << 22)
    except pa.ArrowInvalid as error:
        ragged = _ragged(text, len(names), delimiter, where)
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


def _typed(name: str, cells: pa.ChunkedArray, known: str) -> Column:
    kind = known or _guessed(cells)
    match kind:
        case "integer" if known == "" or _all(cells, _WHOLE):
            values: Any = cells.cast(pa.int64())
        case "number" if known == "" or _all(cells, _DECIMAL):
            values = cells.cast(pa.float64())
        case "boolean" if _all(cells, _TRUTH):
            values = pc.equal(pc.utf8_lower(cells), "true")
        case _:
            text = kind if kind in ("date", "datetime", "year") else "string"
            return Column(name, "string" if text != kind else text, cells.to_pandas())
    return Column(name, kind, values.to_pandas())


def _guessed(cells: pa.ChunkedArray) -> str:
    if cells.null_count == len(cells):
        return "string"
    if _all(cells, _WHOLE):
        return "integer"
    if _all(cells, _DECIMAL) and _all(cells, _HAS_DIGIT):
        return "number"
    return "boolean" if _all(cells, _TRUTH) else "string"


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    head = cells.slice(0, _HEAD)  # most columns that do not match show it at once
    return all(
        pc.all(pc.match_substring_regex(each, pattern), min_count=0).as_py()
        for each in (head, cells)
    )
