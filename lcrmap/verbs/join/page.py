"""The page of a join: the left features on the right ones, with what was attached in the table."""

from __future__ import annotations

from lcrmap.analysis.joining import dimensions
from lcrmap.maps.model import LayerView, PageModel, build_model
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.context import context_views
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the page of a join."""
    right, area = answer.shown.right, answer.shown.area
    under = LayerView(right, "areas" if dimensions(right.frame) == {2} else "places")
    shown = LayerView(answer.layer, "places", area=area, main=answer.main)
    return build_model(
        [*context_views(sources, [right.name]), under, shown],
        pack=sources.pack,
        title=answer.finding,
    )
