"""FlatGeobuf through GDAL, whole and in parts: as many features as its header says."""

from __future__ import annotations

import itertools
import math
import struct
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj
from pyogrio.errors import DataLayerError, DataSourceError

from lcrmap.errors import FileError, WholeNeededError
from lcrmap.io import batches
from lcrmap.io.batches import REFUSALS, BatchedRows, Schema, crs_to_use, schema_of, surveyed
from lcrmap.io.cursor import Batches, Cursor
from lcrmap.io.guard import guarded
from lcrmap.io.parts import Box, Progress, Split
from lcrmap.io.reading import Asked, Reading
from lcrmap.io.survey import Surveyed
from lcrmap.io.vectors import read_whole

__all__ = ["read", "survey"]

LEAST_BYTES: Final = 12
"""What a feature takes at least: its length, and where its table and the list of its members lie; 4 bytes each."""

_POINTS: Final = pa.array([struct.pack("<bI", 1, code) for code in (1, 4, 1001, 1004)], pa.binary())
"""How the bytes of a point, and of several in one, begin, with heights and without."""

_NO_NUMBERS: Final = struct.pack("<2d", math.nan, math.nan)


def read(path: Path, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If it is broken or cut short.
    CRSError, GeometryError
        If its CRS or a shape cannot be understood.
    """
    claimed = _claimed_count(path)
    _check_claim(path, claimed)
    reading = read_whole(path, "FlatGeobuf", f"'{path}'", asked)
    found = len(reading.frame)
    if found < claimed:
        raise FileError(
            f"'{path}' is cut short ({found} of {claimed} features): save or download it again."
        )
    return reading


def _claimed_count(path: Path) -> int:
    """Return how many features the head says that the file holds; -1 if it does not say, or cannot be read."""
    with guarded():
        try:
            return int(pyogrio.read_info(path.resolve(), force_feature_count=False)["features"])
        except (DataSourceError, DataLayerError, IndexError, UnicodeDecodeError):
            return -1


def _check_claim(path: Path, claimed: int) -> None:
    """Refuse a file that claims more features than its bytes can hold, before room is made for them."""
    size = path.stat().st_size
    if claimed > size // LEAST_BYTES:
        raise FileError(
            f"'{path}' is not whole: its head claims {claimed:,} features, for which its {size:,} bytes are too few: "
            "save or download it again."
        )


# In parts


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over a file once; see `lcrmap.io.readers.Survey`."""
    where = f"'{path.name}'"
    try:
        schema = schema_of(str(path.resolve()), f"'{path}'", own_crs=not asked.crs)
        _check_claim(path, schema.count)
        ends = [*range(0, max(0, schema.count), batches.ROWS), schema.count]
        splits = tuple(Split(path, a, b, a, b - a) for a, b in itertools.pairwise(ends))
        return surveyed(
            _Rows(path, schema, crs_to_use(schema, asked)),
            splits,
            asked,
            where,
            region=region,
            tell=lambda done: progress(f"Reading {path.name}", done, schema.count),
        )
    except REFUSALS as error:
        raise WholeNeededError(str(error)) from error


class _Rows(BatchedRows):
    """The rows of a file, which is read from its front to its back."""

    def __init__(self, path: Path, schema: Schema, crs: pyproj.CRS | None) -> None:
        super().__init__(schema, crs)
        self._path = path
        self._cursor = Cursor(self._from)

    def __getstate__(self) -> dict[str, Any]:
        return {name: each for name, each in self.__dict__.items() if name != "_cursor"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._cursor = Cursor(self._from)

    def table(self, split: Split, columns: tuple[str, ...]) -> pa.Table:
        """Return the shapes and some attributes of a split."""
        return self._cursor.take(columns, split.first, split.rows)

    def shapes(self, cells: pa.ChunkedArray) -> Any:
        """Return geometries, unless a point may have had one number and not the other."""
        if _has_half_points(cells):
            raise WholeNeededError("A point may have one number and lack the other.")
        return super().shapes(cells)

    def _from(self, columns: tuple[str, ...], first: int) -> Batches:
        return batches.batches(str(self._path.resolve()), columns, skip_features=first)


def _has_half_points(cells: pa.ChunkedArray) -> bool:
    """Tell whether a point has no number: GDAL's batches give it so too where it has one of the two, and lose that."""
    points = cells.filter(pc.is_in(pc.binary_slice(cells, 0, 5), value_set=_POINTS))
    return bool(pc.any(pc.match_substring(points, _NO_NUMBERS)).as_py())
