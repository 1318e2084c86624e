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

__all__ = ["Box", "Parts", "PassedOver", "Progress", "unsaid"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

Box = tuple[float, float, float, float]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def unsaid(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Rows that were not read, since they lie beyond the box; how many, and how many have no shape."""

    first: int
    rows: int
    without_shape: int


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
        Given names, only those columns are read, besides the shapes. Given a box (west, south, east, north in `crs`),
        rows that lie beyond it may be passed over: instead of a frame comes how many.
    points
        Where every shape is a point: reads their coordinates alone, some at a time, in `crs`; NaN where there is no
        position; a box as before. Else None.
    crs
        The coordinate reference system.
    """

    metadata: Metadata
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]
    rows: int
    placed: int
    frames: Callable[[Sequence[str] | None, Box | None], Iterator[gpd.GeoDataFrame | PassedOver]]
    points: Callable[[Box | None], Iterator[tuple[Floats, Floats] | PassedOver]] | None
    crs: pyproj.CRS | None

    def layers(self, columns: Sequence[str] | None = None) -> Iterator[Layer]:
        """Read the rows anew, as layers."""
        for part in self.layers_in(None, columns):
            if isinstance(part, Layer):  # nothing is passed over without a box
                yield part

    def layers_in(
        self, box: Box | None, columns: Sequence[str] | None = None
    ) -> Iterator[Layer | PassedOver]:
        """Read the rows that may touch a box as layers, and say how many were passed over."""
        for part in ahead(self.frames(columns, box)):
            if isinstance(part, PassedOver):
                yield part
            else:
                yield Layer(part, self.metadata, self.inputs)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.metadata.name
