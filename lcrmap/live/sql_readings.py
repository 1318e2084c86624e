"""The record of readings in a database. What is read often, the latest of each station, is kept at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from lcrmap.live.measuring import Reading, Recorded, Station, written_time
from lcrmap.live.store import Period

if TYPE_CHECKING:
    from lcrmap.live.sql import Rows, SqlStore

__all__ = ["SqlMeasured"]

_RECORDED: Final = (
    "number, station, property, time, value, unit, quality, received, replaces, replaced_by"
)
_AT_ONCE: Final = 200
_THINNED: Final = "thinned"
# Where the last number is noted before readings go, so that none is given twice.
_GIVEN: Final = "readings"
_LAST: Final = (
    "select coalesce(max(number), 0) from (select max(number) number from readings union all "  # noqa: S608
    f"select cast(value as bigint) from meta where name = '{_GIVEN}') given"
)
_NOTED: Final = "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value"
_THIN: Final = """
delete from readings where time < ? and number not in (select number from latest) and number not in (
    select number from (
        select number, row_number() over (partition by station, property, substr(time, 1, 10)
            order by value, number) low, row_number() over (partition by station, property, substr(time, 1, 10)
            order by value desc, number) high
        from readings where time < ? and replaced_by is null) each_day
    where low = 1 or high = 1) returning number
"""


class SqlMeasured:
    """See `lcrmap.live.store.Measured`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def put_stations(self, stations: Iterable[Station]) -> None:
        """Write stations."""
        import msgspec

        rows = [(each.id, msgspec.json.encode(each).decode()) for each in stations]
        query = "insert into stations (id, body) values (?, ?) on conflict (id) do update set body = excluded.body"
        await self._store.written(lambda db: db.many(query, rows))

    async def stations(self) -> list[Station]:
        """Return all stations."""
        import msgspec

        rows = await self._store.now.rows("select body from stations order by id")
        return [msgspec.json.decode(text, type=Station) for (text,) in rows]

    async def record(self, readings: Sequence[Reading], who: str) -> int:
        """Write readings, all or none."""
        received = written_time(datetime.now(UTC))
        return await self._store.written(lambda db: _record(db, readings, who, received))

    async def last(self) -> int:
        """Return the number of the last reading."""
        return int((await self._store.now.rows(_LAST))[0][0])

    async def stations_since(self, number: int) -> list[str]:
        """Return whose readings are behind a number."""
        query = "select distinct station from readings where number > ? order by station"
        return [name for (name,) in await self._store.now.rows(query, number)]

    async def latest(self) -> list[Recorded]:
        """Return the latest reading of each station and property."""
        query = f"select {_RECORDED} from readings where number in (select number from latest) order by number"  # noqa: S608
        return [_recorded(row) for row in await self._store.now.rows(query)]

    async def one(self, number: int) -> Recorded | None:
        """Return a reading."""
        query = f"select {_RECORDED} from readings where number = ?"  # noqa: S608
        rows = await self._store.now.rows(query, number)
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
        rows = await self._store.now.rows(query, after, *values, limit)
        return [_recorded(row) for row in rows]

    async def count(
        self,
        *,
        station: str | None = None,
        property_: str | None = None,
        period: Period | None = None,
    ) -> int:
        """Return how many there are."""
        where, values = _chosen(station, property_, period)
        query = f"select count(*) from readings where {where}"  # noqa: S608
        return int((await self._store.now.rows(query, *values))[0][0])

    async def thin(self, before: str, told: str) -> int:
        """Keep the lowest and the highest of each day."""

        async def work(db: Rows) -> int:
            last = (await db.rows(_LAST))[0][0]
            await db.rows(_NOTED, _GIVEN, str(last))
            gone = await db.rows(_THIN, before, before)
            await db.rows(
                "update readings set replaces = null where time < ? and replaces is not null",
                before,
            )
            await db.rows(_NOTED, _THINNED, told)
            return len(gone)

        return await self._store.written(work)

    async def thinned(self) -> str:
        """Return what was told of thinning."""
        rows = await self._store.now.rows("select value from meta where name = ?", _THINNED)
        return str(rows[0][0]) if rows else ""


def _recorded(row: Sequence[Any]) -> Recorded:
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


_Place = tuple[str, str, str]


async def _record(db: Rows, readings: Sequence[Reading], who: str, received: str) -> int:
    """Write readings, in a transaction; return how many say anything new.

    What each does is decided here, and all of it is written at once: a database beyond a network is asked seldom.
    """
    number = (await db.rows(_LAST))[0][0]
    there = await _there(db, readings)
    made: dict[int, list[Any]] = {}
    replaced: list[tuple[int, int]] = []
    latest: dict[tuple[str, str], tuple[str, int]] = {}
    for each in readings:
        same, said = (each.station, each.property, each.time), (each.value, each.unit, each.quality)
        was = there.get(same)
        if was is not None and was[1] == said:
            continue
        number += 1
        if was is not None and was[0] in made:
            made[was[0]][-1] = number
        elif was is not None:
            replaced.append((number, was[0]))
        made[number] = [number, *same, received, who, *said, was[0] if was else None, None]
        there[same] = (number, said)
        latest[each.station, each.property] = max(
            latest.get((each.station, each.property), ("", 0)), (each.time, number)
        )
    # Those that were there make room first: of one station, property and time, one alone is not replaced.
    await db.many("update readings set replaced_by = ? where number = ?", replaced)
    await db.many(
        "insert into readings (number, station, property, time, received, who, value, unit, quality, replaces, "
        "replaced_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        made.values(),
    )
    await db.many(
        "insert into latest (station, property, time, number) values (?, ?, ?, ?) "
        "on conflict (station, property) do update "
        "set time = excluded.time, number = excluded.number where excluded.time >= latest.time",
        [(*place, *last) for place, last in latest.items()],
    )
    return len(made)


async def _there(
    db: Rows, readings: Sequence[Reading]
) -> dict[_Place, tuple[int, tuple[float, str, str]]]:
    """Return the readings of the same stations, properties and times that are there: number, and what they say."""
    found: dict[_Place, tuple[int, tuple[float, str, str]]] = {}
    times: dict[tuple[str, str], set[str]] = {}
    for each in readings:
        times.setdefault((each.station, each.property), set()).add(each.time)
    for place, all_ in times.items():
        for some in _batched(sorted(all_), _AT_ONCE):
            marks = ", ".join("?" * len(some))
            rows = await db.rows(
                "select station, property, time, number, value, unit, quality from readings "  # noqa: S608
                f"where replaced_by is null and station = ? and property = ? and time in ({marks})",
                *place,
                *some,
            )
            for station, name, time, number, *said in rows:
                found[station, name, time] = (number, (said[0], said[1], said[2]))
    return found


def _batched(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Give so many at a time (Python 3.12 has this)."""
    for start in range(0, len(texts), size):
        yield texts[start : start + size]
