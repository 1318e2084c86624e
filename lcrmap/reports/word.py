"""A report as a Word document: headings, tables, pictures with their alternative text; needs the extra ``docx``."""

from __future__ import annotations

import io
import re
from typing import Any, Final

from lcrmap.errors import MissingPartError
from lcrmap.maps.charts import Chart
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.pictures.drawing import Picture
from lcrmap.pictures.graphs import draw_chart
from lcrmap.reports.contents import METHODS, Report, Section
from lcrmap.reports.packing import packed_alike
from lcrmap.reports.prose import credit_lines
from lcrmap.reports.word_tables import add_table

__all__ = ["INSTALL_DOCX", "write_document"]

INSTALL_DOCX: Final = "pip install 'lcrmap[docx]'"
NEEDS_DOCX: Final = f"A .docx needs python-docx: {INSTALL_DOCX}"
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FONT: Final = "Arial"
# Of a style: points, bold, points above and below; as the report's page is printed.
_STYLES: Final = {
    "Normal": (9, False, 0, 2),
    "Title": (17, True, 0, 4),
    "Heading 1": (11, True, 10, 2),
    "Heading 2": (9.5, True, 6, 2),
    "Caption": (8, False, 2, 4),
    "List Bullet": (9, False, 0, 1),
}
_SMALL: Final = 8  # points, of notes and methods


def write_document(report: Report) -> bytes:
    """Return the report as a .docx on A4.

    Raises
    ------
    MissingPartError
        If python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise MissingPartError(NEEDS_DOCX) from None
    document = docx.Document()
    _set_up(document, report)
    _add_cover(document, report)
    for section in report.sections:
        _add_section(document, section)
    if report.methods:
        document.add_heading(METHODS, 1)
    _add_small(document, report.methods)
    document.add_heading("Sources and licences", 1)
    for line in filter(None, credit_lines(report).splitlines()):
        document.add_paragraph(_text(line), style="List Bullet")
    stream = io.BytesIO()
    document.save(stream)
    return packed_alike(stream.getvalue(), title=_text(report.title)[:255])


def _set_up(document: Any, report: Report) -> None:
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin = page.bottom_margin = Mm(10)
    for name in _STYLES:
        _set_style(document.styles[name], *_STYLES[name])


def _set_style(style: Any, size: float, bold: bool, above: float, below: float) -> None:
    """Make a style look as the report's page does: black, in its font, and close."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for key in [each for each in fonts.attrib if each.endswith("Theme")]:
        del fonts.attrib[key]  # which Word would take instead
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(above), Pt(below), 1.0
    lines = style.element.pPr.find(qn("w:pBdr"))
    if lines is not None:
        style.element.pPr.remove(lines)


def _add_cover(document: Any, report: Report) -> None:
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


def _add_section(document: Any, section: Section) -> None:
    document.add_heading(_text(section.heading), 1)
    if section.claim:
        paragraph = document.add_paragraph()
        paragraph.add_run(_text(section.claim)).bold = True
        paragraph.paragraph_format.keep_with_next = True
    for sentence in section.said:
        document.add_paragraph(_text(sentence))
    if section.pictures:
        _add_map(document, section)
    for chart in () if section.page is None else section.page.model.charts:
        if chart.on_paper:
            named = section.sheet is not None and section.sheet.caption == chart.title
            _add_chart(document, chart, "" if named else chart.title)
    if section.sheet is not None:
        _add_sheet(document, section.sheet, section.heading)
    for passage in section.passages:
        _add_passage(document, passage)
    _add_small(document, section.notes)


def _add_small(document: Any, texts: tuple[str, ...]) -> None:
    from docx.shared import Pt

    for text in texts:
        document.add_paragraph().add_run(_text(text)).font.size = Pt(_SMALL)


def _add_passage(document: Any, passage: Passage) -> None:
    """Add a passage with its chart and its table."""
    document.add_heading(_text(passage.title), 2)
    for sentence in passage.sentences:
        style = "List Bullet" if passage.listed else None
        document.add_paragraph(_text(sentence), style=style)
    if passage.chart is not None:
        _add_chart(document, passage.chart, passage.chart.title)
    if passage.sheet is not None:
        _add_sheet(document, passage.sheet, passage.title)


def _add_map(document: Any, section: Section) -> None:
    """Add the map as wide as the text, with its caption, from which it is not parted."""
    drawn = dict(section.pictures)["png"]
    title = section.finding or section.title
    _add_picture(document, drawn, title, _text_width(document))
    if section.caption:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(_text(section.caption), style="Caption")


def _add_chart(document: Any, chart: Chart, title: str) -> None:
    """Add a chart, with what it says as its alternative text, below a title, from which it is not parted."""
    from docx.shared import Mm

    if title:
        above = document.add_paragraph(style="Caption")
        above.add_run(_text(title)).bold = True
        above.paragraph_format.keep_with_next = True
    drawn = draw_chart(chart)
    _add_picture(document, drawn, chart.title, Mm(drawn.width))
    if chart.note:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        _add_small(document, (chart.note,))


def _add_picture(document: Any, drawn: Picture, title: str, width: int) -> None:
    shape = document.add_picture(io.BytesIO(drawn.data), width=width)
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")  # what is left open, LibreOffice fills
    about = shape._inline.docPr
    about.set("descr", _text(drawn.alt))
    about.set("title", _text(title))


def _add_sheet(document: Any, sheet: Sheet, heading: str) -> None:
    """Add a table with its caption, unless that is the heading above it; Word makes one of two that meet."""
    meets = document.element.body[-2].tag.endswith("}tbl")  # the last element is the page's size
    if sheet.caption != heading or meets:
        caption = document.add_paragraph(style="Caption")
        caption.add_run(_text(sheet.caption)).bold = True
        caption.paragraph_format.keep_with_next = True
    add_table(document, sheet, _text_width(document), _text)
    if sheet.cut:
        document.add_paragraph(sheet.cut)


def _text_width(document: Any) -> int:
    page = document.sections[0]
    return int(page.page_width - page.left_margin - page.right_margin)


def _text(text: str) -> str:
    return _CONTROL.sub("", text)
