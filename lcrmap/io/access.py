"""Who may read what is written: a new file as the user's umask says, one that replaces another as that was."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

__all__ = ["give_access"]


def give_access(path: Path, old: os.stat_result | None) -> None:
    """Give a new file or folder the mode and owner of what it replaces, or what the user's umask makes of a new one.

    Where the owner or group cannot be kept, the new group gets no more than everybody had.
    """
    if old is None:
        usual = 0o777 if path.is_dir() else 0o666
        path.chmod(usual & ~_umask())
        return
    mode = stat.S_IMODE(old.st_mode)
    if hasattr(os, "chown") and not _kept_owner(path, old):
        mode = mode & 0o707 | (mode & 0o007) << 3
    path.chmod(mode)


def _kept_owner(path: Path, old: os.stat_result) -> bool:
    """Give a file the owner and group of another, as far as the system lets one; tell whether it has its group."""
    now = path.stat()
    if (now.st_uid, now.st_gid) == (old.st_uid, old.st_gid):
        return True
    for owner in (old.st_uid, -1):
        with contextlib.suppress(OSError):
            os.chown(path, owner, old.st_gid)
            break
    return path.stat().st_gid == old.st_gid


def _umask() -> int:
    mask = os.umask(0o077)  # there is no other way to read it
    os.umask(mask)
    return mask
