"""What ``text`` can be asked, in a report."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Question

__all__ = ["Text"]


class Text(Question, frozen=True, kw_only=True):
    """Paragraphs of somebody's own, with an empty line between two."""

    ask: ClassVar[str] = "text"
    of_data: ClassVar[bool] = False

    text: Annotated[str, Option()]
