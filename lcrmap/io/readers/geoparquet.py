"""GeoParquet through pyarrow, whole and in parts: never by a path, and with what it says of itself checked first."""

from __future__ import annotations

import itertools
import math
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj
from pyproj.exceptions import CRSError as ProjError

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import CRSError, FileError, LcrmapError, WholeNeededError
from lcrmap.io.ahead import WORKERS
from lcrmap.io.arrow_columns import arrow_column, stored
from lcrmap.io.columns import (
    Column,
    broken_shapes,
    build_frame,
    reserved_note,
    shapes_from_wkb,
    unreserved,
    with_gaps,
)
from lcrmap.io.crs import DEGREES, asked_crs, named_crs, tidy_crs
from lcrmap.io.cursor import Batches, Cursor, from_row
from lcrmap.io.decimals import digits_note
from lcrmap.io.footers import refuse_broken_columns
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.native_shapes import fits_encoding, native_columns, native_crs, shapes_from_arrow
from lcrmap.io.nested import nested_types
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
from lcrmap.io.stores import Stored, is_remote, opened
from lcrmap.io.survey import Surveyed, seen_of, surveyed_of
from lcrmap.io.tasks import in_threads
from lcrmap.io.unheld import shapes_note
from lcrmap.io.unpacked import refuse_bombs
from lcrmap.io.wellknown import DEEPEST, nests_too_deep, points_from_wkb
from lcrmap.layers.plain import carried_values
from lcrmap.layers.points import xy_of

__all__ = ["ROWS", "ParquetFile", "ParquetRows", "ReadRows", "read", "survey"]

ROWS: Final = 65_536
"""How many rows a split has at most."""

_USUAL = ("geometry", "geom")
_EDGES = ("xmin", "ymin", "xmax", "ymax")


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
            native = {} if b"geo" in (schema.metadata or {}) else native_columns(file)
        geo = _geo(schema.metadata or {}, native, path)
        self._primary, described = _primary(geo, schema, path)
        self._encoding = str(described["encoding"])
        if own_crs and native and "crs" in described:
            told = native_crs(described["crs"], self._meta.metadata or {}, f"'{path}'")
            described = {**described, "crs": told}
        covering = _covering(described)
        self._covering = covering if len(covering) == len(_EDGES) else []
        self.rows: int = self._meta.num_rows
        counts = [self._meta.row_group(n).num_rows for n in range(self._meta.num_row_groups)]
        self._firsts = list(itertools.accumulate(counts, initial=0))
        self._cursor: Cursor | None = None
        self.crs = _crs(described, path) if own_crs else None
        self.carried = carried_values((schema.metadata or {}).get(b"lcrmap"))
        _refuse_doubled(schema.names, path)
        types: dict[str, str] = {}
        others = [each for each in geo["columns"] if each in schema.names and each != self._primary]
        self.notes: list[str] = [*shapes_note(others, f"'{path.name}'")]
        # A column is what covers shapes only if it has the parts that are said of it.
        paths = {each for column in geo["columns"].values() for each in _covering(column)}
        coverings = {each.rsplit(".", 1)[0] for each in paths & set(self._places)}
        hidden = {*geo["columns"], *coverings}
        nested = nested_types(self.carried)
        for field in schema:
            if field.name in hidden:
                continue
            kind = _type(field.type)
            if kind is None:
                said = (
                    f"The column '{field.name}' of '{path.name}' holds binary data and is left out."
                )
                self.notes.append(said)
            elif not field.name.startswith("__index_level_"):
                types[field.name] = nested.get(field.name, kind) if kind == "string" else kind
        self.notes += reserved_note(list(types), f"'{path.name}'")
        self._fields = dict(zip(unreserved(list(types)), types, strict=True))
        self.types = {name: types[field] for name, field in self._fields.items()}
        self.kinds = {
            name: _plain_kind(schema.field(field).type) for name, field in self._fields.items()
        }
        self.shapes = self._primary
        self.of_points = described.get("geometry_types") == ["Point"]
        self.layout = f"{self._encoding}, {self.types}, {schema.remove_metadata()}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_cursor": None}

    def whole(self) -> ReadRows:
        """Read all rows at once."""
        with self._opened() as file:
            table = file.read(columns=[*self._fields.values(), self._primary], use_threads=True)
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
        columns = (*self._columns(names), self._primary)
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
        columns = [*self._columns(names), self._primary]
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
        return ReadRows(first, columns, self._shapes(table.column(self._primary), first))

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
        shapes = self._statistics(group, self._primary)
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


