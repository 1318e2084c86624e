"""What was changed: the log, the history of a feature, and undoing."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.responses import Response

from lcrmap.errors import shortened
from lcrmap.live.asking import Asked, ProblemError, json_answer, operation
from lcrmap.live.entries import Entry, told_of
from lcrmap.live.undoing import UndoneError, undo

__all__: list[str] = []

_MOST: Final = 1_000  # entries at once
_JSON: Final = {"application/json": "object"}


def _shown(asked: Asked, entry: Entry) -> dict[str, Any]:
    """Return an entry as it is shown."""
    return told_of(entry, asked.served.users.name(entry.who)) | {
        "before": None if entry.before is None else json.loads(entry.before),
        "after": None if entry.after is None else json.loads(entry.after),
    }


@operation(
    "GET",
    "/collections/{collectionId}/items/{featureId}/history",
    "getHistory",
    "All changes of a feature.",
    query=("since", "limit"),
    says={200: _JSON},
    wrong=(404,),
)
async def history(asked: Asked) -> Response:
    """Answer the entries of one feature, also of one that is gone."""
    layer, name = asked.path["collectionId"], asked.path["featureId"]
    found = await _entries(asked, layer, name)
    known = layer in asked.served.live.collections
    if not known or (not found and await asked.served.live.store.held(layer, name) is None):
        raise ProblemError(
            404, f"There never was a feature '{shortened(layer)}:{shortened(name)}'."
        )
    return json_answer({"entries": found})


@operation(
    "GET",
    "/log",
    "getLog",
    "All changes, in their order.",
    query=("since", "limit"),
    says={200: _JSON},
)
async def log(asked: Asked) -> Response:
    """Answer entries of the log."""
    head = await asked.served.live.store.head()
    return json_answer({"head": head, "entries": await _entries(asked)})


async def _entries(asked: Asked, layer: str = "", name: str | None = None) -> list[dict[str, Any]]:
    since = asked.number("since", default=0, most=10**18) or 0
    limit = asked.number("limit", default=100, most=_MOST, least=1) or 1
    found = await asked.served.live.store.entries(
        since=since, limit=limit, layer=layer, feature=name
    )
    return [_shown(asked, each) for each in found]


@operation(
    "POST",
    "/log/{seq}/undo",
    "undoEntry",
    "Undo a change by another one.",
    needs="comment",
    says={201: _JSON},
    wrong=(401, 403, 404, 409, 503, 507),
)
async def undone(asked: Asked) -> Response:
    """Undo an entry, if the feature has not changed since."""
    text = asked.path["seq"]
    seq = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    found = await asked.served.live.store.entries(since=seq - 1, limit=1) if seq else []
    if not found or found[0].seq != seq:
        raise ProblemError(404, f"The log has no entry {shortened(text)}.")
    asked.served.gate.refuse_undo(asked, found[0])
    user = asked.user
    try:
        entry = await undo(asked.served.live.store, seq, user.key if user else "")
    except UndoneError as error:
        raise ProblemError(409, str(error)) from error
    return json_answer(_shown(asked, entry), 201)
