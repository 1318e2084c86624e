"""The rules over a layer that comes in parts: what needs all rows is gathered as they pass.

Nearly every large file is sound, and what can be said of a sound one is little: shapes far outside the region, shapes
that are not valid. That little is gathered here. Anything else is not judged twice: the layer is then read whole, and
the rules themselves speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.checks.positions import far_and_inside, far_words, region_box, turned_inside
from lcrmap.checks.registry import SHOWN_ROWS, SLACK, Finding, Subject, sentence
from lcrmap.checks.validity import invalid_rows, invalid_words
from lcrmap.errors import WholeNeededError

__all__ = ["PartsChecks"]

Floats = np.ndarray[Any, np.dtype[np.float64]]
_SURELY_NO_DEGREES = 361.0  # no longitude and no latitude has such a number


@dataclass
class _Found:
    """How many features are concerned, and the first few of them with their columns."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    first: list[gpd.GeoDataFrame] = field(default_factory=list)

    def add(self, rows: Any, offset: int, frame: gpd.GeoDataFrame | None) -> None:
        self.count += len(rows)
        new = [int(row) for row in rows[: max(0, SHOWN_ROWS - len(self.rows))]]
        self.rows += [row + offset for row in new]
        if frame is not None and new:
            self.first.append(frame.iloc[new])


class PartsChecks:
    """Looks at the parts of one layer, one after another.

    Parameters
    ----------
    crs
        That of the layer.
    region
        West, south, east, north of the pack's region in degrees; None if unknown.
    """

    def __init__(
        self, crs: pyproj.CRS | None, region: tuple[float, float, float, float] | None
    ) -> None:
        self._crs = crs
        self._box = region_box(crs, region)
        self._far, self._invalid = _Found(), _Found()
        self._reason = ""
        self._placed = self._inside = self._turned = 0
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)

    def add_points(self, x: Floats, y: Floats, offset: int) -> None:
        """Look at points by their coordinates, NaN where there is none; `offset` rows came before."""
        placed = np.flatnonzero(~(np.isnan(x) | np.isnan(y)))
        centres = np.column_stack([x[placed], y[placed]])
        self._look(centres, centres, centres, placed, offset, None)

    def add_shapes(self, frame: gpd.GeoDataFrame, offset: int) -> None:
        """Look at shapes of any kind."""
        shapes = frame.geometry.to_numpy()
        bounds = shapely.bounds(shapes)
        placed = np.flatnonzero(~np.isnan(bounds).any(axis=1))
        low, high = bounds[placed, :2], bounds[placed, 2:]
        if len(placed) < int((~(shapely.is_missing(shapes) | shapely.is_empty(shapes))).sum()):
            raise WholeNeededError("Some coordinates are not finite.")
        self._look((low + high) / 2, low, high, placed, offset, frame)
        rows, reason = invalid_rows(shapes)
        self._reason = self._reason or reason
        self._invalid.add(rows, offset, frame)

    def _look(
        self,
        centres: Floats,
        low: Floats,
        high: Floats,
        placed: Any,
        offset: int,
        frame: gpd.GeoDataFrame | None,
    ) -> None:
        if not len(placed):
            return
        self._placed += len(placed)
        self._low = np.minimum(self._low, low.min(axis=0))
        self._high = np.maximum(self._high, high.max(axis=0))
        if self._box is not None:
            far, inside = far_and_inside(centres, self._box)
            self._far.add(placed[far], offset, frame)
            self._inside += int(inside.sum())
            self._turned += int(turned_inside(centres, self._box).sum())

    def notices(
        self, where: str, *, key: str, first_row: int, row_word: str, need_geometry: bool
    ) -> tuple[str, ...]:
        """Return what must be said of the layer, in the rules' own words.

        Raises
        ------
        WholeNeededError
            If a rule may have more to say: the layer must be read whole, to let it.
        """
        self._refuse_unusual(need_geometry)
        said = []
        about = Subject(gpd.GeoDataFrame(), where, key=key, first_row=first_row, row_word=row_word)
        if self._far.count and self._inside:
            what, remedy = far_words(self._far.count)
            said.append(_sentence(about, Finding(what, remedy), self._far))
        if self._invalid.count:
            what, remedy = invalid_words(self._invalid.count, self._reason)
            said.append(_sentence(about, Finding(what, remedy), self._invalid))
        return tuple(said)

    def _refuse_unusual(self, need_geometry: bool) -> None:
        if not self._placed:
            if need_geometry:
                raise WholeNeededError("No feature has a position.")
            return
        size = np.maximum(np.abs(self._low), np.abs(self._high))
        if self._crs is None or not np.isfinite(size).all():
            raise WholeNeededError("The positions have no system, or are not finite.")
        if self._crs.is_geographic:
            usual = size[0] <= 180 + SLACK and size[1] <= 90 + SLACK
        else:
            usual = self._crs.is_projected and bool((size > _SURELY_NO_DEGREES).any())
        swapped = not self._inside and self._turned / self._placed > 0.5
        if not usual or swapped:
            raise WholeNeededError("The positions may not be in the system that is claimed.")


def _sentence(about: Subject, finding: Finding, found: _Found) -> str:
    if about.key and about.row_word != "line":
        frame = gpd.GeoDataFrame(pd.concat(found.first, ignore_index=True))
        about = Subject(frame, about.where, key=about.key, row_word=about.row_word)
        rows = tuple(range(len(found.rows)))
    else:
        rows = tuple(found.rows)
    return sentence(about, Finding(finding.what, finding.remedy, rows), count=found.count)
