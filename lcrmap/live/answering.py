"""The application: each request is let in, its operation runs, and every error becomes a sentence."""

from __future__ import annotations

import contextlib
import logging
import secrets
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lcrmap.errors import LcrmapError
from lcrmap.live import (
    api,
    calling,
    editing,
    items,
    locating,
    looking_back,
    receiving,
    together,
    visiting,
)
from lcrmap.live.admitting import SAFE
from lcrmap.live.allowing import asking_for
from lcrmap.live.asking import OPERATIONS, Operation, ProblemError
from lcrmap.live.served import Served
from lcrmap.live.store import AwayError, FullError

__all__ = ["Guarded", "make_app"]

_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
_LOG: Final = logging.getLogger("lcrmap.live")
# Imported for the operations that they declare.
_OPERATIONS_OF: Final = (
    api,
    editing,
    items,
    calling,
    locating,
    looking_back,
    receiving,
    together,
    visiting,
)


class Guarded:
    """Looks at what all requests have: the host, and the headers that go out with each answer."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._hosts = app, served.bound.hosts
        ancestors = " ".join(served.live.settings.frame_ancestors) or "'none'"
        always = {**_ALWAYS, "content-security-policy": f"{_POLICY}{ancestors}"}
        self._headers = [(name.encode(), text.encode()) for name, text in always.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its host."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = [*self._headers, (b"vary", b"Accept, Cookie, Authorization")]
        if scope["method"] in SAFE:
            headers += [
                (b"access-control-allow-origin", b"*"),
                (b"access-control-expose-headers", b"ETag, Content-Crs"),
            ]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                if b"cache-control" not in named:
                    headers.append((b"cache-control", b"no-cache"))
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        if host not in self._hosts:
            refused = ProblemError(
                421, "This map is not served under that name: see --public-url."
            ).response()
            await refused(scope, receive, sent)
            return
        await self._app(scope, receive, sent)


def make_app(served: Served, begun: Callable[[], None]) -> Guarded:
    """Return the application that serves a live map; `begun` is called when it takes requests."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await served.start()
        begun()
        yield
        await served.stop()

    by_path: dict[str, dict[str, Operation]] = {}
    for each in sorted(OPERATIONS, key=lambda each: not each.path.endswith("/history")):
        by_path.setdefault(each.path.replace("{featureId}", "{featureId:path}"), {})[
            each.method
        ] = each
    routes = [
        Route(path, _endpoint(served, methods), methods=[*methods, "OPTIONS"])
        for path, methods in by_path.items()
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _nothing})
    app.router.redirect_slashes = False
    return Guarded(app, served)


def _endpoint(
    served: Served, methods: dict[str, Operation]
) -> Callable[[Request], Awaitable[Response]]:
    methods = {**methods, "OPTIONS": asking_for(list(methods.values()))}

    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await _answered(served, methods[method], request)

    return answer


async def _answered(served: Served, operation: Operation, request: Request) -> Response:
    """Answer a request, whatever happens."""
    try:
        return await operation.run(await served.gate.admitted(request, served, operation))
    except ProblemError as problem:
        return problem.response()
    except FullError:
        return ProblemError(507, "The disk of the server is full; nothing was changed.").response()
    except AwayError:
        later = {"retry-after": "5"}
        return ProblemError(
            503, "The database cannot be reached: try again later.", headers=later
        ).response()
    except LcrmapError as error:
        return ProblemError(400, str(error)).response()
    except Exception as error:  # noqa: BLE001 (whatever it is, one sentence is answered)
        number = secrets.token_hex(4)
        at = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(at.filename).name}:{at.lineno}"
        _LOG.error("%s in %s is %s at %s", number, operation.name, type(error).__name__, place)
        return ProblemError(
            500, f"Something unforeseen happened; the log of the server has it as {number}."
        ).response()


async def _nothing(request: Request, error: Exception) -> Response:
    """Answer a request for which there is no operation."""
    status, headers = 500, None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    what = {404: "There is nothing at this address", 405: "This address does not take that method"}
    return ProblemError(
        status, f"{what.get(status, 'This cannot be answered')}: see /api.", headers=headers
    ).response()
