"""What a profile says: how a figure compares, and how many are better or worse than the region's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from lcrmap.layers.indicators import Indicator

__all__ = ["compared", "finding", "said", "shown"]

_MARKS: Final = {
    "better": "\N{BLACK UP-POINTING TRIANGLE} better",
    "worse": "\N{BLACK DOWN-POINTING TRIANGLE} worse",
    "higher": "\N{UPWARDS ARROW} higher",
    "lower": "\N{DOWNWARDS ARROW} lower",
    "alike": "= alike",
}


def compared(indicator: Indicator, own: float, region: float) -> str:
    """Return how a figure compares with the region's: better, worse, higher, lower or alike; empty if not known.

    A count of an area is always lower than the region's, which says nothing.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> no_work = open_pack().indicators.named("unemployed")
    >>> compared(no_work, 7.0, 5.0), compared(no_work, 5.04, 5.0)
    ('worse', 'alike')
    """
    if math.isnan(own) or math.isnan(region) or indicator.sums == "count":
        return ""
    if said(indicator, own) == said(indicator, region):
        return "alike"
    if indicator.better == "neither":
        return "higher" if own > region else "lower"
    return "better" if (own > region) == (indicator.better == "up") else "worse"


def said(indicator: Indicator, value: float) -> str:
    """Return a figure with its unit, as it is read."""
    if math.isnan(value):
        return "not known"
    whole = indicator.sums == "count" or value >= 100
    number = f"{value:,.0f}" if whole else f"{value:,.1f}"
    if indicator.unit == "%":
        return f"{value:.1f}%"
    return f"{number} m" if indicator.unit == "m" else number


def shown(mark: str) -> str:
    """Return a mark as shape and word."""
    return _MARKS.get(mark, "")


def finding(name: str, residents: float, marks: Sequence[str]) -> str:
    """Say how many live there, and in how many figures it is better or worse off, without the full stop."""
    worse, better = marks.count("worse"), marks.count("better")
    noun = "resident" if residents == 1 else "residents"
    return (
        f"{name[:1].upper()}{name[1:]}: {residents:,.0f} {noun}, worse than the region in {worse} of "
        f"{worse + better + marks.count('alike')} figures and better in {better}"
    )
