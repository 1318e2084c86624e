"""How figures are divided into classes for a map: what ``METHOD[:N]`` means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lcrmap.errors import UnknownNameError, UsageError

__all__ = ["METHODS", "MOST_CLASSES", "Classes", "classes_of"]

METHODS: Final = {
    "rounded": "Rounded breaks",
    "quantile": "Quantiles: as many areas in each class",
    "equal": "Equal steps",
    "natural": "Natural breaks (Fisher-Jenks)",
}
"""What a legend calls each method of `lcrmap.analysis.classes`."""

MOST_CLASSES: Final = 5
"""More shades of one colour cannot be told apart."""

_FEWEST_FOR_MOST: Final = 25  # areas; fewer are told apart better in three classes
_MOST_DIGITS: Final = 9  # Python refuses to count to a number of thousands


@dataclass(frozen=True, slots=True)
class Classes:
    """A method, and how many classes; None for what suits the number of areas."""

    method: str = "rounded"
    number: int | None = None

    def number_for(self, areas: int) -> int:
        """Return into how many classes so many areas are divided.

        Examples
        --------
        >>> Classes().number_for(6), Classes().number_for(200), Classes("equal", 4).number_for(6)
        (3, 5, 4)
        """
        return self.number or (MOST_CLASSES if areas >= _FEWEST_FOR_MOST else 3)


def classes_of(text: str) -> Classes:
    """Read a method, with a number behind a colon or without.

    Raises
    ------
    UnknownNameError
        If there is no such method.
    UsageError
        If the number is none, or is not 1 to `MOST_CLASSES`.

    Examples
    --------
    >>> classes_of("natural:4")
    Classes(method='natural', number=4)
    """
    method, colon, number = text.partition(":")
    if method not in METHODS:
        hint = "'natural' is Jenks." if "jenks" in method.casefold() else ""
        raise UnknownNameError("classification method", method, METHODS, hint=hint)
    if not colon:
        return Classes(method)
    if not number.isdecimal():
        raise UsageError(f"'{text}': write a method and a number, such as natural:4.")
    if len(number) > _MOST_DIGITS or not 1 <= int(number) <= MOST_CLASSES:
        raise UsageError(
            f"--classes {text}: a map has 1 to {MOST_CLASSES} classes, as more shades cannot be told apart."
        )
    return Classes(method, int(number))
