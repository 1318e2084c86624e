"""Plain values out of JSON and TOML that may be a stranger's: descriptors, records, recipes, carried metadata.

Python's own decoders work by recursion, and a whole number of thousands of digits is an error of its own kind. So size,
depth and digits are bounded before a text is decoded, and whatever reads the values need not look again.
"""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import Any, Final

from lcrmap.errors import FileError

__all__ = [
    "DEEPEST",
    "LARGEST",
    "MOST_DIGITS",
    "TOML_TEXT",
    "carried_values",
    "json_values",
    "toml_values",
]

LARGEST: Final = 16_000_000  # characters; lcrmap's own descriptor has 85,000
LARGEST_CARRIED: Final = 4_000_000  # what a data file says of itself
DEEPEST: Final = 50  # lists and objects within each other
MOST_DIGITS: Final = 100  # of a number
LARGEST_TOML: Final = 500_000  # its decoder is written in Python
MOST_DOTS: Final = 100  # in a line of TOML: that decoder takes the square of a key's parts

# Each alternative matches wherever it begins, closed or not, so that no text is gone through twice.
_JSON_TEXT: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
TOML_TEXT: Final = re.compile(
    r"'''.*?(?:'''|\Z)"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\\?\Z)'
    r"|'[^'\n]*+'?"
    r'|"(?:[^"\\\n]|\\[^\n])*+[\\"]?'
    r"|\#[^\n]*+",
    re.DOTALL,
)
_MANY_DIGITS: Final = re.compile(rf"[0-9_]{{{MOST_DIGITS + 1}}}")
_STEP: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def json_values(text: str, where: str) -> Any:
    """Return what a JSON text means.

    Parameters
    ----------
    where
        What the text is called in messages, as a sentence begins with it.

    Raises
    ------
    FileError
        If it is not valid JSON, or too large, too deep, or holds a number of too many digits.

    Examples
    --------
    >>> json_values('{"a": [1, 2.5]}', "It")
    {'a': [1, 2.5]}
    """
    _bound(text, _JSON_TEXT, LARGEST, where)
    try:
        return json.loads(text, parse_float=_finite, parse_constant=_finite)
    except ValueError as error:
        raise FileError(f"{where} is not valid JSON ({error}): correct it and try again.") from None


def carried_values(text: str | bytes | None) -> Any:
    """Return what a file carries of itself in JSON: None for nothing or too much, the text where it is not to be read.

    Examples
    --------
    >>> carried_values(b'{"name": "sites"}')
    {'name': 'sites'}
    >>> carried_values("[" * 100) == "[" * 100
    True
    """
    if not text or len(text) > LARGEST_CARRIED:
        return None
    told = text if isinstance(text, str) else text.decode("utf-8", "replace")
    try:
        return json_values(told, "It")
    except FileError:
        return told


def toml_values(text: str, where: str) -> dict[str, Any]:
    """Return what a TOML text means; see `json_values`.

    Raises
    ------
    FileError
        If it is not valid TOML (the message gives the line), or too large, too deep, or holds a number of too many
        digits.
    """
    import tomllib

    bare = _bound(text, TOML_TEXT, LARGEST_TOML, where)
    if any(line.count(".") > MOST_DOTS for line in bare.split("\n")):
        raise FileError(
            f"{where} has more than {MOST_DOTS} dots in a line, as no key or number needs."
        )
    try:
        return tomllib.loads(text)
    except ValueError as error:  # a TOMLDecodeError, or a date that no calendar has
        from lcrmap.layers.toml_words import toml_fault  # which only a mistake needs

        raise FileError(f"{where} is not valid TOML{toml_fault(text, str(error))}") from None


def _bound(text: str, quoted: re.Pattern[str], largest: int, where: str) -> str:
    """Refuse a text that would be costly to decode; return what stands outside its quotes."""
    if len(text) > largest:
        raise FileError(
            f"{where} holds {len(text):,} characters, more than {largest:,}: it is not read."
        )
    bare = quoted.sub('""', text)
    steps = (_STEP[each] for each in re.findall(r"[\[\]{}]", bare))
    if max(accumulate(steps), default=0) > DEEPEST:
        raise FileError(f"{where} is nested more than {DEEPEST} deep: it is not read.")
    if _MANY_DIGITS.search(bare):
        raise FileError(
            f"{where} holds a number of more than {MOST_DIGITS} digits: it is not read."
        )
    return bare


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number that JSON has")
    return number
