"""``lcrmap catchment``: what lies within some distances of places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lcrmap.cli.options import (
    Distances,
    LayerName,
    PlaceCommand,
    PlaceName,
    Rings,
    pack_option,
    reading_options,
    table_options,
    unit_option,
)


@click.command(cls=PlaceCommand)
@click.argument("places", type=PlaceName(), nargs=-1, required=True, metavar="PLACE...")
@click.option(
    "--rings", type=Distances(), required=True, help="Distances, rising, such as 1km,2km,5km."
)
@click.option(
    "--dissolve", is_flag=True, help="Merge the rings of all places: nobody counts twice."
)
@click.option(
    "--count",
    "layers",
    type=LayerName(),
    multiple=True,
    metavar="LAYER",
    help="Count the features of this layer (else those of the atlas). May be given more than once.",
)
@unit_option
@table_options
@reading_options
@pack_option
@click.pass_context
def catchment(
    ctx: click.Context,
    /,
    places: tuple[str, ...],
    rings: Rings,
    dissolve: bool,
    layers: tuple[str, ...],
    unit: str,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Sum what and who lies within rings of places.

    Features of each layer, residents, and the most deprived among them. PLACE is what 'lcrmap near' takes: an id,
    a name, a position, a postcode, a layer, a file. Each ring holds the ones inside it. Figures come with the
    range that the errors of positions leave; what is not known stays empty.

    \b
    Examples:
      lcrmap catchment investment-zone-sites --rings 2km,5km
      lcrmap catchment "L3 5QA" --rings 800m --format csv
      lcrmap catchment rail-stations --rings 800m --dissolve
      lcrmap catchment 53.40,-2.99 parkside --rings 1mi,3mi --unit mi --count rail-stations
    """
    from lcrmap.cli.delivery import deliver, normalised, standard_input
    from lcrmap.layers import open_pack
    from lcrmap.verbs.catchment import draw_catchments

    answer = draw_catchments(
        places,
        rings.metres,
        pack=open_pack(pack),
        dissolve=dissolve,
        layers=layers or None,
        unit=unit,
        x=x,
        y=y,
        crs=crs,
        stdin=standard_input(*places),
        command=normalised(ctx),
    )
    deliver(answer, **options)
