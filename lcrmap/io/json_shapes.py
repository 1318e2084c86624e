"""Shapes from the geometries of features, by GEOS, which refuses what is no position in place of leaving it out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely

from lcrmap.io.json_text import SHAPES
from lcrmap.io.wellknown import DEEPEST

__all__ = ["TooDeepError", "json_shapes"]

_NAMES: Final = {each.casefold(): each for each in SHAPES}
_COLLECTION: Final = "GeometryCollection"
_LONGEST_POSITION: Final = 3
_DEEPEST_POSITION: Final = 3  # in areas of many parts


class TooDeepError(Exception):
    """Raised inside this room for collections within collections, deeper than any map data are."""


def json_shapes(geometries: Sequence[Mapping[str, Any] | None]) -> tuple[Any, list[int]]:
    """Return an array of shapes, and the rows that have a geometry of which no shape can be made.

    A shape is None where there is no geometry or an empty one. What a position has beyond three numbers is left
    out, as RFC 7946 allows; a height that other positions of the shape have, and it has not, is 0.

    Raises
    ------
    TooDeepError
        If collections nest too deep.

    Examples
    --------
    >>> json_shapes([{"type": "Point", "coordinates": [-3, 53]}, None, {"type": "Point", "coordinates": [-3]}])
    (array([<POINT (-3 53)>, None, None], dtype=object), [2])
    """
    there = np.array([each is not None for each in geometries], dtype=bool)
    shapes = _built([_lawful(each) for each in geometries])
    lost = np.flatnonzero(there & shapely.is_missing(shapes))
    if len(lost):
        mended = [_mended(geometries[row]) for row in lost.tolist()]
        shapes[lost] = _built([_lawful(each) for each in mended])
    shapes[shapely.has_z(shapes)] = _level(shapes[shapely.has_z(shapes)])
    broken = np.flatnonzero(there & shapely.is_missing(shapes)).tolist()
    shapes[shapely.is_empty(shapes)] = None
    return shapes, broken


def _built(geometries: Sequence[Any]) -> Any:
    import msgspec

    encode = msgspec.json.Encoder().encode

    def text(geometry: Any) -> str:
        try:
            return encode(geometry).decode()
        except OverflowError:  # a whole number of more than 64 bits
            return json.dumps(geometry)

    texts = np.array([None if each is None else text(each) for each in geometries], dtype=object)
    with np.errstate(invalid="ignore"):  # the checks find what is not finite
        return np.array(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object)


def _lawful(geometry: Any, depth: int = 0) -> Any:
    """Return a geometry without members that mean nothing; None if its type is none or a part has none."""
    if depth > DEEPEST:
        raise TooDeepError
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        return None
    if geometry["type"] != _COLLECTION:
        return {"type": geometry["type"], "coordinates": geometry.get("coordinates")}
    parts = geometry.get("geometries")
    if not isinstance(parts, list):
        return None
    lawful = [_lawful(each, depth + 1) for each in parts]
    return None if None in lawful else {"type": _COLLECTION, "geometries": lawful}


def _mended(geometry: Any, depth: int = 0) -> Any:
    """Return a geometry whose type is written in another case, or whose positions are longer, as GEOS takes it."""
    if not isinstance(geometry, dict) or depth > DEEPEST:
        return geometry
    name = geometry.get("type")
    kind = _NAMES.get(name.casefold(), name) if isinstance(name, str) else name
    mended = {**geometry, "type": kind}
    if "coordinates" in geometry:
        mended["coordinates"] = _cut(geometry["coordinates"])
    if isinstance(geometry.get("geometries"), list):
        mended["geometries"] = [_mended(each, depth + 1) for each in geometry["geometries"]]
    return mended


def _cut(coordinates: Any, depth: int = 0) -> Any:
    """Return coordinates whose positions have three numbers at most."""
    if not isinstance(coordinates, list) or depth > _DEEPEST_POSITION:
        return coordinates
    if coordinates and not any(isinstance(each, list) for each in coordinates):
        return coordinates[:_LONGEST_POSITION]
    return [_cut(each, depth + 1) for each in coordinates]


def _level(shapes: Any) -> Any:
    """Put heights that are missing in a shape with heights to 0."""
    if not np.isnan(shapely.get_coordinates(shapes, include_z=True)[:, 2]).any():
        return shapes
    return shapely.transform(shapely.force_3d(shapes), _with_heights, include_z=True)


def _with_heights(numbers: Any) -> Any:
    return np.column_stack([numbers[:, :2], np.nan_to_num(numbers[:, 2])])
