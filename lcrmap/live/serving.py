"""``lcrmap serve``: takes the folder and the port, and runs the server until a signal ends it."""

from __future__ import annotations

import asyncio
import fcntl
import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.synchronize import Lock
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final
from urllib.parse import urlsplit

import uvicorn
from uvicorn.supervisors import Multiprocess

from lcrmap.errors import OutputError, UsageError
from lcrmap.live.admitting import Bound
from lcrmap.live.answering import Guarded, make_app
from lcrmap.live.folder import open_live
from lcrmap.live.patient import Patient, open_many
from lcrmap.live.served import MakeTools, Served
from lcrmap.live.settings import read_settings
from lcrmap.live.users import Users

__all__ = ["Bound", "serve"]

_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_GRACE: Final = 3
_BACKLOG: Final = 2_048
_STUCK: Final = 30_000  # milliseconds


def serve(
    folder: Path,
    bound: Bound,
    *,
    processes: int = 1,
    ready: Callable[[str], None],
    tools: MakeTools | None = None,
) -> None:
    """Serve a live map until a signal ends it.

    Parameters
    ----------
    ready
        Told the address when requests are taken.
    tools
        What makes the tools of ``/mcp``, in each process; None for none.

    Raises
    ------
    UsageError
        If it may not be served so: to others only behind a proxy with TLS, and to users.
    OutputError
        If the port is taken, or the folder is served already.
    """
    read_settings(folder)
    open_many()
    _refuse_bare(bound)
    held = _locked(folder)
    try:
        asyncio.run(_begun(folder, bound))
        with socket.socket(socket.AF_INET6 if ":" in bound.host else socket.AF_INET) as taken:
            _bind(taken, bound)
            bound = replace(bound, port=taken.getsockname()[1])
            taken.listen(_BACKLOG)
            first = multiprocessing.get_context("spawn").Lock()
            tell = partial(_tell_once, first, ready, bound.public_url or bound.own_url)
            config = uvicorn.Config(
                partial(_application, folder, bound, tell, tools),
                factory=True,
                log_config=None,
                access_log=False,
                server_header=False,
                http=Patient,
                ws="none",
                timeout_graceful_shutdown=_GRACE,
                workers=processes,
                proxy_headers=False,
                backlog=_BACKLOG,
            )
            if processes == 1:
                uvicorn.Server(config).run(sockets=[taken])
            else:
                Multiprocess(config, sockets=[taken]).run()
    finally:
        held.close()


def _refuse_bare(bound: Bound) -> None:
    """Refuse to be reached from other machines without TLS in front."""
    if bound.public_url:
        parts = urlsplit(bound.public_url)
        local = parts.hostname in _LOCAL
        if parts.scheme != "https" and not (parts.scheme == "http" and local):
            raise UsageError(f"--public-url must begin with https://, not '{bound.public_url}'.")
        if parts.path not in ("", "/") or not parts.netloc:
            raise UsageError(
                "--public-url must be a scheme and a host, such as https://map.example.org."
            )
    if bound.host in _LOCAL:
        return
    if not bound.public_url.startswith("https://"):
        raise UsageError(
            f"To listen on {bound.host}, put a reverse proxy with TLS before it, and give its address with "
            f"--public-url https://...: see docs/serve.md."
        )


async def _begun(folder: Path, bound: Bound) -> None:
    """Look whether the database is there and somebody may come in, and forget who was here when a server ended."""
    live = open_live(folder)
    try:
        users = Users(live.store)
        await users.refresh()
        if bound.host not in _LOCAL and not users.any:
            raise UsageError(
                f"Nobody may sign in yet: add somebody with 'lcrmap live user {folder} add NAME'."
            )
        await live.store.here.empty()
    finally:
        await live.store.close()


def _tell_once(first: Lock, ready: Callable[[str], None], address: str) -> None:
    """Tell the address when the first process takes requests; one that is started again does not repeat it."""
    if first.acquire(block=False):
        ready(address)


def _application(
    folder: Path, bound: Bound, ready: Callable[[], None], tools: MakeTools | None
) -> Guarded:
    """Return what each process of the server runs."""
    served = Served(open_live(folder), bound, tools)

    def begun() -> None:
        _hear_signals(served)
        _end_with_parent()
        ready()

    return make_app(served, begun)


def _hear_signals(served: Served) -> None:
    """Tell the listeners when a signal ends the server, which waits for what is under way."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        usual = signal.getsignal(number)

        def ended(
            number: int, frame: FrameType | None, usual: Callable[..., Any] | int | None = usual
        ) -> None:
            loop.call_soon_threadsafe(served.say_goodbye)
            if callable(usual):
                usual(number, frame)

        if threading.current_thread() is threading.main_thread():
            signal.signal(number, ended)


def _end_with_parent() -> None:
    """Let a process of several end with the one that has started it, also if that is killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop = asyncio.get_running_loop()

    def ended() -> None:
        loop.remove_reader(parent.sentinel)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(parent.sentinel, ended)


def _bind(taken: socket.socket, bound: Bound) -> None:
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # what is not taken for so long is given up
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STUCK)
    try:
        taken.bind((bound.host, bound.port))
    except OSError as error:
        raise OutputError(
            f"Port {bound.port} of {bound.host} cannot be taken ({error.strerror}): choose another with --port."
        ) from error


def _locked(folder: Path) -> IO[str]:
    """Take the folder for this server alone, until the file is closed or the process ends."""
    file = (folder / "live.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise OutputError(
            f"'{folder}' is served already: end that server first, or give it more --processes."
        ) from None
    return file
