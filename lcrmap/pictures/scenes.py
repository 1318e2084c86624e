"""What a picture shows, before it is drawn: marks, discs and rings, each from a row of the page model.

Drawing reads this and nothing else, so that a test can hold it against the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.style import HUES, OTHER, SURFACES, hue_pair, is_hex_colour
from lcrmap.maps.styling import LegendEntry
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.views import View, position_of

__all__ = [
    "HOLLOW",
    "MOST_SYMBOLS",
    "PX",
    "Disc",
    "Dots",
    "Mark",
    "Scene",
    "colour_of",
    "colour_of_row",
    "drawn_layers",
    "group_marks",
    "make_scene",
]

PX: Final = 0.16  # millimetres on paper of one pixel on the page
DOUBTFUL: Final = 2000.0  # metres of error from which no symbol is drawn as if it were exact
HOLLOW: Final = 2
FAINT: Final = 0.45  # of its colour: a place of which the answer does not speak
MOST_SYMBOLS: Final = 600  # above it every place is drawn small and nothing becomes a disc
_SMALL: Final = (
    0.83  # millimetres: half of the size at which the shape of a symbol can still be told
)
_SMALLEST: Final = (
    0.25  # the same of places that are so many that their spread tells more than their shape
)
_ROOM: Final = 1500  # places of one look that find room at that size
_TOO_CLOSE: Final = 0.62  # of a symbol's size: nearer than that, two symbols become one disc
_TOUCHING: Final = 0.85  # the same for a disc and what is next to it
# Places of an answer that are drawn singly, however close together, as on the page.
_MOST_ANSWERS: Final = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """One place on the paper.

    Attributes
    ----------
    fill
        0 solid, 1 half, 2 hollow: how sure its row is.
    radius
        In millimetres: half of the symbol's size, or the radius of a sized circle.
    ring
        The radius in millimetres of the circle in which the place lies; 0 where it would not be seen.
    shape
        The name of a symbol; empty for a sized circle.
    parts
        Of a circle that is divided, the share of each part, its colour and its symbol, clockwise from the top.
    """

    layer: int
    row: int
    entry: int
    x: float
    y: float
    shape: str
    colour: str
    fill: int
    radius: float
    ring: float = 0.0
    parts: tuple[tuple[float, str, str], ...] = ()

    @property
    def box(self) -> Box:
        """What the symbol covers."""
        r = self.radius
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


@dataclass(frozen=True, slots=True)
class Disc:
    """Marks that lie too close together to be drawn apart; it shows their number."""

    x: float
    y: float
    marks: tuple[Mark, ...]

    @property
    def radius(self) -> float:
        """In millimetres."""
        return 11 * PX if len(self.marks) < 100 else 15 * PX

    @property
    def box(self) -> Box:
        """What the disc covers."""
        r = self.radius
        return Box(self.x - r, self.y - r, self.x + r, self.y + r)


@dataclass(frozen=True, slots=True)
class Dots:
    """Many places that look the same: symbols so small that they find room.

    Attributes
    ----------
    radius
        In millimetres: half of the symbol's size.
    xy
        The positions.
    """

    shape: str
    colour: str
    radius: float
    xy: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The places of a page in one view: those that stand alone, and discs for those that do not.

    Attributes
    ----------
    dots
        Where there are too many for symbols of the usual size: those of each look, the rarest last and so above.
    outside
        Layer and row of each place that lies beyond the view.
    """

    marks: tuple[Mark, ...]
    discs: tuple[Disc, ...]
    dots: tuple[Dots, ...] = ()
    outside: tuple[tuple[int, int], ...] = ()

    @property
    def boxes(self) -> list[Box]:
        """What is covered, for the labels to keep clear of."""
        return [*(each.box for each in self.marks), *(each.box for each in self.discs)]


def drawn_layers(model: PageModel) -> tuple[PageLayer, ...]:
    """Return the layers that a picture shows: those that the page shows when it opens."""
    return tuple(each for each in model.layers if each.visible or each.part == "backdrop")


