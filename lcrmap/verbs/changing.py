"""The region as a scenario has it: sources in which changed layers stand for those of the pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from lcrmap.analysis.scenarios import brought_to, with_moved, with_rows, with_values
from lcrmap.io.paths import is_file, stays_in, typed_path
from lcrmap.io.scenarios import ScenarioFile, open_scenario
from lcrmap.layers import Input, Layer, Pack
from lcrmap.layers.scenario import BASELINE, Aim, Scenario, ScenarioError
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.change_names import files_named
from lcrmap.verbs.effect import Effect
from lcrmap.verbs.resolving import resolved
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from lcrmap.io.scenarios import Found

__all__ = ["Judge", "Scene", "open_scene"]

Judge = Callable[[Scenario], Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A scenario as it resolves.

    Attributes
    ----------
    name, title, about
        What it is called; the baseline has no title.
    chain
        Its file, behind those that it builds on.
    effects
        What is changed, in the order of the chain.
    layers
        By name, the changed layers, with the features that are not there too.
    """

    name: str
    title: str
    about: str
    chain: tuple[ScenarioFile, ...]
    effects: tuple[Effect, ...]
    layers: dict[str, Layer]

    @property
    def aims(self) -> tuple[Aim, ...]:
        """What the scenario itself is meant to do."""
        return self.chain[-1].scenario.aims if self.chain else ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The files of the scenario, its bases, and what they bring features from."""
        files = [each.input for each in self.chain]
        brought = [each for effect in self.effects for each in effect.inputs]
        return tuple(dict.fromkeys([*files, *brought]))

    @property
    def brought(self) -> tuple[str, ...]:
        """What must be said of what its changes bring, each sentence once, where chances are drawn."""
        said = [note for effect in self.effects for note in effect.notes]
        said += [_dropped_note(each) for each in self.effects if each.dropped]
        people = [each for each in self.effects if each.change.verb == "people"]
        said += [_chance_note(each) for each in people if each.change.chance < 1]
        return tuple(dict.fromkeys(said))

    @property
    def notes(self) -> tuple[str, ...]:
        """The same, and which changes count as certain that are not."""
        doubtful = map(_chance_note, (each for each in self.effects if each.change.chance < 1))
        return tuple(dict.fromkeys((*self.brought, *doubtful)))

    def chances(self, layer: str) -> dict[str, float]:
        """Return by key how likely it is that what changes for a feature of a layer comes about; the sure ones not."""
        return {
            key: effect.change.chance
            for effect in self.effects
            if effect.layer == layer and effect.change.chance < 1
            for key in effect.keys
        }


def _dropped_note(effect: Effect) -> str:
    named = ", ".join(effect.dropped)
    those = f"a column {named}" if len(effect.dropped) == 1 else f"columns {named}"
    return f"{effect.layer} lacks {those}: what the file says there is in no answer about {effect.layer}."


def _chance_note(effect: Effect) -> str:
    certain = f"{effect.named}: counts as certain, though the chance is {effect.change.chance:g}"
    if effect.change.verb == "people":
        return f"{certain}, as people are not drawn."
    return f"{certain}; 'lcrmap compare --draws N' draws it."


def open_scene(
    name: str,
    pack: Pack,
    judged: Judge,
    *,
    found: Found = typed_path,
    beside: Found | None = None,
    read: dict[str, Layer] | None = None,
) -> Scene:
    """Open a scenario: read its files, find what it changes, and change it.

    Parameters
    ----------
    name
        ``baseline``, a scenario of the pack, or a file.
    judged
        Returns what is wrong with the aims of the scenario, which is told together with all else.
    found, beside
        As `lcrmap.io.scenarios.open_scenario` takes them.
    read
        Layers of the pack that were read already; see `Sources`.

    Raises
    ------
    UnknownNameError, FileError
        If there is no such scenario, or its file cannot be read.
    ScenarioError
        If it cannot be meant; the error has every fault.
    """
    chain = open_scenario(name, pack, found=found, beside=beside)
    layers: dict[str, Layer] = {}
    effects: list[Effect] = []
    refused: list[tuple[str, Sequence[str]]] = []
    for each in chain:
        faults = [*each.scenario.faults, *(judged(each.scenario) if each is chain[-1] else ())]
        if (
            not refused
        ):  # what builds on a scenario that cannot be meant speaks of nothing that is known
            files = _files_of(each, beside)
            sources = Sources(
                pack, given=layers, files=files, closed=True, only_there=False, read=read
            )
            some, more = resolved(each.name, each.scenario, sources)
            faults += more
            if not faults:
                layers = {**layers, **_changed(some, sources, each)}
            effects += some
        if faults:
            refused.append((each.name, faults))
    if refused:
        raise _refusal(refused)
    title = chain[-1].scenario.title if chain else ""
    about = chain[-1].scenario.about if chain else ""
    called = chain[-1].name if chain else BASELINE
    return Scene(called, title, about, chain, tuple(effects), layers)


def _refusal(refused: Sequence[tuple[str, Sequence[str]]]) -> ScenarioError:
    """Return the error of scenarios of a chain, the lowest first, of which each has faults."""
    (name, faults), *above = refused
    return ScenarioError(name, faults, [ScenarioError(*each) for each in above])


def _files_of(read: ScenarioFile, beside: Found | None) -> dict[str, Path]:
    """Return where the files lie that a scenario brings features from: in its own folder alone, behind no link."""
    folder = read.folder
    if folder is None:
        return {}
    named = files_named(read.scenario)
    if beside is not None:
        return {each: beside(each) for each in named}
    found = {each: folder / each for each in named}
    return {each: path for each, path in found.items() if is_file(path) and stays_in(folder, each)}


def _changed(effects: Sequence[Effect], sources: Sources, read: ScenarioFile) -> dict[str, Layer]:
    """Return the layers that the effects of one scenario change, by name."""
    names = sorted({each.layer for each in effects})
    return {
        name: _changed_layer(
            sources.layer(name),
            [each for each in effects if each.layer == name],
            read,
            sources.pack.role("population").field if sources.pack.has_role("population") else "",
        )
        for name in names
    }


def _changed_layer(
    layer: Layer, effects: Sequence[Effect], read: ScenarioFile, residents: str
) -> Layer:
    frame = layer.frame
    gone: list[int] = []
    places: dict[int, tuple[BaseGeometry, float]] = {}
    people: dict[int, float] = {}
    for effect in effects:
        places |= effect.places
        people |= effect.residents
        if effect.change.verb == "set":
            frame = with_values(frame, effect.rows, effect.change.values)
        elif effect.change.verb in ("remove", "replace"):
            gone += effect.rows
    if places:
        frame = with_moved(frame, places)
    if people:
        frame = _with_residents(frame, people, residents)
    frame = frame.iloc[np.setdiff1d(np.arange(len(frame)), gone)]
    brought = [each.brought for each in effects if each.brought is not None]
    if brought:
        rows = [brought_to(each.frame, layer.frame) for each in brought]
        together = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True))
        frame = with_rows(frame, together, layer.key)
    told = f"As the scenario '{read.scenario.title}' has it."
    metadata = with_sources_of(layer.metadata, *(each.metadata for each in brought))
    metadata = metadata.replaced(method=f"{layer.metadata.method} {told}".strip())
    inputs = [*layer.inputs, *(one for each in brought for one in each.inputs), read.input]
    return Layer(frame.reset_index(drop=True), metadata, tuple(dict.fromkeys(inputs)), layer.notes)


def _with_residents(
    frame: gpd.GeoDataFrame, people: Mapping[int, float], column: str
) -> gpd.GeoDataFrame:
    living = frame[column].copy()
    living.iloc[list(people)] = np.array(list(people.values()), dtype=np.int64)
    return frame.assign(**{column: living})
