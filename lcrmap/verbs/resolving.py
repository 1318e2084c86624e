"""What the changes of a scenario touch: each change as it resolves among the layers of what the scenario builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from lcrmap.analysis import metric
from lcrmap.analysis.certainty import ERROR_COLUMN
from lcrmap.analysis.chords import Rows
from lcrmap.analysis.joining import assign_areas, dimensions
from lcrmap.analysis.scenarios import brought_to, differences, scaled, spread
from lcrmap.errors import LcrmapError, UnknownNameError
from lcrmap.io.formats import suffix_format
from lcrmap.io.paths import files_meant
from lcrmap.io.places import Place, find_place
from lcrmap.layers import Input, Layer
from lcrmap.layers.names import is_file_name
from lcrmap.layers.scenario import Change, Scenario
from lcrmap.verbs.areas import area_names, pack_areas
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.places import Spots, feature_keys, outside_note
from lcrmap.verbs.question import Distance
from lcrmap.verbs.sources import Sources

__all__ = ["Effect", "files_named", "resolved"]

_MOST_NAMED: Final = 3


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
        The effects in an order that does not depend on that of the changes; and every fault, with its key path.
    """
    effects, faults, resolver = [], [], _Resolver(name, sources)
    for change in scenario.changes:
        try:
            effects += resolver.effects(change)
        except _FaultError as fault:
            faults.append(f"'{change.path}.{fault.key}' {fault}")
    faults += (*resolver.conflicts(effects), *resolver.emptied(effects))
    order = sorted(effects, key=lambda each: (each.layer, each.change.verb, each.keys, each.names))
    return tuple(order), tuple(faults)


class _FaultError(Exception):
    """Why a change cannot be meant; `key` is the key that is at fault."""

    def __init__(self, key: str, told: str) -> None:
        self.key = key
        super().__init__(told)


