"""How many, how much in each area: figures that add up, with the range that uncertain positions leave.

The rows of every figure are the areas in their order, then what lies outside all of them, then what has no position,
then the total. The first three kinds always add up to the fourth; `count_points` raises rather than return figures that
do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from lcrmap.analysis.certainty import Possible
from lcrmap.analysis.exact_sums import ExactSums
from lcrmap.analysis.joining import Matched
from lcrmap.analysis.locating import NOWHERE
from lcrmap.analysis.medians import ROOM, Cells, Middles, few_held
from lcrmap.errors import SumError

__all__ = [
    "EXTRA_ROWS",
    "STATISTICS",
    "Category",
    "Figure",
    "FigureKind",
    "Groups",
    "Summary",
    "Sums",
    "categories_in",
    "count_figure",
    "count_points",
    "counts_of",
    "cross_tabulate",
    "merged_categories",
    "numbers_of",
    "rate",
    "share",
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
    lacking
        Of a sum, the rows in which something has no number, so that the sum may be another; None of other figures.
    """

    name: str
    title: str
    kind: FigureKind
    values: Floats
    low: Floats | None = None
    high: Floats | None = None
    unit: str = ""
    whole: bool = False
    lacking: Any = None

    @property
    def uncertain(self) -> bool:
        """Whether any number has a range."""
        return self.low is not None and self.high is not None and bool((self.low < self.high).any())

    @property
    def inside(self) -> float:
        """The sum of the numbers of all areas."""
        return float(np.nansum(self.values[: -len(EXTRA_ROWS)]))

    def without(self, areas: Any) -> Figure:
        """Return it without data in some areas.

        Parameters
        ----------
        areas
            A mask of the areas, such as of those whose shape is not known: nobody knows what lies in them.

        Examples
        --------
        >>> import numpy as np
        >>> Figure("count", "Places", "count", np.array([2.0, 0.0, 1.0, 0.0, 3.0])).without([False, True]).values
        array([ 2., nan,  1.,  0.,  3.])
        """
        return self.where(~np.append(areas, np.zeros(len(EXTRA_ROWS), dtype=bool)))

    def where(self, known: Any) -> Figure:
        """Return it with data only in the rows of a mask."""
        values = np.where(known, self.values, np.nan)
        low, high = (
            None if each is None else np.where(known, each, np.nan)
            for each in (self.low, self.high)
        )
        return replace(self, values=values, low=low, high=high)


