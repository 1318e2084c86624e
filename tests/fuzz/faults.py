"""What a case found: a fault with a key by which the same fault is known again, whatever the data."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from types import TracebackType

import lcrmap

__all__ = ["FaultError", "became", "place_of", "slug", "without_data"]

_PACKAGE = Path(lcrmap.__file__).parent


class FaultError(Exception):
    """Raised by an oracle; `key` is free of data, `told` is for the person who mends it."""

    def __init__(self, key: str, told: str = "") -> None:
        super().__init__(key, told)
        self.key, self.told = key, told

    @classmethod
    def unforeseen(cls, error: BaseException) -> FaultError:
        """Return the fault that something else than an LcrmapError was raised."""
        key = f"traceback: {type(error).__name__} in {place_of(error.__traceback__)}"
        return cls(key, f"{type(error).__name__}: {str(error)[:300]}")


def place_of(trace: TracebackType | None) -> str:
    """Return the innermost function of lcrmap in a traceback, as ``io/opening.py:locate``."""
    frames = [
        f"{Path(each.filename).relative_to(_PACKAGE)}:{each.name}"
        for each in traceback.extract_tb(trace)
        if Path(each.filename).is_relative_to(_PACKAGE)
    ]
    return frames[-1] if frames else "no function of lcrmap"


def without_data(sentence: object) -> str:
    """Return the plain words of a sentence, to be part of a key."""
    return " ".join(each for each in str(sentence).split() if re.fullmatch("[a-z]+[.,:]?", each))[
        :70
    ]


def became(value: object, read: object) -> str:
    """Say how a value was changed, by kinds alone."""
    whole = isinstance(value, int) or re.fullmatch(r"-?[0-9]+", str(value))
    if whole and isinstance(read, float):
        return "a whole number loses digits"
    if isinstance(value, str):
        return f"a text became {type(read).__name__}"
    return f"{type(value).__name__} became {type(read).__name__}"


def slug(text: str) -> str:
    """Return a text as a name of a folder."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:60]
