"""``lcrmap embed``: the HTML that shows a page inside another one."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.command import Verb


@click.command(cls=Verb)
@click.argument("page", type=click.Path(path_type=Path))
@click.option("--url", metavar="URL", help="Address of PAGE, once it is published.")
@click.option(
    "--inline",
    is_flag=True,
    help="Put all of PAGE into the HTML, so that no other file need be published.",
)
@click.option(
    "--listener",
    is_flag=True,
    help="Add a script that makes the frame as high as PAGE.",
)
@click.option(
    "--height",
    type=click.IntRange(200, 5000),
    default=720,
    show_default=True,
    help="Height of the frame in pixels, for hosts that remove styles.",
)
def embed(page: Path, url: str | None, inline: bool, listener: bool, height: int) -> None:
    """Print HTML that embeds a page in a website, wiki or notebook.

    PAGE is a page of lcrmap. It is shown in a frame, which may run scripts and open links, and nothing else. If the
    host removes frames, readers see a link and the picture of the same name beside PAGE, if there is one.

    \b
    Examples:
      lcrmap map freeport-sites -o output/sites.html && lcrmap embed output/sites.html --url maps/sites.html
      lcrmap map freeport-sites -o output/sites.html && lcrmap embed output/sites.html --inline
    """
    from lcrmap.cli.door import hand_on, say
    from lcrmap.cli.large import weigh_page
    from lcrmap.reports.embed import embed_page

    made = embed_page(page, url=url, inline=inline, listener=listener, height=height)
    data = made.markup.encode()
    weigh_page(len(data), large=True)  # whoever has the page has been asked
    hand_on(data)
    say(*made.notes)
