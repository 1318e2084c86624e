"""A stranger's page, report or folder of inputs: nothing is opened that no digest names, and nothing costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lcrmap.errors import DataError, FileError
from lcrmap.reports import inputs
from lcrmap.reports.comparing import differences
from lcrmap.reports.embedding import read_facts
from lcrmap.reports.inputs import Folder
from lcrmap.reports.records import explain, read_record
from lcrmap.reports.texts import RECORD
from lcrmap.reports.verify import verify
from tests.messages import exactly
from tests.verifying.test_verify import CSV, change

NOWHERE = "0" * 64

# Runs lcrmap and says which files and folders below the working folder Python opened.
WATCHED = """
import os, sys
opened = set()
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(args[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(args[0]))
        if os.path.dirname(path) == os.getcwd() or path == os.getcwd():
            opened.add(os.path.relpath(path))
sys.addaudithook(watch)
from lcrmap.cli import main
sys.argv = ["lcrmap", *sys.argv[1:]]
try:
    main()
finally:
    print("opened:", sorted(opened), file=sys.stderr)
"""


# Runs lcrmap and says which commands it ran, and which files and folders it wrote outside the temporary folder.
CHANGES = """
import os, sys
done = set()
def watch(event, args):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn"):
        done.add(event)
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate"):
        path = args[0] if isinstance(args[0], (str, bytes, os.PathLike)) else ""
        if path and not os.path.abspath(os.fsdecode(path)).startswith((os.environ["TMPDIR"], os.devnull)):
            done.add(f"{event} {os.fsdecode(path)}")
sys.addaudithook(watch)
sys.dont_write_bytecode = True
from lcrmap.cli import main
sys.argv = ["lcrmap", *sys.argv[1:]]
try:
    main()
finally:
    print("done:", sorted(done), file=sys.stderr)
"""


def test_it_runs_no_command_and_writes_into_a_temporary_folder_alone(
    lcrmap: Callable, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    (tmp_path / "mine.csv").write_text(CSV, encoding="utf-8")
    assert lcrmap("map", "mine.csv", "-o", "page.html").code == 0
    before = {each: each.stat().st_mtime_ns for each in tmp_path.iterdir()}
    done = subprocess.run(
        [sys.executable, "-P", "-c", CHANGES, "verify", "page.html", "--inputs", "."],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "The same, to the byte: 1 file.\n", done.stderr
    assert done.stderr.splitlines()[-1] == "done: []"
    assert list(temporary.iterdir()) == []
    before[temporary] = temporary.stat().st_mtime_ns
    assert {each: each.stat().st_mtime_ns for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "question",
    [
        {"ask": "map", "layers": ["mine.csv"]},
        {"ask": "map", "layers": ["mine"]},
        {"ask": "show", "layer": "mine.csv:Pier"},
        {"ask": "near", "from": "mine.csv:Pier", "to": ["rail-stations"]},
        {"ask": "near", "from": "mine", "to": ["rail-stations"]},
        {"ask": "near", "from": "~", "to": ["mine.csv"]},
        {"ask": "count", "layers": ["boroughs"], "in": "./mine.csv"},
        {"ask": "catchment", "places": ["page.png"], "rings": ["1km"]},
    ],
    ids=lambda asked: " ".join(map(str, asked.values())),
)
def test_no_digest_no_reading(
    question: dict[str, object], lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    change(tmp_path / "page.html", question=question)
    for name in ("mine.csv", "mine", "~", "page.png", "page.alt.txt", "page.svg"):
        (tmp_path / name).write_text(CSV, encoding="utf-8")
    outcome = _watched(tmp_path, "verify", "page.html")
    assert outcome.returncode in (2, 3), outcome.stderr
    assert outcome.stderr.splitlines()[-1] == "opened: ['page.html']"
    assert "Hall Road" not in outcome.stdout + outcome.stderr


def test_a_reports_recipe_reads_nothing_that_no_digest_names(
    lcrmap: Callable, tmp_path: Path
) -> None:
    (tmp_path / "mine.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "r.toml").write_text('[[question]]\nask = "limits"\n', encoding="utf-8")
    assert lcrmap("report", "r.toml", "-o", "report").code == 0
    place = tmp_path / "report" / "provenance.json"
    record = json.loads(place.read_text(encoding="utf-8"))
    record["recipe"]["question"] = [{"ask": "show", "layer": "mine.csv"}]
    place.write_text(json.dumps(record), encoding="utf-8")
    outcome = _watched(tmp_path, "verify", "report")
    assert outcome.returncode == 3
    assert outcome.stderr.splitlines()[-1] == "opened: ['report']"


def _watched(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", WATCHED, *words],  # -P: else Python looks for modules here
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["a\0b.csv", "a" * 300, "../x", "", "..", "\ud800.csv"], ids=ascii)
def test_a_name_that_no_file_can_have_is_refused(
    name: str, lcrmap: Callable, tmp_path: Path
) -> None:
    assert lcrmap("map", "freeport-sites", "-o", "page.html").code == 0
    page = tmp_path / "page.html"
    change(page, inputs=[{"name": name, "sha256": NOWHERE}])
    with pytest.raises(DataError, match=r"names an input file .* which is not a plain file name"):
        verify(page)
    change(page, question={"ask": "map", "layers": [name]}, inputs=[])
    with pytest.raises(DataError, match="cannot be rebuilt"):
        verify(page)


def test_two_files_of_one_name_are_said(lcrmap: Callable, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.csv").write_text(f"{CSV}{folder},53.4,-3\n", encoding="utf-8")
    assert lcrmap("map", "a/mine.csv", "b/mine.csv", "-o", "page.html").code == 0
    said = exactly(
        "It was made from two files that are both called 'mine.csv', which its record cannot tell apart: "
        "rename one of them and make it anew."
    )
    with pytest.raises(DataError, match=said):
        verify(tmp_path / "page.html", tmp_path)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"figures": 3}, "figures"),
        ({"figures": [3]}, "figures"),
        ({"figures": [{"method": 3}]}, "figures"),
        ({"versions": ["1.0"]}, "versions"),
        ({"versions": {"lcrmap": None}}, "versions"),
        ({"pack": "lcr"}, "pack"),
        ({"pack": {"sha256": 5}}, "pack"),
        ({"inputs": {"name": "x"}}, "inputs"),
        ({"inputs": [{"name": "x"}]}, "inputs"),
        ({"inputs": [{"name": ["x"], "sha256": NOWHERE}]}, "inputs"),
        ({"recipe": []}, "recipe"),
        ({"settings": "x"}, "settings"),
        ({"in_memory": [5]}, "in_memory"),
    ],
    ids=str,
)
def test_a_part_of_the_wrong_kind_is_named(
    changes: dict[str, object], key: str, tmp_path: Path
) -> None:
    page = _page(tmp_path, json.dumps({"kind": "lcrmap page", **changes}))
    for read in (explain, verify):
        with pytest.raises(
            FileError, match=exactly(f"The record of '{page}' has an invalid '{key}'.")
        ):
            read(page)


@pytest.mark.parametrize(
    "record",
    [
        "{}",
        '{"verb": 5}',
        '{"question": "x"}',
        '{"question": {"a": [[1]]}}',
        '{"recipe": {"question": 3}}',
    ],
)
def test_what_little_a_record_says_is_explained(record: str, tmp_path: Path) -> None:
    told = json.loads(record)
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / RECORD).write_text(json.dumps({"kind": "lcrmap report", **told}))
    for each in (_page(tmp_path, json.dumps({"kind": "lcrmap page", **told})), folder):
        assert explain(each)[-1] == "Versions: "


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' + "1" * 5000 + "}", "{", '{"a": NaN}'])
def test_a_record_that_would_cost_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^The record of '.*page\.html' (is|holds) "):
        read_record(_page(tmp_path, text))


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with pytest.raises(FileError, match="is not an ordinary file"):
        read_record(tmp_path / "pipe.html")
    with pytest.raises(FileError, match=r"There is no file|cannot be read"):
        read_record(tmp_path / ("a" * 300))
    with pytest.raises(FileError, match="There is no file"):
        read_record("a\0b.html")


def _page(folder: Path, record: str) -> Path:
    path = folder / "page.html"
    block = f'<script type="application/json" id="made">{record}</script>'
    path.write_text(f'<meta name="generator" content="lcrmap">{block}', encoding="utf-8")
    return path


HEAD = '<meta name="generator" content="lcrmap">'


@pytest.mark.parametrize(
    "piece",
    [
        '<script type="application/json" id="made">',
        "<title>",
        "<h1>",
        "<h1 ",
        "</h1><h1>",
        "<!--",
        "<",
        "<p>x",
        "<style>",
        "<script></style>",
        "&#9",
    ],
)
def test_time_grows_as_the_page_does(piece: str, tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        html = HEAD + piece * count
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        best = float("inf")
        for _ in range(2):
            before = time.process_time()
            with pytest.raises(FileError):
                read_record(path)
            with pytest.raises(FileError):
                read_facts(html, "page.html")
            read_facts(f"{HEAD}<title>a</title><h1>{piece * count}</h1>", "page.html")
            differences({"a.html": html.encode()}, {"a.html": b"<p>y"})
            best = min(best, time.process_time() - before)
        return best

    assert seconds(200_000) < 4 * (4 * seconds(50_000) + 0.05)


def test_pages_that_share_nothing_are_compared_in_part() -> None:
    old, new = ("\n".join(f"{each % 7} {side}" for each in range(200_000)) for side in "ab")
    before = time.process_time()
    lines = differences({"a.txt": old.encode()}, {"a.txt": new.encode()})
    assert time.process_time() - before < 5
    assert lines[0] == "Differs: a.txt"
    assert lines[-1] == "  and more lines further on"


def test_a_folder_too_large_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in range(4):
        (tmp_path / f"{each}").write_text("x")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(inputs.MOST_BYTES)
    said = exactly(f"'{tmp_path}' holds more than 200 GB: name a smaller folder.")
    with pytest.raises(FileError, match=said):
        Folder(tmp_path)
    monkeypatch.setattr(inputs, "MOST_FILES", 4)
    said = exactly(f"'{tmp_path}' holds more than 4 files: name a smaller folder.")
    with pytest.raises(FileError, match=said):
        Folder(tmp_path)


def test_the_whole_machine_is_a_sentence() -> None:
    with pytest.raises(FileError, match=r"^'/' holds more than "):
        Folder(Path("/"))


def test_links_and_pipes_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "file").write_text("x")
    (tmp_path / "outside").symlink_to(sys.executable)
    (tmp_path / "around").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert list(Folder(tmp_path)) == [tmp_path / "inside" / "file"]


def test_what_is_closed_to_the_user_is_said(open_folder: Path) -> None:
    (open_folder / "closed").mkdir(mode=0o000)
    (open_folder / "mine.csv").write_text(CSV)
    (open_folder / "mine.csv").chmod(0o000)
    code = """
import os, sys
from pathlib import Path
from lcrmap.reports.inputs import Folder
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
os.chdir(sys.argv[1])
folder = Folder(Path("."))
print(folder.by_digest({"0"}), folder.lacking())
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(open_folder)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "{} is not in '.', 2 parts of it being closed to you\n", done.stderr
