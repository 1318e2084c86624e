"""The server: every request is looked at in one place, then its operation runs; every error becomes a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import secrets
import signal
import socket
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.supervisors import Multiprocess

from lcrmap.errors import LcrmapError, OutputError, UsageError
from lcrmap.live import api, calling, locating, receiving, together
from lcrmap.live.answers import Answers
from lcrmap.live.asking import COOKIE, OPERATIONS, Asked, Operation, ProblemError
from lcrmap.live.calling import Tools
from lcrmap.live.entries import Entry
from lcrmap.live.events import Hub, event, told_entry
from lcrmap.live.folder import COMMENTS, Live, open_live, read_settings
from lcrmap.live.page import LivePage
from lcrmap.live.presence import Presence
from lcrmap.live.sourced import Sourced
from lcrmap.live.store import AwayError, Box, FullError, Known
from lcrmap.live.users import Bucket, Limits, Users, may

__all__ = ["Bound", "Guarded", "Served", "make_app", "serve"]

_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)
_REFRESH: Final = 0.5
_GRACE: Final = 3
_SLOW_HEAD: Final = 20.0
PRESENCE: Final = "presence.db"
_BACKLOG: Final = 2_048
_STUCK: Final = 30_000  # milliseconds
_LOG: Final = logging.getLogger("lcrmap.live")
_OPERATIONS_OF: Final = (
    api,
    calling,
    locating,
    receiving,
    together,
)  # imported for the operations that they declare


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a server is reached, and what it is allowed."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    read_only: bool = False

    @property
    def own_url(self) -> str:
        """The address at which it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


MakeTools = Callable[[Path, Sourced], Tools]
"""What makes the tools of a map of its pack and of what was changed since."""


