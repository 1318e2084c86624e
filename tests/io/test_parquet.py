"""GeoParquet and FlatGeobuf: whole, and not believed in what they claim."""

from __future__ import annotations

import base64
import datetime as dt
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from pyarrow.parquet import encryption

from lcrmap.errors import CRSError, FileError, GeometryError
from lcrmap.io import unpacked
from lcrmap.io.wellknown import nests_too_deep
from lcrmap.layers import Layer

Open = Callable[..., Layer]


@pytest.fixture
def store(tmp_path: Path) -> Callable[..., None]:
    """Write a Parquet file with whatever it shall say of itself."""

    def write(
        shapes: list[bytes | None], *, extra: dict[str, Any] | None = None, **column: Any
    ) -> None:
        described = {"encoding": "WKB", "geometry_types": [], **column}
        geo = {"version": "1.1.0", "primary_column": "shape", "columns": {"shape": described}}
        table = pa.table({"n": list(range(len(shapes))), "shape": pa.array(shapes, pa.binary())})
        metadata = {"geo": json.dumps(geo), **(extra or {})}
        pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "a.parquet")

    return write


POINT = shapely.Point(-2.9, 53.4).wkb


def test_every_type_of_column_has_its_place(opened: Open, tmp_path: Path) -> None:
    geo = {"version": "1.1.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB"}}}
    table = pa.table(
        {
            "text": ["a", None],
            "whole": [1, None],
            "part": [1.5, None],
            "truth": [True, None],
            "day": [dt.date(2026, 4, 1), None],
            "time": [dt.datetime(2026, 4, 1, 12, 30), None],  # noqa: DTZ001
            "list": [[1, 2], None],
            "struct": [{"a": 1}, None],
            "word": pa.array(["x", None]).dictionary_encode(),
            "blob": pa.array([b"x", None]),
            "g": pa.array([POINT, None]),
        }
    ).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "a.parquet")
    layer = opened("a.parquet")
    assert {each.name: each.type for each in layer.metadata.fields} == {
        "text": "string",
        "whole": "integer",
        "part": "number",
        "truth": "boolean",
        "day": "date",
        "time": "datetime",
        "list": "array",
        "struct": "object",
        "word": "string",
    }
    assert layer.frame.iloc[0].drop("geometry").tolist() == [
        "a",
        1.0,
        1.5,
        True,
        "2026-04-01",
        "2026-04-01T12:30:00",
        [1, 2],
        {"a": 1},
        "x",
    ]
    assert layer.notes == ("The column 'blob' of 'a.parquet' holds binary data and is left out.",)


def test_a_missing_crs_is_degrees_and_null_is_unknown(
    opened: Open, store: Callable[..., None]
) -> None:
    store([POINT])
    assert opened("a.parquet").frame.crs == "EPSG:4326"
    store([POINT], crs=None)
    with pytest.raises(CRSError, match="does not say its coordinate reference system"):
        opened("a.parquet")


@pytest.mark.parametrize("crs", ["/etc/passwd", {"type": "GeographicCRS"}, 7, ["x"]])
def test_a_crs_that_is_no_crs_is_refused_unless_one_is_asked_for(
    opened: Open, store: Callable[..., None], crs: object
) -> None:
    store([POINT], crs=crs)
    with pytest.raises(CRSError, match="cannot be understood: say --crs EPSG:CODE"):
        opened("a.parquet")
    assert opened("a.parquet", crs="EPSG:4326").placed == 1


def test_a_shape_that_is_none_is_refused_by_number(
    opened: Open, store: Callable[..., None]
) -> None:
    store([POINT, b"hello", None])
    with pytest.raises(GeometryError) as caught:
        opened("a.parquet")
    assert str(caught.value) == (
        "'a.parquet' has shapes that cannot be understood, in feature 2: mend them in a GIS."
    )


def test_two_columns_of_one_name_are_refused(opened: Open, tmp_path: Path) -> None:
    geo = {"primary_column": "shape", "columns": {"shape": {"encoding": "WKB"}}}
    columns = [pa.array([1]), pa.array([2]), pa.array([POINT], pa.binary())]
    table = pa.Table.from_arrays(columns, names=["n", "n", "shape"])
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "a.parquet")
    with pytest.raises(FileError, match=r"'a\.parquet' has more than one column 'n': rename them"):
        opened("a.parquet")