class _Resolver:
    """Finds what changes touch, one after the other; each speaks of the base."""

    def __init__(self, name: str, sources: Sources) -> None:
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
        return how[change.verb](change)

    # What each verb touches

    def _added(self, change: Change) -> list[Effect]:
        target = self._layer(change.to, change, "to")
        if change.at:
            brought, notes = self._new_place(change, target)
        else:
            brought, notes = self._brought(change), []
        frame = brought.frame.reset_index(drop=True)
        if target.key:
            source_key = brought.key or target.key
            if source_key not in frame.columns:
                raise _FaultError(
                    "add", f"brings features without a key, which {target.name} needs."
                )
            frame = frame.assign(**{target.key: frame[source_key].astype(str)})
        if target.label and target.label not in frame.columns:
            frame = frame.assign(**{target.label: area_names(brought)})
        frame = frame.assign(**self._values(change, target))
        known = {*target.frame.columns, frame.geometry.name}
        dropped = tuple(str(each) for each in frame.columns if each not in known)
        self._refuse_double_keys(frame, target)
        self._refuse_other_kind(frame, target)
        made = brought.with_frame(frame)
        return [
            Effect(
                scenario=self._name,
                change=change,
                layer=target.name,
                keys=tuple(frame[target.key]) if target.key else (),
                names=tuple(area_names(Layer(frame, target.metadata))),
                brought=made,
                after=_where_words(made, change),
                dropped=dropped,
                notes=(*brought.notes, *notes),
            )
        ]

    def _removed(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._touched(change, "remove"):
            if len(rows) == len(layer.frame):
                raise _FaultError("remove", f"would leave {layer.name} without any feature.")
            self._check_was(change, layer, rows)
            found.append(self._effect(change, layer, rows, before=_values_words(layer, rows, ())))
        return found

    def _moved(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._touched(change, "move"):
            if len(rows) > 1:
                told = f"means {len(rows):,} features of {layer.name}, and 'at' is one position."
                raise _FaultError("move", told)
            there = gpd.GeoDataFrame(layer.frame.iloc[list(rows)])
            if not metric.are_points(there.geometry):
                raise _FaultError(
                    "move", f"means a line or an area of {layer.name}: only points move."
                )
            self._check_was(change, layer, rows)
            spot, notes = self._spot(change)
            error = self._error(change)
            new = brought_to(spot.layer.frame, layer.frame).geometry
            metres = 0.0
            if bool(metric.placed(there.geometry)[0]):
                ends = (*metric.lonlat(there.geometry), *metric.lonlat(new))
                metres = float(metric.geodesic(*ends)[0][0])
            found.append(
                replace(
                    self._effect(change, layer, rows),
                    places={rows[0]: (new.iloc[0], error)},
                    metres=metres,
                    before=_position_words(there),
                    after=_at_words(change),
                    notes=tuple(notes),
                )
            )
        return found

    def _set(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._touched(change, "set"):
            self._check_was(change, layer, rows)
            values = self._values(change, layer)
            after = "; ".join(f"{name}: {value}" for name, value in values.items())
            before = _values_words(layer, rows, tuple(values))
            found.append(self._effect(change, layer, rows, before=before, after=after))
        return found

    def _peopled(self, change: Change) -> list[Effect]:
        if not self._people:
            raise _FaultError("people", "needs a pack with a layer in the role 'population'.")
        assert change.amount is not None  # noqa: S101 (the file was checked)
        kind, amount = change.amount
        layer = self._sources.layer(self._people)
        column = self._sources.pack.role("population").field
        living = residents_of(layer, column)
        after: dict[int, float] = {}
        keys: list[str] = []
        names: list[str] = []
        counts: list[tuple[float, float]] = []
        for areas, rows in self._touched(change, "people"):
            if dimensions(areas.frame) != {2}:
                raise _FaultError("people", f"means no area: {areas.name} holds points or lines.")
            home = self._home(layer, areas)
            area_keys, area_labels = self._keys_names(areas)
            for row in rows:
                called = area_labels[row]
                points = np.flatnonzero(home == row)
                people = living[points]
                if not people.sum():
                    raise _FaultError(
                        "people", f"means {called}, where nobody lives: none can be added."
                    )
                total = scaled(people, kind, amount)
                if total < 0:
                    raise _FaultError(
                        kind, f"is more than the {people.sum():,.0f} who live in {called}."
                    )
                if not after.keys().isdisjoint(points.tolist()):
                    told = f"names areas that overlap: some who live in {called} are counted twice."
                    raise _FaultError("people", told)
                after |= dict(zip(points.tolist(), spread(people, total).tolist(), strict=True))
                keys.append(area_keys[row])
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
                before=_people_words([before for before, _ in counts]),
                after=_people_words([after for _, after in counts]),
            )
        ]

    def _replaced(self, change: Change) -> list[Effect]:
        (name,) = change.what if len(change.what) == 1 else ("",)
        layer = self._layer(name, change, "replace")
        if not layer.key:
            raise _FaultError("replace", f"means {layer.name}, whose features have no key.")
        new = self._file(change.with_, "with")
        if layer.key not in new.frame.columns:
            columns = [str(each) for each in new.frame.columns]
            error = UnknownNameError("column", layer.key, columns, where=change.with_)
            raise _FaultError("with", f"has no key as {layer.name} has: {error}")
        frame = new.frame.assign(**{layer.key: new.frame[layer.key].astype(str)})
        if not len(frame):
            raise _FaultError("with", f"holds no feature: {layer.name} would be empty.")
        if frame[layer.key].duplicated().any():
            double = frame.loc[frame[layer.key].duplicated(), layer.key].iloc[0]
            raise _FaultError("with", f"holds the key '{double}' more than once.")
        self._refuse_other_kind(frame, layer, "with")
        apart = differences(layer.frame, frame, layer.key)
        counts = {
            "added": len(apart.added),
            "removed": len(apart.removed),
            "moved": len(apart.moved),
            "changed": len(apart.changed),
        }
        known = {*layer.frame.columns, frame.geometry.name}
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

    # What is named

    def _layer(self, name: str, change: Change, key: str) -> Layer:
        names = self._sources.pack.names
        if name not in names:
            raise _FaultError(
                key, f"names no layer of the pack: {UnknownNameError('layer', name, names)}"
            )
        if name == self._people:
            told = "changes where people live: only 'people' does that."
            raise _FaultError(key, told)
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
            place = self._place(text, key)
            if place.source not in self._sources.pack.names or place.kind not in (
                "feature",
                "layer",
            ):
                told = f"'{text}' is no feature of a layer of the pack: name it as LAYER:ID."
                raise _FaultError(key, f"means a position, and {told}")
            if place.source == self._people and key != "people":
                raise _FaultError(key, "changes where people live: only 'people' does that.")
            layer = self._sources.layer(place.source)
            touched.setdefault(layer.name, (layer, []))[1].extend(place.rows)
        return [(layer, tuple(dict.fromkeys(rows))) for layer, rows in touched.values()]

    def _place(self, text: str, key: str) -> Place:
        layer = text.partition(":")[0]
        if _is_file(text) and layer not in self._sources.pack.names:
            raise _FaultError(key, f"'{text}' is a file, and only 'add' and 'with' read one.")
        try:
            return find_place(
                self._sources.place(text),
                pack=self._sources.pack,
                opened=self._sources.layer,
                changed=self._sources.changed,
            )
        except LcrmapError as error:
            raise _FaultError(key, f"cannot be found: {error}") from None

    def _brought(self, change: Change) -> Layer:
        """Return the features that are added, out of layers or a file beside the scenario."""
        found = [self._brought_by(text) for text in change.what]
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
        place = self._place(text, "add")
        if place.kind not in ("feature", "layer") or not place.source:
            told = f"'{text}' is a position: give it an id here, and the position as 'at'."
            raise _FaultError("add", told)
        return place.layer

    def _file(self, text: str, key: str) -> Layer:
        bare = [name for name, _ in files_meant(text) if suffix_format(name) is not None]
        if "/" in text or "\\" in text or not any(map(is_file_name, bare)):
            told = "names no file in the scenario's own folder: put it there, and name it barely."
            raise _FaultError(key, f"'{text}' {told}")
        if not any(map(self._sources.has_file, bare)):
            told = "there is no such file beside the scenario, or it is a link that leads out of its folder."
            raise _FaultError(key, f"names '{text}', and {told}")
        try:
            return self._sources.layer(text)
        except LcrmapError as error:
            raise _FaultError(key, f"names '{text}', which cannot be read: {error}") from None

    def _new_place(self, change: Change, target: Layer) -> tuple[Layer, list[str]]:
        spot, notes = self._spot(change)
        (name,) = change.what
        row = {target.key or "id": [name], ERROR_COLUMN: [self._error(change)]}
        if target.label and target.label != target.key:
            row[target.label] = [name]
        frame = gpd.GeoDataFrame(row, geometry=spot.layer.frame.geometry.array)
        return Layer(frame, target.metadata.replaced(sources=(), credit="", licences=())), notes

    def _spot(self, change: Change) -> tuple[Spots, list[str]]:
        """Return the one position that is put down, and what is to be said of it."""
        if _is_file(change.at) or change.at in self._sources.pack.names or change.at == "-":
            raise _FaultError(
                "at", f"must be one position, and '{change.at}' is a layer or a file."
            )
        try:
            spot = self._sources.spots(change.at)
        except LcrmapError as error:
            raise _FaultError("at", f"cannot be found: {error}") from None
        frame = spot.layer.frame
        if len(frame) != 1 or not metric.are_points(frame.geometry):
            raise _FaultError(
                "at", f"must be one position, and '{change.at}' is a line or an area."
            )
        return spot, outside_note(spot, pack_areas(self._sources)[0])

    def _error(self, change: Change) -> float:
        if not change.error:
            return float("nan")
        try:
            return float(Distance(change.error))
        except LcrmapError as error:
            raise _FaultError("error", f"must be a distance: {error}") from None

    # What is checked

    def _values(self, change: Change, layer: Layer) -> dict[str, Any]:
        """Return the values that are set, each of which its column can hold."""
        columns = [str(each) for each in layer.frame.columns if each != layer.frame.geometry.name]
        for column, value in change.values.items():
            if column not in columns:
                error = UnknownNameError("column", column, columns, where=layer.name)
                raise _FaultError("values", f"names no column: {error}")
            if column == layer.key:
                raise _FaultError(
                    "values", f"sets '{column}', the key, by which features are known."
                )
            known = layer.field(column)
            choices = [each.value for each in known.categories]
            if choices and value not in choices:
                error = UnknownNameError(
                    "value", str(value), choices, where=f"{layer.name}.{column}"
                )
                raise _FaultError("values", f"sets '{column}': {error}")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if (known.type in ("integer", "number")) != number:
                wanted = "a number" if known.type in ("integer", "number") else "no number"
                raise _FaultError("values", f"sets '{column}' to {value!r}, and it holds {wanted}.")
        return dict(change.values)

    def _check_was(self, change: Change, layer: Layer, rows: Sequence[int]) -> None:
        """Refuse a change whose author saw another state of the pack."""
        for column, value in change.was.items():
            if column not in layer.frame.columns:
                error = UnknownNameError(
                    "column", column, map(str, layer.frame.columns), where=layer.name
                )
                raise _FaultError("was", f"names no column: {error}")
            for row in rows:
                there = layer.frame[column].iloc[row]
                there = "" if pd.isna(there) else there
                if there != value:
                    called = self._keys_names(layer)[1][row]
                    raise _FaultError(
                        "was",
                        f"no longer holds: '{column}' of {called} is {there!r}, not {value!r}.",
                    )

    def _refuse_double_keys(self, frame: gpd.GeoDataFrame, target: Layer) -> None:
        if not target.key:
            return
        keys = frame[target.key].astype(str)
        known = self._keys_names(target)[0]
        double = keys[keys.duplicated()].tolist() or keys[keys.isin(known)].tolist()
        if double:
            told = f"brings '{double[0]}', and {target.name} has a feature of that key already."
            raise _FaultError("add", told)

    def _refuse_other_kind(self, frame: gpd.GeoDataFrame, target: Layer, key: str = "add") -> None:
        kinds = {"point": {0}, "line": {1}, "area": {2}}.get(target.metadata.geometry)
        placed = frame[metric.placed(frame.geometry)]
        if kinds is not None and len(placed) and not dimensions(placed) <= kinds:
            told = f"brings shapes of another kind than the {target.metadata.geometry}s of {target.name}."
            raise _FaultError(key, told)

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
                    yield other, number, f"{layer.name}:{self._keys_names(layer)[0][row]}"
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
            f"'change' would leave {name} without any feature, as all of them are removed together."
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


# Words


def _at_words(change: Change) -> str:
    error = f"right to {change.error}" if change.error else "how far off that is is not known"
    return f"{change.at} ({error})"


def _where_words(layer: Layer, change: Change) -> str:
    if change.at:
        return _at_words(change)
    missing = len(layer.frame) - layer.placed
    return f"{missing:,} without a position" if missing else ""


def _people_words(counts: Sequence[float]) -> str:
    return "; ".join(f"{each:,.0f} residents" for each in counts)


def _position_words(frame: gpd.GeoDataFrame) -> str:
    if not bool(metric.placed(frame.geometry)[0]):
        return "no position"
    lon, lat = metric.lonlat(frame.geometry)
    return f"{lat[0]:.5f},{lon[0]:.5f}"


def _values_words(layer: Layer, rows: Sequence[int], columns: Sequence[str]) -> str:
    """Return what stands in some columns before a change, each value once."""
    told = []
    for column in columns:
        values = layer.frame[column].iloc[list(rows)]
        shown = dict.fromkeys("empty" if pd.isna(each) else str(each) for each in values)
        told.append(f"{column}: {', '.join(shown)}")
    return "; ".join(told)
