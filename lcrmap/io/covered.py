"""A layer that is too large to be held: of its rows those are read that somebody can need, by where its splits lie."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.errors import UsageError, WholeNeededError
from lcrmap.io.boxes import box_in
from lcrmap.io.parts import Box, Extent, Parts, Wanted
from lcrmap.layers import Layer

__all__ = ["Covered", "covered", "whole_of"]

_KEPT: Final = 8
"""How many splits are kept after they were read: pieces that follow each other often need the same ones."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """A layer in parts of which it is known where each lies.

    Attributes
    ----------
    parts
        The layer.
    extents
        Where the shapes of each split lie; None where that is not known, so that it is always read.
    """

    parts: Parts
    extents: tuple[Extent | None, ...]
    _read: OrderedDict[int, gpd.GeoDataFrame] = field(default_factory=OrderedDict)
    _together: dict[bytes, Layer] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what is known, and nothing that was read."""
        return Covered, (self.parts, self.extents)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.parts.name

    @property
    def empty(self) -> Layer:
        """The layer without any row."""
        return self.some(np.zeros(len(self.extents), dtype=bool))

    def box_in(self, crs: Any) -> Box | None:
        """Return a box in a CRS that holds all shapes; None if it is not known where all are."""
        known = [each for each in self.extents if each is not None]
        boxes = np.array([each.box for each in known if each.box is not None])
        if len(known) < len(self.extents) or not len(boxes):
            return None
        west, south = boxes[:, :2].min(axis=0).tolist()
        east, north = boxes[:, 2:].max(axis=0).tolist()
        return box_in((west, south, east, north), self.parts.crs, crs)

    def boxes(self, crs: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the box of each split in a CRS: NaN where it is not known, and without extent where there is no shape.

        A split without shapes has a box that begins behind its end.
        """
        return np.array([self._box(each, crs) for each in self.extents], dtype=np.float64)

    def _box(self, extent: Extent | None, crs: Any) -> Sequence[float]:
        if extent is None:
            return (np.nan,) * 4
        if extent.box is None:
            return (np.inf, np.inf, -np.inf, -np.inf)
        same = crs == self.parts.crs
        return (extent.box if same else box_in(extent.box, self.parts.crs, crs)) or (np.nan,) * 4

    def touching(self, box: Box | None) -> Mask:
        """Tell which splits may touch a box in the layer's own CRS; all if there is none."""
        if box is None:
            return np.ones(len(self.extents), dtype=bool)
        west, south, east, north = self.boxes(self.parts.crs).T
        beyond: Mask = (west > box[2]) | (east < box[0]) | (south > box[3]) | (north < box[1])
        return ~beyond

    def some(self, splits: Mask) -> Layer:
        """Read some splits; the frame is indexed by the numbers of the rows in the layer."""
        named = splits.tobytes()
        if named not in self._together:
            self._together.clear()
            self._together[named] = self._some(np.flatnonzero(splits).tolist())
        return self._together[named]

    def _some(self, splits: Sequence[int]) -> Layer:
        frames = [self._frame(each) for each in splits or [0]]
        frame = frames[0] if len(frames) == 1 else gpd.GeoDataFrame(pd.concat(frames))
        layer = Layer(frame, self.parts.metadata, self.parts.inputs)
        return layer if splits else layer.emptied()

    def _frame(self, number: int) -> gpd.GeoDataFrame:
        if number not in self._read:
            found = self.parts.read(self.parts.splits[number])
            assert isinstance(found, Layer)  # noqa: S101 (without a box nothing is passed over)
            self._read[number] = found.frame
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        self._read.move_to_end(number)
        return self._read[number]


def covered(parts: Parts, text: str) -> Covered:
    """Return a layer in parts with what its covering tells.

    Raises
    ------
    UsageError
        If it has none.
    """
    extents = tuple(parts.reader.extent(each) for each in parts.splits)
    if not any(extents):
        raise UsageError(
            f"'{text}' is too large to be held, and has no covering, which tells what of it must be read: make a data "
            f"set that has one with lcrmap show {text} -o FOLDER/."
        )
    return Covered(parts, extents)


def whole_of(parts: Parts, columns: tuple[str, ...] | None = None) -> Layer:
    """Read all splits of a layer: as if it had never been divided."""
    frames = []
    for each in parts.splits:
        found = parts.read(each, Wanted(columns=columns))
        if not isinstance(found, Layer):
            raise WholeNeededError(f"{parts.name} was not read whole.")
        frames.append(found.frame)
    frame = gpd.GeoDataFrame(pd.concat(frames)).reset_index(drop=True)
    return Layer(frame, parts.metadata, parts.inputs, parts.notes)
