"""How the figure of a larger area comes from those of its parts.

A count is added. A share is divided anew from what it divides, or weighted by its base. A mean is weighted by what it
is the mean of, and of scores there is a mean weighted by residents, which is no score. What is not known of one part
is not known of the whole.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lcrmap.layers.indicators import Indicator

__all__ = ["summed"]


def summed(indicator: Indicator, figures: pd.DataFrame, wholes: pd.Series[str]) -> pd.Series[float]:
    """Return an indicator's figure of each larger area.

    Parameters
    ----------
    figures
        The columns that the indicator needs (`Indicator.columns`), by the codes of the parts.
    wholes
        The code of the larger area of each part, by the codes of the parts.

    Returns
    -------
    pandas.Series
        By the codes of the larger areas, sorted; NaN where a part's figure is not known, or there is nobody.

    Raises
    ------
    ValueError
        If the indicator is a rank, of which there is no sum and no mean, and parts are put together.
    """
    of = wholes.reindex(figures.index)
    if indicator.sums == "none" and of.duplicated().any():
        raise ValueError(f"{indicator.id} does not sum")
    own, by = figures[indicator.part or indicator.id], indicator.weighted_by
    if not by:
        return _added(own, of)
    weight = figures[by]
    if indicator.part:
        return _divided(100 * _added(own, of), _added(weight, of))
    single = ~of.duplicated(keep=False)
    means = _divided(_added((own * weight).where(weight != 0, 0), of), _added(weight, of))
    known = own[single].set_axis(of[single])  # of one part, exactly its own
    means.update(known)
    return means


def _added(values: pd.Series[float], of: pd.Series[str]) -> pd.Series[float]:
    """Add up, whatever the order of the rows; what is not known makes the sum unknown."""
    known = values.sort_index()
    grouped = known.groupby(of.reindex(known.index))
    sums = grouped.sum()
    return sums.where(grouped.count() == grouped.size(), np.nan)


def _divided(part: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    return part / base.where(base != 0, np.nan)
