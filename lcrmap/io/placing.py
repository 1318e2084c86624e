"""Positions for the rows of a table that says where they are by postcodes, or by codes or names of areas.

What is tried, in this order: the coordinates of the table, which always win; its postcodes, also for rows whose
coordinates are blank; the codes and names of areas, where nothing else says where a row is. Rows that are not found
are listed and keep their place in the table without a position.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from lcrmap.errors import DataError, GeometryError, UnknownNameError, UsageError
from lcrmap.io.area_codes import Match, asked_match, find_match, refuse_other_year
from lcrmap.io.area_hints import hints_for, telling_among
from lcrmap.io.coordinate_columns import choose_columns, no_columns
from lcrmap.io.position_cells import CellPositions, plus_code_column, read_position_column
from lcrmap.io.positions import points
from lcrmap.io.postcodes import Postcodes, open_postcodes, shared_point, written_postcodes
from lcrmap.io.reading import Asked, Placed, Reading, Told
from lcrmap.io.texts import text_column
from lcrmap.layers import Layer, Pack

__all__ = ["place_rows"]

_POSTCODE: Final = re.compile(r"post\s*_?-?code|^pcd[s78]?$|^pc$", re.IGNORECASE)
_MOST: Final = 0.5  # of the filled cells of a column that must be postcodes
_SHOWN: Final = 5  # as many rows a note lists
_ERROR: Final = "position_error_m"


def place_rows(
    reading: Reading, asked: Asked, where: str, *, pack: Pack, opened: Callable[[str], Layer]
) -> Placed:
    """Give the rows of a table the positions that it tells otherwise than by coordinates.

    Parameters
    ----------
    opened
        Opens a layer of the pack.

    Raises
    ------
    GeometryError
        If nothing tells where the rows are.
    UsageError, UnknownNameError
        If several kinds of area would do, or `asked.match` names none.
    DataError
        If several rows speak of one area, or of areas of another year.
    """
    if asked.match:
        match = asked_match(asked.match, reading.frame, pack, opened, where)
        return _by_areas(*_one_row_an_area(reading, match, asked.sum, where), where)
    if not reading.table:
        reading = _by_columns(reading, asked, where)
    gaps = reading.frame.geometry.isna()
    if not gaps.any():
        return Placed(reading)
    if gaps.all():
        cells = read_position_column(reading.frame, asked.crs)
        if cells is not None:
            return Placed(_by_cells(reading, cells, where))
    column = _postcode_column(reading.frame)
    postcodes = open_postcodes(pack, opened) if column else None
    if postcodes is not None:
        return _by_postcodes(reading, column, postcodes, gaps.to_numpy(), where)
    if not gaps.all():
        return Placed(reading)
    match_found = find_match(reading.frame, pack, opened, where)
    if match_found is None:
        if reading.x or not reading.table:
            return Placed(reading)
        _refuse_plus_codes(reading, where)
        raise no_columns(list(reading.types), where, _tried(column))
    refuse_other_year(match_found, where)
    return _by_areas(*_one_row_an_area(reading, match_found, asked.sum, where), where)


def _refuse_plus_codes(reading: Reading, where: str) -> None:
    column = plus_code_column(reading.frame)
    if column:
        raise GeometryError(
            f"'{column}' of {where} holds Plus Codes, which lcrmap does not read: turn them into degrees with a "
            f"program for Open Location Code, and put these into columns lat and lon."
        )


def _tried(postcodes: str) -> str:
    if postcodes:
        return f", and the data pack knows no postcodes to look up '{postcodes}'"
    return ", no postcodes, and no codes or names of areas of the data pack"


# By its own columns


def _by_columns(reading: Reading, asked: Asked, where: str) -> Reading:
    """Make points of the coordinate columns of features that have no shape, as in a table."""
    frame = reading.frame
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    pairs = choose_columns(columns, where, x=asked.x, y=asked.y)
    if not pairs:
        return reading
    names = [name for pair in pairs for name in (pair.x, pair.y)]
    cells = {name: pa.chunked_array([_texts(frame[name])]) for name in names}
    table = Told(where, reading.row_numbers, reading.row_word)
    shapes, crs, notes = points(pairs, cells, table, crs=asked.crs, strict=asked.strict)
    placed = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=crs))
    return replace(
        reading, frame=placed, notes=(*reading.notes, *notes), x=pairs[0].x, y=pairs[0].y
    )


def _texts(values: pd.Series[Any]) -> pa.Array:
    texts = text_column(values)
    return pa.nulls(len(values), pa.string()) if texts is None else texts.cast(pa.string())


def _by_cells(reading: Reading, cells: CellPositions, where: str) -> Reading:
    """Give rows the positions that one column holds whole."""
    frame = reading.frame
    shapes = gpd.GeoSeries(cells.shapes, index=frame.index, crs=cells.crs)
    taken = f"The positions of {where} are taken from its column '{cells.column}' as {cells.form}"
    notes = [f"{taken} in {cells.crs.to_string()}: if that is wrong, give --x, --y or --crs."]
    if len(cells.wrong):
        notes.append(
            f"{where} has something else in {_in_rows(reading, cells.wrong, cells.column)}: "
            f"{_these(len(cells.wrong))} as having no position."
        )
    made = replace(reading, frame=frame.set_geometry(shapes), notes=(*reading.notes, *notes))
    return _with_errors(made, cells.error_m)


# By postcodes


def _postcode_column(frame: gpd.GeoDataFrame) -> str:
    """Return the column with the postcodes: one that is called so, else one of texts that end with them."""
    texts = [str(name) for name, each in frame.items() if pd.api.types.is_string_dtype(each)]
    named = [name for name in texts if _POSTCODE.search(name)]
    for name in (*named, *(each for each in texts if each not in named)):
        filled = frame[name].dropna()
        head = filled.head(1000)
        if len(head) and (name in named or written_postcodes(head).mean() > _MOST):
            return name
    return ""


def _by_postcodes(
    reading: Reading, column: str, postcodes: Postcodes, gaps: Any, where: str
) -> Placed:
    frame = reading.frame
    found = postcodes.find(frame[column].where(gaps))
    known = gaps & ~np.isnan(found.x)
    points = gpd.GeoSeries(
        shapely.points(found.x[known], found.y[known]), crs=postcodes.layer.frame.crs
    )
    here = points.to_crs(frame.crs) if frame.crs is not None else points
    shapes = frame.geometry.to_numpy().copy()
    shapes[known] = here.to_numpy()
    placed = frame.set_geometry(
        gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs or points.crs)
    )
    taken = _postcode_notes(found, known, column, where)
    doubts = _postcode_doubts(found, known, gaps, column, reading, postcodes, where)
    notes = [*taken, *doubts]
    if not known.any() and gaps.all() and reading.table:
        raise DataError(notes[-1] if notes else f"{where} has no postcode in '{column}'.")
    made = replace(reading, frame=placed, notes=(*reading.notes, *notes))
    errors = np.where(known, found.error_m, np.nan)
    sources = (postcodes.layer,) if known.any() else ()
    return Placed(
        _with_errors(made, errors),
        sources,
        label=_naming(frame, column),
        warnings=tuple(doubts),
    )


def _naming(frame: gpd.GeoDataFrame, postcode: str) -> str:
    """Return the first column of texts that differ from row to row, besides the postcode's; empty if there is none."""
    for name, values in frame.items():
        differ = pd.api.types.is_string_dtype(values) and values.notna().all() and values.is_unique
        if name != postcode and differ:
            return str(name)
    return ""


