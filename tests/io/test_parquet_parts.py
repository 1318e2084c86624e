"""GeoParquet read in parts: every row once, and none passed over that touches the box."""

from __future__ import annotations

import json
import math
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.errors import FileError, GeometryError
from lcrmap.io.parquet_file import ParquetFile, ReadRows
from lcrmap.io.parts import Box, PassedOver
from lcrmap.io.writers.geoparquet import ParquetEncoder
from lcrmap.layers import Field, Layer, Metadata

Store = Callable[..., Path]
EDGES = ("xmin", "ymin", "xmax", "ymax")
COVERING = {"bbox": {each: ["bbox", each] for each in EDGES}}


def layer_of(shapes: Any, **columns: Any) -> Layer:
    frame = gpd.GeoDataFrame(
        {"n": range(len(shapes)), **columns}, geometry=list(shapes), crs="EPSG:4326"
    )
    return Layer(frame, Metadata("drawn", "Drawn", fields=(Field("n", "N", "integer"),)))


def write_own(path: Path, layer: Layer, group_rows: int) -> None:
    with path.open("wb") as sink, ParquetEncoder(sink, layer, group_rows=group_rows) as encoder:
        encoder.write(layer)


def write_geopandas(path: Path, layer: Layer, group_rows: int) -> None:
    layer.frame.to_parquet(path, write_covering_bbox=True, row_group_size=group_rows)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Write shapes with a covering of the caller's own, two rows a group."""

    def write(
        shapes: list[shapely.Geometry | bytes | None],
        boxes: list[tuple[float, float, float, float] | None],
        *,
        covering: Any = COVERING,
        **options: Any,
    ) -> Path:
        binary = [each.wkb if isinstance(each, shapely.Geometry) else each for each in shapes]
        rows = [each and dict(zip(EDGES, each, strict=True)) for each in boxes]
        geo = {
            "version": "1.1.0",
            "primary_column": "shape",
            "columns": {"shape": {"encoding": "WKB", "geometry_types": [], "covering": covering}},
        }
        kind = pa.struct([(each, pa.float64()) for each in EDGES])
        table = pa.table(
            {
                "n": range(len(shapes)),
                "shape": pa.array(binary, pa.binary()),
                "bbox": pa.array(rows, kind),
            }
        )
        path = tmp_path / "a.parquet"
        pq.write_table(
            table.replace_schema_metadata({"geo": json.dumps(geo)}),
            path,
            **{"row_group_size": 2, **options},
        )
        return path

    return write


def parts_of(path: Path, size: int, box: Box | None = None) -> list[ReadRows | PassedOver]:
    """Read a file split by split."""
    file = ParquetFile(path)
    return [file.passed_over(each, box) or file.rows_of(each) for each in file.splits(size)]


def passed(path: Path, box: Box) -> list[tuple[int, int, int]]:
    """Return what is passed over, two rows at a time: first row, rows, and rows without a shape."""
    return [
        (each.first, each.rows, each.without_shape)
        for each in parts_of(path, 2, box)
        if isinstance(each, PassedOver)
    ]


SHAPES = st.one_of(
    st.none(),
    st.just(shapely.Point()),
    st.builds(shapely.Point, st.integers(-20, 20), st.integers(-20, 20)),
    st.builds(
        lambda x, y: shapely.box(x, y, x + 0.3, y + 3), st.integers(-20, 20), st.floats(-9, 9)
    ),
    st.builds(lambda x: shapely.Point(x / 3, x / 7), st.integers(-60, 60)),
)
BOXES = st.tuples(
    st.floats(-25, 25), st.floats(-25, 25), st.sampled_from([0, 0.1, 5]), st.sampled_from([0, 5])
).map(lambda drawn: (drawn[0], drawn[1], drawn[0] + drawn[2], drawn[1] + drawn[3]))
ROUND = st.integers(-20, 20).map(lambda n: (float(n), -30.0, float(n), 30.0))


