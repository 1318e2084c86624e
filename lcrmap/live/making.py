"""A new live map: its folder, the pack that it begins with, and the store that takes its features."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.json_rows import dump, feature_texts
from lcrmap.io.opening import layer_of_pack
from lcrmap.io.paths import is_there
from lcrmap.io.targets import explained
from lcrmap.io.writers.geojson import GeoJson
from lcrmap.layers import Layer, Pack, open_pack
from lcrmap.live.comments import COMMENT_DEMANDS, COMMENTS, COMMENTS_METADATA
from lcrmap.live.databases import Database, fault_of_address, new_schema
from lcrmap.live.folder import DATABASE, store_in
from lcrmap.live.rules import box_of
from lcrmap.live.settings import OF_DATABASE, SETTINGS
from lcrmap.live.sql import SqlStore
from lcrmap.live.sqlite import SQLite
from lcrmap.live.store import Store

__all__ = ["made_map", "made_whole", "new_live"]

_DESCRIPTOR: Final = "datapackage.json"


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
    in_database = None if database is None else store_in(database)
    try:
        with made_whole(target) as made:
            made.mkdir()
            lines = [] if database is None else zip(OF_DATABASE, astuple(database), strict=True)
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
            (target / path).write_bytes(_written(layer))
    comments = COMMENTS_METADATA.to_resource()
    for one in comments["schema"]["fields"]:
        one["constraints"] = COMMENT_DEMANDS[one["name"]]
    raw["resources"].append({**comments, "format": "geojson"})
    frame = gpd.GeoDataFrame(
        {each.name: [] for each in COMMENTS_METADATA.fields}, geometry=[], crs="EPSG:4326"
    )
    (target / COMMENTS_METADATA.path).write_bytes(_written(Layer(frame, COMMENTS_METADATA)))
    (target / _DESCRIPTOR).write_text(
        json.dumps(raw, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _written(layer: Layer) -> bytes:
    """Return a layer as the bytes of a file of GeoJSON."""
    encoder = GeoJson()
    return encoder.part(layer) + encoder.end()
