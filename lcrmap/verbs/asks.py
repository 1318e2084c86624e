"""The verbs that are questions: where each lives. Nothing of a verb is loaded before it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lcrmap.errors import UnknownNameError

if TYPE_CHECKING:
    from lcrmap.maps.model import PageModel
    from lcrmap.verbs.answer import Answer
    from lcrmap.verbs.question import Question
    from lcrmap.verbs.sources import Sources
    from lcrmap.verbs.work import Work

__all__ = ["ASKS", "PAGES", "page_maker", "question_class", "work_class"]

ASKS = {
    "map": "Map",
    "layers": "Layers",
    "indicators": "Indicators",
    "show": "Show",
    "join": "Join",
    "count": "Count",
    "near": "Near",
    "catchment": "Catchment",
    "gaps": "Gaps",
    "profile": "Profile",
    "locate": "Locate",
    "access": "Access",
    "compare": "Compare",
    "scenarios": "Scenarios",
    "find_place": "FindPlace",
    "doubts": "Doubts",
    "limits": "Limits",
    "text": "Text",
}
"""The class of each question, in the order in which they are listed; its folder is called as the verb is."""

PAGES = (
    "map",
    "show",
    "join",
    "count",
    "near",
    "catchment",
    "gaps",
    "profile",
    "locate",
    "access",
    "compare",
)
"""Those whose answer is a page."""


def question_class(ask: str) -> type[Question]:
    """Return the class of a verb's questions.

    Raises
    ------
    UnknownNameError
        If no verb is called so.

    Examples
    --------
    >>> question_class("gaps").__name__
    'Gaps'
    """
    found: type[Question] = getattr(_part(ask, "question"), _name(ask))
    return found


def work_class(ask: str) -> type[Work[Any, Any]]:
    """Return the class of the work that answers a verb's questions."""
    found: type[Work[Any, Any]] = getattr(_part(ask, "rows"), f"{_name(ask)}Work")
    return found


def page_maker(ask: str) -> Callable[[Answer, Sources], PageModel]:
    """Return the function that makes the page of a verb's answers."""
    found: Callable[[Answer, Sources], PageModel] = _part(ask, "page").page_model
    return found


def _name(ask: str) -> str:
    if ask not in ASKS:
        raise UnknownNameError("question", ask, ASKS)
    return ASKS[ask]


def _part(ask: str, part: str) -> Any:
    _name(ask)
    return import_module(f"lcrmap.verbs.{ask}.{part}")
