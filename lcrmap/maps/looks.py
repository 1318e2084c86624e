"""Which symbol and colour each class of a page has, so that no two of them look the same.

What metadata say is kept; every other class takes what is free: a shape that the page does not have yet, then the
colour that it has least. Page and picture read the result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

from lcrmap.maps.style import FREE_SHAPES, PALETTE, SHAPES
from lcrmap.maps.styling import Given, LegendEntry, Style, Swatch, SymbolStyle

__all__ = ["JOINED", "MOST_LOOKS", "Look", "StyledLayer", "looks_apart", "seen_as"]

JOINED: Final = "All of these have one symbol: too few are left to tell their kinds apart."
"""What the legend says under a layer whose categories share one symbol."""

_SMALL: Final = 20  # pixels: under it a shape is drawn small
_FREE_HUES: Final = tuple(hue for hue, _ in PALETTE)
_ALIKE: Final = {"grey": "ink", "other": "ink"}  # hues that are hardly told apart in a symbol

MOST_LOOKS: Final = len(_FREE_HUES) * sum(SHAPES[each].size >= _SMALL for each in FREE_SHAPES)
"""How many symbols of a page differ, whatever metadata say."""

Look = tuple[str, str]
"""A hue and a shape."""


@dataclass(frozen=True, slots=True)
class StyledLayer:
    """A layer whose classes are to be given looks.

    Attributes
    ----------
    name
        What the layer is called, in each of several alternatives of which one is shown at a time.
    choice
        The alternative to which it belongs; empty for a layer that is shown beside each.
    alone
        Whether its looks are never taken for those of another layer, such as those of a backdrop.
    """

    name: str
    title: str
    style: Style
    choice: str = ""
    alone: bool = False


def looks_apart(layers: Sequence[StyledLayer]) -> list[tuple[Style, bool]]:
    """Give every class of a page its hue and its shape, and say of which layers the categories were joined.

    A class that has both from its metadata comes first, then one that has part of them, layer by layer.
    """
    joined = _too_many(layers)
    styles = [_one_symbol(each) if each in joined else each.style for each in layers]
    shared, given = _Looks(), dict[tuple[int, int], Look]()
    looks = [_Looks() if each.alone else shared for each in layers]
    classes = [
        (entry.given, number, place)
        for number, style in enumerate(styles)
        if style.kind == "symbol"
        for place, entry in enumerate(style.entries)
    ]
    for _, number, place in sorted(classes):
        entry = styles[number].entries[place]
        given[number, place] = looks[number].take(entry, layers[number])
    return [
        (_with_looks(style, number, given), layer in joined)
        for number, (style, layer) in enumerate(zip(styles, layers, strict=True))
    ]


def seen_as(entry: LegendEntry) -> tuple[str, str, str]:
    """Return what the eye takes a class for: a symbol by its colour and shape, a line or an area by its colour."""
    return _seen(entry.swatch, (entry.hue, entry.shape))


def _seen(swatch: Swatch, look: Look) -> tuple[str, str, str]:
    hue, shape = look
    return swatch, _ALIKE.get(hue, hue), SHAPES[shape].path if swatch == "symbol" else ""


@dataclass(slots=True)
class _Looks:
    """The looks of a page, and what has taken them.

    Attributes
    ----------
    taken
        By what the eye sees: the alternatives in which it is there.
    known
        By layer and class: what it has in another alternative.
    """

    taken: defaultdict[tuple[str, str, str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    known: dict[tuple[str, str], Look] = field(default_factory=dict)
    hues: Counter[str] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)

    def take(self, entry: LegendEntry, layer: StyledLayer) -> Look:
        """Return the best look that is free, or the best of all if none is."""
        named = (layer.name, entry.label)
        look = self.known.get(named)
        if look is None or not self._is_free(entry, look, layer.choice):
            look = self._best(entry, layer.choice)
            self.hues[_ALIKE.get(look[0], look[0])] += 1
            self.paths[SHAPES[look[1]].path] += int(entry.swatch == "symbol")
        self.known[named] = look
        self.taken[_seen(entry.swatch, look)].add(layer.choice)
        return look

    def _is_free(self, entry: LegendEntry, look: Look, choice: str) -> bool:
        """Whether nothing that is shown at the same time looks like that."""
        there = self.taken.get(_seen(entry.swatch, look), set())
        return not there or (bool(choice) and not there & {"", choice})

    def _best(self, entry: LegendEntry, choice: str) -> Look:
        hues = dict.fromkeys((entry.hue or _FREE_HUES[0], *_FREE_HUES))
        usual = FREE_SHAPES if entry.swatch == "symbol" else FREE_SHAPES[:1]
        shapes = dict.fromkeys((entry.shape or usual[0], *usual))
        small = bool(entry.shape) and SHAPES[entry.shape].size < _SMALL

        def price(look: Look) -> tuple[bool | int, ...]:
            hue, shape = look
            return (
                not self._is_free(entry, look, choice),
                bool(entry.hue) and hue != entry.hue,
                bool(entry.shape) and shape != entry.shape,
                (SHAPES[shape].size < _SMALL) != small,
                self.paths[SHAPES[shape].path],
                self.hues[_ALIKE.get(hue, hue)],
            )

        return min(product(hues, shapes), key=price)


def _too_many(every: Sequence[StyledLayer]) -> list[StyledLayer]:
    """Return the layers whose categories share a symbol, so that each layer can have one of its own."""
    layers = [each for each in every if not each.alone and _has_symbols(each.style)]
    layers.sort(key=lambda each: min(entry.given for entry in each.style.entries) > Given.WHOLLY)
    found: list[StyledLayer] = []
    taken: set[tuple[str, ...]] = set()
    for number, layer in enumerate(layers):
        wanted = _classes(layer, number)
        later = len(layers) - number - 1
        if len(wanted) > 1 and len(taken | wanted) + later > MOST_LOOKS:
            found.append(layer)
            wanted = {(str(number),)}
        taken |= wanted
    return found


def _classes(layer: StyledLayer, number: int) -> set[tuple[str, ...]]:
    """Return what tells the classes of a layer from others; those of alternatives may be the same."""
    if layer.choice:
        return {(each.hue, each.shape, each.label) for each in layer.style.entries}
    return {(str(number), each.label) for each in layer.style.entries}


def _has_symbols(style: Style) -> bool:
    return style.kind == "symbol" and any(each.swatch == "symbol" for each in style.entries)


def _one_symbol(layer: StyledLayer) -> SymbolStyle:
    """Return the style of a layer without its categories."""
    style = layer.style
    entry = LegendEntry(
        layer.title,
        sum(each.count for each in style.entries),
        sum(each.placed for each in style.entries),
        style.entries[0].swatch,
    )
    return SymbolStyle((entry,), [0] * len(style.codes))


def _with_looks(style: Style, number: int, given: dict[tuple[int, int], Look]) -> Style:
    if style.kind != "symbol":
        return style
    entries = []
    for place, entry in enumerate(style.entries):
        hue, shape = given[number, place]
        entries.append(replace(entry, hue=hue, shape=shape, size=SHAPES[shape].size))
    return replace(style, entries=tuple(entries))
