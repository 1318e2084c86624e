"""A store whose tables are asked in SQL: all that is asked and decided alike, whichever database holds them.

What each database does in its own way (connections, transactions, boxes, fields in JSON) is left to its class.
A ``?`` stands for a value. Work in a transaction is written with ``await``, though SQLite never waits in it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any, ClassVar, Final, Protocol, TypeVar

from lcrmap.live.entries import Entry, Held, digest_of, made_entry
from lcrmap.live.sql_here import SqlHere
from lcrmap.live.sql_readings import SqlMeasured
from lcrmap.live.store import ANY, Box, Change, Known, StaleError, TakenError, Whole

__all__ = ["TABLES", "Rows", "SqlStore", "Work", "inserted"]

T = TypeVar("T")

TABLES: Final = {
    "meta": ("name", "value"),
    "log": (
        "seq",
        "time",
        "who",
        "layer",
        "feature",
        "kind",
        "before",
        "after",
        "remark",
        "previous",
        "hash",
    ),
    "requests": ("who", "token", "seq"),
    "users": ("key", "digest", "text"),
    "stations": ("id", "body"),
    "readings": (
        "number",
        "station",
        "property",
        "time",
        "received",
        "who",
        "value",
        "unit",
        "quality",
        "replaces",
        "replaced_by",
    ),
    "latest": ("station", "property", "time", "number"),
}
"""The columns of all tables that a copy has, besides the features; the first names one row among those that follow."""

_ENTRY: Final = ", ".join(TABLES["log"])
_LOG: Final = f"select {_ENTRY} from log"  # noqa: S608 (names of our own)
_HELD: Final = "select id, seq, body from features where layer = ?"
_HELD_AND_LAST: Final = (
    "select f.id, f.seq, f.body, l.seq, l.hash from (select 1 one) o "
    "left join features f on f.layer = ? and f.id = ? "
    "left join (select seq, hash from log order by seq desc limit 1) l on 1 = 1"
)
"""A feature and the last entry, asked for at once, while all others who write wait; without them, nothing."""


class Rows(Protocol):
    """A database that is asked: in a transaction, or each query for itself."""

    async def rows(self, query: str, *values: Any) -> Sequence[Any]:
        """Return the rows of a query."""

    async def many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""

    def parts(self, query: str) -> AsyncIterator[Sequence[Any]]:
        """Give the rows of a long query, some at a time."""


Work = Callable[[Rows], Awaitable[T]]
"""What is done in one transaction."""


def inserted(table: str) -> str:
    """Return the statement that writes a row of a table.

    Examples
    --------
    >>> inserted("users")
    'insert into users (key, digest, text) values (?, ?, ?)'
    """
    columns = TABLES[table]
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"  # noqa: S608


class SqlStore(ABC):
    """What stores in databases share; see `lcrmap.live.store.Store`."""

    in_box: ClassVar[str]
    """The condition that a feature's box meets one of west, south, east and north."""

    around: ClassVar[str]
    """The query for west, south, east and north of a layer."""

    boxed: ClassVar[str]
    """The query for all features: layer, id, number of the last change, text, and west, south, east and north."""

    def __init__(self) -> None:
        self.measured = SqlMeasured(self)
        self._counts: dict[str, tuple[int, int]] = {}

    @property
    @abstractmethod
    def now(self) -> Rows:
        """The database as it is, each query for itself."""

    @property
    @abstractmethod
    def here(self) -> SqlHere:
        """Who is here."""

    @abstractmethod
    def moment(self) -> AbstractAsyncContextManager[Rows]:
        """Give the database as it is at one moment, whoever writes meanwhile."""

    @abstractmethod
    async def written(self, work: Work[T]) -> T:
        """Do work in one transaction, alone of all that write; all of it is on the disk then, or nothing."""

    @abstractmethod
    async def put(self, db: Rows, layer: str, features: Iterable[tuple[Held, Box | None]]) -> None:
        """Write features and their boxes."""

    @abstractmethod
    async def remove(self, db: Rows, layer: str, feature: str) -> None:
        """Take a feature out."""

    @abstractmethod
    def has_value(self, name: str, value: str | int | float) -> tuple[str, list[Any]]:
        """Return the condition that a field of a feature's text has a value, and what it is asked with."""

    @abstractmethod
    async def state(self) -> int:
        """Return a number that differs after each change of the features."""

    @abstractmethod
    def follow(self) -> AsyncIterator[None]:
        """Give None whenever anybody may have written."""

    @abstractmethod
    async def backup(self, target: str) -> int:
        """Write a copy that is one state, as a file of SQLite."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of the database."""

    async def load(self, layer: str, features: Iterable[tuple[str, str, Box | None]]) -> None:
        """Take features before there is a log."""
        taken = [(Held(name, 0, body), box) for name, body, box in features]
        await self.written(lambda db: self.put(db, layer, taken))

    async def seal(self) -> None:
        """Note the digest of what was loaded."""

        async def work(db: Rows) -> None:
            rows = await db.rows("select layer, id, body from features order by layer, id")
            await db.rows(inserted("meta"), "first", digest_of(tuple(each) for each in rows))

        await self.written(work)

    async def first(self) -> str:
        """Return the digest from which the chain begins."""
        return await _first(self.now)

    async def head(self) -> int:
        """Return the number of the last entry."""
        return int((await self.now.rows("select coalesce(max(seq), 0) from log"))[0][0])

    async def change(self, change: Change) -> Entry:
        """Write an entry and change the feature."""
        return await self.written(lambda db: self._changed(db, change))

    async def _changed(self, db: Rows, change: Change) -> Entry:
        """Write an entry and change the feature, in a transaction."""
        if change.token:
            query = f"{_LOG} where seq = (select seq from requests where who = ? and token = ?)"  # noqa: S608 (ours)
            done = await db.rows(query, change.who, change.token)
            if done:
                return Entry(*done[0])
        row = (await db.rows(_HELD_AND_LAST, change.layer, change.feature))[0]
        held = None if row[0] is None else Held(*row[:3])
        if change.expected != ANY and (held.seq if held else None) != change.expected:
            raise StaleError(held)
        await self._refuse_taken(db, change)
        last = row[3:] if row[3] is not None else (0, await _first(db))
        entry = _next(change, held, *last)
        await db.rows(inserted("log"), *astuple(entry))
        if change.token:
            await db.rows(inserted("requests"), change.who, change.token, entry.seq)
        if change.after is None:
            await self.remove(db, change.layer, change.feature)
        else:
            made = Held(change.feature, entry.seq, change.after)
            await self.put(db, change.layer, [(made, change.box)])
        return entry

    async def _refuse_taken(self, db: Rows, change: Change) -> None:
        """Refuse a value of which another feature's is the same, where each has its own."""
        for name, value in change.unique:
            has, values = self.has_value(name, value)
            query = f"select 1 from features where layer = ? and id <> ? and {has} limit 1"  # noqa: S608
            if await db.rows(query, change.layer, change.feature, *values):
                raise TakenError(name)

    async def held(self, layer: str, feature: str, at: int | None = None) -> Held | None:
        """Return a feature as it is or was."""
        query = f"{_HELD} and id = ?"
        if at is None:
            found = await self.now.rows(query, layer, feature)
        else:
            async with self.moment() as db:
                found = await db.rows(query, layer, feature)
                if not found or found[0][1] > at:
                    return (await _once(db, layer, at, feature)).get(feature)
        return Held(*found[0]) if found else None

    async def page(
        self,
        layer: str,
        *,
        after: str = "",
        limit: int,
        box: Box | None = None,
        at: int | None = None,
    ) -> list[Held]:
        """Return features in the order of their ids."""
        if at is not None:
            return await self._page_at(layer, after, limit, at)
        query = f"{_HELD} and id > ?"
        values: list[Any] = [layer, after]
        if box is not None:
            query, values = f"{query} and {self.in_box}", [*values, *box]
        rows = await self.now.rows(f"{query} order by id limit ?", *values, limit)
        return [Held(*row) for row in rows]

    async def _page_at(self, layer: str, after: str, limit: int, at: int) -> list[Held]:
        """Do the same as it was after an entry: what changed since is put back.

        Boxes are those of today: what has changed since is not chosen by them, but looked at by whoever asks.
        """
        query = f"{_HELD} and id > ? and seq <= ? order by id limit ?"
        async with self.moment() as db:
            once = await _once(db, layer, at)
            rows = await db.rows(query, layer, after, at, limit)
        found = [Held(*row) for row in rows]
        found += [each for name, each in once.items() if each is not None and name > after]
        return sorted(found, key=lambda each: each.id.encode())[:limit]

    async def count(self, layer: str, at: int | None = None) -> int:
        """Return how many features a layer has."""
        if at is None:
            return await self._counted(layer)
        query = "select count(*) from features where layer = ? and seq <= ?"
        async with self.moment() as db:
            once = await _once(db, layer, at)
            kept = (await db.rows(query, layer, at))[0][0]
        return int(kept + sum(each is not None for each in once.values()))

    async def _counted(self, layer: str) -> int:
        """Count a layer, once for each state of the database: to count 25,000 takes four times as long as a page."""
        state, known = await self.state(), self._counts.get(layer)
        if known is None or known[0] != state:
            found = await self.now.rows("select count(*) from features where layer = ?", layer)
            known = self._counts[layer] = (state, int(found[0][0]))
        return known[1]

    async def extent(self, layer: str) -> Box | None:
        """Return the box around a layer."""
        west, south, east, north = (await self.now.rows(self.around, layer))[0]
        return None if west is None else (west, south, east, north)

    async def changed_since(self, layer: str, seq: int) -> int:
        """Return the number of a layer's last entry up to `seq`."""
        query = "select coalesce(max(seq), 0) from log where layer = ? and seq <= ?"
        return int((await self.now.rows(query, layer, seq))[0][0])

    async def entries(
        self, *, since: int = 0, limit: int, layer: str = "", feature: str | None = None
    ) -> list[Entry]:
        """Return entries behind `since`."""
        query, values = f"{_LOG} where seq > ?", [since]
        chosen: list[Any] = [*values]
        if layer:
            query, chosen = f"{query} and layer = ?", [*chosen, layer]
        if feature is not None:
            query, chosen = f"{query} and feature = ?", [*chosen, feature]
        rows = await self.now.rows(f"{query} order by seq limit ?", *chosen, limit)
        return [Entry(*row) for row in rows]

    async def whole(self) -> Whole:
        """Return log and features as they are at one moment."""
        features, entries = "select layer, id, seq, body from features", f"{_LOG} order by seq"
        async with self.moment() as db:
            held = {
                (layer, name): Held(name, seq, body)
                async for rows in db.parts(features)
                for layer, name, seq, body in rows
            }
            log = [Entry(*row) async for rows in db.parts(entries) for row in rows]
            return Whole(await _first(db), held, log)

    async def users(self) -> Sequence[Known]:
        """Return all users."""
        import msgspec

        rows = await self.now.rows("select text from users order by key")
        return [msgspec.json.decode(text, type=Known) for (text,) in rows]

    async def put_user(self, user: Known) -> None:
        """Write a user."""
        import msgspec

        row = (user.key, user.digest, msgspec.json.encode(user).decode())
        query = f"{inserted('users')} on conflict (key) do update set digest = excluded.digest, text = excluded.text"
        await self.written(lambda db: db.rows(query, *row))


