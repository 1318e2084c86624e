"""Distances in a region that a barrier divides, such as a river: between its banks only by way of a crossing.

On one bank the distance is the geodesic, over water or not: a lower bound of any way. Between the banks it is the
least, over the crossings that are open, of the way to the crossing's end on this bank, its own length, and the way from
its far end; all of them are tried, so it is exact.

A shape that lies on both banks is two parts, each on its bank. Edges are straight in longitude and latitude. The bank
of a position is that of its point, however well the position is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis import links, metric
from lcrmap.analysis.banks import (
    LEFT,
    RIGHT,
    Crossings,
    as_degrees,
    barrier_line,
    crossing_lines,
    ground_left_of,
    open_crossings,
)
from lcrmap.analysis.chords import SLACK, Floats, Rows
from lcrmap.analysis.links import COLUMNS, ENDS, Side
from lcrmap.analysis.ties import tie_order
from lcrmap.analysis.validity import made_valid

__all__ = ["River", "RiverSide", "river"]

NO_CROSSING: Final = -1  # in the column `across`

_MOST_CELLS: Final = 1 << 22  # the largest table of ways held at once


@dataclass(frozen=True)
class River:
    """A barrier with the crossings that are open to one way of travelling; measures as `lcrmap.analysis.links` does.

    Attributes
    ----------
    left_bank
        The ground left of the barrier, in degrees, far beyond the world's edge.
    middle
        The longitude at which the barrier lies: positions are taken the short way round from there.
    crossings
        Those that are open.
    without_ends, astray
        The row numbers of open crossings that are left out: because their ends are not known, or lie on one bank.
    """

    left_bank: Any
    middle: float
    crossings: Crossings
    without_ends: tuple[int, ...] = ()
    astray: tuple[int, ...] = ()

    @property
    def slack(self) -> float:
        """By how many metres, at most, the crossings' ends may shorten a way."""
        return float(np.nan_to_num(self.crossings.error).max(initial=0))

    @property
    def vague(self) -> bool:
        """Whether it is not known how far off the ends of some crossing may be."""
        return bool(np.isnan(self.crossings.error).any())

    def banks(self, lon: Floats, lat: Floats) -> Rows:
        """Return the bank of each position: `LEFT`, `RIGHT`, or -1 without one.

        Examples
        --------
        >>> line = gpd.GeoSeries([shapely.LineString([(0, 0), (0, 1)])], crs="EPSG:4326")
        >>> nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs="EPSG:4326"))
        >>> river(line, nothing, "walk").banks(np.array([-1, 1, 0, np.nan]), np.array([9.0, 0, 0, 0])).tolist()
        [0, 1, 0, -1]
        """
        here = lon - 360 * np.round((lon - self.middle) / 360)
        shapely.prepare(self.left_bank)
        left = shapely.intersects_xy(self.left_bank, here, lat)
        return np.where(np.isnan(lon), -1, np.where(left, LEFT, RIGHT)).astype(np.int64)

    def on_bank(self, shapes: Any, bank: int) -> Any:
        """Return the parts of areas, in degrees of WGS84, that lie on a bank."""
        cut = shapely.intersection if bank == LEFT else shapely.difference
        return cut(np.asarray(shapes, dtype=object), self.left_bank)

    def side(self, shapes: gpd.GeoSeries) -> RiverSide:
        """Prepare one side of a question."""
        return RiverSide(shapes, self)

    def nearest(self, left: Side, right: Side, k: int, *, same: bool = False) -> pd.DataFrame:
        """Return links to at least the k nearest features, as `lcrmap.analysis.links.nearest` does.

        Returns
        -------
        pandas.DataFrame
            As `within` returns it; a few links beyond the k-th may be among them.
        """
        one, other = self._sides(left, right)
        own = [
            _renumbered(links.nearest(a.side, b.side, k, same=same), a.rows, b.rows)
            for a, b in zip(one.halves, other.halves, strict=True)
            if len(a.rows) and len(b.rows)
        ]
        pairs = [_nearest_over(one, other, bank, k) for bank in (LEFT, RIGHT)]
        return _together(one, other, own, pairs, same=same)

    def within(
        self, left: Side, right: Side, radius: Floats, *, same: bool = False
    ) -> pd.DataFrame:
        """Return all links no longer than a radius, as `lcrmap.analysis.links.within` does.

        Returns
        -------
        pandas.DataFrame
            With the columns of links: ``metres`` is the way over the crossing, ``bearing`` as the crow flies, and
            the ends are those of the way. Besides: ``across``, the row number of the crossing taken, -1 for none;
            ``straight_m``, the distance without the barrier; ``least`` and ``most``, between which the errors of
            the crossings' ends leave the way (NaN where they are not known).
        """
        one, other = self._sides(left, right)
        own = [
            _renumbered(links.within(a.side, b.side, radius[a.rows], same=same), a.rows, b.rows)
            for a, b in zip(one.halves, other.halves, strict=True)
        ]
        pairs = [_within_over(one, other, bank, radius) for bank in (LEFT, RIGHT)]
        found = _together(one, other, own, pairs, same=same)
        reached = found["metres"].to_numpy().round(3) <= radius[found["left"].to_numpy()]
        return found if reached.all() else found[reached].reset_index(drop=True)

    def _sides(self, left: Side, right: Side) -> tuple[RiverSide, RiverSide]:
        assert isinstance(left, RiverSide) and isinstance(right, RiverSide)  # noqa: S101, PT018 (made by `side`)
        return left, right

    def corners(self, found: pd.DataFrame) -> Iterator[tuple[Rows, Floats]]:
        """Yield the corners of the ways of links: from the start, over the crossing taken, to the end.

        Yields
        ------
        tuple of arrays
            Row numbers in `found`, and for each the corners (longitude, latitude), of which these have equally many.
        """
        ends = found[ENDS].to_numpy(dtype=np.float64).reshape(-1, 2, 2)
        across, bank = found["across"].to_numpy(), self.banks(ends[:, 0, 0], ends[:, 0, 1])
        own = np.flatnonzero(across == NO_CROSSING)
        yield own, ends[own]
        for row, line in zip(self.crossings.rows, self.crossings.lines, strict=True):
            for start in (LEFT, RIGHT):
                some = np.flatnonzero((across == row) & (bank == start))
                over = np.tile(line[:: -1 if start else 1], (len(some), 1, 1))
                yield some, np.concatenate([ends[some, :1], over, ends[some, 1:]], axis=1)


