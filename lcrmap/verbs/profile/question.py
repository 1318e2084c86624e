"""What ``profile`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.errors import UsageError
from lcrmap.verbs.question import Distance, Option, Tabled

__all__ = ["Profile"]


class Profile(Tabled, frozen=True, kw_only=True):
    """An area, or who lives within a distance of a place, in twenty figures beside borough and region.

    Raises
    ------
    UsageError
        If the distance is 0.
    """

    ask: ClassVar[str] = "profile"
    brief: ClassVar[str] = "Describe an area, or who lives near a place, beside the region."
    about: ClassVar[str] = """
    Describe an area, or who lives near a place, in twenty figures beside its borough and the region.

    AREA is a small area, neighbourhood or borough by name or code; with --ring, any place. Each figure says whether
    it is better or worse than the region's, and the page what is near.

    \b
    Examples:
      lcrmap profile "Birkenhead Central"
      lcrmap profile Knowsley -o output/knowsley.html
      lcrmap profile "L3 5QA" --ring 1km -o output/around.html
    """

    place: Annotated[str, Option(kind="place", argument="AREA")]
    ring: Annotated[
        Distance | None,
        Option(help="Describe who lives within this distance of the place, such as 800m or 2km."),
    ] = None

    def check(self) -> None:
        """Refuse a distance of 0."""
        super().check()
        if self.ring is not None and not self.ring > 0:
            raise UsageError("--ring must be a distance above 0, such as 800m.")
