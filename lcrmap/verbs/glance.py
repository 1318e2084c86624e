"""What a page of residents says beside its map: how many in each area, with the share of its residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lcrmap.layers import Layer
from lcrmap.verbs.numbers import share_words

__all__ = ["Living", "living", "residents_line"]

MOST_AREAS: Final = 8
"""Of more areas the line would say too much to be read at a look."""


@dataclass(frozen=True, slots=True)
class Living:
    """Of an area how many residents it has, and how many of them are counted, with the range that errors leave."""

    name: str
    residents: float
    count: float
    least: float
    most: float


def residents_line(
    what: str, noun: str, rows: Sequence[Living], *, by_share: bool = False, of: str = "residents"
) -> str:
    """Say how many live somewhere, area by area, from the most to the least; empty for one area or very many.

    Parameters
    ----------
    what
        Where they live: "Within 2 km".
    noun
        What one area is called.
    rows
        The areas; one without residents, or without a figure, has no share and is left out.
    by_share
        Whether the highest share comes first instead of the greatest number.
    of
        What is counted.

    Examples
    --------
    >>> towns = [Living("Elm", 400, 50, 50, 50), Living("Oak", 3000, 1200, 1100, 1250), Living("Ash", 90, 0, 0, 0)]
    >>> residents_line("Within 2 km", "town", towns).partition(": ")[2]
    'Oak 1,200 (40.0%), Elm 50 (12.5%), Ash 0 (0%). The table has their ranges.'
    """
    known = [each for each in rows if each.residents > 0 and each.count == each.count]
    if not 2 <= len(known) <= MOST_AREAS:
        return ""
    order = sorted(known, key=lambda each: -each.count / (each.residents if by_share else 1))
    parts = [
        f"{each.name} {each.count:,.0f} ({share_words(each.count, each.residents)})"
        for each in order
    ]
    said = f"{what} by {noun}, with the share of its {of}: {', '.join(parts)}. {_ranges(known)}"
    return said.rstrip()


def _ranges(rows: Sequence[Living]) -> str:
    """Say which bounds of the figures the table has; empty if the figures are exact."""
    few = [each.least == each.least for each in rows]  # NaN where it is not known
    many = [each.most == each.most for each in rows]
    if all(few) and all(many):
        ranged = any(each.least != each.most for each in rows)
        return "The table has their ranges." if ranged else ""
    if not any(few) and not any(many):
        return "Their ranges cannot be told, as an error is unknown."
    if all(many) and not any(few):
        return "The table says how many it may be at most; how few cannot be told, as an error is unknown."
    if all(few) and not any(many):
        return "The table says how many it is at least; how many more cannot be told, as an error is unknown."
    return "The table has their ranges, as far as these are known."


def living(layer: Layer, column: str, of: str = "residents") -> list[Living]:
    """Read of each area of a layer how many of its residents a column counts; nothing if the layer lacks a part.

    Parameters
    ----------
    of
        The column of all who are counted, instead of residents.
    """
    names = [of, column, f"{column}_min", f"{column}_max"]
    rows = layer.features
    if not {"name", *names} <= set(rows.columns):
        return []  # a question may choose its columns
    numbers = rows[names].to_numpy(np.float64, na_value=np.nan).tolist()
    return [Living(str(name), *each) for name, each in zip(rows["name"], numbers, strict=True)]
