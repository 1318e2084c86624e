"""The names of areas on a picture's map, with their figures: on their areas, or beside the circles of their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lcrmap.maps.columns import Column
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.shapes import SCALE
from lcrmap.maps.style import SURFACES
from lcrmap.maps.twins import Ref, bare_name, twins
from lcrmap.pictures.fonts import Face
from lcrmap.pictures.ground import LOOSE, MOSTLY, STRICT, Ground, Rule
from lcrmap.pictures.labelling import Box, beside
from lcrmap.pictures.labels import Label, placed, size_of, wished
from lcrmap.pictures.lines import figure_text
from lcrmap.pictures.scenes import Mark, drawn_layers
from lcrmap.pictures.sheets import Sheet
from lcrmap.pictures.views import Floats, View, parts_of

__all__ = ["MOST_NAMED", "Covered", "area_labels"]

FACES: Final = (Face(8.5, bold=True), Face(7.5, bold=True))
_SMALLEST: Final = Face(7, bold=True)  # of a name that finds no other room
MOST_NAMED: Final = 25  # areas of a layer that are named, if there is room
_RULES: Final = (STRICT, LOOSE)
_FEW: Final = 10  # areas of a layer that are named, if need be over symbols

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """What is on the map already.

    Attributes
    ----------
    fixed
        What no name lies over.
    told
        The symbols of which the answer speaks, which a name lies over if there is no other room.
    others
        Further symbols, which it lies over before that.
    """

    fixed: tuple[Box, ...]
    told: tuple[Box, ...]
    others: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Area:
    """An area that is named: its number among those of its ground, its point, and how its figure is written."""

    number: int
    name: str
    at: tuple[float, float]
    plain: str = ""
    ranged: str = ""
    circle: Mark | None = None
    rivals: tuple[tuple[float, float], ...] = ()
    spoken_of: bool = False
    must: bool = False


def area_labels(
    model: PageModel, view: View, circles: Sequence[Mark], sheet: Sheet, covered: Covered
) -> list[Label]:
    """Name the areas of each layer; `circles` are those of their numbers."""
    labels: list[Label] = []
    for layer, rows in _named_once(model):
        there = (*covered.fixed, *(each.box for each in labels))
        areas = _areas(layer, rows, model, view, circles)
        ground = Ground([_rings(layer, row, view) for row in range(layer.total)], view.box)
        placing = _Placing(ground, sheet, replace(covered, fixed=there), view.box.shrunk(0.6))
        labels += placing.labels(areas)
    return labels


def _named_once(model: PageModel) -> list[tuple[PageLayer, list[int]]]:
    """Return the layers whose areas are named, each with the rows of those that no layer before names.

    Of a layer with many areas only those are named that the headline names.
    """
    layers = drawn_layers(model)
    again, seen = twins(layers), set[Ref]()
    found = []
    for number, layer in enumerate(layers):
        if layer.part == "areas":
            rows = [
                row
                for row in range(layer.total)
                if layer.total <= MOST_NAMED or _spoken_of(layer.name_of(row), model)
            ]
            firsts = {row: again.get((number, row), (number, row)) for row in rows}
            found.append((layer, [row for row, first in firsts.items() if first not in seen]))
            seen.update(firsts.values())
    return [(layer, rows) for layer, rows in found if rows]


def _spoken_of(name: str, model: PageModel) -> bool:
    """Tell whether the headline names an area."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", model.headline) is not None


def _areas(
    layer: PageLayer,
    rows: Sequence[int],
    model: PageModel,
    view: View,
    circles: Sequence[Mark],
) -> list[_Area]:
    figures = _figures(model)
    circled = {bare_name(model.layers[each.layer].name_of(each.row)): each for each in circles}
    areas = []
    for row in rows:
        name, anchor = layer.name_of(row), layer.anchors[row]
        if not name or not anchor:
            continue
        mark, spoken_of = circled.get(bare_name(name)), _spoken_of(name, model)
        plain, ranged = figures.get(bare_name(name), ("", ""))
        areas.append(
            _Area(
                number=row,
                name=name,
                at=view.point((anchor[0] / SCALE, anchor[1] / SCALE)),
                plain=plain,
                ranged=ranged,
                circle=mark,
                rivals=tuple((each.x, each.y) for each in circles if each != mark),
                spoken_of=spoken_of,
                must=layer.total <= _FEW or spoken_of,
            )
        )
    return areas


def _rings(layer: PageLayer, row: int, view: View) -> list[Floats]:
    """Return the outer rings of an area on paper."""
    return [lines[0] for dimension, lines in parts_of(layer, row, view) if dimension == 2]


def _figures(model: PageModel) -> dict[str, tuple[str, str]]:
    """Return by its bare name for each area that has one its figure, without and with its range.

    The second is empty if there is no range, or none that can be seen. Of a name that several have it is not known
    whose figure it would be.
    """
    found: dict[str, tuple[str, str]] = {}
    for layer in drawn_layers(model):
        field = layer.figure if layer.style.kind == "symbol" else layer.style.field
        column = layer.column(field)
        if column is None:
            continue
        names = ("min", "max") if field == "count" else (f"{field}_min", f"{field}_max")
        low, high = (layer.column(each) for each in names)
        bounds = layer.style.breaks if layer.style.kind == "shade" else ()
        called = [bare_name(layer.name_of(row)) for row in range(layer.total)]
        times = Counter(called)
        for row, name in enumerate(called):
            many = layer.total > MOST_NAMED and not _spoken_of(layer.name_of(row), model)
            if many or times[name] > 1:
                continue
            plain, ranged = _figure(column, row, bounds), ""
            if low is not None and high is not None:
                ends = _figure(low, row), _figure(high, row)
                ranged = f"{plain} ({ends[0]} to {ends[1]})" if ends[0] != ends[1] else ""
            found[name] = plain, ranged
    return found


