"""``python -m benchmarks.serve``: a served map under load, on loopback, bounded in count and time.

Writes ``serve.md``. The clients run on the same cores as the server, so that a figure is what both together did.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine

_HERE = Path(__file__).parent
_LIMITS = (
    "\n[limits]\nreads = 1e6\nwrites = 1e6\nopen_reads = 1e6\nopen_streams = 1e6\nstreams = 1e6\n"
)
_PAGE = "/collections/postcodes/items?limit=100"
_ITEMS = tuple(
    f"/collections/rail-stations/items/{name}"
    for name in ("aigburth", "bidston", "chester", "earlestown")
)
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is measured."""

    port: int
    token: str
    process: subprocess.Popen[str]

    def memory(self) -> float:
        """Return the megabytes that it and the processes that it started hold."""
        process = Path(f"/proc/{self.process.pid}")
        children = (process / "task" / process.name / "children").read_text(encoding="utf-8")
        found = [process, *(Path("/proc", each) for each in children.split())]
        texts = [(each / "status").read_text(encoding="utf-8") for each in found]
        return sum(int(each.partition("VmRSS:")[2].split()[0]) for each in texts) / 1024

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

    async def ask(self, request: bytes) -> tuple[int, dict[str, str]]:
        """Send a request, and return the status and the headers of the answer, whose body is read too."""
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.splitlines()
        headers = {
            name.lower(): text.strip() for name, _, text in (each.partition(":") for each in rest)
        }
        await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers

    def close(self) -> None:
        """Close the connection."""
        self.writer.close()


@contextlib.asynccontextmanager
async def serving(folder: Path, database: str) -> AsyncIterator[tuple[Served, float]]:
    """Make and serve a map, in a database by two processes; the seconds are those until it took requests."""
    to, by = (["--db", database], ["--processes", "2"]) if database else ([], [])
    lcrmap = [sys.executable, "-m", "lcrmap"]
    subprocess.run(
        [*lcrmap, "live", "new", folder, "--edit", "rail-stations", *to],
        check=True,
        capture_output=True,
    )
    with (folder / "live.toml").open("a", encoding="utf-8") as file:
        file.write(_LIMITS)
    added = [*lcrmap, "live", "user", folder, "add", "Ann", "--role", "admin"]
    link = subprocess.run(added, check=True, capture_output=True, text=True).stdout
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


def told(seconds: list[float]) -> str:
    """Return the median and the 99th percentile of some times, in milliseconds."""
    if len(seconds) < 2:
        return "-"
    return f"{statistics.median(seconds) * 1000:,.0f} and {statistics.quantiles(seconds, n=100)[98] * 1000:,.0f} ms"


async def pressed(
    served: Served, count: int, ask: Callable[[Client], Awaitable[None]]
) -> tuple[float, list[float]]:
    """Let so many clients ask for some seconds; return how often a second, and how long each took."""
    clients = [await Client.to(served) for _ in range(count)]
    took: list[float] = []
    end = time.perf_counter() + _SECONDS

    async def go_on(client: Client) -> None:
        while time.perf_counter() < end:
            begun = time.perf_counter()
            await ask(client)
            took.append(time.perf_counter() - begun)

    await asyncio.gather(*map(go_on, clients))
    for each in clients:
        each.close()
    return len(took) / _SECONDS, took


async def pages(served: Served, clients: int) -> str:
    """Measure pages of 100 features."""
    request = served.asked("GET", _PAGE)

    async def ask(client: Client) -> None:
        status, _ = await client.ask(request)
        assert status == 200

    rate, took = await pressed(served, clients, ask)
    return f"{rate:,.0f} a second; {told(took)}"


