"""The legend of a picture: the lines that the page's legend has, for the layers that are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal

from lcrmap.maps.bars import Bar
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.style import OTHER, SHAPES, SURFACES
from lcrmap.maps.styling import CONFIDENCE, LegendEntry
from lcrmap.pictures.bars import BarPlan, draw_bar, draw_step, plan_bar
from lcrmap.pictures.fonts import Face, Fonts
from lcrmap.pictures.labelling import Box
from lcrmap.pictures.scenes import PX, Scene, colour_of, drawn_layers
from lcrmap.pictures.sheets import Sheet

__all__ = [
    "FULL_SIZE",
    "SMALLEST",
    "LegendLine",
    "columns_for",
    "draw_legend",
    "fit",
    "flow",
    "flow_height",
    "legend_lines",
]

FULL_SIZE: Final = 8.0
"""The points in which a legend is set, unless there is no room for it."""

SMALLEST: Final = 4.5
"""The points in which it is set at least."""

_SIZES: Final = (FULL_SIZE, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, SMALLEST)

_SWATCH: Final = 6.0  # millimetres kept for what stands before a text
_SIZED: Final = ("circle", "ring")  # swatches that are as large as what they stand for
_BAR_GAP: Final = 0.8  # above and below a bar
_COLUMN: Final = 50.0  # the least width of a column
_MOST_BEYOND: Final = 5  # places outside the view that are named, as on a page

Kind = Literal["title", "entry", "note"]


@dataclass(frozen=True, slots=True)
class LegendLine:
    """One line of the legend: a layer's title, one of its entries, or a note.

    Attributes
    ----------
    count
        The number that stands behind the text; None for none.
    fill
        0 solid, 1 half, 2 hollow.
    indent
        The millimetres kept for what stands before the text.
    bar
        The bar of which it is a step, where that fits.
    """

    kind: Kind
    text: str
    count: int | None = None
    entry: LegendEntry | None = None
    fill: int = 0
    area: bool = False
    indent: float = _SWATCH
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class _Set:
    """A line that is set: its texts, their face, and the height of all in millimetres; or the bar of several lines."""

    line: LegendLine
    texts: tuple[str, ...]
    face: Face
    height: float
    plan: BarPlan | None = None

    @property
    def gap(self) -> float:
        """What is left free above it, unless it is the first."""
        return 1.6 if self.line.kind == "title" else 0.0


def legend_lines(model: PageModel, scene: Scene) -> list[LegendLine]:
    """Return the lines, in the order of the page's legend."""
    drawn = [each for each in model.listed if each in drawn_layers(model)]
    lines = [line for layer in drawn for line in _layer_lines(layer, model)]
    return _beyond(model, scene) + lines + _notes(model, drawn, scene)


def _beyond(model: PageModel, scene: Scene) -> list[LegendLine]:
    """Say above all else what the view leaves out, and name what is little."""
    count = len(scene.outside)
    if not count:
        return []
    said = model.words("legend.beyond", n=count)
    names = [model.layers[layer].name_of(row) for layer, row in scene.outside[:_MOST_BEYOND]]
    if count <= _MOST_BEYOND and all(names):
        said = f"{said}: {', '.join(names)}"
    return [LegendLine("note", said)]


def _layer_lines(layer: PageLayer, model: PageModel) -> list[LegendLine]:
    words = model.words
    single = layer.legend[0] if len(layer.legend) == 1 else None
    total = layer.in_legend if layer.says_total else None
    title = layer.called or layer.heading
    lines = [LegendLine("title", title, total, single, area=layer.part == "areas")]
    if single is not None and single.swatch in _SIZED:
        lines = [replace(lines[0], indent=2 * single.size * PX + 2)]
    if len(layer.legend) > 1:
        bar = layer.style.bar if layer.style.kind == "shade" else None
        lines += [replace(_entry_line(each, layer), bar=bar) for each in layer.legend]
    if not layer.total:
        lines.append(LegendLine("note", words("legend.empty")))
    missing = layer.named - layer.placed
    if missing and layer.part == "places":
        lines.append(LegendLine("note", words("legend.not_placed", n=missing)))
    if layer.astray:
        lines.append(LegendLine("note", layer.astray))
    if layer.note:
        lines.append(LegendLine("note", layer.note))
    return lines


