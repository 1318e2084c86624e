"""``lcrmap join``: attach one layer's columns to another's features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lcrmap.cli.options import (
    Distance,
    LayerName,
    key_option,
    pack_option,
    reading_options,
    table_options,
)

if TYPE_CHECKING:
    from lcrmap.engines.answer import PartsAnswer
    from lcrmap.io.parts import Parts, Progress

PREDICATES = (
    "within",
    "intersects",
    "contains",
    "touches",
    "overlaps",
    "covers",
    "covered_by",
    "dwithin",
)


@click.command()
@click.argument("left", type=LayerName())
@click.argument("right", type=LayerName())
@click.option("--take", metavar="A,B", help="Attach these columns of RIGHT only, instead of all.")
@click.option("--prefix", metavar="TEXT", default="", help="Begin the attached columns' names so.")
@click.option(
    "--predicate",
    type=click.Choice(PREDICATES),
    help="Match by this predicate, raw (else: the border rule for points in areas, intersects for the rest).",
)
@click.option("--distance", type=Distance(), help="How far apart dwithin allows, such as 500m.")
@click.option(
    "--how",
    type=click.Choice(["left", "inner", "anti"]),
    default="left",
    show_default=True,
    help="Keep every feature of LEFT, those that matched, or those that did not.",
)
@click.option("--many", is_flag=True, help="One row for each match.")
@click.option(
    "--largest-overlap", is_flag=True, help="Attach the area that shares the most ground."
)
@click.option(
    "--border",
    type=click.Choice(["once", "all", "error"]),
    default="once",
    show_default=True,
    help="A point on a shared border goes to the lowest key, to all areas, or is refused.",
)
@key_option
@click.option(
    "--snap",
    type=Distance(),
    help="Attach what matched nothing to the nearest feature within this distance, flagged.",
)
@click.option(
    "--nearest/--no-nearest",
    default=None,
    help="Find the nearest for what matched nothing, or do not (else: up to 50,000 of them).",
)
@click.option(
    "--unmatched",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the features of LEFT that matched nothing here, with the nearest and its distance.",
)
@table_options
@reading_options
@pack_option
@click.pass_context
def join(
    ctx: click.Context,
    /,
    left: str,
    right: str,
    take: str | None,
    prefix: str,
    predicate: Any,
    distance: float | None,
    how: Any,
    many: bool,
    largest_overlap: bool,
    border: str,
    key: str | None,
    snap: float | None,
    nearest: bool | None,
    unmatched: Path | None,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Say in which area each feature lies.

    Attaches the columns of RIGHT to each feature of LEFT: names from 'lcrmap layers', files, or -. A point
    belongs to one area: on a shared border to the one with the lowest key, flagged on_border. What matches
    nothing stays, with the nearest feature and its distance. The last line on stderr accounts for every feature.
    --x, --y and --crs are about LEFT.

    \b
    Examples:
      lcrmap join innovation-assets boroughs --take name
      lcrmap join freeport-sites boroughs --take name --format csv
      lcrmap join wards neighbourhoods --largest-overlap --take name
      lcrmap join rail-stations freeport-sites --predicate dwithin --distance 2km --many --how inner
      lcrmap join innovation-assets boroughs --snap 500m --unmatched output/outside.csv -o output/joined.csv
    """
    from lcrmap.cli.delivery import deliver, deliver_beside, normalised, standard_input
    from lcrmap.cli.parts import delivered_in_parts
    from lcrmap.io.opening import open_layer
    from lcrmap.layers import open_pack
    from lcrmap.verbs.join import join_layers
    from lcrmap.verbs.joiner import JoinAsked

    asked = JoinAsked(
        predicate=predicate,
        distance_m=distance,
        how=how,
        many=many,
        largest_overlap=largest_overlap,
        border=border,
        key=key,
        take=None if take is None else [part.strip() for part in take.split(",")],
        prefix=prefix,
        snap_m=snap,
        nearest=nearest,
    )
    opened = open_pack(pack)

    def in_parts(parts: Parts, progress: Progress) -> PartsAnswer:
        from lcrmap.engines.joining import join_in_parts

        areas = open_layer(right, pack=opened, need_geometry=True)
        beside = unmatched is not None
        return join_in_parts(parts, areas, asked, unmatched=beside, progress=progress)

    reading: dict[str, Any] = {"x": x, "y": y, "crs": crs}
    if delivered_in_parts(left, in_parts, opened, right, beside=unmatched, **reading, **options):
        return
    answer = join_layers(
        left,
        right,
        pack=opened,
        asked=asked,
        **reading,
        stdin=standard_input(left, right),
        command=normalised(ctx),
    )
    if unmatched is not None and answer.unmatched is not None:
        deliver_beside(answer.unmatched, unmatched, overwrite=options["overwrite"])
    deliver(answer, **options)
