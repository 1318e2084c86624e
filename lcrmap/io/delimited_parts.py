"""Delimited text in parts: one pass to find what only all rows can tell, then as many as are asked for.

The types of the columns, the coordinate reference system, the key and the notes are those of the file read whole: the
same rules are applied to blocks of rows, and what they find is put together. Whatever cannot be put together, and
whatever is wrong with the file, is left to the reader that takes it whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
from pyarrow import csv as arrow_csv

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.columns import build_frame
from lcrmap.io.describing import MOST_CATEGORIES, Facts, category_candidates, key_candidates
from lcrmap.io.parts import Progress, unsaid
from lcrmap.io.positions import (
    SHOWN,
    PointColumns,
    choose_columns,
    coordinates,
    point_shapes,
    position_notes,
    system_of,
)
from lcrmap.io.readers.csv import (
    Layout,
    blank_note,
    common_kind,
    csv_options,
    kind_of,
    read_layout,
    typed_column,
)
from lcrmap.io.reading import Reading
from lcrmap.io.uniqueness import Uniqueness

__all__ = ["BLOCK", "DelimitedParts", "survey_delimited"]

BLOCK: Final = 1 << 22
"""How many bytes are read at a time: some hundred thousand rows of a few columns."""

MOST_KEPT: Final = 4_000_000
"""Of so many rows the coordinates are kept in memory: 64 MB, and a pass over the file less."""

MOST_KEPT_BYTES: Final = 64_000_000
"""Of so large a file the cells are kept too."""

_LONGEST_HEADER: Final = 1 << 20

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class _ColumnSurvey:
    """What is known of a column so far."""

    kind: str = ""
    nulls: int = 0
    values: set[Any] | None = None
    unique: Uniqueness | None = None

    def add(self, cells: pa.ChunkedArray) -> None:
        self.nulls += cells.null_count
        kind = "string" if self.kind == "string" else kind_of(cells)
        self.kind = common_kind(self.kind, kind)
        if self.values is not None and len(self.values) <= MOST_CATEGORIES:
            self.values |= set(pc.unique(cells).drop_null().to_pylist())
        if self.unique is not None:
            self.unique.add(cells.cast(pa.int64()) if kind == "integer" else cells)


@dataclass
class DelimitedParts:
    """A delimited file of which all is known but its rows.

    Attributes
    ----------
    rows, placed
        How many rows there are, and how many have both coordinates.
    reading
        Its types and notes as the whole would have them, and a frame without rows.
    facts
        What its values tell.
    """

    path: Path
    layout: Layout
    chosen: PointColumns
    system: pyproj.CRS
    quoted: bool
    block: int
    rows: int
    placed: int
    columns: dict[str, _ColumnSurvey]
    checks: PartsChecks
    kept: tuple[tuple[Floats, Floats], ...] = ()
    cells: tuple[tuple[dict[str, pa.ChunkedArray], int], ...] = ()
    notes: tuple[str, ...] = ()
    reading: Reading = field(init=False)
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        """Describe the whole, as far as no row is needed."""
        empty = pa.chunked_array([], pa.string())
        cells = dict.fromkeys(self.layout.names, empty)
        frame, types = self._frame(cells, self.layout.names, np.empty(0), np.empty(0))
        self.reading = Reading(
            frame,
            types,
            notes=self.notes,
            first_row=2,
            row_word="line",
            x=self.chosen.x,
            y=self.chosen.y,
        )
        self.facts = Facts("point" if self.placed else "none", self._is_key, self._distinct)

    def frames(
        self, names: Sequence[str] | None = None, box: Any = None
    ) -> Iterator[gpd.GeoDataFrame]:
        """Read the rows, a block at a time; all of them, as `points` does."""
        first, points = 0, self.points()
        read = [each for each in self.layout.names if names is None or each in names]
        for cells, count in self.cells or self._blocks():
            some = {name: column.slice(0, self.rows - first) for name, column in cells.items()}
            east, north = next(points)
            try:
                frame, _ = self._frame(some, read, east, north)
            except pa.ArrowException as error:  # the file is no longer what it was
                raise WholeNeededError(str(error)) from error
            frame.index = pd.RangeIndex(first, first + len(frame))
            yield frame
            first += count
            if first >= self.rows:
                return

    def points(self, box: Any = None) -> Iterator[tuple[Floats, Floats]]:
        """Return the coordinates, a block at a time: as they were kept, or read anew where they were too many.

        All of them, wherever the box: what lies where is not known before it is read.
        """
        first = 0
        for east, north in self.kept or self._numbers():
            yield east[: self.rows - first], north[: self.rows - first]
            first += len(east)
            if first >= self.rows:
                return

    def _numbers(self) -> Iterator[tuple[Floats, Floats]]:
        for cells, _ in self._blocks():
            yield coordinates(self.chosen, cells, f"'{self.path}'")

    def _frame(
        self, cells: dict[str, pa.ChunkedArray], names: Sequence[str], east: Any, north: Any
    ) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
        """Build a frame whose columns have the types of the whole, whatever these cells look like."""
        columns = [typed_column(name, cells[name], self._kind(name)) for name in names]
        frame, types = build_frame(columns, point_shapes(east, north), self.system)
        for given, name in zip(frame.columns, names, strict=False):
            survey = self.columns[name]
            if survey.nulls and survey.kind == "integer":
                frame[given] = frame[given].astype("float64")
            elif survey.nulls and survey.kind == "boolean":
                frame[given] = frame[given].astype(object)
        return frame, types

    def _kind(self, name: str) -> str:
        return self.columns[name].kind or "string"

    def _is_key(self, name: str) -> bool:
        survey = self.columns.get(name)
        if survey is None or survey.nulls or survey.unique is None:
            return False
        return survey.unique.settled(lambda: self._cells(name))

    def _cells(self, name: str) -> Iterator[pa.ChunkedArray]:
        return (cells[name] for cells, _ in self._blocks())

    def _blocks(self) -> Iterator[tuple[dict[str, pa.ChunkedArray], int]]:
        return _blocks(self.path, self.layout, self.quoted, self.block)

    def _distinct(self, name: str) -> int:
        survey = self.columns.get(name)
        return len(survey.values) if survey is not None and survey.values is not None else 0


def survey_delimited(
    path: Path,
    *,
    x: str = "",
    y: str = "",
    crs: str = "",
    region: tuple[float, float, float, float] | None = None,
    block: int = BLOCK,
    progress: Progress,
) -> DelimitedParts:
    """Pass over a delimited file once, to find what its rows can only tell together.

    Raises
    ------
    WholeNeededError
        If there is anything unusual about it: the reader that takes it whole knows what.
    """
    where = f"'{path}'"
    try:
        with path.open("rb") as file:
            head = file.read(_LONGEST_HEADER)
        text = head.decode("utf-8-sig", errors="ignore")
        layout = read_layout(text, where, tabs=path.suffix.casefold() == ".tsv")
        chosen = choose_columns(layout.names, where, x=x, y=y)
        survey = _Survey(path, layout, chosen, crs, region, quoted=_holds_quotes(path), block=block)
        return survey.made(progress)
    except (LcrmapError, pa.ArrowException) as error:
        raise WholeNeededError(str(error)) from error


class _Survey:
    """The first pass over a file."""

    def __init__(
        self,
        path: Path,
        layout: Layout,
        chosen: PointColumns,
        crs: str,
        region: Any,
        *,
        quoted: bool,
        block: int,
    ) -> None:
        self.path, self.layout, self.chosen, self.crs = path, layout, chosen, crs
        self.region, self.quoted, self.block = region, quoted, block
        self.where = f"'{path}'"
        as_text = dict.fromkeys(layout.names, "string")
        keys, kinds = key_candidates(as_text), category_candidates(as_text)
        self.columns = {
            name: _ColumnSurvey(
                values=set() if name in kinds else None,
                unique=Uniqueness() if name in keys else None,
            )
            for name in layout.names
        }
        self.rows = self.last_filled = self.placed = self.half_count = 0
        self.half: list[int] = []
        self.kept: list[tuple[Floats, Floats]] = []
        self.cells: list[tuple[dict[str, pa.ChunkedArray], int]] = []
        self.small = path.stat().st_size <= MOST_KEPT_BYTES
        self.low, self.high = np.full(2, np.inf), np.full(2, -np.inf)

    def made(self, progress: Progress) -> DelimitedParts:
        """Pass over the file, and put together what was found."""
        known = bool(self.crs or self.chosen.crs)
        checks = PartsChecks(self._system(), self.region) if known else None
        for cells, count in self._blocks(progress):
            east, north = coordinates(self.chosen, cells, self.where)
            if checks is not None:
                checks.add_points(east, north, self.rows)
            self._add(cells, count, east, north)
            self._keep(cells, count, east, north)
        if not self.last_filled:
            raise WholeNeededError("There are no rows.")
        if checks is None:  # the numbers had to tell the system first
            checks = PartsChecks(self._system(), self.region)
            before = 0
            for cells, count in self._blocks(progress):
                checks.add_points(*coordinates(self.chosen, cells, self.where), before)
                before += count
        return self._described(checks)

    def _keep(
        self, cells: dict[str, pa.ChunkedArray], count: int, east: Floats, north: Floats
    ) -> None:
        """Keep what is little enough, so that it need not be read again."""
        self.kept = [*self.kept, (east, north)] if self.rows <= MOST_KEPT else []
        if self.small:
            self.cells.append((cells, count))

    def _blocks(self, progress: Progress) -> Iterator[tuple[dict[str, pa.ChunkedArray], int]]:
        return _blocks(self.path, self.layout, self.quoted, self.block, progress)

    def _add(self, cells: dict[str, pa.ChunkedArray], count: int, east: Any, north: Any) -> None:
        with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
            list(pool.map(lambda name: self.columns[name].add(cells[name]), cells))
        half = np.flatnonzero(np.isnan(east) != np.isnan(north))
        self.half += (half[: max(0, SHOWN - len(self.half))] + self.rows).tolist()
        self.half_count += len(half)
        for at, numbers in enumerate((east, north)):
            self.low[at] = np.fmin.reduce(numbers, initial=self.low[at])
            self.high[at] = np.fmax.reduce(numbers, initial=self.high[at])
        self.placed += int((~(np.isnan(east) | np.isnan(north))).sum())
        filled = _filled(cells, count)
        self.last_filled = self.rows + filled if filled else self.last_filled
        self.rows += count

    def _system(self) -> pyproj.CRS:
        extent = np.column_stack([self.low, self.high])
        east, north = np.where(np.isfinite(extent), extent, np.nan)
        return system_of(self.chosen, self.crs, east, north, self.where)

    def _described(self, checks: PartsChecks) -> DelimitedParts:
        blank = self.rows - self.last_filled
        for each in self.columns.values():
            each.nulls -= blank
        system = self._system()
        notes = position_notes(
            self.chosen, self.crs, system, self.half, self.half_count, self.where
        )
        return DelimitedParts(
            path=self.path,
            layout=self.layout,
            chosen=self.chosen,
            system=system,
            quoted=self.quoted,
            block=self.block,
            rows=self.last_filled,
            placed=self.placed,
            columns=self.columns,
            kept=tuple(self.kept),
            cells=tuple(self.cells),
            checks=checks,
            notes=(*self.layout.notes, *blank_note(blank, self.where), *notes),
        )


def _blocks(
    path: Path, layout: Layout, quoted: bool, block: int, progress: Progress = unsaid
) -> Iterator[tuple[dict[str, pa.ChunkedArray], int]]:
    """Read blocks of rows as text, each with the number of its rows."""
    size = path.stat().st_size
    try:
        with pa.OSFile(str(path)) as source:
            options = csv_options(layout, quoted=quoted, block=block)
            with arrow_csv.open_csv(source, **options) as reader:
                for batch in reader:
                    table = pa.Table.from_batches([batch])
                    progress(f"Reading {path.name}", min(source.tell(), size), size)
                    yield dict(zip(layout.names, table.columns, strict=True)), table.num_rows
    except (pa.ArrowException, OSError) as error:
        raise WholeNeededError(str(error)) from error


def _holds_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in some for some in iter(lambda: file.read(BLOCK), b""))


def _filled(cells: dict[str, pa.ChunkedArray], count: int) -> int:
    """Return how many rows there are up to the last one that is not empty."""
    if not count or any(column[count - 1].is_valid for column in cells.values()):
        return count
    there = np.zeros(count, dtype=bool)
    for column in cells.values():
        there |= column.is_valid().to_numpy()
    rows = np.flatnonzero(there)
    return int(rows[-1]) + 1 if len(rows) else 0
