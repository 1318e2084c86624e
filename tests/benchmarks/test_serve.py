"""The long log that a served map is measured with: whole, and no page waits for it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks.serve import long_log
from lcrmap.live.folder import open_live
from tests.live.conftest import SKERRIES, run, run_apart

COUNT = 30_000


def test_a_long_log_is_whole_and_slows_no_look_at_what_changed_last(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    assert run("live", "new", folder, "--pack", SKERRIES, "--edit", "landings").returncode == 0
    long_log(folder, COUNT, "landings", "bei-jetty")
    checked = run("live", "check", folder)
    assert (checked.returncode, checked.stdout) == (0, "")

    async def shortest(look: Callable[[], Awaitable[object]]) -> float:
        took = []
        for _ in range(20):
            begun = time.perf_counter()
            await look()
            took.append(time.perf_counter() - begun)
        return min(took)

    async def looked() -> tuple[float, float, float]:
        store = open_live(folder).store
        assert await store.changed_since("landings", COUNT - 1) == COUNT - 1
        found = (
            await shortest(lambda: store.held("landings", "boathouse")),
            await shortest(lambda: store.changed_since("landings", COUNT - 1)),
            await shortest(lambda: store.page("landings", limit=10, at=COUNT - 1)),
        )
        await store.close()
        return found

    one, last, page = run_apart(looked())
    assert last < 15 * one  # to look through all entries took a hundred times as long
    assert page < 30 * one
