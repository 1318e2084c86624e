"""The names on a picture's map: what was chosen, areas always if they can be, places, then neighbours and waters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lcrmap.maps.columns import Column
from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.shapes import SCALE
from lcrmap.maps.style import SURFACES
from lcrmap.maps.twins import Ref, bare_name, twins
from lcrmap.pictures.fonts import Face
from lcrmap.pictures.labelling import (
    Box,
    Wish,
    around,
    beside_own,
    place_labels,
    spots_inside,
)
from lcrmap.pictures.lines import figure_text
from lcrmap.pictures.scenes import Mark, Scene, drawn_layers
from lcrmap.pictures.sheets import Sheet
from lcrmap.pictures.views import Floats, View, parts_of

__all__ = ["PLACE_FACE", "Label", "labels_of"]

AREA_FACES: Final = (Face(8.5, bold=True), Face(7.5, bold=True))
PLACE_FACE: Final = Face(8)
NEIGHBOUR_FACE: Final = Face(7.5)
WATER_FACE: Final = Face(8, italic=True)
_MOST_NAMED: Final = 25  # places of a layer that are named, if there is room
_LONG: Final = 26  # letters from which a name is broken into two lines


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map: its lines, its box, how it is written, and of an area, its name alone."""

    texts: tuple[str, ...]
    box: Box
    face: Face
    colour: str
    halo: str
    name: str = ""


def labels_of(
    model: PageModel, view: View, scene: Scene, sheet: Sheet, taken: Sequence[Box] = ()
) -> list[Label]:
    """Choose and place the names: what was chosen, areas always if they can be, places, then neighbours and waters."""
    covered = [*scene.boxes, *taken]
    inside = view.box.shrunk(0.6)
    chosen = _chosen_labels(model, scene, sheet, taken, inside)
    labels = list(chosen.values())
    for layer, rows in _named_once(drawn_layers(model)):
        there = [each.box for each in chosen.values()]
        found = _names_of_areas(layer, rows, model, view, scene, sheet, [*covered, *there])
        over: list[Box | Label] = [*taken, *there, *found]
        labels += found + _names_over(layer, rows, model, view, scene, sheet, over)
    covered += [each.box for each in labels]
    named: list[tuple[Label, Wish]] = []
    named += _place_names(model, scene, sheet, chosen)
    for layer in drawn_layers(model):
        if layer.part == "backdrop":
            named += _neighbour_names(layer, view, sheet)
    for text, lon, lat in model.water:
        at = view.point((lon / SCALE, lat / SCALE))
        colour, halo = SURFACES["water-label"].light, SURFACES["water"].light
        named.append(_named(sheet, (text,), WATER_FACE, colour, halo, (at,)))
    return labels + _placed(named, covered, inside)


def _chosen_labels(
    model: PageModel, scene: Scene, sheet: Sheet, taken: Sequence[Box], inside: Box
) -> dict[Mark, Label]:
    """Place the names of what was chosen among others, at need over symbols of which the answer does not speak."""
    marks = sorted(_chosen(model, scene), key=lambda each: (each.layer, each.row))
    labels: dict[Mark, Label] = {}
    told = _told(model, scene)
    for mark in marks if len(marks) <= _MOST_NAMED else ():
        named = _place_name(model.layers[mark.layer], mark, sheet, told)
        there = [*taken, *(each.box for each in labels.values())]
        for covered in (scene.boxes, _kept(model, scene)):
            found = _placed(named, [*covered, *there], inside)
            if found:
                labels[mark] = found[0]
                break
    return labels


def _chosen(model: PageModel, scene: Scene) -> list[Mark]:
    """Return the marks of which the answer speaks, in layers that are drawn singly as they also have others."""
    return [
        each
        for each in scene.marks
        if model.layers[each.layer].singly
        and each.row in (model.layers[each.layer].answering or ())
    ]


def _told(model: PageModel, scene: Scene) -> list[Mark]:
    """Return all marks but the single ones of which the answer does not speak."""
    single = {each for each in scene.marks if model.layers[each.layer].singly}
    single -= set(_chosen(model, scene))
    return [each for each in scene.marks if each not in single]


def _kept(model: PageModel, scene: Scene) -> list[Box]:
    """Return what no name may lie over: discs, and the symbols of which the answer speaks."""
    marks = [each.box for each in _told(model, scene)]
    return [*marks, *(each.box for each in scene.discs)]


def _named_once(layers: Sequence[PageLayer]) -> list[tuple[PageLayer, list[int]]]:
    """Return the layers whose areas are named, each with the rows of those that no layer before names."""
    again, seen = twins(layers), set[Ref]()
    found = []
    for number, layer in enumerate(layers):
        if layer.part == "areas" and layer.total <= _MOST_NAMED:
            firsts = {row: again.get((number, row), (number, row)) for row in range(layer.total)}
            found.append((layer, [row for row, first in firsts.items() if first not in seen]))
            seen.update(firsts.values())
    return found