async def edits(served: Served) -> str:
    """Measure how fast edits are acknowledged, each of which is on the disk by then."""
    numbers = iter(range(10**9))
    own: dict[Client, str] = {}

    async def ask(client: Client) -> None:
        path = own.setdefault(client, _ITEMS[len(own) % len(_ITEMS)])
        body = json.dumps({"properties": {"note": f"{next(numbers)}"}})
        bearer = f"Authorization: Bearer {served.token}"
        status, _ = await client.ask(served.asked("PATCH", path, bearer, "If-Match: *", body=body))
        assert status == 204

    rate, took = await pressed(served, 4, ask)
    return f"{rate:,.0f} a second; {told(took)}"


async def listened(served: Served, count: int, edits: int) -> str:
    """Measure how long it takes until all listeners have heard of an edit, ten of which come a second."""
    await asyncio.sleep(1)  # what was changed before is told by then
    listeners = [await Client.to(served) for _ in range(count)]
    sent: dict[int, float] = {}
    heard_at: list[tuple[int, float]] = []  # an edit may be heard before its own answer

    async def listen(client: Client, done: asyncio.Event) -> None:
        client.writer.write(served.asked("GET", "/events"))
        await client.reader.readuntil(b": welcome")
        done.set()
        heard = 0
        while heard < edits:
            line = await client.reader.readline()
            if line.startswith(b"id: "):
                heard += 1
                heard_at.append((int(line[4:]), time.perf_counter()))

    ready = [asyncio.Event() for _ in listeners]
    work = [asyncio.create_task(listen(*each)) for each in zip(listeners, ready, strict=True)]
    await asyncio.gather(*(each.wait() for each in ready))
    editor = await Client.to(served)
    bearer = f"Authorization: Bearer {served.token}"
    for number in range(edits):
        begun = time.perf_counter()
        body = json.dumps({"properties": {"note": f"pushed {number}"}})
        _, headers = await editor.ask(
            served.asked("PATCH", _ITEMS[0], bearer, "If-Match: *", body=body)
        )
        sent[int(headers["etag"].strip('"').partition("-")[0])] = begun
        await asyncio.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
    await asyncio.wait_for(asyncio.gather(*work), 60)
    took = [at - sent[seq] for seq, at in heard_at]
    memory = served.memory()
    for each in (*listeners, editor):
        each.close()
    return f"{len(took):,} of {count * edits:,} heard; {told(took)}; {memory:,.0f} MB"


async def measured(*, quick: bool, database: str = "") -> dict[str, str]:
    """Measure all, in a file or in a database, and return it by what it is."""
    clients, count, number = (10, 50, 3) if quick else (100, 1000, 20)
    with tempfile.TemporaryDirectory(prefix="lcrmap-serve-") as folder:
        async with serving(Path(folder) / "live", database) as (served, started):
            return {
                "start": f"{started:.1f} s",
                f"page of 100 features, {clients} clients": await pages(served, clients),
                "edit acknowledged, on the disk, 4 writers": await edits(served),
                f"an edit to {count:,} listeners, 10 a second": await listened(
                    served, count, number
                ),
            }


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few clients: does it work?")
    parser.add_argument("-o", "--output", type=Path, default=_HERE / "serve.md")
    parser.add_argument(
        "--db",
        default=os.environ.get("LCRMAP_TEST_POSTGIS", ""),
        metavar="ADDRESS",
        help="also in a schema of this database, served by two processes",
    )
    asked = parser.parse_args()
    busy = f"{os.getloadavg()[0]:.0f} processes wanted to run when it began"
    found = asyncio.run(measured(quick=asked.quick))
    if asked.db:
        in_database = asyncio.run(measured(quick=asked.quick, database=asked.db))
        found |= {f"in PostGIS, 2 processes: {what}": text for what, text in in_database.items()}
    rows = "\n".join(f"| {name} | {text} |" for name, text in found.items())
    preface = (
        f"Written by `python -m benchmarks.serve`; clients and server share the cores. Times are the median and "
        f"the 99th percentile. {machine.described()} {busy[:1].upper()}{busy[1:]}."
    )
    asked.output.write_text(
        f"# A served map\n\n{preface}\n\n| what | measured |\n|---|---|\n{rows}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
