"""Where what calls write goes: into one folder, under names of its own, and never over what somebody else put there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lcrmap.errors import OutputError
from lcrmap.io.renaming import rename_to_nothing
from lcrmap.io.siblings import new_folder, remove, sweep, temporary_folder

__all__ = ["Outbox"]

_CALL: Final = "call"

Print = tuple[int, int, int, int]


class Outbox:
    """Takes what a call wrote from the hidden folder in which it worked.

    Parameters
    ----------
    folder
        Where files go; None for nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._own: dict[str, Print] = {}
        if folder is not None:
            sweep(folder)

    @contextmanager
    def desk(self) -> Iterator[Path]:
        """Make the empty folder that a call works in, and remove it with all that is left in it."""
        if self._folder is None:
            with temporary_folder() as nowhere:
                yield nowhere
            return
        desk, held = new_folder(self._folder / _CALL)
        try:
            yield desk
        finally:
            remove(desk)
            if held is not None:
                os.close(held)

    def take(self, desk: Path) -> list[Path]:
        """Put what a call wrote into its place, all of it or nothing, and return where it stands.

        Raises
        ------
        OutputError
            If something stands there that this server did not write, or that was changed since.
        """
        if self._folder is None:
            return []
        names = sorted(each.name for each in desk.iterdir())
        for name in names:
            if os.path.lexists(self._folder / name) and not self._is_own(name):
                raise OutputError(
                    f"'{name}' exists already, and this server did not write it: choose another name."
                )
        for name in names:
            self._put(desk / name, self._folder / name)
        return [self._folder / name for name in names]

    def _is_own(self, name: str) -> bool:
        assert self._folder is not None  # noqa: S101 (else nothing is taken)
        target = self._folder / name
        return (
            target.is_file() and not target.is_symlink() and self._own.get(name) == _print(target)
        )

    def _put(self, sibling: Path, target: Path) -> None:
        if self._is_own(target.name):
            sibling.replace(target)
        elif sibling.is_dir():
            sibling.rename(target)
        else:
            rename_to_nothing(sibling, target)
        self._own[target.name] = _print(target)


def _print(path: Path) -> Print:
    """Return what tells whether a file is still the one that was written."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size
