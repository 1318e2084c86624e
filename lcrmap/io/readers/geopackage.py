"""GeoPackage, whole and in parts: which layers one holds, and whether it is safe to let GDAL read them.

A GeoPackage is a database, and a database can hold views and virtual tables that run functions when they
are read. lcrmap reads ordinary tables only.
"""

from __future__ import annotations

import shutil
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyproj
import shapely

from lcrmap.errors import FileError, WholeNeededError
from lcrmap.io import batches
from lcrmap.io.batches import REFUSALS, BatchedRows, Schema, crs_to_use, schema_of, surveyed
from lcrmap.io.columns import Column, broken_shapes, build_frame
from lcrmap.io.contents import layers_in_words
from lcrmap.io.layered import chosen_layer
from lcrmap.io.nested import nested_types
from lcrmap.io.parts import Box, Progress, Split
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.siblings import temporary_folder
from lcrmap.io.survey import Surveyed
from lcrmap.io.vectors import RefusedError, layer_metadata, read_vectors, tidied
from lcrmap.layers.plain import carried_values

__all__ = ["list_layers", "read", "survey"]

_OPENING = {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"}
_LARGEST_KEY = 2**62
_ROW_NUMBERS = ("rowid", "oid", "_rowid_")  # to SQLite, where no column is called so
_BEHIND = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
"""Where a shape begins behind its header, by the kind of box that this holds."""

_LONGEST_EMPTY = 200
"""An empty shape of more bytes is left to the reader of the whole."""

_SETTLING = Lock()


def read(path: Path, asked: Asked) -> Reading:
    """Read all features of a layer.

    Raises
    ------
    FileError
        If it is not whole, or if the layer is to be chosen or is no plain table.
    UnknownNameError
        If it has no layer of the name asked for.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    where = f"'{path}'"
    with _settled(path) as file:
        layer = _choose_layer(file, asked.part, path)
        all_rows = {"where": "1 = 1"} if _is_miscounted(file, layer, where) else {}
        try:
            columns, shapes, crs, notes = read_vectors(
                file,
                "GPKG",
                where=where,
                layer=layer,
                options={**_OPENING, **all_rows},
                own_crs=not asked.crs,
            )
        except RefusedError as error:
            raise FileError(
                f"{where} is not a whole GeoPackage: "
                f"save or download it again ({tidied(str(error), file)})."
            ) from error
        lost = _unreadable_shapes(file, layer, [each is None for each in shapes], where)
        carried = _carried_metadata(layer_metadata(file, "GPKG", layer))
    if lost:
        raise broken_shapes(lost, where)
    nested = nested_types(carried)
    columns = [_as_nested(each) if each.name in nested else each for each in columns]
    frame, types = build_frame(columns, shapes, crs)
    return Reading(frame, types, carried=carried, notes=tuple(notes), title=layer)


def list_layers(file: Path, where: str = "") -> tuple[str, ...]:
    """Return the names of the layers of a GeoPackage that hold features.

    Parameters
    ----------
    where
        What to call it in messages; empty for its path.

    Raises
    ------
    FileError
        If it is broken, or if its own tables are views that could run functions.
    """
    shaped, tables = _layers(file, where or f"'{file}'")
    return (*shaped, *tables)


def _layers(file: Path, where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the layers with shapes, and of the tables without."""
    with _opened(file, where) as database:
        _refuse_cut(file, where)
        _refuse_tricks(database, where)
        rows = database.execute(
            "SELECT table_name, data_type FROM gpkg_contents "
            "WHERE data_type IN ('features', 'attributes') ORDER BY rowid"
        ).fetchall()
    shaped = tuple(str(name) for name, kind in rows if kind == "features")
    return shaped, tuple(str(name) for name, kind in rows if kind != "features")


def _choose_layer(file: Path, asked: str, path: Path) -> str:
    """Return the layer that was asked for, else the only one with shapes, else the only one, if it is a plain table.

    Parameters
    ----------
    file
        The file to look at.
    path
        The path by which the user knows it.
    """
    shaped, tables = _layers(file, f"'{path}'")
    name = chosen_layer(
        shaped,
        asked,
        path,
        words=lambda some: layers_in_words(file, "GPKG", some, **_OPENING),
        hidden=tables,
    )
    with _opened(file, f"'{path}'") as database:
        _refuse_computed(database, name, f"'{path}'")
    return name


def _is_miscounted(file: Path, layer: str, where: str) -> bool:
    """Tell whether a layer may hold other rows than the file counts, for which pyogrio makes room."""
    with _opened(file, where) as database:
        try:
            claimed = database.execute(
                "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ? COLLATE NOCASE",
                (layer,),
            ).fetchone()
        except sqlite3.OperationalError:  # GDAL alone writes this table
            return False
        if claimed is None or claimed[0] is None:
            return False
        columns = database.execute(f"PRAGMA table_xinfo({_quoted(layer)})").fetchall()
        names = {str(each[1]).casefold() for each in columns}
        free = [each for each in _ROW_NUMBERS if each not in names]
        if not free:
            return True
        first, last = database.execute(
            f"SELECT min({free[0]}), max({free[0]}) FROM {_quoted(layer)}"  # noqa: S608 - quoted
        ).fetchone()
    # Of rows that are numbered without gaps the last tells, so that a million are not counted.
    number = claimed[0] if isinstance(claimed[0], int) else -1
    return bool(number != (0 if last is None else last - first + 1))


def _unreadable_shapes(file: Path, layer: str, missing: Any, where: str) -> tuple[int, ...]:
    """Return the rows that hold a shape of which GDAL, without a word, makes none.

    Parameters
    ----------
    missing
        For each row whether GDAL gave no shape.
    where
        What to call the file in messages.
    """
    if not any(missing):
        return ()
    with _opened(file, where) as database:
        found = database.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
        ).fetchone()
        if found is None:
            return ()
        column, table = _quoted(str(found[0])), _quoted(layer)
        blobs = database.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608 - quoted
    return tuple(
        row
        for row, ((blob,), none) in enumerate(zip(blobs, missing, strict=False))
        if none and blob is not None and not _says_empty(blob)
    )


