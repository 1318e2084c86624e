"""A data set on its way into an object store: its files first, under names of their run, then the list of them.

In a store nothing changes its name, and no folder changes places with another. So the list says which files are valid:
until it is put, those that stood there stay so, and from then on those that were written are.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace

from lcrmap.errors import FileError, OutputError
from lcrmap.io.manifest import MANIFEST, listed_in
from lcrmap.io.stores import Place, Stored, is_part_of_run, opened
from lcrmap.io.targets import Identity

__all__ = ["PlacedPrefix", "refuse_prefix"]


class PlacedPrefix:
    """What goes to a prefix of a store; see `lcrmap.io.atomic.Placing`.

    Parameters
    ----------
    to
        Where it goes.
    overwrite
        Whether a data set that is there may be replaced.
    inputs
        What is read.

    Attributes
    ----------
    made
        Where its files are written.
    """

    def __init__(self, to: Place, *, overwrite: bool, inputs: frozenset[Identity]) -> None:
        self.asked = to.text
        self.made = replace(to, run=secrets.token_hex(8))
        self._overwrite, self._inputs = overwrite, inputs
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
        _refuse(self.made, others, overwrite=self._overwrite)
        self._old = [each.key for each in others if each.key != MANIFEST]

    def place(self) -> None:
        """Put the list: from now on its files are valid."""
        self._tried = True
        self.made.put(MANIFEST, self._list)
        self._placed = True

    def undo(self) -> None:
        """Do nothing: a data set is written alone, and its list is the last that can fail."""

    def discard(self) -> None:
        """Remove what is not valid: the files of before, else those of this run."""
        if self._placed:
            self.made.remove(self._old)
            return
        with suppress(FileError):  # a store that fails now has failed before, which is told
            there = self.made.files()
            if not self._tried or not self._is_listed(there):
                self.made.remove(each.key for each in there if self._is_own(each))

    def _is_own(self, file: Stored) -> bool:
        return is_part_of_run(file.key) and self.made.run in file.key

    def _is_listed(self, there: list[Stored]) -> bool:
        """Tell whether the list arrived, although the store said that it did not."""
        for each in there:
            if each.key == MANIFEST:
                with opened(each) as file:
                    return file.read() == self._list
        return False


def refuse_prefix(to: Place, *, overwrite: bool, inputs: frozenset[Identity]) -> None:
    """Refuse a prefix where something else is, or a data set that nobody said may be replaced.

    Raises
    ------
    OutputError
        If there is such a thing, or the store cannot be asked.
    """
    read = [each for each in inputs if isinstance(each, str)]
    if any(f"{to.address}/".startswith(f"{each}/") for each in read):
        raise OutputError(f"'{to.text}' is, or lies in, what is read: name another folder.")
    _refuse(to, _there(to), overwrite=overwrite)


def _refuse(to: Place, there: list[Stored], *, overwrite: bool) -> None:
    if not there:
        return
    known = listed_in(to, there)
    foreign = [each.key for each in there if each.key not in known and not is_part_of_run(each.key)]
    if foreign:
        raise OutputError(
            f"'{to.text}' holds '{foreign[0]}', not written by lcrmap as part of a data set: name another folder."
        )
    if not overwrite:
        held = "a data set" if known else "parts of a run that did not finish"
        raise OutputError(f"'{to.text}' already holds {held}: add --overwrite to replace it.")


def _there(place: Place) -> list[Stored]:
    try:
        return place.files_if_any()
    except FileError as error:
        raise OutputError(str(error)) from None
