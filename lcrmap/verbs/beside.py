"""The layer beside the one that may be large: held, or a data set of which whoever works reads what can matter.

All that is said of it as a whole is found out once, where the question is asked, and is the same in both cases. What is
worked on is a layer in both cases, too: all of it, or the splits that may hold what a piece needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyproj

from lcrmap.analysis.chords import Floats
from lcrmap.analysis.joining import dimensions
from lcrmap.analysis.metric import are_points
from lcrmap.errors import UsageError, WholeNeededError
from lcrmap.io.boxes import box_around
from lcrmap.io.covered import Covered, covered, whole_of
from lcrmap.io.large import outgrows
from lcrmap.io.parts import Box, Points
from lcrmap.io.paths import is_address
from lcrmap.io.tasks import Runner
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.layers.points import is_placed
from lcrmap.verbs.areas import coverage_notes, sound
from lcrmap.verbs.sources import Sources

__all__ = [
    "Around",
    "Mask",
    "Told",
    "named_columns",
    "opened_beside",
    "refuse_outgrown",
    "refuse_to_show",
    "told_of",
    "told_of_covered",
    "too_large_for_figures",
]

_DEGREES: Final = "EPSG:4326"

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def opened_beside(
    text: str,
    *,
    pack: Pack,
    need_geometry: bool,
    region: Callable[[], Box | None],
    runner: Runner,
    hash_full: bool,
) -> Layer | Covered:
    """Open a data set: whole, if it is small enough to be held.

    Raises
    ------
    UsageError
        If it is an address, cannot be read in parts, or is too large to be held and has no covering.
    """
    if is_address(text):
        raise UsageError(
            f"'{text}' is an address, which join, count, near and show take as their first layer alone: download "
            f"its files."
        )
    from lcrmap.io.opening_parts import open_parts  # which few questions need

    try:
        parts = open_parts(
            text,
            pack=pack,
            need_geometry=need_geometry,
            region=region,
            runner=runner,
            hash_full=hash_full,
        )
        return covered(parts, text) if outgrows(text) else whole_of(parts)
    except WholeNeededError as error:
        raise UsageError(f"'{text}' is a data set, which is read in parts. {error}") from None


def refuse_outgrown(sources: Sources, names: Iterable[str]) -> None:
    """Refuse to hold a large file beside a layer in parts: whoever works on these would hold it.

    Raises
    ------
    UsageError
        If one is too large.
    """
    for name in names:
        size = sources.outgrows(name)
        if size and not sources.is_covered(name):
            raise UsageError(
                f"'{name}' has {size / 1e6:,.0f} MB, which is too much to be held beside a layer in parts: make a data "
                f"set of it with lcrmap show {name} -o FOLDER/, and name that folder, of which only what is needed is "
                f"read."
            )


def too_large_for_figures(name: str) -> UsageError:
    """Say that indicators are put beside areas that are held."""
    return UsageError(
        f"--with needs areas that are held whole, and {name} is too large: leave it out."
    )


def refuse_to_show(sources: Sources, names: Iterable[str]) -> None:
    """Refuse a page or a picture that would show all of a layer that is too large to be held.

    Raises
    ------
    UsageError
        If one is.
    """
    for name in filter(sources.is_covered, names):
        raise UsageError(
            f"'{name}' is a data set that is too large to be held, and a page or a picture would show all of it: "
            f"write a table."
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a layer as a whole, also where only some of its rows are at hand.

    Attributes
    ----------
    size
        How many features it has.
    dimensions
        What they are: 0 for points, 1 for lines, 2 for areas.
    notes
        What must be said of them.
    """

    size: int
    dimensions: frozenset[int]
    notes: tuple[str, ...]

    @property
    def on_areas(self) -> bool:
        """Whether all are areas."""
        return self.dimensions == {2}


def told_of(layer: Layer, *, as_areas: bool = False) -> tuple[Layer, Told]:
    """Return a layer with sound shapes, and what is told of it.

    Parameters
    ----------
    as_areas
        Whether areas are needed, so that it is refused without any.

    Raises
    ------
    GeometryError
        If it has none.
    """
    sounder, repairs = sound(layer)
    found = frozenset(dimensions(sounder.frame))
    notes = (*layer.notes, *repairs)
    if as_areas or found == {2}:
        notes += tuple(coverage_notes(sounder))
    return sounder, Told(len(layer.frame), found, notes)


