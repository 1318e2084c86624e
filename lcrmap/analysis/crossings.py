"""Distances in a region that a barrier divides, such as a river: between its banks only by way of a crossing.

The bank of a position is the side of the barrier line, which is drawn on straight beyond both ends; the line itself is
of the left bank, as it runs. On one bank the distance is the geodesic, over water or not: a lower bound of any way.
Between the banks it is the least, over the crossings that are open, of the way to the crossing's end on this bank, its
own length, and the way from its far end; all of them are tried, so it is exact.

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
import pyproj
import shapely

from lcrmap.analysis import links, metric
from lcrmap.analysis.candidates import closest
from lcrmap.analysis.chords import SLACK, Floats, Rows, chord_space
from lcrmap.analysis.links import COLUMNS, ENDS, Side
from lcrmap.analysis.ties import tie_order
from lcrmap.analysis.validity import made_valid
from lcrmap.errors import GeometryError

__all__ = ["LEFT", "RIGHT", "River", "RiverSide", "detours", "open_crossings", "river"]

LEFT: Final = 0
RIGHT: Final = 1
NO_CROSSING: Final = -1  # in the column `across`

_CLOSED: Final = "closed"
_FAR: Final = (
    2_000.0  # degrees: how far the line is drawn on, farther than any two longitudes are apart
)
_ARC: Final = 64  # corners of the arc that closes a bank, far outside the world
_MOST_CELLS: Final = 1 << 22  # the largest table of ways held at once

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


def open_crossings(frame: gpd.GeoDataFrame, mode: str, *, assume_open: bool = False) -> BoolArray:
    """Tell which crossings are open to a way of travelling: there by their status, and the mode among their modes.

    Parameters
    ----------
    frame
        Crossings, with or without the columns ``status`` and ``modes`` (with semicolons between several).
    mode
        Such as ``walk``.
    assume_open
        Whether a crossing whose modes are not known is open; else it is closed.

    Examples
    --------
    >>> crossings = gpd.GeoDataFrame(
    ...     {"modes": ["walk; cycle", "drive", None, "walk"], "status": ["operational", "operational", None, "closed"]},
    ...     geometry=[None] * 4,
    ... )
    >>> open_crossings(crossings, "walk").tolist(), open_crossings(crossings, "walk", assume_open=True).tolist()
    ([True, False, False, False], [True, False, True, False])
    """
    open_ = np.full(len(frame), assume_open)
    if "modes" in frame:
        known = frame["modes"].fillna("").astype(str)
        named = [[each.strip() for each in text.split(";") if each.strip()] for text in known]
        open_ = np.array([mode in each if each else assume_open for each in named], dtype=bool)
    if "status" in frame:
        open_ &= (frame["status"] != _CLOSED).to_numpy(dtype=bool)
    return open_


class Crossings(NamedTuple):
    """The crossings by which one gets to the other bank, in the order of the tie rule.

    Attributes
    ----------
    rows
        Their row numbers among all crossings.
    metres
        How long each is.
    error
        How much its ends, both together, may change a way over it; NaN where that is not known.
    lines
        The corners of each (longitude, latitude), from the left bank to the right.
    """

    rows: Rows
    metres: Floats
    error: Floats
    lines: tuple[Floats, ...]

    def portals(self, bank: int) -> Floats:
        """Return the ends on a bank: longitude and latitude."""
        ends = [line[-1 if bank else 0] for line in self.lines]
        return np.array(ends, dtype=np.float64).reshape(-1, 2)


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
    line = _line_of(barrier.geometry)
    found = River(_left_of(line), float(line[:, 0].mean()), _no_crossings())
    order = tie_order(crossings, key) if len(crossings) else np.empty(0, dtype=np.int64)
    taken = order[open_crossings(crossings, mode, assume_open=assume_open)[order]]
    lines = _lines_of(crossings.geometry)
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
        _measured(crossings, np.array(kept, dtype=np.int64), tuple(turned)),
        tuple(sorted(without)),
        tuple(sorted(astray)),
    )


def _no_crossings() -> Crossings:
    none = np.empty(0)
    return Crossings(none.astype(np.int64), none, none, ())


def _measured(frame: gpd.GeoDataFrame, rows: Rows, lines: tuple[Floats, ...]) -> Crossings:
    made = Crossings(rows, np.empty(0), np.empty(0), lines)
    metres = metric.geodesic(*made.portals(LEFT).T, *made.portals(RIGHT).T)[0]
    own = _numbers(frame, "length_m")[rows]
    errors = 2 * _numbers(frame, "portal_error_m")[rows]
    return made._replace(metres=np.where(np.isnan(own), metres, own), error=errors)


def _numbers(frame: gpd.GeoDataFrame, column: str) -> Floats:
    """Return metres; NaN for what is no length: not known, negative or without end."""
    if column not in frame:
        return np.full(len(frame), np.nan)
    found = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where((found >= 0) & np.isfinite(found), found, np.nan)


def _line_of(shapes: gpd.GeoSeries) -> Floats:
    """Return the corners of the barrier."""
    merged = shapely.line_merge(shapely.union_all(_degrees(shapes).to_numpy()))
    corners = shapely.get_coordinates(merged)
    if merged.geom_type != "LineString" or merged.is_closed or len(corners) < 2:
        raise GeometryError("The barrier must be one line with two ends, so that it has two banks.")
    return corners


def _lines_of(shapes: gpd.GeoSeries) -> list[Floats | None]:
    """Return the corners of each crossing; None where it is not one line."""
    merged = np.asarray(shapely.line_merge(_degrees(shapes).to_numpy()))
    return [
        shapely.get_coordinates(each)
        if each is not None and each.geom_type == "LineString" and not each.is_empty
        else None
        for each in merged
    ]


def _degrees(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in degrees of WGS84; edges that were straight in another system stay where they are."""
    metric.placed(shapes)  # refuses what cannot be measured
    return shapes if pyproj.CRS(shapes.crs).equals("EPSG:4326") else metric.densified(shapes)


