"""What a written file holds, to the byte."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from lcrmap.errors import CRSError, GeometryError, OutputError, UsageError
from lcrmap.io.opening import open_frame, open_layer
from lcrmap.io.readers import read_stream
from lcrmap.io.reading import NOTHING_ASKED
from lcrmap.io.values import plain_value
from lcrmap.io.writing import encode, encode_noting, encoder_for, write_layer
from lcrmap.layers import Field, Layer, Metadata, Pack

Open = Callable[..., Layer]
EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
ALL = ("csv", "geojson", "geojsonl", "gpkg", "json", "md", "parquet")


def bare(shapes: list[shapely.Geometry | None], crs: str | None = "EPSG:4326") -> Layer:
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=crs)
    return Layer(frame, Metadata("things", "Things"))


def test_geojson_is_one_feature_a_line_with_metadata_first(sites: Layer) -> None:
    lines = encode(sites, "geojson").decode().splitlines()
    assert lines[0] == '{"type":"FeatureCollection","name":"works",'
    assert lines[1].startswith('"lcrmap":{"name":"works","title":"Works",')
    assert lines[1].endswith(f'"inputs":[{{"name":"works.csv","sha256":"{"0" * 64}"}}]}},')
    assert lines[2:] == [
        '"features":[',
        (
            '{"type":"Feature","id":"s1","properties":{"code":"s1","name":"Alpha | Works","jobs":10,'
            '"share":0.1,"open":true,"tags":["a","b"],"more":{"k":[1,null]}},'
            '"geometry":{"type":"Point","coordinates":[-2.9916,53.4084]}},'
        ),
        (
            '{"type":"Feature","id":"s2","properties":{"code":"s2","name":"Béta","jobs":null,'
            '"share":0.25,"open":null,"tags":null,"more":null},'
            '"geometry":{"type":"Point","coordinates":[-3.0212346,53.5]}},'
        ),
        (
            '{"type":"Feature","id":"s3","properties":{"code":"s3","name":null,"jobs":30,'
            '"share":null,"open":false,"tags":[],"more":{}},"geometry":null}'
        ),
        "]}",
    ]


def test_geojson_members_stand_in_the_order_that_readers_look_for(sites: Layer) -> None:
    whole = json.loads(encode(sites, "geojson"))
    assert list(whole) == ["type", "name", "lcrmap", "features"]


def test_a_sequence_is_the_features_alone(sites: Layer) -> None:
    lines = encode(sites, "geojsonl").decode().splitlines()
    features = [json.loads(each) for each in lines]
    assert [each["properties"]["code"] for each in features] == ["s1", "s2", "s3"]
    assert not any("id" in each for each in features)  # readers would make one more column of it


def test_geojson_is_in_degrees_and_says_so_when_it_had_to_transform() -> None:
    layer = bare([shapely.Point(335000, 390000)], "EPSG:27700")
    encoded = encode_noting(layer, "geojson")
    assert encoded.notes == ("Positions are transformed from EPSG:27700 to degrees (EPSG:4326).",)
    x, y = json.loads(encoded.data)["features"][0]["geometry"]["coordinates"]
    assert (x, y) == (-2.9791268, 53.4028007)
    assert layer.frame.crs == "EPSG:27700"


def test_without_a_crs_degrees_cannot_be_written() -> None:
    with pytest.raises(CRSError):
        encode(bare([shapely.Point(1, 2)], None), "geojson")
    assert encode(bare([None], None), "csv") == b"n\n0\n"


def test_positions_beyond_a_system_are_refused_not_written_as_nonsense() -> None:
    with pytest.raises(GeometryError, match="cannot be transformed to degrees"):
        encode(bare([shapely.Point(1e300, 1e300)], "EPSG:27700"), "geojson")


def test_rings_turn_as_rfc_7946_wants() -> None:
    clockwise = shapely.Polygon(
        [(0, 0), (0, 4), (4, 4), (4, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]
    )
    text = json.loads(encode(bare([clockwise]), "geojson"))["features"][0]["geometry"]
    outer, inner = text["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw


def test_heights_have_three_digits_and_flat_shapes_two_numbers() -> None:
    layer = bare([shapely.Point(1.123456789, 2, 3.14159), shapely.Point(1, 2), shapely.Point()])
    shapes = [each["geometry"] for each in json.loads(encode(layer, "geojson"))["features"]]
    assert [each and each["coordinates"] for each in shapes] == [
        [1.1234568, 2.0, 3.142],
        [1.0, 2.0],
        None,
    ]


def test_csv_has_positions_in_degrees_and_no_more(sites: Layer) -> None:
    assert encode(sites, "csv").decode() == (
        "code,name,jobs,share,open,tags,more,longitude,latitude\n"
        's1,Alpha | Works,10,0.1,true,"[""a"",""b""]","{""k"":[1,null]}",-2.9916,53.4084\n'
        "s2,Béta,,0.25,,,,-3.0212346,53.5\n"
        "s3,,30,,false,[],{},,\n"
    )


def test_csv_keeps_coordinate_columns_that_are_there_already(opened: Open) -> None:
    text = "name,longitude,latitude\na,-2.9,53.4\n"
    assert encode(opened("a.csv", text), "csv").decode() == text


def test_csv_says_which_shapes_it_leaves_out_and_what_keeps_them() -> None:
    layer = bare([shapely.Point(1, 2), shapely.box(0, 0, 1, 1), None])
    encoded = encode_noting(layer, "csv")
    assert encoded.data == b"n,longitude,latitude\n0,1.0,2.0\n1,,\n2,,\n"
    assert encoded.notes == (
        (
            "CSV holds no lines or areas, so 1 of 2 shapes are left out: "
            ".geojson, .gpkg and .parquet keep them."
        ),
    )


FORMULAS = [
    "=1+1",
    "+44 151 000",
    "-note",
    "@SUM(A1)",
    "\t=1",
    "\rx",
    "  =1",
    "\u00a0=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "\u200b=1",
    "\n=1",
    "-2,95+1",
    "-2,95,A1",
    "-1,-2",
    "--2,95",
    "-2,95\n=1",
    "'=1",  # which would else be read as a formula with its apostrophe
    "'-2,95",  # and this as a number with the apostrophe that it had in files of lcrmap's
]
HARMLESS = ["a=1", "", "'s", "1-2", "(=1)", "-", "-2,95", "+2,95", "-1,234.5", "-1.234,5"]


def test_cells_that_would_run_as_formulas_get_an_apostrophe_and_a_note() -> None:
    frame = gpd.GeoDataFrame({"=name": FORMULAS + HARMLESS}, geometry=[None] * 31)
    encoded = encode_noting(Layer(frame, Metadata("x", "X")), "csv")
    rows = list(csv.reader(io.StringIO(encoded.data.decode(), newline="")))
    assert [row[0] if row else "" for row in rows[1:]] == [
        f"'{each}" for each in FORMULAS
    ] + HARMLESS
    assert rows[0] == ["'=name"]
    assert encoded.notes == (
        (
            "21 text cells of the CSV would run as a formula in a spreadsheet "
            "and got an apostrophe in front."
        ),
        (
            "1 column name of the CSV would run as a formula in a spreadsheet "
            "and got an apostrophe in front: '=name'."
        ),
        (
            "CSV cannot tell an empty text in the column '=name' from missing values: "
            ".geojson, .gpkg and .parquet keep them."
        ),
    )


def test_half_of_a_surrogate_pair_among_pythons_own_texts_is_written_as_its_escape() -> None:
    frame = gpd.GeoDataFrame({"v": pd.Series(["a\ud800", None, "b"], dtype=object)})
    data = encode(Layer(frame, Metadata(name="t", title="T")), "csv")
    assert data == b'v\na\\ud800\n""\nb\n'


def test_what_was_guarded_is_read_without_its_apostrophe(opened: Open) -> None:
    frame = gpd.GeoDataFrame(
        {"id": range(31), "=name": FORMULAS + HARMLESS},
        geometry=[shapely.Point(-3, 53)] * 31,
        crs="EPSG:4326",
    )
    written = encode(Layer(frame, Metadata("x", "X")), "csv")
    again = opened("again.csv", written)
    stripped = [each or None for each in FORMULAS + HARMLESS]  # an empty cell is none
    assert [None if each != each else each for each in again.frame["=name"].tolist()] == stripped
    assert again.notes[:2] == (
        "The apostrophe before the column name '=name' of 'again.csv' is taken off.",
        (
            "The apostrophe that keeps a text from running as a formula is taken off in 21 cells of '=name' of "
            "'again.csv'."
        ),
    )
    assert encode(again, "csv") == written


def test_numbers_with_commas_lose_the_apostrophe_that_they_had(opened: Open) -> None:
    places = (
        'id,was,lon,lat\na,"%s",-3.0,53.0\nb,"%s",-3.0,53.0\nc,"%s",-3.0,53.0\nd,%s,-3.0,53.0\n'
    )
    layer = opened("older.csv", places % ("'-2,95", "'-1,234.5", "''+2,95", "'-1.5"))
    assert layer.frame["was"].tolist() == ["-2,95", "-1,234.5", "'+2,95", "'-1.5"]
    assert encode(layer, "csv").decode() == places % ("-2,95", "-1,234.5", "''+2,95", "'-1.5")


def test_only_csv_has_guarded_formulas(opened: Open) -> None:
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"\'=1"},"geometry":null}]}'
    assert opened("a.geojson", text).frame["name"].tolist() == ["'=1"]


@pytest.mark.parametrize("format_name", ["gpkg", "parquet"])
def test_numbers_that_become_text_are_said(format_name: str) -> None:
    columns = {
        "ref": [2**64 - 1, 3],
        "mixed": ["a", 1.5],
        "gaps": [2**62 + 1, None],
        "name": ["a", "b"],
        "yes": [True, None],
    }
    frame = gpd.GeoDataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()},
        geometry=[shapely.Point(-3, 53)] * 2,
        crs="EPSG:4326",
    )
    fields = (Field("gaps", "Gaps", "integer"), Field("yes", "Yes", "boolean"))
    title = "Parquet" if format_name == "parquet" else "GeoPackage"
    why = f"no column of numbers in {title} holds all values"
    assert encode_noting(Layer(frame, Metadata("x", "X", fields=fields)), format_name).notes == (
        f"The numbers in 'ref' and 'mixed' are written as text, since {why}: .geojson and .csv keep them.",
    )


@pytest.mark.parametrize("text", ["-3e0", " -3 ", "+.5E1", "-2.9916", "\t+4"])
def test_a_text_that_is_a_number_is_no_formula_and_is_read_again(opened: Open, text: str) -> None:
    layer = opened("a.csv", f"id,lon,lat\na,{text},53.4\n")
    again = opened("b.csv", encode(layer, "csv"))
    assert again.frame.equals(layer.frame)


def test_blank_coordinate_cells_come_back_as_they_were(opened: Open) -> None:
    text = "id,lon,lat\na, , \nb, -3 ,53.4\n"
    assert encode(opened("a.csv", text), "csv").decode() == text


def test_own_columns_that_are_not_the_position_are_told_of() -> None:
    frame = gpd.GeoDataFrame(
        {"longitude": [1.0, -3.0], "latitude": [50.0, 53.0]},
        geometry=[shapely.Point(-3, 53)] * 2,
        crs="EPSG:4326",
    )
    encoded = encode_noting(Layer(frame, Metadata("x", "X")), "csv")
    assert encoded.data == b"longitude,latitude\n1.0,50.0\n-3.0,53.0\n"
    assert encoded.notes == (
        (
            "The columns longitude and latitude are the layer's own, and in 1 of 2 rows not the position, which the "
            "CSV lacks: .geojson, .gpkg and .parquet keep both."
        ),
    )
    near = frame.assign(longitude=-3.0001, latitude=[53.0001, None])
    assert "in 1 of 2 rows" in encode_noting(Layer(near, Metadata("x", "X")), "csv").notes[0]


@pytest.mark.parametrize("name", ["longitude", "latitude"])
def test_one_own_column_is_never_written_over(name: str) -> None:
    points = [shapely.Point(-3, 53)] * 2
    frame = gpd.GeoDataFrame({name: ["west", None]}, geometry=points, crs="EPSG:4326")
    with pytest.raises(OutputError, match=rf"^The layer has a column '{name}' of its own that is"):
        encode(Layer(frame, Metadata("x", "X")), "csv")
    number = {"longitude": -3.0, "latitude": 53.0}[name]
    same = gpd.GeoDataFrame({name: [number] * 2}, geometry=points, crs="EPSG:4326")
    lines = encode(Layer(same, Metadata("x", "X")), "csv").decode().splitlines()
    assert sorted(lines[0].split(",")) == ["latitude", "longitude"]


def test_own_columns_that_are_about_the_position_are_told_of() -> None:
    points = [shapely.Point(-3, 53), shapely.Point(-2, 53)]
    frame = gpd.GeoDataFrame({"longitude": [-3.0004, -2.0]}, geometry=points, crs="EPSG:4326")
    replaced = encode_noting(Layer(frame, Metadata("x", "X")), "csv")
    assert replaced.data == b"longitude,latitude\n-3.0,53.0\n-2.0,53.0\n"
    told = "The layer's own columns longitude and latitude are up to 0.001 degrees off the position in 1 of 2 rows"
    assert [each.partition(";")[0] for each in replaced.notes] == [told]
    assert "the position is written" in replaced.notes[0]
    kept = encode_noting(Layer(frame.assign(latitude=53.0), Metadata("x", "X")), "csv")
    assert kept.data == b"longitude,latitude\n-3.0004,53.0\n-2.0,53.0\n"
    assert [each.partition(";")[0] for each in kept.notes] == [told]
    assert "they are written" in kept.notes[0]


def test_an_own_longitude_is_not_blanked_where_there_is_no_position() -> None:
    points = [shapely.Point(-3, 53), None]
    frame = gpd.GeoDataFrame({"longitude": [-3.0, -2.5]}, geometry=points, crs="EPSG:4326")
    with pytest.raises(OutputError, match="column 'longitude' of its own"):
        encode(Layer(frame, Metadata("x", "X")), "csv")


def test_a_table_without_columns_numbers_its_rows() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 50, 1, 51), None], crs="EPSG:4326")
    layer = Layer(frame, Metadata("x", "X"))
    assert encode(layer, "csv") == b"row\n1\n2\n"
    assert encode(layer, "md") == b"**X**\n\n| Row |\n| ---: |\n| 1 |\n| 2 |\n"
    points = layer.with_frame(frame.set_geometry([None, shapely.Point(-3, 53)], crs="EPSG:4326"))
    assert encode(points, "csv") == b"row,longitude,latitude\n1,,\n2,-3.0,53.0\n"


@pytest.mark.parametrize("format_", ["csv", "gpkg", "parquet", "geojson", "geojsonl"])
@pytest.mark.parametrize(("name", "text"), [("b\x00c", "x"), ("b", "x\x00y")])
def test_nul_is_kept_or_refused(opened: Open, format_: str, name: str, text: str) -> None:
    frame = gpd.GeoDataFrame({name: [text]}, geometry=[shapely.Point(-3, 53)], crs="EPSG:4326")
    layer = Layer(frame, Metadata("x", "X"))
    if format_ in ("csv", "gpkg"):
        with pytest.raises(
            OutputError, match=r"^The column 'b.* holds the character U\+0000, which"
        ):
            encode(layer, format_)
        return
    again = opened(f"a.{format_}", encode(layer, format_))
    assert (again.frame.columns[0], again.frame.iloc[0, 0]) == (name, text)


def test_negative_numbers_are_numbers() -> None:
    frame = gpd.GeoDataFrame({"n": [-1, -2], "x": [-0.5, 1e-12]}, geometry=[None, None])
    assert encode(Layer(frame, Metadata("x", "X")), "csv") == b"n,x\n-1,-0.5\n-2,1e-12\n"


def test_beside_a_csv_stands_its_source(sites: Layer, tmp_path: Path) -> None:
    write_layer(sites, tmp_path / "works.csv")
    beside = json.loads((tmp_path / "works.csv-metadata.json").read_text())
    assert beside["url"] == "works.csv"
    assert beside["dc:title"] == "Works"
    assert beside["dc:source"] == ["A register https://example.org/register"]
    assert beside["dc:license"] == ["Open Government Licence v3.0 https://example.org/ogl"]
    assert beside["dc:rights"] == "Contains public sector information."
    assert beside["dc:date"] == "2026-04"
    assert beside["dc:provenance"] == [f"works.csv (SHA-256 {'0' * 64})"]
    columns = beside["tableSchema"]["columns"]
    header = (tmp_path / "works.csv").read_text().splitlines()[0].split(",")
    assert [each["name"] for each in columns] == header
    assert columns[2] == {
        "name": "jobs",
        "titles": ["jobs"],
        "datatype": "integer",
        "dc:description": "Jobs",
        "schema:unitText": "people",
    }
    assert beside["tableSchema"]["primaryKey"] == "code"


def test_json_is_a_table_with_its_source(sites: Layer) -> None:
    whole = json.loads(encode(sites, "json"))
    assert list(whole) == ["title", "source", "licence", "credit", "as_of", "lcrmap", "rows"]
    assert whole["source"] == "A register"
    assert whole["licence"] == "Open Government Licence v3.0"
    assert whole["rows"][0]["jobs"] == 10
    assert whole["rows"][1]["jobs"] is None


def test_markdown_is_text_whatever_the_cells_hold() -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["a|b", "<script>x</script>", "[x](y)", "l1\nl2", "`*_~\\"], "n": [1, 2, 3, 4, 5]},
        geometry=[None] * 5,
    )
    metadata = Metadata("x", "X <b>", credit="© Crown.", as_of="2026")
    assert encode(Layer(frame, metadata), "md").decode() == (
        "**X &lt;b&gt;**\n\n"
        "| Name | N |\n"
        "| --- | ---: |\n"
        "| a\\|b | 1 |\n"
        "| &lt;script&gt;x&lt;/script&gt; | 2 |\n"
        "| \\[x\\](y) | 3 |\n"
        "| l1 l2 | 4 |\n"
        "| \\`\\*\\_\\~\\\\ | 5 |\n"
        "\n© Crown. As of 2026.\n"
    )


@pytest.mark.parametrize("name", ["gpkg", "parquet"])
def test_the_crs_is_kept_where_the_format_can(tmp_path: Path, square: Pack, name: str) -> None:
    layer = bare([shapely.Point(335000, 390000), None], "EPSG:27700")
    notes = write_layer(layer, tmp_path / f"a.{name}")
    again = open_layer(str(tmp_path / f"a.{name}"), pack=square)
    assert notes == ()
    assert again.frame.crs == "EPSG:27700"
    assert again.frame.equals(layer.frame)


def test_columns_that_a_geopackage_reserves_are_kept(tmp_path: Path, square: Pack) -> None:
    frame = gpd.GeoDataFrame(
        {"fid": ["x", "y"], "geom": ["a", "b"]},
        geometry=gpd.points_from_xy([1, 2], [3, 4]),
        crs=4326,
    )
    write_layer(Layer(frame, Metadata("x", "X")), tmp_path / "a.gpkg")
    again = open_layer(str(tmp_path / "a.gpkg"), pack=square)
    assert again.frame.equals(frame)


@pytest.mark.parametrize(
    "values", [[2**64, None], [2**53 + 1, 0.5], [2**63 - 1, None]], ids=["huge", "mixed", "long"]
)
def test_a_geopackage_keeps_whole_numbers_to_the_last_digit(
    values: list[Any], tmp_path: Path, square: Pack
) -> None:
    points = gpd.points_from_xy([1, 2], [3, 4])
    frame = gpd.GeoDataFrame(
        {"n": pd.Series(values, dtype=object)}, geometry=points, crs="EPSG:4326"
    )
    write_layer(Layer(frame, Metadata("x", "X")), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        stored = [each for (each,) in database.execute("SELECT n FROM x")]
    assert [None if each is None else str(each) for each in stored] == [
        None if each is None else str(each) for each in values
    ]


@pytest.mark.parametrize("name", ALL)
def test_a_table_without_any_shapes_is_written(name: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"row": ["area", "total"], "n": [1, 2]})
    layer = Layer(frame, Metadata("counts", "Counts"))  # type: ignore[arg-type]
    assert write_layer(layer, tmp_path / f"a.{name}") == ()
    assert (tmp_path / f"a.{name}").stat().st_size > 10


@pytest.mark.parametrize("name", ALL)
def test_an_empty_layer_is_written(name: str, tmp_path: Path, sites: Layer) -> None:
    write_layer(sites.with_frame(sites.frame.iloc[:0]), tmp_path / f"a.{name}")
    assert (tmp_path / f"a.{name}").exists()


@pytest.mark.parametrize("name", ALL)
def test_the_frame_is_left_as_it_was(name: str, sites: Layer) -> None:
    before = sites.frame.copy(deep=True)
    encode(sites, name)
    assert sites.frame.equals(before)
    assert list(sites.frame.columns) == list(before.columns)


@pytest.mark.parametrize("name", ALL)
def test_rows_keep_the_order_of_the_frame_not_of_its_index(name: str, sites: Layer) -> None:
    turned = sites.frame.iloc[::-1]
    straight = turned.reset_index(drop=True)
    assert encode(sites.with_frame(turned), name) == encode(sites.with_frame(straight), name)


def test_an_unknown_format_is_answered_with_the_known_ones(sites: Layer) -> None:
    with pytest.raises(UsageError) as caught:
        encode(sites, "shp")
    assert str(caught.value) == (
        "There is no format 'shp' to write: "
        "choose one of geojson, geojsonl, gpkg, parquet, csv, json, md."
    )


def test_an_existing_file_or_companion_needs_a_word(sites: Layer, tmp_path: Path) -> None:
    (tmp_path / "a.csv-metadata.json").write_text("{}")
    with pytest.raises(
        OutputError, match=r"a\.csv-metadata\.json' exists already: add --overwrite"
    ):
        write_layer(sites, tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()
    write_layer(sites, tmp_path / "a.csv", overwrite=True)


def test_a_device_gets_no_companion(sites: Layer, tmp_path: Path) -> None:
    (tmp_path / "null.csv").symlink_to("/dev/null")
    write_layer(sites, tmp_path / "null.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["null.csv"]


DIGESTS = """
import hashlib, sys, time
from lcrmap.io.opening import open_frame, open_layer
from lcrmap.io.values import plain_value
from lcrmap.io.writing import encode
from lcrmap.layers import open_pack
layer = open_layer("freeport-sites", pack=open_pack())
for name in sys.argv[1:]:
    print(name, hashlib.sha256(encode(layer, name)).hexdigest())
