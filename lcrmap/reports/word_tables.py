"""Tables of a Word document: as wide as the text, each column as wide as what stands in it, rows whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lcrmap.maps.passages import Sheet

__all__ = ["add_table", "column_shares"]

_WIDE: Final = 8  # columns from which a table is set smaller
_LONGEST: Final = 34  # letters of a cell that stay on one line
_LETTERS: Final = 118  # of a line that is as wide as the text
_BOLD: Final = 1.2  # times the width of a letter that is not
_GAP: Final = 2  # letters between columns
_LINE: Final = "BFBFBF"  # the colour of the lines between rows
_TOGETHER: Final = 3  # rows that stay with the heads


def add_table(document: Any, sheet: Sheet, width: int, clean: Callable[[str], str]) -> None:
    """Add a table below its caption.

    Parameters
    ----------
    document
        Of python-docx.
    width
        Of the text, in the units of Word (EMU).
    clean
        Leaves out of a text what a document cannot hold.
    """
    from docx.shared import Emu, Pt

    table = document.add_table(rows=0, cols=len(sheet.heads))
    table.autofit = False
    _rule(table)
    widths = [Emu(round(width * each)) for each in column_shares(sheet)]
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide
    size = Pt(7 if len(sheet.heads) >= _WIDE else 7.5)
    for number, texts in enumerate((sheet.heads, *sheet.rows)):
        row = table.add_row()
        _keep_whole(row, repeated=number == 0)
        for at, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[at]
            paragraph = cell.paragraphs[0]
            _write(paragraph, clean(text), size, bold=number == 0, right=sheet.numeric[at])
            # The last row stays with nothing: what follows may be a picture with all that is kept with it.
            together = number < min(_TOGETHER, len(sheet.rows))
            paragraph.paragraph_format.keep_with_next = together


def column_shares(sheet: Sheet) -> list[float]:
    """Return which share of the width each column gets: room for its longest word, and for its cells if there is some.

    Examples
    --------
    >>> rows = (("Halton", "7 (6 to 7)"),)
    >>> found = column_shares(Sheet("Sites", ("Name", "Sites"), (False, True), rows, rows, 1))
    >>> [round(each, 2) for each in found]
    [0.4, 0.6]
    """
    least = _least(sheet, " (")
    if sum(least) > _LETTERS:  # no room for each range on one line
        least = _least(sheet, None)
    wanted = []
    for number, low in enumerate(least):
        longest = max((len(row[number]) for row in sheet.rows), default=0)
        wanted.append(max(min(longest, _LONGEST) + _GAP, low))
    over = sum(wanted) - sum(least)
    part = min(max((_LETTERS - sum(least)) / over, 0.0), 1.0) if over else 0.0
    given = [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
    return [each / sum(given) for each in given]


def _least(sheet: Sheet, apart: str | None) -> list[float]:
    """Return how many letters each column needs, if the cells of numbers are parted at `apart`, others at spaces."""
    found = []
    for number, head in enumerate(sheet.heads):
        at = apart if sheet.numeric[number] else None
        words: list[float] = [len(word) for row in sheet.rows for word in row[number].split(at)]
        words += [len(word) * _BOLD for word in head.split()]
        found.append(max(words, default=0) + _GAP)
    return found


def _write(paragraph: Any, text: str, size: Any, *, bold: bool, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    run = paragraph.add_run(text)
    run.font.size = size
    run.bold = bold
    paragraph.paragraph_format.space_after = 0
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _keep_whole(row: Any, *, repeated: bool) -> None:
    """Keep a row on one page; repeat that of the heads on each."""
    from docx.oxml import OxmlElement

    about = row._tr.get_or_add_trPr()
    about.append(OxmlElement("w:cantSplit"))
    if repeated:
        about.append(OxmlElement("w:tblHeader"))


def _rule(table: Any) -> None:
    """Draw a line below each row, and none elsewhere; let the first column begin where the text does."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for edge in ("bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    for side, wide in (("left", "0"), ("right", "80")):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), wide)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    about = table._tbl.tblPr
    layout = about.find(qn("w:tblLayout"))
    place = len(about) if layout is None else list(about).index(layout)
    about.insert(place, borders)  # the schema wants borders, layout, margins
    about.insert(place + 2, margins)
