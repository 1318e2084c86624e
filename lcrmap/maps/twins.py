"""Which areas several layers of a page have, such as a borough and a row of a table found by its name: named once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import shapely

from lcrmap.maps.model import PageLayer
from lcrmap.maps.shapes import unpacked

__all__ = ["Ref", "bare_name", "twins"]

Ref = tuple[int, int]
"""An area, by the number of its layer and of its row."""

_SAME: Final = (
    0.9  # of the ground of two areas together that both have, if they are one but for the drawing
)
_DRESS: Final = re.compile(r"[\W_]")


def bare_name(text: str) -> str:
    """Return a name without what it may be spelled with or without.

    Examples
    --------
    >>> bare_name("St. Helens") == bare_name("st helens")
    True
    """
    return _DRESS.sub("", text).casefold()


def twins(layers: Sequence[PageLayer]) -> dict[Ref, Ref]:
    """Return for each area that a layer before its own has too, under the same name, the first of them."""
    named: dict[str, list[Ref]] = defaultdict(list)
    for number, layer in enumerate(layers):
        for row, anchor in enumerate(layer.anchors if layer.part == "areas" else ()):
            if anchor is not None and layer.name_of(row):
                named[bare_name(layer.name_of(row))].append((number, row))
    found: dict[Ref, Ref] = {}
    for refs in named.values():
        if len({number for number, _ in refs}) > 1:
            found.update(_first_of(refs, layers))
    return found


def _first_of(refs: Sequence[Ref], layers: Sequence[PageLayer]) -> dict[Ref, Ref]:
    """Return for each of some areas of one name the first that is the same, where that is another."""
    grounds = {(number, row): _ground(layers[number].shapes.parts[row]) for number, row in refs}
    found: dict[Ref, Ref] = {}
    for at, ref in enumerate(refs):
        same = (each for each in refs[:at] if _is_same(grounds[each], grounds[ref]))
        first = next(same, None)
        if first is not None:
            found[ref] = first
    return found


def _ground(parts: Sequence[Any]) -> Any:
    rings = [
        [
            line for line in lines if len(line) > 3
        ]  # two vertices that are one by now enclose nothing
        for dimension, lines in unpacked(parts)
        if dimension == 2
    ]
    areas = [shapely.Polygon(one, holes) for one, *holes in filter(None, rings)]
    return shapely.union_all(shapely.make_valid(areas))


def _is_same(one: Any, other: Any) -> bool:
    both = shapely.intersection(one, other).area
    return bool(both > _SAME * (one.area + other.area - both))
