"""A layer as a scenario has it: features added, removed, moved, set to other values; people who come or leave.

Frames in, frames out: what is changed is told by row numbers, and no frame is changed itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.ties import tie_order

__all__ = [
    "Differences",
    "differences",
    "scaled",
    "spread",
    "with_moved",
    "with_rows",
    "with_values",
]


@dataclass(frozen=True, slots=True)
class Differences:
    """How the features of two states of a layer differ, told apart by their key.

    Attributes
    ----------
    added
        Row numbers in the second state.
    removed
        Row numbers in the first state.
    moved, changed
        Keys of the features in both whose position or its error differs, and of those with other values alone.
    """

    added: Rows
    removed: Rows
    moved: tuple[str, ...]
    changed: tuple[str, ...]


def brought_to(rows: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rows with their shapes in the CRS of a frame, in a column of the same name."""
    if rows.crs != frame.crs and frame.crs is not None:
        rows = rows.to_crs(frame.crs)
    named = str(frame.geometry.name)
    return rows if rows.geometry.name == named else rows.rename_geometry(named)


def with_rows(frame: gpd.GeoDataFrame, rows: gpd.GeoDataFrame, key: str) -> gpd.GeoDataFrame:
    """Return a frame with further rows behind its own, in the order of their keys.

    Parameters
    ----------
    frame
        The features of a layer.
    rows
        More of them. Columns that the layer does not have are dropped, those that they lack are empty.
    key
        The column by which the rows are put in order, whatever order they come in.

    Returns
    -------
    geopandas.GeoDataFrame
        With the columns, types and CRS of `frame`, and a fresh index.
    """
    brought = brought_to(rows, frame)
    brought = brought.reindex(columns=frame.columns).iloc[tie_order(brought, key)]
    shape = frame.geometry.name
    columns = {
        name: brought.geometry.array if name == shape else _fitting(brought[name], frame[name])
        for name in frame.columns
    }
    more = gpd.GeoDataFrame(columns, geometry=shape, crs=frame.crs)
    return gpd.GeoDataFrame(pd.concat([frame, more], ignore_index=True))


def _fitting(values: pd.Series, like: pd.Series) -> pd.Series:
    """Return values as the type of a column has them, as far as it can hold them."""
    if values.isna().all():
        return pd.Series([None] * len(values), dtype=_nullable(like.dtype))
    if pd.api.types.is_string_dtype(like) and pd.api.types.is_numeric_dtype(values):
        values = values.astype(object).map(_numeral, na_action="ignore")
    dtype = _nullable(like.dtype) if values.isna().any() else like.dtype
    if like.dtype.kind in "iu" and not _all_whole(values):
        dtype = "Float64"
    try:
        return values.reset_index(drop=True).astype(dtype)
    except (TypeError, ValueError):
        return values.reset_index(drop=True)


def _all_whole(values: pd.Series) -> bool:
    """Tell whether there is no number with a fraction among values."""
    numbers = pd.to_numeric(values, errors="coerce").dropna()
    return bool((numbers % 1 == 0).all())


def _numeral(number: float) -> str:
    """Return a number as text; one that is whole has no point, also where gaps beside it made it a float."""
    return str(int(number)) if float(number).is_integer() else str(number)


def _nullable(dtype: Any) -> Any:
    """Return the type that also holds nothing: whole numbers and truths have one of their own."""
    if isinstance(dtype, np.dtype) and dtype.kind in "iu":
        return "UInt64" if dtype.kind == "u" else "Int64"
    return "boolean" if isinstance(dtype, np.dtype) and dtype.kind == "b" else dtype


def with_moved(
    frame: gpd.GeoDataFrame, places: Mapping[int, tuple[BaseGeometry, float]]
) -> gpd.GeoDataFrame:
    """Return a frame in which some features stand elsewhere.

    Parameters
    ----------
    places
        By row number the new shape, in the CRS of the frame, and its position error in metres; NaN is unknown.
    """
    rows = list(places)
    shapes = np.array(frame.geometry, dtype=object)
    shapes[rows] = [places[row][0] for row in rows]
    moved = frame.assign(
        **{str(frame.geometry.name): gpd.GeoSeries(shapes, frame.index, frame.crs)}
    )
    errors = [places[row][1] for row in rows]
    if ERROR_COLUMN in frame.columns or not np.isnan(errors).all():
        known = frame.get(ERROR_COLUMN, pd.Series(np.nan, index=frame.index))
        column = known.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan).copy()
        column[rows] = errors
        moved[ERROR_COLUMN] = column
    return moved


