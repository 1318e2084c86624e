"""The hidden files and folders beside a target: how they are named and held, and how what a killed run left is swept.

Whoever makes one holds its lock until it is renamed or removed. One that nobody holds is a dead run's.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lcrmap.errors import LcrmapError, OutputError, UsageError
from lcrmap.io.renaming import undisturbed

if sys.platform != "win32":
    import fcntl

    LOCKS = True
else:
    LOCKS = False

__all__ = [
    "LOCKS",
    "PLAN",
    "aside_name",
    "begun_run",
    "hidden_name",
    "hold",
    "new_file",
    "new_folder",
    "no_run",
    "remove",
    "sweep",
    "temporary_folder",
]

PLAN: Final = "plan.json"
"""What a folder holds that a later run can go on with."""

_NEW: Final = ".lcrmap-part"
_OLD: Final = ".lcrmap-old"
_HIDDEN: Final = re.compile(r"\.(.+)\.[0-9a-f]{12}(\.lcrmap-(?:part|old))", re.DOTALL)
_TEMPORARY: Final = re.compile(r"lcrmap-[0-9a-f]{12}\.lcrmap-part")

_STALE_SECONDS: Final = 3600
"""Where files have no locks: a sibling as old as this belongs to a run that was killed."""

_O_BINARY: int = getattr(os, "O_BINARY", 0)
_O_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)


def hidden_name(target: Path) -> Path:
    """Return a name beside a target that nothing has, and that `sweep` knows."""
    return target.with_name(f".{_stem(target)}.{secrets.token_hex(6)}{_NEW}")


def aside_name(target: Path) -> Path:
    """Return a name beside a target for what stood in its place: `sweep` puts that back if the place is empty."""
    return target.with_name(f".{_stem(target)}.{secrets.token_hex(6)}{_OLD}")


def _stem(target: Path) -> str:
    # Cut short, since a name may be 255 bytes long at most.
    return target.name.encode(errors="surrogateescape")[:180].decode(errors="ignore")


def new_file(target: Path) -> tuple[Path, int]:
    """Create a sibling that only its owner can read, and return it with its descriptor, which holds its lock."""
    while True:
        sibling = hidden_name(target)
        descriptor = os.open(sibling, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _O_BINARY, 0o600)
        _lock(descriptor, wait=True)
        if not LOCKS or os.fstat(descriptor).st_nlink:
            return sibling, descriptor
        os.close(descriptor)  # another run removed it before it was locked


def new_folder(target: Path) -> tuple[Path, int | None]:
    """Create a sibling folder that only its owner can enter, and return it with what holds its lock."""
    return _held_folder(f".{_stem(target)}.", target.parent)


def _held_folder(start: str, parent: Path) -> tuple[Path, int | None]:
    while True:
        folder = parent / f"{start}{secrets.token_hex(6)}{_NEW}"
        folder.mkdir(mode=0o700)
        held = hold(folder, wait=True)
        if not LOCKS or folder.exists():
            return folder, held
        if held is not None:  # another run removed it before it was locked
            os.close(held)


def hold(path: Path, *, wait: bool = False) -> int | None:
    """Return a descriptor that holds the lock of a file or folder for as long as it is open; None if it has none.

    Parameters
    ----------
    wait
        Whether to wait for a lock that is held: of a name that only a sweep can know, for an instant.
    """
    if not LOCKS:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    _lock(descriptor, wait=wait)
    return descriptor


def _lock(descriptor: int, *, wait: bool) -> None:
    if LOCKS:
        with contextlib.suppress(OSError):  # a file system without locks, or another program's lock
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def sweep(folder: Path) -> None:
    """Remove what killed runs left in a folder, and put back what one of them had moved aside."""
    for path in _entries(folder):
        found = _HIDDEN.fullmatch(path.name) if path.name.startswith(".") else None
        if found is None:
            continue
        with contextlib.suppress(OSError), _unheld(path):
            if (path / PLAN).is_file():
                continue  # a run can go on with it: the next one to the same place decides
            if found[2] == _OLD and not os.path.lexists(folder / found[1]):
                path.rename(folder / found[1])
            else:
                remove(path)


def begun_run(to: Path, text: str, *, resume: bool) -> Path | None:
    """Return the folder of the run that broke off and is gone on with; whatever else such runs left is removed.

    Parameters
    ----------
    to, text
        The output, and what to call it in messages.
    resume
        Whether one is gone on with; None is returned without.

    Raises
    ------
    UsageError
        If there is no such run to go on with.
    """
    left = _broken_runs(Path(os.path.realpath(to)))
    if resume and not left:
        raise no_run(text)
    for each in left[1:] if resume else left:
        remove(each)
    return left[0] if resume else None


def no_run(text: str) -> UsageError:
    """Return the error of who would go on with a run to an output where there is none."""
    return UsageError(
        f"No run to '{text}' broke off with a part of it finished, or it is still going on: leave out --resume."
    )


def _broken_runs(target: Path) -> list[Path]:
    """Return what runs that broke off left beside a target to go on with, the latest first."""
    own = re.compile(rf"\.{re.escape(_stem(target))}\.[0-9a-f]{{12}}{re.escape(_NEW)}")
    left = [
        each
        for each in _entries(target.parent)
        if own.fullmatch(each.name) and not each.is_symlink() and (each / PLAN).is_file()
    ]
    return sorted((each for each in left if _is_free(each)), key=_changed, reverse=True)


def _is_free(path: Path) -> bool:
    """Tell whether no running process holds a folder."""
    try:
        with _unheld(path):
            return True
    except OSError:
        return False


def _changed(path: Path) -> float:
    return path.stat().st_mtime


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing of one that may not be looked into."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder in the system's temporary one for as long as the block lasts; sweep those of killed runs.

    Raises
    ------
    OutputError
        If it cannot be made, or if the disk that it is on is full.
    """
    folder, held = None, None
    try:
        parent = Path(tempfile.gettempdir())
        _sweep_temporary(parent)
        with undisturbed():  # a signal between making it and knowing its name would leave it behind
            folder, held = _held_folder("lcrmap-", parent)
        yield folder
    except LcrmapError:
        raise  # of what is read; some are OSErrors too
    except OSError as error:
        if folder is not None and error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise OutputError(
            f"The folder for temporary files cannot be written: {error.strerror or error}. "
            f"Make room in it, or name another with TMPDIR."
        ) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _sweep_temporary(parent: Path) -> None:
    """Remove what one's own killed runs left in the temporary folder, which many may share."""
    mine = os.geteuid() if hasattr(os, "geteuid") else 0
    for path in _entries(parent):
        if _TEMPORARY.fullmatch(path.name):
            with contextlib.suppress(OSError):
                if path.lstat().st_uid == mine:
                    with _unheld(path):
                        remove(path)


@contextlib.contextmanager
def _unheld(path: Path) -> Iterator[None]:
    """Hold a file or folder that a dead run left.

    Raises
    ------
    OSError
        If a running process holds it, or if it is neither file nor folder.
    """
    status = path.lstat()
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise OSError("a link or a device is none of ours")
    if not LOCKS:
        if time.time() - status.st_mtime <= _STALE_SECONDS:
            raise BlockingIOError("it may be in use")
        yield
        return
    descriptor = os.open(path, os.O_RDONLY | _O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a sibling, whether it is a file or a folder with all that is in it; one that is gone is no error."""
    with contextlib.suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
