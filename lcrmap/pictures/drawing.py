"""A page as a picture, without a browser: the same classes, colours, symbols and counts, from the same model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lcrmap.errors import UsageError
from lcrmap.maps.model import PageModel
from lcrmap.maps.style import SURFACES
from lcrmap.pictures.alternative import alternative_text
from lcrmap.pictures.charts import draw_map
from lcrmap.pictures.encoding import PICTURES, encode_picture
from lcrmap.pictures.fonts import Face, Fonts, fonts_for, missing_note
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.legends import (
    FULL_SIZE,
    SMALLEST,
    columns_for,
    draw_legend,
    fit,
    flow,
    flow_height,
    legend_lines,
)
from lcrmap.pictures.lines import credit_text
from lcrmap.pictures.papers import LONGEST, Paper, paper_of
from lcrmap.pictures.scenes import make_scene
from lcrmap.pictures.sheets import Sheet, settings
from lcrmap.pictures.views import View, kept_on, view_of

__all__ = ["PICTURES", "Picture", "draw_picture", "draw_pictures"]

MARGIN: Final = 5.0
_NO_MARGIN: Final = 0.5  # beside text, whose margin it has; lines at its edge keep their width
_HEADLINES: Final = (Face(14, bold=True), Face(13, bold=True), Face(12, bold=True))
_SUBTITLES: Final = (Face(10), Face(9.5), Face(9), Face(8.5))
CREDIT: Final = Face(7)
_SIDE: Final = 0.36  # of the width, for a legend at the right
_MEASURED: Final = 3  # times that a legend is, before the height of its picture is settled
_LEGEND_GAP: Final = 4.0  # between the map and a legend at its right
_CREDIT_GAP: Final = 2.0  # below the map
_TITLE_GAP: Final = 1.5  # above it
_BELOW: Final = 0.5  # of the height that map and legend have, for a legend below at most
_READABLE: Final = 6.0  # points of a legend for which a picture is made higher than was asked for


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where a legend goes: the box of a map that leaves it room, its width, its greatest height, and its columns."""

    guess: Box
    width: float
    height: float
    columns: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the bytes of a file.

    Attributes
    ----------
    alt
        The text that stands for it; it is inside the file too.
    width, height
        In millimetres.
    notes
        Sentences to be said, such as letters that no font has.
    """

    data: bytes
    alt: str
    width: float
    height: float
    notes: tuple[str, ...] = ()


def draw_picture(
    model: PageModel,
    kind: str,
    *,
    size: str = "report",
    dpi: int | None = None,
    title: bool = True,
) -> Picture:
    """Draw a page as a picture.

    Parameters
    ----------
    model
        What the page says and shows, from `lcrmap.maps.model.build_model`.
    kind
        ``png``, ``svg`` or ``pdf``.
    size
        ``report``, ``wide``, ``square``, or millimetres as in ``160x120mm``.
    dpi
        Dots per inch of a PNG; None for what the size is usually wanted at.
    title
        Whether headline and subtitle stand on it; False where they stand beside it.

    Returns
    -------
    Picture
        The same bytes for the same model and versions.

    Raises
    ------
    UsageError
        If there is no such kind or size.

    Examples
    --------
    >>> from lcrmap.maps.model import build_model
    >>> draw_picture(build_model([]), "svg").data[:5]
    b'<?xml'
    """
    return draw_pictures(model, (kind,), size=size, dpi=dpi, title=title)[0]


def draw_pictures(
    model: PageModel,
    kinds: Sequence[str],
    *,
    size: str = "report",
    dpi: int | None = None,
    title: bool = True,
    tallest: float | None = None,
) -> tuple[Picture, ...]:
    """Draw a page once and return it in several kinds; see `draw_picture`.

    Parameters
    ----------
    tallest
        To how many millimetres a picture without a title may grow so that a long legend beside its map is not set
        smaller; None for the height that was asked for.
    """
    unknown = [each for each in kinds if each not in PICTURES]
    if unknown:
        raise UsageError(
            f"No picture of the kind '{unknown[0]}': choose one of {', '.join(PICTURES)}."
        )
    asked = paper_of(size, dpi)
    fonts = fonts_for(_texts(model))
    alt = alternative_text(model)
    with settings():
        paper = asked if tallest is None or title else _grown(model, fonts, asked, tallest)
        landscape = paper.landscape
        paper = _with_room(model, fonts, paper, title=title)
        if "png" in kinds:
            paper.refuse_too_fine()
        sheet = Sheet(paper, fonts, background=SURFACES["page"].light)
        room = _room(paper, title=title)
        if title:
            room = _write_title(sheet, model, fonts, room)
        _lay_out(sheet, model, fonts, room, landscape=landscape)
        made = [encode_picture(sheet, each, title=model.headline, alt=alt) for each in kinds]
    notes = tuple(filter(None, (missing_note(fonts), _higher_note(asked, paper, tallest))))
    return tuple(Picture(data, alt, paper.width, paper.height, notes) for data in made)


def _higher_note(asked: Paper, paper: Paper, tallest: float | None) -> str:
    """Say that a picture is higher than it should have been."""
    most = max(asked.height, tallest or 0.0)
    if paper.height <= most:
        return ""
    return (
        f"The picture is {paper.height:g} mm high, not {most:g} mm: its legend has no room in less."
    )


def _room(paper: Paper, *, title: bool) -> Box:
    """Return the paper without its margins."""
    margin = MARGIN if title else _NO_MARGIN
    return Box(margin, margin, paper.width - margin, paper.height - margin)


def _with_room(model: PageModel, fonts: Fonts, paper: Paper, *, title: bool) -> Paper:
    """Return the paper; if its legend has no room on it in the smallest letters, one as high as readable ones need.

    On a higher map more stands apart, of which the legend then speaks, so it is measured again.
    """
    landscape = paper.landscape

    def lacking(paper: Paper, size: float) -> int:
        room = _room(paper, title=title)
        if title:
            room = _below(_title_lines(model, fonts, room), room)
        return _lacking(model, fonts, room, size, landscape=landscape)

    if lacking(paper, SMALLEST) <= 0:
        return paper
    while (more := lacking(paper, _READABLE)) > 0 and paper.height < LONGEST:
        paper = replace(paper, height=min(paper.height + more, LONGEST))
    return paper


def _lacking(model: PageModel, fonts: Fonts, room: Box, size: float, *, landscape: bool) -> int:
    """Return how many millimetres a room lacks for its legend in letters of so many points."""
    body = _above_credit(_credit(model, fonts, room), room)
    plan = _plan(body, landscape=landscape)
    lines = legend_lines(model, make_scene(model, _view(model, plan.guess)))
    set_ = flow(lines, model, fonts, width=plan.width, columns=plan.columns, size=size)
    share = plan.height / body.height
    return math.ceil((flow_height(set_) - plan.height) / share)


def _grown(model: PageModel, fonts: Fonts, paper: Paper, tallest: float) -> Paper:
    """Return the paper, as much higher as its legend needs at its full size.

    On a higher map more stands apart, of which the legend then speaks, so it is measured again.
    """
    for _ in range(_MEASURED):
        if not paper.landscape or paper.height >= tallest:
            break
        more = _lacking(model, fonts, _room(paper, title=False), FULL_SIZE, landscape=True)
        if more <= 0:
            break
        paper = replace(paper, height=min(math.ceil(paper.height + more), tallest))
    return paper


def _texts(model: PageModel) -> list[str]:
    """Return every text that can stand on the picture."""
    texts = [model.headline, model.subtitle, credit_text(model), *(each[0] for each in model.water)]
    for layer in model.layers:
        texts.append(layer.title)
        texts += [each.label for each in layer.legend]
        if layer.label is not None and layer.total <= 500:
            texts += [layer.name_of(row) for row in range(layer.total)]
    return texts


def _write_title(sheet: Sheet, model: PageModel, fonts: Fonts, room: Box) -> Box:
    """Put headline and subtitle at the top of a room, and return what is left of it."""
    top = room.top
    lines = _title_lines(model, fonts, room)
    for (face, texts), surface in zip(lines, ("text", "text-2"), strict=True):
        top = _write(sheet, face, SURFACES[surface].light, (room.left, top), texts)
    return _below(lines, room)


def _title_lines(model: PageModel, fonts: Fonts, room: Box) -> list[tuple[Face, list[str]]]:
    """Return the lines of headline and subtitle, with the face of each."""
    wanted = ((model.headline, _HEADLINES), (model.subtitle, _SUBTITLES))
    return [_fitting(fonts, whole, faces, room.width) for whole, faces in wanted]


def _below(lines: Sequence[tuple[Face, list[str]]], room: Box) -> Box:
    """Return what headline and subtitle leave of a room."""
    high = sum(len(texts) * face.height for face, texts in lines)
    return replace(room, top=room.top - high - _TITLE_GAP)


def _lay_out(sheet: Sheet, model: PageModel, fonts: Fonts, room: Box, *, landscape: bool) -> None:
    """Fill a room with map, legend and credits, from top to bottom."""
    grey = SURFACES["text-2"].light
    credit = _credit(model, fonts, room)
    body = _above_credit(credit, room)
    _write(sheet, CREDIT, grey, (room.left, body.bottom - _CREDIT_GAP), credit)
    _draw_body(sheet, model, fonts, body, landscape=landscape)


def _credit(model: PageModel, fonts: Fonts, room: Box) -> list[str]:
    return fonts.wrap(credit_text(model), CREDIT, room.width)


def _above_credit(credit: Sequence[str], room: Box) -> Box:
    """Return what the lines of the credit leave of a room."""
    return replace(room, bottom=room.bottom + len(credit) * CREDIT.height + _CREDIT_GAP)


def _beside(body: Box) -> tuple[Box, float]:
    """Return the box of a map with its legend at the right, and the legend's width."""
    width = _SIDE * body.width
    return replace(body, right=body.right - width - _LEGEND_GAP), width


