"""Tables of text cells, whichever format they come from: which row is the header, which rows are none, what is in them.

People's tables carry titles above the header, a row of units below it, and totals and sources at the end. All of them
are found by their form, left out and said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from lcrmap.errors import FileError
from lcrmap.io.cells import FINE, kept_kind, kind_of, settled_kind, typed_column
from lcrmap.io.columns import Column, build_frame, free_name, reserved_note
from lcrmap.io.coordinate_columns import choose_columns
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.decimals import digits_note
from lcrmap.io.positions import points
from lcrmap.io.reading import Asked, Reading, Told

__all__ = [
    "BELOW_UNITS",
    "HEAD",
    "TextTable",
    "column_names",
    "ending_rows",
    "header_row",
    "is_note",
    "left_out",
    "table_reading",
    "typed_columns",
    "without_units",
]

HEAD: Final = 30
"""Rows among which the header is looked for."""

BELOW_UNITS: Final = 1000
"""Rows below a row of units that tell which columns hold numbers."""

_FEW: Final = 2  # as many cells a title fills at most
_FULL: Final = 0.8  # so much of the widest of the first rows a header fills
_NUMBERS: Final = ("integer", "number", "long", "longest", "any", FINE)
# Without digits, but for those of "m2" and "£000".
_UNIT: Final = re.compile(r"(?=.*[^\W\d_]|.*[%£€$°])(\D|(?<=[^\W\d_])[23]\b|\b000)+")
# What stands for a number that is suppressed or not known.
_UNTOLD: Final = (
    *("c", "x", "z", "u", "w", "na", "n/a", "nan", "none", "null", "nil", "low", "tbc"),
    *("unknown", "missing", "suppressed", "confidential"),
)
_TYPES: Final = ("text", "string", "char", "name", "code", "unit", "units", "type")
_TOTAL: Final = re.compile(r"(grand |overall )?totals?:?", re.IGNORECASE)
_FOOT: Final = re.compile(
    r"(source|notes?|footnotes?|contact|contains|©|\*|\(c\)|https?://|last updated|published|total)\b.*|[©*].*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """The columns of a table, the text of its cells, and what was said of it."""

    columns: tuple[Column, ...]
    cells: dict[str, pa.ChunkedArray]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.cells.values())))


def column_names(raw: Sequence[str], where: str) -> tuple[list[str], list[str]]:
    """Return the names of the columns, each of which is another, and what is said of those that had none.

    Raises
    ------
    FileError
        If no column has a name, or two have the same.
    """
    bare = [name.strip() for name in raw]
    names = [name or free_name(f"column_{number}", bare) for number, name in enumerate(bare, 1)]
    if not any(bare):
        raise FileError(f"{where} has no header: its first line must name the columns.")
    repeated = sorted(name for name, count in Counter(names).items() if count > 1)
    if repeated:
        raise FileError(
            f"{where} has more than one column '{repeated[0]}': rename them so that each is unique."
        )
    notes = [
        f"Column {number} of {where} has no name and is called '{names[number - 1]}'."
        for number, name in enumerate(bare, 1)
        if not name
    ]
    return names, [*notes, *reserved_note(names, where)]


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows of a table is its header: the first that is as wide as the table.

    What stands above it must look like titles: one or two cells filled, and fewer than the table is wide. Else the
    first row is the header.

    Examples
    --------
    >>> header_row([["Libraries 2024", "", ""], ["", "", ""], ["name", "lon", "lat"], ["A", "-2.9", "53.4"]])
    2
    >>> header_row([["name", "lon", "lat"], ["A", "", ""]])
    0
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:HEAD]]
    widest = max(filled, default=0)
    if widest < _FEW:
        return 0
    few = min(_FEW, widest - 1)
    header = next((n for n, count in enumerate(filled) if count >= _FULL * widest), 0)
    titles = all(count <= few for count in filled[:header])
    below = header + 1 < len(filled)
    words = header < len(rows) and not any(_is_number(cell) for cell in rows[header])
    return header if titles and below and words else 0


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def is_note(text: str) -> bool:
    """Tell whether a text begins as the notes below a table do.

    Examples
    --------
    >>> is_note("Source: Department for Education"), is_note("Sourceford")
    (True, False)
    """
    return _FOOT.fullmatch(text) is not None


def ending_rows(cells: Sequence[pa.ChunkedArray]) -> int:
    """Return how many rows at the end of a table are a total, a source or a note, not data."""
    count, width = len(cells[0]), len(cells)
    found = 0
    while found < count - 1 and found < HEAD:
        row = [column[count - 1 - found].as_py() or "" for column in cells]
        filled = [each.strip() for each in row if each.strip()]
        first = filled[0] if filled else ""
        total = bool(_TOTAL.fullmatch(first))
        foot = width > _FEW and len(filled) == 1 and is_note(first)
        if filled and not (total or foot):
            break
        found += 1
    return found


def without_units(
    names: Sequence[str], cells: Mapping[str, pa.ChunkedArray]
) -> tuple[dict[str, pa.ChunkedArray], bool]:
    """Return the cells without a row of units below the header, and whether there was one.

    It is one if it has a unit over each column that holds nothing but numbers below it, and over the others nothing
    but a word for their type or a unit in brackets: with a name it is data, whatever stands beside it.
    """
    whole = dict(cells)
    if not whole or len(whole[names[0]]) < _FEW + 1:
        return whole, False
    first = [str(whole[name][0].as_py() or "").strip() for name in names]
    if any(_is_number(each) for each in first):
        return whole, False
    below = {name: whole[name].slice(1) for name in names}
    marked = [name for name, text in zip(names, first, strict=True) if text]
    numbers = [name for name in marked if kind_of(below[name].slice(0, BELOW_UNITS)) in _NUMBERS]
    if not numbers or any(kind_of(below[name]) not in _NUMBERS for name in numbers):
        return whole, False
    texts = dict(zip(names, first, strict=True))
    units = all(_is_unit(texts[name]) for name in numbers)
    bare = all(_is_bare(texts[name]) for name in marked if name not in numbers)
    return (below, True) if units and bare else (whole, False)


def _is_unit(text: str) -> bool:
    """Tell whether a cell reads as a unit: one without a number, and no mark for a value that is not told."""
    return _UNIT.fullmatch(text) is not None and text.strip("[]().").casefold() not in _UNTOLD


def _is_bare(text: str) -> bool:
    """Tell whether a cell is no name of anything: a word for a type, or a unit in brackets."""
    return text.strip("[]():").casefold() in _TYPES or (text[0] in "([" and _is_unit(text))


def left_out(units: bool, ending: int, where: str) -> list[str]:
    """Say that a row of units, and rows at the end that are no data, were left out."""
    notes = []
    if units:
        notes.append(f"The row of units below the header of {where} is left out.")
    if ending:
        rows = "row is a total or a note" if ending == 1 else f"{ending} rows are totals or notes"
        notes.append(f"The last {rows} in {where} and left out.")
    return notes


def typed_columns(
    names: Sequence[str],
    cells: Mapping[str, pa.ChunkedArray],
    types: Mapping[str, str],
    where: str,
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the columns with the types that all their cells have, or that are known of them, and what to say."""
    fine: set[str] = set()

    def column(name: str) -> Column:
        text = cells[name]
        kind = kept_kind(text, types.get(name, ""))
        if not kind:
            found = kind_of(text)
            kind = settled_kind(found, gaps=bool(text.null_count))
            fine.update([name] if found == FINE else [])
        return typed_column(name, text, kind)

    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        columns = tuple(pool.map(column, names))
    return columns, digits_note([each for each in names if each in fine], where)


def table_reading(table: TextTable, told: Told, asked: Asked) -> Reading:
    """Make a layer's frame of a table, with points where two of its columns hold coordinates.

    Raises
    ------
    GeometryError, CRSError, UnknownNameError, UsageError
        As `lcrmap.io.coordinate_columns.choose_columns` and `lcrmap.io.positions.points` do.
    """
    pairs = choose_columns([each.name for each in table.columns], told.where, x=asked.x, y=asked.y)
    notes = list(table.notes)
    shapes: Any = np.full(table.rows, None, dtype=object)
    crs = named_crs(DEGREES)
    if pairs:
        shapes, crs, said = points(pairs, table.cells, told, crs=asked.crs, strict=asked.strict)
        notes += said
    frame, types = build_frame(table.columns, shapes, crs)
    return Reading(
        frame,
        types,
        notes=tuple(notes),
        row_numbers=told.numbers,
        row_word=told.word,
        x=pairs[0].x if pairs else "",
        y=pairs[0].y if pairs else "",
        table=True,
    )
