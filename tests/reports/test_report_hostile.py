"""Hostile and unusual words in a user's own data stay words in every file of a report."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lcrmap.reports.folder import report_files
from lcrmap.reports.making import make_report
from lcrmap.reports.recipes import parse_recipe
from lcrmap.verbs.doubts.words import doubts_finding

NAMES = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1 | *bold* [link](javascript:alert(1))",
    "a\x1fb\x07c",
    "half \ud800 pair",
    "\u202eevil\u202c",
    "line one\nline two",
    "{{ 7 * 7 }} ${x} `y`",
    "利物浦 مرحبا",
]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("hostile") / "mine.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Point", "coordinates": [-2.9 + 0.01 * number, 53.4]},
        }
        for number, name in enumerate(NAMES)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    recipe = parse_recipe(
        'title = "<b>Title</b>"\n[[question]]\nask = "near"\n'
        f'from = "{path}"\nto = ["rail-stations"]\ntitle = "<i>{{{{ 7 * 7 }}}}"\n',
        "r",
    )
    return report_files(make_report(recipe))[0]


def test_every_file_can_be_read_and_nothing_runs(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>Title" not in page
    assert "{{ 7 * 7 }}" in page
    for name in files:
        if name.endswith((".html", ".md", ".txt", ".json", ".svg", ".csv")):
            files[name].decode("utf-8")
        if name.endswith(".svg"):
            ElementTree.fromstring(files[name])


def test_word_and_workbook_hold_the_words(files: dict[str, bytes]) -> None:
    import docx
    import openpyxl

    document = docx.Document(io.BytesIO(files["report.docx"]))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    assert "<script>alert(1)</script>" in cells
    (page,) = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    texts = [c.value for row in page.rows for c in row if isinstance(c.value, str)]
    assert not any(each.startswith(("=", "+", "@")) for each in texts)
    with zipfile.ZipFile(io.BytesIO(files["tables.xlsx"])) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_markdown_is_not_read_as_markup(files: dict[str, bytes]) -> None:
    summary = files["summary.md"].decode("utf-8")
    assert "[link](javascript" not in summary
    rows = [line for line in summary.splitlines() if line.startswith("|")]
    bars = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
    assert len(bars) == 1


def test_no_path_of_this_machine_is_in_any_file(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in files.items():
        assert str(tmp_path.parents[1]).encode() not in data, name


@pytest.mark.parametrize(
    ("count", "words"), [(0, "Nothing is"), (1, "1 place is"), (1200, "1,200 places are")]
)
def test_sentences_are_right_for_none_one_and_many(count: int, words: str) -> None:
    assert doubts_finding(count).startswith(words)
