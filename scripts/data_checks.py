"""Check a data pack: what ``datapackage.json`` says, and that every file keeps to it.

`check_pack` returns one sentence for each fault; an empty list means that the pack is sound. The
build script prints them, the tests assert that there are none.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from data_files import Row, sha256
from shapely.geometry.base import BaseGeometry

from lcrmap.checks.demands import DEMANDS, broken
from lcrmap.layers.constraints import read_constraints

COLOURS = {"rose", "vermilion", "brown", "green", "violet", "navy", "ink", "grey"}
SYMBOLS = {
    *("circle", "plus", "square", "triangle-up", "triangle-down", "diamond", "star"),
    *("hull", "gate", "block-arrow", "saltire", "dome", "bar"),
}
#: GeoJSON types by the word that the pack uses for them.
KINDS = {
    "point": {"Point"},
    "line": {"LineString", "MultiLineString"},
    "area": {"Polygon", "MultiPolygon"},
}
#: These columns mean the same in every layer, so their titles and types are the same.
SHARED = (
    *("name", "aliases", "confidence", "position_error_m", "status", "since", "as_of", "note"),
    *("source_title", "source_publisher", "source_url", "source_date"),
)
#: The types of Frictionless that the pack uses.
TYPES = {"string", "integer", "number", "boolean"}
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True)
class LayerFile:
    """One layer as its file holds it, with its description."""

    resource: dict[str, Any]
    rows: list[Row]
    shapes: list[BaseGeometry | None]

    @property
    def name(self) -> str:
        """The layer's name."""
        return str(self.resource["name"])

    @property
    def key(self) -> str:
        """The field that names the features."""
        return str(self.resource["schema"]["primaryKey"][0])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The descriptions of the fields."""
        return list(self.resource["schema"]["fields"])


def read_package(data: Path) -> dict[str, Any]:
    """Read ``datapackage.json`` of the pack in the folder `data`."""
    package: dict[str, Any] = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    return package


def read_layer(data: Path, resource: dict[str, Any]) -> LayerFile:
    """Read one layer of the pack in the folder `data`."""
    return layer_of(resource, (data / resource["path"]).read_bytes())


def layer_of(resource: dict[str, Any], content: bytes) -> LayerFile:
    """Read one layer from the bytes of its file; in a CSV file, an empty cell is None."""
    text = content.decode("utf-8")
    if resource["format"] == "geojson":
        features = json.loads(text)["features"]
        return LayerFile(
            resource,
            [feature["properties"] for feature in features],
            [
                shapely.from_geojson(json.dumps(feature["geometry"]))
                if feature["geometry"]
                else None
                for feature in features
            ],
        )
    types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    own = resource["lcrmap"]
    rows = [_typed(row, types) for row in csv.DictReader(io.StringIO(text, newline=""))]
    return LayerFile(resource, rows, [shapely.Point(row[own["x"]], row[own["y"]]) for row in rows])


def counts_of(layer: LayerFile) -> dict[str, int]:
    """Return how many features of a layer are there, have a position, and are confirmed: what its list tells.

    Whatever has a status that the layer does not name as there is not counted.
    """
    known = layer.resource["lcrmap"].get("there", [])
    there = [
        (row, shape)
        for row, shape in zip(layer.rows, layer.shapes, strict=True)
        if not known or row.get("status") in (None, *known)
    ]
    counts = {"features": len(there), "placed": sum(shape is not None for _, shape in there)}
    if any(field["name"] == "confidence" for field in layer.fields):
        counts["confirmed"] = sum(row["confidence"] == "confirmed" for row, _ in there)
    return counts


def read_layers(data: Path) -> dict[str, LayerFile]:
    """Read every layer of the pack in the folder `data`, by name."""
    return {
        resource["name"]: read_layer(data, resource) for resource in read_package(data)["resources"]
    }


def described_files(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is said of each file of a pack: its layers, then its tables of indicators."""
    known = package["lcrmap"].get("indicators")
    tables = [known["nesting"], *known["tables"]] if known else []
    return [*package["resources"], *tables]


def check_pack(data: Path) -> list[str]:
    """Return one sentence for each fault of the pack in the folder `data`."""
    package = read_package(data)
    found = [*check_package(package), *check_files(data, package)]
    for layer in read_layers(data).values():
        for check in LAYER_CHECKS:
            found += [f"{layer.name}: {fault}" for fault in check(layer)]
    return found


def check_package(package: dict[str, Any]) -> Iterator[str]:
    """Check the description itself: names, licences, sources, fields, symbols and roles."""
    if not KEBAB.fullmatch(package["name"]):
        yield f"The pack's name {package['name']!r} is not in kebab-case."
    counts = Counter(resource["name"] for resource in package["resources"])
    yield from (f"Two layers are called {name}." for name, count in counts.items() if count > 1)
    shared: dict[str, tuple[str, str]] = {}
    for resource in package["resources"]:
        yield from (f"{resource['name']}: {fault}" for fault in _resource_faults(resource))
        for field in resource["schema"]["fields"]:
            said = (field["title"], field["type"])
            if field["name"] in SHARED and shared.setdefault(field["name"], said) != said:
                yield f"{resource['name']}: {field['name']} means something else than elsewhere."
    yield from _role_faults(package)


def check_files(data: Path, package: dict[str, Any]) -> Iterator[str]:
    """Check the size and hash of each file, and that no file lies undescribed beside them."""
    files = described_files(package)
    described = {each["path"] for each in files}
    present = {
        path.relative_to(data).as_posix()
        for path in data.rglob("*")
        if path.suffix in (".geojson", ".csv")
    }
    yield from (f"{path} is not described." for path in sorted(present - described))
    for each in files:
        content = (data / each["path"]).read_bytes()
        if (len(content), sha256(content)) != (each["bytes"], each["hash"]):
            yield (
                f"{each.get('name', each['path'])}: size or hash differs from datapackage.json: "
                "run scripts/build_data.py to renew them."
            )


