"""Share out whole people or households of areas to the points in them, so that they add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["shared_out"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


def shared_out(totals: pd.Series[float], areas: pd.Series[str], order: pd.Series[str]) -> Floats:
    """Return each point's share of its area's total, as evenly as whole numbers allow.

    Of a total of R and n points, number i gets floor(R i / n) - floor(R (i - 1) / n), so that the shares of an area
    differ by one at most and add up to its total.

    Parameters
    ----------
    totals
        A whole number for each area, by its code.
    areas
        The code of each point's area.
    order
        By which the points of an area are numbered, whatever the order of the rows.

    Returns
    -------
    numpy.ndarray
        A whole number for each point; NaN where its area's total is not known.

    Examples
    --------
    >>> shared_out(pd.Series({"a": 10.0}), pd.Series(["a"] * 4), pd.Series(list("pqrs"))).tolist()
    [2.0, 3.0, 2.0, 3.0]
    """
    sorted_ = order.reset_index(drop=True).sort_values(kind="stable").index
    of = areas.reset_index(drop=True)
    number = of.loc[sorted_].groupby(of.loc[sorted_]).cumcount().add(1).sort_index().to_numpy()
    count = of.map(of.value_counts()).to_numpy()
    total = of.map(totals).to_numpy(dtype=np.float64)
    shares: Floats = np.floor(total * number / count) - np.floor(total * (number - 1) / count)
    return shares
