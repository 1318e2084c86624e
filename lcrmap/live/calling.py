"""The questions as tools of the Model Context Protocol, at ``/mcp``: who may call, and how much at once."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, Protocol

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lcrmap.errors import MissingPartError
from lcrmap.live.asking import Asked, ProblemError, bearer_of, operation
from lcrmap.live.users import may

__all__ = ["Tools"]

_LOOK: Final = 0.25  # seconds after which it is seen that somebody was revoked
_ENDED: Final = "Your link was revoked or has expired: ask for a new one."


class Tools(Protocol):
    """What answers calls; it stands behind this room, which knows nothing of the protocol."""

    async def run(self) -> None:
        """Answer until cancelled."""

    async def app(self, *, writes: bool) -> ASGIApp:
        """Return what answers requests of somebody who may write files or not."""


@operation(
    "POST",
    "/mcp",
    "callTools",
    "The questions as tools of the Model Context Protocol, asked of the map as it is.",
    headers=("Authorization",),
    body={"application/json": "object"},
    says={
        200: {"application/json": "object", "text/event-stream": "text"},
        202: {},
        400: {"application/json": "object"},  # in the protocol's own words
    },
    wrong=(400, 401, 403, 406, 408, 413, 415, 501),
)
async def call(asked: Asked) -> Response:
    """Let a request of the protocol be answered, each for itself: no process remembers a client."""
    if asked.user is None and bearer_of(asked.request):
        raise ProblemError(401, _ENDED, headers={"www-authenticate": "Bearer"})
    value = await asked.json()
    tools = asked.served.tools
    if tools is None:
        raise ProblemError(404, "This server has no tools.")
    writes = may(asked.user, "edit") and not asked.served.bound.read_only
    try:
        app = await tools.app(writes=writes)
    except MissingPartError as error:
        raise ProblemError(501, str(error)) from error
    # At last, as nothing may come between that and counting it.
    asked.served.gate.refuse_calls(asked)
    return _Call(asked, app, value)


class _Call(Response):
    """The answer to a request, which ends when whoever asks leaves or is revoked."""

    def __init__(self, asked: Asked, app: ASGIApp, value: dict[str, Any]) -> None:
        super().__init__()
        self._asked, self._app, self._said = asked, app, json.dumps(value).encode()
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [each for each in scope["headers"] if each[0] != b"content-length"]
        length = (b"content-length", str(len(self._said)).encode())
        scope = {**scope, "headers": [*headers, length]}
        with self._asked.served.gate.calls.taken(self._asked.who):
            await self._run(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        users, user = self._asked.served.users, self._asked.user
        running = asyncio.ensure_future(self._app(scope, self._again(receive), self._noting(send)))
        try:
            while not (await asyncio.wait({running}, timeout=_LOOK))[0]:
                if user and not users.is_good(user.key):
                    await self._end(running, scope, receive, send)
                    return
            running.result()
        finally:
            running.cancel()

    def _again(self, receive: Receive) -> Receive:
        """Return what gives the body once more, which was read and looked at before."""
        given = False

        async def received() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": self._said, "more_body": False}

        return received

    def _noting(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            self._begun = True
            await send(message)

        return sent

    async def _end(
        self, running: asyncio.Future[None], scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Stop a call of somebody who may come in no more."""
        running.cancel()
        await asyncio.wait({running})
        if self._begun:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            await ProblemError(401, _ENDED).response()(scope, receive, send)
