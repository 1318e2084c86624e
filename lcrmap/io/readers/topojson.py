"""TopoJSON: each of its objects is a layer, whose shapes share arcs.

Its shapes are put together as GeoJSON, and then go its way: GDAL leaves out those that it does not know without a word.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeGuard

from lcrmap.errors import FileError
from lcrmap.io.columns import DEEPEST
from lcrmap.io.crs import DEGREES, named_crs
from lcrmap.io.features import reading_of
from lcrmap.io.formats import UTF8_MARK
from lcrmap.io.json_text import Head, parse, read_text, too_deep
from lcrmap.io.layered import Contained, chosen_of
from lcrmap.io.reading import Asked, Reading

__all__ = ["read", "read_topology"]

_LEVELS: Final = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}
"""The shapes that are made of arcs, and how many lists stand around those of one line."""
_MOST_TIMES: Final = 20
"""So often a layer uses each arc on average: neighbours share one twice, and what uses it more often is no map."""
_FREE: Final = 100_000  # positions that any file may have


def read(path: Path, asked: Asked) -> Reading:
    """Read all features of a layer; raises as `read_topology` does."""
    data = path.read_bytes()
    where = f"'{path}'"
    read_text(data, where)
    return read_topology(parse(data.removeprefix(UTF8_MARK), where), path, asked)


def read_topology(whole: dict[str, Any], path: Path, asked: Asked) -> Reading:
    """Read all features of a layer of a topology that is decoded.

    Its arcs are unfolded once it is known to how many positions.

    Raises
    ------
    FileError
        If it is no topology, or if the layer is to be chosen, uses arcs that are not there or unfolds to too much.
    UnknownNameError
        If it has no layer of the name asked for.
    GeometryError
        If a shape cannot be understood.
    """
    where = f"'{path}'"
    objects, arcs = whole.get("objects"), whole.get("arcs")
    if whole.get("type") != "Topology" or not isinstance(objects, dict):
        raise FileError(f"{where} is JSON but not TopoJSON, whose type is 'Topology'.")
    if not isinstance(arcs, list) or not all(isinstance(each, list) for each in arcs):
        raise FileError(f"{where} has no list of arcs, as TopoJSON has: save or download it again.")
    layers = {name: _collected(each) for name, each in objects.items()}
    found = [Contained(name, len(each["geometries"]), "") for name, each in layers.items()]
    layer = chosen_of(found, asked.part, path)
    _refuse_unfolding(layers[layer], [len(each) for each in arcs], where)
    grid = _grid(whole, where)
    unfolded = _Unfolded([_positions(each, grid, where) for each in arcs], grid, where)
    features = [
        _feature(each, number, unfolded)
        for number, each in enumerate(layers[layer]["geometries"], 1)
    ]
    reading = reading_of(features, Head(named_crs(DEGREES)), where)
    return replace(reading, title=layer if len(layers) > 1 else "")


def _collected(value: Any) -> dict[str, Any]:
    """Return an object of a topology as a collection, which a single shape is too."""
    if isinstance(value, dict) and isinstance(value.get("geometries"), list):
        return value
    return {"type": "GeometryCollection", "geometries": [value] if isinstance(value, dict) else []}


def _refuse_unfolding(layer: dict[str, Any], lengths: list[int], where: str) -> None:
    """Refuse a layer that uses arcs that are not there, or so often that they unfold to far more than the file."""
    left = _FREE + _MOST_TIMES * sum(lengths)
    todo: list[Any] = [layer]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            parts = each.get("geometries")
            todo += (
                [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
            )
            todo.append(each.get("arcs"))
        elif isinstance(each, list):
            todo += each
        elif each is None:
            continue
        elif not isinstance(each, int) or not -len(lengths) <= each < len(lengths):
            raise FileError(
                f"{where} uses an arc that it does not hold: save or download it again."
            )
        else:
            left -= 1 + lengths[each if each >= 0 else ~each]
            if left < 0:
                raise FileError(
                    f"{where} uses its arcs so often that they unfold to more than {_MOST_TIMES} times as many "
                    f"positions as it holds, as no map does."
                )


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the steps of a quantized topology lead; without steps, positions stand as they are."""

    scale: tuple[float, float] = (1, 1)
    origin: tuple[float, float] = (0, 0)
    stepped: bool = False

    def place(self, x: Any, y: Any) -> list[Any]:
        """Return the position of a node of the grid."""
        if not self.stepped:
            return [x, y]
        return [x * self.scale[0] + self.origin[0], y * self.scale[1] + self.origin[1]]


