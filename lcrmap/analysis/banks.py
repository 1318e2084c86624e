"""The two banks of a barrier such as a river, and the crossings between them.

The bank of a position is the side of the barrier line, which is drawn on straight beyond both ends; the line itself is
of the left bank, as it runs.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.errors import GeometryError

__all__ = [
    "LEFT",
    "RIGHT",
    "Crossings",
    "as_degrees",
    "barrier_line",
    "crossing_lines",
    "ground_left_of",
    "open_crossings",
]

LEFT: Final = 0
RIGHT: Final = 1

_CLOSED: Final = "closed"
_FAR: Final = 2_000.0
"""How far the line is drawn on, in degrees: farther than any two longitudes are apart."""

_ARC: Final = 64  # corners of the arc that closes a bank, far outside the world

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

    @classmethod
    def none(cls) -> Crossings:
        """Return that there is no way to the other bank."""
        nothing = np.empty(0)
        return cls(nothing.astype(np.int64), nothing, nothing, ())

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, rows: Rows, lines: tuple[Floats, ...]) -> Crossings:
        """Return some rows of a frame as crossings, with the corners of their lines from the left bank to the right."""
        made = cls(rows, np.empty(0), np.empty(0), lines)
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


def barrier_line(shapes: gpd.GeoSeries) -> Floats:
    """Return the corners of the barrier."""
    merged = shapely.line_merge(shapely.union_all(as_degrees(shapes).to_numpy()))
    corners = shapely.get_coordinates(merged)
    if merged.geom_type != "LineString" or merged.is_closed or len(corners) < 2:
        raise GeometryError("The barrier must be one line with two ends, so that it has two banks.")
    return corners


def crossing_lines(shapes: gpd.GeoSeries) -> list[Floats | None]:
    """Return the corners of each crossing; None where it is not one line."""
    merged = np.asarray(shapely.line_merge(as_degrees(shapes).to_numpy()))
    return [
        shapely.get_coordinates(each)
        if each is not None and each.geom_type == "LineString" and not each.is_empty
        else None
        for each in merged
    ]


def as_degrees(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes in degrees of WGS84; edges that were straight in another system stay where they are."""
    metric.placed(shapes)  # refuses what cannot be measured
    return shapes if pyproj.CRS(shapes.crs).equals("EPSG:4326") else metric.densified(shapes)


def ground_left_of(line: Floats) -> Any:
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
