"""Features that GDAL gives in batches of Arrow's: layers that are read in parts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyproj
from pyogrio import raw
from pyogrio.errors import DataLayerError, DataSourceError

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import LcrmapError, WholeNeededError
from lcrmap.io.arrow_columns import arrow_column
from lcrmap.io.columns import build_frame, reserved_note, shapes_from_wkb, unreserved, with_gaps
from lcrmap.io.crs import asked_crs
from lcrmap.io.cursor import Batches
from lcrmap.io.guard import guarded
from lcrmap.io.kept import KeptNumbers
from lcrmap.io.parts import Box, Points, Split, SplitReader, Wanted
from lcrmap.io.reading import Asked, Reading, with_crs
from lcrmap.io.survey import Surveyed, seen_of, surveyed_of
from lcrmap.io.tasks import in_threads
from lcrmap.io.vectors import crs_of, kinds_of, left_out
from lcrmap.io.wellknown import points_from_wkb
from lcrmap.layers.points import xy_of

__all__ = [
    "REFUSALS",
    "ROWS",
    "BatchedRows",
    "Schema",
    "batches",
    "crs_to_use",
    "schema_of",
    "surveyed",
]

ROWS: Final = 65_536
"""How many rows a split has at most."""

REFUSALS: Final = (
    *(DataSourceError, DataLayerError, pa.ArrowException),
    *(LcrmapError, OSError, ValueError, IndexError),
)
"""What is raised where a file is not as it should be: the reader that takes it whole knows more to say."""

_GEOMETRY: Final = "wkb_geometry"
_SIMPLE: Final = frozenset({1, 2, 3, 4, 5, 6, 1001, 1002, 1003, 1004, 1005, 1006})
_WITHOUT_GAPS: Final = ("integer", "boolean")


@dataclass(frozen=True, slots=True)
class Schema:
    """What a layer says of itself.

    Attributes
    ----------
    fields
        What the file calls each attribute that is read, by the name that it has in a frame.
    types
        Their Frictionless types.
    geometry, key
        What the columns of shapes and of feature ids are called; empty if there is none.
    count
        How many features it claims to have; -1 if it does not say.
    notes
        Sentences to be said: what is left out.
    metadata
        What else it carries.
    """

    fields: dict[str, str]
    types: dict[str, str]
    geometry: str
    key: str
    crs: pyproj.CRS | None
    count: int
    notes: tuple[str, ...]
    metadata: dict[str, str] | None


def schema_of(source: str, where: str, *, own_crs: bool, **opening: Any) -> Schema:
    """Read what a layer says of itself.

    Parameters
    ----------
    source
        A path for GDAL, which names the driver where a file could be taken for another's.
    where
        What to call it in messages.
    own_crs
        Whether to read its own CRS; otherwise the CRS is None.
    opening
        Its layer and the driver's options.

    Raises
    ------
    WholeNeededError
        If it has no shapes, or columns that batches do not give exactly as the whole.
    """
    with guarded():
        info = pyogrio.read_info(source, **opening)
    names = [str(each) for each in info["fields"]]
    kinds = zip(names, kinds_of(info), strict=True)
    types = {name: kind for name, kind in kinds if kind != "binary"}
    geometry = info["geometry_name"] or _GEOMETRY
    if info["geometry_type"] is None or len({*names, geometry}) <= len(names):
        raise WholeNeededError("It has no shapes, or two columns of one name.")
    if "array" in types.values():
        raise WholeNeededError("It has a column of lists.")
    given = unreserved(list(types))
    return Schema(
        fields=dict(zip(given, types, strict=True)),
        types=dict(zip(given, types.values(), strict=True)),
        geometry=geometry,
        key=info["fid_column"],
        crs=crs_of(info["crs"], where) if own_crs else None,
        count=int(info["features"]),
        notes=(
            *(left_out(name, where) for name in names if name not in types),
            *reserved_note(list(types), where),
        ),
        metadata=info["layer_metadata"],
    )


def batches(source: str, columns: Iterable[str], **opening: Any) -> Batches:
    """Read features in batches.

    Parameters
    ----------
    source
        A path for GDAL.
    columns
        The attributes, besides the shapes.
    opening
        The layer, the driver's options, and which features.
    """
    with ExitStack() as stack:
        with guarded():
            _, reader = stack.enter_context(
                raw.open_arrow(
                    source,
                    columns=list(columns),
                    batch_size=ROWS,
                    use_pyarrow=True,
                    datetime_as_string=True,
                    **opening,
                )
            )
        while True:
            with guarded():
                batch = next(reader, None)
            if batch is None:
                return
            yield batch


class BatchedRows(SplitReader):
    """The rows of a layer, in its own CRS or in the one that was asked for."""

    def __init__(self, schema: Schema, crs: pyproj.CRS | None) -> None:
        self.schema, self.crs = schema, crs
        self._numbers = KeptNumbers()
        self.gaps: frozenset[str] = frozenset()
        """The columns of whole numbers and truth values with gaps, known when all rows were looked at."""

    @abstractmethod
    def table(self, split: Split, columns: tuple[str, ...]) -> pa.Table:
        """Return the shapes and some attributes of a split, by their names in the file."""

    def shapes(self, cells: pa.ChunkedArray) -> Any:
        """Return geometries, None for none and for empty ones; or refuse those that need the whole."""
        return _shapes(cells)

    def read(self, split: Split, wanted: Wanted) -> gpd.GeoDataFrame | Points:
        """Read a split; all of it, wherever the box."""
        fields = self.schema.fields
        names = [n for n in fields if wanted.columns is None or n in wanted.columns]
        names = [] if wanted.points else names
        kept = self._numbers.of(split.start) if wanted.points else None
        if kept is not None:
            return Points(*kept, self.crs, split.first)
        try:
            table = self.table(split, tuple(fields[each] for each in names))
            if table.num_rows != split.rows:
                raise WholeNeededError("It has another number of features than it claims.")
            table.validate(full=True)  # else text that is no UTF-8 would pass
            shapes = self.shapes(table[self.schema.geometry])
        except REFUSALS as error:
            raise WholeNeededError(str(error)) from error
        x, y = xy_of(shapes)
        self._numbers.keep(split.start, x, y)
        if wanted.points:
            return Points(x, y, self.crs, split.first)
        columns = [arrow_column(n, self.schema.types[n], table[fields[n]]) for n in names]
        if any(each.type != self.schema.types[each.name] for each in columns):
            raise WholeNeededError("A column holds whole numbers that its type does not.")
        frame, _ = build_frame(columns, shapes, self.crs)
        frame.index = pd.RangeIndex(split.first, split.first + len(frame))
        return with_gaps(frame, columns, self.gaps)


def _shapes(cells: pa.ChunkedArray) -> Any:
    """Return geometries, None for none and for empty ones.

    Raises
    ------
    WholeNeededError
        If one is of a kind that GDAL turns into another for the whole: curves, shapes with measures, collections.
    """
    points = points_from_wkb(cells)
    if points is not None:
        return points
    heads = pc.unique(pc.binary_slice(cells, 0, 5)).drop_null().to_pylist()
    codes = {int.from_bytes(each[1:], "little" if each[0] else "big") for each in heads}
    if not codes <= _SIMPLE:
        raise WholeNeededError("It has shapes of an unusual kind.")
    shapes, broken = shapes_from_wkb(cells.to_numpy())
    if broken:
        raise WholeNeededError("It has shapes that cannot be built.")
    return shapes


def surveyed(
    rows: BatchedRows,
    splits: tuple[Split, ...],
    asked: Asked,
    where: str,
    *,
    region: Box | None,
    carried: Any = None,
    title: str = "",
    tell: Callable[[int], None],
) -> Surveyed:
    """Pass over the rows once, to find what they can only tell together.

    Parameters
    ----------
    where
        What to call the file in messages.
    carried, title
        As for `lcrmap.io.reading.Reading`.
    tell
        Told how many rows are done.
    """
    schema = rows.schema
    checks = PartsChecks(rows.crs, region)
    whole = [name for name, kind in schema.types.items() if kind in _WITHOUT_GAPS]
    seen = seen_of(
        rows,
        splits,
        schema.types,
        checks,
        carried=carried,
        gaps=whole,
        runner=in_threads(1),
        tell=tell,
    )
    rows.gaps = frozenset(name for name in whole if seen.columns[name].gaps)
    empty, types = build_frame([], np.empty(0, dtype=object), schema.crs)
    reading = Reading(empty, types | schema.types, carried, schema.notes, title=title)
    return surveyed_of(
        seen, with_crs(reading, asked.crs, where), rows, splits, checks, crs=rows.crs
    )


def crs_to_use(schema: Schema, asked: Asked) -> pyproj.CRS | None:
    """Return the CRS that was asked for, or else the layer's own."""
    return asked_crs(asked.crs) if asked.crs else schema.crs
