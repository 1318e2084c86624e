"""Frozen values as plain ones, which JSON holds to the digit, and back: for what a run leaves for a later one.

What is read back is somebody's text: it makes values of the classes that are expected, and of no other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

__all__ = ["from_plain", "to_plain"]

_ODD = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def to_plain(value: Any) -> Any:
    """Return a value as plain ones: what JSON knows stays, all else is a list that begins with what it is.

    Raises
    ------
    TypeError
        If it holds anything else than plain values, tuples, mappings, arrays of numbers and frozen dataclasses.

    Examples
    --------
    >>> to_plain((1, "a", math.inf))
    ['tuple', 1, 'a', ['float', 'inf']]
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else ["float", str(value)]
    if isinstance(value, tuple):
        return ["tuple", *map(to_plain, value)]
    if isinstance(value, Mapping):
        return ["dict", *([to_plain(key), to_plain(each)] for key, each in value.items())]
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return ["array", value.dtype.str, *map(to_plain, value.tolist())]
    if is_dataclass(value):
        parts = {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
        return ["value", type(value).__name__, parts]
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(told: Any, kinds: Sequence[type]) -> Any:
    """Return the value of which `to_plain` made plain ones.

    Parameters
    ----------
    kinds
        The dataclasses that may be among them.

    Raises
    ------
    TypeError, ValueError, KeyError
        If it is none of these.

    Examples
    --------
    >>> from_plain(["dict", ["a", ["tuple", 1]]], ())
    {'a': (1,)}
    """
    if not isinstance(told, list):
        if isinstance(told, dict):
            raise TypeError("no plain form")
        return told
    kind, *rest = told
    inner = [from_plain(each, kinds) for each in rest] if kind in ("tuple", "array") else rest
    match kind:
        case "float":
            return _ODD[rest[0]]
        case "tuple":
            return tuple(inner)
        case "dict":
            return {from_plain(key, kinds): from_plain(each, kinds) for key, each in rest}
        case "array":
            return np.array(inner[1:], dtype=np.dtype(inner[0]))
        case "value":
            name, parts = rest
            made = {each.__name__: each for each in kinds}[name]
            return made(**{part: from_plain(each, kinds) for part, each in parts.items()})
    raise TypeError("no plain form")
