"""Who is here and where they look. Nothing of it is kept: it is gone when the server ends, and after a minute."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np

from lcrmap.live.events import Hub
from lcrmap.live.rules import UnfitError
from lcrmap.live.store import AwayError, Here

__all__ = ["Presence", "public_name"]

_TICK: Final = 0.5
_GONE: Final = 60.0
_LATE: Final = 2.0  # seconds that a note may come after its own time
_NEAR: Final = 50
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_HERE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LONGEST: Final = 400


def public_name(here: str) -> str:
    """Return by what others know a page: its own secret cannot be told from it."""
    return hashlib.sha256(here.encode()).hexdigest()[:12]


class Presence:
    """Notes where people look, and tells it to those who listen.

    Parameters
    ----------
    here
        What all processes of a server share.
    """

    def __init__(self, here: Here) -> None:
        self._here = here

    async def put(self, here: str, told: Mapping[str, Any], name: str) -> None:
        """Note where somebody looks.

        Raises
        ------
        UnfitError
            If it is none of what is asked for.
        """
        if not _HERE.fullmatch(here):
            raise UnfitError(
                "'here' must be 16 to 64 letters, digits, hyphens or underscores that the page made up."
            )
        view = _view(told.get("view"))
        selected, colour = told.get("selected"), told.get("colour", "")
        if not (selected is None or (isinstance(selected, str) and len(selected) <= _LONGEST)):
            raise UnfitError("'selected' must be LAYER:ID, or null.")
        if not (isinstance(colour, str) and (not colour or _COLOUR.fullmatch(colour))):
            raise UnfitError("'colour' must be written like #1f77b4.")
        public = public_name(here)
        one = {
            "here": public,
            "name": name,
            "colour": colour,
            "view": view,
            "selected": selected,
        }
        await self._here.put(public, time.time(), msgspec.json.encode(one).decode())

    async def leave(self, name: str) -> None:
        """Forget somebody who is gone, or wants not to be seen, by the public name."""
        with suppress(AwayError):  # then it is seen after a minute
            await self._here.leave(name, time.time())

    async def run(self, hub: Hub, process: str) -> None:
        """Tell each listener twice a second who changed near it, and how many are here."""
        heard = _Heard()
        told_to: set[Any] = set()
        count = -1
        while True:
            await asyncio.sleep(_TICK)
            try:
                at = time.time()
                await self._here.sweep(at, at - _GONE)
                changed = heard.take(await self._here.since(heard.last - _LATE))
                now = await self._here.crowd(process, len(hub.listeners), at)
            except AwayError:
                continue
            news = _News(changed, heard.views)
            every = _News(list(heard.views), heard.views) if hub.listeners - told_to else news
            for each in hub.listeners:
                told = news if each in told_to else every
                if changed or now != count or each not in told_to:
                    each.send(told.event(each.here, heard.views.get(each.here), now))
            told_to, count = set(hub.listeners), now


class _Heard:
    """What a process has heard of who is where."""

    def __init__(self) -> None:
        self.last = 0.0
        self.views: dict[str, _Where] = {}
        self._seen: dict[str, float] = {}

    def take(self, rows: list[tuple[str, float, str | None]]) -> list[str]:
        """Take what was noted lately, and return whom it is news of.

        What another process noted may be there later than its own time says, so that some is read twice.
        """
        news = [(name, text) for name, at, text in rows if self._seen.get(name) != at]
        self._seen = {name: at for name, at, _ in rows}  # what is older is not read again
        self.last = max([self.last, *(at for _, at, _ in rows)])
        for name, text in news:
            if text is None:
                self.views.pop(name, None)
            else:
                self.views[name] = _Where.of(text)
        return [name for name, _ in news]


@dataclass(frozen=True, slots=True)
class _Where:
    """Where somebody looks: the JSON that others are told, and the middle of the view, each number of it doubled."""

    told: msgspec.Raw
    middle: tuple[float, float]

    @classmethod
    def of(cls, text: str) -> _Where:
        west, south, east, north = msgspec.json.decode(text)["view"]
        return cls(msgspec.Raw(text.encode()), (west + east, south + north))


class _News:
    """Whom many listeners are told of, in columns, so that each hears first of those nearest to it."""

    def __init__(self, names: list[str], views: Mapping[str, _Where]) -> None:
        self._names = [each for each in names if each in views]
        self._told = [views[each].told for each in self._names]
        self._middles = np.array([views[each].middle for each in self._names]).reshape(-1, 2)
        self._left = [each for each in names if each not in views]

    def event(self, own: str, where: _Where | None, count: int) -> bytes:
        """Return what a listener is told: who changed near it, the nearest first, and who left."""
        order = np.arange(len(self._names))
        if where is not None:
            apart = np.abs(self._middles - where.middle).sum(axis=1)
            order = np.argsort(apart, kind="stable")
        others = [each for each in order[: _NEAR + 1].tolist() if self._names[each] != own]
        people = [self._told[each] for each in others[:_NEAR]]
        told = msgspec.json.encode({"count": count, "people": people, "left": self._left})
        return b"event: presence\ndata: " + told + b"\n\n"


def _view(value: Any) -> list[float]:
    """Return west, south, east, north of a view, rounded so that it tells where one looks and not more."""
    good = isinstance(value, list) and len(value) == 4
    if not good or not all(type(each) in (int, float) and abs(each) <= 360 for each in value):
        raise UnfitError("'view' must be a list of west, south, east and north in degrees.")
    return [round(float(each), 3) for each in value]
