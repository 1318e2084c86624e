"""What a binary file holds by a reader that is not lcrmap's: pyarrow, sqlite3, the bytes themselves, GDAL's count."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from lcrmap.io.columns import unreserved
from tests.fuzz.oracles.expected import BrokenError, Expected, Positions

__all__ = ["BINARY_REFERENCES"]


def of_parquet(path: Path) -> Expected | None:
    try:
        table = pq.read_table(pa.BufferReader(path.read_bytes()))
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, UnicodeError):
        return None
    names = table.schema.names
    if len(set(names)) < len(names) or "geometry" not in names:
        return Expected(table.num_rows)
    exact = [
        name
        for name in names
        if name not in ("geometry", "") and _is_exact(table.schema.field(name))
    ]
    rows = table.select(exact).to_pylist()
    shapes = table.column("geometry").to_pylist()
    return Expected(table.num_rows, rows, [_positions(each) for each in shapes])


def _is_exact(field: pa.Field) -> bool:
    """Tell whether the values of a column are the same in JSON."""
    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return (
        pa.types.is_integer(kind)
        or pa.types.is_float64(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
    )


def _positions(wkb: Any) -> Positions | None:
    """Return the positions of WKB; None if GEOS cannot tell them."""
    if wkb is None:
        return []
    if not isinstance(wkb, bytes):
        return None
    try:
        shape = shapely.from_wkb(wkb)
    except (shapely.errors.GEOSException, ValueError, NotImplementedError):
        return None
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shape)]


def of_gpkg(path: Path) -> Expected | None:
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.deserialize(path.read_bytes())
            found = database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            ).fetchall()
            if len(found) != 1:
                return None
            name = found[0][0].replace('"', '""')
            (count,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            rows = database.execute(f'SELECT * FROM "{name}" ORDER BY fid')
            names = [each[0] for each in rows.description]
            whole = [dict(zip(names, each, strict=True)) for each in rows.fetchall()]
            types = _declared(database, name)
            types.pop("fid", None)  # which is no attribute
        except (sqlite3.Error, UnicodeError, AttributeError):
            return None
    exact = [each for each in names if _fits(types.get(each, ""), [row[each] for row in whole])]
    shown = dict(zip(names, unreserved(names), strict=True))
    return Expected(count, [{shown[each]: row[each] for each in exact} for row in whole])


def _declared(database: sqlite3.Connection, name: str) -> dict[str, str]:
    return {row[1]: row[2] for row in database.execute(f'PRAGMA table_info("{name}")')}


def _fits(declared: str, values: list[Any]) -> bool:
    """Tell whether all values of a column are of the type that it declares, so that no reader need convert."""
    python: dict[str, type] = {"INTEGER": int, "MEDIUMINT": int, "REAL": float, "TEXT": str}
    kind = python.get(declared)
    if kind is None:
        return False
    if kind is str and any(isinstance(each, str) and "\0" in each for each in values):
        return False  # where GDAL ends it
    return all(each is None or type(each) is kind for each in values)


def by_gdal(path: Path) -> Expected | None:
    """Return GDAL's count of features, counted one by one."""
    with warnings.catch_warnings(action="ignore"):
        try:
            info = pyogrio.read_info(path, force_feature_count=True)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError):
            return None
        except (pyogrio.errors.CRSError, IndexError, RuntimeError):
            return None
    return Expected(info["features"]) if info["features"] >= 0 else None


def of_shapefile(path: Path) -> Expected | None:
    """Return the number of rows that the three parts agree upon, as they must, without those marked as deleted."""
    index, table = path.with_suffix(".shx"), path.with_suffix(".dbf")
    if not (index.is_file() and table.is_file()):
        raise BrokenError("a part is missing")
    head = table.read_bytes()[:12]
    if len(head) < 12:
        raise BrokenError("the .dbf has no head")
    rows, size = int.from_bytes(head[4:8], "little"), int.from_bytes(head[8:10], "little")
    length = int.from_bytes(head[10:12], "little")
    if table.stat().st_size < size + rows * length:
        raise BrokenError("the .dbf is cut")
    if (index.stat().st_size - 100) // 8 != rows:
        raise BrokenError("the .shx and .dbf disagree")
    marks = table.read_bytes()[size : size + rows * length : length] if length else b""
    return Expected(rows - marks.count(b"*"))  # which marks a row as deleted


BINARY_REFERENCES: dict[str, Callable[[Path], Expected | None]] = {
    ".parquet": of_parquet,
    ".gpkg": of_gpkg,
    ".fgb": by_gdal,
    ".shp": of_shapefile,
    ".tab": by_gdal,
    ".mif": by_gdal,
    ".zip": lambda path: None,
}
