"""A file is whole or absent, and files that belong together are so together.

Each is written beside its target under another name; when all are, all are renamed into place. If one cannot be, those
before it are put back as they were.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

from lcrmap.errors import OutputError
from lcrmap.io.access import give_access
from lcrmap.io.renaming import rename_to_nothing, sync_folder, undisturbed
from lcrmap.io.siblings import LOCKS, hidden_name, hold, new_file, remove, sweep
from lcrmap.io.targets import (
    Identity,
    explained,
    is_own,
    is_special,
    ready_folder,
    refuse_repeated,
    refuse_target,
)

__all__ = ["Placing", "Together", "write_bytes", "writing_together"]


def write_bytes(path: str | Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a whole file, or leave everything as it was.

    Parameters
    ----------
    path, overwrite
        As for `Together.open` and `writing_together`.
    data
        The whole content.

    Raises
    ------
    OutputError
        If it exists already, if its folder is missing or closed, or if the disk is full.
    """
    with writing_together(overwrite=overwrite) as together:
        together.write(path, data)


@contextlib.contextmanager
def writing_together(
    *, overwrite: bool = False, inputs: frozenset[Identity] = frozenset()
) -> Iterator[Together]:
    """Open what takes several outputs: all stand in their places when the block ends, and none if it fails.

    Parameters
    ----------
    overwrite
        Whether files that exist may be replaced; in ``output/`` they always may.
    inputs
        What was read, which is replaced only with `overwrite`; see `lcrmap.io.targets.identities`.

    Yields
    ------
    Together
        What takes the outputs.

    Raises
    ------
    OutputError
        If one of them cannot be put in its place; all are then as they were before.
    """
    together = Together(overwrite=overwrite, inputs=inputs)
    try:
        yield together
        together.place()
    finally:
        with undisturbed():
            together.discard()


class Placing(Protocol):
    """An output that is written beside its target.

    Attributes
    ----------
    asked
        The target as it was named, for messages.
    """

    @property
    def asked(self) -> str | Path:
        """Return it."""

    def finish(self) -> None:
        """Bring all of it to the disk."""

    def prepare(self, *, keep: bool) -> None:
        """Do all that can be done before names change; with `keep`, hold on to what it replaces."""

    def place(self) -> None:
        """Rename it into place."""

    def undo(self) -> None:
        """Put back what it replaced."""

    def discard(self) -> None:
        """Remove all that stands beside the target."""


Made = TypeVar("Made", bound=Placing)


class Together:
    """Takes outputs that belong together; see `writing_together`."""

    def __init__(self, *, overwrite: bool, inputs: frozenset[Identity] = frozenset()) -> None:
        self.overwrite, self.inputs = overwrite, inputs
        self._items: list[Placing] = []

    def open(self, path: str | Path) -> BinaryIO:
        """Return a stream whose content becomes the file when all is placed.

        Parameters
        ----------
        path
            Where to write. A link is followed, and the file behind it replaced. ``output/`` in the working folder is
            made if it is missing; any other folder must be there. A device or named pipe gets it before files move.

        Raises
        ------
        OutputError
            If it exists already and may not be replaced, or if its folder is missing or closed.
        """
        asked = Path(path)
        refuse_target(asked, overwrite=self.overwrite, inputs=self.inputs)
        if is_special(asked):
            return self.take(lambda: _Special(asked)).stream
        return self.take(lambda: _File(asked, overwrite=self.overwrite)).stream

    def write(self, path: str | Path, data: bytes) -> None:
        """Take the whole content of a file; see `open`."""
        self.open(path).write(data)

    def takes(self, path: Path) -> bool:
        """Tell whether something goes there already."""
        return any(os.path.realpath(path) == os.path.realpath(each.asked) for each in self._items)

    def take(self, make: Callable[[], Made]) -> Made:
        """Make an output of some kind, and return it; from then on it is placed or discarded with the others.

        Raises
        ------
        UsageError
            If another of the outputs goes to the same place.
        """
        with undisturbed():
            item = make()
            self._items.append(item)
        refuse_repeated(each.asked for each in self._items)
        return item

    def place(self) -> None:
        """Rename all into place, or none."""
        for each in sorted(self._items, key=lambda item: isinstance(item, _Special)):
            with explained(each.asked):
                each.finish()
        begun: list[Placing] = []
        with undisturbed():
            for each in self._items:
                with explained(each.asked):
                    each.prepare(keep=len(self._items) > 1)
            try:  # nothing but renames: a kill between two of them is all that can part what belongs together
                for each in self._items:
                    begun.append(each)
                    with explained(each.asked):
                        each.place()
            except BaseException:
                for each in reversed(begun):
                    with contextlib.suppress(OSError):
                        each.undo()
                raise

    def discard(self) -> None:
        """Remove all that stands beside the targets."""
        for each in self._items:
            with contextlib.suppress(OSError, OutputError):
                each.discard()


