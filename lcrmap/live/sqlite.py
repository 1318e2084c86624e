"""The store in a file of SQLite: one writer, many readers, every commit on the disk before it is acknowledged."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar, cast

from lcrmap.errors import FileError
from lcrmap.live.entries import Held
from lcrmap.live.sql import Rows, SqlStore, Work
from lcrmap.live.sql_here import SqlHere
from lcrmap.live.store import AwayError, Box, FullError

__all__ = ["SQLite", "settled"]

_POLL: Final = 0.02  # seconds between two looks for what others wrote
_WAIT: Final = 10.0  # seconds that a writer waits for another process
_AT_ONCE: Final = 1_000
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
create index log_of_layer on log (layer, seq);
create table requests (who text, token text, seq integer not null, primary key (who, token)) without rowid;
create table users (key text primary key, digest text not null, text text not null) without rowid;
"""
_READING_TABLES: Final = """
create table if not exists stations (id text primary key, body text not null) without rowid;
create table if not exists readings (
    number integer primary key, station text not null, property text not null, time text not null,
    received text not null, who text not null, value real not null, unit text not null, quality text not null,
    replaces integer, replaced_by integer);
create unique index if not exists readings_now on readings (station, property, time) where replaced_by is null;
create index if not exists readings_by_time on readings (time);
create table if not exists latest (
    station text, property text, time text not null, number integer not null, primary key (station, property)
    ) without rowid;
"""
"""Made where they are missing: a live map may be older than its stations."""

_HERE_TABLES: Final = """
pragma journal_mode=wal; pragma synchronous=off;
create table if not exists here (name text primary key, at real, text text) without rowid;
create table if not exists crowd (process text primary key, at real, count integer) without rowid;
"""
_HERE: Final = "presence.db"

T = TypeVar("T")


class SQLite(SqlStore):
    """A store in one file; see `lcrmap.live.store.Store`.

    Parameters
    ----------
    path
        The file, which is there, unless `new`.
    new
        Whether it is made.
    """

    in_box: ClassVar[str] = (
        "number in (select number from boxes where east >= ? and north >= ? and west <= ? and south <= ?)"
    )
    around: ClassVar[str] = (
        "select min(west), min(south), max(east), max(north) from boxes "
        "join features using (number) where layer = ?"
    )
    boxed: ClassVar[str] = (
        "select layer, id, seq, body, west, south, east, north from features left join boxes using (number)"
    )

    def __init__(self, path: Path, *, new: bool = False) -> None:
        super().__init__()
        if not new and not path.is_file():
            raise FileError(f"'{path.name}' is not there: make a live map with 'lcrmap live new'.")
        self._path = path
        self._write = _connected(path)
        if new:
            self._write.executescript(f"pragma journal_mode=wal;{_TABLES}")
        self._write.executescript(_READING_TABLES)
        self._read = _connected(path)
        self._read.execute("pragma query_only=on")
        self._watch = _connected(path)
        self._now = _Asked(self._read)
        self._here = _Here(path.with_name(_HERE))
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="lcrmap-writer")

    @property
    def now(self) -> Rows:
        """The database as it is."""
        return self._now

    @property
    def here(self) -> SqlHere:
        """Who is here."""
        return self._here

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[Rows]:
        """Give the database as it is at one moment."""
        with _transaction(self._read, "begin"):
            yield self._now

    async def written(self, work: Work[T]) -> T:
        """Do work in one transaction, on the one thread that writes."""

        def run() -> T:
            with _told_apart(), _transaction(self._write):
                return _done(cast("Coroutine[Any, Any, T]", work(_Asked(self._write))))

        return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def put(self, db: Rows, layer: str, features: Iterable[tuple[Held, Box | None]]) -> None:
        """Write features and their boxes."""
        query = (
            "insert into features (layer, id, seq, body) values (?, ?, ?, ?) "
            "on conflict (layer, id) do update set seq = excluded.seq, body = excluded.body returning number"
        )
        for held, box in features:
            number = (await db.rows(query, layer, held.id, held.seq, held.body))[0][0]
            await db.rows("delete from boxes where number = ?", number)
            if box is not None:
                await db.rows(
                    "insert into boxes (number, west, south, east, north) values (?, ?, ?, ?, ?)",
                    number,
                    *box,
                )

    async def remove(self, db: Rows, layer: str, feature: str) -> None:
        """Take a feature out."""
        query = "delete from features where layer = ? and id = ? returning number"
        for (number,) in await db.rows(query, layer, feature):
            await db.rows("delete from boxes where number = ?", number)

    def has_value(self, name: str, value: str | int | float) -> tuple[str, list[Any]]:
        """Return the condition that a field has a value."""
        return "json_extract(body, ?) = ?", [f'$.properties."{name}"', value]

    async def state(self) -> int:
        """Return a number that differs after each commit."""
        return int((await self._now.rows("pragma data_version"))[0][0])

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

    async def backup(self, target: str) -> int:
        """Write a copy that is one state."""
        with closing(sqlite3.connect(target)) as copy:
            await asyncio.to_thread(self._watch.backup, copy)
        return settled(Path(target))

    async def close(self) -> None:
        """Let go of the database."""
        self._writer.shutdown()
        for each in (self._read, self._watch, self._write):
            each.close()
        self._here.close()


class _Asked:
    """A connection that is asked; nothing waits, for the file is on this machine."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def rows(self, query: str, *values: Any) -> Sequence[Any]:
        """Return the rows of a query."""
        with _told_apart():
            return self._db.execute(query, values).fetchall()

    async def many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        with _told_apart():
            self._db.executemany(query, rows)

    async def parts(self, query: str) -> AsyncIterator[Sequence[Any]]:
        """Give the rows of a long query."""
        with _told_apart():
            cursor = self._db.execute(query)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield rows


class _Here(SqlHere):
    """Who is here: in a file of its own, for which no commit waits, opened when it is first asked."""

    def __init__(self, path: Path) -> None:
        super().__init__(self._opened)
        self._path = path
        self._file: sqlite3.Connection | None = None

    def _opened(self) -> Rows:
        if self._file is None:
            self._file = sqlite3.connect(self._path, isolation_level=None, timeout=2)
            self._file.executescript(_HERE_TABLES)
        return _Asked(self._file)

    async def empty(self) -> None:
        """Forget all, whatever state a server that was killed has left the file in."""
        self.close()
        for each in self._path.parent.glob(f"{self._path.name}*"):
            each.unlink()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def settled(path: Path) -> int:
    """Make one file of a copy, to be read from any place; return the number of its last entry."""
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("pragma journal_mode=delete")
        return int(copy.execute("select coalesce(max(seq), 0) from log").fetchone()[0])


def _connected(path: Path) -> sqlite3.Connection:
    made = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
    made.executescript("pragma synchronous=full;pragma foreign_keys=on;pragma trusted_schema=off;")
    return made


def _done(work: Coroutine[Any, Any, T]) -> T:
    """Do work that never waits, at once and on this thread: SQLite has each answer as soon as it is asked."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    work.close()
    raise RuntimeError("Work in a transaction waits for something else than its database.")


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
            raise FullError("The disk is full; nothing was changed: make room.") from error
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")):
            raise AwayError(
                "Another process holds the database of this map: try again later."
            ) from error
        raise
