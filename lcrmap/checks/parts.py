"""The rules over a layer that comes in parts: what needs all rows is gathered from each and put together.

Nearly every large file is sound, and what can be said of a sound one is little: shapes far outside the region, shapes
that are not valid. That little is gathered here. Anything else is not judged twice: the layer is then read whole, and
the rules themselves speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.checks.positions import (
    are_taken_for_swapped,
    box_far_and_inside,
    far_and_inside,
    far_words,
    is_far_worth_saying,
    may_be_misplaced,
    region_box,
    tells_swaps,
    turned_inside,
)
from lcrmap.checks.registry import (
    SHOWN_ROWS,
    SLACK,
    Finding,
    RowNumbers,
    Subject,
    sentence,
)
from lcrmap.checks.validity import invalid_rows, invalid_words
from lcrmap.errors import WholeNeededError
from lcrmap.layers.points import are_positions, is_placed, point_numbers

__all__ = ["Concerned", "PartsChecks", "PartsSeen"]

Box = tuple[float, float, float, float]
Pair = tuple[float, float]
Floats = np.ndarray[Any, np.dtype[np.float64]]
_SURELY_NO_DEGREES = 361.0  # no longitude and no latitude has such a number


@dataclass(frozen=True, slots=True)
class Concerned:
    """Features that a rule found.

    Attributes
    ----------
    count
        How many they are.
    rows
        The numbers of the first few, counted from the first row of what was looked at.
    values
        The attributes of these, where they are at hand.
    """

    count: int = 0
    rows: tuple[int, ...] = ()
    values: tuple[dict[str, Any], ...] = ()

    def __add__(self, other: Concerned) -> Concerned:
        return Concerned(
            self.count + other.count,
            (*self.rows, *other.rows)[:SHOWN_ROWS],
            (*self.values, *other.values)[:SHOWN_ROWS],
        )

    def naming(self, others: Concerned) -> Concerned:
        """Return as many features, of which the first few are named that either names."""
        rows, values = (*self.rows, *others.rows), (*self.values, *others.values)
        first = sorted(range(len(rows)), key=rows.__getitem__)[:SHOWN_ROWS]
        known = tuple(values[each] for each in first) if values else ()
        return replace(self, rows=tuple(rows[each] for each in first), values=known)

    def joined(self, others: Concerned) -> Concerned:
        """Return these and others of the same rows, the first few of both in their order."""
        if not others.count:
            return self
        return replace(self.naming(others), count=self.count + others.count)

    def behind(self, rows: int) -> Concerned:
        """Return the same, counted from a row that stands so many rows before."""
        return replace(self, rows=tuple(each + rows for each in self.rows))


@dataclass(frozen=True, slots=True)
class PartsSeen:
    """What was seen of some rows that follow each other; ``+`` puts two such runs together.

    Attributes
    ----------
    rows
        How many rows.
    placed, inside, turned
        How many have a position, how many of these lie in the region, and how many would with swapped numbers.
    low, high
        The least and the greatest coordinates; infinite if there are none.
    far, crossed, invalid
        The features far outside the region; those outside but not far, which would be in it with swapped numbers; and
        those whose shape is not valid.
    reason
        Why the first of the latter is not.
    """

    rows: int = 0
    placed: int = 0
    inside: int = 0
    turned: int = 0
    low: Pair = (np.inf, np.inf)
    high: Pair = (-np.inf, -np.inf)
    far: Concerned = field(default_factory=Concerned)
    crossed: Concerned = field(default_factory=Concerned)
    invalid: Concerned = field(default_factory=Concerned)
    reason: str = ""

    def __add__(self, other: PartsSeen) -> PartsSeen:
        return PartsSeen(
            rows=self.rows + other.rows,
            placed=self.placed + other.placed,
            inside=self.inside + other.inside,
            turned=self.turned + other.turned,
            low=(min(self.low[0], other.low[0]), min(self.low[1], other.low[1])),
            high=(max(self.high[0], other.high[0]), max(self.high[1], other.high[1])),
            far=self.far + other.far.behind(self.rows),
            crossed=self.crossed + other.crossed.behind(self.rows),
            invalid=self.invalid + other.invalid.behind(self.rows),
            reason=self.reason or other.reason,
        )


class PartsChecks:
    """Looks at parts of one layer, each by itself.

    Parameters
    ----------
    crs
        That of the layer.
    region
        West, south, east, north of the pack's region in degrees; None if unknown.
    """

    def __init__(self, crs: pyproj.CRS | None, region: Box | None) -> None:
        self._crs = crs
        self._box = region_box(crs, region)

    def points(self, x: Floats, y: Floats, frame: gpd.GeoDataFrame | None = None) -> PartsSeen:
        """Look at points by their coordinates, NaN where there is none; `frame` has their rows, if they are known."""
        placed = np.flatnonzero(are_positions(x, y))
        centres = np.column_stack([x[placed], y[placed]])
        return self._seen(len(x), centres, centres, centres, placed, frame)

    def shapes(self, frame: gpd.GeoDataFrame) -> PartsSeen:
        """Look at shapes of any kind."""
        known = point_numbers(frame.geometry)
        if known is not None:
            return self.points(*known, frame)
        shapes = frame.geometry.to_numpy()
        bounds = shapely.bounds(shapes)
        placed = np.flatnonzero(~np.isnan(bounds).any(axis=1))
        low, high = bounds[placed, :2], bounds[placed, 2:]
        if len(placed) < int(is_placed(shapes).sum()):
            raise WholeNeededError("Some coordinates are not finite.")
        drawn = shapes[shapely.get_type_id(shapes) != shapely.GeometryType.POINT]
        if not np.isfinite(shapely.get_coordinates(drawn)).all():  # of which bounds know nothing
            raise WholeNeededError("Some coordinates are not finite.")
        seen = self._seen(len(frame), (low + high) / 2, low, high, placed, frame)
        rows, reason = invalid_rows(shapes)
        return replace(seen, invalid=_concerned(rows, frame), reason=reason)

    def points_in(self, box: Box | None, *, rows: int, placed: int) -> PartsSeen | None:
        """Return what would be seen of points of which a box alone is known; None if it leaves a doubt.

        Those that lie far outside the region are counted, and not named.

        Parameters
        ----------
        box
            Where those with a position lie; None if none has one.
        """
        if box is None:
            return PartsSeen(rows)
        seen = PartsSeen(rows, placed, low=box[:2], high=box[2:])
        if self._box is None:
            return seen
        far, inside = box_far_and_inside(box, self._box)
        west, south, east, north = box
        _, turned = box_far_and_inside((south, west, north, east), self._box)
        if far is None or inside is None or turned is None:
            return None
        crossed = turned and not far and tells_swaps(self._box)
        return replace(
            seen,
            far=Concerned(placed * far),
            crossed=Concerned(placed * crossed),
            inside=placed * inside,
            turned=placed * turned,
        )

    def names_far(self, seen: PartsSeen) -> bool:
        """Tell whether positions far outside the region will be named; `seen` is of all rows."""
        extent = (seen.low, seen.high)
        return is_far_worth_saying(self.far_of(seen).count, seen.inside, extent, self._crs)

    def far_of(self, seen: PartsSeen) -> Concerned:
        """Return those that are named as far outside, if any are; `seen` is of all rows."""
        if are_taken_for_swapped(seen.turned, seen.placed - seen.inside):
            return seen.far.joined(seen.crossed)
        return seen.far

    def _seen(
        self,
        rows: int,
        centres: Floats,
        low: Floats,
        high: Floats,
        placed: Any,
        frame: gpd.GeoDataFrame | None,
    ) -> PartsSeen:
        if not len(placed):
            return PartsSeen(rows)
        seen = PartsSeen(
            rows, len(placed), low=_pair(low.min(axis=0)), high=_pair(high.max(axis=0))
        )
        if self._box is None:
            return seen
        far, inside = far_and_inside(centres, self._box)
        turned = turned_inside(centres, self._box)
        return replace(
            seen,
            far=_concerned(placed[far], frame),
            crossed=_concerned(placed[turned & ~far & tells_swaps(self._box)], frame),
            inside=int(inside.sum()),
            turned=int(turned.sum()),
        )

    def notices(
        self,
        seen: PartsSeen,
        where: str,
        *,
        key: str,
        row_numbers: RowNumbers,
        row_word: str,
        need_geometry: bool,
    ) -> tuple[str, ...]:
        """Return what must be said of the layer, in the rules' own words.

        Parameters
        ----------
        seen
            What was seen of all its rows.

        Raises
        ------
        WholeNeededError
            If a rule may have more to say: the layer must be read whole, to let it.
        """
        self._refuse_unusual(seen, need_geometry)
        said = []
        about = Subject(
            gpd.GeoDataFrame(), where, key=key, row_numbers=row_numbers, row_word=row_word
        )
        if self.names_far(seen) and self._box is not None:
            far = self.far_of(seen)
            unnamed = seen.far.count + seen.crossed.count - far.count
            swapped = seen.turned - unnamed if tells_swaps(self._box) else 0
            what, remedy = far_words(far.count, swapped, self._crs)
            said.append(_sentence(about, Finding(what, remedy), far))
        if seen.invalid.count:
            what, remedy = invalid_words(seen.invalid.count, seen.reason)
            said.append(_sentence(about, Finding(what, remedy), seen.invalid))
        return tuple(said)

    def _refuse_unusual(self, seen: PartsSeen, need_geometry: bool) -> None:
        if not seen.placed:
            if need_geometry:
                raise WholeNeededError("No feature has a position.")
            return
        size = np.maximum(np.abs(seen.low), np.abs(seen.high))
        if self._crs is None or not np.isfinite(size).all():
            raise WholeNeededError("The positions have no system, or are not finite.")
        if self._crs.is_geographic:
            usual = size[0] <= 180 + SLACK and size[1] <= 90 + SLACK
        else:
            usual = self._crs.is_projected and bool((size > _SURELY_NO_DEGREES).any())
        swapped = not seen.inside and seen.turned / seen.placed > 0.5
        if self._crs.is_geographic and may_be_misplaced(seen.low, seen.high):
            raise WholeNeededError("The positions may be misplaced as a whole.")
        if not usual or swapped:
            raise WholeNeededError("The positions may not be in the system that is claimed.")


def _pair(numbers: Floats) -> Pair:
    return float(numbers[0]), float(numbers[1])


def _concerned(rows: Any, frame: gpd.GeoDataFrame | None) -> Concerned:
    first = tuple(int(row) for row in rows[:SHOWN_ROWS])
    if frame is None or not first:
        return Concerned(len(rows), first)
    some = pd.DataFrame(frame.drop(columns=frame.geometry.name)).iloc[list(first)]
    values = [{str(name): each for name, each in row.items()} for row in some.to_dict("records")]
    return Concerned(len(rows), first, tuple(values))


def _sentence(about: Subject, finding: Finding, found: Concerned) -> str:
    rows = found.rows
    if about.key and about.row_word != "line":
        about = replace(about, frame=gpd.GeoDataFrame(list(found.values)))
        rows = tuple(range(len(rows)))
    return sentence(about, Finding(finding.what, finding.remedy, rows), count=found.count)
