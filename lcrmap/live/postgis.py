"""The store in PostgreSQL with PostGIS: a schema for each live map, so that several may share a database.

What a store does is asynchronous and a server has one loop, as asyncpg wants it: each process has a few connections on
its own loop, and no thread. One writes at a time, whichever process or machine it is in, for it holds a lock of the
database until its commit; so the order of commits is that of the numbers, and who reads sees no number before those
below it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

import asyncpg
from asyncpg.exceptions import (
    ClientConfigurationError,
    InterfaceError,
    InternalClientError,
    PostgresError,
)

from lcrmap.errors import FileError, LcrmapError
from lcrmap.io.json_rows import dump
from lcrmap.live.databases import Database
from lcrmap.live.entries import Held
from lcrmap.live.postgis_tables import TABLES_OF
from lcrmap.live.pouring import poured
from lcrmap.live.sql import TABLES, Rows, SqlStore, Work
from lcrmap.live.sql_here import SqlHere
from lcrmap.live.sqlite import SQLite, settled
from lcrmap.live.store import AwayError, Box, FullError

__all__ = ["PostGIS"]

# Connections of a process that ask and write; who follows the log has one more each.
_MOST: Final = 6
_PATIENCE: Final = 5.0  # seconds that one waits for a connection
_LONGEST: Final = 60.0  # seconds that a query may take
# Seconds that a writer waits for the others of its process, and then for those of all.
_WAIT: Final = 10.0
# Seconds after which a connection on which nothing is heard is asked whether it is there.
_LOOK: Final = 5.0
_AGAIN: Final = 0.5  # seconds between two attempts to reach a database that is away
_END: Final = 2.0  # seconds that connections have to end in an orderly way
_AT_ONCE: Final = 1_000
_SETTINGS: Final = {
    "application_name": "lcrmap",
    "jit": "off",  # which costs more than all queries here
    "lock_timeout": f"{_WAIT:.0f}s",
    "idle_in_transaction_session_timeout": "60s",  # who was cut off holds no lock for longer
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
# What asyncpg and the network raise of a connection that ends; the second, of one that the database is just ending.
_CUT_OFF: Final = (InterfaceError, InternalClientError, OSError)
_LOCK: Final = "select pg_advisory_xact_lock(hashtextextended(current_schema(), 0))"
_DURABLE: Final = (
    "select set_config('synchronous_commit', 'on', true) "
    "where current_setting('synchronous_commit') = 'off'"
)
_TELL: Final = "select pg_notify(current_schema(), '')"
_WHERE: Final = """
select n.nspname, to_regclass($1) is not null from (select 1) one
left join pg_extension e on e.extname = 'postgis' left join pg_namespace n on n.oid = e.extnamespace
"""
_PUT: Final = """
insert into features (layer, id, seq, body, shape) values ($1, $2, $3, $4::text, case when $5::boolean then
    st_force2d(st_setsrid(st_geomfromgeojson(($4::text)::json ->> 'geometry'), 4326)) end)
