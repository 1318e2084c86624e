"""Read a page, a record or a recipe as the bytes and the text that it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lcrmap.errors import FileError, MissingFileError

__all__ = ["PAGE_REMEDY", "RECORD", "check_file", "read_file", "read_text"]

PAGE_REMEDY: Final = "check its name, or make a page with 'lcrmap map -o page.html'"
RECORD: Final = "provenance.json"
"""The file of a report's folder that says what the report was made from."""
LARGEST: Final = 2_000_000_000  # bytes; more than any browser opens


def read_text(path: Path, *, remedy: str) -> str:
    """Return the text of a file, which `remedy` says how to make, with its line ends as they are.

    Raises
    ------
    FileError
        If it cannot be read; MissingFileError if it is not there.
    """
    try:
        return read_file(path, remedy=remedy).decode("utf-8")
    except UnicodeDecodeError:
        raise FileError(f"'{path}' is not text in UTF-8: {remedy}.") from None


def read_file(path: Path, *, remedy: str) -> bytes:
    """Return the bytes of an ordinary file; see `read_text`."""
    with _explained(path, remedy):
        _check(path, path.stat(), remedy)
        return path.read_bytes()


def check_file(path: Path, *, remedy: str) -> None:
    """Refuse what is no ordinary file, and read nothing of it; see `read_text`."""
    with _explained(path, remedy):
        _check(path, path.stat(), remedy)


@contextmanager
def _explained(path: Path, remedy: str) -> Iterator[None]:
    try:
        yield
    except FileError:
        raise
    except FileNotFoundError:
        raise MissingFileError(f"There is no file '{path}': {remedy}.") from None
    except OSError as error:
        raise FileError(f"'{path}' cannot be read: {error.strerror}.") from error
    except ValueError:  # a path with U+0000
        raise MissingFileError(f"There is no file '{path}': {remedy}.") from None


def _check(path: Path, status: os.stat_result, remedy: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileError(
            f"'{path}' is a folder: name a page in it (a report keeps its pages in '{path / 'maps'}')."
        )
    if not stat.S_ISREG(status.st_mode):
        raise FileError(f"'{path}' is not an ordinary file: {remedy}.")
    if status.st_size > LARGEST:
        raise FileError(f"'{path}' is larger than {LARGEST:,} bytes: it is not read.")
