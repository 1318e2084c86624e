"""The page of catchments: the rings, the places in them, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lcrmap.maps.charts import Bars, ranged_bar
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.catchment.question import Catchment
from lcrmap.verbs.context import context_views, focused, named
from lcrmap.verbs.numbers import distance_words
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import measured_words
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]

_HIDDEN = ("name", "place_id", "area_km2", "geometry")
_RANGE = ("residents_min", "residents_max")


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page, with the largest rings drawn below the others."""
    spots: Sequence[Spots] = answer.shown.spots
    rings, frame = answer.layer, answer.layer.frame
    drawn = rings
    if "area_km2" in frame:
        by_size = np.argsort(-frame["area_km2"].to_numpy(), kind="stable")
        drawn = rings.with_frame(frame.iloc[by_size])
    main = tuple(str(each) for each in frame.columns if _in_table(str(each)))
    # In which area its place lies says nothing of a ring.
    note = measured_words(answer.shown.across)
    views = [LayerView(drawn, "places", main=main, could_also_be=None, note=note, merged=True)]
    views += [LayerView(named(each.layer, each.text), "places") for each in spots]
    region = sources.pack.region
    model = build_model(
        [*context_views(sources, [each.layer.name for each in spots]), *views],
        pack=sources.pack,
        title=answer.finding,
        subtitle=f"{rings.metadata.title}, {region}.",
        summary=answer.sentences,
        charts=_charts(answer),
    )
    single = len(spots) == 1 and spots[0].single
    return focused(model, rings) if single else model


def _charts(answer: Answer) -> list[Bars]:
    """Draw how many live within each distance of any of the places."""
    asked, together = answer.question, answer.shown.together
    assert isinstance(asked, Catchment)  # noqa: S101 (its page)
    if together is None or len(asked.rings) < 2:
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
    return [Bars("Residents within each distance", tuple(bars))]


def _in_table(column: str) -> bool:
    """Tell whether the page's table shows a column: figures, and the range of residents."""
    if column in _RANGE:
        return True
    return (
        column not in _HIDDEN
        and not column.startswith("ring_")
        and not column.endswith(("_min", "_max"))
    )
