"""Which area has the most, and whether that is certain: the one rule for whatever calls an area the first.

Each area has a number and, where positions are known only so well, the least and the most that it may be. An area is
first if no other can reach it: if its least is above every other's most. Areas tie if all that may be first have the
same number and none of them a range. Else it is open which is first, and those are named whose most reaches the
greatest least. Who surely has nothing does not compete where nobody can have less.

Ranges are taken one by one: that a place which one area gains is lost to another is not made use of. So what is called
first is first, and of what is called open some may still be certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Leading", "in_order", "leading"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Leading:
    """What may be said of who has the most.

    Attributes
    ----------
    kind
        ``first``: one has more than any other can; ``tie``: several have equally many, for certain; ``open``: several
        may be first; ``none``: nobody has anything, or nothing is known.
    rows
        The row numbers of those that may be first, rising.
    """

    kind: Literal["first", "tie", "open", "none"]
    rows: tuple[int, ...]


def leading(
    values: ArrayLike, low: ArrayLike | None = None, high: ArrayLike | None = None
) -> Leading:
    """Tell who has the most, or who may have it.

    Parameters
    ----------
    values
        One number for each area; NaN where there is no data, which is never first.
    low, high
        The least and the most that each may be; None where the numbers are certain, NaN where one is not known.

    Examples
    --------
    >>> leading([3, 1]).kind, leading([3, 1], [2, 0], [4, 2]).kind, leading([2, 2]).kind
    ('first', 'open', 'tie')
    >>> leading([5, 3, 1], [4, 3, 0], [6, 4, 1])
    Leading(kind='open', rows=(0, 1))
    """
    least, most = _bounds(values, low, high)
    competing = ~np.isnan(least)
    if (least[competing] >= 0).all():
        competing &= most > 0
    if not competing.any():
        return Leading("none", ())
    may = competing & (most >= least[competing].max())
    rows = tuple(np.flatnonzero(may).tolist())
    if len(rows) == 1:
        return Leading("first", rows)
    return Leading("tie" if (least[may] == most[may]).all() else "open", rows)


def in_order(
    values: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    *,
    most: int,
) -> tuple[int, ...]:
    """Return the row numbers of the first, the second and so on, as far as their order is certain.

    Parameters
    ----------
    values, low, high
        As for `leading`.
    most
        How many are wanted; areas that tie are all there or none of them.

    Examples
    --------
    >>> in_order([1, 9, 5, 4], [1, 9, 4, 4], [1, 9, 5, 5], most=3)
    (1,)
    """
    least, greatest = _bounds(values, low, high)
    numbers = np.array(values, dtype=np.float64)
    order: list[int] = []
    while len(order) < most:
        next_ = leading(numbers, least, greatest)
        if next_.kind in ("open", "none") or len(order) + len(next_.rows) > most:
            break
        order += next_.rows
        numbers[list(next_.rows)] = np.nan
    return tuple(order)


def _bounds(
    values: ArrayLike, low: ArrayLike | None, high: ArrayLike | None
) -> tuple[Floats, Floats]:
    """Return the least and the most of each number; NaN where there is no data."""
    numbers = np.asarray(values, dtype=np.float64)
    bounds = []
    for given, unknown in ((low, -np.inf), (high, np.inf)):
        bound = numbers if given is None else np.asarray(given, dtype=np.float64)
        bound = np.where(np.isnan(bound), unknown, bound)
        bounds.append(np.where(np.isnan(numbers), np.nan, bound))
    return bounds[0], bounds[1]