def _figure(column: Column, row: int, bounds: Sequence[float] = ()) -> str:
    value = column.values[row]
    return figure_text(value, bounds) if isinstance(value, int | float) else column.text(row)


@dataclass(frozen=True, slots=True)
class _Placing:
    """The placing of the names of one layer."""

    ground: Ground
    sheet: Sheet
    covered: Covered
    inside: Box

    def labels(self, areas: Sequence[_Area]) -> list[Label]:
        """Place the names, first those in the headline, then the smallest areas first.

        Where one finds no room, all are tried without their ranges, then without their figures.
        """
        order = sorted(areas, key=lambda each: (not each.spoken_of, self.ground.size(each.number)))
        plain = [replace(each, ranged="") for each in order]
        bare = [replace(each, plain="") for each in plain]
        wanted = (len(areas), sum(bool(each.plain) for each in areas))
        best: list[Label] = []
        for some in (order, plain, bare):
            found = self._greedy(some)
            if _told(found) > _told(best):
                best = found
            if _told(best) == wanted:
                break
        known = {each.name for each in best}
        for area in order:
            if area.must and area.name not in known:
                best += self._over_symbols(area, best)
        return best

    def _greedy(self, areas: Sequence[_Area]) -> list[Label]:
        labels: list[Label] = []
        for area in areas:
            there = [*self.covered.fixed, *(each.box for each in labels)]
            for texts, face, rule, over in self._ways(area):
                covered = [*there, *self.covered.told, *(() if over else self.covered.others)]
                found = placed(
                    [
                        wished(
                            self.sheet, texts, face, *_COLOURS, self._spots(area, texts, face, rule)
                        )
                    ],
                    covered,
                    self.inside,
                )
                if found:
                    labels.append(replace(found[0], name=area.name))
                    break
        return labels

    def _ways(self, area: _Area) -> Iterator[tuple[Texts, Face, Rule, bool]]:
        """Yield how a name may be written and where it may lie, best first."""
        faces = FACES if area.circle is None else FACES[-1:]
        alone = ((area.name,),)
        for texts, rules, over in (
            *((texts, (STRICT, MOSTLY), False) for texts in _with(area, area.ranged)),
            *((texts, _RULES, False) for texts in _with(area, area.plain)),
            *((texts, _RULES, True) for texts in _with(area, area.plain)),
            *((texts, _RULES, over) for over in (False, True) for texts in alone),
        ):
            for rule in rules:
                small = (_SMALLEST,) if rule is LOOSE and texts not in alone else ()
                yield from ((texts, face, rule, over) for face in (*faces, *small))

    def _spots(
        self, area: _Area, texts: Texts, face: Face, rule: Rule
    ) -> tuple[tuple[float, float], ...]:
        width, height = size_of(self.sheet, texts, face)
        if area.circle is None:
            return self.ground.spots(area.number, area.at, width, height, rule)
        at, radius = (area.circle.x, area.circle.y), area.circle.radius
        return self.ground.beside(area.number, at, radius, area.rivals, width, height, rule)

    def _over_symbols(self, area: _Area, labels: Sequence[Label]) -> list[Label]:
        """Name an area that must be named where its name covers least of the symbols."""
        for face in (FACES[-1], _SMALLEST):
            made = self._least_covering(area, face, labels)
            if made:
                break
        return made

    def _least_covering(self, area: _Area, face: Face, labels: Sequence[Label]) -> list[Label]:
        texts = (area.name,)
        symbols = [*self.covered.told, *self.covered.others]
        spots = self._spots(area, texts, face, LOOSE)
        if not spots and area.circle is not None:  # an area much smaller than its name
            width, height = size_of(self.sheet, texts, face)
            spots = beside((area.circle.x, area.circle.y), width, height, area.circle.radius)
        label, wish = wished(self.sheet, texts, face, *_COLOURS, spots)
        order = sorted(wish.spots, key=lambda spot: sum(map(wish.box(spot).common, symbols)))
        there = [*self.covered.fixed, *(each.box for each in labels)]
        made = placed([(label, replace(wish, spots=tuple(order)))], there, self.inside)
        return [replace(each, name=area.name) for each in made]


def _with(area: _Area, figure: str) -> list[Texts]:
    """Return how a name may be written with a figure: above it, and beside a circle also before it."""
    if not figure:
        return []
    beside: list[Texts] = [(f"{area.name} {figure}",)] if area.circle is not None else []
    return [(area.name, figure), *beside]


def _told(labels: Sequence[Label]) -> tuple[int, int]:
    """Return how many areas are named, and how many of these have their figure."""
    return len(labels), sum(" ".join(each.texts) != each.name for each in labels)


_COLOURS: Final = (SURFACES["text"].light, SURFACES["land"].light)