def _entry_line(entry: LegendEntry, layer: PageLayer) -> LegendLine:
    """Return the line of an entry; sized circles stand in one column, as wide as the largest."""
    if entry.swatch not in _SIZED:
        return LegendLine("entry", entry.label, None if layer.merged else entry.count, entry)
    largest = max(each.size for each in layer.legend if each.swatch in _SIZED)
    return LegendLine("entry", entry.label, None, entry, indent=2 * largest * PX + 2)


def _notes(model: PageModel, drawn: Sequence[PageLayer], scene: Scene) -> list[LegendLine]:
    words = model.words
    lines = []
    stated = [each for each in drawn if each.sure and each.part == "places"]
    if any(any(each.sure) for each in stated):
        lines.append(LegendLine("title", words("sure.title")))
        for number, name in enumerate(CONFIDENCE):
            count = sum(each.sure.count(number) for each in stated)
            sample = LegendEntry("", count, count, "symbol", OTHER[1], OTHER[0], 20.0)
            lines.append(LegendLine("entry", words(f"sure.{name}"), count, sample, number))
    if any(each.ring for each in scene.marks):
        lines.append(LegendLine("note", words("legend.ring")))
    if scene.discs:
        lines.append(LegendLine("note", words("legend.group")))
    return lines


def flow(
    lines: Sequence[LegendLine],
    model: PageModel,
    fonts: Fonts,
    *,
    width: float,
    columns: int,
    size: float,
) -> list[list[_Set]]:
    """Set the lines in columns of about the same height; a layer's lines stay together where they can."""
    each = width / columns
    made = list(_set_all(lines, model, fonts, each, size))
    blocks: list[list[_Set]] = []
    for item in made:
        if item.line.kind == "title" or not blocks:
            blocks.append([])
        blocks[-1].append(item)
    whole = sum(item.height + item.gap for item in made)
    result: list[list[_Set]] = [[]]
    filled = 0.0
    for block in blocks:
        height = _height(block)
        wanted = whole * len(result) / columns
        if result[-1] and len(result) < columns and filled + height / 2 > wanted:
            result.append([])
        result[-1] += block
        filled += height
    return result


def flow_height(columns: Sequence[Sequence[_Set]]) -> float:
    """Return the height of the highest column."""
    return max((_height(column) for column in columns), default=0.0)


def fit(
    lines: Sequence[LegendLine],
    model: PageModel,
    fonts: Fonts,
    *,
    width: float,
    height: float,
    columns: int = 1,
) -> list[list[_Set]]:
    """Set the lines in columns as large as fits, from 8 points down to 4.5."""
    for size in _SIZES:
        found = flow(lines, model, fonts, width=width, columns=columns, size=size)
        if flow_height(found) <= height:
            break
    return found


