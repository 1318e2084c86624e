"""Features as they are read: pages of them in the order of their ids, and one with its version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from lcrmap.errors import shortened
from lcrmap.io.json_rows import dump
from lcrmap.live.api import GEOJSON, collection_of, link
from lcrmap.live.asking import Asked, ProblemError, operation
from lcrmap.live.comments import COMMENTS
from lcrmap.live.crs import CRS84, turned, wanted_crs
from lcrmap.live.describing import html_answer
from lcrmap.live.entries import Held, version_of
from lcrmap.live.intervals import days_from
from lcrmap.live.rules import Collection, box_of
from lcrmap.live.selecting import box_from, meets, selected
from lcrmap.live.shelves import NARROWED, holds_readings, refuse_many, shelf_of
from lcrmap.live.store import Shelf

__all__ = ["ITEM", "held_now", "shown"]

_MOST: Final = 10_000
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
    says={200: {GEOJSON: "featureCollection", "text/html": "html"}},
    wrong=(400, 404),
)
async def items(asked: Asked) -> Response:
    """Answer a page of features."""
    found, at = collection_of(asked), await asked.at()
    limit = asked.number("limit", default=10 if asked.wants_html else 100, most=_MOST, least=1) or 1
    after, matched = asked.query("after") or "", None
    crs = wanted_crs(asked.query("crs"))
    box = box_from(asked.query("bbox"), asked.query("bbox-crs"))
    shelf, own = shelf_of(asked, found.name), holds_readings(asked, found.name)
    interval = None if own else days_from(asked.query("datetime"))
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
    return Response(text, 200, {"content-crs": f"<{crs}>"}, media_type=GEOJSON)


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
        link("self", f"{base}/items?{urlencode({**said, 'f': 'json'})}", GEOJSON),
        link("alternate", f"{base}/items?{urlencode({**said, 'f': 'html'})}", "text/html"),
        link("collection", base),
    ]
    if last is not None:
        links.append(
            link("next", f"{base}/items?{urlencode({**said, 'f': 'json', 'after': last})}", GEOJSON)
        )
    return links


def shown(asked: Asked, found: Collection, held: Held) -> str:
    """Return a feature's text as it is shown: of a comment the author by name."""
    return asked.served.users.shown(held.body) if found.name == COMMENTS else held.body


ITEM: Final = "/collections/{collectionId}/items/{featureId}"


@operation(
    "GET",
    ITEM,
    "getFeature",
    "One feature, with its version as ETag.",
    query=("f", "crs", "at"),
    headers=("If-None-Match",),
    says={200: {GEOJSON: "feature", "text/html": "html"}, 304: {}},
    wrong=(400, 404),
)
async def item(asked: Asked) -> Response:
    """Answer one feature."""
    found, crs = collection_of(asked), wanted_crs(asked.query("crs"))
    held = await held_now(asked, found, await asked.at())
    version = _version(held, crs)
    if version in asked.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"etag": version})
    text = shown(asked, found, held)
    if asked.wants_html:
        return html_answer(held.id, json.loads(text))
    base = f"{asked.served.base}/collections/{quote(found.name)}"
    own = f"{base}/items/{quote(held.id, safe='')}"
    links = [
        link("self", f"{own}?f=json", GEOJSON),
        link("alternate", f"{own}?f=html", "text/html"),
        link("collection", base),
    ]
    text = turned(text, crs) if crs != CRS84 else text
    return Response(
        f'{text[:-1]},"links":{dump(links)}}}',
        200,
        {"etag": version, "content-crs": f"<{crs}>"},
        media_type=GEOJSON,
    )


def _version(held: Held, crs: str = CRS84) -> str:
    """Return the ETag of a feature in a CRS: all but WGS84 add a suffix, and all count as one version."""
    version = version_of(held)
    return version if crs == CRS84 else f'{version[:-1]}-{crs.rpartition("/")[2]}"'


async def held_now(asked: Asked, found: Collection, at: int | None = None) -> Held:
    """Return the feature that the path names, as it is or was."""
    name = asked.path["featureId"]
    held = await shelf_of(asked, found.name).held(found.name, name, at)
    if held is None:
        raise ProblemError(404, f"The collection {found.name} has no feature '{shortened(name)}'.")
    return held
