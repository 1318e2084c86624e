"""What every command has: help that goes through the door for all that is printed, and ``--traceback``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from lcrmap.cli.door import hear_libraries, tell
from lcrmap.cli.ending import TRACEBACK
from lcrmap.errors import UnknownNameError, close_names

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
    """A command of lcrmap.

    Attributes
    ----------
    keys
        What recipes and tools call its parameters, by their names here.
    """

    keys: Mapping[str, str] = {}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of a command line; of an option that there is not, say which one may have been meant."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise _unknown_option(error.option_name, self.get_params(ctx), self.keys, ctx) from None
        except click.BadOptionUsage as error:
            raise _too_few_words(error, self.get_params(ctx), ctx) from None

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


def _unknown_option(
    typed: str, params: list[click.Parameter], keys: Mapping[str, str], ctx: click.Context
) -> UnknownNameError:
    """Return the error of an option that there is not."""
    from lcrmap.verbs.other_names import looked_for  # which only a mistake needs

    shown = [each for each in params if not getattr(each, "hidden", False)]
    names = {_spelled(each): list(_names(each, keys)) for each in shown}
    bare = {each.strip("-"): each for each in names}
    near = (bare[each] for each in close_names(typed.strip("-"), bare))
    meant = looked_for(typed, names) or list(near)
    see = f"see '{ctx.command_path} --help'"
    hint = f"{see[0].upper()}{see[1:]}." if meant else ""
    return UnknownNameError("such option", typed, (), meant=meant, remedy=see, hint=hint)


def _too_few_words(
    error: click.BadOptionUsage, params: list[click.Parameter], ctx: click.Context
) -> click.ClickException:
    """Return the error of an option that needs more words than stand behind it."""
    option, told = error.option_name, error.message
    for each in params:
        if each.nargs > 1 and option in each.opts:
            told = f"{option} takes {each.nargs} words, {each.metavar}, without quotes around them"
    return click.BadOptionUsage(option, told, error.ctx or ctx)


def _spelled(param: click.Parameter) -> str:
    """Return what a message calls a parameter: an option's longest spelling, an argument in capitals."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return str(param.metavar or param.name).strip("[].").upper()


def _names(param: click.Parameter, keys: Mapping[str, str]) -> Iterator[str]:
    """Give all that a parameter is called: on the command line, in Python and in recipes."""
    name = str(param.name)
    yield from (*param.opts, name, keys.get(name, name))


def tells_help(option: click.Option | None) -> click.Option | None:
    """Make a command's ``--help`` print through the door."""
    if option is not None:
        option.callback = _tell_help
    return option


def _tell_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        tell(*ctx.get_help().splitlines())
        ctx.exit()
