"""Who is here, in a database: tables without durability, emptied when a server starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lcrmap.live.sql import Rows

__all__ = ["SqlHere"]

# Seconds for which a process that says nothing is believed to have its listeners.
_LISTENING: Final = 5.0


class SqlHere:
    """See `lcrmap.live.store.Here`.

    Parameters
    ----------
    opened
        Returns the database.
    """

    def __init__(self, opened: Callable[[], Rows]) -> None:
        self._opened = opened

    async def put(self, name: str, at: float, text: str) -> None:
        """Note where somebody looks."""
        await self._opened().rows(
            "insert into here (name, at, text) values (?, ?, ?) "
            "on conflict (name) do update set at = excluded.at, text = excluded.text",
            name,
            at,
            text,
        )

    async def leave(self, name: str, at: float) -> None:
        """Note that somebody left."""
        await self._opened().rows("update here set at = ?, text = null where name = ?", at, name)

    async def since(self, at: float) -> list[tuple[str, float, str | None]]:
        """Return who changed since then."""
        rows = await self._opened().rows("select name, at, text from here where at > ?", at)
        return [(name, when, text) for name, when, text in rows]

    async def crowd(self, process: str, count: int, at: float) -> int:
        """Note how many listen to a process, and return how many listen to all."""
        await self._opened().rows(
            "insert into crowd (process, at, count) values (?, ?, ?) "
            "on conflict (process) do update set at = excluded.at, count = excluded.count",
            process,
            at,
            count,
        )
        query = "select coalesce(sum(count), 0) from crowd where at > ?"
        return int((await self._opened().rows(query, at - _LISTENING))[0][0])

    async def sweep(self, at: float, gone: float) -> None:
        """Let those go of whom nothing was heard since `gone`, and forget those who left before."""
        await self._opened().rows(
            "update here set at = ?, text = null where at < ? and text is not null", at, gone
        )
        await self._opened().rows("delete from here where text is null and at < ?", gone)

    async def empty(self) -> None:
        """Forget all."""
        for table in ("here", "crowd"):
            await self._opened().rows(f"delete from {table}")  # noqa: S608
