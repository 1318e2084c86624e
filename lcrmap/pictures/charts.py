"""The map of a picture: water, land, areas, what lies in them, names, scale bar, and an inset for a crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.maps.boxes import box_of
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.style import SHAPES, SURFACES
from lcrmap.pictures.fonts import Face
from lcrmap.pictures.insets import find_inset
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.labels import Label
from lcrmap.pictures.names import PLACE_FACE, labels_of
from lcrmap.pictures.scenes import (
    HOLLOW,
    PX,
    Disc,
    Mark,
    Scene,
    colour_of_row,
    drawn_layers,
    make_scene,
)
from lcrmap.pictures.sheets import Sheet
from lcrmap.pictures.views import View, bar_length, parts_of, without_creeks, without_specks

__all__ = ["draw_map"]

_HOLE: Final = 0.52  # of the radius of a circle that is divided
_FULL: Final = 10 * PX  # the radius up to which it has none
_STEPS: Final = 120  # corners of a whole turn
_SIGN: Final = 10 * PX  # the symbol on a part of it
_SIGN_ROOM: Final = 13 * PX  # of a part's middle line from which it has one

_BAR_FACE: Final = Face(7)
COUNT_FACE: Final = Face(7, bold=True)


def draw_map(sheet: Sheet, model: PageModel, view: View, scene: Scene) -> None:
    """Draw the map of a page into the view's box, with an inset where many places lie close together."""
    found = find_inset(model, view, scene)
    taken = [found[0].box] if found is not None else []
    bar = _bar_box(sheet, model, view)
    _draw_ground(sheet, model, view)
    if found is not None:
        _draw_frame(sheet, *found)
    labels = labels_of(model, view, scene, sheet, [*taken, *([bar] if bar else [])])
    _draw_scene(sheet, scene, view.box)
    for label in labels:
        _draw_label(sheet, label, view.box)
    _draw_bar(sheet, model, view)
    if found is not None:
        _draw_inset(sheet, model, found[0])
    sheet.box(view.box, line=SURFACES["line"].light, width=PX)


def _draw_water(sheet: Sheet, layers: Sequence[PageLayer], view: View) -> None:
    """Draw water as far as the backdrop reaches: beyond, nothing tells whether it is land or sea."""
    known = box_of([each for each in layers if each.part == "backdrop"])
    water = SURFACES["water"].light
    sheet.box(view.box, fill=SURFACES["beyond"].light if known else water)
    if known is None:
        return
    # Its edges may be bent on paper.
    edges = shapely.segmentize(shapely.box(*known), (known[2] - known[0]) / 20)
    lon, lat = shapely.get_coordinates(edges).T
    ring = np.column_stack(view.to_paper(lon, lat))
    sheet.area([ring], fill=water, clip=view.box)


def _draw_ground(sheet: Sheet, model: PageModel, view: View) -> None:
    layers = drawn_layers(model)
    _draw_water(sheet, layers, view)
    for part in ("backdrop", "areas", "places"):
        for layer in layers:
            if layer.part == part and layer.style.kind != "circle":
                _draw_layer(sheet, layer, view, casing=part == "areas")
    for layer in layers:
        if layer.style.kind == "circle" and layer.shapes.drawn_as == "area":
            _draw_outlines(sheet, layer, view)
    shaded = any(each.style.kind == "shade" for each in layers)
    for layer in layers:
        if layer.part == "areas" and shaded:
            _draw_outlines(sheet, layer, view)


def _draw_layer(sheet: Sheet, layer: PageLayer, view: View, *, casing: bool) -> None:
    rows = [(row, _shown_parts(layer, row, view)) for row in range(layer.total)]
    kept = [(row, [each for each in parts if _reaches(each[1], view.box)]) for row, parts in rows]
    for step in ("casing", "body") if casing else ("body",):
        for row, parts in kept:
            for dimension, lines in parts:
                _draw_part(sheet, layer, row, dimension, lines, view.box, step)


def _shown_parts(layer: PageLayer, row: int, view: View) -> list[tuple[int, list[Any]]]:
    """Return a feature's parts without what would only be a blot: specks, and creeks narrower than a line."""
    parts = without_specks(list(parts_of(layer, row, view)))
    if layer.part != "areas":
        return parts
    return [
        (dimension, [without_creeks(each) for each in lines] if dimension == 2 else lines)
        for dimension, lines in parts
    ]


