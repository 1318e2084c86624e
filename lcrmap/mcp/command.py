"""``lcrmap mcp``: the questions as tools, on standard input and output."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import pack_option
from lcrmap.errors import MissingPartError

__all__ = ["mcp"]


@click.command(cls=Verb)
@pack_option
def mcp(pack: Path | None) -> None:
    """Serve the questions as tools to an assistant.

    Answers the Model Context Protocol on standard input and output, where a program starts it that speaks the protocol;
    needs pip install 'lcrmap[mcp]'. Nothing is sent anywhere, and no model is called.

    \b
    Examples:
      lcrmap mcp
    """
    from lcrmap.mcp.settings import Settings

    if find_spec("mcp") is None:
        raise MissingPartError(
            "lcrmap mcp needs the SDK of the Model Context Protocol: install it with pip install 'lcrmap[mcp]'."
        )
    from lcrmap.mcp.server import serve

    serve(Settings(pack=pack))
