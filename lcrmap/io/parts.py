"""A layer in parts: what is known of it as a whole, and its rows, a split at a time and in any order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj

from lcrmap.layers import Input, Layer, Metadata

if TYPE_CHECKING:
    from lcrmap.io.stores import Stored

__all__ = [
    "Box",
    "Extent",
    "Parts",
    "PassedOver",
    "Points",
    "Progress",
    "Split",
    "SplitReader",
    "Wanted",
    "numbered",
    "row_groups",
    "unsaid",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]

Box = tuple[float, float, float, float]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def unsaid(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Split:
    """Some rows of a file that follow each other.

    Attributes
    ----------
    file
        What holds them.
    start, end
        Where they stand in it: of text the bytes, of GeoParquet the row groups.
    first
        The number of the first of them in the layer, from 0.
    rows
        How many there are.
    before
        How many rows of the layer stand in other files before this one.
    extent
        Where its shapes lie; None if its file does not tell, or only a part of a row group belongs to it.
    together
        Of several small files that are read together: the split of each. The others speak of the first file then.
    """

    file: Path | Stored
    start: int
    end: int
    first: int = 0
    rows: int = 0
    before: int = 0
    extent: Extent | None = None
    together: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read of a split.

    Attributes
    ----------
    columns
        The attributes, besides the shapes; None for all.
    box
        West, south, east and north in the layer's own CRS: rows that lie beyond it may be passed over.
    points
        Whether the coordinates alone are wanted, which only a layer of points has.
    """

    columns: tuple[str, ...] | None = None
    box: Box | None = None
    points: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """The coordinates of rows whose shapes are points, NaN where there is no position.

    Attributes
    ----------
    crs
        Their coordinate reference system.
    first
        The number of the first row.
    """

    x: Floats
    y: Floats
    crs: pyproj.CRS | None
    first: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Rows that were not read, since they lie beyond the box; how many, and how many have no shape."""

    first: int
    rows: int
    without_shape: int


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the shapes of a split lie, and how many there are, told without reading them.

    Attributes
    ----------
    box
        West, south, east and north in the layer's own CRS; None where there is no shape.

    Examples
    --------
    >>> both = Extent((0, 0, 1, 1), 3) + Extent((4, 0, 5, 1), 2)
    >>> both.box, both.touches((2, 0, 3, 1)), both.touches((6, 0, 7, 1))
    ((0, 0, 5, 1), True, False)
    """

    box: Box | None
    shapes: int

    def __add__(self, other: Extent) -> Extent:
        boxes = [each for each in (self.box, other.box) if each is not None]
        return Extent(_around(boxes) if boxes else None, self.shapes + other.shapes)

    def touches(self, box: Box) -> bool:
        """Tell whether any shape may touch a box."""
        if self.box is None:
            return False
        one = self.box
        beyond = one[0] > box[2] or box[0] > one[2] or one[1] > box[3] or box[1] > one[3]
        return not beyond  # so that a box that is no number may be touched


def _around(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


class SplitReader(ABC):
    """Reads the splits of one file in any order; it pickles, without what it keeps in memory."""

    def extent(self, split: Split) -> Extent | None:
        """Return where the shapes of a split lie; None if the file does not tell, or leaves a doubt."""
        return None

    @abstractmethod
    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points | PassedOver:
        """Read a split; a frame has the types of the whole and is indexed by row number.

        Raises
        ------
        WholeNeededError
            If the file is no longer what it was.
        """


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
    crs
        The coordinate reference system.
    has_points
        Whether every shape is a point, so that coordinates can be read alone.
    splits
        All rows, in the order of the file.
    reader
        What reads a split.
    """

    metadata: Metadata
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]
    rows: int
    placed: int
    crs: pyproj.CRS | None
    has_points: bool
    splits: tuple[Split, ...]
    reader: SplitReader

    def read(self, split: Split, wanted: Wanted | None = None) -> Layer | Points | PassedOver:
        """Read a split, whichever was read before.

        Returns
        -------
        Layer, Points or PassedOver
            Points where only these are wanted, and passed over where nothing of the split touches the box.

        Raises
        ------
        WholeNeededError
            If the file is no longer what it was.
        """
        found = self.reader.read(split, wanted or Wanted())
        if isinstance(found, Points | PassedOver):
            return found
        return Layer(found, self.metadata, self.inputs)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.metadata.name


def row_groups(split: Split) -> str:
    """Return what people call the row groups of a split of GeoParquet, counted from 1.

    Examples
    --------
    >>> row_groups(Split(Path("a.parquet"), 2, 3)), row_groups(Split(Path("a.parquet"), 2, 4))
    ('row group 3', 'row groups 3 to 4')
    """
    first, last = split.start + 1, split.end
    return f"row group {first}" if first == last else f"row groups {first} to {last}"


def numbered(pieces: Sequence[Split], counts: Sequence[int], rows: int) -> tuple[Split, ...]:
    """Return pieces of a file with the numbers of their rows.

    Parameters
    ----------
    pieces
        All of the file, in its order.
    counts
        How many rows each has.
    rows
        How many there are in all; those behind them are left out.

    Examples
    --------
    >>> path = Path("sites.csv")
    >>> [(each.first, each.rows) for each in numbered([Split(path, 0, 9), Split(path, 9, 12)], [5, 2], 6)]
    [(0, 5), (5, 1)]
    """
    firsts = accumulate(counts, initial=0)
    return tuple(
        replace(each, first=first, rows=min(count, rows - first))
        for each, first, count in zip(pieces, firsts, counts, strict=False)
        if count and first < rows
    )
