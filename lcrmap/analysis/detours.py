"""How much farther the nearest is for points that see it on the other bank.

It is quick, as chords tell what is nearest, and only that is measured.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.banks import LEFT, RIGHT
from lcrmap.analysis.candidates import closest
from lcrmap.analysis.chords import chord_space
from lcrmap.analysis.crossings import RiverSide

__all__ = ["detours"]


def detours(
    left: RiverSide,
    right: RiverSide,
    *,
    same: bool = False,
    nearest: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tell for which points the nearest lies on the other bank, and how much farther it is by a crossing.

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
    >>> import geopandas as gpd, shapely
    >>> from lcrmap.analysis.crossings import river
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
