"""The outlines of symbols, which the house style writes as SVG paths, as vertices that a renderer can draw."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["CLOSE", "CURVE", "LINE", "MOVE", "Outline", "read_outline"]

MOVE: Final = 1
LINE: Final = 2
CURVE: Final = 4
CLOSE: Final = 79
_TOKEN: Final = re.compile(r"[MmLlHhVvAaZz]|-?(?:\d+\.?\d*|\.\d+)")
_QUARTER: Final = math.pi / 2


@dataclass(frozen=True, slots=True)
class Outline:
    """Vertices and what each one does: `MOVE`, `LINE`, `CURVE` (three a curve) or `CLOSE`."""

    vertices: tuple[tuple[float, float], ...]
    codes: tuple[int, ...]


@cache
def read_outline(path: str) -> Outline:
    """Read the part of SVG's path language that the house style uses: M, L, H, V, A and Z.

    Examples
    --------
    >>> read_outline("M5 8h14v8Z").vertices
    ((5.0, 8.0), (19.0, 8.0), (19.0, 16.0), (5.0, 8.0))
    """
    return _Reader(path).outline()


class _Reader:
    """A walk along one path."""

    def __init__(self, path: str) -> None:
        self._words = _TOKEN.findall(path)
        self._next = 0
        self._at = (0.0, 0.0)
        self._start = (0.0, 0.0)
        self._vertices: list[tuple[float, float]] = []
        self._codes: list[int] = []

    def outline(self) -> Outline:
        command = "M"
        while self._next < len(self._words):
            if self._words[self._next].isalpha():
                command = self._words[self._next]
                self._next += 1
            self._step(command)
            if command in "Mm":  # further pairs after a move are lines
                command = "L" if command == "M" else "l"
        return Outline(tuple(self._vertices), tuple(self._codes))

    def _number(self) -> float:
        word = self._words[self._next]
        self._next += 1
        return float(word)

    def _step(self, command: str) -> None:
        x, y = self._at
        fx, fy = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "Z":
            self._add(CLOSE, self._start)
        elif kind == "M":
            self._start = (fx + self._number(), fy + self._number())
            self._add(MOVE, self._start)
        elif kind == "L":
            self._add(LINE, (fx + self._number(), fy + self._number()))
        elif kind == "H":
            self._add(LINE, (fx + self._number(), y))
        elif kind == "V":
            self._add(LINE, (x, fy + self._number()))
        else:
            radii = (self._number(), self._number())
            self._number()  # the turn of the ellipse: the house style has none
            large, sweep = self._number() != 0, self._number() != 0
            self._arc(radii, large, sweep, (fx + self._number(), fy + self._number()))

    def _add(self, code: int, point: tuple[float, float]) -> None:
        self._vertices.append(point)
        self._codes.append(code)
        self._at = point

    def _arc(
        self, radii: tuple[float, float], large: bool, sweep: bool, end: tuple[float, float]
    ) -> None:
        """Draw an elliptic arc by cubic curves of at most a quarter turn (SVG 1.1, F.6)."""
        rx, ry = radii
        (x1, y1), (x2, y2) = self._at, end
        hx, hy = (x1 - x2) / 2 / rx, (y1 - y2) / 2 / ry
        spread = hx * hx + hy * hy
        grow = max(1.0, math.sqrt(spread))
        rx, ry, spread = rx * grow, ry * grow, min(spread, 1.0)
        off = math.sqrt(max(0.0, 1 / spread - 1)) * (1 if large == sweep else -1)
        cx, cy = (x1 + x2) / 2 - off * hy * rx, (y1 + y2) / 2 + off * hx * ry
        first = math.atan2((y1 - cy) / ry, (x1 - cx) / rx)
        turn = math.atan2((y2 - cy) / ry, (x2 - cx) / rx) - first
        if sweep and turn <= 0:
            turn += 2 * math.pi
        elif not sweep and turn >= 0:
            turn -= 2 * math.pi
        pieces = max(1, math.ceil(abs(turn) / _QUARTER - 1e-9))
        part = turn / pieces
        pull = 4 / 3 * math.tan(part / 4)
        for number in range(pieces):
            a, b = first + number * part, first + (number + 1) * part
            for u, v in (
                (math.cos(a) - pull * math.sin(a), math.sin(a) + pull * math.cos(a)),
                (math.cos(b) + pull * math.sin(b), math.sin(b) - pull * math.cos(b)),
                (math.cos(b), math.sin(b)),
            ):
                self._add(CURVE, (cx + rx * u, cy + ry * v))
