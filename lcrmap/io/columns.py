"""From a reader's columns to a frame: one rule for types, whichever library did the reading."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.errors import GeometryError, WholeNeededError

__all__ = [
    "DEEPEST",
    "EXACT",
    "Column",
    "broken_shapes",
    "build_frame",
    "free_name",
    "is_deep",
    "reserved_note",
    "shapes_from_wkb",
    "unreserved",
    "with_gaps",
]

EXACT: Final = 2**53
"""Whole numbers up to here are floating point without loss."""

DEEPEST: Final = 200
"""How deep a value may nest: deeper, no writer follows."""

# numpy has no gap for these: what stands in their place.
_WITH_GAPS: dict[str, Any] = {"integer": "float64", "boolean": object}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as a reader gives it: name, Frictionless type, values with None or NaN for missing."""

    name: str
    type: str
    values: Any


def build_frame(
    columns: Sequence[Column], geometry: Any, crs: pyproj.CRS | None
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Return a frame of the columns and shapes, and the Frictionless type of each column.

    Parameters
    ----------
    geometry
        An array of shapely geometries, None where there is no position.

    Notes
    -----
    Whole numbers with gaps become floating point, since numpy has no gap for whole numbers; their type
    stays "integer", and the writers write them without a decimal point. Truth values with gaps stay
    Python's own with None. Text is pandas' ``str``.
    """
    names = unreserved([each.name for each in columns])
    values = {name: _array(each) for name, each in zip(names, columns, strict=True)}
    types = {name: each.type for name, each in zip(names, columns, strict=True)}
    # Of arrays a frame is made in a third of the time that it takes of columns with an index.
    values["geometry"] = gpd.GeoSeries(geometry, crs=crs).array
    return gpd.GeoDataFrame(values, geometry="geometry"), types


def with_gaps(
    frame: gpd.GeoDataFrame, columns: Sequence[Column], gaps: Collection[str]
) -> gpd.GeoDataFrame:
    """Return a part with the types that its columns have in a whole in which some have gaps.

    Parameters
    ----------
    columns
        What the frame was made of by `build_frame`.
    gaps
        The columns that lack a value in some row of the whole.

    Raises
    ------
    WholeNeededError
        If whole numbers would lose digits in the type that gaps need.
    """
    changed = {
        name: _WITH_GAPS[column.type]
        for name, column in zip(frame.columns, columns, strict=False)  # the shapes come last
        if column.name in gaps and column.type in _WITH_GAPS
    }
    if any(_is_long(frame[name]) for name in changed):
        raise WholeNeededError("A column has gaps beside whole numbers beyond floating point.")
    return frame.astype(changed) if changed else frame


def _is_long(values: pd.Series[Any]) -> bool:
    """Tell whether floating point cannot hold some of the whole numbers."""
    if values.dtype.kind != "i" or values.empty:
        return False
    return bool(values.max() >= EXACT or values.min() <= -EXACT)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """Return a name that no other has: the wanted one, with as many underscores behind it as that takes.

    Examples
    --------
    >>> free_name("geom", ["geom", "geom_"])
    'geom__'
    """
    while wanted in taken:
        wanted += "_"
    return wanted


def unreserved(names: Sequence[str]) -> list[str]:
    """Return the names, with "geometry" renamed: that is the shapes' own column in every frame.

    Examples
    --------
    >>> unreserved(["id", "geometry"])
    ['id', 'geometry_']
    """
    free = free_name("geometry_", names)
    return [free if name == "geometry" else name for name in names]


def reserved_note(names: Collection[str], where: str) -> tuple[str, ...]:
    """Say what a column is called that `unreserved` renames.

    Examples
    --------
    >>> reserved_note(["id", "geometry"], "'a.csv'")
    ("The column 'geometry' of 'a.csv' is called 'geometry_', since the shapes have that name.",)
    """
    if "geometry" not in names:
        return ()
    name = free_name("geometry_", names)
    return (
        f"The column 'geometry' of {where} is called '{name}', since the shapes have that name.",
    )


def _array(column: Column) -> Any:
    match column.type:
        case "integer":
            return _whole_numbers(column.values)
        case "number":
            return np.asarray(_with_nan(column.values), dtype="float64")
        case "boolean":
            return _truths(column.values)
        case "array" | "object":
            return _objects([_plain(each) for each in column.values])
        case "any":
            return _objects(column.values)
        case _:
            return pd.array(column.values, dtype="str")


def _with_nan(values: Any) -> Any:
    if isinstance(values, np.ndarray | pd.Series) and getattr(values.dtype, "kind", "") in "iuf":
        return np.asarray(values)
    return [np.nan if each is None else each for each in values]


def _whole_numbers(values: Any) -> Any:
    filled = pd.Series(_with_nan(values))
    if len(filled) and not filled.isna().any():
        return filled.astype("int64").to_numpy()
    return filled.astype("float64" if len(filled) else "int64").to_numpy()


def _truths(values: Any) -> Any:
    filled = _objects(values)
    missing = filled.isna()
    if not missing.any():
        return filled.to_numpy(dtype="bool")
    return _objects(
        [None if gap else bool(each) for each, gap in zip(filled, missing, strict=True)]
    )


def _objects(values: Any) -> Any:
    # As a column with a type: of a mere array of objects a frame makes texts, if it holds nothing else.
    return pd.Series(list(values), dtype="object")


def _plain(value: Any) -> Any:
    """Return lists and objects as Python's own, from text or numpy."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return value if isinstance(found, list | dict) and is_deep(found) else found
    return value if isinstance(value, list | dict | tuple) else None


def is_deep(value: list[Any] | dict[str, Any]) -> bool:
    """Tell whether a value holds lists and objects within each other deeper than `DEEPEST`."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [one for each in inner for one in each if isinstance(one, list | dict)]
        if not level:
            return False
    return True


def shapes_from_wkb(binary: Any) -> tuple[Any, tuple[int, ...]]:
    """Return geometries, None for none and for empty ones, and the rows that GEOS cannot build."""
    with np.errstate(invalid="ignore"):  # the checks find what is not finite
        try:
            shapes = np.array(shapely.from_wkb(binary, on_invalid="ignore"), dtype=object)
        except NotImplementedError:  # curves, of which it does not say where
            shapes = np.array([_straight(each) for each in binary], dtype=object)
    there = np.array([each is not None for each in binary], dtype=bool)
    broken = np.flatnonzero(there & np.array([each is None for each in shapes], dtype=bool))
    shapes[shapely.is_empty(shapes)] = None
    return shapes, tuple(int(row) for row in broken)


def _straight(binary: Any) -> Any:
    """Return a geometry; None for curves, which GEOS lacks."""
    try:
        return shapely.from_wkb(binary, on_invalid="ignore")
    except NotImplementedError:  # what shapely raises for a curve
        return None


def broken_shapes(
    rows: Sequence[int],
    where: str,
    *,
    what: str = "shapes that cannot be understood",
    remedy: str = "mend them in a GIS",
) -> GeometryError:
    """Return the error that lists which features have a shape that cannot be built, and what is wrong with it."""
    shown = ", ".join(str(row + 1) for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    word = "feature" if len(rows) == 1 else "features"
    return GeometryError(f"{where} has {what}, in {word} {shown}{more}: {remedy}.")
