"""A chart of a page as a picture, for a document that shows no SVG: its parts, drawn where the page has them."""

from __future__ import annotations

from typing import Final

from lcrmap.maps.charts import (
    CHART_WIDTH,
    Box,
    Chart,
    Dot,
    Part,
    Rule,
    Sign,
    Text,
    chart_drawing,
    chart_words,
)
from lcrmap.maps.style import SHAPES, SURFACES
from lcrmap.pictures.drawing import Picture
from lcrmap.pictures.encoding import encode_picture
from lcrmap.pictures.fonts import Face, fonts_for, missing_note
from lcrmap.pictures.labelling import Box as Frame
from lcrmap.pictures.papers import Paper
from lcrmap.pictures.scenes import colour_of
from lcrmap.pictures.sheets import Anchor, Sheet, settings

__all__ = ["draw_chart"]

_WIDTH: Final = 100.0  # millimetres
_UNIT: Final = _WIDTH / CHART_WIDTH
_DPI: Final = 300
_FACE: Final = Face(7.6)  # DejaVu Sans is wider than a page's letters, which have 15 units
_THIN, _THICK = 1.5 * _UNIT, 4.5 * _UNIT
_DASH: Final = (4 * _UNIT, 3 * _UNIT)
_PAGE, _INK = SURFACES["page"].light, SURFACES["text"].light
_ANCHORS: Final[dict[str, Anchor]] = {
    "": "left",
    "number": "left",
    "middle": "center",
    "end": "right",
}


def draw_chart(chart: Chart, kind: str = "png") -> Picture:
    """Draw a chart in light colours; its alternative text says its figures.

    Examples
    --------
    >>> from lcrmap.maps.charts import Bar, Bars
    >>> draw_chart(Bars("Sites", (Bar("Halton", 3, "3"),))).alt
    'Sites: Halton 3.'
    """
    drawing = chart_drawing(chart)
    fonts = fonts_for(each.text for each in drawing.parts if isinstance(each, Text))
    paper = Paper(_WIDTH, round(drawing.height * _UNIT, 1), _DPI)
    with settings():
        sheet = Sheet(paper, fonts, background=SURFACES["page"].light)
        for part in drawing.parts:
            _draw(sheet, part)
        data = encode_picture(sheet, kind, title=chart.title, alt=chart_words(chart))
    note = missing_note(fonts)
    return Picture(data, chart_words(chart), paper.width, paper.height, (note,) if note else ())


def _draw(sheet: Sheet, part: Part) -> None:
    high = sheet.paper.height
    if isinstance(part, Box):
        top, left = high - part.y * _UNIT, part.x * _UNIT
        frame = Frame(left, top - part.height * _UNIT, left + part.width * _UNIT, top)
        sheet.box(frame, fill=colour_of(part.hue), line=_PAGE, width=_UNIT)
    elif isinstance(part, Dot):
        at = (part.x * _UNIT, high - part.y * _UNIT)
        sheet.circle(at, part.radius * _UNIT, fill=colour_of(part.hue), line=_PAGE, width=_UNIT)
    elif isinstance(part, Sign):
        half = part.size * _UNIT / 2
        at = (part.x * _UNIT + half, high - part.y * _UNIT - half)
        outline = SHAPES[part.shape].path
        sheet.symbol(outline, at, half, colour=_PAGE, halo=colour_of(part.on), fill=0)
    elif isinstance(part, Rule):
        _draw_rule(sheet, part)
    else:
        at = (part.x * _UNIT, high - part.y * _UNIT)
        sheet.text(at, part.text, _FACE, colour=_INK, anchor=_ANCHORS[part.look], middle=True)


def _draw_rule(sheet: Sheet, rule: Rule) -> None:
    high, below = sheet.paper.height, rule.look == "range-casing"
    for x, y, right, low in rule.lines:
        sheet.line(
            [(x * _UNIT, high - y * _UNIT), (right * _UNIT, high - low * _UNIT)],
            colour=_PAGE if below else _INK,
            width=_THICK if below else _THIN,
            dash=_DASH if rule.look == "mark" else None,
        )
