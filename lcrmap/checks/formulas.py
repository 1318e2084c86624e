"""Texts that a spreadsheet would run as a formula, and the apostrophe that keeps it from that in CSV."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["NUMBER", "is_formula", "is_guarded", "needs_guard"]

NUMBER: Final = r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"
"""A number as it may stand in a cell, spaces around it allowed."""

_NUMBER: Final = re.compile(NUMBER, re.ASCII)
_SEPARATED: Final = re.compile(r"[+-][0-9]+([.,][0-9]+)+")  # -2,95 and -1,234.5
_BEGIN: Final = ("=", "+", "-", "@", "\t", "\r")
_BLANKS: Final = " \u00a0\u3000\ufeff\u200b\t\r\n"


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula, wide forms and spaces before it too.

    A text that is a number and nothing else runs nothing, and as a coordinate it must be read again; so is one with
    commas in it, of decimals or thousands. A hyphen alone says that there is nothing.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("-2.99"), is_formula("-2,99"), is_formula("-")
    (True, False, False, False)
    """
    if _NUMBER.match(text) or _is_separated(text) or text == "-":
        return False
    if text[:1] in ("\t", "\r"):
        return True
    bare = text.lstrip(_BLANKS)
    return bool(bare) and unicodedata.normalize("NFKC", bare[0])[:1] in _BEGIN


def needs_guard(text: str) -> bool:
    """Tell whether a text gets an apostrophe in CSV: formulas, and what would else be read as a guarded text.

    Examples
    --------
    >>> needs_guard("=1"), needs_guard("'=1"), needs_guard("-2,95"), needs_guard("'-2,95")
    (True, True, False, True)
    """
    return is_formula(text.lstrip("'")) or is_guarded(text)


def is_guarded(text: str) -> bool:
    """Tell whether the first character of a text is an apostrophe that lcrmap put there: also before -2,95, as it did.

    Examples
    --------
    >>> is_guarded("'=1"), is_guarded("'-2,95"), is_guarded("'-2.95"), is_guarded("'s-Hertogenbosch")
    (True, True, False, False)
    """
    bare = text.lstrip("'")
    return bare != text and (is_formula(bare) or _is_separated(bare))


def _is_separated(text: str) -> bool:
    """Tell whether a text is a number with commas, or with several points, such as no cell of numbers holds."""
    return not _NUMBER.match(text) and _SEPARATED.fullmatch(text) is not None
