"""Layers as GeoParquet 1.1, written a group of rows at a time, in their own CRS, carrying their metadata."""

from __future__ import annotations

import io
import math
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from lcrmap.errors import OutputError
from lcrmap.io.columns import free_name
from lcrmap.io.encoding import Encoder
from lcrmap.io.json_rows import carried_form, dump
from lcrmap.io.shapes import has_shapes
from lcrmap.io.unheld import Unheld, is_mixed
from lcrmap.io.values import holds_numbers, plain_value, shape_columns
from lcrmap.io.wellknown import wkb_of_points
from lcrmap.layers import Layer
from lcrmap.layers.points import point_numbers

__all__ = ["GROUP_ROWS", "Parquet", "ParquetEncoder"]

GROUP_ROWS = 65_536
"""Rows of a row group: small enough to pass over most of a file, large enough to pack well."""

_TEXT = pa.large_string()  # a group may hold more than 2 GB; in the file it is the same type
_NUMBERS = {"integer": pa.int64(), "year": pa.int64(), "number": pa.float64()}
_OBJECTS = {**_NUMBERS, "boolean": pa.bool_()}
_WORDS = {pa.int64(): "whole numbers", pa.float64(): "numbers", pa.bool_(): "truth values"}
_EDGES = ("xmin", "ymin", "xmax", "ymax")
_NAMES = (
    *("Point", "LineString", "LineString", "Polygon"),  # the third is a ring, which WKB has not
    *("MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"),
)


