"""What a layer that was written and read again holds otherwise, and whether a sentence says so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pandas as pd
import shapely

from lcrmap.layers import Layer
from tests.fuzz.oracles.said import left_out

__all__ = ["unsaid"]

ROUNDED = 5.1e-8
"""Degrees: GeoJSON and CSV are written with seven decimals."""

SAID = {
    "infinite": "no form for infinite numbers",
    "as text": "as text",
    "from text": "CSV has no types, so the texts in",
    "blank": "CSV cannot tell",
    "moved": "Positions are transformed",
    "no point": "CSV holds no lines or areas",
    "no height": "CSV holds no heights",
}
"""The words that say of each kind of difference that it is there."""


def unsaid(before: Layer, after: Layer, suffix: str, notes: Sequence[str]) -> list[str]:
    """Return how a layer differs from what was written, where none of the notes says so."""
    said = "\n".join(notes)
    kept = left_out(notes).rows(len(before.frame))
    if len(after.frame) != len(kept):
        return [f"{len(before.frame)} rows became {len(after.frame)}"]
    frame = before.frame.iloc[kept.start : kept.stop]
    faults = _of_names(before, after, said)
    pairs = zip(_columns(before), _columns(after), strict=False)
    for name, other in pairs:
        for value, read in zip(frame[name].tolist(), after.frame[other].tolist(), strict=True):
            lost = _difference(value, read)
            if lost and SAID.get(lost, "\n\n") not in said:
                faults.append(f"{name!r}: {value!r} became {read!r} ({lost})")
    lost_shapes = _of_shapes(frame, after.frame, suffix)
    return faults + [each for each in lost_shapes if SAID.get(each, "\n\n") not in said]


def _columns(layer: Layer) -> list[str]:
    return [name for name in layer.frame.columns if name != layer.frame.geometry.name]


def _of_names(before: Layer, after: Layer, said: str) -> list[str]:
    """Return the names that changed without a word; a file may have columns more, behind or for feature ids."""
    mine, theirs = _columns(before), _columns(after)
    if len(theirs) < len(mine):
        return [f"the columns {mine} became {theirs}"]
    changed = [(one, two) for one, two in zip(mine, theirs, strict=False) if one != two]
    return [f"{one!r} became {two!r}" for one, two in changed if f"'{two}'" not in said]


def _difference(value: Any, read: Any) -> str:
    """Return what kind of difference there is between a value and what is read for it; empty for none."""
    if _missing(value):
        return "" if _missing(read) else "from nothing"
    if _missing(read):
        infinite = isinstance(value, float) and math.isinf(value)
        return "infinite" if infinite else "blank" if value == "" else "lost"
    if _same(value, read):
        return ""
    if isinstance(read, str):
        return "as text" if not isinstance(value, str) else "other text"
    if isinstance(value, str) and _is_text_of(value, read):
        return "from text"
    nested = isinstance(value, list | dict) and isinstance(read, list | dict)
    return "infinite" if nested and "inf" in repr(value) else "other value"


def _missing(value: Any) -> bool:
    return not isinstance(value, list | dict | np.ndarray) and bool(pd.isna(value))


def _same(value: Any, read: Any) -> bool:
    match value:
        case bool() | np.bool_():
            return isinstance(read, bool | np.bool_) and bool(value) == bool(read)
        case int() | float() | Decimal() | np.number():
            return _is_number(value, read)
        case dt.datetime():  # of pandas too
            return isinstance(read, str) and pd.Timestamp(read) == pd.Timestamp(value)
        case dt.date():
            return isinstance(read, str) and read == value.isoformat()
        case list():
            alike = isinstance(read, list) and len(read) == len(value)
            return alike and all(map(_same_within, value, read))
        case dict():
            alike = isinstance(read, dict) and list(value) == list(read)
            return alike and all(map(_same_within, value.values(), read.values()))
    return isinstance(read, str) and str(read) == value


def _same_within(value: Any, read: Any) -> bool:
    return read is None if _missing(value) else _same(value, read)


def _is_number(value: Any, read: Any) -> bool:
    """Tell whether a number is the same to the last digit."""
    if isinstance(read, bool | np.bool_) or not isinstance(read, int | float | np.number):
        return False
    if isinstance(value, Decimal):
        return Decimal(repr(float(read))) == value or Decimal(int(read)) == value
    if math.isinf(value) or math.isinf(read):
        return bool(value == read)
    exact = [each.item() if isinstance(each, np.generic) else each for each in (value, read)]
    return Decimal(exact[0]) == Decimal(exact[1])


def _is_text_of(text: str, read: Any) -> bool:
    """Tell whether a text says the value that it was read as."""
    if isinstance(read, bool | np.bool_):
        return text.lower() == str(read).lower()
    try:
        return Decimal(text) == Decimal(int(read)) or float(text) == float(read)
    except (InvalidOperation, ValueError, OverflowError):
        return False


def _of_shapes(before: Any, after: Any, suffix: str) -> list[str]:
    mine = np.array([None if each is None or each.is_empty else each for each in before.geometry])
    theirs = after.geometry.to_numpy()
    if suffix in (".gpkg", ".parquet"):
        system = [] if before.crs == after.crs else ["another system"]
        return system + ["other shapes"] * (not _equal(mine, theirs, 0))
    moved = before.set_geometry(mine, crs=before.crs).to_crs("EPSG:4326")
    found = ["moved"] if before.crs.to_epsg() != 4326 else []
    mine = moved.geometry.to_numpy()
    if suffix != ".csv":
        return found + ["other shapes"] * (not _equal(mine, theirs, ROUNDED))
    single = [each.geoms[0] if _is_one(each) else each for each in mine]
    points = [each if each is not None and each.geom_type == "Point" else None for each in single]
    lost = sum(each is not None for each in single) - sum(each is not None for each in points)
    found += ["no point"] if lost else []
    found += ["no height"] if any(each is not None and each.has_z for each in points) else []
    flat = shapely.force_2d(np.array(points, dtype=object))
    return found + ["other shapes"] * (not _equal(flat, theirs, ROUNDED))


def _is_one(shape: Any) -> bool:
    return shape is not None and shape.geom_type == "MultiPoint" and len(shape.geoms) == 1


def _equal(mine: Any, theirs: Any, most: float) -> bool:
    """Tell whether shapes are the same, wherever their rings begin and whichever way these go."""
    for one, two in zip(mine, theirs, strict=True):
        if one is None or two is None:
            if one is not two:
                return False
            continue
        same_kind = (one.geom_type, one.has_z) == (two.geom_type, two.has_z)
        numbers = [
            shapely.get_coordinates(shapely.normalize(each), include_z=one.has_z)
            for each in (one, two)
        ]
        bounds = [most, most, 5.1e-4 if most else 0][: numbers[0].shape[1]]
        if not same_kind or numbers[0].shape != numbers[1].shape:
            return False
        if not (np.abs(numbers[0] - numbers[1]) <= bounds).all():
            return False
    return True
