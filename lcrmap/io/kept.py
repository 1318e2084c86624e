"""Coordinates that were read once, kept in memory while they are few."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

import numpy as np

__all__ = ["MOST_KEPT", "KeptNumbers"]

MOST_KEPT: Final = 4_000_000
"""Of so many rows the coordinates are kept: 64 MB, and a pass over the file less."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


class KeptNumbers:
    """The coordinates of splits by their first byte or row; it pickles without them.

    Examples
    --------
    >>> kept = KeptNumbers()
    >>> kept.keep(0, np.array([-3.0]), np.array([53.4]))
    >>> kept.of(0), kept.of(1)
    ((array([-3.]), array([53.4])), None)
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._left = MOST_KEPT
        self._kept: dict[int, tuple[Floats, Floats]] = {}

    def __reduce__(self) -> tuple[type[KeptNumbers], tuple[()]]:
        return KeptNumbers, ()

    def of(self, start: int) -> tuple[Floats, Floats] | None:
        """Return the coordinates of a split, if they are kept."""
        return self._kept.get(start)

    def keep(self, start: int, x: Floats, y: Floats) -> None:
        """Keep those of a split; once there are too many, none is kept."""
        with self._lock:
            if start in self._kept:
                return
            self._left -= len(x)
            if self._left >= 0:
                self._kept[start] = (x, y)
            else:
                self._kept.clear()
