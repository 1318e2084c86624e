"""Which boxes may hold what is near: told by where they lie, so that what cannot matter is never read.

A box of longitudes and latitudes lies within a ball around its middle. Between two balls a chord has a least and a
greatest length, and by `lcrmap.analysis.chords` a chord bounds the geodesic from both sides. So what is left out is
proven to lie farther away than what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np

from lcrmap.analysis.chords import (
    ECCENTRICITY_SQUARED,
    SEMI_MAJOR,
    SLACK,
    Floats,
    Rows,
    balls,
    chord_space,
    longest_chord,
    longest_geodesic,
)
from lcrmap.analysis.edges import BEND
from lcrmap.analysis.links import Side
from lcrmap.analysis.metric import EDGE_BOUND

__all__ = ["Balls", "Positions", "nearest_radii", "reached"]

_ALONG: Final = SEMI_MAJOR / np.sqrt(1 - ECCENTRICITY_SQUARED)
"""The greatest radius of curvature of a meridian, that at the poles, in metres."""

Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Balls:
    """Balls in space, each of which holds all that a box holds.

    Attributes
    ----------
    centres, radii
        Geocentric metres; NaN where nothing is known of a box, and of no radius below 0 but where nothing is in it.
    counts
        How many shapes each holds at least.
    """

    centres: Floats
    radii: Floats
    counts: Rows

    @classmethod
    def around(cls, boxes: Floats, counts: Rows) -> Balls:
        """Put balls around boxes.

        Parameters
        ----------
        boxes
            West, south, east and north in degrees of WGS84; NaN where unknown, west beyond east where there is nothing.

        Examples
        --------
        >>> Balls.around(np.array([[0.0, 0.0, 2.0, 0.0]]), np.array([1])).radii.round().tolist()
        [111319.0]
        """
        nothing = boxes[:, 0] > boxes[:, 2]
        west, south, east, north = np.where(nothing[:, None], 0.0, boxes).T
        lon, lat = (west + east) / 2, (south + north) / 2
        centres = chord_space(lon, lat)
        # From the middle along its parallel, then along a meridian: no chord is longer than that way.
        across = np.hypot(centres[:, 0], centres[:, 1])
        radii = across * np.radians(east - west) / 2 + _ALONG * np.radians(north - south) / 2
        return cls(centres, np.where(nothing, -np.inf, radii), counts)


@dataclass(frozen=True, slots=True)
class Positions:
    """Features that ask what is near, as positions in space.

    Attributes
    ----------
    xyz
        Geocentric metres.
    of
        The row number of the feature of each position.
    reach
        How far a feature may reach beyond its positions, in metres.
    points
        Whether all are points, so that nothing lies inside of them.
    """

    xyz: Floats
    of: Rows
    reach: float
    points: bool = True

    @classmethod
    def of_frame(cls, frame: gpd.GeoDataFrame) -> Positions:
        """Return the positions of features; of lines and areas those of their edges."""
        side = Side(gpd.GeoSeries(frame.geometry))
        if side.points:
            return cls(side.xyz, side.rows, 0.0, points=True)
        pieces = side.pieces
        return cls(pieces.middle, pieces.shape, pieces.reach + BEND, points=False)


def nearest_radii(
    asking: Positions, held: Balls, k: int, size: int, *, surely: bool = True
) -> Floats:
    """Return for each feature a distance within which it has k shapes; infinite if it may have fewer.

    Parameters
    ----------
    size
        How many features there are.
    surely
        Whether it has them wherever in its ball each shape lies; else within less it cannot have them.

    Examples
    --------
    >>> place = Positions(chord_space(np.array([0.0]), np.array([0.0])), np.array([0]), 0.0)
    >>> boxes = np.array([[1.0, 0.0, 1.0, 0.0], [3.0, 0.0, 3.0, 0.0]])
    >>> nearest_radii(place, Balls.around(boxes, np.array([1, 1])), 2, 1).round().tolist()
    [333959.0]
    """
    radii = np.full(size, np.inf)
    there = held.radii >= 0
    centres, own, counts = held.centres[there], held.radii[there], held.counts[there]
    for rows, centre, spread in balls(asking.xyz):
        middles = np.linalg.norm(centres - centre, axis=1)
        far = middles + own + spread if surely else np.maximum(middles - own - spread, 0)
        order = np.argsort(far)
        enough = np.searchsorted(np.cumsum(counts[order]), k)
        if enough < len(order):
            metres = longest_geodesic(far[order[enough]]) + asking.reach + EDGE_BOUND + SLACK
            np.minimum.at(radii, asking.of[rows], metres)
    return radii


def reached(asking: Positions, held: Balls, radii: Floats) -> Mask:
    """Tell which balls may hold something within a distance of a feature; all of which nothing is known may.

    Parameters
    ----------
    radii
        Metres, one for each feature; NaN reaches nothing.

    Examples
    --------
    >>> place = Positions(chord_space(np.array([0.0]), np.array([0.0])), np.array([0]), 0.0)
    >>> boxes = np.array([[1.0, 0.0, 1.0, 0.0], [3.0, 0.0, 3.0, 0.0]])
    >>> reached(place, Balls.around(boxes, np.array([1, 1])), np.array([150_000.0])).tolist()
    [True, False]
    """
    found = np.isnan(held.radii)
    for rows, centre, spread in balls(asking.xyz):
        metres = radii[asking.of[rows]]
        if np.isnan(metres).all():
            continue
        farthest = np.nanmax(metres)
        least = np.linalg.norm(held.centres - centre, axis=1) - held.radii - spread
        if np.isfinite(farthest):
            slack = asking.reach + EDGE_BOUND + SLACK
            found |= least <= longest_chord(np.array(farthest + slack))
        else:
            found |= held.radii >= 0
    return found
