"""Faults that somebody else is mending: each with the smallest input, which must still have it.

An entry goes when its fault is mended; `tests/fuzz/test_fuzz.py` fails until it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.fuzz.cases import Case

__all__ = ["KNOWN", "Known", "known_fault"]


@dataclass(frozen=True)
class Known:
    """A fault that is known.

    Attributes
    ----------
    key
        Its key, as a regular expression.
    why
        What is wrong, in a few words.
    case
        The smallest input that has it.
    """

    key: str
    why: str
    case: Case


KNOWN: tuple[Known, ...] = (
    Known(
        r"(a value is another|written as (csv|gpkg)): a whole number loses digits",
        "whole numbers beyond 2**53 lose digits, in CSV and wherever a column has gaps",
        Case(
            "csv",
            0,
            {"a.csv": b"n,lon,lat\n1234567890123456789,-3,53.4\n,-3,53.4\n"},
            "a.csv",
            ("reads",),
        ),
    ),
    Known(
        "what lcrmap wrote as csv it refuses: is named as but begins as binary data: .*",
        "a text that holds U+0000 is written into CSV, which then begins as binary data",
        Case(
            "geojson",
            5,
            {
                "a.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature",'
                b'"properties":{"a":"\\u0000"},"geometry":{"type":"Point","coordinates":[-3,53]}}]}'
            },
            "a.geojson",
            ("again",),
        ),
    ),
    Known(
        "what lcrmap wrote as csv it refuses: of holds in the coordinate column .*|"
        "traceback: ValueError in io/writers/csv.py:_says_where",
        "coordinates with spaces or plus signs get an apostrophe in CSV",
        Case(
            "csv",
            5,
            {"a.csv": b"id,lon,lat\na,-3e0,5.34E1\n"},
            "a.csv",
            ("again",),
        ),
    ),
)


def known_fault(key: str) -> bool:
    """Tell whether a fault is known."""
    return any(re.fullmatch(each.key, key) for each in KNOWN)