def _says_empty(blob: Any) -> bool:
    """Tell whether a shape is an empty one: its header has the flag, and both are such that GDAL can read them."""
    if not isinstance(blob, bytes) or blob[:3] != b"GP\0" or len(blob) < 8 or not blob[3] & 0x10:
        return False
    behind = _BEHIND.get(blob[3] >> 1 & 7, len(blob))
    try:
        shape = shapely.from_wkb(blob[behind:], on_invalid="ignore")
    except NotImplementedError:  # what shapely raises for a curve
        return False
    return bool(shapely.is_empty(shape))  # of none it is False


def _carried_metadata(metadata: dict[str, str] | None) -> Any:
    """Return lcrmap's own metadata from those of a layer, or None."""
    return carried_values((metadata or {}).get("lcrmap", ""))


def _as_nested(column: Column) -> Column:
    """Return a column of texts as one of lists and objects, if all of them are."""
    texts = [each for each in column.values if each is not None and each == each]
    if not all(isinstance(each, str) and each[:1] in ("[", "{") for each in texts):
        return column
    return replace(column, type="object")


@contextmanager
def _settled(path: Path) -> Iterator[Path]:
    """Give a file that reading does not change, for as long as the block lasts.

    GDAL writes a log that lies beside a GeoPackage (another program has it open, or ended badly) into
    the file itself, even when it only reads. Such a file is copied with its log, and the copy brought
    up to date; any other is given as it is.

    Yields
    ------
    Path
        The file to read.
    """
    logs = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
    logs = [each for each in logs if each.is_file() and each.stat().st_size]
    with path.open("rb") as stream:
        keeps_log = stream.read(20)[18:20] == b"\x02\x02"
    if not logs and not keeps_log:
        yield path
        return
    with temporary_folder() as folder:
        for each in (path, *logs):
            shutil.copyfile(each, folder / each.name)
        copy = folder / path.name
        with (
            closing(sqlite3.connect(copy)) as database,
            suppress(sqlite3.DatabaseError, ValueError),
        ):
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA journal_mode = DELETE")
        yield copy


@contextmanager
def _opened(file: Path, where: str) -> Iterator[sqlite3.Connection]:
    """Give a connection that reads the file as it lies there and trusts nothing in it.

    Raises
    ------
    FileError
        If the file is broken.
    """
    address = f"file:{quote(str(file.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = _text
            database.execute("PRAGMA trusted_schema = OFF")
            yield database
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # Python cannot decode sqlite's own message where that quotes a damaged name.
        reason = "its schema is damaged" if isinstance(error, UnicodeDecodeError) else error
        raise FileError(
            f"{where} is not a whole GeoPackage ({reason}): save or download it again."
        ) from None


def _refuse_cut(file: Path, where: str) -> None:
    """Refuse a database that has fewer pages than its header says; SQLite itself may not notice."""
    with file.open("rb") as stream:
        head = stream.read(100)
    page = int.from_bytes(head[16:18], "big")
    claimed = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    trusted = len(head) == 100 and head[24:28] == head[92:96]  # else older programs wrote it
    real = file.stat().st_size
    if trusted and real < claimed:
        raise FileError(
            f"{where} is not a whole GeoPackage ({real} of {claimed} bytes): "
            f"save or download it again."
        )


