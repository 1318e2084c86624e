"""OGC API Features: reading by Parts 1, 2, 3 and 5, writing by Part 4 with versions of every feature."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from lcrmap.errors import LcrmapError, shortened
from lcrmap.io.describing import kebab
from lcrmap.io.json_rows import dump
from lcrmap.live.asking import Asked, ProblemError, json_answer, operation
from lcrmap.live.crs import CRS84, LISTED, turned, wanted_crs
from lcrmap.live.describing import html_answer, properties_schema
from lcrmap.live.entries import Entry, Held, version_of
from lcrmap.live.folder import COMMENTS
from lcrmap.live.rules import Collection, Fit, UnfitError, box_of, patched
from lcrmap.live.selecting import box_from, meets, refuse_interval, selected
from lcrmap.live.shelves import NARROWED, Shelf, holds_readings, refuse_many, shelf_of
from lcrmap.live.store import Change, StaleError, TakenError
from lcrmap.live.users import may

__all__ = ["CONFORMS"]

MOST: Final = 10_000
_GEOJSON: Final = "application/geo+json"
_PATCH: Final = "application/merge-patch+json"
_RETRIES: Final = 5
_LONGEST_NAME: Final = 60
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
    f"{_OGC}/ogcapi-features-4/1.0/conf/create-replace-delete",
    f"{_OGC}/ogcapi-features-4/1.0/conf/update",
    f"{_OGC}/ogcapi-features-4/1.0/conf/features",
    f"{_OGC}/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    f"{_OGC}/ogcapi-features-5/1.0/conf/schemas",
    f"{_OGC}/ogcapi-features-5/1.0/conf/core-roles-features",
)

_BOTH: Final = ("f",)
_READING: Final = {"application/json": "object", "text/html": "html"}


def _link(
    rel: str, address: str, kind: str = "application/json", title: str = ""
) -> dict[str, str]:
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
                _link("self", f"{base}/?f=json"),
                _link("alternate", f"{base}/?f=html", "text/html", "The map"),
                _link(
                    "service-desc", f"{base}/api", "application/vnd.oai.openapi+json;version=3.0"
                ),
                _link("service-doc", f"{base}/api?f=html", "text/html"),
                _link("conformance", f"{base}/conformance"),
                _link("data", f"{base}/collections"),
            ],
        }
    )


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
        _link("self", f"{base}/collections?f=json"),
        _link("alternate", f"{base}/collections?f=html", "text/html"),
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
    found = _collection(asked)
    return _answer(asked, found.metadata.title, await _described(asked, found))


def _collection(asked: Asked) -> Collection:
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
            _link("self", f"{base}?f=json"),
            _link("alternate", f"{base}?f=html", "text/html"),
            _link("items", f"{base}/items?f=json", _GEOJSON),
            _link("items", f"{base}/items?f=html", "text/html"),
            _link(
                f"{_OGC.replace('/spec', '/def/rel')}/ogc/1.0/queryables",
                f"{base}/queryables",
                "application/schema+json",
            ),
            _link(
                f"{_OGC.replace('/spec', '/def/rel')}/ogc/1.0/schema",
                f"{base}/schema",
                "application/schema+json",
            ),
            *(
                _link("license", each.url, "text/html", each.title)
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
    found = _collection(asked)
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


_ITEMS_QUERY: Final = (
    "f",
    "limit",
    "after",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "at",
)


@operation(
    "GET",
    "/collections/{collectionId}/items",
    "getFeatures",
    "Features of a layer, in the order of their ids.",
    query=_ITEMS_QUERY,
    says={200: {_GEOJSON: "featureCollection", "text/html": "html"}},
    wrong=(400, 404),
)
async def items(asked: Asked) -> Response:
    """Answer a page of features."""
    found, at = _collection(asked), asked.at
    limit = asked.number("limit", default=10 if asked.wants_html else 100, most=MOST, least=1) or 1
    after, matched = asked.query("after") or "", None
    crs = wanted_crs(asked.query("crs"))
    box = box_from(asked.query("bbox"), asked.query("bbox-crs"))
    shelf, own = shelf_of(asked, found.name), holds_readings(asked, found.name)
    interval = None if own else refuse_interval(asked.query("datetime"))
    done = (*_ITEMS_QUERY, *(NARROWED if own else ()))
    equal = {name: text for name, text in asked.request.query_params.items() if name not in done}
    if asked.query("filter") is None and not equal and not interval:
        rows = await _by_key(shelf, found, after, limit, box, at)
        if box is None:
            matched = await shelf.count(found.name, at)
    else:
        await refuse_many(shelf)
        chosen = await selected(asked, shelf, found, equal, interval, box, at)
        matched = len(chosen)
        rows = [each for each in chosen if each.id > after][: limit + 1]
    more, rows = len(rows) > limit, rows[:limit]
    texts = [shown(asked, found, each) for each in rows]
    if crs != CRS84:
        texts = [turned(each, crs) for each in texts]
    links = _paging(asked, found, rows[-1].id if more else None)
    tail = {
        "links": links,
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        **({} if matched is None else {"numberMatched": matched}),
        "numberReturned": len(rows),
    }
    if asked.wants_html:
        return html_answer(
            found.metadata.title, {**tail, "features": [json.loads(each) for each in texts]}
        )
    text = f'{{"type":"FeatureCollection","features":[{",".join(texts)}],{dump(tail)[1:]}'
    return Response(text, 200, {"content-crs": f"<{crs}>"}, media_type=_GEOJSON)


async def _by_key(
    shelf: Shelf, found: Collection, after: str, limit: int, box: Any, at: int | None
) -> list[Held]:
    """Return one feature more than wanted, or all that there are."""
    rows: list[Held] = []
    while len(rows) <= limit:
        page = await shelf.page(
            found.name,
            after=after,
            limit=limit + 1,
            box=None if box is None else box_of(box),
            at=at,
        )
        rows += page if box is None else [each for each in page if meets(each, box)]
        if len(page) <= limit:
            break
        after = page[-1].id
    return rows[: limit + 1]


def _paging(asked: Asked, found: Collection, last: str | None) -> list[dict[str, str]]:
    base = f"{asked.served.base}/collections/{quote(found.name)}"
    said = {name: text for name, text in asked.request.query_params.items() if name != "f"}
    links = [
        _link("self", f"{base}/items?{urlencode({**said, 'f': 'json'})}", _GEOJSON),
        _link("alternate", f"{base}/items?{urlencode({**said, 'f': 'html'})}", "text/html"),
        _link("collection", base),
    ]
    if last is not None:
        links.append(
            _link(
                "next", f"{base}/items?{urlencode({**said, 'f': 'json', 'after': last})}", _GEOJSON
            )
        )
    return links


def shown(asked: Asked, found: Collection, held: Held) -> str:
    """Return a feature's text as it is shown: of a comment the author by name."""
    if found.name != COMMENTS:
        return held.body
    feature = json.loads(held.body)
    feature["properties"]["author"] = asked.served.users.name(feature["properties"]["author"])
    return dump(feature)


