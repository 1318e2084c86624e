"""A file is whole or absent, whatever happens while it is written."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.atomic import writing_together
from lcrmap.io.renaming import undisturbed
from lcrmap.io.writing import write_bytes


def siblings(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def as_nobody(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that is not root, and print the OutputError that it raises."""
    whole = f"""
import os, sys
from pathlib import Path
from lcrmap.errors import OutputError
from lcrmap.io.writing import write_bytes
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
try:
    {code}
except OutputError as error:
    print(error)
"""
    return subprocess.run(
        [sys.executable, "-c", whole, *words], capture_output=True, text=True, check=False
    )


def test_a_new_file_is_written_with_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a.txt", b"whole")
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640
    assert siblings(tmp_path) == ["a.txt"]


def test_an_existing_file_needs_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(OutputError) as caught:
        write_bytes(path, b"new")
    assert str(caught.value) == f"'{path}' exists already: add --overwrite to replace it."
    assert path.read_bytes() == b"old"
    write_bytes(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"


def test_in_the_output_folder_an_existing_file_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for content in (b"old", b"new"):
        write_bytes(tmp_path / "output" / "a.txt", content)
    assert (tmp_path / "output" / "a.txt").read_bytes() == b"new"


def test_a_missing_folder_is_answered_with_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError) as caught:
        write_bytes("my maps/a.txt", b"x")
    assert str(caught.value) == (
        "'my maps/a.txt' cannot be written, because there is no folder 'my maps': "
        "make it with 'mkdir -p 'my maps''."
    )


def test_a_file_in_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(OutputError, match="a part of its path is a file, not a folder"):
        write_bytes(tmp_path / "a" / "b.txt", b"x")


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder: name the file to write in it"):
        write_bytes(tmp_path, b"x", overwrite=True)


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="its name is too long: choose a shorter one"):
        write_bytes(tmp_path / ("x" * 300), b"x")


def test_the_longest_name_that_can_be_is_written(tmp_path: Path) -> None:
    write_bytes(tmp_path / ("é" * 127), b"x")
    assert siblings(tmp_path) == ["é" * 127]


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("far/real.txt")
    with pytest.raises(OutputError, match="exists already"):
        write_bytes(tmp_path / "link.txt", b"new")
    write_bytes(tmp_path / "link.txt", b"new", overwrite=True)
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "far" / "real.txt").read_bytes() == b"new"