@dataclass(frozen=True, slots=True)
class _Unfolded:
    """The arcs of a topology as positions."""

    arcs: list[list[list[Any]]]
    grid: _Grid
    where: str

    def line(self, numbers: Any) -> list[Any] | None:
        """Return the positions of arcs that follow each other, of which each begins where the last one ends."""
        if not isinstance(numbers, list) or not all(isinstance(each, int) for each in numbers):
            return None
        found: list[Any] = []
        for each in numbers:
            arc = self.arcs[each] if each >= 0 else self.arcs[~each][::-1]
            found += arc[1:] if found else arc
        return found

    def lines(self, numbers: Any, depth: int) -> list[Any] | None:
        """Return lines in lists of so many levels; None where they are not nested so."""
        if not depth:
            return self.line(numbers)
        return (
            [self.lines(each, depth - 1) for each in numbers] if isinstance(numbers, list) else None
        )


def _grid(whole: dict[str, Any], where: str) -> _Grid:
    told = whole.get("transform")
    if told is None:
        return _Grid()
    scale, origin = (told.get("scale"), told.get("translate")) if isinstance(told, dict) else (0, 0)
    if _is_position(scale) and _is_position(origin) and len(scale) == len(origin) == 2:
        return _Grid((scale[0], scale[1]), (origin[0], origin[1]), stepped=True)
    raise FileError(
        f"{where} has a transform without scale and translate, each of two numbers: save or download it again."
    )


def _is_position(value: Any) -> TypeGuard[list[Any]]:
    """Tell whether a value is a position: two numbers or more."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    return all(isinstance(each, int | float) and not isinstance(each, bool) for each in value)


def _positions(arc: list[Any], grid: _Grid, where: str) -> list[list[Any]]:
    """Return the positions of an arc, of which each says how far it is from the one before if they are steps."""
    if not all(map(_is_position, arc)):
        raise FileError(
            f"{where} has an arc with a position that is no two numbers: save or download it again."
        )
    if not grid.stepped:
        return arc
    east = itertools.accumulate(each[0] for each in arc)
    north = itertools.accumulate(each[1] for each in arc)
    return [[*grid.place(x, y), *each[2:]] for x, y, each in zip(east, north, arc, strict=True)]


def _feature(value: Any, number: int, unfolded: _Unfolded) -> dict[str, Any]:
    """Return a shape of a layer as a feature of GeoJSON."""
    properties = value.get("properties") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(properties, dict | None):
        what = "properties that are" if isinstance(value, dict) else "a shape that is"
        raise FileError(
            f"Shape {number} of {unfolded.where} has {what} no object: save or download it again."
        )
    own = {"id": value["id"]} if "id" in value else {}
    return {**own, "properties": properties, "geometry": _geometry(value, unfolded, 0)}


def _geometry(shape: Any, unfolded: _Unfolded, depth: int) -> Any:
    """Return a shape as a geometry of GeoJSON, in whose reader all that is odd about it has its sentence."""
    if depth > DEEPEST:
        raise FileError(too_deep(unfolded.where))
    if not isinstance(shape, dict) or shape.get("type") is None:
        return None if isinstance(shape, dict) else shape
    kind = shape["type"]
    if kind == "GeometryCollection":
        inner = shape.get("geometries")
        parts = inner if isinstance(inner, list) else []
        collected = [_geometry(each, unfolded, depth + 1) for each in parts]
        return {"type": kind, "geometries": collected if isinstance(inner, list) else inner}
    coordinates = shape.get("coordinates")
    if isinstance(kind, str) and kind in _LEVELS:
        coordinates = unfolded.lines(shape.get("arcs"), _LEVELS[kind])
    elif kind == "Point" and _is_position(coordinates):
        coordinates = [*unfolded.grid.place(*coordinates[:2]), *coordinates[2:]]
    elif kind == "MultiPoint" and isinstance(coordinates, list):
        places = unfolded.grid.place
        coordinates = [
            [*places(*each[:2]), *each[2:]] if _is_position(each) else each for each in coordinates
        ]
    return {"type": kind, "coordinates": coordinates}
