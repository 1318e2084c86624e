"""What is near: the k nearest features, or all within a distance, ranked, with what is known of distance and rank."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.links import STRAIGHT, Side, Ways, nearest
from lcrmap.analysis.metric import inside, placed
from lcrmap.analysis.ranges import error_radii, may_also_be, possible_ranks, with_range
from lcrmap.analysis.ties import nearest_first
from lcrmap.errors import UsageError

__all__ = ["RightErrors", "distance", "near", "within_reach"]


@dataclass(frozen=True, slots=True)
class RightErrors:
    """What is known of the errors of all positions that something may be near to; ``+`` adds others.

    Attributes
    ----------
    unknown
        How many have none.
    most
        The greatest, in metres.
    """

    unknown: int
    most: float

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame) -> RightErrors:
        """Return what is known of the features of a frame that have a position.

        Examples
        --------
        >>> frame = gpd.GeoDataFrame({"position_error_m": [5, None]}, geometry=gpd.points_from_xy([0, 1], [0, 0]))
        >>> RightErrors.of(frame.set_crs("EPSG:4326"))
        RightErrors(unknown=1, most=5.0)
        """
        return cls.known(error_radii(frame)[placed(gpd.GeoSeries(frame.geometry))])

    @classmethod
    def known(cls, errors: Floats) -> RightErrors:
        """Return what is known of errors of which some are NaN."""
        return cls(int(np.isnan(errors).sum()), float(np.nanmax(errors, initial=0)))

    def __add__(self, other: RightErrors) -> RightErrors:
        return RightErrors(self.unknown + other.unknown, max(self.most, other.most))


def distance(shapes: gpd.GeoSeries, others: gpd.GeoSeries) -> Floats:
    """Measure from each shape to the nearest of others, whatever is known of their positions.

    Parameters
    ----------
    shapes, others
        Points, lines or areas in any CRS; a row may lack a position.

    Returns
    -------
    array of float64
        Geodesic metres for each shape: 0 where it touches one, NaN where it has no position or the others have none.

    Examples
    --------
    >>> square = gpd.GeoSeries.from_wkt(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"], crs="EPSG:4326")
    >>> distance(gpd.GeoSeries.from_xy([0.5, 1.001], [0.5, 0], crs="EPSG:4326"), square).round(1).tolist()
    [0.0, 111.3]
    """
    metres = np.full(len(shapes), np.nan)
    if not placed(others).any():
        return metres
    touching = np.unique(inside(shapes, others)[0])
    metres[touching] = 0
    apart = np.setdiff1d(np.flatnonzero(placed(shapes)), touching)
    if len(apart):
        rest = gpd.GeoSeries(np.asarray(shapes)[apart], crs=shapes.crs)
        links = nearest(Side(rest), Side(others), 1)
        shortest = links.groupby("left")["metres"].min()
        metres[apart[shortest.index.to_numpy(dtype=np.int64)]] = shortest.to_numpy()
    return metres


def near(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    *,
    k: int | None = None,
    within_m: float | None = None,
    same: bool = False,
    key: str = "",
    ways: Ways = STRAIGHT,
    known: RightErrors | None = None,
) -> pd.DataFrame:
    """Find the features of one layer that are nearest to each feature of another.

    Parameters
    ----------
    left, right
        Points, lines or areas in any CRS; rows without a position have no neighbours and are none. A column
        ``position_error_m`` says how well a position is known.
    k
        How many; None for all within `within_m`. More than there are means all.
    within_m
        The greatest distance in metres; None for any.
    same
        Whether both are one layer, row for row, so that a feature is not its own neighbour.
    key
        The column of `right` that orders features at the same distance; see `lcrmap.analysis.ties`.
    ways
        How one gets there; see `lcrmap.analysis.crossings` for a region that a river divides.
    known
        What is known of all right features, also of those that were left out since they lie too far to matter; None if
        none was.

    Returns
    -------
    pandas.DataFrame
        One row a pair, sorted by left feature, distance and key:

        - ``left``, ``right``: row numbers.
        - ``rank``: 1 for the nearest; features at the same distance, to the millimetre, share a rank, and all that
          share the k-th are there.
        - ``metres``: geodesic, to the millimetre; 0 inside an area; right to 5 cm where a line or an area is concerned.
        - ``metres_min``, ``metres_max``: the range that both position errors leave; NaN where one is unknown.
        - ``bearing``: degrees clockwise from north at the left end; NaN where there is no distance.
        - ``rank_certain``: nullable bool; missing where unknown errors leave it open.
        - ``could_also_be``: a tuple of right row numbers.
        - ``nearest_min``, ``nearest_max``: the range of the distance from the left feature to its nearest, whichever
          that is; NaN where an unknown error leaves it open.
        - ``lon1``, ``lat1``, ``lon2``, ``lat2``: the ends of the link in degrees of WGS84.
        - what else `ways` tells of a link, such as ``across`` and ``straight_m``.

    Raises
    ------
    UsageError
        If neither `k` nor `within_m` is given, or one makes no sense.

    Examples
    --------
    >>> places = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.001, 0.003], [0, 0, 0]), crs="EPSG:4326")
    >>> near(places, places, k=1, same=True)[["left", "right", "rank", "metres"]]
       left  right  rank   metres
    0     0      1     1  111.319
    1     1      0     1  111.319
    2     2      1     1  222.639
    """
    if k is None and within_m is None:
        raise UsageError("Give the number of nearest features (-k) or a distance (--within).")
    if k is not None and k < 1:
        raise UsageError(f"-k must be 1 or more, not {k}.")
    if within_m is not None and not within_m >= 0:
        raise UsageError(f"--within must be 0 or more, not {within_m} m.")
    one, other = ways.side(left.geometry), ways.side(right.geometry)
    if len(one.rows) == 0 or len(other.rows) == 0:
        links = ways.within(one, other, np.full(len(left), np.nan), same=same)
    elif k is not None:
        links = ways.nearest(one, other, k, same=same)
    else:
        links = ways.within(one, other, np.full(len(left), within_m), same=same)
    errors = error_radii(left), error_radii(right)
    rows = _ranked(with_range(links, *errors), right, key)
    most = np.inf if within_m is None else within_m
    wanted = (rows["rank"] <= (k or len(rows))) & (rows["metres"] <= most)
    rows = rows if wanted.all() else rows[wanted]
    known = known or RightErrors.known(errors[1][other.rows])
    rivals = _rivals(rows, one, other, errors, known.most, same, ways)
    unknown = _unknown(one, other, errors[1], known.unknown, same) + ways.vague
    best = may_also_be(rows, possible_ranks(rivals), unknown, features=right, key=key)
    return _with_nearest_range(best, rivals, unknown)


def _with_nearest_range(rows: pd.DataFrame, rivals: pd.DataFrame, unknown: Rows) -> pd.DataFrame:
    """Return rows with the range of the distance to the nearest: of two near ones, the other may be nearer.

    Parameters
    ----------
    rivals
        Every link that may be the shortest of its left feature.
    unknown
        For each left feature, how many right ones may be anywhere; they leave open how near the nearest may be, but not
        how far.
    """
    left = rows["left"].to_numpy(dtype=np.int64)
    shortest = rivals.groupby("left")[["metres_min", "metres_max"]].min().reindex(left)
    low, high = (shortest[each].to_numpy(dtype=np.float64) for each in shortest)
    return rows.assign(nearest_min=np.where(unknown[left] > 0, np.nan, low), nearest_max=high)


def _ranked(links: pd.DataFrame, right: gpd.GeoDataFrame, key: str) -> pd.DataFrame:
    """Sort links and rank them; the rank after two that tie is skipped."""
    left, metres = links["left"].to_numpy(), links["metres"].to_numpy()
    sorting = nearest_first(left, metres, links["right"].to_numpy(), right, key)
    number = np.arange(len(links))
    moved = np.flatnonzero(sorting != number)
    if len(moved):
        links = _moved(links, moved, sorting[moved])
        left, metres = links["left"].to_numpy(), links["metres"].to_numpy()
    fresh = np.ones(len(links), dtype=bool)
    fresh[1:] = left[1:] != left[:-1]
    apart = fresh.copy()
    apart[1:] |= metres[1:] != metres[:-1]
    rank, first_of_left = number * apart, number * fresh
    np.maximum.accumulate(rank, out=rank)
    rank -= np.maximum.accumulate(first_of_left, out=first_of_left)
    rank += 1
    links.insert(2, "rank", rank)
    return links


def _moved(links: pd.DataFrame, to: Rows, of: Rows) -> pd.DataFrame:
    """Return links with rows in the place of others: candidates come nearly sorted, so that these are few."""
    columns = {}
    for name in links:
        values = links[name].array.copy()
        values[to] = values[of]
        columns[name] = values
    return pd.DataFrame(columns, copy=False)


def _rivals(
    rows: pd.DataFrame,
    one: Side,
    other: Side,
    errors: tuple[Floats, Floats],
    most: float,
    same: bool,
    ways: Ways,
) -> pd.DataFrame:
    """Look as far as anything may lie that could hold one of the ranks."""
    left_error, right_error = errors
    farthest = np.full(len(left_error), np.nan)
    ranged = rows[rows["metres_max"].notna()]
    reached = ranged.groupby("left")["metres_max"].max()
    farthest[reached.index.to_numpy(dtype=np.int64)] = reached.to_numpy()
    farthest += left_error + most + ways.slack
    return with_range(ways.within(one, other, farthest, same=same), left_error, right_error)


def _unknown(one: Side, other: Side, right_error: Floats, count: int, same: bool) -> Rows:
    """Count for each left feature the right ones, of so many, that have a position but no known error."""
    unknown = np.full(len(one.shapes), count)
    if same:
        unknown -= np.isnan(right_error) & np.isin(np.arange(len(right_error)), other.rows)
    return unknown


def within_reach(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    metres: float,
    *,
    same: bool = False,
    ways: Ways = STRAIGHT,
    known: RightErrors | None = None,
) -> pd.DataFrame:
    """Tell for each feature whether any of another layer lies within a distance: by position, surely, possibly.

    Parameters
    ----------
    left, right
        Points, lines or areas in any CRS, with or without a column ``position_error_m``.
    metres
        The distance.
    same
        Whether both are one layer, row for row.
    ways
        How one gets there.
    known
        As for `near`.

    Returns
    -------
    pandas.DataFrame
        On the index of `left`: ``within`` (nullable bool; missing without a position), ``surely`` and ``possibly``
        (nullable bool). Where a position error is unknown, nothing is sure; and what is not possible by the known
        errors alone is missing, not false.

    Examples
    --------
    >>> places = gpd.GeoDataFrame(
    ...     {"position_error_m": [10.0, 200.0]}, geometry=gpd.points_from_xy([0, 0.003], [0, 0]), crs="EPSG:4326"
    ... )
    >>> within_reach(places, places, 400, same=True)
       within  surely  possibly
    0    True   False      True
    1    True   False      True
    """
    one, other = ways.side(left.geometry), ways.side(right.geometry)
    left_error, right_error = error_radii(left), error_radii(right)
    known = known or RightErrors.known(right_error[other.rows])
    radius = metres + np.nan_to_num(left_error) + (known.most + ways.slack)
    links = with_range(ways.within(one, other, radius, same=same), left_error, right_error)
    placed = np.isin(np.arange(len(left)), one.rows)

    def some(condition: pd.Series[bool]) -> np.ndarray:
        return np.isin(np.arange(len(left)), links.loc[condition, "left"])

    there = some(links["metres"] <= metres)
    surely = some(links["metres_max"] <= metres)
    possibly = some(links["metres_min"] <= metres) | there
    blurred = np.isnan(left_error) | (known.unknown > 0) | ways.vague
    columns = {
        "within": (there, placed),
        "surely": (surely, placed),
        "possibly": (possibly, placed & (possibly | ~blurred)),
    }
    table = {
        name: pd.array(np.asarray(value), dtype="boolean") for name, (value, _) in columns.items()
    }
    for name, (_, answered) in columns.items():
        table[name][~answered] = pd.NA
    return pd.DataFrame(table, index=left.index)
