"""Measured links between the features of two layers: how far, in which direction, from where to where.

A link joins one feature of the left side with one of the right. Between points it is the geodesic; where a line or an
area is concerned it goes from edge to edge, and has no length where the two touch. Candidates come from
`lcrmap.analysis.chords`, whose bound is proven; what is returned is measured by `lcrmap.analysis.metric`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.candidates import nearest_candidates, possibly_within, within_candidates
from lcrmap.analysis.chords import (
    SLACK,
    Floats,
    Rows,
    chord_space,
    longest_chord,
    longest_geodesic,
)
from lcrmap.analysis.edges import BEND, Pieces, cut
from lcrmap.analysis.far import SURE, beyond, far_candidates, far_pairs
from lcrmap.analysis.validity import made_valid

__all__ = ["COLUMNS", "ENDS", "STRAIGHT", "Side", "Ways", "nearest", "within"]

ENDS = ["lon1", "lat1", "lon2", "lat2"]
COLUMNS = ["left", "right", "metres", "bearing", *ENDS]
_CHUNK = 20_000  # positions measured against edges at once
# Metres: beyond half of it chords say too little, and runs of edges are measured.
_FAR = 1_000_000.0
_NONE: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Side:
    """One side of the question, prepared once: its shapes and what is derived from them.

    Parameters
    ----------
    shapes
        Features in any CRS; a row may lack a position, and then has no links.
    """

    shapes: gpd.GeoSeries

    @cached_property
    def points(self) -> bool:
        """Whether every feature is a single point."""
        return metric.are_points(self.shapes)

    @cached_property
    def rows(self) -> Rows:
        """The row numbers of the features that have a position."""
        there = ~np.isnan(self.lonlat[0]) if self.points else metric.placed(self.shapes)
        return np.flatnonzero(there)

    def of(self, places: Rows) -> Rows:
        """Return the row numbers of features by their places among those that have a position."""
        return places if len(self.rows) == len(self.shapes) else self.rows[places]

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of points, row by row."""
        return metric.lonlat(self.shapes)

    @cached_property
    def xyz(self) -> Floats:
        """Geocentric metres of the points that have a position, in the order of `rows`."""
        lon, lat = self.lonlat
        return chord_space(lon[self.rows], lat[self.rows])

    @cached_property
    def pieces(self) -> Pieces:
        """The edges, in short pieces."""
        return cut(self.shapes)


class Ways(Protocol):
    """How one gets from one feature to another: straight, or in a divided region by its crossings."""

    @property
    def slack(self) -> float:
        """By how many metres, at most, ways may be shorter than they are measured, whatever the positions' errors."""

    @property
    def vague(self) -> bool:
        """Whether it is not known how much shorter or longer some ways may be."""

    def side(self, shapes: gpd.GeoSeries) -> Side:
        """Prepare one side of a question."""

    def nearest(self, left: Side, right: Side, k: int, *, same: bool = False) -> pd.DataFrame:
        """Return links to the k nearest; see `nearest`."""

    def within(
        self, left: Side, right: Side, radius: Floats, *, same: bool = False
    ) -> pd.DataFrame:
        """Return links no longer than a radius; see `within`."""


class _Straight:
    """Ways along the ground, as if nothing divided it."""

    slack = 0.0
    vague = False

    def side(self, shapes: gpd.GeoSeries) -> Side:
        return Side(shapes)

    def nearest(self, left: Side, right: Side, k: int, *, same: bool = False) -> pd.DataFrame:
        return nearest(left, right, k, same=same)

    def within(
        self, left: Side, right: Side, radius: Floats, *, same: bool = False
    ) -> pd.DataFrame:
        return within(left, right, radius, same=same)


STRAIGHT: Final[Ways] = _Straight()


def nearest(left: Side, right: Side, k: int, *, same: bool = False) -> pd.DataFrame:
    """Return links to at least the k nearest right features of each left one, with all that tie with the last.

    Parameters
    ----------
    left, right
        The two sides.
    k
        How many; all, if there are fewer.
    same
        Whether both sides are one layer, so that a feature is not its own neighbour.

    Returns
    -------
    pandas.DataFrame
        As `within` returns it; a few links beyond the k-th may be among them.
    """
    if left.points and right.points:
        query, target = nearest_candidates(left.xyz, right.xyz, k + same)
        first = len(left.rows) * min(k + same, len(right.rows))
        return _between_points(left, right, left.of(query), right.of(target), same, first)
    if left.points:
        wanted = min(k, len(np.unique(right.pieces.shape)))
        far = left.rows[beyond(left.xyz, right.pieces, wanted)] if wanted else _NONE
        radius = _radius_of_nearest(left, right, wanted, np.isin(left.rows, far, invert=True))
        close = within(left, right, radius, same=same)
        return _joined(close, _far_links(left, right, far, wanted)) if len(far) else close
    return _from_shapes(left, right, k=k, radius=None, same=same)


