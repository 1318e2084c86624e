"""``lcrmap mcp``: the questions as tools, on standard input and output."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import LocalPath, ScenarioName, Size, pack_option
from lcrmap.errors import UnknownNameError, UsageError
from lcrmap.io.paths import is_file
from lcrmap.mcp.sdk import need_sdk

if TYPE_CHECKING:
    from lcrmap.layers import Pack

__all__ = ["mcp"]

_FOLDER: Final = LocalPath(exists=True, file_okay=False, path_type=Path)


@click.command(cls=Verb)
@click.option(
    "--allow",
    type=_FOLDER,
    multiple=True,
    metavar="FOLDER",
    help="Let calls read the files in this folder (default: the data pack alone). Repeatable.",
)
@click.option(
    "--output",
    type=_FOLDER,
    metavar="FOLDER",
    help="Let calls write into this folder, never over a file that they did not write (default: nowhere).",
)
@click.option(
    "--scenario",
    type=ScenarioName(),
    metavar="SCENARIO",
    help="Ask about the region as a scenario has it; see 'lcrmap scenarios'.",
)
@click.option(
    "--seconds",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    metavar="N",
    help="How long a call may take.",
)
@click.option(
    "--memory",
    type=Size(),
    default="1GB",
    show_default=True,
    metavar="SIZE",
    help="Memory of each process that works, such as 1.5GB.",
)
@pack_option
def mcp(
    allow: tuple[Path, ...],
    output: Path | None,
    scenario: str | None,
    seconds: int,
    memory: int,
    pack: Path | None,
) -> None:
    """Serve the questions as tools to an assistant.

    Answers the Model Context Protocol on standard input and output, where a program starts it that speaks the protocol;
    needs pip install 'lcrmap[mcp]'. No model is called, and no network is used. Each call is a process, whose
    memory is bounded on Linux, and may name another scenario. How to set it up stands in docs/assistants.md.

    \b
    Examples:
      lcrmap mcp
      lcrmap mcp --allow ~/sites --output ~/maps
    """
    from lcrmap.layers import open_pack
    from lcrmap.mcp.settings import Settings

    need_sdk("lcrmap mcp")
    settings = Settings(
        pack=None if pack is None else _real(pack),
        allow=tuple(map(_real, allow)),
        output=None if output is None else _real(output),
        scenario=None if scenario is None else _scenario(scenario, open_pack(pack)),
        seconds=seconds,
        memory=memory,
    )
    _refuse(settings.allow, settings.output)
    settings.open_pack()  # so that a broken one is told of before anybody asks
    from lcrmap.mcp.server import serve

    serve(settings)


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _scenario(name: str, pack: Pack) -> str:
    """Return the name of a scenario of the pack, or where its file lies.

    Raises
    ------
    UnknownNameError
        If it is neither.
    """
    from lcrmap.io.scenarios import bundled_scenarios
    from lcrmap.layers.scenario import BASELINE

    known = (BASELINE, *bundled_scenarios(pack))
    if name not in known and not is_file(name):
        raise UnknownNameError("scenario", name, known)
    return name if name in known else os.path.realpath(name)


def _refuse(allow: tuple[Path, ...], output: Path | None) -> None:
    """Refuse a folder that calls would both write into and read from: what one writes would be a source of another."""
    for each in allow:
        if output is not None and (each == output or each in output.parents):
            raise UsageError(
                f"'{output}' lies in '{each}', which calls read: write into another folder."
            )
