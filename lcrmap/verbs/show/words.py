"""What is said where ``show`` has nothing to show."""

from __future__ import annotations

__all__ = ["nothing_left"]


def nothing_left(rows: int, name: str, where: str) -> str:
    """Say that a filter leaves no row."""
    noun = "row" if rows == 1 else "rows"
    told = f"None of the {rows:,} {noun} of {name} meets the filter: {where}"
    cases = "LIKE" in where.upper() and "CASEI" not in where.upper()
    return f"{told} (LIKE minds capitals; CASEI(...) LIKE CASEI('...') does not)" if cases else told