def check_values(layer: LayerFile) -> Iterator[str]:
    """Check that every row has exactly the described fields, and values that they allow."""
    names = [field["name"] for field in layer.fields]
    for row in layer.rows:
        if list(row) != names:
            yield f"{row.get(layer.key)}: the fields are {list(row)}, not {names}."
            return
    for field in read_constraints(layer.resource["schema"], layer.name):
        values = [row[field.name] for row in layer.rows]
        blank = [isinstance(each, str) and (not each or each != each.strip()) for each in values]
        faults = [(at, each) for name in DEMANDS for at, each in broken(name, field, values)]
        said = {at: f"{values[at]!r} {fault}" for at, fault in reversed(faults)}
        said |= {
            at: "is blank or has blanks at its ends: leave it empty (null)"
            for at, odd in enumerate(blank)
            if odd
        }
        yield from (f"{layer.rows[at][layer.key]}: {field.name} {said[at]}." for at in sorted(said))


def check_order(layer: LayerFile) -> Iterator[str]:
    """Check that the rows are sorted by their key."""
    keys = [str(row[layer.key]) for row in layer.rows]
    if keys != sorted(keys):
        yield f"The rows are not sorted by {layer.key}."


def check_geometry(layer: LayerFile) -> Iterator[str]:
    """Check that each geometry is of the layer's kind, valid, and somewhere on Earth."""
    allowed = KINDS[layer.resource["lcrmap"]["geometry"]]
    for row, shape in zip(layer.rows, layer.shapes, strict=True):
        if shape is None:
            continue
        west, south, east, north = shape.bounds
        if shape.geom_type not in allowed or shape.is_empty:
            yield f"{row[layer.key]}: the geometry is not one of {sorted(allowed)}."
        elif not shape.is_valid:
            yield f"{row[layer.key]}: the geometry is not valid."
        elif not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            yield f"{row[layer.key]}: the coordinates are not degrees."


LAYER_CHECKS: tuple[Callable[[LayerFile], Iterator[str]], ...] = (
    check_values,
    check_order,
    check_geometry,
)


def _typed(row: dict[str, str], types: dict[str, str]) -> Row:
    turn: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "string": str}
    return {name: turn[types[name]](value) if value else None for name, value in row.items()}


def _resource_faults(resource: dict[str, Any]) -> Iterator[str]:
    own, schema = resource["lcrmap"], resource["schema"]
    names = [field["name"] for field in schema["fields"]]
    fields = dict(zip(names, schema["fields"], strict=True))
    if not KEBAB.fullmatch(resource["name"]):
        yield "the name is not in kebab-case."
    if resource["path"].startswith(("/", ".")) or ".." in resource["path"]:
        yield "the path leaves the pack."
    for part in ("title", "description", "format", "mediatype", "encoding", "hash", "bytes"):
        if not resource.get(part):
            yield f"{part} is missing."
    if not all(each.get("name") and each.get("title") for each in resource["licenses"]):
        yield "a licence has no name or title."
    if not (resource["sources"] and all(each.get("title") for each in resource["sources"])):
        yield "it has no source, or one without a title."
    if own["geometry"] not in KINDS or own["crs"] != "EPSG:4326":
        yield "the kind of geometry or the CRS is not known."
    if not (own["credit"] and DATE.fullmatch(own["as_of"]) and own["noun"]["many"]):
        yield "credit, date or noun is missing."
    wanted = [*schema["primaryKey"], own["label"]]
    wanted += [own[part] for part in ("category", "breakdown", "x", "y") if part in own]
    yield from (f"it has no field {name}." for name in wanted if name not in fields)
    if own.get("category") and not fields[own["category"]].get("categories"):
        yield f"the values of {own['category']} are not described."
    yield from _symbol_faults(own)
    for field in schema["fields"]:
        yield from (f"{field['name']}: {fault}" for fault in _field_faults(field))


def _field_faults(field: dict[str, Any]) -> Iterator[str]:
    if not SNAKE.fullmatch(field["name"]) or field["type"] not in TYPES:
        yield "the name is not in snake_case or the type is not known."
    if not field.get("title"):
        yield "it has no title."
    categories = field.get("categories", [])
    values = [category["value"] for category in categories]
    if categories and values != field.get("constraints", {}).get("enum"):
        yield "the categories are not the allowed values."
    for category in categories:
        if not SNAKE.fullmatch(category["value"]) or not category.get("label"):
            yield f"the category {category['value']} is not in snake_case or has no label."
        yield from _symbol_faults(category)


def _symbol_faults(described: dict[str, Any]) -> Iterator[str]:
    if described.get("colour", "ink") not in COLOURS:
        yield f"there is no colour {described['colour']}."
    if described.get("symbol", "circle") not in SYMBOLS:
        yield f"there is no symbol {described['symbol']}."


def _role_faults(package: dict[str, Any]) -> Iterator[str]:
    fields = {
        resource["name"]: {field["name"] for field in resource["schema"]["fields"]}
        for resource in package["resources"]
    }
    for role, player in package["lcrmap"]["roles"].items():
        if role in ("water_labels", "watch"):
            continue
        parts = {"layer": player} if isinstance(player, str) else player
        named = [parts["layer"]] if "layer" in parts else [*parts["layers"], *parts.get("off", [])]
        yield from (f"The role {role} names no layer {n}." for n in named if n not in fields)
        if "field" in parts and parts["field"] not in fields.get(parts["layer"], set()):
            yield f"The role {role} names no field {parts['field']} of {parts['layer']}."