def nested(order: str, kind: int, *, before: bytes = b"") -> bytes:
    count = 2 if before else 1
    head = struct.pack(f"{order}BII", order == "<", kind, count) + before
    return head * 300_000 + struct.pack(f"{order}BII", order == "<", kind, 0)


@pytest.mark.parametrize(
    "shape",
    [
        nested("<", 7),
        nested(">", 7),
        nested("<", 6),
        nested("<", 1004),
        nested("<", 7, before=POINT),
    ],
    ids=["collections", "big-endian", "polygons", "heights", "points-between"],
)
def test_shapes_that_nest_too_deep_do_not_end_the_process(
    opened: Open, store: Callable[..., None], shape: bytes
) -> None:
    store([POINT, shape])
    with pytest.raises(FileError) as caught:
        opened("a.parquet")
    assert str(caught.value) == "Feature 2 of 'a.parquet' nests collections too deep to be read."


def test_wide_shapes_do_not_pass_for_deep_ones() -> None:
    squares = [shapely.box(n, 0, n + 0.5, 1) for n in range(400)]
    ring = shapely.LinearRing([(n, n * n) for n in range(0x501)])
    for wide in (
        shapely.MultiPolygon(squares),
        shapely.GeometryCollection([shapely.MultiPolygon([each]) for each in squares]),
        shapely.MultiPoint([(n, 2.5) for n in range(5000)]),
        shapely.Polygon(ring, [ring] * 40),
        shapely.force_3d(shapely.MultiPolygon(squares), 4.0),
    ):
        for order in (0, 1):
            for flavour in ("iso", "extended"):
                binary = shapely.to_wkb(wide, byte_order=order, flavor=flavour, output_dimension=3)
                assert not nests_too_deep(binary)


def test_plain_parquet_is_not_geoparquet(opened: Open, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(FileError, match="is Parquet but not GeoParquet"):
        opened("a.parquet")


@pytest.mark.parametrize("part", [0.05, 0.5, 0.999])
def test_a_file_cut_short_is_said_to_be_so(
    opened: Open, store: Callable[..., None], tmp_path: Path, part: float
) -> None:
    store([POINT])
    data = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(FileError, match=r"^'b\.parquet' is not a whole Parquet file"):
        opened("b.parquet", data[: int(len(data) * part)])


def keep(folder: Path, shapes: pa.Array, *, told: bool = False, **columns: pa.Array) -> None:
    """Write a GeoParquet file; whether words stand behind numbers, and in which zone times are, may be told."""
    geo = {"version": "1.1.0", "primary_column": "shape", "columns": {"shape": {"encoding": "WKB"}}}
    table = pa.table({**columns, "shape": shapes})
    if told:
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    with pq.ParquetWriter(folder / "a.parquet", table.schema, store_schema=told) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(geo)})


def repeated(word: str | bytes, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([word]))


