"""Whether all values of a column differ, told in eight bytes a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.errors import WholeNeededError

__all__ = ["Uniqueness", "uniqueness_of"]

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
    """

    repeated: bool = False
    whole: bool | None = None
    mixed: bool = False
    kept: tuple[np.ndarray[Any, Any], ...] = ()

    def __add__(self, other: Uniqueness) -> Uniqueness:
        kinds = {self.whole, other.whole} - {None}
        repeated, mixed = self.repeated or other.repeated, len(kinds) > 1
        mixed = mixed or self.mixed or other.mixed
        return Uniqueness(
            repeated,
            other.whole if self.whole is None else self.whole,
            mixed,
            () if repeated or mixed else (*self.kept, *other.kept),
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
        every = np.concatenate(self.kept)
        every.sort()
        again = every[1:][every[1:] == every[:-1]]
        if not len(again) or self.whole:
            return not len(again)
        texts = [text for some in cells() for text in _matching(some.drop_null(), again[0])]
        if len(set(texts)) == len(texts):
            raise WholeNeededError("Two different texts have the same hash.")
        return False


def uniqueness_of(cells: Cells) -> Uniqueness:
    """Look at some values: whole numbers of 64 bits, or texts; missing ones do not count.

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
    kept = _numbers(cells) if whole else _hashes(cells)
    repeated = pc.count_distinct(pa.array(kept)).as_py() < len(kept)
    return Uniqueness(repeated, whole, False, () if repeated else (kept,))


def _numbers(cells: Cells) -> np.ndarray[Any, Any]:
    return np.asarray(cells.to_numpy())


def _hashes(cells: Cells) -> np.ndarray[Any, Any]:
    return pd.util.hash_array(cells.to_numpy(zero_copy_only=False), categorize=False)


def _matching(cells: Cells, wanted: Any) -> list[str]:
    rows = np.flatnonzero(_hashes(cells) == wanted)
    return [str(text) for text in cells.take(pa.array(rows)).to_pylist()]
