"""Thirds of areas by bounds that can be read off, and what two divisions of areas have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from lcrmap.analysis.classes import class_breaks, readable_breaks
from lcrmap.analysis.tenths import Whole
from lcrmap.errors import UsageError

__all__ = ["thirds", "two_way"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


def thirds(values: Any) -> tuple[float, float] | None:
    """Return the two numbers that part three classes of as many areas each, as nearly as equal figures allow.

    None where equal figures leave one of them empty.

    Examples
    --------
    >>> thirds([1, 2, 3, 4, 5, 6]), thirds([4, 4, 5])
    ((3.0, 5.0), None)
    """
    figures = np.asarray(values, dtype=np.float64)
    breaks = readable_breaks(class_breaks(figures, "quantile", 3), figures)
    return (breaks[0], breaks[1]) if len(breaks) == 2 else None


def two_way(rows: Whole, columns: Whole, weights: Any, size: int) -> Floats:
    """Return the sum of weights for each pair of numbers from 1 to `size`; pairs with a 0 are left out.

    Raises
    ------
    UsageError
        If the sums do not add up to the weights.

    Examples
    --------
    >>> two_way(np.array([1, 2, 2, 0]), np.array([1, 1, 1, 2]), [5, 1, 2, 9], 2).tolist()
    [[5.0, 0.0], [3.0, 0.0]]
    """
    known = (rows > 0) & (columns > 0)
    weight = np.asarray(weights, dtype=np.float64)[known]
    place = (rows[known] - 1) * size + columns[known] - 1
    sums: Floats = np.zeros((size, size))
    np.add.at(sums.reshape(-1), place, weight)
    if not np.isclose(sums.sum(), weight.sum()):
        raise UsageError("The sums of a two-way table do not add up to those of its areas.")
    return sums