def _postcode_notes(found: Any, known: Any, column: str, where: str) -> list[str]:
    """Say how many rows have their position from a postcode."""
    count, cut = int(known.sum()), int((known & found.cut).sum())
    if not count:
        return []
    rows = "rows has its" if count == 1 else "rows have their"
    parts = f", {cut:,} of them that of a whole sector or district" if cut else ""
    told = f"{count:,} of {len(known):,} {rows} position from the postcode in '{column}' of {where}"
    return [f"{told}{parts}: it is the postcode's point, not the address's."]


def _postcode_doubts(
    found: Any,
    known: Any,
    gaps: Any,
    column: str,
    reading: Reading,
    postcodes: Postcodes,
    where: str,
) -> list[str]:
    """Say of which rows it is not known where they lie, in spite of their postcode or for want of one."""
    unstated = reading.frame[_ERROR].isna().to_numpy() if _ERROR in reading.frame.columns else True
    notes = _elsewhere_notes(known & found.elsewhere & unstated, found.cut, where)
    foreign = np.flatnonzero(gaps & found.foreign)
    if len(foreign):
        notes.append(
            f"{where} has postcodes that are not among the {len(postcodes):,} of the data pack, in "
            f"{_in_rows(reading, foreign, column)}: {_these(len(foreign))} as having no position."
        )
    filled = reading.frame[column].fillna("").astype("str").str.strip().ne("").to_numpy()
    other = np.flatnonzero(gaps & filled & ~known & ~found.foreign)
    if len(other):
        notes.append(
            f"{where} has no postcode in {_in_rows(reading, other, column)}: "
            f"{_these(len(other))} as having no position."
        )
    return notes


