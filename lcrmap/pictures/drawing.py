"""A page as a picture, without a browser: the same classes, colours, symbols and counts, from the same model."""

from __future__ import annotations

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
    columns_for,
    draw_legend,
    fit,
    flow,
    flow_height,
    legend_lines,
)
from lcrmap.pictures.lines import credit_text
from lcrmap.pictures.papers import paper_of
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


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as the bytes of a file.

    Attributes
    ----------
    alt
        The text that stands for it; it is inside the file too.
    notes
        Sentences to be said, such as letters that no font has.
    """

    data: bytes
    alt: str
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
) -> tuple[Picture, ...]:
    """Draw a page once and return it in several kinds; see `draw_picture`."""
    unknown = [each for each in kinds if each not in PICTURES]
    if unknown:
        raise UsageError(
            f"No picture of the kind '{unknown[0]}': choose one of {', '.join(PICTURES)}."
        )
    paper = paper_of(size, dpi)
    if "png" in kinds:
        paper.refuse_too_fine()
    fonts = fonts_for(_texts(model))
    alt = alternative_text(model)
    with settings():
        sheet = Sheet(paper, fonts, background=SURFACES["page"].light)
        margin = MARGIN if title else _NO_MARGIN
        room = Box(margin, margin, paper.width - margin, paper.height - margin)
        if title:
            room = _write_title(sheet, model, fonts, room)
        _lay_out(sheet, model, fonts, room)
        made = [encode_picture(sheet, each, title=model.headline, alt=alt) for each in kinds]
    note = missing_note(fonts)
    return tuple(Picture(data, alt, (note,) if note else ()) for data in made)


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
    text, grey = SURFACES["text"].light, SURFACES["text-2"].light
    for whole, faces, colour in (
        (model.headline, _HEADLINES, text),
        (model.subtitle, _SUBTITLES, grey),
    ):
        face, lines = _fitting(fonts, whole, faces, room.width)
        top = _write(sheet, face, colour, (room.left, top), lines)
    return replace(room, top=top - 1.5)


def _lay_out(sheet: Sheet, model: PageModel, fonts: Fonts, room: Box) -> None:
    """Fill a room with map, legend and credits, from top to bottom."""
    grey = SURFACES["text-2"].light
    credit = fonts.wrap(credit_text(model), CREDIT, room.width)
    bottom = room.bottom + len(credit) * CREDIT.height
    _write(sheet, CREDIT, grey, (room.left, bottom), credit)
    _draw_body(sheet, model, fonts, replace(room, bottom=bottom + 2))


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


def _draw_body(sheet: Sheet, model: PageModel, fonts: Fonts, body: Box) -> None:
    """Draw the map, and the legend at its right or below it; which lines it has depends on the map."""
    landscape = sheet.paper.landscape
    legend_width = _SIDE * body.width if landscape else body.width
    guess = Box(body.left, body.bottom, body.right - legend_width - 4, body.top)
    if not landscape:
        guess = Box(body.left, body.bottom + 0.35 * body.height, body.right, body.top)
    scene = make_scene(model, _view(model, guess))
    lines = legend_lines(model, scene)
    if landscape:
        columns = fit(lines, model, fonts, width=legend_width, height=body.height)
        box, left, top = guess, guess.right + 4, body.top
    else:
        columns = flow(
            lines, model, fonts, width=body.width, columns=columns_for(body.width), size=8.0
        )
        high = min(flow_height(columns), 0.5 * body.height)
        box = Box(body.left, body.bottom + high + 2, body.right, body.top)
        left, top = body.left, box.bottom - 2
    view = _view(model, box)
    draw_map(sheet, model, view, make_scene(model, view))
    draw_legend(sheet, columns, left=left, top=top, width=legend_width)


def _view(model: PageModel, box: Box) -> View:
    view = view_of(model.extent, box)
    boxes = [each.shapes.bounds for each in model.layers if each.part == "backdrop"]
    known = [each for each in boxes if each is not None]
    if not known or model.extent is None:
        return view
    west, south, east, north = zip(*known, strict=True)
    return kept_on(view, model.extent, (min(west), min(south), max(east), max(north)))
