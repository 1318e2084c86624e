"""Find the files of a record by their SHA-256: in the folder that the user named and in the data pack, nowhere else."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lcrmap.errors import DataError, FileError, MissingFileError
from lcrmap.io.geodatabases import digest_of, tables_of
from lcrmap.io.paths import is_folder, is_geodatabase
from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Pack, open_pack
from lcrmap.layers.names import is_file_name
from lcrmap.reports.records import inputs, table

__all__ = ["Folder", "find_pack", "lay_inputs"]

MOST_FILES: Final = 20_000
MOST_BYTES: Final = 200_000_000_000  # together; some minutes of reading
_DESCRIPTOR: Final = "datapackage.json"
_REMEDY: Final = "name the folder that holds it with --inputs."


class Folder:
    """The files of a folder and of those in it, by their SHA-256; links are not followed.

    Parameters
    ----------
    path
        The folder that the user named.
    hidden
        Whether to look into folders whose names begin with a dot, such as an environment's.

    Attributes
    ----------
    unread
        How many of its files and folders cannot be read.

    Raises
    ------
    FileError
        If there is no such folder, or it holds too much to be looked through.
    """

    def __init__(self, path: Path, *, hidden: bool = True) -> None:
        self.path, self._hidden = path, hidden
        self.unread = 0
        if not is_folder(path):
            raise MissingFileError(f"There is no folder '{path}'.")
        self._geodatabases: list[Path] = []
        self._sizes = self._listed()
        self._digests: dict[Path, str] = {}

    def _listed(self) -> dict[Path, int]:
        sizes: dict[Path, int] = {}
        for number, each in enumerate(self._entries()):
            if number >= MOST_FILES:
                raise FileError(
                    f"'{self.path}' holds more than {MOST_FILES:,} files: name a smaller folder."
                )
            if each.is_file(follow_symlinks=False):
                sizes[Path(each.path)] = each.stat(follow_symlinks=False).st_size
        if sum(sizes.values()) > MOST_BYTES:
            raise FileError(
                f"'{self.path}' holds more than {MOST_BYTES / 1e9:.0f} GB: name a smaller folder."
            )
        return dict(sorted(sizes.items()))

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        folders = [os.fspath(self.path)]
        while folders:
            try:
                with os.scandir(folders.pop()) as entries:
                    for each in entries:
                        yield each
                        if each.is_dir(follow_symlinks=False) and self._is_open(each.name):
                            folders.append(each.path)
                            if is_geodatabase(Path(each.path)):
                                self._geodatabases.append(Path(each.path))
            except OSError:
                self.unread += 1

    def _is_open(self, name: str) -> bool:
        return self._hidden or not name.startswith(".")

    def __iter__(self) -> Iterator[Path]:
        return iter(self._sizes)

    def named(self, name: str) -> list[Path]:
        """Return the files of a name."""
        return [each for each in self._sizes if each.name == name]

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file; empty if it cannot be read."""
        if path not in self._digests:
            try:
                self._digests[path] = _digest(path, self._sizes[path])
            except OSError:
                self.unread += 1
                self._digests[path] = ""
        return self._digests[path]

    def by_digest(self, wanted: set[str]) -> dict[str, Path]:
        """Return the first file with each of the digests; those that no file has are left out."""
        found: dict[str, Path] = {}
        for each in self._sizes:
            if len(found) == len(wanted):
                break
            digest = self.digest(each)
            if digest in wanted:
                found.setdefault(digest, each)
        for each in sorted(self._geodatabases) if len(found) < len(wanted) else ():
            digest = self._digest_of_tables(each)
            if digest in wanted:
                found.setdefault(digest, each)
        return found

    def _digest_of_tables(self, path: Path) -> str:
        """Return the digest of a geodatabase; empty for one that is none, or cannot be read."""
        try:
            return digest_of(tables_of(path, f"'{path}'"))
        except FileError:
            return ""
        except OSError:
            self.unread += 1
            return ""

    def lacking(self) -> str:
        """Say that a file is not there, as the rest of a sentence."""
        if not self.unread:
            return f"is not in '{self.path}'"
        what = "part of it" if self.unread == 1 else f"{self.unread:,} parts of it"
        return f"is not in '{self.path}', {what} being closed to you"


def find_pack(record: Mapping[str, Any], folder: Folder | None) -> Pack:
    """Return the pack with the recorded SHA-256: out of the folder of inputs, else lcrmap's own."""
    wanted = table(record, "pack")
    digest = wanted.get("sha256", "")
    for each in folder.named(_DESCRIPTOR) if folder is not None else ():
        if digest and folder is not None and folder.digest(each) == digest:
            return open_pack(each.parent)
    own = open_pack()
    if own.sha256 == digest:
        return own
    raise DataError(
        f"The data pack '{wanted.get('name')}' (SHA-256 {digest[:12]}...) was not found: {_REMEDY}"
    )


def lay_inputs(
    record: Mapping[str, Any], pack: Pack, folder: Folder | None, work: Path
) -> dict[str, Path]:
    """Return where each recorded file is: one of the pack's, or a copy under its recorded name in the work's folder."""
    own = {_digest(each): each for each in _files_of(pack)}
    # What came through a pipe ("-") lies in no file, whatever its digest.
    recorded = [each for each in inputs(record) if each[0] != "-"]
    wanted = {digest for _, digest in recorded if digest not in own}
    found = folder.by_digest(wanted) if wanted and folder is not None else {}
    laid: dict[str, Path] = {}
    digests: dict[str, str] = {}
    for name, digest in recorded:
        _refuse(name, digest, digests)
        digests[name] = digest
        source = own.get(digest) or found.get(digest)
        if source is None:
            where = "is needed" if folder is None else folder.lacking()
            raise DataError(
                f"The input file '{name}' (SHA-256 {digest[:12]}...) {where}: {_REMEDY}"
            )
        laid[name] = source
        if digest not in own or source.name != name:  # of the pack's, somebody's own copy
            laid[name] = work / name
            _copy(source, laid[name])
    return laid


def _copy(source: Path, target: Path) -> None:
    """Copy a file, or the tables of a geodatabase."""
    if not is_geodatabase(source):
        shutil.copyfile(source, target)
        return
    target.mkdir()
    for each in tables_of(source, f"'{source}'"):
        shutil.copyfile(each, target / each.name)


def _refuse(name: str, digest: str, before: Mapping[str, str]) -> None:
    """Refuse what no file can be called, and two files of one name, which the question cannot tell apart."""
    if name.endswith("/"):
        raise DataError(
            f"It was made from the data set '{name}' (digest {digest[:12]}...), which verify does not copy: ask the "
            f"recorded question again, and compare the two."
        )
    if not is_file_name(name):
        raise DataError(f"The record names an input file '{name}', which is not a plain file name.")
    if before.get(name, digest) != digest:
        raise DataError(
            f"It was made from two files that are both called '{name}', which its record cannot tell apart: "
            f"rename one of them and make it anew."
        )


def _files_of(pack: Pack) -> list[Path]:
    paths = [pack.path(each.name) for each in pack if each.path]
    others = (*bundled_scenarios(pack).values(), *pack.tables)
    return [each for each in (*paths, *others) if each.is_file()]


def _digest(path: Path, size: int | None = None) -> str:
    """Return the SHA-256 of a file: of as many bytes as it was listed with, for some have no end."""
    with path.open("rb") as file:
        if size is None:
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        while size > 0 and (part := file.read(min(size, 1 << 20))):
            digest.update(part)
            size -= len(part)
        return digest.hexdigest()
