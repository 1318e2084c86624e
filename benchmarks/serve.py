"""``python -m benchmarks.serve``: a served map under load, on loopback, bounded in count and time.

Writes ``serve.md``. The clients run on the same cores as the server, so that a figure is what both together did.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks import machine
from benchmarks.served import Client, Served, serving
from lcrmap.live.entries import made_entry
from lcrmap.live.sql import TABLES, inserted

_HERE = Path(__file__).parent
sys.path.insert(0, str(_HERE.parent / "scripts"))

from find_postgis import REMEDY, SERVER, programs  # noqa: E402 (scripts is no package)
from postgis_server import started as postgis  # noqa: E402 (nor an installed one)

_PAGE = "/collections/postcodes/items?limit=100"
_ITEMS = tuple(
    f"/collections/rail-stations/items/{name}"
    for name in ("aigburth", "bidston", "chester", "earlestown")
)
_SECONDS = 5.0


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
        status, _, _ = await client.ask(request)
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
        status, _, _ = await client.ask(
            served.asked("PATCH", path, bearer, "If-Match: *", body=body)
        )
        assert status == 204

    rate, took = await pressed(served, 4, ask)
    return f"{rate:,.0f} a second; {told(took)}"


async def listened(served: Served, count: int, edits: int) -> tuple[str, str]:
    """Measure how long it takes until all listeners have heard of an edit, ten of which come a second; and memory."""
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
        _, headers, _ = await editor.ask(
            served.asked("PATCH", _ITEMS[0], bearer, "If-Match: *", body=body)
        )
        sent[int(headers["etag"].strip('"').partition("-")[0])] = begun
        await asyncio.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
    await asyncio.wait_for(asyncio.gather(*work), 60)
    took = [at - sent[seq] for seq, at in heard_at]
    memory = served.memory()
    for each in (*listeners, editor):
        each.close()
    return f"{len(took):,} of {count * edits:,} heard; {told(took)}", f"{memory:,.0f} MB"


async def seen(served: Served, count: int, seconds: float) -> str:
    """Measure how long after saying where they look people are seen by a neighbour; each says so every 2 seconds."""
    said: dict[bytes, float] = {}
    took: list[float] = []
    watching = [await Client.to(served) for _ in range(count)]
    saying = [await Client.to(served) for _ in range(20)]
    busy = [asyncio.Lock() for _ in saying]
    bearer = f"Authorization: Bearer {served.token}"

    async def watch(number: int) -> None:
        client, neighbour = watching[number], re.compile(rb'"p:%d-\d+"' % (number ^ 1))
        client.writer.write(served.asked("GET", f"/events?here=watching-{number:012d}"))
        while line := await client.reader.readline():
            found = neighbour.search(line)
            if found and found[0] in said:
                took.append(time.perf_counter() - said.pop(found[0]))

    async def say(number: int) -> None:
        west = round(-3 + (number // 2) / 1000, 3)  # neighbours look at the same place
        await asyncio.sleep(2 * number / count)
        for turn in range(int(seconds / 2)):
            view = [west, 53.4, west + 0.01, 53.41]
            here = {
                "here": f"watching-{number:012d}",
                "view": view,
                "selected": f"p:{number}-{turn}",
            }
            begun = time.perf_counter()
            request = served.asked("POST", "/presence", bearer, body=json.dumps(here))
            async with busy[number % len(saying)]:
                status, _, _ = await saying[number % len(saying)].ask(request)
            assert status == 204
            said[f'"p:{number}-{turn}"'.encode()] = begun
            await asyncio.sleep(max(0.0, 2 - (time.perf_counter() - begun)))

    watches = [asyncio.create_task(watch(number)) for number in range(count)]
    await asyncio.sleep(2)
    before, begun = served.worked(), time.perf_counter()
    await asyncio.gather(*(say(number) for number in range(count)))
    share = (served.worked() - before) / (time.perf_counter() - begun)
    await asyncio.sleep(1)
    for each in watches:
        each.cancel()
    await asyncio.gather(*watches, return_exceptions=True)
    for client in (*watching, *saying):
        client.close()
    whole = count * int(seconds / 2)
    return f"{len(took):,} of {whole:,} seen; {told(took)}; {share:.0%} of a core"


_STATIONS = "".join(
    f'\n[[station]]\nid = "s{number}"\ntitle = "Station {number}"\nlongitude = -3.0\nlatitude = 53.4\n'
    f'\n[[station.measure]]\nproperty = "level"\nunit = "m"\n'
    for number in range(10)
)


async def readings(served: Served, count: int) -> str:
    """Measure how long a post of many readings takes, and until the page's table has the latest."""
    first = datetime.now(UTC) - timedelta(days=1)
    lines = [
        json.dumps(
            {
                "station": f"s{number % 10}",
                "property": "level",
                "time": (first + timedelta(seconds=number)).isoformat(),
                "value": number,
            }
        )
        for number in range(count)
    ]
    client, bearer = await Client.to(served), f"Authorization: Bearer {served.token}"
    begun = time.perf_counter()
    request = served.asked("POST", "/readings", bearer, body="\n".join(lines))
    status, _, _ = await client.ask(request)
    posted = time.perf_counter()
    assert status == 200
    latest = f'"value":{float(count - 1)}'.encode()
    while (
        latest
        not in (await client.ask(served.asked("GET", "/collections/stations/items?limit=100")))[2]
    ):
        assert time.perf_counter() - posted < 30
    client.close()
    return f"{posted - begun:.1f} s; the latest are read {time.perf_counter() - posted:.2f} s later"


