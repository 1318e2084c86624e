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
from lcrmap.verbs.shared_options import WITHIN

__all__ = ["Aim", "Locate"]

Aim = Literal["distance", "reach", "farthest", "everyone"]

_FACTOR: Final = r"(\d{1,6}(?:\.\d{1,2})?)"
_FAVOUR: Final = re.compile(rf"\s*([^=\s]+)\s*=\s*{_FACTOR}\s*(?:\.\.\s*{_FACTOR}\s*)?")
_MOST_PER: Final = re.compile(r"\s*\S.*\s[1-9]\d{0,5}\s*")
_TIME: Final = re.compile(r"\s*(\d{1,6}(?:\.\d+)?)\s*(s|min)\s*")
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
    ground, not travel times. -o FILE.toml writes the choice as a scenario, for 'lcrmap compare baseline FILE.toml'.
    Exit code 1 if no candidate brings anybody anything.

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
    within: Annotated[Distance | None, WITHIN] = None
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

    apart: Annotated[
        Distance | None,
        Option(help="Choose none closer than this to another that is chosen, such as 3km."),
    ] = None
    most_per: Annotated[
        str | None,
        Option(
            help="Choose at most N in each area of a layer of the pack, such as boroughs 1.",
            metavar="AREAS N",
            words=2,
            must="a layer of areas and a number from 1, such as boroughs 1",
        ),
    ] = None
    cost: Annotated[
        str | None,
        Option(
            help="Column of what each candidate costs; with --budget.",
            metavar="COLUMN",
            kind="column",
        ),
    ] = None
    budget: Annotated[
        float | None,
        Option(help="Spend no more than this; --choose then says how many at most.", metavar="X"),
    ] = None
    favour: Annotated[
        str | None,
        Option(
            help="Count each resident of a group so many times, such as most_deprived_tenth=3; 1..10 tells the "
            "trade-off.",
            metavar="GROUP=FACTOR",
            must='a group and a factor in quotes, such as "most_deprived_tenth=3"',
        ),
    ] = None
    instead: Annotated[bool, Option(help="Choose as if nothing of LAYER existed.")] = False
    time: Annotated[
        str | None,
        Option(
            help="Stop after so long, such as 60s or 5min, with the best found and what no choice can exceed.",
            metavar="TIME",
            must='a time in quotes, such as "60s" or "5min"',
        ),
    ] = None

    @property
    def most_in(self) -> tuple[str, int]:
        """The layer of --most-per, and how many in each of its areas."""
        name, _, number = (self.most_per or "").rpartition(" ")
        return name.strip(), int(number)

    @property
    def favoured(self) -> tuple[str, float, float] | None:
        """The group that is favoured, and the least and the greatest factor; None if none is."""
        found = _FAVOUR.fullmatch(self.favour or "")
        return (found[1], float(found[2]), float(found[3] or found[2])) if found else None

    @property
    def seconds(self) -> float | None:
        """How long may be searched; None for as long as it takes."""
        found = _TIME.fullmatch(self.time or "")
        return float(found[1]) * (60 if found[2] == "min" else 1) if found else None

    @property
    def numbers(self) -> tuple[int, int] | None:
        """The least and the greatest number to choose; None if the aim tells it."""
        if self.aim == "everyone" or (self.choose is None and self.budget is not None):
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
        self._check_rules()
        self._check_favour()
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

    def _check_rules(self) -> None:
        if self.most_per is not None and not _MOST_PER.fullmatch(self.most_per):
            raise RefusedValueError(field_of(Locate, "most_per"), self.most_per)
        if self.apart is not None and not self.apart > 0:
            raise UsageError("--apart must be a distance above 0, such as 3km.")
        if (self.cost is None) != (self.budget is None):
            given, other = ("--cost", "--budget") if self.budget is None else ("--budget", "--cost")
            raise UsageError(f"{given} needs {other}: what each costs, and how much may be spent.")
        if self.budget is not None and not self.budget > 0:
            raise UsageError("--budget must be above 0.")
        if self.time is not None and not self.seconds:
            raise RefusedValueError(field_of(Locate, "time"), self.time)

    def _check_favour(self) -> None:
        if self.favour is None:
            return
        found = self.favoured
        if found is None:
            raise RefusedValueError(field_of(Locate, "favour"), self.favour)
        _, least, most = found
        if not 0 < least <= most:
            raise UsageError(
                f"--favour {self.favour}: a factor is above 0, and of a range the smaller one comes first."
            )
        if self.aim not in ("distance", "reach"):
            raise UsageError(
                f"--favour counts residents, and --aim {self.aim} asks for the farthest or for all of them: leave it "
                f"out."
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
