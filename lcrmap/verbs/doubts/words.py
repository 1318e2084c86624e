"""What is said of doubts: how many there are."""

from __future__ import annotations

__all__ = ["doubts_finding"]


def doubts_finding(count: int) -> str:
    """Count the doubtful rows."""
    if count == 0:
        return "Nothing is marked as uncertain."
    if count == 1:
        return (
            "1 place is not confirmed by a first-hand source, or its position is vague or unknown."
        )
    return f"{count:,} places are not confirmed by a first-hand source, or their positions are vague or unknown."