def _reaches(lines: Sequence[Any], box: Box) -> bool:
    low, high = lines[0].min(axis=0), lines[0].max(axis=0)
    return box.meets(Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _draw_part(
    sheet: Sheet, layer: PageLayer, row: int, dimension: int, lines: Any, clip: Box, step: str
) -> None:
    colour = colour_of_row(layer, row)
    if dimension == 0:
        x, y = float(lines[0][0, 0]), float(lines[0][0, 1])
        sheet.circle((x, y), 6 * PX, fill=colour, line=SURFACES["halo"].light, width=PX, clip=clip)
    elif dimension == 1:
        sheet.line(lines[0], colour=SURFACES["halo"].light, width=5 * PX, clip=clip)
        sheet.line(lines[0], colour=colour, width=2.5 * PX, clip=clip)
    elif layer.part == "backdrop":
        fill, line = SURFACES["neighbour"].light, SURFACES["neighbour-line"].light
        sheet.area(lines, fill=fill, line=line, width=0.75 * PX, clip=clip)
    elif layer.style.kind == "shade":
        _draw_shaded(sheet, layer, row, lines, clip)
    elif step == "casing":
        page, land = SURFACES["page"].light, SURFACES["land"].light
        sheet.area(lines, fill=land, line=page, width=3.5 * PX, clip=clip)
    elif layer.part == "areas":
        sheet.area(lines, line=SURFACES["area-line"].light, width=1.5 * PX, clip=clip)
    else:
        sheet.area(lines, fill=colour, alpha=0.2, line=colour, width=2 * PX, clip=clip)


def _draw_shaded(sheet: Sheet, layer: PageLayer, row: int, lines: Any, clip: Box) -> None:
    code = layer.style.codes[row]
    known = 0 <= code < len(layer.legend) and layer.legend[code].swatch == "box"
    if known:
        fill, line = colour_of_row(layer, row), SURFACES["page"].light
        sheet.area(lines, fill=fill, line=line, width=0.5 * PX, clip=clip)
    else:
        no_data, hatch = SURFACES["no-data"].light, SURFACES["hatch"].light
        sheet.area(lines, fill=no_data, line=hatch, width=PX, hatch="////", clip=clip)


def _draw_outlines(sheet: Sheet, layer: PageLayer, view: View) -> None:
    for row in range(layer.total):
        for dimension, lines in _shown_parts(layer, row, view):
            if dimension == 2 and _reaches(lines, view.box):
                sheet.area(lines, line=SURFACES["area-line"].light, width=1.5 * PX, clip=view.box)


def _draw_scene(sheet: Sheet, scene: Scene, clip: Box) -> None:
    halo = SURFACES["halo"].light
    for mark in scene.marks:
        if mark.ring:
            at = (mark.x, mark.y)
            sheet.circle(at, mark.ring, fill=mark.colour, alpha=0.08, clip=clip)
            sheet.circle(at, mark.ring, line=mark.colour, width=PX, dash=(0.6, 0.45), clip=clip)
    for dots in scene.dots:
        outline = SHAPES[dots.shape].path
        sheet.dots(outline, dots.xy, dots.radius, colour=dots.colour, halo=halo, clip=clip)
    for disc in scene.discs:
        _draw_disc(sheet, disc, clip)
    for mark in scene.marks:  # above the discs, which a place of which the answer speaks may meet
        at = (mark.x, mark.y)
        if mark.parts:
            _draw_divided(sheet, mark, clip)
        elif not mark.shape:
            _draw_sized(sheet, mark, clip)
        else:
            sheet.symbol(
                SHAPES[mark.shape].path,
                at,
                mark.radius,
                colour=mark.colour,
                halo=halo,
                fill=mark.fill,
                clip=clip,
            )


def _draw_sized(sheet: Sheet, mark: Mark, clip: Box) -> None:
    """Draw the circle of a number: filled, or hollow if it is less than nought."""
    at, halo = (mark.x, mark.y), SURFACES["halo"].light
    hollow = mark.fill == HOLLOW
    sheet.circle(at, mark.radius + 0.3, fill=halo, alpha=0.6, clip=clip)
    sheet.circle(
        at,
        mark.radius,
        fill=halo if hollow else mark.colour,
        alpha=1.0 if hollow else 0.55,
        line=mark.colour,
        width=(3 if hollow else 1.5) * PX,
        clip=clip,
    )


def _draw_divided(sheet: Sheet, mark: Mark, clip: Box) -> None:
    """Draw a ring of the parts, clockwise from the top, around the place."""
    halo = SURFACES["halo"].light
    sheet.circle((mark.x, mark.y), mark.radius + 0.3, fill=halo, clip=clip)
    inner = mark.radius * _HOLE if mark.radius > _FULL else 0.0
    start = 0.0
    for share, colour, shape in mark.parts:
        turns = 2 * np.pi * np.linspace(start, start + share, max(2, round(share * _STEPS) + 1))
        way = np.column_stack([np.sin(turns), np.cos(turns)])
        outer, hole = way * mark.radius, way[::-1] * inner
        # Of one part alone the circles themselves: a seam would make it look like two.
        whole = [outer, hole] if inner else [outer]
        edges = whole if len(mark.parts) == 1 else [np.vstack([outer, hole])]
        rings = [np.vstack([each, each[:1]]) + np.array([mark.x, mark.y]) for each in edges]
        sheet.area(rings, fill=colour, line=halo, width=1.5 * PX, clip=clip)
        middle, turn = (mark.radius + inner) / 2, 2 * np.pi * (start + share / 2)
        if share * 2 * np.pi * middle >= _SIGN_ROOM and mark.radius - inner > _SIGN:
            at = (mark.x + middle * np.sin(turn), mark.y + middle * np.cos(turn))
            sheet.symbol(SHAPES[shape].path, at, _SIGN / 2, colour=halo, halo=colour, fill=0)
        start += share


def _draw_disc(sheet: Sheet, disc: Disc, clip: Box) -> None:
    text = SURFACES["group-text"].light
    fill = SURFACES["group"].light
    sheet.circle((disc.x, disc.y), disc.radius, fill=fill, line=text, width=1.8 * PX, clip=clip)
    number = f"{len(disc.marks):,}"
    sheet.text((disc.x, disc.y), number, COUNT_FACE, colour=text, anchor="center", middle=True)


def _draw_label(sheet: Sheet, label: Label, clip: Box) -> None:
    x, _ = label.box.middle
    step = label.box.height / len(label.texts)
    lines = [
        ((x, label.box.top - (number + 0.5) * step), text)
        for number, text in enumerate(label.texts)
    ]
    for draw, colour in ((sheet.halo, label.halo), (sheet.text, label.colour)):  # no halo on a line
        for at, text in lines:
            draw(at, text, label.face, colour=colour, anchor="center", middle=True, clip=clip)


def _bar_text(model: PageModel, metres: float) -> str:
    if metres >= 1000:
        return model.words("distance.km", n=metres / 1000)
    return model.words("distance.m", n=metres)


def _bar_box(sheet: Sheet, model: PageModel, view: View) -> Box | None:
    """Return what the scale bar covers, at the lower left; None without one."""
    metres = bar_length(view)
    if metres is None:
        return None
    long = metres / view.metres_per_mm
    half = sheet.fonts.width(_bar_text(model, metres), _BAR_FACE) / 2
    x, y = view.box.left + 0.8, view.box.bottom + 0.8
    return Box(x, y, x + max(long, half) + half + 2.4, y + 5)


def _draw_bar(sheet: Sheet, model: PageModel, view: View) -> None:
    metres, box = bar_length(view), _bar_box(sheet, model, view)
    if metres is None or box is None:
        return
    long = metres / view.metres_per_mm
    text = _bar_text(model, metres)
    half = sheet.fonts.width(text, _BAR_FACE) / 2
    x, y = box.left + 1.4 + max(half - long, 0), box.bottom + 1
    ink = SURFACES["text"].light
    sheet.box(box, fill=SURFACES["page"].light)
    sheet.line([(x, y + 1.2), (x, y), (x + long, y), (x + long, y + 1.2)], colour=ink, width=0.25)
    if long > 2 * half + 2:
        sheet.text((x, y + 2.5), "0", _BAR_FACE, colour=ink, anchor="center", middle=True)
    sheet.text((x + long, y + 2.5), text, _BAR_FACE, colour=ink, anchor="center", middle=True)


def _draw_frame(sheet: Sheet, inner: View, frame: Box) -> None:
    """Mark on the map what the inset shows, and join the two by a line."""
    ink = SURFACES["text"].light
    x, y = frame.middle
    near = min(inner.box.ring[:4], key=lambda each: (each[0] - x) ** 2 + (each[1] - y) ** 2)
    sheet.line([(x, y), near], colour=ink, width=0.3)
    if frame.width > 6:  # else the disc of the crowd is larger than its frame
        sheet.box(frame, line=ink, width=0.3)


def _draw_inset(sheet: Sheet, model: PageModel, inner: View) -> None:
    ink = SURFACES["text"].light
    sheet.box(inner.box, fill=SURFACES["page"].light)
    _draw_ground(sheet, model, inner)
    scene = make_scene(model, inner)
    bar = _bar_box(sheet, model, inner)
    taken = [bar] if bar is not None else []
    nameless = replace(model, water=())
    labels = labels_of(nameless, inner, scene, sheet, taken)
    _draw_scene(sheet, scene, inner.box)
    for label in labels:
        if label.face is PLACE_FACE:
            _draw_label(sheet, label, inner.box)
    _draw_bar(sheet, model, inner)
    sheet.box(inner.box, line=ink, width=0.3)
