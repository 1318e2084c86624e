"""Small charts as static SVG: sorted bars with their ranges, divided bars, and a strip of distances.

Each shows figures that the table beside it has, in the order and the words of that table. Colours are the page's custom
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
    "MOST_BARS",
    "Bar",
    "Bars",
    "Chart",
    "Key",
    "Strip",
    "chart_markup",
    "chart_words",
    "ranged_bar",
    "sorted_bars",
]

MOST_BARS: Final = 12
"""So many bars are drawn; the table has the rest."""

_WIDTH: Final = (
    480  # of a chart in its own units, which are pixels on a phone and somewhat more elsewhere
)
_LETTER: Final = 8.2  # the width of a letter of 15 units, and that of a digit or a sign
_DIGIT: Final = 9.6
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
    height, body, said = _drawn(chart)
    name = escape(clean(_named(chart, said)))
    size = f'viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" height="{height:.0f}"'
    markup = f'<svg class="chart" {size} role="img" aria-label="{name}">{body}</svg>'
    return Markup(markup)  # noqa: S704 (every text in it was escaped)


def chart_words(chart: Chart) -> str:
    """Return what a chart shows as a sentence, for where none is drawn.

    Examples
    --------
    >>> chart_words(Strip("Distance to the nearest, of 3 places", (100, 250, 900), "m"))
    'Distance to the nearest, of 3 places: half are nearer than 250 m.'
    """
    return _named(chart, _drawn(chart)[2]) + "."


def _named(chart: Chart, said: str) -> str:
    return f"{chart.title}: {said}"


def _drawn(chart: Chart) -> tuple[float, str, str]:
    """Return a chart's height, its drawing, and what it says."""
    return _strip(chart) if isinstance(chart, Strip) else _bars(chart)


def _bars(chart: Bars) -> tuple[float, str, str]:
    lines = [_lines(each.label) for each in chart.bars]
    left = max((len(line) for some in lines for line in some), default=0) * _LETTER + 8
    right = max((len(each.text) for each in chart.bars), default=0) * _DIGIT + 10
    most = max((max(each.value, each.high or 0.0) for each in chart.bars), default=0.0) or 1.0
    room = _WIDTH - left - right
    top, drawn = 2.0, []
    for bar, some in zip(chart.bars, lines, strict=True):
        height = max(_STEP, len(some) * _LINE + 6)
        middle = top + height / 2
        drawn.append(_label(some, left - 8, middle, bar.label))
        drawn.append(_body(bar, chart.keys, left, middle, room / most))
        end = left + max(bar.value, bar.high or 0.0) * room / most + 6
        drawn.append(_text(bar.text, end, middle, "number"))
        top += height
    keys, below = _keys(chart.keys, top)
    said = "; ".join(f"{each.label} {each.text}" for each in chart.bars)
    return top + below + 2, "".join(drawn) + keys, said


def _body(bar: Bar, keys: Sequence[Key], left: float, middle: float, scale: float) -> str:
    """Return a bar, or its parts, and the line of its range."""
    y, drawn, start = middle - _BAR / 2, [], left
    parts = zip(bar.parts, keys, strict=True) if bar.parts else [(bar.value, Key("", "navy"))]
    for value, key in parts:
        drawn.append(_box(key, start, y, value * scale, _BAR))
        start += value * scale
    if not bar.parts and bar.low is not None and bar.high is not None and bar.low < bar.high:
        a, b = left + bar.low * scale, left + bar.high * scale
        ends = f"M{a:.1f} {y + 3:.1f}v10M{b:.1f} {y + 3:.1f}v10M{a:.1f} {middle:.1f}H{b:.1f}"
        drawn.append(f'<path class="range-casing" d="{ends}"/><path class="range" d="{ends}"/>')
    return "".join(drawn)


def _box(key: Key, x: float, y: float, width: float, height: float) -> str:
    """Return a part of a bar, with its symbol where there is room."""
    if width <= 0:
        return ""
    size = f'width="{width:.1f}" height="{height}"'
    drawn = f'<rect class="hue-{hue_class(key.hue)}" x="{x:.1f}" y="{y:.1f}" {size}/>'
    if not key.shape or width < _SIGN + 2:
        return drawn
    left, top = x + (width - _SIGN) / 2, y + (height - _SIGN) / 2
    place = f"translate({left:.1f} {top:.1f}) scale({_SIGN / 24:.3f})"
    return f'{drawn}<path class="sign" transform="{place}" d="{SHAPES[key.shape].path}"/>'