@pytest.mark.parametrize("kind", ["rows", "shapes", "texts", "lists", "objects"])
def test_what_unpacks_to_far_more_than_it_is_is_refused(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(unpacked, "FREE_BYTES", 1_000_000)
    rows = 300_000 if kind == "rows" else 3000
    shapes, word = pa.array([POINT] * rows, pa.binary()), repeated("x" * 1000, rows)
    match kind:
        case "rows":
            keep(tmp_path, pa.nulls(rows, pa.binary()))
        case "shapes":
            keep(tmp_path, repeated(shapely.Point(0, 0).buffer(1).wkb, rows))
        case "texts":
            keep(tmp_path, shapes, t=word, told=True)
        case "lists":
            keep(tmp_path, shapes, t=pa.ListArray.from_arrays(range(rows + 1), word))
        case "objects":
            keep(tmp_path, shapes, t=pa.StructArray.from_arrays([word], names=["a"]))
    with pytest.raises(
        FileError, match=r"^'a\.parquet' is not read: it would unpack from [0-9,]+ by"
    ):
        opened("a.parquet")


@pytest.mark.parametrize(("letters", "refused"), [(10_000, True), (10, False)])
def test_cells_that_begin_as_the_one_before_are_counted(
    opened: Open,
    store: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    letters: int,
    refused: bool,
) -> None:
    monkeypatch.setattr(unpacked, "FREE_BYTES", 1_000_000)
    store([POINT] * 3000)
    table = pq.read_table(tmp_path / "a.parquet").append_column("t", [["x" * letters] * 3000])
    encoding = {"t": "DELTA_BYTE_ARRAY", "n": "PLAIN", "shape": "PLAIN"}
    pq.write_table(table, tmp_path / "a.parquet", use_dictionary=False, column_encoding=encoding)
    if not refused:
        assert len(opened("a.parquet").frame) == 3000
        return
    with pytest.raises(
        FileError, match=r"^'a\.parquet' is not read: it would unpack from [0-9,]+ by"
    ):
        opened("a.parquet")


def test_one_long_word_among_many_is_no_bomb(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "FREE_BYTES", 1_000_000)
    texts = pa.array(["x" * 900, *["y"] * 2999])
    keep(tmp_path, pa.array([POINT] * 3000, pa.binary()), t=texts)
    assert len(opened("a.parquet").frame) == 3000


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([2**62], pa.timestamp("us")),
        pa.array([1], pa.timestamp("us", tz="Mars/Phobos")),
        pa.array([2**30], pa.date32()),
        pa.array([2**50], pa.time64("us")),
        pa.array([{"at": 2**62}], pa.struct([("at", pa.timestamp("us"))])),
    ],
    ids=["year", "zone", "day", "time", "within"],
)
def test_times_that_no_calendar_has_are_refused_by_their_column(
    opened: Open, tmp_path: Path, cells: pa.Array
) -> None:
    keep(tmp_path, pa.array([POINT], pa.binary()), told=True, when=cells)
    with pytest.raises(FileError, match=r"^The column 'when' of 'a\.parquet' holds dates or times"):
        opened("a.parquet")


def test_text_that_is_no_utf_8_is_refused_by_its_column(opened: Open, tmp_path: Path) -> None:
    keep(
        tmp_path, pa.array([POINT], pa.binary()), t=pa.array([b"\xff"], pa.binary()).view("string")
    )
    with pytest.raises(
        FileError, match=r"^The column 't' of 'a\.parquet' holds text that is not in"
    ):
        opened("a.parquet")


@pytest.mark.parametrize("code", [8, 10])
def test_curves_are_refused_by_their_feature(
    opened: Open, store: Callable[..., None], code: int
) -> None:
    store([POINT, struct.pack("<BII", 1, code, 0)])
    with pytest.raises(GeometryError, match=r"shapes that cannot be understood, in feature 2"):
        opened("a.parquet")


@pytest.mark.parametrize(
    "carried",
    ['{"name":5}', "[" * 100_000, "9" * 200, '{"a":NaN}', "nonsense", '{"schema":7}', "{}"],
)
def test_broken_metadata_are_left_out_with_a_note(
    opened: Open, store: Callable[..., None], carried: str
) -> None:
    store([POINT], extra={"lcrmap": carried})
    layer = opened("a.parquet")
    assert layer.metadata.title == "a"
    assert layer.notes == ("The metadata that 'a' carries are broken and left out.",)


def test_flatgeobuf_is_read_whole_or_not_at_all(opened: Open, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"n": [1, 2]}, geometry=gpd.points_from_xy([-3, -2], [53, 54]), crs=4326
    )
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf", SPATIAL_INDEX="NO")
    assert opened("a.fgb").frame["n"].tolist() == [1, 2]
    data = (tmp_path / "a.fgb").read_bytes()
    for size in (20, len(data) // 2, len(data) - 10):
        with pytest.raises(FileError, match=r"^'b\.fgb' is not whole: save or download it again"):
            opened("b.fgb", data[:size])


def test_columns_that_contradict_themselves_are_refused_and_do_not_end_the_process(
    opened: Open, tmp_path: Path
) -> None:
    keep(tmp_path, pa.array([POINT] * 3, pa.binary()), told=True, n=pa.array([1, 2, 3]))
    path = tmp_path / "a.parquet"
    two_levels, one_level = b"\x19\x26\x00\x06", b"\x19\x16\x86\x00"  # a list of 0 and 3, or of 3
    assert two_levels in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(two_levels, one_level))
    with pytest.raises(FileError, match=r"^'a\.parquet' is not read: .* histogram size mismatch"):
        opened("a.parquet")


class Keys(encryption.KmsClient):
    """Keeps keys by writing them down."""

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        return base64.b64encode(key_bytes)


