"""Files in a zip, in gzip and in a KMZ: the format that counts is the packed one's."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import DataError, FileError, UnknownNameError
from lcrmap.io import archives
from lcrmap.layers import Layer

Open = Callable[..., Layer]

TABLE = "name,lon,lat\nA,-2.9,53.4\nB,-2.8,53.3\n"
MAP = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'.format(
    "<Folder><name>{}</name><Placemark><name>A</name><Point><coordinates>-2.9,53.4</coordinates></Point>"
    "</Placemark></Folder>"
)


def zipped(path: Path, **content: str | bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)


def point() -> str:
    feature: dict[str, Any] = {
        "type": "Feature",
        "properties": {"n": 1},
        "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv.gz", TABLE), ("a.geojson.gz", point()), ("A.TSV.GZ", TABLE.replace(",", "\t"))],
)
def test_what_gzip_packs_is_read(opened: Open, tmp_path: Path, name: str, text: str) -> None:
    layer = opened(name, gzip.compress(text.encode()))
    plain = opened(name[:-3], text)
    assert layer.frame.equals(plain.frame)
    assert (layer.name, layer.inputs[0].name) == (plain.name, name)
    assert layer.inputs[0].sha256 != plain.inputs[0].sha256


@pytest.mark.parametrize("name", ["a.gz", "a.tar.gz", "a.zip.gz", "a.shp.gz"])
def test_gzip_of_something_else_is_refused(opened: Open, name: str) -> None:
    with pytest.raises(FileError, match="does not tell by its name what is packed"):
        opened(name, gzip.compress(b"x"))


def test_gzip_that_is_cut_short_is_said_to_be_so(opened: Open) -> None:
    data = gzip.compress(TABLE.encode())
    with pytest.raises(FileError, match=r"'a\.csv\.gz' is not a whole gzip archive"):
        opened("a.csv.gz", data[:-12])
    with pytest.raises(FileError, match="begins as"):
        opened("b.csv.gz", TABLE)


def test_a_gzip_bomb_is_refused_while_it_is_unpacked(opened: Open) -> None:
    with pytest.raises(FileError, match="it would unpack from"):
        opened("a.csv.gz", gzip.compress(b"a" * 60_000_000))


def test_what_is_said_of_a_packed_table_names_it(opened: Open, tmp_path: Path) -> None:
    text = TABLE.replace(",", ";")
    layer = opened("a.csv.gz", gzip.compress(text.encode()))
    assert layer.notes[0] == "'a.csv.gz' is delimited by semicolons."
    with pytest.raises(DataError) as caught:
        opened("b.csv.gz", gzip.compress(b"name,lon,lat\nA,-2.9,53.4,7\n"))
    assert str(caught.value).startswith("Line 2 of 'b.csv.gz' has 4 cells")
    zipped(tmp_path / "c.zip", x__sites_csv=text)
    assert opened("c.zip").notes[0] == "'c.zip:x/sites.csv' is delimited by semicolons."


def test_columns_and_system_reach_a_packed_table(opened: Open) -> None:
    text = b"name,p,q\nA,334500,390100\n"
    layer = opened("a.csv.gz", gzip.compress(text), x="p", y="q", crs="EPSG:27700")
    assert layer.frame.crs == "EPSG:27700"


@pytest.mark.parametrize(
    ("name", "text"), [("a_csv", TABLE), ("a_geojson", point()), ("a_kml", MAP.format("S"))]
)
def test_a_zip_of_one_file_is_read(opened: Open, tmp_path: Path, name: str, text: str) -> None:
    zipped(tmp_path / "p.zip", **{name: text, "x__" + name + "_pdf": "x", "licence_pdf": "x"})
    layer = opened("p.zip")
    assert layer.placed
    assert layer.name == "p"
    assert not any("holds also" in each for each in layer.notes)


def test_tables_beside_a_layer_are_said_and_can_be_named(opened: Open, tmp_path: Path) -> None:
    zipped(tmp_path / "p.zip", a_geojson=point(), codes_csv=TABLE, read_txt="hello")
    layer = opened("p.zip")
    assert len(layer.frame) == 1
    assert layer.notes == (
        "'p.zip' holds also codes.csv: 'a.geojson' is read, and 'p.zip:NAME' reads another.",
    )
    assert len(opened("p.zip:codes").frame) == 2
    with pytest.raises(UnknownNameError, match="No layer 'cods'"):
        opened("p.zip:cods")


def test_layers_of_a_packed_file_are_named(opened: Open, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    for layer in ("one", "two"):
        frame.to_file(tmp_path / "in.gpkg", layer=layer)
    zipped(tmp_path / "p.zip", in_gpkg=(tmp_path / "in.gpkg").read_bytes())
    with pytest.raises(
        FileError, match=r"'p.zip:in.gpkg' holds 2 layers .* such as 'p.zip:in.gpkg:one'"
    ):
        opened("p.zip")
    assert opened("p.zip:in.gpkg:two").placed == 1
    assert opened("p.zip:two").placed == 1


def test_a_kmz_is_read_and_its_pictures_are_not(opened: Open, tmp_path: Path) -> None:
    zipped(tmp_path / "m.kmz", images__icon_png=b"x", doc_kml=MAP.format("S"), far_kml="x")
    assert opened("m.kmz").frame["Name"].tolist() == ["A"]
    assert opened("m.kmz:S").placed == 1
    zipped(tmp_path / "n.kmz", icon_png=b"x")
    with pytest.raises(FileError, match="holds no KML"):
        opened("n.kmz")
    zipped(tmp_path / "o.kmz", doc_kml=MAP.format("S")[:-20])
    with pytest.raises(FileError, match=r"'o\.kmz' is not whole"):
        opened("o.kmz")


def test_a_kmz_that_is_a_bomb_is_refused(opened: Open, tmp_path: Path) -> None:
    zipped(tmp_path / "m.kmz", doc_kml=b" " * 50_000_000)
    with pytest.raises(FileError, match="it would unpack from"):
        opened("m.kmz")


def test_text_files_are_tables(opened: Open) -> None:
    assert opened("a.txt", TABLE).placed == 2
    assert opened("b.txt", TABLE.replace(",", "\t")).placed == 2


def test_bounds_of_archives_are_those_of_gzip(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with pytest.raises(FileError, match="to more than 10"):
        opened("a.csv.gz", gzip.compress(TABLE.encode()))


@pytest.mark.parametrize("place", ["before the file", "in the list"])
def test_a_name_in_a_zip_that_is_not_utf_8_is_a_sentence(
    opened: Open, tmp_path: Path, place: str
) -> None:
    zipped(tmp_path / "b.zip", **{"\u00e9\u00e9.csv": TABLE})
    data = (tmp_path / "b.zip").read_bytes()
    name, wrong = "\u00e9\u00e9".encode(), b"\xc3\xc3\xa9\xa9"
    at = data.index(name) if place == "before the file" else data.rindex(name)
    with pytest.raises(FileError, match=r"is not a whole zip archive: .* is not in UTF-8"):
        opened("a.zip", data[:at] + wrong + data[at + len(wrong) :])
