"""The page of catchments: the rings, the places in them, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lcrmap.layers import Layer
from lcrmap.maps.charts import Bars, ranged_bar, sorted_bars
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import pack_areas
from lcrmap.verbs.catchment.by_area import residents_by_area
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.context import context_views, crossing_views, focused, named
from lcrmap.verbs.glance import living, residents_line
from lcrmap.verbs.numbers import distance_words, listed, share_words
from lcrmap.verbs.people import Measure, People
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import measured_words
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_HIDDEN = ("name", "place_id", "area_km2", "geometry")


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page, with the largest rings drawn below the others."""
    spots: Sequence[Spots] = answer.shown.spots
    rings, frame = answer.layer, answer.layer.frame
    drawn = rings
    if "area_km2" in frame:
        by_size = np.argsort(-frame["area_km2"].to_numpy(), kind="stable")
        drawn = rings.with_frame(frame.iloc[by_size])
    people = _people(answer, sources)
    ranged = people.measure.column if people else ""
    main = tuple(str(each) for each in frame.columns if _in_table(str(each), ranged))
    under = context_views(sources, [each.layer.name for each in spots])
    by_area = _by_area(answer, people, sources)
    if by_area is not None:
        under = [each for each in under if each.part != "areas"]
        under.append(_area_view(by_area, sources))
    # In which area its place lies says nothing of a ring.
    note = measured_words(answer.shown.across)
    view = LayerView(drawn, "places", main=main, could_also_be=None, note=note, merged=True)
    views = [view if people is None else replace(view, sure=people.sure)]
    views += crossing_views(answer.shown.across)
    views += [LayerView(named(each.layer, each.text), "places") for each in spots]
    region = sources.pack.region
    model = build_model(
        [*under, *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{_farthest(answer, people) or rings.metadata.title}, {region}.",
        summary=answer.sentences,
        charts=_charts(answer, people, by_area),
        glance=_glance(answer, people, by_area),
    )
    single = len(spots) == 1 and spots[0].single
    return focused(model, rings) if single else model


def _people(answer: Answer, sources: Sources) -> People | None:
    """Return who is counted; None if the pack knows nobody."""
    asked = answer.question
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    return None if answer.shown.together is None else sources.people(asked.of, asked.groups)


def _farthest(answer: Answer, people: People | None) -> str:
    """Say how many live within the largest distance, as the headline speaks of the first; empty if it says all."""
    asked, together = answer.question, answer.shown.together
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    if people is None or len(asked.rings) < 2:
        return ""
    if answer.layer.frame[people.measure.column].isna().all():
        return ""
    value, low, high = (float(together.iloc[-1][each]) for each in ("value", "least", "most"))
    share = share_words(value, people.total)
    within = distance_words(asked.rings[-1], asked.unit, exact=True)
    known = low == high or np.isnan([low, high]).any()
    span = "" if known else f", {low:,.0f} to {high:,.0f}"
    return f"Within {within}: {value:,.0f} ({share}{span})"


def _charts(answer: Answer, people: People | None, by_area: Layer | None) -> list[Bars]:
    """Draw how many live within each distance, and of the first area by area."""
    if people is None:
        return []
    return [*_ring_charts(answer, people.measure), *_area_charts(answer, people.measure, by_area)]


def _ring_charts(answer: Answer, measure: Measure) -> list[Bars]:
    """Draw how many live within each distance of any of the places."""
    asked, together = answer.question, answer.shown.together
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    if len(asked.rings) < 2:
        return []
    bars = [
        ranged_bar(
            f"Within {distance_words(ring, asked.unit, exact=True)}",
            float(row["value"]),
            float(row["least"]),
            float(row["most"]),
            lambda number: f"{number:,.0f}",
        )
        for ring, (_, row) in zip(asked.rings, together.iterrows(), strict=True)
    ]
    return [Bars(f"{measure.title} within each distance", tuple(bars))]


def _by_area(answer: Answer, people: People | None, sources: Sources) -> Layer | None:
    """Return the pack's areas with how many of their residents live within each distance; None if it knows none."""
    asked, reached = answer.question, answer.shown.reached
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    areas, _ = pack_areas(sources)
    if (
        reached is None
        or people is None
        or areas is None
        or any(each.layer.name == areas.name for each in answer.shown.spots)
    ):
        return None
    rings = [(each, distance_words(each, asked.unit, exact=True)) for each in asked.rings]
    what = listed([each.what() for each in answer.shown.spots])
    title = f"{people.measure.title} within {listed([words for _, words in rings])} of {what}"
    title += f", by {areas.metadata.noun_one}"
    return residents_by_area(areas, people, reached, rings, title)


def _area_view(layer: Layer, sources: Sources) -> LayerView:
    areas = sources.role("areas")
    called = "" if areas is None else areas.metadata.title
    names = tuple(each.name for each in layer.metadata.fields)
    return LayerView(layer, "areas", main=names, called=called)


def _area_charts(answer: Answer, measure: Measure, layer: Layer | None) -> list[Bars]:
    """Draw how many live within the first distance, area by area."""
    asked = answer.question
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    if layer is None or len(layer.frame) < 2:
        return []
    numbers = layer.frame[["within_1", "within_1_min", "within_1_max"]].astype("float64").to_numpy()
    bars = [
        ranged_bar(str(name), value, low, high, lambda number: f"{number:,.0f}")
        for name, (value, low, high) in zip(layer.frame["name"], numbers.tolist(), strict=True)
    ]
    metadata = layer.metadata
    first = distance_words(asked.rings[0], asked.unit, exact=True)
    title = f"{measure.title} within {first}, by {metadata.noun_one}"
    return [replace(sorted_bars(title, bars, noun=metadata.noun(len(bars))), on_paper=False)]


def _glance(answer: Answer, people: People | None, layer: Layer | None) -> list[str]:
    """Say in which areas those within the first distance live."""
    asked = answer.question
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    if layer is None or people is None:
        return []
    measure = people.measure
    within = f"Within {distance_words(asked.rings[0], asked.unit, exact=True)}"
    areas = living(layer, "within_1", measure.column)
    return [residents_line(within, layer.metadata.noun_one, areas, of=measure.many)]


def _in_table(column: str, ranged: str) -> bool:
    """Tell whether the page's table shows a column: figures, and the range of who is counted."""
    if column in (f"{ranged}_min", f"{ranged}_max"):
        return True
    return (
        column not in _HIDDEN
        and not column.startswith("ring_")
        and not column.endswith(("_min", "_max"))
    )
