"""The command line: parses the arguments, calls one function of `lcrmap.verbs` and delivers the answer.

Nothing here loads a geometry library before a verb runs, so that help, version and completion are quick. Errors
end in one place, `lcrmap.cli.ending`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

import lcrmap
from lcrmap.cli.command import tells_help, traceback_option
from lcrmap.cli.door import tell
from lcrmap.cli.ending import end_as_by_ctrl_c, ends_in_a_sentence
from lcrmap.errors import UnknownNameError

__all__ = ["main"]

COMPLETION = "_LCRMAP_COMPLETE"  # the variable by which a shell asks for completions

# The verbs, in the order in which help lists them, and where each lives; those without a place ask a question.
VERBS = {
    "map": "",
    "layers": "",
    "indicators": "",
    "show": "",
    "join": "",
    "count": "",
    "near": "",
    "catchment": "",
    "gaps": "",
    "profile": "",
    "locate": "",
    "access": "",
    "compare": "",
    "scenarios": "lcrmap.cli.scenarios:scenarios",
    "check": "lcrmap.cli.check:check",
    "report": "lcrmap.cli.report:report",
    "embed": "lcrmap.cli.embed:embed",
    "verify": "lcrmap.cli.verify:verify",
    "explain": "lcrmap.cli.explain:explain",
    "mcp": "lcrmap.mcp.command:mcp",
    "live": "lcrmap.cli.live:live",
    "serve": "lcrmap.cli.serve:serve",
    "completion": "lcrmap.cli.completion:completion",
}

# What each of those with a place does, so that the list of them loads none; and so of questions that few ask.
BRIEFS = {
    "locate": "Choose the best places for new features, with the proof.",
    "access": "Tell how much of a layer each resident has when others share it.",
    "indicators": "List the indicators, or describe one.",
    "profile": "Describe an area, or who lives near a place, beside the region.",
    "scenarios": "List the scenarios, or what one changes.",
    "check": "List all that is wrong or doubtful in a file.",
    "report": "Write a report folder with text, maps, tables and credits.",
    "embed": "Print HTML that embeds a page in a website, wiki or notebook.",
    "verify": "Rebuild a page or report and list the differences.",
    "explain": "Print what a page or report was made from.",
    "mcp": "Serve the questions as tools to an assistant.",
    "live": "Make and look after a map that many share.",
    "serve": "Serve a live map to browsers, QGIS and scripts.",
    "completion": "Print the script that completes commands in your shell.",
}


class Commands(click.Group):
    """A group that loads a verb when it is called, and turns each error into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one verb."""
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        if not module:
            from lcrmap.cli.verbs import command_for

            return command_for(cmd_name)
        command: click.Command = getattr(import_module(module), name)
        command.short_help = BRIEFS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with what each does, without making the options of any."""
        from lcrmap.cli.verbs import brief_of

        told = [(name, BRIEFS.get(name) or brief_of(name)) for name in VERBS]
        with formatter.section("Commands"):
            formatter.write_dl(told)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest a verb for one that is mistyped."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise UnknownNameError("command", args[0], VERBS)
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        return tells_help(super().get_help_option(ctx))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; what click would take for an end of typing or a reader that left is told like any other error."""
        with ends_in_a_sentence(ctx.obj or (), list(VERBS)):
            return super().invoke(ctx)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run a verb, and end with an exit code."""
        words = sys.argv[1:] if args is None else list(args)
        with ends_in_a_sentence(words, list(VERBS)):
            if os.environ.get(COMPLETION):
                _complete(self, os.environ[COMPLETION])
            code = super().main(args, *rest, **{**extra, "standalone_mode": False, "obj": words})
        sys.exit(code if isinstance(code, int) else 0)


def _complete(command: click.Command, asked: str) -> NoReturn:
    """Answer what a shell asks for in the environment, such as ``bash_complete``."""
    from click.shell_completion import get_completion_class

    shell, _, wanted = asked.partition("_")
    found = get_completion_class(shell)
    if found is None or wanted not in ("source", "complete"):
        sys.exit(2)
    shown = found(command, {}, "lcrmap", COMPLETION)
    tell(*(shown.source() if wanted == "source" else shown.complete()).split("\n"))
    sys.exit(0)


def _tell_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        tell(f"lcrmap, version {lcrmap.__version__}")
        ctx.exit()


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with 'lcrmap map', which writes output/lcr-atlas.html. 'lcrmap COMMAND --help' shows examples.",
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@traceback_option
def commands() -> None:
    """Map the Liverpool City Region and ask where things are."""


def main() -> NoReturn:
    """Run lcrmap as a program.

    It gives one answer and ends: looking for cycles among a million shapes would cost it a fifth of its time, and a
    store of memory for each thread of Arrow a tenth, and a fifth of the memory.
    """
    gc.disable()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _fill_descriptors()
    end_as_by_ctrl_c()
    try:
        commands(prog_name="lcrmap")
    finally:
        gc.freeze()  # nor at its very end, when Python would look all the same
    sys.exit(0)


def _fill_descriptors() -> None:
    """Lead streams that the caller closed nowhere: else a file takes their number, and a library speaks into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
