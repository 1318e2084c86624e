"""What ``join`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Distance, Option, Tabled
from lcrmap.verbs.shared_options import KEY, WITH

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
    Find the area that contains each feature (a spatial join).

    Joins the columns of RIGHT to each feature of LEFT; each is a name from 'lcrmap layers', a file, or -. A point
    matches one area. On a shared border that is the area with the lowest key, and the row is flagged on_border.
    Unmatched features stay, with the nearest feature of RIGHT and its distance. The last line on stderr accounts
    for every feature. --x, --y and --crs describe LEFT.

    \b
    Examples:
      lcrmap join innovation-assets boroughs --take name
      lcrmap join freeport-sites boroughs --take name --format csv
      lcrmap join gp-surgeries small-areas --take name --with no_car,imd_decile
      lcrmap join wards neighbourhoods --largest-overlap --take name
      lcrmap join rail-stations freeport-sites --predicate dwithin --distance 2km --many --how inner
      lcrmap join innovation-assets boroughs --snap 500m --unmatched output/outside.csv -o output/joined.csv
    """
    beside: ClassVar[tuple[str, ...]] = (
        "--unmatched",
        "File for the unmatched features of LEFT, with the nearest feature and its distance.",
    )

    left: Annotated[str, Option(kind="layer", argument="LEFT")]
    right: Annotated[str, Option(kind="layer", argument="RIGHT")]
    take: Annotated[
        tuple[str, ...],
        Option(
            help="Join only these columns of RIGHT (default: all but label_lon and label_lat).",
            metavar="A,B",
            kind="column",
            comma=True,
        ),
    ] = ()
    indicators: Annotated[tuple[str, ...], WITH] = ()
    prefix: Annotated[
        str, Option(help="Prefix for the names of the joined columns.", metavar="TEXT")
    ] = ""
    predicate: Annotated[
        Predicate | None,
        Option(
            help="Match by this spatial predicate (default: one area for each point, intersects for other geometries)."
        ),
    ] = None
    distance: Annotated[
        Distance | None, Option(help="Maximum distance for --predicate dwithin, such as 500m.")
    ] = None
    how: Annotated[
        How,
        Option(
            help="Features of LEFT to keep: all (left), the matched (inner) or the unmatched (anti).",
            show_default=True,
        ),
    ] = "left"
    many: Annotated[
        bool,
        Option(help="Write one row for each match (default: only the first match of a feature)."),
    ] = False
    largest_overlap: Annotated[
        bool, Option(help="Match each line or area to the area that overlaps it most.")
    ] = False
    border: Annotated[
        Border,
        Option(
            help="Points on a shared border: match the lowest key (once), match all areas (all), or stop (error).",
            show_default=True,
        ),
    ] = "once"
    key: Annotated[str | None, KEY] = None
    snap: Annotated[
        Distance | None,
        Option(
            help="Join unmatched features to the nearest feature within this distance, and flag them as snapped."
        ),
    ] = None
    nearest: Annotated[
        bool | None,
        Option(
            help="Report the nearest feature of RIGHT for unmatched features (default: for at most 50,000)."
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
    def taken(self) -> tuple[str, ...]:
        """The columns of the right layer that are attached; none for all but those of labels."""
        if not self.take:
            return ()
        return tuple(dict.fromkeys((*filter(None, (self.key,)), *self.take, *self.indicators)))

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
