"""``lcrmap embed``: the markup that frames a page in somebody else's."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("page", type=click.Path(path_type=Path))
@click.option(
    "--url", metavar="URL", help="Where the page will be, as the host's readers reach it."
)
@click.option(
    "--inline",
    is_flag=True,
    help="Put the whole page into the markup: nothing else need be published.",
)
@click.option(
    "--listener",
    is_flag=True,
    help="Add a script by which the host makes the frame as high as the page.",
)
@click.option(
    "--height",
    type=click.IntRange(200, 5000),
    default=720,
    show_default=True,
    help="Height in pixels, where the host takes no style.",
)
def embed(page: Path, url: str | None, inline: bool, listener: bool, height: int) -> None:
    """Print the markup that shows PAGE, a page of lcrmap, in a frame: for a website, a wiki, a notebook.

    The frame may run scripts and open links, and no more. Where frames are taken out, a link stays, and the picture
    that lies beside PAGE under the same name, if there is one.

    \b
    Examples:
      lcrmap map freeport-sites -o output/sites.html && lcrmap embed output/sites.html --url maps/sites.html
      lcrmap map freeport-sites -o output/sites.html && lcrmap embed output/sites.html --inline
    """
    from lcrmap.cli.delivery import say
    from lcrmap.reports.embed import embed_page

    made = embed_page(page, url=url, inline=inline, listener=listener, height=height)
    click.echo(made.markup, nl=False)
    say(*made.notes)
