"""Where postcodes lie: whole ones by the pack's look-up, sectors and districts by the mean of theirs.

A postcode that shares its point with many others has a position whose error is not known: the point is where post is
delivered to, not where those are to whom it is written. A sector or a district lies where its other postcodes do, and
nobody knows where, if most of them are such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from lcrmap.layers import Layer, Pack, Role

__all__ = [
    "PostcodeRows",
    "Postcodes",
    "at_point",
    "elsewhere",
    "open_postcodes",
    "shared_point",
    "tells_where",
    "with_point_errors",
    "written_postcodes",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]

# From so many postcodes at exactly one point on, it is not known where each of them lies. Code-Point Open puts large
# users and PO boxes at the office that delivers their post: in October 2025, 31 points of the Liverpool City Region had
# 11 to 209 postcodes, 826 in all, and L69 3BX lay 2.9 km from its university. Ordnance Survey gives no number: ten is
# this project's choice, since one building, such as a block of flats, may rightly have a few.
_MANY: Final = 10

_LAST: Final = re.compile(r"(?:^|[\s,;(])([A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2})[\s.,;)]*$")
_SECTOR: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9])")
_DISTRICT: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_WGS84: Final = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class PostcodeRows:
    """Where some rows lie by their postcodes.

    Attributes
    ----------
    x, y
        In the look-up's own CRS; NaN where the text names nothing that is known.
    error_m
        By how many metres each may be off; NaN where nobody knows.
    cut
        Which rows have a sector or a district alone.
    foreign
        Which rows have a text of the form of a postcode that is not in the look-up.
    elsewhere
        Which rows have a postcode that shares its point with many others, or a sector or district of which most do.
    """

    x: Floats
    y: Floats
    error_m: Floats
    cut: Any
    foreign: Any
    elsewhere: Any


class Postcodes:
    """The postcodes of a pack.

    Parameters
    ----------
    layer
        One point a postcode.
    field
        The column of the postcodes.
    error_m
        By how many metres the point of each may be off.
    """

    def __init__(self, layer: Layer, field: str, error_m: Floats) -> None:
        self.layer = layer
        points = layer.frame.geometry
        self._codes = pd.Index(layer.frame[field].astype("str").str.upper().str.replace(" ", ""))
        self._x, self._y = (np.asarray(each, dtype=np.float64) for each in (points.x, points.y))
        self._elsewhere = elsewhere(at_point(self._x, self._y))
        self._error = np.where(self._elsewhere, np.nan, error_m)

    def __len__(self) -> int:
        return len(self._codes)

    def find(self, texts: pd.Series[Any]) -> PostcodeRows:
        """Look up texts, each a postcode, a sector, a district or something that ends with a postcode."""
        folded = texts.fillna("").astype("str").str.upper().str.strip()
        written = folded.str.extract(_LAST, expand=False).str.replace(r"\s", "", regex=True)
        whole = written.notna().to_numpy()
        rows = np.full(len(texts), -1)
        rows[whole] = self._codes.get_indexer(pd.Index(written[whole]))
        known = rows >= 0
        x, y, error = (np.full(len(texts), np.nan) for _ in range(3))
        for there, here in ((x, self._x), (y, self._y), (error, self._error)):
            there[known] = here[rows[known]]
        cut, shared = (np.zeros(len(texts), dtype=bool) for _ in range(2))
        shared[known] = self._elsewhere[rows[known]]
        foreign = whole & ~known
        for text in pd.unique(folded[~whole]):
            found = self._cut(text)
            if found is not None:
                same = (folded == text).to_numpy()
                x[same], y[same], error[same] = found
                shared[same] = np.isnan(found[2])
                cut |= same
            elif _SECTOR.fullmatch(text) or _DISTRICT.fullmatch(text):
                foreign |= (folded == text).to_numpy()
        return PostcodeRows(x, y, error, cut, foreign, shared)

    @cached_property
    def _districts(self) -> pd.Index[Any]:
        return self._codes.str[:-3]

    def _cut(self, text: str) -> tuple[float, float, float] | None:
        """Return the mean point of a district or a sector, and how far its farthest postcode lies from it.

        That is NaN where it is not known of most of them where they lie.
        """
        if _DISTRICT.fullmatch(text) and (rows := np.flatnonzero(self._districts == text)).size:
            return self._mean(rows)
        sector = _SECTOR.fullmatch(text)
        if sector is None:
            return None
        begins = self._codes.str.startswith("".join(sector.groups()))
        rows = np.flatnonzero(begins & (self._districts == sector[1]))
        return self._mean(rows) if rows.size else None

    def _mean(self, rows: Any) -> tuple[float, float, float]:
        telling = rows[tells_where(self._elsewhere[rows])]
        rows = telling if telling.size else rows
        x, y = float(self._x[rows].mean()), float(self._y[rows].mean())
        if not telling.size:
            return x, y, np.nan
        degrees = self.layer.frame.geometry.iloc[rows].to_crs("EPSG:4326")
        middle = pyproj.Transformer.from_crs(self.layer.frame.crs, "EPSG:4326", always_xy=True)
        lon, lat = (np.full(len(rows), each) for each in middle.transform(x, y))
        far = _WGS84.inv(lon, lat, degrees.x.to_numpy(), degrees.y.to_numpy())[2].max()
        return x, y, float(np.ceil(far))


def open_postcodes(pack: Pack, opened: Callable[[str], Layer]) -> Postcodes | None:
    """Open the pack's look-up of postcodes; None if it has none.

    Parameters
    ----------
    opened
        Opens a layer of the pack.
    """
    if not pack.has_role("lookup"):
        return None
    role = pack.role("lookup")
    layer = opened(role.layer)
    return Postcodes(layer, role.field, _point_errors(layer.frame, role))


def _point_errors(frame: pd.DataFrame, role: Role) -> Floats:
    """Return by how many metres the point of each postcode may be off, as the pack takes its mark of quality.

    NaN where the pack says nothing.
    """
    column, metres = role.options.get("quality", ""), role.options.get("error_m", {})
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    marks = frame[column].astype("str").map({str(mark): each for mark, each in metres.items()})
    return np.asarray(marks, dtype="float64")


def at_point(x: Floats, y: Floats) -> Counts:
    """Return how many postcodes have exactly the point of each, itself among them; 0 where there is no point.

    Examples
    --------
    >>> at_point(np.array([1.0, 1, 1, np.nan]), np.array([2.0, 2, 3, np.nan])).tolist()
    [2, 2, 1, 0]
    """
    points = pd.factorize(x + 1j * y, use_na_sentinel=False)[0]
    counts: Counts = np.bincount(points)[points]
    return np.where(np.isnan(x) | np.isnan(y), 0, counts)


def elsewhere(counts: Counts) -> Any:
    """Tell which postcodes share their point with so many that where they lie is not known.

    Parameters
    ----------
    counts
        How many there are at the point of each; see `at_point`.

    Examples
    --------
    >>> elsewhere(np.array([1, 9, 10, 209])).tolist()
    [False, False, True, True]
    """
    return counts >= _MANY


def tells_where(shared: Any) -> Any:
    """Tell which postcodes of a sector or district say where it lies: those that `elsewhere` spares, if they are half.

    Examples
    --------
    >>> tells_where(np.array([True, False])).tolist(), tells_where(np.array([True, True, False])).tolist()
    ([False, True], [False, False, False])
    """
    return ~shared & (2 * shared.sum() <= len(shared))


def shared_point(what: str, count: int = 1, *, others: int | None = None) -> str:
    """Say that something shares its point with other postcodes, and why; to be followed by what is not known of it.

    Parameters
    ----------
    what, count
        The subject, and whether it is one or several.
    others
        With how many others; None for as many as make it unknown where it lies.

    Examples
    --------
    >>> shared_point("L69 3BX", others=208)
    'L69 3BX shares its point with 208 other postcodes: most such points are offices that deliver post to large users'
    """
    verb = "shares its" if count == 1 else "share their"
    many = f"{others:,}" if others is not None else f"at least {_MANY - 1}"
    reason = "most such points are offices that deliver post to large users"
    return f"{what} {verb} point with {many} other postcodes: {reason}"


def with_point_errors(frame: gpd.GeoDataFrame, role: Role, unknown: Any) -> gpd.GeoDataFrame:
    """Return postcodes with a column ``position_error_m``, where the pack says how to take its mark of quality.

    Parameters
    ----------
    unknown
        Of which postcodes it is not known where they lie; see `elsewhere`.
    """
    errors = np.where(unknown, np.nan, _point_errors(frame, role))
    if "position_error_m" in frame.columns or np.isnan(errors).all():
        return frame
    return frame.assign(position_error_m=errors)


def written_postcodes(texts: pd.Series[Any]) -> Any:
    """Tell which texts are of the form of a postcode or end with one.

    Examples
    --------
    >>> written_postcodes(pd.Series(["l15 1hr", "1 High St, Liverpool L1 1AA", "Wirral"])).tolist()
    [True, True, False]
    """
    folded = texts.fillna("").astype("str").str.upper()
    return folded.str.contains(_LAST.pattern.replace("([A-Z]", "(?:[A-Z]"), regex=True).to_numpy()
