"""Whether all values of a column differ, told in eight bytes a row, or in none where there are very many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.errors import WholeNeededError

__all__ = ["Uniqueness", "uniqueness_of"]

_AT_ONCE: Final = 4_000_000
"""How many hashes are held at a time where values are read anew: 32 MB."""

Cells: TypeAlias = Any  # a pyarrow.Array or ChunkedArray: pyarrow says no types


@dataclass(frozen=True, slots=True, eq=False)
class Uniqueness:
    """What is known of some values of a column; ``+`` puts two runs of them together.

    Attributes
    ----------
    repeated
        Whether two of them are known to be equal; then nothing else is kept.
    whole
        Whether they are whole numbers; None if there are none.
    mixed
        Whether there are whole numbers in one run and texts in another.
    kept
        Whole numbers as they are; of texts a hash of 64 bits, and equal hashes are looked at again.
    spans
        Where nothing is kept: the least and the greatest value of each run, and how many it has.
    """

    repeated: bool = False
    whole: bool | None = None
    mixed: bool = False
    kept: tuple[np.ndarray[Any, Any], ...] = ()
    spans: tuple[tuple[Any, Any, int], ...] = ()

    def __add__(self, other: Uniqueness) -> Uniqueness:
        kinds = {self.whole, other.whole} - {None}
        repeated, mixed = self.repeated or other.repeated, len(kinds) > 1
        mixed = mixed or self.mixed or other.mixed
        return Uniqueness(
            repeated,
            other.whole if self.whole is None else self.whole,
            mixed,
            () if repeated or mixed else (*self.kept, *other.kept),
            () if repeated or mixed else (*self.spans, *other.spans),
        )

    def settled(self, cells: Callable[[], Iterable[Cells]]) -> bool:
        """Tell whether all values differ; `cells` reads them anew, which is seldom asked for.

        Raises
        ------
        WholeNeededError
            If that cannot be told from what is kept.
        """
        if self.repeated:
            return False
        if self.mixed:
            raise WholeNeededError("A column holds whole numbers in one part and texts in another.")
        if self.spans:
            return self._apart() or self._differ_in_rounds(cells)
        every = np.concatenate(self.kept)
        every.sort()
        again = every[1:][every[1:] == every[:-1]]
        if not len(again) or self.whole:
            return not len(again)
        texts = [text for some in cells() for text in _matching(some.drop_null(), again[:1])]
        if len(set(texts)) == len(texts):
            raise WholeNeededError("Two different texts have the same hash.")
        return False

    def _apart(self) -> bool:
        """Tell whether the runs, each of values that differ, lie one behind the other."""
        ordered = sorted(self.spans)
        return all(one[1] < other[0] for one, other in pairwise(ordered))

    def _differ_in_rounds(self, cells: Callable[[], Iterable[Cells]]) -> bool:
        """Read the values anew, a part of all hashes at a time: equal values are in the same round."""
        rounds = -(-sum(rows for _, _, rows in self.spans) // _AT_ONCE)
        return all(_differ(cells, number, rounds) for number in range(rounds))


def _differ(cells: Callable[[], Iterable[Cells]], number: int, rounds: int) -> bool:
    found = []
    for some in cells():
        hashes = _hashes(some.drop_null())
        found.append(hashes[hashes % rounds == number])
    every = np.concatenate(found)
    every.sort()
    again = every[1:][every[1:] == every[:-1]]
    if not len(again):
        return True
    values = [each for some in cells() for each in _matching(some.drop_null(), again)]
    return len(set(values)) == len(values)


def uniqueness_of(cells: Cells, *, keeps: bool = True) -> Uniqueness:
    """Look at some values: whole numbers of 64 bits, or texts; missing ones do not count.

    Parameters
    ----------
    keeps
        Whether to keep what tells them from others in eight bytes a value; else they are read anew if need be.

    Examples
    --------
    >>> one, other = uniqueness_of(pa.array([1, 2])), uniqueness_of(pa.array([2, None]))
    >>> one.settled(list), (one + other).settled(list)
    (True, False)
    """
    cells = cells.drop_null()
    if len(cells) == 0:
        return Uniqueness()
    whole = pa.types.is_integer(cells.type)
    kept = np.sort(np.asarray(cells.to_numpy()) if whole else _hashes(cells))
    repeated = bool((kept[1:] == kept[:-1]).any())
    if repeated or keeps:
        return Uniqueness(repeated, whole, False, () if repeated else (kept,))
    ends = pc.min_max(cells).as_py()
    return Uniqueness(False, whole, False, (), ((ends["min"], ends["max"], len(cells)),))


def _hashes(cells: Cells) -> np.ndarray[Any, Any]:
    return pd.util.hash_array(cells.to_numpy(zero_copy_only=False), categorize=False)


def _matching(cells: Cells, wanted: Any) -> list[str]:
    rows = np.flatnonzero(np.isin(_hashes(cells), wanted))
    return [str(text) for text in cells.take(pa.array(rows)).to_pylist()]
