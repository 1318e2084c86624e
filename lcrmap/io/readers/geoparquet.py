"""GeoParquet, whole and in parts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.ahead import WORKERS
from lcrmap.io.columns import build_frame, with_gaps
from lcrmap.io.crs import asked_crs
from lcrmap.io.decimals import digits_note
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.parquet_file import ROWS, ParquetFile, ReadRows
from lcrmap.io.parts import (
    Box,
    Extent,
    PassedOver,
    Points,
    Progress,
    Split,
    SplitReader,
    Wanted,
)
from lcrmap.io.reading import Asked, Reading, with_crs
from lcrmap.io.survey import Surveyed, seen_of, surveyed_of
from lcrmap.io.tasks import in_threads
from lcrmap.layers.points import xy_of

__all__ = ["ParquetRows", "read", "survey"]


def read(path: Path, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If it is truncated, claims to be huge, or says nothing of its geometry.
    CRSError
        If its CRS cannot be understood.
    """
    file = ParquetFile(path, own_crs=not asked.crs)
    rows = file.whole()
    frame, types = build_frame(rows.columns, rows.shapes, file.crs)
    fine = [
        name for name, kind in types.items() if (file.types[name], kind) == ("number", "string")
    ]
    notes = (*file.notes, *digits_note(fine, f"'{path.name}'"))
    return Reading(frame, types, carried=file.carried, notes=notes)


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over the shapes and the likely keys once, split by split; see `lcrmap.io.readers.Survey`."""
    try:
        file = ParquetFile(path, own_crs=not asked.crs)
        rows = _Rows(file, asked_crs(asked.crs) if asked.crs else file.crs)
        splits = file.splits(ROWS)
        checks = PartsChecks(rows.crs, region)
        one = any(map(file.is_divided, splits))
        seen = seen_of(
            rows,
            splits,
            file.types,
            checks,
            carried=file.carried,
            of_points=file.of_points,
            runner=in_threads(1 if one else WORKERS),
            tell=lambda done: progress(f"Reading {path.name}", done, file.rows),
        )
        empty, types = build_frame([], np.empty(0, dtype=object), file.crs)
        reading = Reading(empty, types | file.types, carried=file.carried, notes=tuple(file.notes))
        return surveyed_of(
            seen, with_crs(reading, asked.crs, f"'{path.name}'"), rows, splits, checks, crs=rows.crs
        )
    except (LcrmapError, OSError, pa.ArrowException) as error:
        raise WholeNeededError(str(error)) from error


class ParquetRows(SplitReader):
    """The rows of a file, in its own CRS or in the one that was asked for.

    Parameters
    ----------
    types
        The Frictionless type of each column, in the order of the layer; a file of it may have another order.
    """

    def __init__(self, types: Mapping[str, str], crs: pyproj.CRS | None) -> None:
        self.crs = crs
        self._types = dict(types)
        self._numbers = KeptNumbers()

    @abstractmethod
    def gaps(self) -> frozenset[str]:
        """Return the columns of whole numbers and truth values in which some row of the layer has none."""

    @abstractmethod
    def file_of(self, split: Split) -> ParquetFile:
        """Return the file in which a split stands."""

    def extent(self, split: Split) -> Extent | None:
        """Return where the shapes of a split lie; None if the covering does not tell."""
        return self.file_of(split).extent(split)

    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points | PassedOver:
        """Read a split, if any of it may touch the box."""
        file, own = self.file_of(split), replace(split, first=split.first - split.before)
        passed = file.passed_over(own, wanted.box)
        if passed is not None:
            return replace(passed, first=split.first)
        kept = self.kept(split, wanted)
        if kept is not None:
            return kept
        try:
            rows = file.rows_of(own, () if wanted.points else wanted.columns)
            gaps = self.gaps()
        except (LcrmapError, OSError, pa.ArrowException) as error:
            raise WholeNeededError(str(error)) from error
        return self.made(rows, gaps, split, wanted)

    def kept(self, split: Split, wanted: Wanted) -> Points | None:
        """Return the coordinates of a split, where these are wanted and still known."""
        found = self._numbers.of(split.first) if wanted.points else None
        return None if found is None else Points(*found, self.crs, split.first)

    def made(
        self, rows: ReadRows, gaps: frozenset[str], split: Split, wanted: Wanted
    ) -> gpd.GeoDataFrame | Points:
        """Make of the rows of a split what is wanted of it."""
        if len(rows.shapes) != split.rows:
            raise WholeNeededError("The file is no longer what it was.")
        if any(each.type != self._types[each.name] for each in rows.columns):
            raise WholeNeededError("A column holds whole numbers that its type does not.")
        x, y = xy_of(rows.shapes)
        self._numbers.keep(split.first, x, y)
        if wanted.points:
            return Points(x, y, self.crs, split.first)
        by_name = {each.name: each for each in rows.columns}
        columns = [by_name[name] for name in self._types if name in by_name]
        frame, _ = build_frame(columns, rows.shapes, self.crs)
        frame.index = pd.RangeIndex(split.first, split.first + len(frame))
        return with_gaps(frame, columns, gaps)


class _Rows(ParquetRows):
    """The rows of one file."""

    def __init__(self, file: ParquetFile, crs: pyproj.CRS | None) -> None:
        super().__init__(file.types, crs)
        self._file = file

    def file_of(self, split: Split) -> ParquetFile:
        """Return the file."""
        return self._file

    def gaps(self) -> frozenset[str]:
        """Return those of the file, for which it may have to be read."""
        return self._file.gaps