"""


def test_the_bytes_are_the_same_in_any_locale_time_zone_and_hash_seed(tmp_path: Path) -> None:
    outputs = set()
    root = Path(__file__).parents[2]
    for seed, zone, locale in (("0", "UTC", "C"), ("7", "Pacific/Apia", "de_DE.UTF-8")):
        done = subprocess.run(
            [sys.executable, "-c", DIGESTS, *ALL],
            cwd=root if seed == "0" else tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(root),
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "LC_ALL": locale,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1, outputs


def test_a_column_without_a_name_is_not_taken_for_the_key() -> None:
    frame = gpd.GeoDataFrame({"": [4]}, geometry=[shapely.Point(-3, 53)], crs="EPSG:4326")
    feature = json.loads(encode(Layer(frame, Metadata("x", "X")), "geojsonl"))
    assert feature["properties"] == {"": 4}
    assert "id" not in feature


@pytest.mark.parametrize(
    "columns", [{"a\0b": ["x"]}, {"a\0b": [1]}, {"a\0b": [0.5]}, {"a": ["x\0y"]}]
)
def test_a_geopackage_refuses_what_it_would_cut(columns: dict[str, Any], tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(-3, 53)], crs="EPSG:4326")
    layer = Layer(frame, Metadata("x", "X"))
    with pytest.raises(OutputError, match=r"holds the character U\+0000, which GeoPackage cannot"):
        write_layer(layer, tmp_path / "a.gpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["geojson", "geojsonl", "json", "csv", "md"])
def test_infinite_numbers_that_a_format_has_no_form_for_are_said(form: str) -> None:
    columns = {"share": [float("inf"), float("-inf"), 0.5], "tags": [[float("inf")], None, [1.5]]}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(-3, 53)] * 3, crs="EPSG:4326")
    title = {"csv": "CSV", "md": "Markdown"}.get(form, "JSON")
    said = f"{title} has no form for infinite numbers: 3 in the columns 'share', 'tags' are written as missing."
    assert said in encode_noting(Layer(frame, Metadata("x", "X")), form).notes


@pytest.mark.parametrize("form", ["gpkg", "parquet"])
def test_infinite_numbers_are_kept_where_the_format_holds_them(form: str, tmp_path: Path) -> None:
    columns = {"share": [float("inf"), float("-inf"), 0.5], "none": [float("nan")] * 3}
    frame = gpd.GeoDataFrame(columns, geometry=[None] * 3, crs="EPSG:4326")
    layer = open_frame(frame, title="X")
    assert write_layer(layer, tmp_path / f"a.{form}") == ()
    again = open_layer(str(tmp_path / f"a.{form}"))
    assert again.frame["share"].tolist() == [float("inf"), float("-inf"), 0.5]
    assert again.frame["none"].dtype == "float64"


@pytest.mark.parametrize("form", ["gpkg", "parquet"])
def test_infinite_numbers_within_lists_are_said(form: str) -> None:
    frame = gpd.GeoDataFrame({"tags": [[float("inf")]]}, geometry=[None], crs="EPSG:4326")
    said = (
        "JSON text has no form for infinite numbers: 1 in the column 'tags' is written as missing."
    )
    assert encode_noting(open_frame(frame, title="X"), form).notes == (said,)


def test_an_attribute_called_geometry_is_kept_beside_the_shapes(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"geometry": [7], "geom": ["a"], "shape": [shapely.Point(-3, 53)]},
        geometry="shape",
        crs="EPSG:4326",
    )
    write_layer(open_frame(frame, title="X"), tmp_path / "a.gpkg")
    again = open_layer(str(tmp_path / "a.gpkg")).frame
    assert again.drop(columns="geometry").to_dict("list") == {"geometry_": [7], "geom": ["a"]}
    assert again.geometry.tolist() == [shapely.Point(-3, 53)]


@pytest.mark.parametrize("form", ["geojson", "geojsonl", "json", "gpkg", "parquet", "csv"])
def test_decimal_numbers_stay_numbers_or_keep_their_digits(form: str) -> None:
    costs = [Decimal("1.10"), Decimal("3"), None]
    frame = gpd.GeoDataFrame({"cost": costs}, geometry=[None] * 3, crs="EPSG:4326")
    layer = Layer(frame, Metadata("x", "X", fields=(Field("cost", "Cost", "number"),)))
    data = encode(layer, form)
    if form == "parquet":
        assert pq.read_table(io.BytesIO(data))["cost"].to_pylist() == [1.1, 3.0, None]
    elif form == "csv":
        assert data.decode().splitlines() == ["cost", "1.1", "3", '""']
    elif form != "gpkg":
        assert [f'"cost":{each}' in data.decode() for each in ("1.1", "3", "null")] == [True] * 3
    long = Decimal("12345678901234567890.123456789")
    assert plain_value(long) == str(long)
    assert plain_value(Decimal("1e37")) == 10**37
    assert plain_value(Decimal(10**38 + 1)) == str(10**38 + 1)
    assert plain_value(Decimal("NaN")) is None


@pytest.mark.parametrize(("form", "title"), [("gpkg", "GeoPackage"), ("parquet", "Parquet")])
def test_a_column_of_values_of_different_kinds_is_said_to_be_text(
    form: str, title: str, tmp_path: Path
) -> None:
    columns = {"v": [True, "a", None], "w": [[1], {"k": 2}, None], "tags": [[1], [], None]}
    frame = gpd.GeoDataFrame(columns, geometry=[None] * 3, crs="EPSG:4326")
    said = (
        f"{title} keeps values of different kinds as text: those in the columns 'v', 'w'; "
        f".geojson keeps them."
    )
    assert write_layer(open_frame(frame, title="X"), tmp_path / f"a.{form}") == (said,)
    again = open_layer(str(tmp_path / f"a.{form}")).frame
    assert again["v"].tolist()[:2] == ["true", "a"]
    assert again["tags"].tolist() == [[1], [], None]


@pytest.mark.parametrize("form", ["geojson", "geojsonl", "gpkg", "parquet"])
def test_lists_objects_and_categories_of_a_frame_come_back(form: str, tmp_path: Path) -> None:
    columns = {
        "tags": [["a", 1], [], None],
        "more": [{"k": [1, None]}, {}, None],
        "many": [np.array([1, 2]), None, np.array([])],
        "decile": pd.Series([1, 2, None], dtype="category"),
    }
    frame = gpd.GeoDataFrame(columns, geometry=[None] * 3, crs="EPSG:4326")
    assert write_layer(open_frame(frame, title="X"), tmp_path / f"a.{form}") == ()
    again = open_layer(str(tmp_path / f"a.{form}"))
    types = {each.name: each.type for each in again.metadata.fields}
    assert types == {"tags": "array", "more": "object", "many": "array", "decile": "integer"}
    found = again.frame.drop(columns="geometry").astype(object)
    assert found.where(found.notna(), None).to_dict("list") == {
        "tags": [["a", 1], [], None],
        "more": [{"k": [1, None]}, {}, None],
        "many": [[1, 2], None, []],
        "decile": [1, 2, None],
    }


def csv_of(**columns: Any) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines of a CSV without positions, and its notes."""
    count = len(next(iter(columns.values())))
    frame = gpd.GeoDataFrame(columns, geometry=[None] * count, crs="EPSG:4326")
    encoded = encode_noting(open_frame(frame, title="X"), "csv")
    return encoded.data.decode().splitlines(), encoded.notes


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "20", None], "whole numbers"),
        (["1", "", "9007199254740993"], "whole numbers"),
        (["1.10", "2"], "numbers"),
        (["true", "FALSE"], "truth values"),
        (["007", "2"], ""),
        (["1", "x"], ""),
        ([1, 2], ""),
        ([True, None], ""),
        ([None, None], ""),
    ],
)
def test_texts_that_a_csv_gives_back_as_numbers_are_said(values: list[Any], words: str) -> None:
    _, notes = csv_of(v=values, w=["a"] * len(values))
    keep = ".geojson, .gpkg and .parquet keep them."
    said = f"CSV has no types, so the texts in the column 'v' are read from it as {words}: {keep}"
    assert [each for each in notes if "no types" in each] == ([said] if words else [])


