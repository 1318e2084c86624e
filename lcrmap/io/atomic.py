"""A file is whole or absent: written beside its target under another name, then renamed into place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from lcrmap.errors import OutputError

__all__ = ["write_bytes"]

_MARK = ".lcrmap-part"
"""Ends the name of every temporary sibling, so that a later run knows what an earlier one left."""

_STALE_SECONDS = 3600
"""A sibling that nobody has written to for so long belongs to a run that was killed."""

_OWN_FOLDER = "output"


def write_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file, or leave everything as it was.

    Parameters
    ----------
    path
        Where to write. A link is followed, and the file behind it replaced.
    data
        The whole content.
    overwrite
        Whether a file that exists may be replaced; inside a folder called ``output`` it always may.

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
            with target.open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), data)
            return
        if not target.parent.is_dir():
            raise OutputError(
                f"'{asked}' cannot be written, because there is no folder '{asked.parent}': "
                f"make it with 'mkdir -p {asked.parent}'."
            )
        _remove_stale(target)
        _replace(target, data)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse a target that is a folder, or a file that nobody said may be replaced.

    Raises
    ------
    OutputError
        If `path` is one of these.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise OutputError(f"'{path}' is a folder: name the file to write in it.")
    if overwrite or not target.is_file() or _OWN_FOLDER in target.parent.parts:
        return
    raise OutputError(f"'{path}' exists already: add --overwrite to replace it.")


def _replace(target: Path, data: bytes) -> None:
    """Write a sibling and rename it; the mode is what the user's umask makes of a new file."""
    sibling = _sibling(target)
    descriptor = os.open(sibling, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _O_BINARY, 0o666)
    try:
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(sibling, target)
    except BaseException:
        with contextlib.suppress(OSError):
            sibling.unlink()
        raise
    _sync_folder(target.parent)


_O_BINARY: int = getattr(os, "O_BINARY", 0)


def _sibling(target: Path) -> Path:
    # Cut short, since a name may be 255 bytes long at most.
    stem = target.name.encode()[:180].decode(errors="ignore")
    return target.with_name(f".{stem}.{secrets.token_hex(6)}{_MARK}")


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_stale(target: Path) -> None:
    """Remove what a killed run left beside this target."""
    stem = target.name.encode()[:180].decode(errors="ignore")
    with contextlib.suppress(OSError):
        for each in target.parent.iterdir():
            if each.name.startswith(f".{stem}.") and each.name.endswith(_MARK):
                with contextlib.suppress(OSError):
                    if time.time() - each.stat().st_mtime > _STALE_SECONDS:
                        each.unlink()


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
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"'{path}' cannot be written: {reason}.") from error
    except ValueError as error:  # a NUL in the path
        raise OutputError(f"'{path!r}' cannot be written: {error}.") from error
