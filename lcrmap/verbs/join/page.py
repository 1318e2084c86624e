"""The page of a join: the left features on the right ones, with what was attached in the table."""

from __future__ import annotations

from lcrmap.analysis.joining import dimensions, match_areas
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import area_names, checked_key
from lcrmap.verbs.beside import refuse_to_show
from lcrmap.verbs.context import context_views
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.whereabouts import other_areas

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a join."""
    asked = answer.question
    assert isinstance(asked, Join)  # noqa: S101 (its page)
    refuse_to_show(sources, [asked.right])
    right, area = answer.shown.right, answer.shown.area
    under = LayerView(right, "areas" if dimensions(right.frame) == {2} else "places")
    shown = LayerView(
        answer.layer, "places", area=area, could_also_be=_others(answer), main=answer.main
    )
    return build_model(
        [*context_views(sources, [right.name]), under, shown],
        pack=sources.pack,
        title=answer.finding,
    )


def _others(answer: Answer) -> dict[int, tuple[str, ...]] | None:
    """Return where points may lie besides the area that was attached; None where no area can have the most of them."""
    right, asked = answer.shown.right, answer.question
    if not answer.shown.area or not isinstance(asked, Join) or asked.repeats:
        return None  # a point that comes in several rows lies in several areas
    frame = answer.layer.frame
    matched = match_areas(frame, right.frame, key=checked_key(right, asked.key))
    return other_areas(frame, right.frame, matched, area_names(right))
