"""The account of a count: lines that add up, and what the positions and the data leave open."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lcrmap.layers import Category, Layer
from lcrmap.verbs.counted import Counted
from lcrmap.verbs.wording import several

__all__ = ["breakdown_words", "closing_lines", "sum_line"]


def closing_lines(counted: Sequence[Counted], areas: Layer) -> list[str]:
    """Account for every row of every layer, and for every sum, and say what its positions leave open."""
    lines = []
    size = len(areas.frame)
    for each in counted:
        values = each.figures[0].values
        outside, unplaced, total = (int(value) for value in values[-3:])
        border = 0 if each.matched.on_border is None else int(each.matched.on_border.sum())
        shared = f" ({border:,} on a shared border)" if border else ""
        kinds = breakdown_words(each.layer)
        lines.append(
            f"{each.layer.name}: {int(values[:size].sum()):,} in the {size:,} {areas.metadata.noun(size)}{shared} "
            f"+ {outside:,} outside + {unplaced:,} without a position = {total:,}"
            f"{f' rows ({kinds})' if kinds else ''}."
        )
        lines += sum_line(each, areas)
        lines += _uncertain(each, areas)
        lines += _missing(each)
    return lines


def sum_line(each: Counted, areas: Layer) -> list[str]:
    """Account for a sum as for the count."""
    figure = each.main
    if not figure.name.startswith("sum_"):
        return []
    values = np.nan_to_num(figure.values)
    size = len(areas.frame)
    parts = [math.fsum(values[:size]), *values[-3:]]
    inside, outside, unplaced, total = (_number(part) for part in parts)
    unit = f" {figure.unit}" if figure.unit else ""
    line = (
        f"{figure.title}: {inside} in the {size:,} {areas.metadata.noun(size)} + {outside} outside "
        f"+ {unplaced} without a position = {total}{unit}."
    )
    return [line]


def _number(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.12g}"


def _uncertain(each: Counted, areas: Layer) -> list[str]:
    if each.possible is None:
        return []
    certain = each.possible.certain
    open_ = int(np.asarray((~certain).fillna(False), dtype=bool).sum())
    unknown = int((~each.possible.known & ~each.matched.unplaced).sum())
    lines = []
    if open_:
        lines.append(
            f"{open_:,} of them could lie in another {areas.metadata.noun_one}, or on the other side of the outer "
            f"border, within the error of their position: min and max show what that leaves."
        )
    if unknown:
        lines.append(
            f"{unknown:,} of them have a position of unknown error: min and max take them as they stand."
        )
    return lines


def _missing(each: Counted) -> list[str]:
    """Say how many rows had no number to summarise."""
    figure = each.main
    if figure.kind != "statistic":
        return []
    column = figure.name.partition("_")[2]
    empty = int(each.layer.frame[column].isna().sum())
    return (
        [f"{empty:,} of them have no value in '{column}', and are left out of it."] if empty else []
    )


def breakdown_words(layer: Layer) -> str:
    """Return the parts into which a layer's total must be broken: "3 tax sites, 11 customs sites and ..."; else "".

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lcrmap.layers import Metadata
    >>> breakdown_words(Layer(gpd.GeoDataFrame(geometry=[]), Metadata("a", "A")))
    ''
    """
    column = layer.metadata.breakdown
    if not column or column not in layer.frame.columns:
        return ""
    field = layer.field(column)
    counts = layer.frame[column].value_counts()
    order = [each.value for each in field.categories]
    order += sorted(str(each) for each in counts.index if each not in order)
    parts = []
    for value in order:
        number = int(counts.get(value, 0))
        if number:
            known = field.category(value) or Category(value, value)
            word = known.label if number == 1 else known.plural or known.label
            parts.append(f"{number:,} {word[:1].lower()}{word[1:]}")
    return several(parts)
