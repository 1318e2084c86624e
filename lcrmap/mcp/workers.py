"""A process for each call: none waits for another, and one that takes too long or too much is ended alone.

They are forked from one process that has loaded what questions need, so that a call begins at once. Where a system
cannot fork, each loads it anew.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio

from lcrmap.mcp.settings import Settings

if TYPE_CHECKING:
    from lcrmap.mcp.calls import Done

__all__ = ["Workers"]

AT_A_TIME: Final = 8
"""How many calls are worked on at a time; further ones wait."""

_GRACE: Final = 0.5  # seconds in which a call that is stopped cleans up


class Workers:
    """Runs calls, each in a process of its own.

    Parameters
    ----------
    settings
        What a call may read, write and spend.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
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
        """Call a tool; see `lcrmap.mcp.calls.called`.

        Raises
        ------
        TimeoutError
            If it took longer than a call may.
        EOFError
            If its process ended without an answer.
        """
        async with self._room:
            ours, theirs = self._context.Pipe(duplex=False)
            process = self._context.Process(
                target=work, args=(theirs, name, dict(arguments), self._settings), daemon=True
            )
            answered = False
            try:
                await anyio.to_thread.run_sync(process.start)
                theirs.close()
                with anyio.fail_after(self._settings.seconds):
                    done: Done = await anyio.to_thread.run_sync(
                        ours.recv, abandon_on_cancel=True, limiter=self._threads
                    )
                answered = True
                return done
            finally:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(partial(_end, process, wait=answered))
                    ours.close()


def _end(process: Any, *, wait: bool) -> None:
    """End a process: one that still works is asked to clean up, and then no longer asked.

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


def work(answers: Connection, name: str, arguments: dict[str, Any], settings: Settings) -> None:
    """Answer a call, in a process of its own."""
    from lcrmap.cli.ending import end_as_by_ctrl_c
    from lcrmap.mcp.calls import called

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its calls
    end_as_by_ctrl_c()
    _bound(settings.memory)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):  # of a server that is gone
        answers.send(called(name, arguments, settings))


def _bound(memory: int) -> None:
    """Let the process hold no more memory than so many bytes besides what it began with, where the system can."""
    if sys.platform != "linux":
        return
    import resource

    with Path("/proc/self/status").open(encoding="ascii") as file:
        held = next(int(line.split()[1]) for line in file if line.startswith("VmData:"))
    resource.setrlimit(resource.RLIMIT_DATA, (held * 1024 + memory,) * 2)
