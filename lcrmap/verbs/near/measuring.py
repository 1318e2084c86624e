"""One target, measured to from some places: what is nearest, and all that is counted of it."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.chords import Rows
from lcrmap.analysis.proximity import RightErrors, near, within_reach
from lcrmap.verbs.near.found import Found, Reach
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import Across, detours_of, ways_of

__all__ = ["Asking", "measured"]


@dataclass(frozen=True, slots=True)
class Asking:
    """How is measured, whatever is measured to.

    Attributes
    ----------
    most
        How many are wanted; None for all within the distance.
    within
        The distance in metres; None for any.
    include_self
        Whether a feature may be its own neighbour.
    across
        The crossings over which is measured; None if straight.
    known
        Those that are not crossed, over which it is only told how much farther it would be; None if there are none.
    """

    most: int | None
    within: float | None
    include_self: bool
    across: Across | None = None
    known: Across | None = None


def measured(
    spots: Spots, target: Spots, asking: Asking, *, errors: RightErrors | None = None
) -> tuple[Found, pd.DataFrame | None]:
    """Rank one target for every place; a feature is not its own neighbour unless that is wanted.

    Parameters
    ----------
    errors
        What is known of all positions of the target, where some that lie too far are left out; None if none is.

    Returns
    -------
    Found
        What was found.
    pandas.DataFrame or None
        Of the places whose nearest lies across what is not crossed, how far it is; None if that cannot be told.
    """
    own = not asking.include_self and spots.source != "" and spots.source == target.source
    same = own and spots.rows == target.rows
    kept = np.arange(len(target.layer.frame))
    if own and not same:
        kept = kept[~np.isin(np.array(target.rows), spots.rows)]
    left, right = spots.layer.frame, target.layer.frame.iloc[kept]
    k, within_m = asking.most, asking.within
    ways, key = ways_of(asking.across), target.layer.key
    pairs = near(left, right, k=k, within_m=within_m, same=same, key=key, ways=ways, known=errors)
    pairs = pairs.assign(
        right=kept[pairs["right"].to_numpy(dtype=np.int64)],
        could_also_be=pd.Series(
            [tuple(kept[list(each)].tolist()) for each in pairs["could_also_be"]], dtype=object
        ),
    )
    reached = None
    if within_m is not None:
        reach = within_reach(left, right, within_m, same=same, ways=ways, known=errors)
        reached = Reach.of(reach)
    detours = _detours(left, right, pairs, kept, asking.known, same=same)
    there = target.placed
    if own and not same:
        there = int((~right.geometry.isna() & ~right.geometry.is_empty).sum())
    found = Found(
        spots=spots,
        target=target,
        pairs=pairs,
        available=there - int(same),
        reached=reached,
        tied=0 if k is None else int((pairs.groupby("left").size() > k).sum()),
        across=asking.across,
        taken=_taken(pairs),
        unsure=0 if asking.across is None else asking.across.unsure(spots.layer),
        known=asking.known,
        farther=np.empty(0) if detours is None else detours["farther_m"].to_numpy(),
    )
    return found, detours


def _taken(pairs: pd.DataFrame) -> Rows:
    """Return which crossing is taken to the nearest, of each place whose way crosses."""
    if "across" not in pairs:
        return np.empty(0, dtype=np.int64)
    nearest = pairs[pairs["rank"] == 1].drop_duplicates("left")
    taken: Rows = nearest.loc[nearest["across"] >= 0, "across"].to_numpy(dtype=np.int64)
    return taken


def _detours(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    pairs: pd.DataFrame,
    kept: Rows,
    known: Across | None,
    *,
    same: bool,
) -> pd.DataFrame | None:
    """Return by how much each place has it farther by a crossing, of those whose nearest lies across.

    `kept` are the rows of the target's layer that `right` is of.
    """
    first = pairs.loc[pairs["rank"] == 1, ["left", "right"]]
    nearest = first.assign(right=np.searchsorted(kept, first["right"].to_numpy()))
    return detours_of(known, left.geometry, right.geometry, same=same, nearest=nearest)
