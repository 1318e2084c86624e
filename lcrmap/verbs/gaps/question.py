"""What ``gaps`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Crosses, Distance, Option, Tabled
from lcrmap.verbs.shared_options import GROUPS, OF

__all__ = ["Gaps"]


class Gaps(Crosses, Tabled, frozen=True, kw_only=True):
    """Who lives farther than a distance from every feature of a layer, area by area.

    Raises
    ------
    UsageError
        If the distance is 0.
    """

    ask: ClassVar[str] = "gaps"
    brief: ClassVar[str] = "Count residents who live far from every feature of a layer."
    about: ClassVar[str] = """
    Count residents who live farther than a given distance from every feature of a layer.

    Totals them by area and by deprivation. Figures come with the range that position errors allow. Areas without
    population data stay empty. --across measures between the banks of the pack's river by its open crossings.

    \b
    Examples:
      lcrmap gaps rail-stations --beyond 800m --by boroughs
      lcrmap gaps innovation-assets --beyond 5km --sort -share_beyond_pct --limit 10
      lcrmap gaps gp-surgeries --beyond 1km --of age_75_plus --by boroughs
      lcrmap gaps gp-surgeries --beyond 1km --groups no_car_tenth,disabled_share_tenth --by boroughs
      lcrmap gaps investment-zone-sites --beyond 5km --across walk
      lcrmap gaps rail-stations --beyond 1mi -o output/gaps.html --overwrite
    """

    layer: Annotated[str, Option(kind="place", argument="LAYER")]
    beyond: Annotated[
        Distance, Option(help="Count residents farther away than this, such as 800m or 1mi.")
    ]
    by: Annotated[
        str | None,
        Option(
            help="Total by the areas of this layer (default: the neighbourhoods of the pack, else its areas).",
            kind="layer",
            metavar="AREAS",
        ),
    ] = None
    of: Annotated[str | None, OF] = None
    groups: Annotated[tuple[str, ...], GROUPS] = ()

    def check(self) -> None:
        """Refuse a distance of 0: everybody is beyond it or on it."""
        super().check()
        if not self.beyond > 0:
            raise UsageError("--beyond must be a distance above 0, such as 800m.")
