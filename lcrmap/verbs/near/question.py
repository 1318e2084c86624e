"""What ``near`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Crosses, Distance, Option, Tabled, Unit
from lcrmap.verbs.shared_options import KEEP, KEY, UNIT, WITHIN

__all__ = ["Near"]


class Near(Crosses, Tabled, frozen=True, kw_only=True):
    """Which features are nearest to places, or within a distance of them."""

    ask: ClassVar[str] = "near"
    about: ClassVar[str] = """
    Rank the nearest features by distance along the ground.

    Lists the features of each TO nearest to each FROM, with the range that position errors allow. FROM is a place
    or a layer: an id, a name, LAYER:ID, 'latitude,longitude', a grid reference, a postcode, a name from 'lcrmap
    layers', a file, or -. TO is a layer, a file or a place. --within without -k lists all features within the
    distance. Lines and areas are measured from edge to edge. --key names the column by which FROM or TO are joined to
    other tables (as from_id and id). --keep carries columns of FROM (as from_COLUMN) and of
    TO. --across measures between the banks of the pack's river by its open crossings. Exit code 1 if nothing is
    found.

    \b
    Examples:
      lcrmap near innovation-assets:sci-tech-daresbury innovation-assets -k 5
      lcrmap near freeport-sites rail-stations --within 800m
      lcrmap near "L3 5QA" rail-stations investment-zone-sites --unit mi
      lcrmap near 53.40,-2.99 rail-stations -k 3 -o output/near.html --overwrite
      lcrmap near freeport-sites rail-stations --lines output/lines.geojson --format csv
      lcrmap near freeport-sites innovation-assets --across drive
    """
    beside: ClassVar[tuple[str, ...]] = (
        "--lines",
        "File for the lines that connect each FROM with its nearest features.",
    )

    start: Annotated[str, Option(kind="place", key="from", argument="FROM")]
    targets: Annotated[tuple[str, ...], Option(kind="place", key="to", argument="TO...")]
    k: Annotated[
        int | None,
        Option(
            help="List the N nearest features of each TO, and all that tie at rank N (default: 1).",
            key="nearest",
            flag="-k",
            metavar="N",
            least=1,
        ),
    ] = None
    within: Annotated[Distance | None, WITHIN] = None
    unit: Annotated[Unit, UNIT] = "m"
    wide: Annotated[
        bool, Option(help="Write one row for each FROM, its nearest features side by side.")
    ] = False
    include_self: Annotated[bool, Option(help="Let a feature be its own nearest feature.")] = False
    key: Annotated[str | None, KEY] = None
    keep: Annotated[tuple[str, ...], KEEP] = ()

    @property
    def most(self) -> int | None:
        """How many of each target are listed; None for all within the distance."""
        return 1 if self.k is None and self.within is None else self.k