def within(left: Side, right: Side, radius: Floats, *, same: bool = False) -> pd.DataFrame:
    """Return all links no longer than a radius.

    Parameters
    ----------
    left, right
        The two sides.
    radius
        Metres, one for each left feature; NaN reaches nothing. Equal to the millimetre counts as reached.
    same
        Whether both sides are one layer, so that a feature is not its own neighbour.

    Returns
    -------
    pandas.DataFrame
        ``left`` and ``right`` (row numbers), ``metres``, ``bearing`` at the left end (degrees), and the ends of the
        link, ``lon1``, ``lat1``, ``lon2``, ``lat2`` (degrees of WGS84); in no order.
    """
    if left.points and right.points:
        query, target = within_candidates(left.xyz, right.xyz, radius[left.rows] + SLACK)
        links = _between_points(left, right, left.of(query), right.of(target), same)
    elif left.points:
        links = _from_points(left, right, radius)
    else:
        links = _from_shapes(left, right, k=None, radius=radius, same=same)
    reached = links["metres"].to_numpy().round(3) <= radius[links["left"].to_numpy()]
    kept: pd.DataFrame = links if reached.all() else links[reached].reset_index(drop=True)
    return kept


def _between_points(
    left: Side, right: Side, rows: Rows, others: Rows, same: bool, first: int | None = None
) -> pd.DataFrame:
    """Return the links of pairs of points.

    Parameters
    ----------
    first
        Where the pairs are those of `nearest_candidates`, how many come first, as many for each left feature. The links
        are then put in order, left feature by left feature and by their length; and what comes behind and is farther
        than all of these is left out.
    """
    if same:
        apart = rows != others
        first = None if first is None else int(np.count_nonzero(apart[:first]))
        rows, others = rows[apart], others[apart]
    ends = [each[rows] for each in left.lonlat] + [each[others] for each in right.lonlat]
    metres, bearing = metric.geodesic(*ends)
    bearing[~(metres > 0)] = np.nan  # from a place to itself there is no way
    values: list[Any] = [rows, others, metres, bearing, *ends]
    if first is not None:
        values = _in_order(values, first, len(left.shapes))
    # Columns of their own are quicker to make, and to take rows of, than one table of them all.
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)), copy=False)


def _in_order(columns: list[Any], first: int, count: int) -> list[Any]:
    """Put links in order that nearly are; most of them stay where they are, so that no column is made anew."""
    rows, metres = columns[0], columns[2]
    if first < len(rows):
        some = _of_these(rows[:first], rows[first:], count)
        farthest = np.zeros(count)
        np.maximum.at(farthest, rows[some], metres[some])
        farther = metres[first:].round(3) > farthest[rows[first:]].round(3)
        behind = first + np.flatnonzero(~farther)
        kept: Any = slice(first)
        if len(behind):
            kept = np.append(np.arange(first), behind)
            kept = kept[np.argsort(rows[kept], kind="stable")]
        columns = [each[kept] for each in columns]
        rows, metres = columns[0], columns[2]
    shorter = (metres[1:] < metres[:-1]) & (rows[1:] == rows[:-1])
    some = _of_these(rows, rows[1:][shorter], count)
    order = some[np.lexsort([metres[some], rows[some]])]
    for each in columns:
        each[some] = each[order]
    return columns


def _of_these(rows: Rows, wanted: Rows, count: int) -> Rows:
    """Return where those rows are that are wanted, of so many features."""
    chosen = np.zeros(count, dtype=bool)
    chosen[wanted] = True
    return np.flatnonzero(chosen[rows])


def _from_points(left: Side, right: Side, radius: Floats) -> pd.DataFrame:
    """Return the links of points to shapes that may lie within a radius; where chords say little, to all shapes."""
    rows, far = left.rows, _NONE
    if np.nanmax(radius, initial=0) > SURE:
        shapes = len(np.unique(right.pieces.shape))
        unsure = left.rows[beyond(left.xyz, right.pieces, shapes)]
        far = unsure[radius[unsure] > SURE]
        rows = np.setdiff1d(rows, far)
    chunks = range(0, max(len(rows), 1), _CHUNK)
    parts = [_to_shapes(left, right, rows[each : each + _CHUNK], radius) for each in chunks]
    if len(far):
        parts.append(_far_links(left, right, far, len(right.shapes)))
    return _joined(*parts)


