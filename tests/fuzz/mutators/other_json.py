"""TopoJSON and Esri JSON: honest answers of servers, then with parts of JSON struck, and bytes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.mutators.documents import struck
from tests.fuzz.mutators.texts import (
    PLAIN_NAMES,
    damaged,
    json_text,
    odd_name,
    odd_value,
    plain_value,
    position,
)

__all__ = ["make_esri", "make_topology"]

_TYPES = {
    "string": "esriFieldTypeString",
    "integer": "esriFieldTypeInteger",
    "number": "esriFieldTypeDouble",
}
_ODD_TYPES = ("esriFieldTypeDate", "esriFieldTypeOID", "esriFieldTypeBlob", "x", 7)
_SYSTEMS: tuple[Any, ...] = (
    {"wkid": 27700},
    {"wkid": 102100, "latestWkid": 3857},
    {"wkid": 0},
    {"wkt": "GEOGCS["},
    {},
    None,
)


def _properties(rng: Random, kinds: dict[str, str]) -> dict[str, Any]:
    gaps = rng.random() < 0.2
    values = {
        name: None if gaps and rng.random() < 0.4 else plain_value(kind, rng)
        for name, kind in kinds.items()
    }
    return {**values, odd_name(rng): odd_value(rng)} if rng.random() < 0.1 else values


def _kinds(rng: Random) -> dict[str, str]:
    return {name: rng.choice(list(_TYPES)) for name in rng.sample(PLAIN_NAMES, rng.randint(0, 4))}


def _topology(rng: Random) -> Any:
    kinds, arcs, geometries = _kinds(rng), [], []
    for _ in range(rng.randint(1, 5)):
        x, y = position(rng)
        number = len(arcs)
        shape: dict[str, Any] = {"type": "Point", "coordinates": [x, y]}
        match rng.randrange(4):
            case 0:
                arcs.append([[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y]])
                shape = {"type": "Polygon", "arcs": [[number]]}
            case 1:
                arcs.append([[x, y], [x + 0.01, y + 0.01]])
                shape = {"type": "LineString", "arcs": [rng.choice([number, ~number])]}
        if kinds or rng.random() < 0.5:
            shape["properties"] = _properties(rng, kinds)
        geometries.append(shape)
    objects = {"a": {"type": "GeometryCollection", "geometries": geometries}}
    if rng.random() < 0.1:
        objects["b"] = {"type": "GeometryCollection", "geometries": geometries[:1]}
    return {"type": "Topology", "arcs": arcs, "objects": objects}


def _answer(rng: Random) -> Any:
    kinds = _kinds(rng)
    features = []
    for _ in range(rng.randint(1, 5)):
        x, y = position(rng)
        gone = rng.random() < 0.1
        features.append(
            {
                "attributes": _properties(rng, kinds),
                "geometry": None if gone else {"x": x, "y": y},
            }
        )
    types = {
        name: rng.choice(_ODD_TYPES) if rng.random() < 0.05 else _TYPES[kind]
        for name, kind in kinds.items()
    }
    return {
        "geometryType": "esriGeometryPoint",
        "spatialReference": rng.choice(_SYSTEMS) if rng.random() < 0.15 else {"wkid": 4326},
        "fields": [{"name": name, "type": kind} for name, kind in types.items()],
        "features": features,
    }


def _made(kind: str, name: str, build: Callable[[Random], Any], rng: Random) -> Case:
    whole = build(rng)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        whole = struck(whole, rng)
    data = json_text(whole).encode("utf-8", "surrogatepass")
    if rng.random() < 0.1:
        data = damaged(data, rng)
    return Case(kind, 0, {name: data}, name, ("reads", "again"))


def make_topology(rng: Random) -> Case:
    """Make a TopoJSON."""
    return _made("topojson", rng.choice(["a.topojson", "a.json"]), _topology, rng)


def make_esri(rng: Random) -> Case:
    """Make an Esri JSON."""
    return _made("esrijson", "a.json", _answer, rng)
