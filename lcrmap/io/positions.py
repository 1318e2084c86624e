"""Points from the columns of a table: their numbers, their CRS, and what was odd about them.

A cell that says that there is no position (``NULL``, ``n/a``, ``-``) is none; one that holds something else than a
number costs its row the position and not the file. Each kind is counted and its first rows are kept, so that all of
it can be said; of rows in parts, ``+`` puts what was odd together. Where a table has a second pair of columns, a row
whose first is empty takes its position from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyproj

from lcrmap.checks.formulas import NUMBER
from lcrmap.checks.parts import Concerned
from lcrmap.checks.registry import SLACK
from lcrmap.errors import CRSError, GeometryError
from lcrmap.io.coordinate_columns import NATIONAL_GRID, PointColumns
from lcrmap.io.crs import DEGREES, asked_crs, named_crs
from lcrmap.io.reading import Told
from lcrmap.layers.points import PointArray

__all__ = [
    "Odd",
    "Positions",
    "coordinates",
    "points",
    "position_notes",
    "refuse_broken",
    "system_of",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Cells = Mapping[str, Any]  # a pyarrow.ChunkedArray of text for each column

_SHOWN: Final = 5  # as many lines a note lists
_FAR_M: Final = 50.0  # so far two positions of one row may lie from each other without a word
# The latitude of what has none, in the National Statistics postcode lists.
_NONE_SOUTH: Final = 99.999999
_SAY_NONE: Final = (
    "null", "none", "na", "n/a", "#n/a", "n.a.", "nan", "nil", "-", "--", "unknown", "not known", "not available",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Odd:
    """What was odd about the positions of some rows that follow each other.

    Attributes
    ----------
    placed
        How many rows have a position.
    half
        The rows with one coordinate and not the other.
    absent
        Those in which a cell says that there is none.
    broken
        Those in which a cell holds something else than a number; each value has the column and the cell.
    second
        How many took their position from the second pair of columns.
    apart
        Those of which the two pairs lie more than 50 m from each other.
    """

    placed: int = 0
    half: Concerned = field(default_factory=Concerned)
    absent: Concerned = field(default_factory=Concerned)
    broken: Concerned = field(default_factory=Concerned)
    second: int = 0
    apart: Concerned = field(default_factory=Concerned)

    def __add__(self, other: Odd) -> Odd:
        return Odd(
            self.placed + other.placed,
            self.half + other.half,
            self.absent + other.absent,
            self.broken + other.broken,
            self.second + other.second,
            self.apart + other.apart,
        )

    def behind(self, rows: int) -> Odd:
        """Return the same, counted from a row that stands so many rows before."""
        return Odd(
            self.placed,
            self.half.behind(rows),
            self.absent.behind(rows),
            self.broken.behind(rows),
            self.second,
            self.apart.behind(rows),
        )


@dataclass(frozen=True, slots=True)
class Positions:
    """The numbers of some rows, east-west and north-south, NaN where there is no position, and what was odd."""

    east: Floats
    north: Floats
    odd: Odd


def points(
    pairs: Sequence[PointColumns], cells: Cells, table: Told, *, crs: str, strict: bool
) -> tuple[Any, pyproj.CRS, list[str]]:
    """Return the points, their CRS, and what was guessed or odd.

    Parameters
    ----------
    pairs
        The columns, as `lcrmap.io.coordinate_columns.choose_columns` gives them.
    cells
        The text of each column.
    crs
        The CRS that was asked for; empty to go by the columns' names and numbers.
    table
        How messages name the table and its rows.
    strict
        Whether a cell that holds something else than a number refuses the table.

    Raises
    ------
    GeometryError
        If more cells hold something else than a number than do, or one does where that is asked for.
    CRSError
        If the CRS cannot be told from names or numbers.
    """
    found = coordinates(pairs, cells, compare=True)
    refuse_broken(found.odd, table, strict=strict)
    system = system_of(pairs[0], crs, found.east, found.north, table.where)
    notes = position_notes(pairs, crs, system, found.odd, table)
    east, north = found.east, found.north
    beyond = _beyond(east, north) if system.is_geographic and not strict else np.empty(0, dtype=int)
    if (
        0 < len(beyond) <= found.odd.placed / 2
    ):  # more of them, and the system is not what is claimed
        rows = _concerned(beyond)
        notes.append(
            f"{table.where} has positions beyond 180 degrees of longitude or 90 of latitude in "
            f"{_in_rows(rows, table)}: {_these(rows)} as having no position; correct the numbers, "
            f"or refuse such a file with --strict."
        )
        east, north = (_without(each, beyond) for each in (east, north))
    return PointArray.of(east, north), system, notes


def _beyond(east: Floats, north: Floats) -> Any:
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(east) > 180 + SLACK) | (np.abs(north) > 90 + SLACK)
    return np.flatnonzero(beyond & np.isfinite(east) & np.isfinite(north))


def _without(numbers: Floats, rows: Any) -> Floats:
    """Return numbers with a gap in some rows."""
    kept = numbers.copy()
    kept[rows] = np.nan
    return kept


def coordinates(pairs: Sequence[PointColumns], cells: Cells, *, compare: bool = False) -> Positions:
    """Return the numbers of the columns.

    Parameters
    ----------
    compare
        Whether to look if two pairs say the same; without, the second is read in gaps of the first alone.
    """
    first = _pair(pairs[0], cells)
    gaps = first.gaps
    if len(pairs) == 1 or not (compare or gaps.any()):
        return Positions(first.east, first.north, _odd(first, cells, gaps))
    rows = np.arange(len(gaps)) if compare else np.flatnonzero(gaps)
    taken = {name: cells[name].take(pa.array(rows)) for name in (pairs[1].x, pairs[1].y)}
    second = np.full((2, len(gaps)), np.nan)
    second[:, rows] = _in_system(_pair(pairs[1], taken), pairs[1].crs, pairs[0].crs)
    known = ~np.isnan(second).any(axis=0)
    filled = gaps & known
    both = np.flatnonzero(~gaps & known)
    apart = both[_apart(first.east[both], first.north[both], second[:, both], pairs[0].crs)]
    odd = _odd(first, cells, gaps & ~filled)
    return Positions(
        np.where(filled, second[0], first.east),
        np.where(filled, second[1], first.north),
        replace(odd, second=int(filled.sum()), apart=_concerned(apart)),
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """The numbers of two columns, and the rows in which a cell says "none" or holds no number, by column."""

    east: Floats
    north: Floats
    absent: dict[str, Any]
    wrong: dict[str, Any]

    @property
    def gaps(self) -> Any:
        """Which rows lack a number."""
        return np.isnan(self.east) | np.isnan(self.north)


def _pair(chosen: PointColumns, cells: Cells) -> _Pair:
    with ThreadPoolExecutor() as pool:  # Arrow works outside the interpreter's lock
        read = [pool.submit(_numbers, cells[name]) for name in (chosen.x, chosen.y)]
    (east, *odd_east), (north, *odd_north) = (each.result() for each in read)
    absent = {chosen.x: odd_east[0], chosen.y: odd_north[0]}
    if chosen.crs == DEGREES and len(north) and np.fmax.reduce(north) > 90:
        listed = north == _NONE_SOUTH
        absent[chosen.y] = np.union1d(absent[chosen.y], np.flatnonzero(listed))
        east, north = (np.where(listed, np.nan, each) for each in (east, north))
    return _Pair(east, north, absent, {chosen.x: odd_east[1], chosen.y: odd_north[1]})


def _odd(pair: _Pair, cells: Cells, gaps: Any) -> Odd:
    """Say what was odd about a pair in those of its gaps that nothing filled."""
    placed = len(gaps) - int(gaps.sum())
    if placed == len(gaps):
        return Odd(placed)
    broken = _told(pair.wrong, cells, gaps)
    gaps = gaps.copy()
    gaps[np.concatenate([*pair.wrong.values()])] = False
    absent = _told(pair.absent, cells, gaps)
    gaps[np.concatenate([*pair.absent.values()])] = False
    half = np.flatnonzero(gaps & (np.isnan(pair.east) != np.isnan(pair.north)))
    return Odd(placed, _concerned(half), absent, broken)


def _told(by_column: dict[str, Any], cells: Cells, wanted: Any) -> Concerned:
    """Return rows with the cell for which each is listed, as far as they are wanted."""
    rows = np.unique(np.concatenate([*by_column.values()]))
    rows = rows[wanted[rows]]
    shown = []
    for row in rows[:_SHOWN].tolist():
        column = next(name for name, some in by_column.items() if row in some)
        shown.append({"column": column, "cell": str(cells[column][row].as_py()).strip()})
    return Concerned(len(rows), tuple(rows[:_SHOWN].tolist()), tuple(shown))


def _concerned(rows: Any) -> Concerned:
    return Concerned(len(rows), tuple(rows[:_SHOWN].tolist()))


def _in_system(pair: _Pair, own: str, wanted: str) -> tuple[Floats, Floats]:
    """Return numbers in another system; their own is told row by row where the columns' names do not tell it."""
    east, north = pair.east.copy(), pair.north.copy()
    degrees = (np.abs(east) <= 180) & (np.abs(north) <= 90)
    by_row = {DEGREES: degrees, NATIONAL_GRID: ~degrees}
    for crs, rows in ({own: ~pair.gaps} if own else by_row).items():
        if crs != wanted and rows.any():
            turn = pyproj.Transformer.from_crs(crs, wanted, always_xy=True)
            east[rows], north[rows] = turn.transform(east[rows], north[rows])
    lost = ~(np.isfinite(east) & np.isfinite(north))
    east[lost] = north[lost] = np.nan
    return east, north


