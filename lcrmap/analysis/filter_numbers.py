"""Whole numbers of a filter to the digit: cql2's parser makes floating point of all, which rounds those beyond 2^53."""

from __future__ import annotations

import itertools
import re
from typing import Any, Final

__all__ = ["kept", "with_places"]

# Texts, names and other numbers are passed over; what is left has at least 16 digits and nothing else.
_TOKEN: Final = re.compile(
    r"""'[^']*'|"[^"]*"|[^\W\d][\w.]*|(?P<long>(?<![\w.])\d{16,38}(?![\w.]))|[\d.][\w.]*"""
)


def with_places(expression: str) -> tuple[str, dict[float, int]]:
    """Return a filter with a number in the place of each long whole number, and what stands for which.

    Examples
    --------
    >>> with_places("ref = 123456789012345679 AND name <> '1234567890123456'")
    ("ref = 1e300 AND name <> '1234567890123456'", {1e+300: 123456789012345679})
    """
    free = (text for each in itertools.count() if (text := f"{each + 1}e300") not in expression)
    meant: dict[float, int] = {}
    places: dict[int, str] = {}

    def place(found: re.Match[str]) -> str:
        if not found["long"]:
            return found[0]
        number = int(found["long"])
        if number not in places:
            places[number] = next(free)
            meant[float(places[number])] = number
        return places[number]

    return _TOKEN.sub(place, expression), meant


def kept(node: Any, meant: dict[float, int]) -> Any:
    """Return a parsed filter with the whole numbers in their places."""
    if isinstance(node, dict):
        return {name: kept(each, meant) for name, each in node.items()}
    if isinstance(node, list):
        return [kept(each, meant) for each in node]
    if isinstance(node, float) and abs(node) in meant:
        return meant[node] if node > 0 else -meant[-node]
    return node
