"""The names on a picture's map: what was chosen, areas always if they can be, places, then neighbours and waters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lcrmap.maps.model import PageLayer, PageModel
from lcrmap.maps.shapes import SCALE
from lcrmap.maps.style import SURFACES
from lcrmap.pictures.area_names import MOST_NAMED, Covered, area_labels
from lcrmap.pictures.fonts import Face
from lcrmap.pictures.labelling import Box, Wish, around
from lcrmap.pictures.labels import Label, placed, size_of, wished
from lcrmap.pictures.scenes import Disc, Mark, Scene, drawn_layers
from lcrmap.pictures.sheets import Sheet
from lcrmap.pictures.views import View

__all__ = ["PLACE_FACE", "labels_of"]

PLACE_FACE: Final = Face(8)
SMALL_FACE: Final = Face(7, italic=True)  # of a small symbol beside larger ones, such as a station
NEIGHBOUR_FACE: Final = Face(7.5)
WATER_FACE: Final = Face(8, italic=True)
_TRIES: Final = 3  # to find room for both what was chosen and areas
_SMALLER: Final = 0.75  # of the largest symbol, below which one is small
_LONG: Final = 26  # letters from which a name is broken into two lines


def labels_of(
    model: PageModel, view: View, scene: Scene, sheet: Sheet, taken: Sequence[Box] = ()
) -> list[Label]:
    """Choose and place the names: what was chosen, areas always if they can be, places, then neighbours and waters."""
    inside = view.box.shrunk(0.6)
    chosen, areas = _chosen_and_areas(model, view, scene, sheet, taken)
    labels = [*chosen.values(), *areas]
    covered = [*scene.boxes, *taken, *(each.box for each in labels)]
    named: list[tuple[Label, Wish]] = []
    named += _place_names(model, scene, sheet, chosen)
    for layer in drawn_layers(model):
        if layer.part == "backdrop":
            named += _neighbour_names(layer, view, sheet)
    for text, lon, lat in model.water:
        at = view.point((lon / SCALE, lat / SCALE))
        colour, halo = SURFACES["water-label"].light, SURFACES["water"].light
        named.append(wished(sheet, (text,), WATER_FACE, colour, halo, (at,)))
    return labels + placed(named, covered, inside)


def _chosen_and_areas(
    model: PageModel, view: View, scene: Scene, sheet: Sheet, taken: Sequence[Box]
) -> tuple[dict[Mark, Label], list[Label]]:
    """Place the names of what was chosen, then those of areas.

    Where an area then has no room, the names of what was chosen keep off the place that it would have without them.
    """
    told, circles = _told(model, scene), [each for each in scene.marks if not each.shape]
    others = tuple(each.box for each in scene.marks if each not in told)

    def areas(fixed: Sequence[Box]) -> list[Label]:
        whole = (*fixed, *(each.box for each in scene.discs))
        map_ = Covered(whole, tuple(each.box for each in told), others)
        return area_labels(model, view, circles, sheet, map_)

    free = areas(taken)
    if not _chosen(model, scene):
        return {}, free
    best: tuple[dict[Mark, Label], list[Label]] = {}, []
    reserved: list[Box] = []
    for _ in range(_TRIES):
        chosen = _chosen_labels(model, scene, sheet, [*taken, *reserved], view.box.shrunk(0.6))
        found = areas([*taken, *(each.box for each in chosen.values())])
        if (len(chosen), len(found)) > (len(best[0]), len(best[1])):
            best = chosen, found
        names = {each.name for each in found}
        if len(found) == len(free):
            break
        reserved += [each.box for each in free if each.name not in names]
    return best


def _chosen_labels(
    model: PageModel, scene: Scene, sheet: Sheet, taken: Sequence[Box], inside: Box
) -> dict[Mark, Label]:
    """Place the names of what was chosen among others, at need over symbols of which the answer does not speak."""
    marks = sorted(_chosen(model, scene), key=lambda each: (each.layer, each.row))
    labels: dict[Mark, Label] = {}
    told = _shown(model, scene)
    for mark in marks if len(marks) <= MOST_NAMED else ():
        named = _place_name(model.layers[mark.layer], mark, sheet, told)
        there = [*taken, *(each.box for each in labels.values())]
        for covered in (scene.boxes, _kept(model, scene)):
            found = placed(named, [*covered, *there], inside)
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


def _shown(model: PageModel, scene: Scene) -> list[Mark | Disc]:
    """Return all symbols that a name may be taken to belong to."""
    return [*_told(model, scene), *scene.discs]


def _kept(model: PageModel, scene: Scene) -> list[Box]:
    """Return what no name may lie over: discs, and the symbols of which the answer speaks."""
    marks = [each.box for each in _told(model, scene)]
    return [*marks, *(each.box for each in scene.discs)]


def _neighbour_names(layer: PageLayer, view: View, sheet: Sheet) -> list[tuple[Label, Wish]]:
    named = []
    for row, anchor in enumerate(layer.anchors):
        name = layer.name_of(row)
        if anchor is not None and name:
            at = view.point((anchor[0] / SCALE, anchor[1] / SCALE))
            colour, halo = SURFACES["neighbour-label"].light, SURFACES["neighbour"].light
            named.append(wished(sheet, (name,), NEIGHBOUR_FACE, colour, halo, (at,)))
    return named


def _place_names(
    model: PageModel, scene: Scene, sheet: Sheet, chosen: Mapping[Mark, Label]
) -> list[tuple[Label, Wish]]:
    """Name the places that stand alone, in layers small enough to be named: the largest first.

    Of an answer about one layer and what is near it those of the first come before all others.
    Where one that was chosen has no room for its name, those that were not have none either.
    """
    told = _chosen(model, scene)
    lacking = {each.layer for each in told if each not in chosen}
    marks = [
        each
        for each in scene.marks
        if model.layers[each.layer].placed <= MOST_NAMED
        and each not in told
        and each.layer not in lacking
    ]
    shown = _shown(model, scene)
    named = []
    largest = max((each.radius for each in scene.marks if each.shape), default=0.0)
    for mark in sorted(marks, key=lambda each: _rank(model, each)):
        small = mark.radius < _SMALLER * largest
        named += _place_name(model.layers[mark.layer], mark, sheet, shown, small=small)
    return named


def _rank(model: PageModel, mark: Mark) -> tuple[int, float, int, int]:
    """Return where among the names that of a place comes."""
    asked = model.layers[mark.layer].answering is not None
    return (mark.layer if asked else len(model.layers), -mark.radius, mark.layer, mark.row)


def _place_name(
    layer: PageLayer, mark: Mark, sheet: Sheet, shown: Sequence[Mark | Disc], *, small: bool = False
) -> list[tuple[Label, Wish]]:
    """Return the name of a place beside its symbol, and not beside another; nothing if it has neither."""
    name = layer.name_of(mark.row)
    if not name or not mark.shape or layer.part == "areas":
        return []
    text, halo = SURFACES["text-2" if small else "text"].light, SURFACES["halo"].light
    texts, face = _broken(name), SMALL_FACE if small else PLACE_FACE
    width, height = size_of(sheet, texts, face)
    others = [(each.x, each.y) for each in shown if each != mark]
    spots = around((mark.x, mark.y), width, height, mark.radius, others)
    return [wished(sheet, texts, face, text, halo, spots)]


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
