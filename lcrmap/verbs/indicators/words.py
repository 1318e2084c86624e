"""Everything about an indicator in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lcrmap.layers.indicators import Indicator, Indicators, Sums

__all__ = ["Apart", "about", "apart_words", "sums_words"]

_SUMS: Final[Mapping[Sums, str]] = {
    "count": "adds up",
    "share": "is divided anew",
    "mean": "has a mean",
    "score": "has a mean weighted by residents, which is no score",
    "none": "does not sum",
}
_BETTER: Final = {"up": "higher is better", "down": "lower is better", "neither": "neither"}


def sums_words(indicator: Indicator) -> str:
    """Return how the figure of a larger area comes about."""
    said = _SUMS[indicator.sums]
    if indicator.part:
        return f"{said}: {indicator.part} by {indicator.base}"
    if indicator.sums in ("share", "mean"):
        return f"{said}, weighted by {indicator.weighted_by}"
    return said


@dataclass(frozen=True, slots=True)
class Apart:
    """An indicator of the most deprived small areas together, of all others, and of all; NaN where it is not known.

    Attributes
    ----------
    where
        Which areas they are: "in the most deprived tenth of small areas".
    count, of
        How many they are, and how many there are.
    """

    where: str
    count: int
    of: int
    inside: float
    elsewhere: float
    whole: float


def apart_words(indicator: Indicator, apart: Apart | None, region: str) -> tuple[str, ...]:
    """Say the figure of the region, and of its most deprived small areas and of the others together."""
    if apart is None or math.isnan(apart.whole):
        return ()
    whole, inside, elsewhere = (
        _said(each, indicator) for each in (apart.whole, apart.inside, apart.elsewhere)
    )
    mean = "mean of scores weighted by residents, " if indicator.sums == "score" else ""
    where = f"{apart.where[:1].upper()}{apart.where[1:]} ({apart.count:,} of {apart.of:,})"
    return (f"{region}: {mean}{whole}. {where}: {inside}; elsewhere {elsewhere}.",)


def _said(value: float, indicator: Indicator) -> str:
    if math.isnan(value):
        return "not known"
    if indicator.sums == "count" or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:,.1f}{'%' if indicator.unit == '%' else ''}"


def about(indicator: Indicator, known: Indicators) -> tuple[str, ...]:
    """Tell what an indicator is, of which areas it is known, how it sums and where it comes from."""
    levels = [each for each in known.levels if known.sums_to(indicator, each)]
    source = indicator.source
    lines = [
        f"{indicator.title} ({indicator.id})",
        indicator.description,
        f"Theme: {indicator.theme}. Unit: {indicator.unit}. Better: {_BETTER[indicator.better]}.",
        f"Known of: {', '.join(levels)}. Of larger areas it {sums_words(indicator)}.",
        indicator.derived,
        f"Empty: {indicator.empty}." if indicator.empty else "",
        f"As of: {source.as_of}",
        source.note,
        f"Source: {source.title} {source.url}".rstrip(),
        f"Licence: {source.licence}",
        f"Credit: {source.credit}",
    ]
    return tuple(line for line in lines if line)