def river(
    barrier: gpd.GeoSeries | gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    mode: str,
    *,
    assume_open: bool = False,
    key: str = "",
) -> River:
    """Prepare a barrier with its crossings for one way of travelling.

    Parameters
    ----------
    barrier
        A line, in any CRS.
    crossings
        Lines from bank to bank, with or without the columns ``modes``, ``status``, ``length_m`` (its own length; else
        the geodesic between its ends counts) and ``portal_error_m`` (how far either end may be off; else not known).
    mode
        Such as ``walk``.
    assume_open
        Whether a crossing whose modes are not known is open.
    key
        The column that orders crossings over which the way is equally long; see `lcrmap.analysis.ties`.

    Raises
    ------
    GeometryError
        If the barrier is not one line that, drawn on straight, divides the plane in two.

    Examples
    --------
    >>> line = gpd.GeoSeries([shapely.LineString([(0, -1), (0, 1)])], crs="EPSG:4326")
    >>> bridge = gpd.GeoDataFrame(
    ...     {"modes": ["walk"]}, geometry=[shapely.LineString([(-0.001, 0.01), (0.001, 0.01)])], crs="EPSG:4326"
    ... )
    >>> mersey = river(line, bridge, "walk")
    >>> here, there = (mersey.side(gpd.GeoSeries.from_xy([x], [0], crs="EPSG:4326")) for x in (-0.01, 0.01))
    >>> mersey.nearest(here, there, 1)[["metres", "across", "straight_m"]].round(1)
       metres  across  straight_m
    0  3206.9       0      2226.4
    """
    line = barrier_line(barrier.geometry)
    found = River(ground_left_of(line), float(line[:, 0].mean()), Crossings.none())
    order = tie_order(crossings, key) if len(crossings) else np.empty(0, dtype=np.int64)
    taken = order[open_crossings(crossings, mode, assume_open=assume_open)[order]]
    lines = crossing_lines(crossings.geometry)
    without = tuple(int(row) for row in taken if lines[row] is None)
    kept, turned, astray = [], [], []
    for row in taken:
        corners = lines[row]
        if corners is None:
            continue
        ends = found.banks(corners[[0, -1], 0], corners[[0, -1], 1])
        if ends[0] == ends[1]:
            astray.append(int(row))
        else:
            kept.append(int(row))
            turned.append(corners[::-1] if ends[0] == RIGHT else corners)
    return River(
        found.left_bank,
        found.middle,
        Crossings.of(crossings, np.array(kept, dtype=np.int64), tuple(turned)),
        tuple(sorted(without)),
        tuple(sorted(astray)),
    )


class _Half(NamedTuple):
    """What of a side lies on one bank: row numbers, and the shapes there."""

    rows: Rows
    side: Side


class _Legs(NamedTuple):
    """The ways from what lies on a bank to the crossings' ends there: metres, and where they begin; a row a feature."""

    metres: Floats
    lon: Floats
    lat: Floats


