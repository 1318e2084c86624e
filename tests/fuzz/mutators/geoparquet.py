"""GeoParquet: every type that Arrow has, odd descriptions of the geometry, odd shapes, and flipped bytes."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.cases import Case
from tests.fuzz.mutators.shapes import lawful_wkb, odd_wkb
from tests.fuzz.mutators.texts import PLAIN_NAMES, damaged, odd_name, odd_text, odd_value

__all__ = ["make"]

HUGE = 2**63 - 1
ZONES = ("UTC", "Europe/London", "+01:00", "Nowhere/Land", "", "\x1b[31m")
WHOLE = {
    **{f"int{n}": (-(2 ** (n - 1)), 2 ** (n - 1) - 1) for n in (8, 16, 32, 64)},
    **{f"uint{n}": (0, 2**n - 1) for n in (8, 16, 32, 64)},
}
CRS: tuple[Any, ...] = (
    None,
    "EPSG:4326",
    {},
    {"id": {"authority": "EPSG", "code": 27700}},
    {"type": "GeographicCRS", "name": "x"},
    {"$schema": "x", "type": "ProjectedCRS", "base_crs": {}},
    5,
    ["x"],
    "x" * 300,
    {"id": {"authority": "\x1b[31m", "code": 1}},
)


def _column(rng: Random, rows: int) -> pa.Array:
    """Return a column of any type, at its limits now and then."""
    pick = rng.randrange(12)
    gaps = rng.random() < 0.4

    def cells(make: Any) -> list[Any]:
        return [None if gaps and rng.random() < 0.3 else make() for _ in range(rows)]

    if pick < 3:
        name = rng.choice(list(WHOLE))
        low, high = WHOLE[name]
        return pa.array(cells(lambda: rng.choice([low, high, 0, 7])), pa.type_for_alias(name))
    if pick < 4:
        kind = rng.choice([pa.float32(), pa.float64()])
        values = [0.5, float("nan"), float("inf"), -0.0, 1e308, 7.0]
        return pa.array(cells(lambda: rng.choice(values)), kind)
    if pick < 6:
        texts = [odd_text(rng).encode("utf-8", "replace").decode() for _ in range(3)]
        kind = rng.choice([pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
        return pa.array(cells(lambda: rng.choice(texts)), pa.string()).cast(kind)
    if pick < 8:
        return _times(rng, cells)
    return rng.choice(
        [
            lambda: pa.array(cells(lambda: rng.random() < 0.5)),
            lambda: pa.array(cells(lambda: Decimal("12345678901234567.89")), pa.decimal128(20, 2)),
            lambda: pa.array(cells(lambda: b"\xff\x00"), pa.binary()),
            lambda: pa.array(cells(lambda: [1, None, 2**60]), pa.list_(pa.int64())),
            lambda: pa.array(cells(lambda: [["a"], []]), pa.list_(pa.list_(pa.string()))),
            lambda: pa.array(cells(lambda: {"a": float("inf"), "b": None})),
            lambda: pa.array(cells(lambda: [("k", 1)]), pa.map_(pa.string(), pa.int64())),
            lambda: pa.nulls(rows),
            lambda: pa.array(cells(lambda: b"abcd"), pa.binary(4)),
            lambda: pa.array(cells(lambda: 1), pa.dictionary(pa.int8(), pa.int64())),
        ]
    )()


def _times(rng: Random, cells: Any) -> pa.Array:
    unit = rng.choice(["s", "ms", "us", "ns"])
    limits = [0, 1, -1, 1_775_001_600, 253_402_300_800, -62_135_596_801, HUGE, -HUGE]
    numbers = pa.array(cells(lambda: rng.choice(limits)), pa.int64())
    small = pa.array(
        cells(lambda: rng.choice([0, 20_000, 2_932_897, -719_163, 2**31 - 1])), pa.int32()
    )
    return rng.choice(
        [
            lambda: numbers.cast(pa.timestamp(unit)),
            lambda: numbers.cast(pa.timestamp(unit, rng.choice(ZONES))),
            lambda: numbers.cast(pa.duration(unit)),
            lambda: small.cast(pa.date32()),
            lambda: pa.array(cells(lambda: dt.date(2026, 4, 1))),
            lambda: small.cast(pa.time32("s")),
            lambda: numbers.cast(pa.time64("us")),
            lambda: pa.array(cells(lambda: dt.datetime(2026, 4, 1, 12, 30))),  # noqa: DTZ001 - without a zone
        ]
    )()


def _geo(rng: Random) -> bytes | None:
    """Return the description of the geometry, most often a lawful one."""
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    whole: dict[str, Any] = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": column},
    }
    pick = rng.randrange(16)
    if pick == 0:
        column["crs"] = rng.choice(CRS)
    elif pick == 1:
        column[rng.choice(["encoding", "geometry_types", "bbox", "covering", "edges"])] = odd_value(
            rng
        )
    elif pick == 2:
        whole[rng.choice([*whole])] = odd_value(rng)
    elif pick == 3:
        column["encoding"] = rng.choice(["point", "WKT", "wkb", ""])
    elif pick == 4:
        bare = json.dumps(whole).encode()
        deep = b'{"a":' * 3000 + b"1" + b"}" * 3000
        return rng.choice([b"", b"{", b"[]", b"\xff", b"1" * 5000, bare[:-2], deep])
    elif pick == 5:
        return None
    from tests.fuzz.mutators.texts import json_text

    return json_text(whole).encode("utf-8", "replace")


def make(rng: Random) -> Case:
    """Make a GeoParquet file."""
    rows = rng.choice([1, 3, 5])
    names = [rng.choice(PLAIN_NAMES) if rng.random() < 0.7 else odd_name(rng) for _ in range(3)]
    arrays: list[Any] = []
    kept: list[str] = []
    for name in names[: rng.randint(0, 3)]:
        try:
            arrays.append(_column(rng, rows))
            kept.append(name)
        except pa.ArrowException:  # a value that its type cannot hold
            continue
    odd = rng.random() < 0.3
    shapes = [odd_wkb(rng) if odd and rng.random() < 0.5 else lawful_wkb(rng) for _ in range(rows)]
    if rng.random() < 0.2:
        shapes[0] = None
    arrays.append(pa.array(shapes, pa.binary()))
    table = pa.Table.from_arrays(arrays, names=[*kept, "geometry"])
    geo = _geo(rng)
    meta = {} if geo is None else {b"geo": geo}
    if rng.random() < 0.1:
        meta[b"lcrmap"] = rng.choice([b"{}", b"[", b"\xff", b'{"schema":5}', b'{"title":[]}'])
    data = _written(table.replace_schema_metadata(meta), rng)
    if data and rng.random() < 0.15:
        data = damaged(data, rng)
    return Case("parquet", 0, {"a.parquet": data}, "a.parquet", ("reads", "parts", "again"))


def _written(table: pa.Table, rng: Random) -> bytes:
    sink = io.BytesIO()
    options: dict[str, Any] = {
        "row_group_size": rng.choice([1, 2, 100]),
        "compression": rng.choice(["snappy", "none", "zstd"]),
        "use_dictionary": rng.random() < 0.5,
    }
    try:
        pq.write_table(table, sink, **options)
    except pa.ArrowException:  # a type that Parquet lacks
        simple = table.select(["geometry"]) if table.schema.names.count("geometry") == 1 else None
        if simple is None:
            return b"PAR1"
        sink = io.BytesIO()
        pq.write_table(simple, sink, **options)
    return sink.getvalue()
