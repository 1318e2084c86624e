"""What ``find_place`` can be asked, by a tool or in a report."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Tabled

__all__ = ["FindPlace"]


class FindPlace(Tabled, frozen=True, kw_only=True):
    """What a text means as a place: an id, a name, a position, a grid reference, a postcode, or a layer."""

    ask: ClassVar[str] = "find_place"

    place: Annotated[str, Option(kind="place", argument="PLACE")]