def _far_links(left: Side, right: Side, rows: Rows, wanted: int) -> pd.DataFrame:
    """Return the links from some points to `wanted` shapes at least, however far away these are."""
    lon, lat = (each[rows] for each in left.lonlat)
    return _joined(
        *(
            _measured(left, right, rows[np.unique(one)], rows[one], piece)
            for one, piece in far_pairs(lon, lat, right.pieces, wanted)
        )
    )


def _joined(*links: pd.DataFrame) -> pd.DataFrame:
    """Put tables of links below each other."""
    some = [each for each in links if len(each)]
    return pd.concat(some or links[:1], ignore_index=True)


def _radius_of_nearest(left: Side, right: Side, wanted: int, close: Any) -> Floats:
    """Return for each point a radius within which the nearest shapes surely lie, as many as are wanted.

    Parameters
    ----------
    close
        Tells of which points it is asked; that of the others stays NaN.
    """
    radius = np.full(len(left.shapes), np.nan)
    if wanted == 0:
        return radius
    asking = np.flatnonzero(close)
    for start in range(0, len(asking), _CHUNK):
        some = asking[start : start + _CHUNK]
        radius[left.rows[some]] = _radii(left.xyz[some], right.pieces, wanted)
    return radius


def _radii(positions: Floats, pieces: Pieces, wanted: int) -> Floats:
    radius = np.full(len(positions), np.nan)
    asking, middles, tries = np.arange(len(positions)), pieces.middle, 4 * wanted
    while len(asking):
        query, piece = nearest_candidates(positions[asking], middles, tries)
        chords = np.sqrt(((positions[asking][query] - middles[piece]) ** 2).sum(axis=1))
        table = pd.DataFrame({"q": query, "s": pieces.shape[piece], "c": chords})
        by_shape = table.groupby(["q", "s"])["c"].min().reset_index().sort_values(["q", "c"])
        last = by_shape[by_shape.groupby("q").cumcount() == wanted - 1]
        settled = last["q"].to_numpy()
        radius[asking[settled]] = longest_geodesic(last["c"].to_numpy() + BEND) + SLACK
        asking, tries = np.delete(asking, settled), tries * 4
    return radius


def _to_shapes(left: Side, right: Side, rows: Rows, radius: Floats) -> pd.DataFrame:
    """Return the links from some points to the shapes within a radius."""
    pieces, (lon, lat) = right.pieces, left.lonlat
    reached = radius[rows] + pieces.reach + metric.EDGE_BOUND
    query, piece = within_candidates(chord_space(lon[rows], lat[rows]), pieces.middle, reached)
    return _measured(left, right, rows, rows[query], piece)


def _measured(left: Side, right: Side, rows: Rows, point: Rows, piece: Rows) -> pd.DataFrame:
    """Return the links of some points to the shapes that hold them, and to the nearest of some pieces of each shape."""
    pieces, (lon, lat) = right.pieces, left.lonlat
    found = metric.to_edges(
        lon[point], lat[point], pieces.of(piece), point * len(right.shapes) + pieces.shape[piece]
    )
    start, shape = np.divmod(found["group"].to_numpy(), len(right.shapes))
    values = [start, shape, found["metres"], found["bearing"], lon[start], lat[start]]
    links = pd.DataFrame(dict(zip(COLUMNS, [*values, found["lon"], found["lat"]], strict=True)))
    some = gpd.GeoSeries(np.asarray(left.shapes)[rows], crs=left.shapes.crs)
    point, shape = metric.inside(some, right.shapes)
    return _touching(links, rows[point], shape, lon[rows[point]], lat[rows[point]])


def _touching(
    links: pd.DataFrame, left: Rows, right: Rows, lon: Floats, lat: Floats
) -> pd.DataFrame:
    """Put links without length in the place of those to the edges around."""
    none = np.zeros(len(left))
    values = [left, right, none, np.full(len(left), np.nan), lon, lat, lon, lat]
    touching = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    both = [each for each in (touching, links) if len(each)]
    together = pd.concat(both, ignore_index=True) if both else links
    return together.drop_duplicates(["left", "right"], ignore_index=True)


def _from_shapes(
    left: Side, right: Side, *, k: int | None, radius: Floats | None, same: bool
) -> pd.DataFrame:
    """Return the links of lines and areas, one left feature at a time."""
    touching = _intersecting(left, right)
    found = []
    for row in left.rows:
        own = left.pieces.of(np.flatnonzero(left.pieces.shape == row))
        others = touching[1][touching[0] == row]
        others = others[others != row] if same else others
        # What is touched is 0 m away: nothing is measured to its edges.
        omitted = np.append(others, row) if same else others
        rest = None if k is None else k - len(others)
        limit = np.inf if radius is None else float(radius[row])
        links = _from_shape(own, right, k=rest, limit=limit, omitted=omitted)
        links.insert(0, "left", row)
        lon, lat = _common_points(left, right, int(row), others)
        found.append(_touching(links, np.full(len(others), row), others, lon, lat))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)


