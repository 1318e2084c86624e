"""There is no page of ``scenarios``: what one changes is drawn by ``compare``."""

from __future__ import annotations

from lcrmap.errors import UsageError
from lcrmap.maps.model import PageModel
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.sources import Sources

__all__ = ["page_model"]


def page_model(answer: Answer, sources: Sources) -> PageModel:
    """Refuse to draw a list.

    Raises
    ------
    UsageError
        Always; the message says what to do instead.
    """
    name = answer.question.to_plain().get("scenario", "SCENARIO")
    raise UsageError(
        f"A list of changes is no map: 'lcrmap compare baseline {name} -o compare.html' draws what they change."
    )
