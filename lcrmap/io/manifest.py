"""The list of the files of a data set that lcrmap wrote: ``_lcrmap.json``, put last, says which are valid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lcrmap.errors import FileError
from lcrmap.io.json_rows import dump
from lcrmap.io.stores import Place, Stored, opened

__all__ = ["MANIFEST", "Manifest", "Part", "listed_in", "manifest_in"]

MANIFEST: Final = "_lcrmap.json"
_MOST_BYTES: Final = 64_000_000
_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a data set, as it was written."""

    name: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What lcrmap says of a data set that it wrote.

    Attributes
    ----------
    files
        Its files, in the order of the rows.
    carried
        The layer's metadata and inputs, as each file carries them.
    record
        The question that the rows answer, and the pack that it was asked of, as plain values.
    """

    files: tuple[Part, ...]
    carried: Any
    record: Any = None

    def encoded(self) -> bytes:
        """Return it as the bytes of the file."""
        files = [
            {"name": each.name, "rows": each.rows, "bytes": each.size, "sha256": each.sha256}
            for each in self.files
        ]
        form = {"lcrmap": _FORM, "rows": sum(each.rows for each in self.files), "files": files}
        return (dump({**form, "layer": self.carried, "record": self.record}) + "\n").encode()


def manifest_in(place: Place, files: Sequence[Stored]) -> Manifest | None:
    """Read the list of a data set's files; None if it has none. It is somebody's text, and believed in nothing.

    Raises
    ------
    FileError
        If it is no such list, or if it names files outside the folder.
    """
    found = next((each for each in files if each.key == MANIFEST), None)
    if found is None:
        return None
    if found.size > _MOST_BYTES:
        raise FileError(f"'{found}' has {found.size:,} bytes, and no list of files is so long.")
    try:
        with opened(found) as file:
            told = json.loads(file.read())
        form, parts = told["lcrmap"], tuple(_part(each) for each in told["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FileError(
            f"'{found}' is not the list of files that lcrmap writes: write '{place.text}' again, or remove the list."
        ) from None
    if form != _FORM:
        raise FileError(
            f"'{found}' is a list of form {form!r:.20}, and this lcrmap reads form {_FORM}: use the lcrmap that wrote "
            f"it, or write '{place.text}' again."
        )
    names = [each.name for each in parts]
    if not parts or any(not _is_inside(each) for each in names) or len(set(names)) < len(names):
        raise FileError(
            f"'{found}' names no files, one twice, or one outside the folder: write '{place.text}' again."
        )
    return Manifest(parts, told.get("layer"), told.get("record"))


def listed_in(place: Place, files: Sequence[Stored]) -> set[str]:
    """Return the names of the list of a data set and of the files on it; none if it has no list that can be read."""
    try:
        manifest = manifest_in(place, files)
    except FileError:
        return set()
    return set() if manifest is None else {MANIFEST, *(each.name for each in manifest.files)}


def _part(told: Any) -> Part:
    name, rows, size, sha256 = (told[each] for each in ("name", "rows", "bytes", "sha256"))
    if not (isinstance(name, str) and isinstance(rows, int) and isinstance(size, int)):
        raise TypeError
    return Part(name, rows, size, str(sha256))


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    return "\\" not in name and all(each not in ("", ".", "..") for each in parts)
