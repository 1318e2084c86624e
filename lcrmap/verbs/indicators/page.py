"""There is no page of ``indicators``: a list has no place."""

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
    raise UsageError(
        "A list of indicators is no map: write it to a table, such as -o indicators.csv, "
        "or draw one with 'lcrmap map small-areas --shade no_car'."
    )
