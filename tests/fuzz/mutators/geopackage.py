"""GeoPackage: GDAL's own, then altered by SQL in ways that a database takes and a layer does not."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from random import Random

from tests.fuzz.cases import Case
from tests.fuzz.mutators.bases import BASES, written
from tests.fuzz.mutators.shapes import lawful_wkb, odd_wkb
from tests.fuzz.mutators.texts import damaged, odd_name, odd_text

__all__ = ["make"]

TYPES = (
    "INTEGER",
    "TEXT",
    "REAL",
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "BLOB",
    "FOO",
    "TEXT(3)",
    "JSON",
    "",
)
CELLS = (
    "7",
    "-1.5",
    "9223372036854775807",
    "9007199254740993",
    "9e999",
    "'x'",
    "'2026-04-01'",
    "'2026-04-01T10:00:00Z'",
    "'12026-13-41'",
    "x'ff00'",
    "NULL",
    "'true'",
    "''",
    "CAST(x'c328' AS TEXT)",
    "char(0x1b, 93, 48, 59, 7)",
    "'a' || char(0) || 'b'",
    "zeroblob(100)",
)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _geometry(rng: Random) -> str:
    wkb = odd_wkb(rng) if rng.random() < 0.6 else lawful_wkb(rng)
    head = rng.choice(
        [
            b"GP" + struct.pack("<BBi", 0, 1, 4326),
            b"GP" + struct.pack("<BBi", 0, 0x11, 4326),
            b"GP" + struct.pack("<BBi", 0, 3, 4326) + struct.pack("<4d", -3, -2, 53, 54),
            b"GP" + struct.pack("<BBi", 9, 0x3F, -5),
            b"XX",
            b"",
        ]
    )
    return f"x'{(head + wkb).hex()}'"


def _alteration(rng: Random) -> str:
    """Return a statement of SQL."""
    name = odd_name(rng).replace("\0", "") or "x"
    any_row = f"fid % {rng.choice([1, 2, 3])} = 0"
    text = _literal(odd_text(rng).replace("\0", ""))
    column = rng.choice(["name", "n", "share", "open"])
    return rng.choice(
        [
            lambda: f"UPDATE a SET {column} = {rng.choice(CELLS)} WHERE {any_row}",
            lambda: f"UPDATE a SET {column} = {rng.choice(CELLS)}",
            lambda: f"UPDATE a SET name = {text} WHERE {any_row}",
            lambda: f"ALTER TABLE a ADD COLUMN {_quoted(name)} {rng.choice(TYPES)}",
            lambda: (
                f"ALTER TABLE a ADD COLUMN extra {rng.choice(TYPES)} DEFAULT {rng.choice(CELLS[:7])}"
            ),
            lambda: f"ALTER TABLE a RENAME COLUMN {column} TO {_quoted(name)}",
            lambda: f"UPDATE a SET geom = {_geometry(rng)} WHERE {any_row}",
            lambda: f"UPDATE a SET geom = {rng.choice(['NULL', 'x', '5', repr('text')])}",
            lambda: f"DELETE FROM a WHERE {any_row}",
            lambda: f"UPDATE a SET fid = fid * {rng.choice([-1, 10, 2**40])}",
            lambda: f"UPDATE gpkg_contents SET identifier = {text}, description = {text}",
            lambda: f"UPDATE gpkg_contents SET srs_id = {rng.choice([0, -1, 27700, 99999])}",
            lambda: f"UPDATE gpkg_geometry_columns SET srs_id = {rng.choice([0, -1, 3857, 99999])}",
            lambda: f"UPDATE gpkg_spatial_ref_sys SET definition = {text}",
            lambda: "UPDATE gpkg_geometry_columns SET geometry_type_name = 'LINESTRING', z = 1",
            lambda: f"UPDATE gpkg_ogr_contents SET feature_count = {rng.choice([0, 2, 10**9, -1])}",
            lambda: (
                f"DROP TABLE {rng.choice(['gpkg_ogr_contents', 'gpkg_spatial_ref_sys', 'rtree_a_geom'])}"
            ),
            lambda: f"DELETE FROM {rng.choice(['gpkg_contents', 'gpkg_geometry_columns'])}",
            lambda: "UPDATE gpkg_contents SET data_type = 'attributes'",
            lambda: f"ALTER TABLE a RENAME TO {_quoted(name)}",
            lambda: f"CREATE TABLE {_quoted(name)} (x)",
            lambda: f"CREATE VIEW {_quoted(name)} AS SELECT * FROM a",
            lambda: f"UPDATE gpkg_contents SET table_name = {_literal(name)}",
            lambda: f"PRAGMA application_id = {rng.choice([0, 7])}",
            lambda: f"PRAGMA user_version = {rng.choice([0, 99999])}",
            lambda: f"UPDATE gpkg_contents SET min_x = 'x', last_change = {text}",
        ]
    )()


def _altered(data: bytes, statements: list[str]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        _without_triggers(database)
        for each in statements:
            try:
                database.execute(each)
            except sqlite3.Error:
                continue
        database.commit()
        return bytes(database.serialize())


def _without_triggers(database: sqlite3.Connection) -> None:
    """Take out those of the index, whose functions GDAL alone has."""
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        database.execute(f"DROP TRIGGER {_quoted(name)}")


def make(rng: Random) -> Case:
    """Make a GeoPackage."""
    data = written("gpkg", rng.randrange(BASES))["gpkg"]
    data = _altered(data, [_alteration(rng) for _ in range(rng.choice([0, 1, 1, 2, 4]))])
    if rng.random() < 0.08:
        data = damaged(data, rng)
    return Case("gpkg", 0, {"a.gpkg": data}, "a.gpkg", ("reads", "parts", "again"))
