"""There is no page of ``layers``: a list of layers has no place."""

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
    name = answer.question.to_plain().get("layer", "")
    raise UsageError(
        "A list of layers is no map: write it to a table, such as -o layers.csv or -o layers.md, "
        f"or draw them with 'lcrmap map{' ' + name if name else ''}'."
    )
