"""The page of catchments: the rings, the places in them, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.page import Page
from lcrmap.verbs.nearpage import context_views, focused, named
from lcrmap.verbs.places import Spots

__all__ = ["make_catchment_page"]

_HIDDEN = ("name", "place_id", "area_km2", "geometry")
_RANGE = ("residents_min", "residents_max")


def make_catchment_page(
    rings: Layer,
    spots: Sequence[Spots],
    pack: Pack,
    headline: str,
    summary: Sequence[str],
    rings_m: Sequence[float],
    *,
    command: str = "",
) -> Page:
    """Make the page.

    Parameters
    ----------
    rings
        The rows of the answer, as they are to be shown.
    spots
        The places around which the rings lie.
    headline, summary
        What the page says.
    rings_m
        The distances, to draw the largest below.
    """
    frame = rings.frame
    by_size = (
        np.argsort(-frame["area_km2"].to_numpy(), kind="stable") if "area_km2" in frame else None
    )
    drawn = rings if by_size is None else rings.with_frame(frame.iloc[by_size])
    main = tuple(str(each) for each in frame.columns if _in_table(str(each)))
    views = [LayerView(drawn, "places", main=main)]
    views += [LayerView(named(each.layer, each.text), "places") for each in spots]
    model = build_model(
        [*context_views(pack, [each.layer.name for each in spots]), *views],
        pack=pack,
        title=headline,
        subtitle=f"{rings.metadata.title}, {pack.region}. Distances are measured along the ground.",
        summary=summary,
        command=command,
    )
    single = len(spots) == 1 and spots[0].single
    return Page(focused(model, rings) if single else model)


def _in_table(column: str) -> bool:
    """Tell whether the page's table shows a column: figures, and the range of residents."""
    if column in _RANGE:
        return True
    return (
        column not in _HIDDEN
        and not column.startswith("ring_")
        and not column.endswith(("_min", "_max"))
    )
