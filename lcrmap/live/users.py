"""Who may do what: tokens, roles, and how often."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from lcrmap.errors import UnknownNameError, UsageError, shortened
from lcrmap.io.json_rows import dump
from lcrmap.live.store import Known, Store
from lcrmap.live.undoing import OPERATOR

__all__ = [
    "ROLES",
    "Bucket",
    "Limits",
    "Users",
    "changed_user",
    "digest",
    "listed_user",
    "may",
    "new_user",
]

ROLES: Final = ("read", "comment", "edit", "admin")
"""Each may do what those before it may."""

_LONGEST_NAME: Final = 60
_DAY: Final = 86_400
_MOST_BUCKETS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a second, and streams and calls at once, a token and an address without one have."""

    reads: float = 50
    writes: float = 5
    streams: int = 20
    calls: int = 4
    open_reads: float = 500
    open_streams: int = 200
    failed_a_minute: float = 10


class Bucket:
    """Counts by who asks: each has so many a second, and as many again at once.

    Examples
    --------
    >>> bucket = Bucket()
    >>> [bucket.wait("a", 1.0, now=100.0) for _ in range(3)]
    [0.0, 0.0, 1.0]
    """

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str, rate: float, *, now: float | None = None, burst: float = 0) -> float:
        """Take one, and return 0; or return the seconds after which there is one."""
        now = time.monotonic() if now is None else now
        most = burst or 2 * rate
        left, since = self._left.pop(who, (most, now))
        left = min(most, left + (now - since) * rate)
        short = max(0.0, 1 - left)
        self._left[who] = (left if short else left - 1, now)
        if len(self._left) > _MOST_BUCKETS:
            self._left.popitem(last=False)
        return short / rate


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_user(
    name: str,
    role: str,
    others: list[Known],
    *,
    layers: tuple[str, ...] = (),
    days: float = 0,
    unconditional: bool = False,
) -> tuple[Known, str]:
    """Return a user and the token that is shown once.

    Raises
    ------
    UsageError
        If somebody has the name, or it could pass for another.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"A name has 1 to {_LONGEST_NAME} characters, none of which turns or hides text: "
            f"'{shortened(name)}' is none."
        )
    if any(_folded(each.name) == _folded(name) for each in others if not each.revoked):
        raise UsageError(f"Somebody is called '{name}' already: choose another name.")
    token = secrets.token_urlsafe(32)
    expires = time.time() + days * _DAY if days else 0
    key = f"u-{secrets.token_hex(4)}"
    return Known(key, name, role, digest(token), layers, expires, False, unconditional), token


def changed_user(name: str, users: list[Known], *, forget: bool) -> Known:
    """Return the user of a name with the token revoked; one who is forgotten loses the name too.

    Raises
    ------
    UnknownNameError
        If nobody has the name.
    """
    found = [each for each in users if each.name and _folded(each.name) == _folded(name)]
    if not found:
        raise UnknownNameError("user", name, [each.name for each in users if each.name])
    user = found[-1]
    return replace(user, name="" if forget else user.name, digest="", revoked=True)


def listed_user(user: Known) -> str:
    """Return a user as a line for people."""
    state = (
        "revoked"
        if user.revoked
        else "expired"
        if 0 < user.expires < time.time()
        else "may come in"
    )
    layers = f"  {', '.join(user.layers)}" if user.layers else ""
    return f"{user.name or 'forgotten'}  {user.role}{layers}  {state}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def may(user: Known | None, needs: str, layer: str = "") -> bool:
    """Tell whether a user may do what needs a role, on a layer: the one place where that is decided."""
    if needs == "":
        return True
    if user is None or ROLES.index(user.role) < ROLES.index(needs):
        return False
    return needs != "edit" or not layer or not user.layers or layer in user.layers


class Users:
    """The users as a server knows them; it looks for changes again and again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Known] = {}
        self.turn = 0
        """A number that is another one after each change of them."""

    async def refresh(self) -> None:
        """Read who there is."""
        known = {each.key: each for each in await self._store.users()}
        self.turn += known != self._known
        self._known = known

    def of_token(self, token: str) -> Known | None:
        """Return whose token it is; None for one that is unknown, revoked or too old."""
        wanted, found = digest(token), None
        for each in self._known.values():
            if hmac.compare_digest(each.digest, wanted):
                found = each
        return found if found is not None and self.is_good(found.key) else None

    def is_good(self, key: str) -> bool:
        """Tell whether a user may still come in."""
        user = self._known.get(key)
        return (
            user is not None
            and not user.revoked
            and (not user.expires or user.expires > time.time())
        )

    def named(self, name: str) -> Known | None:
        """Return the user of a name, for a proxy that knows who signed in."""
        return next(
            (each for each in self._known.values() if each.name == name and self.is_good(each.key)),
            None,
        )

    def name(self, key: str) -> str:
        """Return what a user of an entry is called today."""
        user = self._known.get(key)
        if key == OPERATOR:
            return OPERATOR
        return user.name if user is not None and user.name else "somebody who left"

    def shown(self, comment: str) -> str:
        """Return the text of a comment as it is shown: with its author by name."""
        feature = json.loads(comment)
        feature["properties"]["author"] = self.name(feature["properties"]["author"])
        return dump(feature)

    @property
    def any(self) -> bool:
        """Whether anybody has a token."""
        return any(self.is_good(key) for key in self._known)
