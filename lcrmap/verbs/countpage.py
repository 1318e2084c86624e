"""The page of a count: a circle for a number, a shade for a rate, and the words that go with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np

from lcrmap.analysis.classes import class_breaks
from lcrmap.analysis.counting import Figure
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, Part, build_model
from lcrmap.maps.page import Page
from lcrmap.maps.styling import Circles, Shading
from lcrmap.verbs.accounts import breakdown_words, sum_line
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.counted import Counted, FigureNames
from lcrmap.verbs.findings import finding
from lcrmap.verbs.wording import counted_title

__all__ = ["ClassChoice", "context_views", "make_count_page"]

MOST_SHADES: Final = 5
FEWEST_FOR_FIVE: Final = 25  # areas; fewer are told apart better in three or four classes
TABLE_COLUMNS: Final = 14

_METHODS: Final = {
    "rounded": "Rounded breaks",
    "quantile": "Quantiles: as many areas in each class",
    "equal": "Equal steps",
    "natural": "Natural breaks (Fisher-Jenks)",
}


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """How a rate is divided into classes: by which method, and into how many (None for what suits the areas)."""

    method: str = "rounded"
    classes: int | None = None


def make_count_page(
    layer: Layer,
    counted: Sequence[Counted],
    names: FigureNames,
    areas: Layer,
    pack: Pack,
    choice: ClassChoice,
    *,
    command: str = "",
) -> Page:
    """Make the page of a count.

    Parameters
    ----------
    layer
        The rows of the answer, as they are to be shown.
    counted, names
        The figures that they were made of, and the columns in which they stand.
    areas
        The areas in which was counted.
    choice
        How a rate is divided into classes.
    """
    rate_at = next((n for n, each in enumerate(counted) if each.rate is not None), None)
    if rate_at is None:
        views = _circle_views(layer, counted, names, areas)
    else:
        views = _shade_views(layer, counted[rate_at], names, rate_at, choice)
    subtitle = layer.metadata.title + (f", {pack.region}" if pack.region else "")
    model = build_model(
        [*context_views(areas, pack), *views],
        pack=pack,
        title=finding(counted, areas),
        subtitle=f"{subtitle}.",
        summary=_summary(counted, areas),
        command=command,
    )
    return Page(model)


def context_views(areas: Layer, pack: Pack) -> list[LayerView]:
    """Return what lies under an answer: the backdrop, and the pack's areas where the answer is not about them."""
    parts: tuple[Part, ...] = ("backdrop", "areas")
    return [
        LayerView(open_layer(pack.role(part).layer, pack=pack), part)
        for part in parts
        if pack.has_role(part) and pack.role(part).layer != areas.name
    ]


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
        sure=_sure(counted),
        note=note,
    )
    return [LayerView(areas, "areas"), view]


def _shade_views(
    layer: Layer, shown: Counted, names: FigureNames, number: int, choice: ClassChoice
) -> list[LayerView]:
    """Shade the areas by the classes of their rate."""
    rate = shown.rate
    if rate is None:
        return []
    size = len(rate.values) - 3
    classes = choice.classes or (MOST_SHADES if size >= FEWEST_FOR_FIVE else 3)
    breaks = class_breaks(rate.values[:size], choice.method, min(classes, MOST_SHADES))
    note = f"{rate.title}. {_METHODS[choice.method]}; a class includes its lower bound."
    view = LayerView(
        layer,
        "areas",
        wish=Shading(names[number, rate.name], breaks),
        sure=_sure([shown]),
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


def _summary(counted: Sequence[Counted], areas: Layer) -> list[str]:
    """Account for every layer in a sentence, and say what its positions leave open."""
    size = len(areas.frame)
    many = f"the {size:,} {areas.metadata.noun(size)}"
    lines = []
    for each in counted:
        outside, unplaced, total = (int(value) for value in each.figures[0].values[-3:])
        inside = int(each.figures[0].values[:size].sum())
        kinds = breakdown_words(each.layer)
        rows = f"{total:,} rows ({kinds})" if kinds else f"{total:,}"
        lines.append(
            f"{counted_title(each.layer.metadata)}: {inside:,} in {many}, {outside:,} outside and "
            f"{unplaced:,} without a known position make {rows}."
        )
        lines += sum_line(each, areas)
        if each.figures[0].uncertain:
            lines.append(_range_words(each, areas))
    return lines


def _range_words(each: Counted, areas: Layer) -> str:
    """Give the range of each count that has one: "Liverpool has 31 to 33"."""
    figure = each.figures[0]
    lows = figure.values if figure.low is None else figure.low
    highs = figure.values if figure.high is None else figure.high
    names = area_names(areas)
    parts = [
        f"{name} {low:,.0f} to {high:,.0f}"
        for name, low, high in zip(names, lows, highs, strict=False)
        if low < high
    ]
    most = 8
    more = f" and {len(parts) - most:,} more" if len(parts) > most else ""
    return f"Within the errors of their positions: {'; '.join(parts[:most])}{more}."


def _sure(counted: Sequence[Counted]) -> tuple[str, ...]:
    """Say what the positions leave open."""
    return tuple(line for each in counted for line in _sure_of(each))


def _sure_of(each: Counted) -> list[str]:
    title = counted_title(each.layer.metadata)
    if each.possible is None:
        return [f"{title}: how exact their positions are is not known."]
    open_ = int(np.asarray((~each.possible.certain).fillna(False), dtype=bool).sum())
    unknown = int((~each.possible.known & ~each.matched.unplaced).sum())
    lines = []
    if open_:
        verb, whose = ("lies", "its") if open_ == 1 else ("lie", "their")
        lines.append(
            f"{title}: {open_:,} {verb} nearer to a border than {whose} position is known, and may belong on the "
            f"other side of it; min and max give the range that this leaves each count."
        )
    if unknown:
        lines.append(
            f"{title}: {unknown:,} have a position of unknown error, and are taken as they stand."
        )
    return lines or [f"{title}: no position error reaches across a border."]
