"""Sources open each layer once, and one layer can stand for another without a verb knowing."""

from __future__ import annotations

import ast
import hashlib
import json
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import lcrmap
from lcrmap.errors import DataError
from lcrmap.io import opening
from lcrmap.io.opening import open_layer
from lcrmap.io.writing import write_layer
from lcrmap.layers import Input, Pack
from lcrmap.reports.making import make_report
from lcrmap.verbs.asks import question_class
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Question
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
from tests.verbs.test_answer import ASKED


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each file is read."""
    counts: Counter[str] = Counter()
    real = opening.read_file

    def counting(path: Path, *rest: Any) -> Any:
        counts[path.name] += 1
        return real(path, *rest)

    monkeypatch.setattr(opening, "read_file", counting)
    return counts


@pytest.mark.parametrize("ask", [*ASKED, "layers"])
def test_no_verb_reads_a_file_twice(ask: str, pack: Pack, read: Counter[str]) -> None:
    sources = Sources(pack)
    made = answer(question_class(ask)(**ASKED.get(ask, {})), sources)
    if ask != "layers":
        made.page(sources)
    assert bool(read) == (ask != "layers")  # of which datapackage.json tells all
    assert set(read.values()) <= {1}, read


def test_a_report_reads_no_file_twice(skerries: Pack, read: Counter[str]) -> None:
    make_report(sources=Sources(skerries))
    assert read
    assert set(read.values()) == {1}, read


def test_a_file_of_ones_own_is_read_once_though_it_is_named_twice(
    pack: Pack, read: Counter[str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,lon,lat\nA,-2.98,53.40\nB,-2.99,53.41\n", encoding="utf-8")
    sources = Sources(pack)
    found = answer(Near(start=str(path), targets=str(path)), sources)
    found.page(sources)
    assert found.frame["name"].tolist() == ["B", "A"]
    assert read["mine.csv"] == 1
    assert set(read.values()) == {1}, read


def opened_by(code: str, *words: str, folder: Path) -> Counter[str]:
    """Run lines of Python in a process of their own; count how often it opened each file of data."""
    done = subprocess.run(
        [sys.executable, "-c", f"{COUNTING}\n{code}\ntell()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return Counter(json.loads(done.stdout.splitlines()[-1]))


COUNTING = """
import collections, json, os, sys
counts = collections.Counter()
def hook(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].endswith(
        (".csv", ".geojson", ".geojsonl", "datapackage.json")
    ):
        counts[os.path.basename(args[0])] += 1
sys.addaudithook(hook)
def tell():
    print(json.dumps(counts))
"""
ASK = """
import pickle
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer
sources = Sources()
made = answer(pickle.loads(bytes.fromhex(sys.argv[1])), sources)
if sys.argv[2] == "page":
    made.page(sources).html
