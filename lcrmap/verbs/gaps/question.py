"""What ``gaps`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Distance, Option, Tabled
from lcrmap.verbs.shared_options import BY_HELP

__all__ = ["Gaps"]


class Gaps(Tabled, frozen=True, kw_only=True):
    """Who lives farther than a distance from every feature of a layer, area by area.

    Raises
    ------
    UsageError
        If the distance is 0.
    """

    ask: ClassVar[str] = "gaps"
    about: ClassVar[str] = """
    Sum the residents who have nothing near.

    Those who live farther than a distance from every feature of LAYER, by area and deprivation. Figures come with
    the range that the errors of positions leave; an area of which nothing is known stays empty.

    \b
    Examples:
      lcrmap gaps rail-stations --beyond 800m --by boroughs
      lcrmap gaps innovation-assets --beyond 5km --sort -share_beyond_pct --limit 10
      lcrmap gaps rail-stations --beyond 1mi -o output/gaps.html --overwrite
    """

    layer: Annotated[str, Option(kind="place", argument="LAYER")]
    beyond: Annotated[Distance, Option(help="Farther than this, such as 800m or 1mi.")]
    by: Annotated[str | None, Option(help=BY_HELP, kind="layer", metavar="AREAS")] = None

    def check(self) -> None:
        """Refuse a distance of 0: everybody is beyond it or on it."""
        if not self.beyond > 0:
            raise UsageError("--beyond is a distance above 0, such as 800m.")
