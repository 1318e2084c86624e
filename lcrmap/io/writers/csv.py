"""Layers as CSV, with their metadata beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from lcrmap.checks.formulas import needs_guard
from lcrmap.errors import OutputError, WholeNeededError
from lcrmap.io.encoding import Encoder
from lcrmap.io.shapes import SAME_PLACE, has_shapes, in_degrees, lon_lat, states_positions
from lcrmap.io.telling_apart import told_apart
from lcrmap.io.texts import lines_of, number_texts, text_column
from lcrmap.io.untyped import Untyped
from lcrmap.io.values import ROW, cell_text, columns_of, shape_columns
from lcrmap.layers import Layer
from lcrmap.layers.points import is_placed, point_numbers

__all__ = ["Csv", "csv_metadata"]

LONGITUDE, LATITUDE = "longitude", "latitude"
_OWN = (LONGITUDE, LATITUDE)
_RULE = "Columns of a CSV have names without spaces around them, each another"

# What stands last is a mark at the head of a file, and no text.
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\ufeff')
_ROWS_AT_ONCE = 1 << 17
_HARMLESS = r"^('*[A-Za-z0-9(\"]|$)"  # how a text that can be no formula begins
_NEAR = 1e-3  # degrees: about 100 m
_CSVW_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean"}


class Csv(Encoder):
    """CSV in UTF-8 with LF line ends.

    Points become the columns ``longitude`` and ``latitude`` in degrees, unless the table has them; a table
    without any column numbers its rows. A text that a spreadsheet would run as a formula gets an apostrophe
    before it, which reading the file takes off again; numbers never do, as numbers or as text. A text with NUL,
    by which readers tell binary data, is refused.
    """

    title = "CSV"

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        """The names of its columns, known from the first part on."""
        self._begun = self._positions = False
        self._empty: Layer | None = None
        self._heads: list[str] = []
        self._untyped = Untyped()
        self._apart: tuple[str, ...] = ()
        self._guarded = self._heights = self._rows = self._lost = self._shapes = 0
        self._elsewhere = self._rounded = 0

    def part(self, layer: Layer) -> bytes:
        """Return the next lines, the header before the first part."""
        if not self._begun and len(layer.frame) == 0:
            self._empty = layer  # rows decide of what columns there are
            return b""
        layer = self._told_apart(layer)
        self._heights += _heights(layer)
        self._count_infinite(layer)
        self._count_measures(layer)
        adds = _adds_positions(layer)
        elsewhere, rounded = _elsewhere(layer, adds=adds)
        self._elsewhere += elsewhere
        self._rounded += rounded
        if self._begun and adds and not self._positions:
            raise WholeNeededError("Only later rows need the columns longitude and latitude.")
        head = b"" if self._begun else self._header(layer, positions=adds)
        data, guarded, moved = self._lines(layer)
        self._moved = self._moved or moved
        self._guarded += guarded
        self._rows += len(layer.frame)
        self._lost += _left_out(layer)
        self._shapes += layer.placed if has_shapes(layer.frame) else 0
        if b"\x00" in head or b"\x00" in data:
            raise _holds_nul(layer)
        return head + data

    def end(self) -> bytes:
        """Return the header, if no row has come."""
        if self._begun or self._empty is None:
            return b""
        return self._header(self._told_apart(self._empty), positions=False)

    def _told_apart(self, layer: Layer) -> Layer:
        layer, self._apart = told_apart(
            _single_points(layer), str.strip, _RULE, bare=str.strip, reserved=_OWN
        )
        return layer

    def _header(self, layer: Layer, *, positions: bool) -> bytes:
        self._begun, self._positions = True, positions
        self.names = _names(layer, positions=positions)
        self._heads = [each for each in self.names if needs_guard(each)]
        guarded = [f"'{each}" if each in self._heads else each for each in self.names]
        return _line(guarded).encode("utf-8", "backslashreplace")

    def _lines(self, layer: Layer) -> tuple[bytes, int, tuple[str, ...]]:
        """Return the lines of the next rows, how many texts were guarded, and what to say of the positions."""
        texts, notes = _texts(layer, positions=self._positions)
        self._untyped.look(layer.frame, {name: each and each[0] for name, each in texts.items()})
        if not _table_names(layer):
            numbers = np.arange(self._rows + 1, self._rows + len(layer.frame) + 1)
            texts = {ROW: (pa.array(numbers).cast(pa.large_string()), False), **texts}
        if any(each is None for each in texts.values()):
            return *_by_cell(_cells(layer, positions=self._positions)), notes
        return *_by_column(texts), notes

    @property
    def notes(self) -> tuple[str, ...]:
        """What was transformed, left out and guarded, and what is read from it otherwise."""
        notes = [*super().notes, *self._apart]
        if self._heights:
            those = "those of" if self._heights > 1 else "that of"
            notes.append(
                f"CSV holds no heights, so {those} {self._heights:,} of {self._rows:,} positions "
                f"{'is' if self._heights == 1 else 'are'} left out: .geojson, .gpkg and .parquet keep them."
            )
        if self._lost:
            notes.append(
                f"CSV holds no lines or areas, so {self._lost:,} of {self._shapes:,} "
                f"{'shape is' if self._shapes == 1 else 'shapes are'} left out: "
                f".geojson, .gpkg and .parquet keep them."
            )
        if self._elsewhere:
            notes.append(
                f"The columns longitude and latitude are the layer's own, and in {self._elsewhere:,} of {self._rows:,} "
                f"rows not the position, which the CSV lacks: .geojson, .gpkg and .parquet keep both."
            )
        if self._rounded:
            which = "the position is written" if self._positions else "they are written"
            notes.append(
                f"The layer's own columns longitude and latitude are up to {_NEAR} degrees off the position in "
                f"{self._rounded:,} of {self._rows:,} rows; {which}: .geojson, .gpkg and .parquet keep both."
            )
        if self._guarded:
            cells_word = "cell" if self._guarded == 1 else "cells"
            notes.append(
                f"{self._guarded} text {cells_word} of the CSV would run as a formula in a spreadsheet "
                f"and got an apostrophe in front."
            )
        if self._heads:
            names = "column name" if len(self._heads) == 1 else "column names"
            notes.append(
                f"{len(self._heads):,} {names} of the CSV would run as a formula in a spreadsheet and got an "
                f"apostrophe in front: {', '.join(repr(each) for each in self._heads[:3])}."
            )
        return (*notes, *self._untyped.notes)


def _holds_nul(layer: Layer) -> OutputError:
    columns = columns_of(layer.frame, layer.metadata)
    found = (
        name
        for name, values in columns.items()
        if "\x00" in name or any("\x00" in cell_text(each) for each in values)
    )
    return OutputError(
        f"The column {next(found, '')!r:.80} holds the character U+0000, which CSV cannot keep: "
        f"take it out, or write .geojson or .parquet."
    )


def _by_column(texts: dict[str, Any]) -> tuple[bytes, int]:
    """Return the lines and how many texts were guarded, by columns and many rows at a time."""
    columns = list(texts.values())

    def part(start: int) -> tuple[bytes, int]:
        some = [(text.slice(start, _ROWS_AT_ONCE), could_run) for text, could_run in columns]
        guarded = [_guarded(text) if could_run else (text, 0) for text, could_run in some]
        bare = {at for at, (_, could_run) in enumerate(some) if not could_run}
        return lines_of([text for text, _ in guarded], bare=bare), sum(n for _, n in guarded)

    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        parts = list(pool.map(part, range(0, len(columns[0][0]), _ROWS_AT_ONCE)))
    return b"".join(each for each, _ in parts), sum(count for _, count in parts)


def _guarded(texts: Any) -> tuple[Any, int]:
    """Put an apostrophe before the texts that a spreadsheet would run, and count them."""
    doubtful = pc.invert(pc.match_substring_regex(texts, _HARMLESS))
    rows = np.flatnonzero(doubtful.to_numpy(zero_copy_only=False))
    risky = [row for row in rows.tolist() if needs_guard(texts[row].as_py())]
    if not risky:
        return texts, 0
    mask = np.zeros(len(texts), dtype=bool)
    mask[risky] = True
    changed = pa.array([f"'{texts[row].as_py()}" for row in risky], pa.large_string())
    return pc.replace_with_mask(texts, pa.array(mask), changed), len(risky)


def _by_cell(columns: dict[str, list[Any]]) -> tuple[bytes, int]:
    """Do the same cell by cell, for what no column of UTF-8 can hold."""
    guarded = 0
    cells = []
    for values in columns.values():
        texts = [cell_text(each) for each in values]
        risky = [
            isinstance(v, str | list | dict) and needs_guard(t)
            for v, t in zip(values, texts, strict=True)
        ]
        guarded += sum(risky)
        cells.append([f"'{t}" if risk else t for t, risk in zip(texts, risky, strict=True)])
    text = "".join(_line(row) for row in zip(*cells, strict=True))
    return text.encode("utf-8", "backslashreplace"), guarded


def csv_metadata(layer: Layer, name: str, columns: Sequence[str]) -> bytes:
    """Return the description of a CSV file, in the form that "CSV on the Web" gives it.

    Parameters
    ----------
    name
        The bare name of the CSV file that it describes.
    columns
        The names of its columns.
    """
    metadata = layer.metadata
    described = []
    for column in columns:
        field = layer.field(column)
        entry: dict[str, Any] = {"name": column, "titles": [column]}
        if column in (LONGITUDE, LATITUDE) and not metadata.has_field(column):
            field_type, text = "number", "Degrees on WGS 84"
        else:
            field_type, text = field.type, field.description or field.title
        entry["datatype"] = _CSVW_TYPES.get(field_type, "string")
        entry["dc:description"] = text
        if field.unit:
            entry["schema:unitText"] = field.unit
        described.append(entry)
    whole: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:title": metadata.title,
        "dc:description": metadata.description,
        "dc:source": [" ".join(filter(None, (s.title, s.url))) for s in metadata.sources],
        "dc:license": [" ".join(filter(None, (s.title, s.url))) for s in metadata.licences],
        "dc:rights": metadata.credit,
        "dc:date": metadata.as_of,
        "dc:provenance": [f"{each.name} (SHA-256 {each.sha256})" for each in layer.inputs],
        "tableSchema": {"columns": described},
    }
    if layer.key:
        whole["tableSchema"]["primaryKey"] = layer.key
    kept = {key: value for key, value in whole.items() if value not in ("", [])}
    return (json.dumps(kept, ensure_ascii=True, indent=2) + "\n").encode()


def _names(layer: Layer, *, positions: bool) -> list[str]:
    """Return the names of the columns of a CSV."""
    names = _table_names(layer) or [ROW]
    return [*dict.fromkeys([*names, LONGITUDE, LATITUDE])] if positions else names


def _table_names(layer: Layer) -> list[str]:
    shapes = shape_columns(layer.frame)
    return [str(each) for each in layer.frame.columns if each not in shapes]


def _adds_positions(layer: Layer) -> bool:
    """Tell whether the points need columns of their own."""
    frame, names = layer.frame, _table_names(layer)
    if not has_shapes(frame) or (LONGITUDE in names and LATITUDE in names):
        return False
    return bool(_is_point(frame).any()) and not states_positions(layer)


def _elsewhere(layer: Layer, *, adds: bool) -> tuple[int, int]:
    """Return in how many rows the layer's own longitude and latitude are not the position, and are it about.

    Raises
    ------
    OutputError
        If it has one of the two, and positions are to be written under its name.
    """
    frame, names = layer.frame, _table_names(layer)
    own = [each for each in (LONGITUDE, LATITUDE) if each in names]
    if not own or not has_shapes(frame) or frame.crs is None or states_positions(layer):
        return 0, 0
    degrees = dict(zip((LONGITUDE, LATITUDE), lon_lat(in_degrees(frame)[0]), strict=True))
    meant = np.column_stack([np.array(degrees[each], dtype="float64") for each in own])
    stated = np.column_stack([pd.to_numeric(frame[each], errors="coerce") for each in own])
    nowhere = np.isnan(meant)
    off = np.abs(stated - meant)
    apart = ~(off <= _NEAR) & ~nowhere
    if adds:
        apart |= nowhere & np.column_stack([frame[each].notna() for each in own])
    count = int(apart.any(axis=1).sum())
    if count and adds:
        raise OutputError(
            f"The layer has a column '{own[0]}' of its own that is not the position, for which CSV needs that name: "
            f"leave it out with --columns, or write .geojson, .gpkg or .parquet."
        )
    rounded = (off > SAME_PLACE).any(axis=1) & ~apart.any(axis=1)
    return count, int(rounded.sum())


def _single_points(layer: Layer) -> Layer:
    """Return the layer with each MultiPoint of one member as that point, which is the same place."""
    if not has_shapes(layer.frame) or point_numbers(layer.frame.geometry) is not None:
        return layer
    shapes = layer.frame.geometry.to_numpy()
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    alone = several & (shapely.get_num_geometries(shapes) == 1)
    if not alone.any():
        return layer
    plain = shapes.copy()
    plain[alone] = shapely.get_geometry(shapes[alone], 0)
    return layer.with_frame(layer.frame.set_geometry(plain, crs=layer.frame.crs))


def _is_point(frame: Any) -> Any:
    if point_numbers(frame.geometry) is not None:
        return is_placed(frame.geometry)
    return shapely.get_type_id(frame.geometry.to_numpy()) == shapely.GeometryType.POINT


def _texts(layer: Layer, *, positions: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return each column's texts and whether they could run as formulas; None where one cannot be UTF-8."""
    frame = layer.frame
    fields = layer.metadata.fields
    whole = {each.name for each in fields if each.type == "integer" or each.unit_in}
    shapes = shape_columns(frame)
    names = [each for each in frame.columns if each not in shapes]

    def text(name: Any) -> Any:
        column = text_column(frame[name], whole=name in whole)
        return None if column is None else (column, not _cannot_run(frame[name]))

    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        texts = dict(zip(map(str, names), pool.map(text, names), strict=True))
    notes: tuple[str, ...] = ()
    if positions:
        degrees, notes = in_degrees(frame)
        for name, numbers in zip((LONGITUDE, LATITUDE), lon_lat(degrees), strict=True):
            texts[name] = (number_texts(np.array(numbers, dtype="float64")), False)
    return texts, notes


