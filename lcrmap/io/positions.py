"""Points from two columns of a table: which columns, in which CRS, and what was guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj
import shapely

from lcrmap.errors import CRSError, GeometryError, UnknownNameError, UsageError
from lcrmap.io.cells import NUMBER
from lcrmap.io.crs import DEGREES, asked_crs, named_crs

__all__ = [
    "SHOWN",
    "PointColumns",
    "choose_columns",
    "coordinates",
    "point_shapes",
    "points",
    "position_notes",
    "system_of",
]

NATIONAL_GRID = "EPSG:27700"

# Pairs of names by which people call their coordinate columns, and the CRS that each pair implies;
# an empty one is told from the numbers.
_PAIRS: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        ("longitude", "lon", "long", "lng", "longitude_dd", "x_longitude"),
        ("latitude", "lat", "latitude_dd", "y_latitude"),
        DEGREES,
    ),
    (
        ("easting", "eastings", "east", "oseast1m", "gridgb1e", "bng_e", "osgb_x", "east1m"),
        ("northing", "northings", "north", "osnrth1m", "gridgb1n", "bng_n", "osgb_y", "north1m"),
        NATIONAL_GRID,
    ),
    (("x", "x_coord", "xcoord", "coord_x"), ("y", "y_coord", "ycoord", "coord_y"), ""),
)

SHOWN: Final = 5
"""How many lines a note lists."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class PointColumns:
    """The two columns that hold the coordinates and what is implied of their CRS."""

    x: str
    y: str
    crs: str
    guessed: bool


def choose_columns(names: Sequence[str], where: str, *, x: str = "", y: str = "") -> PointColumns:
    """Choose the coordinate columns: the ones asked for, else a pair known by name.

    Raises
    ------
    UsageError
        If only one of the two is asked for.
    UnknownNameError
        If one that is asked for does not exist.
    GeometryError
        If none is asked for and no pair of names is known; the message lists the columns.
    """
    if bool(x) != bool(y):
        raise UsageError("Name both coordinate columns: --x for east-west and --y for north-south.")
    if x and y:
        for name in (x, y):
            if name not in names:
                raise UnknownNameError("column", name, names, where=where)
        return PointColumns(x, y, _implied(x, y), guessed=False)
    folded = {name.casefold().replace(" ", "_"): name for name in reversed(names)}
    for xs, ys, crs in _PAIRS:
        east = next((folded[each] for each in xs if each in folded), "")
        north = next((folded[each] for each in ys if each in folded), "")
        if east and north:
            return PointColumns(east, north, crs, guessed=True)
    coded = next((name for short, name in folded.items() if "postcode" in short), "")
    postcodes = f" (the postcodes in '{coded}' are not looked up)" if coded else ""
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    raise GeometryError(
        f"{where} has no columns that look like coordinates (it has {shown}){postcodes}: "
        f"name them with --x and --y, and their system with --crs."
    )


def _implied(x: str, y: str) -> str:
    for xs, ys, crs in _PAIRS:
        if x.casefold() in xs and y.casefold() in ys:
            return crs
    return ""


def points(
    chosen: PointColumns, cells: Mapping[str, pa.ChunkedArray], where: str, *, crs: str = ""
) -> tuple[Any, pyproj.CRS, list[str]]:
    """Return the points, their CRS, and what was guessed.

    Parameters
    ----------
    cells
        The text of each column.
    crs
        The CRS that was asked for; empty to go by the columns' names and numbers.

    Raises
    ------
    GeometryError
        If a coordinate cell holds something else than a number.
    CRSError
        If the CRS cannot be told from names or numbers.
    """
    east, north = coordinates(chosen, cells, where)
    system = system_of(chosen, crs, east, north, where)
    half = np.flatnonzero(np.isnan(east) != np.isnan(north))
    notes = position_notes(chosen, crs, system, half[:SHOWN].tolist(), len(half), where)
    return point_shapes(east, north), system, notes


def coordinates(
    chosen: PointColumns, cells: Mapping[str, pa.ChunkedArray], where: str
) -> tuple[Floats, Floats]:
    """Return the numbers of both columns, NaN where a cell is empty; raises as `points` does."""
    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        pair = [pool.submit(_numbers, cells[name], name, where) for name in (chosen.x, chosen.y)]
    return pair[0].result(), pair[1].result()


