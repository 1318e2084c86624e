"""What ``locate`` can be asked."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Final, Literal

from lcrmap.errors import UsageError
from lcrmap.verbs.question import (
    Crosses,
    Distance,
    Option,
    RefusedValueError,
    Tabled,
    field_of,
)

__all__ = ["Aim", "Locate"]

Aim = Literal["distance", "reach", "farthest", "everyone"]

_NUMBERS: Final = re.compile(r"\s*(\d{1,6})\s*(?:\.\.\s*(\d{1,6})\s*)?")


class Locate(Crosses, Tabled, frozen=True, kw_only=True):
    """Which of some candidates, added to a layer, would serve residents best.

    Raises
    ------
    RefusedValueError
        If what is to be chosen is no number and no range.
    UsageError
        If options cannot be meant together.
    """

    ask: ClassVar[str] = "locate"
    brief: ClassVar[str] = "Choose the best places for new features, with the proof."
    about: ClassVar[str] = """
    Choose the candidates that would serve residents best, and prove it.

    LAYER is what exists, and stays. Candidates are points, or areas, each taken at the mean position of its residents.
    --aim distance makes the mean distance to the nearest least; reach brings most residents within --within; farthest
    makes the greatest distance least; everyone needs the fewest so that all live within --within. --choose 1..5 tells
    what each further one adds. The next best choices are listed with how much worse they are. Distances are along the
    ground, not travel times. Exit code 1 if no candidate brings anybody anything.

    \b
    Examples:
      lcrmap locate rail-stations --from neighbourhoods --choose 3
      lcrmap locate rail-stations --from planned-stations --choose 1 --aim reach --within 800m
      lcrmap locate innovation-assets --from neighbourhoods --aim everyone --within 8km
      lcrmap locate rail-stations --from neighbourhoods --choose 1..5 -o output/where.html --overwrite
    """

    layer: Annotated[str, Option(kind="place", argument="LAYER")]
    candidates: Annotated[
        str,
        Option(
            help="Choose among the features of this layer: points, or areas, each taken where its residents live.",
            kind="layer",
            key="from",
            metavar="CANDIDATES",
        ),
    ]
    choose: Annotated[
        str | None,
        Option(
            help="How many to choose; 1..5 answers for each number from 1 to 5 (default: 1, which ranks them all).",
            metavar="N|A..B",
            must='a number in quotes, such as "3", or a range, such as "1..5"',
        ),
    ] = None
    aim: Annotated[
        Aim,
        Option(help="What the choice is for.", show_default=True),
    ] = "distance"
    within: Annotated[
        Distance | None,
        Option(help="The distance of --aim reach and --aim everyone, such as 800m."),
    ] = None
    alternatives: Annotated[
        int, Option(help="List the K next best choices.", metavar="K", least=0, show_default=True)
    ] = 3
    must: Annotated[
        tuple[str, ...],
        Option(help="A candidate that must be among them, by its id. Repeatable.", metavar="ID"),
    ] = ()
    never: Annotated[
        tuple[str, ...],
        Option(help="A candidate that must not be among them. Repeatable.", metavar="ID"),
    ] = ()

    @property
    def numbers(self) -> tuple[int, int] | None:
        """The least and the greatest number to choose; None if the aim tells it."""
        if self.aim == "everyone":
            return None
        found = _NUMBERS.fullmatch("1" if self.choose is None else self.choose)
        return (int(found[1]), int(found[2] or found[1])) if found else None

    def check(self) -> None:
        """Refuse what cannot be meant together."""
        super().check()
        if self.choose is not None and not _NUMBERS.fullmatch(self.choose):
            raise RefusedValueError(field_of(Locate, "choose"), self.choose)
        self._check_number()
        self._check_distance()
        if both := sorted(set(self.must) & set(self.never)):
            raise UsageError(
                f"'{both[0]}' is named by --must and by --never: leave one of them out."
            )

    def _check_number(self) -> None:
        if self.aim == "everyone":
            if self.choose is not None:
                raise UsageError(
                    "--aim everyone finds how many are needed: leave out --choose, or ask for --aim reach."
                )
            return
        low, high = self.numbers or (1, 1)
        if low < 1 or high < low:
            raise UsageError(
                f"--choose {self.choose}: choose 1 or more, and write the smaller number first, as in 1..5."
            )

    def _check_distance(self) -> None:
        needs = self.aim in ("reach", "everyone")
        if needs and self.within is None:
            raise UsageError(f"--aim {self.aim} needs --within, such as --within 800m.")
        if not needs and self.within is not None:
            raise UsageError(
                f"--within is for --aim reach and --aim everyone, not for --aim {self.aim}: leave it out."
            )
        if self.within is not None and not self.within > 0:
            raise UsageError("--within must be a distance above 0, such as 800m.")
