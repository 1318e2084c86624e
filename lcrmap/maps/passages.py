"""What an answer tells besides its rows: passages of sentences, a chart and a table each, under a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lcrmap.maps.charts import Bars, Chart

__all__ = ["Passage", "Sheet", "bars_sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: heads, and cells as text; a figure and its range stand in one cell.

    Attributes
    ----------
    crossed
        Whether it tells one thing by two divisions, so that a small screen does not take its rows apart.
    """

    caption: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    total: int
    crossed: bool = False

    @property
    def cut(self) -> str:
        """What is said below the table of those that it leaves out; empty if it has all."""
        shown = len(self.rows)
        return f"The first {shown} of {self.total:,} are shown." if shown < self.total else ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that is told under a heading of its own, on the page of an answer as in its report.

    Attributes
    ----------
    sentences
        Plain sentences; `listed` tells whether they are items of a list.
    """

    title: str
    sentences: tuple[str, ...] = ()
    chart: Chart | None = None
    sheet: Sheet | None = None
    listed: bool = False


def bars_sheet(chart: Bars) -> Sheet:
    """Return the figures of a chart as a table, for a document that draws none.

    A bar without a label belongs to the one above it; what it is made of stands as the head of a column.

    Examples
    --------
    >>> from lcrmap.maps.charts import Bar, Key
    >>> bars = (Bar("A", 1, "1%", parts=(1, 0)), Bar("", 2, "2%", parts=(0, 2)))
    >>> found = bars_sheet(Bars("Shares", bars, (Key("Gain", "navy"), Key("All", "grey"))))
    >>> found.heads, found.rows
    (('Group', 'Gain', 'All'), (('A', '1%', '2%'),))
    """
    heads = ("Group", *(each.label for each in chart.keys)) if chart.keys else ("Group", "Figure")
    rows: list[list[str]] = []
    for bar in chart.bars:
        if bar.label or not rows:
            rows.append([bar.label])
        rows[-1].append(bar.text)
    cells = tuple(tuple(each) for each in rows)
    return Sheet(chart.title, heads, (False, *(True for _ in heads[1:])), cells, cells, len(cells))
