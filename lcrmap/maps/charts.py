"""Small charts: sorted bars with their ranges, divided bars, and a strip of distances; as static SVG for a page.

Each shows figures that the table beside it has, in the order and the words of that table. What is drawn where is
decided once, as plain parts; a page writes them as SVG, a picture draws them. In the SVG, colours are the page's custom
properties, so a chart follows the theme; nothing of it needs a script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from markupsafe import Markup, escape

from lcrmap.maps.columns import clean
from lcrmap.maps.style import SHAPES, hue_class
from lcrmap.maps.words import number_text, with_unit

__all__ = [
    "CHART_WIDTH",
    "MOST_BARS",
    "Bar",
    "Bars",
    "Box",
    "Chart",
    "Dot",
    "Drawing",
    "Key",
    "Part",
    "Rule",
    "Sign",
    "Strip",
    "Text",
    "chart_drawing",
    "chart_markup",
    "chart_words",
    "ranged_bar",
    "sorted_bars",
]

MOST_BARS: Final = 12
"""So many bars are drawn; the table has the rest."""

CHART_WIDTH: Final = 480
"""Of a chart in its own units, which are pixels on a phone and somewhat more elsewhere."""

# How wide letters of 15 units are at most in the widest of a page's typefaces, DejaVu Sans; those of no group have the
# last number. A digit is no wider.
_WIDTHS: Final = (
    (4.8, "ijlIJ ,.'"),
    (5.9, "/:;\\|f-()[]t"),
    (6.9, 'r!"'),
    (8.0, "sz?*_`"),
    (8.9, "cLFkvxy"),
    (11.0, "AVXZBRCU"),
    (11.8, "NHDG&OQ"),
    (13.0, "w#+<=>^~M"),
    (15.0, "%mW@"),
)
_WIDTH_OF: Final = {letter: wide for wide, letters in _WIDTHS for letter in letters}
_DIGIT: Final = 9.9
_LINE: Final = 19  # the height of a line of text
_BAR: Final = 16
_SIGN: Final = 11  # of a symbol on a bar
_STEP: Final = 30  # from bar to bar
_MOST_LABEL: Final = 24  # letters of a label on one line
_DOT: Final = 5
_CELLS: Final = 48  # columns in which the dots of a strip are heaped
_MOST_DOTS: Final = 12  # dots of a heap; of more, each stands for several


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its number as drawn and in words, its range, and what it is made of.

    Attributes
    ----------
    low, high
        What errors leave of the number; None where it is certain.
    parts
        The numbers of the keys, in their order; empty for a bar of one colour.
    """

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    parts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What a part of the bars stands for, its hue, and the symbol by which it is told from others without colour."""

    label: str
    hue: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars, drawn in the order in which they stand; see `sorted_bars`.

    Attributes
    ----------
    on_paper
        Whether a report draws them too, where a table beside them has the same figures.
    """

    title: str
    bars: tuple[Bar, ...]
    keys: tuple[Key, ...] = ()
    note: str = ""
    on_paper: bool = True


@dataclass(frozen=True, slots=True)
class Strip:
    """Distances along a line, with their median, and the limit that was asked for.

    Attributes
    ----------
    values
        The distances, in `unit`.
    limit
        In the same unit; None without one.
    on_paper
        As in `Bars`.
    """

    title: str
    values: tuple[float, ...]
    unit: str
    limit: float | None = None
    note: str = ""
    on_paper: bool = True


Chart = Bars | Strip


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle of a chart, from its upper left corner; y points down, as it does in SVG."""

    hue: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    hue: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Sign:
    """A symbol on a bar of a hue, from its upper left corner."""

    shape: str
    on: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """Lines that are upright or level: ``range``, its ``range-casing`` below it, an ``axis`` or a ``mark``."""

    look: str
    lines: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text round the height `y`; it starts at `x`, or has its ``end`` or its ``middle`` there.

    Attributes
    ----------
    whole
        What was cut to this text; empty for what was not.
    """

    text: str
    x: float
    y: float
    look: str = ""
    whole: str = ""


