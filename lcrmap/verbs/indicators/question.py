"""What ``indicators`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Tabled

__all__ = ["Indicators"]


class Indicators(Tabled, frozen=True, kw_only=True):
    """Which indicators there are, or everything about one."""

    ask: ClassVar[str] = "indicators"
    pictured: ClassVar[bool] = False
    about: ClassVar[str] = """
    List the indicators, or describe one.

    With WORDS, a theme or words of a title, lists those that are meant. With the id of one, prints its source,
    date, licence, how it sums and how it was derived, its lowest, middle and highest figure, and that of the most
    deprived small areas together and of all others.

    \b
    Examples:
      lcrmap indicators
      lcrmap indicators health
      lcrmap indicators no_car
      lcrmap show small-areas --with no_car,imd_decile --sort -no_car
    """

    words: Annotated[str | None, Option(kind="indicator", argument="[WORDS]")] = None
