"""Which texts may become the name of a file."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

__all__ = ["is_file_name", "is_plain_name", "is_relative_path"]

MOST_BYTES: Final = 255  # of a name, on every common file system
MOST_PATH_BYTES: Final = 4000

_PLAIN: Final = re.compile(r"[\w-][\w.-]{0,99}")


def is_plain_name(text: object) -> bool:
    """Tell whether files may be named after a text: letters, digits, ``-``, ``_``, ``.``, and no leading dot.

    Examples
    --------
    >>> is_plain_name("lcr-2.1"), is_plain_name("../lcr"), is_plain_name(5)
    (True, False, False)
    """
    return isinstance(text, str) and _PLAIN.fullmatch(text) is not None and is_file_name(text)


def is_file_name(text: str) -> bool:
    r"""Tell whether a text is the name of one file in a folder, and cannot lead out of it.

    Examples
    --------
    >>> is_file_name(r"100%\a b.csv"), is_file_name("a/b.csv"), is_file_name(".."), is_file_name("a\0")
    (True, False, False, False)
    """
    return text not in ("", ".", "..") and Path(text).name == text and _fits(text, MOST_BYTES)


def is_relative_path(text: str) -> bool:
    """Tell whether a text is a path that can be looked up below a folder, whether or not it stays there.

    Examples
    --------
    >>> is_relative_path("sites/a.csv"), is_relative_path("/etc/passwd"), is_relative_path("a" * 300)
    (True, False, False)
    """
    parts = Path(text).parts
    fits = all(_fits(each, MOST_BYTES) for each in parts) and _fits(text, MOST_PATH_BYTES)
    return fits and not Path(text).is_absolute()


def _fits(text: str, most: int) -> bool:
    try:
        return "\0" not in text and len(os.fsencode(text)) <= most
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
