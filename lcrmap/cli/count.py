"""``lcrmap count``: how many in each area, and what falls outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lcrmap.cli.options import (
    BY_HELP,
    ColumnNames,
    LayerName,
    key_option,
    pack_option,
    reading_options,
    table_options,
)


@click.command()
@click.argument("layers", type=LayerName(), nargs=-1, required=True, metavar="LAYER...")
@click.option(
    "--in", "areas", type=LayerName(), required=True, metavar="AREAS", help="The layer of areas."
)
@click.option("--by", type=ColumnNames(), metavar="COLUMN", help=BY_HELP)
@click.option("--sum", "sum_", type=ColumnNames(), metavar="COLUMN", help="Add up these numbers.")
@click.option("--mean", type=ColumnNames(), metavar="COLUMN", help="Their mean.")
@click.option("--min", "min_", type=ColumnNames(), metavar="COLUMN", help="The least of them.")
@click.option("--max", "max_", type=ColumnNames(), metavar="COLUMN", help="The greatest of them.")
@click.option("--median", type=ColumnNames(), metavar="COLUMN", help="Their median.")
@click.option(
    "--per",
    metavar="km2|residents|COLUMN",
    help="A rate: per km2, per 10,000 residents, or per unit of a column of AREAS.",
)
@key_option
@click.option(
    "--classes",
    metavar="METHOD[:N]",
    default="rounded",
    show_default=True,
    help="How a page divides a rate: rounded, quantile, equal or natural, with N classes.",
)
@table_options
@reading_options
@pack_option
@click.pass_context
def count(
    ctx: click.Context,
    /,
    layers: tuple[str, ...],
    areas: str,
    by: str | None,
    sum_: str | None,
    mean: str | None,
    min_: str | None,
    max_: str | None,
    median: str | None,
    per: str | None,
    key: str | None,
    classes: str,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Count features by area, so that it adds up.

    Rows for outside, no position and the total close the account of each LAYER. Areas with nothing in them stay,
    with 0. A count to which uncertain positions contribute has a min and a max. The column 'row' tells the areas
    from the other rows. --where and --sort are about the rows of the table; to count some features only, choose
    them first with show. --x, --y and --crs are about LAYERs.

    \b
    Examples:
      lcrmap count freeport-sites investment-zone-sites innovation-assets --in boroughs
      lcrmap count innovation-assets --in boroughs --by sector -o output/assets.html
      lcrmap count residents --in neighbourhoods --sum residents --per km2 --format csv
      lcrmap count rail-stations --in boroughs --per residents
      lcrmap show innovation-assets --where "sector = 'net_zero'" | lcrmap count - --in boroughs --format csv
    """
    from lcrmap.cli.delivery import deliver, normalised, standard_input
    from lcrmap.cli.parts import counted_in_parts
    from lcrmap.layers import open_pack
    from lcrmap.verbs.count import CountAsked, count_layers, statistic_of

    method, _, number = classes.partition(":")
    if number and not number.isdigit():
        raise click.BadParameter(f"'{classes}': write a method and a number, such as natural:4.")
    asked = CountAsked(
        by=by or "",
        statistic=statistic_of(sum=sum_, mean=mean, min=min_, max=max_, median=median),
        per=per or "",
        key=key,
        method=method,
        classes=int(number) if number else None,
    )
    opened = open_pack(pack)
    reading: dict[str, Any] = {"x": x, "y": y, "crs": crs}
    answer = counted_in_parts(layers, areas, asked, opened, options["output"], **reading)
    if answer is None:
        answer = count_layers(
            *layers,
            areas=areas,
            asked=asked,
            pack=opened,
            **reading,
            stdin=standard_input(*layers, areas),
            command=normalised(ctx),
        )
    deliver(answer, **options)
