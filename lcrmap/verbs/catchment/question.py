"""What ``catchment`` can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.question import (
    Crosses,
    Distance,
    Option,
    RefusedValueError,
    Tabled,
    Unit,
    field_of,
)
from lcrmap.verbs.shared_options import GROUPS, KEEP, KEY, OF, UNIT

__all__ = ["Catchment"]


class Catchment(Crosses, Tabled, frozen=True, kw_only=True):
    """What and who lies within some distances of places.

    Raises
    ------
    RefusedValueError
        If the distances do not rise from above 0.
    UsageError
        If columns of places are wanted of merged rings.
    """

    ask: ClassVar[str] = "catchment"
    about: ClassVar[str] = """
    Total residents and features within given distances of places.

    Counts the features of each layer, the residents, and the residents of the most deprived areas. PLACE is what
    'lcrmap near' takes: an id, a name, a position, a postcode, a layer or a file. Each ring includes the smaller
    ones. --key names the column by which the places are joined to other tables (as place_id); --keep carries
    columns of the places. Figures come with the range that position errors allow. Unknown figures stay empty.
    --across measures between the banks of the pack's river by its open crossings.

    \b
    Examples:
      lcrmap catchment investment-zone-sites --rings 2km,5km
      lcrmap catchment "L3 5QA" --rings 800m --format csv
      lcrmap catchment "L3 5QA" --rings 2km --of cars_0
      lcrmap catchment rail-stations --rings 800m --dissolve
      lcrmap catchment "CH41 6DU" --rings 2km,5km --across walk
      lcrmap catchment 53.40,-2.99 parkside --rings 1mi,3mi --unit mi --count rail-stations
    """
    recipe_defaults: ClassVar[Mapping[str, Any]] = {"dissolve": True}

    places: Annotated[tuple[str, ...], Option(kind="place", argument="PLACE...")]
    rings: Annotated[
        tuple[Distance, ...],
        Option(
            help="Ring distances in rising order, such as 1km,2km,5km.",
            comma=True,
            must='a list of rising distances, such as ["2km", "5km"]',
        ),
    ]
    dissolve: Annotated[
        bool, Option(help="Merge the rings of all places, so that nobody counts twice.")
    ] = False
    count: Annotated[
        tuple[str, ...],
        Option(
            help="Count the features of this layer; repeatable (default: the layers of the atlas).",
            kind="layer",
            metavar="LAYER",
        ),
    ] = ()
    of: Annotated[str | None, OF] = None
    groups: Annotated[tuple[str, ...], GROUPS] = ()
    unit: Annotated[Unit, UNIT] = "m"
    key: Annotated[str | None, KEY] = None
    keep: Annotated[tuple[str, ...], KEEP] = ()

    def check(self) -> None:
        """Refuse distances that do not rise, and columns of places where no row is a place."""
        super().check()
        columns = "--keep" if self.keep else "--key" if self.key else ""
        if columns and self.dissolve:
            raise UsageError(
                f"{columns} and --dissolve cannot be combined: a merged ring is of no place of its own."
            )
        told = ""
        if not self.rings or self.rings[0] <= 0:
            told = (
                "--rings must be distances above 0 and up to 5,000km, such as --rings 1km,2km,5km."
            )
        elif apart := [each for each in self.places if _is_distance(each)]:
            told = f"--rings are written with commas between them, as in --rings {self.rings[-1]},{apart[0]}."
        elif any(near >= far for near, far in pairwise(self.rings)):
            told = "--rings must rise from the smallest to the largest, as in --rings 1km,2km,5km."
        if told:
            raise RefusedValueError(field_of(Catchment, "rings"), self.rings, told)


def _is_distance(place: str) -> bool:
    try:
        Distance(place)
    except UsageError:
        return False
    return True
