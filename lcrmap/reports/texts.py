"""Read a page, a record or a recipe as text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lcrmap.errors import FileError, MissingFileError

__all__ = ["PAGE_REMEDY", "read_text"]

PAGE_REMEDY: Final = "make a page with 'lcrmap map -o page.html'"


def read_text(path: Path, *, remedy: str) -> str:
    """Return the text of a file, which `remedy` says how to make.

    Raises
    ------
    FileError
        If it cannot be read; MissingFileError if it is not there.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MissingFileError(f"There is no file '{path}': {remedy}.") from None
    except IsADirectoryError:
        raise FileError(
            f"'{path}' is a folder: name a page in it (a report keeps its pages in '{path / 'maps'}')."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"'{path}' cannot be read as text in UTF-8: {error}.") from error
