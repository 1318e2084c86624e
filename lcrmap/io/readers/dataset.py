"""A data set in parts; it is never read whole."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import FileError, LcrmapError, WholeNeededError
from lcrmap.io.ahead import WORKERS, in_turn
from lcrmap.io.columns import build_frame
from lcrmap.io.crs import asked_crs
from lcrmap.io.datasets import OPENED_AT_ONCE, DataSet, end_of, footer_sha256_of, open_data_set
from lcrmap.io.parquet_file import ParquetFile
from lcrmap.io.parts import Box, Extent, PassedOver, Points, Progress, Split, Wanted, row_groups
from lcrmap.io.readers.geoparquet import ParquetRows
from lcrmap.io.reading import Asked, Reading, with_crs
from lcrmap.io.stores import Stored, is_remote
from lcrmap.io.survey import Surveyed, seen_of, surveyed_of
from lcrmap.io.tasks import Runner, in_threads

__all__ = ["survey"]

Found = TypeVar("Found", gpd.GeoDataFrame | Points | PassedOver, gpd.GeoDataFrame | Points)

_KEPT_OPEN: Final = 16
"""Of how many files the footers are held: each split of a file is read with the same one."""


def survey(
    text: str,
    asked: Asked,
    *,
    region: Box | None,
    progress: Progress,
    runner: Runner | None = None,
    hash_full: bool = False,
) -> tuple[Surveyed, DataSet]:
    """Pass over the shapes and the likely keys of all files once, as far as their footers do not tell enough.

    Parameters
    ----------
    region
        West, south, east and north of the pack's region in degrees; None if unknown.
    progress
        Told how many rows are done.
    runner
        Where the splits are looked at; None for threads of this process.
    hash_full
        Whether every byte is read and hashed, not the footers alone.

    Raises
    ------
    FileError, CRSError
        If its files are not whole, or do not agree.
    WholeNeededError
        If there is anything about it that only the whole would tell.
    """
    own_crs = not asked.crs
    data = open_data_set(
        text, own_crs=own_crs, hash_full=hash_full, runner=runner, progress=progress
    )
    rows = _Rows(data, data.crs if own_crs else asked_crs(asked.crs), own_crs=own_crs)
    splits = data.splits
    checks = PartsChecks(rows.crs, region)
    types = dict(data.types)
    seen = seen_of(
        rows,
        splits,
        types,
        checks,
        carried=data.carried,
        of_points=data.of_points,
        runner=runner or in_threads(WORKERS),
        tell=lambda done: progress(f"Reading {text}", done, data.rows),
    )
    empty, own = build_frame([], np.empty(0, dtype=object), data.crs)
    reading = Reading(empty, own | types, carried=data.carried, notes=data.notes)
    surveyed = surveyed_of(
        seen, with_crs(reading, asked.crs, f"'{text}'"), rows, splits, checks, crs=rows.crs
    )
    return surveyed, data


class _Rows(ParquetRows):
    """The rows of all files, with the columns that their folders give."""

    def __init__(self, data: DataSet, crs: pyproj.CRS | None, *, own_crs: bool) -> None:
        super().__init__(data.types, crs)
        self._gap_names = data.gaps
        self._own_crs = own_crs
        self._footers = {each.stored: each.footer_sha256 for each in data.members}
        self._values = {each.stored: each.values for each in data.members if each.values}
        self._open: OrderedDict[Stored, ParquetFile] = OrderedDict()
        self._written: dict[Stored, tuple[int, int, int]] = {}
        self._lock = Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: each for name, each in self.__dict__.items() if name not in _UNPICKLED}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._open, self._written, self._lock = OrderedDict(), {}, Lock()

    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points | PassedOver:
        """Read a split, if any of it may touch the box."""
        assert isinstance(split.file, Stored)  # noqa: S101 (all files of a data set are)
        extent = split.extent
        if extent is not None and wanted.box is not None and not extent.touches(wanted.box):
            return PassedOver(split.first, split.rows, split.rows - extent.shapes)
        if split.together:
            return self._read_together(split, wanted)
        try:
            self._forget_if_changed(split.file)
            found = super().read(split, wanted)
        except (WholeNeededError, OSError) as error:
            if isinstance(error, FileError):
                raise
            raise _broken(split, error) from None
        return self._with_values(found, split, wanted)

    def _read_together(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points:
        """Read small files as one; where one of them cannot be read, one after the other, which tells which."""
        kept = self.kept(split, wanted)
        if kept is not None:
            return kept
        names = () if wanted.points else wanted.columns
        workers = OPENED_AT_ONCE if is_remote(split.file) else 1  # there each is a wait
        files = list(in_turn(self._end_of, split.together, workers=workers))
        try:
            rows = self.file_of(split.together[0]).rows_together(files, split.first, names)
            found = self.made(rows, self.gaps(), split, wanted)
        except (LcrmapError, OSError, pa.ArrowException):
            for each in split.together:
                self.read(each, replace(wanted, box=None))
            raise
        return self._with_values(found, split, wanted)

    def _with_values(self, found: Found, split: Split, wanted: Wanted) -> Found:
        """Add the columns that folders give."""
        assert isinstance(split.file, Stored)  # noqa: S101 (all files of a data set are)
        told = self._values.get(split.file, {})
        if not told or not isinstance(found, gpd.GeoDataFrame):
            return found
        cells = {
            name: int(told[name])
            if kind == "integer"
            else pd.array([told[name]] * len(found), dtype="str")
            for name, kind in self._types.items()
            if name in told and (wanted.columns is None or name in wanted.columns)
        }
        made: Any = found.assign(**cells)
        return made  # type: ignore[no-any-return]  # geopandas says no types

    def extent(self, split: Split) -> Extent | None:
        """Return where the shapes of a split lie, for which its file is not opened again if that is known."""
        if split.extent is not None or split.together:
            return split.extent
        return super().extent(split)

    def _forget_if_changed(self, file: Stored) -> None:
        """Let go of a file of this machine that was written to, so that its end is looked at again."""
        if not file.place.local:
            return
        status = Path(file.place.root, file.key).stat()
        written = (status.st_mtime_ns, status.st_size, status.st_ino)
        with self._lock:
            if self._written.setdefault(file, written) != written:
                self._written[file] = written
                self._open.pop(file, None)

    def gaps(self) -> frozenset[str]:
        """Return those of all files."""
        return self._gap_names

    def file_of(self, split: Split) -> ParquetFile:
        """Return the file of a split; those that were last asked for are held open."""
        assert isinstance(split.file, Stored)  # noqa: S101 (all files of a data set are)
        with self._lock:
            file = self._open.get(split.file)
            if file is None:
                file = self._open[split.file] = ParquetFile(
                    split.file, own_crs=self._own_crs, checked=True, end=self._end_of(split)
                )
                if len(self._open) > _KEPT_OPEN:
                    self._open.popitem(last=False)
            self._open.move_to_end(split.file)
            return file

    def _end_of(self, split: Split) -> bytes:
        """Return the end of the file of a split, which of a small file is all of it.

        Raises
        ------
        FileError
            If it cannot be read, or is not what it was.
        """
        assert isinstance(split.file, Stored)  # noqa: S101 (all files of a data set are)
        try:
            end = end_of(split.file)
        except (FileError, OSError) as error:
            raise _broken(split, error) from None
        if footer_sha256_of(split.file, end) != self._footers[split.file]:
            raise FileError(
                f"'{split.file}' changed while it was read: let it be finished, and run this again."
            )
        return end


def _broken(split: Split, error: Exception) -> FileError:
    """Say which row groups of which file cannot be read."""
    reason = getattr(error, "strerror", None) or str(error).rstrip(".")
    reason = reason.removeprefix(f"'{split.file}' cannot be read: ")  # what a store failed at
    return FileError(f"'{split.file}' cannot be read in {row_groups(split)}: {reason}.")


_UNPICKLED: Final = ("_open", "_written", "_lock")
