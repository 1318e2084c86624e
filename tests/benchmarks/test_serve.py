"""What a served map is measured with: a long log, for which no page waits, and a database of its own."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from find_postgis import programs

from benchmarks.serve import a_database, long_log
from lcrmap.live.folder import open_live
from tests.live.conftest import SKERRIES, run_apart, run_here
from tests.live.postgres import ask

COUNT = 30_000


def test_a_long_log_is_whole_and_slows_no_look_at_what_changed_last(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    assert run_here("live", "new", folder, "--pack", SKERRIES, "--edit", "landings").returncode == 0
    long_log(folder, COUNT, "landings", "bei-jetty")
    checked = run_here("live", "check", folder)
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


@pytest.mark.xdist_group("postgis")
@pytest.mark.skipif(programs() is None, reason="no PostgreSQL with PostGIS on this machine")
def test_it_is_measured_in_a_database_that_is_named_or_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PGUSER", "PGPASSWORD"):
        monkeypatch.setenv(name, "somebody")
    with a_database("postgresql://db.example.org/maps") as address:
        assert address == "postgresql://db.example.org/maps"
    with a_database("") as address:
        kept = "select current_setting('fsync'), current_setting('data_directory')"
        ((durable, folder),) = ask(address, kept)
        assert (durable, Path(folder).parent.exists()) == ("on", True)
    assert not Path(folder).parent.exists()
