"""The page of a count: a circle for a number, a shade for a rate, and the words that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np

from lcrmap.analysis.counting import EXTRA_ROWS, Figure
from lcrmap.layers import Layer
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Circles
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.context import context_views
from lcrmap.verbs.count.accounts import sure_lines
from lcrmap.verbs.count.columns import Counted, FigureNames
from lcrmap.verbs.count.rows import CountShown
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

TABLE_COLUMNS: Final = 14


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a count: shades if a rate was asked for, else circles."""
    shown: CountShown = answer.shown
    layer, counted, names = answer.layer, shown.counted, shown.names
    rate_at = next((n for n, each in enumerate(counted) if each.rate is not None), None)
    if rate_at is None:
        views = _circle_views(layer, counted, names, shown.areas)
    else:
        views = _shade_views(layer, counted[rate_at], names, rate_at, shown.classes)
    region = sources.pack.region
    subtitle = layer.metadata.title + (f", {region}" if region else "")
    return build_model(
        [*context_views(sources, [shown.areas.name]), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{subtitle}.",
        summary=answer.sentences,
    )


def _circle_views(
    layer: Layer, counted: Sequence[Counted], names: FigureNames, areas: Layer
) -> list[LayerView]:
    """Draw the areas, and on each the circle of its number."""
    at = _largest(counted)
    shown = counted[at]
    column = names[at, shown.main.name]
    metadata = layer.metadata.replaced(
        noun_one=areas.metadata.noun_one, noun_many=areas.metadata.noun_many
    )
    circles = Layer(_at_points(layer.frame), metadata, layer.inputs)
    note = f"The area of a circle stands for its number: {shown.main.title}."
    view = LayerView(
        circles,
        "places",
        wish=Circles(column),
        main=_table_columns(layer, counted, names),
        sure=sure_lines(counted),
        note=note,
    )
    return [LayerView(areas, "areas"), view]


def _shade_views(
    layer: Layer, shown: Counted, names: FigureNames, number: int, choice: Classes
) -> list[LayerView]:
    """Shade the areas by the classes of their rate."""
    rate = shown.rate
    if rate is None:
        return []
    values = rate.values[: -len(EXTRA_ROWS)]
    shading, note = shaded_by(names[number, rate.name], values, choice, rate.title)
    view = LayerView(
        layer,
        "areas",
        wish=shading,
        sure=sure_lines([shown]),
        main=_table_columns(layer, [shown], names, number),
        note=note,
    )
    return [view]


def _at_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows at a point well inside each area, where its circle is drawn."""
    inside = frame.geometry.representative_point()
    return frame.set_geometry(gpd.GeoSeries(inside, index=frame.index, crs=frame.crs))


def _largest(counted: Sequence[Counted]) -> int:
    """Return the number of the layer whose figures are drawn: the one with the most in the areas."""
    return int(np.argmax([np.nansum(each.main.values[:-3]) for each in counted]))


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
