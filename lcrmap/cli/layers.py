"""``lcrmap layers``: what there is to map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lcrmap.cli.options import LayerName, pack_option, table_options


@click.command()
@click.argument("layer", type=LayerName(), required=False, metavar="[LAYER]")
@table_options
@pack_option
def layers(layer: str | None, pack: Path | None, **options: Any) -> None:
    """List the layers, or tell everything about one.

    With a LAYER: its description, source, licence, credit line and every field.

    \b
    Examples:
      lcrmap layers
      lcrmap layers innovation-assets
      lcrmap layers --format csv
    """
    from lcrmap.cli.delivery import deliver
    from lcrmap.layers import open_pack
    from lcrmap.verbs.layers import describe_layer, list_layers

    opened = open_pack(pack)
    answer = list_layers(opened) if layer is None else describe_layer(layer, pack=opened)
    deliver(answer, **options)
