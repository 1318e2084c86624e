"""Class breaks: where the shades of a map begin and end.

``equal`` divides the range into equal steps and ``quantile`` the features into equal numbers. ``natural`` puts the
breaks where the values leave gaps: the classes with the least sum of squared distances from their means, found exactly
(Fisher 1958, "On grouping for maximum homogeneity"; maps know it by the name of Jenks). ``rounded`` moves each
quantile to a number that a reader can keep in mind, or natural breaks where that leaves a class empty or too full.
A class includes its lower bound and not its upper one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from lcrmap.errors import UsageError

__all__ = ["METHODS", "class_breaks"]

METHODS: Final = ("rounded", "quantile", "equal", "natural")

_MOST_CLASSES: Final = 7
_FULLEST: Final = 0.4  # the share of the features above which a rounded class is too full
_MOST_FOR_NATURAL: Final = (
    3000  # distinct values; above it they are grouped, as the work grows with their square
)

Floats = np.ndarray[Any, np.dtype[np.float64]]


def class_breaks(values: Any, method: str = "rounded", classes: int = 5) -> tuple[float, ...]:
    """Return where one class ends and the next begins.

    Parameters
    ----------
    values
        Numbers; NaN counts as no data and is left out.
    method
        One of `METHODS`.
    classes
        How many classes there should be, 1 to 7. Fewer come out where the values do not allow so many: no class
        is empty.

    Returns
    -------
    tuple of float
        The inner breaks, rising: one fewer than there are classes.

    Raises
    ------
    UsageError
        If the method is unknown or the number of classes is not 1 to 7.

    Examples
    --------
    >>> class_breaks([1, 2, 3, 10, 11, 12], "natural", 2)
    (10.0,)
    >>> class_breaks([0, 25, 50, 75, 100], "equal", 4)
    (25.0, 50.0, 75.0)
    """
    if method not in _BREAKS:
        raise UsageError(f"No class method '{method}': known are {', '.join(METHODS)}.")
    if not 1 <= classes <= _MOST_CLASSES:
        raise UsageError(f"A map has 1 to {_MOST_CLASSES} classes, not {classes}.")
    known = np.asarray(values, dtype="float64")
    known = np.sort(known[~np.isnan(known)])
    classes = min(classes, len(np.unique(known)))
    if classes < 2:
        return ()
    return _without_empty_classes(_BREAKS[method](known, classes), known)


def _equal(values: Floats, classes: int) -> list[float]:
    low, high = float(values[0]), float(values[-1])
    return [low + (high - low) * step / classes for step in range(1, classes)]


def _quantile(values: Floats, classes: int) -> list[float]:
    """Return values that divide the features into equal numbers, as nearly as ties allow."""
    breaks, last = [], values[0]
    for step in range(1, classes):
        wanted = values[math.ceil(len(values) * step / classes)]
        above = int(np.searchsorted(values, last, side="right"))
        if wanted <= last and above < len(values):
            wanted = values[
                above
            ]  # a tie would leave this class empty: it begins at the next value
        breaks.append(float(wanted))
        last = wanted
    return breaks


def _rounded(values: Floats, classes: int) -> list[float]:
    for breaks in (_quantile(values, classes), _natural(values, classes)):
        for figures in (1, 2):
            rounded = [_to_figures(each, figures) for each in breaks]
            counts = _counts(rounded, values)
            distinct = len(set(rounded)) == classes - 1
            if distinct and counts.min() > 0 and counts.max() <= max(_FULLEST * len(values), 2):
                return rounded
    return [_to_figures(each, 3) for each in _natural(values, classes)]


def _natural(values: Floats, classes: int) -> list[float]:
    """Return the breaks of least squared distance from the class means, by dynamic programming."""
    distinct, weights = _grouped(values)
    total = np.concatenate([[0.0], np.cumsum(weights)])
    middle = float(np.average(distinct, weights=weights))  # keeps the squares small
    first = np.concatenate([[0.0], np.cumsum(weights * (distinct - middle))])
    second = np.concatenate([[0.0], np.cumsum(weights * (distinct - middle) ** 2)])

    def cost(start: Any, end: int) -> Any:
        """Squared distances from the mean of the values from each `start` up to `end`."""
        share = first[end] - first[start]
        return second[end] - second[start] - share * share / (total[end] - total[start])

    count = len(distinct)
    best = np.array([0.0] + [float(cost(0, end)) for end in range(1, count + 1)])
    begins = np.zeros((classes, count + 1), dtype=np.int64)
    for number in range(1, classes):
        improved = np.full(count + 1, np.inf)
        for end in range(number + 1, count + 1):
            starts = np.arange(number, end)
            costs = best[starts] + cost(starts, end)
            at = int(np.argmin(costs))
            improved[end], begins[number, end] = costs[at], starts[at]
        best = improved
    breaks, end = [], count
    for number in range(classes - 1, 0, -1):
        end = int(begins[number, end])
        breaks.append(float(distinct[end]))
    return breaks[::-1]


def _grouped(values: Floats) -> tuple[Floats, Floats]:
    """Return the distinct values with how often each occurs; very many are grouped by rank first."""
    distinct, weights = np.unique(values, return_counts=True)
    if len(distinct) > _MOST_FOR_NATURAL:
        starts = np.unique(np.linspace(0, len(distinct), _MOST_FOR_NATURAL + 1).astype(int)[:-1])
        weights = np.add.reduceat(weights, starts)
        distinct = distinct[starts]
    return distinct, weights.astype("float64")


def _without_empty_classes(breaks: list[float], values: Floats) -> tuple[float, ...]:
    """Drop repeated breaks, and those that leave nothing between themselves and the next."""
    kept: list[float] = []
    for each in sorted(set(breaks)):
        low = kept[-1] if kept else -math.inf
        if ((values >= low) & (values < each)).any() and (values >= each).any():
            kept.append(each)
    return tuple(kept)


def _counts(breaks: list[float], values: Floats) -> Any:
    places = np.searchsorted(np.array(breaks), values, side="right")
    return np.bincount(places, minlength=len(breaks) + 1)


def _to_figures(value: float, figures: int) -> float:
    """Round to so many significant figures.

    >>> _to_figures(3791, 2), _to_figures(0.0462, 1)
    (3800.0, 0.05)
    """
    return float(f"{value:.{figures}g}")


_BREAKS: Final[dict[str, Callable[[Floats, int], list[float]]]] = {
    "rounded": _rounded,
    "quantile": _quantile,
    "equal": _equal,
    "natural": _natural,
}