def make_scene(model: PageModel, view: View) -> Scene:
    """Place every feature that is drawn as a symbol or a circle; sized circles never become discs."""
    marks: list[Mark] = []
    circles: list[Mark] = []
    for number, layer in enumerate(model.layers):
        if layer.visible and layer.part != "backdrop":
            found = _marks(layer, number, view)
            (circles if layer.style.kind == "circle" else marks).extend(found)
    circles.sort(key=lambda each: (-each.radius, each.layer, each.row))
    inside = [each for each in marks if _meets(view.box, each)]
    outside = _outside(model, view)
    if circles:
        return Scene(
            (*(each for each in circles if _meets(view.box, each)), *inside), (), (), outside
        )
    if len(inside) > MOST_SYMBOLS:
        return Scene((), (), _dots(inside), outside)
    alone, others = _apart(inside, model)
    single, discs = group_marks(others)
    return Scene((*single, *alone), tuple(discs), (), outside)


def _outside(model: PageModel, view: View) -> tuple[tuple[int, int], ...]:
    """Return the places whose position is beyond the view, as the legend of a page counts them."""
    found = [
        (number, row, at)
        for number, layer in enumerate(model.layers)
        if layer.visible and layer.part == "places" and not layer.singly
        for row in range(layer.total)
        if (at := position_of(layer, row)) is not None
    ]
    x, y = view.to_paper(*np.array([at for _, _, at in found]).reshape(-1, 2).T)
    box = view.box
    beyond = (x < box.left) | (x > box.right) | (y < box.bottom) | (y > box.top)
    return tuple((number, row) for (number, row, _), out in zip(found, beyond, strict=True) if out)


def _apart(marks: Sequence[Mark], model: PageModel) -> tuple[list[Mark], list[Mark]]:
    """Return the marks that no disc hides, those of which the answer speaks last, and the others."""
    answers = [each for each in marks if each.row in (model.layers[each.layer].answering or ())]
    if len(answers) > _MOST_ANSWERS:
        answers = []
    told = {(each.layer, each.row) for each in answers}
    rest = [each for each in marks if (each.layer, each.row) not in told]
    singly = [each for each in rest if model.layers[each.layer].singly]
    others = [each for each in rest if not model.layers[each.layer].singly]
    return [*singly, *answers], others


def group_marks(marks: Sequence[Mark]) -> tuple[list[Mark], list[Disc]]:
    """Join marks that lie too close into discs, until no two discs touch; the same order gives the same discs."""
    groups: list[list[Mark]] = [[each] for each in marks]
    merged = True
    while merged:
        merged = False
        for one in range(len(groups)):
            for two in range(len(groups) - 1, one, -1):
                if _too_close(groups[one], groups[two]):
                    groups[one] += groups.pop(two)
                    merged = True
    single = [group[0] for group in groups if len(group) == 1]
    single.sort(key=lambda each: (each.radius, -each.y, each.layer, each.row))
    return single, [_disc(group) for group in groups if len(group) > 1]


def _dots(marks: Sequence[Mark]) -> tuple[Dots, ...]:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for each in marks:
        found.setdefault((each.shape, each.colour), []).append((each.x, each.y))
    ordered = sorted(found.items(), key=lambda item: -len(item[1]))
    return tuple(Dots(*look, _small(len(xy)), tuple(xy)) for look, xy in ordered)


def _small(count: int) -> float:
    """Return half of the size of so many places: the more there are, the smaller, so that they cover no more."""
    return round(max(_SMALLEST, _SMALL * min(1.0, math.sqrt(_ROOM / count))), 2)


def _meets(box: Box, mark: Mark) -> bool:
    return box.meets(mark.box)


def _disc(group: Sequence[Mark]) -> Disc:
    x = sum(each.x for each in group) / len(group)
    y = sum(each.y for each in group) / len(group)
    return Disc(round(x, 2), round(y, 2), tuple(group))


def _too_close(one: list[Mark], two: list[Mark]) -> bool:
    (x1, y1, r1), (x2, y2, r2) = _extent(one), _extent(two)
    near = (r1 + r2) * (_TOUCHING if len(one) + len(two) > 2 else _TOO_CLOSE)
    return (x1 - x2) ** 2 + (y1 - y2) ** 2 < near**2


