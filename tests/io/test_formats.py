"""What a file is, by its suffix and its first bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lcrmap.errors import FileError, UsageError
from lcrmap.io.formats import FORMATS, detect, format_named, format_to_write, suffix_format

BEGINNINGS = {
    "geojson": b'{"type": "FeatureCollection"',
    "topojson": b'{"type": "Topology"',
    "geojsonl": b'\x1e{"type": "Feature"',
    "gpkg": b"SQLite format 3\x00",
    "parquet": b"PAR1",
    "fgb": b"fgb\x03fgb\x01",
    "shp": b"\x00\x00\x27\x0a",
    "zip": b"PK\x03\x04",
    "kmz": b"PK\x03\x04",
    "tab": b"!table\n!version 300\n",
    "mif": b"Version 300\nCharset",
    "gz": b"\x1f\x8b\x08",
    "kml": b'<?xml version="1.0"?>\n<!-- a map -->\n<kml xmlns="http://www.opengis.net/kml/2.2">',
    "gpx": b'<gpx version="1.1">',
    "gml": b'<a:b xmlns:a="a" xmlns:gml="http://www.opengis.net/gml/3.2">',
    "xlsx": b"PK\x03\x04",
    "ods": b"PK\x03\x04",
    "csv": b"name,lon,lat\n",
}
READ = [each for each in FORMATS if each.reads and not each.folder]


@pytest.mark.parametrize(
    ("name", "suffix"), [(each.name, suffix) for each in READ for suffix in each.reads]
)
def test_suffix_and_first_bytes_that_agree_fix_the_format(
    tmp_path: Path, name: str, suffix: str
) -> None:
    path = tmp_path / f"Layer{suffix.upper()}"
    path.write_bytes(BEGINNINGS[name])
    assert detect(path).name == name


@pytest.mark.parametrize("claimed", [each.name for each in READ])
@pytest.mark.parametrize("real", [each.name for each in READ])
def test_suffix_and_first_bytes_that_disagree_are_refused_with_both_named(
    tmp_path: Path, claimed: str, real: str
) -> None:
    may_look_alike = {
        ("geojsonl", "geojson"),
        ("geojsonl", "topojson"),
        ("geojson", "topojson"),
        ("topojson", "geojson"),
        ("csv", "mif"),
    }
    zipped = {"zip", "kmz", "xlsx", "ods"}
    if claimed == real or (claimed, real) in may_look_alike or {claimed, real} <= zipped:
        return
    path = tmp_path / f"layer{format_named(claimed).reads[0]}"
    path.write_bytes(BEGINNINGS[real])
    with pytest.raises(FileError) as caught:
        detect(path)
    assert f"is named as {format_named(claimed).title} but begins as " in str(caught.value)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<OGRVRTDataSource>", "a GDAL virtual file (VRT), which points to other files"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"[1, 2]", "a JSON list"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"ab\x00c", "binary data"),
    ],
)
def test_what_came_instead_is_named(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "layer.geojson"
    path.write_bytes(data)
    with pytest.raises(FileError) as caught:
        detect(path)
    assert f"begins as {kind}: " in str(caught.value)


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "layer.gpkg"
    path.touch()
    with pytest.raises(FileError) as caught:
        detect(path)
    assert str(caught.value) == f"'{path}' is empty (0 bytes): save or download it again."


def test_an_unknown_suffix_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "layer.docx"
    path.write_bytes(b"PK")
    with pytest.raises(FileError, match=r"it reads \.geojson, \.json, .* or \.txt\.$"):
        detect(path)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"type":"FeatureCollection","features":[]}', "geojson"),
        (b'{\n"type":"FeatureCollection","features":[]}', "geojson"),
        (b'\xef\xbb\xbf{"type":"FeatureCollection","features":[]}', "geojson"),
        (b'{"type":"Feature"}\n{"type":"Feature"}\n', "geojsonl"),
        (b'\x1e{"type":"Feature"}\n', "geojsonl"),
        (b"lon,lat\n1,2\n", "csv"),
    ],
)
def test_bytes_from_a_pipe_are_told_by_how_they_begin(data: bytes, name: str) -> None:
    assert detect(data).name == name


@pytest.mark.parametrize("data", [b"", b"  \n"])
def test_an_empty_pipe_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(FileError, match="Nothing came through the pipe"):
        detect(data)


def test_a_geopackage_through_a_pipe_is_refused() -> None:
    with pytest.raises(FileError, match="begins as GeoPackage: pipe GeoJSON, GeoJSONSeq or CSV"):
        detect(BEGINNINGS["gpkg"])


def test_json_is_geojson_to_read_and_a_table_to_write() -> None:
    read = suffix_format("layer.json")
    assert read is not None
    assert read.name == "geojson"
    assert format_to_write("layer.json").name == "json"


def test_a_suffix_that_cannot_be_written_is_answered_with_those_that_can() -> None:
    with pytest.raises(UsageError) as caught:
        format_to_write("layer.shp")
    assert str(caught.value) == (
        "lcrmap cannot write .shp, as in 'layer.shp': use .geojson, .geojsonl, .geojsons, .ndjson, .gpkg, .parquet, "
        ".csv, .json or .md, .html for a page, or .png, .svg or .pdf for a picture."
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("c.xlsx", "'c.xlsx': a .csv opens in Excel, and 'lcrmap report' makes a workbook of "),
        (
            "c.DOCX",
            "'c.DOCX': 'lcrmap report' makes a Word document of answers; else use .geojson, ",
        ),
    ],
)
def test_a_suffix_of_an_office_program_is_answered_with_what_makes_such_a_file(
    name: str, told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        format_to_write(name)
    assert told in str(caught.value)


def test_the_registry_loads_no_geometry_library() -> None:
    heavy = "geopandas pandas shapely pyproj fiona pyogrio pyarrow numpy"
    code = (
        "import sys, lcrmap.io.formats;"
        f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
