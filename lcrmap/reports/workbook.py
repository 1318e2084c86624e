"""The tables of a report as one workbook; needs the extra ``xlsx``."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from lcrmap.errors import MissingPartError
from lcrmap.io.siblings import temporary_folder
from lcrmap.maps.passages import Sheet
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.packing import packed_alike

__all__ = ["INSTALL_XLSX", "write_workbook"]

INSTALL_XLSX: Final = "pip install 'lcrmap[xlsx]'"
NEEDS_XLSX: Final = f"An .xlsx needs openpyxl: {INSTALL_XLSX}"
_FORMULA: Final = ("=", "+", "-", "@")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_workbook(report: Report) -> bytes:
    """Return a workbook with a sheet for each table, numbers as numbers.

    Raises
    ------
    MissingPartError
        If openpyxl is not installed.
    OutputError
        If it cannot hold sheets in the folder for temporary files.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingPartError(NEEDS_XLSX) from None
    book = openpyxl.Workbook()
    book.remove(book.active)
    for section in report.sections:
        if section.sheet is not None:
            _add(book, section, section.sheet)
    if not book.sheetnames:
        book.create_sheet("empty")
    stream = io.BytesIO()
    with (
        temporary_folder()
    ):  # beside which openpyxl holds each sheet, so that a full disk has its sentence
        book.save(stream)
    return packed_alike(stream.getvalue(), title=_CONTROL.sub("", report.title)[:255])


def _add(book: Any, section: Section, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(section.slug[:31])
    page.append([_text(sheet.caption)])
    page.append([_text(section.finding)])
    page.append([])
    page.append([_text(each) for each in sheet.heads])
    for texts, values in zip(sheet.rows, sheet.values, strict=True):
        page.append(
            [
                value if numeric and "(" not in text else _text(text)
                for text, value, numeric in zip(texts, values, sheet.numeric, strict=True)
            ]
        )
    page["A1"].font = Font(bold=True, size=13)
    for cell in page[4]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, _ in enumerate(sheet.heads, 1):
        letter = page.cell(4, number).column_letter
        longest = max([len(row[number - 1]) for row in sheet.rows], default=0)
        page.column_dimensions[letter].width = min(max(longest + 2, 10), 45)
    page.freeze_panes = "B5"


def _text(text: str) -> str:
    """Keep a text from being run as a formula, and from holding what a workbook cannot."""
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if clean.startswith(_FORMULA) and clean != "-" else clean
