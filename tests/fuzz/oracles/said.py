"""What lcrmap says that it did: which rows of a table it left out, where it found positions, what it renamed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

__all__ = ["LeftOut", "left_out", "placing_column", "written_as"]


@dataclass(frozen=True)
class LeftOut:
    """How much of a table was left out, by what was said it is.

    Attributes
    ----------
    titles, units, ending, blank
        Rows above the header, below it, and at the end.
    foot
        Lines below the table, which are no rows.
    delimiter
        What was said to part the cells; a comma needs no word.
    """

    titles: int = 0
    units: int = 0
    ending: int = 0
    blank: int = 0
    foot: int = 0
    delimiter: str = ","

    def rows(self, count: int) -> range:
        """Return which of so many rows below the header are left."""
        return range(self.units, max(self.units, count - self.blank - self.ending))


_SAID = {
    "titles": r"The first (?:(?:line|row) is a title|(\d+) (?:lines|rows) are titles) above the header of ",
    "units": r"The (row) of units below the header of .* is left out\.",
    "ending": r"The last (?:row is a total or a note|(\d+) rows are totals or notes) in ",
    "blank": r"The last (?:row is|(\d+) rows are) blank in ",
    "foot": r"The last (?:line is|(\d+) lines are) a note below the table of ",
}
_DELIMITED = re.compile(r".* is delimited by (semicolons|tabs)\.", re.DOTALL)
_DELIMITERS = {"semicolons": ";", "tabs": "\t"}


def left_out(notes: Sequence[str]) -> LeftOut:
    """Return what the notes of a layer say that was left out."""
    counts = {}
    for name, pattern in _SAID.items():
        found = [match for each in notes if (match := re.match(pattern, each, re.DOTALL))]
        counts[name] = sum(int(each[1]) if (each[1] or "").isdigit() else 1 for each in found)
    marks = [_DELIMITERS[match[1]] for each in notes if (match := _DELIMITED.fullmatch(each))]
    return LeftOut(**counts, delimiter=marks[0] if marks else ",")


_PLACING = re.compile(r"The positions of .* are taken from its column '(.*)' as ", re.DOTALL)


def placing_column(notes: Sequence[str]) -> str | None:
    """Return the column in whose cells the notes of a layer say that its positions stand; None for none."""
    found = [match[1] for each in notes if (match := _PLACING.match(each))]
    return found[0] if found else None


def written_as(name: str, among: Collection[str], notes: Sequence[str]) -> str:
    """Return what a column is called in a file, by what was said when it was written; its own name if nothing was."""
    if name in among:
        return name
    return next((each for each in among if any(f"'{name}' as '{each}'" in n for n in notes)), name)
