"""A text that somebody typed as a path."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

__all__ = [
    "ADDRESS",
    "SCHEMES",
    "files_meant",
    "is_address",
    "is_data_set",
    "is_file",
    "is_folder",
    "is_geodatabase",
    "is_there",
    "stays_in",
    "typed_path",
]

SCHEMES: Final = ("s3", "gs", "abfs")
"""The object stores that can be addressed."""

ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)

_MOST_COLONS = 20


def typed_path(text: str) -> Path:
    """Return the path that a text means; ``~`` is a home, where there is one of that name.

    Examples
    --------
    >>> typed_path("~$sites.csv").name
    '~$sites.csv'
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:  # a user whom nobody knows
        return Path(text)


def files_meant(text: str) -> Iterator[tuple[str, str]]:
    """Yield each name of a file that a text may begin with, and the rest: ``FILE``, then ``FILE:LAYER``.

    Examples
    --------
    >>> list(files_meant("a:b.gpkg:sites"))
    [('a:b.gpkg:sites', ''), ('a:b.gpkg', ':sites'), ('a', ':b.gpkg:sites')]
    """
    yield text, ""
    end = len(text)
    for _ in range(_MOST_COLONS):
        end = text.rfind(":", 0, end)
        if end < 0:
            return
        yield text[:end], text[end:]


def is_there(path: str | Path) -> bool:
    """Tell whether there is anything of a name, which may be one that no file can have.

    Examples
    --------
    >>> is_there("."), is_there("a" * 300)
    (True, False)
    """
    return _told(Path(path).exists)


def is_file(path: str | Path) -> bool:
    """Tell whether there is an ordinary file of a name, which may be one that no file can have."""
    return _told(Path(path).is_file)


def is_folder(path: str | Path) -> bool:
    """Tell whether there is a folder of a name, which may be one that no folder can have."""
    return _told(Path(path).is_dir)


def is_address(text: str) -> bool:
    """Tell whether a text begins as the address of an object store.

    Examples
    --------
    >>> is_address("s3://open-data/uprn/"), is_address("uprn/"), is_address("https://example.org/a")
    (True, False, False)
    """
    found = ADDRESS.match(text)
    return found is not None and found[1].lower() in SCHEMES


def is_data_set(text: str) -> bool:
    """Tell whether a text means a data set: an address, or a folder that is no other format.

    Examples
    --------
    >>> is_data_set("s3://open-data/uprn/"), is_data_set("boroughs")
    (True, False)
    """
    if is_address(text):
        return True
    from lcrmap.io.formats import suffix_format  # which help does not need

    path = typed_path(text)
    return is_folder(path) and suffix_format(path) is None


def is_geodatabase(path: Path) -> bool:
    """Tell whether there is a folder that is named as a File Geodatabase."""
    return path.name.casefold().endswith(".gdb") and is_folder(path)


def stays_in(folder: Path, name: str) -> bool:
    """Tell whether a file of a folder, and all that is read with it, lie there and not behind a link elsewhere.

    Parameters
    ----------
    name
        The bare name of the file. What shares it up to the last dot may be read with it, as the parts of a Shapefile.
    """
    stem = Path(name).stem.casefold()
    together = [each for each in folder.iterdir() if each.stem.casefold() == stem]
    home = Path(os.path.realpath(folder))  # of links in a circle, Path.resolve makes an error
    ends = (Path(os.path.realpath(each)) for each in (folder / name, *together))
    return all(each.is_relative_to(home) for each in ends)


def _told(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (
        OSError,
        ValueError,
    ):  # too long, closed to the user; with U+0000, half of a surrogate pair
        return False