def _apart(east: Floats, north: Floats, second: Floats, crs: str) -> Any:
    """Tell which positions lie more than 50 m from their twins."""
    x, y = second
    if crs == NATIONAL_GRID:
        return np.hypot(east - x, north - y) > _FAR_M
    flat = np.hypot((east - x) * np.cos(np.radians(north)), north - y) * 111_000
    doubtful = np.flatnonzero(flat > _FAR_M * 0.9)
    metres = np.zeros(len(east))
    metres[doubtful] = pyproj.Geod(ellps="WGS84").inv(
        east[doubtful], north[doubtful], x[doubtful], y[doubtful]
    )[2]
    return metres > _FAR_M


def system_of(
    chosen: PointColumns, crs: str, east: Floats, north: Floats, where: str
) -> pyproj.CRS:
    """Return the CRS: the one asked for, else that of the columns' names, else that of their numbers.

    The numbers' least and greatest are as good as all of them. Raises CRSError if they tell nothing.
    """
    asked = crs or chosen.crs
    return asked_crs(asked) if asked else named_crs(_by_numbers(east, north, chosen, where))


def refuse_broken(odd: Odd, table: Told, *, strict: bool) -> None:
    """Refuse a table in which most positions are no numbers; if it is to be strict, one in which any is not.

    Raises
    ------
    GeometryError
        It says the first such cell, and how to mend it.
    """
    wrong = odd.broken + odd.absent if strict else odd.broken
    if not wrong.count or not (strict or wrong.count > odd.placed):
        return
    value, column = wrong.values[0]["cell"], wrong.values[0]["column"]
    more = f", and {wrong.count - 1:,} more such" if wrong.count > 1 else ""
    row = f"{table.word.capitalize()} {table.numbers(wrong.rows[:1])[0]}"
    raise GeometryError(
        f"{row} of {table.where} holds '{value:.40}' in the coordinate column '{column}'{more}: "
        f"{_remedy(value)}."
    )


