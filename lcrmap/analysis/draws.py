"""What a change may be, drawn by lot: every feature somewhere within its error, again and again.

Bounds (`lcrmap.analysis.changes`) say what is possible, and not all of it can be true at once. Draws say what is usual,
if a feature is as likely in one part of its circle as in another. A feature's numbers come from a stream of its own, of
the layer's name, its key and the seed. So it stands in the same place in every scenario and in both states, adding one
moves no other, and more draws begin with the fewer.

What is not known within a circle stays where it is: features of unknown error, lines and areas. Where a distance is far
from the one asked for, the straight chord through the earth tells that already (see `lcrmap.analysis.chords`); only the
others are measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.change_sums import Groups, people
from lcrmap.analysis.changes import Paired, distance_change
from lcrmap.analysis.chords import SLACK, Floats, Rows, chord_space, longest_geodesic
from lcrmap.analysis.links import STRAIGHT
from lcrmap.analysis.ranges import error_radii, with_range
from lcrmap.errors import UsageError

__all__ = [
    "MOST_DRAWS",
    "Drawn",
    "Lot",
    "Tally",
    "distance_tally",
    "within_tally",
]

MOST_DRAWS: Final = 10_000
_LEFT_OUT: Final = 0.025  # of the draws at each end
_MOST_CELLS: Final = 1 << 20  # pairs times draws held at once

_COMMON, _FIRST, _SECOND = range(3)

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Groupings = Mapping[str, tuple[Rows, int]]


@dataclass(frozen=True, slots=True)
class Lot:
    """How positions are drawn.

    Attributes
    ----------
    draws, seed
        How many, and what tells them from others.
    layer, key
        The layer's name, and the column that tells its features apart; empty for none.
    chances
        By key, as text: how likely it is, from 0 to 1, that what changes for a feature comes about; 1 for all others.
        For a feature that is added, that it is there; for one that is removed, that it is gone. Bounds know nothing of
        chances: a draw in which not all comes about may lie outside them.
    """

    draws: int
    seed: int
    layer: str
    key: str
    chances: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse numbers that make no sense."""
        if not 1 <= self.draws <= MOST_DRAWS:
            raise UsageError(f"--draws must be from 1 to {MOST_DRAWS:,}, not {self.draws}.")

    def names(self, features: gpd.GeoDataFrame) -> list[str]:
        """Return what each feature's stream is named by: its key, or without one its shape."""
        if self.key:
            return [str(each) for each in features[self.key]]
        return [shapely.to_wkb(each, hex=True) for each in features.geometry.normalize()]

    def numbers(self, names: list[str]) -> Floats:
        """Return three numbers from 0 up to 1 for each feature and draw."""
        found = np.empty((len(names), self.draws, 3))
        for row, name in enumerate(names):
            words = f"{self.seed}\0{self.layer}\0{name}".encode(errors="surrogatepass")
            seed = int.from_bytes(hashlib.sha256(words).digest())
            found[row] = np.random.Generator(np.random.PCG64(seed)).random((self.draws, 3))
        return found


def _standing(paired: Paired) -> Paired:
    """Return features of which those that are not known within a circle stay where they are."""
    frames = []
    for each in (paired.common, paired.first, paired.second):
        single = metric.single_points(each.geometry.to_numpy())
        error = np.nan_to_num(np.where(single, error_radii(each), 0))
        frames.append(each.assign(**{ERROR_COLUMN: error}))
    return Paired(*frames)


class _Pairs(NamedTuple):
    """Pairs of a point and a feature that may matter, sorted by point.

    Attributes
    ----------
    point, feature
        Row numbers of the point, and of the feature among those of all parts, one behind the other.
    part
        Whether the feature is in both states, in the first alone or in the second alone.
    low, high
        The distance at least and at most.
    """

    point: Rows
    feature: Rows
    part: Rows
    low: Floats
    high: Floats

    def of(self, chosen: Any) -> _Pairs:
        """Return some of the pairs."""
        return _Pairs(*(each[chosen] for each in self))

    def open(self, count: int, settled: Mask, asked: Mask) -> _Pairs:
        """Keep those of points for which something may change, and of those that are asked for in any case."""
        may = np.zeros(count, dtype=bool)
        may[self.point[self.part != _COMMON]] = True
        return self.of(((may & ~settled) | asked)[self.point])

    @property
    def starts(self) -> Rows:
        """Where the pairs of each point begin."""
        return np.flatnonzero(np.diff(self.point, prepend=-1)).astype(np.int64)


