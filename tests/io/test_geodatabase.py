"""File Geodatabases: a folder, a zip of one, layers by name, and nothing read that is not the folder's own."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lcrmap.errors import FileError, UnknownNameError, UsageError
from lcrmap.io.memory import expected_bytes
from lcrmap.io.mending import mended
from lcrmap.io.opening import input_of, open_layer
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]
FIRST = "a00000001.gdbtable"


@pytest.fixture
def sites(tmp_path: Path) -> gpd.GeoDataFrame:
    """Points, written as the layer ``sites`` of a.gdb beside the layer ``areas``."""
    points = [shapely.Point(334500, 390400), shapely.Point(335000, 390000), None]
    frame = gpd.GeoDataFrame(
        {
            "name": ["Ä", "B", None],
            "ref": [2**60 + 1, 5, -7],
            "gaps": pd.array([1, None, 2**40], dtype="Int64"),
            "share": [1.5, 2.0, None],
        },
        geometry=points,
        crs="EPSG:27700",
    )
    areas = frame.iloc[:2].set_geometry(frame.geometry.iloc[:2].buffer(10))
    with warnings.catch_warnings(action="ignore"):  # older ArcGIS knows no long whole numbers
        for layer, some in (("sites", frame), ("areas", areas)):
            some.to_file(
                tmp_path / "a.gdb",
                layer=layer,
                driver="OpenFileGDB",
                TARGET_ARCGIS_VERSION="ARCGIS_PRO_3_2_OR_LATER",
            )
    return frame


def zipped(folder: Path, name: str, inside: str) -> None:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted((folder / "a.gdb").iterdir()):
            archive.write(each, inside + each.name)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("a.gdb:sites", ""),
        ("a.gdb.zip:sites", "a.gdb/"),
        ("b.zip:a:sites", "x/a.gdb/"),
        ("b.zip:a.gdb:sites", "x/A/a.gdb/"),
        ("b.zip:x/a.gdb:sites", "x/a.gdb/"),
    ],
)
def test_what_gdal_writes_is_read_to_the_digit(
    opened: Open, sites: gpd.GeoDataFrame, tmp_path: Path, name: str, inside: str
) -> None:
    if inside:
        zipped(tmp_path, name.partition(":")[0], inside)
    frame = opened(name).frame
    assert list(frame.columns) == ["name", "ref", "gaps", "share", "geometry"]
    assert frame.crs == "EPSG:27700"
    assert frame["ref"].tolist() == sites["ref"].tolist()
    assert frame["name"].dropna().tolist() == ["Ä", "B"]
    assert frame["gaps"].dropna().tolist() == [1, 2**40]
    assert shapely.equals_exact(frame.geometry[:2], sites.geometry[:2], 1e-4).all()
    assert frame.geometry[2] is None


@pytest.mark.parametrize("name", ["a.gdb", "a.gdb.zip"])
@pytest.mark.usefixtures("sites")
def test_a_layer_is_chosen_by_its_name(opened: Open, tmp_path: Path, name: str) -> None:
    zipped(tmp_path, "a.gdb.zip", "a.gdb/")
    with pytest.raises(FileError, match="holds 2 layers \\(sites, 3 places; areas, 2 areas\\)"):
        opened(name)
    with pytest.raises(UnknownNameError, match="did you mean 'sites'"):
        opened(f"{name}:site")


@pytest.mark.usefixtures("sites")
def test_a_geodatabase_among_other_files_of_a_zip_is_named_beside_them(
    opened: Open, tmp_path: Path
) -> None:
    zipped(tmp_path, "b.zip", "a.gdb/")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
        archive.writestr("p.geojson", '{"type":"FeatureCollection","features":[]}')
    with pytest.raises(FileError, match=r"holds 2 layers \(a.gdb, p.geojson\)"):
        opened("b.zip")


@pytest.mark.usefixtures("sites")
def test_reading_leaves_the_folder_as_it_was(opened: Open, tmp_path: Path) -> None:
    def seen() -> dict[str, tuple[int, bytes]]:
        return {
            e.name: (e.stat().st_mtime_ns, e.read_bytes()) for e in (tmp_path / "a.gdb").iterdir()
        }

    before = seen()
    opened("a.gdb:sites")
    assert seen() == before


@pytest.mark.usefixtures("sites")
def test_the_digest_is_that_of_all_tables_and_of_no_lock(opened: Open, tmp_path: Path) -> None:
    digest = opened("a.gdb:sites").inputs[0]
    assert digest.name == "a.gdb"
    (tmp_path / "a.gdb" / "a.lock").write_bytes(b"")
    (tmp_path / "a.gdb" / "a00000009.spx").unlink()
    assert opened("a.gdb:sites").inputs == (digest,)
    assert opened("a.gdb:areas").inputs == (digest,)
    shutil.copytree(tmp_path / "a.gdb", tmp_path / "b.gdb")
    (tmp_path / "b.gdb" / "timestamps").write_bytes(b"\x00" * 400)
    assert opened("b.gdb:sites").inputs[0].sha256 != digest.sha256
    zipped(tmp_path, "a.gdb.zip", "a.gdb/")
    assert opened("a.gdb.zip:sites").inputs == (input_of(tmp_path / "a.gdb.zip"),)


@pytest.mark.usefixtures("sites")
def test_a_link_in_the_folder_is_refused(opened: Open, tmp_path: Path) -> None:
    table = tmp_path / "a.gdb" / "a00000009.gdbtable"
    table.rename(tmp_path / "elsewhere")
    table.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileError, match=r"'a00000009\.gdbtable' in it is a link"):
        opened("a.gdb:sites")


def test_what_is_no_geodatabase_is_refused_in_a_sentence(opened: Open, tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    folder.mkdir()
    with pytest.raises(FileError, match=f"'a.gdb' is no File Geodatabase, since it lacks {FIRST}"):
        opened("a.gdb")
    (folder / FIRST).write_bytes(b"GIF89a")
    with pytest.raises(FileError, match=f"its {FIRST} does not begin as a table"):
        opened("a.gdb")
    (folder / FIRST).write_bytes(b"\x03\x00\x00\x00" + bytes(100))
    with pytest.raises(FileError, match=r"'a\.gdb' is not whole"):
        opened("a.gdb")
    with pytest.raises(FileError, match="is a file: a File Geodatabase is a folder"):
        opened("b.gdb", b"\x03\x00\x00\x00")


@pytest.mark.usefixtures("sites")
def test_tables_that_are_cut_are_refused_or_read_without_an_error_of_another_kind(
    opened: Open, tmp_path: Path
) -> None:
    for each in sorted((tmp_path / "a.gdb").glob("*.gdbtabl*")):
        whole = each.read_bytes()
        for size in (0, 4, 40, len(whole) // 2, len(whole) - 1):
            each.write_bytes(whole[:size])
            with suppress(FileError, UnknownNameError):
                assert len(opened("a.gdb:sites").frame) == 3
        each.write_bytes(whole)


@pytest.mark.usefixtures("sites")
def test_a_copy_of_it_is_not_mended(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--fix mends GeoJSON and CSV"):
        mended(tmp_path / "a.gdb")


@pytest.mark.usefixtures("sites")
def test_its_weight_is_that_of_its_files(tmp_path: Path) -> None:
    zipped(tmp_path, "a.gdb.zip", "a.gdb/")
    assert expected_bytes(tmp_path / "a.gdb") > 8 * 10_000
    assert expected_bytes(tmp_path / "a.gdb.zip") == expected_bytes(tmp_path / "a.gdb")


@pytest.mark.usefixtures("sites")
def test_a_zip_unpacks_the_tables_alone(square: Pack, tmp_path: Path) -> None:
    zipped(tmp_path, "a.gdb.zip", "a.gdb/")
    with zipfile.ZipFile(tmp_path / "a.gdb.zip", "a") as archive:
        archive.writestr("a.gdb/evil.vrt", "<OGRVRTDataSource/>")
        archive.writestr("a.gdb/deep/a00000009.gdbtable", b"x")
        archive.writestr("a.gdb\\a00000009.gdbtable", b"x")
    assert len(open_layer(f"{tmp_path}/a.gdb.zip:sites", pack=square).frame) == 3


@pytest.mark.usefixtures("sites")
def test_a_layer_whose_name_is_no_text_is_refused_in_a_sentence(
    opened: Open, tmp_path: Path
) -> None:
    changed = 0
    for table in (tmp_path / "a.gdb").glob("*.gdbtable"):
        data = table.read_bytes()
        table.write_bytes(data.replace(b"sites", b"\xff\xfetes"))
        changed += data.count(b"sites")
    assert changed
    with pytest.raises(FileError, match=r"a\.gdb"):
        opened("a.gdb")
