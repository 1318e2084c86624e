"""A data set on its way into an object store: its files first, under names of their run, then the list of them.

In a store nothing changes its name, and no folder changes places with another. So the list says which files are valid:
until it is put, those that stood there stay so, and from then on those that were written are.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lcrmap.errors import FileError, OutputError
from lcrmap.io.manifest import MANIFEST, listed_in
from lcrmap.io.siblings import PLAN
from lcrmap.io.stores import Place, Stored, opened, run_of
from lcrmap.io.targets import Identity

__all__ = ["PlacedPrefix", "broken_runs_in", "refuse_prefix", "remove_broken_runs"]


class PlacedPrefix:
    """What goes to a prefix of a store; see `lcrmap.io.atomic.Placing`.

    Parameters
    ----------
    to
        Where it goes.
    overwrite
        Whether a data set that is there may be replaced.
    begun
        The run that broke off, to go on with; empty to begin anew.

    Attributes
    ----------
    made
        Where its files are written.
    keeps
        Whether its files stay, if the list does not get there, for a later run to go on with.
    """

    def __init__(self, to: Place, *, overwrite: bool, begun: str = "") -> None:
        self.asked = to.text
        self.made = replace(to, run=begun or secrets.token_hex(8))
        self.keeps = False
        self._overwrite, self._resumed = overwrite, bool(begun)
        self._list = b""
        self._old: list[str] = []
        self._tried = self._placed = False

    def fill(self, listed: bytes) -> None:
        """Take the list of its files, which is put last."""
        self._list = listed

    def finish(self) -> None:
        """Do nothing: each file went into the store when it was written."""

    def prepare(self, *, keep: bool) -> None:
        """See that nothing came there meanwhile, and what is to be removed in the end."""
        others = [each for each in _there(self.made) if not self._is_own(each)]
        _refuse(self.made, others, overwrite=self._overwrite, resume=self._resumed)
        self._old = [each.key for each in others if each.key != MANIFEST]

    def place(self) -> None:
        """Put the list: from now on its files are valid."""
        self._tried = True
        self.made.put(MANIFEST, self._list)
        self._placed = True

    def undo(self) -> None:
        """Do nothing: it is the last of what is written together, and its list the last that can fail."""

    def discard(self) -> None:
        """Remove what is not valid: the files of before and those that say how far the run came, else all of it."""
        if self._placed:
            self.made.remove(self._old)
        with suppress(FileError):  # a store that fails now has failed before, which is told
            there = self.made.files()
            own = [each.key for each in there if self._is_own(each)]
            if self._placed or (self._tried and self._is_listed(there)):
                self.made.remove(each for each in own if each.startswith("_"))
            elif not self.keeps:
                self.made.remove(own)

    def finished(self) -> bool:
        """Tell whether anything of it is finished."""
        return any(self.made.unnamed(each.key).endswith(".tally") for each in self.made.files())

    def _is_own(self, file: Stored) -> bool:
        return run_of(file.key) == self.made.run

    def _is_listed(self, there: list[Stored]) -> bool:
        """Tell whether the list arrived, although the store said that it did not."""
        for each in there:
            if each.key == MANIFEST:
                with opened(each) as file:
                    return file.read() == self._list
        return False


def broken_runs_in(to: Place) -> list[str]:
    """Return the runs that broke off on their way to a prefix, and left what can be gone on with."""
    found = (run_of(each.key) for each in _there(to) if each.key.startswith(f"_{Path(PLAN).stem}-"))
    return sorted(filter(None, found))


def remove_broken_runs(to: Place) -> None:
    """Remove what runs that broke off left in a prefix; what the list of its files names stays."""
    there = _there(to)
    known = listed_in(to, there)
    to.remove(each.key for each in there if run_of(each.key) and each.key not in known)


def refuse_prefix(
    to: Place, *, overwrite: bool, inputs: frozenset[Identity], resume: bool = False
) -> None:
    """Refuse a prefix where something else is, or a data set that nobody said may be replaced.

    Raises
    ------
    OutputError
        If there is such a thing, or the store cannot be asked.
    """
    read = [each for each in inputs if isinstance(each, str)]
    if any(f"{to.address}/".startswith(f"{each}/") for each in read):
        raise OutputError(f"'{to.text}' is, or lies in, what is read: name another folder.")
    _refuse(to, _there(to), overwrite=overwrite, resume=resume)


def _refuse(to: Place, there: list[Stored], *, overwrite: bool, resume: bool) -> None:
    known = listed_in(to, there)
    foreign = [each.key for each in there if each.key not in known and not run_of(each.key)]
    if foreign:
        raise OutputError(
            f"'{to.text}' holds '{foreign[0]}', not written by lcrmap as part of a data set: name another folder."
        )
    if overwrite or not there:
        return
    if known:
        raise OutputError(f"'{to.text}' already holds a data set: add --overwrite to replace it.")
    if not resume:
        raise OutputError(
            f"'{to.text}' already holds parts of a run that did not finish: add --overwrite to replace them, or "
            f"--resume to go on."
        )


def _there(place: Place) -> list[Stored]:
    try:
        return place.files_if_any()
    except FileError as error:
        raise OutputError(str(error)) from None
