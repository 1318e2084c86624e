"""Who is here and where they look. Nothing of it is kept: it is gone when the server ends, and after a minute."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from lcrmap.live.events import Hub, event
from lcrmap.live.rules import UnfitError

__all__ = ["Presence", "public_name"]

_TICK: Final = 0.5
_GONE: Final = 60.0
_NEAR: Final = 50
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_HERE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_LONGEST: Final = 400


def public_name(here: str) -> str:
    """Return by what others know a page: its own secret cannot be told from it."""
    return hashlib.sha256(here.encode()).hexdigest()[:12]


class Presence:
    """A table without durability that all processes of a server share.

    Parameters
    ----------
    path
        Its file.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=2)
        self._db.executescript(
            "pragma journal_mode=wal; pragma synchronous=off;"
            "create table if not exists here (name text primary key, at real, text text) without rowid;"
            "create table if not exists crowd (process text primary key, at real, count integer) without rowid;"
        )

    def put(self, here: str, told: Mapping[str, Any], name: str) -> None:
        """Note where somebody looks.

        Raises
        ------
        UnfitError
            If it is none of what is asked for.
        """
        if not _HERE.fullmatch(here):
            raise UnfitError(
                "'here' is 16 to 64 letters, digits, hyphens or underscores that the page made up."
            )
        view = _view(told.get("view"))
        selected, colour = told.get("selected"), told.get("colour", "")
        if not (selected is None or (isinstance(selected, str) and len(selected) <= _LONGEST)):
            raise UnfitError("'selected' is LAYER:ID, or null.")
        if not (isinstance(colour, str) and (not colour or _COLOUR.fullmatch(colour))):
            raise UnfitError("'colour' is written like #1f77b4.")
        one = {
            "here": public_name(here),
            "name": name,
            "colour": colour,
            "view": view,
            "selected": selected,
        }
        text = msgspec.json.encode(one).decode()
        self._db.execute(
            "insert or replace into here values (?, ?, ?)", [one["here"], time.time(), text]
        )

    def leave(self, name: str) -> None:
        """Forget somebody who is gone, or wants not to be seen, by the public name."""
        self._db.execute("update here set at = ?, text = null where name = ?", [time.time(), name])

    def since(self, at: float) -> list[tuple[str, float, str | None]]:
        """Return who changed since then; a text of None is one who left."""
        return self._db.execute("select name, at, text from here where at > ?", [at]).fetchall()

    def crowd(self, process: str, count: int) -> int:
        """Note how many listen to this process, and return how many listen to all."""
        now = time.time()
        self._db.execute("insert or replace into crowd values (?, ?, ?)", [process, now, count])
        query = "select coalesce(sum(count), 0) from crowd where at > ?"
        return int(self._db.execute(query, [now - 5]).fetchone()[0])

    def sweep(self) -> None:
        """Let those go of whom nothing was heard, and forget those who left."""
        now = time.time()
        self._db.execute(
            "update here set at = ?, text = null where at < ? and text is not null",
            [now, now - _GONE],
        )
        self._db.execute("delete from here where text is null and at < ?", [now - _GONE])

    async def run(self, hub: Hub, process: str) -> None:
        """Tell each listener twice a second who changed near it, and how many are here."""
        views: dict[str, Any] = {}
        told_to: set[Any] = set()
        last, count = 0.0, -1
        while True:
            await asyncio.sleep(_TICK)
            self.sweep()
            rows = self.since(last)
            last = max([last, *(at for _, at, _ in rows)])
            for name, _, text in rows:
                if text is None:
                    views.pop(name, None)
                else:
                    views[name] = msgspec.json.decode(text)
            changed = [name for name, _, _ in rows]
            now = self.crowd(process, len(hub.listeners))
            for each in hub.listeners:
                names = changed if each in told_to else list(views)
                if names or now != count or each not in told_to:
                    each.send(_told(each.here, names, views, now))
            told_to, count = set(hub.listeners), now

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _told(own: str, names: list[str], views: Mapping[str, Any], count: int) -> bytes:
    """Return who changed near a listener, the nearest first, and who left."""
    me = views.get(own)
    there = [views[name] for name in names if name in views and name != own]
    if me is not None:
        there.sort(key=lambda each: _apart(me["view"], each["view"]))
    left = [name for name in names if name not in views]
    return event("presence", {"count": count, "people": there[:_NEAR], "left": left})


def _apart(one: list[float], other: list[float]) -> float:
    return abs(one[0] + one[2] - other[0] - other[2]) + abs(one[1] + one[3] - other[1] - other[3])


def _view(value: Any) -> list[float]:
    """Return west, south, east, north of a view, rounded so that it tells where one looks and not more."""
    good = isinstance(value, list) and len(value) == 4
    if not good or not all(type(each) in (int, float) and abs(each) <= 360 for each in value):
        raise UnfitError("'view' is a list of west, south, east and north in degrees.")
    return [round(float(each), 3) for each in value]
