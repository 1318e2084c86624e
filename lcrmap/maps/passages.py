"""What an answer tells besides its rows: passages of sentences, a chart and a table each, under a heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lcrmap.maps.charts import Chart

__all__ = ["Passage", "Sheet"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: heads, and cells as text; a figure and its range stand in one cell."""

    caption: str
    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    total: int

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