class Groups:
    """The rows of a figure into which the points of some piece fall, surely and possibly.

    Parameters
    ----------
    matched
        Where they lie, one area each, as `lcrmap.analysis.joining.match_areas` finds it.
    areas
        How many areas there are.
    possible
        Where they may lie; None if no position error is known.
    """

    def __init__(self, matched: Matched, areas: int, possible: Possible | None = None) -> None:
        self.areas = areas
        row = matched.first()
        row[row == NOWHERE] = areas
        row[matched.unplaced] = areas + 1
        self.row: Rows = row
        self.ranged = possible is not None
        self.sure = np.ones(len(row), dtype=bool)
        self.open: tuple[Rows, Rows] = (np.empty(0, dtype=np.int64),) * 2
        if possible is not None:
            where = np.where(possible.area == NOWHERE, areas, possible.area)
            choices = np.bincount(possible.point, minlength=len(row))
            several = choices[possible.point] > 1
            self.open = possible.point[several], where[several]
            self.sure = choices <= 1


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by row, and what they may be; ``+`` puts those of two pieces together.

    Attributes
    ----------
    found, sure
        By the areas in which the points were found, and of those alone that can lie nowhere else.
    low, high
        What the others can at least and at most add to each row.
    ranged
        Whether the error of any position is known.
    """

    found: ExactSums
    sure: ExactSums
    low: ExactSums
    high: ExactSums
    ranged: bool

    @classmethod
    def of(cls, groups: Groups, weights: Any, chosen: Any) -> Sums:
        """Add up the weights of the chosen points."""
        size = groups.areas + 2
        sure = chosen & groups.sure
        point, row = groups.open
        kept = chosen[point]
        open_, row = weights[point[kept]], row[kept]
        return cls(
            ExactSums.of(groups.row[chosen], weights[chosen], size),
            ExactSums.of(groups.row[sure], weights[sure], size),
            ExactSums.of(row, np.minimum(open_, 0), size),
            ExactSums.of(row, np.maximum(open_, 0), size),
            groups.ranged,
        )

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.found + other.found,
            self.sure + other.sure,
            self.low + other.low,
            self.high + other.high,
            self.ranged or other.ranged,
        )

    @property
    def values(self) -> Floats:
        """The sums of the rows, and of all."""
        return np.append(self.found.values, self.found.total)

    @property
    def range(self) -> tuple[Floats, Floats] | tuple[None, None]:
        """The least and the most that each sum can be; None if no error is known."""
        if not self.ranged:
            return None, None
        base, total = self.sure.values, self.found.total
        return (
            np.append(base + self.low.values, total),
            np.append(base + self.high.values, total),
        )

    def figure(
        self, name: str, title: str, kind: FigureKind, unit: str = "", *, whole: bool
    ) -> Figure:
        """Return them as a column."""
        low, high = self.range
        return Figure(name, title, kind, self.values, low, high, unit, whole)


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What is known of a column of numbers by row; ``+`` puts those of two pieces together.

    Attributes
    ----------
    statistic
        One of `STATISTICS`.
    points, known
        By row, how many points there are, and how many have a number.
    sums
        Of a sum or a mean, the sums.
    ends
        Of the least and the greatest, by row; NaN where there is none.
    middles
        Of a median, the numbers themselves while they are few, and of many how they are spread.
    whole
        Whether the numbers are whole.
    """

    statistic: str
    points: Rows
    known: Rows
    whole: bool
    sums: Sums | None = None
    ends: Floats | None = None
    middles: Middles | None = None

    @classmethod
    def of(
        cls,
        groups: Groups,
        values: pd.Series[Any],
        statistic: str,
        chosen: Any,
        *,
        room: int = ROOM,
    ) -> Summary:
        """Summarise the numbers of the chosen points; those that are missing are left out.

        Parameters
        ----------
        room
            Into how many cells the numbers of a median may be divided; see `lcrmap.analysis.medians`.
        """
        size = groups.areas + 2
        known = values.notna().to_numpy() & chosen
        numbers, row = numbers_of(values), groups.row[known]
        made = cls(
            statistic,
            np.bincount(groups.row[chosen], minlength=size),
            np.bincount(row, minlength=size),
            bool(pd.api.types.is_integer_dtype(numbers.dtype)),
        )
        if statistic in ("sum", "mean"):
            return replace(made, sums=Sums.of(groups, numbers, known))
        if statistic == "median":
            cells = Cells.everywhere(size, room)
            return replace(made, middles=Middles.of(row, numbers[known], cells))
        ends = np.full(size, np.nan)
        end = np.fmin if statistic == "min" else np.fmax
        end.at(ends, row, numbers[known].astype(np.float64))
        return replace(made, ends=ends)

    def __add__(self, other: Summary) -> Summary:
        sums = self.sums + other.sums if self.sums and other.sums else None
        ends = None
        if self.ends is not None and other.ends is not None:
            ends = (np.fmin if self.statistic == "min" else np.fmax)(self.ends, other.ends)
        middles = None
        if self.middles is not None and other.middles is not None:
            middles = self.middles + other.middles
        return Summary(
            self.statistic,
            self.points + other.points,
            self.known + other.known,
            self.whole and other.whole,
            sums,
            ends,
            middles,
        )

    @property
    def further(self) -> Cells | None:
        """Where a further pass must look for the median; None if all is known."""
        return None if self.middles is None else self.middles.further(self._in_all(self.known))

    @staticmethod
    def _in_all(counts: Rows) -> Rows:
        return np.append(counts, counts.sum())

    def figure(self, name: str, title: str, unit: str = "") -> Figure:
        """Return it as a column.

        Returns
        -------
        Figure
            A sum over no point is nought; over points that all lack a number, and any other statistic of nothing, there
            is no data. Only a sum has a range.
        """
        points, known = (self._in_all(each) for each in (self.points, self.known))
        if self.statistic == "sum":
            assert self.sums is not None  # noqa: S101 (a sum has them)
            figure = self.sums.figure(name, title, "statistic", unit, whole=self.whole)
            # What lies in an area for certain may lack a number, and so may what can lie there besides.
            figure = figure.where((known > 0) | (points == 0))
            return replace(figure, lacking=known < points)
        whole = self.whole and self.statistic in ("min", "max")
        return Figure(name, title, "statistic", self._values(known), unit=unit, whole=whole)

    def _values(self, known: Rows) -> Floats:
        if self.sums is not None:
            with np.errstate(invalid="ignore"):
                return np.where(known > 0, self.sums.values / known, np.nan)
        if self.ends is not None:
            end = np.fmin if self.statistic == "min" else np.fmax
            return np.append(self.ends, end.reduce(self.ends))
        assert self.middles is not None  # noqa: S101 (a median has them)
        return self.middles.values(known)


