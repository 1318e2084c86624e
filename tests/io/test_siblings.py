"""Temporary folders: one's own, removed at the end, and swept by the next run after a kill."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from lcrmap.errors import FileError, OutputError
from lcrmap.io.archives import unpacked_zip
from lcrmap.io.siblings import temporary_folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files with nothing in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


HOLDING = """
import sys, tempfile, time
from lcrmap.io.siblings import temporary_folder
tempfile.tempdir = sys.argv[1]
with temporary_folder() as folder:
    (folder / "layer.shp").write_bytes(b"x")
    print("begun", flush=True)
    time.sleep(60)
"""


def holding(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def test_only_its_owner_can_enter_it_and_it_is_gone_at_the_end(temporary: Path) -> None:
    with temporary_folder() as folder:
        assert folder.parent == temporary
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "a").write_text("x")
    assert names(temporary) == []
    with pytest.raises(KeyboardInterrupt), temporary_folder():
        raise KeyboardInterrupt
    assert names(temporary) == []


def test_that_of_a_running_process_stays_and_that_of_a_killed_one_is_swept(temporary: Path) -> None:
    process = holding(temporary)
    try:
        with temporary_folder():
            assert len(names(temporary)) == 2
        (left,) = names(temporary)
    finally:
        process.kill()
        process.communicate()
    assert names(temporary) == [left]
    with temporary_folder():
        assert left not in names(temporary)
    assert names(temporary) == []


def test_what_merely_looks_alike_stays(temporary: Path) -> None:
    looks = ["lcrmap-results", "lcrmap-abcdef", "lcrmap-verify-a1b2c3d4", ".lcrmap-part"]
    for name in looks:
        (temporary / name).mkdir()
    (temporary / "lcrmap-0123456789ab.lcrmap-part").symlink_to("lcrmap-results")
    with temporary_folder():
        pass
    assert names(temporary) == sorted([*looks, "lcrmap-0123456789ab.lcrmap-part"])


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root may give folders away")
def test_what_is_another_users_stays(temporary: Path) -> None:
    left = temporary / "lcrmap-0123456789ab.lcrmap-part"
    left.mkdir()
    os.chown(left, 65534, 65534)
    with temporary_folder():
        pass
    assert names(temporary) == [left.name]


def test_a_missing_folder_for_temporary_files_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(OutputError) as caught, temporary_folder():
        pass
    assert str(caught.value) == (
        "The folder for temporary files cannot be written: No such file or directory. "
        "Make room in it, or name another with TMPDIR."
    )


FULL = """
import resource, signal, sys
from pathlib import Path
from lcrmap.errors import LcrmapError
from lcrmap.io.archives import unpacked_zip
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with unpacked_zip(Path(sys.argv[1]), lambda names: names[0]):
        pass
except LcrmapError as error:
    print(error)
"""


def test_a_full_folder_for_temporary_files_is_not_said_of_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.shp", b"x" * 5000)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(archive)], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "The folder for temporary files cannot be written: File too large. "
        "Make room in it, or name another with TMPDIR.\n"
    )


def test_what_is_wrong_with_the_archive_is_still_said_of_it(temporary: Path) -> None:
    archive = temporary / "a.zip"
    archive.write_bytes(b"no archive")
    with (
        pytest.raises(FileError, match="is not a whole zip archive"),
        unpacked_zip(archive, lambda names: names[0]),
    ):
        pass
