"""Rows that a library gives from front to back alone, read a piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from threading import Lock
from typing import Any, TypeAlias

import pyarrow as pa

__all__ = ["Batches", "Cursor", "from_row"]

Batches: TypeAlias = Iterator[Any]  # of pyarrow.RecordBatch: pyarrow says no types


class Cursor:
    """Goes on where the last piece ended, and begins anew for a piece that lies elsewhere.

    Parameters
    ----------
    opens
        Gives what is asked for from a row on, in batches.

    Examples
    --------
    >>> table = pa.table({"n": range(10)})
    >>> cursor = Cursor(lambda names, first: iter(table.slice(first).to_batches(max_chunksize=3)))
    >>> [cursor.take("all", first, 4)["n"].to_pylist() for first in (0, 4, 2)]
    [[0, 1, 2, 3], [4, 5, 6, 7], [2, 3, 4, 5]]
    """

    def __init__(self, opens: Callable[[Any, int], Batches]) -> None:
        self._opens = opens
        self._lock = Lock()
        self._at: tuple[Hashable, int] | None = None
        self._batches: Batches = iter(())
        self._left: list[Any] = []

    def take(self, what: Hashable, first: int, rows: int) -> pa.Table:
        """Return rows as a table; fewer if there are no more.

        Parameters
        ----------
        what
            What is read of each row, such as the names of columns.
        first
            The number of the first row.
        rows
            How many.
        """
        with self._lock:
            if self._at != (what, first):
                self._batches, self._left = self._opens(what, first), []
            taken = self._taken(rows)
            self._at = (what, first + taken.num_rows)
            return taken

    def _taken(self, rows: int) -> pa.Table:
        parts, missing = self._left, rows - sum(each.num_rows for each in self._left)
        while missing > 0 and (batch := next(self._batches, None)) is not None:
            parts.append(batch)
            missing -= batch.num_rows
        self._left = []
        if missing < 0:
            last = parts.pop()
            parts.append(last.slice(0, last.num_rows + missing))
            self._left = [last.slice(last.num_rows + missing)]
        return pa.Table.from_batches(parts) if parts else pa.table({})


def from_row(batches: Batches, rows: int) -> Batches:
    """Leave out so many rows at the beginning.

    Examples
    --------
    >>> batches = pa.table({"n": range(6)}).to_batches(max_chunksize=2)
    >>> [each["n"].to_pylist() for each in from_row(iter(batches), 3)]
    [[3], [4, 5]]
    """
    for batch in batches:
        if rows < batch.num_rows:
            yield batch.slice(rows)
        rows = max(0, rows - batch.num_rows)
