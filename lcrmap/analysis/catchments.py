"""What lies within a distance of places: features, people, and how far the figures can be trusted.

Membership is decided by the measured distance to a place, not by the drawn ring. A feature counts by its position; the
range beside it counts what is surely and what is possibly within the distance, given the errors of both positions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.links import STRAIGHT, Ways
from lcrmap.analysis.ranges import error_radii, with_range

__all__ = ["Reached", "reached_features", "weighted_centres"]


@dataclass(frozen=True, slots=True)
class Reached:
    """The features near places, with their distances, ready to be summed.

    Attributes
    ----------
    pairs
        ``group`` (the place's row number, or 0 for all together), ``right`` (the feature's row number), ``metres``,
        ``metres_min``, ``metres_max``.
    groups
        How many groups there are.
    open_below, open_above
        For each group whether unknown errors leave the least and the most number open.
    """

    pairs: pd.DataFrame
    groups: int
    open_below: np.ndarray[Any, np.dtype[np.bool_]]
    open_above: np.ndarray[Any, np.dtype[np.bool_]]

    def sums(self, weights: Floats, ring_m: float, *, by_pair: bool = False) -> pd.DataFrame:
        """Sum weights over what lies within a distance.

        Parameters
        ----------
        weights
            One for each feature, or one for each pair.
        ring_m
            The distance in metres; equal to the millimetre is within.
        by_pair
            Whether the weights are the pairs'.

        Returns
        -------
        pandas.DataFrame
            One row a group: ``value``, ``least``, ``most``; the last two NaN where unknown errors leave them open.
        """
        pairs = self.pairs
        each = weights if by_pair else weights[pairs["right"].to_numpy()]
        group = pairs["group"].to_numpy()

        def total(column: str) -> Floats:
            counted = each * (pairs[column].to_numpy() <= ring_m)
            return np.bincount(group, weights=counted, minlength=self.groups).astype(np.float64)

        return pd.DataFrame(
            {
                "value": total("metres"),
                "least": np.where(self.open_below, np.nan, total("metres_max")),
                "most": np.where(self.open_above, np.nan, total("metres_min")),
            }
        )


def reached_features(
    places: gpd.GeoDataFrame,
    features: gpd.GeoDataFrame,
    farthest_m: float,
    *,
    together: bool = False,
    exact: bool = False,
    own: Rows | None = None,
    ways: Ways = STRAIGHT,
) -> Reached:
    """Find the features that may lie within a distance of places.

    Parameters
    ----------
    places, features
        Points, lines or areas in any CRS, with or without a column ``position_error_m``.
    farthest_m
        The greatest distance that will be asked for, in metres.
    together
        Whether the places are one: a feature then counts once, by the place nearest to it.
    exact
        Whether the features' own positions are taken as they are, so that only the places' errors make a range.
    own
        For each place its row number among the features, so that it does not count itself; -1 for none.
    ways
        How one gets there; see `lcrmap.analysis.crossings` for a region that a river divides.

    Returns
    -------
    Reached
        Of pairs farther apart than any error could bridge there are none.

    Examples
    --------
    >>> places = gpd.GeoDataFrame({"position_error_m": [100.0]}, geometry=gpd.points_from_xy([0], [0]), crs="EPSG:4326")
    >>> people = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0.001, 0.0095, 0.02], [0, 0, 0]), crs="EPSG:4326")
    >>> reached_features(places, people, 1000, exact=True).sums(np.array([7, 20, 300]), 1000)
       value  least  most
    0    7.0    7.0  27.0
    """
    one, other = ways.side(places.geometry), ways.side(features.geometry)
    place_error = error_radii(places)
    feature_error = np.zeros(len(features)) if exact else error_radii(features)
    vague = bool(np.isnan(feature_error[other.rows]).any()) or ways.vague
    most = np.nanmax(feature_error[other.rows], initial=0) + ways.slack
    farthest = farthest_m + np.nan_to_num(place_error) + most
    pairs = with_range(ways.within(one, other, farthest), place_error, feature_error)
    if own is not None:
        pairs = pairs[pairs["right"].to_numpy() != own[pairs["left"].to_numpy()]]
    unknown = np.isnan(place_error)
    group: Rows = pairs["left"].to_numpy()
    if together:
        unknown = np.array([bool(unknown[one.rows].any())])
        group = np.zeros(len(pairs), dtype=np.int64)
    kept = pairs.assign(group=group)[["group", "right", "metres", "metres_min", "metres_max"]]
    if together:
        kept = kept.groupby(["group", "right"], as_index=False).min()
    return Reached(kept, len(unknown), unknown, unknown | vague)


def weighted_centres(points: gpd.GeoDataFrame, unit: str, weights: Floats) -> gpd.GeoDataFrame:
    """Return one point for each small area: the mean position of its points, weighted, such as by residents.

    Parameters
    ----------
    points
        Points in any CRS.
    unit
        The column that says to which small area a point belongs.
    weights
        One for each point; their sums come out.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a unit, sorted: `unit`, ``weight``, ``first`` (the row number of its first point) and the centre,
        EPSG:4326. The mean is taken of degrees: for areas a few kilometres across that is right to centimetres.
    """
    lon, lat = metric.lonlat(points.geometry)
    table = pd.DataFrame(
        {unit: points[unit].to_numpy(), "w": weights, "x": lon * weights, "y": lat * weights}
    )
    table["first"] = np.arange(len(table))
    some = table[np.isfinite(lon) & (weights > 0)]
    sums = some.groupby(unit, sort=True).agg(
        w=("w", "sum"), x=("x", "sum"), y=("y", "sum"), first=("first", "min")
    )
    centres = gpd.points_from_xy(sums["x"] / sums["w"], sums["y"] / sums["w"])
    columns = {
        unit: sums.index.to_numpy(),
        "weight": sums["w"].to_numpy(),
        "first": sums["first"].to_numpy(),
    }
    return gpd.GeoDataFrame(columns, geometry=centres, crs="EPSG:4326")
