"""What the headline of a shaded map says; of any other map, see `lcrmap.maps.sentences`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lcrmap.layers import Layer
from lcrmap.maps.styling import Shading
from lcrmap.verbs.numbers import in_sentence, listed

__all__ = ["shaded_headline"]


def shaded_headline(
    layers: Sequence[Layer], shades: Mapping[str, tuple[Shading, str]]
) -> str | None:
    """Say by which columns areas are shaded; None if none are."""
    told = [_said(each, shades[each.name][0].column) for each in layers if each.name in shades]
    if not told:
        return None
    whole = listed(told)
    return whole[:1].upper() + whole[1:]


def _said(layer: Layer, column: str) -> str:
    title = in_sentence(layer.field(column).title)
    return f"{title}{',' if ',' in title else ''} by {layer.metadata.noun_one}"
