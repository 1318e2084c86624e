"""What makes a map of many one map: what happened, who is here, signing in, history and undo."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lcrmap.errors import shortened
from lcrmap.live.asking import COOKIE, Asked, ProblemError, bearer_of, json_answer, operation
from lcrmap.live.entries import Entry, told_of
from lcrmap.live.events import Listener
from lcrmap.live.presence import public_name
from lcrmap.live.rules import UnfitError
from lcrmap.live.undoing import UndoneError, undo
from lcrmap.live.users import may

__all__: list[str] = []

_MOST: Final = 1_000
_STUCK: Final = 10.0
_YEAR: Final = 31_536_000
_JSON: Final = {"application/json": "object"}


@operation(
    "GET",
    "/assets/page.js",
    "getScript",
    "The script of the page.",
    query=("v",),
    says={200: {"text/javascript": "text"}},
)
async def script(asked: Asked) -> Response:
    """Answer the script of the page."""
    return asked.served.page.script()


@operation(
    "GET",
    "/assets/drawing.js",
    "getDrawing",
    "The tools that the page loads when somebody draws a line or an area.",
    says={200: {"text/javascript": "text"}},
)
async def drawing(asked: Asked) -> Response:
    """Answer the drawing tools of the page."""
    return asked.served.page.drawing()


@operation(
    "GET",
    "/assets/page.css",
    "getStyle",
    "The style of the page.",
    query=("v",),
    says={200: {"text/css": "text"}},
)
async def style(asked: Asked) -> Response:
    """Answer the style sheet of the page."""
    return await asked.served.page.style()


@operation(
    "GET", "/session", "getSession", "Who you are here, and what you may do.", says={200: _JSON}
)
async def session(asked: Asked) -> Response:
    """Answer who asks."""
    user, live = asked.user, asked.served.live
    edit = [name for name, each in live.collections.items() if each.editable]
    return json_answer(
        {
            "user": None if user is None else {"name": user.name, "role": user.role},
            "edit": [name for name in edit if name != "comments" and may(user, "edit", name)],
            "comment": may(user, "comment"),
            "seq": await live.store.head(),
            "stale": user is None and COOKIE in asked.request.cookies,
        }
    )


@operation(
    "POST",
    "/session",
    "signIn",
    "Exchange the token of a link (Authorization: Bearer) for a cookie.",
    headers=("Authorization",),
    says={204: {}},
    wrong=(401, 403),
)
async def sign_in(asked: Asked) -> Response:
    """Set the cookie."""
    token = bearer_of(asked.request)
    if asked.user is None or not token:
        raise ProblemError(
            401, "The link is not known here, was revoked or has expired: ask for a new one."
        )
    return _with_cookie(asked, token, _YEAR)


@operation("DELETE", "/session", "signOut", "Take the cookie back.", says={204: {}}, wrong=(403,))
async def sign_out(asked: Asked) -> Response:
    """Take the cookie back."""
    return _with_cookie(asked, "", 0)


def _with_cookie(asked: Asked, token: str, age: int) -> Response:
    answer = Response(status_code=204)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=age,
        path="/",
        httponly=True,
        samesite="strict",
        secure=asked.served.base.startswith("https:"),
    )
    return answer


class _Stream(Response):
    """Events as long as somebody listens; the place is taken and given back here, whatever happens."""

    def __init__(self, asked: Asked, listener: Listener, since: int | None) -> None:
        super().__init__(
            media_type="text/event-stream",
            headers={"x-accel-buffering": "no", "cache-control": "no-store"},
        )
        del self.headers["content-length"]
        self._asked, self._listener, self._since = asked, listener, since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._asked.served.gate.streams.taken(self._listener.who):
            await self._run(receive, send)

    async def _run(self, receive: Receive, send: Send) -> None:
        served, listener = self._asked.served, self._listener
        leaving = asyncio.create_task(_left(receive, listener))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for data in served.hub.stream(listener, self._since):
                async with asyncio.timeout(_STUCK):
                    await send({"type": "http.response.body", "body": data, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return  # it takes nothing: the server closes the connection
        finally:
            leaving.cancel()
            served.hub.listeners.discard(listener)
            if listener.here:
                await served.presence.leave(listener.here)


async def _left(receive: Receive, listener: Listener) -> None:
    """Let a listener go when its connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.end()


@operation(
    "GET",
    "/events",
    "getEvents",
    "What happens, as server-sent events.",
    query=("since", "here"),
    headers=("Last-Event-ID",),
    says={200: {"text/event-stream": "text"}},
)
async def events(asked: Asked) -> Response:
    """Answer a stream of events."""
    last = asked.request.headers.get("last-event-id", "")
    since = asked.number("since", default=None, most=10**18)
    if last.isascii() and last.isdigit():
        since = int(last[:18])
    asked.served.gate.refuse_streams(asked)
    user = asked.user
    listener = Listener(
        asked.who,
        public_name(asked.query("here") or "") if asked.query("here") else "",
        user.key if user else "",
    )
    return _Stream(asked, listener, since)


@operation(
    "POST",
    "/presence",
    "putPresence",
    "Say where you look; nothing of it is kept.",
    needs="read",
    body=_JSON,
    says={204: {}},
    wrong=(401, 403, 408, 413, 415, 422),
)
async def presence(asked: Asked) -> Response:
    """Note where somebody looks, or that it is nobody's concern."""
    told = await asked.json()
    here = str(told.get("here", ""))
    try:
        if told.get("invisible") is True:
            await asked.served.presence.leave(public_name(here))
        elif asked.user is not None:
            await asked.served.presence.put(here, told, asked.user.name)
    except UnfitError as error:
        raise ProblemError(422, str(error)) from error
    return Response(status_code=204)


@operation(
    "GET",
    "/answers",
    "getAnswers",
    "The answers that follow the map, and the entry on which they stand.",
    says={200: _JSON},
)
async def answers(asked: Asked) -> Response:
    """Answer the latest answers."""
    told = [each.told(number) for number, each in enumerate(asked.served.answers.latest, 1)]
    return json_answer({"answers": told})


@operation(
    "GET",
    "/answers/{number}",
    "getAnswer",
    "The rows of an answer, as the command prints them with --format json.",
    query=("at",),
    says={200: _JSON},
    wrong=(404, 422),
)
async def rows(asked: Asked) -> Response:
    """Answer the rows of a question, as of an entry of the log."""
    text, known = asked.path["number"], asked.served.live.settings.questions
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= len(known)):
        raise ProblemError(404, f"There is no question {shortened(text)}: see /answers.")
    at = await asked.at()
    seq = await asked.served.live.store.head() if at is None else at
    found = await asked.served.answers.at(int(text), seq)
    if found.fault:
        raise ProblemError(422, found.fault)
    return Response(found.rows, 200, {"x-entry": str(seq)}, media_type="application/json")


def entry_shown(asked: Asked, entry: Entry) -> dict[str, Any]:
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
            404, f"There is and was no feature '{shortened(layer)}:{shortened(name)}'."
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
    return [entry_shown(asked, each) for each in found]


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
    return json_answer(entry_shown(asked, entry), 201)
