"""What Parquet says of its columns, looked through where a fault is an exception: elsewhere it ends the process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lcrmap.errors import FileError
from lcrmap.io.stores import Stored, size_of

__all__ = ["refuse_broken_columns"]


def refuse_broken_columns(path: Path | Stored, meta: Any) -> None:
    """Refuse a file in which the description of a column contradicts itself or is encrypted.

    ``meta.row_group(n).column(m)`` lets no exception of C++ through to Python, so such a column ends the process. A
    reader that is made ready for all of them looks at the same and raises; it needs none of their bytes for that.

    Parameters
    ----------
    meta
        What stands at the end of the file, as pyarrow reads it.

    Raises
    ------
    FileError
        If there is such a column; the message says what pyarrow says of it.
    """
    rows = _Unread(size_of(path))
    try:
        file = pq.ParquetFile(rows, metadata=meta, pre_buffer=True)
        groups = range(meta.num_row_groups)
        next(file.iter_batches(1, row_groups=groups, use_threads=False), None)
    except (pa.ArrowException, OSError) as error:
        if rows.asked_for:
            return  # all descriptions were looked at, and it is the rows' turn
        reason = next(iter(str(error).splitlines()), "no more is known")[:160].rstrip(".")
        raise FileError(
            f"'{path}' is not read: its columns are encrypted, or what it says of them contradicts itself: "
            f"save it anew, without encryption ({reason})."
        ) from None


class _Unread(io.RawIOBase):
    """A file of a size, of which no byte can be read; it remembers whether one was asked for."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self._at, self.asked_for = size, 0, False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Give nothing, at which pyarrow says that the file is too short.

        An exception would stay with its reader, and by its traceback whatever is at hand here: 90 kB a file.
        """
        self.asked_for = True
        return b""
