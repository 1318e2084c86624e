"""`lcrmap check` as a command: its forms, its exit codes, and the copies that it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = "id,name,lon,lat\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lcrmap", "check", *words],
        cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(HEAD + "1,A,-2.9,53.4\n2,B,-2.8,53.3\n")
    (tmp_path / "odd.csv").write_text(HEAD + "1,=A%\x1b[31m,-2.9,53.4\n2,B,-2.8,53.3\n")
    (tmp_path / "bad.csv").write_text(HEAD + "1,A,-2.9\n2,B,-2.8,53.3\n")
    return tmp_path


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (["good.csv"], 0, "1 note in 1 file."),
        (["odd.csv"], 0, "2 warnings, 1 note in 1 file."),
        (["good.csv", "bad.csv"], 1, "1 error, 1 note in 2 files."),
    ],
)
def test_it_ends_with_1_where_there_are_errors_alone(
    folder: Path, files: list[str], code: int, said: str
) -> None:
    done = run(folder, *files)
    assert done.returncode == code
    assert done.stderr.splitlines()[-1] == said


def test_a_line_of_text_says_where_what_and_how_to_mend_it(folder: Path) -> None:
    lines = run(folder, "odd.csv", "--select", "formula").stdout.splitlines()
    assert lines == [
        (
            "odd.csv:2:1: warning formula: '=A%\\x1b[31m' in the column 'name': "
            "check where they come from before you open the file in a spreadsheet."
        )
    ]


def test_json_has_the_same_findings_as_the_text(folder: Path) -> None:
    found = json.loads(run(folder, "odd.csv", "bad.csv", "--format", "json").stdout)
    assert [(each["rule"], each["line"], each["severity"]) for each in found] == [
        ("formula", 2, "warning"),
        ("control-character", 2, "warning"),
        ("reader", None, "note"),
        ("unreadable", 2, "error"),
    ]
    assert found[0]["coordinates"] == [-2.9, 53.4]


def test_sarif_names_rules_levels_and_places(folder: Path) -> None:
    log = json.loads(run(folder, "odd.csv", "bad.csv", "--format", "sarif").stdout)
    assert log["version"] == "2.1.0"
    (made,) = log["runs"]
    ids = [each["id"] for each in made["tool"]["driver"]["rules"]]
    assert ids == sorted(ids)
    for result in made["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    place = made["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "odd.csv"},
        "region": {"startLine": 2, "startColumn": 1},
    }


def test_annotations_hold_no_line_end_and_no_command_of_the_files(folder: Path) -> None:
    (folder / "a,b.csv").write_text(HEAD + '1,"=A%\n::error::x",-2.9,53.4\n2,B,-2.8,53.3\n')
    lines = run(folder, "a,b.csv", "--format", "github", "--select", "formula").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::warning file=a%2Cb.csv,line=2,title=lcrmap formula::'=A%25")


def test_select_and_ignore_know_their_rules(folder: Path) -> None:
    assert run(folder, "odd.csv", "--ignore", "formula,control-character,reader").stdout == ""
    done = run(folder, "odd.csv", "--select", "formla")
    assert done.returncode == 2
    assert "did you mean 'formula'" in done.stderr


def test_explain_prints_the_entry_of_a_rule(folder: Path) -> None:
    done = run(folder, "--explain", "winding")
    assert done.stdout.startswith("## winding")
    assert "RFC 7946" in done.stdout


def test_fix_writes_beside_the_file_and_never_over_one(folder: Path) -> None:
    (folder / "latin.csv").write_bytes((HEAD + "1,Café,-2.9,53.4\n").encode("latin-1"))
    before = (folder / "latin.csv").read_bytes()
    run(folder, "latin.csv", "--fix")
    assert (folder / "latin.csv").read_bytes() == before
    assert "Café" in (folder / "latin.fixed.csv").read_text(encoding="utf-8")
    again = run(folder, "latin.csv", "--fix")
    assert again.returncode == 4
    assert "latin.fixed.csv" in again.stderr


def test_no_file_is_a_usage_error(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 2
    assert "Name at least one FILE" in done.stderr
