"""A layer in parts: what is known of it as a whole, and its rows a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj

from lcrmap.io.ahead import ahead
from lcrmap.layers import Input, Layer, Metadata

__all__ = ["Parts", "Progress", "unsaid"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def unsaid(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A layer that is too large to be held whole.

    Attributes
    ----------
    metadata, inputs, notes
        Those that the layer would have if it were read whole.
    rows
        How many features there are, with and without a position.
    placed
        How many have a position.
    frames
        Reads the rows anew, some at a time: frames of the types that the whole would have, indexed by row number.
        Given names, only those columns are read, besides the shapes.
    points
        Of a layer of points: their coordinates alone, some at a time, in `crs`; NaN where there is no position.
    crs
        The coordinate reference system.
    """

    metadata: Metadata
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]
    rows: int
    placed: int
    frames: Callable[[Sequence[str] | None], Iterator[gpd.GeoDataFrame]]
    points: Callable[[], Iterator[tuple[Floats, Floats]]]
    crs: pyproj.CRS | None

    def layers(self, columns: Sequence[str] | None = None) -> Iterator[Layer]:
        """Read the rows anew, as layers."""
        for frame in ahead(self.frames(columns)):
            yield Layer(frame, self.metadata, self.inputs)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.metadata.name