def _left_of(line: Floats) -> Any:
    """Return the ground left of a line that is drawn on straight: closed by an arc far outside the world."""
    middle = (line.min(axis=0) + line.max(axis=0)) / 2
    starts, ends = line[:2], line[-2:]
    first = line[0] + _FAR * _unit(starts[0] - starts[1])
    last = line[-1] + _FAR * _unit(ends[1] - ends[0])
    from_, to = (np.arctan2(*(each - middle)[::-1]) for each in (last, first))
    turn = np.linspace(from_, from_ + (to - from_) % (2 * np.pi), _ARC)[1:-1]
    arc = middle + 2 * _FAR * np.column_stack([np.cos(turn), np.sin(turn)])
    bank = shapely.Polygon(np.vstack([first, line, last, arc]))
    if not bank.is_valid:
        raise GeometryError(
            "The barrier must not cross itself, nor do so where it is drawn on straight: else it has no banks."
        )
    return bank


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.hypot(*vector))


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
    own = made_valid(_degrees(shapes))
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
    bounds = found[["least", "most"]].fillna(
        -np.inf
    )  # of several, one that is not known leaves it open
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


def detours(
    left: RiverSide,
    right: RiverSide,
    *,
    same: bool = False,
    nearest: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tell for which points the nearest lies on the other bank, and how much farther it is by a crossing.

    For a remark beside straight distances: it is quick, as chords tell what is nearest, and only that is measured.

    Parameters
    ----------
    left, right
        The two sides, both of points.
    same
        Whether both sides are one layer, so that a feature is not its own neighbour.
    nearest
        ``left`` and ``right`` of the nearest, where they are known already; else chords tell them. As near on either
        bank is not across.

    Returns
    -------
    pandas.DataFrame
        One row a point whose nearest lies across: ``left`` (row number), ``straight_m`` to the nearest, and
        ``farther_m``, how much more it is to what is nearest by the crossings, on either bank; infinite where no way
        leads anywhere. Right to a metre below 50 km.

    Examples
    --------
    >>> line = gpd.GeoSeries([shapely.LineString([(0, -1), (0, 1)])], crs="EPSG:4326")
    >>> bridge = gpd.GeoDataFrame(
    ...     {"modes": ["walk"]}, geometry=[shapely.LineString([(-0.001, 0.01), (0.001, 0.01)])], crs="EPSG:4326"
    ... )
    >>> ways = river(line, bridge, "walk")
    >>> homes, shops = (ways.side(gpd.GeoSeries.from_xy(x, [0] * 2, crs="EPSG:4326")) for x in ([-0.01, 1], [0.01, 1]))
    >>> detours(homes, shops).round(1)
       left  straight_m  farther_m
    0     0      2226.4      980.5
    """
    found = (
        _lying_across(left, right, same=same) if nearest is None else _across(left, right, nearest)
    )
    banks = left.banks[found["left"].to_numpy()]
    tables = [
        _detours_from(left, right, found[banks == bank], bank, same=same) for bank in (LEFT, RIGHT)
    ]
    return pd.concat(tables, ignore_index=True).sort_values("left", ignore_index=True)


def _across(left: RiverSide, right: RiverSide, nearest: pd.DataFrame) -> pd.DataFrame:
    """Return of the nearest those that lie across: ``left`` and ``right``, a row a point."""
    own = left.banks[nearest["left"].to_numpy()] == right.banks[nearest["right"].to_numpy()]
    at_home = np.unique(nearest["left"].to_numpy()[own])
    far = nearest[~np.isin(nearest["left"].to_numpy(), at_home)]
    return far[["left", "right"]].drop_duplicates("left")


def _lying_across(left: RiverSide, right: RiverSide, *, same: bool) -> pd.DataFrame:
    """Return the nearest of each point, by their chords, if it lies across: ``left`` and ``right``."""
    tables = []
    for bank in (LEFT, RIGHT):
        home, away = right.halves[bank], right.halves[1 - bank]
        here = left.banks[left.rows] == bank
        rows, xyz = left.rows[here], left.xyz[here]
        own = closest(xyz, home.side.xyz, omitted=np.arange(len(rows)) if same else None)
        across = closest(xyz, away.side.xyz)
        some = np.flatnonzero(across[1] < own[1])
        tables.append(pd.DataFrame({"left": rows[some], "right": away.rows[across[0][some]]}))
    return pd.concat(tables, ignore_index=True)


def _detours_from(
    left: RiverSide, right: RiverSide, across: pd.DataFrame, bank: int, *, same: bool
) -> pd.DataFrame:
    """Measure the detours of points on a bank whose nearest is known to lie across."""
    home, rows, away = right.halves[bank], across["left"].to_numpy(), across["right"].to_numpy()
    (lon, lat), there = (each[rows] for each in left.lonlat), np.column_stack(right.lonlat)
    here = chord_space(lon, lat)
    # Of one layer, both halves hold the same rows in the same order.
    own, metres = closest(
        here, home.side.xyz, omitted=np.searchsorted(home.rows, rows) if same else None
    )
    crossings, far = left.river.crossings, right.legs[1 - bank].metres
    portals, behind = crossings.portals(bank), crossings.metres + far.min(axis=0, initial=np.inf)
    # Whichever is nearer: what lies on one's own bank, or the crossing with the way behind it.
    best = np.full(len(rows), -1)
    for number, (portal, rest) in enumerate(zip(chord_space(*portals.T), behind, strict=True)):
        way = np.sqrt(((here - portal) ** 2).sum(axis=1)) + rest
        best[way < metres] = number
        metres = np.minimum(way, metres)
    to, rest = np.full((len(rows), 2), np.nan), np.full(len(rows), np.inf)
    stays = np.isfinite(metres) & (best < 0)
    to[stays], rest[stays] = there[home.rows[own[stays]]], 0
    to[best >= 0], rest[best >= 0] = portals[best[best >= 0]], behind[best[best >= 0]]
    straight = metric.geodesic(lon, lat, *there[away].T)[0]
    way = np.nan_to_num(metric.geodesic(lon, lat, *to.T)[0]) + rest
    return pd.DataFrame({"left": rows, "straight_m": straight, "farther_m": way - straight})
