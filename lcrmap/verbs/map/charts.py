"""The chart of a shaded map: which areas come first and last, as bars."""

from __future__ import annotations

from typing import Final

from lcrmap.maps.charts import MOST_BARS, Bar, Bars
from lcrmap.maps.columns import Column
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.words import with_unit
from lcrmap.verbs.numbers import number_words

__all__ = ["shade_charts"]

_EACH_END: Final = 5  # areas, of more than one chart has room for


def shade_charts(model: PageModel) -> tuple[Bars, ...]:
    """Return bars of the areas with the highest and the lowest numbers, for each shaded layer that is shown.

    There is none of numbers less than nought, which have no length.
    """
    shaded = [each for each in model.layers if each.visible and each.style.kind == "shade"]
    made = [_chart(each) for each in shaded]
    return tuple(each for each in made if each is not None)


def _chart(layer: PageLayer) -> Bars | None:
    column = layer.column(layer.style.field)
    if column is None or layer.label is None:
        return None
    values, placed = column.values, layer.shapes.placed
    rows = [
        row
        for row in range(layer.total)
        if placed[row] and values[row] is not None and layer.name_of(row)
    ]
    rows.sort(key=lambda row: -values[row])
    if len(rows) < 2 or values[rows[-1]] < 0:
        return None
    title = f"{column.title} by {layer.noun_one}"
    if len(rows) > MOST_BARS:
        title = f"{column.title}: the {_EACH_END} highest and the {_EACH_END} lowest of {len(rows):,} {layer.noun_many}"
        rows = [*rows[:_EACH_END], *rows[-_EACH_END:]]
    return Bars(title, tuple(_bar(layer, column, row) for row in rows))


def _bar(layer: PageLayer, column: Column, row: int) -> Bar:
    value = column.values[row]
    text = column.text(row) if column.plain else with_unit(number_words(value), column.unit)
    return Bar(layer.name_of(row), float(value), text)
