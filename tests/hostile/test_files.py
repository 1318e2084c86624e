"""Files that try to make their reader open other files, addresses, or more memory than there is.

Each is written here in a few lines. Every test opens it as a user does, and asserts that it is refused
in one sentence of lcrmap's own, that no request reached a listener on this machine, and that nothing of
a file beside it came through. The first tests show that the traps would work on an unguarded reader.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from lcrmap.errors import DataError, LcrmapError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack

CANARY = "the-canary-sings"
EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})


@dataclass
class Listener:
    """A port of this machine that counts who comes, and answers with a layer."""

    port: int
    visits: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/far.geojson"


@pytest.fixture
def listener() -> Iterator[Listener]:
    body = canary_layer().encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    server = socket.create_server(("127.0.0.1", 0))
    found = Listener(server.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                request = connection.recv(65536)
                found.visits.append(request)
                wanted = b"" if request.startswith(b"HEAD") else body
                connection.sendall(head + wanted)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield found
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def canary_layer() -> str:
    feature = {
        "type": "Feature",
        "properties": {"name": CANARY},
        "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file that nobody names."""
    (tmp_path / "secret.geojson").write_text(canary_layer())
    for name in (
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def vrt(source: str) -> str:
    layer = Path(source).stem
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="{layer}"><SrcDataSource>{source}</SrcDataSource>'
        f"</OGRVRTLayer></OGRVRTDataSource>"
    )


def pipeline(source: str) -> str:
    command = f"gdal vector pipeline ! read {source}"
    return json.dumps({"type": "gdal_streamed_alg", "command_line": command})


def linked(address: str, *, key: str = '"crs"', behind: bool = False) -> str:
    link = f'{key}:{{"type":"link","properties":{{"href":"{address}","type":"proj4"}}}}'
    features = canary_layer().replace(CANARY, "own").split('"features": ', 1)[1].removesuffix("}")
    parts = [f'"features":{features}', link] if behind else [link, f'"features":{features}']
    return f'{{"type":"FeatureCollection",{",".join(parts)}}}'


def everything(layer: Any) -> str:
    return f"{layer.frame.to_json()} {layer.metadata} {layer.notes}"


