"""A live map that is being served by one process: what it holds, and what runs beside the requests."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lcrmap.live.admitting import Bound, Gate
from lcrmap.live.answers import Answers
from lcrmap.live.calling import Tools
from lcrmap.live.comments import COMMENTS
from lcrmap.live.entries import Entry
from lcrmap.live.events import Hub, event, told_entry
from lcrmap.live.folder import Live
from lcrmap.live.page import LivePage
from lcrmap.live.presence import Presence
from lcrmap.live.receiving import tell_readings
from lcrmap.live.sourced import Sourced
from lcrmap.live.store import AwayError, Box
from lcrmap.live.users import Users

__all__ = ["MakeTools", "Served"]

_REFRESH: Final = 0.5


MakeTools = Callable[[Path, Sourced], Tools]
"""What makes the tools of a map of its pack and of what was changed since."""


class Served:
    """A live map that is being served by this process."""

    def __init__(self, live: Live, bound: Bound, tools: MakeTools | None = None) -> None:
        self.live, self.bound = live, bound
        self.base = bound.base
        self.users = Users(live.store)
        self.gate = Gate(live, bound, self.users)
        self.hub = Hub(live.store, self._told)
        self.presence = Presence(live.store.here)
        self.sourced = Sourced(live, self.users)
        self.page = LivePage(self)
        self.answers = Answers(live, self.sourced)
        self.tools = None if tools is None else tools(live.folder / "pack", self.sourced)
        # One judges at a time: several threads would only wait for one another, and hold up the one that writes.
        self.judging = asyncio.Semaphore(1)
        self.extents: dict[str, Box | None] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def _told(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        found = self.live.collections.get(entry.layer)
        label = None if found is None else found.metadata.label
        return told_entry(entry, self.users.name(entry.who), COMMENTS, label)

    async def start(self) -> None:
        """Look at what there is, and begin to follow the log."""
        while True:
            try:
                await self._look()
                break
            except AwayError:  # a process that begins anew while the database is away
                await asyncio.sleep(_REFRESH)
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
            run = tell_readings(self.live.store.measured, self.hub)
            self._tasks.append(asyncio.create_task(run))

    async def _look(self) -> None:
        await self.users.refresh()
        for name in self.live.collections:
            self.extents[name] = await self.live.store.extent(name)
        self.hub.seq = await self.live.store.head()

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
        await self.live.store.close()

    async def new_id(self, kind: str) -> str:
        """Return an id that nothing has; those of later ones come later in the order of ids."""
        return f"{kind}-{await self.live.store.head():09d}-{secrets.token_hex(4)}"
