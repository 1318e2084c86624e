"""The page of a join: the left features on the right ones, with what was attached in the table."""

from __future__ import annotations

from collections.abc import Sequence

from lcrmap.analysis.joining import dimensions
from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, build_model
from lcrmap.maps.page import Page
from lcrmap.verbs.countpage import context_views

__all__ = ["make_join_page"]


def make_join_page(
    layer: Layer,
    right: Layer,
    pack: Pack,
    *,
    title: str,
    main: Sequence[str],
    area: str = "",
    command: str = "",
) -> Page:
    """Make the page of a join.

    Parameters
    ----------
    layer
        The joined rows, as they are to be shown.
    right
        What they were joined to: drawn under them, as areas if it holds areas.
    title
        The headline.
    main
        The columns that the table shows.
    area
        The attached column that names the area of each feature; empty if there is none.
    """
    under = LayerView(right, "areas" if dimensions(right.frame) == {2} else "places")
    shown = LayerView(layer, "places", area=area, main=tuple(main))
    model = build_model(
        [*context_views(right, pack), under, shown], pack=pack, title=title, command=command
    )
    return Page(model)