class _Stream(io.FileIO):
    """A sibling as it is written: what goes wrong is said of the target."""

    def __init__(self, descriptor: int, asked: Path) -> None:
        super().__init__(descriptor, "wb")
        self._asked = asked

    def write(self, data: Any) -> int:
        with explained(self._asked):
            return super().write(data)


class _File:
    """A file on its way to its place."""

    def __init__(self, asked: Path, *, overwrite: bool) -> None:
        self.asked = asked
        self._target = Path(os.path.realpath(asked))
        self._may_replace = overwrite or is_own(self._target)
        self._kept: Path | None = None
        self._held: int | None = None
        self._placed = False
        with explained(asked):
            ready_folder(asked, self._target)
            sweep(self._target.parent)
            self._sibling, descriptor = new_file(self._target)
        self.stream: BinaryIO = io.BufferedWriter(_Stream(descriptor, asked))
        self._made = os.fstat(descriptor)

    def finish(self) -> None:
        self.stream.flush()
        os.fsync(self.stream.fileno())
        if not LOCKS:  # where an open file cannot be renamed
            self.stream.close()

    def prepare(self, *, keep: bool) -> None:
        old = self._target.stat() if self._target.exists() else None
        if old is not None and not self._may_replace:
            raise _exists(self.asked)
        if old is not None and keep:
            self._keep_old()
        give_access(self._sibling, old)

    def place(self) -> None:
        if self._may_replace:
            self._sibling.replace(self._target)
        else:
            try:
                rename_to_nothing(self._sibling, self._target)
            except FileExistsError:
                raise _exists(self.asked) from None
        self._placed = True

    def _keep_old(self) -> None:
        """Give what is replaced a second name, so that it can be put back; a copy where files have but one."""
        kept = hidden_name(self._target)
        self._held = hold(self._target)
        self._kept = kept
        try:
            os.link(self._target, kept)
        except OSError:
            shutil.copy2(self._target, kept)

    def undo(self) -> None:
        if not self._placed:
            return
        if self._kept is not None:
            os.replace(self._kept, self._target)
        elif os.path.samestat(self._target.stat(), self._made):
            self._target.unlink()

    def discard(self) -> None:
        with contextlib.suppress(OSError, OutputError):
            self.stream.close()
        for each in (self._sibling, self._kept):
            if each is not None:
                remove(each)
        if self._held is not None:
            os.close(self._held)
        if self._placed:
            sync_folder(self._target.parent)


class _Special:
    """What goes to a device or a named pipe: held until all of it is there, since it cannot be taken back."""

    def __init__(self, asked: Path) -> None:
        self.asked = asked
        held: Any = tempfile.TemporaryFile()  # noqa: SIM115 (`discard` closes it)
        self.stream: BinaryIO = held

    def finish(self) -> None:
        self.stream.seek(0)
        with self.asked.open("wb") as device:
            shutil.copyfileobj(self.stream, device)

    def prepare(self, *, keep: bool) -> None:
        """Do nothing: it has no name that changes."""

    def place(self) -> None:
        """Do nothing: it is there."""

    def undo(self) -> None:
        """Do nothing: it cannot be taken back."""

    def discard(self) -> None:
        self.stream.close()


def _exists(asked: Path) -> OutputError:
    return OutputError(f"'{asked}' exists already: add --overwrite to replace it.")