on conflict (layer, id) do update set seq = excluded.seq, body = excluded.body, shape = excluded.shape
"""

_AWAY: Final = (
    "The database of this map cannot be reached: see that it runs, and that the address of 'db' and the variables "
    "PGHOST and PGPORT are right."
)
_SHUT: Final = (
    "The database does not let this user in: set PGUSER and PGPASSWORD, or write the password into the file "
    "~/.pgpass."
)
_NO_DATABASE: Final = (
    "There is no such database: make it with 'createdb', as docs/serve.md shows, or correct the address of "
    "'db'."
)
_NO_POSTGIS: Final = (
    "The database has no PostGIS, and this user may not add it: let an administrator run 'create extension "
    "postgis' in it."
)
_NOT_INSTALLED: Final = (
    "The server of the database has no PostGIS: install it there (on Debian 'apt-get install "
    "postgresql-postgis')."
)
_NO_RIGHT: Final = (
    "This user may make no schema in the database: let an administrator run 'grant create on database NAME "
    "to USER'."
)
_NO_MAP: Final = (
    "The schema that live.toml names is not in the database, or this user may not use it: correct 'db' and "
    "'schema'."
)
_OTHER_TEXT: Final = (
    "The database does not keep texts in UTF-8: make one with 'createdb -E UTF8 -T template0'."
)
_AWAY_STATES: Final = ("08", "28", "3D", "53", "57", "25006", "25P03", "40", "42501", "55P03")

T = TypeVar("T")


class PostGIS(SqlStore):
    """A store in a schema of its own; see `lcrmap.live.store.Store`.

    It is reached when it is first asked, with what libpq's variables and ~/.pgpass say of user and password.
    """

    in_box: ClassVar[str] = "shape && st_makeenvelope(?, ?, ?, ?, 4326)"
    around: ClassVar[str] = (
        "select st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box) "
        "from (select st_extent(shape) box from features where layer = ?) one"
    )
    boxed: ClassVar[str] = (
        "select layer, id, seq, body, st_xmin(shape), st_ymin(shape), st_xmax(shape), st_ymax(shape) from features"
    )

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._pool: asyncpg.Pool[Any] | None = None
        self._opening, self._writing = asyncio.Lock(), asyncio.Lock()
        self._alone: set[asyncpg.Connection[Any]] = set()
        self._now = _Now(self)
        self._here = SqlHere(lambda: self._now)

    @property
    def now(self) -> Rows:
        """The database as it is."""
        return self._now

    @property
    def here(self) -> SqlHere:
        """Who is here: in tables of which a crash leaves nothing."""
        return self._here

    async def make(self) -> None:
        """Make the schema and its tables, and PostGIS if the database has none.

        Raises
        ------
        FileError
            If this user may not, or the server has no PostGIS.
        """
        with _told_apart():
            db = await self._connected()
            try:
                if await db.fetchval("show server_encoding") != "UTF8":
                    raise FileError(_OTHER_TEXT)
                if not await db.fetchval(
                    "select has_database_privilege(current_database(), 'create')"
                ):
                    raise FileError(_NO_RIGHT)
                await _add_postgis(db)
                place = await db.fetchval(_WHERE, "pg_class")
                async with db.transaction():
                    name = self._database.schema
                    await db.execute(
                        f"create schema {name}; set local search_path = {name}, {_quoted(place)}; {TABLES_OF}"
                    )
            finally:
                await db.close()

    async def analyse(self) -> None:
        """Let the database count what it was filled with: before it has, it reads and sorts a layer for each page."""
        async with self.session() as db:
            for table in ("features", *TABLES):
                await db.execute(f"analyze {table}")

    async def discard(self) -> None:
        """Leave nothing of a map that could not be made."""
        with suppress(AwayError), _told_apart():
            db = await self._connected()
            await db.execute(f"drop schema if exists {self._database.schema} cascade")
            await db.close()

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[Rows]:
        """Give the database as it is at one moment."""
        async with (
            self.session() as db,
            db.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield _Asked(db)

    async def written(self, work: Work[T]) -> T:
        """Do work in one transaction, alone of all that write."""
        with _told_apart():
            async with asyncio.timeout(_WAIT) as waiting, self._writing:
                waiting.reschedule(None)
                async with self.session() as db, _alone(db):
                    return await work(_Asked(db))

    async def put(self, db: Rows, layer: str, features: Iterable[tuple[Held, Box | None]]) -> None:
        """Write features, with their shapes beside the exact texts."""
        rows = ((layer, held.id, held.seq, held.body, box is not None) for held, box in features)
        await db.many(_PUT, rows)

    async def remove(self, db: Rows, layer: str, feature: str) -> None:
        """Take a feature out."""
        await db.rows("delete from features where layer = ? and id = ?", layer, feature)

    def has_value(self, name: str, value: str | int | float) -> tuple[str, list[Any]]:
        """Return the condition that a field has a value."""
        condition = "(body::json #> array['properties', ?::text])::jsonb = ?::jsonb"
        return condition, [name, dump(value)]

    async def state(self) -> int:
        """Return the number of the last entry: features change with the log alone."""
        return await self.head()

    async def follow(self) -> AsyncIterator[None]:
        """Give None whenever anybody may have written: the database tells it."""
        while True:
            with suppress(AwayError):
                async for _ in self._heard():
                    yield None
            await asyncio.sleep(_AGAIN)

    async def _heard(self) -> AsyncIterator[None]:
        """Give None once at first, for what was written before, and at each notice, until the connection ends."""
        moved = asyncio.Event()
        with _told_apart():
            db = await self._connected()
        self._alone.add(db)
        try:
            db.add_termination_listener(lambda *_: moved.set())
            with _told_apart():
                await db.add_listener(self._database.schema, lambda *_: moved.set())
            while not db.is_closed():
                yield None
                try:
                    async with asyncio.timeout(_LOOK):
                        await moved.wait()
                except TimeoutError:
                    with _told_apart():
                        await db.execute("select 1", timeout=_PATIENCE)
                moved.clear()
        finally:
            self._alone.discard(db)
            db.terminate()

    async def backup(self, target: str) -> int:
        """Write a copy that is one state: a file of SQLite, of which a map in either store can be made."""
        copy = SQLite(Path(target), new=True)
        try:
            await poured(self, copy)
        finally:
            await copy.close()
        return settled(Path(target))

    async def close(self) -> None:
        """Let go of the database."""
        for each in tuple(self._alone):
            each.terminate()
        if self._pool is not None:
            try:
                async with asyncio.timeout(_END):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Any]:
        """Give a connection for as long as it is needed."""
        with _told_apart():
            pool = self._pool or await self._opened()
            async with pool.acquire(timeout=_PATIENCE) as db:
                try:
                    yield db
                except InternalClientError:
                    # The database says that it ends the connection, before it is closed.
                    db.terminate()
                    raise

    async def _opened(self) -> asyncpg.Pool[Any]:
        """Look where PostGIS is, and make what gives connections."""
        async with self._opening:
            if self._pool is None:
                db = await self._connected()
                try:
                    place, there = (await db.fetch(_WHERE, f"{self._database.schema}.log"))[0]
                finally:
                    await db.close()
                if not there or place is None:
                    raise AwayError(_NO_MAP)
                path = f"{self._database.schema}, {_quoted(place)}"
                self._pool = await asyncpg.create_pool(
                    self._database.address,
                    min_size=0,
                    max_size=_MOST,
                    timeout=_PATIENCE,
                    command_timeout=_LONGEST,
                    server_settings={**_SETTINGS, "search_path": path},
                    reset=_as_it_is,
                )
            return self._pool

    async def _connected(self) -> asyncpg.Connection[Any]:
        """Return a connection that stands for itself."""
        return await asyncpg.connect(
            self._database.address, timeout=_PATIENCE, server_settings=_SETTINGS
        )


@asynccontextmanager
async def _alone(db: Any) -> AsyncIterator[None]:
    """Begin a transaction with its lock, and commit what was told; each in one message, for all others wait."""
    try:
        await db.execute(f"begin; {_LOCK}; {_DURABLE}")
        yield
        await db.execute(f"{_TELL}; commit")
    except BaseException:
        with suppress(PostgresError, *_CUT_OFF):  # of one that is cut off nothing is left
            await db.execute("rollback")
        raise


async def _as_it_is(db: Any) -> None:
    """Give a connection back: nobody changes settings, listens or locks on it beyond a transaction."""


async def _add_postgis(db: asyncpg.Connection[Any]) -> None:
    """Add PostGIS to a database that has none."""
    if await db.fetchval("select 1 from pg_extension where extname = 'postgis'"):
        return
    if not await db.fetchval("select 1 from pg_available_extensions where name = 'postgis'"):
        raise FileError(_NOT_INSTALLED)
    try:
        await db.execute("create extension if not exists postgis")
    except asyncpg.InsufficientPrivilegeError as error:
        raise FileError(_NO_POSTGIS) from error


class _Asked:
    """A connection that is asked."""

    def __init__(self, db: Any) -> None:
        self._db = db

    async def rows(self, query: str, *values: Any) -> Sequence[Any]:
        """Return the rows of a query."""
        found: Sequence[Any] = await self._db.fetch(_numbered(query), *map(_held, values))
        return found

    async def many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        await self._db.executemany(_numbered(query), rows)

    async def parts(self, query: str) -> AsyncIterator[Sequence[Any]]:
        """Give the rows of a long query."""
        cursor = await self._db.cursor(query)
        while rows := await cursor.fetch(_AT_ONCE):
            yield rows


class _Now:
    """The database as it is: each query for itself, on whichever connection is free."""

    def __init__(self, store: PostGIS) -> None:
        self._store = store

    async def rows(self, query: str, *values: Any) -> Sequence[Any]:
        """Return the rows of a query."""
        async with self._store.session() as db:
            return await _Asked(db).rows(query, *values)

    async def many(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        async with self._store.session() as db:
            await _Asked(db).many(query, rows)

    async def parts(self, query: str) -> AsyncIterator[Sequence[Any]]:
        """Give the rows of a long query."""
        async with self._store.moment() as db:
            async for rows in db.parts(query):
                yield rows


def _held(value: Any) -> Any:
    """Return a value as PostgreSQL can take it: for U+0000, which no text there holds, U+0001, which no key has."""
    return value.replace("\0", "\1") if isinstance(value, str) and "\0" in value else value


@lru_cache(200)
def _numbered(query: str) -> str:
    """Return a query with the marks for values as PostgreSQL has them.

    Examples
    --------
    >>> _numbered("select ? + ?")
    'select $1 + $2'
    """
    head, *others = query.split("?")
    numbers = count(1)
    return head + "".join(f"${next(numbers)}{each}" for each in others)


def _quoted(name: str) -> str:
    """Return a name that somebody else chose as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what PostgreSQL and the network say into errors of the store, none of which names an address."""
    try:
        yield
    except LcrmapError:  # of which some are OSErrors too
        raise
    except PostgresError as error:
        state = error.sqlstate or ""
        if state == "53100":
            raise FullError(
                "The disk of the database is full; nothing was changed: make room there."
            ) from None
        if state.startswith(_AWAY_STATES):
            told = {"28": _SHUT, "3D": _NO_DATABASE, "42": _NO_MAP}.get(state[:2], _AWAY)
            raise AwayError(told) from None
        raise
    except _CUT_OFF as error:
        if isinstance(error, asyncpg.DataError | ValueError) and not isinstance(
            error, ClientConfigurationError
        ):
            raise
        raise AwayError(_AWAY) from None
