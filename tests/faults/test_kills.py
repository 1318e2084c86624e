"""Killed at any moment, lcrmap leaves what was there or what was to come, whole, and the next run clears up.

Each kind of output is replaced over and over, in turn by two versions of it, and stopped as soon as something hidden
stands beside it, or an instant later.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACK = ["--pack", str(ROOT / "tests" / "packs" / "skerries"), "--overwrite"]
TIMES = 20
LONGEST = 0.03  # seconds from the first hidden file to the kill: about as long as all of the writing takes

TABLES = [f"-oa.{each}" for each in ("csv", "geojson", "geojsonl", "json", "md", "gpkg", "parquet")]
KINDS: dict[str, list[list[str]]] = {
    "tables": [["show", each, *TABLES, *PACK] for each in ("isles", "landings")],
    "page and picture": [
        ["map", each, "-oa.html", "-oa.svg", *PACK] for each in ("isles", "landings")
    ],
    "report": [["report", f"../{each}.toml", "-orep", *PACK] for each in ("one", "two")],
}

Files = dict[str, bytes]


def content(folder: Path) -> Files:
    """Return every file below a folder by its path; what is hidden is left out."""
    return {
        each.relative_to(folder).as_posix(): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file() and ".lcrmap-" not in str(each.relative_to(folder))
    }


def hidden(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if each.name.startswith(".")}


def write_recipes(folder: Path) -> None:
    for name in ("one", "two"):
        text = f'[[question]]\nask = "text"\ntitle = "{name}"\ntext = "{name}"\n'
        (folder / f"{name}.toml").write_text(text)


class Server:
    """Runs command lines, each in a process of its own that has lcrmap loaded already."""

    def __init__(self, folder: Path, *first: list[str]) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forking.py")), json.dumps(first)],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        while self._read() != "ready":
            assert self._process.poll() is None, "it cannot be started"

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def _tell(self, **task: Any) -> int:
        assert self._process.stdin is not None
        print(json.dumps(task), file=self._process.stdin, flush=True)
        return int(self._read())

    def start(self, folder: Path, *lines: list[str], for_ever: bool = False) -> int:
        """Run command lines in a folder, and return the number of their process."""
        said = str(self._folder / "said.txt")
        return self._tell(run=lines, **{"in": str(folder)}, said=said, for_ever=for_ever)

    def wait(self, number: int) -> int:
        """Wait for a process to end, and return its exit code."""
        return self._tell(wait=number)

    def run(self, folder: Path, *lines: list[str]) -> int:
        """Run command lines in a folder, which is made if it is missing."""
        folder.mkdir(exist_ok=True)
        return self.wait(self.start(folder, *lines))

    def said(self) -> str:
        """Return all that the processes printed."""
        return (self._folder / "said.txt").read_text()

    def stop(self) -> None:
        """Let it end."""
        self._process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    write_recipes(folder.parent)
    started = Server(folder, *(lines[0] for lines in KINDS.values()))
    yield started
    started.stop()


def wait_for_something_hidden(folder: Path, before: set[str]) -> None:
    end = time.monotonic() + 60
    while not hidden(folder) - before:
        assert time.monotonic() < end, "nothing was written"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda how: how.name)
@pytest.mark.parametrize("kind", KINDS)
def test_old_or_new_and_whole(server: Server, tmp_path: Path, kind: str, how: int) -> None:
    lines = KINDS[kind]
    write_recipes(tmp_path)
    versions = []
    for number, line in enumerate(lines):
        assert server.run(tmp_path / str(number), line) == 0, server.said()
        versions.append(content(tmp_path / str(number)))
    assert versions[0] != versions[1]
    assert versions[0].keys() == versions[1].keys()
    target = tmp_path / "target"
    assert server.run(target, lines[0]) == 0
    moments = random.Random(kind)
    for _ in range(TIMES):
        before = hidden(target)
        number = server.start(target, *lines[::-1], for_ever=True)
        wait_for_something_hidden(target, before)
        time.sleep(moments.uniform(0, LONGEST))
        subprocess.run(["kill", f"-{int(how)}", str(number)], check=True)
        server.wait(number)
        check_whole(content(target), versions, apart=how == signal.SIGKILL and kind != "report")
        if how != signal.SIGKILL:
            assert hidden(target) == set()
    assert server.run(target, lines[0]) == 0, server.said()
    assert content(target) == versions[0]
    assert hidden(target) == set()


def check_whole(found: Files, versions: list[Files], *, apart: bool) -> None:
    """Check that files are those of one version; or, where a kill can part them, each that of one or the other."""
    if not apart:
        assert found in versions
    assert found.keys() == versions[0].keys()
    assert all(found[name] in (versions[0][name], versions[1][name]) for name in found)
