"""GeoPackage and FlatGeobuf in parts: the layer that is read whole, or a refusal to divide it."""

from __future__ import annotations

import json
import pickle
import sqlite3
import struct
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from lcrmap.errors import FileError, GeometryError, WholeNeededError
from lcrmap.io.large import is_large
from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, Wanted
from lcrmap.io.reading import Asked
from lcrmap.layers import Pack

ROWS = 250

Change = Callable[[sqlite3.Connection], Any]


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read 64 rows at a time."""
    monkeypatch.setattr("lcrmap.io.batches.ROWS", 64)


def frame(shapes: Any = None, crs: str = "EPSG:4326", **columns: Any) -> gpd.GeoDataFrame:
    numbers = np.arange(ROWS)
    if shapes is None:
        shapes = gpd.points_from_xy(-3.2 + 0.001 * numbers, 53.3 + 0.001 * numbers)
    return gpd.GeoDataFrame({"n": numbers, **columns}, geometry=shapes, crs=crs)


def stored(path: Path, content: gpd.GeoDataFrame, **options: Any) -> Path:
    if path.suffix == ".fgb":
        options = {"SPATIAL_INDEX": "NO", **options}
    content.to_file(path, **options)
    return path


def changed(path: Path, change: Change) -> Path:
    """Change a GeoPackage as its own tables know nothing of."""
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in found:
            database.execute(f'DROP TRIGGER "{trigger}"')
        change(database)
        database.commit()
    return path


def compared(path: Path, pack: Pack, part: str = "", **reading: Any) -> Parts:
    text = f"{path}:{part}" if part else str(path)
    parts = open_parts(text, Asked(**reading), pack=pack)
    whole = open_layer(text, pack=pack, **reading)
    frames = [parts.read(each).frame for each in parts.splits]
    assert len(frames) > 1
    for each in frames:
        assert [str(kind) for kind in each.dtypes] == [str(kind) for kind in whole.frame.dtypes]
    together = gpd.GeoDataFrame(pd.concat(frames), crs=whole.frame.crs)
    assert_geodataframe_equal(together, whole.frame, check_index_type=False)
    assert parts.crs == whole.frame.crs
    assert (parts.rows, parts.placed) == (len(whole.frame), whole.placed)
    assert (parts.metadata, parts.inputs) == (whole.metadata, whole.inputs)
    assert parts.notes == whole.notes
    return parts


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_every_kind_of_column_is_that_of_the_whole(suffix: str, tmp_path: Path, pack: Pack) -> None:
    numbers = np.arange(ROWS)
    shapes = gpd.points_from_xy(-3.2 + 0.001 * numbers, np.full(ROWS, 53.4)).astype(object)
    shapes[[3, 249]] = None
    when = pd.Series(pd.date_range("1969-12-31T10:00:00.5", periods=ROWS, freq="90min"))
    when[:100] = None
    columns = {
        "site_id": [f"s{each}" for each in numbers],
        "type": np.where(numbers % 2, "quay", "port"),
        "late": pd.array([None if each == 240 else each for each in range(ROWS)], dtype="Int64"),
        "flag": pd.array(
            [None if each == 241 else each % 2 == 0 for each in range(ROWS)], dtype="boolean"
        ),
        "sure": numbers % 3 == 0,
        "large": numbers + 2**53,
        "small": numbers.astype("int16"),
        "share": numbers / 7,
        "single": (numbers / 7).astype("float32"),
        "gaps": [None if each % 2 else each / 3 for each in range(ROWS)],
        "text": ["" if each % 5 else 'Môn, "利物浦"\n' for each in range(ROWS)],
        "seldom": [None] * 200 + ["x"] * 50,
        "when": when,
        "where": when.dt.tz_localize("UTC"),
    }
    parts = compared(stored(tmp_path / f"a{suffix}", frame(shapes, **columns)), pack)
    assert (parts.metadata.key, parts.metadata.category) == ("site_id", "type")
    assert parts.has_points


def test_dates_and_other_types_of_a_geopackage_are_those_of_the_whole(
    tmp_path: Path, pack: Pack
) -> None:
    path = stored(tmp_path / "a.gpkg", frame())
    values = {
        ("day", "DATE"): "2020-02-29",
        ("odd day", "DATE"): "soon",
        ("time", "DATETIME"): "2020-02-29T10:00:00.5Z",
        ("object", "TEXT"): '{"a": [1, null]}',
        ("tiny", "TINYINT"): -5,
        ("wrong", "INTEGER"): "abc",
        ("wrong too", "BOOLEAN"): 7,
        ("real", "REAL"): "x",
        ("number", "TEXT"): 5,
        ("bytes", "BLOB"): b"ab",
    }

    def change(database: sqlite3.Connection) -> None:
        for (name, kind), value in values.items():
            database.execute(f'ALTER TABLE a ADD COLUMN "{name}" {kind}')
            database.execute(f'UPDATE a SET "{name}" = ? WHERE fid > 100', (value,))

        database.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT, "
            "title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT)"
        )
        database.execute(
            "INSERT INTO gpkg_data_columns (table_name, column_name, mime_type) "
            "VALUES ('a', 'object', 'application/json')"
        )

    parts = compared(changed(path, change), pack)
    assert "The column 'bytes' of 'a.gpkg' holds binary data and is left out." in parts.notes
    assert parts.metadata.field("day").type == "date"
    assert parts.metadata.field("object").type == "object"


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_areas_and_their_faults_are_those_of_the_whole(
    suffix: str, tmp_path: Path, pack: Pack
) -> None:
    boxes: list[Any] = [shapely.box(-3 + each / 999, 53, -2.9, 53.5) for each in range(ROWS)]
    bow = shapely.Polygon([(-3, 53.3), (-2.9, 53.4), (-2.9, 53.3), (-3, 53.4)])
    boxes[70], boxes[130], boxes[249] = bow, None, shapely.box(10, 10, 11, 11)
    path = stored(tmp_path / f"a{suffix}", frame(boxes, code=[f"c{n}" for n in range(ROWS)]))
    parts = compared(path, pack)
    assert not parts.has_points
    assert "in feature c70" in parts.notes[-1]
    assert "in feature c249" in parts.notes[0]


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_heights_and_many_parts_are_those_of_the_whole(
    suffix: str, tmp_path: Path, pack: Pack
) -> None:
    shapes: list[Any] = [shapely.MultiPoint([(-3, 53.4, each)]) for each in range(ROWS)]
    parts = compared(stored(tmp_path / f"a{suffix}", frame(shapes)), pack)
    assert not parts.has_points


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_a_system_that_is_asked_for_goes_before_that_of_the_file(
    suffix: str, tmp_path: Path, pack: Pack
) -> None:
    points = gpd.points_from_xy(np.full(ROWS, 334500.0), np.full(ROWS, 390400.0))
    path = stored(tmp_path / f"a{suffix}", frame(points, "EPSG:3857"))
    parts = compared(path, pack, crs="EPSG:27700")
    assert parts.crs is not None
    assert parts.crs.to_epsg() == 27700


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
@pytest.mark.parametrize("last", ["s0", None], ids=["again", "missing"])
def test_a_column_whose_last_value_spoils_it_is_no_key(
    last: str | None, suffix: str, tmp_path: Path, pack: Pack
) -> None:
    ids = [*(f"s{each}" for each in range(ROWS - 1)), last]
    parts = compared(stored(tmp_path / f"a{suffix}", frame(id=ids)), pack)
    assert parts.metadata.key == ""


@pytest.mark.parametrize("suffix", [".csv", ".gpkg", ".fgb", ".parquet"])
def test_a_column_called_as_the_shapes_are_is_read_by_its_other_name(
    suffix: str, tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.io.readers.geoparquet.ROWS", 64)
    monkeypatch.setattr("lcrmap.io.readers.csv.BLOCK", 1024)
    content = frame(geometry_=["b"] * ROWS).rename_geometry("geom")
    content["geometry"] = "a"
    path = tmp_path / f"a{suffix}"
    if suffix == ".csv":
        content = content.assign(lon=content.geom.x, lat=content.geom.y).drop(columns="geom")
        pd.DataFrame(content).to_csv(path, index=False)
    elif suffix == ".parquet":
        content.to_parquet(path)
    else:
        stored(path, content)
    parts = compared(path, pack)
    some = parts.read(parts.splits[1], Wanted(("geometry__",))).frame
    assert list(some.columns) == ["geometry__", "geometry"]
    assert set(some["geometry__"]) == {"a"}


def test_ids_of_features_may_lie_far_apart(tmp_path: Path, pack: Pack) -> None:
    def change(database: sqlite3.Connection) -> None:
        database.execute("UPDATE a SET fid = fid * 1000003 WHERE fid % 3 = 0")
        database.execute("UPDATE a SET fid = -fid WHERE fid % 5 = 0")
        database.execute("DELETE FROM a WHERE fid % 7 = 0")

    path = changed(stored(tmp_path / "a.gpkg", frame()), change)
    parts = compared(path, pack)
    assert parts.splits[0].start < 0
    assert all(each.rows <= 64 for each in parts.splits)


def test_a_layer_of_many_is_read_in_parts(tmp_path: Path, pack: Pack) -> None:
    path = stored(tmp_path / "a.gpkg", frame(), layer="first")
    stored(path, frame(name=[f"x{n}" for n in range(ROWS)]), layer='the "second"')
    parts = compared(path, pack, part='the "second"')
    assert parts.metadata.title == 'the "second"'
    size = path.stat().st_size
    assert is_large(f"{path}:first", pack=pack, least=size)
    assert not is_large(f"{path}:first", pack=pack, least=size + 1)
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)


def test_a_file_with_a_log_is_read_from_a_copy_that_does_not_outlast_its_reader(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    path = stored(tmp_path / "a.gpkg", frame())
    changed(path, lambda database: database.execute("PRAGMA journal_mode = WAL"))
    before = path.read_bytes()
    parts = compared(path, pack)
    assert len(list(folder.iterdir())) == 1
    again = pickle.loads(pickle.dumps(parts))
    assert again.read(again.splits[2]).frame.equals(parts.read(parts.splits[2]).frame)
    del parts, again
    assert list(folder.iterdir()) == []
    assert path.read_bytes() == before


def header(flags: int = 1) -> bytes:
    return b"GP\x00" + bytes([flags]) + struct.pack("<i", 4326)


def curve() -> bytes:
    return header() + struct.pack("<BII6d", 1, 8, 3, -3, 53, -2.9, 53.1, -2.8, 53)


def measured() -> bytes:
    return header() + struct.pack("<BI3d", 1, 2001, -3, 53, 1)


def nested() -> bytes:
    inner = shapely.Point(-3, 53).wkb
    return header() + shapely.to_wkb(shapely.GeometryCollection([shapely.from_wkb(inner)]))


@pytest.mark.parametrize(
    "blob",
    [curve(), measured(), nested(), header() + b"\x01\x01", b"no shape", "a text"],
    ids=["curve", "measured", "collection", "cut", "bytes", "text"],
)
def test_shapes_of_another_kind_are_left_to_the_whole(
    blob: Any, tmp_path: Path, pack: Pack
) -> None:
    def change(database: sqlite3.Connection) -> None:
        database.execute("UPDATE a SET geom = ? WHERE fid = 200", (blob,))

    with pytest.raises(WholeNeededError):
        open_parts(str(changed(stored(tmp_path / "a.gpkg", frame()), change)), pack=pack)


def test_an_empty_shape_is_none(tmp_path: Path, pack: Pack) -> None:
    empty = header(0x11) + shapely.to_wkb(shapely.Point())

    def change(database: sqlite3.Connection) -> None:
        database.execute("UPDATE a SET geom = ? WHERE fid = 200", (empty,))

    parts = compared(changed(stored(tmp_path / "a.gpkg", frame()), change), pack)
    assert parts.placed == ROWS - 1


@pytest.mark.parametrize(
    "blob",
    [
        b"GP\x09\x11" + header(0x11)[4:] + shapely.to_wkb(shapely.Point()),
        header(0x1F) + shapely.to_wkb(shapely.Point()),
        header(0x13) + shapely.to_wkb(shapely.Point()),
        header(0x11) + shapely.to_wkb(shapely.Point())[:-1],
        header(0x11) + b"no shape",
        header(0x11),
    ],
    ids=["version", "box", "no box", "cut", "bytes", "nothing"],
)
def test_a_shape_that_says_it_is_empty_and_is_broken_is_refused(
    blob: bytes, tmp_path: Path, pack: Pack
) -> None:
    def change(database: sqlite3.Connection) -> None:
        database.execute("UPDATE a SET geom = ? WHERE fid = 200", (blob,))

    path = changed(stored(tmp_path / "a.gpkg", frame()), change)
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)
    with pytest.raises((FileError, GeometryError)):
        open_layer(str(path), pack=pack)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("CREATE VIEW b AS SELECT * FROM a", id="a view"),
        pytest.param("CREATE TABLE b AS SELECT fid AS id, geom, n FROM a", id="no ids"),
    ],
)
def test_a_layer_without_ids_of_its_own_is_left_to_the_whole(
    change: str, tmp_path: Path, pack: Pack
) -> None:
    def added(database: sqlite3.Connection) -> None:
        database.execute(change)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
            "VALUES ('b', 'features', 'b', 4326)"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('b', 'geom', 'POINT', 4326, 0, 0)"
        )

    path = changed(stored(tmp_path / "a.gpkg", frame()), added)
    with pytest.raises(WholeNeededError):
        open_parts(f"{path}:b", pack=pack)
    compared(path, pack, part="a")


def test_a_table_without_shapes_is_left_to_the_whole(tmp_path: Path, pack: Pack) -> None:
    pyogrio.write_dataframe(pd.DataFrame({"n": range(ROWS)}), tmp_path / "a.gpkg", layer="a")
    with pytest.raises(WholeNeededError):
        open_parts(str(tmp_path / "a.gpkg"), pack=pack)


def test_text_that_is_no_utf8_is_left_to_the_whole(tmp_path: Path, pack: Pack) -> None:
    path = stored(tmp_path / "a.fgb", frame(name=["abcdefgh"] * ROWS))
    path.write_bytes(path.read_bytes().replace(b"abcdefgh", b"abc\xe9\xffgh"))
    with pytest.raises(WholeNeededError):
        parts = open_parts(str(path), pack=pack)
        for each in parts.splits:
            parts.read(each)


def test_a_flatgeobuf_that_is_cut_short_is_left_to_the_whole(tmp_path: Path, pack: Pack) -> None:
    path = stored(tmp_path / "a.fgb", frame())
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)


@pytest.mark.parametrize("claimed", [5_000, 2**30 + 1])
def test_a_flatgeobuf_is_not_believed_how_many_features_it_has(
    tmp_path: Path, pack: Pack, claimed: int
) -> None:
    path = stored(tmp_path / "a.fgb", frame())
    data = path.read_bytes()
    path.write_bytes(data.replace(ROWS.to_bytes(8, "little"), claimed.to_bytes(8, "little"), 1))
    tracemalloc.start()
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)
    with pytest.raises(FileError) as caught:
        open_layer(str(path), pack=pack)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert str(caught.value) == (
        f"'{path}' is not whole: its head claims {claimed:,} features, for which its {len(data):,} bytes are too few: "
        "save or download it again."
    )


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        pytest.param(334500.0, 390400.0, "EPSG:4326", id="the grid as degrees"),
        pytest.param(-2.9, 53.4, "EPSG:27700", id="degrees as the grid"),
        pytest.param(53.4, -2.9, "EPSG:4326", id="swapped"),
    ],
)
def test_positions_that_may_be_wrong_are_left_to_the_whole(
    x: float, y: float, crs: str, suffix: str, tmp_path: Path, pack: Pack
) -> None:
    points = gpd.points_from_xy(np.full(ROWS, x), np.full(ROWS, y))
    with pytest.raises(WholeNeededError):
        open_parts(str(stored(tmp_path / f"a{suffix}", frame(points, crs))), pack=pack)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet"])
@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("height", [(), (7.0,)], ids=["flat", "high"])
@pytest.mark.parametrize(
    "kind", [shapely.Point, shapely.MultiPoint, shapely.LineString, shapely.Polygon]
)
def test_a_coordinate_that_is_not_finite_is_left_to_the_whole_which_refuses_it(
    kind: type, height: tuple[float, ...], odd: float, suffix: str, tmp_path: Path, pack: Pack
) -> None:
    corners = [(-3, 53.4, *height), (-2.9, 53.4, *height), (-2.9, 53.5, *height)]
    spoilt = [corners[0], (odd, 53.4, *height), *corners[1:]]
    if kind is shapely.Point:
        corners, spoilt = corners[0], spoilt[1]
    shapes = [kind(corners)] * ROWS
    path = tmp_path / f"a{suffix}"
    with np.errstate(invalid="ignore"):
        shapes[200] = kind(spoilt)
        content = frame(shapes)
        content.to_parquet(path) if suffix == ".parquet" else stored(path, content)
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)
    with pytest.raises(
        GeometryError, match=r"coordinates that are not finite numbers, in feature 20[01]\b"
    ):
        open_layer(str(path), pack=pack)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_a_file_without_rows_is_left_to_the_whole(suffix: str, tmp_path: Path, pack: Pack) -> None:
    path = stored(tmp_path / f"a{suffix}", frame().iloc[:0])
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack)


def test_what_lcrmap_wrote_carries_its_metadata_into_the_parts(tmp_path: Path, pack: Pack) -> None:
    from lcrmap.io.writing import write_layer

    layer = open_layer("rail-stations", pack=pack)
    write_layer(layer, tmp_path / "stations.gpkg")
    parts = compared(tmp_path / "stations.gpkg", pack)
    assert parts.metadata.credit == layer.metadata.credit
    assert "tmp" not in json.dumps(parts.notes)