def refused(name: str, data: str | bytes, folder: Path) -> str:
    """Write a file, see it refused, and return the sentence."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(LcrmapError) as caught:
        open_layer(str(path), pack=EMPTY)
    sentence = str(caught.value)
    assert CANARY not in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


# --- The traps work on a reader without guard.


@pytest.mark.parametrize("make", [vrt, pipeline])
def test_gdal_alone_follows_a_file_in_geojsons_clothes(
    beside: Path, make: Callable[[str], str]
) -> None:
    path = beside / "trap.geojson"
    path.write_text(make(str(beside / "secret.geojson")))
    assert CANARY in pyogrio.read_dataframe(path).to_json()


def test_gdal_alone_fetches_what_such_a_file_names(beside: Path, listener: Listener) -> None:
    path = beside / "trap.geojson"
    path.write_text(vrt(f"/vsicurl/{listener.address}"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pyogrio.read_dataframe(path)
        except pyogrio.errors.DataSourceError:
            pass
    assert listener.visits


# --- lcrmap.


@pytest.mark.parametrize(
    "suffix",
    [
        "geojson",
        "json",
        "topojson",
        "geojsonl",
        "csv",
        "gpkg",
        "shp",
        "fgb",
        "zip",
        "kml",
        "gpx",
        "gml",
        "kmz",
        "gz",
        "txt",
        "tab",
        "mif",
    ],
)
@pytest.mark.parametrize("make", [vrt, pipeline])
@pytest.mark.parametrize("mark", ["", "\ufeff", "  \n"])
def test_redirections_in_other_clothes_are_refused(
    beside: Path, listener: Listener, suffix: str, make: Callable[[str], str], mark: str
) -> None:
    for source in (str(beside / "secret.geojson"), f"/vsicurl/{listener.address}"):
        refused(f"trap.{suffix}", mark + make(source), beside)
    assert listener.visits == []


@pytest.mark.parametrize("key", ['"crs"', '"\\u0063rs"', '"cr\\u0073"', '"\\u0063\\u0072\\u0073"'])
@pytest.mark.parametrize("behind", [False, True])
def test_a_crs_that_is_an_address_is_not_fetched(
    beside: Path, listener: Listener, key: str, behind: bool
) -> None:
    sentence = refused("a.geojson", linked(listener.address, key=key, behind=behind), beside)
    assert "which lcrmap does not follow" in sentence
    assert listener.visits == []


def test_a_packs_own_layer_is_no_way_round(beside: Path, listener: Listener) -> None:
    (beside / "areas.geojson").write_text(linked(listener.address, key='"\\u0063rs"', behind=True))
    package = {"name": "p", "resources": [{"name": "areas", "path": "areas.geojson"}]}
    (beside / "datapackage.json").write_text(json.dumps(package))
    from lcrmap.layers import open_pack

    with pytest.raises(DataError, match="does not follow"):
        open_layer("areas", pack=open_pack(beside))
    assert listener.visits == []


@pytest.mark.parametrize(
    "name",
    [
        "+init=/etc/passwd:x",
        "+proj=longlat +nadgrids=/etc/passwd",
        "/etc/passwd",
        "http://127.0.0.1:{port}/x",
        "/vsicurl/http://127.0.0.1:{port}/x",
        "WGS84",
        "GEOGCS[",
        "EPSG:4326+/etc/passwd",
    ],
)
def test_a_crs_is_a_code_and_nothing_else(beside: Path, listener: Listener, name: str) -> None:
    code = name.format(port=listener.port)
    crs = {"type": "name", "properties": {"name": code}}
    text = json.loads(canary_layer().replace(CANARY, "own"))
    refused("a.geojson", json.dumps({"type": text["type"], "crs": crs, **text}), beside)
    (beside / "b.geojson").write_text(canary_layer())
    with pytest.raises(LcrmapError):
        open_layer("b.geojson", pack=EMPTY, crs=code)
    assert listener.visits == []


@pytest.mark.parametrize(
    "text",
    [
        "/vsicurl/{address}",
        "/vsicurl_streaming/{address}",
        "/vsizip/secret.zip",
        "/vsigzip//etc/passwd",
        "/vsistdin/",
        "vsicurl/{address}",
        "//vsicurl/{address}",
        "/VSICURL/{address}",
        "{address}",
        "GeoJSON:{address}",
        "GeoJSON:secret.geojson",
        "ESRIJSON:{address}",
        "PG:dbname=x",
        "MYSQL:x",
        "WFS:{address}",
        "CSV:/etc/passwd",
        "data:text/csv,lon",
        "file:///etc/passwd",
        "<OGRVRTDataSource/>",
        '{{"type":"Point","coordinates":[1,2]}}',
    ],
)
def test_a_text_that_gdal_would_open_is_no_file(
    beside: Path, listener: Listener, text: str
) -> None:
    with pytest.raises(LcrmapError) as caught:
        open_layer(text.format(address=listener.address), pack=EMPTY)
    assert CANARY not in str(caught.value)
    assert listener.visits == []


def test_a_folder_that_is_called_like_a_virtual_path_is_refused(beside: Path) -> None:
    (beside / "vsimem").mkdir()
    (beside / "vsimem" / "a.geojson").write_text(canary_layer())
    with pytest.raises(DataError, match="is a virtual path of GDAL"):
        open_layer("vsimem/a.geojson", pack=EMPTY)


def geopackage(folder: Path, *statements: str) -> Path:
    path = folder / "a.gpkg"
    frame = gpd.GeoDataFrame({"name": ["own"]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    frame.to_file(path, layer="sites")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        for each in statements:
            database.execute(each)
        database.commit()
    return path


def as_view(select: str) -> tuple[str, ...]:
    return (
        "ALTER TABLE sites RENAME TO real_sites",
        f"CREATE VIEW sites AS {select}",
        "UPDATE gpkg_contents SET table_name = 'sites'",
        "UPDATE gpkg_geometry_columns SET table_name = 'sites'",
        "UPDATE gpkg_ogr_contents SET table_name = 'sites'",
    )


@pytest.mark.parametrize(
    "select",
    [
        "SELECT fid, geom, ogr_layer_SRID('{secret}') AS name FROM real_sites",
        "SELECT fid, geom, load_extension('{secret}') AS name FROM real_sites",
        "SELECT fid, geom, readfile('{secret}') AS name FROM real_sites",
        "SELECT fid, geom, ogr_geocode('{address}') AS name FROM real_sites",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x AS fid, x AS geom FROM c",
    ],
)
def test_a_geopackage_layer_that_runs_functions_is_refused(
    beside: Path, listener: Listener, select: str
) -> None:
    path = geopackage(
        beside,
        *as_view(select.format(secret=beside / "secret.geojson", address=listener.address)),
    )
    with pytest.raises(LcrmapError):
        open_layer(str(path), pack=EMPTY)
    assert listener.visits == []


def test_a_virtual_table_that_opens_another_file_is_refused(beside: Path) -> None:
    secret = beside / "secret.geojson"
    path = geopackage(
        beside,
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'far', "
        f"'far', 0, 'CREATE VIRTUAL TABLE far USING VirtualOGR(''{secret}'')')",
        "UPDATE gpkg_contents SET table_name = 'far'",
        "UPDATE gpkg_geometry_columns SET table_name = 'far'",
    )
    with pytest.raises(LcrmapError) as caught:
        open_layer(str(path), pack=EMPTY)
    assert CANARY not in str(caught.value)


def test_a_trigger_has_nothing_to_fire_at(beside: Path) -> None:
    path = geopackage(
        beside,
        "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT load_extension('x'); END",
    )
    assert open_layer(str(path), pack=EMPTY).frame["name"].tolist() == ["own"]


@pytest.mark.parametrize("ending", [".aux.xml", ".vrt", ".qml", ".gfs", ".idm", ".ind"])
def test_side_cars_are_not_looked_at(beside: Path, listener: Listener, ending: str) -> None:
    frame = gpd.GeoDataFrame({"name": ["own"]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    frame.to_file(beside / "a.shp")
    frame.to_file(beside / "a.gpkg")
    for name in ("a.shp", "a.gpkg"):
        for stem in (name, "a"):
            (beside / f"{stem}{ending}").write_text(vrt(f"/vsicurl/{listener.address}"))
        layer = open_layer(str(beside / name), pack=EMPTY)
        assert CANARY not in everything(layer)
        assert layer.frame["name"].tolist() == ["own"]
    assert listener.visits == []


def test_settings_of_gdal_in_the_environment_do_not_open_doors(
    beside: Path, listener: Listener
) -> None:
    path = geopackage(beside)
    code = """
