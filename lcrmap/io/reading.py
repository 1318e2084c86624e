"""What is asked of a reader, and what it gives back: the same for every format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd

from lcrmap.checks import RowNumbers, counted_rows
from lcrmap.io.crs import asked_crs
from lcrmap.layers import Layer

__all__ = ["NOTHING_ASKED", "Asked", "Placed", "Reading", "Told", "with_crs"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who asked said about a file, which goes before what the file says.

    Attributes
    ----------
    part
        The layer inside the file.
    x, y
        The coordinate columns of a table.
    crs
        The code of the coordinate reference system.
    types
        Frictionless types of a table's columns that are known.
    strict
        Whether a table is refused in which a coordinate is no number.
    match
        ``COLUMN=LAYER``: by which column its rows are found among the areas of which layer of the pack.
    sum
        The columns that are summed over the rows of a table that speak of one area.
    encoding
        The encoding of a table's text; empty to tell it by its bytes.
    """

    part: str = ""
    x: str = ""
    y: str = ""
    crs: str = ""
    types: dict[str, str] | None = None
    strict: bool = False
    match: str = ""
    sum: tuple[str, ...] = ()
    encoding: str = ""


NOTHING_ASKED: Final = Asked()


@dataclass(frozen=True, slots=True)
class Told:
    """How messages name a table and its rows.

    Attributes
    ----------
    where
        What to call it, such as ``'sites.csv'``.
    numbers, word
        By which numbers a person finds some rows, given from 0, and what a row is called.
    """

    where: str
    numbers: RowNumbers = counted_rows
    word: str = "feature"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of a file, before anything is checked.

    Attributes
    ----------
    types
        The Frictionless type of each column.
    carried
        lcrmap's own metadata as found in the file, not yet believed; None if there is none.
    row_numbers
        Tells by which numbers a person finds some rows, given from 0: in a CSV, the lines in which they begin.
    row_word
        What a row is called there: "line" or "feature".
    title
        The layer's name inside the file; empty if there is none.
    x, y
        The columns that the coordinates were taken from; empty if it is not a table.
    table
        Whether the file is a table, in which columns tell where a row is, not a shape.
    sha256
        The digest of the bytes that were read; empty where a library read the file by itself.
    """

    frame: gpd.GeoDataFrame
    types: dict[str, str]
    carried: Any = None
    notes: tuple[str, ...] = ()
    row_numbers: RowNumbers = counted_rows
    row_word: str = "feature"
    title: str = ""
    x: str = ""
    y: str = ""
    table: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What was read, and the layers of the pack from which a table took positions.

    Attributes
    ----------
    areas
        The layer whose areas its rows are; None if they are not areas.
    label
        The column that names the rows, where none is called so; empty if none will do.
    column
        The column by which its rows were looked for among areas.
    warnings
        The notes that a page says first: of which rows it is not known where they lie.
    """

    reading: Reading
    sources: tuple[Layer, ...] = ()
    areas: Layer | None = None
    label: str = ""
    column: str = ""
    warnings: tuple[str, ...] = ()


def with_crs(reading: Reading, code: str, where: str) -> Reading:
    """Return the reading with the CRS that was asked for in place of the file's own."""
    if not code:
        return reading
    asked = asked_crs(code)
    own = reading.frame.crs
    notes = reading.notes
    if own is not None and own != asked:
        notes = (
            *notes,
            f"{where} says {own.to_string():.60} and is taken as {asked.to_string()}, as you asked.",
        )
    return replace(reading, frame=reading.frame.set_crs(asked, allow_override=True), notes=notes)
