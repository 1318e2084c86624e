"""What happened, pushed as server-sent events: each listener gets each entry of the log once, in its order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import msgspec

from lcrmap.io.json_rows import dump
from lcrmap.live.entries import Entry, told_of
from lcrmap.live.store import AwayError, Store

__all__ = ["MOST_MISSED", "Hub", "Listener", "event"]

MOST_MISSED: Final = 10_000
_BEHIND: Final = 256
_QUIET: Final = 15.0
_AT_ONCE: Final = 500


def event(kind: str, data: Any, number: int | None = None) -> bytes:
    r"""Return an event as it is sent.

    Examples
    --------
    >>> event("edit", {"a": 1}, 7)
    b'id: 7\nevent: edit\ndata: {"a":1}\n\n'
    """
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {kind}\ndata: {dump(data)}\n\n".encode()


class Listener:
    """One who listens: what is sent waits in a queue; one who falls too far behind is let go."""

    def __init__(self, who: str, here: str, user: str) -> None:
        self.who, self.here, self.user = who, here, user
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(_BEHIND)

    def send(self, data: bytes) -> None:
        """Put an event into the queue."""
        try:
            self.queue.put_nowait(data)
        except asyncio.QueueFull:
            self.end()

    def finish(self) -> None:
        """Let the listener go when it has what waits for it."""
        if self.queue.full():
            self.end()
        else:
            self.queue.put_nowait(None)

    def end(self) -> None:
        """Let the listener go at once; it comes back by itself."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """Follows the log, and tells all listeners.

    Parameters
    ----------
    told
        Makes what is sent of an entry: the kind and the data.
    """

    def __init__(self, store: Store, told: Callable[[Entry], tuple[str, dict[str, Any]]]) -> None:
        self.store, self._told = store, told
        self.seq = 0
        self.listeners: set[Listener] = set()
        self.moved = asyncio.Condition()

    async def run(self) -> None:
        """Follow the log until cancelled."""
        async for _ in self.store.follow():
            try:
                await self._catch_up()
            except AwayError:
                continue

    async def _catch_up(self) -> None:
        while new := await self.store.entries(since=self.seq, limit=_AT_ONCE):
            for entry in new:
                self.seq = entry.seq
                self.tell(self.of(entry))
            async with self.moved:
                self.moved.notify_all()

    def of(self, entry: Entry) -> bytes:
        """Return the event of an entry."""
        kind, data = self._told(entry)
        return event(kind, data, entry.seq)

    def tell(self, data: bytes) -> None:
        """Send something to all."""
        for each in tuple(self.listeners):
            each.send(data)

    async def stream(self, listener: Listener, since: int | None) -> AsyncIterator[bytes]:
        """Give what a listener missed behind `since`, then what comes; ends when the listener is let go."""
        try:
            if since is not None and self.seq < since <= await self.store.head():
                seen = since
                async with self.moved:  # another process has told more than this one has heard yet
                    await self.moved.wait_for(lambda: self.seq >= seen)
        except AwayError:
            return  # whoever listens comes back by itself, when the database is there again
        self.listeners.add(listener)
        upto = self.seq
        yield b": welcome\n\n"
        if since is not None and (since > upto or upto - since > MOST_MISSED):
            yield event("reload", {"seq": upto}, upto)
            since = upto
        while since is not None and since < upto:
            try:
                missed = await self.store.entries(since=since, limit=_AT_ONCE)
            except AwayError:
                return
            for entry in missed:
                if entry.seq <= upto:
                    yield self.of(entry)
                since = entry.seq
        while True:
            try:
                data = await asyncio.wait_for(listener.queue.get(), _QUIET)
            except TimeoutError:
                data = b": still here\n\n"
            if data is None:
                return
            yield data


def told_entry(
    entry: Entry, name: str, comments: str, label: str | None
) -> tuple[str, dict[str, Any]]:
    """Return the kind and the data of the event of an entry: whose change it is, and which fields changed."""
    data = told_of(entry, name) | _told_change(entry, label)
    return "comment" if entry.layer == comments else "edit", data


def _told_change(entry: Entry, label: str | None) -> dict[str, Any]:
    """Return what a feature is called, what a comment is about, and the names of the fields that changed."""
    was, now = (
        {} if each is None else msgspec.json.decode(each) for each in (entry.before, entry.after)
    )
    before, after = was.get("properties") or {}, now.get("properties") or {}
    fields = [each for each in {**after, **before} if before.get(each) != after.get(each)]
    whole = after or before
    return {
        "name": str(whole.get(label) or "") if label else "",
        "about": str(whole.get("about") or ""),
        "fields": ["geometry", *fields] if was.get("geometry") != now.get("geometry") else fields,
    }