import sys
from pathlib import Path
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack
print(open_layer(sys.argv[1], pack=Pack(Path(), "n", "N", "R", "1", (), {})).frame["name"].tolist())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        env={
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "YES",
            "OGR_SQLITE_LOAD_EXTENSIONS": str(beside / "secret.geojson"),
            "PROJ_NETWORK": "ON",
            "PROJ_NETWORK_ENDPOINT": f"http://127.0.0.1:{listener.port}",
            "GDAL_HTTP_PROXY": f"127.0.0.1:{listener.port}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "['own']\n", done.stderr
    assert done.stderr == ""
    assert listener.visits == []


def test_a_transformation_fetches_no_grid(beside: Path, listener: Listener) -> None:
    code = """
import geopandas as gpd, shapely
from lcrmap.io.writing import encode
from lcrmap.layers import Layer, Metadata
frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(335000, 390000)], crs=27700)
print(len(encode(Layer(frame, Metadata("x", "X")), "geojson")) > 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PROJ_NETWORK": "ON",
            "PROJ_NETWORK_ENDPOINT": f"http://127.0.0.1:{listener.port}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "True\n", done.stderr
    assert listener.visits == []


def test_a_prj_that_names_a_grid_elsewhere_is_not_followed(
    beside: Path, listener: Listener
) -> None:
    frame = gpd.GeoDataFrame({"name": ["own"]}, geometry=[shapely.Point(-2.9, 53.4)], crs=4326)
    frame.to_file(beside / "a.shp")
    grid = f'PARAMETERFILE["/vsicurl/{listener.address}"]'
    (beside / "a.prj").write_text(f'FITTED_CS["x",PARAM_MT["y",{grid}]]')
    with pytest.raises(LcrmapError):
        open_layer(str(beside / "a.shp"), pack=EMPTY)
    assert listener.visits == []


@pytest.mark.parametrize(
    "name", ["a.geojson", "a.geojsonl", "a.csv", "a.gpkg", "a.parquet", "a.shp", "a.fgb", "a.zip"]
)
@pytest.mark.parametrize("size", [0, 1, 3, 5, 16, 100, 4096, 70_000])
def test_noise_behind_a_right_beginning_ends_in_one_sentence(
    beside: Path, name: str, size: int
) -> None:
    marks = {
        "a.geojson": b'{"type":"FeatureCollection","features":[',
        "a.geojsonl": b'{"type":"Feature",',
        "a.csv": b"lon,lat\n",
        "a.gpkg": b"SQLite format 3\x00",
        "a.parquet": b"PAR1",
        "a.shp": b"\x00\x00\x27\x0a",
        "a.fgb": b"fgb\x03fgb\x01",
        "a.zip": b"PK\x03\x04",
    }
    noise = bytes((n * 7919 + n // 3) % 251 for n in range(size))
    refused(name, marks[name] + noise, beside)


def test_every_cut_of_every_format_is_refused_or_read_without_a_crash(beside: Path) -> None:
    """In a process of its own, since what is feared is that the process ends."""
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"], "n": [1, 2]},
        geometry=[shapely.box(-3, 53, -2.9, 53.1), shapely.box(-2.8, 53, -2.7, 53.1)],
        crs=4326,
    )
    frame.to_file(beside / "a.gpkg")
    frame.to_file(beside / "a.fgb", driver="FlatGeobuf")
    frame.to_file(beside / "a.geojson", driver="GeoJSON")
    frame.to_parquet(beside / "a.parquet")
    frame.to_file(beside / "a.shp")
    with zipfile.ZipFile(beside / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            archive.write(beside / f"a.{part}", f"a.{part}")
    code = """
import sys
from pathlib import Path
from lcrmap.errors import LcrmapError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack
pack = Pack(Path(), "n", "N", "R", "1", (), {})
read = refused = 0
for name in sys.argv[1:]:
    path = Path(name)
    data = path.read_bytes()
    step = max(1, len(data) // 40)
    for size in range(0, len(data), step):
        for damage in (b"", b"\\xff" * 8, b"\\0" * 3):
            path.write_bytes(data[:size] + (damage and damage + data[size + len(damage) :]))
            try:
                open_layer(name, pack=pack)
                read += 1
                # What reads though it is cut has lost no more than a line end.
                assert damage or size >= len(data) - 1, (name, size)
            except LcrmapError as error:
                assert str(error).endswith("."), error
                refused += 1
print(read > 0, refused > 200)
"""
    names = ["a.gpkg", "a.fgb", "a.geojson", "a.parquet", "a.shp", "a.zip"]
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        cwd=beside,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert (done.returncode, done.stdout) == (0, "True True\n")