def test_a_text_far_down_decides_what_the_texts_of_a_csv_are_read_as() -> None:
    assert csv_of(v=["1"] * 1500 + ["x"])[1] == ()


def test_empty_texts_that_a_csv_cannot_keep_are_counted() -> None:
    _, notes = csv_of(v=["", "a", None], w=["", "", "b"], x=[1, 2, 3])
    assert notes == (
        (
            "CSV cannot tell 3 empty texts in the columns 'v', 'w' from missing values: "
            ".geojson, .gpkg and .parquet keep them."
        ),
    )


def test_lists_and_values_of_different_kinds_that_a_csv_keeps_as_text_are_said() -> None:
    _, notes = csv_of(v=[[1], None], w=[1, "a"], x=[True, 1], y=[1, 2.5], z=[2**60, None])
    assert notes == (
        (
            "CSV keeps lists, objects and values of different kinds as text: those in the columns 'v', 'w', 'x'; "
            ".geojson keeps them."
        ),
    )


def test_heights_that_a_csv_lacks_are_counted(tmp_path: Path) -> None:
    shapes = [shapely.Point(-3, 53, 7), shapely.Point(-3, 53), shapely.Point(-3, 53, float("nan"))]
    said = (
        "CSV holds no heights, so that of 1 of 3 positions is left out: "
        ".geojson, .gpkg and .parquet keep them."
    )
    assert write_layer(bare(shapes), tmp_path / "a.csv") == (said,)


