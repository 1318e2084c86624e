"""The folder of a live map: ``live.toml`` says what it is, ``pack/`` how it began, ``live.db`` what became of it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd

from lcrmap.errors import MissingPartError, UnknownNameError
from lcrmap.io.opening import layer_of_text, region_of
from lcrmap.io.writers.geojson import GeoJson
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.layers.constraints import constraints_of
from lcrmap.live.comments import COMMENTS
from lcrmap.live.databases import Database
from lcrmap.live.measuring import Station
from lcrmap.live.readings import READINGS, READINGS_METADATA, STATIONS, STATIONS_METADATA
from lcrmap.live.rules import Collection
from lcrmap.live.settings import Settings, read_settings, refuse_settings
from lcrmap.live.sql import SqlStore
from lcrmap.live.sqlite import SQLite
from lcrmap.live.store import Store
from lcrmap.live.users import Users

if TYPE_CHECKING:
    from lcrmap.live.postgis import PostGIS

__all__ = ["DATABASE", "Live", "file_at", "layer_at", "open_live", "store_in"]

DATABASE: Final = "live.db"
_AT_ONCE: Final = 5_000


@dataclass(frozen=True)
class Live:
    """A live map that is open."""

    folder: Path
    settings: Settings
    pack: Pack
    collections: dict[str, Collection]
    store: Store

    def collection(self, name: str) -> Collection:
        """Return a collection by its name."""
        if name not in self.collections:
            raise UnknownNameError("collection", name, list(self.collections))
        return self.collections[name]

    async def stations(self) -> dict[str, Station]:
        """Return all stations by their ids: those that were fetched, and those of ``live.toml``."""
        fetched = await self.store.measured.stations()
        return {each.id: each for each in (*fetched, *self.settings.stations)}


def open_live(folder: Path) -> Live:
    """Open the folder of a live map.

    Raises
    ------
    FileError
        If it is none.
    """
    settings = read_settings(folder)
    pack = open_pack(folder / "pack")
    region = region_of(pack)
    made = {
        each.name: Collection(
            each,
            constraints_of(pack, each.name),
            region,
            each.name in settings.edit or each.name == COMMENTS,
        )
        for each in pack
    }
    made |= _measured(settings, made)
    return Live(folder, settings, pack, made, _store(folder, settings.database))


def _store(folder: Path, database: Database | None) -> SqlStore:
    """Return the store of a live map."""
    return SQLite(folder / DATABASE) if database is None else store_in(database)


def store_in(database: Database) -> PostGIS:
    """Return a store in PostgreSQL; what speaks to it is read only where it is needed."""
    if find_spec("asyncpg") is None:
        raise MissingPartError(
            "A live map in PostgreSQL needs asyncpg: pip install 'lcrmap[serve,postgis]'"
        )
    from lcrmap.live.postgis import PostGIS

    return PostGIS(database)


def _measured(settings: Settings, others: Container[str]) -> dict[str, Collection]:
    """Return the collections of stations and readings, if the map has any."""
    if not settings.measures:
        return {}
    for name in (STATIONS, READINGS):
        if name in others:
            refuse_settings(
                f"the pack has a layer '{name}', which is what a live map with stations calls its own."
            )
    credit = "; ".join(dict.fromkeys(each.credit for each in settings.sources))
    return {
        each.name: Collection(each.replaced(credit=credit))
        for each in (STATIONS_METADATA, READINGS_METADATA)
    }


async def _all_features(store: Store, layer: str, at: int | None = None) -> list[str]:
    """Return the texts of all features of a layer."""
    found: list[str] = []
    after = ""
    while True:
        page = await store.page(layer, after=after, limit=_AT_ONCE, at=at)
        found += [each.body for each in page]
        if len(page) < _AT_ONCE:
            return found
        after = page[-1].id


async def file_at(live: Live, name: str, at: int, users: Users) -> bytes | None:
    """Return the file of a layer as it was after entry `at`; None where it is the one of the pack.

    Authors of comments are called as they are called today.
    """
    if not await live.store.changed_since(name, at):
        return None
    layer = live.collections[name]
    head = GeoJson().head(Layer(gpd.GeoDataFrame(geometry=[]), layer.metadata))
    texts = await _all_features(live.store, name, at)
    if name == COMMENTS:
        texts = [users.shown(each) for each in texts]
    return (head + ",\n".join(texts) + "\n]}\n").encode()


async def layer_at(live: Live, name: str, at: int, users: Users) -> Layer | None:
    """Return a layer that was changed as it was after entry `at`, as whoever opens its exported file has it."""
    data = await file_at(live, name, at, users)
    return None if data is None else layer_of_text(name, live.pack, data)
