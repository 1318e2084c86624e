"""The page of a choice: the places chosen, those next to them, and whom it brings nearer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from lcrmap.layers import Category, Field, Layer, Metadata
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.passages import Passage
from lcrmap.maps.styling import Shading
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.context import context_views, crossing_views, focused, named
from lcrmap.verbs.locate.effects import effect_in, serving
from lcrmap.verbs.locate.existing import Existing
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import aside
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_CHOSEN: Final = Category("chosen", "Chosen", colour="violet", symbol="star")
_NEXT: Final = Category("next", "In one of the next best choices", colour="green", symbol="diamond")
_MOST_LISTED: Final = 12  # places named beside the map
_LEAST: Final = {"nearer": 1.0, "newly": 0.05}  # below which an area is as before


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a choice."""
    told: Told = answer.shown.told
    kind: Groups = answer.shown.groups[-1]
    layer, existing = answer.layer, told.existing
    views = [_shaded(told, kind)] if kind.areas is not None else []
    hidden = [existing.layer.name, *([kind.areas.name] if kind.areas is not None else [])]
    views += [
        *crossing_views(told.across),
        *_lines(told, kind),
        *_places(told, layer),
        *_existing(existing),
    ]
    model = build_model(
        [*context_views(sources, hidden), *views],
        pack=sources.pack,
        title=answer.finding,
        aside=aside(told),
        subtitle=f"{layer.metadata.title}, {sources.pack.region}.",
        summary=answer.sentences,
        passages=(*answer.passages, *_notes(answer)),
        glance=_glance(told),
    )
    outlines = sources.role("areas")
    return model if outlines is None else focused(model, outlines, room=0)


def _glance(told: Told) -> list[str]:
    """Name beside the map what it may have room for the numbers of alone."""
    names = told.last.names
    if not 1 < len(names) <= _MOST_LISTED:
        return []
    return [f"Chosen: {'; '.join(f'{n}. {name}' for n, name in enumerate(names, 1))}."]


def _lines(told: Told, kind: Groups) -> list[LayerView]:
    """Draw a line from each area to the place chosen that is the nearest for most of those who gain; off at first."""
    served = serving(told.last, kind.rows, len(kind))
    if kind.areas is None or not len(served):
        return []
    candidates = told.task.candidates
    sites = shapely.get_coordinates(candidates.points.geometry.to_numpy())
    rows = served["group"].to_numpy()
    ends = served[["lon", "lat"]].to_numpy(), sites[served["candidate"].to_numpy()]
    frame = gpd.GeoDataFrame(
        {
            "id": [kind.ids[each] for each in rows],
            "name": [kind.names[each] for each in rows],
            "site": [candidates.names[each] for each in served["candidate"]],
            "residents": served["residents"].to_numpy(),
        },
        geometry=shapely.linestrings(np.stack(ends, axis=1)),
        crs="EPSG:4326",
    )
    noun = kind.areas.metadata.noun_one
    metadata = Metadata(
        name="locate-lines",
        title=f"From each {noun} to the place that serves it",
        key="id",
        label="name",
        noun_one="line",
        noun_many="lines",
        geometry="line",
        colour="violet",
        fields=(
            Field("id", "Id"),
            Field("name", "Name"),
            Field("site", "Place"),
            Field("residents", "Residents served by it", "number"),
        ),
    )
    layer = Layer(frame, with_sources_of(metadata, kind.areas.metadata), kind.areas.inputs)
    return [LayerView(layer, "places", main=("site", "residents"), visible=False)]


def _existing(existing: Existing) -> list[LayerView]:
    """Show what stays, all alike: what kinds there are says nothing of the choice."""
    if existing.nothing:
        return []
    layer = named(existing.layer, existing.text)
    metadata = layer.metadata.replaced(category="", colour="grey", symbol="bar")
    return [LayerView(Layer(layer.frame, metadata, layer.inputs), "places", singly=True)]


def _notes(answer: Answer) -> list[Passage]:
    """Tell below all else what whoever asks on a command line reads on stderr."""
    said = {*answer.sentences, f"{answer.finding}."}
    notes = tuple(each for each in answer.notes if each not in said)
    return [Passage("Notes", notes, listed=True)] if notes else []