@dataclass(frozen=True)
class RiverSide(Side):
    """One side of a question, prepared once: what lies on which bank, and how far it is to the crossings' ends."""

    river: River

    @cached_property
    def banks(self) -> Rows:
        """The bank of each point; -1 without a position."""
        return self.river.banks(*self.lonlat)

    @cached_property
    def halves(self) -> tuple[_Half, _Half]:
        """What lies on the left bank, and what on the right."""
        if self.points:
            rows = [np.flatnonzero(self.banks == bank) for bank in (LEFT, RIGHT)]
            parts = [gpd.GeoSeries(self.shapes.iloc[each]) for each in rows]
        else:
            split = _divided(self.shapes, self.river.left_bank)
            rows = [np.flatnonzero(metric.placed(each)) for each in split]
            parts = [gpd.GeoSeries(each.iloc[some]) for each, some in zip(split, rows, strict=True)]
        left, right = (_Half(some, Side(part)) for some, part in zip(rows, parts, strict=True))
        return left, right

    @cached_property
    def legs(self) -> tuple[_Legs, _Legs]:
        """The ways to the crossings' ends on the left bank, and on the right."""
        left, right = (
            _legs(half.side, self.river.crossings.portals(bank))
            for bank, half in enumerate(self.halves)
        )
        return left, right


def _divided(shapes: gpd.GeoSeries, left_bank: Any) -> tuple[gpd.GeoSeries, gpd.GeoSeries]:
    """Return the parts of shapes on the left bank and on the right; what lies on one bank stays as it is."""
    own = made_valid(as_degrees(shapes))
    shapely.prepare(left_bank)
    touches, held = shapely.intersects(left_bank, own), shapely.covers(left_bank, own)
    both = touches & ~held
    left, right = own.copy(), own.copy()
    left[~touches], right[held] = None, None
    left[both] = shapely.intersection(own[both], left_bank)
    right[both] = shapely.difference(own[both], left_bank)
    return gpd.GeoSeries(left, crs="EPSG:4326"), gpd.GeoSeries(right, crs="EPSG:4326")


def _legs(side: Side, portals: Floats) -> _Legs:
    """Measure from each feature to each portal."""
    shape = len(side.shapes), len(portals)
    if side.points:
        lon, lat = (np.repeat(each, shape[1]) for each in side.lonlat)
        ends = np.tile(portals, (shape[0], 1))
        metres = metric.geodesic(lon, lat, *ends.T)[0]
        return _Legs(metres.reshape(shape), lon.reshape(shape), lat.reshape(shape))
    made = _Legs(*(np.full(shape, each) for each in (np.inf, np.nan, np.nan)))
    if not all(shape):
        return made
    there = Side(gpd.GeoSeries.from_xy(portals[:, 0], portals[:, 1], crs="EPSG:4326"))
    found = links.within(there, side, np.full(shape[1], np.inf))
    at = found["right"].to_numpy(), found["left"].to_numpy()
    for table, column in zip(made, ("metres", "lon2", "lat2"), strict=True):
        table[at] = found[column].to_numpy()
    return made


class _Pairs(NamedTuple):
    """Pairs of features on two banks: the bank of the first, and the numbers of both within their halves."""

    bank: int
    first: Rows
    second: Rows


def _nearest_over(one: RiverSide, other: RiverSide, bank: int, k: int) -> _Pairs:
    """Return pairs among which are the k nearest on the other bank, with what ties with them.

    From whatever place: over a given crossing the nearest are those nearest to its far end.
    """
    here, far = one.legs[bank].metres, other.legs[1 - bank].metres
    if not (here.size and far.size):
        return _Pairs(bank, *np.empty((2, 0), dtype=np.int64))
    last = min(k, len(far)) - 1
    farthest = np.partition(far, last, axis=0)[last]
    some = np.flatnonzero((far <= farthest + SLACK).any(axis=1))
    first, second = [], []
    for rows in _chunks(len(here), len(some) * far.shape[1]):
        ways = _ways(one.river, here[rows, None], far[None, some]).min(axis=-1)
        most = np.partition(ways, min(last, len(some) - 1), axis=1)[:, min(last, len(some) - 1)]
        row, column = np.nonzero(ways <= most[:, None] + SLACK)
        first.append(rows[row])
        second.append(some[column])
    return _Pairs(bank, np.concatenate(first), np.concatenate(second))


def _within_over(one: RiverSide, other: RiverSide, bank: int, radius: Floats) -> _Pairs:
    """Return pairs among which are all whose way over some crossing is no longer than the radius of the first."""
    here, far = one.legs[bank].metres, other.legs[1 - bank].metres
    most = radius[one.halves[bank].rows]
    codes = []
    for number, metres in enumerate(one.river.crossings.metres):
        order = np.argsort(far[:, number], kind="stable")
        left = most - metres - here[:, number] + SLACK  # NaN, which reaches nothing, sorts last
        reached = np.searchsorted(far[order, number], np.nan_to_num(left, nan=-1), side="right")
        first = np.repeat(np.arange(len(here)), reached)
        behind = np.arange(len(first)) - np.repeat(np.cumsum(reached) - reached, reached)
        codes.append(first * len(far) + order[behind])
    pairs = np.unique(np.concatenate(codes)) if codes else np.empty(0, dtype=np.int64)
    return _Pairs(bank, *np.divmod(pairs, max(len(far), 1)))


