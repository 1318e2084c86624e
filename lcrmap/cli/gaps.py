"""``lcrmap gaps``: where nothing is near."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lcrmap.cli.options import (
    BY_HELP,
    Distance,
    LayerName,
    PlaceCommand,
    PlaceName,
    pack_option,
    reading_options,
    table_options,
)


@click.command(cls=PlaceCommand)
@click.argument("layer", type=PlaceName())
@click.option(
    "--beyond", type=Distance(), required=True, help="Farther than this, such as 800m or 1mi."
)
@click.option("--by", type=LayerName(), metavar="AREAS", help=BY_HELP)
@table_options
@reading_options
@pack_option
@click.pass_context
def gaps(
    ctx: click.Context,
    /,
    layer: str,
    beyond: float,
    by: str | None,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Sum the residents who have nothing near.

    Those who live farther than a distance from every feature of LAYER, by area and deprivation. Figures come with
    the range that the errors of positions leave; an area of which nothing is known stays empty.

    \b
    Examples:
      lcrmap gaps rail-stations --beyond 800m --by boroughs
      lcrmap gaps innovation-assets --beyond 5km --sort -share_beyond_pct --limit 10
      lcrmap gaps rail-stations --beyond 1mi -o output/gaps.html --overwrite
    """
    from lcrmap.cli.delivery import deliver, normalised, standard_input
    from lcrmap.layers import open_pack
    from lcrmap.verbs.gaps import find_gaps

    answer = find_gaps(
        layer,
        beyond,
        pack=open_pack(pack),
        by=by,
        x=x,
        y=y,
        crs=crs,
        stdin=standard_input(layer),
        command=normalised(ctx),
    )
    deliver(answer, **options)
