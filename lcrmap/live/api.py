"""What the interface says of itself (OGC API Features): landing page, standards, collections and their fields."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from lcrmap.errors import shortened
from lcrmap.live.asking import OPERATIONS, Asked, ProblemError, json_answer, operation
from lcrmap.live.crs import CRS84, LISTED
from lcrmap.live.describing import html_answer, openapi, properties_schema
from lcrmap.live.rules import Collection
from lcrmap.live.shelves import holds_readings

__all__ = ["CONFORMS", "GEOJSON", "collection_of", "link"]

GEOJSON: Final = "application/geo+json"
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_OGC: Final = "http://www.opengis.net/spec"
CONFORMS: Final = (
    f"{_OGC}/ogcapi-features-1/1.0/conf/core",
    f"{_OGC}/ogcapi-features-1/1.0/conf/oas30",
    f"{_OGC}/ogcapi-features-1/1.0/conf/html",
    f"{_OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_OGC}/ogcapi-features-2/1.0/conf/crs",
    f"{_OGC}/ogcapi-features-3/1.0/conf/queryables",
    f"{_OGC}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{_OGC}/ogcapi-features-3/1.0/conf/filter",
    f"{_OGC}/ogcapi-features-3/1.0/conf/features-filter",
    f"{_OGC}/cql2/1.0/conf/cql2-text",
    f"{_OGC}/cql2/1.0/conf/basic-cql2",
    f"{_OGC}/cql2/1.0/conf/advanced-comparison-operators",
    f"{_OGC}/cql2/1.0/conf/case-insensitive-comparison",
    f"{_OGC}/ogcapi-features-4/1.0/conf/create-replace-delete",
    f"{_OGC}/ogcapi-features-4/1.0/conf/update",
    f"{_OGC}/ogcapi-features-4/1.0/conf/features",
    f"{_OGC}/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    f"{_OGC}/ogcapi-features-5/1.0/conf/schemas",
    f"{_OGC}/ogcapi-features-5/1.0/conf/core-roles-features",
)

_BOTH: Final = ("f",)
_READING: Final = {"application/json": "object", "text/html": "html"}


def link(rel: str, address: str, kind: str = "application/json", title: str = "") -> dict[str, str]:
    """Return a link as the interface writes it."""
    return {"rel": rel, "href": address, "type": kind, **({"title": title} if title else {})}


def _answer(
    asked: Asked, title: str, value: dict[str, Any], kind: str = "application/json"
) -> Response:
    """Return a document as JSON, or for a person as HTML."""
    if asked.wants_html:
        return html_answer(title, value)
    return json_answer(value, kind=kind)


@operation(
    "GET",
    "/",
    "getLandingPage",
    "The map; as JSON, what is served here.",
    query=_BOTH,
    says={200: _READING},
)
async def landing(asked: Asked) -> Response:
    """Answer the page of the map, or the landing page of the interface."""
    if asked.wants_html:
        return await asked.served.page.response()
    base = asked.served.base
    return json_answer(
        {
            "title": asked.served.live.settings.title,
            "links": [
                link("self", f"{base}/?f=json"),
                link("alternate", f"{base}/?f=html", "text/html", "The map"),
                link("service-desc", f"{base}/api", _OPENAPI),
                link("service-doc", f"{base}/api?f=html", "text/html"),
                link("conformance", f"{base}/conformance"),
                link("data", f"{base}/collections"),
            ],
        }
    )


@operation(
    "GET",
    "/api",
    "getOpenAPI",
    "This document.",
    query=("f",),
    says={200: {_OPENAPI: "object", "text/html": "html"}},
)
async def document(asked: Asked) -> Response:
    """Answer the OpenAPI document."""
    value = openapi(asked.served, OPERATIONS)
    if asked.wants_html:
        return html_answer(value["info"]["title"], {"operations": _listed(value)})
    return json_answer(value, kind=_OPENAPI)


def _listed(value: dict[str, Any]) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": each["summary"]
        for path, methods in value["paths"].items()
        for method, each in methods.items()
    }


@operation(
    "GET",
    "/conformance",
    "getConformance",
    "The standards that are kept.",
    query=_BOTH,
    says={200: _READING},
)
async def conformance(asked: Asked) -> Response:
    """Answer the conformance classes."""
    return _answer(asked, "Conformance", {"conformsTo": list(CONFORMS)})


@operation(
    "GET",
    "/collections",
    "getCollections",
    "The layers of the map.",
    query=_BOTH,
    says={200: _READING},
)
async def collections(asked: Asked) -> Response:
    """Answer all collections."""
    base = asked.served.base
    found = [await _described(asked, each) for each in asked.served.live.collections.values()]
    links = [
        link("self", f"{base}/collections?f=json"),
        link("alternate", f"{base}/collections?f=html", "text/html"),
    ]
    return _answer(
        asked, "Collections", {"links": links, "crs": list(LISTED), "collections": found}
    )


@operation(
    "GET",
    "/collections/{collectionId}",
    "getCollection",
    "What is known of a layer.",
    query=_BOTH,
    says={200: _READING},
    wrong=(404,),
)
async def collection(asked: Asked) -> Response:
    """Answer one collection."""
    found = collection_of(asked)
    return _answer(asked, found.metadata.title, await _described(asked, found))


def collection_of(asked: Asked) -> Collection:
    """Return the collection that the path names."""
    name = asked.path["collectionId"]
    found = asked.served.live.collections.get(name)
    if found is None:
        raise ProblemError(404, f"There is no collection '{shortened(name)}': see /collections.")
    return found


async def _described(asked: Asked, found: Collection) -> dict[str, Any]:
    """Return what is said of a collection."""
    known, base = found.metadata, f"{asked.served.base}/collections/{quote(found.name)}"
    box = asked.served.extents.get(found.name)
    measured = asked.served.live.store.measured
    thinned = await measured.thinned() if holds_readings(asked, found.name) else ""
    return {
        "id": found.name,
        "title": known.title,
        "description": f"{known.description or known.title} {thinned}".strip(),
        "itemType": "feature",
        "crs": list(LISTED),
        "storageCrs": CRS84,
        **({"extent": {"spatial": {"bbox": [list(box)], "crs": CRS84}}} if box else {}),
        "editable": found.editable,
        "attribution": known.credit,
        "links": [
            link("self", f"{base}?f=json"),
            link("alternate", f"{base}?f=html", "text/html"),
            link("items", f"{base}/items?f=json", GEOJSON),
            link("items", f"{base}/items?f=html", "text/html"),
            link(
                f"{_OGC.replace('/spec', '/def/rel')}/ogc/1.0/queryables",
                f"{base}/queryables",
                "application/schema+json",
            ),
            link(
                f"{_OGC.replace('/spec', '/def/rel')}/ogc/1.0/schema",
                f"{base}/schema",
                "application/schema+json",
            ),
            *(
                link("license", each.url, "text/html", each.title)
                for each in known.licences
                if each.url
            ),
        ],
    }


@operation(
    "GET",
    "/collections/{collectionId}/queryables",
    "getQueryables",
    "The fields that a filter may name.",
    query=_BOTH,
    says={200: {"application/schema+json": "object", "text/html": "html"}},
    wrong=(404,),
)
async def queryables(asked: Asked) -> Response:
    """Answer the schema of what can be asked for."""
    return _schema(asked, "queryables", geometry=False)


@operation(
    "GET",
    "/collections/{collectionId}/schema",
    "getSchema",
    "The fields of a layer, their types and what they may hold.",
    query=_BOTH,
    says={200: {"application/schema+json": "object", "text/html": "html"}},
    wrong=(404,),
)
async def schema(asked: Asked) -> Response:
    """Answer the schema of a feature."""
    return _schema(asked, "schema", geometry=True)


def _schema(asked: Asked, which: str, *, geometry: bool) -> Response:
    found = collection_of(asked)
    value = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{asked.served.base}/collections/{quote(found.name)}/{which}",
        "type": "object",
        "title": found.metadata.title,
        "properties": properties_schema(found, geometry=geometry),
        "required": [each.name for each in found.schema if each.required and geometry],
        "additionalProperties": False,
    }
    return _answer(asked, found.metadata.title, value, "application/schema+json")
