"""A data set on its way to its place: its files first, then the list of them, then its name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from lcrmap.errors import FileError, OutputError
from lcrmap.io.atomic import Together
from lcrmap.io.folders import (
    PlacedFolder,
    refuse_fixed_folder,
    refuse_foreign,
    refuse_working_folder,
)
from lcrmap.io.manifest import MANIFEST, Manifest, listed_in
from lcrmap.io.runs import is_of_a_run
from lcrmap.io.siblings import begun_run, no_run
from lcrmap.io.stored_sets import (
    PlacedPrefix,
    broken_runs_in,
    refuse_prefix,
    remove_broken_runs,
)
from lcrmap.io.stores import Place
from lcrmap.io.targets import Identity, explained, identities, is_own
from lcrmap.io.writers.dataset import ROWS_PER_FILE, written_whole
from lcrmap.layers import Layer

__all__ = ["PlacedSet", "data_set_in", "put_data_set", "refuse_data_set"]


class PlacedSet(ABC):
    """A data set that is being written.

    Attributes
    ----------
    place
        Where its files go meanwhile.
    """

    def __init__(self, asked: Place, place: Place) -> None:
        self._asked, self.place = asked, place

    @abstractmethod
    def keep(self) -> None:
        """Let it stay for a later run to go on with, if anything of it is finished."""

    @abstractmethod
    def fill(self, manifest: Manifest) -> str:
        """Take the list of all files; return what is to be said when it is in place."""

    def said(self, manifest: Manifest) -> str:
        """Say what was written."""
        rows, files = sum(each.rows for each in manifest.files), len(manifest.files)
        return (
            f"Wrote {self._asked.text} ({rows:,} {'row' if rows == 1 else 'rows'} in "
            f"{files:,} {'file' if files == 1 else 'files'})."
        )


class _InFolder(PlacedSet):
    """One that is written beside its place."""

    def __init__(self, asked: Place, folder: PlacedFolder) -> None:
        super().__init__(asked, Place(asked.text, "", str(folder.made)))
        self._folder = folder

    def keep(self) -> None:
        """Let it stay for a later run to go on with, if anything of it is finished."""
        self._folder.keeps = any(self._folder.made.glob("*.tally"))

    def fill(self, manifest: Manifest) -> str:
        """Give the files their names, and write the list of them."""
        named = []
        for number, each in enumerate(manifest.files):
            name = f"part-{number:05d}.parquet"
            (self._folder.made / each.name).rename(self._folder.made / name)
            named.append(replace(each, name=name))
        for path in self._folder.made.iterdir():
            if is_of_a_run(path.name) or path.name.startswith("."):
                path.unlink()
        self._folder.fill({MANIFEST: replace(manifest, files=tuple(named)).encoded()})
        return self.said(manifest)


class _InStore(PlacedSet):
    """One whose files go to their place at once; the list of them, put last, says that they are valid."""

    def __init__(self, asked: Place, prefix: PlacedPrefix) -> None:
        super().__init__(asked, prefix.made)
        self._prefix = prefix

    def keep(self) -> None:
        """Let it stay for a later run to go on with, if anything of it is finished."""
        with suppress(FileError):  # of a store that cannot be asked, nothing can be removed either
            self._prefix.keeps = True
            self._prefix.keeps = self._prefix.finished()

    def fill(self, manifest: Manifest) -> str:
        """Take the list of the files, which have their names; they stay if it does not arrive."""
        self.keep()
        self._prefix.fill(manifest.encoded())
        return self.said(manifest)


def data_set_in(asked: Place, together: Together, *, resume: bool = False) -> PlacedSet:
    """Begin a data set among other outputs, with which it stands or falls.

    Parameters
    ----------
    resume
        Whether to go on with a run that broke off; else what such a run left is removed.

    Raises
    ------
    UsageError
        If there is no such run to go on with.
    """
    return (_in_folder if asked.local else _in_store)(asked, together, resume=resume)


def _in_folder(asked: Place, together: Together, *, resume: bool) -> _InFolder:
    folder = Path(asked.root)
    begun = begun_run(folder, asked.text, resume=resume)
    refuse = partial(refuse_data_set, asked, overwrite=together.overwrite, inputs=together.inputs)
    make = partial(PlacedFolder, folder, may_replace=refuse, begun=begun)
    return _InFolder(asked, together.take(make))


def _in_store(asked: Place, together: Together, *, resume: bool) -> _InStore:
    left = broken_runs_in(asked) if resume else []
    if resume and not left:
        raise no_run(asked.text)
    if not resume:
        remove_broken_runs(asked)
    begun = left[-1] if left else ""
    prefix = partial(PlacedPrefix, asked, overwrite=together.overwrite, begun=begun)
    return _InStore(asked, together.take(prefix))


def put_data_set(
    layer: Layer, placed: PlacedSet, record: Mapping[str, Any], *, most: int | None = None
) -> list[str]:
    """Write all rows of a layer as a data set that was begun; return what is to be said when it is in place."""
    manifest, unheld = written_whole(layer, placed.place, most or ROWS_PER_FILE)
    return [*unheld.notes, placed.fill(replace(manifest, record=record))]


def refuse_data_set(
    asked: Place,
    *,
    overwrite: bool,
    inputs: frozenset[Identity] = frozenset(),
    resume: bool = False,
) -> None:
    """Refuse a place where something else stands, or a data set that nobody said may be replaced.

    Raises
    ------
    OutputError
        If there is such a thing.
    """
    if not asked.local:
        refuse_prefix(asked, overwrite=overwrite, inputs=inputs, resume=resume)
        return
    folder = Path(asked.root)
    with explained(asked.text):
        refuse_working_folder(folder)
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"'{asked.text}' is a file: name a folder, or leave out the '/'.")
        if any(identities([each]) & inputs for each in (folder, *folder.resolve().parents)):
            raise OutputError(f"'{asked.text}' is, or lies in, what is read: name another folder.")
        if not folder.exists() or not any(folder.iterdir()):
            return
        known = _listed(asked)
        if not known:
            raise OutputError(f"'{asked.text}' is no data set of lcrmap: name another folder.")
        if not overwrite and not is_own(folder):
            raise OutputError(
                f"'{asked.text}' already holds a data set: add --overwrite to replace it."
            )
        refuse_fixed_folder(folder)
        refuse_foreign(folder, known)


def _listed(asked: Place) -> set[str]:
    try:
        return listed_in(asked, asked.files())
    except FileError:
        return set()
