"""Sums by group that are exact until they are read, so that neither the order of the numbers nor how they came matters.

A float is a whole number times a power of two. Here sums are whole numbers of Python, in units of the least such power:
nothing is rounded on the way, two sums of parts are the sum of the whole, and what is read is rounded once, as
`math.fsum` does it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

__all__ = ["ExactSums"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

_DIGITS: Final = 53  # bits of a float's mantissa
_LEAST: Final = 1126  # any float is a whole number in units of two to the power of minus this
_HALF: Final = 32  # numbers are added in halves, so that no sum of them leaves 64 bits


@dataclass(frozen=True, slots=True)
class ExactSums:
    """A sum for each group; ``+`` adds those of other numbers.

    Attributes
    ----------
    units
        The sums of the finite numbers, in units of 2 ** -`power`.
    power
        The least of which they are whole numbers; nought for whole numbers.
    infinite
        The sums of those that are not finite, NaN if they cannot be added; nought where there is none.
    """

    units: tuple[int, ...]
    power: int
    infinite: tuple[float, ...]

    @classmethod
    def of(cls, group: Rows, numbers: Any, groups: int) -> ExactSums:
        """Add numbers up by group.

        Parameters
        ----------
        group
            The group of each, from 0.
        numbers
            int64 or float64.
        groups
            How many groups there are.

        Examples
        --------
        >>> ExactSums.of(np.array([0, 0, 0, 2]), np.array([1e16, 1.0, -1e16, 0.5]), 3).values.tolist()
        [1.0, 0.0, 0.5]
        """
        nought = (0.0,) * groups
        if pd.api.types.is_integer_dtype(numbers.dtype):
            units = _added(group, numbers.astype(np.int64, copy=False), groups)
            return cls(tuple(units), 0, nought)
        finite = np.isfinite(numbers)
        infinite = list(nought)
        for each in np.flatnonzero(~finite).tolist():
            infinite[group[each]] += float(numbers[each])
        mantissa, exponent = np.frexp(numbers[finite])
        whole = np.ldexp(mantissa, _DIGITS).astype(np.int64)
        # By group and power: what has one power is added as whole numbers.
        span = 2 * _LEAST
        both, place = np.unique(
            group[finite] * span + (exponent + (_LEAST - _DIGITS)), return_inverse=True
        )
        sums = [0] * groups
        for where, one in zip(both.tolist(), _added(place, whole, len(both)), strict=True):
            sums[where // span] += one << (where % span)
        return cls._of_least_power(sums, _LEAST, tuple(infinite))

    @classmethod
    def _of_least_power(
        cls, units: list[int], power: int, infinite: tuple[float, ...]
    ) -> ExactSums:
        """Return sums in the largest units of which they are whole numbers: these have the fewest digits."""
        noughts = ((each & -each).bit_length() - 1 for each in units if each)
        spare = min(power, *noughts, _LEAST)
        return cls(tuple(each >> spare for each in units), power - spare, infinite)

    def __add__(self, other: ExactSums) -> ExactSums:
        power = max(self.power, other.power)
        mine, theirs = power - self.power, power - other.power
        pairs = zip(self.units, other.units, strict=True)
        return self._of_least_power(
            [(a << mine) + (b << theirs) for a, b in pairs],
            power,
            tuple(a + b for a, b in zip(self.infinite, other.infinite, strict=True)),
        )

    @property
    def values(self) -> Floats:
        """The sums, each rounded once."""
        pairs = zip(self.units, self.infinite, strict=True)
        return np.array([odd or self._rounded(units) for units, odd in pairs], dtype=np.float64)

    @property
    def total(self) -> float:
        """The sum of all groups, rounded once."""
        return sum(self.infinite) or self._rounded(sum(self.units))

    def _rounded(self, units: int) -> float:
        try:
            return units / (1 << self.power)
        except OverflowError:
            return math.inf if units > 0 else -math.inf


def _added(group: Rows, whole: Rows, groups: int) -> list[int]:
    """Add whole numbers of 64 bits up by group, as Python's, which have no end."""
    high, low = np.zeros(groups, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    np.add.at(high, group, whole >> _HALF)
    np.add.at(low, group, whole & ((1 << _HALF) - 1))
    return [(a << _HALF) + b for a, b in zip(high.tolist(), low.tolist(), strict=True)]
