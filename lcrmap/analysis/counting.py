"""How many, how much in each area: figures that add up, with the range that uncertain positions leave.

The rows of every figure are the areas in their order, then what lies outside all of them, then what has no position,
then the total. The first three kinds always add up to the fourth; `count_points` raises rather than return figures that
do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import Possible
from lcrmap.analysis.joining import Matched
from lcrmap.analysis.locating import NOWHERE
from lcrmap.errors import SumError

__all__ = [
    "EXTRA_ROWS",
    "STATISTICS",
    "Figure",
    "FigureKind",
    "count_points",
    "cross_tabulate",
    "rate",
    "share",
    "summarise",
]

EXTRA_ROWS: Final = ("outside", "no-position", "total")
"""What follows the areas in every figure."""

STATISTICS: Final = ("sum", "mean", "min", "max", "median")

FigureKind = Literal["count", "statistic", "category", "share", "rate", "base"]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One column of figures: a number for each area, for outside, for no position, and in all.

    Attributes
    ----------
    name, title, unit
        The column's name, its readable title, and the unit of its numbers.
    values
        float64, NaN where there is no data (nought is data); as long as there are areas, plus three.
    low, high
        The least and the most that the numbers can be within the positions' errors; None where no error is
        known, or where a range means nothing.
    whole
        Whether the numbers are whole.
    """

    name: str
    title: str
    kind: FigureKind
    values: Floats
    low: Floats | None = None
    high: Floats | None = None
    unit: str = ""
    whole: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether any number has a range."""
        return self.low is not None and self.high is not None and bool((self.low < self.high).any())


class _Groups:
    """The rows of a figure into which the points fall, surely and possibly."""

    def __init__(self, matched: Matched, areas: int, possible: Possible | None) -> None:
        self.areas = areas
        row = matched.first()
        row[row == NOWHERE] = areas
        row[matched.unplaced] = areas + 1
        self.row: Rows = row
        self._pairs: tuple[Rows, Rows] | None = None
        if possible is not None:
            where = np.where(possible.area == NOWHERE, areas, possible.area)
            choices = np.bincount(possible.point, minlength=len(row))
            open_ = choices[possible.point] > 1
            self._pairs = (possible.point[open_], where[open_])
            self._sure = choices <= 1

    def sums(self, weights: Any, chosen: Any) -> Floats:
        """Add up the weights of the chosen points, row by row, exactly: in any order the same."""
        sums = _exact_sums(self.row[chosen], weights[chosen], self.areas + 2)
        return np.append(sums, _exact_sums(np.zeros_like(self.row)[chosen], weights[chosen], 1))

    def ranges(self, weights: Any, chosen: Any) -> tuple[Floats, Floats] | tuple[None, None]:
        """Return the least and the most that each sum can be."""
        if self._pairs is None:
            return None, None
        point, row = self._pairs
        kept = chosen[point]
        point, row = point[kept], row[kept]
        base = self.sums(weights, chosen & self._sure)[:-1]
        total = self.sums(weights, chosen)[-1:]
        open_ = weights[point]
        low = base + _exact_sums(row, np.minimum(open_, 0), self.areas + 2)
        high = base + _exact_sums(row, np.maximum(open_, 0), self.areas + 2)
        return np.append(low, total), np.append(high, total)


def _exact_sums(row: Rows, weights: Any, size: int) -> Floats:
    """Add up weights by row; floats without rounding on the way, so that their order does not matter."""
    if pd.api.types.is_integer_dtype(weights.dtype):
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, row, weights)
        return sums.astype("float64")
    result = np.zeros(size)
    order = np.argsort(row, kind="stable")
    found, starts = np.unique(row[order], return_index=True)
    parts = np.split(weights[order], starts[1:]) if len(found) else []
    result[found] = [math.fsum(part.tolist()) for part in parts]
    return result


def count_points(
    matched: Matched, areas: int, possible: Possible | None = None, *, title: str = "Count"
) -> Figure:
    """Count points by area.

    Parameters
    ----------
    matched
        Where they lie, one area each, as `lcrmap.analysis.joining.match_areas` finds it.
    areas
        How many areas there are.
    possible
        Where they may lie; None if no position error is known.

    Returns
    -------
    Figure
        Whole numbers; nought where there is nothing.

    Raises
    ------
    SumError
        If areas, outside and no position together are not the total: a fault of lcrmap.

    Examples
    --------
    >>> three = Matched(np.array([0, 1]), np.array([1, 1]), np.array([False, False, True]))
    >>> count_points(three, 2).values.tolist()
    [0.0, 2.0, 0.0, 1.0, 3.0]
    """
    groups = _Groups(matched, areas, possible)
    everything = np.ones(len(groups.row), dtype=bool)
    figure = _sum("count", title, "count", groups, everything.astype(np.int64), everything)
    return _adding_up(figure, len(everything))


def summarise(
    matched: Matched,
    areas: int,
    values: pd.Series[Any],
    statistic: str,
    possible: Possible | None = None,
    *,
    name: str,
    title: str,
    unit: str = "",
) -> Figure:
    """Summarise a column of numbers by area.

    Parameters
    ----------
    values
        One number for each point; those that are missing are left out.
    statistic
        One of `STATISTICS`.

    Returns
    -------
    Figure
        A sum over no point is nought; over points that all lack a number, and any other statistic of nothing, there is
        no data. Only a sum has a range.
    """
    groups = _Groups(matched, areas, possible)
    known = values.notna().to_numpy()
    if statistic == "sum":
        figure = _sum(name, title, "statistic", groups, _numbers(values), known, unit)
        some = groups.sums(np.ones(len(known), dtype=np.int64), known) > 0
        empty = groups.sums(np.ones(len(known), dtype=np.int64), np.ones_like(known)) == 0
        return replace(figure, values=np.where(some | empty, figure.values, np.nan))
    numbers = _numbers(values)
    rows = [*((groups.row == row) & known for row in range(areas + 2)), known]
    found = [_statistic(numbers[row], statistic) for row in rows]
    whole = statistic in ("min", "max") and pd.api.types.is_integer_dtype(numbers.dtype)
    return Figure(name, title, "statistic", np.array(found), unit=unit, whole=whole)


def cross_tabulate(
    matched: Matched,
    areas: int,
    codes: Rows,
    columns: Sequence[tuple[str, str]],
    possible: Possible | None = None,
    *,
    values: pd.Series[Any] | None = None,
    statistic: str = "count",
    unit: str = "",
) -> list[Figure]:
    """Make one figure for each category.

    Parameters
    ----------
    codes
        For each point the number of its category in `columns`.
    columns
        Name and title of each category's column.
    values, statistic, unit
        What to summarise by category; without them the points are counted.

    Raises
    ------
    SumError
        If the categories' counts are not the count: a fault of lcrmap.
    """
    groups = _Groups(matched, areas, possible)
    ones = np.ones(len(codes), dtype=np.int64)
    counts = [groups.sums(ones, codes == number) for number in range(len(columns))]
    if (sum(counts, np.zeros(areas + 3)) != groups.sums(ones, ones > 0)).any():
        raise SumError("The categories do not add up to the count: please report this fault.")
    figures = []
    for number, (name, title) in enumerate(columns):
        chosen = codes == number
        if values is None or statistic == "count":
            figures.append(_sum(name, title, "category", groups, ones, chosen))
            continue
        one = summarise(
            matched,
            areas,
            values.where(chosen),
            statistic,
            possible,
            name=name,
            title=title,
            unit=unit,
        )
        nothing = counts[number] == 0
        filled = np.where(nothing & (statistic == "sum"), 0.0, one.values)
        figures.append(replace(one, kind="category", values=filled))
    return figures


def share(figure: Figure) -> Figure:
    """Return a figure's numbers as per cents of its total; no decimals under a total of 100, else one."""
    total = figure.values[-1]
    digits = 1 if total >= 100 else 0
    with np.errstate(invalid="ignore", divide="ignore"):
        per_cent = np.round(100 * figure.values / total, digits)
    per_cent[~np.isfinite(per_cent)] = np.nan
    title = f"{figure.title}, share"
    return Figure(f"{figure.name}_share", title, "share", per_cent, unit="%", whole=digits == 0)


