"""The tie rule: which of several features comes first where nothing else tells them apart.

It is stated here and nowhere else. Distances are equal if they are equal to the millimetre. Features at an equal
distance share their rank, and are listed, or the first of them is taken, in this order; so are the areas that meet
where a point lies, and all that match one feature:

1. by key, from low to high: numbers as numbers (2 before 10), text as text ("10" before "2"), numbers before text, and
   without a key last;
2. of the same key, or where a layer has none, by their shapes (normalised well-known binary), then by all else that is
   known of them.

The order in which rows come decides nothing, unless two are the same in every respect; nor does it matter which other
features there are.
"""

from __future__ import annotations

from numbers import Number
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["by_millimetre", "nearest_first", "tie_order", "tie_places"]

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]

# More millimetres than two places on earth and their errors are apart.
_SPAN: Final = np.int64(1) << 36


def tie_order(features: gpd.GeoDataFrame, key: str = "") -> Rows:
    """Return the row numbers of features from the first to the last.

    Parameters
    ----------
    key
        The column that orders them; empty for none.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": [10, 2], "code": ["10", "2"]}, geometry=gpd.points_from_xy([0, 1], [0, 0]))
    >>> tie_order(sites, "id").tolist(), tie_order(sites, "code").tolist()
    ([1, 0], [0, 1])
    """
    ranks = [_key_ranks(features[key])] if key else [np.zeros(len(features), dtype=np.int64)]
    if len(np.unique(ranks[0])) < len(features):
        shapes = shapely.to_wkb(shapely.normalize(features.geometry.to_numpy()))
        ranks.append(_ranks(pd.Series(shapes, dtype=object)))
        columns = sorted(str(each) for each in features.columns if each != features.geometry.name)
        texts = [repr(row) for row in features[columns].itertuples(index=False, name=None)]
        ranks.append(_ranks(pd.Series(texts, dtype=object)))
    return np.lexsort(ranks[::-1]).astype(np.int64)


def tie_places(features: gpd.GeoDataFrame, key: str = "") -> Rows:
    """Return for each row its place, from 0, in `tie_order`."""
    places = np.empty(len(features), dtype=np.int64)
    places[tie_order(features, key)] = np.arange(len(features))
    return places


def nearest_first(
    asking: Rows, metres: Floats, found: Rows, features: gpd.GeoDataFrame, key: str = ""
) -> Rows:
    """Return the order of pairs by who asks, then by distance, then by the tie rule.

    Parameters
    ----------
    asking
        For each pair the row number of the one that asks, or any other number not below 0.
    metres
        How far apart the two are.
    found
        The row number, in `features`, of the other.
    key
        The column that orders features; empty for none.

    Examples
    --------
    >>> sites = gpd.GeoDataFrame({"id": [10, 2]}, geometry=gpd.points_from_xy([0, 1], [0, 0]))
    >>> nearest_first(np.array([0, 0]), np.array([5.0001, 5.0]), np.array([0, 1]), sites, "id").tolist()
    [1, 0]
    """
    code = by_millimetre(asking, metres)
    if (code[1:] >= code[:-1]).all():
        sorting = np.arange(len(code))
    else:
        sorting = np.argsort(code, kind="stable")
        code = code[sorting]
    tied = np.zeros(len(code), dtype=bool)
    tied[1:] = code[1:] == code[:-1]
    tied[:-1] |= tied[1:].copy()
    rows = np.flatnonzero(tied)
    if len(rows):
        # Only of those that tie is the order worked out: shapes and texts of all would take long.
        some, of = np.unique(found[sorting[rows]], return_inverse=True)
        places = tie_places(gpd.GeoDataFrame(features.iloc[some]), key)
        sorting[rows] = sorting[rows][np.lexsort([places[of], code[rows]])]
    return sorting.astype(np.int64, copy=False)


def by_millimetre(asking: Rows, metres: Floats) -> Rows:
    """Return one whole number for each pair, which sorts by who asks and then by the distance in millimetres.

    Examples
    --------
    >>> codes = by_millimetre(np.array([0, 0, 1]), np.array([3.0001, 3.0, 0.0]))
    >>> bool(codes[0] == codes[1]), bool(codes[1] < codes[2])
    (True, True)
    """
    millimetres = metres * 1000
    codes: Rows = millimetres.round(out=millimetres).astype(np.int64)
    codes += asking * _SPAN
    return codes


def _key_ranks(values: pd.Series[Any]) -> Rows:
    """Return the rank of each key; which other keys there are does not change the order of two."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if values.dtype != object:
        return _ranks(values)
    number = np.array([isinstance(each, Number) for each in values], dtype=bool)
    ranks = _ranks(values.where(number))  # text is empty here, and comes behind
    texts = _ranks(values.mask(number).map(str, na_action="ignore"))
    return np.where(number, ranks, len(values) + texts)


def _ranks(values: pd.Series[Any]) -> Rows:
    """Return the rank of each value, equal ones the same; empty ones come last."""
    empty = values.isna().to_numpy()
    ranks = np.full(len(values), len(values), dtype=np.int64)
    ranks[~empty] = pd.factorize(values[~empty], sort=True)[0]
    return ranks
