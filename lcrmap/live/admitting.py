"""Who asks, and what that one may: the one place where requests are refused before anything is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.requests import Request

from lcrmap.live.asking import COOKIE, Asked, Operation, ProblemError, bearer_of
from lcrmap.live.comments import COMMENTS
from lcrmap.live.entries import Entry
from lcrmap.live.folder import Live
from lcrmap.live.store import Known
from lcrmap.live.users import Bucket, Limits, Users, may

if TYPE_CHECKING:
    from lcrmap.live.served import Served

__all__ = ["SAFE", "Bound", "Gate"]

SAFE: Final = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing."""


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

    @property
    def base(self) -> str:
        """The address under which people know it."""
        return self.public_url.rstrip("/") or self.own_url

    @property
    def hosts(self) -> set[str]:
        """The names under which it is asked."""
        local = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        return local | {urlsplit(self.base).netloc.lower()}


class Slots:
    """Counts what each has under way at once; a place is given back when that is over, whatever happens."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def refuse_more(self, who: str, most: float) -> None:
        """Refuse one who has as many already."""
        if self._taken.get(who, 0) >= most:
            raise _too_many(5.0)

    @contextmanager
    def taken(self, who: str) -> Iterator[None]:
        """Take a place as long as something is under way."""
        self._taken[who] = self._taken.get(who, 0) + 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]


class Gate:
    """Looks at each request of a served map.

    Attributes
    ----------
    streams, calls
        What each has open at once.
    """

    def __init__(self, live: Live, bound: Bound, users: Users) -> None:
        self._live, self._bound, self._users = live, bound, users
        known = {each.name for each in fields(Limits)}
        self._limits = Limits(**{k: v for k, v in live.settings.limits.items() if k in known})  # type: ignore[arg-type]
        self._buckets = {kind: Bucket() for kind in ("read", "write", "failed")}
        self._origins = {f"{urlsplit(bound.base).scheme}://{each}" for each in bound.hosts} | {
            bound.base
        }
        self.streams, self.calls = Slots(), Slots()

    async def admitted(self, request: Request, served: Served, operation: Operation) -> Asked:
        """Return a request that may be answered.

        Raises
        ------
        ProblemError
            If it may not.
        """
        asked = Asked(request, served, self._who(request), operation)
        self._refuse_flood(asked)
        self._refuse_foreign(asked)
        self.refuse_role(asked)
        self._refuse_parameters(asked)
        return asked

    def address(self, request: Request) -> str:
        """Return from where a request comes; from a proxy that is known, what that says."""
        peer = request.client.host if request.client else "socket"
        if peer in self._live.settings.proxies:
            return request.headers.get("x-forwarded-for", peer).rpartition(",")[2].strip()
        return peer

    def _who(self, request: Request) -> Known | None:
        """Return who asks: by token, by cookie, or by the header of a proxy."""
        settings = self._live.settings
        peer = request.client.host if request.client else "socket"
        if settings.user_header and peer in settings.proxies:
            return self._users.named(request.headers.get(settings.user_header, ""))
        token = bearer_of(request) or request.cookies.get(COOKIE, "")
        if not token:
            return None
        user = self._users.of_token(token)
        if user is None:
            wait = self._buckets["failed"].wait(
                self.address(request),
                self._limits.failed_a_minute / 60,
                burst=self._limits.failed_a_minute,
            )
            if wait:
                raise _too_many(wait)
        return user

    def _refuse_flood(self, asked: Asked) -> None:
        """Refuse one who asks too often."""
        safe = asked.operation.method in SAFE
        rate = self._limits.reads if safe else self._limits.writes
        if asked.user is None and safe:
            rate = self._limits.open_reads
        wait = self._buckets["read" if safe else "write"].wait(asked.who, rate)
        if wait:
            raise _too_many(wait)

    def refuse_streams(self, asked: Asked) -> None:
        """Refuse one who listens too often already."""
        most = self._limits.streams if asked.user else self._limits.open_streams
        self.streams.refuse_more(asked.who, most)

    def refuse_calls(self, asked: Asked) -> None:
        """Refuse one whose calls are worked on already."""
        self.calls.refuse_more(asked.who, self._limits.calls)

    def refuse_undo(self, asked: Asked, entry: Entry) -> None:
        """Refuse to undo what one may not change."""
        needs = "edit" if entry.layer != COMMENTS else "comment"
        own = asked.user is not None and asked.user.key == entry.who
        found = self._live.collections.get(entry.layer)
        allowed = may(asked.user, needs, entry.layer) and (
            needs == "edit" or own or may(asked.user, "admin")
        )
        if not allowed or found is None or not found.editable:
            raise ProblemError(
                403, f"Your role does not allow you to change the layer {entry.layer}."
            )

    def _refuse_foreign(self, asked: Asked) -> None:
        """Refuse a change that another site's page asks for: a cookie counts with our own origin alone."""
        request = asked.request
        if asked.operation.method in SAFE or request.headers.get("authorization"):
            return
        if (asked.user is not None or "origin" in request.headers) and request.headers.get(
            "origin"
        ) not in self._origins:
            raise ProblemError(
                403,
                "A change must come from this map's own page, or with a token: Origin names another.",
            )

    def refuse_role(self, asked: Asked) -> None:
        """Refuse one whose role does not reach, and any change of a map that is only read."""
        needs = asked.operation.needs
        if (
            self._bound.read_only
            and asked.operation.method not in SAFE
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
            found = self._live.collections.get(asked.path["collectionId"])
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