def test_encrypted_columns_are_refused_and_do_not_end_the_process(
    opened: Open, tmp_path: Path
) -> None:
    geo = {"version": "1.1.0", "primary_column": "shape", "columns": {"shape": {"encoding": "WKB"}}}
    table = pa.table({"secret": ["x"], "shape": pa.array([POINT], pa.binary())})
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    hidden = encryption.CryptoFactory(lambda _: Keys()).file_encryption_properties(
        encryption.KmsConnectionConfig(),
        encryption.EncryptionConfiguration(
            footer_key="a", column_keys={"b": ["secret"]}, plaintext_footer=True
        ),
    )
    path = tmp_path / "a.parquet"
    with pq.ParquetWriter(path, table.schema, encryption_properties=hidden) as writer:
        writer.write_table(table)
    with pytest.raises(FileError, match=r"its columns are encrypted, or .* without encryption"):
        opened("a.parquet")


def test_names_that_are_not_utf_8_are_a_sentence(opened: Open, tmp_path: Path) -> None:
    keep(tmp_path, pa.array([POINT], pa.binary()), NAMED=pa.array(["x"]))
    path = tmp_path / "a.parquet"
    path.write_bytes(path.read_bytes().replace(b"NAMED", b"NA\xeeED"))
    with pytest.raises(FileError, match=r"not UTF-8|not a whole Parquet file"):
        opened("a.parquet")


