"""What a run keeps whose answer is put together in the end, until it is: a hidden folder beside its first output."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from lcrmap.io.atomic import Together
from lcrmap.io.siblings import begun_run, hold, new_folder, remove, sweep
from lcrmap.io.stores import Place
from lcrmap.io.targets import explained, ready_folder

__all__ = ["KeptRun", "kept_run_to"]


class KeptRun:
    """What a run keeps meanwhile.

    Attributes
    ----------
    place
        Where it is kept.
    """

    def __init__(self, folder: _Folder) -> None:
        self._folder = folder
        self.place = Place(str(folder.to), "", str(folder.asked))

    def keep(self) -> None:
        """Let it stay for a later run to go on with, if anything is finished and the output does not get there."""
        self._folder.keeps = any(self._folder.asked.glob("*.tally"))


class _Folder:
    """The folder of a run; see `lcrmap.io.atomic.Placing`: it never gets a place, and is removed when all others did.

    Parameters
    ----------
    to
        The first output.
    begun
        The folder of the run that broke off, to go on with; None to begin anew.
    """

    def __init__(self, to: Path, begun: Path | None) -> None:
        self.to, self.keeps, self._done = to, False, False
        target = Path(os.path.realpath(to))
        with explained(to):
            ready_folder(to, target)
            sweep(target.parent)
            self._made, self._held = (begun, hold(begun)) if begun else new_folder(target)

    @property
    def asked(self) -> Path:
        """Where it is."""
        return self._made

    def finish(self) -> None:
        """Do nothing: each file went to the disk when it was written."""

    def prepare(self, *, keep: bool) -> None:
        """Do nothing: it gets no name."""

    def place(self) -> None:
        """Know that it is of use no longer."""
        self._done = True

    def undo(self) -> None:
        """Know that it is of use again."""
        self._done = False

    def discard(self) -> None:
        """Remove it, unless it is to stay."""
        if self._done or not self.keeps:
            remove(self._made)
        if self._held is not None:
            os.close(self._held)


def kept_run_to(to: Path, together: Together, *, resume: bool) -> KeptRun:
    """Begin what a run keeps meanwhile; what one that broke off left is removed, unless it is gone on with.

    Raises
    ------
    UsageError
        If there is no such run to go on with.
    """
    begun = begun_run(to, str(to), resume=resume)
    return KeptRun(together.take(partial(_Folder, to, begun)))
