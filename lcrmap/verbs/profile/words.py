"""What a profile says: how a figure compares, and how many are better or worse than the region's."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

from lcrmap.layers.indicators import Indicator

__all__ = [
    "SAME_SHARE",
    "SAME_WITHIN",
    "compared",
    "finding",
    "glance",
    "said",
    "same_words",
    "shown",
]

_MARKS: Final = {
    "better": "\N{BLACK UP-POINTING TRIANGLE} better",
    "worse": "\N{BLACK DOWN-POINTING TRIANGLE} worse",
    "higher": "\N{UPWARDS ARROW} higher",
    "lower": "\N{DOWNWARDS ARROW} lower",
    "about the same": "\N{ALMOST EQUAL TO} about the same",
}
_MOST_BESIDE: Final = 3  # figures of each mark beside the map
SAME_WITHIN: Final[Mapping[str, float]] = {"%": 0.3, "m": 10.0}
"""By unit how far apart two figures may be and still be about the same: shares of neighbourhoods that were derived here
are within 0.3 points of the published ones, and homes and the edges of what is near them are known to some metres."""
SAME_SHARE: Final = 0.01
"""The same for all other units, as a part of the region's figure."""


def compared(indicator: Indicator, own: float, region: float) -> str:
    """Return how a figure compares with the region's: better, worse, higher, lower or about the same.

    Empty if it is not known. A count of an area is always lower than the region's, which says nothing.

    Examples
    --------
    >>> from lcrmap.layers import open_pack
    >>> no_work = open_pack().indicators.named("unemployed")
    >>> compared(no_work, 7.0, 5.0), compared(no_work, 5.3, 5.0)
    ('worse', 'about the same')
    """
    if math.isnan(own) or math.isnan(region) or indicator.sums == "count":
        return ""
    within = SAME_WITHIN.get(indicator.unit, SAME_SHARE * abs(region))
    if round(abs(own - region), 6) <= within:  # no rounding of the machine decides on the bound
        return "about the same"
    if indicator.better == "neither":
        return "higher" if own > region else "lower"
    return "better" if (own > region) == (indicator.better == "up") else "worse"


def same_words() -> str:
    """Say when two figures are about the same."""
    points, metres = SAME_WITHIN["%"], SAME_WITHIN["m"]
    return (
        f"About the same as the region: within {points:g} percentage points, {metres:g} m or, of other figures, "
        f"{SAME_SHARE:.0%}; less may be how positions and figures are rounded."
    )


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


def glance(chosen: Sequence[Indicator], rows: Sequence[Mapping[Hashable, Any]]) -> list[str]:
    """Say beside the map in which figures it differs most from the region, for the worse and for the better.

    Parameters
    ----------
    rows
        Of each indicator its ``value``, that of the ``region``, and how they are ``compared``.
    """
    lines = []
    for mark in ("worse", "better"):
        found = [
            (abs(row["value"] / row["region"] - 1), each, row)
            for each, row in zip(chosen, rows, strict=True)
            if row["compared"] == mark and row["region"]
        ]
        found.sort(key=lambda one: -one[0])
        parts = [
            f"{each.title} {said(each, row['value'])} (region {said(each, row['region'])})"
            for _, each, row in found[:_MOST_BESIDE]
        ]
        lines += [f"{_MARKS[mark].capitalize()}: {'; '.join(parts)}."] if parts else []
    return lines


def finding(name: str, residents: float, marks: Sequence[str]) -> str:
    """Say how many live there, and in how many figures it is better or worse off, without the full stop."""
    worse, better = marks.count("worse"), marks.count("better")
    noun = "resident" if residents == 1 else "residents"
    return (
        f"{name[:1].upper()}{name[1:]}: {residents:,.0f} {noun}, worse than the region in {worse} of "
        f"{worse + better + marks.count('about the same')} figures and better in {better}"
    )