@pytest.mark.parametrize("write", [write_own, write_geopandas])
@settings(max_examples=60)
@given(
    shapes=st.lists(SHAPES, max_size=24),
    in_order=st.booleans(),
    group_rows=st.integers(1, 6),
    size=st.integers(1, 9),
    box=st.none() | BOXES | ROUND,
)
def test_parts_are_the_whole_and_no_unread_row_touches_the_box(
    write: Callable[[Path, Layer, int], None],
    shapes: list[Any],
    in_order: bool,
    group_rows: int,
    size: int,
    box: tuple[float, float, float, float] | None,
) -> None:
    if in_order:
        shapes.sort(key=lambda each: -99 if each is None or each.is_empty else each.bounds[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        write(path, layer_of(shapes), group_rows)
        read = ParquetFile(path).whole()
        columns, whole = read.columns, read.shapes
        parts = parts_of(path, size, box)
    assert [each.name for each in columns] == ["n"]
    assert list(columns[0].values) == list(range(len(shapes)))
    at = 0
    for part in parts:
        assert part.first == at
        if isinstance(part, ReadRows):
            assert 1 <= len(part.shapes) <= size
            assert list(part.columns[0].values) == list(range(at, at + len(part.shapes)))
            assert [each and each.wkb for each in part.shapes] == [
                each and each.wkb for each in whole[at : at + len(part.shapes)]
            ]
            at += len(part.shapes)
        else:
            unread = whole[at : at + part.rows]
            assert box is not None
            assert part.without_shape == sum(each is None for each in unread)
            assert not shapely.intersects(unread, shapely.box(*box)).any()
            at += part.rows
    assert at == len(shapes)


def test_groups_beyond_the_box_are_passed_over(tmp_path: Path) -> None:
    shapes = [shapely.Point(n, 0) for n in range(10)] + [None] * 3
    write_own(tmp_path / "a.parquet", layer_of(shapes), 2)
    parts = parts_of(tmp_path / "a.parquet", 2, (4.5, -1, 6.0, 1))
    assert [type(each) for each in parts] == [PassedOver] * 2 + [ReadRows] * 2 + [PassedOver] * 3
    assert parts[:2] == [PassedOver(0, 2, 0), PassedOver(2, 2, 0)]
    assert parts[4:] == [PassedOver(8, 2, 0), PassedOver(10, 2, 2), PassedOver(12, 1, 1)]
    read = [each.columns[0].values for each in parts if isinstance(each, ReadRows)]
    assert [list(each) for each in read] == [[4, 5], [6, 7]]


def test_a_piece_of_a_group_is_passed_over_where_its_gaps_can_be_told(tmp_path: Path) -> None:
    write_own(tmp_path / "a.parquet", layer_of([shapely.Point(n, 0) for n in range(6)]), 3)
    parts = parts_of(tmp_path / "a.parquet", 2, FAR)
    assert parts == [PassedOver(at, rows, 0) for at, rows in ((0, 2), (2, 1), (3, 2), (5, 1))]
    shapes = [None, *(shapely.Point(n, 0) for n in range(5))]
    write_own(tmp_path / "a.parquet", layer_of(shapes), 3)
    parts = parts_of(tmp_path / "a.parquet", 2, FAR)
    assert [type(each) for each in parts] == [ReadRows] * 2 + [PassedOver] * 2


@pytest.mark.parametrize("side", range(4))
def test_a_group_that_touches_the_box_is_read(store: Store, side: int) -> None:
    box = [(1.0, 0, 9, 9), (0, 1.0, 9, 9), (-9, -9, 0.0, 9), (-9, -9, 9, 0.0)][side]
    path = store([shapely.box(0, 0, 1, 1)], [(0, 0, 1, 1)])
    assert passed(path, box) == []
    beyond = list(box)
    beyond[side] = math.nextafter(box[side], math.inf if side < 2 else -math.inf)
    west, south, east, north = beyond
    assert passed(path, (west, south, east, north)) == [(0, 1, 0)]


@pytest.mark.parametrize(
    ("group_rows", "size", "expected"),
    [
        (2, 2, [2, 2, 2, 2, 2]),
        (2, 4, [2, 2, 2, 2, 2]),
        (2, 32, [4, 4, 2]),
        (1, 80, [10]),
        (7, 3, [3, 3, 1, 3]),
        (10, 3, [3, 3, 3, 1]),
        (10, 6, [5, 5]),
    ],
)
def test_short_groups_go_together_and_long_ones_are_divided(
    group_rows: int, size: int, expected: list[int], tmp_path: Path
) -> None:
    write_own(tmp_path / "a.parquet", layer_of([None] * 10), group_rows)
    splits = ParquetFile(tmp_path / "a.parquet").splits(size)
    assert [each.rows for each in splits] == expected
    assert [each.first for each in splits] == [sum(expected[:n]) for n in range(len(expected))]


def test_splits_are_read_in_any_order(tmp_path: Path) -> None:
    shapes = [shapely.Point(n, 0) for n in range(20)]
    write_own(tmp_path / "a.parquet", layer_of(shapes), 7)
    file = ParquetFile(tmp_path / "a.parquet")
    splits = file.splits(3)
    backwards = [file.rows_of(each) for each in reversed(splits)]
    again = pickle.loads(pickle.dumps(file))
    for read, split in zip(reversed(backwards), splits, strict=True):
        numbers = list(range(split.first, split.first + split.rows))
        assert list(read.columns[0].values) == numbers
        assert list(again.rows_of(split).columns[0].values) == numbers


POINTS = [shapely.Point(n, n) for n in range(4)]
SOUND = [(n, n, n, n) for n in range(4)]
ALL = [(0, 2, 0), (2, 2, 0)]
FAR = (50.0, 50.0, 60.0, 60.0)


def test_a_file_whose_statistics_are_missing_is_read(store: Store) -> None:
    assert passed(store(POINTS, SOUND), FAR) == ALL
    assert passed(store(POINTS, SOUND, write_statistics=False), FAR) == []
    assert passed(store(POINTS, SOUND, write_statistics=["shape", "bbox.xmin"]), FAR) == []
    assert passed(store(POINTS, SOUND, write_statistics=[f"bbox.{e}" for e in EDGES]), FAR) == []


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ((math.nan,) * 4, "only sound rows are in the statistics, and they say that they are two"),
        ((0.0, 0.0, math.inf, 1.0), "no number"),
        ((179.0, 0.0, -179.0, 1.0), "over the 180th meridian"),
        (None, "a shape without an extent"),
    ],
)
def test_a_group_that_leaves_a_doubt_is_read(store: Store, odd: Any, why: str) -> None:
    boxes = [*SOUND[:3], odd]
    expected = ALL if odd and math.isnan(odd[0]) else [(0, 2, 0)]
    assert passed(store(POINTS, boxes), FAR) == expected, why


