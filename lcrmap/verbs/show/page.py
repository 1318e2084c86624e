"""The page of ``show``: the map of the features."""

from __future__ import annotations

from lcrmap.maps.model import PageModel
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.map.page import map_model
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Make the map of the features that are left, in their order."""
    return map_model([answer.layer], [], sources)
