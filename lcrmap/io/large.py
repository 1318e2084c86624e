"""Whether a file is large enough to be read in parts."""

from __future__ import annotations

from lcrmap.io.paths import files_meant, is_data_set, is_file, typed_path
from lcrmap.layers import Pack

__all__ = ["LEAST_BYTES", "MOST_HELD", "is_large", "outgrows"]

LEAST_BYTES = 8_000_000
"""A smaller file is read whole: there is neither memory nor time to be gained."""

MOST_HELD = 256_000_000
"""The bytes of what is held beside a layer in parts, by whoever works on it."""


def is_large(text: str, *, pack: Pack, least: int | None = None) -> bool:
    """Tell whether a text names a data set, or a file or a layer of one that is better read in parts."""
    if text == "-" or text in pack.names:
        return False
    if is_data_set(text):
        return True
    bound = LEAST_BYTES if least is None else least
    return any(_is_large(each, bound) for each, _ in files_meant(text))


def _is_large(name: str, least: int) -> bool:
    path = typed_path(name)
    try:
        return bool(name) and path.is_file() and path.stat().st_size >= least
    except (OSError, ValueError):
        return False


def outgrows(text: str) -> int:
    """Return how many bytes a file or a data set takes, if that is more than is held beside a layer in parts; else 0.

    Raises
    ------
    FileError
        If it is a folder that is no data set.
    """
    if is_data_set(text):
        from lcrmap.io.datasets import stored_in  # which files do without

        size = sum(each.size for each in stored_in(text))
    else:
        paths = [typed_path(name) for name, _ in files_meant(text)]
        size = max((path.stat().st_size for path in paths if is_file(path)), default=0)
    return size if size > MOST_HELD else 0
