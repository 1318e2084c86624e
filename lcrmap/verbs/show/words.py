"""What is said where ``show`` has nothing to show."""

from __future__ import annotations

__all__ = ["nothing_left"]


def nothing_left(rows: int, name: str, where: str) -> str:
    """Say that a filter leaves no row."""
    noun = "row" if rows == 1 else "rows"
    return f"None of the {rows:,} {noun} of {name} meets the filter: {where}"
