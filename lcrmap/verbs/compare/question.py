"""What ``compare`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Crosses, Option, Rows

__all__ = ["Compare"]


class Compare(Crosses, Rows, frozen=True, kw_only=True):
    """What changes from one scenario to others, for whom, and how sure that is.

    Raises
    ------
    UsageError
        If draws go over crossings, or a seed has none.
    """

    ask: ClassVar[str] = "compare"
    brief: ClassVar[str] = "Count who gains and who loses from one scenario to another."
    about: ClassVar[str] = """
    Count who gains and who loses from one scenario to another, and say how sure that is.

    The first SCENARIO is what the others are compared with; 'baseline' is the region as it is. Residents are compared
    one by one, so that what both have in common blurs nothing. A measure is a sentence: "residents within 800m of
    rail-stations", "distance to rail-stations", "access to rail-stations within 2km" (how many there are for each
    10,000 residents, when all who live near share them) or "count of rail-stations". Without --measure: those of the
    aims, of the layers that change, and of what the data pack watches. --across measures between the banks of the
    pack's river by the crossings that are open in each scenario.

    \b
    Examples:
      lcrmap compare baseline four-stations
      lcrmap compare baseline four-stations -o output/stations.html --overwrite
      lcrmap compare baseline no-ferries --across walk --measure "distance to investment-zone-sites" --format csv
      lcrmap compare baseline trirx-closes birkenhead-hub --measure "distance to innovation-assets" --format csv
    """

    scenarios: Annotated[tuple[str, ...], Option(kind="scenario", argument="SCENARIO...")]
    measure: Annotated[
        tuple[str, ...],
        Option(
            help='What is compared, such as "residents within 800m of rail-stations". Repeatable.',
            metavar="TEXT",
        ),
    ] = ()
    draws: Annotated[
        int | None,
        Option(
            help="Also draw positions within their errors N times, and give the middle 95 of 100.",
            metavar="N",
            least=1,
        ),
    ] = None
    seed: Annotated[
        int, Option(help="What tells draws from others (default: 0).", metavar="N", least=0)
    ] = 0
    by: Annotated[
        str | None,
        Option(
            help="Total by the areas of this layer (default: the areas of the pack).",
            kind="layer",
            metavar="AREAS",
        ),
    ] = None

    def check(self) -> None:
        """Refuse draws over crossings, and a seed without draws."""
        super().check()
        if self.draws is not None and self.across is not None:
            raise UsageError("--draws are of straight distances: leave out --across, or --draws.")
        if self.seed and self.draws is None:
            raise UsageError("--seed tells draws from others: add --draws N, or leave it out.")
