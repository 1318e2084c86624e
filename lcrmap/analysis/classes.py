"""Class breaks: where the shades of a map begin and end.

``equal`` divides the range into equal steps and ``quantile`` the features into equal numbers. ``natural`` puts the
breaks where the values leave gaps: the classes with the least sum of squared distances from their means, found exactly
(Fisher 1958, "On grouping for maximum homogeneity"; maps know it by the name of Jenks). ``rounded`` moves each
quantile to a number that a reader can keep in mind, or natural breaks where that leaves a class empty or too full.
A class includes its lower bound and not its upper one. Classes about a middle are made on each side of it by itself,
equal ones in the same steps on both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np

from lcrmap.errors import UsageError

__all__ = ["METHODS", "are_rounded", "class_breaks", "readable_breaks", "two_sided_breaks"]

METHODS: Final = ("rounded", "quantile", "equal", "natural")

_MOST_CLASSES: Final = 7
_FIGURES: Final = 3  # of a break, where fewer would tell its classes apart too
_FULLEST: Final = 0.4  # the share of the features above which a rounded class is too full
# Distinct values; above it they are grouped, as the work grows with their square.
_MOST_FOR_NATURAL: Final = 3000

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


def two_sided_breaks(
    values: Any, middle: float, method: str = "rounded", classes: int = 6, most: int = 3
) -> tuple[float, ...]:
    """Return breaks on both sides of a middle, which is always one of them.

    Parameters
    ----------
    values
        Numbers, some below the middle and some not; NaN counts as no data.
    method, classes
        As in `class_breaks`; each side has its share of the classes, and at least one.
    most
        How many classes a side has at most.

    Examples
    --------
    >>> two_sided_breaks([-4, -1, 0, 1, 2, 4], 0, "equal", 4)
    (-2.0, 0.0, 2.0)
    >>> two_sided_breaks([-4, 1, 2, 3], 0, "quantile", 4)
    (0.0, 2.0, 3.0)
    """
    known = np.asarray(values, dtype="float64")
    known = np.sort(known[~np.isnan(known)])
    below, above = known[known < middle], known[known >= middle]
    if method == "equal":
        steps = min(most, max(1, classes // 2))
        step = float(max(middle - known[0], known[-1] - middle)) / steps
        ends = [middle + step * number for number in range(1 - steps, steps)]
        return _about(middle, ends, known)
    share = round(classes * len(below) / len(known))
    low = min(most, max(1, min(share, classes - 1)))
    high = min(most, max(1, classes - low))
    found = [*class_breaks(below, method, low), *class_breaks(above, method, high)]
    return _about(middle, found, known)


def _about(middle: float, breaks: list[float], values: Floats) -> tuple[float, ...]:
    """Return the middle among breaks, without those that rounding has moved to its other side or that part nothing."""
    low = [each for each in breaks if each < middle]
    high = [each for each in breaks if each > middle]
    return (
        *_without_empty_classes(low, values[values < middle]),
        float(middle),
        *_without_empty_classes(high, values[values >= middle]),
    )


def readable_breaks(breaks: tuple[float, ...], values: Any) -> tuple[float, ...]:
    """Return breaks of as few digits as divide the same values into the same classes, but of three at least.

    Between whole numbers they are whole.

    Examples
    --------
    >>> readable_breaks((3.14159, 1234.5), [1.0, 3.2, 1200.4, 1300.2])
    (3.14, 1230.0)
    >>> readable_breaks((2.5,), [1, 4])
    (3.0,)
    """
    known = np.asarray(values, dtype="float64")
    known = known[~np.isnan(known)]
    whole = bool((known == np.floor(known)).all())
    return tuple(_readable(each, known, whole=whole) for each in breaks)


def _readable(value: float, values: Floats, *, whole: bool) -> float:
    below = values[values < value].max(initial=-math.inf)
    above = values[values >= value].min(initial=math.inf)
    for figures in range(_FIGURES, 17):
        rounded = _to_figures(value, figures)
        last = 10.0 ** (math.floor(math.log10(abs(value or 1.0))) + 1 - figures)  # its last digit's
        for each in (rounded, _to_figures(rounded - last, figures)):
            if below < each <= above and (each.is_integer() or not whole):
                return each
    return float(math.ceil(value)) if whole else value


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
    """Return round breaks; where many have the same value, as nought and all, a class may be full of them."""
    natural = _natural(values, classes)
    fullest = max(_FULLEST * len(values), 2)
    for breaks, most in (
        (_quantile(values, classes), fullest),
        (natural, fullest),
        (natural, len(values)),
    ):
        for rounded in _roundings(breaks):
            counts = _counts(rounded, values)
            distinct = len(set(rounded)) == classes - 1
            if distinct and counts.min() > 0 and counts.max() <= most and _near(rounded, breaks):
                return rounded
    return [_to_figures(each, 3) for each in natural]


def are_rounded(breaks: tuple[float, ...]) -> bool:
    """Tell whether breaks are numbers that a reader can keep in mind: of two figures, or in steps of one.

    Examples
    --------
    >>> are_rounded((0.2, 20, 400)), are_rounded((101, 104, 108)), are_rounded((20.9, 41.0, 76.8))
    (True, True, False)
    """
    if all(_to_figures(each, 2) == each for each in breaks):
        return True
    gap = min((high - low for low, high in pairwise(breaks)), default=0.0)
    places = -math.floor(math.log10(gap)) if gap > 0 else 0
    return gap > 0 and all(round(each, places) == each for each in breaks)


def _roundings(breaks: list[float]) -> Iterator[list[float]]:
    """Yield breaks in rounder and less round numbers: one figure each, one step for all, two figures each."""
    yield [_to_figures(each, 1) for each in breaks]
    gap = min((each for each in np.diff(breaks) if each > 0), default=0.0)
    if gap:
        places = -math.floor(math.log10(gap))
        yield [round(each, places) for each in breaks]
    yield [_to_figures(each, 2) for each in breaks]


def _near(rounded: list[float], breaks: list[float]) -> bool:
    """Tell whether no break was moved farther than halfway to the next: 11.4 beside 8.9 does not become 10."""
    gaps = np.diff(breaks)
    moved = np.abs(np.subtract(rounded, breaks))
    return bool((moved[1:] <= gaps / 2).all() and (moved[:-1] <= gaps / 2).all())


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
