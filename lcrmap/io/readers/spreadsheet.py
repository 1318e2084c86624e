"""Workbooks of Excel and LibreOffice: each sheet is a table; needs the extra ``xlsx``.

Cells are read by their saved values, formulas too, and then go the way of a CSV's: as text, of which the columns' types
are told. Nothing in a workbook is run, and no other file is opened.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from lcrmap.errors import FileError, MissingPartError, UnknownNameError
from lcrmap.io.archives import BROKEN, refuse_bombs
from lcrmap.io.reading import Asked, Reading, Told
from lcrmap.io.tables import (
    TextTable,
    column_names,
    ending_rows,
    header_row,
    left_out,
    table_reading,
    typed_columns,
    without_units,
)

__all__ = ["INSTALL", "read"]

INSTALL: Final = "pip install 'lcrmap[xlsx]'"
MOST_CELLS: Final = 50_000_000
"""So many cells may the used part of a sheet have; the library makes room for all of them at once."""

_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_CHUNK: Final = 1 << 22
_SHOWN: Final = 8  # sheets that a message lists
_EXACT: Final = 2**53


def read(path: Path, asked: Asked) -> Reading:
    """Read one sheet of a workbook.

    Raises
    ------
    MissingPartError
        If the extra is not installed.
    FileError
        If it is broken, locked, too large, or holds no or several tables.
    UnknownNameError
        If it has no sheet of the name asked for.
    """
    where = f"'{path}'"
    workbook = _opened(path, where)
    try:
        name = _chosen(workbook, asked.part, path)
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except _broken() as error:
        raise FileError(f"{where} cannot be read as a workbook: {str(error)[:80]}.") from None
    finally:
        workbook.close()
    table, before = _table([[_text(cell) for cell in row] for row in rows], where, asked)
    told = Told(where, lambda rows: [row + before + 1 for row in rows], "row")
    return table_reading(table, told, asked)


def _opened(path: Path, where: str) -> Any:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError
    except ImportError:
        raise MissingPartError(f"Reading {where} needs python-calamine: {INSTALL}") from None
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_bombs(archive.infolist(), path)
            _refuse_wide(archive, where)
        return CalamineWorkbook.from_object(io.BytesIO(path.read_bytes()))
    except PasswordError:
        raise FileError(f"{where} is locked with a password: save it without one.") from None
    except (
        CalamineError,
        *BROKEN,
        UnicodeDecodeError,
        RuntimeError,
    ) as error:  # a name; a member locked alone
        raise FileError(
            f"{where} is not a whole workbook: save or download it again ({str(error)[:80]})."
        ) from None


def _broken() -> type[Exception]:
    from python_calamine import CalamineError

    error: type[Exception] = CalamineError
    return error


def _refuse_wide(archive: zipfile.ZipFile, where: str) -> None:
    """Refuse a sheet that reaches so far that the library would ask for more memory than there is, and abort."""
    for info in archive.infolist():
        if not info.filename.startswith("xl/worksheets/"):
            continue
        width = height = 1
        with archive.open(info) as sheet:
            rest = b""
            while chunk := sheet.read(_CHUNK):
                for letters, digits in _REFERENCE.findall(rest + chunk):
                    width = max(width, _number(letters))
                    height = max(height, int(digits))
                rest = chunk[-40:]
        if width * height > MOST_CELLS:
            raise FileError(
                f"{where} has a sheet of {height:,} rows and {width:,} columns, and {MOST_CELLS:,} cells are the "
                f"bound: delete what lies far out, or save the sheet as CSV."
            )


def _number(letters: bytes) -> int:
    """Return the number of a column by its letters.

    Examples
    --------
    >>> _number(b"A"), _number(b"AA"), _number(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _chosen(workbook: Any, wanted: str, path: Path) -> str:
    """Return the sheet that was asked for, or the only one with a table in it."""
    names: list[str] = list(workbook.sheet_names)
    if wanted:
        folded = {name.casefold(): name for name in reversed(names)}
        if wanted in names:
            return wanted
        if wanted.casefold() in folded:
            return folded[wanted.casefold()]
        raise UnknownNameError("sheet", wanted, names, where=f"'{path}'")
    full = [name for name in names if workbook.get_sheet_by_name(name).height > 1]
    if len(full) == 1:
        return full[0]
    if not full:
        raise FileError(
            f"'{path}' has no sheet with a table in it: check that it is the right file."
        )
    shown = ", ".join(full[:_SHOWN]) + (
        f" and {len(full) - _SHOWN} more" if len(full) > _SHOWN else ""
    )
    raise FileError(
        f"'{path}' holds {len(full)} sheets ({shown}): name one, such as '{path}:{full[0]}'."
    )


def _text(cell: Any) -> str:
    """Return the text of a cell as it would stand in a CSV.

    Examples
    --------
    >>> _text(3.0), _text(0.1), _text(True), _text(datetime.date(2024, 1, 31)), _text(1e20)
    ('3', '0.1', 'true', '2024-01-31', '1e+20')
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _table(rows: Sequence[Sequence[str]], where: str, asked: Asked) -> tuple[TextTable, int]:
    """Make a table of the texts of a sheet; return it and how many rows stand above its first."""
    filled = [n for n, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise FileError(f"{where} has no rows below its header: check that it is the right sheet.")
    header = filled[header_row([rows[n] for n in filled[:30]])]
    below = rows[header + 1 : filled[-1] + 1]
    width = max(n for row in rows[header : filled[-1] + 1] for n, cell in enumerate(row, 1) if cell)
    names, notes = column_names([*rows[header], *[""] * width][:width], where)
    padded = ([*row, *[""] * width][:width] for row in below)
    columns = zip(*padded, strict=True)
    cells = {
        name: pa.chunked_array([pa.array([each or None for each in column], pa.string())])
        for name, column in zip(names, columns, strict=True)
    }
    ending = ending_rows(list(cells.values()))
    cells = {name: column.slice(0, len(column) - ending) for name, column in cells.items()}
    cells, units = without_units(names, cells)
    if header > filled[0]:
        titles = header - filled[0]
        lines = "row is a title" if titles == 1 else f"{titles} rows are titles"
        notes.append(f"The first {lines} above the header of {where} and left out.")
    notes += left_out(units, ending, where)
    columns_typed, said = typed_columns(names, cells, asked.types or {}, where)
    return TextTable(columns_typed, cells, (*notes, *said)), header + 1 + units
