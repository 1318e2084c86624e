"""A quota of disk space that is used up, while files are written or as late as when names change: the old stays whole.

A real quota is made where this machine has Btrfs, its tools and the right to mount. Everywhere, what the system says
of a quota is raised at each moment at which a file goes to the disk or gets its name, as a network disk may do.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.runs import KINDS, Server, content, hidden, write_recipes
from tests.faults.test_kills import EVERY, KILLED

MOST = 6 << 20
USED_UP = "cannot be written: your quota of disk space is used up: make room and run it again."


@pytest.fixture
def quota(tmp_path: Path) -> Iterator[Path]:
    """A disk of which 6 MB may be used, where this machine lets one have it."""
    if not (shutil.which("mkfs.btrfs") and shutil.which("btrfs")):
        pytest.skip("there is no file system with a quota here")
    folder, image = tmp_path / "disk", tmp_path / "image"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(120 << 20)
    subprocess.run(["mkfs.btrfs", "-q", str(image)], check=True, capture_output=True)
    mount = ["mount", "-o", "loop", str(image), str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk may be mounted here")
    try:
        subprocess.run(["btrfs", "quota", "enable", str(folder)], check=True)
        subprocess.run(["btrfs", "qgroup", "limit", str(MOST), str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def use_up(disk: Path, free: int = 0) -> None:
    """Use a quota up but for so many bytes, about."""
    spare = disk / "spare"
    spare.write_bytes(os.urandom(free))
    with (disk / "filling").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            with pytest.raises(OSError, match="quota"):
                while True:
                    file.write(os.urandom(size))
    spare.unlink()
    subprocess.run(["btrfs", "filesystem", "sync", str(disk)], check=True, capture_output=True)


def refused(server: Server, disk: Path, lines: list[list[str]], free: int = 0) -> None:
    """Write a first version, use the quota up, and hold the second to leave the first as it is."""
    old, new = ([*line, "--overwrite"] for line in lines)
    write_recipes(disk)
    target = disk / "target"
    assert server.run(target, old) == 0, server.said()
    before = content(target)
    use_up(disk, free)
    assert server.run(target, new) == 4, server.said()
    said = server.said().splitlines()[-1]
    assert said.startswith(f"Error: '{'rep' if old[0] == 'report' else 'a.'}")
    assert said.endswith(USED_UP)
    assert content(target) == before
    assert hidden(target) == set()


@pytest.mark.parametrize("free", [0, 8192, 40_960])
@pytest.mark.parametrize("kind", KINDS)
def test_where_a_quota_is_used_up_the_old_output_stays(
    server: Server, quota: Path, kind: str, free: int
) -> None:
    refused(server, quota, KINDS[kind], free)


@pytest.mark.parametrize("kind", KILLED or ["count csv", "near gpkg", "join svg"])
def test_of_every_verb_and_format_the_old_output_stays(
    server: Server, quota: Path, kind: str
) -> None:
    refused(server, quota, EVERY[kind])


def test_a_quota_behind_stdout_is_a_sentence(shell: Callable, quota: Path) -> None:
    use_up(quota, 65_536)
    outcome = shell(f"lcrmap show postcodes -f csv > {quota}/a.csv")
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == (
        "Error: Standard output cannot be written: Disk quota exceeded."
    )


def test_a_quota_of_the_temporary_folder_is_a_sentence(
    shell: Callable, quota: Path, tmp_path: Path
) -> None:
    assert shell("lcrmap show postcodes -o packed.csv && gzip packed.csv").code == 0
    use_up(quota, 65_536)
    outcome = shell("lcrmap show packed.csv.gz -o a.csv", TMPDIR=str(quota))
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == (
        "Error: The folder for temporary files cannot be written: Disk quota exceeded. "
        "Make room in it, or name another with TMPDIR."
    )
    assert not (tmp_path / "a.csv").exists()
    assert {each.name for each in quota.iterdir()} == {"filling"}


class Counted:
    """Functions of `os` that are counted as they are called; one call says that the quota is used up."""

    def __init__(self, names: tuple[str, ...], failing: int | None) -> None:
        self.names, self.failing, self.calls = names, failing, 0

    def of(self, name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*values: Any, **more: Any) -> Any:
            if name == "fsync" and not stat.S_ISREG(os.fstat(values[0]).st_mode):
                return real(*values, **more)  # of a folder, which is best done and no more
            self.calls += 1
            if self.calls - 1 == self.failing:
                raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
            return real(*values, **more)

        return call


@pytest.mark.parametrize("names", [("fsync",), ("replace", "rename")], ids=["to the disk", "names"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_quota_that_is_told_of_late_leaves_the_old_output(
    kind: str,
    names: tuple[str, ...],
    lcrmap: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first, a middle and the last of the files of a command are refused in turn."""
    write_recipes(tmp_path)
    target = tmp_path / "target"
    target.mkdir()
    monkeypatch.chdir(target)
    old, new = ([*line, "--overwrite"] for line in KINDS[kind])

    def run(line: list[str], failing: int | None) -> tuple[Any, int]:
        counted = Counted(names, failing)
        with monkeypatch.context() as patched:
            for each in names:
                patched.setattr(os, each, counted.of(each))
            return lcrmap(*line), counted.calls

    done, calls = run(old, None)
    assert done.code == 0
    assert calls > 0
    before = content(target)
    for failing in sorted({0, calls // 2, calls - 1}):
        done, _ = run(new, failing)
        assert done.code == 4
        (said,) = done.err.splitlines()[-1:]
        assert said.startswith(f"Error: '{'rep' if kind == 'report' else 'a.'}")
        assert said.endswith(USED_UP)
        assert content(target) == before
        assert hidden(target) == set()
    assert run(new, None)[0].code == 0
    assert content(target) != before
