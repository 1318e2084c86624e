"""Judge a case: lay out its files in a folder of their own, run its oracles, and look at what was left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.cases import Case
from tests.fuzz.faults import FaultError
from tests.fuzz.oracles.asking import ASKING
from tests.fuzz.oracles.commands import run_lines
from tests.fuzz.oracles.reading import READING

ORACLES = {**READING, **ASKING}

__all__ = ["judge"]


@contextmanager
def _laid_out(case: Case, root: Path) -> Iterator[Path]:
    """Write the files into an empty folder and work there, with a temporary folder beside it."""
    folder, temporary = root / "work", root / "tmp"
    before = Path.cwd()
    for each in (folder, temporary):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir(parents=True)
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    os.chdir(folder)
    tempfile.tempdir = str(temporary)
    try:
        yield temporary
    finally:
        os.chdir(before)
        tempfile.tempdir = None


def judge(case: Case, root: Path) -> list[FaultError]:
    """Return the faults that the oracles of a case find, one at most of each."""
    found = []
    with _laid_out(case, root) as temporary:
        for name in case.checks:
            try:
                ORACLES[name](case)
                _look_for_leftovers(temporary)
            except FaultError as fault:
                found.append(fault)
        found += run_lines(case, temporary)
    return list({each.key: each for each in found}.values())


def _look_for_leftovers(temporary: Path) -> None:
    left = sorted(each.name for each in temporary.iterdir())
    if left:
        for each in temporary.iterdir():
            shutil.rmtree(each, ignore_errors=True)
            each.unlink(missing_ok=True)
        raise FaultError("something is left in the temporary folder", ", ".join(left)[:200])