def _elsewhere_notes(shared: Any, cut: Any, where: str) -> list[str]:
    """Say of how many rows it is not known where they lie, though the postcode's point is."""
    if not shared.any():
        return []
    count, some = int(shared.sum()), bool((shared & cut).any())
    if count == 1:
        of = ", or one of its sector or district," if some else ""
        told = shared_point(f"the postcode of 1 row{of}")
        return [f"In {where}, {told}, so where this row lies is not known."]
    of = ", or some of their sectors or districts," if some else ""
    told = shared_point(f"the postcodes of {count:,} rows{of}", count)
    return [f"In {where}, {told}, so where these rows lie is not known."]


def _these(count: int) -> str:
    return "this row counts" if count == 1 else "these rows count"


def _in_rows(reading: Reading, rows: Any, column: str) -> str:
    """Say which rows they are, and what stands in their cells."""
    first = [int(each) for each in rows[:_SHOWN]]
    cells = reading.frame[column].iloc[first].astype("str")
    named = [
        f"{n} ('{cell:.20}')" for n, cell in zip(reading.row_numbers(first), cells, strict=True)
    ]
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    word = reading.row_word if len(rows) == 1 else f"{reading.row_word}s"
    return f"{word} {', '.join(named)}{more}"


def _with_errors(reading: Reading, errors: Any) -> Reading:
    """Say of each row by how much its position may be off, where the table does not say it itself."""
    if _ERROR in reading.frame.columns or np.isnan(errors).all():
        return reading
    frame = reading.frame.copy()
    frame.insert(len(frame.columns) - 1, _ERROR, errors)
    return replace(reading, frame=frame, types={**reading.types, _ERROR: "number"})


# By areas


def _by_areas(reading: Reading, match: Match, where: str) -> Placed:
    """Make the rows the areas that they speak of; rows of other places are left out where they are most."""
    frame, areas = reading.frame, match.areas
    known = match.rows >= 0
    elsewhere = ~known & match.coded
    leave = elsewhere if elsewhere.sum() > known.sum() else np.zeros(len(frame), dtype=bool)
    kept = np.flatnonzero(~leave)
    shapes = np.full(len(frame), None, dtype=object)
    shapes[known] = areas.shapes.to_numpy()[match.rows[known]]
    placed = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=areas.shapes.crs))
    made = replace(
        reading,
        frame=placed.iloc[kept].reset_index(drop=True),
        notes=(*reading.notes, *_area_notes(reading, match, leave, where)),
        row_numbers=lambda rows: reading.row_numbers([int(kept[row]) for row in rows]),
    )
    made = _with_names(made, match, kept)
    label = match.column if match.by_name else ""
    if areas.error_m is not None:
        errors = np.where(known, areas.error_m[match.rows], np.nan)[kept]
        return Placed(_with_errors(made, errors), (areas.source,), label=label)
    return Placed(made, (areas.source,), areas.source, label=label, column=match.column)


