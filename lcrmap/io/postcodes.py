"""Where postcodes lie: whole ones by the pack's look-up, sectors and districts by the mean of theirs."""

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
    "open_postcodes",
    "with_point_errors",
    "written_postcodes",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]

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
    """

    x: Floats
    y: Floats
    error_m: Floats
    cut: Any
    foreign: Any


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
        self._x, self._y = points.x.to_numpy(), points.y.to_numpy()
        self._error = error_m

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
        cut = np.zeros(len(texts), dtype=bool)
        foreign = whole & ~known
        for text in pd.unique(folded[~whole]):
            found = self._cut(text)
            if found is not None:
                same = (folded == text).to_numpy()
                x[same], y[same], error[same] = found
                cut |= same
            elif _SECTOR.fullmatch(text) or _DISTRICT.fullmatch(text):
                foreign |= (folded == text).to_numpy()
        return PostcodeRows(x, y, error, cut, foreign)

    @cached_property
    def _districts(self) -> pd.Index[Any]:
        return self._codes.str[:-3]

    def _cut(self, text: str) -> tuple[float, float, float] | None:
        """Return the mean point of a district or a sector, and how far its farthest postcode lies from it."""
        if _DISTRICT.fullmatch(text) and (rows := np.flatnonzero(self._districts == text)).size:
            return self._mean(rows)
        sector = _SECTOR.fullmatch(text)
        if sector is None:
            return None
        begins = self._codes.str.startswith("".join(sector.groups()))
        rows = np.flatnonzero(begins & (self._districts == sector[1]))
        return self._mean(rows) if rows.size else None

    def _mean(self, rows: Any) -> tuple[float, float, float]:
        x, y = float(self._x[rows].mean()), float(self._y[rows].mean())
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


def with_point_errors(frame: gpd.GeoDataFrame, role: Role) -> gpd.GeoDataFrame:
    """Return postcodes with a column ``position_error_m``, where the pack says how to take its mark of quality."""
    errors = _point_errors(frame, role)
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