class Native(pa.ExtensionType):
    """What pyarrow writes as a column of the logical type GEOMETRY."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said
        super().__init__(pa.binary(), "geoarrow.wkb")

    def __arrow_ext_serialize__(self) -> bytes:
        return json.dumps(self._said).encode()


def native(path: Path, said: dict[str, Any], *names: str, **extra: str) -> None:
    """Write a Parquet file with columns of shapes that are known by their type alone."""
    shapes = pa.ExtensionArray.from_storage(Native(said), pa.array([POINT, None], pa.binary()))
    table = pa.table({"n": [1, 2], **dict.fromkeys(names, shapes)})
    pq.write_table(table.replace_schema_metadata(extra or None), path)


@pytest.mark.parametrize(
    ("said", "crs"),
    [
        ({}, "OGC:CRS84"),
        ({"edges": "spherical"}, "OGC:CRS84"),
        ({"crs": "EPSG:4258"}, "EPSG:4258"),
        ({"crs": pyproj.CRS("EPSG:4258").to_json_dict(), "crs_type": "projjson"}, "EPSG:4258"),
        ({"crs": "projjson:mine"}, "EPSG:4258"),
    ],
)
def test_a_column_of_the_type_geometry_needs_no_key(
    opened: Open, tmp_path: Path, said: dict[str, Any], crs: str
) -> None:
    native(tmp_path / "a.parquet", said, "shape", mine=pyproj.CRS("EPSG:4258").to_json())
    layer = opened("a.parquet")
    assert layer.frame["n"].tolist() == [1, 2]
    assert layer.frame.geometry.to_wkb().tolist() == [POINT, None]
    assert layer.frame.crs == (layer.frame.crs if crs == "OGC:CRS84" else crs)
    assert layer.frame.crs.is_geographic


@pytest.mark.parametrize("crs", ["srid:5", "projjson:none", "nonsense"])
def test_a_crs_that_says_nothing_by_itself_is_asked_for(
    opened: Open, tmp_path: Path, crs: str
) -> None:
    native(tmp_path / "a.parquet", {"crs": crs}, "shape")
    with pytest.raises(CRSError, match="say --crs EPSG:CODE"):
        opened("a.parquet")
    assert opened("a.parquet", crs="EPSG:4326").placed == 1


SHAPES = "A layer has one column of shapes: {} left out."


def test_further_columns_of_shapes_are_said_to_be_left_out(opened: Open, tmp_path: Path) -> None:
    shapes = gpd.GeoSeries([shapely.Point(-2.9, 53.4)], crs="EPSG:4326")
    frame = gpd.GeoDataFrame({"n": [1], "centre": shapes, "hull": shapes}, geometry=shapes)
    frame.to_parquet(tmp_path / "a.parquet")
    layer = opened("a.parquet")
    assert list(layer.frame.columns) == ["n", "geometry"]
    said = SHAPES.format("the columns 'centre', 'hull' of 'a.parquet', which hold others, are")
    assert said in layer.notes


def test_what_is_told_of_shapes_that_are_not_there_is_passed_over(
    opened: Open, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(-2.9, 53.4)], crs="EPSG:4326")
    frame.assign(centre=frame.geometry).to_parquet(tmp_path / "b.parquet")
    pq.write_table(pq.read_table(tmp_path / "b.parquet").drop(["centre"]), tmp_path / "a.parquet")
    assert opened("a.parquet").notes == ()


@pytest.mark.parametrize("most", [2**63 - 1, 2**63, 2**64 - 1])
def test_whole_numbers_without_a_sign_are_read_to_the_digit(
    opened: Open, tmp_path: Path, most: int
) -> None:
    numbers = pd.Series([most, 0], dtype="uint64")
    shapes = [shapely.Point(-2.9, 53.4)] * 2
    gpd.GeoDataFrame({"n": numbers}, geometry=shapes, crs="EPSG:4326").to_parquet("a.parquet")
    assert opened("a.parquet").frame["n"].tolist() == [most, 0]


def test_of_several_columns_of_shapes_the_usual_name_is_meant(opened: Open, tmp_path: Path) -> None:
    native(tmp_path / "a.parquet", {}, "centre", "geometry")
    layer = opened("a.parquet")
    assert layer.placed == 1
    assert layer.notes[0] == SHAPES.format(
        "the column 'centre' of 'a.parquet', which holds others, is"
    )
    native(tmp_path / "b.parquet", {}, "centre", "outline")
    with pytest.raises(FileError, match=r"has several columns of shapes \(centre, outline\)"):
        opened("b.parquet")


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Point(-2.9, 53.4),
        shapely.LineString([(-2.9, 53.4), (-2.8, 53.5)]),
        shapely.box(-2.9, 53.4, -2.8, 53.5),
        shapely.MultiPoint([(-2.9, 53.4), (-2.8, 53.5)]),
        shapely.MultiLineString([[(-2.9, 53.4), (-2.8, 53.5)]]),
        shapely.MultiPolygon([shapely.box(-2.9, 53.4, -2.8, 53.5)]),
        shapely.Point(-2.9, 53.4, 7),
    ],
    ids=lambda each: each.geom_type,
)
def test_coordinates_of_geoarrow_are_read(opened: Open, tmp_path: Path, shape: Any) -> None:
    frame = gpd.GeoDataFrame({"n": [1, 2, 3]}, geometry=[shape, None, shape], crs="EPSG:4326")
    frame.to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow")
    layer = opened("a.parquet")
    assert layer.frame.geometry.tolist() == [shape, None, shape]
    assert layer.frame.crs == "EPSG:4326"


@pytest.mark.parametrize("row", [0, 1, 2, 6])
def test_the_first_line_of_geoarrow_that_is_none_is_named(
    opened: Open, tmp_path: Path, row: int
) -> None:
    place = {"x": -2.9, "y": 53.4}
    lines = [[place, place]] * 7
    lines[row] = [place]
    kind = pa.list_(pa.struct([("x", pa.float64()), ("y", pa.float64())]))
    geo = {"primary_column": "g", "columns": {"g": {"encoding": "linestring"}}}
    table = pa.table({"n": range(7), "g": pa.array(lines, kind)})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), tmp_path / "a.parquet")
    with pytest.raises(GeometryError, match=f"feature {row + 1}"):
        opened("a.parquet")


def test_an_encoding_that_the_column_has_not_is_refused(
    opened: Open, store: Callable[..., None]
) -> None:
    store([POINT], encoding="point")
    with pytest.raises(FileError, match="holds its shapes as 'point'"):
        opened("a.parquet")


def test_a_text_of_flatgeobuf_that_is_not_utf_8_is_a_sentence(opened: Open, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": ["QQQQ"]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    data = (tmp_path / "a.fgb").read_bytes().replace(b"QQQQ", b"Q\xc3(Q")
    with pytest.raises(FileError, match=r"^'b\.fgb' is not whole: .*a text in it is not in UTF-8"):
        opened("b.fgb", data)


def test_a_column_of_flatgeobuf_whose_name_is_not_utf_8_is_a_sentence(
    opened: Open, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"QQQQ": ["a"]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    data = (tmp_path / "a.fgb").read_bytes().replace(b"QQQQ", b"Q\xc3(Q")
    with pytest.raises(FileError, match=r"^'b\.fgb' is not whole: "):
        opened("b.fgb", data)
