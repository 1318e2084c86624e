"""What is said where ``show`` has nothing to show."""

from __future__ import annotations

__all__ = ["nothing_left"]


def nothing_left(rows: int, name: str, where: str) -> str:
    """Say that a filter leaves no row."""
    return f"None of the {rows:,} rows of {name} meets the filter: {where}"
