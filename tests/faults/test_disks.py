"""A disk that is full, or that can only be read: the old output stays whole, and one sentence says why."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.runs import KINDS, ROOT, Server, content, hidden, write_recipes


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB, where this machine lets one have it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2M", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("free", [0, 8192, 40_960])
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_full_disk_the_old_output_stays(
    server: Server, disk: Path, kind: str, free: int
) -> None:
    old, new = ([*line, "--overwrite"] for line in KINDS[kind])
    write_recipes(disk)
    target = disk / "target"
    assert server.run(target, old) == 0, server.said()
    before = content(target)
    fill(disk, free)
    assert server.run(target, new) == 4
    said = server.said().splitlines()[-1]
    assert said.startswith(f"Error: '{'rep' if kind == 'report' else 'a.'}")
    assert said.endswith("cannot be written: the disk is full: make room and run it again.")
    assert content(target) == before
    assert hidden(target) == set()


def fill(disk: Path, free: int) -> None:
    """Fill a disk but for so many bytes."""
    status = os.statvfs(disk)
    with (disk / "filling").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_frsize - free)


@pytest.mark.parametrize("kind", KINDS)
def test_on_a_disk_that_can_only_be_read_nothing_changes(
    server: Server, disk: Path, kind: str
) -> None:
    old, new = ([*line, "--overwrite"] for line in KINDS[kind])
    write_recipes(disk)
    assert server.run(disk / "target", old) == 0
    before = content(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert server.run(disk / "target", new) == 4
    assert (
        server.said()
        .splitlines()[-1]
        .endswith("cannot be written: the disk can only be read: choose another folder.")
    )
    assert content(disk) == before


@pytest.mark.parametrize("largest", [0, 1000])
@pytest.mark.parametrize("kind", KINDS)
def test_where_files_may_not_grow_so_large_the_old_output_stays(
    server: Server, tmp_path: Path, kind: str, largest: int
) -> None:
    """The signal that says so would end the process, if Python did not ignore it."""
    old, new = ([*line, "--overwrite"] for line in KINDS[kind])
    write_recipes(tmp_path)
    target = tmp_path / "target"
    assert server.run(target, old) == 0, server.said()
    before = content(target)
    done = limited(target, largest, *new)
    assert (done.returncode, done.stdout) == (4, "")
    (said,) = done.stderr.splitlines()[-1:]
    output = f"Error: '{'rep' if kind == 'report' else 'a.'}"
    assert said.startswith((output, "Error: The folder for temporary files cannot be written: "))
    assert said.endswith(("larger than files may be here.", "or name another with TMPDIR."))
    assert content(target) == before
    assert hidden(target) == set()


def limited(folder: Path, largest: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run lcrmap in a process of its own, where no file may become larger than so many bytes."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "-m", "lcrmap", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
