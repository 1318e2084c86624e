"""From what is typed to a layer: names, files, standard input, and what is none of these."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import FileError, GeometryError, UnknownNameError, UsageError
from lcrmap.io.opening import open_frame, open_layer
from lcrmap.layers import Input, Layer, Pack

CSV = "id,name,lon,lat\na,Alpha,-2.9,53.4\nb,Beta,,\n"
Open = Callable[..., Layer]


def test_every_layer_of_the_bundled_pack_opens_with_its_metadata(pack: Pack) -> None:
    for name in pack.names:
        layer = open_layer(name, pack=pack)
        assert layer.metadata == pack.metadata(name)
        assert layer.notes == ()
        assert layer.inputs[0].name == pack.path(name).name
        assert layer.inputs[0].sha256 == hashlib.sha256(pack.path(name).read_bytes()).hexdigest()
        described = {each.name for each in layer.metadata.fields}
        assert described <= set(layer.frame.columns), name
        assert list(layer.frame.index) == list(range(len(layer.frame)))


def test_a_name_of_the_pack_goes_before_a_file(opened: Open) -> None:
    assert len(opened("areas", CSV).frame) == 1


def test_a_file_is_described_from_what_it_holds(opened: Open) -> None:
    layer = opened("My Sites.csv", CSV)
    metadata = layer.metadata
    assert (metadata.name, metadata.title, metadata.key, metadata.label, metadata.geometry) == (
        "my-sites",
        "My Sites",
        "id",
        "name",
        "point",
    )
    assert [(each.name, each.title, each.type) for each in metadata.fields] == [
        ("id", "Id", "string"),
        ("name", "Name", "string"),
        ("lon", "Lon", "number"),
        ("lat", "Lat", "number"),
    ]
    assert layer.inputs == (Input("My Sites.csv", hashlib.sha256(CSV.encode()).hexdigest()),)


def test_a_column_with_repeated_ids_is_no_key(opened: Open) -> None:
    assert opened("a.csv", "id,lon,lat\na,1,2\na,1,2\n").metadata.key == ""


def test_standard_input_is_read_whole(square: Pack) -> None:
    layer = open_layer("-", pack=square, stdin=io.BytesIO(CSV.encode()))
    assert len(layer.frame) == 2
    assert layer.inputs == (Input("-", hashlib.sha256(CSV.encode()).hexdigest()),)


def test_an_empty_pipe_is_refused(square: Pack) -> None:
    with pytest.raises(FileError, match="Nothing came through the pipe"):
        open_layer("-", pack=square, stdin=io.BytesIO())


def test_a_link_is_followed(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text(CSV)
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert len(opened("link.csv").frame) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "arreas",
            (
                "No layer 'arreas': did you mean 'areas'? "
                "A file is named with its suffix, such as 'sites.csv'."
            ),
        ),
        (
            "zzzz",
            "No layer 'zzzz': choose from areas. A file is named with its suffix, such as 'sites.csv'.",
        ),
    ],
)
def test_a_mistyped_name_gets_suggestions(square: Pack, text: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        open_layer(text, pack=square)
    assert str(caught.value) == message


def test_a_mistyped_file_gets_the_files_of_its_folder(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(CSV)
    with pytest.raises(FileError) as caught:
        opened("stes.csv")
    assert str(caught.value) == "No such file 'stes.csv': did you mean 'sites.csv'?"


def test_a_missing_folder_is_named(opened: Open) -> None:
    with pytest.raises(FileError) as caught:
        opened("nowhere/sites.csv")
    assert str(caught.value) == (
        "No such file 'nowhere/sites.csv': there is no folder 'nowhere' that can be read."
    )


def test_a_folder_is_refused(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    with pytest.raises(FileError) as caught:
        opened("sites")
    assert str(caught.value).startswith("'sites' is a folder: name a file in it. A folder of")


def test_a_named_pipe_is_refused_and_not_waited_for(opened: Open, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileError, match="is not an ordinary file: pipe it and write '-'"):
        opened("pipe.csv")


def test_a_layer_inside_a_file_of_one_layer_is_refused(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text(CSV)
    with pytest.raises(UsageError) as caught:
        opened("sites.csv:one")
    assert str(caught.value) == "'sites.csv' is CSV, which holds one layer: leave out ':one'."


def test_coordinate_columns_are_only_for_tables(
    opened: Open, collection: Callable[..., str]
) -> None:
    with pytest.raises(UsageError, match="--x and --y are for tables"):
        opened("a.geojson", collection((-3, 53.4, {})), x="a", y="b")


def test_no_permission_is_said_as_another_user(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(CSV)
    code = """
