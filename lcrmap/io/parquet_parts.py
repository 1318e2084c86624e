"""GeoParquet in parts: one pass over the shapes and the likely keys, then as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.columns import build_frame
from lcrmap.io.crs import asked_crs
from lcrmap.io.describing import (
    MOST_CATEGORIES,
    Facts,
    category_candidates,
    key_candidates,
    kind_of_types,
)
from lcrmap.io.parts import Box, PassedOver, Progress
from lcrmap.io.readers.geoparquet import ParquetParts, ReadRows
from lcrmap.io.reading import Reading, with_crs
from lcrmap.io.uniqueness import Uniqueness

__all__ = ["ROWS", "ParquetSurvey", "survey_parquet"]

ROWS: Final = 65_536
"""How many rows are read at a time."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class ParquetSurvey:
    """A GeoParquet file of which all is known but its rows; see `lcrmap.io.delimited_parts.DelimitedParts`."""

    file: ParquetParts
    crs: str
    checks: PartsChecks
    rows: int = 0
    placed: int = 0
    reading: Reading = field(init=False)
    keys: dict[str, Uniqueness] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)
    values: dict[str, set[Any]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    @property
    def system(self) -> pyproj.CRS | None:
        """The CRS."""
        return asked_crs(self.crs) if self.crs else self.file.crs

    @property
    def facts(self) -> Facts:
        """What its values tell."""
        return Facts(
            kind_of_types(self.kinds),
            lambda name: self.rows > 0 and name not in self.gaps and self._differ(name),
            lambda name: len(self.values[name]),
        )

    @property
    def points(self) -> Any:
        """What reads the coordinates alone; None if some shape is none of one point."""
        return self._points if self.kinds == {"Point"} else None

    def frames(
        self, names: Sequence[str] | None = None, box: Box | None = None
    ) -> Iterator[gpd.GeoDataFrame | PassedOver]:
        """Read the rows, some at a time."""
        for part in self.file.parts(names=names, box=box, size=ROWS):
            yield part if isinstance(part, PassedOver) else self._frame(part)

    def every_frame(self, names: Sequence[str]) -> Iterator[gpd.GeoDataFrame]:
        """Read all rows, some at a time."""
        for part in self.file.parts(names=names, size=ROWS):
            if isinstance(part, ReadRows):  # nothing is passed over without a box
                yield self._frame(part)

    def _points(self, box: Box | None = None) -> Iterator[tuple[Floats, Floats] | PassedOver]:
        for part in self.file.parts(names=[], box=box, size=ROWS):
            if isinstance(part, PassedOver):
                yield part
            else:
                yield shapely.get_x(part.shapes), shapely.get_y(part.shapes)

    def _frame(self, part: ReadRows) -> gpd.GeoDataFrame:
        frame, _ = build_frame(part.columns, part.shapes, self.system)
        for given, column in zip(frame.columns, part.columns, strict=False):
            if column.name in self.file.gaps:
                frame[given] = frame[given].astype(
                    "float64" if column.type == "integer" else object
                )
        frame.index = pd.RangeIndex(part.first, part.first + len(frame))
        return frame

    def _differ(self, name: str) -> bool:
        return self.keys[name].settled(
            lambda: (_cells(frame[name]) for frame in self.every_frame([name]))
        )

    def look(self, frame: gpd.GeoDataFrame) -> None:
        """Take a part of the first pass."""
        self.checks.add_shapes(frame, self.rows)
        self.rows += len(frame)
        shapes = frame.geometry
        self.placed += int((shapes.notna() & ~shapes.is_empty).sum())
        self.kinds |= {each for each in shapes.geom_type.unique() if isinstance(each, str)}
        for name, seen in self.keys.items():
            if frame[name].isna().any():
                self.gaps.add(name)
            if name not in self.gaps:
                seen.add(_cells(frame[name]))
        for name, values in self.values.items():
            if len(values) <= MOST_CATEGORIES:
                values |= set(frame[name].dropna().unique())


def survey_parquet(
    path: Path,
    *,
    crs: str = "",
    region: Box | None = None,
    progress: Progress,
) -> ParquetSurvey:
    """Pass over the shapes of a file once, to find what its rows can only tell together.

    Raises
    ------
    WholeNeededError
        If there is anything unusual about it: the reader that takes it whole knows what.
    """
    try:
        file = ParquetParts(path, own_crs=not crs)
        system = asked_crs(crs) if crs else file.crs
        survey = ParquetSurvey(file, crs, PartsChecks(system, region))
        survey.keys = {name: Uniqueness() for name in key_candidates(file.types)}
        survey.values = {name: set() for name in category_candidates(file.types)}
        for frame in survey.every_frame([*survey.keys, *survey.values]):
            survey.look(frame)
            progress(f"Reading {path.name}", survey.rows, file.rows)
        if not survey.rows:
            raise WholeNeededError("There are no rows.")
        empty, types = build_frame([], np.empty(0, dtype=object), file.crs)
        survey.reading = with_crs(
            Reading(empty, types | file.types, carried=file.carried, notes=tuple(file.notes)),
            crs,
            f"'{path.name}'",
        )
    except (LcrmapError, OSError, pa.ArrowException) as error:
        raise WholeNeededError(str(error)) from error
    return survey


def _cells(values: pd.Series[Any]) -> pa.Array:
    return pa.array(values, from_pandas=True)