_ITEM: Final = "/collections/{collectionId}/items/{featureId}"


@operation(
    "GET",
    _ITEM,
    "getFeature",
    "One feature, with its version as ETag.",
    query=("f", "crs", "at"),
    headers=("If-None-Match",),
    says={200: {_GEOJSON: "feature", "text/html": "html"}, 304: {}},
    wrong=(400, 404),
)
async def item(asked: Asked) -> Response:
    """Answer one feature."""
    found, crs = _collection(asked), wanted_crs(asked.query("crs"))
    held = await _held(asked, found, asked.at)
    version = _version(held, crs)
    if version in asked.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"etag": version})
    text = shown(asked, found, held)
    if asked.wants_html:
        return html_answer(held.id, json.loads(text))
    base = f"{asked.served.base}/collections/{quote(found.name)}"
    own = f"{base}/items/{quote(held.id, safe='')}"
    links = [
        _link("self", f"{own}?f=json", _GEOJSON),
        _link("alternate", f"{own}?f=html", "text/html"),
        _link("collection", base),
    ]
    text = turned(text, crs) if crs != CRS84 else text
    return Response(
        f'{text[:-1]},"links":{dump(links)}}}',
        200,
        {"etag": version, "content-crs": f"<{crs}>"},
        media_type=_GEOJSON,
    )


def _version(held: Held, crs: str = CRS84) -> str:
    """Return the ETag of a feature in a CRS; that of another has another end, and is taken for the same version."""
    version = version_of(held)
    return version if crs == CRS84 else f'{version[:-1]}-{crs.rpartition("/")[2]}"'


async def _held(asked: Asked, found: Collection, at: int | None = None) -> Held:
    name = asked.path["featureId"]
    held = await shelf_of(asked, found.name).held(found.name, name, at)
    if held is None:
        raise ProblemError(404, f"The collection {found.name} has no feature '{shortened(name)}'.")
    return held


_WRONG: Final = (400, 401, 403, 404, 408, 412, 413, 415, 422, 428, 503, 507)
_BODY: Final = {_GEOJSON: "feature", "application/json": "feature"}


