"""The page of a map: layers over the pack's backdrop and areas, each place with the area in which it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.joining import NOWHERE, match_areas
from lcrmap.errors import GeometryError
from lcrmap.layers import Category, Field, Layer
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Circles
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import area_names, at_points, pack_areas
from lcrmap.verbs.context import context_views, opened_on_places
from lcrmap.verbs.map.shades import Painted
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.whereabouts import errors_known, other_areas

__all__ = ["AREA_COLUMN", "OUTSIDE", "map_model", "page_model", "with_area"]

AREA_COLUMN = "in_area"  # the computed column that says in which of the pack's areas a place lies
OUTSIDE = "outside"


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Return the page, which the work has made."""
    model: PageModel = answer.shown
    return model


def map_model(
    shown: Sequence[Layer],
    hidden: Sequence[Layer],
    sources: Sources,
    *,
    shades: Mapping[str, Painted] | None = None,
    title: str | None = None,
    basemap: str | None = None,
    language: str = "en",
) -> PageModel:
    """Make the page of some layers.

    Parameters
    ----------
    shown, hidden
        The layers that are shown when the page opens, and those that a reader may show.
    shades
        By the name of a layer of areas how it is shaded.
    title
        The headline; None for one made from the figures.
    basemap
        The name of a tile service, or None for a page that needs no network.
    language
        The language of the page's own words.
    """
    plain = _views([*shown, *hidden], len(shown), sources)
    views = _one_at_a_time([view for each in plain for view in _painted(each, shades or {})])
    model = build_model(views, pack=sources.pack, title=title, basemap=basemap, language=language)
    areas = sources.role("areas")
    asked = areas is not None and any(each.name == areas.name for each in shown)
    return model if asked else opened_on_places(model)


def _views(layers: Sequence[Layer], visible: int, sources: Sources) -> list[LayerView]:
    """Put the pack's backdrop and areas under the layers, and the area into each layer of points."""
    given = {layer.name for layer in layers}
    views = context_views(sources, given)
    areas, _ = pack_areas(sources)
    for number, layer in enumerate(layers):
        visibly = number < visible
        if areas is not None and layer.name == areas.name:
            views.append(LayerView(layer, "areas", visibly))
            continue
        view = LayerView(layer, "places", visibly, area="")
        if AREA_COLUMN in layer.frame.columns:
            unsure = errors_known(layer.frame)  # of areas that the file names, and we do not know
            view = replace(view, area=AREA_COLUMN, could_also_be=None if unsure else {})
        elif areas is not None:
            view = with_area(view, areas)
        views.append(view)
    return views


def _painted(view: LayerView, shades: Mapping[str, Painted]) -> list[LayerView]:
    """Return a view as it is shaded; where circles are drawn, they stand on the areas, which stay as they are."""
    if view.layer.name not in shades:
        return [view]
    made = shades[view.layer.name]
    wish, note = made.wish, made.note
    falling = _falling(view.layer, wish.column)
    if not isinstance(wish, Circles):
        shaded = replace(view, layer=falling, wish=wish, note=note, main=made.main)
        return [shaded, *(replace(each, visible=view.visible) for each in made.symbols)]
    known = falling.metadata
    metadata = known.replaced(
        name=f"{known.name}-{wish.column}", title=falling.field(wish.column).title
    )
    circles = Layer(at_points(falling.frame), metadata, falling.inputs)
    ground = LayerView(view.layer, "areas", view.visible)
    return [ground, LayerView(circles, "places", view.visible, wish=wish, note=note)]


def _one_at_a_time(views: Sequence[LayerView]) -> list[LayerView]:
    """Return views of which several shaded ones are alternatives, the first shown: one would hide the other.

    What marks some areas of a shaded layer comes and goes with it.
    """
    shaded = [each for each in views if _is_shaded(each)]
    if len(shaded) < 2:
        return [*views]
    made, choice = [], ""
    for each in views:
        if _is_shaded(each):
            choice = each.layer.name
        alone = choice if _is_shaded(each) or each.marks else ""
        first = not alone or alone == shaded[0].layer.name
        made.append(replace(each, choice=alone, visible=each.visible and first))
    return made


def _is_shaded(view: LayerView) -> bool:
    return view.wish is not None and not isinstance(view.wish, Circles)


def _falling(layer: Layer, column: str) -> Layer:
    """Return the areas with the highest number first, so that a table says who leads; nameless ones as they are."""
    if not layer.label:
        return layer
    areas = layer.features
    order = np.argsort(-areas[column].to_numpy(np.float64, na_value=np.nan), kind="stable")
    sums = layer.frame[~layer.frame.index.isin(areas.index)]
    return layer.with_frame(gpd.GeoDataFrame(pd.concat([areas.iloc[order], sums])))


def with_area(view: LayerView, areas: Layer) -> LayerView:
    """Return a view of points with the computed column that names the area of each.

    A layer that holds lines or areas, or of which no point lies in any area, is shown as it is. Where else points may
    lie is worked out for a layer of which a page may say in which area most of it is.
    """
    layer = view.layer
    try:
        matched = match_areas(layer.frame, areas.frame, key=areas.key)
    except GeometryError:
        return view
    assigned = matched.first()
    if not (assigned != NOWHERE).any():
        return view
    names = areas.frame[areas.label].astype(object).to_numpy()
    frame = layer.frame.copy()
    found = names[assigned]
    found[assigned == NOWHERE] = OUTSIDE
    found[(frame.geometry.isna() | frame.geometry.is_empty).to_numpy()] = None
    frame[AREA_COLUMN] = found
    metadata = layer.metadata.replaced(fields=(*layer.metadata.fields, _area_field(areas)))
    others = None
    if view.visible and layer.metadata.breakdown not in layer.frame.columns:
        others = other_areas(layer.frame, areas.frame, matched, area_names(areas))
    located = replace(layer, frame=frame, metadata=metadata)
    return replace(view, layer=located, area=AREA_COLUMN, could_also_be=others)


def _area_field(areas: Layer) -> Field:
    names = [str(name) for name in areas.frame[areas.label]]
    outside = Category(OUTSIDE, f"Outside the {len(names)} {areas.metadata.noun(len(names))}")
    return Field(
        AREA_COLUMN,
        areas.metadata.noun_one.capitalize(),
        description=f"Computed from the position, over the layer {areas.name}",
        categories=(*(Category(name, name) for name in names), outside),
    )
