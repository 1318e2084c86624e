"""Areas shaded by two columns at once, each in three classes: nine colours, and a legend of three rows of three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lcrmap.maps.columns import MISSING, Column
from lcrmap.maps.style import CROSSED
from lcrmap.maps.styling import (
    LegendEntry,
    ShadeStyle,
    Shading,
    class_labels,
    floats_of,
    numbers_of,
)
from lcrmap.maps.words import Words

__all__ = ["CLASSES", "Crossed", "Grid", "crossed_style"]

CLASSES: Final = 3
"""So many classes each of the two columns has."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A wish to shade areas by two columns at once.

    Attributes
    ----------
    column, other
        The numbers that rise from row to row of the legend, and those that rise from column to column.
    breaks, other_breaks
        The two numbers at which the classes of each end, rising; a class includes its lower bound.
    """

    column: str
    other: str
    breaks: tuple[float, ...]
    other_breaks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What stands at three rows of three classes: both titles, and which numbers each row and column has.

    Attributes
    ----------
    rows
        From the highest to the lowest, as they stand one below the other.
    columns
        From the lowest to the highest.
    """

    titles: tuple[str, str]
    rows: tuple[str, ...]
    columns: tuple[str, ...]


def crossed_style(
    columns: Sequence[Column], wish: Crossed, placed: Any, words: Words
) -> ShadeStyle:
    """Return how areas are shaded by two columns; the legend's first entry has most of the first, least of the second.

    Raises
    ------
    UsageError
        If one of them is not there or holds no numbers.
    """
    pair = [numbers_of(columns, each) for each in (wish.column, wish.other)]
    values = [floats_of(each) for each in pair]
    placed = np.asarray(placed, dtype=bool)
    known = placed & ~np.isnan(values[0]) & ~np.isnan(values[1])
    low, high = (
        np.searchsorted(np.array(breaks), each, side="right")
        for breaks, each in zip((wish.breaks, wish.other_breaks), values, strict=True)
    )
    codes = np.where(known, CLASSES * (CLASSES - 1 - low) + high, CLASSES**2)
    codes[~placed] = MISSING
    shadings = (Shading(wish.column, wish.breaks), Shading(wish.other, wish.other_breaks))
    one, other = (
        class_labels(shading, each[known], column.unit, words)
        for shading, each, column in zip(shadings, values, pair, strict=True)
    )
    grid = Grid((pair[0].title, pair[1].title), tuple(reversed(one)), tuple(other))
    labels = [
        words("legend.both", first=grid.titles[0], one=row, second=grid.titles[1], other=each)
        for row in grid.rows
        for each in grid.columns
    ]
    if (placed & ~known).any():
        labels.append(words("legend.no_data"))
    entries = tuple(
        _entry(label, number, int((codes == number).sum())) for number, label in enumerate(labels)
    )
    return ShadeStyle(
        entries, codes.tolist(), wish.column, wish.breaks, unit=pair[0].unit, grid=grid
    )


def _entry(label: str, number: int, count: int) -> LegendEntry:
    """Return an entry of the legend; the colours of a ramp begin with the lowest row, the legend with the highest."""
    row, column = divmod(number, CLASSES)
    known = row < CLASSES
    hue = f"{CROSSED}-{CLASSES**2}-{CLASSES * (CLASSES - 1 - row) + column}" if known else ""
    return LegendEntry(label, count, count, "box" if known else "hatch", hue=hue)
