"""The page of a profile: the area, or the place and the distance around it, and below it the figures."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd

from lcrmap.analysis.zones import zones
from lcrmap.layers import Layer, Metadata
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.context import context_views, focused, named
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.profile.rows import ProfileShown
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a profile."""
    shown: ProfileShown = answer.shown
    subject, known = shown.subject, answer.layer.metadata
    about = named(subject.spots.layer, subject.spots.text)
    # The figures' credits stand under the page of the place that they are about.
    place = about.with_metadata(
        about.metadata.replaced(
            name="profile",
            sources=(*about.metadata.sources, *known.sources),
            licences=tuple(dict.fromkeys((*about.metadata.licences, *known.licences))),
            credit=" ".join(dict.fromkeys(filter(None, (about.metadata.credit, known.credit)))),
        )
    )
    views = [LayerView(place, "places")]
    focus = place
    if shown.ring is not None:
        focus = _ring(about, shown.ring)
        views.insert(0, LayerView(focus, "places"))
    model = build_model(
        [*context_views(sources, [subject.level]), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{known.title}, {sources.pack.region}.",
        summary=answer.sentences,
        passages=answer.passages,
        glance=shown.glance,
    )
    return replace(focused(model, focus), one_sheet=True)


def _ring(about: Layer, metres: float) -> Layer:
    """Return the ground within the distance of a place."""
    drawn = zones(about.frame.geometry, (metres,), dissolve=True)
    words = f"Within {distance_words(metres, exact=True)}"
    frame = gpd.GeoDataFrame({"name": [words]}, geometry=drawn.geometry.to_numpy(), crs=drawn.crs)
    metadata = Metadata(
        "ring", words, geometry="area", label="name", noun_one="distance", noun_many="distances"
    )
    return Layer(frame, metadata)
