"""The page of an answer about distances: the places, what is near them, and the lines between."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.layers import Layer
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.context import context_views, focused, named
from lcrmap.verbs.near.words import Found
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of what is near."""
    found: Sequence[Found] = answer.shown.found
    lines = _lines(answer)
    start = found[0].spots
    names = [start.layer.name, *(each.target.layer.name for each in found)]
    distances = rounded(lines)  # none of them lies in an area
    views = [LayerView(distances, "places", main=_table_columns(lines), could_also_be=None)]
    views += [LayerView(each, "places") for each in _ends(found)]
    model = build_model(
        [*context_views(sources, names), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{lines.metadata.title}, {sources.pack.region}. Distances are measured along the ground.",
        summary=answer.sentences,
    )
    return focused(model, lines) if start.single else model


def _lines(answer: Answer) -> Layer:
    """Return the rows that are shown, with the connecting lines."""
    lines = answer.beside
    assert lines is not None  # noqa: S101 (distances have lines)
    if answer.shown.wide:
        return lines
    return lines.with_frame(lines.frame.loc[answer.layer.frame.index])


def _ends(found: Sequence[Found]) -> list[Layer]:
    """Return the places and what is near them, each layer once."""
    start = found[0].spots
    shown = {start.layer.name: named(start.layer, start.text)}
    drawn = {(start.source, row) for row in start.rows}
    for each in found:
        target, layer = each.target, each.target.layer
        at = np.unique(each.pairs["right"].to_numpy())
        if target.rows:  # which a typed position has not
            at = at[[(target.source, target.rows[row]) not in drawn for row in at]]
            drawn |= {(target.source, target.rows[row]) for row in at}
        rows = layer.frame.iloc[at]
        if layer.name in shown:
            rows = _united(shown[layer.name], rows)
        if len(rows):
            shown[layer.name] = layer.with_frame(rows)
    return list(shown.values())


def _table_columns(lines: Layer) -> tuple[str, ...]:
    hidden = {"from_id", "id", "bearing", lines.frame.geometry.name}
    if lines.frame["layer"].nunique() == 1:
        hidden.add("layer")
    return tuple(str(each) for each in lines.frame.columns if each not in hidden)


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