def _fitting(
    fonts: Fonts, text: str, faces: Sequence[Face], width: float
) -> tuple[Face, list[str]]:
    """Return the largest face in which a text is one line; if there is none, the smallest, in lines."""
    for face in faces:
        if fonts.width(text, face) <= width:
            return face, [text]
    return faces[-1], fonts.wrap(text, faces[-1], width)


def _write(
    sheet: Sheet, face: Face, colour: str, start: tuple[float, float], lines: list[str]
) -> float:
    left, top = start
    for number, line in enumerate(lines):
        y = top - (number + 0.5) * face.height
        sheet.text((left, y), line, face, colour=colour, middle=True)
    return top - len(lines) * face.height


def _plan(body: Box, *, landscape: bool) -> _Plan:
    """Plan a legend at the right of the map or below it."""
    if landscape:
        guess, width = _beside(body)
        return _Plan(guess, width, body.height, 1)
    guess = replace(body, bottom=body.bottom + 0.35 * body.height)
    return _Plan(guess, body.width, _BELOW * body.height, columns_for(body.width))


def _draw_body(sheet: Sheet, model: PageModel, fonts: Fonts, body: Box, *, landscape: bool) -> None:
    """Draw the map, and the legend at its right or below it; which lines it has depends on the map."""
    plan = _plan(body, landscape=landscape)
    lines = legend_lines(model, make_scene(model, _view(model, plan.guess)))
    columns = fit(lines, model, fonts, width=plan.width, height=plan.height, columns=plan.columns)
    if landscape:
        box, left, top = plan.guess, plan.guess.right + _LEGEND_GAP, body.top
    else:
        box = replace(body, bottom=body.bottom + flow_height(columns) + 2)
        left, top = body.left, box.bottom - 2
    view = _view(model, box)
    draw_map(sheet, model, view, make_scene(model, view))
    draw_legend(sheet, columns, left=left, top=top, width=plan.width)


def _view(model: PageModel, box: Box) -> View:
    view = view_of(model.extent, box)
    boxes = [each.shapes.bounds for each in model.layers if each.part == "backdrop"]
    known = [each for each in boxes if each is not None]
    if not known or model.extent is None:
        return view
    west, south, east, north = zip(*known, strict=True)
    return kept_on(view, model.extent, (min(west), min(south), max(east), max(north)))