class _Drawing:
    """Pairs, and how far apart they are in each draw.

    Parameters
    ----------
    points
        Where people live.
    paired
        Features whose errors are known; 0 for those that stay.
    pairs
        Those that matter.
    lot
        How positions are drawn.
    """

    def __init__(self, points: gpd.GeoDataFrame, paired: Paired, pairs: _Pairs, lot: Lot) -> None:
        self.pairs, self.lot = pairs, lot
        self.rows = pairs.point[pairs.starts]
        used, self._feature = np.unique(pairs.feature, return_inverse=True)
        shapes, errors, names = [], [], []
        for frame in (paired.common, paired.first, paired.second):
            shapes.append(frame.geometry.to_crs("EPSG:4326").to_numpy())
            errors.append(error_radii(frame))
            names += lot.names(frame)
        self._numbers = lot.numbers([names[each] for each in used])
        self._error = np.concatenate(errors)[used]
        self._shapes = np.concatenate(shapes)[used]
        chance = np.array([lot.chances.get(names[each], 1.0) for each in used])
        self._happens = self._numbers[:, :, 0] < chance[:, None]
        self._moving = np.flatnonzero(pairs.low < pairs.high)
        self._here = np.array(metric.lonlat(points.geometry))[:, pairs.point]

    def chunks(self) -> Iterator[slice]:
        """Yield the draws, as many at once as fit."""
        step = max(1, _MOST_CELLS // max(len(self.pairs.point), 1))
        for start in range(0, self.lot.draws, step):
            yield slice(start, min(start + step, self.lot.draws))

    def places(self, draws: slice) -> tuple[Floats, Floats]:
        """Return where each feature was drawn, NaN for those that stay: a row a feature, a column a draw."""
        numbers = self._numbers[:, draws]
        some = np.flatnonzero(self._error > 0)
        lon, lat = np.full((2, *numbers.shape[:2]), np.nan)
        home = np.repeat(shapely.get_coordinates(self._shapes[some]), numbers.shape[1], axis=0)
        metres = (self._error[some, None] * np.sqrt(numbers[some, :, 1])).ravel()
        bearing = 360 * numbers[some, :, 2].ravel()
        found = metric.destination(home[:, 0], home[:, 1], bearing, metres)
        for table, each in zip((lon, lat), found, strict=True):
            table[some] = each.reshape(len(some), numbers.shape[1])
        return lon, lat

    def chords(self, rows: Rows, draws: slice) -> tuple[Floats, Floats, Floats]:
        """Return the chords of some pairs in some draws, and where the features are."""
        lon, lat = self.places(draws)
        there = chord_space(lon.ravel(), lat.ravel()).reshape(*lon.shape, 3)
        feature = self._feature[rows]
        away = there[feature] - chord_space(*self._here[:, rows])[:, None, :]
        return np.sqrt(np.einsum("ijk,ijk->ij", away, away)), lon[feature], lat[feature]

    def both(self, values: Any, draws: slice, least: np.ufunc, nothing: Any) -> tuple[Any, Any]:
        """Take together the pairs of each point in both states; what does not come about stays as in the first."""
        part, starts = self.pairs.part[:, None], self.pairs.starts
        happens = self._happens[self._feature, draws]
        there = (part == _COMMON) | (happens == (part == _SECOND))
        return (
            least.reduceat(np.where(part == _SECOND, nothing, values), starts, axis=0),
            least.reduceat(np.where(there, values, nothing), starts, axis=0),
        )

    def within(self, metres: float, draws: slice) -> tuple[Mask, Mask]:
        """Tell whether a feature is within a distance of each point in both states."""
        inside = np.repeat((self.pairs.high <= metres)[:, None], _length(draws), axis=1)
        rows = np.flatnonzero((self.pairs.low <= metres) & (metres < self.pairs.high))
        chords, lon, lat = self.chords(rows, draws)
        inside[rows] = chords <= metres
        close = np.nonzero((chords <= metres + SLACK) & (longest_geodesic(chords) > metres - SLACK))
        east, north = self._here[:, rows[close[0]]]
        measured = metric.geodesic(east, north, lon[close], lat[close])[0]
        inside[rows[close[0]], close[1]] = measured.round(3) <= metres
        return self.both(inside, draws, np.logical_or, False)

    def nearest(self, draws: slice) -> tuple[Floats, Floats]:
        """Return how far the nearest feature is from each point in both states, right to 3 mm up to 50 km."""
        metres = np.repeat(self.pairs.low[:, None], _length(draws), axis=1)
        rows, low, high = self._moving, self.pairs.low[:, None], self.pairs.high[:, None]
        chords, _, _ = self.chords(rows, draws)
        metres[rows] = np.clip(longest_geodesic(chords).round(3), low[rows], high[rows])
        return self.both(metres, draws, np.minimum, np.inf)


def _pairs(points: gpd.GeoDataFrame, paired: Paired, farthest: Floats) -> _Pairs:
    """Return the pairs that may be no farther apart than that, one number a point."""
    here, behind, tables = STRAIGHT.side(points.geometry), 0, []
    for part, features in enumerate((paired.common, paired.first, paired.second)):
        error = error_radii(features)
        there = STRAIGHT.side(features.geometry)
        links = STRAIGHT.within(here, there, farthest + error.max(initial=0))
        links = with_range(links, np.zeros(len(points)), error)
        near = links[links["metres_min"].to_numpy() <= farthest[links["left"].to_numpy(np.int64)]]
        tables.append(near.assign(right=near["right"] + behind, part=part))
        behind += len(features)
    together = pd.concat([each for each in tables if len(each)] or tables[:1])
    together = together.sort_values(["left", "part", "right"])
    columns = ("left", "right", "part", "metres_min", "metres_max")
    return _Pairs(*(together[each].to_numpy() for each in columns))


def _length(draws: slice) -> int:
    return int(draws.stop - draws.start)


def within_tally(
    points: gpd.GeoDataFrame,
    paired: Paired,
    metres: float,
    groupings: Groupings,
    before: Any,
    after: Any,
    *,
    lot: Lot,
    whole: bool = False,
) -> Tally:
    """Draw how many residents gain and lose a feature within a distance, straight, by group.

    Parameters
    ----------
    points, paired, metres
        As for `lcrmap.analysis.changes.within_change`.
    groupings
        By name: for each point the number of its group, negative for none, and how many groups there are.
    before, after
        Residents of each point in either state.
    lot
        How positions are drawn.
    whole
        Whether the figures of the second state are drawn too, for which every resident matters.

    Returns
    -------
    Tally
        Of ``change``, ``gain`` and ``lose``, in whole numbers (float64).

    Examples
    --------
    >>> homes = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.0095], [0, 0]), crs="EPSG:4326")
    >>> stop = gpd.GeoDataFrame(
    ...     {"id": ["a"], "position_error_m": [100.0]}, geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326"
    ... )
    >>> opens = Paired(stop.iloc[:0], stop.iloc[:0], stop)
    >>> lot = Lot(draws=200, seed=1, layer="stops", key="id")
    >>> found = within_tally(homes, opens, 1000, {"all": (np.array([0, 0]), 1)}, [7, 20], [7, 20], lot=lot)
    >>> found.middles()["all"].loc["all", ["gain_low", "gain_high"]].tolist()
    [7.0, 27.0]
    """
    old, new = people(before, "before"), people(after, "after")
    paired = _standing(paired)
    pairs = _pairs(points, paired, np.full(len(points), metres))
    surely = np.zeros(len(points), dtype=bool)
    surely[pairs.point[(pairs.part == _COMMON) & (pairs.high <= metres)]] = True
    asked = (old != new) | whole
    drawing = _Drawing(points, paired, pairs.open(len(points), surely, asked), lot)
    before, after = old[drawing.rows, None], new[drawing.rows, None]
    tally = Tally(groupings, drawing, whole=whole)
    for draws in drawing.chunks():
        first, second = drawing.within(metres, draws)
        tally.add("change", draws, after * second - before * first)
        tally.add("gain", draws, np.minimum(before, after) * (second & ~first))
        tally.add("lose", draws, np.minimum(before, after) * (first & ~second))
        if whole:
            tally.add("second", draws, after * second)
    return tally


def distance_tally(
    points: gpd.GeoDataFrame,
    paired: Paired,
    groupings: Groupings,
    before: Any,
    after: Any,
    *,
    lot: Lot,
    whole: bool = False,
) -> Tally:
    """Draw how the distance to the nearest feature, straight, changes for residents, by group.

    Parameters
    ----------
    points, paired, groupings, before, after, lot, whole
        As for `within_tally`.

    Returns
    -------
    Tally
        Of ``change``, that of the mean, in metres, and of ``gain`` and ``lose``, the residents for whom the nearest is
        nearer or farther. NaN where nobody lives, and where a state has no feature.
    """
    paired = _standing(paired)
    certain = ~np.isin(lot.names(paired.second), [each for each, p in lot.chances.items() if p < 1])
    bounds = distance_change(points, Paired(paired.common, paired.first, paired.second[certain]))
    known = bounds["change"].notna().to_numpy()
    old, new = (
        np.where(known, people(each, name), 0)
        for each, name in ((before, "before"), (after, "after"))
    )
    farthest = bounds[["first_max", "second_max"]].max(axis=1, skipna=False).to_numpy()
    pairs = _pairs(points, paired, np.where(known, np.nan_to_num(farthest, nan=np.inf), np.nan))
    # Where anybody comes or goes, each resident's share in the mean is another, and all matter.
    moved = np.full(len(points), whole or bool((old != new).any()))
    drawing = _Drawing(points, paired, pairs.open(len(points), ~known, moved), lot)
    before, after = old[drawing.rows, None], new[drawing.rows, None]
    tally = Tally(groupings, drawing, whole=whole)
    for draws in drawing.chunks():
        first, second = drawing.nearest(draws)
        tally.add("second", draws, np.where(after > 0, after * second, 0.0))
        tally.add("first", draws, np.where(before > 0, before * first, 0.0))
        tally.add("gain", draws, np.minimum(before, after) * (second < first))
        tally.add("lose", draws, np.minimum(before, after) * (second > first))
    return tally.averaged(old, new)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A group's change, and its figure in the second state, draw by draw; the latter None if not all was drawn."""

    change: Floats
    second: Floats | None = None


class Tally:
    """Sums by group, draw by draw."""

    def __init__(self, groupings: Groupings, drawing: _Drawing, *, whole: bool) -> None:
        self._whole = whole
        self._groups = {name: Groups(*each) for name, each in groupings.items()}
        self._rows, self._draws = drawing.rows, drawing.lot.draws
        self._sums: dict[str, dict[str, Floats]] = {name: {} for name in groupings}

    def add(self, quantity: str, draws: slice, values: Any) -> None:
        """Add up the values of points, the rows, in some draws, the columns."""
        for name, groups in self._groups.items():
            shape = groups.count + 2, self._draws
            table = self._sums[name].setdefault(quantity, np.zeros(shape))
            home = groups.home[self._rows]
            order = np.argsort(home, kind="stable")
            starts = np.flatnonzero(np.diff(home[order], prepend=-1))
            if len(starts):
                table[home[order][starts], draws] = np.add.reduceat(values[order], starts, axis=0)
            table[-1, draws] = values.sum(axis=0)

    def averaged(self, old: Any, new: Any) -> Tally:
        """Make means of the states' sums, which are metres of so many residents, and their change."""
        for name, sums in self._sums.items():
            groups = self._groups[name]
            with np.errstate(invalid="ignore", divide="ignore"):
                second = sums["second"] / groups.sums(new)[:, None]
                sums["change"] = (second - sums.pop("first") / groups.sums(old)[:, None]).round(3)
            sums["second"] = second.round(3)
        return self

    def middles(self) -> dict[str, pd.DataFrame]:
        """Return between which figures most draws lie, by grouping.

        Returns
        -------
        dict of pandas.DataFrame
            By name, with rows as `lcrmap.analysis.change_sums.summed` has them: each quantity with ``_low`` and
            ``_high``, between which 95 of 100 draws lie.
        """
        return {
            name: pd.DataFrame(_middles(sums), index=self._groups[name].index)
            for name, sums in self._sums.items()
        }

    def drawn(self, grouping: str, row: int) -> Drawn:
        """Return every draw of one group."""
        sums = self._sums[grouping]
        return Drawn(sums["change"][row], sums["second"][row] if self._whole else None)


def _middles(sums: dict[str, Floats]) -> dict[str, Floats]:
    """Return the least and the greatest of the middle 95 of 100 draws."""
    found = {}
    for quantity in ("change", "gain", "lose"):
        ordered = np.sort(sums[quantity], axis=1) + 0.0
        left_out = int(_LEFT_OUT * ordered.shape[1])
        found[f"{quantity}_low"] = ordered[:, left_out]
        found[f"{quantity}_high"] = ordered[:, -1 - left_out]
    return found
