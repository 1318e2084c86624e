"""What is known of a distance and of a rank when positions are known only so well.

A position error is the radius of the circle in which a feature surely lies; without one nothing is known, which is
never the same as 0. A distance then lies between ``d - e`` and ``d + e``, with e the sum of both errors. A feature's
rank is certain when no other feature's range lets the order turn. Ranges are taken one by one: that two distances from
one place err together is not made use of, so that a rank called certain is certain, and one called uncertain may
still be right.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import position_errors
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.ties import by_millimetre, nearest_first

Mask = np.ndarray[Any, np.dtype[np.bool_]]

__all__ = ["error_radii", "may_also_be", "possible_ranks", "with_range"]

_MOST_ERROR = 2.0e7  # metres: half way round the earth


def error_radii(frame: gpd.GeoDataFrame) -> Floats:
    """Return each feature's position error in metres; NaN where it is unknown, and everywhere without the column."""
    found = position_errors(frame)
    return np.full(len(frame), np.nan) if found is None else np.minimum(found, _MOST_ERROR)


def with_range(links: pd.DataFrame, left_error: Floats, right_error: Floats) -> pd.DataFrame:
    """Return links with ``metres_min`` and ``metres_max``, to the millimetre; NaN where an error is unknown.

    Parameters
    ----------
    links
        As `lcrmap.analysis.links.within` gives them; or with the bounds ``least`` and ``most`` of the way itself, as
        `lcrmap.analysis.crossings` does.
    left_error, right_error
        Metres, one for each feature of a side; NaN is unknown.
    """
    # In place where it can be: of many links, each new column costs as much as what is computed in it.
    error = left_error[links["left"].to_numpy()]
    error += right_error[links["right"].to_numpy()]
    metres = links["metres"].to_numpy().round(3)
    low, high = (
        links[bound].to_numpy().round(3) if bound in links else metres
        for bound in ("least", "most")
    )
    least = low - error
    np.maximum(least, 0, out=least).round(3, out=least)
    error += high
    columns: dict[Any, Any] = {name: links[name] for name in links}
    columns |= {"metres": metres, "metres_min": least, "metres_max": error.round(3, out=error)}
    return pd.DataFrame(columns, index=links.index, copy=False)


def possible_ranks(links: pd.DataFrame) -> pd.DataFrame:
    """Return links with the best and the worst rank that each may have, given all ranges.

    Parameters
    ----------
    links
        With ``left``, ``metres_min`` and ``metres_max``: every link that may come before the last rank asked for. Those
        whose range is unknown are left out.

    Returns
    -------
    pandas.DataFrame
        The links whose range is known, with ``first_rank`` and ``last_rank`` (int64).
    """
    known = links[links["metres_max"].notna()].reset_index(drop=True)
    left = known["left"].to_numpy(dtype=np.int64)
    low = by_millimetre(left, known["metres_min"].to_numpy())
    high = by_millimetre(left, known["metres_max"].to_numpy())
    start = np.searchsorted(np.sort(left), left)
    surely_nearer = np.searchsorted(np.sort(high), low) - start
    maybe_nearer = np.searchsorted(np.sort(low), high) - start - (low < high)
    return known.assign(first_rank=1 + surely_nearer, last_rank=1 + maybe_nearer)


def may_also_be(
    rows: pd.DataFrame,
    ranked: pd.DataFrame,
    unknown: Rows,
    *,
    features: gpd.GeoDataFrame,
    key: str = "",
) -> pd.DataFrame:
    """Return rows with ``rank_certain`` and ``could_also_be``.

    Parameters
    ----------
    rows
        With ``left``, ``right``, ``rank``: what is to be answered.
    ranked
        What `possible_ranks` gives for all links that matter.
    unknown
        For each left feature, how many right ones have a position but no known error.
    features, key
        The right features, and the column that orders them; see `lcrmap.analysis.ties`.

    Returns
    -------
    pandas.DataFrame
        The rows with ``rank_certain`` (nullable bool: missing where an unknown error leaves it open) and
        ``could_also_be``, a tuple of the row numbers of the right features that may hold this rank instead, the nearest
        first; empty where the rank is certain.
    """
    best = rows.reset_index(drop=True)
    known, place = _found_in(best, ranked, len(features))
    settled = np.zeros(len(best), dtype=bool)
    fixed = ranked["first_rank"].to_numpy() == ranked["last_rank"].to_numpy()
    settled[known] = fixed[place[known]]
    unclear = ~known
    unclear[settled] |= unknown[best["left"].to_numpy()[settled]] > 0
    certain = pd.arrays.BooleanArray(settled, unclear)
    open_rows = best[known & ~settled]
    rivals = (
        open_rows[["left", "right", "rank"]]
        .reset_index()
        .merge(
            ranked.rename(columns={"right": "rival"})[
                ["left", "rival", "metres", "first_rank", "last_rank"]
            ],
            on="left",
        )
    )
    rivals = rivals[
        (rivals["rival"] != rivals["right"])
        & (rivals["first_rank"] <= rivals["rank"])
        & (rivals["last_rank"] >= rivals["rank"])
    ]
    row, metres, rival = (rivals[name].to_numpy() for name in ("index", "metres", "rival"))
    rivals = rivals.take(nearest_first(row, metres, rival, features, key))
    named = np.empty(len(best), dtype=object)
    named.fill(())
    index, first = np.unique(rivals["index"].to_numpy(), return_index=True)
    listed, last = rivals["rival"].tolist(), np.append(first, len(rivals))[1:]
    for each, start, end in zip(index.tolist(), first.tolist(), last.tolist(), strict=True):
        named[each] = tuple(listed[start:end])
    return best.assign(rank_certain=certain, could_also_be=pd.Series(named, dtype=object))


def _found_in(rows: pd.DataFrame, others: pd.DataFrame, count: int) -> tuple[Mask, Rows]:
    """Tell which pairs of a left and a right feature are also among others, and where.

    Parameters
    ----------
    count
        How many right features there are.
    """
    if len(others) == 0:
        return np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=np.int64)
    codes, known = (
        each["left"].to_numpy(dtype=np.int64) * count + each["right"].to_numpy(dtype=np.int64)
        for each in (rows, others)
    )
    order = np.argsort(known, kind="stable")
    place = order[np.minimum(np.searchsorted(known, codes, sorter=order), len(order) - 1)]
    return known[place] == codes, place
