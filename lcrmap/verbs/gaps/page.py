"""The page of gaps: areas shaded by the share of residents beyond, and the features around which nobody is."""

from __future__ import annotations

import numpy as np

from lcrmap.layers import Layer
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Shading
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.context import context_views, focused, named
from lcrmap.verbs.gaps.rows import GapsShown
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_SHARE = "share_beyond_pct"


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of gaps."""
    shown: GapsShown = answer.shown
    layer, spots, region = answer.layer, shown.spots, sources.pack.region
    main = tuple(
        str(each)
        for each in layer.frame.columns
        if str(each) not in ("id", "row", layer.frame.geometry.name)
    )
    shading, note = _shading(layer)
    views = [
        *context_views(sources, [spots.layer.name]),
        LayerView(layer, "places", wish=shading, main=main, note=note),
        LayerView(named(spots.layer, spots.text), "places"),
    ]
    model = build_model(
        views,
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{layer.metadata.title} by {shown.areas.metadata.noun_one}, {region}.",
        summary=answer.sentences,
    )
    return focused(model, layer, room=0)  # the map keeps a margin of its own


def _shading(layer: Layer) -> tuple[Shading | None, str]:
    """Return the shades of the areas, and the note on their classes; none where all shares are alike."""
    frame = layer.frame
    if not {_SHARE, "row"} <= set(frame.columns):
        return None, ""
    shares = frame.loc[frame["row"] == "area", _SHARE].to_numpy(dtype=np.float64)
    if len(np.unique(shares[~np.isnan(shares)])) < 2:
        return None, ""
    return shaded_by(_SHARE, shares, Classes(), layer.metadata.field(_SHARE).title)
