"""What the changes of a scenario touch: each change as it resolves among the layers of what the scenario builds on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from lcrmap.analysis import metric
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.joining import assign_areas, dimensions
from lcrmap.analysis.locating import NOWHERE
from lcrmap.analysis.scenarios import brought_to, differences, scaled, spread
from lcrmap.errors import LcrmapError, UnknownNameError, close_names
from lcrmap.io.formats import suffix_format
from lcrmap.io.paths import files_meant
from lcrmap.io.places import Place, find_place
from lcrmap.layers import Input, Layer
from lcrmap.layers.layer import STATUS
from lcrmap.layers.names import is_file_name
from lcrmap.layers.scenario import Change, Scenario
from lcrmap.layers.typed import shown
from lcrmap.verbs.areas import area_names, pack_areas, sound
from lcrmap.verbs.change_words import (
    added_words,
    at_words,
    for_author,
    people_words,
    position_words,
    said,
    set_words,
    values_words,
)
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.places import Spots, feature_keys, outside_note
from lcrmap.verbs.question import Distance
from lcrmap.verbs.sources import Sources

__all__ = ["Effect", "files_named", "resolved"]

_MOST_NAMED: Final = 3
_ONLY_PEOPLE: Final = "changes where people live: only 'people' does that."
_OUTSIDE: Final = "distances to it are measured as to any place, and it is counted in none of them"
_POSITION: Final = 'such as "53.4,-2.9", a grid reference or a postcode'

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """A change as it resolves.

    Attributes
    ----------
    scenario
        The name of the scenario that it stands in.
    layer
        The name of the layer that is changed.
    rows, keys, names
        The features of that layer that it touches, as they were before; of added ones there are no rows. Of residents
        the rows are their points, keys and names those of the areas in which they live.
    brought
        The features that are added, with the metadata of where they come from; or the layer that stands for the whole.
    places
        By row the new shape and position error of what is moved.
    residents
        By row how many live there afterwards.
    before, after
        What is changed, in words: values, positions or numbers.
    metres
        How far each of `rows` moves; 0 without.
    dropped
        The columns of added features that their new layer does not have.
    notes
        What must be said of it.
    """

    scenario: str
    change: Change
    layer: str
    rows: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    brought: Layer | None = None
    places: Mapping[int, tuple[BaseGeometry, float]] = field(default_factory=dict)
    residents: Mapping[int, float] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    metres: float = 0.0
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files that it brings features from."""
        return () if self.brought is None else self.brought.inputs

    @property
    def named(self) -> str:
        """What it touches, by names: at most three and how many more."""
        shown = ", ".join(self.names[:_MOST_NAMED])
        more = len(self.names) - _MOST_NAMED
        return f"{shown} and {more:,} more" if more > 0 else shown


def files_named(scenario: Scenario) -> tuple[str, ...]:
    """Return the bare names of the files that a scenario may bring features from."""
    texts = [text for each in scenario.changes if each.verb == "add" for text in each.what]
    texts += [each.with_ for each in scenario.changes if each.with_]
    bare = (name for text in texts for name, _ in files_meant(text) if _is_file(name))
    return tuple(dict.fromkeys(each for each in bare if is_file_name(each)))


def _is_file(text: str) -> bool:
    """Tell whether a text names a file and no place: by its suffix, or by a folder in it."""
    return suffix_format(text) is not None or "/" in text or "\\" in text


def resolved(
    name: str, scenario: Scenario, sources: Sources
) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """Find what each change of a scenario touches.

    Parameters
    ----------
    name
        What the scenario is called.
    sources
        What it builds on, with the features that are not there too; closed, so that nothing but the pack and the files
        beside the scenario is read.

    Returns
    -------
    effects, faults
        The effects in an order that does not depend on that of the changes; and every fault, with its key path, but
        those of the scenario's form.
    """
    resolver = _Resolver(name, sources)
    effects = [effect for change in scenario.changes for effect in resolver.effects(change)]
    faults = (*resolver.faults, *resolver.conflicts(effects), *resolver.emptied(effects))
    order = sorted(effects, key=lambda each: (each.layer, each.change.verb, each.keys, each.names))
    return tuple(order), faults


