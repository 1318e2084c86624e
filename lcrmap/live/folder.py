"""The folder of a live map: ``live.toml`` says what it is, ``pack/`` how it began, ``live.db`` what became of it."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import AsyncIterator, Container, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import astuple, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from lcrmap.errors import (
    FileError,
    MissingFileError,
    MissingPartError,
    OutputError,
    UnknownNameError,
    UsageError,
)
from lcrmap.io.json_rows import dump, feature_texts
from lcrmap.io.opening import layer_of_pack, layer_of_text, region_of
from lcrmap.io.paths import is_there
from lcrmap.io.targets import explained
from lcrmap.io.writers.geojson import GeoJson
from lcrmap.layers import Field, Layer, Metadata, Pack, open_pack
from lcrmap.layers.constraints import constraints_of
from lcrmap.layers.typed import KeyedTable
from lcrmap.live.databases import Database, fault_of_address, fault_of_schema, new_schema
from lcrmap.live.measuring import Station
from lcrmap.live.readings import READINGS, READINGS_METADATA, STATIONS, STATIONS_METADATA
from lcrmap.live.rules import Collection, box_of
from lcrmap.live.sql import SqlStore
from lcrmap.live.sqlite import SQLite
from lcrmap.live.stations import Source, sources_in, stations_in
from lcrmap.live.store import Store
from lcrmap.live.users import Users
from lcrmap.reports.recipes import Block, recipe_from

if TYPE_CHECKING:
    from lcrmap.live.postgis import PostGIS

__all__ = [
    "COMMENTS",
    "DATABASE",
    "SETTINGS",
    "Live",
    "Settings",
    "all_features",
    "file_at",
    "layer_at",
    "made_map",
    "new_live",
    "open_live",
    "read_settings",
    "without_database",
]

COMMENTS: Final = "comments"
_AT_ONCE: Final = 5_000
_FOLLOWING: Final = ("count", "near")
SETTINGS: Final = "live.toml"
DATABASE: Final = "live.db"
_OF_DATABASE: Final = ("db", "schema")
_DESCRIPTOR: Final = "datapackage.json"

_COMMENTS: Final = Metadata(
    name=COMMENTS,
    title="Comments",
    description="What people say about features and places of this map.",
    geometry="point",
    key="id",
    label="text",
    noun_one="comment",
    noun_many="comments",
    path=f"{COMMENTS}.geojson",
    crs="EPSG:4326",
    fields=(
        Field("id", "Id"),
        Field("text", "Text", required=True),
        Field("about", "About", description="LAYER:ID of a feature; empty for a place."),
        Field("state", "State", required=True),
        Field("author", "Author", required=True),
    ),
)
_COMMENT_DEMANDS: Final = {
    "id": {"required": True, "unique": True, "maxLength": 100},
    "text": {"required": True, "minLength": 1, "maxLength": 4000},
    "about": {"maxLength": 400},
    "state": {"required": True, "enum": ["open", "settled"]},
    "author": {"required": True},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``live.toml`` says.

    Attributes
    ----------
    edit
        The layers that are open to edits.
    layers
        The layers that the page shows; none for those of the pack's atlas.
    questions
        Those whose answers follow the map, as a page's record has them.
    frame_ancestors
        Who may show the page in a frame.
    user_header, proxies
        The header in which a proxy at one of these addresses names the user who signed in.
    limits
        Numbers of requests; see `lcrmap.live.users.Limits`.
    database
        Where log and features are; None for the file beside it.
    stations, sources
        Stations that are named here, and where others and their readings are fetched from.
    """

    title: str
    edit: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    questions: tuple[Block, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    user_header: str = ""
    proxies: tuple[str, ...] = ()
    limits: dict[str, float] = field(default_factory=dict)
    database: Database | None = None
    stations: tuple[Station, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def measures(self) -> bool:
        """Whether the map has stations."""
        return bool(self.stations or self.sources)


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
    return SQLite(folder / DATABASE) if database is None else _in_database(database)


def _in_database(database: Database) -> PostGIS:
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
            _refuse(
                f"the pack has a layer '{name}', which is what a live map with stations calls its own."
            )
    credit = "; ".join(dict.fromkeys(each.credit for each in settings.sources))
    return {
        each.name: Collection(each.replaced(credit=credit))
        for each in (STATIONS_METADATA, READINGS_METADATA)
    }


def read_settings(folder: Path) -> Settings:
    """Return what the folder of a live map says; raises FileError if it is none."""
    path = folder / SETTINGS
    if not path.is_file():
        raise MissingFileError(
            f"'{folder}' is no live map, for it has no {SETTINGS}: make one with 'lcrmap live new {folder}'."
        )
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileError(f"'{path}' is no TOML: {error}.") from error
    table = KeyedTable(raw, "", _refuse)
    table.only(
        (
            "title",
            "edit",
            "layers",
            "question",
            "frame_ancestors",
            "user_header",
            "proxies",
            "limits",
            "station",
            "source",
            *_OF_DATABASE,
        )
    )
    return Settings(
        title=table.text("title", required=True),
        edit=table.texts("edit"),
        layers=table.texts("layers"),
        questions=_questions(raw),
        frame_ancestors=table.texts("frame_ancestors"),
        user_header=table.text("user_header"),
        proxies=table.texts("proxies"),
        limits=dict(raw.get("limits", {})),
        database=_database_in(table),
        stations=stations_in(raw, _refuse),
        sources=sources_in(raw, _refuse),
    )


def _database_in(table: KeyedTable) -> Database | None:
    """Return the database that ``live.toml`` names."""
    address, schema = (table.text(name) for name in _OF_DATABASE)
    if not address and not schema:
        return None
    for name, fault in zip(
        _OF_DATABASE, (fault_of_address(address), fault_of_schema(schema)), strict=True
    ):
        if fault:
            table.fault(name, f"{fault}.")
    return Database(address, schema)


def without_database(text: str) -> str:
    """Return what ``live.toml`` says without the database, for a copy that may go anywhere.

    Raises
    ------
    FileError
        If it does not say so on lines of their own.
    """
    lines, above = [], True
    for line in text.splitlines(keepends=True):
        above = above and not line.lstrip().startswith("[")
        if not (above and line.partition("=")[0].strip() in _OF_DATABASE):
            lines.append(line)
    made, raw = "".join(lines), tomllib.loads(text)
    if tomllib.loads(made) != {name: raw[name] for name in raw if name not in _OF_DATABASE}:
        _refuse(f"write {' and '.join(_OF_DATABASE)} on lines of their own")
    return made


def _questions(raw: dict[str, Any]) -> tuple[Block, ...]:
    """Return the questions whose answers follow the map, of the verbs that may."""
    if "question" not in raw:
        return ()
    blocks = recipe_from({"question": raw["question"]}, SETTINGS).blocks
    for number, each in enumerate(blocks, 1):
        if each.ask not in _FOLLOWING:
            _refuse(f"'question[{number}].ask' is {' or '.join(_FOLLOWING)}, not {each.ask}.")
    return blocks


def _refuse(told: str) -> None:
    raise FileError(f"{SETTINGS}: {told.rstrip('.')}.")


async def new_live(folder: Path, pack: Pack, edit: Sequence[str], address: str = "") -> None:
    """Make a live map of a pack, in a file or in the database of an address.

    Raises
    ------
    UnknownNameError, UsageError
        If a layer to be edited is none of the pack's, or has no key.
    OutputError
        If the folder is there.
    """
    for name in edit:
        if not pack.metadata(name).key:
            raise UsageError(
                f"The layer {name} has no key by which a feature is named, and cannot be edited."
            )
    if COMMENTS in pack.names:
        raise UsageError(
            f"The pack has a layer '{COMMENTS}', which is what a live map calls its own."
        )
    async with made_map(folder, address) as (made, store):
        _write_pack(made / "pack", pack, edit)
        lines = [f"title = {dump(pack.title)}", *([f"edit = {dump(list(edit))}"] if edit else [])]
        told = "\n".join(lines) + "\n" + (made / SETTINGS).read_text(encoding="utf-8")
        (made / SETTINGS).write_text(told, encoding="utf-8")
        await _fill(store, made / "pack")


@asynccontextmanager
async def made_map(target: Path, address: str = "") -> AsyncIterator[tuple[Path, SqlStore]]:
    """Give a folder and an empty store, of which a live map is made; where that fails, nothing is left of either.

    Raises
    ------
    UsageError
        If an address is none, or holds a password.
    OutputError
        If the target is there.
    """
    fault = fault_of_address(address) if address else ""
    if fault:
        raise UsageError(f"--db {fault}.")
    database = Database(address, new_schema(target.name)) if address else None
    in_database = None if database is None else _in_database(database)
    try:
        with made_whole(target) as made:
            made.mkdir()
            lines = [] if database is None else zip(_OF_DATABASE, astuple(database), strict=True)
            told = "".join(f"{name} = {dump(text)}\n" for name, text in lines)
            (made / SETTINGS).write_text(told, encoding="utf-8")
            if in_database is not None:
                await in_database.make()
            store = in_database or SQLite(made / DATABASE, new=True)
            try:
                yield made, store
                if in_database is not None:
                    await in_database.analyse()
            finally:
                await store.close()
    except BaseException:
        if in_database is not None:
            await in_database.discard()
        raise


async def _fill(store: Store, folder: Path) -> None:
    """Take the features of a pack into a store."""
    made = open_pack(folder)
    for each in made:
        layer = layer_of_pack(each.name, made)
        shapes: list[Any] = layer.frame.to_crs("EPSG:4326").geometry.tolist()
        boxes = [None if one is None else box_of(one) for one in shapes]
        texts = feature_texts(layer)[0]
        ids = layer.frame[layer.key] if layer.key else range(1, len(texts) + 1)
        if not layer.key:
            texts = [
                f'{{"type":"Feature","id":"{n}",{text[18:]}' for n, text in enumerate(texts, 1)
            ]
        await store.load(each.name, zip(map(str, ids), texts, boxes, strict=True))
    await store.seal()


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """Give a path beside the target, which gets its name when all is written; nothing is written over.

    Raises
    ------
    OutputError
        If the target is there.
    """
    if is_there(target):
        raise OutputError(f"'{target}' is there already: name a folder or file that is not.")
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as beside:
            made = Path(beside) / "made"
            yield made
            made.rename(target)


def _write_pack(target: Path, pack: Pack, edit: Sequence[str]) -> None:
    """Copy a pack; layers that are open to edits become GeoJSON, and there are comments."""
    shutil.copytree(pack.folder, target)
    for name in ("__init__.py", "__pycache__"):
        _remove(target / name)
    raw = json.loads((pack.folder / _DESCRIPTOR).read_bytes())
    for resource in raw["resources"]:
        if resource["name"] in edit:
            layer = layer_of_pack(resource["name"], pack)
            path = Path(resource["path"]).with_suffix(".geojson")
            resource["path"] = path.as_posix()
            resource.update(format="geojson", mediatype="application/geo+json")
            (target / path).write_bytes(written(layer))
    comments = _COMMENTS.to_resource()
    for one in comments["schema"]["fields"]:
        one["constraints"] = _COMMENT_DEMANDS[one["name"]]
    raw["resources"].append({**comments, "format": "geojson"})
    frame = gpd.GeoDataFrame(
        {each.name: [] for each in _COMMENTS.fields}, geometry=[], crs="EPSG:4326"
    )
    (target / _COMMENTS.path).write_bytes(written(Layer(frame, _COMMENTS)))
    (target / _DESCRIPTOR).write_text(
        json.dumps(raw, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def written(layer: Layer) -> bytes:
    """Return a layer as the bytes of a file of GeoJSON."""
    encoder = GeoJson()
    return encoder.part(layer) + encoder.end()


async def all_features(store: Store, layer: str, at: int | None = None) -> list[str]:
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
    texts = await all_features(live.store, name, at)
    if name == COMMENTS:
        texts = [users.shown(each) for each in texts]
    return (head + ",\n".join(texts) + "\n]}\n").encode()


async def layer_at(live: Live, name: str, at: int, users: Users) -> Layer | None:
    """Return a layer that was changed as it was after entry `at`, as whoever opens its exported file has it."""
    data = await file_at(live, name, at, users)
    return None if data is None else layer_of_text(name, live.pack, data)