import os, sys
from lcrmap.errors import FileError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack
pack = Pack(None, "p", "P", "R", "1", (), {})
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
try:
    open_layer(sys.argv[1], pack=pack)
except FileError as error:
    print(error)
"""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    path.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"'{path}' may not be read: ask its owner for permission.\n", done.stderr


def test_a_crs_that_is_asked_for_goes_before_the_files_own(
    opened: Open, collection: Callable[..., str]
) -> None:
    layer = opened("a.geojson", collection((335000, 390000, {})), crs="27700")
    assert layer.frame.crs == "EPSG:27700"
    assert layer.notes == ("'a.geojson' says EPSG:4326 and is taken as EPSG:27700, as you asked.",)


def test_an_unknown_crs_is_said(opened: Open, collection: Callable[..., str]) -> None:
    with pytest.raises(UsageError) as caught:
        opened("a.geojson", collection((-3, 53.4, {})), crs="EPSG:999999")
    assert str(caught.value) == (
        "The coordinate reference system EPSG:999999 (--crs) is unknown: "
        "EPSG:4326 is degrees and EPSG:27700 the British National Grid."
    )


def test_two_faults_are_one_error_that_counts_the_other() -> None:
    points = gpd.points_from_xy([float("inf"), -3, -3], [53.4, 53.4, 153.4], crs="EPSG:4326")
    with pytest.raises(GeometryError) as caught:
        open_frame(gpd.GeoDataFrame(geometry=points), title="Spots")
    assert str(caught.value) == (
        "The frame 'Spots' has coordinates that are not finite numbers, in feature 1: correct them, "
        "or leave the position empty, and 1 more fault (degrees-out-of-range)."
    )


def test_a_layer_without_any_position_is_refused_only_where_one_is_needed(
    opened: Open, collection: Callable[..., str]
) -> None:
    text = collection(None, None)
    assert opened("a.geojson", text).placed == 0
    with pytest.raises(GeometryError) as caught:
        opened("a.geojson", text, need_geometry=True)
    assert str(caught.value) == (
        "'a.geojson' has 2 features but not one position: give coordinates to at least one of them."
    )


def test_nothing_is_printed_while_reading(
    opened: Open, capfd: pytest.CaptureFixture[str], collection: Callable[..., str]
) -> None:
    opened("a.geojson", collection((-3, 53.4, {})))
    for name, content in (
        ("b.geojson", b'{"type":"FeatureCollection","features":[{]}'),
        ("c.fgb", b"fgb\x03fgb\x01\x00\x00\x00\x00"),
    ):
        with pytest.raises(FileError):
            opened(name, content)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a.geojsonl", "-"])
def test_streams_are_read_where_there_is_no_fiona(
    opened: Open,
    square: Pack,
    monkeypatch: pytest.MonkeyPatch,
    collection: Callable[..., str],
    name: str,
) -> None:
    monkeypatch.setitem(sys.modules, "fiona", None)
    if name == "-":
        data = collection((-3, 53.4, {"n": 1}), None).encode()
        layer = open_layer("-", pack=square, stdin=io.BytesIO(data))
    else:
        line = '{"type":"Feature","properties":{"n":1},"geometry":null}\n'
        layer = opened(name, line * 2)
    assert len(layer.frame) == 2


@pytest.mark.parametrize("suffix", ["geojson", "geojsonl", "parquet"])
def test_a_column_without_a_name_gets_one_and_is_told(
    opened: Callable[..., Layer], tmp_path: Path, suffix: str
) -> None:
    frame = gpd.GeoDataFrame(
        {"id": ["a"], "": ["x"], "column_2": [1]},
        geometry=[shapely.Point(-3, 53)],
        crs="EPSG:4326",
    )
    name = f"nameless.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(tmp_path / name)
    else:
        text = frame.to_json().replace("\n", "")
        rows = "\n".join(map(json.dumps, json.loads(text)["features"]))
        (tmp_path / name).write_text(rows if suffix == "geojsonl" else text)
    layer = opened(name)
    assert list(layer.frame.columns) == ["id", "column_2_", "column_2", "geometry"]
    assert [each.name for each in layer.metadata.fields] == ["id", "column_2_", "column_2"]
    assert f"Column 2 of '{name}' has no name and is called 'column_2_'." in layer.notes
