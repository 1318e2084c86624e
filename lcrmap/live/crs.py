"""The reference systems in which features are given and boxes are taken (OGC API Features, Part 2)."""

from __future__ import annotations

import json
from functools import lru_cache
from threading import get_ident
from typing import Any, Final

import pyproj
import shapely

from lcrmap.errors import shortened
from lcrmap.io.json_rows import dump
from lcrmap.io.json_shapes import TooDeepError, json_shapes
from lcrmap.io.json_text import all_finite
from lcrmap.live.asking import ProblemError
from lcrmap.live.rules import UnfitError, single

__all__ = ["CRS84", "LISTED", "degrees_from", "in_degrees", "turned", "wanted_crs"]

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0"
LISTED: Final = (CRS84, f"{_EPSG}/4326", f"{_EPSG}/27700")
_GRID: Final = LISTED[2]
_DIGITS: Final = {(CRS84, _GRID): 3, (_GRID, CRS84): 8}
"""How many digits stand after the point of what had to be calculated: a millimetre, both ways."""


def wanted_crs(said: str | None, name: str = "crs") -> str:
    """Return the reference system that a parameter names."""
    if said is None:
        return CRS84
    if said not in LISTED:
        raise ProblemError(
            400,
            f"'{name}' must be one of {', '.join(LISTED)}, not '{shortened(said)}'.",
        )
    return said


def _transformer(source: str, target: str) -> pyproj.Transformer:
    """Return what turns coordinates: one for each thread, as none may be used by two at once."""
    return _transformer_of(source, target, get_ident())


@lru_cache(maxsize=64)
def _transformer_of(source: str, target: str, _thread: int) -> pyproj.Transformer:
    codes = {CRS84: "OGC:CRS84", LISTED[1]: "EPSG:4326", _GRID: "EPSG:27700"}
    return pyproj.Transformer.from_crs(codes[source], codes[target], always_xy=False)


def turned(text: str, crs: str) -> str:
    """Return a feature with its shape in another reference system, the axes in the order that this has."""
    feature = json.loads(text)
    if feature["geometry"] is not None:
        feature["geometry"] = _moved(feature["geometry"], CRS84, crs)
    return dump(feature)


def in_degrees(feature: dict[str, Any], crs: str, before: str = "") -> dict[str, Any]:
    """Return a feature, or a change of one, whose shape was sent in a reference system, with it in degrees.

    Parameters
    ----------
    feature
        As it was sent. A shape that is none stays as it is, for the rules to refuse.
    crs
        One of `LISTED`.
    before
        The feature as it is held, if it is. A shape that comes back as it was read is the one that is held.

    Raises
    ------
    UnfitError
        If it lies where the reference system has no places.
    """
    if crs == CRS84 or feature.get("geometry") is None:
        return feature
    held = json.loads(before) if before else None
    sent = single(feature["geometry"], held)
    if held and sent == json.loads(turned(before, crs))["geometry"]:
        return {**feature, "geometry": held["geometry"]}
    try:
        (shape,), _ = json_shapes([sent])
    except TooDeepError:
        shape = None
    if shape is None:
        return feature
    geometry = _moved(json.loads(shapely.to_geojson(shape)), crs, CRS84)
    if not all_finite(geometry):
        raise UnfitError(f"The shape lies where {crs} has no places: see Content-Crs.")
    return {**feature, "geometry": geometry}


def _moved(geometry: dict[str, Any], source: str, target: str) -> dict[str, Any]:
    """Return a geometry in another reference system."""
    transform, digits = _transformer(source, target).transform, _DIGITS.get((source, target))

    def walk(value: Any) -> Any:
        if value and isinstance(value[0], list):
            return [walk(each) for each in value]
        if not value:
            return value
        x, y = transform(value[0], value[1])
        return [*((x, y) if digits is None else (round(x, digits), round(y, digits))), *value[2:]]

    if geometry["type"] == "GeometryCollection":
        parts = [_moved(each, source, target) for each in geometry["geometries"]]
        return {**geometry, "geometries": parts}
    return {**geometry, "coordinates": walk(geometry["coordinates"])}


def degrees_from(numbers: list[float], crs: str) -> tuple[float, float, float, float]:
    """Return a box as west, south, east, north in degrees."""
    if crs == CRS84:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    if crs == LISTED[1]:
        return numbers[1], numbers[0], numbers[3], numbers[2]
    west, south, east, north = numbers
    return _transformer(crs, CRS84).transform_bounds(west, south, east, north)
