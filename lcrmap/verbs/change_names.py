"""What the texts of a scenario's changes mean: layers, features, positions, and files beside the scenario."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Final

import geopandas as gpd
import pandas as pd

from lcrmap.analysis import metric
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.errors import LcrmapError, UnknownNameError, close_names
from lcrmap.io.formats import suffix_format
from lcrmap.io.paths import files_meant
from lcrmap.io.places import Place, find_place
from lcrmap.layers import Layer
from lcrmap.layers.names import is_file_name
from lcrmap.layers.scenario import Change, Scenario
from lcrmap.verbs.areas import pack_areas
from lcrmap.verbs.change_base import Base
from lcrmap.verbs.change_faults import FaultError, Faults, lowered
from lcrmap.verbs.change_words import for_author
from lcrmap.verbs.places import Spots, outside_note
from lcrmap.verbs.question import Distance

__all__ = ["Named", "files_named"]

_ONLY_PEOPLE: Final = "changes where people live: only 'people' does that."
_OUTSIDE: Final = "distances to it are measured as to any place, and it is counted in none of them"
_POSITION: Final = 'such as "53.4,-2.9", a grid reference or a postcode'


class Named:
    """Finds what changes name, among the layers of what the scenario builds on and the files beside it."""

    def __init__(self, base: Base, faults: Faults) -> None:
        self._base, self._faults = base, faults

    def layer(self, name: str, key: str) -> Layer:
        """Return the layer of the pack that a key names."""
        names = self._base.sources.pack.names
        if name not in names:
            remedy = UnknownNameError("layer", name, names).remedy
            raise FaultError(key, f"names no layer of the pack, '{name}': {remedy}")
        if name == self._base.people:
            raise FaultError(key, _ONLY_PEOPLE)
        return self._base.sources.layer(name)

    def touched(self, change: Change, key: str) -> list[tuple[Layer, tuple[int, ...]]]:
        """Return the layers and the rows of them that the texts of a change mean."""
        touched: dict[str, tuple[Layer, list[int]]] = {}
        for text in change.what:
            place = self._faults.tried(change, partial(self._place, text, key))
            if place is None:
                continue
            if place.source not in self._base.sources.pack.names or place.kind not in (
                "feature",
                "layer",
            ):
                what = "area" if key == "people" else "feature of a layer of the pack"
                around = self._base.areas_around(place.layer.frame) if key == "people" else ""
                told = f"means a position, and '{text}' is no {what}: name one as LAYER:ID{around}."
                self._faults.tell(change, key, told)
                continue
            if place.source == self._base.people and key != "people":
                self._faults.tell(change, key, _ONLY_PEOPLE)
                continue
            layer = self._base.sources.layer(place.source)
            touched.setdefault(layer.name, (layer, []))[1].extend(place.rows)
        return [(layer, tuple(dict.fromkeys(rows))) for layer, rows in touched.values()]

    def _place(self, text: str, key: str) -> Place:
        if key != "add" and self._means_file(text):
            told = f"names '{text}' of a file, and only 'add' and 'with' read one: name features of the pack."
            raise FaultError(key, told)
        try:
            return find_place(
                self._base.sources.place(text),
                pack=self._base.sources.pack,
                opened=self._base.sources.layer,
                changed=self._base.sources.changed,
            )
        except UnknownNameError as error:
            raise FaultError(key, self._unknown(text, error, key)) from None
        except LcrmapError as error:
            raise FaultError(key, f"is not clear: {lowered(error)}") from None

    def _means_file(self, text: str) -> bool:
        """Tell whether a text names a file, or a feature of one, and no layer of the pack."""
        bare = [name for name, _ in files_meant(text)]
        return (
            any(map(_is_file, bare)) and text.partition(":")[0] not in self._base.sources.pack.names
        )

    def _unknown(self, text: str, error: UnknownNameError, key: str) -> str:
        """Say that a text names nothing that a change could speak of, and what may be meant."""
        if error.kind != "place":
            return f"cannot be found: {lowered(error)}"
        layer, colon, rest = text.partition(":")
        near = close_names(layer, self._base.sources.pack.names, most=1)
        if colon and near:
            return f"names no layer of the pack, '{layer}': did you mean '{near[0]}:{rest}'?"
        if key != "add":
            found = error.remedy if error.suggestions else "name one as LAYER:ID."
            return f"names no feature of the pack, '{text}': {found}"
        meant = f"{error.remedy.removesuffix('?')}, or is" if error.suggestions else "is"
        told = f"names no layer or feature of the pack: {meant} '{text}' a new place"
        return f'{told}, which needs a position, such as at = "53.4,-2.9"?'

    def brought(self, change: Change) -> Layer | None:
        """Return the features that are added, out of layers or a file beside the scenario; None if none is found."""
        tried = [
            self._faults.tried(change, partial(self._brought_by, text)) for text in change.what
        ]
        found = [each for each in tried if each is not None]
        if not found:
            return None
        if len({each.name for each in found}) > 1:
            raise FaultError(
                "add", "names features of several layers: give each a block of its own."
            )
        frames = [each.frame for each in found]
        frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True))
        return found[0].with_frame(frame)

    def _brought_by(self, text: str) -> Layer:
        if _is_file(text) and text.partition(":")[0] not in self._base.sources.pack.names:
            return self.file(text, "add")
        of_file = self._means_file(text)
        if of_file:
            self._refuse_unread(text, "add")
        place = self._place(text, "add")
        if place.kind not in ("feature", "layer") or not place.source:
            told = f'names a position: give the new place an id here, and its position as at = "{text}".'
            raise FaultError("add", told)
        return self._told_of(place.layer, text) if of_file else place.layer

    def file(self, text: str, key: str) -> Layer:
        """Open a file beside the scenario."""
        self._refuse_unread(text, key)
        try:
            layer = self._base.sources.layer(text)
        except LcrmapError as error:
            why = self._for_author(lowered(error), text)
            raise FaultError(key, f"names '{text}', which cannot be read: {why}") from None
        return self._told_of(layer, text)

    def _refuse_unread(self, text: str, key: str) -> None:
        """Refuse a file that does not lie beside the scenario."""
        bare = [name for name, _ in files_meant(text) if suffix_format(name) is not None]
        if "/" in text or "\\" in text or not any(map(is_file_name, bare)):
            told = "put it there, and name it without a folder."
            raise FaultError(key, f"names no file in the scenario's own folder, '{text}': {told}")
        if not any(map(self._base.sources.has_file, bare)):
            told = (
                "there is no such file beside the scenario, or it is a link that leads out of its folder: put the "
                "file itself there."
            )
            raise FaultError(key, f"names '{text}', and {told}")

    def _told_of(self, layer: Layer, text: str) -> Layer:
        """Return a layer out of a file whose notes help the author of a scenario."""
        return replace(layer, notes=tuple(self._for_author(each, text) for each in layer.notes))

    def _for_author(self, sentence: str, text: str) -> str:
        """Return a sentence about a file as it helps who named it barely, and has no options to give."""
        folder = self._base.sources.found(text).removesuffix(text)
        return for_author(sentence.replace(folder, "") if folder else sentence)

    def new_place(self, change: Change, target: Layer, spot: Spots, error: float) -> Layer | None:
        """Return the one feature that a change puts down, with its id and no values; None without an id."""
        if len(change.what) != 1:
            return None  # that several are named for one position was told when the file was read
        (name,) = change.what
        row = {target.key or "id": [name], ERROR_COLUMN: [error]}
        if target.label and target.label != target.key:
            row[target.label] = [name]
        frame = gpd.GeoDataFrame(row, geometry=spot.layer.frame.geometry.array)
        return Layer(frame, target.metadata.replaced(sources=(), credit="", licences=()))

    def spot(self, change: Change) -> tuple[Spots, list[str]]:
        """Return the one position that is put down, and what is to be said of it."""
        if _is_file(change.at) or change.at in self._base.sources.pack.names or change.at == "-":
            told = f"must be one position, and '{change.at}' is a layer or a file: write one, {_POSITION}."
            raise FaultError("at", told)
        try:
            spot = self._base.sources.spots(change.at)
        except UnknownNameError as error:
            remedy = error.remedy if error.suggestions else f"write a position, {_POSITION}."
            raise FaultError("at", f"finds no place '{error.name}': {remedy}") from None
        except LcrmapError as error:
            raise FaultError("at", f"cannot be found: {lowered(error)}") from None
        frame = spot.layer.frame
        if len(frame) != 1 or not metric.are_points(frame.geometry):
            told = f"must be one position, and '{change.at}' is a line or an area: write one, {_POSITION}."
            raise FaultError("at", told)
        notes = outside_note(spot, pack_areas(self._base.sources)[0])
        return spot, [
            each.replace("of the pack.", f"of the pack: {_OUTSIDE}.", 1) for each in notes
        ]

    def error(self, change: Change) -> float:
        """Return how far off a position may be; NaN where that is not known, or is no distance."""
        if not change.error:
            return math.nan
        try:
            return float(Distance(change.error))
        except LcrmapError:
            number = change.error if change.error.replace(".", "", 1).isdigit() else "50"
            told = f"must be a distance with its unit, such as '{number}m', not '{change.error}'."
            self._faults.tell(change, "error", told)
            return math.nan


def files_named(scenario: Scenario) -> tuple[str, ...]:
    """Return the bare names of the files that a scenario may bring features from."""
    texts = [text for each in scenario.changes if each.verb == "add" for text in each.what]
    texts += [each.with_ for each in scenario.changes if each.with_]
    bare = (name for text in texts for name, _ in files_meant(text) if _is_file(name))
    return tuple(dict.fromkeys(each for each in bare if is_file_name(each)))


def _is_file(text: str) -> bool:
    """Tell whether a text names a file and no place: by its suffix, or by a folder in it."""
    return suffix_format(text) is not None or "/" in text or "\\" in text
