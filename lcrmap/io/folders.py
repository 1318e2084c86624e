"""A folder is whole or absent: written beside its target, then the two change places."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from lcrmap.errors import OutputError
from lcrmap.io.access import give_access
from lcrmap.io.renaming import exchanged, sync_folder
from lcrmap.io.siblings import aside_name, hidden_name, hold, new_folder, remove, sweep
from lcrmap.io.targets import explained

__all__ = ["PlacedFolder", "refuse_fixed_folder", "refuse_foreign", "refuse_working_folder"]


def refuse_working_folder(asked: Path) -> None:
    """Refuse the folder in which the shell is, or one that holds it: it would stay behind in what is removed.

    Raises
    ------
    OutputError
        If `asked` is such a folder.
    """
    target = Path(os.path.realpath(asked))
    here = Path(os.path.realpath(Path.cwd()))
    if target == here or target in here.parents:
        raise OutputError(
            f"'{asked}' is the folder in which you are, or holds it: name a folder in it, such as 'report'."
        )


def refuse_fixed_folder(asked: Path) -> None:
    """Refuse a folder of which a part could not be removed.

    Raises
    ------
    OutputError
        If `asked` is such a folder.
    OSError
        If it lies on a disk that can only be read.
    """
    target = Path(os.path.realpath(asked))
    for folder, _, _ in os.walk(target):
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE):
            if hasattr(os, "statvfs") and os.statvfs(folder).f_flag & os.ST_RDONLY:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            inner = os.path.relpath(folder, target)
            what = "it" if inner == "." else f"its folder '{inner}'"
            raise OutputError(
                f"'{asked}' cannot be replaced, because you may not remove what is in {what}: "
                f"ask its owner, or name another folder."
            )


_DROPPINGS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in a folder that is looked at."""


def refuse_foreign(folder: Path, known: set[str]) -> list[str]:
    """Refuse a folder with files that lcrmap did not bring: they would be lost with it.

    Parameters
    ----------
    known
        The files that it brought, by path with ``/``.

    Returns
    -------
    list of str
        Every file, link and empty folder in it.
    """
    inside = list(_inside(folder))
    parents = {parent.as_posix() for each in known for parent in Path(each).parents}
    foreign = sorted(set(inside) - known - parents)
    if foreign:
        more = len(foreign) - 1
        others = f" and {more:,} {'other' if more == 1 else 'others'}" if more else ""
        raise OutputError(
            f"'{folder}' holds '{foreign[0]}'{others}, not written by lcrmap, and would lose "
            f"{'them' if more else 'it'}: move {'them' if more else 'it'} away, or name another folder."
        )
    return inside


def _inside(folder: Path) -> Iterator[str]:
    """Give each file, link and empty folder below a folder, by path with ``/``; not what file managers leave."""
    for parent, folders, files in os.walk(folder):
        here = Path(parent).relative_to(folder)
        links = [each for each in folders if (folder / here / each).is_symlink()]
        for each in (*links, *files):
            if each not in _DROPPINGS:
                yield (here / each).as_posix()
        if not folders and not files:
            yield here.as_posix()


_EFFECTIVE: Final = os.access in os.supports_effective_ids


class PlacedFolder:
    """A folder on its way to its place; see `lcrmap.io.atomic.Placing`.

    Parameters
    ----------
    asked
        Where it goes. A link is followed, and the folder behind it replaced; missing parents are made.
    may_replace
        Refuses what stands in its place if it may not be replaced; called before it is.
    begun
        What a run that broke off left beside the target, to go on with; None to begin anew.

    Attributes
    ----------
    keeps
        Whether it stays beside its target, if it does not get there, for a later run to go on with.
    """

    def __init__(
        self, asked: Path, *, may_replace: Callable[[], None], begun: Path | None = None
    ) -> None:
        self.asked = asked
        self._may_replace = may_replace
        self._target = Path(os.path.realpath(asked))
        self._kept: Path | None = None
        self._old: os.stat_result | None = None
        self._placed = False
        parents = (self._target.parent, *self._target.parent.parents)
        self._parents = [each for each in parents if not each.exists()]
        with explained(asked):
            self._target.parent.mkdir(parents=True, exist_ok=True)
            sweep(self._target.parent)
            if begun is None:
                self._made, held = new_folder(self._target)
            else:
                self._made, held = begun, hold(begun)
        self._held = [held]
        self.keeps = False

    @property
    def made(self) -> Path:
        """The folder that is on its way, to be written into."""
        return self._made

    def fill(self, files: Mapping[str, bytes]) -> None:
        """Write what is in it, by path with ``/``."""
        with explained(self.asked):
            for name, data in files.items():
                self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        path = self._made / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise OutputError(f"'{self.asked}' cannot be written: '{name}' would lie outside it.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def finish(self) -> None:
        """Do nothing: each file went to the disk when it was written."""

    def prepare(self, *, keep: bool) -> None:
        """Give it, and all that is in it, the access of what it replaces."""
        for each in self._made.rglob("*"):
            give_access(each, _status(self._target / each.relative_to(self._made)))
        self._old = _status(self._target)
        give_access(self._made, self._old)

    def place(self) -> None:
        """Rename it into place; what it replaces stays, whole, until `discard`."""
        try:
            self._made.rename(self._target)  # takes the place of nothing, or of an empty folder
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            self._may_replace()
            self._held.append(hold(self._target))
            self._swap()
        self._placed = True

    def _swap(self) -> None:
        """Let old and new change places: at once where the system can, else by two renames."""
        if exchanged(self._made, self._target):
            self._kept = self._made
            return
        aside = aside_name(self._target)
        self._target.rename(aside)
        try:
            self._made.rename(self._target)
        except OSError:
            aside.rename(self._target)
            raise
        self._kept = aside

    def undo(self) -> None:
        """Put back what it replaced."""
        if not self._placed:
            return
        self._placed = False
        self._made = hidden_name(self._target)
        self._target.rename(self._made)
        if self._kept is not None:
            self._kept.rename(self._target)
            self._kept = None
        elif self._old is not None:  # an empty folder
            self._target.mkdir()
            give_access(self._target, self._old)

    def discard(self) -> None:
        """Remove what it replaced, or itself, whichever stands beside the target, and parents made in vain."""
        for each in (self._made, self._kept):
            if each is not None and not (self.keeps and each == self._made and not self._placed):
                remove(each)
        for held in self._held:
            if held is not None:
                os.close(held)
        if self._placed:
            sync_folder(self._target.parent)
        else:
            for parent in self._parents:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def _status(path: Path) -> os.stat_result | None:
    """Return the status of a file or folder; None if there is none, or a link."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return None if stat.S_ISLNK(status.st_mode) else status
