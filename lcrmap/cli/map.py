"""``lcrmap map``: draw layers on a page."""

from __future__ import annotations

from pathlib import Path

import click

from lcrmap.cli.options import (
    LayerName,
    output_option,
    overwrite_option,
    pack_option,
    picture_options,
    reading_options,
)


@click.command(name="map")
@click.argument("layers", type=LayerName(), nargs=-1, metavar="[LAYER]...")
@output_option
@click.option("--title", metavar="TEXT", help="The headline, instead of one made from the figures.")
@click.option(
    "-w",
    "--where",
    multiple=True,
    metavar="[LAYER:]EXPR",
    help="Draw only the features for which this CQL2 expression is true; with several layers, name the one.",
)
@click.option(
    "--category",
    multiple=True,
    metavar="[LAYER:]COLUMN",
    help="Tell the values of this column apart by symbol and colour.",
)
@click.option(
    "--basemap",
    metavar="NAME",
    default="none",
    show_default=True,
    help="Tiles behind the map (osm, ...): the page then needs a network for them.",
)
@click.option(
    "--lang", default="en", show_default=True, metavar="CODE", help="Language of the page."
)
@click.option(
    "--open", "open_", is_flag=True, help="Open the page in the browser when it is written."
)
@overwrite_option
@picture_options
@reading_options
@pack_option
@click.pass_context
def map_(
    ctx: click.Context,
    layers: tuple[str, ...],
    output: tuple[Path, ...],
    title: str | None,
    where: tuple[str, ...],
    category: tuple[str, ...],
    basemap: str,
    lang: str,
    open_: bool,
    overwrite: bool,
    size: str,
    dpi: int | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    pack: Path | None,
) -> None:
    """Draw layers on one page that needs no network.

    A LAYER is a name from 'lcrmap layers', a file, or - for standard input. Without one: the atlas of the region,
    written to output/. The page works by keyboard, with a screen reader, and with scripts switched off.

    \b
    Examples:
      lcrmap map
      lcrmap map innovation-assets rail-stations -o output/assets.html
      lcrmap map innovation-assets --where "sector = 'net_zero'" -o output/zero.html
      lcrmap map mysites.csv --category kind -o sites.html
      lcrmap map innovation-assets -o output/assets.png --size wide
      lcrmap map mysites.csv areas.gpkg -o out.html
    """
    from lcrmap.cli.delivery import (
        PAGES,
        deliver_page,
        deliver_picture,
        normalised,
        page_targets,
        standard_input,
    )
    from lcrmap.layers import open_pack
    from lcrmap.verbs.map import make_map

    opened = open_pack(pack)
    targets = page_targets(output, layers, opened)
    page = make_map(
        *layers,
        pack=opened,
        title=title,
        where=where,
        category=category,
        basemap=None if basemap == "none" else basemap,
        language=lang,
        x=x,
        y=y,
        crs=crs,
        stdin=standard_input(*layers),
        command=normalised(ctx),
    )
    pages = [each for each in targets if each.suffix.lower() in PAGES]
    if pages:
        deliver_page(page, pages, overwrite=overwrite, open_=open_)
    for path in targets:
        if path not in pages:
            deliver_picture(page, path, overwrite=overwrite, size=size, dpi=dpi)