def test_a_box_that_is_no_number_passes_over_nothing(store: Store) -> None:
    assert passed(store(POINTS, SOUND), (math.nan,) * 4) == []


def test_a_covering_is_believed(store: Store) -> None:
    """As GDAL and DuckDB do; to find that it lies the shapes would have to be read."""
    path = store(POINTS, [(70, 70, 71, 71)] * 4)
    assert passed(path, (0, 0, 3, 3)) == ALL


@pytest.mark.parametrize(
    "covering",
    [
        None,
        7,
        {},
        {"bbox": None},
        {"bbox": {}},
        {"bbox": {**COVERING["bbox"], "xmin": "bbox"}},
        {"bbox": {**COVERING["bbox"], "xmin": []}},
        {"bbox": {**COVERING["bbox"], "xmin": [7, None]}},
        {"bbox": {each: ["n"] for each in EDGES}},
        {"bbox": {each: ["n", each] for each in EDGES}},
        {"bbox": {each: ["none", each] for each in EDGES}},
        {"other": {each: ["bbox", each] for each in EDGES}},
    ],
)
def test_a_covering_that_is_none_hides_and_prunes_nothing(store: Store, covering: Any) -> None:
    path = store(POINTS, SOUND, covering=covering)
    assert "n" in ParquetFile(path).types
    assert passed(path, FAR) == []


