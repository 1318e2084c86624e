"""The page of an answer about distances: the places, what is near them, and the lines between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.layers import Layer
from lcrmap.maps.charts import Strip
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.beside import refuse_to_show
from lcrmap.verbs.context import context_views, focused, named
from lcrmap.verbs.near.found import Found, with_names
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.near.words import near_aside
from lcrmap.verbs.numbers import distance_words, in_unit, listed
from lcrmap.verbs.rivers import measured_words
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

LEAST_IN_STRIP: Final = 5  # distances; fewer are read in the table

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of what is near."""
    asked = answer.question
    assert isinstance(asked, Near)  # noqa: S101 (its page)
    refuse_to_show(sources, asked.targets)
    found: Sequence[Found] = answer.shown.found
    lines = _lines(answer)
    start = found[0].spots
    names = [start.layer.name, *(each.target.layer.name for each in found)]
    distances = with_names(rounded(lines), found)
    view = LayerView(  # none of them lies in an area
        distances,
        "places",
        main=_table_columns(lines),
        could_also_be=None,
        note=measured_words(found[0].across),
        written=f"distance_{asked.unit}",
    )
    model = build_model(
        [*context_views(sources, names), view, *_ends(found, _faint_note(found, answer))],
        pack=sources.pack,
        title=answer.finding,
        aside=near_aside(found, asked.within, asked.unit),
        subtitle=f"{lines.metadata.title}, {sources.pack.region}.",
        summary=answer.sentences,
        charts=_charts(answer),
    )
    return focused(model, lines)


def _charts(answer: Answer) -> list[Strip]:
    """Draw how far the nearest is, place by place."""
    asked, lines = answer.question, _lines(answer).frame
    assert isinstance(asked, Near)  # noqa: S101 (its page)
    column = f"distance_{asked.unit}"
    nearest = lines.loc[lines["rank"] == 1, column].dropna() if "rank" in lines else lines[column]
    if len(nearest) < LEAST_IN_STRIP:
        return []
    limit = None if asked.within is None else in_unit(asked.within, asked.unit)
    title = f"Distance to the nearest, of {len(nearest):,} places"
    return [Strip(title, tuple(nearest.astype(float)), asked.unit, limit)]


def _lines(answer: Answer) -> Layer:
    """Return the rows that are shown, with the connecting lines."""
    lines = answer.beside
    assert lines is not None  # noqa: S101 (distances have lines)
    if answer.shown.wide:
        return lines
    return lines.with_frame(lines.frame.loc[answer.layer.frame.index])


def _ends(found: Sequence[Found], note: str) -> list[LayerView]:
    """Return the places and what is near them, each feature once; the answer speaks of those that have a line.

    `note` says what those are that have none.
    """
    start = found[0].spots
    near = np.zeros(len(start.layer.frame), dtype=bool)
    near[np.concatenate([each.pairs["left"].to_numpy() for each in found])] = True
    places = {(start.source, row): number for number, row in enumerate(start.rows)}
    drawn: set[tuple[str, int]] = set()
    further: list[tuple[Layer, gpd.GeoDataFrame]] = []
    for each in found:
        target, new = each.target, []
        for number in np.unique(each.pairs["right"].to_numpy()).tolist():
            # A typed position has no row: its text tells it from others.
            feature = (target.source, target.rows[number]) if target.rows else (target.text, -1)
            if feature in places:
                near[places[feature]] = True
            elif feature not in drawn:
                drawn.add(feature)
                new.append(number)
        further.append((target.layer, target.layer.frame.iloc[new]))
    typed = [each.text for each in (start, *(one.target for one in found)) if not each.rows]
    ends = {start.layer.name: (named(start.layer, listed(list(dict.fromkeys(typed)))), near)}
    for layer, rows in further:
        if layer.name in ends:
            ends[layer.name] = _united(*ends[layer.name], rows)
        elif len(rows):
            ends[layer.name] = layer.with_frame(rows), np.ones(len(rows), dtype=bool)
    return [_end(layer, lined, note) for layer, lined in ends.values()]


def _end(layer: Layer, near: BoolArray, note: str) -> LayerView:
    """Return the view of a layer; if nothing is near any of it, all of it is shown alike."""
    if not near.any():
        return LayerView(layer, "places")
    geometry = layer.frame.geometry
    faint = (~near & (geometry.notna() & ~geometry.is_empty).to_numpy()).any()
    answering = tuple(np.flatnonzero(near).tolist())
    return LayerView(layer, "places", answering=answering, note=note if faint else "")


def _faint_note(found: Sequence[Found], answer: Answer) -> str:
    """Say in the legend what is drawn faintly: the places that have nothing within the distance."""
    asked = answer.question
    assert isinstance(asked, Near)  # noqa: S101 (its page)
    if asked.within is None:
        return ""
    far = distance_words(asked.within, asked.unit, exact=True)
    if len(found) > 1:
        return f"Faint: none of these within {far}."
    if found[0].target.single:
        return f"Faint: farther than {far} from {found[0].noun}."
    return f"Faint: no {found[0].noun} within {far}."


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
        if name.startswith(("distance", "straight")) and name.endswith(("_m", "_km", "_mi")):
            frame[column] = frame[column].round(0 if name.endswith("_m") else 2)
    return layer.with_frame(frame)


def _united(layer: Layer, near: BoolArray, rows: gpd.GeoDataFrame) -> tuple[Layer, BoolArray]:
    """Return a layer with further rows of it, each feature once, and which of all have a line."""
    whole = gpd.GeoDataFrame(pd.concat([layer.frame, rows], ignore_index=True))
    ends = np.concatenate([near, np.ones(len(rows), dtype=bool)])
    key = layer.key
    if not key:
        return layer.with_frame(whole), ends
    first = ~whole[key].duplicated().to_numpy()
    lined = whole[key].isin(whole.loc[ends, key]).to_numpy()
    return layer.with_frame(whole[first].reset_index(drop=True)), lined[first]
