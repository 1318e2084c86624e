"""What is served, said: the OpenAPI document, the schemas of features, and any document as plain HTML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jinja2
from starlette.responses import Response

import lcrmap
from lcrmap.layers.addresses import is_link
from lcrmap.live.rules import Collection

if TYPE_CHECKING:
    from lcrmap.live.asking import Operation
    from lcrmap.live.served import Served

__all__ = ["html_answer", "openapi", "properties_schema"]

_TYPES: Final = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "array": {"type": "array"},
    "object": {"type": "object"},
}
_SHAPES: Final = {
    "point": "geometry-point-or-multipoint",
    "line": "geometry-linestring-or-multilinestring",
    "area": "geometry-polygon-or-multipolygon",
}


def properties_schema(found: Collection, *, geometry: bool) -> dict[str, Any]:
    """Return the fields of a layer as JSON Schema says them."""
    demands = {each.name: each for each in found.schema}
    made: dict[str, Any] = {}
    for each in found.metadata.fields:
        demand = demands.get(each.name)
        said: dict[str, Any] = {"title": each.title, **_TYPES.get(each.type, {})}
        if each.description:
            said["description"] = each.description
        if each.unit:
            said["x-ogc-unit"] = each.unit
        if demand is not None:
            said |= _demanded(demand)
        if geometry and each.name == found.metadata.key:
            said["x-ogc-role"] = "id"
        made[each.name] = said
    if geometry:
        kind = _SHAPES.get(found.metadata.geometry, "geometry-any")
        made["geometry"] = {"x-ogc-role": "primary-geometry", "format": kind}
    return made


def _demanded(demand: Any) -> dict[str, Any]:
    said = {
        "enum": None if demand.enum is None else list(demand.enum),
        "minimum": demand.minimum,
        "maximum": demand.maximum,
        "minLength": demand.shortest,
        "maxLength": demand.longest,
        "pattern": f"^(?:{demand.pattern})$" if demand.pattern else None,
    }
    return {name: value for name, value in said.items() if value is not None}


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("lcrmap.live", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.tests["link"] = is_link
    return environment.get_template("plain.html.jinja")


def html_answer(title: str, value: Any, status: int = 200) -> Response:
    """Return any document as a page of lists, in which each text is text."""
    return Response(_template().render(title=title, value=value), status, media_type="text/html")


def _schemas() -> dict[str, Any]:
    """Return the schemas that answers refer to, all inside the document."""
    shape = {
        "type": "object",
        "nullable": True,
        "required": ["type"],
        "properties": {"type": {"type": "string"}, "coordinates": {"type": "array", "items": {}}},
    }
    link = {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    }
    links = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
    feature = {
        "type": "object",
        "required": ["type", "properties", "geometry"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "properties": {"type": "object", "nullable": True},
            "geometry": shape,
            "links": links,
        },
    }
    items = {"type": "array", "items": {"$ref": "#/components/schemas/feature"}}
    return {
        "object": {"type": "object"},
        "html": {"type": "string"},
        "text": {"type": "string"},
        "link": link,
        "feature": feature,
        "featureCollection": {
            "type": "object",
            "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": items,
                "links": links,
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
        },
        "problem": {
            "type": "object",
            "required": ["title", "status"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
            },
        },
    }


_QUERY: Final[dict[str, dict[str, Any]]] = {
    "f": {"schema": {"type": "string", "enum": ["json", "html"]}},
    "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}},
    "after": {"schema": {"type": "string"}, "description": "The id behind which the page begins."},
    "bbox": {
        "schema": {
            "type": "array",
            "items": {"type": "number"},
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        },
        "style": "form",
        "explode": False,
    },
    "bbox-crs": {"schema": {"type": "string", "format": "uri"}},
    "crs": {"schema": {"type": "string", "format": "uri"}},
    "datetime": {"schema": {"type": "string"}, "style": "form", "explode": False},
    "filter": {"schema": {"type": "string"}, "description": "A filter in CQL2 text."},
    "filter-lang": {"schema": {"type": "string", "enum": ["cql2-text"], "default": "cql2-text"}},
    "filter-crs": {"schema": {"type": "string", "format": "uri"}},
    "at": {
        "schema": {"type": "integer", "minimum": 0},
        "description": "The entry of the log after which the map is asked for.",
    },
    "since": {
        "schema": {"type": "integer", "minimum": 0},
        "description": "The entry of the log behind which it begins.",
    },
    "here": {
        "schema": {"type": "string"},
        "description": "What the page called itself when it said where it looks.",
    },
    "q": {
        "schema": {"type": "string"},
        "description": "A postcode, a grid reference, a name, or latitude and longitude.",
    },
    "v": {"schema": {"type": "string"}, "description": "The version of a file of the page."},
}
_MARK: Final = re.compile(r"\{(\w+)(?::\w+)?\}")


def openapi(served: Served, operations: list[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of what is served; it refers to nothing outside itself."""
    paths: dict[str, Any] = {}
    for each in operations:
        for path, fixed in _paths(each, served):
            paths.setdefault(path, {})[each.method.lower()] = _operation(each, path, fixed, served)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": served.live.settings.title,
            "version": lcrmap.__version__,
            "description": "Editing follows a draft of OGC API Features, Part 4 (20-002r1).",
        },
        "servers": [{"url": served.base}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            # QGIS and GDAL look here for how long a page may be.
            "parameters": {
                name: {"name": name, "in": "query", **said} for name, said in _QUERY.items()
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "lcrmap"},
            },
        },
    }


def _paths(each: Operation, served: Served) -> list[tuple[str, str]]:
    """Return the paths of an operation: those of a collection one by one, as their fields differ."""
    if not each.path.startswith("/collections/{collectionId}"):
        return [(each.path, "")]
    names = [
        name
        for name, found in served.live.collections.items()
        if found.editable or each.method == "GET"
    ]
    return [(each.path.replace("{collectionId}", name), name) for name in names]


def _operation(each: Operation, path: str, collection: str, served: Served) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _MARK.findall(path)
    ]
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in each.query]
    if each.name == "getFeatures":
        fields = served.live.collections[collection].metadata.fields
        parameters += [
            {"name": field.name, "in": "query", "schema": {"type": "string"}}
            for field in fields
            if field.name not in each.query
        ]
    parameters += [
        {"name": name, "in": "header", "schema": {"type": "string"}} for name in each.headers
    ]
    name = f"{each.name}.{collection}" if collection else each.name
    made: dict[str, Any] = {
        "operationId": name,
        "summary": each.summary,
        "parameters": parameters,
        "responses": _responses(each),
    }
    if each.body:
        made["requestBody"] = {"required": True, "content": _content(each.body)}
    if each.needs:
        made["security"] = [{"token": []}, {"cookie": []}]
        made["description"] = f"Needs the role {each.needs}, or one above it."
    return made


def _content(kinds: Any) -> dict[str, Any]:
    return {
        kind: {"schema": {"$ref": f"#/components/schemas/{name}"}} for kind, name in kinds.items()
    }


def _responses(each: Operation) -> dict[str, Any]:
    from lcrmap.live.asking import TITLES

    made: dict[str, Any] = {}
    for status, kinds in each.says.items():
        made[str(status)] = {"description": "As asked."}
        if kinds:
            made[str(status)]["content"] = _content(kinds)
    problem = _content({"application/problem+json": "problem"})
    always = (400, 406, 421, 429, 500, 503)
    for status in sorted({*each.wrong, *always}):
        content = problem | made.get(str(status), {}).get("content", {})
        made[str(status)] = {"description": TITLES[status], "content": content}
    return made
