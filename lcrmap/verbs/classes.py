"""How figures are divided into classes for a map: what ``METHOD[:N]`` and ``BREAKS`` mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from lcrmap.errors import UnknownNameError, UsageError

__all__ = ["METHODS", "MOST_A_SIDE", "MOST_CLASSES", "Classes", "classes_of", "too_many"]

METHODS: Final = {
    "rounded": "Rounded breaks between the lowest and the highest",
    "quantile": "Quantiles: as many areas in each class",
    "equal": "Equal steps",
    "natural": "Natural breaks (Fisher-Jenks)",
}
"""What a legend calls each method of `lcrmap.analysis.classes`."""

MOST_CLASSES: Final = 5
"""More shades of one colour cannot be told apart."""

MOST_A_SIDE: Final = 3
"""The same of each of two colours that meet in a middle."""

_FEWEST_FOR_MOST: Final = 25  # areas; fewer are told apart better in three classes
_MOST_DIGITS: Final = 9  # Python refuses to count to a number of thousands


@dataclass(frozen=True, slots=True)
class Classes:
    """A method, and how many classes; None for what suits the number of areas.

    Attributes
    ----------
    breaks
        The breaks themselves, rising, where they are given; there is no method then.
    """

    method: str = "rounded"
    number: int | None = None
    breaks: tuple[float, ...] = ()

    def number_for(self, areas: int, *, two_sided: bool = False) -> int:
        """Return into how many classes so many areas are divided; two-sided ones are even in number, if not asked for.

        Examples
        --------
        >>> Classes().number_for(6), Classes().number_for(200), Classes("equal", 4).number_for(6)
        (3, 5, 4)
        >>> Classes().number_for(6, two_sided=True), Classes().number_for(200, two_sided=True)
        (4, 6)
        """
        many = areas >= _FEWEST_FOR_MOST
        if two_sided:
            return self.number or (2 * MOST_A_SIDE if many else 4)
        return self.number or (MOST_CLASSES if many else 3)


def classes_of(text: str) -> Classes:
    """Read a method, with a number behind a colon or without, or breaks with commas between them.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    UsageError
        If the number is none or no map has so many classes, or the breaks do not rise.

    Examples
    --------
    >>> classes_of("natural:4").number, classes_of("5,10,20").breaks
    (4, (5.0, 10.0, 20.0))
    """
    if re.match(r"[-+.\d]", text):
        return Classes("breaks", None, _breaks_of(text))
    method, colon, number = text.partition(":")
    if method not in METHODS:
        hint = "'natural' is Jenks." if "jenks" in method.casefold() else ""
        raise UnknownNameError("classification method", method, METHODS, hint=hint)
    if not colon:
        return Classes(method)
    if not number.isdecimal():
        raise UsageError(f"'{text}': write a method and a number, such as natural:4.")
    if len(number) > _MOST_DIGITS or not 1 <= int(number) <= 2 * MOST_A_SIDE:
        raise too_many(text)
    return Classes(method, int(number))


def too_many(text: str) -> UsageError:
    """Return the error of classes of which there are more than can be told apart."""
    return UsageError(
        f"--classes {text}: a map has 1 to {MOST_CLASSES} classes, as more shades cannot be told apart, "
        f"or {MOST_A_SIDE} on each side of a middle."
    )


def _breaks_of(text: str) -> tuple[float, ...]:
    try:
        breaks = tuple(float(each) for each in text.split(","))
    except ValueError:
        breaks = ()
    if not breaks or not all(map(math.isfinite, breaks)):
        raise UsageError(f"--classes {text}: write breaks as numbers with commas, such as 5,10,20.")
    if any(low >= high for low, high in pairwise(breaks)):
        raise UsageError(
            f"--classes {text}: breaks rise from the first to the last, as in 5,10,20."
        )
    if len(breaks) >= 2 * MOST_A_SIDE:
        raise too_many(text)
    return breaks