def _placed(
    named: Sequence[tuple[Label, Wish]], covered: Sequence[Box], inside: Box
) -> list[Label]:
    boxes = place_labels([wish for _, wish in named], covered, inside)
    return [
        replace(label, box=box)
        for (label, _), box in zip(named, boxes, strict=True)
        if box is not None
    ]


def _named(
    sheet: Sheet,
    texts: tuple[str, ...],
    face: Face,
    colour: str,
    halo: str,
    spots: Sequence[tuple[float, float]],
) -> tuple[Label, Wish]:
    width, height = _size(sheet, texts, face)
    return Label(texts, Box(0, 0, 0, 0), face, colour, halo), Wish(width, height, tuple(spots))


def _size(sheet: Sheet, texts: Sequence[str], face: Face) -> tuple[float, float]:
    return max(sheet.fonts.width(each, face) for each in texts), len(texts) * face.height


def _values(model: PageModel) -> dict[str, str]:
    """Return by its bare name for each area that is shaded or has a circle its figure in words, with its range.

    Of a name that several have it is not known whose figure it would be.
    """
    found: dict[str, str] = {}
    for layer in drawn_layers(model):
        field = "" if layer.style.kind == "symbol" else layer.style.field
        column = layer.column(field)
        if column is None or layer.total > _MOST_NAMED or layer.style.kind == "symbol":
            continue
        names = ("min", "max") if field == "count" else (f"{field}_min", f"{field}_max")
        low, high = (layer.column(each) for each in names)
        bounds = layer.style.breaks if layer.style.kind == "shade" else ()
        called = [bare_name(layer.name_of(row)) for row in range(layer.total)]
        times = Counter(called)
        for row in (row for row, name in enumerate(called) if times[name] == 1):
            text = _figure(column, row, bounds)
            if low is not None and high is not None and low.values[row] != high.values[row]:
                text = f"{text} ({_figure(low, row)} to {_figure(high, row)})"
            found[called[row]] = text
    return found


def _figure(column: Column, row: int, bounds: Sequence[float] = ()) -> str:
    value = column.values[row]
    return figure_text(value, bounds) if isinstance(value, int | float) else column.text(row)


def _names_of_areas(
    layer: PageLayer,
    named: Sequence[int],
    model: PageModel,
    view: View,
    scene: Scene,
    sheet: Sheet,
    covered: Sequence[Box],
) -> list[Label]:
    """Place the names beside the circles of their areas, and where there is none or no room, in the areas."""
    inside, values = view.box.shrunk(0.6), _values(model)
    marks = [each for each in scene.marks if not each.shape]
    circled = {bare_name(model.layers[each.layer].name_of(each.row)): each for each in marks}
    names = {bare_name(layer.name_of(row)): layer.name_of(row) for row in named}
    circles = {names[bare]: mark for bare, mark in circled.items() if bare in names}
    labels: list[Label] = []
    if circles:
        shapes = {layer.name_of(row): _rings(layer, row, view) for row in range(layer.total)}
        labels = _circle_labels(circles, shapes, sheet, covered, inside, values)
    rows = _unnamed(layer, named, labels)
    taken = [*covered, *(each.box for each in labels)]
    return labels + _area_labels(layer, rows, view, sheet, taken, inside, values)


def _rings(layer: PageLayer, row: int, view: View) -> list[Floats]:
    """Return the outer rings of an area on paper."""
    return [lines[0] for dimension, lines in parts_of(layer, row, view) if dimension == 2]


def _names_over(
    layer: PageLayer,
    named: Sequence[int],
    model: PageModel,
    view: View,
    scene: Scene,
    sheet: Sheet,
    taken: Sequence[Box | Label],
) -> list[Label]:
    """Place the names that found no room over symbols that may stand close together, such as stations."""
    labels = [each for each in taken if isinstance(each, Label)]
    rows = _unnamed(layer, named, labels)
    boxes = [each.box if isinstance(each, Label) else each for each in taken]
    covered = [*boxes, *_kept(model, scene)]
    return _area_labels(layer, rows, view, sheet, covered, view.box.shrunk(0.6), _values(model))


def _unnamed(layer: PageLayer, named: Sequence[int], labels: Sequence[Label]) -> list[int]:
    """Return those of the rows to be named that have a name and are not among the labels."""
    known = {"", *(each.name for each in labels)}
    return [row for row in named if layer.anchors[row] and layer.name_of(row) not in known]


