"""A request and what may be answered to it: the operations of the interface, each declared once, and who may ask.

The routes, the OpenAPI document and the table of roles in the tests are all read off `OPERATIONS`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from lcrmap.errors import LcrmapError
from lcrmap.io.json_rows import dump
from lcrmap.io.json_text import parse
from lcrmap.live.store import Known

if TYPE_CHECKING:
    from lcrmap.live.served import Served

__all__ = [
    "COOKIE",
    "OPERATIONS",
    "TITLES",
    "Asked",
    "Operation",
    "ProblemError",
    "bearer_of",
    "json_answer",
    "operation",
]

MOST_BYTES: Final = 1_000_000
_SLOW_BODY: Final = 20.0
COOKIE: Final = "lcrmap"


class ProblemError(Exception):
    """What is answered where something is wrong: a problem document (RFC 9457)."""

    def __init__(
        self,
        status: int,
        told: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(told)
        self.status, self.told, self.headers, self.more = status, told, dict(headers or {}), more

    def response(self) -> Response:
        """Return the answer."""
        said = {"type": "about:blank", "title": TITLES[self.status], "status": self.status}
        text = dump({**said, "detail": self.told, **self.more})
        return Response(text, self.status, self.headers, media_type="application/problem+json")


TITLES: Final = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Request timeout",
    409: "Conflict",
    412: "Changed by somebody else",
    413: "Too large",
    415: "Unsupported media type",
    421: "Misdirected request",
    422: "Against the rules of the layer",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "Unforeseen",
    503: "The database is away",
    501: "Not installed",
    507: "The disk is full",
}

Handler = Callable[["Asked"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    Attributes
    ----------
    name, summary
        What it is called and what it does, in the OpenAPI document.
    needs
        The role that it needs; empty for nobody's.
    query, headers
        The names of the parameters that it takes.
    body
        The media types that it takes, with the name of their schema.
    says
        What it answers where all is well, or else in words of its own: by status, media types with their schemas.
    wrong
        The statuses that it answers else.
    """

    method: str
    path: str
    name: str
    summary: str
    needs: str
    run: Handler
    query: tuple[str, ...]
    headers: tuple[str, ...]
    body: Mapping[str, str]
    says: Mapping[int, Mapping[str, str]]
    wrong: tuple[int, ...]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    name: str,
    summary: str,
    *,
    needs: str = "",
    query: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    body: Mapping[str, str] | None = None,
    says: Mapping[int, Mapping[str, str]],
    wrong: tuple[int, ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare an operation and what does it."""

    def register(run: Handler) -> Handler:
        OPERATIONS.append(
            Operation(
                method, path, name, summary, needs, run, query, headers, body or {}, says, wrong
            )
        )
        return run

    return register


@dataclass(frozen=True)
class Asked:
    """A request, the server it came to, and who asks."""

    request: Request
    served: Served
    user: Known | None
    operation: Operation

    @property
    def path(self) -> dict[str, str]:
        """The parts of the path that vary."""
        return self.request.path_params

    @property
    def who(self) -> str:
        """Whose limits count: the user's, or those of an address without one."""
        return self.user.key if self.user else f"@{self.served.gate.address(self.request)}"

    def query(self, name: str) -> str | None:
        """Return a parameter of the query."""
        return self.request.query_params.get(name)

    def number(self, name: str, *, default: int | None, most: int, least: int = 0) -> int | None:
        """Return a parameter that is a whole number; a larger one than the bound counts as the bound."""
        text = self.query(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or int(text[:18]) < least:
            raise ProblemError(400, f"'{name}' must be a whole number from {least} on.")
        return min(int(text[:18]), most)

    async def at(self) -> int | None:
        """Return the number of the entry after which the map is asked for; None for now."""
        at = self.number("at", default=None, most=10**18)
        if at is None:
            return None
        head = await self.served.live.store.head()
        if at > head:
            raise ProblemError(400, f"'at' lies in the future: the last entry is {head}.")
        return at

    @property
    def wants_html(self) -> bool:
        """Whether a person asks."""
        said = self.query("f")
        if said is not None:
            if said not in ("json", "html"):
                raise ProblemError(400, "'f' is json or html.")
            return said == "html"
        return "text/html" in self.request.headers.get("accept", "")

    async def body(self, most: int = MOST_BYTES) -> bytes:
        """Return what was sent with the request, if it is not too large and comes in time."""
        said = self.request.headers.get("content-length", "0")
        parts, length = [], 0
        try:
            async with asyncio.timeout(_SLOW_BODY):
                if not said.isdigit() or int(said[:12]) > most:
                    raise ProblemError(413, f"A request has at most {most:,} bytes.")
                async for part in self.request.stream():
                    length += len(part)
                    if length > most:
                        raise ProblemError(413, f"A request has at most {most:,} bytes.")
                    parts.append(part)
        except (TimeoutError, ClientDisconnect):
            raise ProblemError(408, "The request did not come in time: send it again.") from None
        return b"".join(parts)

    def refuse_kind(self) -> None:
        """Refuse what was sent as something that the operation does not take."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and self.operation.body and kind not in self.operation.body:
            raise ProblemError(415, f"Send it as {' or '.join(self.operation.body)}.")

    async def json(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        self.refuse_kind()
        data = await self.body()
        try:
            data.decode()
            return parse(data, "The request")
        except UnicodeDecodeError:
            raise ProblemError(400, "The request is not in UTF-8.") from None
        except LcrmapError as error:
            raise ProblemError(400, str(error)) from error


def bearer_of(request: Request) -> str:
    """Return the token that a request bears in its header; empty for none."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def json_answer(
    value: Any, status: int = 200, *, kind: str = "application/json", **headers: str
) -> Response:
    """Return an answer of JSON."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(json.dumps(value, ensure_ascii=False), status, named, media_type=kind)