def _quoted(name: str) -> str:
    """Return a name of a table or column as SQL takes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _refuse_tricks(database: sqlite3.Connection, where: str) -> None:
    """Refuse a file in which a table that GDAL reads on opening is something else than a table."""
    rows = database.execute(
        "SELECT name, type, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall()
    for name, kind, sql in rows:
        lowered = name.casefold()
        virtual = sql.lstrip().casefold().startswith("create virtual")
        if lowered.startswith("gpkg_") and (kind == "view" or virtual):
            raise FileError(
                f"{where} is not read: its table {name} is a view or a virtual table, "
                f"which can open other files."
            )
    tables = {name.casefold() for name, _, _ in rows}
    if "gpkg_contents" not in tables:
        raise FileError(f"{where} is a database but not a GeoPackage: it has no gpkg_contents.")


def _refuse_computed(database: sqlite3.Connection, name: str, where: str) -> None:
    """Refuse a layer that is a view, a virtual table, or has columns that are computed."""
    row = database.execute(
        "SELECT type, coalesce(sql, '') FROM sqlite_master WHERE name = ? COLLATE NOCASE "
        "AND type IN ('table', 'view')",
        (name,),
    ).fetchone()
    kind, sql = row or ("missing", "")
    virtual = sql.lstrip().casefold().startswith("create virtual")
    plain = kind == "table" and not virtual
    computed = plain and any(
        column[-1] in (2, 3) for column in database.execute(f"PRAGMA table_xinfo({_quoted(name)})")
    )
    if computed or not plain:
        raise FileError(
            f"The layer '{name}' of {where} is not read, because it is not a plain table but computed "
            f"(a view or the like), which can open other files: save it as a layer of its own."
        )


# In parts


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over a layer once; see `lcrmap.io.readers.Survey`."""
    where = f"'{path}'"
    try:
        settled = _Settled(path)
        file = settled.file
        layer = _choose_layer(file, asked.part, path)
        source = f"GPKG:{file.resolve()}"
        schema = schema_of(source, where, own_crs=not asked.crs, layer=layer, **_OPENING)
        carried = _carried_metadata(schema.metadata)
        if nested_types(carried):
            raise WholeNeededError("It has a column of lists or objects.")
        splits = _splits(file, layer, schema.key, path)
        total = sum(each.rows for each in splits)
        found = surveyed(
            _Rows(settled, layer, schema, crs_to_use(schema, asked)),
            splits,
            asked,
            f"'{path.name}'",
            region=region,
            carried=carried,
            title=layer,
            tell=lambda done: progress(f"Reading {path.name}", done, total),
        )
        if found.placed < found.rows and found.placed != _claimed_shapes(file, layer, where):
            raise WholeNeededError("GDAL makes no shape of something that is one.")
    except REFUSALS as error:
        raise WholeNeededError(str(error)) from error
    return found


class _Settled:
    """A file that reading does not change; where that is a copy, the copy lasts as long as this does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Path | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_path": self._path, "_file": None}

    @property
    def file(self) -> Path:
        """The file to read."""
        with _SETTLING:
            if self._file is None:
                stack = ExitStack()
                self._file = stack.enter_context(_settled(self._path))
                weakref.finalize(self, stack.close)
            return self._file


class _Rows(BatchedRows):
    """The rows of a layer, by ranges of their feature ids."""

    def __init__(
        self, settled: _Settled, layer: str, schema: Schema, crs: pyproj.CRS | None
    ) -> None:
        super().__init__(schema, crs)
        self._settled, self._layer = settled, layer

    def table(self, split: Split, columns: tuple[str, ...]) -> pa.Table:
        """Return the shapes and some attributes of a split."""
        key = _quoted(self.schema.key)
        found = batches.batches(
            f"GPKG:{self._settled.file.resolve()}",
            columns,
            layer=self._layer,
            where=f"{key} >= {split.start} AND {key} < {split.end}",
            **_OPENING,
        )
        return pa.Table.from_batches(list(found))


def _splits(file: Path, layer: str, key: str, path: Path) -> tuple[Split, ...]:
    """Divide a layer by its feature ids, between which there may be gaps of any length."""
    if not key:
        raise WholeNeededError("Its features have no ids.")
    column, table = _quoted(key), _quoted(layer)
    run = f"SELECT {column} AS id FROM {table} WHERE {column} >= ? ORDER BY 1 LIMIT ?"  # noqa: S608 - quoted
    question = f"SELECT min(id), max(id), count(*) FROM ({run})"  # noqa: S608 - quoted
    found: list[Split] = []
    first, start = 0, -_LARGEST_KEY
    with _opened(file, f"'{path}'") as database:
        while True:
            low, high, rows = database.execute(question, (start, batches.ROWS)).fetchone()
            if not rows:
                return tuple(found)
            if not -_LARGEST_KEY < low <= high < _LARGEST_KEY:
                raise WholeNeededError("Its features have unusual ids.")
            found.append(Split(path, low, high + 1, first, rows))
            first, start = first + rows, high + 1


def _claimed_shapes(file: Path, layer: str, where: str) -> int:
    """Return how many rows hold a shape that is not empty, by what the shapes themselves say."""
    with _opened(file, where) as database:
        found = database.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
        ).fetchone()
        if found is None:
            raise WholeNeededError("It has no shapes.")
        column = _quoted(str(found[0]))
        blobs = database.execute(
            f"SELECT substr({column}, 1, {_LONGEST_EMPTY}) FROM {_quoted(layer)} WHERE {column} IS NOT NULL"  # noqa: S608 - quoted
        )
        return sum(not _says_empty(blob) for (blob,) in blobs)
