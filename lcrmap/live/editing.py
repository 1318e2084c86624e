"""Features as they are changed (a draft of Part 4): each change names the version on which it builds."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from lcrmap.errors import LcrmapError, shortened
from lcrmap.io.describing import kebab
from lcrmap.live.api import GEOJSON, collection_of
from lcrmap.live.asking import Asked, ProblemError, operation
from lcrmap.live.comments import COMMENTS
from lcrmap.live.crs import in_degrees, wanted_crs
from lcrmap.live.entries import Entry, Held, version_of
from lcrmap.live.items import ITEM, held_now, shown
from lcrmap.live.rules import Collection, Fit, UnfitError, patched
from lcrmap.live.store import Change, StaleError, TakenError
from lcrmap.live.users import may

__all__ = ["PATCH", "open_to"]

PATCH: Final = "application/merge-patch+json"
"""What a change of some values is sent as."""
_RETRIES: Final = 5
_LONGEST_NAME: Final = 60
_WRONG: Final = (400, 401, 403, 404, 408, 412, 413, 415, 422, 428, 503, 507)
_BODY: Final = {GEOJSON: "feature", "application/json": "feature"}


@operation(
    "POST",
    "/collections/{collectionId}/items",
    "createFeature",
    "Add a feature, or a comment.",
    needs="comment",
    headers=("Idempotency-Key", "Content-Crs"),
    body=_BODY,
    says={201: {}},
    wrong=(400, 401, 403, 404, 408, 409, 413, 415, 422, 503, 507),
)
async def create(asked: Asked) -> Response:
    """Add a feature; a repeated request adds none."""
    found, crs = open_to(asked), _sent_crs(asked)
    feature = await asked.json()
    if found.name == COMMENTS:
        feature = await _as_comment(asked, feature)
    elif isinstance(feature.get("properties"), dict):
        feature = await _named(asked, found, feature)
    fit = await _fitting(asked, lambda: found.fitting(in_degrees(feature, crs), None))
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
    answer = Response(status_code=201, headers={"etag": made})
    # Spelled so, as QGIS 3.40 finds it in no other way, and takes the feature for refused.
    answer.raw_headers.append((b"Location", f"{asked.served.base}{place}".encode("latin-1")))
    return answer


@operation(
    "PUT",
    ITEM,
    "replaceFeature",
    "Replace a feature.",
    needs="comment",
    headers=("If-Match", "Content-Crs"),
    body=_BODY,
    says={204: {}},
    wrong=_WRONG,
)
async def replace(asked: Asked) -> Response:
    """Put a feature in the place of another."""
    found, crs = open_to(asked), _sent_crs(asked)
    feature = await asked.json()

    def made(held: Held) -> Fit:
        return _replaced(found, held, in_degrees(feature, crs, held.body))

    return await _written(asked, found, "replace", made)


def _replaced(found: Collection, held: Held, feature: dict[str, Any]) -> Fit:
    before = json.loads(held.body)
    return found.fitting(_with_author(found, feature, before), before, key=held.id)


@operation(
    "PATCH",
    ITEM,
    "updateFeature",
    "Change some values of a feature.",
    needs="comment",
    headers=("If-Match", "Content-Crs"),
    body={PATCH: "object", GEOJSON: "object", "application/json": "object"},
    says={204: {}},
    wrong=_WRONG,
)
async def update(asked: Asked) -> Response:
    """Change some values."""
    found, crs = open_to(asked), _sent_crs(asked)
    patch = await asked.json()

    def made(held: Held) -> Fit:
        return _patched(found, held, in_degrees(patch, crs, held.body))

    return await _written(asked, found, "update", made)


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
    ITEM,
    "deleteFeature",
    "Take a feature out; the log keeps it.",
    needs="comment",
    headers=("If-Match",),
    says={204: {}},
    wrong=_WRONG,
)
async def delete(asked: Asked) -> Response:
    """Take a feature out."""
    return await _written(asked, open_to(asked), "delete", lambda held: None)


def open_to(asked: Asked) -> Collection:
    """Return the collection, if whoever asks may change it.

    Raises
    ------
    ProblemError
        If that one may not, or if there is none.
    """
    found = collection_of(asked)
    if not found.editable:
        raise ProblemError(403, f"The layer {found.name} is not open to edits.")
    needs = "comment" if found.name == COMMENTS else "edit"
    if not may(asked.user, needs, found.name):
        raise ProblemError(403, f"Your role does not allow you to change the layer {found.name}.")
    return found


def _sent_crs(asked: Asked) -> str:
    """Return the reference system in which a shape was sent; some write it without the angle brackets of Part 2."""
    said = asked.request.headers.get("content-crs")
    return wanted_crs(said and said.strip().removeprefix("<").removesuffix(">"), "Content-Crs")


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
        held = await held_now(asked, found)
        if condition is not None and condition.strip() != "*" and not _is_meant(condition, held):
            raise await _stale(asked, found, held)
        _refuse_others_comment(asked, found, held, kind)
        fit = await _fitting(asked, partial(make, held))
        try:
            entry = await _change(
                asked, found, held.id, kind, fit, held.seq, "" if condition else "unconditional"
            )
        except StaleError:
            continue  # the version is looked at again
        made = None if entry.after is None else version_of(Held(held.id, entry.seq, entry.after))
        return Response(status_code=204, headers={"etag": made} if made else {})
    raise await _stale(asked, found, await held_now(asked, found))


def _is_meant(condition: str, held: Held) -> bool:
    """Tell whether a version is among those of If-Match, in whichever CRS it was read."""
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


async def _fitting(asked: Asked, make: Callable[[], Fit | None]) -> Fit | None:
    try:
        async with asked.served.judging:
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
            422, f"Another feature has the same '{error}', which must differ: choose another value."
        ) from None


async def _named(asked: Asked, found: Collection, feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature with a key: one without is named after itself, with more behind it if that name is taken."""
    known, values = found.metadata, feature["properties"]
    if values.get(known.key) is not None or feature.get("id") is not None:
        return feature
    name = _made_key(found, str(values.get(known.label) or known.noun_one))
    if not name or await asked.served.live.store.held(found.name, name) is not None:
        name = await asked.served.new_id(name or "f")
    return {**feature, "properties": {**values, known.key: name}}


def _made_key(found: Collection, text: str) -> str:
    """Return a key made of a text, in plain letters where the layer's keys have a pattern."""
    if any(each.pattern for each in found.schema if each.name == found.metadata.key):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        text = plain if any(map(str.isalnum, plain)) else found.metadata.noun_one
    return kebab(text)[:_LONGEST_NAME].strip("-")


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
        "id": await asked.served.new_id("c"),
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
