"""What the tests of faults run: kinds of output in two versions, each run in a process that has lcrmap loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACK = ["--pack", str(ROOT / "tests" / "packs" / "skerries")]

TABLES = [f"-oa.{each}" for each in ("csv", "geojson", "geojsonl", "json", "md", "gpkg", "parquet")]
KINDS: dict[str, list[list[str]]] = {
    "tables": [["show", each, *TABLES, *PACK] for each in ("isles", "landings")],
    "page and picture": [
        ["map", each, "-oa.html", "-oa.svg", *PACK] for each in ("isles", "landings")
    ],
    "report": [["report", f"../{each}.toml", "-orep", *PACK] for each in ("one", "two")],
}
"""By kind of output, two command lines that write other versions of the same files."""

VERBS: dict[str, list[str]] = {
    "layers": ["layers isles", "layers landings"],
    "show": ["show isles", "show landings"],
    "join": ["join landings isles", "join hearths isles"],
    "count": ["count landings --in isles", "count hearths --in isles"],
    "near": ["near landings isles", "near hearths isles"],
    "catchment": ["catchment landings --rings 1km", "catchment landings --rings 2km"],
    "gaps": ["gaps landings --beyond 1km", "gaps landings --beyond 2km"],
    "access": ["access landings --within 1km", "access landings --within 2km"],
    "locate": [
        "locate landings --from isles --choose 1",
        "locate landings --from hearths --choose 1",
    ],
    "map": ["map isles", "map landings"],
}
"""By verb, two questions with other answers."""

PAGES = ["html", "svg", "png", "pdf"]
SUFFIXES = {each: ["csv", "json", "md"] for each in ("layers",)} | {"map": PAGES}
EVERY: dict[str, list[list[str]]] = {
    f"{verb} {suffix}": [[*line.split(), f"-oa.{suffix}", *PACK] for line in lines]
    for verb, lines in VERBS.items()
    for suffix in SUFFIXES.get(verb, [*(each[4:] for each in TABLES), *PAGES])
}
"""The same for every verb and format that it writes."""

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

    def wait(self, number: int, again: int = 0) -> int:
        """Wait for a process to end, and return its exit code; one that a signal did not end gets it again."""
        return self._tell(wait=number, again=again)

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
