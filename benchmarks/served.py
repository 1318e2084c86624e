"""A live map that is served to be measured, and a client that costs as little as it can."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Client", "Served", "serving"]

_LIMITS = (
    "\n[limits]\nreads = 1e6\nwrites = 1e6\nopen_reads = 1e6\nopen_streams = 1e6\nstreams = 1e6\n"
)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is measured."""

    port: int
    token: str
    process: subprocess.Popen[str]

    @property
    def _processes(self) -> list[Path]:
        """It and the processes that it started."""
        process = Path(f"/proc/{self.process.pid}")
        children = (process / "task" / process.name / "children").read_text(encoding="utf-8")
        return [process, *(Path("/proc", each) for each in children.split())]

    def memory(self) -> float:
        """Return the megabytes that it and the processes that it started hold."""
        texts = [(each / "status").read_text(encoding="utf-8") for each in self._processes]
        return sum(int(each.partition("VmRSS:")[2].split()[0]) for each in texts) / 1024

    def worked(self) -> float:
        """Return the seconds of a core that they have used."""
        stats = [(each / "stat").read_text(encoding="utf-8") for each in self._processes]
        times = [each.rpartition(")")[2].split()[11:13] for each in stats]
        return sum(int(user) + int(system) for user, system in times) / os.sysconf("SC_CLK_TCK")

    def asked(self, method: str, path: str, *headers: str, body: str = "") -> bytes:
        """Return the bytes of a request."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
        return ("\r\n".join([*lines, "", ""]) + body).encode()


class Client:
    """One connection that asks again and again."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, served: Served) -> Client:
        """Connect to a server."""
        return cls(*await asyncio.open_connection("127.0.0.1", served.port))

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send a request, and return the status, the headers and the body of the answer."""
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.splitlines()
        headers = {
            name.lower(): text.strip() for name, _, text in (each.partition(":") for each in rest)
        }
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, body

    def close(self) -> None:
        """Close the connection."""
        self.writer.close()


@contextlib.asynccontextmanager
async def serving(
    folder: Path,
    database: str = "",
    settings: str = "",
    filled: Callable[[Path], None] = lambda folder: None,
) -> AsyncIterator[tuple[Served, float]]:
    """Make and serve a map, in a database by two processes; the seconds are those until it took requests.

    Parameters
    ----------
    settings
        What stands in its ``live.toml`` besides.
    filled
        Writes into its folder before it is served.
    """
    to, by = (["--db", database], ["--processes", "2"]) if database else ([], [])
    lcrmap = [sys.executable, "-m", "lcrmap"]
    subprocess.run(
        [*lcrmap, "live", "new", folder, "--edit", "rail-stations", *to],
        check=True,
        capture_output=True,
    )
    with (folder / "live.toml").open("a", encoding="utf-8") as file:
        file.write(_LIMITS + settings)
    added = [*lcrmap, "live", "user", folder, "add", "Ann", "--role", "admin"]
    link = subprocess.run(added, check=True, capture_output=True, text=True).stdout
    filled(folder)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*lcrmap, "serve", folder, "--port", "0", *by], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    address = await asyncio.to_thread(process.stdout.readline)
    started = time.perf_counter() - begun
    try:
        yield (
            Served(int(address.rpartition(":")[2]), link.strip().partition("#token=")[2], process),
            started,
        )
    finally:
        process.terminate()
        process.wait(30)
