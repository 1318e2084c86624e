"""A shading's legend as one bar: adjoining steps of colour, and the numbers at their borders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lcrmap.maps.words import number_text, with_unit

__all__ = ["Bar", "make_bar", "reaches", "told_apart"]

_ROOM: Final = 18.0  # em: the least width of a legend beside or below a map, at 320 pixels too
_SIZE: Final = 0.875  # of the numbers, in em of the legend
_GAP: Final = 0.5  # between two numbers, in em of theirs
_NO_DATA: Final = 5.0  # em of the step without data, with the gap before it
_NARROW: Final = {".": 0.32, ",": 0.32, "(": 0.4, ")": 0.4, "\N{MINUS SIGN}": 0.84}
_DIGIT: Final = 0.64
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """The numbers along a bar of classes.

    Attributes
    ----------
    edges
        The least value, each break, the greatest value; an end is empty if the class there is, or if it holds its
        lower bound alone, such as those that have all: that is written once.
    middle
        The place among the edges at which two colours meet; None for one colour.
    staggered
        Whether every second number stands lower, as all would not fit in one line.
    """

    edges: tuple[str, ...]
    middle: int | None = None
    staggered: bool = False


def make_bar(
    breaks: Sequence[float],
    ends: tuple[float, float] | None,
    counts: Sequence[int],
    *,
    middle: float | None = None,
    unit: str = "",
    no_data: bool = False,
) -> Bar | None:
    """Return the numbers along a bar; None if they do not fit, or if there are none.

    Parameters
    ----------
    breaks
        Where one class ends and the next begins, rising.
    ends
        The least and the greatest value; None if none is known.
    counts
        How many areas each class has.
    unit
        What the numbers measure; only a per cent sign stands behind each.
    no_data
        Whether a step without data stands beside the bar.

    Examples
    --------
    >>> make_bar([5.0, 10.0], (0.62111, 1234.6), [3, 4, 5]).edges
    ('0.6211', '5', '10', '1,235')
    >>> make_bar([0.0, 5.0], (-7.0, 4.0), [3, 4, 0], middle=0.0)
    Bar(edges=('−7', '0', '5', ''), middle=1, staggered=False)
    >>> make_bar([50.0, 100.0], (0.0, 100.0), [3, 4, 5], unit="%").edges
    ('0%', '50%', '100%', '')
    >>> make_bar([1e9, 2e9, 3e9, 4e9], (1.0, 5e9), [1, 1, 1, 1, 1]) is None
    True
    """
    if ends is None or not breaks:
        return None
    inner = told_apart(breaks)
    low = _end_text(ends[0], breaks[0], inner[0]) if ends[0] < breaks[0] else ""
    high = _end_text(ends[1], breaks[-1], inner[-1]) if ends[1] > breaks[-1] else ""
    percent = unit if unit.startswith("%") else ""
    edges = tuple(each and with_unit(each, percent) for each in (low, *inner, high))
    room = (_ROOM - _NO_DATA * no_data) / _SIZE / (len(edges) - 1)
    widths = [_em(each) for each in edges]
    if max(_em(f"({count:,})") for count in counts) + _GAP / 2 > room:
        return None
    place = None if middle is None else 1 + list(breaks).index(middle)
    for staggered in (False, True):
        if reaches(widths, room, _GAP, 1 + staggered):
            return Bar(edges, place, staggered)
    return None


def reaches(widths: Sequence[float], step: float, gap: float, apart: int) -> bool:
    """Tell whether numbers along a bar fit: the outer ones inside its ends, the others in the middle of their borders.

    Parameters
    ----------
    widths
        How wide each number is.
    step
        How wide a step of the bar is.
    gap
        What is left free between two numbers.
    apart
        1 if all stand in one line, 2 if every second one stands lower.

    Examples
    --------
    >>> reaches([3, 2, 3], 4, 0.5, 1), reaches([3, 2, 3], 5, 0.5, 1), reaches([3, 2, 3], 4, 0.5, 2)
    (False, True, True)
    """
    last = len(widths) - 1
    for one in range(last + 1 - apart):
        other = one + apart
        right = widths[one] if one == 0 else widths[one] / 2
        left = widths[other] if other == last else widths[other] / 2
        if right + left + gap * bool(right and left) > step * apart:
            return False
    return True


def told_apart(breaks: Sequence[float]) -> list[str]:
    """Write breaks with as many digits as tell them apart, and from nought."""
    texts = [number_text(each) for each in breaks]
    for digits in range(2, 18):
        if len(set(texts)) == len(breaks) and all(
            (text == "0") == (each == 0) for text, each in zip(texts, breaks, strict=True)
        ):
            break
        texts = [f"{each:.{digits}g}".replace("-", "\N{MINUS SIGN}") for each in breaks]
    return texts


def _end_text(value: float, border: float, border_text: str) -> str:
    """Write an end of the bar to four digits; in full where it would seem to lie on the border or beyond it."""
    digits = max(_DIGITS - 1 - math.floor(math.log10(abs(value))), 0) if value else 0
    short = round(value, digits)
    text = number_text(short)
    beyond = (short < border) != (value < border) or short == border
    return number_text(value) if beyond or text == border_text else text


def _em(text: str) -> float:
    return sum(_NARROW.get(each, _DIGIT) for each in text)