def _cannot_run(series: Any) -> bool:
    return pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_datetime64_any_dtype(
        series.dtype
    )


def _heights(layer: Layer) -> int:
    """Return how many points have a height."""
    if not has_shapes(layer.frame) or point_numbers(layer.frame.geometry) is not None:
        return 0
    return int(np.isfinite(shapely.get_z(layer.frame.geometry.to_numpy())).sum())


def _left_out(layer: Layer) -> int:
    """Return how many shapes a CSV cannot hold and a reader may miss.

    Figures by area, such as those of a count, have the shapes of the areas that were asked for by name: nobody looks
    for these in a table.
    """
    if layer.metadata.row or not has_shapes(layer.frame):
        return 0
    return max(0, layer.placed - int(_is_point(layer.frame).sum()))


def _cells(layer: Layer, *, positions: bool) -> dict[str, list[Any]]:
    """Return the columns, with longitude and latitude where they are wanted, cell by cell."""
    columns = columns_of(layer.frame, layer.metadata)
    if positions:
        east, north = lon_lat(in_degrees(layer.frame)[0])
        columns = {**columns, LONGITUDE: east, LATITUDE: north}
    return columns


def _line(cells: Sequence[str]) -> str:
    """Return one line of CSV; Python's own writer leaves a carriage return unquoted in some versions."""
    if len(cells) == 1 and not cells[0]:
        return '""\n'  # a blank line would be no row
    quoted = [
        '"' + each.replace('"', '""') + '"' if _NEEDS_QUOTES.search(each) else each
        for each in cells
    ]
    return ",".join(quoted) + "\n"