def position_notes(
    pairs: Sequence[PointColumns],
    crs: str,
    system: pyproj.CRS,
    odd: Odd,
    table: Told,
) -> list[str]:
    """Say what was guessed, and which rows have no position though something stands in their cells."""
    chosen, where = pairs[0], table.where
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
    if odd.second:
        rows = "1 row takes its" if odd.second == 1 else f"{odd.second:,} rows take their"
        notes.append(
            f"{rows} position from the columns '{pairs[1].x}' and '{pairs[1].y}' of {where}, "
            f"since '{chosen.x}' and '{chosen.y}' hold none there."
        )
    if odd.apart.count:
        notes.append(
            f"{where} says two positions more than {_FAR_M:.0f} m from each other in {_in_rows(odd.apart, table)}: "
            f"those of '{chosen.x}' and '{chosen.y}' are taken."
        )
    return notes + _gap_notes(odd, table)


def _gap_notes(odd: Odd, table: Told) -> list[str]:
    """Say which rows have no position though something stands in their cells."""
    where, notes = table.where, []
    if odd.half.count:
        notes.append(
            f"{where} has one coordinate without the other in {_in_rows(odd.half, table)}: "
            f"{_these(odd.half)} as having no position."
        )
    if odd.absent.count:
        cell = odd.absent.values[0]["cell"]
        notes.append(
            f"{where} says '{cell:.20}' in place of a position in {_in_rows(odd.absent, table)}: "
            f"{_these(odd.absent)} as having none."
        )
    if odd.broken.count:
        value, column = odd.broken.values[0]["cell"], odd.broken.values[0]["column"]
        notes.append(
            f"{where} holds no number in its coordinate columns ('{value:.40}' in '{column}') in "
            f"{_in_rows(odd.broken, table)}: {_these(odd.broken)} as having no position; "
            f"{_remedy(value)}, or refuse such a file with --strict."
        )
    return notes


def _these(rows: Concerned) -> str:
    return "this row counts" if rows.count == 1 else "these rows count"


def _in_rows(rows: Concerned, table: Told) -> str:
    shown = ", ".join(map(str, table.numbers(rows.rows[:_SHOWN])))
    more = f" and {rows.count - _SHOWN:,} more" if rows.count > _SHOWN else ""
    return f"{table.word} {shown}{more}"


def _numbers(cells: pa.ChunkedArray) -> tuple[Floats, Any, Any]:
    """Return the numbers of a column, the rows whose cell says that there is none, and those that hold no number."""
    none = np.empty(0, dtype=np.int64)
    quick = _plain_numbers(cells)
    if quick is not None:
        return quick, none, none
    trimmed = pc.utf8_trim_whitespace(cells)
    absent = pc.is_in(pc.utf8_lower(trimmed), pa.array(_SAY_NONE))
    number = pc.match_substring_regex(trimmed, NUMBER)
    wrong = pc.and_not(pc.and_not(pc.invert(number), absent), pc.equal(trimmed, ""))
    signed = pc.replace_substring_regex(trimmed, r"^\+", "")
    kept = pc.if_else(number, signed, pa.scalar(None, pa.string()))
    numbers = pc.cast(kept, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(numbers, dtype="float64"), _rows(absent), _rows(wrong)


def _rows(mask: pa.ChunkedArray) -> Any:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))


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
    if bare in _SAY_NONE or bare in ("inf", "-inf", "infinity", "-infinity"):
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
