"""The page of gaps: areas shaded by the share of residents beyond, and the features around which nobody is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lcrmap.layers import Layer
from lcrmap.maps.charts import Bar, Bars, sorted_bars
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.maps.styling import Shading
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import sound
from lcrmap.verbs.classes import Classes
from lcrmap.verbs.context import context_views, crossing_views, focused, named
from lcrmap.verbs.gaps.question import Gaps
from lcrmap.verbs.gaps.rows import gaps_layer, sums_in
from lcrmap.verbs.glance import living, residents_line
from lcrmap.verbs.numbers import distance_words, share_words
from lcrmap.verbs.people import People
from lcrmap.verbs.shading import shaded_by
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_SHARE = "share_beyond_pct"
_FEW = "Where few live, a high share is few people."
_MOST_IN_FULL = 60  # places of their own colour and shape: more would cover the shades


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of gaps."""
    asked, shown = answer.question, answer.shown
    assert isinstance(asked, Gaps)  # noqa: S101 (its page)
    layer, spots, region = answer.layer, shown.spots, sources.pack.region
    people = sources.people(asked.of, asked.groups)
    main = tuple(
        str(each)
        for each in layer.frame.columns
        if str(each) not in ("id", "row", layer.frame.geometry.name)
    )
    local = _neighbourhoods(answer, sources)
    shading, note = _shading(layer if local is None else local)
    hidden = [spots.layer.name]
    if local is None:
        views = [LayerView(layer, "places", wish=shading, main=main, note=note, sure=people.sure)]
    else:
        near = _by(local.with_frame(local.features), "gaps-by-neighbourhood")
        outlines = shown.areas.metadata.title
        views = [
            LayerView(
                _by(layer),
                "areas",
                main=main,
                called=outlines,
                figure=f"{people.measure.column}_beyond",
            ),
            LayerView(
                near,
                "places",
                wish=shading,
                main=main,
                note=note,
                sure=people.sure,
                called=_called(near),
            ),
        ]
        hidden.append(shown.areas.name)
    views += crossing_views(shown.across)
    views.append(LayerView(_small(named(spots.layer, spots.text)), "places", singly=True))
    model = build_model(
        [*context_views(sources, hidden), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{layer.metadata.title} by {_nouns(layer, local)}, {region}.",
        summary=answer.sentences,
        charts=_charts(layer, people),
        glance=_glance(answer, people),
    )
    return focused(model, layer, room=0)  # the map keeps a margin of its own


def _nouns(layer: Layer, local: Layer | None) -> str:
    """Say by what the map is shaded and, where that is something else, by what the table counts."""
    noun = layer.metadata.noun_one
    return noun if local is None else f"{local.metadata.noun_one}, with the sums by {noun}"


def _small(layer: Layer) -> Layer:
    """Return many places as small grey bars: the answer is how far it is to the nearest, not of what kind it is."""
    if len(layer.frame) <= _MOST_IN_FULL:
        return layer
    metadata = layer.metadata.replaced(category="", colour="grey", symbol="bar")
    return Layer(layer.frame, metadata, layer.inputs)


def _neighbourhoods(answer: Answer, sources: Sources) -> Layer | None:
    """Make the same sums for the pack's neighbourhoods: the map shows where the gaps are, whatever the rows' areas.

    None if the rows' areas are those, or if the pack has none.
    """
    asked, shown = answer.question, answer.shown
    assert isinstance(asked, Gaps)  # noqa: S101 (its page)
    found = sources.role("neighbourhoods")
    if found is None or found.name == shown.areas.name:
        return None
    areas, people = sound(found)[0], sources.people(asked.of, asked.groups)
    sums = sums_in(areas, shown.found, people)
    return gaps_layer(sums, people, areas, shown.spots, asked.beyond, shown.across)


def _charts(layer: Layer, people: People) -> list[Bars]:
    """Draw the share of all residents, or of what else is counted, beside that of the most deprived."""
    whole = layer.frame.iloc[-1]
    measure = people.measure
    names = {_SHARE: f"All {measure.many}"}
    names |= {f"share_of_{each.column}_beyond_pct": f"Those {each.words}" for each in people.groups}
    bars = [
        Bar(who, float(whole[name]), f"{whole[name]:.1f}%")
        for name, who in names.items()
        if name in layer.frame and not np.isnan(whole[name])
    ]
    shares = (
        [Bars(f"Share of {measure.many} beyond the distance", tuple(bars))] if len(bars) > 1 else []
    )
    return [*shares, *_people_chart(layer, measure.column)]


def _glance(answer: Answer, people: People) -> list[str]:
    """Say of the most deprived how many live beyond, and in which areas the share is highest."""
    asked, layer, measure = answer.question, answer.layer, people.measure
    assert isinstance(asked, Gaps)  # noqa: S101 (its page)
    whole = layer.frame.iloc[-1]
    told = {each.column: each.where for each in people.groups if each.asked}
    told = {each.column: each.where for each in people.groups[:1]} | told
    lines = [
        f"{where[0].upper()}{where[1:]}: {whole[f'{name}_beyond']:,.0f} of {whole[name]:,.0f} {measure.many} "
        f"({share_words(float(whole[f'{name}_beyond']), float(whole[name]))})."
        for name, where in told.items()
        if {name, f"{name}_beyond"} <= set(layer.frame.columns) and whole[name] > 0
    ]
    what = f"Beyond {distance_words(asked.beyond, exact=True)}"
    areas = living(layer, f"{measure.column}_beyond", measure.column)
    return [
        *lines,
        residents_line(what, layer.metadata.noun_one, areas, by_share=True, of=measure.many),
    ]


def _people_chart(layer: Layer, counted: str) -> list[Bars]:
    """Draw how many live beyond in each area, as a high share of a small one is few people."""
    rows = layer.features
    beyond = f"{counted}_beyond"
    if not {"name", counted, beyond} <= set(rows.columns):
        return []  # a question may choose its columns
    known = rows[rows[beyond].notna()]
    bars = [
        Bar(
            str(row["name"]),
            float(row[beyond]),
            f"{row[beyond]:,} ({share_words(row[beyond], row[counted])})",
        )
        for _, row in known.iterrows()
    ]
    if len(bars) < 2:
        return []
    metadata = layer.metadata
    title = f"{metadata.field(beyond).title}, by {metadata.noun_one}"
    return [replace(sorted_bars(title, bars, noun=metadata.noun(len(bars))), on_paper=False)]


def _by(layer: Layer, name: str = "gaps") -> Layer:
    """Return the rows under a title that names their areas, as two kinds of them stand on one page."""
    metadata = layer.metadata
    title = f"{metadata.title}, by {metadata.noun_one}"
    return Layer(layer.frame, metadata.replaced(name=name, title=title), layer.inputs)


def _called(layer: Layer) -> str:
    return f"{layer.metadata.field(_SHARE).title}, by {layer.metadata.noun_one}"


def _shading(layer: Layer) -> tuple[Shading | None, str]:
    """Return the shades of the areas, and the note on their classes; none where all shares are alike."""
    frame = layer.frame
    if not {_SHARE, "row"} <= set(frame.columns):
        return None, ""
    shares = frame.loc[frame["row"] == "area", _SHARE].to_numpy(dtype=np.float64)
    if len(np.unique(shares[~np.isnan(shares)])) < 2:
        return None, ""
    shading, note = shaded_by(_SHARE, shares, Classes(), layer.metadata.field(_SHARE).title)
    return shading, f"{note} {_FEW}"
