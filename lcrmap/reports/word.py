"""A report as a Word document: headings, tables, pictures with their alternative text; needs the extra ``docx``."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from lcrmap.errors import MissingPartError
from lcrmap.maps.charts import Bars
from lcrmap.maps.passages import Passage, Sheet, bars_sheet
from lcrmap.reports.contents import Report, Section
from lcrmap.reports.packing import without_hour
from lcrmap.reports.prose import credit_lines

__all__ = ["INSTALL_DOCX", "write_document"]

INSTALL_DOCX: Final = "pip install 'lcrmap[docx]'"
_WIDE: Final = 8  # columns from which a table is set smaller
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_document(report: Report) -> bytes:
    """Return the report as a .docx on A4.

    Raises
    ------
    MissingPartError
        If python-docx is not installed.
    """
    try:
        import docx
        from docx.shared import Mm, Pt
    except ImportError:
        raise MissingPartError(f"A .docx needs python-docx: {INSTALL_DOCX}") from None
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin = page.bottom_margin = Mm(12)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = _text(report.title)[:255]
    document.core_properties.author = "lcrmap"
    document.core_properties.language = "en-GB"
    document.add_heading(_text(report.title), 0)
    document.add_paragraph(_text(report.subtitle))
    if report.intro:
        document.add_paragraph(_text(report.intro))
    if report.findings:
        document.add_heading("In short", 1)
    for _, finding in report.in_short:
        document.add_paragraph(_text(finding), style="List Bullet")
    if report.ranges_note:
        document.add_paragraph(report.ranges_note)
    for section in report.sections:
        _add_section(document, section)
    document.add_heading("Sources and licences", 1)
    for line in filter(None, credit_lines(report).splitlines()):
        document.add_paragraph(_text(line), style="List Bullet")
    stream = io.BytesIO()
    document.save(stream)
    return without_hour(stream.getvalue())


def _add_section(document: Any, section: Section) -> None:
    from docx.shared import Pt

    document.add_heading(_text(section.title), 1)
    if section.finding and section.finding != section.title:
        paragraph = document.add_paragraph()
        paragraph.add_run(_text(section.finding)).bold = True
        paragraph.paragraph_format.keep_with_next = True
    for sentence in section.sentences:
        paragraph = document.add_paragraph(_text(sentence))
        paragraph.paragraph_format.keep_with_next = bool(section.pictures)
    if section.pictures:
        _add_picture(document, section)
    if section.sheet is not None:
        _add_table(document, section.sheet)
    for passage in section.passages:
        _add_passage(document, passage)
    for note in (*section.notes, section.method):
        if note:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(_text(note)).font.size = Pt(9)


def _add_passage(document: Any, passage: Passage) -> None:
    """Add a passage; its chart as a table of its figures."""
    document.add_heading(_text(passage.title), 2)
    for sentence in passage.sentences:
        style = "List Bullet" if passage.listed else None
        document.add_paragraph(_text(sentence), style=style)
    if isinstance(passage.chart, Bars):
        _add_table(document, bars_sheet(passage.chart))
    if passage.sheet is not None:
        _add_table(document, passage.sheet)


def _add_picture(document: Any, section: Section) -> None:
    """Add the picture as wide as the text, with its caption, from which it is not parted."""
    drawn, page = dict(section.pictures)["png"], document.sections[0]
    width = page.page_width - page.left_margin - page.right_margin
    shape = document.add_picture(io.BytesIO(drawn.data), width=width)
    about = shape._inline.docPr
    about.set("descr", _text(drawn.alt))
    about.set("title", _text(section.finding or section.title))
    if section.caption:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(_text(section.caption), style="Caption")


def _add_table(document: Any, sheet: Sheet) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    caption = document.add_paragraph(_text(sheet.caption), style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(sheet.heads), style="Light List Accent 1")
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    size = Pt(7 if len(sheet.heads) >= _WIDE else 9)
    for row in (sheet.heads, *sheet.rows):
        cells = table.rows[0].cells if row is sheet.heads else table.add_row().cells
        for number, (cell, text) in enumerate(zip(cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(_text(text))
            run.font.size = size
            run.bold = row is sheet.heads
            if sheet.numeric[number]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if sheet.cut:
        document.add_paragraph(sheet.cut)


def _text(text: str) -> str:
    return _CONTROL.sub("", text)