def _area_labels(
    layer: PageLayer,
    rows: Sequence[int],
    view: View,
    sheet: Sheet,
    covered: Sequence[Box],
    inside: Box,
    values: Mapping[str, str],
) -> list[Label]:
    """Place the names of areas, those that find no room once more in smaller letters."""
    labels: list[Label] = []
    left = list(rows)
    for face in AREA_FACES:
        wishes = [(row, _area_name(layer, row, view, sheet, face, values)) for row in left]
        for row, named in wishes:
            found = _placed([named], [*covered, *(each.box for each in labels)], inside)
            labels += found
            left = [each for each in left if each != row or not found]
    return labels


def _circle_labels(
    circles: Mapping[str, Mark],
    shapes: Mapping[str, Sequence[Floats]],
    sheet: Sheet,
    covered: Sequence[Box],
    inside: Box,
    values: Mapping[str, str],
) -> list[Label]:
    """Place names beside the circles of their numbers, where they may leave their areas but not lie on another."""
    colour, halo = SURFACES["text"].light, SURFACES["land"].light
    labels: list[Label] = []
    for name, mark in circles.items():
        value = values.get(bare_name(name))
        if not value:
            continue
        others = [ring for other, rings in shapes.items() if other != name for ring in rings]
        for texts in ((name, value), (f"{name} {value}",)):
            face = AREA_FACES[-1]
            width, height = _size(sheet, texts, face)
            at, own = (mark.x, mark.y), shapes[name]
            spots = beside_own(at, width, height, mark.radius, own, others, inside)
            label, wish = _named(sheet, texts, face, colour, halo, spots)
            named = (replace(label, name=name), wish)
            found = _placed([named], [*covered, *(each.box for each in labels)], inside)
            labels += found
            if found:
                break
    return labels


def _area_name(
    layer: PageLayer, row: int, view: View, sheet: Sheet, face: Face, values: Mapping[str, str]
) -> tuple[Label, Wish]:
    lon, lat = layer.anchors[row] or (0, 0)
    name = layer.name_of(row)
    texts = tuple(filter(None, (name, values.get(bare_name(name)))))
    width, height = _size(sheet, texts, face)
    rings = _rings(layer, row, view)
    at = view.point((lon / SCALE, lat / SCALE))
    spots = spots_inside(rings, at, width, height, view.box)
    colour, halo = SURFACES["text"].light, SURFACES["land"].light
    label, wish = _named(sheet, texts, face, colour, halo, spots)
    return replace(label, name=name), wish


def _neighbour_names(layer: PageLayer, view: View, sheet: Sheet) -> list[tuple[Label, Wish]]:
    named = []
    for row, anchor in enumerate(layer.anchors):
        name = layer.name_of(row)
        if anchor is not None and name:
            at = view.point((anchor[0] / SCALE, anchor[1] / SCALE))
            colour, halo = SURFACES["neighbour-label"].light, SURFACES["neighbour"].light
            named.append(_named(sheet, (name,), NEIGHBOUR_FACE, colour, halo, (at,)))
    return named


def _place_names(
    model: PageModel, scene: Scene, sheet: Sheet, chosen: Mapping[Mark, Label]
) -> list[tuple[Label, Wish]]:
    """Name the places that stand alone, in layers small enough to be named; sized circles first by size.

    Where one that was chosen has no room for its name, those that were not have none either.
    """
    told = _chosen(model, scene)
    lacking = {each.layer for each in told if each not in chosen}
    marks = [
        each
        for each in scene.marks
        if model.layers[each.layer].placed <= _MOST_NAMED
        and each not in told
        and each.layer not in lacking
    ]
    shown = _told(model, scene)
    named = []
    for mark in sorted(marks, key=lambda each: (-each.radius, each.layer, each.row)):
        named += _place_name(model.layers[mark.layer], mark, sheet, shown)
    return named


def _place_name(
    layer: PageLayer, mark: Mark, sheet: Sheet, shown: Sequence[Mark]
) -> list[tuple[Label, Wish]]:
    """Return the name of a place beside its symbol, and not beside another; nothing if it has neither."""
    name = layer.name_of(mark.row)
    if not name or not mark.shape or layer.part == "areas":
        return []
    text, halo = SURFACES["text"].light, SURFACES["halo"].light
    texts = _broken(name)
    width, height = _size(sheet, texts, PLACE_FACE)
    others = [(each.x, each.y) for each in shown if each != mark]
    spots = around((mark.x, mark.y), width, height, mark.radius, others)
    return [_named(sheet, texts, PLACE_FACE, text, halo, spots)]


def _broken(name: str) -> tuple[str, ...]:
    """Break a long name at the blank nearest to its middle.

    Examples
    --------
    >>> _broken("Sci-Tech Daresbury Enterprise Zone")
    ('Sci-Tech Daresbury', 'Enterprise Zone')
    """
    blanks = [number for number, letter in enumerate(name) if letter == " "]
    if len(name) <= _LONG or not blanks:
        return (name,)
    middle = min(blanks, key=lambda each: abs(each - len(name) / 2))
    return name[:middle], name[middle + 1 :]