def rate(
    figure: Figure, base: Floats, *, name: str, title: str, unit: str, per: float = 1
) -> Figure:
    """Divide a figure by what each area has of something, such as its square kilometres.

    Parameters
    ----------
    base
        One number an area; where it is missing or not above nought there is no data.
    per
        So many units of the base count as one, such as 10,000 residents.

    Returns
    -------
    Figure
        To four significant figures. No data for outside, no position and total, which have no such base.
    """
    below = np.where(base > 0, base / per, np.nan)
    padded = np.append(below, [np.nan] * len(EXTRA_ROWS))

    low, high = (
        None if each is None else _to_four(each / padded) for each in (figure.low, figure.high)
    )
    return Figure(name, title, "rate", _to_four(figure.values / padded), low, high, unit)


def _to_four(values: Floats) -> Floats:
    return np.array([float(f"{each:.4g}") for each in values.tolist()])


def _sum(
    name: str,
    title: str,
    kind: FigureKind,
    groups: _Groups,
    weights: Any,
    chosen: Any,
    unit: str = "",
) -> Figure:
    low, high = groups.ranges(weights, chosen)
    whole = bool(pd.api.types.is_integer_dtype(weights.dtype))
    return Figure(name, title, kind, groups.sums(weights, chosen), low, high, unit, whole)


def _numbers(values: pd.Series[Any]) -> Any:
    """Return a column as int64 if it is whole, nought where it is missing, else as float64."""
    filled = values.fillna(0)
    return filled.to_numpy(dtype="int64" if pd.api.types.is_integer_dtype(values) else "float64")


def _statistic(numbers: Any, statistic: str) -> float:
    if len(numbers) == 0:
        return math.nan
    if statistic == "mean":
        return math.fsum(numbers.tolist()) / len(numbers)
    if statistic == "median":
        return float(np.median(numbers))
    return float(numbers.min() if statistic == "min" else numbers.max())


def _adding_up(figure: Figure, total: int) -> Figure:
    if figure.values[:-1].sum() != total or figure.values[-1] != total:
        raise SumError(
            f"The counts do not add up to the {total:,} rows, so none is shown: please report this fault."
        )
    return figure
