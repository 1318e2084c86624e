"""What every command has: help that goes through the door for all that is printed."""

from __future__ import annotations

import click

from lcrmap.cli.door import tell

__all__ = ["Verb", "tells_help"]


class Verb(click.Command):
    """A command of lcrmap."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        return tells_help(super().get_help_option(ctx))


def tells_help(option: click.Option | None) -> click.Option | None:
    """Make a command's ``--help`` print through the door."""
    if option is not None:
        option.callback = _tell_help
    return option


def _tell_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        tell(*ctx.get_help().splitlines())
        ctx.exit()
