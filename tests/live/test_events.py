"""What a listener is given that comes back: each entry once, whichever process it comes to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lcrmap.live.entries import Entry
from lcrmap.live.events import Hub, Listener
from lcrmap.live.sqlite import SQLite
from lcrmap.live.store import ANY, Change
from tests.live.conftest import run_apart


@asynccontextmanager
async def late_hub(folder: Path) -> AsyncIterator[tuple[SQLite, Hub]]:
    """A log of two entries, and a hub of another process that has not heard of them yet."""
    store = SQLite(folder / "live.db", new=True)
    await store.seal()
    hub = Hub(store, lambda entry: ("edit", {"seq": entry.seq}))
    for name in "ab":
        await write(store, name)
    yield store, hub
    await store.close()


async def write(store: SQLite, name: str) -> Entry:
    body = json.dumps({"type": "Feature", "properties": {"id": name}, "geometry": None})
    return await store.change(Change("places", name, "create", body, "u-1", ANY))


def test_who_has_heard_more_than_the_hub_is_told_what_comes_then_and_nothing_twice(
    tmp_path: Path,
) -> None:
    async def heard() -> list[bytes]:
        async with late_hub(tmp_path) as (store, hub):
            stream = hub.stream(Listener("", "", ""), 2)
            first = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.05)
            assert not first.done()
            following = asyncio.create_task(hub.run())
            found = [await asyncio.wait_for(first, 5)]
            await write(store, "c")
            found.append(await asyncio.wait_for(anext(stream), 5))
            following.cancel()
            await stream.aclose()  # type: ignore[attr-defined]
            return found

    assert run_apart(heard()) == [b": welcome\n\n", b'id: 3\nevent: edit\ndata: {"seq":3}\n\n']


@pytest.mark.parametrize("since", [3, 10**9])
def test_who_has_heard_more_than_the_log_has_begins_anew(tmp_path: Path, since: int) -> None:
    async def heard() -> bytes:
        async with late_hub(tmp_path) as (_, hub):
            stream = hub.stream(Listener("", "", ""), since)
            found = [await asyncio.wait_for(anext(stream), 5) for _ in range(2)]
            await stream.aclose()  # type: ignore[attr-defined]
            return found[1]

    assert run_apart(heard()) == b'id: 0\nevent: reload\ndata: {"seq":0}\n\n'
