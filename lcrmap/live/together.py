"""What follows the map as it changes: a stream of events, who is here, and the answers."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from lcrmap.errors import shortened
from lcrmap.live.asking import Asked, ProblemError, json_answer, operation
from lcrmap.live.events import Listener
from lcrmap.live.presence import public_name
from lcrmap.live.rules import UnfitError

__all__: list[str] = []

_STUCK: Final = 10.0
"""For so many seconds a listener may take nothing."""

_JSON: Final = {"application/json": "object"}


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
