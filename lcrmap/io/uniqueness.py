"""Whether all values of a column differ, told in eight bytes a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from lcrmap.errors import WholeNeededError

__all__ = ["Uniqueness"]

Cells: TypeAlias = Any  # a pyarrow.Array or ChunkedArray: pyarrow says no types


class Uniqueness:
    """Takes the values of a column, some at a time; missing ones do not count.

    Whole numbers are kept as they are. Of texts a hash of 64 bits is kept: equal hashes are looked at again.
    """

    def __init__(self) -> None:
        self._kept: list[np.ndarray[Any, Any]] = []
        self._whole: bool | None = None
        self._repeated = False

    def add(self, cells: Cells) -> None:
        """Take further values: whole numbers of 64 bits, or texts."""
        cells = cells.drop_null()
        if self._repeated or len(cells) == 0:
            return
        whole = pa.types.is_integer(cells.type)
        if self._whole not in (None, whole):
            raise WholeNeededError("A column holds whole numbers in one part and texts in another.")
        self._whole = whole
        kept = _numbers(cells) if whole else _hashes(cells)
        self._repeated = pc.count_distinct(pa.array(kept)).as_py() < len(kept)
        self._kept = [] if self._repeated else [*self._kept, kept]

    def settled(self, cells: Callable[[], Iterable[Cells]]) -> bool:
        """Tell whether all values differ; `cells` reads them anew, which is seldom asked for."""
        if self._repeated:
            return False
        every = np.concatenate(self._kept)
        self._kept = [every]  # the parts are let go before memory is taken for more
        every.sort()
        again = every[1:][every[1:] == every[:-1]]
        if not len(again) or self._whole:
            return not len(again)
        texts = [text for some in cells() for text in _matching(some.drop_null(), again[0])]
        if len(set(texts)) == len(texts):
            raise WholeNeededError("Two different texts have the same hash.")
        return False


def _numbers(cells: Cells) -> np.ndarray[Any, Any]:
    return np.asarray(cells.to_numpy())


def _hashes(cells: Cells) -> np.ndarray[Any, Any]:
    return pd.util.hash_array(cells.to_numpy(zero_copy_only=False), categorize=False)


def _matching(cells: Cells, wanted: Any) -> list[str]:
    rows = np.flatnonzero(_hashes(cells) == wanted)
    return [str(text) for text in cells.take(pa.array(rows)).to_pylist()]