"""


@pytest.mark.parametrize("ask", [*ASKED, "layers", "a file", "a sequence", "a postcode"])
def test_every_file_of_text_is_opened_once_a_question(ask: str, tmp_path: Path) -> None:
    """The libraries that read other formats, and GDAL the shapes of GeoJSON, open them by themselves."""
    (tmp_path / "mine.csv").write_text("name,lon,lat\nA,-2.98,53.40\nB,-2.99,53.41\n")
    point = (
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-2.9,53.4]}}'
    )
    (tmp_path / "mine.geojsonl").write_text(f"{point}\n{point}\n")
    questions: dict[str, Question] = {
        "a file": Near(start="mine.csv", targets="mine.csv"),
        "a sequence": Count(layers=("mine.geojsonl", "mine.csv"), areas="boroughs"),
        "a postcode": Near(start="L3 5QA", targets="residents"),
    }
    question = questions.get(ask) or question_class(ask)(**ASKED.get(ask, {}))
    page = "" if ask == "layers" else "page"
    counts = opened_by(ASK, pickle.dumps(question).hex(), page, folder=tmp_path)
    if ask in ("catchment", "a file", "a postcode"):
        # A place by its name or postcode is looked for in the bytes of files, of which few are then opened as layers.
        counts = Counter({name: each - 1 if each > 1 else each for name, each in counts.items()})
    assert counts["datapackage.json"] == 1
    assert set(counts.values()) == {1}, counts


def test_a_report_opens_every_file_once(tmp_path: Path) -> None:
    made = "from lcrmap.reports.making import make_report\nmake_report()"
    counts = opened_by(made, folder=tmp_path)
    assert counts["boroughs.geojson"] == 1
    assert set(counts.values()) == {1}, counts


def test_a_layer_is_recorded_by_the_digest_of_its_bytes(tmp_path: Path, pack: Pack) -> None:
    for name in ("mine.csv", "mine.geojson", "mine.geojsonl", "mine.gpkg", "mine.parquet"):
        write_layer(Sources(pack).layer("freeport-sites"), tmp_path / name)
        (source,) = open_layer(str(tmp_path / name), pack=pack).inputs
        data = (tmp_path / name).read_bytes()
        assert source == Input(name, hashlib.sha256(data).hexdigest())


def test_another_layer_in_its_place_gives_another_answer(pack: Pack) -> None:
    sources = Sources(pack)
    layer = sources.layer("freeport-sites")
    fewer = sources.with_layers({"freeport-sites": layer.with_frame(layer.frame.iloc[:4])})
    asked = Count(layers=("freeport-sites", "innovation-assets"), areas="boroughs")
    before, after = (answer(asked, each).frame.iloc[-1] for each in (sources, fewer))
    assert (before["freeport_sites"], after["freeport_sites"]) == (16, 4)
    assert before["innovation_assets"] == after["innovation_assets"]
    near = Near(start="freeport-sites", targets="rail-stations")
    assert len(answer(near, sources).frame) > len(answer(near, fewer).frame)


@pytest.mark.parametrize("name", ["mine.csv", "mine.csv:A", "./mine.csv", "-", "a:mine.csv"])
def test_closed_sources_read_what_they_were_given_and_nothing_else(
    name: str, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("name,lon,lat\nA,-2.98,53.40\n", encoding="utf-8")
    (tmp_path / "elsewhere.csv").write_text("name,lon,lat\nZ,-2.98,53.40\n", encoding="utf-8")
    closed = Sources(pack, closed=True)
    with pytest.raises(DataError, match="The record names"):
        closed.layer(name)
    with pytest.raises(DataError, match="The record names"):
        closed.spots(name)
    given = Sources(pack, files={"mine.csv": tmp_path / "elsewhere.csv"}, closed=True)
    assert given.layer("mine.csv").frame["name"].tolist() == ["Z"]
    assert len(closed.layer("boroughs").frame) == 6
    with pytest.raises(DataError, match="The record names '~'"):
        closed.layer("~")


def test_a_name_with_colons_is_the_longest_that_is_a_file(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "a:b.csv").write_text("name,lon,lat\nA,-2.98,53.40\n", encoding="utf-8")
    sources = Sources(pack, files={"a:b.csv": tmp_path / "a:b.csv"}, closed=True)
    assert sources.layer("a:b.csv").frame["name"].tolist() == ["A"]
    assert sources.found("a:b.csv:x") == f"{tmp_path / 'a:b.csv'}:x"


def test_how_to_read_travels_in_sources_and_questions_only() -> None:
    """Not from function to function, as `pack, x, y, crs, stdin`; x, y and crs of points are coordinates."""
    handed = {"pack", "x", "y", "crs", "stdin"}
    found = []
    for part in ("verbs", "reports", "cli"):
        for path in (Path(lcrmap.__file__).parent / part).rglob("*.py"):
            if path.stem == "function":  # one of Python's own, whose keywords these are
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    names = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
                    if "stdin" in names or len(names & handed) > 1:
                        found.append((path.stem, node.name))
    assert sorted(found) == [
        ("check", "check"),  # the command itself, whose options click hands over one by one
        ("joiner", "matched_points"),
        ("sources", "__init__"),
    ]
