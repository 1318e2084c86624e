"""MapInfo TAB and MIF: whole, with their companions, and standing for no other file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import CRSError, FileError
from lcrmap.layers import Layer

Open = Callable[..., Layer]


@pytest.fixture
def table(tmp_path: Path) -> gpd.GeoDataFrame:
    """A frame, written as a.tab and a.mif."""
    points = [shapely.Point(334500, 390100), shapely.Point(335000.5, 390200)]
    frame = gpd.GeoDataFrame({"n": [1, 2], "name": ["A", "B"]}, geometry=points, crs=27700)
    for suffix in ("tab", "mif"):
        frame.to_file(tmp_path / f"a.{suffix}", driver="MapInfo File")
    return frame


@pytest.mark.parametrize("name", ["a.tab", "a.mif"])
def test_what_gdal_writes_is_read(opened: Open, table: gpd.GeoDataFrame, name: str) -> None:
    frame = opened(name).frame
    assert frame.crs == "EPSG:27700"
    assert frame[["n", "name"]].to_dict("list") == {"n": [1, 2], "name": ["A", "B"]}
    assert frame.geometry.distance(table.geometry).max() < 0.002  # MapInfo's own grid


@pytest.mark.parametrize(
    ("name", "gone"), [("a.tab", "dat"), ("a.tab", "map"), ("a.tab", "id"), ("a.mif", "mid")]
)
@pytest.mark.usefixtures("table")
def test_a_missing_companion_is_named(opened: Open, tmp_path: Path, name: str, gone: str) -> None:
    (tmp_path / f"a.{gone}").unlink()
    with pytest.raises(FileError, match=rf"lacks its companion \.{gone} with"):
        opened(name)


@pytest.mark.parametrize(
    "text",
    [
        '!table\n!version 100\nOpen Table "secret"\nCreate View x As Select * From secret\n',
        "!table\n!version 300\nDefinition Table\n  Type DBF\n  Fields 0\n",
        '!table\nDefinition Table\n  Type NATIVE\nbegin_metadata\n"\\\\IsSeamless" = "TRUE"\nend_metadata\n',
    ],
)
@pytest.mark.usefixtures("table")
def test_a_table_that_stands_for_others_is_refused(opened: Open, text: str) -> None:
    with pytest.raises(FileError, match="it stands for tables in other files"):
        opened("a.tab", text)


@pytest.mark.parametrize(
    ("name", "cut"), [("a.tab", "a.dat"), ("a.tab", "a.id"), ("a.mif", "a.mid")]
)
@pytest.mark.usefixtures("table")
def test_a_file_cut_short_is_one_sentence(
    opened: Open, tmp_path: Path, name: str, cut: str
) -> None:
    data = (tmp_path / cut).read_bytes()
    (tmp_path / cut).write_bytes(data[: int(len(data) * 0.6)])
    with pytest.raises(FileError, match="is not whole"):
        opened(name)


@pytest.mark.usefixtures("table")
def test_shapes_that_are_missing_from_a_mif_are_missed(opened: Open, tmp_path: Path) -> None:
    text = (tmp_path / "a.mif").read_text()
    with pytest.raises(FileError, match=r"holds 1 shapes and its \.mid 2 rows"):
        opened("a.mif", text[: text.rindex("Point")])


@pytest.mark.usefixtures("table")
def test_a_zipped_table_is_read_with_its_companions(opened: Open, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for suffix in ("tab", "dat", "map", "id"):
            archive.write(tmp_path / f"a.{suffix}", f"in/Sites.{suffix.upper()}")
    assert opened("p.zip").placed == 2


def test_a_projection_that_nobody_knows_is_refused(opened: Open, tmp_path: Path) -> None:
    lines = [
        "Version 300",
        'CoordSys Earth Projection 99, "x"',
        "Columns 1",
        "  n Integer",
        "Data",
        "Point 1 2",
    ]
    (tmp_path / "a.mif").write_text("\n".join(lines) + "\n")
    (tmp_path / "a.mid").write_text("1\n")
    with pytest.raises(CRSError, match=r"'a\.mif' cannot be understood: say --crs EPSG:CODE"):
        opened("a.mif")
