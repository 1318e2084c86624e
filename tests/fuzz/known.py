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


KNOWN: tuple[Known, ...] = ()


def known_fault(key: str) -> bool:
    """Tell whether a fault is known."""
    return any(re.fullmatch(each.key, key) for each in KNOWN)