def with_values(
    frame: gpd.GeoDataFrame, rows: Sequence[int], values: Mapping[str, Any]
) -> gpd.GeoDataFrame:
    """Return a frame in which some rows have other values; the columns must be there."""
    changed = frame.copy()
    for column, value in values.items():
        known = changed[column]
        wide = known.astype(_widened(known.dtype, value))
        wide.iloc[list(rows)] = value
        changed[column] = wide
    return changed


def _widened(dtype: Any, value: Any) -> Any:
    """Return the type of a column that also holds a value."""
    kind = dtype.kind if hasattr(dtype, "kind") else "O"
    if isinstance(value, str):
        return dtype if kind == "O" else object
    if isinstance(value, float) and kind in "iu" and not value.is_integer():
        return "Float64"
    return dtype


def differences(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame, key: str) -> Differences:
    """Tell two states of a layer apart by their key, whose values are unique in each.

    Examples
    --------
    >>> def state(keys, lon):
    ...     return gpd.GeoDataFrame({"id": keys}, geometry=gpd.points_from_xy(lon, [53.4] * len(keys)), crs="EPSG:4326")
    >>> differences(state(["a", "b"], [-3, -2]), state(["b", "c"], [-2.5, -2]), "id")
    Differences(added=array([1]), removed=array([0]), moved=('b',), changed=())
    """
    one, other = first[key].astype(str).to_numpy(), second[key].astype(str).to_numpy()
    added = np.flatnonzero(~np.isin(other, one))
    removed = np.flatnonzero(~np.isin(one, other))
    place = {each: row for row, each in enumerate(other.tolist())}
    both = [row for row, each in enumerate(one.tolist()) if each in place]
    old = first.iloc[both].reset_index(drop=True)
    new = second.iloc[[place[one[row]] for row in both]].reset_index(drop=True)
    apart = ~_same_place(old, new)
    values = [each for each in old.columns if each != old.geometry.name and each in new.columns]
    other_values = np.zeros(len(old), dtype=bool)
    for name in values:
        other_values |= ~_same(old[name], new[name])
    keys = old[key].astype(str).to_numpy()
    return Differences(
        added,
        removed,
        tuple(sorted(keys[apart].tolist())),
        tuple(sorted(keys[other_values & ~apart].tolist())),
    )


def _same_place(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> Any:
    shapes = brought_to(new, old).geometry
    bytes_ = (each.to_wkb().fillna(b"").to_numpy() for each in (old.geometry, shapes))
    one, other = bytes_
    errors = (each.get(ERROR_COLUMN, pd.Series(np.nan, index=old.index)) for each in (old, new))
    return (one == other) & _same(*errors)


def _same(old: pd.Series, new: pd.Series) -> Any:
    """Tell where two columns hold the same, nothing being the same as nothing."""
    neither = old.isna().to_numpy() & new.isna().to_numpy()
    equal = [one == other for one, other in zip(old.tolist(), new.tolist(), strict=True)]
    return neither | np.array([each is True or each == np.True_ for each in equal], dtype=bool)


def spread(residents: Floats, total: float) -> Floats:
    """Spread people over points in proportion to those who live there, in whole people, by the largest remainder.

    Parameters
    ----------
    residents
        How many live at each point now; at least one person in all.
    total
        How many shall live there in all.

    Returns
    -------
    numpy.ndarray
        Whole numbers that add up to `total`; of equal remainders the first points get one more.

    Examples
    --------
    >>> spread(np.array([3.0, 1.0]), 6).tolist()
    [5.0, 1.0]
    """
    shares = residents * (total / residents.sum())
    whole: Floats = np.floor(shares + 1e-9)
    missing = round(total - whole.sum())
    last = np.argsort(-(shares - whole), kind="stable")[:missing]
    whole[last] += 1
    return whole


def scaled(residents: Floats, kind: str, amount: float) -> float:
    """Return how many people there are after a change: so many more, so many fewer, or so many times as many.

    Examples
    --------
    >>> scaled(np.array([100.0, 50.0]), "times", 1.1)
    165.0
    """
    total = float(residents.sum())
    changed = {"more": total + amount, "fewer": total - amount, "times": total * amount}[kind]
    return float(np.floor(changed + 0.5))