def test_names_of_a_csv_that_spaces_alone_tell_apart_get_numbers(tmp_path: Path) -> None:
    columns = {"x": [1], "x ": [2], " x_2": [3], " longitude": [4], " y ": [5]}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(-3, 53)], crs="EPSG:4326")
    notes = write_layer(open_frame(frame, title="X"), tmp_path / "a.csv")
    assert notes == (
        (
            "Columns of a CSV have names without spaces around them, each another: written 'x ' as 'x_3', "
            "' x_2' as 'x_2', ' longitude' as 'longitude_2', ' y ' as 'y'."
        ),
    )
    again = open_layer(str(tmp_path / "a.csv")).frame.drop(columns="geometry")
    assert again.to_dict("list") == {
        "x": [1],
        "x_3": [2],
        "x_2": [3],
        "longitude_2": [4],
        "y": [5],
        "longitude": [-3.0],
        "latitude": [53.0],
    }


@pytest.mark.parametrize("form", ALL)
def test_further_columns_of_shapes_are_said_to_be_left_out(form: str, tmp_path: Path) -> None:
    layer = bare([shapely.Point(-2.9, 53.4)])
    layer = layer.with_frame(layer.frame.assign(centre=layer.frame.geometry))
    said = "A layer has one column of shapes: the column 'centre' of things, which holds others, is left out."
    assert encode_noting(layer, form).notes.count(said) == 1
    assert write_layer(layer, tmp_path / f"a.{form}").count(said) == 1


