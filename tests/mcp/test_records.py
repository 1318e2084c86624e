"""The record of a result, alone in a file, is what ``lcrmap verify`` takes: the same answer, or what differs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lcrmap.mcp.calls import called
from lcrmap.mcp.settings import Settings
from lcrmap.mcp.tools import tools_of
from lcrmap.reports.verify import verify
from tests.mcp.every_tool import SKERRIES, every_call

CSV = (
    "ref,called,kind,longitude,latitude\nd,The dock,quay,60.2,-45.86\nm,The mill,mill,60.1,-45.9\n"
)
SAME = ("The same: every word and row.",)
OF_INDICATORS = {"indicators": {"words": "car"}, "profile": {"place": "Halton"}}
RECIPE = '[[question]]\nask = "count"\nlayers = ["{}"]\nin = "isles"\n'
SCENARIO = (
    'title = "New quays"\n[[change]]\nto = "landings"\nadd = "mine.csv"\nreason = "A test."\n'
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of somebody's own; calls work in an empty one beside it."""
    folder, desk = tmp_path / "files", tmp_path / "desk"
    folder.mkdir()
    desk.mkdir()
    (folder / "mine.csv").write_text(CSV)
    (folder / "r.toml").write_text(RECIPE.format("mine.csv"))
    (folder / "new.toml").write_text(SCENARIO)
    monkeypatch.chdir(desk)
    return folder


def recorded(name: str, arguments: dict[str, Any], settings: Settings, to: Path) -> dict[str, Any]:
    """Call a tool, put the record of its result into a file, and return the record."""
    done = called(name, arguments, settings)
    assert not done.failed, done.texts
    record = json.loads(json.dumps(done.result["record"]))
    to.write_text(json.dumps(record), encoding="utf-8")
    return record


def test_every_tool_is_tried() -> None:
    assert set(every_call()) == {each.name for each in tools_of(Settings())}


@pytest.mark.parametrize("name", [each for each in every_call() if each not in OF_INDICATORS])
def test_the_answer_of_a_tool_is_the_same_again(name: str, files: Path, tmp_path: Path) -> None:
    settings = Settings(pack=SKERRIES, allow=(files,))
    calls = every_call(file="mine.csv")
    (files / "r.toml").write_text(RECIPE.format("landings"))
    recorded(name, calls[name], settings, tmp_path / "record.json")
    shutil.copytree(SKERRIES, files / "pack")
    assert verify(tmp_path / "record.json", files).lines == SAME


@pytest.mark.parametrize("name", OF_INDICATORS)
def test_figures_of_areas_are_the_same_again(name: str, files: Path, tmp_path: Path) -> None:
    recorded(name, OF_INDICATORS[name], Settings(), tmp_path / "record.json")
    assert verify(tmp_path / "record.json").lines == SAME


@pytest.mark.parametrize(
    "name", ["show", "count", "near", "find_place", "map", "report", "check", "compare"]
)
def test_what_was_asked_of_files_is_the_same_wherever_they_lie(
    name: str, files: Path, tmp_path: Path
) -> None:
    settings = Settings(pack=SKERRIES, allow=(files,))
    named = {
        key: str(files / each)
        for key, each in {"layer": "mine.csv", "scenario": "new.toml"}.items()
    }
    call = every_call(named["layer"], scenario=named["scenario"])[name]
    record = recorded(name, call, settings, tmp_path / "record.json")
    assert str(tmp_path) not in json.dumps(record)
    assert "mine.csv" in {each["name"] for each in record["inputs"]}
    (files / "deep").mkdir()
    (files / "mine.csv").rename(files / "deep" / "other.csv")
    (files / "new.toml").rename(files / "deep" / "older.toml")
    shutil.copytree(SKERRIES, files / "pack")
    assert verify(tmp_path / "record.json", files).lines == SAME


