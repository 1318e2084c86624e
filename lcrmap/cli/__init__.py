"""The command line: parses the arguments, calls one function of `lcrmap.verbs` and delivers the answer.

Nothing here loads a geometry library before a verb runs, so that help, version and completion are quick. Errors
are caught once, in `Commands.main`.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

import lcrmap
from lcrmap.errors import LcrmapError, UnknownNameError

__all__ = ["main"]

INTERRUPTED = 130  # what shells expect of a command that was stopped by Ctrl-C

# The verbs, in the order in which help lists them, and where each lives; those without a place ask a question.
VERBS = {
    "map": "",
    "layers": "",
    "show": "",
    "join": "",
    "count": "",
    "near": "",
    "catchment": "",
    "gaps": "",
    "report": "lcrmap.cli.report:report",
    "embed": "lcrmap.cli.embed:embed",
    "verify": "lcrmap.cli.verify:verify",
    "explain": "lcrmap.cli.explain:explain",
    "completion": "lcrmap.cli.completion:completion",
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
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs with what each does, without making the options of any."""
        from lcrmap.cli.verbs import brief_of

        told = []
        for name, place in VERBS.items():
            command = self.get_command(ctx, name) if place else None
            brief = brief_of(name) if command is None else command.get_short_help_str(limit=200)
            told.append((name, brief))
        with formatter.section("Commands"):
            formatter.write_dl(told)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest a verb for one that is mistyped."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise UnknownNameError("command", args[0], VERBS)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run a verb; the one place where an error becomes a line on stderr and an exit code."""
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except LcrmapError as error:
            _stop(str(error), error.exit_code)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            _stop(_one_sentence(error), error.exit_code)
        except click.Abort:
            _stop("Interrupted; no file was left half-written.", INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)


def _stop(sentence: str, code: int) -> NoReturn:
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(code)


def _one_sentence(error: click.ClickException) -> str:
    """Return click's message on one line, with the way to the examples behind it."""
    message = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    where = f": see '{context.command_path} --help'" if context is not None else ""
    return f"{message}{where}."


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with 'lcrmap map', which writes output/lcr-atlas.html. 'lcrmap COMMAND --help' shows examples.",
)
@click.version_option(lcrmap.__version__, "-V", "--version", prog_name="lcrmap")
def commands() -> None:
    """Map the Liverpool City Region and ask where things are."""


def main() -> NoReturn:
    """Run lcrmap as a program.

    It gives one answer and ends: looking for cycles among a million shapes would cost it a fifth of its time.
    """
    gc.disable()
    try:
        commands(prog_name="lcrmap")
    finally:
        gc.freeze()  # nor at its very end, when Python would look all the same
    sys.exit(0)
