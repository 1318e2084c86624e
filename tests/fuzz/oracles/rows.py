"""What the rows of a table hold, whichever format they come from, but for those that the reader says it left out."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.io.columns import unreserved
from tests.fuzz.faults import FaultError
from tests.fuzz.oracles.expected import Expected, Text
from tests.fuzz.oracles.said import LeftOut

__all__ = ["of_rows"]


def of_rows(header: Sequence[str], rows: list[list[str]], left: LeftOut) -> Expected:
    """Return what stands in the rows of a table, but for those that its reader says it left out."""
    while rows and not any(rows[-1]):
        rows.pop()
    if left.units and any(map(_is_number, rows[0])):
        raise FaultError("a row with numbers is left out as units", f"{rows[0]!r:.300}")
    ending = rows[len(rows) - left.ending :]
    if any(_is_number(next(filter(None, map(str.strip, each)), "")) for each in ending):
        raise FaultError(
            "a row that begins with a number is left out as a note", f"{ending!r:.300}"
        )
    rows = rows[left.units : len(rows) - left.ending]
    names = unreserved([each.strip() or f"column_{n}" for n, each in enumerate(header, 1)])
    made = [
        {name: Text(cell) if cell else None for name, cell in zip(names, row, strict=True)}
        for row in rows
    ]
    return Expected(len(made), made)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