class ParquetEncoder:
    """GeoParquet 1.1, written as rows come; its bytes do not depend on how the rows were divided.

    Parameters
    ----------
    sink
        Where the bytes go; it is left open. A file under way is of no use to anyone: whoever owns the
        sink discards it if an exception ends the block.
    first
        Any part of the layer, even one without rows: it gives the metadata, the inputs, the CRS, and the
        names and types of the columns. Rows are written by `write` alone.
    group_rows
        Rows of a row group.
    covered
        Whether it has a covering however few its groups, as each file of a data set has.

    Notes
    -----
    The type of a column follows from its dtype and the type of its field, never from its values:

    ==================  ========================  =======================================
    dtype               type of the field         in the file
    ==================  ========================  =======================================
    truth values        any                       truth values
    numbers             integer, year             whole numbers of 64 bits
    numbers             number                    floating point of 64 bits
    numbers             any other or none         as the dtype is, in 64 bits
    Python's own        integer, year             whole numbers of 64 bits
    Python's own        number                    floating point of 64 bits
    Python's own        boolean                   truth values
    any other           any                       text; lists and objects as JSON text
    ==================  ========================  =======================================

    Missing values are gaps, infinite numbers stay what they are; an empty shape is none. A value that does not
    fit its column, such as 1.5 among whole numbers, is an error that names column, row and remedy: to
    round it or to leave it out would change the data without a word.

    So parts may differ in dtype where the field says the type: whole numbers may become floating point in
    a part with gaps. A column whose field says none must have the same dtype in every part.

    A file of more than one row group has a column ``bbox`` with the extent of each shape, named as its
    covering, by whose statistics a reader passes over groups. In a file of one group it could save
    nothing, and other readers would show it as a column; so that is left out. Which of the two it is
    depends on the number of rows alone.

    Raises
    ------
    OutputError
        If a value does not fit its column.
    ValueError
        If a part has other columns, or another CRS, than the first.
    """

    def __init__(
        self,
        sink: BinaryIO,
        first: Layer,
        *,
        group_rows: int = GROUP_ROWS,
        covered: bool = False,
    ) -> None:
        frame = first.frame
        self._always_covered = covered
        self._sink, self._group_rows = sink, group_rows
        self._carried = dump(carried_form(first))
        self._shaped = has_shapes(frame)
        self._crs = frame.crs if self._shaped else None
        self._columns = {
            name: _type(frame[name].dtype, first.field(str(name)).type)
            for name in _attributes(frame)
        }
        taken = {str(name).casefold() for name in self._columns}
        self._shape_name = free_name("geometry", taken)
        self._box_name = free_name("bbox", taken)
        self._types = {name: first.field(str(name)).type for name in self._columns}
        self.mixed: dict[str, None] = {}
        """The columns so far whose values, being of different kinds, are kept as text."""
        self._extent = _Extent()
        self._covered = False
        self._writer: pq.ParquetWriter | None = None
        self._held: list[tuple[pa.Table, Any]] = []
        self._held_rows = self._rows = 0
        self._as_text: dict[str, None] = {}

    @property
    def as_text(self) -> list[str]:
        """The columns whose numbers are written as text."""
        return list(self._as_text)

    def __enter__(self) -> ParquetEncoder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        elif self._writer is not None:
            # Else pyarrow would end the file when it collects the writer, with the sink long closed.
            self._writer.is_open = False

    def write(self, part: Layer) -> None:
        """Add the rows of a part behind those written before."""
        frame = part.frame
        if _attributes(frame) != list(self._columns) or has_shapes(frame) != self._shaped:
            raise ValueError("A part has other columns than the first.")
        if self._shaped and frame.crs is not None and frame.crs != self._crs:
            raise ValueError("A part has another coordinate reference system than the first.")
        at = 0
        while at < len(frame):
            # Only now, with a row to come, is it certain that there is more than one group.
            if self._held_rows == self._group_rows:
                self._flush(covered=True)
            piece = frame.iloc[at : at + self._group_rows - self._held_rows]
            self._hold(piece)
            at += len(piece)

    def close(self) -> None:
        """Write what is held and the end of the file."""
        writer = self._flush(covered=self._writer is not None)
        if not self._rows:
            # Arrow before version 20 cannot read a file without any group.
            writer.write_table(writer.schema.empty_table())
        metadata = {"lcrmap": self._carried}
        if self._shaped:
            metadata["geo"] = dump(self._geo())
        writer.add_key_value_metadata(metadata)
        writer.close()

    def _hold(self, piece: Any) -> None:
        cells = {}
        for name, kind in self._columns.items():
            if kind == _TEXT:
                cells[str(name)] = self._text_cells(name, piece[name])
                continue
            try:
                cells[str(name)] = _cells(piece[name], kind)
            except _MisfitError as misfit:
                row = self._rows + misfit.row + 1
                raise OutputError(
                    f"The column '{name}' is written to Parquet as {_WORDS[kind]}, and its row {row} "
                    f"holds {misfit.value!r:.60}: correct it, or write .geojson, which holds both."
                ) from None
        bounds = None
        if self._shaped:
            cells[self._shape_name], bounds, kinds = _written(piece.geometry)
            self._extent.add(bounds, kinds)
        self._held.append((pa.table(cells), bounds))
        self._held_rows += len(piece)
        self._rows += len(piece)

    def _text_cells(self, name: Any, values: pd.Series[Any]) -> pa.Array:
        """Return the values of a column of text, and keep in mind if they are more than texts."""
        if pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"):
            try:
                return _one_chunk(pa.array(values, _TEXT, from_pandas=True))
            except UnicodeEncodeError:
                pass  # half of a pair of surrogates, which has no form in UTF-8
        else:
            if str(name) not in self._as_text and holds_numbers(values):
                self._as_text[str(name)] = None
            if values.dtype == object and is_mixed(values.tolist(), self._types[name]):
                self.mixed[str(name)] = None
        return pa.array([_text(plain_value(each)) for each in values.tolist()], _TEXT)

    def _flush(self, *, covered: bool) -> pq.ParquetWriter:
        """Write the rows held as one group, whose bytes must not tell in which pieces they came."""
        if self._writer is None:
            self._writer = self._opened(covered=covered)
        if self._held:
            # Page ends would follow the ends of chunks, so the chunks are made one.
            table = pa.concat_tables([each for each, _ in self._held]).combine_chunks()
            if self._covered:
                bounds = np.concatenate([each for _, each in self._held])
                table = table.append_column(self._box_name, _boxes(bounds))
            self._writer.write_table(table, row_group_size=self._group_rows)
        self._held, self._held_rows = [], 0
        return self._writer

    def _opened(self, *, covered: bool) -> pq.ParquetWriter:
        fields = [(str(name), kind) for name, kind in self._columns.items()]
        attributes = [name for name, _ in fields]
        if self._shaped:
            fields.append((self._shape_name, pa.large_binary()))
        self._covered = (covered or self._always_covered) and self._shaped
        if self._covered:
            fields.append((self._box_name, _BOX))
        # Without Arrow's own copy of the schema: it would hide the metadata that is added at the end,
        # when the extent of the whole is known. Shapes rarely repeat, and of other values a dictionary
        # pays while it is short: names that are all different pack better without.
        return pq.ParquetWriter(
            self._sink,
            pa.schema(fields),
            compression="zstd",
            store_schema=False,
            use_dictionary=attributes,
            dictionary_pagesize_limit=65_536,
        )

    def _geo(self) -> dict[str, Any]:
        column: dict[str, Any] = {
            "encoding": "WKB",
            "crs": None if self._crs is None else _portable(self._crs.to_json_dict()),
            "geometry_types": self._extent.kinds,
        }
        if self._extent.bounds is not None:
            column["bbox"] = self._extent.bounds
        if self._covered:
            column["covering"] = {"bbox": {edge: [self._box_name, edge] for edge in _EDGES}}
        return {
            "version": "1.1.0",
            "primary_column": self._shape_name,
            "columns": {self._shape_name: column},
        }