def _chunks(count: int, cells: int) -> Iterator[Rows]:
    step = max(1, _MOST_CELLS // max(cells, 1))
    for start in range(0, count, step):
        yield np.arange(start, min(start + step, count))


def _ways(river: River, here: Floats, far: Floats) -> Floats:
    """Return how long the ways are over each crossing, which is the last axis."""
    return np.asarray(here + river.crossings.metres + far)


def _over(one: RiverSide, other: RiverSide, pairs: _Pairs) -> pd.DataFrame:
    """Return a link for each pair, over the crossing that makes the way shortest."""
    crossings, here, far = one.river.crossings, one.legs[pairs.bank], other.legs[1 - pairs.bank]
    ways = _ways(one.river, here.metres[pairs.first], far.metres[pairs.second])
    # Crossings stand in the order of the tie rule: of ways equal to the millimetre the first is taken.
    best = ways.round(3).argmin(axis=1)
    row = np.arange(len(best))
    start, end = (pairs.first, best), (pairs.second, best)
    ends = [here.lon[start], here.lat[start], far.lon[end], far.lat[end]]
    straight, bearing = metric.geodesic(*ends)
    rows = one.halves[pairs.bank].rows[pairs.first], other.halves[1 - pairs.bank].rows[pairs.second]
    values = [*rows, ways[row, best], np.where(straight > 0, bearing, np.nan), *ends]
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True))).assign(
        across=crossings.rows[best],
        straight_m=straight,
        least=(ways - crossings.error).min(axis=1),
        most=(ways + crossings.error).min(axis=1),
    )


def _renumbered(found: pd.DataFrame, left: Rows, right: Rows) -> pd.DataFrame:
    """Return links of the halves on one bank as links of the whole sides."""
    metres = found["metres"]
    return found.assign(
        left=left[found["left"].to_numpy(dtype=np.int64)],
        right=right[found["right"].to_numpy(dtype=np.int64)],
        across=NO_CROSSING,
        straight_m=metres,
        least=metres,
        most=metres,
    )


def _together(
    one: RiverSide,
    other: RiverSide,
    own: list[pd.DataFrame],
    pairs: list[_Pairs],
    *,
    same: bool,
) -> pd.DataFrame:
    """Return the links on either bank and those between them, one a pair of features."""
    tables = own + [_over(one, other, each) for each in pairs if len(each.first)]
    some = [each for each in tables if len(each)]
    if not some:
        columns = [*COLUMNS, "across", "straight_m", "least", "most"]
        return pd.DataFrame({each: np.empty(0) for each in columns}).astype(
            {"left": np.int64, "right": np.int64, "across": np.int64}
        )
    found = pd.concat(some, ignore_index=True)
    if same:
        found = found[found["left"] != found["right"]].reset_index(drop=True)
    if one.points and other.points:
        return found
    return _straightened(_shortest(found), one, other, same=same)


def _shortest(found: pd.DataFrame) -> pd.DataFrame:
    """Keep of each pair of shapes, whose parts may lie on both banks, the shortest way."""
    pair = ["left", "right"]
    # Of several, one that is not known leaves it open.
    bounds = found[["least", "most"]].fillna(-np.inf)
    least = bounds.groupby([found[each] for each in pair]).min().replace(-np.inf, np.nan)
    millimetres = found["metres"].to_numpy().round(3)
    order = np.lexsort([found["across"].to_numpy(), millimetres])
    best = found.take(order).drop_duplicates(pair, ignore_index=True)
    known = least.reindex(pd.MultiIndex.from_frame(best[pair]))
    return best.assign(least=known["least"].to_numpy(), most=known["most"].to_numpy())


def _straightened(
    found: pd.DataFrame, one: RiverSide, other: RiverSide, *, same: bool
) -> pd.DataFrame:
    """Fill in the distances without the barrier, which between shapes may begin and end elsewhere than the way."""
    radius = np.full(len(one.shapes), np.nan)
    reached = found.groupby("left")[["metres", "straight_m"]].max().max(axis=1)
    radius[reached.index.to_numpy(dtype=np.int64)] = reached.to_numpy() + SLACK
    straight = links.within(one, other, radius, same=same)
    by_pair = straight.set_index(["left", "right"])
    at = pd.MultiIndex.from_frame(found[["left", "right"]])
    metres, bearing = (by_pair[each].reindex(at).to_numpy() for each in ("metres", "bearing"))
    return found.assign(straight_m=metres, bearing=bearing)
