"""A case: some files, what is asked of them, and which oracles judge; made of a kind and a seed alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

__all__ = ["FOLDER", "Case", "Maker", "load", "store"]

FOLDER = "files"
"""Where the files of a stored case lie, beside its description."""


@dataclass(frozen=True)
class Case:
    """One input and how it is judged.

    Attributes
    ----------
    kind, seed
        What made it; `make` of `tests.fuzz.kinds` makes the same again.
    files
        Their bytes, by name.
    subject
        The file that the oracles of reading open.
    checks
        The names of the oracles.
    lines
        Command lines; each runs in the folder of the files.
    lawful
        Whether the subject must be read; else it may be refused.
    """

    kind: str
    seed: int
    files: Mapping[str, bytes]
    subject: str = ""
    checks: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()
    lawful: bool = False
    stdin: str = field(default="")

    @property
    def data(self) -> bytes:
        """The bytes of the subject."""
        return self.files[self.subject]

    def rng(self) -> Random:
        """Return what the oracles draw from, the same whenever the case is run."""
        return Random(self.seed)


Maker = Callable[[Random], Case]


def store(case: Case, folder: Path) -> None:
    """Write a case so that it can be run again."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, data in case.files.items():
        path = folder / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    described = {key: value for key, value in asdict(case).items() if key != "files"}
    (folder / "case.json").write_text(json.dumps(described, indent=2) + "\n")


def load(folder: Path) -> Case:
    """Read a case that `store` wrote."""
    described = json.loads((folder / "case.json").read_text())
    root = folder / FOLDER
    files = {
        each.relative_to(root).as_posix(): each.read_bytes()
        for each in sorted(root.rglob("*"))
        if each.is_file()
    }
    described["checks"] = tuple(described["checks"])
    described["lines"] = tuple(map(tuple, described["lines"]))
    return Case(**described, files=files)