def _extent(group: list[Mark]) -> tuple[float, float, float]:
    if len(group) == 1:
        return group[0].x, group[0].y, group[0].radius
    disc = _disc(group)
    return disc.x, disc.y, disc.radius


def _marks(layer: PageLayer, number: int, view: View) -> list[Mark]:
    marks = []
    style = layer.style
    if style.kind != "circle" and not layer.shapes.x:
        return []  # lines and areas are drawn as they are
    for row in range(layer.total):
        at = position_of(layer, row)
        radius = style.radii[row] if style.kind == "circle" else None
        if at is None or radius == 0:  # a nought has no circle; no number has a symbol
            continue
        x, y = view.point(at)
        error = _error(layer, row)
        entry = None if radius is not None else _entry(layer, row)
        size = 2 * (radius or 0.0) if entry is None else entry.size
        ring = error / view.metres_per_mm
        marks.append(
            Mark(
                layer=number,
                row=row,
                entry=style.codes[row],
                x=x,
                y=y,
                shape="" if entry is None else entry.shape,
                colour=colour_of_row(layer, row),
                fill=_fill(layer, row, error),
                radius=round(size * PX / 2, 2),
                ring=round(ring, 2) if ring > size * PX / 2 * 1.2 else 0.0,
                parts=_parts(layer, row),
            )
        )
    return marks


def _fill(layer: PageLayer, row: int, error: float) -> int:
    """Return how a mark is filled; hollow is a doubtful place, and a circle for less than nought."""
    if layer.style.kind == "circle" and layer.style.radii[row] is not None:
        return HOLLOW if row in layer.style.negative else 0
    if error > DOUBTFUL:
        return HOLLOW
    return layer.sure[row] if layer.sure else 0


def _parts(layer: PageLayer, row: int) -> tuple[tuple[float, str, str], ...]:
    style = layer.style
    if style.kind != "circle" or not style.parts:
        return ()
    values = style.parts[row]
    entries = style.entries[-len(values) :]
    whole = sum(values) or 1.0
    return tuple(
        (value / whole, colour_of(each.hue), each.shape)
        for value, each in zip(values, entries, strict=True)
        if value
    )


def _entry(layer: PageLayer, row: int) -> LegendEntry:
    code = layer.style.codes[row]
    if 0 <= code < len(layer.legend):
        return layer.legend[code]
    return LegendEntry("", 0, 0, "symbol", OTHER[1], OTHER[0], 20.0)


def _error(layer: PageLayer, row: int) -> float:
    if layer.error is None or layer.columns[layer.error].kind != "number":
        return 0.0
    return float(layer.columns[layer.error].values[row] or 0)


def colour_of_row(layer: PageLayer, row: int) -> str:
    """Return the colour in which a feature is drawn."""
    code = layer.style.codes[row]
    if layer.style.kind == "circle":
        if layer.style.radii[row] is None:
            return colour_of(OTHER[0])
        code = 0
    colour = colour_of(layer.legend[code].hue if 0 <= code < len(layer.legend) else "")
    faint = layer.answering is not None and row not in layer.answering
    return mixed(colour, SURFACES["land"].light, FAINT) if faint else colour


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour of which so much is left, and the rest is the ground's.

    Examples
    --------
    >>> mixed("#000000", "#FFFFFF", 0.4)
    '#999999'
    """
    pairs = [(int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02X}" for one, other in pairs)


def colour_of(hue: str) -> str:
    """Return the colour of the light theme for a legend entry's hue.

    Examples
    --------
    >>> colour_of("#123456"), colour_of("teal-5-4")
    ('#123456', '#0B3B5A')
    """
    if is_hex_colour(hue):
        return hue
    if hue in HUES:
        return HUES[hue].light
    shade = hue_pair(hue)
    if shade is not None:
        return shade.light
    return SURFACES["no-data"].light if not hue else HUES[OTHER[0]].light
