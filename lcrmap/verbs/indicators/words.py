"""Everything about an indicator in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lcrmap.layers.indicators import Indicator, Indicators, Sums

__all__ = ["about", "sums_words"]

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
