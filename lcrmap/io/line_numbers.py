"""Which line of a delimited file a row begins in, as an editor counts lines."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

__all__ = ["LONGEST_CELL", "line_numbers", "long_cells"]

LONGEST_CELL: Final = 131_072
"""Letters of a cell that Python's reader takes unless it is told otherwise."""


def line_numbers(
    text: Callable[[], Iterable[str]], delimiter: str, longest: int, *, before: int = 0
) -> Callable[[Sequence[int]], list[int]]:
    r"""Return what tells the lines of some rows, by reading the text up to the last of them.

    Parameters
    ----------
    text
        Opens the text, its line ends as they stand in the file; the first record is the header.
    longest
        A number of letters that no cell exceeds.
    before
        How many records besides the header stand before the first row.

    Examples
    --------
    >>> import io
    >>> line_numbers(lambda: io.StringIO('a,b\n1,"x\ny"\n\n2,z\n', newline=""), ",", 100)([0, 1])
    [2, 5]
    """

    def of(rows: Sequence[int]) -> list[int]:
        if not rows:
            return []
        wanted, found = {*rows}, {}
        with long_cells(longest):
            reader = csv.reader(text(), delimiter=delimiter)
            for row, line in enumerate(_beginnings(reader), -1 - before):
                if row in wanted:
                    found[row] = line
                if len(found) == len(wanted):
                    break
        return [found[row] for row in rows]

    return of


def _beginnings(reader: Iterator[list[str]]) -> Iterator[int]:
    """Give the line in which each record begins; a blank line is none."""
    before = 0
    for cells in reader:
        if cells:
            yield before + 1
        before = reader.line_num  # type: ignore[attr-defined]  # typeshed calls a reader an iterator


@contextmanager
def long_cells(longest: int) -> Iterator[None]:
    """Let Python's reader take cells of any length."""
    before = csv.field_size_limit(max(longest, LONGEST_CELL))
    try:
        yield
    finally:
        csv.field_size_limit(before)
