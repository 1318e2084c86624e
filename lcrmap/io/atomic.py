"""A file is whole or absent: written beside its target under another name, then renamed into place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lcrmap.errors import LcrmapError, OutputError

if sys.platform != "win32":
    import fcntl

    _LOCKS = True
else:
    _LOCKS = False

__all__ = ["refuse_existing", "replacing", "write_bytes"]

_MARK = ".lcrmap-part"
"""Ends the name of every temporary sibling, so that a later run knows what an earlier one left."""

_STALE_SECONDS = 3600
"""Where files have no locks: a sibling as old as this belongs to a run that was killed."""

_OWN_FOLDER = "output"


def write_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file, or leave everything as it was.

    Parameters
    ----------
    path, overwrite
        As for `replacing`.
    data
        The whole content.

    Raises
    ------
    OutputError
        If it exists already, if its folder is missing or closed, or if the disk is full.
    """
    with replacing(path, overwrite=overwrite) as stream:
        stream.write(data)


@contextlib.contextmanager
def replacing(path: str | Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Open a stream whose content becomes the file when the block ends, and never if it fails.

    Parameters
    ----------
    path
        Where to write. A link is followed, and the file behind it replaced. A last folder called ``output``
        is made if it is missing; any other must be there.
    overwrite
        Whether a file that exists may be replaced; inside a folder called ``output`` it always may.

    Yields
    ------
    BinaryIO
        A stream that takes every byte that is written to it.

    Raises
    ------
    OutputError
        If it exists already, if its folder is missing or closed, or if the disk is full.
    """
    asked = Path(path)
    with _explained(asked):
        target = Path(os.path.realpath(asked))
        refuse_existing(asked, overwrite=overwrite)
        if target.exists() and not target.is_file():  # a device or a named pipe
            with target.open("wb") as stream:
                yield stream
            return
        if target.parent.name == _OWN_FOLDER and target.parent.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
        if not target.parent.is_dir():
            if any(each.is_file() for each in target.parents):
                raise OSError(errno.ENOTDIR, "not a folder")
            raise OutputError(
                f"'{asked}' cannot be written, because there is no folder '{asked.parent}': "
                f"make it with 'mkdir -p {shlex.quote(str(asked.parent))}'."
            )
        _remove_stale(target)
        with _sibling_of(target) as stream:
            yield stream


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse a target that is a folder, or a file that nobody said may be replaced.

    Raises
    ------
    OutputError
        If `path` is one of these.
    """
    with _explained(path):
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise OutputError(f"'{path}' is a folder: name the file to write in it.")
        if overwrite or not target.is_file() or _OWN_FOLDER in target.parent.parts:
            return
    raise OutputError(f"'{path}' exists already: add --overwrite to replace it.")


@contextlib.contextmanager
def _sibling_of(target: Path) -> Iterator[BinaryIO]:
    """Open a sibling, and rename it when the block ends; the mode is what the user's umask makes of a new file."""
    sibling, descriptor = _locked_sibling(target)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
            if _LOCKS:  # the lock is held until the name is the target's
                os.replace(sibling, target)
        if not _LOCKS:
            os.replace(sibling, target)
    except BaseException:
        with contextlib.suppress(OSError):
            sibling.unlink()
        raise
    _sync_folder(target.parent)


def _locked_sibling(target: Path) -> tuple[Path, int]:
    """Create a sibling that no other run takes for a dead one's, since this process holds its lock."""
    while True:
        sibling = target.with_name(f".{_stem(target)}.{secrets.token_hex(6)}{_MARK}")
        descriptor = os.open(sibling, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _O_BINARY, 0o666)
        if not _LOCKS:
            return sibling, descriptor
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return sibling, descriptor
        os.close(descriptor)  # another run removed it before it was locked


def _stem(target: Path) -> str:
    # Cut short, since a name may be 255 bytes long at most.
    return target.name.encode()[:180].decode(errors="ignore")


def _remove_stale(target: Path) -> None:
    """Remove what a killed run left beside this target: a sibling that nobody holds."""
    with contextlib.suppress(OSError):
        for each in target.parent.iterdir():
            if each.name.startswith(f".{_stem(target)}.") and each.name.endswith(_MARK):
                _remove_unheld(each)


def _remove_unheld(sibling: Path) -> None:
    with contextlib.suppress(OSError):
        if not _LOCKS:
            if time.time() - sibling.stat().st_mtime > _STALE_SECONDS:
                sibling.unlink()
            return
        descriptor = os.open(sibling, os.O_WRONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            sibling.unlink()
        finally:
            os.close(descriptor)


_O_BINARY: int = getattr(os, "O_BINARY", 0)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_REASONS = {
    errno.ENOSPC: "the disk is full: make room and run it again",
    errno.EDQUOT: "your quota of disk space is used up: make room and run it again",
    errno.EFBIG: "it would be larger than files may be here",
    errno.EROFS: "the disk can only be read: choose another folder",
    errno.EACCES: "you may not write there: choose another folder or ask its owner",
    errno.EPERM: "you may not write there: choose another folder or ask its owner",
    errno.ENAMETOOLONG: "its name is too long: choose a shorter one",
    errno.ENOTDIR: "a part of its path is a file, not a folder: choose another path",
    errno.ELOOP: "its links lead in a circle: choose another path",
}


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except LcrmapError:
        raise  # of what is written; some are OSErrors and ValueErrors too
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"'{path}' cannot be written: {reason}.") from error
    except ValueError as error:  # a NUL in the path
        raise OutputError(f"'{path!r}' cannot be written: {error}.") from error