class Parquet(Encoder):
    """GeoParquet 1.1 as bytes that are handed on as rows come; see `ParquetEncoder`."""

    title = "JSON text"
    holds_infinite = True

    def __init__(self, *, covered: bool = False) -> None:
        super().__init__()
        self._sink = io.BytesIO()
        self._covered = covered
        self._encoder: ParquetEncoder | None = None

    def part(self, layer: Layer) -> bytes:
        """Return the row groups that the next rows complete: often none, and those of earlier rows."""
        if self._encoder is None:
            self._encoder = ParquetEncoder(self._sink, layer, covered=self._covered)
        self._encoder.write(layer)
        self._count_infinite(layer)
        return self._taken()

    @property
    def unheld(self) -> Unheld:
        """What is written otherwise than it was."""
        if self._encoder is None:
            return Unheld()
        return Unheld(self._infinite, tuple(self._encoder.as_text), tuple(self._encoder.mixed))

    @property
    def notes(self) -> tuple[str, ...]:
        """What is written otherwise than it was."""
        return (*self._moved, *self.unheld.notes)

    def end(self) -> bytes:
        """Return the last row group and the end of the file; without any part there is no file."""
        if self._encoder is None:
            return b""
        self._encoder.close()
        return self._taken()

    def _taken(self) -> bytes:
        data = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return data


class _Extent:
    """Where the shapes seen so far lie, and of which kinds they are."""

    def __init__(self) -> None:
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)
        self._kinds: set[str] = set()

    def add(self, bounds: Any, kinds: set[str]) -> None:
        self._low = np.fmin(self._low, np.fmin.reduce(bounds[:, :2], initial=np.inf))
        self._high = np.fmax(self._high, np.fmax.reduce(bounds[:, 2:], initial=-np.inf))
        self._kinds |= kinds

    @property
    def kinds(self) -> list[str]:
        return sorted(self._kinds)

    @property
    def bounds(self) -> list[float] | None:
        edges = [*self._low.tolist(), *self._high.tolist()]
        return edges if all(map(math.isfinite, edges)) else None


