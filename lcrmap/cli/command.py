"""What every command has: help that goes through the door for all that is printed, and ``--traceback``."""

from __future__ import annotations

from typing import Any

import click

from lcrmap.cli.door import hear_libraries, tell
from lcrmap.cli.ending import TRACEBACK

__all__ = ["Verb", "tells_help", "traceback_option"]

# Whether it is there is read off the words, since an error may come before they are understood.
traceback_option = click.option(
    TRACEBACK,
    is_flag=True,
    expose_value=False,
    help="Show where in the code an error arose; also after COMMAND.",
)
_BEHIND_A_VERB = click.Option([TRACEBACK], is_flag=True, expose_value=False, hidden=True)


class Verb(click.Command):
    """A command of lcrmap."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        return tells_help(super().get_help_option(ctx))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options of the command, and those that all have."""
        return [*super().get_params(ctx), _BEHIND_A_VERB]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; libraries that speak meanwhile do so through the door."""
        hear_libraries()
        return super().invoke(ctx)


def tells_help(option: click.Option | None) -> click.Option | None:
    """Make a command's ``--help`` print through the door."""
    if option is not None:
        option.callback = _tell_help
    return option


def _tell_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        tell(*ctx.get_help().splitlines())
        ctx.exit()
