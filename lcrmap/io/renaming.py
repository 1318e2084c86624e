"""What renaming needs: no interruption, names that change places at once, and folders that last."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

__all__ = ["exchanged", "rename_to_nothing", "sync_folder", "undisturbed"]

# Ctrl-C, a request to end, and a terminal that was closed, which some systems have not.
_ENDING: Final = [
    int(getattr(signal, name)) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2  # of Linux's renameat2


def exchanged(one: Path, other: Path) -> bool:
    """Let two names change places at once; False where the system cannot."""
    if sys.platform != "linux":
        return False
    import ctypes  # which nothing but replacing a folder needs

    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(one), os.fsencode(other)
    if libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number))


def rename_to_nothing(sibling: Path, target: Path) -> None:
    """Rename a file unless something has the name already: of several runs at once, one succeeds.

    Where a file can have two names, the system looks and renames at once.

    Raises
    ------
    FileExistsError
        If something has the name.
    """
    try:
        os.link(sibling, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system, or a Python, without second names
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        sibling.rename(target)
    else:
        sibling.unlink()


def sync_folder(folder: Path) -> None:
    """Make renames themselves last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back what asks to end for an instant that must not be cut in two; it comes when that is over."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python runs handlers in the main thread alone
        return
    came: list[int] = []
    before: dict[int, Any] = {}
    try:
        for number in _ENDING:
            handler = signal.getsignal(number)
            if handler is not None:
                before[number] = handler
                signal.signal(number, lambda number, _frame: came.append(number))
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)
