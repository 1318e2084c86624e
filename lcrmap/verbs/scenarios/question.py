"""What ``scenarios`` can be asked."""

from __future__ import annotations

from typing import Annotated, ClassVar

from lcrmap.verbs.question import Option, Rows

__all__ = ["Scenarios"]


class Scenarios(Rows, frozen=True, kw_only=True):
    """Which scenarios the pack has, or what one of them changes."""

    ask: ClassVar[str] = "scenarios"
    pictured: ClassVar[bool] = False
    about: ClassVar[str] = """
    List the scenarios, or what one changes.

    With SCENARIO, a name from the list or a TOML file, lists each change as it resolves: what it touches, what was
    there before and is there after, how far a place moves. Every fault of a file is told at once, by its key.

    \b
    Examples:
      lcrmap scenarios
      lcrmap scenarios four-stations
      lcrmap scenarios --example > mine.toml && lcrmap scenarios mine.toml
    """

    scenario: Annotated[str | None, Option(kind="scenario", argument="[SCENARIO]")] = None
