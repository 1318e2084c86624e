"""Copy all of a store, as it is at one moment, into an empty one, whichever database each is in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from lcrmap.live.entries import Held
from lcrmap.live.sql import TABLES, Rows, SqlStore, inserted
from lcrmap.live.store import Box

__all__ = ["poured"]


async def poured(source: SqlStore, target: SqlStore) -> None:
    """Write all that a store has, as it is at one moment, into another."""
    async with source.moment() as db:
        async for rows in db.parts(source.boxed):
            await target.written(partial(_features, target, rows))
        for table, columns in TABLES.items():
            query = f"select {', '.join(columns)} from {table}"  # noqa: S608
            async for rows in db.parts(query):
                await target.written(partial(_rows, table, rows))


async def _rows(table: str, rows: Sequence[Any], into: Rows) -> None:
    await into.many(inserted(table), [tuple(row) for row in rows])


async def _features(target: SqlStore, rows: Sequence[Any], into: Rows) -> None:
    """Write features with their boxes; None is the box of what has no position."""
    by_layer: dict[str, list[tuple[Held, Box | None]]] = {}
    for layer, name, seq, body, *box in rows:
        west, south, east, north = box
        around = None if west is None else (west, south, east, north)
        by_layer.setdefault(layer, []).append((Held(name, seq, body), around))
    for layer, features in by_layer.items():
        await target.put(into, layer, features)