def columns_for(width: float) -> int:
    """Return how many columns a legend below the map has."""
    return max(1, int(width // _COLUMN))


def draw_legend(
    sheet: Sheet, columns: Sequence[Sequence[_Set]], *, left: float, top: float, width: float
) -> None:
    """Draw what `flow` has set."""
    each = width / max(len(columns), 1)
    for number, column in enumerate(columns):
        y = top
        for place, item in enumerate(column):
            y -= item.gap if place else 0.0
            if item.plan is None:
                _draw_line(sheet, item, left + number * each, y)
            else:
                draw_bar(sheet, item.plan, sheet.fonts, left + number * each, y - _BAR_GAP)
            y -= item.height


def _height(items: Sequence[_Set]) -> float:
    return sum(each.height + each.gap for each in items) - (items[0].gap if items else 0.0)


def _set_all(
    lines: Sequence[LegendLine], model: PageModel, fonts: Fonts, width: float, size: float
) -> Iterator[_Set]:
    """Set each line; the classes of a shading as one bar, if that fits."""
    for bar, group in groupby(lines, key=lambda line: line.bar):
        some = list(group)
        plan = None
        if bar is not None:
            steps = [(each.entry, _count_text(each, model)) for each in some if each.entry]
            plan = plan_bar(bar, steps, fonts, Face(size), width - 2)
        if plan is None:
            yield from (_set(line, model, fonts, width, size) for line in some)
        else:
            yield _Set(some[0], (), plan.face, plan.height + 2 * _BAR_GAP, plan)


def _count_text(line: LegendLine, model: PageModel) -> str:
    return model.words("legend.count", count=line.count)


def _set(line: LegendLine, model: PageModel, fonts: Fonts, width: float, size: float) -> _Set:
    face = Face(size if line.kind != "note" else size - 0.5, bold=line.kind == "title")
    text = line.text
    if line.count is not None:
        text = f"{text} {_count_text(line, model)}"
    indent = _indent(line)
    texts = tuple(fonts.wrap(text, face, width - indent - 2))
    height = max(len(texts) * face.height, _swatch_height(line, size))
    return _Set(line, texts, face, height + 0.25)


def _indent(line: LegendLine) -> float:
    """Return how far to the right of its swatch a text stands."""
    return 0.0 if line.entry is None else line.indent


def _swatch_height(line: LegendLine, size: float) -> float:
    if line.entry is None:
        return 0.0
    if line.entry.swatch in _SIZED:
        return line.entry.size * 2 * PX + 0.4
    return min(3.3, size * 0.42)


def _draw_line(sheet: Sheet, item: _Set, left: float, top: float) -> None:
    line, face = item.line, item.face
    body = item.height - 0.25
    indent = _indent(line)
    if line.entry is not None:
        _draw_swatch(sheet, item, line.entry, (left + indent / 2 - 0.6, top - body / 2))
    colour = SURFACES["text-2" if line.kind == "note" else "text"].light
    first = top - (body - len(item.texts) * face.height) / 2
    for number, text in enumerate(item.texts):
        y = first - (number + 0.5) * face.height
        sheet.text((left + indent, y), text, face, colour=colour, middle=True)


def _draw_swatch(sheet: Sheet, item: _Set, entry: LegendEntry, at: tuple[float, float]) -> None:
    line, face = item.line, item.face
    x, y = at
    colour = colour_of(entry.hue)
    if entry.swatch == "symbol":
        sheet.symbol(
            SHAPES[entry.shape].path,
            at,
            min(entry.size * PX / 2, face.size * 0.21),
            colour=colour,
            halo=SURFACES["halo"].light,
            fill=line.fill,
        )
    elif entry.swatch == "line":
        steps = [(x - 2, y - 0.6), (x - 0.6, y + 0.6), (x + 0.6, y - 0.6), (x + 2, y + 0.6)]
        sheet.line(steps, colour=colour, width=3 * PX)
    elif entry.swatch == "circle":
        sheet.circle(at, entry.size * PX, fill=colour, alpha=0.55, line=colour, width=1.5 * PX)
    elif entry.swatch == "ring":
        halo = SURFACES["halo"].light
        sheet.circle(at, entry.size * PX, fill=halo, line=colour, width=3 * PX)
    else:
        _draw_box(sheet, line, entry, Box(x - 1.8, y - 1.3, x + 1.8, y + 1.3))


def _draw_box(sheet: Sheet, line: LegendLine, entry: LegendEntry, box: Box) -> None:
    if entry.swatch in ("hatch", "box"):
        draw_step(sheet, entry, box)
    elif line.area:
        edge = SURFACES["area-line"].light
        sheet.area([box.ring], fill=SURFACES["land"].light, line=edge, width=1.5 * PX)
    else:
        colour = colour_of(entry.hue)
        sheet.area([box.ring], fill=colour, alpha=0.2, line=colour, width=2 * PX)
