"""Where nothing is near: people who live farther than a distance from every feature of a layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.links import STRAIGHT, Ways
from lcrmap.analysis.ranges import error_radii, with_range

__all__ = ["beyond", "sums_by_area"]


def beyond(
    points: gpd.GeoDataFrame,
    features: gpd.GeoDataFrame,
    metres: float,
    *,
    ways: Ways = STRAIGHT,
) -> pd.DataFrame:
    """Tell for each point whether every feature of a layer is farther away than a distance.

    Parameters
    ----------
    points
        Where people live; points in any CRS, taken as they are.
    features
        Points, lines or areas in any CRS, with or without a column ``position_error_m``.
    metres
        The distance; what is as far, to the millimetre, is not beyond.
    ways
        How one gets there; see `lcrmap.analysis.crossings` for a region that a river divides.

    Returns
    -------
    pandas.DataFrame
        On the index of `points`: ``beyond`` (by position), ``surely`` (wherever within their errors the features
        are) and ``possibly``; nullable bool. ``surely`` is missing where a feature's unknown error leaves it open;
        all three are without a position.

    Examples
    --------
    >>> people = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 0.0095, 0.02], [0, 0, 0]), crs="EPSG:4326")
    >>> stop = gpd.GeoDataFrame({"position_error_m": [100.0]}, geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326")
    >>> beyond(people, stop, 1000)
       beyond  surely  possibly
    0   False   False     False
    1    True   False      True
    2    True    True      True
    """
    one, other = ways.side(points.geometry), ways.side(features.geometry)
    error = error_radii(features)
    farthest = metres + np.nanmax(error[other.rows], initial=0) + ways.slack
    links = ways.within(one, other, np.full(len(points), farthest))
    links = with_range(links, np.zeros(len(points)), error)
    placed = np.isin(np.arange(len(points)), one.rows)

    def none(column: str) -> np.ndarray:
        reached = links.loc[links[column] <= metres, "left"].to_numpy()
        return ~np.isin(np.arange(len(points)), reached)

    vague = bool(np.isnan(error[other.rows]).any()) or ways.vague
    by_position, surely, possibly = none("metres"), none("metres_min"), none("metres_max")
    # A feature of unknown error reaches its own surroundings by position, and may reach anything.
    unknown = vague & surely & by_position
    table = {
        "beyond": pd.arrays.BooleanArray(by_position, ~placed),
        "surely": pd.arrays.BooleanArray(surely & by_position, ~placed | unknown),
        "possibly": pd.arrays.BooleanArray(possibly | by_position, ~placed),
    }
    return pd.DataFrame(table, index=points.index)


def sums_by_area(
    found: pd.DataFrame, area: np.ndarray, weights: dict[str, np.ndarray], count: int
) -> pd.DataFrame:
    """Sum weights by area: in all, and of those who live beyond.

    Parameters
    ----------
    found
        As `beyond` gives it.
    area
        The row number of each point's area; negative for none.
    weights
        By name, one number for each point, such as its residents.
    count
        How many areas there are.

    Returns
    -------
    pandas.DataFrame
        One row an area, then one for all points together: for each name ``name``, ``name_beyond``, ``name_beyond_min``
        and ``name_beyond_max`` (float64). Where no point lies in an area, all are NaN: nothing is known there, which is
        not 0. The least number is NaN where unknown errors leave it open.
    """
    home = np.where(area >= 0, area, count)
    points = np.bincount(home, minlength=count + 1)[:count]
    columns: dict[str, np.ndarray] = {}
    for name, weight in weights.items():
        for suffix, column in (
            ("", None),
            ("_beyond", "beyond"),
            ("_beyond_min", "surely"),
            ("_beyond_max", "possibly"),
        ):
            chosen = np.ones(len(found), dtype=bool)
            unclear = np.zeros(len(found), dtype=bool)
            if column is not None:
                chosen = found[column].fillna(False).to_numpy(dtype=bool)
                unclear = found[column].isna().to_numpy() & found["beyond"].notna().to_numpy()
            sums = np.bincount(home, weights=weight * chosen, minlength=count + 1)
            blurred = np.bincount(home, weights=unclear, minlength=count + 1) > 0
            everywhere = np.append(sums[:count], sums.sum())
            everywhere[np.append(blurred[:count], blurred.any())] = np.nan
            everywhere[:count][points == 0] = np.nan
            columns[name + suffix] = everywhere
    return pd.DataFrame(columns)
