"""How one gets about in two scenarios: the ways that both have, and those over crossings that are open in one alone."""

from __future__ import annotations

from typing import Final

import geopandas as gpd

from lcrmap.analysis.changes import STRAIGHT_IN_BOTH, PairedWays, pair
from lcrmap.analysis.crossings import River, river
from lcrmap.verbs.question import Crosses
from lcrmap.verbs.rivers import Across, opened_across
from lcrmap.verbs.sources import Sources

__all__ = ["open_across_both"]

# What makes two crossings one, besides their lines: a way over either is the same.
_OF_A_WAY: Final = ("portal_error_m", "length_m", "modes", "status")


def open_across_both(
    first: Sources, second: Sources, asked: Crosses
) -> tuple[PairedWays, Across | None]:
    """Open the barrier and the crossings of two states: the ways that both have, and those of one alone.

    Returns
    -------
    PairedWays
        Straight, if nothing is crossed.
    Across
        The crossings of the second state; None if nothing is crossed.
    """
    if asked.across is None:
        return STRAIGHT_IN_BOTH, None
    found = opened_across(second, asked.across, assume_open=asked.assume_open)
    before = opened_across(first, asked.across, assume_open=asked.assume_open).crossings
    after, barrier = found.crossings, found.barrier
    both = pair(before.frame, after.frame, after.key, alike=_OF_A_WAY)

    def over(crossings: gpd.GeoDataFrame) -> River:
        return river(
            barrier.frame,
            crossings,
            found.mode,
            assume_open=asked.assume_open,
            key=after.key,
        )

    alone = (over(each) if len(each) else None for each in (both.first, both.second))
    return PairedWays(over(both.common), *alone), found
