"""``lcrmap show``: the features of a layer as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lcrmap.cli.options import LayerName, pack_option, reading_options, table_options

if TYPE_CHECKING:
    from lcrmap.engines.answer import PartsAnswer
    from lcrmap.io.parts import Parts, Progress


@click.command()
@click.argument("layer", type=LayerName())
@table_options
@reading_options
@pack_option
def show(
    layer: str,
    pack: Path | None,
    x: str | None,
    y: str | None,
    crs: str | None,
    **options: Any,
) -> None:
    """Show the features of a layer as a table.

    LAYER is a name from 'lcrmap layers', a file, or - for standard input. Features whose position is not
    published are rows like any other. Exit code 1 if --where leaves no row.

    \b
    Examples:
      lcrmap show boroughs
      lcrmap show innovation-assets --where "sector = 'net_zero' AND confidence <> 'reconstructed'"
      lcrmap show freeport-sites --columns name,kind,confidence --sort name
      lcrmap show rail-stations --where "name LIKE 'Liverpool%'" | lcrmap show - --format csv
    """
    from lcrmap.cli.delivery import deliver, standard_input
    from lcrmap.cli.parts import delivered_in_parts
    from lcrmap.layers import open_pack
    from lcrmap.verbs.show import show_layer

    def in_parts(parts: Parts, progress: Progress) -> PartsAnswer:
        from lcrmap.engines.showing import show_in_parts

        return show_in_parts(parts, where=options["where"])

    opened = open_pack(pack)
    reading: dict[str, Any] = {"x": x, "y": y, "crs": crs}
    rest = {**options, "where": None}
    if delivered_in_parts(layer, in_parts, opened, need_geometry=False, **reading, **rest):
        return
    answer = show_layer(
        layer,
        pack=opened,
        **reading,
        stdin=standard_input(layer),
        where=options["where"],
    )
    deliver(answer, **rest)
