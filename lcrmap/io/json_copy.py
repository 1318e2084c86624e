"""JSON that has been looked through, given to GDAL as a copy beside which nothing lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lcrmap.errors import FileError
from lcrmap.io.json_text import too_deep
from lcrmap.io.siblings import temporary_folder

__all__ = ["lone_copy"]


@contextmanager
def lone_copy(value: dict[str, Any], where: str, suffix: str) -> Iterator[Path]:
    """Write an object as a file, alone in a folder, for as long as the block lasts.

    Raises
    ------
    FileError
        If a number in it is not finite, or it nests too deep.
    """
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        raise FileError(f"{where} holds a number that is not finite: correct it.") from None
    except RecursionError:
        raise FileError(too_deep(where)) from None
    with temporary_folder() as folder:
        copy = folder / f"layer{suffix}"
        copy.write_text(text, encoding="utf-8")
        yield copy
