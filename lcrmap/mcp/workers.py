"""A process for each call: none waits for another, and one that takes too long or too much is ended alone.

They are forked from one process that has loaded what questions need, so that a call begins at once. Where a system
cannot fork, each loads it anew.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import anyio

from lcrmap.errors import OutputError
from lcrmap.mcp.outbox import Outbox
from lcrmap.mcp.outcome import Done
from lcrmap.mcp.settings import Settings

__all__ = ["Workers"]

AT_A_TIME: Final = 8
"""How many calls are worked on at a time; further ones wait."""

_GRACE: Final = 0.5  # seconds in which a call that is stopped cleans up

_LESS = "ask about fewer places or one area, or start the server with --{} for more."
_TOO_LONG = f"Error: The call took longer than {{}} s and was stopped: {_LESS.format('seconds')}"
_TOO_MUCH = f"Error: The call was stopped, as it needed more memory than it may have: {_LESS.format('memory')}"

Changed = Callable[[], Awaitable[Mapping[str, bytes]]]

_TYPES: Final = {
    ".html": "text/html",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".md": "text/markdown",
    ".txt": "text/plain",
}


class Workers:
    """Runs calls, each in a process of its own.

    Parameters
    ----------
    settings
        What a call may read, write and spend.
    changed
        Tells when a call begins which layers of the pack were changed, as files of GeoJSON; None where none ever is.
    """

    def __init__(self, settings: Settings, *, changed: Changed | None = None) -> None:
        self._settings, self._changed = settings, changed
        self._outbox = Outbox(settings.output)
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._context.set_forkserver_preload(["lcrmap.mcp.loaded"])
        self._room = anyio.CapacityLimiter(AT_A_TIME)
        self._threads = anyio.CapacityLimiter(AT_A_TIME)

    async def start(self) -> None:
        """Let the process load that all others are forked from."""
        if self._context.get_start_method() == "forkserver":
            from multiprocessing import forkserver

            await anyio.to_thread.run_sync(forkserver.ensure_running)

    async def run(self, name: str, arguments: Mapping[str, Any]) -> Done:
        """Call a tool; see `lcrmap.mcp.calls.called`. What is cancelled leaves nothing behind."""
        async with self._room:
            with self._outbox.desk() as desk:
                try:
                    done = await self._worked(name, dict(arguments), desk)
                except TimeoutError:
                    return _failed(_TOO_LONG.format(self._settings.seconds))
                except EOFError:  # its process ended without an answer
                    return _failed(_TOO_MUCH)
                if done.failed:
                    return done
                try:
                    return _with_files(done, self._outbox.take(desk))
                except OutputError as error:
                    return _failed(f"Error: {error}")

    async def _worked(self, name: str, arguments: dict[str, Any], desk: Path) -> Done:
        settings = self._settings
        if self._changed is not None:
            settings = replace(settings, changed=await self._changed())
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=work, args=(theirs, name, arguments, settings, desk), daemon=True
        )
        answered = False
        try:
            await anyio.to_thread.run_sync(process.start)
            theirs.close()
            with anyio.fail_after(settings.seconds):
                done: Done = await anyio.to_thread.run_sync(
                    ours.recv, abandon_on_cancel=True, limiter=self._threads
                )
            answered = True
            return done
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(partial(_end, process, wait=answered))
                ours.close()


def _failed(sentence: str) -> Done:
    return Done(sentence, {}, failed=True)


def _with_files(done: Done, written: list[Path]) -> Done:
    files = [
        {
            "name": each.name,
            "uri": each.as_uri(),
            "type": "inode/directory"
            if each.is_dir()
            else _TYPES.get(each.suffix.lower(), "application/octet-stream"),
        }
        for each in written
    ]
    return replace(done, result=done.result | {"files": files})


def _end(process: Any, *, wait: bool) -> None:
    """End a process: one that still works is asked to clean up, and is killed if it does not.

    Parameters
    ----------
    wait
        Whether it has answered, and ends by itself.
    """
    if process.pid is None:
        return
    if wait:
        process.join(_GRACE)
    if process.is_alive():
        process.terminate()
        process.join(_GRACE)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def work(
    answers: Connection, name: str, arguments: dict[str, Any], settings: Settings, desk: Path
) -> None:
    """Answer a call, in a process of its own whose working folder is an empty one."""
    from lcrmap.cli.ending import end_as_by_ctrl_c
    from lcrmap.mcp.calls import called

    gc.disable()  # as of a command: it would look through all that is loaded
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its calls
    end_as_by_ctrl_c()
    _bound(settings.memory)
    threading.Thread(target=_end_with_server, args=(answers.fileno(),), daemon=True).start()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):  # of a server that is gone
        os.chdir(desk)
        answers.send(called(name, arguments, settings))


def _end_with_server(pipe: int) -> None:
    """End this process when nobody reads its answer any more, as its server was killed; it cleans up if it can."""
    if not hasattr(select, "poll"):
        return
    gone = select.poll()
    gone.register(pipe, 0)  # of its other end alone
    gone.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)


def _bound(memory: int) -> None:
    """Let the process hold no more memory than so many bytes besides what it began with, where the system can."""
    if sys.platform != "linux":
        return
    import resource

    with Path("/proc/self/status").open(encoding="ascii") as file:
        held = next(int(line.split()[1]) for line in file if line.startswith("VmData:"))
    resource.setrlimit(resource.RLIMIT_DATA, (held * 1024 + memory,) * 2)
