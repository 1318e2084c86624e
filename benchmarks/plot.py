"""A small plot with two logarithmic scales, as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

__all__ = ["Line", "drawn"]

_WIDE, _HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 420, 60, 170, 40, 45
_COLOURS = ("#00629b", "#b1470a", "#3b7a2a", "#7a3b8f", "#6b5b00")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plot: its name, and pairs of positive numbers."""

    name: str
    points: list[tuple[float, float]]


def drawn(lines: list[Line], *, title: str, across: str, up: str) -> str:
    """Return the plot; each line bears its name at its end.

    Examples
    --------
    >>> svg = drawn([Line("join", [(10, 1), (100, 10)])], title="A plot", across="rows", up="seconds")
    >>> svg.count("<polyline"), "A plot" in svg
    (1, True)
    """
    xs = [x for each in lines for x, _ in each.points] or [1.0]
    ys = [y for each in lines for _, y in each.points] or [1.0]
    wide, high = _decades(xs), _decades(ys)

    def at(x: float, y: float) -> tuple[float, float]:
        right = _LEFT + (math.log10(x) - wide[0]) / (wide[-1] - wide[0]) * (_WIDE - _LEFT - _RIGHT)
        down = (math.log10(y) - high[0]) / (high[-1] - high[0]) * (_HIGH - _TOP - _BOTTOM)
        return round(right, 1), round(_HIGH - _BOTTOM - down, 1)

    parts = [_text(_LEFT, 22, title, size=15)]
    for power in wide:
        x, y = at(10.0**power, 10.0 ** high[0])
        parts.append(_rule(x, _TOP, x, y))
        parts.append(_text(x, y + 18, f"{10**power:,}", anchor="middle"))
    for power in high:
        x, y = at(10.0 ** wide[0], 10.0**power)
        parts.append(_rule(x, y, _WIDE - _RIGHT, y))
        parts.append(_text(x - 6, y + 4, f"{10.0**power:g}", anchor="end"))
    parts.append(_text((_LEFT + _WIDE - _RIGHT) / 2, _HIGH - 8, across, anchor="middle"))
    parts.append(_text(8, _TOP - 6, up))
    parts += _drawn_lines(lines, at)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" '
        f'role="img" aria-label="{escape(title)}" font-family="sans-serif" font-size="12">'
    )
    ground = f'<rect width="{_WIDE}" height="{_HIGH}" fill="#ffffff"/>'
    return "\n".join([head, ground, *parts, "</svg>"]) + "\n"


def _drawn_lines(lines: list[Line], at: Callable[[float, float], tuple[float, float]]) -> list[str]:
    parts, ends = [], []
    for number, each in enumerate(lines):
        if not each.points:
            continue
        colour = _COLOURS[number % len(_COLOURS)]
        places = [at(x, y) for x, y in each.points]
        joined = " ".join(f"{x},{y}" for x, y in places)
        parts.append(
            f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        ends.append((places[-1][1], places[-1][0], each.name, colour))
    lowest = -math.inf
    for y, x, name, colour in sorted(ends):
        lowest = max(y, lowest + 14)
        parts.append(_text(x + 8, lowest + 4, name, colour=colour))
    return parts


def _decades(values: list[float]) -> list[int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return list(range(low, max(high, low + 1) + 1))


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#dddddd"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    colour: str = "#333333",
    size: int = 12,
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">'
        f"{escape(words)}</text>"
    )