Part = Box | Dot | Sign | Rule | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it is drawn: its height, its parts from the lowest to the topmost, and what it says."""

    height: float
    parts: tuple[Part, ...]
    said: str


def sorted_bars(title: str, bars: Sequence[Bar], keys: Sequence[Key] = (), noun: str = "") -> Bars:
    """Return bars from the longest to the shortest, the first of them if there are many.

    Examples
    --------
    >>> found = sorted_bars("Sites", [Bar("A", 1, "1"), Bar("B", 3, "3")])
    >>> [each.label for each in found.bars]
    ['B', 'A']
    """
    ordered = sorted(bars, key=lambda each: -each.value)
    note = f"The first {MOST_BARS} of {len(bars)} {noun}." if len(bars) > MOST_BARS else ""
    return Bars(title, tuple(ordered[:MOST_BARS]), tuple(keys), note)


def ranged_bar(
    label: str,
    value: float,
    low: float,
    high: float,
    written: Callable[[float], str],
    *,
    unit: str = "",
    parts: tuple[float, ...] = (),
) -> Bar:
    """Return the bar of a number with its range, which is left out where it is not known or has no width.

    Parameters
    ----------
    low, high
        What errors leave of the number; NaN if that is not known.
    written
        Writes a number for a reader.
    unit
        Stands behind the number itself.

    Examples
    --------
    >>> ranged_bar("Halton", 7, 6, 7, "{:.0f}".format).text, ranged_bar("Sefton", 1, 1, 1, "{:.0f}".format).text
    ('7 (6 to 7)', '1')
    """
    text = with_unit(written(value), unit)
    if math.isnan(low) or math.isnan(high) or low == high:
        return Bar(label, value, text, parts=parts)
    return Bar(label, value, f"{text} ({written(low)} to {written(high)})", low, high, parts)


def chart_markup(chart: Chart) -> Markup:
    """Return a chart as SVG, with its title and what it says as its accessible name."""
    drawing = chart_drawing(chart)
    body = "".join(_markup_of(each) for each in drawing.parts)
    name = escape(clean(_named(chart, drawing.said)))
    high = f"{drawing.height:.0f}"
    size = f'viewBox="0 0 {CHART_WIDTH} {high}" width="{CHART_WIDTH}" height="{high}"'
    markup = f'<svg class="chart" {size} role="img" aria-label="{name}">{body}</svg>'
    return Markup(markup)  # noqa: S704 (every text in it was escaped)


def chart_words(chart: Chart) -> str:
    """Return what a chart shows as a sentence, for who does not see it.

    Examples
    --------
    >>> chart_words(Strip("Distance to the nearest, of 3 places", (100, 250, 900), "m"))
    'Distance to the nearest, of 3 places: half are nearer than 250 m.'
    """
    return _named(chart, chart_drawing(chart).said) + "."


def chart_drawing(chart: Chart) -> Drawing:
    """Return what is drawn where.

    Examples
    --------
    >>> found = chart_drawing(Bars("Sites", (Bar("Halton", 3, "3"),)))
    >>> [type(each).__name__ for each in found.parts], found.said
    (['Text', 'Box', 'Text'], 'Halton 3')
    """
    return _strip(chart) if isinstance(chart, Strip) else _bars(chart)


def _named(chart: Chart, said: str) -> str:
    return f"{chart.title}: {said}"


def _markup_of(part: Part) -> str:
    """Return a part as SVG."""
    if isinstance(part, Box):
        size = f'width="{part.width:.1f}" height="{part.height}"'
        return f'<rect class="hue-{hue_class(part.hue)}" x="{part.x:.1f}" y="{part.y:.1f}" {size}/>'
    if isinstance(part, Dot):
        at = f'cx="{part.x:.1f}" cy="{part.y:.1f}"'
        return f'<circle class="hue-{hue_class(part.hue)}" {at} r="{part.radius}"/>'
    if isinstance(part, Sign):
        place = f"translate({part.x:.1f} {part.y:.1f}) scale({part.size / 24:.3f})"
        return f'<path class="sign" transform="{place}" d="{SHAPES[part.shape].path}"/>'
    if isinstance(part, Rule):
        return f'<path class="{part.look}" d="{"".join(_line(*each) for each in part.lines)}"/>'
    kind = f' class="{part.look}"' if part.look else ""
    text = f'<text{kind} x="{part.x:.1f}" y="{part.y:.1f}">{escape(clean(part.text))}</text>'
    return f"<g><title>{escape(clean(part.whole))}</title>{text}</g>" if part.whole else text


def _line(x: float, y: float, right: float, low: float) -> str:
    way = f"v{low - y:.1f}" if x == right else f"H{right:.1f}"
    return f"M{x:.1f} {y:.1f}{way}"


def _bars(chart: Bars) -> Drawing:
    lines = [_lines(each.label) for each in chart.bars]
    left = max((_width(line) for some in lines for line in some), default=0.0) + 8
    right = max((len(each.text) for each in chart.bars), default=0) * _DIGIT + 10
    most = max(map(_reach, chart.bars), default=0.0) or 1.0
    room = CHART_WIDTH - left - right
    top, drawn = 2.0, list[Part]()
    for bar, some in zip(chart.bars, lines, strict=True):
        height = max(_STEP, len(some) * _LINE + 6)
        middle = top + height / 2
        drawn += _label(some, left - 8, middle, bar.label)
        drawn += _body(bar, chart.keys, left, middle, room / most)
        end = left + _reach(bar) * room / most + 6
        drawn.append(Text(bar.text, end, middle, "number"))
        top += height
    keys, below = _keys(chart.keys, top)
    said = "; ".join(f"{each.label} {each.text}" for each in chart.bars)
    return Drawing(top + below + 2, (*drawn, *keys), said)


def _reach(bar: Bar) -> float:
    """Return up to where a bar is drawn: one that is divided has no line of its range, which its text says."""
    return bar.value if bar.parts else max(bar.value, bar.high or 0.0)


def _body(bar: Bar, keys: Sequence[Key], left: float, middle: float, scale: float) -> list[Part]:
    """Return a bar, or its parts, and the line of its range."""
    y, drawn, start = middle - _BAR / 2, list[Part](), left
    parts = zip(bar.parts, keys, strict=True) if bar.parts else [(bar.value, Key("", "navy"))]
    for value, key in parts:
        drawn += _box(key, start, y, value * scale, _BAR)
        start += value * scale
    if not bar.parts and bar.low is not None and bar.high is not None and bar.low < bar.high:
        a, b = left + bar.low * scale, left + bar.high * scale
        ends = ((a, y + 3, a, y + 13), (b, y + 3, b, y + 13), (a, middle, b, middle))
        drawn += [Rule("range-casing", ends), Rule("range", ends)]
    return drawn


def _box(key: Key, x: float, y: float, width: float, height: float) -> list[Part]:
    """Return a part of a bar, with its symbol where there is room."""
    if width <= 0:
        return []
    box = Box(key.hue, x, y, width, height)
    if not key.shape or width < _SIGN + 2:
        return [box]
    left, top = x + (width - _SIGN) / 2, y + (height - _SIGN) / 2
    return [box, Sign(key.shape, key.hue, left, top, _SIGN)]


def _keys(keys: Sequence[Key], top: float) -> tuple[list[Part], float]:
    """Return the list of what the parts stand for, in order, and its height."""
    drawn, x, y = list[Part](), 0.0, top + 12
    for key in keys:
        wide = _width(key.label) + 36
        if x and x + wide > CHART_WIDTH:
            x, y = 0.0, y + 22
        drawn += _box(key, x, y - _BAR / 2, _BAR, _BAR)
        drawn.append(Text(key.label, x + _BAR + 6, y))
        x += wide
    return drawn, y + 12 - top if keys else 0.0


def _strip(chart: Strip) -> Drawing:
    values = sorted(chart.values)
    most = max([*values, chart.limit or 0.0], default=0.0) or 1.0
    left, room = 12.0, CHART_WIDTH - 40.0
    dots, base, each = _heaped(values, most, left, room)
    drawn: list[Part] = [*dots, Rule("axis", ((left, base, left + room, base),))]
    drawn.append(Text("0", left, base + 16, "middle"))
    drawn.append(Text(_distance(most, chart.unit), left + room, base + 16, "end"))
    said = []
    if values:
        at = median(values)
        said.append(f"half are nearer than {_distance(at, chart.unit)}")
        drawn += _mark(f"median {_distance(at, chart.unit)}", left + at / most * room, base, 14)
    if chart.limit is not None:
        said.append(f"the limit is {_distance(chart.limit, chart.unit)}")
        words = f"limit {_distance(chart.limit, chart.unit)}"
        drawn += _mark(words, left + chart.limit / most * room, base, 30)
    if each > 1:
        said.append(f"each dot stands for up to {each}")
    return Drawing(base + 28, tuple(drawn), "; ".join(said))


def _heaped(
    values: Sequence[float], most: float, left: float, room: float
) -> tuple[list[Part], float, int]:
    """Return the dots of a strip in heaps, the height of their foot, and for how many values each stands."""
    heaps: dict[int, int] = {}
    for value in values:
        cell = min(_CELLS - 1, math.floor(value / most * _CELLS))
        heaps[cell] = heaps.get(cell, 0) + 1
    each = max(1, math.ceil(max(heaps.values(), default=1) / _MOST_DOTS))
    base = 40.0 + max((math.ceil(n / each) for n in heaps.values()), default=1) * 2 * _DOT
    dots: list[Part] = [
        Dot("navy", left + (cell + 0.5) / _CELLS * room, base - _DOT - n * 2 * _DOT, _DOT - 0.5)
        for cell, number in sorted(heaps.items())
        for n in range(math.ceil(number / each))
    ]
    return dots, base, each


def _mark(text: str, x: float, base: float, y: float) -> list[Part]:
    """Return a line over the strip with its words at its upper end, on the side that has room."""
    after = x < CHART_WIDTH / 2
    words = Text(text, x + 5 if after else x - 5, y, "" if after else "end")
    return [Rule("mark", ((x, y - 8, x, base),)), words]


def _distance(value: float, unit: str) -> str:
    digits = 0 if unit == "m" else 1
    return with_unit(number_text(round(value, digits)), unit)


def _label(lines: Sequence[str], x: float, middle: float, whole: str) -> list[Part]:
    """Return a label; one that is cut says the whole to who points at it."""
    first = middle - (len(lines) - 1) * _LINE / 2
    cut = lines[-1].endswith("…") and not whole.endswith("…")
    return [
        Text(each, x, first + n * _LINE, "end", whole if cut and each is lines[-1] else "")
        for n, each in enumerate(lines)
    ]


def _width(text: str) -> float:
    """Return how wide a text is at most.

    Examples
    --------
    >>> _width("Illinois") < 60 < _width("Warm Mow")
    True
    """
    return sum(_WIDTH_OF.get(each, _DIGIT) for each in text)


def _lines(label: str) -> list[str]:
    """Break a label into at most two lines, the second one cut with an ellipsis if it is still too long."""
    if len(label) <= _MOST_LABEL:
        return [label]
    at = label.rfind(" ", 0, _MOST_LABEL + 1)
    first, rest = (
        (label[:at], label[at + 1 :]) if at > 0 else (label[:_MOST_LABEL], label[_MOST_LABEL:])
    )
    return [first, rest if len(rest) <= _MOST_LABEL else rest[: _MOST_LABEL - 1] + "…"]