def test_the_file_that_was_read_is_asked_for(files: Path, tmp_path: Path) -> None:
    settings = Settings(pack=None, allow=(files,))
    recorded("show", {"layer": "mine.csv"}, settings, tmp_path / "record.json")
    (files / "mine.csv").write_text(CSV.replace("dock", "docks"))
    with pytest.raises(Exception, match=r"The input file 'mine.csv' .* is not in"):
        verify(tmp_path / "record.json", files)


def test_what_differs_is_told(lcrmap: Callable, tmp_path: Path) -> None:
    call = {"layers": ["innovation-assets"], "in": "boroughs"}
    record = recorded("count", call, Settings(), tmp_path / "record.json")
    told = record["answer"]
    headline = told["headline"]
    assert lcrmap("verify", "record.json").out == f"{SAME[0]}\n"
    for key, value, lines in (
        (
            "headline",
            "Wirral has 99",
            [f"Another headline: {headline}", "  instead of: Wirral has 99"],
        ),
        ("words", "0" * 64, ["The headline is the same; other sentences."]),
        ("rows", "0" * 64, ["Other rows."]),
    ):
        changed = {**record, "answer": {**told, key: value}}
        (tmp_path / "record.json").write_text(json.dumps(changed))
        done = lcrmap("verify", "record.json")
        assert done.out.splitlines() == lines
        assert done.code == 1


def test_a_record_can_be_explained(lcrmap: Callable, tmp_path: Path) -> None:
    recorded("gaps", every_call()["gaps"], Settings(pack=SKERRIES), tmp_path / "record.json")
    told = lcrmap("explain", "record.json").out.splitlines()
    assert told[:4] == [
        "lcrmap answer 'record.json'",
        "Asked: lcrmap gaps",
        "  layer: landings",
        "  beyond: 1km",
    ]
    assert any(each.startswith("  landings.geojson  ") for each in told)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "lcrmap page"}, "was not written by lcrmap"),
        ({"kind": None}, "was not written by lcrmap"),
        ({"answer": 5}, "has an invalid 'answer'"),
        ({"inputs": ["x"]}, "has an invalid 'inputs'"),
        ({"form": 1}, "cannot be rebuilt: The record is of an older form"),
        ({"question": {"ask": "text"}}, "which is no question"),
        ({"question": {"ask": ["show"]}}, "which is no question"),
        ({"question": None}, "holds no question"),
        ({"question": {"ask": "show", "layer": "/etc/passwd"}}, "not one of its input files"),
        ({"check": {"files": ["/etc/passwd"]}}, "not one of its input files"),
        ({"check": {"files": "boroughs"}}, "The recorded check is invalid"),
        ({"check": {"files": [], "fix": "yes"}}, "The recorded check is invalid"),
        ({"check": {"files": ["boroughs"], "inside": 5}}, "The recorded check is invalid"),
        ({"recipe": {"question": [{"ask": "show", "layer": "/etc/passwd"}]}}, "not one of its"),
        ({"in_memory": ["landings"]}, "was answered by a served map as it was at that moment"),
    ],
)
def test_a_record_that_means_harm_is_refused(
    changes: dict[str, Any], told: str, lcrmap: Callable, tmp_path: Path
) -> None:
    record = recorded("describe", {"layer": "boroughs"}, Settings(), tmp_path / "record.json")
    (tmp_path / "record.json").write_text(json.dumps({**record, **changes}))
    done = lcrmap("verify", "record.json")
    assert told in done.err
    assert done.err.startswith("Error: ")
    assert done.out == ""
    assert done.code == 3


def test_what_a_served_map_answered_says_so() -> None:
    changed = b'{"type": "FeatureCollection", "features": []}'
    settings = Settings(pack=SKERRIES, changed={"landings": changed})
    done = called("describe", {"layer": "landings"}, settings)
    assert done.result["record"]["in_memory"] == ["landings"]
    assert "in_memory" not in called("describe", {"layer": "isles"}, settings).result["record"]
