"""What is said where ``show`` has nothing to show."""

from __future__ import annotations

from lcrmap.layers import Layer

__all__ = ["no_features", "nothing_left"]


def no_features(layer: Layer) -> tuple[str, ...]:
    """Say that a layer holds nothing; nothing if it does."""
    return () if len(layer.frame) else (f"{layer.name} has no features: check how it was made.",)


def nothing_left(rows: int, name: str, where: str) -> str:
    """Say that a filter leaves no row."""
    noun = "row" if rows == 1 else "rows"
    told = f"None of the {rows:,} {noun} of {name} meets the filter: {where}"
    cases = "LIKE" in where.upper() and "CASEI" not in where.upper()
    return f"{told} (LIKE minds capitals; CASEI(...) LIKE CASEI('...') does not)" if cases else told
