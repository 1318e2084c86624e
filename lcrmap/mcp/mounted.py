"""The tools of a served map, over HTTP: loaded when somebody first asks, and asked of the map as it is then."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from starlette.types import ASGIApp

from lcrmap.live.sourced import Sourced
from lcrmap.mcp.sdk import need_sdk
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.workers import Workers

__all__ = ["Mounted"]


class Mounted:
    """What answers calls at ``/mcp``, as `lcrmap.live.calling.Tools` says.

    Parameters
    ----------
    folder
        The data pack of the map.
    sourced
        Tells what was changed since.
    output
        The folder into which a call of somebody who may write does so; None for nowhere.
    """

    def __init__(self, folder: Path, sourced: Sourced, *, output: Path | None = None) -> None:
        self._settings, self._output = Settings(pack=folder.resolve()), output
        self._sourced = sourced
        self._apps: dict[bool, ASGIApp] = {}
        self._asked, self._settled = asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        """Wait until somebody asks, and answer from then on until cancelled."""
        await self._asked.wait()
        try:
            async with AsyncExitStack() as stack:
                await self._begin(stack)
                self._settled.set()
                await asyncio.Event().wait()
        finally:
            self._apps.clear()
            self._settled.set()

    async def _begin(self, stack: AsyncExitStack) -> None:
        reading = await self._answering(self._settings, stack)
        writing = reading
        if self._output is not None:
            settings = replace(self._settings, output=self._output)
            writing = await self._answering(settings, stack)
        self._apps = {False: reading, True: writing}

    async def _answering(self, settings: Settings, stack: AsyncExitStack) -> ASGIApp:
        server = await asyncio.to_thread(import_module, "lcrmap.mcp.server")
        workers = Workers(settings, changed=self._sourced.files)
        await workers.start()
        made = server.over_http(server.server_of(settings, workers))
        app: ASGIApp = await stack.enter_async_context(made)
        return app

    async def app(self, *, writes: bool) -> ASGIApp:
        """Return what answers requests of somebody who may write files or not.

        Raises
        ------
        MissingPartError
            If the protocol's SDK is missing.
        """
        need_sdk("/mcp")
        self._asked.set()
        await self._settled.wait()
        return self._apps[writes]