def count_points(
    matched: Matched, areas: int, possible: Possible | None = None, *, title: str = "Count"
) -> Figure:
    """Count points by area.

    Parameters
    ----------
    matched, areas, possible
        As for `Groups`.

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
    groups = Groups(matched, areas, possible)
    return count_figure(counts_of(groups), len(groups.row), title=title)


def counts_of(groups: Groups) -> Sums:
    """Count the points of a piece."""
    everything = np.ones(len(groups.row), dtype=bool)
    return Sums.of(groups, everything.astype(np.int64), everything)


def count_figure(counts: Sums, total: int, *, title: str = "Count") -> Figure:
    """Return counts as a column.

    Parameters
    ----------
    total
        How many points there are.

    Raises
    ------
    SumError
        If areas, outside and no position together are not the total: a fault of lcrmap.
    """
    return _adding_up(counts.figure("count", title, "count", whole=True), total)


Category = tuple[Sums, Summary | None]
"""How many points of a category there are by row, and what is known of their numbers."""

_CATEGORY_ROOM: Final = ROOM // 32
"""Into how many cells the numbers of one category may be divided."""


def categories_in(
    groups: Groups,
    cells: pd.Series[Any],
    values: pd.Series[Any] | None = None,
    statistic: str = "count",
) -> dict[Any, Category]:
    """Tell the points of a piece apart by the values of a column; None is for those without one.

    Parameters
    ----------
    values, statistic
        What to summarise by category; without them the points are counted.
    """
    codes, found = pd.factorize(cells)
    ones = np.ones(len(codes), dtype=np.int64)
    made: dict[Any, Category] = {}
    for code, value in [*enumerate(found.tolist()), (-1, None)]:
        chosen = codes == code
        if not chosen.any():
            continue
        summary = (
            None
            if values is None
            else Summary.of(groups, values, statistic, chosen, room=_CATEGORY_ROOM)
        )
        made[value] = Sums.of(groups, ones, chosen), summary
    return _few_held(made)


def merged_categories(one: dict[Any, Category], other: dict[Any, Category]) -> dict[Any, Category]:
    """Put the categories of two pieces together."""
    made = dict(one)
    for value, (counts, summary) in other.items():
        if value in made:
            first, known = made[value]
            both = known + summary if known is not None and summary is not None else None
            made[value] = first + counts, both
        else:
            made[value] = counts, summary
    return _few_held(made)


def _few_held(categories: dict[Any, Category]) -> dict[Any, Category]:
    """Return categories that hold the numbers of their medians only if these are few in all of them together."""
    middles = {
        value: summary.middles
        for value, (_, summary) in categories.items()
        if summary is not None and summary.middles is not None
    }
    made = dict(categories)
    for value, few in few_held(middles).items():
        counts, summary = categories[value]
        assert summary is not None  # noqa: S101 (it has middles)
        made[value] = counts, replace(summary, middles=few)
    return made


def cross_tabulate(
    counts: Sums,
    categories: Sequence[Category | None],
    columns: Sequence[tuple[str, str]],
    *,
    unit: str = "",
) -> list[Figure]:
    """Make one figure for each category.

    Parameters
    ----------
    counts
        How many points there are.
    categories
        Those of each column; None for a column in which there are none.
    columns
        Name and title of each category's column.
    unit
        Of the numbers that are summarised.

    Raises
    ------
    SumError
        If the categories' counts are not the count: a fault of lcrmap.
    """
    summed = sum((each[0].values for each in categories if each), np.zeros(len(counts.values)))
    if (summed != counts.values).any():
        raise SumError("The categories do not add up to the count: please report this fault.")
    figures = []
    like = next((each for each in categories if each), (counts, None))
    for each, (name, title) in zip(categories, columns, strict=True):
        number, summary = each or _without_points(like)
        if summary is None:
            figures.append(number.figure(name, title, "category", whole=True))
            continue
        figure = replace(summary.figure(name, title, unit), kind="category")
        nothing = (number.values == 0) & (summary.statistic == "sum")
        figures.append(replace(figure, values=np.where(nothing, 0.0, figure.values)))
    return figures


def _without_points(like: Category) -> Category:
    """Return a category of no points, of whose numbers is known what is known of another's."""
    counts, summary = like
    size = len(counts.found.units)
    groups = Groups(_NOWHERE, size - 2)
    none = np.empty(0, dtype=bool)
    numbers = np.empty(0, dtype=np.int64)
    nothing = replace(Sums.of(groups, numbers, none), ranged=counts.ranged)
    if summary is None:
        return nothing, None
    whole: pd.Series[Any] = pd.Series(numbers if summary.whole else numbers.astype(np.float64))
    empty = Summary.of(groups, whole, summary.statistic, none)
    sums = None if empty.sums is None else replace(empty.sums, ranged=counts.ranged)
    return nothing, replace(empty, sums=sums)


_NOWHERE: Final = Matched(
    np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
)


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
    values = _to_four(figure.values / padded)
    return Figure(name, title, "rate", values, low, high, unit, lacking=figure.lacking)


def _to_four(values: Floats) -> Floats:
    return np.array([float(f"{each:.4g}") for each in values.tolist()])


def numbers_of(values: pd.Series[Any]) -> Any:
    """Return a column as int64 if it is whole, nought where it is missing, else as float64."""
    filled = values.fillna(0)
    return filled.to_numpy(dtype="int64" if pd.api.types.is_integer_dtype(values) else "float64")


def _adding_up(figure: Figure, total: int) -> Figure:
    if figure.values[:-1].sum() != total or figure.values[-1] != total:
        raise SumError(
            f"The counts do not add up to the {total:,} rows, so none is shown: please report this fault."
        )
    return figure
