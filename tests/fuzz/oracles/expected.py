"""What a file must hold, and whether a value that was read is the one that stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.fuzz.oracles.opening import same

__all__ = ["BrokenError", "Expected", "Positions", "Text", "kept"]

Positions = list[tuple[float, float]]


class BrokenError(Exception):
    """Raised for a file that must be refused; says why."""


class Text(str):
    """A cell of text that may be read as a number or a truth value."""


@dataclass(frozen=True)
class Expected:
    """What a reader must find.

    Attributes
    ----------
    count
        How many rows.
    rows
        Their values by name, where the reference knows them.
    positions
        The east and north of each position of each row, in order; None where it is not known.
    """

    count: int
    rows: Sequence[dict[str, Any]] | None = None
    positions: Sequence[Positions | None] = field(default=())


def kept(there: Any, read: Any) -> bool:
    """Tell whether a value is what stands there; a cell of text may have become what it says."""
    if not isinstance(there, Text):
        return same(there, read)
    match read:
        case bool():
            return there.lower() == str(read).lower()
        case int() | float():
            return _is_number(there, read)
        case None:
            return False
    return str(there) == read


def _is_number(text: str, number: float) -> bool:
    """Tell whether a number is the text's: a whole number to the digit, a fraction as near as floats come."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return False
    if re.fullmatch(r"-?[0-9]+", text):
        return exact == Decimal(number)
    return float(text) == number