@operation(
    "POST",
    "/collections/{collectionId}/items",
    "createFeature",
    "Add a feature, or a comment.",
    needs="comment",
    headers=("Idempotency-Key",),
    body=_BODY,
    says={201: {}},
    wrong=(400, 401, 403, 404, 408, 409, 413, 415, 422, 503, 507),
)
async def create(asked: Asked) -> Response:
    """Add a feature; a repeated request adds none."""
    found = _open_to(asked)
    feature = await asked.json()
    if found.name == COMMENTS:
        feature = await _as_comment(asked, feature)
    elif isinstance(feature.get("properties"), dict):
        feature = await _named(asked, found, feature)
    fit = await _fitting(lambda: found.fitting(feature, None), found)
    name = str(json.loads(fit.body if fit else "{}").get("id") or "")
    token = asked.request.headers.get("idempotency-key", "")
    try:
        entry = await _change(asked, found, name, "create", fit, None, token=token)
    except StaleError:
        raise ProblemError(
            409, f"There is a feature '{shortened(name)}' already: choose another id."
        ) from None
    place = f"/collections/{quote(found.name)}/items/{quote(entry.feature, safe='')}"
    made = version_of(Held(entry.feature, entry.seq, entry.after or ""))
    return Response(
        status_code=201, headers={"location": f"{asked.served.base}{place}", "etag": made}
    )


@operation(
    "PUT",
    _ITEM,
    "replaceFeature",
    "Replace a feature.",
    needs="comment",
    headers=("If-Match",),
    body=_BODY,
    says={204: {}},
    wrong=_WRONG,
)
async def replace(asked: Asked) -> Response:
    """Put a feature in the place of another."""
    found = _open_to(asked)
    feature = await asked.json()
    return await _written(asked, found, "replace", lambda held: _replaced(found, held, feature))


def _replaced(found: Collection, held: Held, feature: dict[str, Any]) -> Fit:
    before = json.loads(held.body)
    return found.fitting(_with_author(found, feature, before), before, key=held.id)


@operation(
    "PATCH",
    _ITEM,
    "updateFeature",
    "Change some values of a feature.",
    needs="comment",
    headers=("If-Match",),
    body={_PATCH: "object", _GEOJSON: "object", "application/json": "object"},
    says={204: {}},
    wrong=_WRONG,
)
async def update(asked: Asked) -> Response:
    """Change some values."""
    found = _open_to(asked)
    patch = await asked.json()
    return await _written(asked, found, "update", lambda held: _patched(found, held, patch))


def _patched(found: Collection, held: Held, patch: dict[str, Any]) -> Fit:
    feature = patched(held.body, patch)
    said, before = frozenset(patch.get("properties") or {}), json.loads(held.body)
    return found.fitting(_with_author(found, feature, before), before, key=held.id, said=said)


def _with_author(
    found: Collection, feature: dict[str, Any], before: dict[str, Any]
) -> dict[str, Any]:
    """Return a comment with the author that it has, whatever was sent; any other feature as it is."""
    values = feature.get("properties")
    if found.name != COMMENTS or not isinstance(values, dict):
        return feature
    return {**feature, "properties": {**values, "author": before["properties"]["author"]}}


@operation(
    "DELETE",
    _ITEM,
    "deleteFeature",
    "Take a feature out; the log keeps it.",
    needs="comment",
    headers=("If-Match",),
    says={204: {}},
    wrong=_WRONG,
)
async def delete(asked: Asked) -> Response:
    """Take a feature out."""
    return await _written(asked, _open_to(asked), "delete", lambda held: None)


def _open_to(asked: Asked) -> Collection:
    """Return the collection, if whoever asks may change it."""
    found = _collection(asked)
    if not found.editable:
        raise ProblemError(403, f"The layer {found.name} is not open to edits.")
    needs = "comment" if found.name == COMMENTS else "edit"
    if not may(asked.user, needs, found.name):
        raise ProblemError(403, f"Your role does not allow you to change the layer {found.name}.")
    return found


async def _written(
    asked: Asked, found: Collection, kind: str, make: Callable[[Held], Fit | None]
) -> Response:
    """Change a feature in the version that the request names."""
    free = asked.user is not None and asked.user.unconditional
    condition = asked.request.headers.get("if-match")
    if condition is None and not free:
        raise ProblemError(
            428, "Say with If-Match which version you change: its ETag comes with the feature."
        )
    for _ in range(_RETRIES):
        held = await _held(asked, found)
        if condition is not None and condition.strip() != "*" and not _is_meant(condition, held):
            raise await _stale(asked, found, held)
        _refuse_others_comment(asked, found, held, kind)
        fit = await _fitting(lambda held=held: make(held), found)  # type: ignore[misc]
        try:
            entry = await _change(
                asked, found, held.id, kind, fit, held.seq, "" if condition else "unconditional"
            )
        except StaleError:
            continue  # the version is looked at again
        made = None if entry.after is None else version_of(Held(held.id, entry.seq, entry.after))
        return Response(status_code=204, headers={"etag": made} if made else {})
    raise await _stale(asked, found, await _held(asked, found))


