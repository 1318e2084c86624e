"""The page of gaps: areas shaded by the share of residents beyond, and the features around which nobody is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lcrmap.analysis.classes import class_breaks
from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.page import Page
from lcrmap.maps.styling import Shading
from lcrmap.verbs.gapwords import GapSums
from lcrmap.verbs.nearpage import context_views, focused, named

__all__ = ["make_gap_page"]

_SHARE = "share_beyond_pct"
_MOST_CLASSES = 5
_FEWEST_FOR_FIVE = 25


def make_gap_page(
    layer: Layer,
    told: GapSums,
    pack: Pack,
    headline: str,
    summary: Sequence[str],
    *,
    command: str = "",
) -> Page:
    """Make the page.

    Parameters
    ----------
    layer
        The rows of the answer, as they are to be shown.
    told
        What they were made from.
    headline, summary
        What the page says.
    """
    frame = layer.frame
    wish, note = None, ""
    if _SHARE in frame.columns and "row" in frame.columns:
        shares = frame.loc[frame["row"] == "area", _SHARE].to_numpy(dtype=np.float64)
        classes = _MOST_CLASSES if len(shares) >= _FEWEST_FOR_FIVE else 3
        if len(np.unique(shares[~np.isnan(shares)])) > 1:
            wish = Shading(_SHARE, class_breaks(shares, "rounded", classes))
            title = layer.metadata.field(_SHARE).title
            note = f"{title}. Rounded breaks; a class includes its lower bound."
    main = tuple(
        str(each) for each in frame.columns if str(each) not in ("id", "row", frame.geometry.name)
    )
    views = [
        *context_views(pack, [told.spots.layer.name]),
        LayerView(layer, "places", wish=wish, main=main, note=note),
        LayerView(named(told.spots.layer, told.spots.text), "places"),
    ]
    model = build_model(
        views,
        pack=pack,
        title=headline,
        subtitle=f"{layer.metadata.title} by {told.areas.metadata.noun_one}, {pack.region}.",
        summary=summary,
        command=command,
    )
    return Page(focused(model, layer, room=0))  # the map keeps a margin of its own
