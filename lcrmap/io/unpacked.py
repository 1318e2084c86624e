"""How much a Parquet file unpacks to, counted before it is unpacked: a few bytes can stand for a value many times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lcrmap.errors import FileError
from lcrmap.io.stores import Stored, opened, size_of

__all__ = ["refuse_bombs"]

MOST_RATIO: Final = 200
"""How many times its own size a file may unpack to: map data pack to a tenth, a bomb to a thousandth and less."""

FREE_BYTES: Final = 1024**3
"""Less than this may have any ratio: a million empty rows pack very well."""

_CELL: Final = 8  # bytes that a cell takes at least when it is no longer packed
_TEXT: Final = "BYTE_ARRAY"
_FIXED: Final = "FIXED_LEN_BYTE_ARRAY"
# A cell begins as the one before it: seldom used, and only reading tells.
_PREFIXES: Final = "DELTA_BYTE_ARRAY"
_ROWS_AT_ONCE: Final = 64


def refuse_bombs(path: Path | Stored, meta: Any) -> None:
    """Refuse a file that unpacks to far more than it is.

    Parameters
    ----------
    meta
        What stands at the end of the file, as pyarrow reads it.

    Raises
    ------
    FileError
        If it does; the message says to how much.
    """
    packed = size_of(path)
    most = max(FREE_BYTES, MOST_RATIO * packed)
    chunks = [_Chunk(meta, group, n) for group in range(meta.num_row_groups) for n in _leaves(meta)]
    size = sum(each.least for each in chunks)
    if size <= most:
        words = [each for each in chunks if each.has_words]
        size += sum(each.cells * each.size for each in words)  # as if each cell held all of them
        if size > most:
            size = sum(each.least for each in chunks) + _spread(path, meta, words, most)
    prefixed = [each for each in chunks if each.has_prefixes]
    if prefixed and size <= most:
        size += _counted(path, meta, prefixed, most)
    if size > most:
        raise FileError(
            f"'{path}' is not read: it would unpack from {packed:,} bytes to {size:,} or more, as no map data do."
        )


class _Chunk:
    """A column of a row group, as far as its description tells of it."""

    def __init__(self, meta: Any, group: int, number: int) -> None:
        column = meta.row_group(group).column(number)
        self.group, self.path = group, column.path_in_schema
        self.cells, self.size = column.num_values, column.total_uncompressed_size
        text = column.physical_type == _TEXT
        self.has_words = text and column.has_dictionary_page
        self.has_prefixes = text and _PREFIXES in column.encodings
        # The schema is asked only for what it alone knows: it is never let go of again.
        length = meta.schema.column(number).length if column.physical_type == _FIXED else 0
        self.least = max(self.cells * max(_CELL, length), self.size)


def _leaves(meta: Any) -> range:
    return range(meta.num_columns)


def _spread(path: Path | Stored, meta: Any, words: list[_Chunk], most: int) -> int:
    """Return how many bytes the cells have for which numbers of words stand; more than `most` is not counted."""
    groups = sorted({each.group for each in words})
    named = {n: [each for each in words if each.group == n] for n in groups}
    with opened(path) as stream:
        paths = list(dict.fromkeys(each.path for each in words))
        file = pq.ParquetFile(stream, metadata=meta, read_dictionary=paths)
        longest = 0
        for group, some in named.items():
            first = next(file.iter_batches(1, row_groups=[group], columns=[e.path for e in some]))
            longest += max(each.cells for each in some) * sum(map(_longest, _coded(first.columns)))
        if longest <= most:
            return longest
        size = 0
        for group, some in named.items():
            for each in some:
                table = file.read_row_group(group, columns=[each.path])
                size += sum(map(_total, _coded(table.columns)))
                if size > most:
                    return size
    return size


def _counted(path: Path | Stored, meta: Any, chunks: list[_Chunk], most: int) -> int:
    """Return how many bytes some columns have, read a few rows at a time; more than `most` is not counted."""
    size = 0
    with opened(path) as stream:
        file = pq.ParquetFile(stream, metadata=meta)
        groups = sorted({each.group for each in chunks})
        columns = list(dict.fromkeys(each.path for each in chunks))
        for batch in file.iter_batches(_ROWS_AT_ONCE, row_groups=groups, columns=columns):
            size += batch.nbytes
            if size > most:
                break
    return size


def _coded(columns: list[Any]) -> Iterator[Any]:
    """Return the arrays in which numbers stand for words, however deep they lie."""
    for column in columns:
        for array in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
            if pa.types.is_dictionary(array.type):
                yield array
            elif pa.types.is_struct(array.type):
                yield from _coded(array.flatten())
            elif pa.types.is_map(array.type):
                yield from _coded([array.keys, array.items])
            elif pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
                yield from _coded([array.flatten()])


def _longest(array: Any) -> int:
    return pc.max(pc.binary_length(array.dictionary)).as_py() or 0


def _total(array: Any) -> int:
    lengths = pc.cast(pc.binary_length(array.dictionary), pa.int64())
    return pc.sum(lengths.take(array.indices)).as_py() or 0
