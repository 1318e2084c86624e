"""The points of a symbol's path, for the test that compares silhouettes: M, L, H, V, A and Z in both cases."""

from __future__ import annotations

import math
import re

_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "Z": 0}


def points_of(path: str) -> list[tuple[float, float]]:
    """The outline as points; arcs are followed in steps of a twentieth."""
    words = re.findall(r"[A-Za-z]|-?(?:\d+\.\d+|\.\d+|\d+)", path)
    points: list[tuple[float, float]] = []
    x = y = 0.0
    place, letter = 0, "M"
    while place < len(words):
        if words[place].isalpha():
            letter = words[place]
            place += 1
        kind = letter.upper()
        values = [float(each) for each in words[place : place + _NUMBERS[kind]]]
        place += _NUMBERS[kind]
        if kind == "Z":
            continue
        base = (x, y) if letter.islower() else (0.0, 0.0)
        before = (x, y)
        if kind == "H":
            x = base[0] + values[0]
        elif kind == "V":
            y = base[1] + values[0]
        else:
            x, y = base[0] + values[-2], base[1] + values[-1]
        if kind == "A":
            points += _arc(before, (x, y), values)
        points.append((x, y))
        letter = {"M": "L", "m": "l"}.get(letter, letter)
    return points


def _arc(
    start: tuple[float, float], end: tuple[float, float], values: list[float]
) -> list[tuple[float, float]]:
    """The points of an elliptical arc without rotation (SVG 1.1, appendix F.6)."""
    rx, ry, _, large, sweep = values[:5]
    dx, dy = (start[0] - end[0]) / 2 / rx, (start[1] - end[1]) / 2 / ry
    square = dx * dx + dy * dy
    if square > 1:
        rx, ry = rx * math.sqrt(square), ry * math.sqrt(square)
        dx, dy, square = dx / math.sqrt(square), dy / math.sqrt(square), 1.0
    root = math.sqrt(max(0.0, 1 / square - 1)) * (1 if large == sweep else -1)
    cx, cy = -dy * root * -1, dx * root * -1
    first = math.atan2(dy - cy, dx - cx)
    last = math.atan2(-dy - cy, -dx - cx)
    turn = (last - first) % (2 * math.pi)
    turn = turn if sweep else turn - 2 * math.pi
    mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return [
        (mx + rx * (cx + math.cos(first + turn * step / 20)),
         my + ry * (cy + math.sin(first + turn * step / 20)))
        for step in range(1, 20)
    ]  # fmt: skip