def told_of_covered(layer: Covered, name: str, sources: Sources, *, as_areas: bool = False) -> Told:
    """Return what is told of a layer that is not held; for that its shapes are held once, unless all are points."""

    def found_out() -> Told:
        parts = layer.parts
        if parts.has_points and not as_areas:
            return Told(parts.rows, frozenset({0}), parts.notes)
        return told_of(whole_of(parts, named_columns(parts.metadata)), as_areas=as_areas)[1]

    return sources.found_out(f"told {as_areas}", name, found_out)


def named_columns(metadata: Metadata, *others: str) -> tuple[str, ...]:
    """Return the columns by which features are named, and others, those that there are."""
    wanted = (metadata.key, metadata.label, "name", *others)
    return tuple(each for each in dict.fromkeys(wanted) if each and metadata.has_field(each))


class Around:
    """Reads of a layer that is not held what may matter to features that ask.

    Parameters
    ----------
    layer
        The layer.
    """

    def __init__(self, layer: Covered) -> None:
        from lcrmap.analysis.nearby import Balls  # here, because no layer that is held needs it

        self.layer = layer
        counts = [0 if each is None else each.shapes for each in layer.extents]
        self._balls = Balls.around(layer.boxes(_DEGREES), np.array(counts, dtype=np.int64))

    def touching(self, frame: gpd.GeoDataFrame) -> Mask:
        """Tell which splits may hold what touches features."""
        crs = self.layer.parts.crs
        if frame.crs is None or crs is None:
            return self.layer.touching(None)
        if not are_points(gpd.GeoSeries(frame.geometry)):
            return self.layer.touching(box_around(frame, crs))
        points = frame.geometry if frame.crs == crs else frame.geometry.to_crs(crs)
        return self._touching_bounds(points.total_bounds)

    def touching_points(self, points: Points) -> Mask:
        """Tell the same of points by their coordinates."""
        own = self.layer.parts.crs
        if points.crs is None or own is None:
            return self.layer.touching(None)
        placed = ~(np.isnan(points.x) | np.isnan(points.y))
        x, y = points.x[placed], points.y[placed]
        if points.crs != own:
            x, y = pyproj.Transformer.from_crs(points.crs, own, always_xy=True).transform(x, y)
        if not len(x):
            return np.zeros(len(self.layer.extents), dtype=bool)
        return self._touching_bounds(np.array([x.min(), y.min(), x.max(), y.max()]))

    def _touching_bounds(self, bounds: Floats) -> Mask:
        if np.isnan(bounds).any():
            return np.zeros(len(self.layer.extents), dtype=bool)
        west, south, east, north = bounds.tolist()
        return self.layer.touching((west, south, east, north))

    def within(self, frame: gpd.GeoDataFrame, radii: Floats) -> Mask:
        """Tell which splits may hold what lies within a distance of features, one for each; NaN reaches nothing."""
        from lcrmap.analysis.nearby import Positions, reached

        asking = Positions.of_frame(frame)
        found = reached(asking, self._balls, radii)
        # What lies inside an area may be far from its edges.
        return found if asking.points else found | self.touching(frame)

    def nearest_radii(self, frame: gpd.GeoDataFrame, k: int, *, surely: bool = True) -> Floats:
        """Return for each feature a distance within which it has k shapes: surely, or at best."""
        from lcrmap.analysis.nearby import Positions, nearest_radii

        asking = Positions.of_frame(frame)
        return nearest_radii(asking, self._balls, k, len(frame), surely=surely)

    def read(self, splits: Mask) -> Layer:
        """Read some splits, and hold what their footers count to what is there."""
        layer = self.layer.some(splits)
        placed = layer.frame.index.to_numpy()[is_placed(layer.frame.geometry)]
        for number in np.flatnonzero(splits).tolist():
            split = self.layer.parts.splits[number]
            first, end = np.searchsorted(placed, [split.first, split.first + split.rows])
            self._balls.counts[number] = end - first
        return layer
