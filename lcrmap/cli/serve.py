"""``lcrmap serve``: the page and the interface of a live map."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

import click

from lcrmap.cli.command import Verb
from lcrmap.cli.options import LocalPath
from lcrmap.errors import UsageError

_TOOLS: Final = "lcrmap.mcp.mounted:Mounted"
"""What answers at ``/mcp``; its room lies behind this one, so it is named as verbs are."""


@click.command(cls=Verb)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address on which it listens.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 for any that is free.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that serve.",
)
@click.option("--public-url", default="", metavar="URL", help="Address by which people reach it.")
@click.option("--read-only", is_flag=True, help="Take no changes.")
@click.option(
    "--output",
    type=LocalPath(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Let calls at /mcp write into this folder, of those who may edit (default: nowhere).",
)
def serve(
    folder: Path,
    host: str,
    port: int,
    processes: int,
    public_url: str,
    read_only: bool,
    output: Path | None,
) -> None:
    """Serve a live map to browsers, QGIS and scripts.

    It prints its address when it is ready, and ends within 5 seconds on Ctrl-C or SIGTERM. Other addresses than this
    machine's own want --public-url https://... and a reverse proxy in front. With pip install 'lcrmap[mcp]', the
    tools of 'lcrmap mcp' stand at /mcp.

    \b
    Examples:
      lcrmap live new output/live --edit innovation-assets && lcrmap serve output/live --port 8080
    """
    from lcrmap.cli.door import tell
    from lcrmap.cli.live import needs_serve

    needs_serve()
    if read_only and output is not None:
        raise UsageError("With --read-only nobody may edit: leave out --output.")
    from lcrmap.live.serving import Bound, serve

    bound = Bound(host, port, public_url, read_only)
    tools = partial(resolve_name(_TOOLS), output=None if output is None else output.resolve())
    with suppress(KeyboardInterrupt):  # and SIGTERM: the server has ended in its own way by then
        serve(folder, bound, processes=processes, ready=tell, tools=tools)
