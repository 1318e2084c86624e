"""Whether a file is large enough to be read in parts."""

from __future__ import annotations

from lcrmap.io.paths import files_meant, is_data_set, typed_path
from lcrmap.layers import Pack

__all__ = ["LEAST_BYTES", "is_large"]

LEAST_BYTES = 8_000_000
"""A smaller file is read whole: there is neither memory nor time to be gained."""


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
