"""The right side of a join: held, or read piece by piece, the same joiner in front of either."""

from __future__ import annotations

from typing import Any

import numpy as np

from lcrmap.analysis.certainty import position_errors
from lcrmap.analysis.joining import Matched
from lcrmap.analysis.metric import are_points
from lcrmap.io.boxes import box_around
from lcrmap.io.covered import Covered
from lcrmap.io.parts import Box, Points
from lcrmap.layers import Layer
from lcrmap.verbs.areas import checked_key, sound
from lcrmap.verbs.beside import Around, Told, told_of, told_of_covered, too_large_for_figures
from lcrmap.verbs.join.joiner import Joiner
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.sources import Sources

__all__ = ["Right"]

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Right:
    """The layer whose columns are attached.

    Parameters
    ----------
    asked
        What is asked for.
    sources
        What may be read for it.
    expected
        About how many left features will come: decides nothing but how fast it goes.

    Attributes
    ----------
    layer
        Its metadata and columns; without its features, if it is too large to be held.
    told
        What is told of it as a whole.
    key
        The column that orders its features.
    """

    def __init__(self, asked: Join, sources: Sources, *, expected: int = 0) -> None:
        found = sources.beside(asked.right, need_geometry=True)
        self.asked, self._expected = asked, expected
        self._around: Around | None = None
        self._made: tuple[bytes, Joiner] | None = None
        self.told: Told
        if isinstance(found, Covered):
            if asked.indicators:
                raise too_large_for_figures(asked.right)
            self._around, self.layer = Around(found), found.empty
            self.told = told_of_covered(found, asked.right, sources)
        else:
            if asked.indicators:
                from lcrmap.verbs.figures import with_figures  # which most questions do without

                found = with_figures(found, asked.indicators, sources.pack)
            self.layer, self.told = told_of(found)
        self.key = checked_key(self.layer, asked.key)
        if self._around is None:
            self._made = b"", self._joiner(self.layer)

    @property
    def rules_points(self) -> bool:
        """Whether a point belongs to one area."""
        free = self.asked.predicate is None and not self.asked.largest_overlap
        return free and self.told.on_areas

    def box(self, crs: Any) -> Box | None:
        """Return the box of all features in a CRS; None if it is not known."""
        if self._around is None:
            return box_around(self.layer.frame, crs)
        return self._around.layer.box_in(crs)

    def matching_points(self, points: Points) -> Joiner:
        """Return what matches points, by their coordinates."""
        around = self._around
        return self._held(None if around is None else around.touching_points(points))

    def matching(self, left: Layer) -> Joiner:
        """Return what matches left features."""
        return self._held(None if self._around is None else self._matching(self._around, left))

    def attaching(self, left: Layer, matched: Matched, *, nearest: bool) -> Joiner:
        """Return what attaches, to left features of which it is known what they match, all that is told of them.

        Parameters
        ----------
        nearest
            Whether the nearest right feature is found of each that matched none.
        """
        around = self._around
        if around is None:
            return self._held(None)
        splits = self._matching(around, left)
        errors = position_errors(left.frame) if self._by_border_rule(left) else None
        if errors is not None:
            splits |= around.within(left.frame, errors)
        if nearest:
            splits = self._nearest(around, left, matched, splits)
        return self._held(splits)

    def _by_border_rule(self, left: Layer) -> bool:
        return self.rules_points and are_points(left.frame.geometry)

    def _matching(self, around: Around, left: Layer) -> Mask:
        if self.asked.predicate == "dwithin":
            return around.within(left.frame, np.full(len(left.frame), self.asked.distance or 0.0))
        return around.touching(left.frame)

    def _nearest(self, around: Around, left: Layer, matched: Matched, splits: Mask) -> Mask:
        """Add the splits that can hold the nearest, until what is read holds all that the footers count."""
        alone = np.flatnonzero((matched.matches == 0) & ~matched.unplaced)
        if not len(alone):
            return splits
        asking = left.frame.iloc[alone]
        while True:
            wider = splits | around.within(asking, around.nearest_radii(asking, 1))
            if (wider == splits).all():
                return splits
            around.read(wider)
            splits = wider

    def _held(self, splits: Mask | None) -> Joiner:
        named = b"" if splits is None else splits.tobytes()
        if self._made is None or self._made[0] != named:
            assert splits is not None and self._around is not None  # noqa: S101, PT018 (what is held was made)
            self._made = named, self._joiner(self._around.read(splits))
        return self._made[1]

    def _joiner(self, layer: Layer) -> Joiner:
        if self._around is None:
            return Joiner(layer, self.asked, self.told, self.key, expected=self._expected)
        some, _ = sound(layer)  # what is said of repairs is said of the whole
        numbers = some.frame.index.to_numpy()
        some = some.with_frame(some.frame.reset_index(drop=True))
        return Joiner(some, self.asked, self.told, self.key, numbers=numbers)
