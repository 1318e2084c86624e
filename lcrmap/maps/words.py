"""The words of a page: one catalogue per language, with plurals, numbers and dates.

A catalogue is ``assets/words.<language>.json``: a flat object from key to text, or to an object with the plural
forms ``zero``, ``one`` and ``other``, chosen by the value called ``n``. The page's JavaScript reads the same catalogue.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import MissingPartError, UnknownNameError

__all__ = ["DECIMALS", "Words", "load_words", "number_text", "squared", "with_unit"]

FOLDER: Final = Path(str(resources.files("lcrmap.maps"))) / "assets"
DECIMALS: Final = 6
"""So many decimals a number for a reader has at most."""

_PLACE: Final = re.compile(r"\{(\w+)\}")
_SQUARE: Final = re.compile(r"\b(km|m)2\b")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's catalogue."""

    language: str
    entries: Mapping[str, Any]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text for `key` with its ``{places}`` filled; `n` chooses the plural form."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = _plural(entry, values.get("n"))
        texts = {
            name: number_text(value) if isinstance(value, int | float) else str(value)
            for name, value in values.items()
        }
        # In one pass, so that braces inside a value stay as they are written.
        filled: str = _PLACE.sub(lambda place: texts.get(place[1], place[0]), entry)
        return filled

    def several(self, items: Iterable[str]) -> str:
        """Join items into a list for a sentence: ``a, b and c``."""
        parts = list(items)
        if len(parts) < 2:
            return "".join(parts)
        comma, final = self.entries["list.comma"], self.entries["list.and"]
        return f"{comma.join(parts[:-1])}{final}{parts[-1]}"

    def split_range(self, sentence: str) -> tuple[str, str]:
        """Return a finding without what its end says of its range, and that; empty without any.

        The range stands in brackets; what is known of one bound alone follows a semicolon.

        Examples
        --------
        >>> load_words().split_range("5 of the 9 lie there (5 to 7, as positions are not exact)")
        ('5 of the 9 lie there', '5 to 7, as positions are not exact')
        >>> load_words().split_range("2 lie there; at least 1, and some positions are unknown")
        ('2 lie there', 'at least 1, and some positions are unknown')
        >>> load_words().split_range("All 9 lie there")
        ('All 9 lie there', '')
        """
        opening, closing = " (", self.entries["headline.range"].split("{high}")[1]
        if opening in sentence and sentence.endswith(closing):
            finding, _, given = sentence.rpartition(opening)
            return finding, given.removesuffix(")")
        finding, _, bound = sentence.partition("; ")
        begins = tuple(self.entries["headline.bounds"].split("|"))
        return (finding, bound) if bound.startswith(begins) else (sentence, "")

    def date(self, text: str) -> str:
        """Write a date given as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` in words; else as it is."""
        parts = text.split("-")
        if len(parts) > 3 or not all(each.isdigit() for each in parts):
            return text
        if len(parts) == 1:
            return text
        if not 1 <= int(parts[1]) <= 12:
            return text
        month = self.entries["date.months"].split(" ")[int(parts[1]) - 1]
        if len(parts) == 2:
            return self("date.month", month=month, year=parts[0])
        return self("date.day", day=str(int(parts[2])), month=month, year=parts[0])


def load_words(language: str = "en") -> Words:
    """Read the catalogue of a language.

    Raises
    ------
    UnknownNameError
        If lcrmap has no catalogue for the language.
    """
    known = sorted(path.name.split(".")[1] for path in FOLDER.glob("words.*.json"))
    if not known:
        raise MissingPartError(
            "The words of the page are missing: install lcrmap again with 'pip install --force-reinstall lcrmap'."
        )
    if language not in known:
        raise UnknownNameError("language", language, known)
    raw = (FOLDER / f"words.{language}.json").read_text(encoding="utf-8")
    return Words(language, json.loads(raw))


def number_text(value: float, decimals: int = 0) -> str:
    """Write a count or a measure for a reader: thousands apart, at most six decimals, a true minus sign.

    It has at least `decimals` decimals, so that the numbers of one column have as many.

    Years and names, such as UPRNs, are no such numbers: a `Column` of them is `plain`.

    Examples
    --------
    >>> number_text(1551784), number_text(4247), number_text(-0.5), number_text(79.11), number_text(7, 2)
    ('1,551,784', '4,247', '−0.5', '79.11', '7.00')
    """
    if not math.isfinite(value):
        return str(value)
    whole = float(value).is_integer()
    text = f"{int(value):,d}" if whole else f"{value:,.{DECIMALS}f}".rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "0") else text.replace("-", "\N{MINUS SIGN}")
    if not decimals:
        return text
    before, _, after = text.partition(".")
    return f"{before}.{after.ljust(decimals, '0')}"


def with_unit(text: str, unit: str) -> str:
    """Put a unit behind a number: a per cent sign closed up, a word or an abbreviation after a space.

    Examples
    --------
    >>> with_unit("69.1", "%"), with_unit("3", "km"), with_unit("7", "")
    ('69.1%', '3 km', '7')
    """
    unit = squared(unit)
    return f"{text}{unit}" if unit.startswith("%") else f"{text} {unit}".rstrip()


def squared(text: str) -> str:
    """Write square kilometres as a page does; tables and options keep what every keyboard has.

    Examples
    --------
    >>> squared("Sites per km2"), squared("area_km2")
    ('Sites per km²', 'area_km2')
    """
    return _SQUARE.sub("\\1\N{SUPERSCRIPT TWO}", text)


def _plural(forms: Mapping[str, str], n: object) -> str:
    if n == 0 and "zero" in forms:
        return forms["zero"]
    return forms["one"] if n == 1 else forms["other"]