def _places(told: Told, layer: Layer) -> Iterator[LayerView]:
    """Show those chosen, by number and name, with those of the next best choices; the others are off at first."""
    task, last = told.task, told.last
    rows = layer.features
    ids = {key: row for row, key in enumerate(task.candidates.keys)}
    place = [ids[key] for key in rows["id"]]
    next_best = {each for choice in last.solved.found.choices for each in choice.chosen}
    what, names = [], []
    for name, each in zip(rows["name"], place, strict=True):
        chosen = each in last.chosen
        what.append("chosen" if chosen else "next" if each in next_best else "other")
        names.append(f"{last.by_worth.index(each) + 1}. {name}" if chosen else name)
    frame = gpd.GeoDataFrame(rows.assign(name=names, what=what))
    main = tuple(each for each in told.main if each in frame and each != "name")
    others = frame[frame["what"] == "other"]
    if len(others):
        metadata = layer.metadata.replaced(name="locate-others", title="Other candidates", row="")
        shown = Layer(gpd.GeoDataFrame(others), metadata, layer.inputs)
        yield LayerView(shown, "places", main=main, singly=True, visible=False)
    there = tuple(each for each in (_CHOSEN, _NEXT) if each.value in what)
    field = Field("what", "What it is", categories=there)
    metadata = layer.metadata.replaced(
        title=_title(told), category="what", row="", fields=(*layer.metadata.fields, field)
    )
    some = gpd.GeoDataFrame(frame[frame["what"] != "other"])
    named_ones = tuple(np.flatnonzero(some["what"] == "chosen").tolist())
    shown = Layer(some, metadata, layer.inputs)
    yield LayerView(
        shown,
        "places",
        main=("what", *main),
        sure=told.people.sure,
        answering=named_ones,
        singly=True,
    )


def _title(told: Told) -> str:
    """Return what the layer of the places chosen is called."""
    noun = told.existing.layer.metadata.noun(len(told.last.chosen))
    return f"Places for {len(told.last.chosen):,} more {noun}"


def _shaded(told: Told, kind: Groups) -> LayerView:
    """Shade areas by how much nearer their residents have it, or by the share of those newly within the distance."""
    assert kind.areas is not None  # noqa: S101 (the caller looked)
    effect = effect_in(told.last, kind.rows, len(kind))
    far = bool(told.far)
    values = (effect.newly if far else effect.nearer)[:-1].round(2)
    column, unit = ("newly", "%") if far else ("nearer", "m")
    title = f"Share of residents newly within {told.far}" if far else "Metres nearer on average"
    frame = gpd.GeoDataFrame(
        {
            "id": list(kind.ids),
            "name": list(kind.names),
            "residents": effect.residents[:-1],
            "before": effect.before[:-1].round(0),
            "after": effect.after[:-1].round(0),
            "gain": effect.gain[:-1],
            column: values,
        },
        geometry=kind.areas.frame.geometry.array,
    )
    order = np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")
    areas = kind.areas.metadata
    metadata = Metadata(
        name="locate-by-area",
        title=f"{title}, by {areas.noun_one}",
        key="id",
        label="name",
        noun_one=areas.noun_one,
        noun_many=areas.noun_many,
        geometry="area",
        fields=(
            Field("id", "Id"),
            Field("name", "Name"),
            Field("residents", "Residents", "number"),
            Field("before", "Mean before", "number", unit="m"),
            Field("after", "Mean after", "number", unit="m"),
            Field("gain", told.gaining, "number"),
            Field(column, title if far else "Nearer on average", "number", unit=unit),
        ),
    )
    layer = Layer(
        frame.iloc[order].reset_index(drop=True),
        with_sources_of(metadata, areas),
        kind.areas.inputs,
    )
    shading, note = _classes(column, values, title)
    main = ("residents", "before", "after", "gain", column)
    return LayerView(layer, "places", wish=shading, main=main, note=note)


def _classes(column: str, values: np.ndarray, title: str) -> tuple[Shading | None, str]:
    """Divide the areas that gain into classes, and put those that are as before into one of their own."""
    least = _LEAST[column]
    gaining = values[values >= least]
    if len(np.unique(gaining)) < 2:
        return None, ""
    shading, note = shaded_by(column, gaining, Classes(number=4), title)
    breaks = (least, *(each for each in shading.breaks if least < each < gaining.max()))
    nought = "1 m" if column == "nearer" else "0.05%"
    return replace(shading, breaks=breaks), f"{note} Less than {nought} stands for no change."
