"""The areas in which is counted: held, or read piece by piece; what is counted has the numbers of the whole."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.analysis.certainty import Outline, Possible, position_errors, possible_areas
from lcrmap.analysis.chords import Rows
from lcrmap.analysis.joining import NOWHERE
from lcrmap.analysis.shares import Counted, count_in
from lcrmap.io.boxes import box_around
from lcrmap.io.covered import Covered, whole_of
from lcrmap.io.parts import Box
from lcrmap.layers import Layer
from lcrmap.layers.points import is_placed
from lcrmap.verbs.areas import areas_alone, checked_key, named_by, only_areas, sound
from lcrmap.verbs.beside import Around, Mask, Told, told_of, told_of_covered, too_large_for_figures
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.keeping import checked_columns
from lcrmap.verbs.sources import Sources

__all__ = ["CountAreas"]


class CountAreas:
    """The layer of areas in which is counted.

    Parameters
    ----------
    asked
        What is asked for.
    sources
        What may be read for it.

    Attributes
    ----------
    layer
        Its metadata and columns; without its features, if it is too large to be held.
    told
        What is told of it as a whole.
    order
        The column that decides on shared borders.
    """

    def __init__(self, asked: Count, sources: Sources) -> None:
        found = sources.beside(asked.areas)
        self._around: Around | None = None
        self.told: Told
        if isinstance(found, Covered):
            if asked.indicators:
                raise too_large_for_figures(asked.areas)
            self._around, self.layer = Around(found), found.empty
            checked_columns([self.layer], asked.keep)
            self.told = told_of_covered(found, asked.areas, sources, as_areas=True)
        else:
            checked_columns([found], asked.keep)
            if asked.indicators:
                from lcrmap.verbs.figures import with_figures  # which most questions do without

                found = with_figures(found, asked.indicators, sources.pack)
            mended, self.told = told_of(found, as_areas=True)
            self.layer, _ = areas_alone(mended)  # what it says is among what is told
            self._held = _Some(self.layer, None)
            self._lost = ~is_placed(mended.frame.geometry)
        self.order = checked_key(self.layer, asked.key)
        self._key = asked.key
        self.layer = self._named(self.layer)

    def whole(self) -> tuple[Layer, Mask]:
        """Return all areas, which are the rows of the answer, and of which the place is not known.

        They are read now, if they are not held. Nothing lies in a point or a line; in an area without a shape may lie
        anything.
        """
        if self._around is None:
            return self.layer, self._lost
        mended, _ = sound(whole_of(self._around.layer.parts))
        return self._named(only_areas(mended)), ~is_placed(mended.frame.geometry)

    def _named(self, layer: Layer) -> Layer:
        """Return areas that the column asked for names, where nothing else does."""
        return layer if self._key is None else named_by(layer, self._key)

    def box(self, crs: Any) -> Box | None:
        """Return a box in a CRS that holds all areas; None if it is not known."""
        if self._around is None:
            return box_around(self.layer.frame, crs)
        return self._around.layer.box_in(crs)

    def counted(self, frame: gpd.GeoDataFrame) -> tuple[Counted, Possible | None]:
        """Find the one area in which each feature is counted, and where else it may lie; None if no error is known."""
        errors = position_errors(frame)
        some = self._some(frame, errors)
        found = count_in(frame, some.layer.frame, key=self.order)
        possible = None
        if errors is not None:
            errors = np.where(found.areas | found.several, np.nan, errors)
            if not np.isnan(errors).all():
                matched, areas = found.matched, some.layer.frame
                possible = possible_areas(frame, areas, matched, errors, outline=some.outline)
        return some.numbered(found), None if possible is None else some.possible(possible)

    def _some(self, frame: gpd.GeoDataFrame, errors: Any) -> _Some:
        around = self._around
        if around is None:
            return self._held
        splits = around.touching(frame)
        if errors is not None:
            splits |= around.within(frame, errors)
        mended, _ = sound(around.read(splits))  # what is said of repairs is said of the whole
        numbers = mended.frame.index.to_numpy()
        mended = mended.with_frame(mended.frame.reset_index(drop=True))
        return _Some(only_areas(mended), numbers)


class _Some:
    """Some of the areas, and their numbers in the whole; None if they are all."""

    def __init__(self, layer: Layer, numbers: Rows | None) -> None:
        self.layer, self._numbers = layer, numbers

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.layer.frame)

    def numbered(self, found: Counted) -> Counted:
        return replace(
            found, matched=replace(found.matched, right=self._of_whole(found.matched.right))
        )

    def possible(self, possible: Possible) -> Possible:
        return replace(possible, area=self._of_whole(possible.area))

    def _of_whole(self, rows: Rows) -> Rows:
        if self._numbers is None:
            return rows
        numbers: Rows = np.append(self._numbers, NOWHERE)[rows]
        return numbers