class _FaultError(Exception):
    """Why a change cannot be meant; `key` is the key that is at fault."""

    def __init__(self, key: str, told: str) -> None:
        self.key = key
        super().__init__(told)


class _Resolver:
    """Finds what changes touch, one after the other; each speaks of the base.

    Every fault goes into `faults`. What a faulty key says is passed over, so that the others can be judged.
    """

    def __init__(self, name: str, sources: Sources) -> None:
        self.faults: list[str] = []
        self._name, self._sources = name, sources
        self._called: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._homes: dict[str, Rows] = {}
        population = "population"
        self._people = (
            sources.pack.role(population).layer if sources.pack.has_role(population) else ""
        )

    def effects(self, change: Change) -> list[Effect]:
        """Return what a change does: one effect a layer."""
        how: dict[str, Callable[[Change], list[Effect]]] = {
            "add": self._added,
            "remove": self._removed,
            "move": self._moved,
            "set": self._set,
            "people": self._peopled,
            "replace": self._replaced,
        }
        return self._tried(change, partial(how[change.verb], change)) or []

    def _tell(self, change: Change, key: str, told: str) -> None:
        """Note a fault, unless that of the same key was told when the file was read."""
        if change.faulty.isdisjoint((key, key.partition(".")[0])):
            self.faults.append(f"'{change.path}.{key}' {told}")

    def _tried(self, change: Change, found: Callable[[], T]) -> T | None:
        """Return what is found; None where it cannot be, and the fault is noted."""
        try:
            return found()
        except _FaultError as fault:
            self._tell(change, fault.key, str(fault))
            return None

    # What each verb touches

    def _added(self, change: Change) -> list[Effect]:
        new = bool(change.at) or "at" in change.faulty
        target = self._tried(change, partial(self._layer, change.to, change, "to"))
        spot = self._tried(change, partial(self._spot, change)) if new else None
        error = self._error(change)
        came = None if new else self._tried(change, partial(self._brought, change))
        if target is None:
            return []
        values = self._values(change, target)
        if new:
            came = None if spot is None else self._new_place(change, target, spot[0], error)
        if came is None or not change.what:
            return []
        made = self._fitted(came, target, values)
        self._refuse_double_keys(made.frame, target)
        self._refuse_other_kind(made.frame, target)
        self._check_brought(change, made.frame, target, "add")
        known = {*target.frame.columns, made.frame.geometry.name, came.metadata.x, came.metadata.y}
        return [
            Effect(
                scenario=self._name,
                change=change,
                layer=target.name,
                keys=tuple(made.frame[target.key]) if target.key else (),
                names=tuple(area_names(Layer(made.frame, target.metadata))),
                brought=made,
                after=added_words(made, change),
                dropped=tuple(str(each) for each in made.frame.columns if each not in known),
                notes=(*came.notes, *(spot[1] if spot else ())),
            )
        ]

    def _fitted(self, came: Layer, target: Layer, values: Mapping[str, Any]) -> Layer:
        """Return features that come to a layer with its key and its label, and with what is set of them."""
        frame = came.frame.reset_index(drop=True)
        if target.key:
            source_key = came.key or target.key
            if source_key not in frame.columns:
                told = f"brings features without '{target.key}', the key of {target.name}: add this column to them."
                raise _FaultError("add", told)
            frame = frame.assign(**{target.key: frame[source_key].astype(str)})
        if target.label and target.label not in frame.columns:
            frame = frame.assign(**{target.label: area_names(came)})
        return came.with_frame(frame.assign(**values))

    def _removed(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._touched(change, "remove"):
            if len(rows) == len(layer.frame):
                told = f"would leave {layer.name} without any feature: keep one."
                self._tell(change, "remove", told)
                continue
            known = self._check_was(change, layer, rows)
            found.append(self._effect(change, layer, rows, before=values_words(layer, rows, known)))
        return found

    def _moved(self, change: Change) -> list[Effect]:
        spot = self._tried(change, partial(self._spot, change))
        error = self._error(change)
        found = []
        for layer, rows in self._touched(change, "move"):
            if len(rows) > 1:
                told = f"means {len(rows):,} features of {layer.name}, and 'at' is one position: name one of them."
                self._tell(change, "move", told)
                continue
            there = gpd.GeoDataFrame(layer.frame.iloc[list(rows)])
            if not metric.are_points(there.geometry):
                told = f"means a line or an area of {layer.name}: only points move."
                self._tell(change, "move", told)
                continue
            self._check_was(change, layer, rows)
            if spot is not None:
                found.append(self._move(change, layer, rows, spot, error))
        return found

    def _move(
        self,
        change: Change,
        layer: Layer,
        rows: tuple[int, ...],
        spot: tuple[Spots, list[str]],
        error: float,
    ) -> Effect:
        there = gpd.GeoDataFrame(layer.frame.iloc[list(rows)])
        new = brought_to(spot[0].layer.frame, layer.frame).geometry
        metres = 0.0
        if bool(metric.placed(there.geometry)[0]):
            ends = (*metric.lonlat(there.geometry), *metric.lonlat(new))
            metres = float(metric.geodesic(*ends)[0][0])
        return replace(
            self._effect(change, layer, rows),
            places={rows[0]: (new.iloc[0], error)},
            metres=metres,
            before=position_words(there),
            after=at_words(change),
            notes=tuple(spot[1]),
        )

    def _set(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._touched(change, "set"):
            self._check_was(change, layer, rows)
            values = self._values(change, layer)
            before = values_words(layer, rows, tuple(values))
            after = set_words(values)
            found.append(self._effect(change, layer, rows, before=before, after=after))
        return found

    def _peopled(self, change: Change) -> list[Effect]:
        if not self._people:
            raise _FaultError("people", "needs a pack with a layer in the role 'population'.")
        layer = self._sources.layer(self._people)
        living = residents_of(layer, self._sources.pack.role("population").field)
        after: dict[int, float] = {}
        keys: list[str] = []
        names: list[str] = []
        counts: list[tuple[float, float]] = []
        for areas, row, points in self._homes_touched(change, layer):
            people, called = living[points], self._keys_names(areas)[1][row]
            total = self._total(change, people, called)
            if total is None:
                continue
            if not after.keys().isdisjoint(points.tolist()):
                told = f"names areas that overlap: some who live in {called} are counted twice; name each area once."
                raise _FaultError("people", told)
            after |= dict(zip(points.tolist(), spread(people, total).tolist(), strict=True))
            keys.append(self._keys_names(areas)[0][row])
            names.append(called)
            counts.append((float(people.sum()), total))
        return [
            Effect(
                scenario=self._name,
                change=change,
                layer=layer.name,
                rows=tuple(sorted(after)),
                keys=tuple(keys),
                names=tuple(names),
                residents=after,
                before=people_words([before for before, _ in counts]),
                after=people_words([after for _, after in counts]),
            )
        ]

    def _homes_touched(self, change: Change, people: Layer) -> Iterator[tuple[Layer, int, Rows]]:
        """Yield each area that a change speaks of, by its row, and the rows of the points at which its people live."""
        for areas, rows in self._touched(change, "people"):
            if dimensions(areas.frame.iloc[list(rows)]) != {2}:
                called = self._keys_names(areas)[1][rows[0]]
                around = self._areas_around(gpd.GeoDataFrame(areas.frame.iloc[list(rows)]))
                told = f"means {called} of {areas.name}, which is no area: name one as LAYER:ID{around}."
                self._tell(change, "people", told)
                continue
            home = self._home(people, areas)
            for row in rows:
                yield areas, row, np.flatnonzero(home == row)

    def _total(self, change: Change, people: Floats, called: str) -> float | None:
        """Return how many live in an area afterwards; None, and a fault, if that cannot be."""
        if not people.sum():
            told = f"means {called}, where nobody lives: none can be added, so name an area with residents."
            self._tell(change, "people", told)
            return None
        if change.amount is None:
            return None
        kind, amount = change.amount
        total = scaled(people, kind, amount)
        if total < 0:
            told = f"is more than the {people.sum():,.0f} who live in {called}: write at most {people.sum():.0f}."
            self._tell(change, kind, told)
            return None
        return total

    def _areas_around(self, frame: gpd.GeoDataFrame) -> str:
        """Return, as the end of a sentence, the area of the pack in which a place lies; empty for none."""
        if len(frame) != 1 or not metric.are_points(frame.geometry):
            return ""
        for role in ("neighbourhoods", "areas"):
            known = self._sources.role(role)
            if known is None:
                continue
            areas, _ = sound(known)
            row = int(assign_areas(frame, areas.frame, key=areas.key)["area"].iloc[0])
            if row != NOWHERE:
                key, name = feature_keys(areas)[row], area_names(areas)[row]
                return f", such as '{areas.name}:{key}' ({name}), in which it lies"
        return ""

    def _replaced(self, change: Change) -> list[Effect]:
        if len(change.what) > 1:
            raise _FaultError("replace", "names several layers: give each a block of its own.")
        layer = self._tried(change, partial(self._layer, "".join(change.what), change, "replace"))
        new = self._tried(change, partial(self._file, change.with_, "with"))
        if layer is None or new is None:
            return []
        frame = self._keyed(new, layer, change.with_)
        self._refuse_other_kind(frame, layer, "with")
        self._check_brought(change, frame, layer, "with")
        apart = differences(layer.frame, frame, layer.key)
        counts = {
            "added": len(apart.added),
            "removed": len(apart.removed),
            "moved": len(apart.moved),
            "changed": len(apart.changed),
        }
        known = {*layer.frame.columns, frame.geometry.name, new.metadata.x, new.metadata.y}
        return [
            replace(
                self._effect(change, layer, tuple(range(len(layer.frame)))),
                brought=new.with_frame(frame),
                before=f"{len(layer.frame):,} {layer.metadata.noun(len(layer.frame))}",
                after=f"{len(frame):,}: "
                + ", ".join(f"{count:,} {what}" for what, count in counts.items()),
                dropped=tuple(str(each) for each in frame.columns if each not in known),
                notes=new.notes,
            )
        ]

    def _keyed(self, new: Layer, layer: Layer, name: str) -> gpd.GeoDataFrame:
        """Return the features that stand for a whole layer, whose keys must tell them apart."""
        if not layer.key:
            told = f"means {layer.name}, whose features have no key: 'remove' and 'add' them."
            raise _FaultError("replace", told)
        if layer.key not in new.frame.columns:
            columns = [str(each) for each in new.frame.columns]
            error = UnknownNameError("column", layer.key, columns, where=name)
            told = f"has no column '{layer.key}', which is the key of {layer.name}: {error.remedy}"
            raise _FaultError("with", told)
        frame = new.frame.assign(**{layer.key: new.frame[layer.key].astype(str)})
        if not len(frame):
            told = f"holds no feature: {layer.name} would be empty, so put one in."
            raise _FaultError("with", told)
        if frame[layer.key].duplicated().any():
            double = frame.loc[frame[layer.key].duplicated(), layer.key].iloc[0]
            told = f"holds the key '{double}' more than once: give each feature its own."
            raise _FaultError("with", told)
        return gpd.GeoDataFrame(frame)

    # What is named

    def _layer(self, name: str, change: Change, key: str) -> Layer:
        names = self._sources.pack.names
        if name not in names:
            remedy = UnknownNameError("layer", name, names).remedy
            raise _FaultError(key, f"names no layer of the pack, '{name}': {remedy}")
        if name == self._people:
            raise _FaultError(key, _ONLY_PEOPLE)
        return self._sources.layer(name)

    def _keys_names(self, layer: Layer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys and names of the features of a layer of the base, worked out once."""
        if layer.name not in self._called:
            self._called[layer.name] = feature_keys(layer), tuple(area_names(layer))
        return self._called[layer.name]

    def _home(self, people: Layer, areas: Layer) -> Rows:
        """Return in which area each of the residents' points lies, worked out once a layer of areas."""
        if areas.name not in self._homes:
            found = assign_areas(people.frame, areas.frame, key=areas.key)["area"]
            self._homes[areas.name] = found.to_numpy()
        return self._homes[areas.name]

    def _touched(self, change: Change, key: str) -> list[tuple[Layer, tuple[int, ...]]]:
        """Return the layers and the rows of them that the texts of a change mean."""
        touched: dict[str, tuple[Layer, list[int]]] = {}
        for text in change.what:
            place = self._tried(change, partial(self._place, text, key))
            if place is None:
                continue
            if place.source not in self._sources.pack.names or place.kind not in (
                "feature",
                "layer",
            ):
                what = "area" if key == "people" else "feature of a layer of the pack"
                around = self._areas_around(place.layer.frame) if key == "people" else ""
                told = f"means a position, and '{text}' is no {what}: name one as LAYER:ID{around}."
                self._tell(change, key, told)
                continue
            if place.source == self._people and key != "people":
                self._tell(change, key, _ONLY_PEOPLE)
                continue
            layer = self._sources.layer(place.source)
            touched.setdefault(layer.name, (layer, []))[1].extend(place.rows)
        return [(layer, tuple(dict.fromkeys(rows))) for layer, rows in touched.values()]

    def _place(self, text: str, key: str) -> Place:
        if key != "add" and self._means_file(text):
            told = f"names '{text}' of a file, and only 'add' and 'with' read one: name features of the pack."
            raise _FaultError(key, told)
        try:
            return find_place(
                self._sources.place(text),
                pack=self._sources.pack,
                opened=self._sources.layer,
                changed=self._sources.changed,
            )
        except UnknownNameError as error:
            raise _FaultError(key, self._unknown(text, error, key)) from None
        except LcrmapError as error:
            raise _FaultError(key, f"is not clear: {_lowered(error)}") from None

    def _means_file(self, text: str) -> bool:
        """Tell whether a text names a file, or a feature of one, and no layer of the pack."""
        bare = [name for name, _ in files_meant(text)]
        return any(map(_is_file, bare)) and text.partition(":")[0] not in self._sources.pack.names

    def _unknown(self, text: str, error: UnknownNameError, key: str) -> str:
        """Say that a text names nothing that a change could speak of, and what may be meant."""
        if error.kind != "place":
            return f"cannot be found: {_lowered(error)}"
        layer, colon, rest = text.partition(":")
        near = close_names(layer, self._sources.pack.names, most=1)
        if colon and near:
            return f"names no layer of the pack, '{layer}': did you mean '{near[0]}:{rest}'?"
        if key != "add":
            found = error.remedy if error.suggestions else "name one as LAYER:ID."
            return f"names no feature of the pack, '{text}': {found}"
        meant = f"{error.remedy.removesuffix('?')}, or is" if error.suggestions else "is"
        told = f"names no layer or feature of the pack: {meant} '{text}' a new place"
        return f'{told}, which needs a position, such as at = "53.4,-2.9"?'

    def _brought(self, change: Change) -> Layer | None:
        """Return the features that are added, out of layers or a file beside the scenario; None if none is found."""
        tried = [self._tried(change, partial(self._brought_by, text)) for text in change.what]
        found = [each for each in tried if each is not None]
        if not found:
            return None
        if len({each.name for each in found}) > 1:
            raise _FaultError(
                "add", "names features of several layers: give each a block of its own."
            )
        frames = [each.frame for each in found]
        frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True))
        return found[0].with_frame(frame)

    def _brought_by(self, text: str) -> Layer:
        if _is_file(text) and text.partition(":")[0] not in self._sources.pack.names:
            return self._file(text, "add")
        of_file = self._means_file(text)
        if of_file:
            self._refuse_unread(text, "add")
        place = self._place(text, "add")
        if place.kind not in ("feature", "layer") or not place.source:
            told = f'names a position: give the new place an id here, and its position as at = "{text}".'
            raise _FaultError("add", told)
        return self._told_of(place.layer, text) if of_file else place.layer

    def _file(self, text: str, key: str) -> Layer:
        self._refuse_unread(text, key)
        try:
            layer = self._sources.layer(text)
        except LcrmapError as error:
            why = self._for_author(_lowered(error), text)
            raise _FaultError(key, f"names '{text}', which cannot be read: {why}") from None
        return self._told_of(layer, text)

    def _refuse_unread(self, text: str, key: str) -> None:
        """Refuse a file that does not lie beside the scenario."""
        bare = [name for name, _ in files_meant(text) if suffix_format(name) is not None]
        if "/" in text or "\\" in text or not any(map(is_file_name, bare)):
            told = "put it there, and name it without a folder."
            raise _FaultError(key, f"names no file in the scenario's own folder, '{text}': {told}")
        if not any(map(self._sources.has_file, bare)):
            told = (
                "there is no such file beside the scenario, or it is a link that leads out of its folder: put the "
                "file itself there."
            )
            raise _FaultError(key, f"names '{text}', and {told}")

    def _told_of(self, layer: Layer, text: str) -> Layer:
        """Return a layer out of a file whose notes help the author of a scenario."""
        return replace(layer, notes=tuple(self._for_author(each, text) for each in layer.notes))

    def _for_author(self, sentence: str, text: str) -> str:
        """Return a sentence about a file as it helps who named it barely, and has no options to give."""
        folder = self._sources.found(text).removesuffix(text)
        return for_author(sentence.replace(folder, "") if folder else sentence)

    def _new_place(self, change: Change, target: Layer, spot: Spots, error: float) -> Layer | None:
        if len(change.what) != 1:
            return None  # that several are named for one position was told when the file was read
        (name,) = change.what
        row = {target.key or "id": [name], ERROR_COLUMN: [error]}
        if target.label and target.label != target.key:
            row[target.label] = [name]
        frame = gpd.GeoDataFrame(row, geometry=spot.layer.frame.geometry.array)
        return Layer(frame, target.metadata.replaced(sources=(), credit="", licences=()))

    def _spot(self, change: Change) -> tuple[Spots, list[str]]:
        """Return the one position that is put down, and what is to be said of it."""
        if _is_file(change.at) or change.at in self._sources.pack.names or change.at == "-":
            told = f"must be one position, and '{change.at}' is a layer or a file: write one, {_POSITION}."
            raise _FaultError("at", told)
        try:
            spot = self._sources.spots(change.at)
        except UnknownNameError as error:
            remedy = error.remedy if error.suggestions else f"write a position, {_POSITION}."
            raise _FaultError("at", f"finds no place '{error.name}': {remedy}") from None
        except LcrmapError as error:
            raise _FaultError("at", f"cannot be found: {_lowered(error)}") from None
        frame = spot.layer.frame
        if len(frame) != 1 or not metric.are_points(frame.geometry):
            told = f"must be one position, and '{change.at}' is a line or an area: write one, {_POSITION}."
            raise _FaultError("at", told)
        notes = outside_note(spot, pack_areas(self._sources)[0])
        return spot, [
            each.replace("of the pack.", f"of the pack: {_OUTSIDE}.", 1) for each in notes
        ]

    def _error(self, change: Change) -> float:
        """Return how far off a position may be; NaN where that is not known, or is no distance."""
        if not change.error:
            return math.nan
        try:
            return float(Distance(change.error))
        except LcrmapError:
            number = change.error if change.error.replace(".", "", 1).isdigit() else "50"
            told = f"must be a distance with its unit, such as '{number}m', not '{change.error}'."
            self._tell(change, "error", told)
            return math.nan

    # What is checked

    def _values(self, change: Change, layer: Layer) -> dict[str, Any]:
        """Return the values that are set, each of which its column can hold."""
        found = {}
        for column, value in change.values.items():
            told = self._column_fault(column, layer) or _value_fault(column, value, layer)
            if not told and column == layer.key:
                told = "is the key, by which features are known, and is not set: leave it out."
            if told:
                self._tell(change, f"values.{column}", told)
            else:
                found[column] = value
        return found

    def _column_fault(self, column: str, layer: Layer) -> str:
        columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
        if column in columns:
            return ""
        return f"is no column of {layer.name}: {UnknownNameError('column', column, columns).remedy}"

    def _check_was(self, change: Change, layer: Layer, rows: Sequence[int]) -> tuple[str, ...]:
        """Tell of a change whose author saw another state of the pack; return the columns that hold."""
        held = []
        for column, value in change.was.items():
            told = self._column_fault(column, layer) or self._was_fault(column, value, layer, rows)
            if told:
                self._tell(change, f"was.{column}", told)
            else:
                held.append(column)
        return tuple(held)

    def _was_fault(self, column: str, value: Any, layer: Layer, rows: Sequence[int]) -> str:
        for row in rows:
            there = layer.frame[column].iloc[row]
            there = "" if pd.isna(there) else there
            if there != value:
                called = self._keys_names(layer)[1][row]
                is_ = f"'{there}'" if isinstance(there, str) else said(there)
                return (
                    f"no longer holds: '{column}' of {called} is {is_}, not {shown(value)}; see whether the change is "
                    f"still meant, and write what holds."
                )
        return ""

    def _refuse_double_keys(self, frame: gpd.GeoDataFrame, target: Layer) -> None:
        if not target.key:
            return
        keys = frame[target.key].astype(str)
        known = self._keys_names(target)[0]
        double = keys[keys.duplicated()].tolist() or keys[keys.isin(known)].tolist()
        if double:
            told = f"brings '{double[0]}', and {target.name} has a feature of that key already: give another id."
            raise _FaultError("add", told)

    def _refuse_other_kind(self, frame: gpd.GeoDataFrame, target: Layer, key: str = "add") -> None:
        kinds = {"point": {0}, "line": {1}, "area": {2}}.get(target.metadata.geometry)
        placed = frame[metric.placed(frame.geometry)]
        if kinds is not None and len(placed) and not dimensions(placed) <= kinds:
            told = (
                f"brings shapes of another kind than the {target.metadata.geometry}s of {target.name}: name another "
                f"layer or file."
            )
            raise _FaultError(key, told)

    def _check_brought(
        self, change: Change, frame: gpd.GeoDataFrame, target: Layer, key: str
    ) -> None:
        """Tell of values that features bring and their new layer cannot hold; those that are set were told of."""
        passed = {str(target.frame.geometry.name), target.key, *change.values}
        for column in map(str, target.frame.columns):
            if column in frame.columns and column not in passed:
                told = _brought_fault(column, frame[column], target)
                if told:
                    self._tell(change, key, f"brings features whose '{column}' {told}")

    def conflicts(self, effects: Sequence[Effect]) -> list[str]:
        """Say where two changes speak of one feature: one of the base, or one that both bring."""
        told: dict[tuple[int, int], str] = {}
        for earlier, later, what in (*self._both_touch(effects), *self._both_bring(effects)):
            numbers = effects[earlier].change.number, effects[later].change.number
            paths = f"'{effects[later].change.path}' and '{effects[earlier].change.path}'"
            told.setdefault(
                numbers,
                f"{paths} both speak of {what}: changes of one scenario happen at once; put one into a scenario that "
                f"has this one as its 'base'.",
            )
        return list(told.values())

    def _both_touch(self, effects: Sequence[Effect]) -> Iterator[tuple[int, int, str]]:
        """Yield the numbers of two effects that touch one feature of the base, and the feature."""
        owners: dict[str, Rows] = {}
        for number, effect in enumerate(effects):
            layer = self._sources.layer(effect.layer)
            owner = owners.setdefault(layer.name, np.full(len(layer.frame), -1, dtype=np.int64))
            rows = np.array(effect.rows, dtype=np.int64)
            others, first = np.unique(owner[rows], return_index=True)
            for other, row in zip(others.tolist(), rows[first].tolist(), strict=True):
                if other >= 0:
                    key = self._keys_names(layer)[0][row]
                    people = f"those who live in {effect.named}"
                    yield other, number, people if effect.residents else f"{layer.name}:{key}"
            owner[rows] = np.where(owner[rows] < 0, number, owner[rows])

    def _both_bring(self, effects: Sequence[Effect]) -> Iterator[tuple[int, int, str]]:
        """Yield the numbers of two effects that bring a feature of one key, and the feature."""
        first: dict[tuple[str, str], int] = {}
        for number, effect in enumerate(effects):
            key = self._sources.layer(effect.layer).key
            if effect.brought is not None and key:
                for each in effect.brought.frame[key]:
                    other = first.setdefault((effect.layer, each), number)
                    if other != number:
                        yield other, number, f"{effect.layer}:{each}"

    def emptied(self, effects: Sequence[Effect]) -> list[str]:
        """Say which layers several changes would leave without any feature."""
        gone: dict[str, set[int]] = {}
        for effect in effects:
            if effect.change.verb == "remove":
                gone.setdefault(effect.layer, set()).update(effect.rows)
        brought = {each.layer for each in effects if each.brought is not None}
        return [
            f"'change' would leave {name} without any feature, as all of them are removed together: keep one."
            for name, rows in gone.items()
            if name not in brought and len(rows) == len(self._sources.layer(name).frame)
        ]

    def _effect(
        self,
        change: Change,
        layer: Layer,
        rows: tuple[int, ...],
        *,
        before: str = "",
        after: str = "",
    ) -> Effect:
        keys, names = self._keys_names(layer)
        return Effect(
            scenario=self._name,
            change=change,
            layer=layer.name,
            rows=rows,
            keys=tuple(keys[row] for row in rows),
            names=tuple(names[row] for row in rows),
            before=before,
            after=after,
        )


def _lowered(error: LcrmapError) -> str:
    """Return a sentence as it stands behind a colon."""
    told = str(error)
    return told[:1].lower() + told[1:]


def _value_fault(column: str, value: Any, layer: Layer) -> str:
    """Say why a column cannot hold a value; empty if it can."""
    known = layer.field(column)
    choices = [each.value for each in known.categories]
    if choices and value not in choices:
        remedy = UnknownNameError("value", str(value), choices).remedy
        return f"cannot be {shown(value)} in {layer.name}: {remedy}"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if known.type in ("integer", "number"):
        return "" if number and not math.isinf(value) else f"must be a number, not {shown(value)}."
    return f"must be text in quotes, not {shown(value)}." if number else ""


def _brought_fault(column: str, values: pd.Series[Any], layer: Layer) -> str:
    """Say why a column cannot hold what features bring for it; empty if it can.

    Other words than the layer's own are lawful, but in the status, which says whether a feature is there at all.
    """
    known = layer.field(column)
    if known.type in ("integer", "number"):
        numbers = pd.to_numeric(values, errors="coerce")
        wrong = values[numbers.isna() & values.notna()]
        return "" if wrong.empty else f"must be a number, not {shown(wrong.iloc[0])}."
    choices = {each.value for each in known.categories} if column == STATUS else set()
    wrong = values[values.notna() & ~values.isin(choices)] if choices else values.iloc[:0]
    return "" if wrong.empty else _value_fault(column, wrong.iloc[0], layer)
