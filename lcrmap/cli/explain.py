"""``lcrmap explain``: what a page or a report was made from."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.command import Verb


@click.command(cls=Verb)
@click.argument("path", type=click.Path(path_type=Path))
def explain(path: Path) -> None:
    """Print what a page or report was made from.

    PATH is a page, the folder of a report, or a file with the record of an answer. Prints what was asked, the data
    pack, the files that were read with their SHA-256, and the versions; of a report, the method of each figure too.

    \b
    Examples:
      lcrmap map freeport-sites -o output/sites.html && lcrmap explain output/sites.html
    """
    from lcrmap.cli.door import tell
    from lcrmap.reports.records import explain as lines_of

    tell(*lines_of(path))
