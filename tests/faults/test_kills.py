"""Killed at any moment, lcrmap leaves what was there or what was to come, whole, and the next run clears up.

Each kind of output is replaced over and over, in turn by two versions of it, and stopped as soon as something hidden
stands beside it, or an instant later.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults.runs import EVERY, KINDS, Files, Server, content, hidden, write_recipes

TIMES = 20
LONGEST = 0.03  # seconds from the first hidden file to the kill: about as long as all of the writing takes


KILLED = EVERY if os.environ.get("FAULTS") == "every" else {}
"""Each verb and format by itself: `make faults` kills them, which takes half an hour."""


def wait_for_something_hidden(folder: Path, before: set[str]) -> None:
    end = time.monotonic() + 60
    while not hidden(folder) - before:
        assert time.monotonic() < end, "nothing was written"
        time.sleep(0.0005)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda how: how.name)
@pytest.mark.parametrize("kind", KINDS)
def test_old_or_new_and_whole(server: Server, tmp_path: Path, kind: str, how: int) -> None:
    write_recipes(tmp_path)
    stop_at_random(server, tmp_path, KINDS[kind], how, parted=kind != "report")


@pytest.mark.parametrize("kind", KILLED or ["count csv", "near gpkg", "join svg"])
def test_every_verb_and_format_is_old_or_new_and_whole(
    server: Server, tmp_path: Path, kind: str
) -> None:
    stop_at_random(server, tmp_path, EVERY[kind], signal.SIGKILL, times=TIMES if KILLED else 3)


def stop_at_random(
    server: Server,
    tmp_path: Path,
    two: list[list[str]],
    how: int,
    *,
    parted: bool = True,
    times: int = TIMES,
) -> None:
    """Stop command lines that write two versions in turn, and check after each stop what stands there."""
    lines = [[*line, "--overwrite"] for line in two]
    versions = []
    for number, line in enumerate(lines):
        assert server.run(tmp_path / str(number), line) == 0, server.said()
        versions.append(content(tmp_path / str(number)))
    assert versions[0] != versions[1]
    assert versions[0].keys() == versions[1].keys()
    target = tmp_path / "target"
    assert server.run(target, lines[0]) == 0
    moments = random.Random(" ".join(two[0][:-1]))
    for _ in range(times):
        before = hidden(target)
        number = server.start(target, *lines[::-1], for_ever=True)
        wait_for_something_hidden(target, before)
        time.sleep(moments.uniform(0, LONGEST))
        subprocess.run(["kill", f"-{int(how)}", str(number)], check=True)
        server.wait(number, int(how))
        check_whole(content(target), versions, apart=how == signal.SIGKILL and parted)
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