def _from_shape(
    own: Pieces, right: Side, *, k: int | None, limit: float, omitted: Rows
) -> pd.DataFrame:
    """Return the links of one shape to those that may be among the k nearest, or lie within a limit."""
    if k is not None and k <= 0:
        return _edge_to_edge(own.of(_NONE), right.pieces.of(_NONE))
    others = right.pieces
    if len(omitted):
        others = others.of(np.flatnonzero(~np.isin(others.shape, omitted)))
    slack = own.reach + others.reach + metric.EDGE_BOUND
    within_sight = _FAR if k is not None else min(_FAR, limit + slack)
    close = others.of(possibly_within(others.middle, own.middle, within_sight))
    query, target = nearest_candidates(close.middle, own.middle, 1)
    chords = np.sqrt(((close.middle[query] - own.middle[target]) ** 2).sum(axis=1))
    straight = np.full(len(right.shapes), np.inf)  # the shortest chord between any two middles
    np.minimum.at(straight, close.shape[query], chords)
    straight[straight > _FAR / 2] = np.inf
    most = longest_geodesic(straight + 2 * BEND)  # no right shape is farther away than this
    far = _NONE, _NONE
    if limit > _FAR / 3 if k is None else np.isfinite(straight).sum() < k:
        distant = np.flatnonzero(np.isinf(straight)[others.shape])
        if len(distant):
            one, other, at_most = far_candidates(own, others.of(distant))
            most[list(at_most)] = list(at_most.values())
            far = one, distant[other]
    if k is not None:
        limit = float(np.sort(most)[min(k, len(most)) - 1]) + SLACK
    wanted = np.isfinite(straight) & (straight - slack <= longest_chord(np.array(limit)))
    some = close.of(np.flatnonzero(wanted[close.shape]))
    one, other = within_candidates(some.middle, own.middle, most[some.shape] + slack)
    return _edge_to_edge(own.of(other) + own.of(far[0]), some.of(one) + others.of(far[1]))


def _edge_to_edge(own: Pieces, other: Pieces) -> pd.DataFrame:
    """Measure pairs of pieces, from each end of one to the whole of the other, and keep the best for each shape.

    Two pieces that do not cross are nearest to one another at an end of one of them.
    """
    ends = [own.start, own.start + own.step, other.start, other.start + other.step]
    onto = [other, other, own, own]
    tables = []
    for number, (at, pieces) in enumerate(zip(ends, onto, strict=True)):
        table = metric.to_edges(at[:, 0], at[:, 1], pieces, other.shape)
        here = at[table["row"].to_numpy()]
        there = table[["lon", "lat"]].to_numpy()
        first, second = (here, there) if number < 2 else (there, here)
        values = [table["group"], table["metres"], *first.T, *second.T]
        tables.append(pd.DataFrame(dict(zip(["right", "metres", *ENDS], values, strict=True))))
    best = pd.concat(tables, ignore_index=True).sort_values(["right", "metres", *ENDS])
    best = best.drop_duplicates("right", ignore_index=True)
    bearing = metric.geodesic(*(best[name].to_numpy() for name in ENDS))[1]
    best.insert(2, "bearing", np.where(best["metres"] > 0, bearing, np.nan))
    return best


def _intersecting(left: Side, right: Side) -> tuple[Rows, Rows]:
    """Return the pairs that touch, tested in the coordinates of the right side."""
    brought = _brought(left, right)
    tree = shapely.STRtree(np.asarray(right.shapes)[right.rows])
    one, other = tree.query(brought, predicate="intersects")
    return left.rows[one], right.rows[other]


def _brought(left: Side, right: Side) -> Any:
    shapes = gpd.GeoSeries(np.asarray(left.shapes)[left.rows], crs=left.shapes.crs)
    if left.shapes.crs != right.shapes.crs and right.shapes.crs is not None:
        shapes = shapes.to_crs(right.shapes.crs)
    return np.asarray(shapes)


def _common_points(left: Side, right: Side, row: int, others: Rows) -> tuple[Floats, Floats]:
    """Return one point that a shape shares with each of those that it touches."""
    if len(others) == 0:
        return np.empty(0), np.empty(0)
    own = _brought(left, right)[np.searchsorted(left.rows, row)]
    own, *theirs = made_valid([own, *np.asarray(right.shapes)[others]])
    shared = shapely.intersection(own, theirs)
    return metric.lonlat(gpd.GeoSeries(shapely.point_on_surface(shared), crs=right.shapes.crs))
