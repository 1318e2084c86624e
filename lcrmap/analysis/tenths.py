"""Tenths of areas by their figures, and other parts alike in number: one rule, wherever a tenth is spoken of.

Parts are made by rank: the first has the lowest figures. Equal figures are never parted: all of them lie in the part
in which their middle rank lies, so a part may be larger than others, or empty. Which areas come first in the rows
decides nothing.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

__all__ = ["TENTHS", "Flags", "Whole", "ranked_parts"]

TENTHS: Final = 10

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Whole = np.ndarray[Any, np.dtype[np.int64]]


def ranked_parts(values: Any, parts: int = TENTHS) -> Whole:
    """Return the part in which each figure lies, 1 the lowest; 0 where there is no figure.

    Parameters
    ----------
    values
        A figure for each area; NaN where it is not known.
    parts
        How many there are: 10 for tenths.

    Examples
    --------
    >>> ranked_parts([30.0, 10.0, float("nan"), 20.0, 20.0]).tolist()
    [9, 2, 0, 6, 6]
    >>> ranked_parts([5.0, 1.0, 4.0, 2.0, 3.0], 5).tolist()
    [5, 1, 4, 2, 3]
    """
    figures = np.asarray(values, dtype=np.float64)
    known = np.sort(figures[~np.isnan(figures)])
    below = np.searchsorted(known, figures, side="left")
    upto = np.searchsorted(known, figures, side="right")
    # Twice the middle rank, in whole numbers, so that no rounding moves an area.
    middle = parts * (below + upto) // (2 * max(len(known), 1)) + 1
    return np.where(np.isnan(figures), 0, np.minimum(middle, parts)).astype(np.int64)