def _covering(described: Any) -> list[str]:
    """Return the paths of xmin, ymin, xmax and ymax in the shapes' covering; none if it has none."""
    covering = described.get("covering") if isinstance(described, dict) else None
    edges = covering.get("bbox") if isinstance(covering, dict) else None
    if not isinstance(edges, dict):
        return []
    paths = [edges.get(each) for each in _EDGES]
    return [".".join(map(str, each)) for each in paths if isinstance(each, list) and len(each) == 2]


def _refuse_doubled(names: Sequence[str], path: Path | Stored) -> None:
    doubled = next((name for name, count in Counter(names).items() if count > 1), None)
    if doubled is not None:
        raise FileError(
            f"'{path}' has more than one column '{doubled:.80}': rename them so that each is unique."
        )


def _geo(
    metadata: dict[bytes, bytes], native: dict[str, Any], path: Path | Stored
) -> dict[str, Any]:
    """Return what a file says of its shapes: by GeoParquet's key, else by the types of its columns."""
    if b"geo" not in metadata and native:
        usual = [name for name in native if name in _USUAL] if len(native) > 1 else [*native]
        if len(usual) != 1:
            raise FileError(
                f"'{path}' has several columns of shapes ({', '.join(native):.80}): "
                f"call the one that is meant 'geometry'."
            )
        return {"primary_column": usual[0], "columns": native}
    geo = carried_values(metadata.get(b"geo"))
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise FileError(
            f"'{path}' is Parquet but not GeoParquet, which says what its geometry column is: "
            f"save it with geopandas or GDAL, or give lcrmap a CSV with coordinates."
        )
    return geo


def _primary(
    geo: dict[str, Any], schema: pa.Schema, path: Path | Stored
) -> tuple[str, dict[str, Any]]:
    name = geo.get("primary_column")
    described = geo["columns"].get(name) if isinstance(name, str) else None
    if not isinstance(described, dict) or schema.names.count(name) != 1:
        raise FileError(f"'{path}' does not say which of its columns is the geometry.")
    encoding = described.get("encoding")
    if encoding == "WKB" and _type(schema.field(name).type) is not None:
        encoding = schema.field(name).type
    fits = isinstance(encoding, str) and fits_encoding(encoding, schema.field(name).type)
    if encoding != "WKB" and not fits:
        raise FileError(
            f"'{path}' holds its shapes as '{encoding!s:.40}': save it with the encoding WKB."
        )
    return str(name), described


def _crs(described: dict[str, Any], path: Path | Stored) -> pyproj.CRS | None:
    """Return the CRS; a missing one means degrees, null means unknown (GeoParquet 1.1)."""
    if "crs" not in described:
        return named_crs(DEGREES)
    raw = described["crs"]
    if raw is None:
        return None
    identity = raw.get("id") if isinstance(raw, dict) else None
    if isinstance(identity, dict) and {"authority", "code"} <= set(identity):
        return named_crs(f"{identity['authority']}:{identity['code']}", where=f"'{path}'")
    try:
        if not isinstance(raw, dict):
            raise ProjError(raw)
        return tidy_crs(pyproj.CRS.from_json_dict(raw))
    except ProjError:
        raise CRSError(
            f"The coordinate reference system of '{path}' cannot be understood: say --crs EPSG:CODE."
        ) from None


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


def _plain_kind(kind: pa.DataType) -> str:
    """Return a type in words; how text is laid out in memory or packed makes no other type of it."""
    if pa.types.is_dictionary(kind):
        return _plain_kind(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "string"
    return str(kind)


def _type(kind: pa.DataType) -> str | None:
    """Return the Frictionless type of a column; None for binary data."""
    if isinstance(kind, pa.BaseExtensionType):
        return _type(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return "datetime"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_nested(kind):
        return "object" if pa.types.is_struct(kind) else "array"
    return "string"


# In parts


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over the shapes and the likely keys once, split by split, to find what rows can only tell together.

    Parameters
    ----------
    region
        West, south, east and north of the pack's region in degrees; None if unknown.
    block
        Has no meaning here.
    progress
        Told how many rows are done.

    Raises
    ------
    WholeNeededError
        If there is anything unusual about it: the reader that takes it whole knows what.
    """
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
        The Frictionless type of each column of the file.
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
        frame, _ = build_frame(rows.columns, rows.shapes, self.crs)
        frame.index = pd.RangeIndex(split.first, split.first + len(frame))
        return with_gaps(frame, rows.columns, gaps)


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
