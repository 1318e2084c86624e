"""A report: every number from one object, in all its files; whole folders; other packs; nothing overwritten."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from lcrmap.errors import MissingPartError, OutputError, UsageError
from lcrmap.layers import Pack, open_pack
from lcrmap.reports.contents import METHODS
from lcrmap.reports.folder import report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.writing import write_report
from lcrmap.verbs.sources import Sources
from tests.messages import exactly

ROOT = Path(__file__).parents[2]
RECIPE = """\
title = "Assets"
[[question]]
ask = "count"
layers = ["innovation-assets"]
in = "boroughs"
by = "sector"
[[question]]
ask = "near"
from = "innovation-assets"
to = ["rail-stations"]
[[question]]
ask = "doubts"
[[question]]
ask = "text"
title = "What next"
text = "One & two."
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The pack with one asset moved out of Liverpool, into St Helens."""
    folder = tmp_path_factory.mktemp("moved") / "pack"
    shutil.copytree(ROOT / "data", folder)
    path = folder / "sites" / "innovation-assets.geojson"
    text = path.read_text(encoding="utf-8")
    spine = next(e for e in json.loads(text)["features"] if e["id"] == "the-spine")
    line = next(line for line in text.splitlines() if '"the-spine"' in line)
    old = json.dumps(spine["geometry"]["coordinates"], separators=(",", ":"))
    assert old in line
    path.write_text(text.replace(line, line.replace(old, "[-2.74,53.45]")), encoding="utf-8")
    return open_pack(folder)


def files_of(pack: Pack) -> dict[str, bytes]:
    return report_files(make_report(parse_recipe(RECIPE, "r"), sources=Sources(pack)))[0]


@pytest.fixture(scope="module")
def both(moved: Pack) -> tuple[dict[str, bytes], dict[str, bytes]]:
    return files_of(open_pack()), files_of(moved)


def words_of(name: str, data: bytes) -> str:
    """Return what a reader finds in a file."""
    if name.endswith(".docx"):
        import docx

        document = docx.Document(io.BytesIO(data))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        pictures = [each._inline.docPr.get("descr") for each in document.inline_shapes]
        return "\n".join([*(each.text for each in document.paragraphs), *cells, *pictures])
    if name.endswith(".xlsx"):
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data))
        return "\n".join(str(c.value) for page in book for row in page.rows for c in row)
    return data.decode("utf-8", errors="replace").replace("&#39;", "'")


SAYING = [
    *["index.html", "summary.md", "alt.txt", "report.docx", "tables.xlsx", "provenance.json"],
    *["embed.html", "maps/01-count-innovation-assets.html"],
    "pictures/01-count-innovation-assets.svg",
]


@pytest.mark.parametrize("name", SAYING)
def test_one_changed_row_changes_every_file_that_says_the_number(
    name: str, both: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    before, after = (words_of(name, files[name]) for files in both)
    assert "Liverpool has 32 of the 52" in before
    assert "Liverpool has 31 of the 52" in after
    assert "32 of the 52" not in after


def test_the_tables_follow_too(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    before, after = (files["tables/01-count-innovation-assets.csv"].decode() for files in both)
    assert re.search(r"Liverpool,32,31,33", before)
    assert re.search(r"Liverpool,31,30,32", after)
    for name in ("index.html", "summary.md", "report.docx"):
        assert "31 (30 to 32)" in words_of(name, both[1][name]), name
        assert "32 (31 to 33)" in words_of(name, both[0][name]), name


def test_the_same_bytes_again(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    again = files_of(open_pack())
    assert [name for name in again if again[name] != both[0][name]] == []


def test_a_folder_holds_what_its_record_says(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    record = json.loads(both[0]["provenance.json"])
    assert set(record["files"]) == set(both[0]) - {"provenance.json"}
    assert record["pack"]["name"] == open_pack().name
    named = {each["name"] for each in record["inputs"]}
    assert {"innovation-assets.geojson", "boroughs.geojson", "rail-stations.geojson"} <= named
    assert record["recipe"]["question"][0]["by"] == "sector"
    assert any("geodesic" in each["method"] for each in record["figures"])
    text = both[0]["provenance.json"].decode()
    assert str(ROOT) not in text


def test_pictures_in_word_have_their_alternative_text(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    import docx

    document = docx.Document(io.BytesIO(both[0]["report.docx"]))
    described = [each._inline.docPr.get("descr") for each in document.inline_shapes]
    told = [each.partition(": ")[0] for each in described if each]
    # The maps, and the charts of their answers.
    assert told[0::2] == ["Map with sized circles", "Map"], told
    assert told[1::2] == ["Innovation assets by borough", "Distance to the nearest, of 56 places"]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[-3:] == ["What next", METHODS, "Sources and licences"]
    for table in document.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
    with zipfile.ZipFile(io.BytesIO(both[0]["report.docx"])) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_office_files_are_the_same_where_another_library_renames_what_their_writers_use(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    import openpyxl
    from openpyxl.xml.functions import register_namespace

    terms = "http://purl.org/dc/terms/"
    register_namespace("dct", terms)  # as OWSLib does, for the whole process
    try:
        again = files_of(open_pack())
    finally:
        register_namespace("dcterms", terms)
    for name in ("tables.xlsx", "report.docx"):
        assert again[name] == both[0][name]
    properties = openpyxl.load_workbook(io.BytesIO(again["tables.xlsx"])).properties
    assert (properties.creator, properties.title) == ("lcrmap", "Assets")
    assert properties.created == properties.modified == datetime(1980, 1, 1)  # noqa: DTZ001 (openpyxl knows no zones)


def test_the_page_needs_nothing_else_and_admits_no_script(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    page = both[0]["index.html"].decode()
    assert "default-src 'none'" in page.replace("&#39;", "'")
    assert "<script" not in page
    assert not re.search(r'src="(?!data:)', page)
    assert "One &amp; two." in page


def test_the_standard_report_of_another_region(skerries: Pack) -> None:
    report = make_report(sources=Sources(skerries))
    files, _ = report_files(report)
    whole = files["index.html"].decode()
    assert "Liverpool" not in whole
    assert "The Skerries" in report.title
    assert len(report.sections) >= 4


def test_a_question_that_cannot_be_answered_is_named() -> None:
    text = '[[question]]\nask = "count"\nlayers = ["freeport-site"]\nin = "boroughs"\n'
    with pytest.raises(
        UsageError,
        match=exactly(
            "question[1] (count): No layer 'freeport-site': did you mean 'freeport-sites'? A "
            "file is named with its suffix, such as 'sites.csv'."
        ),
    ):
        make_report(parse_recipe(text, "r"))


def test_nothing_within_reach_is_said_and_not_an_error() -> None:
    text = (
        '[[question]]\nask = "near"\nfrom = "53.4,-2.99"\nto = ["rail-stations"]\nwithin = "1m"\n'
    )
    (section,) = make_report(parse_recipe(text, "r")).sections
    assert section.page is None
    assert "within" in section.finding.lower()


def test_folders_are_whole_and_nothing_is_overwritten(tmp_path: Path, skerries: Pack) -> None:
    recipe = parse_recipe('[[question]]\nask = "text"\ntext = "x"\n', "r")
    report = make_report(recipe, sources=Sources(skerries))
    write_report(report, tmp_path / "deep" / "mine")
    with pytest.raises(
        OutputError,
        match=exactly(
            f"'{tmp_path}/deep/mine' already holds a report: add --overwrite to replace it."
        ),
    ):
        write_report(report, tmp_path / "deep" / "mine")
    write_report(report, tmp_path / "deep" / "mine", overwrite=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dear.txt").write_text("dear")
    with pytest.raises(
        OutputError,
        match=exactly(f"'{tmp_path}/other' is not the folder of a report: name another folder."),
    ):
        write_report(report, tmp_path / "other", overwrite=True)
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["mine"]


def test_a_missing_package_prints_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, skerries: Pack
) -> None:
    import sys

    from lcrmap.reports import folder

    recipe = parse_recipe('[[question]]\nask = "text"\ntext = "x"\n', "r")
    report = make_report(recipe, sources=Sources(skerries))
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        MissingPartError, match=exactly("A .docx needs python-docx: pip install 'lcrmap[docx]'")
    ):
        report_files(report, docx=True)
    monkeypatch.setattr(folder, "find_spec", lambda name: None)
    with pytest.raises(
        MissingPartError, match=exactly("An .xlsx needs openpyxl: pip install 'lcrmap[xlsx]'")
    ):
        report_files(report, xlsx=True)
    files, notes = report_files(report)
    assert "report.docx" not in files
    assert any("lcrmap[docx]" in each for each in notes)


def test_the_command_writes_a_folder(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(
        '[[question]]\nask = "count"\nlayers = ["freeport-sites"]\nin = "boroughs"\n'
    )
    outcome = lcrmap("report", "r.toml", "-o", "out")
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "out" / "index.html").is_file()
    assert "No borough" in outcome.out or "Freeport" in outcome.out
    example = lcrmap("report", "--example")
    assert "[[question]]" in example.out
    broken = lcrmap("report", "none.toml", "-o", "out2")
    assert broken.code == 3
    assert broken.err == (
        "Error: There is no file 'none.toml': "
        "write one with 'lcrmap report --example > recipe.toml'.\n"
    )


def test_data_in_the_place_of_a_recipe_are_refused_as_such(lcrmap: Callable) -> None:
    Path("jobs.csv").write_text("borough,jobs\nHalton,3\n")
    Path("jobs.gpkg").write_bytes(b"SQLite format 3\0\xff")
    for name in ("jobs.csv", "jobs.gpkg"):
        asked = lcrmap("report", name, "-o", "made.html")
        assert asked.code == 2
        assert asked.err == (
            f"Error: '{name}' is data, and a report is made of a recipe: write one with 'lcrmap report --example > "
            "recipe.toml', and name the data in it.\n"
        )
    assert "There is no file 'none.gpkg'" in lcrmap("report", "none.gpkg", "-o", "made.html").err


def test_a_recipe_may_be_called_text(lcrmap: Callable) -> None:
    Path("recipe.txt").write_text('title = "T"\n[[section]]\nask = "near"\nfrom = 3\n')
    asked = lcrmap("report", "recipe.txt", "-o", "made.html")
    assert "recipe.txt" in asked.err
    assert "is data" not in asked.err


def test_no_bare_total_without_its_breakdown(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    bare = re.compile(r"\b(16|sixteen) Freeport sites|\b(18|eighteen) Investment Zone sites", re.I)
    for name in SAYING:
        assert bare.findall(words_of(name, both[0][name])) == [], name
