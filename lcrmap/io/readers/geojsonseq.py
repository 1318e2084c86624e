"""GeoJSONSeq, whole and in parts: features that follow each other, one a line or one after each record separator.

In parts the file is divided between records; what its rows tell only together (the columns, their order and types) is
put together from what each part tells.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import FileError, LcrmapError, WholeNeededError
from lcrmap.io.ahead import in_turn
from lcrmap.io.columns import build_frame, reserved_note, unreserved, with_gaps
from lcrmap.io.crs import DEGREES, asked_crs, named_crs
from lcrmap.io.describing import category_candidates, key_candidates
from lcrmap.io.features import plain_reading, reading_of, shapes_of
from lcrmap.io.formats import RECORD_SEPARATOR, UTF8_MARK
from lcrmap.io.json_columns import (
    Members,
    Values,
    cells_of,
    column_of,
    members_of,
    refuse_deep_cells,
    values_of,
)
from lcrmap.io.json_text import (
    Head,
    feature_fault,
    parse,
    parse_lines,
    read_text,
    refuse_non_feature,
)
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.parts import Box, Points, Progress, Split, SplitReader, Wanted, numbered
from lcrmap.io.plain_points import PlainPoints, read_plain_sequence
from lcrmap.io.reading import Asked, Reading, with_crs
from lcrmap.io.stores import opened
from lcrmap.io.survey import ColumnSeen, Seen, Surveyed, cells_anew, facts_of, look_at
from lcrmap.io.uniqueness import Uniqueness

__all__ = ["FeaturesSeen", "divided", "look_at_features", "read", "read_bytes", "survey"]

BLOCK: Final = 1 << 23
"""How many bytes a split has: some ten thousand features of a few properties."""


def read(path: Path, asked: Asked, data: bytes) -> Reading:
    """Read the bytes of a file; raises as `read_bytes` does."""
    return read_bytes(data, f"'{path}'", asked)


def read_bytes(data: bytes, where: str, asked: Asked) -> Reading:
    """Read all features.

    Raises
    ------
    FileError
        If a record is broken JSON or no feature; the message says in which line.
    GeometryError
        If a shape cannot be understood or has coordinates that are not finite.
    """
    read_text(data, where)
    plain = read_plain_sequence(data)
    if plain is not None:
        return plain_reading(plain, Head(named_crs(DEGREES)), where)
    features = list(_features(data, where))
    if not features:
        raise FileError(f"{where} holds no features: save or download it again.")
    return reading_of(features, Head(named_crs(DEGREES)), where)


def _features(data: bytes, where: str) -> Iterator[dict[str, Any]]:
    """Yield the feature of each record."""
    features = parse_lines(data.removeprefix(UTF8_MARK))
    if features is not None and not any(map(feature_fault, features)):
        yield from features
        return
    mark = RECORD_SEPARATOR if RECORD_SEPARATOR in data else b"\n"
    line = 1
    for part in data.removeprefix(UTF8_MARK).split(mark):
        if part.strip():
            feature = parse(part, where, line=line)
            refuse_non_feature(feature, f"The record in line {line} of {where}")
            yield feature
        line += part.count(b"\n") + (mark == b"\n")


# In parts


@dataclass(frozen=True, slots=True)
class _Rows:
    """The features of a split: their columns as they stand there, and their shapes."""

    members: Members
    cells: Mapping[str, Sequence[Any]]
    shapes: Any


def _rows_of(split: Split, mark: bytes, where: str) -> _Rows:
    """Read a split of a file whose records end or begin with a mark; raises what `read_bytes` does."""
    with opened(split.file) as file:
        file.seek(split.start)
        data = file.read(split.end - split.start)
    read_text(data, where)
    data = data if split.start else data.removeprefix(UTF8_MARK)
    if mark != RECORD_SEPARATOR and RECORD_SEPARATOR in data:
        raise WholeNeededError("Some records stand in lines, and others behind separators.")
    plain = read_plain_sequence(data)
    if plain is not None:
        return _plain_rows(plain)
    features = list(_features(data, where))
    members = members_of(features)
    cells = cells_of(features, members.names)
    return _Rows(members, cells, shapes_of(features, where))


def _plain_rows(plain: PlainPoints) -> _Rows:
    cells = {
        each.name: each.values.tolist() if isinstance(each.values, np.ndarray) else each.values
        for each in plain.columns
    }
    members = Members(tuple(cells), frozenset(itertools.pairwise(cells)))
    return _Rows(members, cells, plain.shapes)


def divided(path: Path, block: int) -> tuple[list[Split], bytes]:
    """Divide a file between records; return also what they end or begin with.

    Raises
    ------
    WholeNeededError
        If a record is longer than a block.
    """
    size, cuts = path.stat().st_size, [0]
    with path.open("rb") as file:
        head = file.read(block).removeprefix(UTF8_MARK).lstrip()
        mark = RECORD_SEPARATOR if head.startswith(RECORD_SEPARATOR) else b"\n"
        for start in range(block, size, block):
            file.seek(start)
            found = file.read(block).find(mark)
            if found < 0 and start + block < size:
                raise WholeNeededError("A record is longer than a block.")
            cuts.append(start + found + (mark == b"\n") if found >= 0 else size)
    return [Split(path, a, b) for a, b in itertools.pairwise([*cuts, size]) if a < b], mark


@dataclass(frozen=True, slots=True)
class FeaturesSeen:
    """What was seen of some splits that follow each other.

    Attributes
    ----------
    seen
        What any format tells.
    members
        The names of the properties, and what is known of their order.
    values
        What is known of the values of each.
    """

    seen: Seen
    members: Members
    values: Mapping[str, Values]

    def __add__(self, other: FeaturesSeen) -> FeaturesSeen:
        names = dict.fromkeys((*self.values, *other.values))
        mine, theirs = ({**_none(names, each.seen.rows), **each.values} for each in (self, other))
        return FeaturesSeen(
            _with_columns(self.seen, other.seen) + _with_columns(other.seen, self.seen),
            self.members + other.members,
            {name: mine[name] + theirs[name] for name in names},
        )


def _none(names: Mapping[str, None], rows: int) -> dict[str, Values]:
    return {name: Values(gaps=rows) for name in names}


def _with_columns(seen: Seen, other: Seen) -> Seen:
    """Return the same, with the columns that only the other has: in no row of this is there a value."""
    none = ColumnSeen(gaps=seen.rows, unique=Uniqueness(repeated=bool(seen.rows)))
    return replace(seen, columns={**dict.fromkeys(other.columns, none), **seen.columns})


def look_at_features(
    split: Split, mark: bytes, checks: PartsChecks, crs: pyproj.CRS, where: str
) -> FeaturesSeen:
    """Look at the rows of a split."""
    rows = _rows_of(split, mark, where)
    refuse_deep_cells(rows.cells, where)
    values = {name: values_of(cells) for name, cells in rows.cells.items()}
    likely = {
        name: each.type
        for name, each in values.items()
        if key_candidates({name: "string"}) or category_candidates({name: "string"})
    }
    columns = [column_of(name, rows.cells[name], kind) for name, kind in likely.items()]
    frame, _ = build_frame(columns, rows.shapes, crs)
    keys = [name for name, kind in likely.items() if key_candidates({name: kind})]
    categories = [name for name, kind in likely.items() if category_candidates({name: kind})]
    seen = look_at(frame, checks, keys=keys, categories=categories)
    other = {name: ColumnSeen(unique=Uniqueness(repeated=True)) for name in likely}
    seen = replace(seen, columns={**other, **seen.columns})
    return FeaturesSeen(seen, rows.members, values)


def survey(
    path: Path, asked: Asked, *, region: Box | None, block: int | None, progress: Progress
) -> Surveyed:
    """Pass over a file once, split by split; see `lcrmap.io.readers.Survey`."""
    where = f"'{path}'"
    try:
        degrees = named_crs(DEGREES)
        crs = asked_crs(asked.crs) if asked.crs else degrees
        checks = PartsChecks(crs, region)
        pieces, mark = divided(path, block or BLOCK)
        looks = in_turn(
            lambda each: look_at_features(each, mark, checks, crs, where), pieces, workers=1
        )
        found = reduce(add, _told(looks, pieces, path, progress))
    except (LcrmapError, OSError, pa.ArrowException) as error:
        raise WholeNeededError(str(error)) from error
    seen = found.seen
    if not seen.rows:
        raise WholeNeededError("There are no rows.")
    rows = _SplitRows(where, mark, crs, found)
    splits = numbered(pieces, seen.counts, seen.rows)
    empty, types = build_frame([], np.empty(0, dtype=object), degrees)
    notes = reserved_note(found.members.names, where)
    reading = Reading(empty, types | rows.types, notes=notes)
    return Surveyed(
        reading=with_crs(reading, asked.crs, f"'{path.name}'"),
        facts=facts_of(seen, lambda name: cells_anew(rows, splits, name)),
        rows=seen.rows,
        placed=seen.placed,
        crs=crs,
        has_points=seen.kinds == {"Point"},
        splits=splits,
        reader=rows,
        checks=checks,
        seen=seen.checks,
    )


def _told(
    looks: Iterator[FeaturesSeen], pieces: Sequence[Split], path: Path, progress: Progress
) -> Iterator[FeaturesSeen]:
    for piece, found in zip(pieces, looks, strict=True):
        progress(f"Reading {path.name}", piece.end, pieces[-1].end)
        yield found


class _SplitRows(SplitReader):
    """The rows of a file of which it is known what their columns are."""

    def __init__(self, where: str, mark: bytes, crs: pyproj.CRS, found: FeaturesSeen) -> None:
        self._where, self._mark, self._crs = where, mark, crs
        names = found.members.ordered
        self._fields = dict(zip(unreserved(names), names, strict=True))
        self.types = {name: found.values[field].type for name, field in self._fields.items()}
        self._gaps = frozenset(n for n, field in self._fields.items() if found.values[field].gaps)
        self._numbers = KeptNumbers()

    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points:
        """Read a split; all of it, wherever the box."""
        kept = self._numbers.of(split.start) if wanted.points else None
        if kept is not None:
            return Points(*kept, self._crs, split.first)
        try:
            rows = _rows_of(split, self._mark, self._where)
        except (LcrmapError, OSError) as error:  # it is no longer what it was
            raise WholeNeededError(str(error)) from error
        if len(rows.shapes) != split.rows:
            raise WholeNeededError("The file is no longer what it was.")
        x, y = shapely.get_x(rows.shapes), shapely.get_y(rows.shapes)
        self._numbers.keep(split.start, x, y)
        if wanted.points:
            return Points(x, y, self._crs, split.first)
        none = [None] * split.rows
        columns = [
            column_of(name, rows.cells.get(field, none), self.types[name])
            for name, field in self._fields.items()
            if wanted.columns is None or name in wanted.columns
        ]
        frame, _ = build_frame(columns, rows.shapes, self._crs)
        frame.index = pd.RangeIndex(split.first, split.first + len(frame))
        return with_gaps(frame, columns, self._gaps)
