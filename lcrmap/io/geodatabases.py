"""File Geodatabases: folders of tables, looked through before GDAL opens one, with one digest for all of it."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from lcrmap.errors import FileError

__all__ = ["NEEDED", "digest_of", "tables_of"]

NEEDED: Final = re.compile(r"a[0-9a-f]{8}\.gdbtabl[ex]|gdb|timestamps", re.ASCII)
"""The files of a geodatabase that are read; its indexes and locks are not."""

MOST_FILES: Final = 20_000
MOST_BYTES: Final = 64 * 1024**3

_FIRST: Final = "a00000001.gdbtable"  # the catalogue of the others
_VERSIONS: Final = (b"\x03\x00\x00\x00", b"\x04\x00\x00\x00")


def tables_of(path: Path, where: str) -> list[Path]:
    """Return the files of a geodatabase that are read, in the order of their names.

    Parameters
    ----------
    where
        What to call it in messages.

    Raises
    ------
    FileError
        If there is a link in the folder, if it is too large, or no geodatabase.
    """
    if not path.is_dir():
        raise FileError(
            f"{where} is a file: a File Geodatabase is a folder, or a zip of one (.gdb.zip)."
        )
    found, size = [], 0
    with os.scandir(path) as entries:
        for number, each in enumerate(entries):
            if each.is_symlink():
                raise FileError(f"{where} is not read: '{each.name:.60}' in it is a link.")
            if number >= MOST_FILES:
                raise FileError(f"{where} is not read: it holds more than {MOST_FILES:,} files.")
            if NEEDED.fullmatch(each.name) and each.is_file():
                found.append(Path(each.path))
                size += each.stat().st_size
    if size > MOST_BYTES:
        raise FileError(f"{where} is not read: it has {size / 1e9:,.0f} GB.")
    _check_tables(found, where)
    return sorted(found)


def _check_tables(files: list[Path], where: str) -> None:
    """Refuse a folder whose tables do not begin as such."""
    tables = [each for each in files if each.suffix == ".gdbtable"]
    if _FIRST not in [each.name for each in tables]:
        raise FileError(
            f"{where} is no File Geodatabase, since it lacks {_FIRST}: copy the whole folder again."
        )
    for each in tables:
        with each.open("rb") as file:
            if file.read(4) not in _VERSIONS:
                raise FileError(
                    f"{where} is not read: its {each.name} does not begin as a table of a File Geodatabase does."
                )


def digest_of(files: list[Path]) -> str:
    """Return the SHA-256 of the files of a geodatabase: of each one's name and digest, in their order."""
    whole = hashlib.sha256()
    for each in files:
        with each.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{digest}  {each.name}\n".encode())
    return whole.hexdigest()
