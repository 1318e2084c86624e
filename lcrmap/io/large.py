"""Whether a file is large enough to be read in parts."""

from __future__ import annotations

from pathlib import Path

from lcrmap.layers import Pack

__all__ = ["LEAST_BYTES", "is_large"]

LEAST_BYTES = 8_000_000
"""A smaller file is read whole: there is neither memory nor time to be gained."""


def is_large(text: str, *, pack: Pack, least: int | None = None) -> bool:
    """Tell whether a text names a file that is better read in parts."""
    if text == "-" or text in pack.names:
        return False
    path = Path(text).expanduser()
    try:
        return path.is_file() and path.stat().st_size >= (LEAST_BYTES if least is None else least)
    except (OSError, ValueError):
        return False
