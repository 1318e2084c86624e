"""The page of an answer about distances: the places, what is near them, and the lines between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack
from lcrmap.maps.model import LayerView, PageModel, Part, build_model
from lcrmap.maps.page import Page
from lcrmap.verbs.nearwords import Found

__all__ = ["context_views", "focused", "make_near_page", "named"]

_ROOM = 0.15  # of the width and height, on each side


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
    views = [LayerView(rounded(lines), "places", main=_table_columns(lines))]
    start = found[0].spots.layer
    shown = {start.name: named(start, found[0].spots.text)}
    for each in found:
        layer = each.target.layer
        rows = layer.frame.iloc[np.unique(each.pairs["right"].to_numpy())]
        if layer.name in shown:
            rows = _united(shown[layer.name], rows)
        if len(rows):
            shown[layer.name] = layer.with_frame(rows)
    views += [LayerView(each, "places") for each in shown.values()]
    model = build_model(
        [*context_views(pack, [start.name, *(each.target.layer.name for each in found)]), *views],
        pack=pack,
        title=headline,
        subtitle=f"{lines.metadata.title}, {pack.region}. Distances are measured along the ground.",
        summary=summary,
        command=command,
    )
    return Page(focused(model, lines) if found[0].spots.single else model)


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


def focused(model: PageModel, layer: Layer, room: float = _ROOM) -> PageModel:
    """Return the page with its map opening on a layer, with some room around, as a share of its width and height."""
    west, south, east, north = layer.frame.geometry.total_bounds.tolist()
    if not west <= east:
        return model
    wide, high = max(east - west, 0.02) * room, max(north - south, 0.012) * room
    return replace(model, bounds=(west - wide, south - high, east + wide, north + high))


def rounded(layer: Layer) -> Layer:
    """Return the rows with distances no finer than a reader needs: whole metres, or hundredths of others."""
    frame = layer.frame.copy()
    for column in frame.columns:
        name = str(column)
        if name.startswith("distance") and name.endswith(("_m", "_km", "_mi")):
            frame[column] = frame[column].round(0 if name.endswith("_m") else 2)
    return layer.with_frame(frame)


def _united(layer: Layer, rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return features of one layer, those of two selections together, each once."""
    whole = pd.concat([layer.frame, rows], ignore_index=True)
    key = layer.key
    return gpd.GeoDataFrame(whole.drop_duplicates(key, ignore_index=True) if key else whole)
