"""The page of a count: a circle for a total, a shade for a rate or a mean, and the words that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from lcrmap.analysis.counting import EXTRA_ROWS, Figure
from lcrmap.layers import Category, Layer
from lcrmap.maps.charts import Bars, Key, ranged_bar, sorted_bars
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.style import OTHER, PALETTE
from lcrmap.maps.styling import CirclePart, Circles, looks_of, with_default_look
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import at_points, names_apart
from lcrmap.verbs.context import context_views
from lcrmap.verbs.count.accounts import sure_lines
from lcrmap.verbs.count.columns import Counted, FigureNames, rows_apart
from lcrmap.verbs.count.rows import CountShown
from lcrmap.verbs.numbers import number_words
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

TABLE_COLUMNS: Final = 14


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a count: shades if a rate was asked for or what is no total, such as a mean; else circles."""
    shown: CountShown = answer.shown
    layer, counted, names = answer.layer, shown.counted, shown.names
    rates = (number for number, each in enumerate(counted) if each.rate is not None)
    at = next(rates, _largest(counted))
    drawn = counted[at]
    shaded = drawn.rate or (None if shown.adds_up else drawn.main)
    parts: tuple[CirclePart, ...] = ()
    if shaded is None:
        parts = _parts(drawn, at, names, shown.by)
        views = _circle_views(layer, shown, at, parts)
    else:
        views = _shade_views(layer, shown, shaded, at)
    region = sources.pack.region
    subtitle = layer.metadata.title + (f", {region}" if region else "")
    return build_model(
        [*context_views(sources, [shown.areas.name]), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{subtitle}.",
        summary=answer.sentences,
        charts=_charts(drawn, at, parts, shown),
    )


def _circle_views(
    layer: Layer, shown: CountShown, at: int, parts: tuple[CirclePart, ...]
) -> list[LayerView]:
    """Draw the areas, and on each the circle of its number."""
    counted, names, areas = shown.counted, shown.names, shown.areas
    main = counted[at].main
    metadata = layer.metadata.replaced(
        noun_one=areas.metadata.noun_one, noun_many=areas.metadata.noun_many
    )
    circles = Layer(at_points(layer.frame), metadata, layer.inputs)
    note = f"The area of a circle stands for its number: {main.title}."
    if parts:
        note += " Its parts follow each other clockwise from the top, in the order of this list."
    view = LayerView(
        circles,
        "places",
        wish=Circles(names[at, main.name], parts),
        main=_table_columns(layer, counted, names),
        sure=sure_lines(counted),
        note=note,
        apart=rows_apart(layer.with_frame(layer.features), areas),
    )
    return [LayerView(areas, "areas"), view]


def _parts(shown: Counted, at: int, names: FigureNames, by: str) -> tuple[CirclePart, ...]:
    """Return the categories that make up the numbers; none if they do not add up.

    As many as the palette has looks for are told apart, the largest; the others are one.
    """
    figures = [each for each in shown.figures if each.kind == "category"]
    whole = np.nan_to_num(shown.main.values)
    values = [np.nan_to_num(each.values) for each in figures]
    if (
        not figures
        or min(map(np.min, values)) < 0
        or not np.allclose(np.sum(values, axis=0), whole)
    ):
        return ()
    by_size = sorted(range(len(figures)), key=lambda number: -values[number][-1])
    named = sorted(by_size[: len(PALETTE)])
    described = {each.label: each for each in shown.layer.field(by).categories}
    parts = []
    for slot, number in enumerate(named):
        figure = figures[number]
        category = described.get(figure.title, Category("", figure.title))
        hue, shape = looks_of(with_default_look(category, described.values()), slot)
        parts.append(CirclePart(figure.title, (names[at, figure.name],), hue, shape))
    others = tuple(names[at, figures[number].name] for number in sorted(by_size[len(PALETTE) :]))
    if others:
        parts.append(CirclePart(f"{len(others)} other", others, *OTHER))
    return tuple(parts)


def _charts(drawn: Counted, at: int, parts: Sequence[CirclePart], shown: CountShown) -> list[Bars]:
    """Draw the figures that are on the map as bars, from the largest: of all areas, whichever rows were asked for."""
    figure, areas = drawn.rate or drawn.main, shown.areas
    names = names_apart(areas)
    divided = (each for each in drawn.figures if each.kind == "category")
    values = {shown.names[at, each.name]: np.nan_to_num(each.values) for each in divided}
    made = [np.sum([values[name] for name in each.columns], axis=0) for each in parts]
    unknown = np.full(len(figure.values), np.nan)
    low, high = (unknown if each is None else each for each in (figure.low, figure.high))
    bars = [
        ranged_bar(
            area,
            float(value),
            float(low[row]),
            float(high[row]),
            number_words,
            unit=figure.unit,
            parts=tuple(float(each[row]) for each in made),
        )
        for row, (area, value) in enumerate(zip(names, figure.values, strict=False))
        if value >= 0
    ]
    if len(bars) < 2:
        return []
    keys = [Key(each.label, each.hue, each.shape) for each in parts]
    metadata = areas.metadata
    title = f"{figure.title} by {metadata.noun_one}"
    return [sorted_bars(title, bars, keys, metadata.noun(len(names)))]


def _shade_views(layer: Layer, shown: CountShown, figure: Figure, at: int) -> list[LayerView]:
    """Shade the areas by the classes of a figure."""
    names, drawn = shown.names, shown.counted[at]
    values = figure.values[: -len(EXTRA_ROWS)]
    column = names[at, figure.name]
    title = figure.title + (f" ({figure.unit})" if figure.unit else "")
    shading, note = shaded_by(column, values, shown.classes, title, shown.middle)
    view = LayerView(
        layer,
        "areas",
        wish=shading,
        sure=sure_lines([drawn]),
        main=_table_columns(layer, [drawn], names, at),
        note=note,
        apart=rows_apart(layer.with_frame(layer.features), shown.areas),
    )
    return [view]


def _largest(counted: Sequence[Counted]) -> int:
    """Return the number of the layer whose figures are drawn: the one with the most in the areas."""
    return int(np.argmax([each.main.inside for each in counted]))


def _table_columns(
    layer: Layer, counted: Sequence[Counted], names: FigureNames, start: int = 0
) -> tuple[str, ...]:
    """Return the columns of the page's table: names and figures, with ranges while there is room."""
    wanted = []
    for number, each in enumerate(counted, start):
        for figure in each.figures:
            if figure.kind == "share" and len(counted) > 1:
                continue
            wanted += [names[number, figure.name + part] for part in _shown_parts(figure)]
    if len(wanted) > TABLE_COLUMNS:
        ranges = {
            name for (_, own), name in names.items() if ":" in own and not own.startswith("count")
        }
        wanted = [each for each in wanted if each not in ranges]
    return (layer.label, *[each for each in wanted if each in layer.frame.columns])


def _shown_parts(figure: Figure) -> list[str]:
    return ["", ":low", ":high"] if figure.uncertain and figure.kind != "category" else [""]
