"""A GeoParquet file through pyarrow: what it says of itself is checked first, then its rows are read, all or some."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lcrmap.errors import FileError
from lcrmap.io.arrow_columns import arrow_column, frictionless_type, kind_in_words, stored
from lcrmap.io.columns import (
    Column,
    broken_shapes,
    reserved_note,
    shapes_from_wkb,
    unreserved,
)
from lcrmap.io.cursor import Batches, Cursor, from_row
from lcrmap.io.footers import refuse_broken_columns
from lcrmap.io.geo_metadata import ShapesSaid, shapes_said
from lcrmap.io.native_shapes import shapes_from_arrow
from lcrmap.io.nested import nested_types
from lcrmap.io.parts import (
    Box,
    Extent,
    PassedOver,
    Split,
)
from lcrmap.io.stores import Stored, is_remote, opened
from lcrmap.io.unheld import shapes_note
from lcrmap.io.unpacked import refuse_bombs
from lcrmap.io.wellknown import DEEPEST, nests_too_deep, points_from_wkb
from lcrmap.layers.plain import carried_values

__all__ = ["ROWS", "ParquetFile", "ReadRows"]

ROWS: Final = 65_536
"""How many rows a split has at most."""


@dataclass(frozen=True, slots=True)
class ReadRows:
    """Rows of a file that stand one behind the other.

    Attributes
    ----------
    first
        The number of the first of them in the file, from 0.
    columns
        The attributes, by the types of the whole file.
    shapes
        An array of shapely geometries, None where there is none or an empty one.
    """

    first: int
    columns: list[Column]
    shapes: Any


class ParquetFile:
    """A GeoParquet file, with what can be known without reading its rows.

    Parameters
    ----------
    own_crs
        Whether its own CRS counts.
    checked
        Whether it was opened before, and its end is what it was.
    end
        Its last bytes, with all of the footer, where these were read already.

    Attributes
    ----------
    rows
        How many rows it has.
    types
        The Frictionless type of each attribute, as the file's schema says it: the same for every part.
    kinds
        The type of each attribute in Arrow's words, which two files of one layer have in common.
    shapes
        The name of the column of its shapes.
    layout
        What two files have in common whose rows can be read as those of one.
    of_points
        Whether all shapes are points, as the file says.
    crs
        Its CRS, or None if that is unknown or not asked for.
    carried
        lcrmap's own metadata as found, not yet believed; None if there is none.
    notes
        Sentences to be said: what is left out.

    Raises
    ------
    FileError
        If it is truncated, claims to be huge, or says nothing of its geometry.
    CRSError
        If its CRS cannot be understood.
    """

    def __init__(
        self,
        path: Path | Stored,
        *,
        own_crs: bool = True,
        checked: bool = False,
        end: bytes | None = None,
    ) -> None:
        self._path = path
        with self._opened(end) as file:
            self._meta = file.metadata
            if not checked:
                refuse_broken_columns(path, self._meta)
                refuse_bombs(path, self._meta)
            schema = file.schema_arrow
            self._places: dict[str, list[int]] = {}
            for place, leaf in enumerate(_leaves(file)):
                self._places.setdefault(leaf, []).append(place)
            said = shapes_said(file, path, own_crs=own_crs)
        _refuse_doubled(schema.names, path)
        self.shapes, self._encoding, self._covering = said.column, said.encoding, said.edges
        self.crs, self.of_points = said.crs, said.of_points
        self.rows: int = self._meta.num_rows
        counts = [self._meta.row_group(n).num_rows for n in range(self._meta.num_row_groups)]
        self._firsts = list(itertools.accumulate(counts, initial=0))
        self._cursor: Cursor | None = None
        self.carried = carried_values((schema.metadata or {}).get(b"lcrmap"))
        others = [each for each in said.every if each in schema.names and each != self.shapes]
        types, binary = self._attributes(schema, said)
        where = f"'{path.name}'"
        self.notes: list[str] = [
            *shapes_note(others, where),
            *(f"The column '{n}' of {where} holds binary data and is left out." for n in binary),
            *reserved_note(list(types), where),
        ]
        self._fields = dict(zip(unreserved(list(types)), types, strict=True))
        self.types = {name: types[field] for name, field in self._fields.items()}
        self.kinds = {
            name: kind_in_words(schema.field(field).type) for name, field in self._fields.items()
        }
        self.layout = f"{self._encoding}, {self.types}, {schema.remove_metadata()}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_cursor": None}

    def _attributes(self, schema: pa.Schema, said: ShapesSaid) -> tuple[dict[str, str], list[str]]:
        """Return the type of each attribute by its name in the file, and the names of binary columns."""
        # A column is what covers shapes only if it has the parts that are said of it.
        coverings = {each.rsplit(".", 1)[0] for each in said.coverings & set(self._places)}
        nested = nested_types(self.carried)
        types: dict[str, str] = {}
        binary: list[str] = []
        for field in schema:
            if field.name in said.every or field.name in coverings:
                continue
            kind = frictionless_type(field.type)
            if kind is None:
                binary.append(field.name)
            elif not field.name.startswith("__index_level_"):
                types[field.name] = nested.get(field.name, kind) if kind == "string" else kind
        return types, binary

    def whole(self) -> ReadRows:
        """Read all rows at once."""
        with self._opened() as file:
            table = file.read(columns=[*self._fields.values(), self.shapes], use_threads=True)
        return self._read(table, 0)

    def splits(self, size: int) -> tuple[Split, ...]:
        """Divide the rows; a file without rows has no split.

        Short row groups that follow each other go together, until an eighth of `size` is reached: a group is
        passed over with its neighbours. Long ones are divided.

        Parameters
        ----------
        size
            The most rows of a split.
        """
        found: list[Split] = []
        for group, (first, end) in enumerate(itertools.pairwise(self._firsts)):
            last, rows = found[-1] if found else None, end - first
            if last is not None and last.rows < max(1, size // 8) and last.rows + rows <= size:
                found[-1] = replace(last, end=group + 1, rows=last.rows + rows)
                continue
            pieces = max(1, -(-rows // size))
            found += [
                Split(self._path, group, group + 1, first + at, min(-(-rows // pieces), rows - at))
                for at in range(0, rows, max(1, -(-rows // pieces)))
            ]
        return tuple(
            each if self.is_divided(each) else replace(each, extent=self.extent(each))
            for each in found
        )

    def rows_of(self, split: Split, names: Collection[str] | None = None) -> ReadRows:
        """Read the rows of a split.

        Parameters
        ----------
        names
            The attributes to read, besides the shapes; None for all.
        """
        columns = (*self._columns(names), self.shapes)
        if self.is_divided(split):
            # Made when it is needed: it holds the file, which holds it, and nobody looks for circles among objects.
            self._cursor = self._cursor or Cursor(self._batches)
            table = self._cursor.take((split.start, columns), split.first, split.rows)
        else:
            with self._opened() as file:
                groups = list(range(split.start, split.end))
                table = file.read_row_groups(groups, columns=list(columns))
        return self._read(table, split.first)

    def rows_together(
        self, files: Iterable[bytes], first: int, names: Collection[str] | None = None
    ) -> ReadRows:
        """Read all rows of several small files of its layout, given by their bytes.

        Parameters
        ----------
        first
            The number of the first row.
        names
            As for `rows_of`.
        """
        columns = [*self._columns(names), self.shapes]
        tables = (
            pq.ParquetFile(pa.BufferReader(each)).read(columns=columns, use_threads=False)
            for each in files
        )
        return self._read(pa.concat_tables(tables), first)

    def _columns(self, names: Collection[str] | None) -> list[str]:
        return [self._fields[name] for name in self.types if names is None or name in names]

    def passed_over(self, split: Split, box: Box | None) -> PassedOver | None:
        """Return how many rows need not be read, since none of them touches a box; None if they must be.

        Parameters
        ----------
        box
            West, south, east and north in the file's own CRS. A row group that cannot touch it, by the
            statistics of the column that the file names as the covering of its shapes, is passed over; so
            is one in which no row has a shape. A group whose statistics are missing or leave a doubt is
            read, and what is read may lie beyond the box.

        Notes
        -----
        The file is believed, as GDAL and DuckDB do: if its covering does not cover its shapes, rows that
        touch the box may be passed over. An empty shape that the covering does not count as missing is
        counted as a shape in what is passed over.
        """
        if box is None:
            return None
        bare = 0
        for group in range(split.start, split.end):
            found = self._beyond(group, box)
            rows = self._firsts[group + 1] - self._firsts[group]
            if found is None or (0 < found < rows and self.is_divided(split)):
                return None
            bare += found
        return PassedOver(split.first, split.rows, min(bare, split.rows))

    def extent(self, split: Split) -> Extent | None:
        """Return where the shapes of a split lie, by the covering; see `passed_over` on how far it is believed."""
        every = [self._extent(group) for group in range(split.start, split.end)]
        known = [each for each in every if each is not None]
        if len(known) < len(every):
            return None
        found = sum(known, Extent(None, 0))
        # Of a piece of a group it is not known which rows lack a shape: it has so many at least.
        elsewhere = self._firsts[split.end] - self._firsts[split.start] - split.rows
        return replace(found, shapes=max(0, found.shapes - elsewhere))

    @cached_property
    def gaps(self) -> frozenset[str]:
        """The columns of whole numbers and truth values in which some row of the file has none.

        `lcrmap.io.columns.build_frame` gives such a column another dtype than one without gaps, so that
        parts need to know. It is told by the statistics; where they are missing the column is read.
        """
        return frozenset(
            name
            for name, kind in self.types.items()
            if kind in ("integer", "boolean") and self._has_gaps(self._fields[name])
        )

    @contextmanager
    def _opened(self, end: bytes | None = None) -> Iterator[pq.ParquetFile]:
        try:
            with opened(self._path) if end is None else pa.BufferReader(end) as stream:
                yield pq.ParquetFile(
                    stream,
                    metadata=getattr(self, "_meta", None),
                    # There each piece is a question of its own.
                    pre_buffer=end is None and is_remote(self._path),
                )
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            reason = next(iter(str(error).splitlines()), "no more is known")[:160].rstrip(".")
            raise FileError(
                f"'{self._path}' is not a whole Parquet file: save or download it again ({reason})."
            ) from None
        except UnicodeDecodeError:
            raise FileError(
                f"'{self._path}' has names that are not UTF-8: save or download it again."
            ) from None

    def _read(self, table: pa.Table, first: int) -> ReadRows:
        read = set(table.column_names)
        columns = [
            self._column(name, table.column(field))
            for name, field in self._fields.items()
            if field in read
        ]
        return ReadRows(first, columns, self._shapes(table.column(self.shapes), first))

    def _shapes(self, cells: pa.ChunkedArray, first: int) -> Any:
        if self._encoding == "WKB":
            return _shapes(cells, self._path, first)
        shapes, broken = shapes_from_arrow(cells, self._encoding)
        if broken:
            raise broken_shapes([first + row for row in broken], f"'{self._path}'")
        return shapes

    def _column(self, name: str, cells: pa.ChunkedArray) -> Column:
        where = f"The column '{name:.80}' of '{self._path}'"
        try:
            return arrow_column(name, self.types[name], cells)
        except UnicodeDecodeError:
            raise FileError(
                f"{where} holds text that is not in UTF-8: write it again with the encoding UTF-8."
            ) from None
        except (OverflowError, ValueError, pa.ArrowException):
            raise FileError(
                f"{where} holds dates or times that no calendar of the years 1 to 9999 has, or in a time zone "
                f"that is not known: correct them, or write them as text."
            ) from None

    def is_divided(self, split: Split) -> bool:
        """Tell whether a split is a piece of a row group, which is read from its front to its back."""
        return bool(split.rows < self._firsts[split.end] - self._firsts[split.start])

    def _batches(self, what: tuple[int, tuple[str, ...]], first: int) -> Batches:
        """Read some columns of a row group from a row on."""
        group, columns = what
        with self._opened() as file:
            every = file.iter_batches(row_groups=[group], columns=list(columns))
            yield from from_row(every, first - self._firsts[group])

    def _beyond(self, group: int, box: Box) -> int | None:
        """Return how many rows without a shape a group has that need not be read; None if it must be."""
        extent = self._extent(group)
        if extent is None or extent.touches(box):
            return None
        return int(self._meta.row_group(group).num_rows - extent.shapes)

    def _extent(self, group: int) -> Extent | None:
        """Return where the shapes of a group lie; None if its statistics are missing or leave a doubt."""
        shapes = self._statistics(group, self.shapes)
        if shapes is None or not shapes.has_null_count:
            return None
        there = int(self._meta.row_group(group).num_rows - shapes.null_count)
        if not there:
            return Extent(None, 0)
        edges = [self._statistics(group, each) for each in self._covering]
        # By identity: pyarrow's comparison of statistics with None ends the process.
        if not edges or any(each is None for each in edges):
            return None
        # Else some shapes have no extent, or the other way round: empty ones, say, of which we count none.
        if any(not e.has_null_count or e.null_count != shapes.null_count for e in edges):
            return None
        box = _box(edges)
        return None if box is None else Extent(box, there)

    def _has_gaps(self, name: str) -> bool:
        groups = range(self._meta.num_row_groups)
        told = [self._statistics(group, name) for group in groups]
        if any(each is not None and each.has_null_count and each.null_count for each in told):
            return True
        unknown = [n for n in groups if told[n] is None or not told[n].has_null_count]
        if not unknown:
            return False
        with self._opened() as file:
            batches = file.iter_batches(row_groups=unknown, columns=[name])
            return any(batch.column(name).null_count for batch in batches)

    def _statistics(self, group: int, leaf: str) -> Any:
        """Return the statistics of a column that is not nested, or of a part of one; None if unknown."""
        places = self._places.get(leaf, ())
        return (
            self._meta.row_group(group).column(places[0]).statistics if len(places) == 1 else None
        )


def _box(edges: Sequence[Any]) -> Box | None:
    """Return the box that the statistics of xmin, ymin, xmax and ymax tell; None if they leave a doubt."""
    low, high = [each.min for each in edges], [each.max for each in edges]
    numbers = [*low, *high]
    if not all(isinstance(each, float) and math.isfinite(each) for each in numbers):
        return None
    if any(low[n] > low[n + 2] or high[n] > high[n + 2] for n in (0, 1)):
        return None  # a shape over the 180th meridian: its xmin is beyond its xmax
    return low[0], low[1], high[2], high[3]


def _leaves(file: pq.ParquetFile) -> list[str]:
    """Return the paths of all columns that are not nested, and of the parts of those that are.

    They are told by a row group, if there is one: the schema of Parquet and what stands at the file's end name each
    other, so that nobody lets go of either, which comes to 35 kB a file.
    """
    meta = file.metadata
    if not meta.num_row_groups:
        return [file.schema.column(place).path for place in range(meta.num_columns)]
    group = meta.row_group(0)
    return [group.column(place).path_in_schema for place in range(meta.num_columns)]


def _refuse_doubled(names: Sequence[str], path: Path | Stored) -> None:
    doubled = next((name for name, count in Counter(names).items() if count > 1), None)
    if doubled is not None:
        raise FileError(
            f"'{path}' has more than one column '{doubled:.80}': rename them so that each is unique."
        )


def _shapes(cells: pa.ChunkedArray, path: Path | Stored, first: int) -> Any:
    binary = stored(cells)
    points = points_from_wkb(binary)
    if points is not None:
        return points
    values = binary.to_numpy()
    # What is shorter cannot nest so deep, and looking at each would take as long as reading it.
    long = pc.fill_null(pc.greater_equal(pc.binary_length(binary), DEEPEST * 9), False)
    for row in np.flatnonzero(long.to_numpy()).tolist():
        if nests_too_deep(values[row]):
            raise FileError(
                f"Feature {first + row + 1} of '{path}' nests collections too deep to be read."
            )
    shapes, broken = shapes_from_wkb(values)
    if broken:
        raise broken_shapes([first + row for row in broken], f"'{path}'")
    return shapes
