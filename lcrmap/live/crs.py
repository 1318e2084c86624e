"""The reference systems in which features are given and boxes are taken (OGC API Features, Part 2)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import pyproj

from lcrmap.errors import shortened
from lcrmap.io.json_rows import dump
from lcrmap.live.asking import ProblemError

__all__ = ["CRS84", "LISTED", "degrees_from", "turned", "wanted_crs"]

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0"
LISTED: Final = (CRS84, f"{_EPSG}/4326", f"{_EPSG}/27700")
_DIGITS: Final = 3  # of a metre, after the point


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


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    codes = {CRS84: "OGC:CRS84", LISTED[1]: "EPSG:4326", LISTED[2]: "EPSG:27700"}
    return pyproj.Transformer.from_crs(codes[source], codes[target], always_xy=False)


def turned(text: str, crs: str) -> str:
    """Return a feature with its shape in another reference system, the axes in the order that this has."""
    feature = json.loads(text)
    transform = _transformer(CRS84, crs).transform
    digits = _DIGITS if crs == LISTED[2] else None

    def walk(value: Any) -> Any:
        if value and isinstance(value[0], list):
            return [walk(each) for each in value]
        if not value:
            return value
        x, y = transform(value[0], value[1])
        return [*((x, y) if digits is None else (round(x, digits), round(y, digits))), *value[2:]]

    def shape(geometry: Any) -> Any:
        if geometry["type"] == "GeometryCollection":
            return {**geometry, "geometries": [shape(each) for each in geometry["geometries"]]}
        return {**geometry, "coordinates": walk(geometry["coordinates"])}

    if feature["geometry"] is not None:
        feature["geometry"] = shape(feature["geometry"])
    return dump(feature)


def degrees_from(numbers: list[float], crs: str) -> tuple[float, float, float, float]:
    """Return a box as west, south, east, north in degrees."""
    if crs == CRS84:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    if crs == LISTED[1]:
        return numbers[1], numbers[0], numbers[3], numbers[2]
    west, south, east, north = numbers
    return _transformer(crs, CRS84).transform_bounds(west, south, east, north)
