"""``lcrmap verify``: make a page or a report again, and say what differs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--inputs",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where the files are that were read; they are found by their SHA-256, whatever their names.",
)
@click.pass_context
def verify(ctx: click.Context, path: Path, inputs: Path | None) -> None:
    """Make PATH, a page or a report's folder, again from its own record, and say what differs.

    The record holds plain values and is never run as a command. Files are read from FOLDER and from lcrmap's own data
    pack, where their SHA-256 is the recorded one, and from nowhere else; nothing is written but in a temporary
    folder. Exit code 1 if anything differs.

    \b
    Examples:
      lcrmap count freeport-sites --in boroughs -o output/sites.html && lcrmap verify output/sites.html
      lcrmap map mysites.csv -o output/mine.html && lcrmap verify output/mine.html --inputs .
    """
    from lcrmap.reports.verify import verify as compare

    verdict = compare(path, inputs)
    for line in verdict.lines:
        click.echo(line)
    ctx.exit(0 if verdict.same else 1)
