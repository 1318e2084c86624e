"""What ``count`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from lcrmap.errors import UsageError
from lcrmap.verbs.classes import classes_of
from lcrmap.verbs.question import Option, Tabled
from lcrmap.verbs.shared_options import CLASSES, GROUPS, KEEP, KEY, MIDDLE, OF, PER, WITH

__all__ = ["STATISTICS", "Count"]

STATISTICS: Final = ("sum", "mean", "min", "max", "median")
RESIDENTS: Final = "residents"
"""What is summed of people if nothing else is named."""


class Count(Tabled, frozen=True, kw_only=True):
    """How many features lie in each area, and what else is worked out of them.

    Raises
    ------
    UsageError
        If several statistics are asked for, or classes that a map cannot have.
    """

    ask: ClassVar[str] = "count"
    about: ClassVar[str] = """
    Count features by area, with totals that add up.

    A point counts in the area that it lies in; an area, or several points in one, once, where most of it lies.
    Three last rows count the features of each LAYER outside all areas, those without a position, and the total;
    the column 'row' tells them from the areas. Areas without features stay, with 0. Uncertain counts come with the
    minimum and maximum that position errors allow. --key names the column of AREAS by which the table is joined to
    others; --keep carries further columns of AREAS. --where and --sort apply to the rows of this table; to count
    only some features, filter them with 'lcrmap show' first. --of sums any count of the pack where its residents live:
    LAYER is then the layer of residents. --x, --y and --crs describe each LAYER.

    \b
    Examples:
      lcrmap count freeport-sites investment-zone-sites innovation-assets --in boroughs
      lcrmap count innovation-assets --in boroughs --by sector -o output/assets.html
      lcrmap count residents --in neighbourhoods --sum residents --per km2 --format csv
      lcrmap count residents --in wards --of cars_0 --groups most_deprived_tenth
      lcrmap count rail-stations --in boroughs --per residents
      lcrmap count gp-surgeries --in boroughs --with age_75_plus,disabled_share
      lcrmap show innovation-assets --where "sector = 'net_zero'" | lcrmap count - --in boroughs --format csv
    """

    layers: Annotated[tuple[str, ...], Option(kind="layer", argument="LAYER...")]
    areas: Annotated[
        str,
        Option(help="Layer of areas to count in.", kind="layer", key="in", metavar="AREAS"),
    ]
    by: Annotated[
        str | None,
        Option(
            help="Break the figures down by the values of this column.",
            kind="column",
            metavar="COLUMN",
        ),
    ] = None
    sum: Annotated[
        str | None, Option(help="Total this column by area.", kind="column", metavar="COLUMN")
    ] = None
    mean: Annotated[
        str | None, Option(help="Mean of this column by area.", kind="column", metavar="COLUMN")
    ] = None
    min: Annotated[
        str | None, Option(help="Minimum of this column by area.", kind="column", metavar="COLUMN")
    ] = None
    max: Annotated[
        str | None, Option(help="Maximum of this column by area.", kind="column", metavar="COLUMN")
    ] = None
    median: Annotated[
        str | None, Option(help="Median of this column by area.", kind="column", metavar="COLUMN")
    ] = None
    per: Annotated[str | None, PER] = None
    key: Annotated[str | None, KEY] = None
    keep: Annotated[tuple[str, ...], KEEP] = ()
    indicators: Annotated[tuple[str, ...], WITH] = ()
    of: Annotated[str | None, OF] = None
    groups: Annotated[tuple[str, ...], GROUPS] = ()
    classes: Annotated[str, CLASSES] = "rounded"
    middle: Annotated[float | None, MIDDLE] = None

    def check(self) -> None:
        """Refuse two statistics at a time, and classes that a map cannot have."""
        asked = [kind for kind in STATISTICS if getattr(self, kind) is not None]
        if len(asked) > 1:
            named = " and ".join(f"--{each}" for each in asked)
            raise UsageError(f"{named} cannot be combined: ask for one statistic at a time.")
        if self.of_people:
            self._check_people(asked)
        classes_of(self.classes)

    def _check_people(self, asked: list[str]) -> None:
        """Refuse another statistic, or several layers, where people are summed."""
        option = "--of" if self.of is not None else "--groups"
        if asked:
            raise UsageError(
                f"{option} sums people by area, and --{asked[0]} something else: leave one out."
            )
        if len(self.layers) != 1:
            raise UsageError(f"{option} sums people by area: name the layer of residents alone.")

    @property
    def of_people(self) -> bool:
        """Whether people, or what is counted instead of them, are summed."""
        return self.of is not None or bool(self.groups)

    @property
    def measure(self) -> str:
        """The count that is summed where people are."""
        return self.of or RESIDENTS

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns of the areas that stand behind the figures: those asked for, and indicators.

        An indicator by which is divided stands before them.
        """
        beside = [each for each in self.indicators if each != self.per]
        return tuple(dict.fromkeys((*self.keep, *beside)))

    @property
    def statistic(self) -> tuple[str, str] | None:
        """What is worked out beside the count, such as ``sum``, and of which column."""
        if self.of_people:
            return "sum", self.measure
        return next(
            ((kind, getattr(self, kind)) for kind in STATISTICS if getattr(self, kind)), None
        )

    @property
    def needed(self) -> list[str]:
        """The columns of the counted layers that are needed, besides that of position errors."""
        column = self.statistic[1] if self.statistic else None
        return [each for each in (self.by, column) if each]