def _written(geometry: Any) -> tuple[pa.Array, Any, set[str]]:
    """Return shapes as WKB, their extents, and of which kinds they are."""
    known = point_numbers(geometry)
    if known is not None:
        binary = wkb_of_points(*known)
        bounds = np.column_stack([*known, *known])
        bounds[binary.is_null().to_numpy(zero_copy_only=False)] = np.nan
        return binary, bounds, {"Point"} if binary.null_count < len(binary) else set()
    shapes = np.array(geometry.array, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    numbers = 2 * shapely.get_type_id(shapes) + shapely.has_z(shapes)
    found = np.unique(numbers[numbers >= 0]).tolist()
    kinds = {_NAMES[each // 2] + (" Z" if each % 2 else "") for each in found}
    binary = shapely.to_wkb(shapes, byte_order=1, flavor="iso")
    return pa.array(binary, pa.large_binary()), shapely.bounds(shapes), kinds


class _MisfitError(Exception):
    """A value that its column cannot hold, and the row in which it stands."""

    def __init__(self, row: int, value: object) -> None:
        super().__init__()
        self.row, self.value = row, value


def _attributes(frame: pd.DataFrame) -> list[Any]:
    shapes = shape_columns(frame)
    return [name for name in frame.columns if name not in shapes]


def _type(dtype: Any, described: str) -> pa.DataType:
    """Return the type of a column, by the table in `ParquetEncoder`; of categories that of their values."""
    if isinstance(dtype, pd.CategoricalDtype) and dtype.categories.dtype.kind in "biuf":
        dtype = dtype.categories.dtype
    if dtype.kind == "b":
        return pa.bool_()
    if dtype.kind in "iuf":
        return _NUMBERS.get(described, pa.float64() if dtype.kind == "f" else pa.int64())
    return (
        _OBJECTS.get(described, _TEXT)
        if isinstance(dtype, np.dtype) and dtype.kind == "O"
        else _TEXT
    )


def _cells(values: pd.Series[Any], kind: pa.DataType) -> pa.Array:
    if values.dtype.kind in "biuf":
        return _numbers(values, kind)
    return _objects(values.tolist(), kind)


def _numbers(values: pd.Series[Any], kind: pa.DataType) -> pa.Array:
    cells = pa.array(values, from_pandas=True)
    if pa.types.is_floating(cells.type):
        cells = cells.cast(pa.float64())
        cells = pc.if_else(pc.is_nan(cells), pa.scalar(None, cells.type), cells)
    if pa.types.is_boolean(kind) and not pa.types.is_boolean(cells.type):
        return _objects(values.tolist(), kind)  # Arrow would take any number for true
    try:
        return cells.cast(kind)
    except pa.ArrowInvalid:
        return _objects(values.tolist(), kind)  # which says the row


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else dump(value)
    return text.encode("utf-8", "backslashreplace").decode()


def _one_chunk(cells: Any) -> pa.Array:
    """Return the cells as one array: a column of pandas' text may itself be in chunks."""
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def _objects(values: list[Any], kind: pa.DataType) -> pa.Array:
    return pa.array([_fitting(row, each, kind) for row, each in enumerate(values)], kind)


def _fitting(row: int, value: Any, kind: pa.DataType) -> Any:
    """Return one of Python's own values as the column holds it."""
    infinite = isinstance(value, float) and math.isinf(value)
    plain = value if infinite else plain_value(value)
    if plain is None:
        return None
    if pa.types.is_boolean(kind):
        if isinstance(plain, bool):
            return plain
    elif isinstance(plain, int | float) and not isinstance(plain, bool):
        fitting = _exactly(plain, float if pa.types.is_floating(kind) else int)
        if fitting == plain and (isinstance(fitting, float) or -(2**63) <= fitting < 2**63):
            return fitting
    raise _MisfitError(row, value)


def _exactly(number: float, wanted: type[int] | type[float]) -> Any:
    try:
        return wanted(number)
    except OverflowError:  # of what is infinite, or larger than any number
        return None


_BOX = pa.struct([(edge, pa.float32()) for edge in _EDGES])


def _boxes(bounds: Any) -> pa.Array:
    """Return the extents rounded outward to half the bytes: a box may be too large, never too small."""
    edges = [_outward(np.ascontiguousarray(bounds[:, each]), up=each >= 2) for each in range(4)]
    missing = pa.array(np.isnan(bounds[:, 0]))
    return pa.StructArray.from_arrays(edges, fields=list(_BOX), mask=missing)


def _outward(edge: Any, *, up: bool) -> pa.Array:
    """Return the numbers in half the bytes, none above what it was, or with `up` none below."""
    with np.errstate(over="ignore"):  # what is beyond is infinite, which is outward too
        near = edge.astype(np.float32)
    inside = near < edge if up else near > edge
    near[inside] = np.nextafter(near[inside], np.float32(np.inf if up else -np.inf))
    return pa.array(near)


def _portable(described: dict[str, Any]) -> dict[str, Any]:
    """Return a CRS without the codes of an ensemble's members, on which older versions of PROJ fail."""
    for name, value in described.items():
        if isinstance(value, dict):
            _portable(value)
        elif name == "members" and isinstance(value, list):
            for each in value:
                each.pop("id", None)
    return described
