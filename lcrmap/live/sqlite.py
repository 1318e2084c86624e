"""The store in a file of SQLite: one writer, many readers, every commit on the disk before it is acknowledged."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from lcrmap.errors import FileError
from lcrmap.live.entries import Entry, Held, digest_of, made_entry
from lcrmap.live.sqlite_readings import READING_TABLES, SQLiteMeasured
from lcrmap.live.store import (
    ANY,
    AwayError,
    Box,
    Change,
    FullError,
    Known,
    StaleError,
    TakenError,
)

__all__ = ["SQLite"]

_POLL: Final = 0.02  # seconds between two looks for what others wrote
_WAIT: Final = 10.0  # seconds that a writer waits for another process
_TABLES: Final = """
create table meta (name text primary key, value text not null) without rowid;
create table features (
    number integer primary key, layer text not null, id text not null, seq integer not null, body text not null,
    unique (layer, id));
create virtual table boxes using rtree (number, west, east, south, north);
create table log (
    seq integer primary key, time text not null, who text not null, layer text not null, feature text not null,
    kind text not null, before text, after text, remark text not null, previous text not null, hash text not null);
create index log_of_feature on log (layer, feature, seq);
create table requests (who text, token text, seq integer not null, primary key (who, token)) without rowid;
create table users (key text primary key, digest text not null, text text not null) without rowid;
"""
_IN_BOX: Final = (
    "select number from boxes where west <= ? and east >= ? and south <= ? and north >= ?"
)
_ENTRY: Final = "seq, time, who, layer, feature, kind, before, after, remark, previous, hash"

T = TypeVar("T")


class SQLite:
    """A store in one file; see `lcrmap.live.store.Store`.

    Parameters
    ----------
    path
        The file, which is there, unless `new`.
    new
        Whether it is made.
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        if not new and not path.is_file():
            raise FileError(f"'{path.name}' is not there: make a live map with 'lcrmap live new'.")
        self._path = path
        self._write = self._connected()
        if new:
            self._write.executescript(f"pragma journal_mode=wal;{_TABLES}")
        self._write.executescript(READING_TABLES)
        self._read = self._connected()
        self._read.execute("pragma query_only=on")
        self._watch = self._connected()
        self._counts: dict[str, tuple[int, int]] = {}
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="lcrmap-writer")
        self.measured = SQLiteMeasured(self._written, self._found)

    def _connected(self) -> sqlite3.Connection:
        made = sqlite3.connect(
            self._path, timeout=_WAIT, isolation_level=None, check_same_thread=False
        )
        made.executescript(
            "pragma synchronous=full;pragma foreign_keys=on;pragma trusted_schema=off;"
        )
        return made

    async def _written(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work in one transaction, on the one thread that writes."""

        def run() -> T:
            with _told_apart(), _transaction(self._write):
                return work(self._write)

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    def _found(self, query: str, *values: Any) -> list[Any]:
        with _told_apart():
            return self._read.execute(query, values).fetchall()

    async def load(self, layer: str, features: Iterable[tuple[str, str, Box | None]]) -> None:
        """Take features before there is a log."""

        def work(db: sqlite3.Connection) -> None:
            for name, body, box in features:
                _put(db, layer, Held(name, 0, body), box)

        await self._written(work)

    async def seal(self) -> None:
        """Note the digest of what was loaded."""
        first = digest_of(
            self._read.execute("select layer, id, body from features order by layer, id")
        )
        await self._written(
            lambda db: db.execute("insert into meta values ('first', ?)", [first]).fetchall()
        )

    async def first(self) -> str:
        """Return the digest from which the chain begins."""
        return str(self._found("select value from meta where name = 'first'")[0][0])

    async def head(self) -> int:
        """Return the number of the last entry."""
        return int(self._found("select coalesce(max(seq), 0) from log")[0][0])

    async def change(self, change: Change) -> Entry:
        """Write an entry and change the feature."""
        return await self._written(lambda db: _changed(db, change))

    async def held(self, layer: str, feature: str, at: int | None = None) -> Held | None:
        """Return a feature as it is or was."""
        found = self._found(
            "select id, seq, body from features where layer = ? and id = ?", layer, feature
        )
        if at is not None and (not found or found[0][1] > at):
            return self._once(layer, at, feature).get(feature)
        return Held(*found[0]) if found else None

    def _once(self, layer: str, at: int, feature: str | None = None) -> dict[str, Held | None]:
        """Return the features that were changed behind `at` as they were then; None for those that were not there."""
        one = "" if feature is None else "and feature = ?"
        rows = self._found(
            f"select feature, before, min(seq), (select coalesce(max(seq), 0) from log o where o.layer = l.layer "  # noqa: S608
            f"and o.feature = l.feature and o.seq <= ?) from log l where layer = ? and seq > ? {one} group by feature",
            *(at, layer, at, *(() if feature is None else (feature,))),
        )
        return {
            name: None if before is None else Held(name, seq, before)
            for name, before, _, seq in rows
        }

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
            return self._page_at(layer, after, limit, box, at)
        query = "select id, seq, body from features where layer = ? and id > ?"
        values: list[Any] = [layer, after]
        if box is not None:
            query += f" and number in ({_IN_BOX})"
            values += [box[2], box[0], box[3], box[1]]
        return [Held(*row) for row in self._found(f"{query} order by id limit ?", *values, limit)]

    def _page_at(self, layer: str, after: str, limit: int, box: Box | None, at: int) -> list[Held]:
        """Do the same as it was after an entry: what changed since is put back.

        Boxes are those of today: what has changed since is not chosen by them, but looked at by whoever asks.
        """
        query = "select id, seq, body from features where layer = ? and id > ? and seq <= ? order by id limit ?"
        with _transaction(self._read, "begin"):
            once = self._once(layer, at)
            rows = self._found(query, layer, after, at, limit)
        found = [Held(*row) for row in rows]
        found += [each for name, each in once.items() if each is not None and name > after]
        return sorted(found, key=lambda each: each.id.encode())[:limit]

    async def count(self, layer: str, at: int | None = None) -> int:
        """Return how many features a layer has."""
        if at is None:
            return self._counted(layer)
        query = "select count(*) from features where layer = ? and seq <= ?"
        with _transaction(self._read, "begin"):
            once = self._once(layer, at)
            kept = self._found(query, layer, at)[0][0]
        return int(kept + sum(each is not None for each in once.values()))

    def _counted(self, layer: str) -> int:
        """Count a layer, once for each state of the database: to count 25,000 takes four times as long as a page."""
        state = int(self._found("pragma data_version")[0][0])
        known = self._counts.get(layer)
        if known is None or known[0] != state:
            found = self._found("select count(*) from features where layer = ?", layer)
            known = self._counts[layer] = (state, int(found[0][0]))
        return known[1]

    async def extent(self, layer: str) -> Box | None:
        """Return the box around a layer."""
        query = (
            "select min(west), min(south), max(east), max(north) from boxes "
            "join features using (number) where layer = ?"
        )
        west, south, east, north = self._found(query, layer)[0]
        return None if west is None else (west, south, east, north)

    async def changed_since(self, layer: str, seq: int) -> int:
        """Return the number of a layer's last entry up to `seq`."""
        query = "select coalesce(max(seq), 0) from log where layer = ? and seq <= ?"
        return int(self._found(query, layer, seq)[0][0])

    async def entries(
        self, *, since: int = 0, limit: int, layer: str = "", feature: str | None = None
    ) -> list[Entry]:
        """Return entries behind `since`."""
        query, values = f"select {_ENTRY} from log where seq > ?", [since]  # noqa: S608
        chosen: list[Any] = [*values]
        if layer:
            query, chosen = f"{query} and layer = ?", [*chosen, layer]
        if feature is not None:
            query, chosen = f"{query} and feature = ?", [*chosen, feature]
        return [Entry(*row) for row in self._found(f"{query} order by seq limit ?", *chosen, limit)]

    async def follow(self) -> AsyncIterator[None]:
        """Give None whenever anybody may have written."""
        seen = -1
        while True:
            try:
                version = self._watch.execute("pragma data_version").fetchone()[0]
            except sqlite3.OperationalError:
                version = seen  # it is looked at again
            if version != seen:
                seen = version
                yield None
            await asyncio.sleep(_POLL)

    async def users(self) -> Sequence[Known]:
        """Return all users."""
        import msgspec

        rows = self._found("select text from users order by key")
        return [msgspec.json.decode(text, type=Known) for (text,) in rows]

    async def put_user(self, user: Known) -> None:
        """Write a user."""
        import msgspec

        row = (user.key, user.digest, msgspec.json.encode(user).decode())
        await self._written(
            lambda db: db.execute("insert or replace into users values (?, ?, ?)", row).fetchall()
        )

    async def backup(self, target: str) -> int:
        """Write a copy that is one state."""
        with closing(sqlite3.connect(target)) as copy:
            await asyncio.to_thread(self._watch.backup, copy)
            copy.execute("pragma journal_mode=delete")
            return int(copy.execute("select coalesce(max(seq), 0) from log").fetchone()[0])

    async def close(self) -> None:
        """Let go of the database."""
        self._writer.shutdown()
        for each in (self._read, self._watch, self._write):
            each.close()


def _changed(db: sqlite3.Connection, change: Change) -> Entry:
    """Write an entry and change the feature, in a transaction."""
    if change.token:
        query = f"select {_ENTRY} from log where seq = (select seq from requests where who = ? and token = ?)"  # noqa: S608
        done = db.execute(query, [change.who, change.token]).fetchone()
        if done:
            return Entry(*done)
    found = db.execute(
        "select id, seq, body from features where layer = ? and id = ?",
        [change.layer, change.feature],
    ).fetchone()
    held = Held(*found) if found else None
    if change.expected != ANY and (held.seq if held else None) != change.expected:
        raise StaleError(held)
    for name, value in change.unique:
        if db.execute(
            "select 1 from features where layer = ? and id <> ? and json_extract(body, ?) = ?",
            [change.layer, change.feature, f'$.properties."{name}"', value],
        ).fetchone():
            raise TakenError(name)
    last = db.execute("select seq, hash from log order by seq desc limit 1").fetchone()
    if last is None:
        last = (0, db.execute("select value from meta where name = 'first'").fetchone()[0])
    entry = made_entry(
        seq=last[0] + 1,
        time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        who=change.who,
        layer=change.layer,
        feature=change.feature,
        kind=change.kind,
        before=held.body if held else None,
        after=change.after,
        remark=change.remark,
        previous=last[1],
    )
    marks = ", ".join("?" * len(_ENTRY.split(", ")))
    values = [getattr(entry, name) for name in _ENTRY.split(", ")]
    db.execute(f"insert into log values ({marks})", values)  # noqa: S608
    if change.token:
        db.execute("insert into requests values (?, ?, ?)", [change.who, change.token, entry.seq])
    if change.after is None:
        _remove(db, change.layer, change.feature)
    else:
        _put(db, change.layer, Held(change.feature, entry.seq, change.after), change.box)
    return entry


def _put(db: sqlite3.Connection, layer: str, held: Held, box: Box | None) -> None:
    """Write a feature and its box."""
    number = db.execute(
        "insert into features (layer, id, seq, body) values (?, ?, ?, ?) "
        "on conflict (layer, id) do update set seq = excluded.seq, body = excluded.body returning number",
        [layer, held.id, held.seq, held.body],
    ).fetchone()[0]
    db.execute("delete from boxes where number = ?", [number])
    if box is not None:
        west, south, east, north = box
        db.execute("insert into boxes values (?, ?, ?, ?, ?)", [number, west, east, south, north])


def _remove(db: sqlite3.Connection, layer: str, feature: str) -> None:
    row = db.execute(
        "delete from features where layer = ? and id = ? returning number", [layer, feature]
    ).fetchone()
    if row:
        db.execute("delete from boxes where number = ?", [row[0]])


@contextmanager
def _transaction(db: sqlite3.Connection, begin: str = "begin immediate") -> Iterator[None]:
    """Commit what is done, or nothing of it; what is read meanwhile is of one moment."""
    db.execute(begin)
    try:
        yield
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what SQLite says of the disk and of other processes into errors of the store."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise FullError from error
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")):
            raise AwayError from error
        raise
