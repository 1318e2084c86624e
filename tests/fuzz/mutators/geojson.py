"""GeoJSON and GeoJSONSeq: features as honest writers make them, then what no honest writer does."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.cases import Case
from tests.fuzz.mutators.texts import (
    PLAIN_NAMES,
    Pairs,
    Raw,
    damaged,
    json_text,
    odd_name,
    odd_text,
    odd_value,
    plain_value,
    position,
)

__all__ = ["features", "make_collection", "make_sequence"]

KINDS = ("string", "string", "integer", "number", "boolean", "array")
BLOWS: tuple[Any, ...] = (
    *(None, [], {}, [[]], [None], "x", True, 0, "point", "Polygon", "Curve"),
    *(1e30, -3.05, 53.41, Raw("NaN"), Raw("1e400"), Raw("1" * 30)),
    *([1], [1, 2, 3, 4], [[1, 2]]),
)
READING = ("reads", "pipe", "sequence", "parts", "again")


def shape(rng: Random) -> Any:
    """Return a lawful geometry, most often a point."""
    here = position(rng)
    x, y = here
    ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y]]
    line = [[x, y], [x + 0.01, y + 0.01]]
    many = [
        {"type": "LineString", "coordinates": line},
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPoint", "coordinates": line},
        {"type": "MultiLineString", "coordinates": [line, line]},
        {"type": "MultiPolygon", "coordinates": [[ring]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": here}]},
        {"type": "Point", "coordinates": [x, y, 12.5]},
        None,
    ]
    return (
        {"type": "Point", "coordinates": here}
        if rng.random() < 0.6
        else dict(rng.choice(many) or {}) or None
    )


def features(rng: Random) -> list[dict[str, Any]]:
    """Return some lawful features."""
    names = rng.sample(PLAIN_NAMES, rng.randint(0, 4))
    kinds = {name: rng.choice(KINDS) for name in names}
    gaps = rng.random() < 0.3
    points = rng.random() < 0.5
    made = []
    for number in range(rng.randint(1, 6)):
        properties: dict[str, Any] = {
            name: None if gaps and rng.random() < 0.3 else plain_value(kind, rng)
            for name, kind in kinds.items()
        }
        where = {"type": "Point", "coordinates": position(rng)} if points else shape(rng)
        one = {"type": "Feature", "properties": properties, "geometry": where}
        if gaps and rng.random() < 0.2:
            one["id"] = rng.choice([number, f"f{number}"])
        made.append(one)
    return made


def _odd_property(made: list[Any], rng: Random) -> None:
    each = rng.choice(made)
    each["properties"] = {**each["properties"], odd_name(rng): odd_value(rng)}


def _odd_column(made: list[Any], rng: Random) -> None:
    name = odd_name(rng)
    values = [odd_value(rng) for _ in range(2)]
    for each in made:
        each["properties"] = {name: rng.choice(values), **each["properties"]}


def _odd_texts(made: list[Any], rng: Random) -> None:
    for each in made:
        each["properties"] = {**each["properties"], "text": odd_text(rng)}


def _doubled_name(made: list[Any], rng: Random) -> None:
    each = rng.choice(made)
    members = Pairs(each["properties"].items())
    each["properties"] = Pairs([*members, (odd_name(rng), 1), *members[:1]])


def _reordered(made: list[Any], rng: Random) -> None:
    for each in made:
        members = list(each["properties"].items())
        rng.shuffle(members)
        each["properties"] = dict(members[: rng.randint(0, len(members))])


def _odd_id(made: list[Any], rng: Random) -> None:
    for each in made:
        each["id"] = rng.choice([1, "x", None, True, [1], Raw("1e3"), Raw("18446744073709551616")])


def _odd_member(made: list[Any], rng: Random) -> None:
    each = rng.choice(made)
    each[rng.choice(["type", "properties", "geometry", "bbox", "crs", "id"])] = odd_value(rng)


def _no_feature(made: list[Any], rng: Random) -> None:
    made.insert(rng.randint(0, len(made)), rng.choice([None, 1, "x", [], {}, {"type": "Point"}]))


def _odd_geometry(made: list[Any], rng: Random) -> None:
    each = rng.choice(made)
    if isinstance(each, dict) and isinstance(each.get("geometry"), dict):
        each["geometry"] = _struck(each["geometry"], rng)


def _odd_collection(made: list[Any], rng: Random) -> None:
    each = rng.choice(made)
    inner = {"type": "GeometryCollection", "geometries": [each.get("geometry"), shape(rng)]}
    for _ in range(rng.choice([0, 1, 5, 40])):
        inner = {"type": "GeometryCollection", "geometries": [inner]}
    each["geometry"] = _struck(inner, rng) if rng.random() < 0.5 else inner


def _struck(value: Any, rng: Random) -> Any:
    """Return a geometry in which one value, at any depth, is something else."""
    if isinstance(value, dict) and value:
        name = rng.choice([*value, "coordinates"])
        if rng.random() < 0.1:
            return {key: each for key, each in value.items() if key != name}
        return {**value, name: _struck(value.get(name), rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        if rng.random() < 0.1:
            return [*value[:at], *value[at + 1 :]]
        return [*value[:at], _struck(value[at], rng), *value[at + 1 :]]
    return rng.choice(BLOWS)


MUTATORS: tuple[Callable[[list[Any], Random], None], ...] = (
    _odd_property,
    _odd_property,
    _odd_column,
    _odd_texts,
    _doubled_name,
    _reordered,
    _odd_id,
    _odd_member,
    _no_feature,
    _odd_geometry,
    _odd_geometry,
    _odd_collection,
)


def _mutated(made: list[Any], rng: Random) -> bool:
    """Strike features some times; tell whether they are still as an honest writer makes them."""
    times = rng.choice([0, 1, 1, 2, 3])
    for _ in range(times):
        try:
            rng.choice(MUTATORS)(made, rng)
        except (AttributeError, TypeError, KeyError):
            continue  # an earlier blow left nothing to strike
    return not times


def _head(rng: Random) -> Pairs:
    """Return members that stand before the features."""
    head = Pairs([("type", "FeatureCollection")])
    names = {
        "name": odd_text(rng),
        "crs": {"type": "name", "properties": {"name": rng.choice(CRS_NAMES)}},
        "bbox": [1, 2, 3, 4],
        "lcrmap": odd_value(rng),
        odd_name(rng): odd_value(rng),
        "deep": Raw("[" * rng.choice([10, 2000]) + "1" + "]" * rng.choice([10, 2000])),
    }
    if rng.random() < 0.25:
        name = rng.choice(list(names))
        head.append((name, names[name]))
    return head


CRS_NAMES = (
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "EPSG:4326",
    "EPSG:27700",
    "EPSG:0",
    "EPSG:" + "9" * 30,
    "",
    "x" * 300,
    "+proj=longlat",
    "\x1b[31m",
)


def _finished(text: str, rng: Random, *, lawful: bool) -> tuple[bytes, bool]:
    """Encode a text, and strike its bytes now and then."""
    data = text.encode("utf-8", "surrogatepass")
    pick = rng.random()
    if pick < 0.08:
        return b"\xef\xbb\xbf" + data, lawful
    if pick < 0.2:
        return damaged(data, rng), False
    if pick < 0.22:
        return text.encode(rng.choice(["utf-16", "latin-1"]), "replace"), False
    if pick < 0.24:
        return data.replace(b":", b" : ").replace(b",", b"\r\n,"), lawful
    return data, lawful


def make_collection(rng: Random) -> Case:
    """Make a GeoJSON file."""
    made: list[Any] = features(rng)
    lawful = _mutated(made, rng)
    head = _head(rng)
    text = json_text(Pairs([*head, ("features", made)]))
    data, lawful = _finished(text, rng, lawful=lawful and len(head) == 1)
    return Case("geojson", 0, {"a.geojson": data}, "a.geojson", READING, lawful=lawful)


def make_sequence(rng: Random) -> Case:
    """Make a GeoJSONSeq file, one feature a line or after each separator."""
    made: list[Any] = features(rng)
    lawful = _mutated(made, rng)
    mark = rng.choice(["\n", "\n", "\n", "\r\n", "\n\n", "\n\x1e", " \n "])
    text = mark.join(map(json_text, made))
    text = ("\x1e" if "\x1e" in mark else "") + text + rng.choice(["", "\n", "\n\n"])
    data, lawful = _finished(text, rng, lawful=lawful)
    checks = ("reads", "pipe", "parts", "again")
    return Case("geojsonl", 0, {"a.geojsonl": data}, "a.geojsonl", checks, lawful=lawful)
