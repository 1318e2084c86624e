"""The page of an answer about distances: the places, what is near them, and the lines between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, Part, build_model
from lcrmap.maps.page import Page
from lcrmap.verbs.nearwords import Found

__all__ = ["context_views", "make_near_page", "named"]


def make_near_page(
    lines: Layer,
    found: Sequence[Found],
    pack: Pack,
    headline: str,
    summary: Sequence[str],
    *,
    command: str = "",
) -> Page:
    """Make the page.

    Parameters
    ----------
    lines
        The rows of the answer, as they are to be shown, with the connecting lines.
    found
        What they were made from.
    headline, summary
        What the page says.
    """
    views = [LayerView(lines, "places", main=_table_columns(lines))]
    start = found[0].spots.layer
    views.append(LayerView(named(start, found[0].spots.text), "places"))
    for each in found:
        rows = np.unique(each.pairs["right"].to_numpy())
        if len(rows) and each.target.layer.name != start.name:
            views.append(
                LayerView(
                    each.target.layer.with_frame(each.target.layer.frame.iloc[rows]), "places"
                )
            )
    model = build_model(
        [*context_views(pack, [start.name, *(each.target.layer.name for each in found)]), *views],
        pack=pack,
        title=headline,
        subtitle=f"{lines.metadata.title}, {pack.region}. Distances are measured along the ground, on the ellipsoid.",
        summary=summary,
        command=command,
    )
    return Page(model)


def named(layer: Layer, text: str) -> Layer:
    """Give a typed position's layer a title that says what was typed."""
    return (
        Layer(layer.frame, layer.metadata.replaced(title=text), layer.inputs)
        if layer.name == "place"
        else layer
    )


def context_views(pack: Pack, given: Sequence[str]) -> list[LayerView]:
    """Return what lies under an answer: the pack's backdrop and areas, unless they are what was asked about."""
    parts: tuple[Part, ...] = ("backdrop", "areas")
    return [
        LayerView(open_layer(pack.role(part).layer, pack=pack), part)
        for part in parts
        if pack.has_role(part) and pack.role(part).layer not in given
    ]


def _table_columns(lines: Layer) -> tuple[str, ...]:
    hidden = {"from_id", "id", "bearing", lines.frame.geometry.name}
    if lines.frame["layer"].nunique() == 1:
        hidden.add("layer")
    return tuple(str(each) for each in lines.frame.columns if each not in hidden)