async def _first(db: Rows) -> str:
    return str((await db.rows("select value from meta where name = 'first'"))[0][0])


def _next(change: Change, held: Held | None, seq: int, previous: str) -> Entry:
    """Return the entry of a change: the one after the last that there is, of which number and hash are given."""
    return made_entry(
        seq=seq + 1,
        time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        who=change.who,
        layer=change.layer,
        feature=change.feature,
        kind=change.kind,
        before=held.body if held else None,
        after=change.after,
        remark=change.remark,
        previous=previous,
    )


async def _once(
    db: Rows, layer: str, at: int, feature: str | None = None
) -> dict[str, Held | None]:
    """Return the features that were changed behind `at` as they were then; None for those that were not there."""
    one = "" if feature is None else "and feature = ?"
    values = (layer, at, *(() if feature is None else (feature,)))
    rows = await db.rows(
        "select feature, before, (select coalesce(max(seq), 0) from log o where o.layer = l.layer "  # noqa: S608
        "and o.feature = l.feature and o.seq < l.seq) from log l where seq in "
        # An expression, or SQLite reads the whole log of the layer, as it lies in this order.
        f"(select min(seq) from log where layer = ? and seq > ? {one} group by feature || '')",
        *values,
    )
    return {name: None if before is None else Held(name, seq, before) for name, before, seq in rows}