def _is_meant(condition: str, held: Held) -> bool:
    """Tell whether a version is among those of If-Match; that of another CRS has something at its end."""
    version = version_of(held)[1:-1]
    named = [
        each.strip().strip('"')
        for each in condition.split(",")
        if not each.strip().startswith("W/")
    ]
    return any(each == version or each.startswith(f"{version}-") for each in named)


async def _stale(asked: Asked, found: Collection, held: Held) -> ProblemError:
    """Return the problem that shows what the feature is now, and whose change that was."""
    last = await asked.served.live.store.entries(since=held.seq - 1, limit=1)
    who = (
        {"who": asked.served.users.name(last[0].who), "time": last[0].time}
        if held.seq and last
        else {}
    )
    return ProblemError(
        412,
        "Somebody changed this feature since you read it: look at both versions, and choose.",
        headers={"etag": version_of(held)},
        now=json.loads(shown(asked, found, held)),
        seq=held.seq,
        etag=version_of(held),
        **who,
    )


async def _fitting(make: Callable[[], Fit | None], found: Collection) -> Fit | None:
    try:
        return await asyncio.to_thread(make)
    except UnfitError as error:
        raise ProblemError(422, str(error)) from error
    except LcrmapError as error:
        raise ProblemError(400, str(error)) from error


async def _change(
    asked: Asked,
    found: Collection,
    name: str,
    kind: str,
    fit: Fit | None,
    expected: int | None,
    remark: str = "",
    token: str = "",
) -> Entry:
    """Write a change."""
    change = Change(
        layer=found.name,
        feature=name,
        kind=kind,
        after=None if fit is None else fit.body,
        who=asked.user.key if asked.user else "",
        expected=expected,
        box=None if fit is None else fit.box,
        remark=remark,
        unique=() if fit is None else fit.unique,
        token=token[:200],
    )
    try:
        return await asked.served.live.store.change(change)
    except TakenError as error:
        raise ProblemError(
            422, f"Another feature has the same value of '{error}', which is each one's own."
        ) from None


async def _named(asked: Asked, found: Collection, feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature that has a key: one without gets its own name, as far as nobody has it."""
    known, values = found.metadata, feature["properties"]
    if values.get(known.key) is not None or feature.get("id") is not None:
        return feature
    name = kebab(str(values.get(known.label) or known.noun_one))[:_LONGEST_NAME].strip("-")
    if not name or await asked.served.live.store.held(found.name, name) is not None:
        name = asked.served.new_id(name or "f")
    return {**feature, "properties": {**values, known.key: name}}


async def _as_comment(asked: Asked, feature: dict[str, Any]) -> dict[str, Any]:
    """Return a comment with what the server says of it: id, author, state."""
    if not isinstance(feature.get("properties"), dict):
        raise ProblemError(422, "A comment has properties, of which 'text' is what it says.")
    values = dict(feature["properties"])
    about = values.get("about")
    if about:
        layer, _, name = visible(str(about)).partition(":")
        if layer not in asked.served.live.collections or not await asked.served.live.store.held(
            layer, name
        ):
            raise ProblemError(
                422, f"There is no feature '{shortened(str(about))}': write LAYER:ID."
            )
    author = asked.user.key if asked.user else ""
    values |= {
        "id": asked.served.new_id("c"),
        "author": author,
        "state": values.get("state") or "open",
    }
    return {"type": "Feature", "properties": values, "geometry": feature.get("geometry")}


def visible(text: str) -> str:
    """Return a text in which halves of letters, which no store takes, are shown as question marks."""
    return text.encode("utf-8", "replace").decode()


def _refuse_others_comment(asked: Asked, found: Collection, held: Held, kind: str) -> None:
    """Refuse to change what somebody else said; whoever edits may settle it, and an admin may do all."""
    if found.name != COMMENTS or may(asked.user, "admin"):
        return
    author = json.loads(held.body)["properties"]["author"]
    if asked.user is None or author != asked.user.key:
        raise ProblemError(403, "A comment is changed by who wrote it, or by an admin.")
