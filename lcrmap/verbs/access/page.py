"""The page of access: areas shaded by what their residents have, and features as circles by who shares them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from lcrmap.analysis.access import PER
from lcrmap.layers import Layer
from lcrmap.maps.charts import Bar, Bars, ranged_bar
from lcrmap.maps.model import LayerView, PageModel, Part, build_model
from lcrmap.maps.passages import Passage
from lcrmap.maps.styling import Circles, Shading
from lcrmap.verbs.access.columns import GROUP_ROW, shown_columns
from lcrmap.verbs.access.told import Told
from lcrmap.verbs.access.words import access_aside
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.context import context_views, crossing_views, focused
from lcrmap.verbs.numbers import number_words
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_LIMITS = (
    "Who is near is taken to share, and only by distance: access knows nothing of who needs a place, of timetables, "
    "opening hours or price, nor of people outside {region}, who are not counted."
)


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of access."""
    told: Told = answer.shown.told
    layer, shared = answer.layer, answer.shown.shared
    areas = told.areas.areas
    assert areas is not None  # noqa: S101 (they are areas)
    shading, note = _shading(layer)
    main = tuple(each for each in shown_columns(told) if each in layer.frame and each != "name")
    known = shared.frame.geometry.notna() & (shared.frame["residents_within"].fillna(0) > 0)
    circles = Layer(gpd.GeoDataFrame(shared.frame[known]), shared.metadata, shared.inputs)
    outlines = sources.role("areas")
    # Areas that lie under every other map carry their names themselves; smaller ones lie under the names of those.
    part: Part = "areas" if outlines is not None and outlines.name == areas.name else "places"
    views = [
        LayerView(layer, part, wish=shading, main=main, note=note, sure=told.people.sure),
        *crossing_views(told.across),
    ]
    if len(circles.frame):
        # Off at first: where many features lie, their circles cover the shades, which are the answer.
        wish = Circles("residents_within")
        views.append(LayerView(circles, "places", wish=wish, singly=True, visible=False))
    hidden = [areas.name, told.layer.name]
    model = build_model(
        [*context_views(sources, hidden), *views],
        pack=sources.pack,
        title=answer.finding,
        aside=access_aside(told),
        subtitle=f"{layer.metadata.title}, {sources.pack.region}.",
        summary=answer.sentences,
        charts=_charts(layer, told),
        passages=(
            *_lost(told),
            Passage("What this cannot see", (_LIMITS.format(region=told.region),)),
        ),
    )
    return model if outlines is None else focused(model, outlines, room=0)


def _shading(layer: Layer) -> tuple[Shading | None, str]:
    """Return the shades of the areas and the note on their classes; none where all are alike."""
    if "access" not in layer.frame or "row" not in layer.frame:
        return None, ""
    values = layer.features["access"].to_numpy(dtype=np.float64)
    if len(np.unique(values[~np.isnan(values)])) < 2:
        return None, ""
    return shaded_by("access", values, Classes(), layer.metadata.field("access").title)


def _charts(layer: Layer, told: Told) -> list[Bars]:
    """Draw what each group has, with its range."""
    if not {"row", "access", "access_min", "access_max"} <= set(layer.frame.columns):
        return []
    rows = layer.frame[layer.frame["row"] == GROUP_ROW]
    if len(rows) < 2:
        return []
    bars: list[Bar] = []
    for _, row in rows.iterrows():
        value, low, high = (float(row[each]) for each in ("access", "access_min", "access_max"))
        bars.append(
            ranged_bar(str(row["name"]), value, low, high, lambda each: number_words(each, 3))
        )
    title = f"{layer.metadata.field('access').title}, by deprivation of the small area"
    return [Bars(title if told.unit else f"Per {PER:,} residents", tuple(bars))]


def _lost(told: Told) -> list[Passage]:
    """Name the features that nobody reaches, one behind the other: there may be many."""
    if not len(told.lost):
        return []
    names = "; ".join(told.spots.names[each] for each in told.lost.tolist())
    title = f"Reached within {told.far} by no resident of {told.region}"
    return [Passage(title, (f"{names}.", f"People outside {told.region} are not counted."))]
