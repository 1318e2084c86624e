"""``lcrmap near``: what is nearest to a place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lcrmap.cli.options import (
    Distance,
    PlaceCommand,
    PlaceName,
    pack_option,
    reading_options,
    table_options,
    unit_option,
)

if TYPE_CHECKING:
    from lcrmap.engines.answer import PartsAnswer
    from lcrmap.io.parts import Parts, Progress

SOME = 1 << 21  # bytes read at a time: each place may become many rows


@click.command(cls=PlaceCommand)
@click.argument("start", type=PlaceName(), metavar="FROM")
@click.argument("targets", type=PlaceName(), nargs=-1, required=True, metavar="TO...")
@click.option(
    "-k", "k", type=click.IntRange(min=1), metavar="N", help="The N nearest of each TO (else 1)."
)
@click.option("--within", type=Distance(), help="Nothing farther than this, such as 800m or 5km.")
@unit_option
@click.option("--wide", is_flag=True, help="One row a place, its neighbours side by side.")
@click.option("--include-self", is_flag=True, help="Let a feature be its own neighbour.")
@click.option(
    "--lines",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the connecting lines here.",
)
@table_options
@reading_options
@pack_option
@click.pass_context
def near(
    ctx: click.Context,
    /,
    start: str,
    targets: tuple[str, ...],
    k: int | None,
    within: float | None,
    unit: str,
    wide: bool,
    include_self: bool,
    lines: Path | None,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Rank what is nearest, measured along the ground.

    For each FROM the nearest features of each TO, with the range that the errors of positions leave. FROM is a
    place or a layer: an id, a name, LAYER:ID, 'latitude,longitude', a grid reference, a postcode, a name from
    'lcrmap layers', a file, or -. TO is a layer, a file or a place. With --within and without -k: all that lie
    within. Lines and areas are measured from edge to edge. Exit code 1 if nothing lies within.

    \b
    Examples:
      lcrmap near innovation-assets:sci-tech-daresbury innovation-assets -k 5
      lcrmap near freeport-sites rail-stations --within 800m
      lcrmap near "L3 5QA" rail-stations investment-zone-sites --unit mi
      lcrmap near 53.40,-2.99 rail-stations -k 3 -o output/near.html --overwrite
      lcrmap near freeport-sites rail-stations --lines output/lines.geojson --format csv
    """
    from lcrmap.cli.delivery import deliver, deliver_beside, normalised, standard_input
    from lcrmap.cli.parts import delivered_in_parts
    from lcrmap.layers import open_pack
    from lcrmap.verbs.near import find_near

    opened = open_pack(pack)
    asked: dict[str, Any] = {"k": k, "within_m": within, "unit": unit}
    reading: dict[str, Any] = {"x": x, "y": y, "crs": crs}

    def in_parts(parts: Parts, progress: Progress) -> PartsAnswer:
        from lcrmap.engines.nearness import near_in_parts

        return near_in_parts(parts, targets, pack=opened, **asked)

    # A row of the wide form has as many columns as the place with most neighbours: only the whole can tell.
    if not wide and delivered_in_parts(
        start, in_parts, opened, *targets, beside=lines, block=SOME, **reading, **options
    ):
        return
    answer = find_near(
        start,
        targets,
        pack=opened,
        **asked,
        wide=wide,
        include_self=include_self,
        **reading,
        stdin=standard_input(start, *targets),
        command=normalised(ctx),
    )
    if lines is not None and answer.lines is not None:
        deliver_beside(answer.lines, lines, overwrite=options["overwrite"])
    deliver(answer, **options)
