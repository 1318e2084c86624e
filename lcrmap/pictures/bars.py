"""The bar of a shading in a picture's legend: its steps of colour, the numbers at their borders, the counts below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lcrmap.maps.bars import Bar, reaches
from lcrmap.maps.style import SURFACES
from lcrmap.maps.styling import LegendEntry
from lcrmap.pictures.fonts import Face, Fonts
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.scenes import PX, colour_of
from lcrmap.pictures.sheets import Anchor, Sheet

__all__ = ["BarPlan", "draw_bar", "draw_step", "plan_bar"]

_WIDEST: Final = 80.0  # millimetres
_HIGH: Final = 4.0  # a step
_TICK: Final = 1.0
_GAP: Final = 1.0  # between two numbers, and before the step without data


@dataclass(frozen=True, slots=True)
class BarPlan:
    """A bar that fits: how wide a step is, and whether every second number stands lower.

    Attributes
    ----------
    steps
        Each class with the number of its areas in words; what has no data is the last, if there is any.
    """

    bar: Bar
    steps: tuple[tuple[LegendEntry, str], ...]
    face: Face
    step: float
    apart: int

    @property
    def height(self) -> float:
        """How much room it takes, in millimetres."""
        return _HIGH + _TICK + (self.apart + 1) * self.face.height


def plan_bar(
    bar: Bar, steps: Sequence[tuple[LegendEntry, str]], fonts: Fonts, face: Face, width: float
) -> BarPlan | None:
    """Fit a bar into a width; None if its numbers would cover each other."""
    face = replace(face, size=face.size - 0.5)
    width = min(width, _WIDEST)
    classes = len(bar.edges) - 1
    for entry, _ in steps[classes:]:
        width -= max(fonts.width(entry.label, face), width / (classes + 1)) + _GAP
    step = width / classes
    widths = [fonts.width(each, face) if each else 0.0 for each in bar.edges]
    if max(fonts.width(count, face) for _, count in steps) > step:
        return None
    for apart in (1, 2):
        if reaches(widths, step, _GAP, apart):
            return BarPlan(bar, tuple(steps), face, step, apart)
    return None


def draw_bar(sheet: Sheet, plan: BarPlan, fonts: Fonts, left: float, top: float) -> None:
    """Draw a bar whose upper left corner is given."""
    face, text = plan.face, SURFACES["text"].light
    classes = len(plan.bar.edges) - 1
    low = top - _HIGH - _TICK  # where the numbers begin
    count_y = low - (plan.apart + 0.5) * face.height
    for number, (entry, count) in enumerate(plan.steps):
        x = left + number * plan.step
        wide = plan.step
        if number >= classes:
            x, wide = x + _GAP, max(fonts.width(entry.label, face), plan.step)
            at = (x + wide / 2, low - 0.5 * face.height)
            sheet.text(at, entry.label, face, colour=text, anchor="center", middle=True)
        draw_step(sheet, entry, Box(x, top - _HIGH, x + wide, top))
        grey = SURFACES["text-2"].light
        at = (x + wide / 2, count_y)
        sheet.text(at, count, face, colour=grey, anchor="center", middle=True)
    for place in range(classes + 1):
        _draw_edge(sheet, plan, place, left + place * plan.step, top)


def draw_step(sheet: Sheet, entry: LegendEntry, box: Box) -> None:
    """Draw a box of the colour of a class, or of the hatch of what has no data."""
    if entry.swatch == "hatch":
        no_data, hatch = SURFACES["no-data"].light, SURFACES["hatch"].light
        sheet.area([box.ring], fill=no_data, line=hatch, width=PX, hatch="////")
    else:
        edge = SURFACES["area-line"].light
        sheet.area([box.ring], fill=colour_of(entry.hue), line=edge, width=PX)


def _draw_edge(sheet: Sheet, plan: BarPlan, place: int, x: float, top: float) -> None:
    """Draw one number and its tick; that of the middle goes across the bar, and is bold."""
    number = plan.bar.edges[place]
    if not number:
        return
    middle = place == plan.bar.middle
    row = place % plan.apart
    foot = top - _HIGH - 0.8 * _TICK - row * plan.face.height
    colour = SURFACES["text"].light
    head = top if middle else top - _HIGH
    sheet.line([(x, head), (x, foot)], colour=colour, width=(3 if middle else 1) * PX)
    anchor: Anchor = "left" if place == 0 else "center"
    if place == len(plan.bar.edges) - 1:
        anchor = "right"
    at = (x, top - _HIGH - _TICK - (row + 0.5) * plan.face.height)
    face = replace(plan.face, bold=middle)
    sheet.text(at, number, face, colour=colour, anchor=anchor, middle=True)
