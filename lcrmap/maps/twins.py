"""Which areas several layers of a page have, such as a borough and a row of a table found by its name: named once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import shapely

from lcrmap.maps.model import PageLayer
from lcrmap.maps.shapes import unpacked

__all__ = ["Ref", "bare_name", "twins"]

Ref = tuple[int, int]
"""An area, by the number of its layer and of its row."""

_SAME: Final = 0.9  # of what either covers: two that share more are one but for the drawing
_MOST: Final = 60  # areas of a layer, as in assets/labels.mjs: of one with more none is named
_BESIDES_LETTERS: Final = re.compile(r"[\W_]")


def bare_name(text: str) -> str:
    r"""Return a name without what it may be spelled with or without.

    Examples
    --------
    >>> bare_name("St. Helens") == bare_name("st helens"), bare_name("Mo\N{COMBINING CIRCUMFLEX ACCENT}n")
    (True, 'môn')
    >>> bare_name("Croxteth & Gillmoss") == bare_name("Croxteth and Gillmoss")
    True
    """
    return _BESIDES_LETTERS.sub(
        "", unicodedata.normalize("NFC", text).replace("&", "and")
    ).casefold()


def twins(layers: Sequence[PageLayer]) -> dict[Ref, Ref]:
    """Return for each area that is named and that a layer before its own has too, so called, the first of them."""
    named: dict[str, list[Ref]] = defaultdict(list)
    for number, layer in enumerate(layers):
        some = layer.anchors if layer.part == "areas" and layer.total <= _MOST else ()
        for row, anchor in enumerate(some):
            if anchor is not None and (name := bare_name(layer.name_of(row))):
                named[name].append((number, row))
    found: dict[Ref, Ref] = {}
    for refs in named.values():
        if len({number for number, _ in refs}) > 1:
            found.update(_first_of(refs, layers))
    return found


def _first_of(refs: Sequence[Ref], layers: Sequence[PageLayer]) -> dict[Ref, Ref]:
    """Return for each of some areas of one name the first that is the same, of a layer before its own."""
    grounds = {(number, row): _ground(layers[number].shapes.parts[row]) for number, row in refs}
    found: dict[Ref, Ref] = {}
    for ref in refs:
        before = (each for each in refs if each[0] < ref[0])
        same = next((each for each in before if _is_same(grounds[each], grounds[ref])), None)
        if same is not None:
            found[ref] = found.get(same, same)
    return found


def _ground(parts: Sequence[Any]) -> Any:
    """Return what an area covers; of rings that are drawn so small that they enclose nothing, nothing."""
    rings = [lines for dimension, lines in unpacked(parts) if dimension == 2]
    areas = [
        shapely.Polygon(shell, [hole for hole in holes if len(hole) > 3])
        for shell, *holes in rings
        if len(shell) > 3
    ]
    return shapely.union_all(shapely.make_valid(areas))


def _is_same(one: Any, other: Any) -> bool:
    both = shapely.intersection(one, other).area
    return bool(both > _SAME * (one.area + other.area - both))
