"""The record of readings in SQLite. What is read often, the latest of each station, is kept at hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from lcrmap.live.measuring import Reading, Recorded, Station, written_time
from lcrmap.live.store import Period

__all__ = ["READING_TABLES", "SQLiteMeasured"]

READING_TABLES: Final = """
create table if not exists stations (id text primary key, body text not null) without rowid;
create table if not exists readings (
    number integer primary key autoincrement, station text not null, property text not null, time text not null,
    received text not null, who text not null, value real not null, unit text not null, quality text not null,
    replaces integer, replaced_by integer);
create unique index if not exists readings_now on readings (station, property, time) where replaced_by is null;
create index if not exists readings_by_time on readings (time);
create table if not exists latest (
    station text, property text, time text not null, number integer not null, primary key (station, property)
    ) without rowid;
"""
"""Made where they are missing: a live map may be older than its stations."""

_RECORDED: Final = (
    "number, station, property, time, value, unit, quality, received, replaces, replaced_by"
)
_THINNED: Final = "thinned"
_TAKEN: Final = 0  # what no reading is called
_THIN: Final = """
delete from readings where time < :before and number not in (select number from latest) and number not in (
    select number from (
        select number, row_number() over (day order by value, number) low,
            row_number() over (day order by value desc, number) high
        from readings where time < :before and replaced_by is null
        window day as (partition by station, property, substr(time, 1, 10)))
    where low = 1 or high = 1)
"""


class SQLiteMeasured:
    """See `lcrmap.live.store.Measured`.

    Parameters
    ----------
    written
        Does work in one transaction.
    found
        Returns the rows of a query.
    """

    def __init__(
        self,
        written: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]],
        found: Callable[..., list[Any]],
    ) -> None:
        self._written, self._found = written, found

    async def put_stations(self, stations: Iterable[Station]) -> None:
        """Write stations."""
        import msgspec

        rows = [(each.id, msgspec.json.encode(each).decode()) for each in stations]
        await self._written(
            lambda db: db.executemany("insert or replace into stations values (?, ?)", rows)
        )

    async def stations(self) -> list[Station]:
        """Return all stations."""
        import msgspec

        rows = self._found("select body from stations order by id")
        return [msgspec.json.decode(text, type=Station) for (text,) in rows]

    async def record(self, readings: Sequence[Reading], who: str) -> int:
        """Write readings, all or none."""
        received = written_time(datetime.now(UTC))
        done = await self._written(
            lambda db: sum([_record(db, each, who, received) for each in readings])
        )
        return int(done)

    async def last(self) -> int:
        """Return the number of the last reading."""
        return int(self._found("select coalesce(max(number), 0) from readings")[0][0])

    async def stations_since(self, number: int) -> list[str]:
        """Return whose readings are behind a number."""
        query = "select distinct station from readings where number > ? order by station"
        return [name for (name,) in self._found(query, number)]

    async def latest(self) -> list[Recorded]:
        """Return the latest reading of each station and property."""
        query = f"select {_RECORDED} from readings where number in (select number from latest)"  # noqa: S608
        return [_recorded(row) for row in self._found(query)]

    async def one(self, number: int) -> Recorded | None:
        """Return a reading."""
        rows = self._found(f"select {_RECORDED} from readings where number = ?", number)  # noqa: S608
        return _recorded(rows[0]) if rows else None

    async def page(
        self,
        *,
        after: int = 0,
        limit: int,
        station: str | None = None,
        property_: str | None = None,
        period: Period | None = None,
    ) -> list[Recorded]:
        """Return readings in the order of their numbers."""
        where, values = _chosen(station, property_, period)
        query = (
            f"select {_RECORDED} from readings where number > ? and {where} order by number limit ?"  # noqa: S608
        )
        return [_recorded(row) for row in self._found(query, after, *values, limit)]

    async def count(
        self,
        *,
        station: str | None = None,
        property_: str | None = None,
        period: Period | None = None,
    ) -> int:
        """Return how many there are."""
        where, values = _chosen(station, property_, period)
        return int(self._found(f"select count(*) from readings where {where}", *values)[0][0])  # noqa: S608

    async def thin(self, before: str, told: str) -> int:
        """Keep the lowest and the highest of each day."""

        def work(db: sqlite3.Connection) -> int:
            gone = db.execute(_THIN, {"before": before}).rowcount
            db.execute(
                "update readings set replaces = null where time < ? and replaces is not null",
                [before],
            )
            db.execute("insert or replace into meta values (?, ?)", [_THINNED, told])
            return gone

        return int(await self._written(work))

    async def thinned(self) -> str:
        """Return what was told of thinning."""
        rows = self._found("select value from meta where name = ?", _THINNED)
        return str(rows[0][0]) if rows else ""


def _recorded(row: tuple[Any, ...]) -> Recorded:
    number, station, name, time, value, unit, quality, received, replaces, replaced_by = row
    reading = Reading(station, name, time, value, unit, quality)
    return Recorded(number, reading, received, replaces, replaced_by)


def _chosen(
    station: str | None, property_: str | None, period: Period | None
) -> tuple[str, list[str]]:
    """Return the condition that readings meet, and its values."""
    where, values = ["replaced_by is null"], []
    for name, value in (("station", station), ("property", property_)):
        if value is not None:
            where.append(f"{name} = ?")
            values.append(value)
    if period is not None:
        where.append("time between ? and ?")
        values += period
    return " and ".join(where), values


def _record(db: sqlite3.Connection, reading: Reading, who: str, received: str) -> bool:
    """Write a reading, in a transaction; tell whether it says anything new."""
    same = (reading.station, reading.property, reading.time)
    there = db.execute(
        "select number, value, unit, quality from readings "
        "where station = ? and property = ? and time = ? and replaced_by is null",
        same,
    ).fetchone()
    said = (reading.value, reading.unit, reading.quality)
    if there is not None and there[1:] == said:
        return False
    replaced = "update readings set replaced_by = ? where number = ?"
    if there is not None:
        db.execute(replaced, [_TAKEN, there[0]])  # makes room for one of the same time
    number = db.execute(
        "insert into readings values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
        [*same, received, who, *said, there[0] if there else None],
    ).lastrowid
    if there is not None:
        db.execute(replaced, [number, there[0]])
    db.execute(
        "insert into latest values (?, ?, ?, ?) on conflict do update "
        "set time = excluded.time, number = excluded.number where excluded.time >= latest.time",
        [*same, number],
    )
    return True
