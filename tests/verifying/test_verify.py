"""verify makes a page or a report again from its record, reads nothing else, and says what differs."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lcrmap.layers import Pack
from lcrmap.reports.folder import report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.reports.verify import verify
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.question import fields_of
from lcrmap.verbs.sources import Sources

ROOT = Path(__file__).parents[2]
CSV = "name,lat,lon\nPier,53.40,-2.99\nHall Road,53.4975,-3.0494\n"
BLOCK = re.compile(r'(<script type="application/json" id="made">)(.*?)(</script>)', re.DOTALL)


BROKEN = "'page.html' cannot be rebuilt:"
_KEYS = [each.key for each in fields_of(question_class("map"))]
KEYS_OF_MAP = f"{', '.join(_KEYS[:12])} and {len(_KEYS) - 12} more"


def unrecorded(name: str) -> str:
    """Return what is said of a record that names a file which it did not record."""
    return (
        f"The record names '{name}', which is not one of its input files: lcrmap reads only layers "
        "of the data pack and recorded files, named without a folder."
    )


def change(page: Path, **changes: object) -> None:
    """Change the record of a page, as somebody might who means harm."""
    text = page.read_text(encoding="utf-8")
    found = BLOCK.search(text)
    assert found is not None
    record = {**json.loads(found[2]), **changes}
    written = json.dumps(record).replace("<", "\\u003c")
    page.write_text(text.replace(found[2], written), encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["map"],
        [
            "map",
            "freeport-sites",
            "--title",
            "A & <b>",
            "--where",
            "freeport-sites:kind = 'tax_site'",
        ],
        ["count", "innovation-assets", "--in", "boroughs", "--by", "sector"],
        ["near", "freeport-sites", "rail-stations", "--within", "5km", "-k", "2"],
        ["catchment", "53.40,-2.99", "--rings", "1km,2km"],
        ["gaps", "rail-stations", "--beyond", "800m", "--by", "boroughs"],
        ["show", "boroughs", "--where", "name = 'Halton'"],
    ],
    ids=lambda words: words[0],
)
def test_a_page_is_the_same_again(words: list[str], lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap(*words, "-o", "page.html").code == 0
    (tmp_path / "elsewhere").mkdir()
    shutil.move(tmp_path / "page.html", tmp_path / "elsewhere" / "renamed.html")
    outcome = lcrmap("verify", "elsewhere/renamed.html")
    assert outcome.out == "The same, to the byte: 1 file.\n"
    assert outcome.code == 0


def test_files_are_found_by_their_hash_whatever_their_name(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text(CSV, encoding="utf-8")
    assert lcrmap("map", "mine.csv", "-o", "page.html").code == 0
    (tmp_path / "inputs" / "deep").mkdir(parents=True)
    (tmp_path / "mine.csv").rename(tmp_path / "inputs" / "deep" / "other.csv")
    without = lcrmap("verify", "page.html")
    assert without.code == 3
    named = (
        f"The input file 'mine.csv' (SHA-256 {hashlib.sha256(CSV.encode()).hexdigest()[:12]}...)"
    )
    remedy = "name the folder that holds it with --inputs."
    assert without.err == f"Error: {named} is needed: {remedy}\n"
    assert lcrmap("verify", "page.html", "--inputs", "inputs").code == 0
    (tmp_path / "inputs" / "deep" / "other.csv").write_text(CSV + "X,53,-3\n", encoding="utf-8")
    absent = lcrmap("verify", "page.html", "--inputs", "inputs")
    assert absent.err == f"Error: {named} is not in 'inputs': {remedy}\n"


def test_folders_that_are_hidden_are_passed_over_among_inputs(
    lcrmap: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_text(CSV, encoding="utf-8")
    assert lcrmap("map", "mine.csv", "-o", "page.html").code == 0
    (tmp_path / ".venv").mkdir()
    for number in range(9):
        (tmp_path / ".venv" / f"{number}").touch()
    monkeypatch.setattr("lcrmap.reports.inputs.MOST_FILES", 8)
    assert lcrmap("verify", "page.html", "--inputs", ".").code == 0
    (tmp_path / ".venv").rename(tmp_path / "venv")
    assert "more than 8 files" in lcrmap("verify", "page.html", "--inputs", ".").err


@pytest.mark.parametrize(("docx", "xlsx"), [(False, True), (True, False), (False, False)])
def test_a_report_of_fewer_files_is_the_same_where_more_could_be_written(
    docx: bool, xlsx: bool, tmp_path: Path, skerries: Pack
) -> None:
    recipe = parse_recipe('[[question]]\nask = "doubts"\n', "r")
    made = make_report(recipe, sources=Sources(skerries))
    for name, data in report_files(made, docx=docx, xlsx=xlsx)[0].items():
        (tmp_path / "report" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "report" / name).write_bytes(data)
    assert (tmp_path / "report" / "report.docx").exists() is docx
    assert verify(tmp_path / "report", skerries.folder).same
    (tmp_path / "report" / "report.docx").write_bytes(b"another")
    assert not verify(tmp_path / "report", skerries.folder).same


def test_a_geodatabase_is_found_by_the_digest_of_its_tables(
    lcrmap: Callable, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"name": ["Pier"]}, geometry=[shapely.Point(-2.99, 53.4)], crs=4326)
    frame.to_file(tmp_path / "mine.gdb", layer="piers", driver="OpenFileGDB")
    assert lcrmap("map", "mine.gdb:piers", "-o", "page.html").code == 0
    (tmp_path / "inputs" / "deep").mkdir(parents=True)
    there = (tmp_path / "mine.gdb").rename(tmp_path / "inputs" / "deep" / "other.gdb")
    assert lcrmap("verify", "page.html", "--inputs", "inputs").code == 0
    (there / "timestamps").write_bytes(b"changed")
    absent = lcrmap("verify", "page.html", "--inputs", "inputs")
    assert absent.code == 3
    assert "The input file 'mine.gdb' (SHA-256 " in absent.err


@pytest.mark.parametrize("name", ["mine.geojson", "freeport-sites.geojson"])
def test_a_page_of_a_copy_of_the_packs_own_file_is_the_same_again(
    name: str, lcrmap: Callable, tmp_path: Path, pack: Pack
) -> None:
    shutil.copyfile(pack.path("freeport-sites"), tmp_path / name)
    assert lcrmap("map", name, "-o", "m.html").code == 0
    outcome = lcrmap("verify", "m.html")
    assert (outcome.code, outcome.err) == (0, "")


def test_a_changed_word_is_named(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    page = tmp_path / "page.html"
    page.write_text(page.read_text(encoding="utf-8").replace(">Parkside<", ">Parkside!<"))
    outcome = lcrmap("verify", "page.html")
    assert outcome.code == 1
    assert "Differs: page.html" in outcome.out
    assert "-Parkside!" in outcome.out
    assert "+Parkside" in outcome.out


def test_another_version_is_said(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    change(tmp_path / "page.html", versions={"lcrmap": "0.0.1"})
    assert "Made with lcrmap 0.0.1" in lcrmap("verify", "page.html").out


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"question": {"ask": "report"}},
            f"{BROKEN} The record asks for 'report', which makes no page.",
        ),
        (
            {"question": {"ask": "rm -rf"}},
            f"{BROKEN} The record asks for 'rm -rf', which makes no page.",
        ),
        (
            {"question": {"ask": ["map"]}},
            f"{BROKEN} The record asks for ['map'], which makes no page.",
        ),
        ({"question": {}}, f"{BROKEN} The record asks for None, which makes no page."),
        ({"question": "map"}, f"{BROKEN} The record holds no question."),
        *(
            ({"question": {"ask": "map", "layers": [name]}}, f"{BROKEN} {unrecorded(name)}")
            for name in ("../secret.csv", "/etc/passwd", "-", "secret.csv", "secret.csv:1")
        ),
        (
            {"question": {"ask": "near", "from": "secret.csv:Pier", "to": ["boroughs"]}},
            f"{BROKEN} {unrecorded('secret.csv')}",
        ),
        (
            {"question": {"ask": "map", "output": ["x.html"]}},
            (
                f"{BROKEN} The recorded question 'map' is invalid: No key 'output': "
                f"choose from {KEYS_OF_MAP}."
            ),
        ),
        (
            {"question": {"ask": "map", "pack": "/tmp"}},
            (
                f"{BROKEN} The recorded question 'map' is invalid: No key 'pack': "
                f"choose from {KEYS_OF_MAP}."
            ),
        ),
        (
            {"question": {"ask": "map", "layers": "freeport-sites"}},
            (
                f"{BROKEN} The recorded question 'map' is invalid: LAYER must be a list of names, "
                "such as [\"innovation-assets\"], not 'freeport-sites'."
            ),
        ),
        (
            {"question": {"ask": "map", "layers": [{"a": 1}]}},
            (
                f"{BROKEN} The recorded question 'map' is invalid: LAYER must be a list of names, "
                "such as [\"innovation-assets\"], not [{'a': 1}]."
            ),
        ),
        (
            {"question": {"ask": "map", "basemap": "http://x"}},
            f"{BROKEN} No base map 'http://x': choose from osm, opentopo.",
        ),
        (
            {"inputs": [{"name": "../x", "sha256": "0" * 64}]},
            ("The record names an input file '../x', which is not a plain file name."),
        ),
        ({"inputs": "all"}, "The record of 'page.html' has an invalid 'inputs'."),
        (
            {"pack": {"name": "x", "sha256": "0" * 64}},
            (
                "The data pack 'x' (SHA-256 000000000000...) was not found: "
                "name the folder that holds it with --inputs."
            ),
        ),
        ({"kind": "other"}, "The record of 'page.html' was not written by lcrmap."),
    ],
)
def test_a_record_that_means_harm_is_refused(
    changes: dict[str, object], message: str, lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text(CSV, encoding="utf-8")
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    change(tmp_path / "page.html", **changes)
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}
    outcome = lcrmap("verify", "page.html", "--inputs", ".")
    assert outcome.code in (2, 3), outcome.out
    assert outcome.err == f"Error: {message}\n"
    assert {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")} == before


def test_a_page_without_a_record_is_told_so(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    page = tmp_path / "page.html"
    page.write_text(BLOCK.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = lcrmap("verify", "page.html")
    assert outcome.code == 3
    assert outcome.err == (
        "Error: 'page.html' holds no record of how it was made: "
        "name a page that lcrmap wrote, or the folder of a report.\n"
    )


def test_a_page_made_in_python_is_the_same_again(lcrmap: Callable, tmp_path: Path) -> None:
    from lcrmap.library import make_map, near

    (tmp_path / "mine.csv").write_text(CSV, encoding="utf-8")
    make_map("freeport-sites", where="kind = 'tax_site'").save(tmp_path / "map.html")
    near(tmp_path / "mine.csv", "rail-stations", within=5000).page().save(tmp_path / "near.html")
    for name in ("map.html", "near.html"):
        outcome = lcrmap("verify", name, "--inputs", ".")
        assert outcome.out == "The same, to the byte: 1 file.\n", outcome.err


def test_a_record_of_an_older_form_is_told_but_not_asked_again(
    lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    page = tmp_path / "page.html"
    found = BLOCK.search(page.read_text(encoding="utf-8"))
    assert found is not None
    record = json.loads(found[2])
    del record["question"], record["form"]
    old = {**record, "verb": "map", "settings": {"layers": ["freeport-sites"]}}
    page.write_text(page.read_text(encoding="utf-8").replace(found[2], json.dumps(old)))
    outcome = lcrmap("verify", "page.html")
    assert outcome.code == 3
    assert outcome.err.endswith("cannot ask again: write the page or report anew.\n")
    told = lcrmap("explain", "page.html")
    assert told.code == 0
    assert "Asked: lcrmap map" in told.out
    assert '  layers: ["freeport-sites"]' in told.out


def test_what_came_through_a_pipe_cannot_be_asked_again(lcrmap: Callable, tmp_path: Path) -> None:
    assert lcrmap("map", "-", "-o", "page.html", stdin=CSV).code == 0
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "same.csv").write_text(CSV, encoding="utf-8")
    outcome = lcrmap("verify", "page.html", "--inputs", "inputs")
    assert outcome.code == 3
    assert "'-'" in outcome.err


def test_a_report_of_ones_own_files_is_the_same_again_in_another_place(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "r.toml").write_text(
        '[[question]]\nask = "count"\nlayers = ["data/mine.csv"]\nin = "boroughs"\n'
        '[[question]]\nask = "limits"\n',
        encoding="utf-8",
    )
    made = lcrmap("report", "r.toml", "-o", "report")
    assert made.code == 0, made.err
    (tmp_path / "inputs").mkdir()
    (tmp_path / "data" / "mine.csv").rename(tmp_path / "inputs" / "other.csv")
    outcome = lcrmap("verify", "report", "--inputs", "inputs")
    assert outcome.code == 0, outcome.out + outcome.err
    assert "The same, to the byte: all" in outcome.out
    summary = tmp_path / "report" / "summary.md"
    summary.write_text(summary.read_text(encoding="utf-8").replace("Liverpool", "Liver pool", 1))
    (tmp_path / "report" / "extra.txt").write_text("x")
    differs = lcrmap("verify", "report", "--inputs", "inputs")
    assert differs.code == 1
    assert "Differs: summary.md" in differs.out
    assert "Not part of the rebuilt report: extra.txt" in differs.out


def test_explain_says_what_was_asked_of_which_files(lcrmap: Callable) -> None:
    assert lcrmap("count", "innovation-assets", "--in", "boroughs", "-o", "page.html").code == 0
    out = lcrmap("explain", "page.html").out
    assert "Asked: lcrmap count" in out
    assert 'layers: ["innovation-assets"]' in out
    assert re.search(r"innovation-assets.geojson  [0-9a-f]{64}", out)
    assert "Versions: lcrmap " in out


def test_another_regions_pack_is_found_in_the_folder_of_inputs(
    lcrmap: Callable, skerries: object
) -> None:
    folder = str(skerries.folder)  # type: ignore[attr-defined]
    assert lcrmap("map", "--pack", folder, "-o", "page.html").code == 0
    assert "The data pack 'skerries' (SHA-256 " in lcrmap("verify", "page.html").err
    assert lcrmap("verify", "page.html", "--inputs", folder).code == 0


def test_what_is_no_page_and_no_report_is_told_so(lcrmap: Callable, tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(b"\x89PNG")
    make = "check its name, or make a page with 'lcrmap map -o page.html'."
    for verb in ("verify", "explain"):
        assert lcrmap(verb, ".").err == (
            "Error: '.' is not the folder of a report, as it has no provenance.json: name a page, or the folder that "
            "'lcrmap report' wrote.\n"
        )
        assert lcrmap(verb, "m.png").err == f"Error: 'm.png' is not text in UTF-8: {make}\n"
        assert lcrmap(verb, "n.html").err == f"Error: There is no file 'n.html': {make}\n"