def _one_row_an_area(
    reading: Reading, match: Match, summed: Sequence[str], where: str
) -> tuple[Reading, Match]:
    """Sum columns over the rows of each area; refuse several rows for one where nothing is to be summed."""
    if not match.repeated:
        return reading, match
    if not summed:
        raise DataError(_repeated(reading, match, where))
    frame = pd.DataFrame(reading.frame.drop(columns=reading.frame.geometry.name))
    for name in summed:
        if name not in frame.columns:
            raise UnknownNameError("column", name, list(frame.columns), where=where)
        if not pd.api.types.is_numeric_dtype(frame[name]):
            raise UsageError(f"--sum {name}: the column holds no numbers in {where}.")
    texts = frame[match.column].astype("str").str.strip().str.upper()
    groups = pd.Series(np.where(match.rows >= 0, match.rows.astype(str), texts), index=frame.index)
    first = np.flatnonzero(~groups.duplicated())
    kept = frame.iloc[first][[match.column]].copy()
    for name in summed:
        kept[name] = [_total(frame[name][groups == group]) for group in groups.iloc[first]]
    left = [name for name in frame.columns if name not in kept.columns]
    rows = f"{len(frame):,} rows of {where} are summed to {len(kept):,} by '{match.column}'"
    note = f"{rows}; left out: {', '.join(left)}." if left else f"{rows}."
    none = np.full(len(kept), None, dtype=object)
    shapes = gpd.GeoSeries(none, index=kept.index, crs=reading.frame.crs)
    made = replace(
        reading,
        frame=gpd.GeoDataFrame(kept, geometry=shapes).reset_index(drop=True),
        types={name: reading.types[name] for name in kept.columns},
        notes=(*reading.notes, note),
        row_numbers=lambda rows: reading.row_numbers([int(first[row]) for row in rows]),
    )
    return made, replace(match, rows=match.rows[first], coded=match.coded[first])


def _total(values: pd.Series[Any]) -> float | int:
    """Return an exact sum; the gaps count as nothing, and gaps alone are a gap."""
    known = values.dropna()
    if not len(known):
        return float("nan")
    if pd.api.types.is_integer_dtype(known.dtype):
        return sum(map(int, known))
    return math.fsum(known)


def _with_names(reading: Reading, match: Match, kept: Any) -> Reading:
    """Put the areas' names into a table that has their codes alone."""
    label = match.areas.source.label
    frame = reading.frame
    named = match.by_name or label in frame.columns or not match.areas.names.any()
    if named or any(re.search(r"(name|nm)$", each, re.IGNORECASE) for each in frame.columns):
        return reading
    rows = match.rows[kept]
    added: dict[str, Any] = {label: match.areas.names}
    telling = telling_among(match, rows)
    if telling and telling not in frame.columns:
        added[telling] = match.areas.source.frame[telling]
    frame, types = frame.copy(), list(reading.types.items())
    at = list(frame.columns).index(match.column) + 1
    for place, (name, values) in enumerate(added.items(), at):
        texts = np.array([*values, None], dtype=object)[rows]
        frame.insert(place, name, pd.Series(texts, index=frame.index, dtype="str"))
        types.insert(place, (name, "string"))
    return replace(reading, frame=frame, types=dict(types))


def _area_notes(reading: Reading, match: Match, left: Any, where: str) -> list[str]:
    areas = match.areas
    title = areas.called
    total = len(match.rows) - int(left.sum())
    points = (
        ""
        if areas.error_m is None
        else " (at the mean point of their residents: no outline is known)"
    )
    found = (
        f"{where}: {match.found:,} of {total:,} rows found by '{match.column}' in {title}{points}"
    )
    notes = [
        f"{found}; if that is wrong, say --match COLUMN=LAYER, or name coordinates with --x and --y."
    ]
    if left.any():
        notes.append(f"{int(left.sum()):,} rows of {where} are of other places and left out.")
    lost = np.flatnonzero((match.rows < 0) & ~left)
    if len(lost):
        notes.append(_lost(reading, match, lost, title, where))
    return notes


def _lost(reading: Reading, match: Match, rows: Any, title: str, where: str) -> str:
    shown = reading.frame[match.column].iloc[[int(row) for row in rows[:_SHOWN]]].dropna()
    return (
        f"{where} has rows that are not found in {title}, {_in_rows(reading, rows, match.column)}: "
        f"they have no position{hints_for(match, [*shown.astype('str')])}."
    ).replace("?.", "?")


def _repeated(reading: Reading, match: Match, where: str) -> str:
    rows = pd.Series(match.rows)
    doubled = np.flatnonzero(rows.duplicated(keep=False) & (rows >= 0))
    same = doubled[match.rows[doubled] == match.rows[doubled[0]]]
    cell = reading.frame[match.column].iloc[int(same[0])]
    numbers: Sequence[int] = reading.row_numbers([int(each) for each in same[:2]])
    return (
        f"{where} has several rows for one area: '{cell}' stands in '{match.column}' in {reading.row_word}s "
        f"{numbers[0]} and {numbers[1]}: make it one row an area, say --sum COLUMN on a map, or add postcodes."
    )