def system_of(
    chosen: PointColumns, crs: str, east: Floats, north: Floats, where: str
) -> pyproj.CRS:
    """Return the CRS: the one asked for, else that of the columns' names, else that of their numbers.

    The numbers' least and greatest are as good as all of them. Raises CRSError if they tell nothing.
    """
    asked = crs or chosen.crs
    return asked_crs(asked) if asked else named_crs(_by_numbers(east, north, chosen, where))


def position_notes(
    chosen: PointColumns, crs: str, system: pyproj.CRS, half: list[int], count: int, where: str
) -> list[str]:
    """Say what was guessed, and which rows have one coordinate only: the first of them, and how many."""
    notes = []
    if chosen.guessed:
        notes.append(
            f"The positions of {where} are taken from its columns '{chosen.x}' and '{chosen.y}' as "
            f"{system.to_string()}: if that is wrong, give --x, --y and --crs."
        )
    elif not crs:
        notes.append(
            f"The positions of {where} are taken as {system.to_string()}: if that is wrong, give --crs."
        )
    if count:
        lines = ", ".join(str(row + 2) for row in half[:SHOWN])
        more = f" and {count - SHOWN} more" if count > SHOWN else ""
        notes.append(
            f"{where} has one coordinate without the other in line {lines}{more}: "
            f"these rows count as having no position."
        )
    return notes


def point_shapes(east: Floats, north: Floats) -> Any:
    """Return an array of points, None where a coordinate is missing."""
    placed = ~(np.isnan(east) | np.isnan(north))
    shapes = np.full(len(east), None, dtype=object)
    shapes[placed] = shapely.points(east[placed], north[placed])
    return shapes


def _numbers(cells: pa.ChunkedArray, name: str, where: str) -> np.ndarray[Any, Any]:
    quick = _plain_numbers(cells)
    if quick is not None:
        return quick
    blank = pc.match_substring_regex(cells, r"^\s*$")
    cells = pc.if_else(blank, pa.scalar(None, pa.string()), cells)
    wrong = pc.invert(pc.match_substring_regex(cells, NUMBER))
    rows = np.flatnonzero(pc.fill_null(wrong, False).to_numpy(zero_copy_only=False))
    if len(rows):
        value = str(cells[int(rows[0])].as_py())
        more = f", and {len(rows) - 1} more such" if len(rows) > 1 else ""
        raise GeometryError(
            f"Line {rows[0] + 2} of {where} holds '{value:.40}' in the coordinate column "
            f"'{name}'{more}: {_remedy(value)}."
        )
    trimmed = pc.utf8_trim_whitespace(cells)
    signed = pc.replace_substring_regex(trimmed, r"^\+", "")
    numbers = pc.cast(signed, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(numbers, dtype="float64")


def _plain_numbers(cells: pa.ChunkedArray) -> np.ndarray[Any, Any] | None:
    """Return cells that are numbers as Arrow knows them; None if one is not, or is not finite."""
    try:
        numbers = pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    finite = int(np.isfinite(numbers).sum())
    return numbers if finite + cells.null_count == len(cells) else None


def _remedy(value: str) -> str:
    bare = value.strip().casefold()
    if bare in ("nan", "inf", "-inf", "infinity", "-infinity", "na", "n/a", "null", "none", "#n/a"):
        return "leave the cell empty where there is no position"
    if "," in bare and bare.replace(",", "").replace("-", "").isdigit():
        return "write a decimal point, and no commas between thousands"
    return "write a decimal number such as -2.9916"


def _by_numbers(east: Any, north: Any, chosen: PointColumns, where: str) -> str:
    with np.errstate(invalid="ignore"):
        if not np.isfinite(east).any() or not np.isfinite(north).any():
            return DEGREES
        if np.nanmax(np.abs(east)) <= 180 and np.nanmax(np.abs(north)) <= 90:
            return DEGREES
        inside = (np.nanmin(east) >= 0) & (np.nanmax(east) <= 700_000)
        inside &= (np.nanmin(north) >= 0) & (np.nanmax(north) <= 1_300_000)
    if inside:
        return NATIONAL_GRID
    raise CRSError(
        f"The numbers in '{chosen.x}' and '{chosen.y}' of {where} are neither degrees nor British "
        f"National Grid: say which system they are in with --crs, such as --crs EPSG:3857."
    )
