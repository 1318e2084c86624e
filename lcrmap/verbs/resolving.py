"""What the changes of a scenario touch: each change as it resolves among the layers of what the scenario builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np

from lcrmap.analysis import metric
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.joining import dimensions
from lcrmap.analysis.scenarios import brought_to, differences, scaled, spread
from lcrmap.errors import UnknownNameError
from lcrmap.layers import Layer
from lcrmap.layers.scenario import Change, Scenario
from lcrmap.verbs.areas import area_names
from lcrmap.verbs.change_base import Base
from lcrmap.verbs.change_checks import Checks
from lcrmap.verbs.change_faults import FaultError, Faults
from lcrmap.verbs.change_names import Named
from lcrmap.verbs.change_words import (
    added_words,
    at_words,
    people_words,
    position_words,
    set_words,
    values_words,
)
from lcrmap.verbs.effect import Effect
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.places import Spots
from lcrmap.verbs.sources import Sources

__all__ = ["resolved"]


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
    faults = (
        *resolver.faults.all,
        *resolver.checks.conflicts(effects),
        *resolver.checks.emptied(effects),
    )
    order = sorted(effects, key=lambda each: (each.layer, each.change.verb, each.keys, each.names))
    return tuple(order), faults


class _Resolver:
    """Finds what changes touch, one after the other; each speaks of the base.

    Every fault goes into `faults`. What a faulty key says is passed over, so that the others can be judged.
    """

    def __init__(self, name: str, sources: Sources) -> None:
        self.faults, self._base = Faults(), Base(sources)
        self._named = Named(self._base, self.faults)
        self.checks = Checks(self._base, self.faults)
        self._name = name

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
        return self.faults.tried(change, partial(how[change.verb], change)) or []

    def _added(self, change: Change) -> list[Effect]:
        new = bool(change.at) or "at" in change.faulty
        target = self.faults.tried(change, partial(self._named.layer, change.to, "to"))
        spot = self.faults.tried(change, partial(self._named.spot, change)) if new else None
        error = self._named.error(change)
        came = None if new else self.faults.tried(change, partial(self._named.brought, change))
        if target is None:
            return []
        values = self.checks.values(change, target)
        if new:
            came = None if spot is None else self._named.new_place(change, target, spot[0], error)
        if came is None or not change.what:
            return []
        made = self._fitted(came, target, values)
        self.checks.refuse_double_keys(made.frame, target)
        self.checks.refuse_other_kind(made.frame, target)
        self.checks.check_brought(change, made.frame, target, "add")
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
                # What the pack's own layers say besides can still be looked up there.
                dropped=tuple(str(each) for each in made.frame.columns if each not in known)
                if not came.metadata.path
                else (),
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
                raise FaultError("add", told)
            frame = frame.assign(**{target.key: frame[source_key].astype(str)})
        if target.label and target.label not in frame.columns:
            frame = frame.assign(**{target.label: area_names(came)})
        return came.with_frame(frame.assign(**values))

    def _removed(self, change: Change) -> list[Effect]:
        found = []
        for layer, rows in self._named.touched(change, "remove"):
            if len(rows) == len(layer.frame):
                told = f"would leave {layer.name} without any feature: keep one."
                self.faults.tell(change, "remove", told)
                continue
            known = self.checks.check_was(change, layer, rows)
            found.append(self._effect(change, layer, rows, before=values_words(layer, rows, known)))
        return found

    def _moved(self, change: Change) -> list[Effect]:
        spot = self.faults.tried(change, partial(self._named.spot, change))
        error = self._named.error(change)
        found = []
        for layer, rows in self._named.touched(change, "move"):
            if len(rows) > 1:
                told = f"means {len(rows):,} features of {layer.name}, and 'at' is one position: name one of them."
                self.faults.tell(change, "move", told)
                continue
            there = gpd.GeoDataFrame(layer.frame.iloc[list(rows)])
            if not metric.are_points(there.geometry):
                told = f"means a line or an area of {layer.name}: only points move."
                self.faults.tell(change, "move", told)
                continue
            self.checks.check_was(change, layer, rows)
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
        for layer, rows in self._named.touched(change, "set"):
            self.checks.check_was(change, layer, rows)
            values = self.checks.values(change, layer)
            before = values_words(layer, rows, tuple(values))
            after = set_words(values)
            found.append(self._effect(change, layer, rows, before=before, after=after))
        return found

    def _peopled(self, change: Change) -> list[Effect]:
        if not self._base.people:
            raise FaultError("people", "needs a pack with a layer in the role 'population'.")
        layer = self._base.sources.layer(self._base.people)
        living = residents_of(layer, self._base.sources.pack.role("population").field)
        after: dict[int, float] = {}
        keys: list[str] = []
        names: list[str] = []
        counts: list[tuple[float, float]] = []
        for areas, row, points in self._homes_touched(change, layer):
            people, called = living[points], self._base.keys_names(areas)[1][row]
            total = self._total(change, people, called)
            if total is None:
                continue
            if not after.keys().isdisjoint(points.tolist()):
                told = f"names areas that overlap: some who live in {called} are counted twice; name each area once."
                raise FaultError("people", told)
            after |= dict(zip(points.tolist(), spread(people, total).tolist(), strict=True))
            keys.append(self._base.keys_names(areas)[0][row])
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
        for areas, rows in self._named.touched(change, "people"):
            if dimensions(areas.frame.iloc[list(rows)]) != {2}:
                called = self._base.keys_names(areas)[1][rows[0]]
                around = self._base.areas_around(gpd.GeoDataFrame(areas.frame.iloc[list(rows)]))
                told = f"means {called} of {areas.name}, which is no area: name one as LAYER:ID{around}."
                self.faults.tell(change, "people", told)
                continue
            home = self._base.home(people, areas)
            for row in rows:
                yield areas, row, np.flatnonzero(home == row)

    def _total(self, change: Change, people: Floats, called: str) -> float | None:
        """Return how many live in an area afterwards; None, and a fault, if that cannot be."""
        if not people.sum():
            told = f"means {called}, where nobody lives: none can be added, so name an area with residents."
            self.faults.tell(change, "people", told)
            return None
        if change.amount is None:
            return None
        kind, amount = change.amount
        total = scaled(people, kind, amount)
        if total < 0:
            told = f"is more than the {people.sum():,.0f} who live in {called}: write at most {people.sum():.0f}."
            self.faults.tell(change, kind, told)
            return None
        return total

    def _replaced(self, change: Change) -> list[Effect]:
        if len(change.what) > 1:
            raise FaultError("replace", "names several layers: give each a block of its own.")
        layer = self.faults.tried(
            change, partial(self._named.layer, "".join(change.what), "replace")
        )
        new = self.faults.tried(change, partial(self._named.file, change.with_, "with"))
        if layer is None or new is None:
            return []
        frame = self._keyed(new, layer, change.with_)
        self.checks.refuse_other_kind(frame, layer, "with")
        self.checks.check_brought(change, frame, layer, "with")
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
            raise FaultError("replace", told)
        if layer.key not in new.frame.columns:
            columns = [str(each) for each in new.frame.columns]
            error = UnknownNameError("column", layer.key, columns, where=name)
            told = f"has no column '{layer.key}', which is the key of {layer.name}: {error.remedy}"
            raise FaultError("with", told)
        frame = new.frame.assign(**{layer.key: new.frame[layer.key].astype(str)})
        if not len(frame):
            told = f"holds no feature: {layer.name} would be empty, so put one in."
            raise FaultError("with", told)
        if frame[layer.key].duplicated().any():
            double = frame.loc[frame[layer.key].duplicated(), layer.key].iloc[0]
            told = f"holds the key '{double}' more than once: give each feature its own."
            raise FaultError("with", told)
        return gpd.GeoDataFrame(frame)

    def _effect(
        self,
        change: Change,
        layer: Layer,
        rows: tuple[int, ...],
        *,
        before: str = "",
        after: str = "",
    ) -> Effect:
        keys, names = self._base.keys_names(layer)
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
