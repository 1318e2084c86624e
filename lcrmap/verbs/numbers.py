"""The one place to say: distances, ranges, shares, numbers, lists of words, and nouns as they stand in a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from lcrmap.layers import Metadata
from lcrmap.verbs.question import METRES, Distance

__all__ = [
    "HIGHEST",
    "LOWEST",
    "MEASURED",
    "allowing",
    "by_each",
    "compass",
    "counted_title",
    "distance_words",
    "in_brackets",
    "in_sentence",
    "in_unit",
    "listed",
    "located",
    "number_words",
    "range_words",
    "share_words",
    "signed_words",
    "snake",
    "too_close",
]

# What the two columns of a range hold, as their descriptions say it.
LOWEST: Final = "Lowest value that position errors allow"
HIGHEST: Final = "Highest value that position errors allow"

MEASURED: Final = "Distances are measured along the ground."

_INDEX: Final = re.compile(r"Index of [A-Z]")  # a name, such as the Index of Multiple Deprivation
_EVERY_DIGIT: Final = ".10g"  # that somebody types, and none of those that binary fractions add
_POINTS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def in_unit(metres: float, unit: str) -> float:
    """Return a distance in a unit, as exact as the millimetre.

    >>> in_unit(1500.0, "km")
    1.5
    """
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
        For a distance that was typed: every digit of it, and in miles if it was typed in miles.

    Examples
    --------
    >>> distance_words(784.2), distance_words(2345), distance_words(2345, "mi"), distance_words(800, exact=True)
    ('780 m', '2.3 km', '1.5 miles', '800 m')
    """
    if exact and isinstance(metres, Distance) and str(metres).endswith("mi"):
        unit = "mi"
    if unit == "mi":
        miles = metres / METRES["mi"]
        text = f"{miles:{_EVERY_DIGIT}}" if exact else f"{miles:.1f}"
        return f"{text} mile" if text in ("1", "1.0") else f"{text} miles"
    if exact:
        far = metres >= 1000
        return f"{metres / 1000:{_EVERY_DIGIT}} km" if far else f"{metres:{_EVERY_DIGIT}} m"
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


def located(noun: str, *, some: bool) -> str:
    """Say of a noun that only those with a position are meant, where there are others.

    >>> located("Freeport sites", some=True), located("shops", some=False)
    ('Freeport sites with a position', 'shops')
    """
    return f"{noun} with a position" if some else noun


def counted_title(metadata: Metadata) -> str:
    """Return what is counted, as the head of a column: the layer's noun, else its title.

    Examples
    --------
    >>> from lcrmap.layers import Metadata
    >>> counted_title(Metadata("homes", "Homes", noun_many="postcodes with homes"))
    'Postcodes with homes'
    """
    many = metadata.noun_many
    return metadata.title if many in ("features", "") else many[0].upper() + many[1:]


def in_sentence(title: str) -> str:
    """Return a field's title as it stands inside a sentence: without its capital, if it is no abbreviation or name.

    >>> in_sentence("Residents"), in_sentence("GVA"), in_sentence("Index of Multiple Deprivation")
    ('residents', 'GVA', 'Index of Multiple Deprivation')
    """
    plain = len(title) > 1 and title[1].islower() and not _INDEX.match(title)
    return title[0].lower() + title[1:] if plain else title


def by_each(title: str, noun: str) -> str:
    """Return what is shown area by area, as it begins a headline.

    >>> by_each("jobs", "borough"), by_each("score, mean weighted by residents", "borough")
    ('jobs by borough', 'score, mean weighted by residents, by borough')
    """
    return f"{title}{',' if ',' in title else ''} by {noun}"


def in_brackets(name: str) -> str:
    """Put a name in brackets behind a number, without brackets in brackets.

    >>> in_brackets("Sefton"), in_brackets("Church (Sefton)")
    ('(Sefton)', '(Church, Sefton)')
    """
    inner = name.replace(" (", ", ").replace("(", ", ").replace(")", "")
    return f"({inner})"


def number_words(value: float, digits: int = 4) -> str:
    """Write a number: a whole one with its thousands apart, another to so many digits.

    >>> number_words(12345.0), number_words(12345.6), number_words(0.123456), number_words(0.123456, 12)
    ('12,345', '12,346', '0.1235', '0.123456')
    """
    if float(value).is_integer():
        return f"{int(value):,}"
    if not math.isfinite(value):
        return f"{value:g}"
    behind = max(digits - 1 - math.floor(math.log10(abs(value))), 0)  # the point
    text = f"{value:,.{behind}f}"
    return text.rstrip("0").rstrip(".") if behind else text


def signed_words(value: float, digits: int = 0) -> str:
    """Write a change with its sign, as a whole number or with so many digits behind the point.

    >>> signed_words(1234.4), signed_words(-3.0), signed_words(-0.2), signed_words(math.nan)
    ('+1,234', '\u22123', '0', 'not known')
    >>> signed_words(0.0123, 3), signed_words(-0.0001, 3)
    ('+0.012', '0')
    """
    if math.isnan(value):
        return "not known"
    return f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}") if round(value, digits) else "0"


def snake(text: str) -> str:
    """Write a text as a column's name.

    >>> snake("Net zero & more"), snake("rail-stations"), snake("&")
    ('net_zero_more', 'rail_stations', 'empty')
    """
    words = "".join(each if each.isalnum() else " " for each in text).split()
    return "_".join(words).lower() or "empty"


def allowing(low: str, high: str) -> str:
    """Write what a number may be by the errors of positions, behind what is said of it.

    >>> "5 of the 9 lie there" + allowing("5", "7")
    '5 of the 9 lie there (5 to 7, as positions are not exact)'
    """
    return f" ({low} to {high}, as positions are not exact)"


def too_close(names: Sequence[str], more: str, most: str) -> str:
    """Say that any of some may be first.

    Parameters
    ----------
    names
        At least two.
    more, most
        What the first of two, or of several, has: "more sites", "the most sites".

    Examples
    --------
    >>> too_close(["A", "B"], "more sites", "the most sites")
    'A and B are too close to call: position errors could change which has more sites'
    """
    has = more if len(names) == 2 else most
    return f"{listed(names)} are too close to call: position errors could change which has {has}"
