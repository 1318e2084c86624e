"""What the words of a shaded map say; of any other map, see `lcrmap.maps.sentences`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.words import with_unit
from lcrmap.verbs.map.charts import shade_charts
from lcrmap.verbs.numbers import by_each, in_brackets, in_sentence, listed, number_words

__all__ = ["with_shades_said"]

_EACH_END: Final = 3  # areas that are named beside the map
_MOST_NAMED: Final = 2  # areas with one value; more would fill the headline


def with_shades_said(
    model: PageModel, wholes: Mapping[str, str], *, headline: bool = True
) -> PageModel:
    """Return a page that says by which columns its areas are shaded, over which range, and which come first and last.

    Parameters
    ----------
    wholes
        By the name of a layer the figure of all its areas together.
    headline
        Whether that is the headline too; without, the headline stays.
    """
    shaded = [each for each in model.layers if each.style.kind in ("shade", "circle")]
    if not shaded:
        return model
    told = [_named(each) for each in shaded]
    if len(shaded) == 1:
        told[0] += f": {_range(shaded[0])}"
    whole = listed(told)
    said = whole[:1].upper() + whole[1:]
    alone = [
        each.name
        for each in model.layers
        if each.visible and each.part == "places" and not each.marks
    ]
    subtitle = model.subtitle
    if len(shaded) == 1 and alone in ([], [shaded[0].name]):
        subtitle = _subtitle(shaded[0], model.subtitle) + _small(model)
    return replace(
        model,
        headline=said if headline else model.headline,
        subtitle=subtitle,
        map_name=f"{model.map_name}. {said}",
        charts=(*model.charts, *shade_charts(model)),
        glance=(*model.glance, *(line for each in shaded for line in _glance(each, wholes))),
    )


def _glance(layer: PageLayer, wholes: Mapping[str, str]) -> list[str]:
    """Say beside the map the figure of all areas together, and which areas come first and last."""
    if not layer.visible:
        return []
    whole = wholes.get(layer.name, "")
    lines = [f"{_title(layer)}, {whole}."] if whole else []
    values = _drawn(layer)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) <= 2 * _EACH_END or values[known].min() == values[known].max():
        return lines
    rising = known[np.argsort(values[known], kind="stable")]
    return [*lines, _end(layer, "Highest", rising[::-1]), _end(layer, "Lowest", rising)]


def _end(layer: PageLayer, word: str, rows: Any) -> str:
    """Name the areas at one end, equal ones by their number if they are many; empty if they have no names."""
    values, column = _drawn(layer), layer.column(layer.style.field)
    unit = "" if column is None else column.unit
    first = values[rows[0]]
    if (values == first).sum() > _EACH_END:
        return f"{word}: {_said(float(first), unit)}{_where(layer, float(first))}."
    named = [(layer.name_of(int(row)), float(values[row])) for row in rows[:_EACH_END]]
    if not all(name for name, _ in named):
        return ""
    return f"{word}: {', '.join(f'{name} {_said(value, unit)}' for name, value in named)}."


def _small(model: PageModel) -> str:
    """Say how many areas are marked because their figure has a small base."""
    marked = next((each for each in model.layers if each.marks), None)
    if marked is None:
        return ""
    has, is_ = ("has", "is") if marked.total == 1 else ("have", "are")
    return f" {marked.total:,} {has} a small base and {is_} marked."


def _named(layer: PageLayer) -> str:
    return by_each(in_sentence(_title(layer)), layer.noun_one)


def _title(layer: PageLayer) -> str:
    column = layer.column(layer.style.field)
    return "" if column is None else column.title


def _known(layer: PageLayer) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the numbers of the areas that are drawn, as far as they are known."""
    values = _drawn(layer)
    known: np.ndarray[Any, np.dtype[np.float64]] = values[~np.isnan(values)]
    return known


def _drawn(layer: PageLayer) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the number of each area; NaN for one that is not drawn, or of which it is not known."""
    column = layer.column(layer.style.field)
    values = np.array(
        [np.nan if each is None else each for each in (column.values if column else [])],
        dtype=np.float64,
    )
    values[~np.asarray(layer.shapes.placed)] = np.nan
    return values


def _where(layer: PageLayer, value: float) -> str:
    """Return in brackets which one or two areas have a value, or how many; empty if those have no names."""
    rows = np.flatnonzero(_drawn(layer) == value)
    if len(rows) > _MOST_NAMED:
        return f" ({len(rows):,} {layer.noun(len(rows))})"
    names = [layer.name_of(int(row)) for row in rows]
    return f" {in_brackets(' and '.join(names))}" if names and all(names) else ""


def _range(layer: PageLayer) -> str:
    """Say the least and the greatest of the numbers with the areas that have them, and the median."""
    known = _known(layer)
    low, high = float(known.min()), float(known.max())
    column = layer.column(layer.style.field)
    unit = "" if column is None else column.unit
    each = unit if unit.startswith("%") else ""  # other units are said once
    if low == high:
        where = (
            f"in all {len(known):,} with data" if len(known) > 1 else "in the only one with data"
        )
        return f"{_said(low, unit)} {where}"
    median = f", median {_said(float(np.median(known)), each)}" if len(known) > 2 else ""
    least = f"{_said(low, each)}{_where(layer, low)}"
    most = f"{_said(high, unit)}{_where(layer, high)}"
    return f"from {least} to {most}{median}"


def _said(value: float, unit: str) -> str:
    return with_unit(number_words(value).replace("-", "\N{MINUS SIGN}"), unit)


def _subtitle(layer: PageLayer, subtitle: str) -> str:
    """Say what is shaded of which areas, and of how many nothing is known."""
    none = layer.placed - len(_known(layer))
    has = "has" if none == 1 else "have"
    missing = f" {none:,} {layer.noun(none)} {has} no data." if none else ""
    return f"{_title(layer)}: {subtitle.rstrip('.')}.{missing}"
