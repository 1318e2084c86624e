"""The table work of a join: columns of the right features beside those of the left, and what remained without.

Every left row is in one of four states, and the number of each adds up to the number of rows: matched; snapped
(attached to the nearest right feature, within a distance that was asked for); outside (nothing matched); without a
position. A `Tally` counts them from the table that is handed out, not from what should be in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.joining import Matched, placed_rows
from lcrmap.analysis.links import Side, nearest
from lcrmap.analysis.locating import NOWHERE
from lcrmap.analysis.ties import nearest_first
from lcrmap.errors import SumError

__all__ = [
    "HOWS",
    "Attached",
    "How",
    "Nearest",
    "Tally",
    "attach",
    "column_names",
    "nearest_right",
    "tally",
]

How = Literal["left", "inner", "anti"]
HOWS: Final = ("left", "inner", "anti")
"""Which rows are kept: all of the left ones, those that matched, or those that did not."""

Rows = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest right feature of left rows that matched none: row number (`NOWHERE` without) and metres (NaN)."""

    right: Rows
    metres: Floats


@dataclass(frozen=True, slots=True)
class Attached:
    """Left rows with columns of the right features beside them.

    Attributes
    ----------
    frame
        The left rows in their order, with their index, CRS and columns; one that is in several pairs comes once
        for each.
    left, right
        For each row its row number on either side; `NOWHERE` on the right where nothing is attached.
    """

    frame: gpd.GeoDataFrame
    left: Rows
    right: Rows

    def kept(self, how: How) -> gpd.GeoDataFrame:
        """Return the rows that `how` keeps."""
        if how == "left":
            return self.frame
        return self.frame.iloc[np.flatnonzero((self.right != NOWHERE) == (how == "inner"))]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many left rows ended in which state; `on_border` are among the matched."""

    rows: int
    matched: int
    on_border: int | None
    snapped: int
    outside: int
    unplaced: int

    def __add__(self, other: Tally) -> Tally:
        """Count the rows of two parts of one layer together."""
        borders = (self.on_border, other.on_border)
        border = None if None in borders else sum(filter(None, borders))
        return Tally(
            rows=self.rows + other.rows,
            matched=self.matched + other.matched,
            on_border=border,
            snapped=self.snapped + other.snapped,
            outside=self.outside + other.outside,
            unplaced=self.unplaced + other.unplaced,
        )


def nearest_right(
    left: gpd.GeoDataFrame, right: gpd.GeoDataFrame, rows: Rows, *, key: str = ""
) -> Nearest:
    """Find the nearest right feature of some left rows, by geodesic distance.

    Parameters
    ----------
    rows
        The row numbers of `left` that ask.
    key
        Orders right features that are equally near; see `lcrmap.analysis.ties`.

    Returns
    -------
    Nearest
        One entry a row of `left`: metres to the millimetre; `NOWHERE` and NaN for those that do not ask.

    Examples
    --------
    >>> west = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 3], [0, 0], crs="EPSG:4326"))
    >>> east = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1, 5], [0, 0], crs="EPSG:4326"))
    >>> nearest_right(west, east, np.array([0])).right.tolist()
    [0, -1]
    """
    found = np.full(len(left), NOWHERE, dtype=np.int64)
    metres = np.full(len(left), np.nan)
    if len(rows) and len(right):
        asking = Side(gpd.GeoSeries(left.geometry.to_numpy()[rows], crs=left.crs))
        links = nearest(asking, Side(gpd.GeoSeries(right.geometry)), 1)
        one, other = links["left"].to_numpy(np.int64), links["right"].to_numpy(np.int64)
        length = links["metres"].to_numpy(np.float64).round(3)
        sorting = nearest_first(one, length, other, right, key)
        asked, first = np.unique(one[sorting], return_index=True)
        found[rows[asked]] = other[sorting[first]]
        metres[rows[asked]] = length[sorting[first]]
    return Nearest(found, metres)


def column_names(
    left: Sequence[str], taken: Sequence[str], *, prefix: str = "", clash: str = "right_"
) -> dict[str, str]:
    """Name the columns that are attached.

    Parameters
    ----------
    left
        The columns that are there.
    taken
        The columns to attach, by the names that they have.
    prefix
        What every attached column's name begins with.
    clash
        What stands before a name that is there already.

    Returns
    -------
    dict
        New names by old; no new name occurs twice or is one of `left`.

    Examples
    --------
    >>> column_names(["id", "name"], ["name", "code"], clash="borough_")
    {'name': 'borough_name', 'code': 'code'}
    """
    names: dict[str, str] = {}
    used = set(left)
    for old in taken:
        new = prefix + old
        if new in used:
            new = clash + new
        base, number = new, 2
        while new in used:
            new, number = f"{base}_{number}", number + 1
        names[old] = new
        used.add(new)
    return names


def attach(
    left: gpd.GeoDataFrame,
    right: gpd.GeoDataFrame,
    matched: Matched,
    *,
    take: dict[str, str],
    flags: dict[str, Any] | None = None,
    pair_flags: dict[str, Any] | None = None,
    snapped: Rows | None = None,
) -> Attached:
    """Put columns of the right features beside the left rows; all rows stay.

    Parameters
    ----------
    take
        The columns of `right` to attach, and the names that they get.
    flags
        Further columns with one value for each left row.
    pair_flags
        Further columns with one value for each pair; missing where there is none.
    snapped
        For each left row the right row to which it is snapped; `NOWHERE` for none.
    """
    unmatched = np.flatnonzero(matched.matches == 0)
    to = np.full(len(left), NOWHERE) if snapped is None else snapped
    pair = np.concatenate([np.arange(len(matched.left)), np.full(len(unmatched), NOWHERE)])
    rows = np.concatenate([matched.left, unmatched])
    others = np.concatenate([matched.right, to[unmatched]])
    order = np.argsort(rows, kind="stable")
    rows, others, pair = rows[order], others[order], pair[order]
    whole = len(rows) == len(left) and bool((rows == np.arange(len(left))).all())
    frame = left.copy(deep=False) if whole else left.iloc[rows].copy()
    columns = {new: _taken(right[old], others) for old, new in take.items()}
    for name, values in (flags or {}).items():
        columns[name] = pd.Series(values).take(rows).array
    for name, values in (pair_flags or {}).items():
        columns[name] = _taken(pd.Series(values), pair)
    return Attached(_with(frame, columns), rows, others)


def tally(
    left: gpd.GeoDataFrame, matched: Matched, snapped: Rows | None, attached: Attached
) -> Tally:
    """Count the states of the left rows in the table that came out, and make sure that they add up.

    Raises
    ------
    SumError
        If the states that were counted in the table are not those that were found, or do not make up all rows.
    """
    unplaced = len(left) - len(placed_rows(left))
    without = attached.right == NOWHERE
    with_something = _different(attached.left[~without])
    to_nearest = 0 if snapped is None else int((snapped != NOWHERE).sum())
    outside = _different(attached.left[without]) - unplaced
    found = int((matched.matches > 0).sum())
    border = None if matched.on_border is None else int(matched.on_border.sum())
    if found + to_nearest != with_something or with_something + outside + unplaced != len(left):
        raise SumError(
            f"The join does not add up ({len(left):,} in, {found:,} matched, {to_nearest:,} snapped, "
            f"{outside:,} outside, {unplaced:,} without a position): please report this fault."
        )
    return Tally(len(left), found, border, to_nearest, outside, unplaced)


def _different(rows: Rows) -> int:
    """Count the different row numbers among some that never fall."""
    return int((np.diff(rows, prepend=-1) > 0).sum())


def _taken(column: pd.Series[Any], rows: Rows) -> Any:
    """Return the values of some rows, missing for `NOWHERE`; whole numbers stay whole."""
    values = column
    if (rows == NOWHERE).any():
        if pd.api.types.is_integer_dtype(values.dtype) and isinstance(values.dtype, np.dtype):
            values = values.astype("Int64")
        elif pd.api.types.is_bool_dtype(values.dtype):
            values = values.astype("boolean")
    return pd.api.extensions.take(values.array, rows, allow_fill=True)


def _with(frame: gpd.GeoDataFrame, columns: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return the frame with further columns before its geometry."""
    geometry = str(frame.geometry.name)
    further = pd.DataFrame(columns, index=frame.index)
    together = pd.concat([frame.drop(columns=geometry), further, frame[[geometry]]], axis=1)
    return gpd.GeoDataFrame(together, geometry=geometry, crs=frame.crs)
