"""What ``join`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Distance, Option, Tabled
from lcrmap.verbs.shared_options import KEY

__all__ = ["MOST_NEAREST", "Join"]

Predicate = Literal[
    "within", "intersects", "contains", "touches", "overlaps", "covers", "covered_by", "dwithin"
]
How = Literal["left", "inner", "anti"]
Border = Literal["once", "all", "error"]

MOST_NEAREST: Final = 50_000
"""Features that matched nothing, above which their nearest is found only when asked for."""


class Join(Tabled, frozen=True, kw_only=True):
    """Which features of one layer match those of another, and what is attached to them.

    Raises
    ------
    UsageError
        If two of its fields cannot be meant together.
    """

    ask: ClassVar[str] = "join"
    about: ClassVar[str] = """
    Say in which area each feature lies.

    Attaches the columns of RIGHT to each feature of LEFT: names from 'lcrmap layers', files, or -. A point
    belongs to one area: on a shared border to the one with the lowest key, flagged on_border. What matches
    nothing stays, with the nearest feature and its distance. The last line on stderr accounts for every feature.
    --x, --y and --crs are about LEFT.

    \b
    Examples:
      lcrmap join innovation-assets boroughs --take name
      lcrmap join freeport-sites boroughs --take name --format csv
      lcrmap join wards neighbourhoods --largest-overlap --take name
      lcrmap join rail-stations freeport-sites --predicate dwithin --distance 2km --many --how inner
      lcrmap join innovation-assets boroughs --snap 500m --unmatched output/outside.csv -o output/joined.csv
    """
    beside: ClassVar[tuple[str, ...]] = (
        "--unmatched",
        "Write the features of LEFT that matched nothing here, with the nearest and its distance.",
    )

    left: Annotated[str, Option(kind="layer", argument="LEFT")]
    right: Annotated[str, Option(kind="layer", argument="RIGHT")]
    take: Annotated[
        tuple[str, ...],
        Option(
            help="Attach these columns of RIGHT only, instead of all.",
            metavar="A,B",
            kind="column",
            comma=True,
        ),
    ] = ()
    prefix: Annotated[str, Option(help="Begin the attached columns' names so.", metavar="TEXT")] = (
        ""
    )
    predicate: Annotated[
        Predicate | None,
        Option(
            help="Match by this predicate, raw (else: the border rule for points in areas, intersects for the rest)."
        ),
    ] = None
    distance: Annotated[
        Distance | None, Option(help="How far apart dwithin allows, such as 500m.")
    ] = None
    how: Annotated[
        How,
        Option(
            help="Keep every feature of LEFT, those that matched, or those that did not.",
            show_default=True,
        ),
    ] = "left"
    many: Annotated[bool, Option(help="One row for each match.")] = False
    largest_overlap: Annotated[
        bool, Option(help="Attach the area that shares the most ground.")
    ] = False
    border: Annotated[
        Border,
        Option(
            help="A point on a shared border goes to the lowest key, to all areas, or is refused.",
            show_default=True,
        ),
    ] = "once"
    key: Annotated[str | None, KEY] = None
    snap: Annotated[
        Distance | None,
        Option(
            help="Attach what matched nothing to the nearest feature within this distance, flagged."
        ),
    ] = None
    nearest: Annotated[
        bool | None,
        Option(
            help="Find the nearest for what matched nothing, or do not (else: up to 50,000 of them)."
        ),
    ] = None

    def check(self) -> None:
        """Refuse what cannot be meant together."""
        if (self.predicate == "dwithin") != (self.distance is not None):
            raise UsageError(
                "--distance belongs to --predicate dwithin, which needs it: "
                "write both, as in --predicate dwithin --distance 500m."
            )
        if self.border != "once" and (self.predicate is not None or self.largest_overlap):
            raise UsageError(
                "--border is about the rule for points on areas, which --predicate and --largest-overlap "
                "replace: leave one of them out."
            )
        if self.largest_overlap and self.predicate is not None:
            raise UsageError(
                "--largest-overlap is a way of matching like --predicate: leave one out."
            )
        if self.border == "error" and self.many:
            raise UsageError("--border error refuses what --many asks for: leave one out.")

    @property
    def repeats(self) -> bool:
        """Whether a left feature may come in more than one row."""
        return self.many or self.border == "all"

    @property
    def keeps_only_touching(self) -> bool:
        """Whether no left feature is kept that shares no point with a right one."""
        raw = self.predicate in (None, "within", "intersects", "covered_by")
        return raw and self.how == "inner" and self.snap is None

    def finds_nearest(self, alone: int) -> bool:
        """Tell whether the nearest is found where so many features matched nothing."""
        if self.snap is not None or self.nearest:
            return True
        return self.nearest is None and alone <= MOST_NEAREST