def test_a_covering_is_no_attribute_whoever_wrote_it(store: Store, tmp_path: Path) -> None:
    assert ParquetFile(store(POINTS, SOUND)).types == {"n": "integer"}
    renamed = {"bbox": {each: ["extent", each] for each in EDGES}}
    path = store(POINTS, SOUND, covering=renamed)
    assert ParquetFile(path).types == {"n": "integer", "bbox": "object"}
    write_geopandas(tmp_path / "b.parquet", layer_of(POINTS), 2)
    assert [each.name for each in ParquetFile(tmp_path / "b.parquet").whole().columns] == ["n"]


def test_an_attribute_that_shares_its_name_with_the_covering_survives(
    opened: Callable[..., Layer], tmp_path: Path
) -> None:
    layer = layer_of(POINTS, bbox=["a", "b", "c", "d"])
    write_own(tmp_path / "a.parquet", layer, 2)
    assert opened("a.parquet").frame.equals(layer.frame)


def test_types_of_a_part_are_those_of_the_whole(tmp_path: Path) -> None:
    columns = {
        "whole": pd.Series([None, None, 3, 4], dtype="Int64"),
        "full": [1, 2, 3, 4],
        "truth": pd.Series([True, False, None, None], dtype="boolean"),
        "sure": [True] * 4,
        "text": pd.Series([None, None, "a", "b"], dtype="str"),
    }
    path = tmp_path / "a.parquet"
    write_own(path, layer_of(POINTS, **columns), 2)
    file = ParquetFile(path)
    expected = {
        "n": "integer",
        "whole": "integer",
        "full": "integer",
        "truth": "boolean",
        "sure": "boolean",
        "text": "string",
    }
    assert file.types == expected
    for part in map(file.rows_of, file.splits(2)):
        assert {each.name: each.type for each in part.columns} == expected
    assert file.gaps == {"whole", "truth"}
    table = pq.read_table(path)
    pq.write_table(table, path, write_statistics=False, row_group_size=1)
    assert ParquetFile(path).gaps == {"whole", "truth"}


def test_a_file_without_rows_has_no_part_and_no_gap(tmp_path: Path) -> None:
    write_own(tmp_path / "a.parquet", layer_of([]), 2)
    file = ParquetFile(tmp_path / "a.parquet")
    assert (file.rows, file.types, file.gaps) == (0, {"n": "integer"}, frozenset())
    assert file.splits(5) == ()


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_broken_shape_has_its_number_in_the_file(store: Store, size: int) -> None:
    path = store([*POINTS, b"hello", None], [*SOUND, None, None])
    with pytest.raises(GeometryError, match="in feature 5: mend them"):
        parts_of(path, size)


def test_a_shape_that_nests_too_deep_has_its_number_in_the_file(store: Store) -> None:
    deep = b"\x01\x07\0\0\0\x01\0\0\0" * 100_000 + b"\x01\x07\0\0\0\0\0\0\0"
    path = store([*POINTS, deep], [*SOUND, None])
    with pytest.raises(FileError, match=r"^Feature 5 of .* nests collections too deep"):
        parts_of(path, 2)


def test_damage_within_a_group_is_said_when_it_is_reached(store: Store) -> None:
    path = store(POINTS, SOUND, compression="zstd")
    data = bytearray(path.read_bytes())
    at = pq.read_metadata(path).row_group(1).column(1).data_page_offset
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(data)
    file = ParquetFile(path)
    first, second = file.splits(2)
    assert file.rows_of(first).first == 0
    with pytest.raises(FileError, match="is not a whole Parquet file: save or download it again"):
        file.rows_of(second)


def test_shapes_that_are_no_binary_data_are_refused(tmp_path: Path) -> None:
    geo = {"primary_column": "n", "columns": {"n": {"encoding": "WKB"}}}
    table = pa.table({"n": [1]}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(FileError, match="holds its shapes as 'int64'"):
        ParquetFile(tmp_path / "a.parquet")


def test_shapes_in_a_dictionary_are_read(tmp_path: Path) -> None:
    geo = {"primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    shapes = pa.array([POINTS[1].wkb, None, POINTS[1].wkb]).dictionary_encode()
    table = pa.table({"g": shapes}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "a.parquet")
    found = ParquetFile(tmp_path / "a.parquet").whole().shapes
    assert np.array_equal(found, np.array([POINTS[1], None, POINTS[1]], dtype=object))
