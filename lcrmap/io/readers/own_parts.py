"""Files that a run wrote itself, of rows that are handed on in the end: read again some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd

from lcrmap.io.columns import build_frame, with_gaps
from lcrmap.io.manifest import Part
from lcrmap.io.parquet_file import ROWS, ParquetFile
from lcrmap.io.stores import Place, Stored

__all__ = ["frames_in"]


def frames_in(place: Place, parts: Sequence[Part]) -> Iterator[gpd.GeoDataFrame]:
    """Yield the rows of files, some at a time; each frame has the types of all, and the rows have their numbers.

    Raises
    ------
    FileError
        If a file is not whole.
    """
    files = [ParquetFile(Stored(place, each.name, each.size)) for each in parts]
    gaps = frozenset(name for each in files for name in each.gaps)
    before = 0
    for file in files:
        for split in file.splits(ROWS):
            rows = file.rows_of(split)
            frame, _ = build_frame(rows.columns, rows.shapes, file.crs)
            frame.index = frame.index + before
            before += len(frame)
            yield with_gaps(frame, rows.columns, gaps)