def long_log(
    folder: Path, count: int, layer: str = "rail-stations", name: str = "earlestown"
) -> None:
    """Write a log of many entries, which all change one feature."""
    with closing(sqlite3.connect(folder / "live.db")) as database:
        row = "select body from features where layer = ? and id = ?"
        was = database.execute(row, [layer, name]).fetchone()[0]
        previous = database.execute("select value from meta where name = 'first'").fetchone()[0]

        def rows(last: str) -> Iterator[list[object]]:
            for seq in range(1, count + 1):
                entry = made_entry(
                    seq=seq,
                    time="2026-01-01T00:00:00.000Z",
                    who="u-1",
                    layer=layer,
                    feature=name,
                    kind="update",
                    before=was,
                    after=was,
                    remark="",
                    previous=last,
                )
                last = entry.hash
                yield [getattr(entry, each) for each in TABLES["log"]]

        database.executemany(inserted("log"), rows(previous))
        database.execute(
            "update features set seq = ? where layer = ? and id = ?", [count, layer, name]
        )
        database.commit()


async def drawn(served: Served) -> str:
    """Measure how long the page takes that is made first."""
    client, begun = await Client.to(served), time.perf_counter()
    status, _, _ = await client.ask(served.asked("GET", "/", "Accept: text/html"))
    assert status == 200
    client.close()
    return f"{time.perf_counter() - begun:.1f} s"


async def measured(*, quick: bool, database: str = "") -> dict[str, str]:
    """Measure all, in a file or in a database, and return it by what it is."""
    clients, count, number = (10, 50, 3) if quick else (100, 1000, 20)
    seconds, many, entries = (4, 100, 1_000) if quick else (20, 10_000, 1_000_000)
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="lcrmap-serve-") as folder:
        async with serving(Path(folder) / "live", database, _STATIONS) as (served, started):
            if database:
                # Of two processes both have begun when these are answered.
                await pages(served, clients)
            found["start"] = f"{started:.1f} s"
            found[f"page of 100 features, {clients} clients"] = await pages(served, clients)
            found["edit acknowledged, on the disk, 4 writers"] = await edits(served)
            pushed, memory = await listened(served, count, number)
            found[f"an edit to {count:,} listeners, 10 a second"] = pushed
            found[f"memory with {count:,} listeners"] = memory
            found[f"presence of {count:,}, who say so every 2 seconds"] = await seen(
                served, count, seconds
            )
            found[f"{many:,} readings in one post"] = await readings(served, many)
        if database:
            return found  # a long log is written into a file alone
        filled = partial(long_log, count=entries)
        async with serving(Path(folder) / "long", filled=filled) as (served, started):
            page = await drawn(served)
            found[f"start with a log of {entries:,} entries"] = (
                f"{started:.1f} s; its first page {page}"
            )
            found[f"edit acknowledged behind {entries:,} entries, 4 writers"] = await edits(served)
    return found


@contextmanager
def a_database(named: str) -> Iterator[str]:
    """Give the address of a database: the one that is named, else of a server of this machine's programs, else none."""
    found = None if named else programs()
    if found is None:
        if not named:
            print(REMEDY, file=sys.stderr)
        yield named
        return
    with postgis(found, durable=True) as server:
        os.environ.update(server.environment)
        yield server.address


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few clients: does it work?")
    parser.add_argument("-o", "--output", type=Path, default=_HERE / "serve.md")
    parser.add_argument(
        "--db",
        default=os.environ.get(SERVER, ""),
        metavar="ADDRESS",
        help="the database in a schema of which it is measured too, served by two processes; else one is started",
    )
    asked = parser.parse_args()
    busy = f"{os.getloadavg()[0]:.0f} processes wanted to run when it began"
    found = asyncio.run(measured(quick=asked.quick))
    with a_database(asked.db) as database:
        if database:
            in_it = asyncio.run(measured(quick=asked.quick, database=database))
            found |= {f"in PostGIS, 2 processes: {what}": text for what, text in in_it.items()}
    rows = "\n".join(f"| {name} | {text} |" for name, text in found.items())
    preface = (
        f"Written by `python -m benchmarks.serve`; clients and server share the cores. Times are the median and "
        f"the 99th percentile. Who looks where is told twice a second, so up to 500 ms of that row are waiting by "
        f"design. {machine.described()} {busy[:1].upper()}{busy[1:]}."
    )
    asked.output.write_text(
        f"# A served map\n\n{preface}\n\n| what | measured |\n|---|---|\n{rows}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