def test_links_in_a_circle_are_said(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError):
        write_bytes(tmp_path / "a" / "c.txt", b"x")


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_bytes("/dev/full", b"x" * 100)
    assert str(caught.value) == (
        "'/dev/full' cannot be written: the disk is full: make room and run it again."
    )
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_bytes("/dev/null", b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    code = f"""
import resource, signal
from lcrmap.errors import OutputError
from lcrmap.io.writing import write_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_bytes({str(path)!r}, b"x" * 5000, overwrite=True)
except OutputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        f"'{path}' cannot be written: it would be larger than files may be here.\n"
    )
    assert path.read_bytes() == b"old"
    assert siblings(tmp_path) == ["a.txt"]


def test_a_closed_folder_is_said_as_another_user(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o555)
    done = as_nobody("write_bytes(sys.argv[1], b'x')", str(closed / "a.txt"))
    assert done.stdout == (
        f"'{closed / 'a.txt'}' cannot be written: "
        f"you may not write there: choose another folder or ask its owner.\n"
    ), done.stderr
    assert siblings(closed) == []


def test_a_folder_that_may_not_be_looked_into_is_said_as_another_user(open_folder: Path) -> None:
    dark = open_folder / "dark"
    dark.mkdir()
    dark.chmod(0o600)
    done = as_nobody("write_bytes(sys.argv[1], b'x')", str(dark / "in" / "a.txt"))
    assert "cannot be written: you may not write there" in done.stdout, done.stderr
    dark.chmod(0o700)


KILLED = """
import sys, time
from lcrmap.io.atomic import writing_together
with writing_together(overwrite=True) as together:
    stream = together.open(sys.argv[1])
    stream.write(b"x" * 1000)
    stream.flush()
    print("begun", flush=True)
    time.sleep(60)
"""


def start_and_wait(path: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_kill_leaves_the_old_file_and_the_next_run_sweeps_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    end(start_and_wait(path))
    assert path.read_bytes() == b"old"
    left = [name for name in siblings(tmp_path) if name != "a.txt"]
    assert len(left) == 1
    assert left[0].startswith(".a.txt.")
    assert left[0].endswith(".lcrmap-part")
    write_bytes(path, b"new", overwrite=True)
    assert siblings(tmp_path) == ["a.txt"]


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), writing_together(overwrite=True) as together:
        together.write(path, b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert siblings(tmp_path) == ["a.txt"]


def test_a_run_that_still_writes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    process = start_and_wait(path)
    try:
        write_bytes(path, b"new")
        assert len(siblings(tmp_path)) == 2
    finally:
        end(process)
    write_bytes(path, b"newer", overwrite=True)
    assert siblings(tmp_path) == ["a.txt"]


def test_what_a_killed_run_left_of_another_target_is_swept_too(tmp_path: Path) -> None:
    end(start_and_wait(tmp_path / "b.txt"))
    write_bytes(tmp_path / "a.txt", b"new")
    assert siblings(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    "name", [".b.txt.0123.lcrmap-part", "b.txt.0123456789ab.lcrmap-part", ".b.txt.lcrmap-part"]
)
def test_what_merely_looks_like_a_sibling_is_left_alone(tmp_path: Path, name: str) -> None:
    other = tmp_path / name
    other.write_bytes(b"")
    os.utime(other, (time.time() - 10**6,) * 2)
    write_bytes(tmp_path / "a.txt", b"new")
    assert siblings(tmp_path) == sorted([name, "a.txt"])


def test_a_link_that_looks_like_a_sibling_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / ".a.txt.0123456789ab.lcrmap-part").symlink_to("mine")
    write_bytes(tmp_path / "a.txt", b"new")
    assert siblings(tmp_path) == [".a.txt.0123456789ab.lcrmap-part", "a.txt", "mine"]


def test_what_a_killed_run_had_moved_aside_is_put_back(tmp_path: Path) -> None:
    (tmp_path / ".rep.0123456789ab.lcrmap-old").mkdir()
    (tmp_path / ".rep.0123456789ab.lcrmap-old" / "index.html").write_bytes(b"old")
    write_bytes(tmp_path / "a.txt", b"new")
    assert siblings(tmp_path) == ["a.txt", "rep"]
    assert (tmp_path / "rep" / "index.html").read_bytes() == b"old"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    for mode in (0o600, 0o640, 0o664):
        path.chmod(mode)
        write_bytes(path, b"new", overwrite=True)
        assert mode_of(path) == mode


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root may give files away")
def test_what_root_replaces_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    os.chown(path, 65534, 65534)
    path.chmod(0o640)
    write_bytes(path, b"new", overwrite=True)
    status = path.stat()
    assert (status.st_uid, status.st_gid, mode_of(path)) == (65534, 65534, 0o640)


def test_where_the_group_cannot_be_kept_the_new_one_gets_no_more_than_all(
    open_folder: Path,
) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can set this up")
    folder = open_folder / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "a.txt").write_bytes(b"old")
    (folder / "a.txt").chmod(0o664)
    done = as_nobody("write_bytes(sys.argv[1], b'new', overwrite=True)", str(folder / "a.txt"))
    assert done.stdout == "", done.stderr
    assert (folder / "a.txt").read_bytes() == b"new"
    assert mode_of(folder / "a.txt") == 0o644


def test_a_sibling_can_be_read_by_nobody_else_until_it_is_in_place(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o666)
    with writing_together(overwrite=True) as together:
        together.write(path, b"private")
        (hidden,) = (each for each in tmp_path.iterdir() if each.name != "a.txt")
        assert mode_of(hidden) == 0o600
    assert mode_of(path) == 0o666


def test_files_stand_in_their_places_together(tmp_path: Path) -> None:
    with writing_together() as together:
        together.write(tmp_path / "a.txt", b"a")
        together.write(tmp_path / "b.txt", b"b")
        assert not (tmp_path / "a.txt").exists()
    assert siblings(tmp_path) == ["a.txt", "b.txt"]


def test_if_one_of_several_cannot_be_placed_all_are_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"old")
    (tmp_path / "last").mkdir()
    (tmp_path / "old.txt").chmod(0o640)
    before = (tmp_path / "old.txt").stat()
    with (
        pytest.raises(OutputError, match=r"last/c\.txt' cannot be written"),
        writing_together(overwrite=True) as together,
    ):
        together.write(tmp_path / "old.txt", b"new")
        together.write(tmp_path / "new.txt", b"new")
        together.write(tmp_path / "last" / "c.txt", b"new")
        (tmp_path / "last" / "c.txt").mkdir()  # in the way, when it is too late to refuse it
    assert siblings(tmp_path) == ["last", "old.txt"]
    assert siblings(tmp_path / "last") == ["c.txt"]
    after = (tmp_path / "old.txt").stat()
    assert (tmp_path / "old.txt").read_bytes() == b"old"
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


def test_ctrl_c_waits_until_all_names_have_changed_hands(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), undisturbed():
        signal.raise_signal(signal.SIGINT)
        (tmp_path / "a.txt").write_bytes(b"all of it")
    assert (tmp_path / "a.txt").read_bytes() == b"all of it"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_file_is_not_written_twice_at_once(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to("a.txt")
    with (
        pytest.raises(UsageError, match="would be written twice: name each output once"),
        writing_together() as together,
    ):
        together.write(tmp_path / "a.txt", b"one")
        together.write(tmp_path / "link.txt", b"two")
    assert siblings(tmp_path) == ["link.txt"]


def test_of_two_that_write_the_same_new_file_one_does(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with (
        pytest.raises(OutputError, match=r"a\.txt' exists already: add --overwrite"),
        writing_together() as together,
    ):
        together.write(path, b"second")
        write_bytes(path, b"first")
    assert path.read_bytes() == b"first"
    assert siblings(tmp_path) == ["a.txt"]


def test_a_device_gets_nothing_of_what_fails(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(KeyboardInterrupt), writing_together() as together:
        together.write(pipe, b"half")  # nobody reads: opening it would wait for ever
        raise KeyboardInterrupt
