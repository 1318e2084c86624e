"""``lcrmap verify``: rebuild a page, a report or an answer and list the differences."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.command import Verb


@click.command(cls=Verb)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--inputs",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Folder of the input files; they are found by SHA-256, whatever their names.",
)
@click.pass_context
def verify(ctx: click.Context, path: Path, inputs: Path | None) -> None:
    """Rebuild a page or report from its stored record and list the differences.

    PATH is a page, the folder of a report, or a file with the record that a tool of 'lcrmap mcp' gave. The record
    holds plain values and is never run as a command. Input files are read only from FOLDER and from lcrmap's own data
    pack, and only if their SHA-256 is the recorded one. Nothing is written outside a temporary folder. Exit code 1 if
    anything differs.

    \b
    Examples:
      lcrmap count freeport-sites --in boroughs -o output/sites.html && lcrmap verify output/sites.html
      lcrmap map mysites.csv -o output/mine.html && lcrmap verify output/mine.html --inputs .
    """
    from lcrmap.cli.door import tell
    from lcrmap.reports.verify import verify as compare

    verdict = compare(path, inputs)
    tell(*verdict.lines)
    ctx.exit(0 if verdict.same else 1)