def _keys(keys: Sequence[Key], top: float) -> tuple[str, float]:
    """Return the list of what the parts stand for, in order, and its height."""
    drawn, x, y = [], 0.0, top + 12
    for key in keys:
        wide = len(key.label) * _LETTER + 30
        if x and x + wide > _WIDTH:
            x, y = 0.0, y + 22
        drawn.append(_box(key, x, y - _BAR / 2, _BAR, _BAR))
        drawn.append(_text(key.label, x + _BAR + 6, y, ""))
        x += wide
    return "".join(drawn), y + 12 - top if keys else 0.0


def _strip(chart: Strip) -> tuple[float, str, str]:
    values = sorted(chart.values)
    most = max([*values, chart.limit or 0.0], default=0.0) or 1.0
    left, room = 12.0, _WIDTH - 40.0
    heaps: dict[int, int] = {}
    for value in values:
        cell = min(_CELLS - 1, math.floor(value / most * _CELLS))
        heaps[cell] = heaps.get(cell, 0) + 1
    each = max(1, math.ceil(max(heaps.values(), default=1) / _MOST_DOTS))
    high = max((math.ceil(n / each) for n in heaps.values()), default=1)
    base = 40.0 + high * 2 * _DOT
    dots = []
    for cell, number in sorted(heaps.items()):
        x = left + (cell + 0.5) / _CELLS * room
        dots += [
            f'<circle class="hue-navy" cx="{x:.1f}" cy="{base - _DOT - n * 2 * _DOT:.1f}" r="{_DOT - 0.5}"/>'
            for n in range(math.ceil(number / each))
        ]
    axis = f'<path class="axis" d="M{left} {base}H{left + room}"/>'
    body = "".join(dots) + axis
    body += _text("0", left, base + 16, "middle")
    body += _text(_distance(most, chart.unit), left + room, base + 16, "end")
    said = []
    if values:
        at = median(values)
        said.append(f"half are nearer than {_distance(at, chart.unit)}")
        body += _mark(f"median {_distance(at, chart.unit)}", left + at / most * room, base, 14)
    if chart.limit is not None:
        said.append(f"the limit is {_distance(chart.limit, chart.unit)}")
        body += _mark(
            f"limit {_distance(chart.limit, chart.unit)}",
            left + chart.limit / most * room,
            base,
            30,
        )
    if each > 1:
        said.append(f"each dot stands for up to {each}")
    return base + 28, body, "; ".join(said)


def _mark(text: str, x: float, base: float, y: float) -> str:
    """Return a line over the strip with its words at its upper end, on the side that has room."""
    after = x < _WIDTH / 2
    words = _text(text, x + 5 if after else x - 5, y, "" if after else "end")
    return f'<path class="mark" d="M{x:.1f} {y - 8:.1f}V{base:.1f}"/>{words}'


def _distance(value: float, unit: str) -> str:
    digits = 0 if unit == "m" else 1
    return with_unit(number_text(round(value, digits)), unit)


def _label(lines: Sequence[str], x: float, middle: float, whole: str) -> str:
    """Return a label; one that is cut says the whole to who points at it."""
    first = middle - (len(lines) - 1) * _LINE / 2
    text = "".join(_text(each, x, first + n * _LINE, "end") for n, each in enumerate(lines))
    cut = lines[-1].endswith("…") and not whole.endswith("…")
    return f"<g><title>{escape(clean(whole))}</title>{text}</g>" if cut else text


def _text(text: str, x: float, y: float, look: str) -> str:
    kind = f' class="{look}"' if look else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}">{escape(clean(text))}</text>'


def _lines(label: str) -> list[str]:
    """Break a label into at most two lines, the second one cut with an ellipsis if it is still too long."""
    if len(label) <= _MOST_LABEL:
        return [label]
    at = label.rfind(" ", 0, _MOST_LABEL + 1)
    first, rest = (
        (label[:at], label[at + 1 :]) if at > 0 else (label[:_MOST_LABEL], label[_MOST_LABEL:])
    )
    return [first, rest if len(rest) <= _MOST_LABEL else rest[: _MOST_LABEL - 1] + "…"]
