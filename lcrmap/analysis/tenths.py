"""The tenth of areas that is highest or lowest by a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Flags", "extreme_part"]

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def extreme_part(figures: pd.Series[float], parts: int, *, lowest: bool = False) -> Flags:
    """Tell which areas are the highest tenth, or another part, by a figure, equal ones never divided.

    So many areas as are nearest to a tenth of those of which the figure is known, and with the last of them all that
    equal it. Which of them come first in the rows decides nothing.

    Parameters
    ----------
    figures
        Of each area; NaN where it is not known, which is in no part.
    parts
        Of how many parts one is taken: 10 for a tenth.
    lowest
        Take the lowest instead of the highest.

    Examples
    --------
    >>> extreme_part(pd.Series([3.0, 9.0, 1.0, 9.0, np.nan]), 4).tolist()
    [False, True, False, True, False]
    """
    values = figures.to_numpy(dtype=np.float64)
    values = values if lowest else -values
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return np.zeros(len(values), dtype=np.bool_)
    count = max(1, int(known.size / parts + 0.5))
    inside: Flags = values <= known[count - 1]
    return inside