@pytest.mark.parametrize("form", ["csv", "geojson", "geojsonl", "gpkg", "parquet"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_measures_are_left_out_and_said_and_heights_stay(
    form: str, crs: str, tmp_path: Path
) -> None:
    place = "-2.9 53.4" if crs == "EPSG:4326" else "340000 390000"
    shapes = shapely.from_wkt([f"POINT ZM ({place} 12 7)", f"POINT M ({place} 7)"]).tolist()
    notes = write_layer(bare(shapes, crs), tmp_path / f"a.{form}")
    title = {"csv": "CSV", "gpkg": "GeoPackage"}.get(form, "JSON")
    said = f"{title} is written without measures (M), so those of 2 shapes are left out: .parquet keeps them."
    assert (said in notes) == (form != "parquet")
    read = open_layer(str(tmp_path / f"a.{form}"), pack=EMPTY).frame.geometry
    assert read.notna().all()
    assert shapely.has_m(read.to_numpy()).tolist() == [form == "parquet"] * 2
    if form != "csv":
        assert shapely.get_z(read.to_numpy()).tolist()[0] == 12
        assert not read.has_z.iloc[1]


def test_measures_of_lines_and_areas_are_left_out_too() -> None:
    texts = ["LINESTRING M (0 1 7, 1 1 8)", "POLYGON ZM ((0 0 1 2, 0 1 1 3, 1 1 1 4, 0 0 1 2))"]
    features = json.loads(encode(bare(shapely.from_wkt(texts).tolist()), "geojson"))["features"]
    assert features[0]["geometry"]["coordinates"] == [[0, 1], [1, 1]]
    assert features[1]["geometry"]["coordinates"][0][0] == [0, 0, 1]


def without_values() -> Layer:
    frame = gpd.GeoDataFrame(
        {
            "name": ["a", "b"],
            "share": [np.nan, np.nan],
            "jobs": pd.array([None, None], dtype="Int64"),
            "open": pd.array([None, None], dtype="boolean"),
        },
        geometry=[shapely.Point(-2.9, 53.4)] * 2,
        crs="EPSG:4326",
    )
    return open_frame(frame, title="Bare", pack=EMPTY)


@pytest.mark.parametrize("form", ["geojson", "gpkg", "parquet"])
def test_a_column_without_values_keeps_its_type(form: str, tmp_path: Path) -> None:
    assert write_layer(without_values(), tmp_path / f"a.{form}") == ()
    layer = open_layer(str(tmp_path / f"a.{form}"), pack=EMPTY)
    assert [each.type for each in layer.metadata.fields] == [
        "string",
        "number",
        "integer",
        "boolean",
    ]
    assert list(map(str, layer.frame.dtypes))[1:4] == ["float64", "float64", "object"]


def test_a_sequence_says_that_it_has_no_types_for_columns_without_values() -> None:
    (note,) = encode_noting(without_values(), "geojsonl").notes
    assert note == (
        "GeoJSONSeq says no types of columns without values: the columns 'share', 'jobs', 'open' are read from it as "
        "text; .geojson, .gpkg and .parquet keep their types."
    )


def test_a_value_in_any_part_gives_its_column_a_type() -> None:
    encoder = encoder_for("geojsonl")
    layer = without_values()
    encoder.part(layer)
    encoder.part(layer.with_frame(layer.frame.assign(share=[1.5, np.nan])))
    encoder.part(layer)
    assert "the columns 'jobs', 'open' are" in encoder.notes[0]


def test_the_description_beside_a_csv_says_the_types_of_columns_without_values(
    tmp_path: Path,
) -> None:
    write_layer(without_values(), tmp_path / "a.csv")
    told = json.loads((tmp_path / "a.csv-metadata.json").read_text())["tableSchema"]["columns"]
    assert [each["datatype"] for each in told][:4] == ["string", "number", "integer", "boolean"]


def test_types_of_columns_without_values_are_believed_only_if_they_are_types() -> None:
    layer = without_values()
    text = encode(layer, "geojson").decode()
    for other in ('"type":["number"]', '"type":7', '"type":"money"'):
        assert text.replace('"type":"number"', other) != text
        data = text.replace('"type":"number"', other).encode()
        read = read_stream(data, NOTHING_ASKED).frame
        assert read["share"].dtype != "float64"


@pytest.mark.parametrize("gap", [[], [None]])
def test_the_ends_of_64_bits_are_whole_numbers_in_a_geopackage(gap: list[None]) -> None:
    ends = pd.Series([-(2**63), 2**63 - 1, *gap], dtype=object)
    frame = gpd.GeoDataFrame({"n": ends}, geometry=[None] * len(ends), crs="EPSG:4326")
    encoded = encode_noting(Layer(frame, Metadata("things", "Things")), "gpkg")
    assert encoded.notes == ()
    with closing(sqlite3.connect(":memory:")) as store:
        store.deserialize(encoded.data)
        kinds = store.execute("SELECT n, typeof(n) FROM things").fetchall()
    assert kinds[:2] == [(-(2**63), "integer"), (2**63 - 1, "integer")]
