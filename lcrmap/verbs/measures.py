"""Distances, shares and numbers in the words of an answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from lcrmap.errors import UsageError

__all__ = ["METRES", "compass", "distance_words", "in_unit", "listed", "range_words", "share_words"]

METRES: Final = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
"""Metres in a unit of distance; a mile is the international one."""

_POINTS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def in_unit(metres: float, unit: str) -> float:
    """Return a distance in a unit, as exact as the millimetre.

    >>> in_unit(1500.0, "km")
    1.5
    """
    if unit not in METRES:
        raise UsageError(f"'{unit}' is no unit of distance: it is one of {', '.join(METRES)}.")
    return round(metres / METRES[unit], 3 if unit == "m" else 6)


def distance_words(metres: float, unit: str = "m", *, exact: bool = False) -> str:
    """Write a distance as it can be known: to 10 m under 1 km, above to 0.1 km.

    Parameters
    ----------
    metres
        The distance.
    unit
        ``mi`` for miles; else metres and kilometres, whichever suits.
    exact
        For a distance that was typed: every digit of it.

    Examples
    --------
    >>> distance_words(784.2), distance_words(2345), distance_words(2345, "mi"), distance_words(800, exact=True)
    ('780 m', '2.3 km', '1.5 miles', '800 m')
    """
    if unit == "mi":
        miles = metres / METRES["mi"]
        text = f"{miles:g}" if exact else f"{miles:.1f}"
        return f"{text} mile" if text in ("1", "1.0") else f"{text} miles"
    if exact:
        return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    if metres < 9.5:
        return f"{metres:.0f} m"
    if metres < 995:
        return f"{metres / 10:.0f}0 m"
    return f"{metres / 1000:,.0f} km" if metres >= 99_950 else f"{metres / 1000:.1f} km"


def range_words(low: float, high: float, unit: str = "m") -> str:
    """Write the range of a distance; empty if it is not known.

    >>> range_words(330.0, 1230.9), range_words(math.nan, math.nan)
    ('between 330 m and 1.2 km', '')
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    lowest, highest = distance_words(low, unit), distance_words(high, unit)
    return "" if lowest == highest else f"between {lowest} and {highest}"


def share_words(part: float, whole: float) -> str:
    """Write a share as a percentage that claims no more than it can.

    >>> share_words(123, 1000), share_words(1, 3000), share_words(3000, 3000)
    ('12.3%', 'under 0.1%', '100%')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.05:
        return "under 0.1%"
    return f"{share:.0f}%" if share in (0, 100) else f"{share:.1f}%"


def compass(bearing: float) -> str:
    """Return the nearest of the eight points of the compass; empty for no direction.

    >>> compass(94.7), compass(350.0), compass(math.nan)
    ('E', 'N', '')
    """
    return "" if math.isnan(bearing) else _POINTS[round(bearing / 45) % 8]


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join words for a sentence.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
