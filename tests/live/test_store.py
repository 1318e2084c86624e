"""What every store of a live map must do: one suite, run on each store that there is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from lcrmap.live.databases import Database, new_schema
from lcrmap.live.entries import Held, broken_links, made_entry
from lcrmap.live.measuring import Reading
from lcrmap.live.sqlite import SQLite
from lcrmap.live.store import ANY, Box, Change, Known, StaleError, Store, TakenError
from tests.live.conftest import POSTGIS, run_apart


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Store]:
    """Make a store in a file."""
    store = SQLite(folder / "live.db", new=True)
    yield store
    await store.close()


@asynccontextmanager
async def postgis(folder: Path, address: str) -> AsyncIterator[Store]:
    """Make a store in a schema of its own."""
    from lcrmap.live.postgis import PostGIS

    store = PostGIS(Database(address, new_schema(folder.name)))
    await store.make()
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", POSTGIS])
def on_store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[Callable[[Store], Awaitable[None]]], None]:
    """Run a test on a store with two layers: a, b and c of places, and z of others."""

    in_database = request.param == "postgis"
    address = request.getfixturevalue("database") if in_database else ""
    made = postgis(tmp_path, address) if in_database else sqlite(tmp_path)

    def run(test: Callable[[Store], Awaitable[None]]) -> None:
        async def all_() -> None:
            async with made as store:
                boxes = {"a": (0.0, 0.0, 0.0, 0.0), "b": (5.0, 5.0, 6.0, 6.0), "c": None}
                await store.load(
                    "places", [(name, placed(name, box), box) for name, box in boxes.items()]
                )
                await store.load("others", [("z", body("z"), None)])
                await store.seal()
                await test(store)

        run_apart(all_())

    return run


def body(name: str, **values: Any) -> str:
    return placed(name, None, **values)


def placed(name: str, box: Box | None, **values: Any) -> str:
    """Return a feature whose shape is a line across its box."""
    line = None if box is None else {"type": "LineString", "coordinates": [box[:2], box[2:]]}
    return json.dumps({"type": "Feature", "properties": {"id": name, **values}, "geometry": line})


def change(name: str, after: str | None, expected: int | None = ANY, **more: Any) -> Change:
    kind = "delete" if after is None else "create" if expected is None else "replace"
    return Change("places", name, kind, after, "u-1", expected, **more)


async def ids(store: Store, **more: Any) -> list[str]:
    return [each.id for each in await store.page("places", **{"limit": 100, **more})]


def test_features_come_by_their_ids_and_boxes(on_store: Any) -> None:
    async def test(store: Store) -> None:
        assert await ids(store) == ["a", "b", "c"]
        assert await ids(store, after="a", limit=1) == ["b"]
        assert await ids(store, box=(4.0, 4.0, 5.0, 5.0)) == ["b"]
        assert await ids(store, box=(-1.0, -1.0, 9.0, 9.0)) == ["a", "b"]
        assert (await store.count("places"), await store.count("others"), await store.head()) == (
            3,
            1,
            0,
        )
        assert await store.held("places", "b") == Held("b", 0, placed("b", (5.0, 5.0, 6.0, 6.0)))
        assert await store.held("places", "z") is None
        extent = await store.extent("places")
        assert extent == pytest.approx((0, 0, 6, 6), abs=1e-5)
        assert await store.extent("others") is None

    on_store(test)


def test_a_change_is_one_entry_on_the_version_that_it_names(on_store: Any) -> None:
    async def test(store: Store) -> None:
        one = await store.change(change("a", body("a", n=1), 0))
        assert (one.seq, one.before, one.after) == (1, placed("a", (0.0,) * 4), body("a", n=1))
        with pytest.raises(StaleError) as stale:
            await store.change(change("a", body("a", n=2), 0))
        assert stale.value.held == Held("a", 1, body("a", n=1))
        with pytest.raises(StaleError):
            await store.change(change("a", body("a"), None))
        with pytest.raises(StaleError) as stale:
            await store.change(change("d", body("d"), 3))
        assert stale.value.held is None
        assert await store.count("places") == 3
        there = (1.0, 1.0, 1.0, 1.0)
        await store.change(change("d", placed("d", there), None, box=there))
        assert await store.count("places") == 4
        await store.change(change("a", None, 1))
        assert await store.count("places") == 3
        assert await ids(store) == ["b", "c", "d"]
        assert await ids(store, box=(0.0, 0.0, 2.0, 2.0)) == ["d"]
        entries = await store.entries(limit=10)
        assert [(each.seq, each.kind) for each in entries] == [
            (1, "replace"),
            (2, "create"),
            (3, "delete"),
        ]
        assert list(broken_links(entries, await store.first())) == []
        assert await store.entries(limit=10, layer="places", feature="a") == [
            entries[0],
            entries[2],
        ]
        assert await store.entries(since=1, limit=1) == [entries[1]]
        assert (await store.changed_since("places", 2), await store.changed_since("others", 9)) == (
            2,
            0,
        )

    on_store(test)


def test_it_is_read_as_it_was(on_store: Any) -> None:
    async def test(store: Store) -> None:
        await store.change(change("a", body("a", n=1)))
        await store.change(change("b", None))
        await store.change(change("d", body("d"), None))
        await store.change(change("a", body("a", n=2)))
        await store.change(change("b", body("b", n=3), None))
        expected = [
            ["a", "b", "c"],
            ["a", "b", "c"],
            ["a", "c"],
            ["a", "c", "d"],
            ["a", "c", "d"],
            ["a", "b", "c", "d"],
        ]
        for seq, names in enumerate(expected):
            assert await ids(store, at=seq) == names
            assert await ids(store, at=seq, after="a", limit=1) == names[1:2]
            assert await store.count("places", seq) == len(names)
        assert await store.held("places", "a", 0) == Held("a", 0, placed("a", (0.0,) * 4))
        assert await store.held("places", "a", 3) == Held("a", 1, body("a", n=1))
        assert await store.held("places", "a", 1) == Held("a", 1, body("a", n=1))
        assert [each.seq for each in await store.page("places", limit=9, at=1)] == [1, 0, 0]
        assert await store.held("places", "b", 4) is None
        assert await store.held("places", "b", 5) == Held("b", 5, body("b", n=3))

    on_store(test)


def test_a_value_that_is_each_ones_own_is_taken_once(on_store: Any) -> None:
    async def test(store: Store) -> None:
        await store.change(change("a", body("a", code="X"), unique=(("code", "X"),)))
        await store.change(change("a", body("a", code="X", n=1), unique=(("code", "X"),)))
        with pytest.raises(TakenError, match="code"):
            await store.change(change("b", body("b", code="X"), unique=(("code", "X"),)))
        await store.change(
            change("b", body("b", code="Y' or 1=1"), unique=(("code", "Y' or 1=1"),))
        )
        assert await store.head() == 3

    on_store(test)


def test_what_no_text_can_hold_names_nothing(on_store: Any) -> None:
    async def test(store: Store) -> None:
        assert await store.held("places", "a\0") is None
        assert await store.held("places", "\0", 0) is None
        assert await ids(store, after="a\0z") == ["b", "c"]
        assert await store.entries(limit=9, layer="places", feature="\0") == []

    on_store(test)


def test_a_request_is_done_once(on_store: Any) -> None:
    async def test(store: Store) -> None:
        one = await store.change(change("d", body("d"), None, token="t"))
        two = await store.change(change("e", body("e"), None, token="t"))
        assert (one, await store.head()) == (two, 1)
        other = Change("places", "e", "create", body("e"), "u-0", None, token="t")
        assert (await store.change(other)).seq == 2  # of somebody else

    on_store(test)


def test_many_at_once_have_one_order(on_store: Any) -> None:
    async def test(store: Store) -> None:
        made = [
            store.change(change(f"n{number}", body(f"n{number}"), None)) for number in range(40)
        ]
        seqs = [each.seq for each in await asyncio.gather(*made)]
        assert sorted(seqs) == list(range(1, 41))
        assert list(broken_links(await store.entries(limit=100), await store.first())) == []

    on_store(test)


def test_two_processes_that_write_at_once_have_one_order(on_store: Any) -> None:
    async def test(store: Any) -> None:
        same = SQLite(store._path) if isinstance(store, SQLite) else type(store)(store._database)
        made = [
            each.change(change(f"{name}{number}", body(f"{name}{number}"), None))
            for number in range(20)
            for name, each in (("one", store), ("two", same))
        ]
        seqs = [each.seq for each in await asyncio.gather(*made)]
        assert sorted(seqs) == list(range(1, 41))
        assert await same.count("places") == await store.count("places") == 43
        entries = await same.entries(limit=100)
        assert list(broken_links(entries, await store.first())) == []
        await same.close()

    on_store(test)


def test_who_follows_is_told_of_each_write(on_store: Any) -> None:
    async def test(store: Store) -> None:
        told = store.follow()
        await anext(told)
        await store.change(change("a", body("a", n=1)))
        await asyncio.wait_for(anext(told), 5)
        assert await store.head() == 1

    on_store(test)


def test_users_are_kept_and_changed(on_store: Any) -> None:
    async def test(store: Store) -> None:
        ann = Known("u-1", "Ann", "edit", "d1", ("places",), 5.0)
        await store.put_user(ann)
        await store.put_user(Known("u-2", "Bob", "read", "d2"))
        await store.put_user(Known("u-2", "", "read", "", revoked=True))
        assert list(await store.users()) == [ann, Known("u-2", "", "read", "", revoked=True)]

    on_store(test)


def test_who_is_here_is_shared_and_goes(on_store: Any) -> None:
    async def test(store: Store) -> None:
        here = store.here
        await here.empty()
        await here.put("ann", 100.0, "one")
        await here.put("ann", 101.0, "two")
        await here.put("bob", 103.0, "three")
        assert sorted(await here.since(99.0)) == [("ann", 101.0, "two"), ("bob", 103.0, "three")]
        assert await here.since(101.0) == [("bob", 103.0, "three")]
        await here.leave("bob", 104.0)
        await here.sweep(110.0, 102.0)
        assert sorted(await here.since(0.0)) == [("ann", 110.0, None), ("bob", 104.0, None)]
        await here.sweep(170.0, 105.0)
        assert await here.since(0.0) == [("ann", 110.0, None)]
        assert await here.crowd("p1", 3, 100.0) == 3
        assert await here.crowd("p2", 4, 104.0) == 7
        # Of the other nothing was heard for six seconds.
        assert await here.crowd("p2", 5, 106.0) == 5
        await here.empty()
        assert await here.since(0.0) == []
        assert await here.crowd("p1", 1, 106.0) == 1

    on_store(test)


def test_readings_replace_each_other_and_are_thinned(on_store: Any) -> None:
    def reading(time: str, value: float, station: str = "pier") -> Reading:
        return Reading(station, "level", f"2026-01-{time}:00.000Z", value, "m")

    async def test(store: Store) -> None:
        measured = store.measured
        first = [reading("01T10:00", 1), reading("01T11:00", 5), reading("01T12:00", 3)]
        assert await measured.record([*first, reading("01T11:00", 6)], "u") == 4
        assert await measured.record([first[0], reading("01T12:00", 4)], "u") == 1
        assert [each.reading.value for each in await measured.page(limit=9)] == [1, 6, 4]
        chain = [await measured.one(number) for number in range(1, 6)]
        links = [each and (each.replaces, each.replaced_by) for each in chain]
        assert links == [(None, None), (None, 4), (None, 5), (2, None), (3, None)]
        assert [each.number for each in await measured.latest()] == [5]
        await measured.record([reading("01T09:00", 2), reading("02T09:00", 7, "dock")], "u")
        assert [each.number for each in await measured.latest()] == [5, 7]
        assert await measured.stations_since(5) == ["dock", "pier"]
        assert await measured.count(period=("2026-01-01T10", "2026-01-01T13")) == 3
        # Two replaced, and the 2.
        assert await measured.thin("2026-01-02T00:00:00.000Z", "told") == 3
        assert [each.reading.value for each in await measured.page(limit=9)] == [1, 6, 4, 7]
        assert (await measured.thinned(), await measured.last()) == ("told", 7)

    on_store(test)


def test_no_number_of_a_reading_is_given_twice(on_store: Any) -> None:
    async def test(store: Store) -> None:
        measured = store.measured
        times = ("02T10", "01T10", "01T11", "01T12")
        readings = [
            Reading("pier", "level", f"2026-01-{time}:00:00.000Z", value, "m")
            for value, time in zip((0, 1, 3, 2), times, strict=True)
        ]
        await measured.record(readings, "u")
        assert await measured.thin("2026-01-02T00:00:00.000Z", "told") == 1  # the last that came
        assert await measured.last() == 4
        await measured.record([Reading("pier", "level", "2026-01-03T10:00:00.000Z", 4, "m")], "u")
        assert [each.number for each in await measured.page(limit=9)] == [1, 2, 3, 5]

    on_store(test)


def test_a_copy_is_a_prefix(on_store: Any, tmp_path: Path) -> None:
    async def test(store: Store) -> None:
        await store.change(change("a", body("a", n=1)))
        assert await store.backup(str(tmp_path / "copy.db")) == 1
        assert (tmp_path / "copy.db").stat().st_size

    on_store(test)


def test_an_entry_that_was_written_anew_does_not_fit_the_next() -> None:
    values: dict[str, Any] = {
        "time": "t",
        "who": "u",
        "layer": "l",
        "feature": "f",
        "kind": "delete",
    }
    values |= {"before": None, "after": None, "remark": ""}
    one = made_entry(seq=1, previous="first", **values)
    two = made_entry(seq=2, previous=one.hash, **values)
    forged = made_entry(seq=1, previous="first", **{**values, "who": "somebody else"})
    assert list(broken_links([one, two], "first")) == []
    assert list(broken_links([forged, two], "first")) == [
        "Entry 2 of the log does not follow the entry before it: one of them was changed."
    ]
