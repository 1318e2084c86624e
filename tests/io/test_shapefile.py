"""Shapefiles, bare and zipped: whole, and unpacked within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lcrmap.errors import CRSError, FileError, UnknownNameError, UsageError
from lcrmap.io import archives
from lcrmap.layers import Layer

Open = Callable[..., Layer]
GUESSED = (
    "'a.shp' has no .cpg that tells its encoding and is read as Windows-1252 (it then has '\u00e9'): "
    "if letters look wrong, name another with --encoding."
)
PARTS = ("shp", "shx", "dbf", "prj", "cpg")


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder with the parts of a.shp."""
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "n": [1, 2, 3]},
        geometry=[shapely.Point(-2.9, 53.4), None, shapely.Point(-2.8, 53.3)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "a.shp")
    return tmp_path


def pack(folder: Path, name: str, **entries: str) -> None:
    """Zip parts of a.shp under other stems."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for stem in entries.values():
            for part in PARTS:
                archive.write(folder / f"a.{part}", f"{stem}.{part}")


def test_a_shapefile_is_read_with_its_crs(opened: Open, parts: Path) -> None:
    layer = opened("a.shp")
    assert (len(layer.frame), layer.placed) == (3, 2)
    assert layer.frame.crs == "EPSG:4326"
    assert layer.frame["n"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            "shx",
            (
                "'a.shp' lacks its companion .shx with the index: a Shapefile is several files, "
                "so copy all of them into one folder."
            ),
        ),
        (
            "dbf",
            (
                "'a.shp' lacks its companion .dbf with the attributes: a Shapefile is several files, "
                "so copy all of them into one folder."
            ),
        ),
    ],
)
def test_a_missing_companion_is_named(opened: Open, parts: Path, part: str, message: str) -> None:
    (parts / f"a.{part}").unlink()
    with pytest.raises(FileError) as caught:
        opened("a.shp")
    assert str(caught.value) == message
    assert not (parts / f"a.{part}").exists()


def test_without_prj_the_crs_is_asked_for(opened: Open, parts: Path) -> None:
    (parts / "a.prj").unlink()
    with pytest.raises(CRSError, match="does not say its coordinate reference system"):
        opened("a.shp")
    assert opened("a.shp", crs="EPSG:4326").placed == 2


@pytest.mark.parametrize("text", ["+init=/etc/passwd:x", "/etc/passwd", "garbage"])
def test_a_prj_that_is_no_crs_is_as_good_as_none(opened: Open, parts: Path, text: str) -> None:
    (parts / "a.prj").write_text(text)
    with pytest.raises(CRSError, match="--crs"):
        opened("a.shp")


def test_an_encoding_that_nobody_knows_is_survived(opened: Open, parts: Path) -> None:
    (parts / "a.cpg").write_text("NONSENSE-99")
    assert opened("a.shp").frame["id"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("size", [50, 110, 150])
def test_a_file_cut_short_is_said_to_be_so(opened: Open, parts: Path, size: int) -> None:
    data = (parts / "a.shp").read_bytes()
    with pytest.raises(FileError, match="save or download it again"):
        opened("a.shp", data[:size])


@pytest.mark.parametrize("name", ["a.zip", "a.shp.zip"])
def test_a_zipped_shapefile_is_read(opened: Open, parts: Path, name: str) -> None:
    pack(parts, name, one="folder/sites")
    layer = opened(name)
    assert layer.frame.equals(opened("a.shp").frame)
    assert layer.name == "a"


def test_one_of_several_in_an_archive_is_picked_by_name(opened: Open, parts: Path) -> None:
    pack(parts, "many.zip", one="x/one", two="x/two")
    with pytest.raises(FileError) as caught:
        opened("many.zip")
    assert str(caught.value) == (
        "'many.zip' holds 2 layers (x/one.shp, x/two.shp): name one, such as 'many.zip:one'."
    )
    assert opened("many.zip:two").name == "two"
    with pytest.raises(UnknownNameError, match="did you mean 'two'"):
        opened("many.zip:twoo")


def test_an_archive_that_lacks_a_companion_says_so(opened: Open, parts: Path) -> None:
    with zipfile.ZipFile(parts / "half.zip", "w") as archive:
        archive.write(parts / "a.shp", "a.shp")
    with pytest.raises(FileError, match=r"'half\.zip:a\.shp' lacks its companion \.shx"):
        opened("half.zip")


def entries(path: Path, *names: str, content: bytes = b"x") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../a.shp", "its entry '../a.shp' points out of the archive"),
        ("/etc/a.shp", "its entry '/etc/a.shp' points out of the archive"),
        ("x/../../a.shp", "points out of the archive"),
        ("..\\a.shp", "points out of the archive"),
        ("C:/a.shp", "points out of the archive"),
        ("inner.zip", "holds another archive ('inner.zip'): unpack that one yourself"),
        ("a.pdf", "holds nothing that lcrmap reads"),
    ],
)
def test_entries_that_no_map_data_need(opened: Open, tmp_path: Path, name: str, said: str) -> None:
    entries(tmp_path / "bad.zip", name)
    with pytest.raises(FileError) as caught:
        opened("bad.zip")
    assert said in str(caught.value)


def test_a_link_in_an_archive_is_refused(opened: Open, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        info = zipfile.ZipInfo("a.shp")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(FileError, match=r"its entry 'a\.shp' is a link"):
        opened("link.zip")


def test_a_bomb_is_refused_before_it_is_unpacked(opened: Open, tmp_path: Path) -> None:
    entries(tmp_path / "bomb.zip", "a.shp", content=b"\0" * 50_000_000)
    with pytest.raises(FileError, match=r"it would unpack from \d+ bytes to 50000000"):
        opened("bomb.zip")


def test_too_many_entries_are_refused(opened: Open, tmp_path: Path) -> None:
    entries(tmp_path / "many.zip", *(f"{n}.txt" for n in range(archives.MOST_ENTRIES + 1)))
    with pytest.raises(FileError, match="holds 1001 files"):
        opened("many.zip")


def test_more_than_the_bound_is_not_written_whatever_is_claimed(
    opened: Open, parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(parts, "a.zip", one="a")
    real = archives.refuse_bombs
    monkeypatch.setattr(archives, "refuse_bombs", lambda infos, path: real([], path))
    monkeypatch.setattr(archives, "MOST_BYTES", 100)
    with pytest.raises(FileError, match="it unpacks to more than it claims"):
        opened("a.zip")


@pytest.mark.parametrize("keep", [60, 300])
def test_an_archive_cut_short_is_said_to_be_so(opened: Open, parts: Path, keep: int) -> None:
    pack(parts, "a.zip", one="a")
    with pytest.raises(FileError, match="is not a whole zip archive"):
        opened("a.zip", (parts / "a.zip").read_bytes()[:keep])


def test_a_damaged_entry_is_said_to_be_so(opened: Open, parts: Path) -> None:
    pack(parts, "a.zip", one="a")
    data = bytearray((parts / "a.zip").read_bytes())
    data[40:60] = b"\xff" * 20
    with pytest.raises(FileError, match="is not a whole zip archive"):
        opened("a.zip", bytes(data))


def test_a_broken_archive_is_not_quoted_at_length(opened: Open, parts: Path) -> None:
    with zipfile.ZipFile(parts / "a.zip", "w") as archive:
        archive.writestr("n" * 60_000 + ".shp", b"x")
    data = bytearray((parts / "a.zip").read_bytes())
    data[40:60] = b"m" * 20  # another name at the entry than in the directory
    with pytest.raises(FileError) as caught:
        opened("a.zip", bytes(data))
    assert len(str(caught.value)) < 200


def test_nothing_unpacked_stays_behind(
    opened: Open, parts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = parts / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    pack(parts, "a.zip", one="a")
    opened("a.zip")
    assert list(folder.iterdir()) == []


def test_columns_of_coordinates_are_for_tables(opened: Open, parts: Path) -> None:
    with pytest.raises(UsageError, match=r"'a\.shp' is Shapefile"):
        opened("a.shp", x="a", y="b")


TOGETHER = "these files do not belong together, so copy all of them again."


def foreign(folder: Path, rows: int, suffixes: str) -> None:
    """Put files of another Shapefile, of some rows, in the place of those of a.shp."""
    frame = gpd.GeoDataFrame({"id": list("vwxyz"[:rows])}, geometry=[shapely.Point(-3, 53)] * rows)
    frame.set_crs(4326).to_file(folder / "b.shp")
    for each in suffixes.split():
        (folder / f"b.{each}").replace(folder / f"a.{each}")


@pytest.mark.parametrize(
    ("rows", "suffixes", "message"),
    [
        (2, "dbf", f"'a.shp' has 3 shapes by its .shx and 2 rows in its .dbf: {TOGETHER}"),
        (5, "dbf", f"'a.shp' has 3 shapes by its .shx and 5 rows in its .dbf: {TOGETHER}"),
        (5, "shp", f"'a.shp' holds other shapes than the 3 of its .shx: {TOGETHER}"),
        (
            2,
            "shp",
            "'a.shp' is cut short (156 of 168 bytes): save or download it again.",
        ),
    ],
)
def test_files_that_disagree_on_the_number_of_rows_are_refused(
    opened: Open, parts: Path, rows: int, suffixes: str, message: str
) -> None:
    foreign(parts, rows, suffixes)
    with pytest.raises(FileError) as caught:
        opened("a.shp")
    assert str(caught.value) == message


def test_they_are_refused_in_a_zip_too(opened: Open, parts: Path) -> None:
    foreign(parts, 2, "dbf")
    pack(parts, "a.zip", entry="a")
    with pytest.raises(FileError, match=r"'a\.zip:a\.shp' has 3 shapes by its \.shx and 2"):
        opened("a.zip")


@pytest.mark.parametrize("left", [0, 8, 40, 100])
def test_a_cut_table_of_attributes_is_refused(opened: Open, parts: Path, left: int) -> None:
    table = parts / "a.dbf"
    table.write_bytes(table.read_bytes()[:left])
    with pytest.raises(FileError, match=r"'a\.shp' has a \.dbf that is cut short|0 rows in its"):
        opened("a.shp")


def test_a_cut_index_is_refused(opened: Open, parts: Path) -> None:
    index = parts / "a.shx"
    index.write_bytes(index.read_bytes()[:-8])
    with pytest.raises(FileError, match=r"2 shapes by its \.shx and 3 rows in its \.dbf"):
        opened("a.shp")


@pytest.mark.parametrize("cut", [1, 3, 7])
def test_an_index_cut_within_an_entry_is_refused(opened: Open, parts: Path, cut: int) -> None:
    index = parts / "a.shx"
    index.write_bytes(index.read_bytes()[:-cut])
    with pytest.raises(FileError, match=r"'a\.shp' has a \.shx that is cut short"):
        opened("a.shp")


@pytest.fixture
def accents(tmp_path: Path) -> Callable[[str], None]:
    """Write a.shp without a .cpg, whose names are in an encoding; a column of them is called so too."""

    def write(encoding: str) -> None:
        frame = gpd.GeoDataFrame(
            {"id": ["a", "b"], "caf\u00e9": ["Caf\u00e9", "\u00d3"], "n\u00e9": [2**54, None]},
            geometry=[shapely.Point(-2.9, 53.4)] * 2,
            crs="EPSG:4326",
        )
        frame.to_file(tmp_path / "a.shp", encoding=encoding)
        (tmp_path / "a.cpg").unlink()

    return write


@pytest.mark.parametrize(
    ("saved", "asked", "said"),
    [
        ("utf-8", {}, ()),
        (
            "cp1252",
            {},
            (GUESSED,),
        ),
        ("cp1250", {"encoding": "Windows-1250"}, ()),
        ("cp850", {"encoding": "cp850"}, ()),
    ],
)
def test_the_encoding_of_a_dbf_without_a_cpg(
    opened: Open,
    accents: Callable[[str], None],
    saved: str,
    asked: dict[str, str],
    said: tuple[str, ...],
) -> None:
    accents(saved)
    layer = opened("a.shp", **asked)
    assert layer.frame["caf\u00e9"].tolist() == ["Caf\u00e9", "\u00d3"]
    assert layer.frame["n\u00e9"][0] == 2**54
    assert layer.notes == said


def test_a_dbf_that_is_not_in_the_encoding_asked_for_is_refused(
    opened: Open, accents: Callable[[str], None]
) -> None:
    accents("cp1252")
    with pytest.raises(FileError, match=r"^'a\.shp' is not in utf-8: name another with --encoding"):
        opened("a.shp", encoding="utf-8")


def test_a_prj_that_is_no_utf_8_is_named(opened: Open, parts: Path) -> None:
    (parts / "a.prj").write_bytes('GEOGCS["Gré"]'.encode("latin-1"))
    for crs in ({}, {"crs": "EPSG:4326"}):
        with pytest.raises(
            CRSError, match=r"'a\.shp' has a \.prj that is not in UTF-8: save it again"
        ):
            opened("a.shp", **crs)


def test_a_wrong_byte_in_a_zip_by_lzma_is_a_broken_archive(opened: Open, parts: Path) -> None:
    with zipfile.ZipFile(parts / "l.zip", "w", zipfile.ZIP_LZMA) as archive:
        for part in PARTS:
            archive.write(parts / f"a.{part}", f"a.{part}")
    assert opened("l.zip").placed == 2
    data = bytearray((parts / "l.zip").read_bytes())
    data[60] ^= 0x55
    (parts / "l.zip").write_bytes(data)
    with pytest.raises(FileError, match=r"'l\.zip' is not a whole zip archive"):
        opened("l.zip")


@pytest.mark.parametrize(
    ("rows", "said"),
    [([0], "1 row is marked as deleted"), ([0, 2], "2 rows are marked as deleted")],
)
def test_rows_that_are_marked_as_deleted_are_left_out_and_said(
    opened: Open, parts: Path, rows: list[int], said: str
) -> None:
    table = parts / "a.dbf"
    data = bytearray(table.read_bytes())
    begin, width = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
    for row in rows:
        data[begin + row * width] = ord("*")
    table.write_bytes(data)
    layer = opened("a.shp")
    assert layer.frame["n"].tolist() == [n for n in (1, 2, 3) if n - 1 not in rows]
    assert f"{said} in the .dbf of 'a.shp' and left out." in layer.notes