class Served:
    """A live map that is being served by this process."""

    def __init__(self, live: Live, bound: Bound, tools: MakeTools | None = None) -> None:
        self.live, self.bound = live, bound
        self.base = bound.public_url.rstrip("/") or bound.own_url
        self.users = Users(live.store)
        self.hub = Hub(live.store, self._told)
        self.presence = Presence(live.folder / PRESENCE)
        self.sourced = Sourced(live)
        self.page = LivePage(self)
        self.answers = Answers(live, self.sourced)
        self.tools = None if tools is None else tools(live.folder / "pack", self.sourced)
        self.streams: dict[str, int] = {}
        self.calls: dict[str, int] = {}
        self.extents: dict[str, Box | None] = {}
        known = {each.name for each in fields(Limits)}
        self.limits = Limits(**{k: v for k, v in live.settings.limits.items() if k in known})  # type: ignore[arg-type]
        self._buckets = {kind: Bucket() for kind in ("read", "write", "failed")}
        local = {f"{name}:{bound.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self.hosts = local | {urlsplit(self.base).netloc.lower()}
        self._tasks: list[asyncio.Task[None]] = []

    def _told(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        found = self.live.collections.get(entry.layer)
        label = None if found is None else found.metadata.label
        return told_entry(entry, self.users.name(entry.who), COMMENTS, label)

    async def start(self) -> None:
        """Look at what there is, and begin to follow the log."""
        await self.users.refresh()
        for name in self.live.collections:
            self.extents[name] = await self.live.store.extent(name)
        self.hub.seq = await self.live.store.head()
        process = secrets.token_hex(4)
        for run in (
            self.hub.run(),
            self.presence.run(self.hub, process),
            self.answers.run(self.hub),
            self._look_at_users(),
            *(() if self.tools is None else (self.tools.run(),)),
        ):
            self._tasks.append(asyncio.create_task(run))
        if self.live.settings.measures:
            run = receiving.tell_readings(self.live.store.measured, self.hub)
            self._tasks.append(asyncio.create_task(run))

    async def _look_at_users(self) -> None:
        """See within a second who was revoked, and close what they listen to."""
        while True:
            await asyncio.sleep(_REFRESH)
            with contextlib.suppress(AwayError):
                await self.users.refresh()
            for each in tuple(self.hub.listeners):
                if each.user and not self.users.is_good(each.user):
                    each.end()

    def say_goodbye(self) -> None:
        """Tell all listeners that the server ends, and let them go."""
        for each in tuple(self.hub.listeners):
            each.send(event("bye", {}))
            each.finish()

    async def stop(self) -> None:
        """Let go of everything."""
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.presence.close()
        await self.live.store.close()

    def address(self, request: Request) -> str:
        """Return from where a request comes; from a proxy that is known, what that says."""
        peer = request.client.host if request.client else "socket"
        if peer in self.live.settings.proxies:
            return request.headers.get("x-forwarded-for", peer).rpartition(",")[2].strip()
        return peer

    async def who(self, request: Request) -> Known | None:
        """Return who asks: by token, by cookie, or by the header of a proxy."""
        settings = self.live.settings
        peer = request.client.host if request.client else "socket"
        if settings.user_header and peer in settings.proxies:
            return self.users.named(request.headers.get(settings.user_header, ""))
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip() if kind.lower() == "bearer" else request.cookies.get(COOKIE, "")
        if not token:
            return None
        user = self.users.of_token(token)
        if user is None:
            wait = self._buckets["failed"].wait(
                self.address(request),
                self.limits.failed_a_minute / 60,
                burst=self.limits.failed_a_minute,
            )
            if wait:
                raise _too_many(wait)
        return user

    def refuse_flood(self, asked: Asked) -> None:
        """Refuse one who asks too often."""
        safe = asked.operation.method in _SAFE
        rate = self.limits.reads if safe else self.limits.writes
        if asked.user is None and safe:
            rate = self.limits.open_reads
        wait = self._buckets["read" if safe else "write"].wait(asked.who, rate)
        if wait:
            raise _too_many(wait)

    def refuse_streams(self, asked: Asked) -> None:
        """Refuse one who listens too often already."""
        most = self.limits.streams if asked.user else self.limits.open_streams
        if self.streams.get(asked.who, 0) >= most:
            raise _too_many(5.0)

    def refuse_calls(self, asked: Asked) -> None:
        """Refuse one whose calls are worked on already."""
        if self.calls.get(asked.who, 0) >= self.limits.calls:
            raise _too_many(5.0)

    def refuse_undo(self, asked: Asked, entry: Entry) -> None:
        """Refuse to undo what one may not change."""
        needs = "edit" if entry.layer != COMMENTS else "comment"
        own = asked.user is not None and asked.user.key == entry.who
        found = self.live.collections.get(entry.layer)
        allowed = may(asked.user, needs, entry.layer) and (
            needs == "edit" or own or may(asked.user, "admin")
        )
        if not allowed or found is None or not found.editable:
            raise ProblemError(
                403, f"Your role does not allow you to change the layer {entry.layer}."
            )

    def new_id(self, kind: str) -> str:
        """Return an id that nothing has; those of later ones come later in the order of ids."""
        return f"{kind}-{self.hub.seq:09d}-{secrets.token_hex(4)}"

    async def run(self, operation: Operation, request: Request) -> Response:
        """Answer a request, whatever happens."""
        try:
            return await self._run(operation, request)
        except ProblemError as problem:
            return problem.response()
        except FullError:
            return ProblemError(
                507, "The disk of the server is full; nothing was changed."
            ).response()
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

    async def _run(self, operation: Operation, request: Request) -> Response:
        asked = Asked(request, self, await self.who(request), operation)
        self.refuse_flood(asked)
        self._refuse_foreign(asked)
        self._refuse_role(asked)
        self._refuse_parameters(asked)
        return await operation.run(asked)

    def _refuse_foreign(self, asked: Asked) -> None:
        """Refuse a change that another site's page asks for: a cookie counts with our own origin alone."""
        request = asked.request
        if asked.operation.method in _SAFE or request.headers.get("authorization"):
            return
        own = {self.base, *(f"{urlsplit(self.base).scheme}://{each}" for each in self.hosts)}
        if (asked.user is not None or "origin" in request.headers) and request.headers.get(
            "origin"
        ) not in own:
            raise ProblemError(
                403,
                "A change is taken from this map's own page, or with a token: Origin is another.",
            )

    def _refuse_role(self, asked: Asked) -> None:
        needs = asked.operation.needs
        if (
            self.bound.read_only
            and asked.operation.method not in _SAFE
            and needs not in ("", "read")
        ):
            raise ProblemError(403, "This map is served to be read only.")
        if may(asked.user, needs):
            return
        if asked.user is None:
            raise ProblemError(
                401,
                "Sign in with the link that you were given.",
                headers={"www-authenticate": "Bearer"},
            )
        raise ProblemError(403, f"Your role is {asked.user.role}, and this needs {needs}.")

    def _refuse_parameters(self, asked: Asked) -> None:
        known = set(asked.operation.query)
        if asked.operation.name == "getFeatures":
            found = self.live.collections.get(asked.path["collectionId"])
            known |= {each.name for each in found.metadata.fields} if found else set()
        for name in asked.request.query_params:
            if name not in known:
                raise ProblemError(
                    400,
                    f"There is no parameter '{name[:60]}' here; there are {', '.join(sorted(known)) or 'none'}.",
                )


def _too_many(wait: float) -> ProblemError:
    return ProblemError(
        429, "Too many requests: wait a little.", headers={"retry-after": str(int(wait) + 1)}
    )


class Guarded:
    """Looks at what all requests have: the host, and the headers that go out with each answer."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self.app, self.served = app, served
        ancestors = " ".join(served.live.settings.frame_ancestors) or "'none'"
        always = {**_ALWAYS, "content-security-policy": f"{_POLICY}{ancestors}"}
        self._headers = [(name.encode(), text.encode()) for name, text in always.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse its host."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = [*self._headers, (b"vary", b"Accept, Cookie, Authorization")]
        if scope["method"] in _SAFE:
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
        if host not in self.served.hosts:
            refused = ProblemError(
                421, "This map is not served under that name: see --public-url."
            ).response()
            await refused(scope, receive, sent)
            return
        await self.app(scope, receive, sent)


def make_app(
    folder: Path,
    bound: Bound,
    ready: Callable[[], None] | None = None,
    tools: MakeTools | None = None,
) -> Guarded:
    """Return the application that serves a live map; `ready` is called when it takes requests."""
    served = Served(open_live(folder), bound, tools)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await served.start()
        _hear_signals(served)
        if ready is not None:
            ready()
        yield
        await served.stop()

    by_path: dict[str, dict[str, Operation]] = {}
    for each in sorted(OPERATIONS, key=lambda each: not each.path.endswith("/history")):
        by_path.setdefault(each.path.replace("{featureId}", "{featureId:path}"), {})[
            each.method
        ] = each
    routes = [
        Route(path, _endpoint(served, methods), methods=list(methods))
        for path, methods in by_path.items()
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _nothing})
    app.router.redirect_slashes = False
    return Guarded(app, served)


def _endpoint(
    served: Served, methods: dict[str, Operation]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await served.run(methods[method], request)

    return answer


async def _nothing(request: Request, error: Exception) -> Response:
    """Answer a request for which there is no operation."""
    status, headers = 500, None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    what = {404: "There is nothing at this address", 405: "This address does not take that method"}
    return ProblemError(
        status, f"{what.get(status, 'This cannot be answered')}: see /api.", headers=headers
    ).response()


def _hear_signals(served: Served) -> None:
    """Tell the listeners when a signal ends the server, which waits for what is under way."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        usual = signal.getsignal(number)

        def ended(
            number: int, frame: FrameType | None, usual: Callable[..., Any] | int | None = usual
        ) -> None:
            loop.call_soon_threadsafe(served.say_goodbye)
            if callable(usual):
                usual(number, frame)

        if threading.current_thread() is threading.main_thread():
            signal.signal(number, ended)


def serve(
    folder: Path,
    bound: Bound,
    *,
    processes: int = 1,
    ready: Callable[[str], None],
    tools: MakeTools | None = None,
) -> None:
    """Serve a live map until a signal ends it.

    Parameters
    ----------
    ready
        Told the address when requests are taken.
    tools
        What makes the tools of ``/mcp``, in each process; None for none.

    Raises
    ------
    UsageError
        If it may not be served so: to others only behind a proxy with TLS, and to users.
    OutputError
        If the port is taken, or the folder is served already.
    """
    read_settings(folder)
    _refuse_bare(folder, bound)
    held = _locked(folder)
    try:
        with socket.socket(socket.AF_INET6 if ":" in bound.host else socket.AF_INET) as taken:
            _bind(taken, bound)
            bound = replace(bound, port=taken.getsockname()[1])
            taken.listen(_BACKLOG)
            tell = partial(ready, bound.public_url or bound.own_url)
            one = processes == 1
            config = uvicorn.Config(
                partial(make_app, folder, bound, tell if one else None, tools),
                factory=True,
                log_config=None,
                access_log=False,
                server_header=False,
                http=Patient,
                ws="none",
                timeout_graceful_shutdown=_GRACE,
                workers=processes,
                proxy_headers=False,
                backlog=_BACKLOG,
            )
            _empty(folder)
            if one:
                uvicorn.Server(config).run(sockets=[taken])
                return
            tell()
            Multiprocess(config, sockets=[taken]).run()
    finally:
        held.close()


def _refuse_bare(folder: Path, bound: Bound) -> None:
    """Refuse to be reached from other machines without TLS in front, or before anybody has a token."""
    if bound.public_url:
        parts = urlsplit(bound.public_url)
        local = parts.hostname in _LOCAL
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise UsageError(f"--public-url begins with https://, not '{bound.public_url}'.")
        if parts.path not in ("", "/") or not parts.netloc:
            raise UsageError(
                "--public-url is a scheme and a host, such as https://map.example.org."
            )
    if bound.host in _LOCAL:
        return
    if not bound.public_url.startswith("https://"):
        raise UsageError(
            f"To listen on {bound.host}, say by --public-url https://... under which name a reverse proxy with TLS "
            f"gives it on: see docs/serve.md."
        )
    if not asyncio.run(_has_users(folder)):
        raise UsageError(
            f"Nobody may sign in yet: add somebody with 'lcrmap live user {folder} add NAME'."
        )


async def _has_users(folder: Path) -> bool:
    live = open_live(folder)
    users = Users(live.store)
    await users.refresh()
    await live.store.close()
    return users.any


def _empty(folder: Path) -> None:
    """Forget who was here when a server ended."""
    for each in folder.glob(f"{PRESENCE}*"):
        each.unlink()


class Patient(H11Protocol):
    """Speaks HTTP, and gives up whoever does not say a whole head of a request in time."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; wait for the rest of its head."""
        super().data_received(data)
        if self._answering:
            self._wait_no_longer()
        elif self._late is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._wait_no_longer()
        super().connection_lost(exc)

    @property
    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request
        return cycle is not None and not cycle.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(_SLOW_HEAD, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if not self._answering:
            self.transport.abort()


def _bind(taken: socket.socket, bound: Bound) -> None:
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is not taken for so long is given up
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STUCK)
    try:
        taken.bind((bound.host, bound.port))
    except OSError as error:
        raise OutputError(
            f"Port {bound.port} of {bound.host} cannot be taken ({error.strerror}): choose another with --port."
        ) from error


def _locked(folder: Path) -> IO[str]:
    """Take the folder for this server alone, until the file is closed or the process ends."""
    file = (folder / "live.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise OutputError(
            f"'{folder}' is served already: end that server first, or give it more --processes."
        ) from None
    return file
