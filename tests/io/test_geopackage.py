"""GeoPackages: one layer of many, whole, and made of plain tables only."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from lcrmap.errors import CRSError, FileError, GeometryError, UnknownNameError
from lcrmap.io.opening import open_layer
from lcrmap.io.readers.geopackage import list_layers
from lcrmap.io.writing import encode, encode_noting, write_layer
from lcrmap.layers import Field, Layer, Metadata, Pack

Open = Callable[..., Layer]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "day": ["2026-04-01", None], "n": [1, 2]},
        geometry=[shapely.Point(335000, 390000), None],
        crs="EPSG:27700",
    )
    path = tmp_path / "a.gpkg"
    frame.to_file(path, layer="sites")
    return path


@pytest.fixture
def edit(file: Path) -> Iterator[Callable[..., None]]:
    """Run SQL in the file, with stand-ins for the functions that its own triggers call."""

    def run(*statements: str) -> None:
        with closing(sqlite3.connect(file)) as database:
            for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                database.create_function(name, 1, lambda _: 0)
            for each in statements:
                database.execute(each)
            database.commit()

    return run


VIEW = (
    "CREATE VIEW seen AS SELECT * FROM sites",
    (
        "INSERT INTO gpkg_contents SELECT 'seen', 'features', 'seen', '', last_change, "
        "min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents"
    ),
    (
        "INSERT INTO gpkg_geometry_columns SELECT 'seen', column_name, geometry_type_name, srs_id, z, m "
        "FROM gpkg_geometry_columns"
    ),
)


def test_the_only_layer_needs_no_name(opened: Open, file: Path) -> None:
    layer = opened("a.gpkg")
    assert (layer.name, layer.placed, len(layer.frame)) == ("sites", 1, 2)
    assert layer.frame.crs == "EPSG:27700"
    assert opened("a.gpkg:sites").frame.equals(layer.frame)


@pytest.mark.skipif(find_spec("fiona") is None, reason="fiona has no wheels for this Python")
def test_several_layers_are_listed_and_one_is_picked(opened: Open, file: Path) -> None:
    frame = gpd.read_file(file, layer="sites").iloc[:1]
    frame.to_file(file, layer="other", mode="a")
    with pytest.raises(FileError) as caught:
        opened("a.gpkg")
    assert str(caught.value) == (
        "'a.gpkg' holds 2 layers (sites, 2 places; other, 1 place): name one, such as 'a.gpkg:sites'."
    )
    assert len(opened("a.gpkg:other").frame) == 1
    assert list_layers(file) == ("sites", "other")


def test_a_mistyped_layer_gets_suggestions(opened: Open, file: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        opened("a.gpkg:site")
    assert str(caught.value) == "No layer 'site' in 'a.gpkg': did you mean 'sites'?"


@pytest.mark.parametrize("part", [0.001, 0.3, 0.5, 0.99])
def test_a_file_cut_short_is_said_to_be_so(opened: Open, file: Path, part: float) -> None:
    data = file.read_bytes()
    with pytest.raises(FileError, match=r"^'b\.gpkg' is not a whole GeoPackage"):
        opened("b.gpkg", data[: int(len(data) * part)])


def test_another_database_is_not_a_geopackage(opened: Open, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "b.gpkg")) as database:
        database.execute("CREATE TABLE a (b)")
        database.commit()
    with pytest.raises(FileError) as caught:
        opened("b.gpkg")
    assert str(caught.value) == (
        "'b.gpkg' is a database but not a GeoPackage: it has no gpkg_contents."
    )


def test_a_view_is_not_read_but_its_neighbour_is(opened: Open, edit: Callable[..., None]) -> None:
    edit(*VIEW)
    with pytest.raises(FileError, match=r"The layer 'seen' of 'a\.gpkg' is not read, because it"):
        opened("a.gpkg:seen")
    assert len(opened("a.gpkg:sites").frame) == 2


def test_a_table_of_contents_that_is_a_view_is_refused(
    opened: Open, edit: Callable[..., None]
) -> None:
    edit(
        "ALTER TABLE gpkg_contents RENAME TO real_contents",
        "CREATE VIEW gpkg_contents AS SELECT * FROM real_contents",
    )
    with pytest.raises(FileError, match="its table gpkg_contents is a view or a virtual table"):
        opened("a.gpkg")


def test_computed_columns_are_refused(opened: Open, edit: Callable[..., None]) -> None:
    edit("ALTER TABLE sites ADD COLUMN up TEXT GENERATED ALWAYS AS (upper(id)) VIRTUAL")
    with pytest.raises(FileError, match="not a plain table but computed"):
        opened("a.gpkg")


@pytest.mark.parametrize("blob", ["x'0102'", "CAST('hello' AS BLOB)", "x'4750000100000000'"])
def test_a_shape_that_cannot_be_read_is_not_dropped(
    opened: Open, edit: Callable[..., None], blob: str
) -> None:
    edit(f"UPDATE sites SET geom = {blob} WHERE fid = 2")
    with pytest.raises(GeometryError) as caught:
        opened("a.gpkg")
    assert str(caught.value) == (
        "'a.gpkg' has shapes that cannot be understood, in feature 2: mend them in a GIS."
    )


def test_a_crs_that_is_no_crs_is_asked_for(opened: Open, edit: Callable[..., None]) -> None:
    edit(
        "UPDATE gpkg_spatial_ref_sys SET definition = '+init=/etc/passwd:x', organization = 'NONE'"
    )
    with pytest.raises(Exception, match="say it with --crs"):
        opened("a.gpkg")
    assert opened("a.gpkg", crs="EPSG:27700").placed == 1


def test_changes_in_another_programs_log_are_seen_and_left_alone(opened: Open, file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("UPDATE sites SET id = 'changed' WHERE fid = 1")
        database.commit()
        before = {each.name: each.read_bytes() for each in file.parent.glob("a.gpkg*")}
        assert set(before) == {"a.gpkg", "a.gpkg-wal", "a.gpkg-shm"}
        layer = opened("a.gpkg")
        assert {each.name: each.read_bytes() for each in file.parent.glob("a.gpkg*")} == before
    assert layer.frame["id"].tolist() == ["changed", "b"]


def test_reading_leaves_no_trace_beside_the_file(opened: Open, file: Path) -> None:
    folder = file.parent / "closed"
    folder.mkdir()
    shutil.copy(file, folder)
    before = (folder / "a.gpkg").read_bytes()
    opened("closed/a.gpkg")
    assert [each.name for each in folder.iterdir()] == ["a.gpkg"]
    assert (folder / "a.gpkg").read_bytes() == before


def test_binary_columns_are_left_out_and_said(opened: Open, edit: Callable[..., None]) -> None:
    edit(
        "ALTER TABLE sites ADD COLUMN photo BLOB", "UPDATE sites SET photo = x'ffd8' WHERE fid = 1"
    )
    layer = opened("a.gpkg")
    assert "photo" not in layer.frame.columns
    assert layer.notes == ("The column 'photo' of 'a.gpkg' holds binary data and is left out.",)


def test_layers_of_unusual_names_are_listed_and_no_file_is_changed(
    opened: Open, file: Path
) -> None:
    frame = gpd.read_file(file, layer="sites")
    frame.drop(columns="geometry").assign(geometry=None).pipe(gpd.GeoDataFrame, crs=27700).to_file(
        file, layer='odd, "name"', mode="a"
    )
    before = file.read_bytes()
    with pytest.raises(FileError, match='odd, "name"'):
        opened("a.gpkg")
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == ["a.gpkg"]


def test_where_there_is_no_fiona_layers_are_listed_by_name(
    opened: Open, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fiona", None)
    gpd.read_file(file, layer="sites").to_file(file, layer="other", mode="a")
    with pytest.raises(FileError, match=r"holds 2 layers \(sites; other\): name one"):
        opened("a.gpkg")


@pytest.mark.parametrize("claimed", ["0", "1", "2", "7", "-1", "100000000000000", "NULL", "'x'"])
@pytest.mark.parametrize("more", [[], ["UPDATE sites SET fid = fid * 10"]])
def test_all_rows_are_read_whatever_number_the_file_claims(
    opened: Open, edit: Callable[..., None], claimed: str, more: list[str]
) -> None:
    edit(*more, f"UPDATE gpkg_ogr_contents SET feature_count = {claimed}")
    assert opened("a.gpkg").frame["id"].tolist() == ["a", "b"]


def test_gdal_says_nothing_on_stderr(file: Path, edit: Callable[..., None]) -> None:
    edit("UPDATE sites SET geom = x'4750000100000000ff' WHERE fid = 1")
    code = "import sys; from lcrmap.io.opening_parts import open_parts; open_parts(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert "WholeNeededError" in done.stderr
    assert "ERROR 1" not in done.stderr


@pytest.mark.parametrize("srs_id", [0, -1])
def test_an_undefined_reference_system_is_none(opened: Open, tmp_path: Path, srs_id: int) -> None:
    path = tmp_path / "undefined.gpkg"
    frame = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(-2.9, 53.4)], crs="EPSG:4326")
    frame.to_file(path, layer="x", driver="GPKG")
    with closing(sqlite3.connect(path)) as database:
        for table in ("gpkg_contents", "gpkg_geometry_columns"):
            database.execute(f"UPDATE {table} SET srs_id = ?", (srs_id,))
        database.commit()
    with pytest.raises(CRSError, match="does not say its coordinate reference system"):
        opened("undefined.gpkg")
    assert opened("undefined.gpkg", crs="EPSG:4326").frame.geometry.x.tolist() == [-2.9]


def test_one_layer_with_shapes_is_taken_among_tables(opened: Open, file: Path) -> None:
    """QGIS keeps styles in such a table; whatever is asked for by name is given."""
    styles = pd.DataFrame({"styleName": ["blue"], "styleQML": ["<qgis/>"]})
    pyogrio.write_dataframe(styles, file, layer="layer_styles", append=False)
    pyogrio.write_dataframe(styles, file, layer="notes:2024", append=False)
    assert list_layers(file) == ("sites", "layer_styles", "notes:2024")
    assert opened("a.gpkg").frame["id"].tolist() == ["a", "b"]
    assert opened("a.gpkg:layer_styles").frame["styleName"].tolist() == ["blue"]
    assert opened("a.gpkg:notes:2024").frame["styleName"].tolist() == ["blue"]


def test_a_text_that_is_not_utf_8_is_a_sentence(opened: Open, edit: Callable[..., None]) -> None:
    edit("UPDATE sites SET day = CAST(X'C328' AS TEXT)")
    with pytest.raises(
        FileError, match=r"^'a\.gpkg' is not a whole .*a text in it is not in UTF-8"
    ):
        opened("a.gpkg")


def test_lists_and_objects_come_back_as_they_were(opened: Open) -> None:
    cells = {"l": [[1, 2], None], "o": [{"a": [True, "ä"]}, {}], "s": ["[1]", "x"]}
    frame = gpd.GeoDataFrame(cells, geometry=[shapely.Point(-3, 53)] * 2, crs="EPSG:4326")
    fields = (Field("l", "L", "array"), Field("o", "O", "object"), Field("s", "S", "string"))
    layer = Layer(frame, Metadata("nested", "Nested", fields=fields))
    again = opened("nested.gpkg", encode(layer, "gpkg"))
    for name in cells:
        assert [None if each != each else each for each in again.frame[name]] == cells[name]
    assert [each.type for each in again.metadata.fields] == ["array", "object", "string"]


def test_names_that_differ_in_case_alone_are_told_apart_and_said(opened: Open) -> None:
    frame = gpd.GeoDataFrame(
        {"Name": ["a"], "name": ["b"], "name_2": ["c"], "NAME": ["d"]},
        geometry=[shapely.Point(-3, 53)],
        crs="EPSG:4326",
    )
    fields = tuple(Field(each, each, "string") for each in ("Name", "name", "name_2", "NAME"))
    encoded = encode_noting(Layer(frame, Metadata("n", "N", label="name", fields=fields)), "gpkg")
    assert encoded.notes == (
        "Columns of a GeoPackage must differ in more than case: written 'name' as 'name_3', 'NAME' as 'NAME_4'.",
    )
    again = opened("n.gpkg", encoded.data)
    row = again.frame.drop(columns="geometry").iloc[0].to_dict()
    assert row == {"Name": "a", "name_3": "b", "name_2": "c", "NAME_4": "d"}
    assert again.label == "name_3"
    assert frame.columns.tolist() == ["Name", "name", "name_2", "NAME", "geometry"]


@pytest.mark.parametrize("names", [("rowid",), ("RowId", "oid"), ("rowid", "oid", "_rowid_")])
def test_columns_called_as_sqlite_calls_row_numbers_are_columns(
    names: tuple[str, ...], square: Pack, tmp_path: Path
) -> None:
    columns = {name: ["b", "a"] for name in names}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(-3, 53.4)] * 2, crs="EPSG:4326")
    write_layer(Layer(frame, Metadata("x", "X")), tmp_path / "a.gpkg")
    again = open_layer(str(tmp_path / "a.gpkg"), pack=square).frame
    assert again.drop(columns="geometry").to_dict("list") == columns
