"""Two scenarios, measure by measure: the sums of each, by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lcrmap.analysis.change_sums import counted, summed, summed_distances
from lcrmap.analysis.changes import Measured, Paired, PairedWays, measured, pair
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.counting import EXTRA_ROWS
from lcrmap.errors import GeometryError
from lcrmap.layers import Layer
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.compare.measures import Measure
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.rivers import Across
from lcrmap.verbs.sources import Sources

__all__ = ["Compared", "Comparer", "State"]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A measure in two scenarios.

    Attributes
    ----------
    target
        The layer that is measured to, as the second scenario has it.
    across
        The crossings over which is measured, as the second scenario has them; None if straight.
    sums
        By kind of groups, a row a group; see `lcrmap.analysis.change_sums`. Counts have no groups of residents.
    """

    measure: Measure
    scene: Scene
    target: Layer
    across: Across | None
    sums: dict[str, pd.DataFrame]

    @property
    def total(self) -> pd.Series[Any]:
        """The row of all."""
        return self.sums["all"].iloc[0]


class State:
    """The region as one of the scenarios has it."""

    def __init__(self, sources: Sources, name: str) -> None:
        self.scene = sources.scene(name)
        self.sources = sources.in_scenario(name)
        role = sources.pack.role("population")
        self.points = self.sources.layer(role.layer)
        self.residents: Floats = residents_of(self.points, role.field)

    def layer(self, name: str) -> Layer:
        """Open a layer that is measured to, with its positions."""
        layer = self.sources.layer(name)
        if layer.placed == 0:
            raise GeometryError(
                f"No feature of {name} has a position in the scenario '{self.scene.name}': "
                f"without one no distance can be told."
            )
        return layer


class Comparer:
    """Compares scenarios with the first of them; what is the same in several is measured once.

    Parameters
    ----------
    first
        The region as the scenario has it with which others are compared.
    groups
        Among whom.
    draws, seed
        How often positions are drawn besides, None for never; and what tells these draws from others.
    """

    def __init__(
        self, first: State, groups: tuple[Groups, ...], *, draws: int | None, seed: int
    ) -> None:
        self._first, self._groups = first, groups
        self._draws, self._seed = draws, seed
        self._measured: dict[tuple[str, str], Measured] = {}

    def compared(
        self, measure: Measure, second: State, ways: PairedWays, across: Across | None
    ) -> Compared:
        """Compare a measure in another scenario."""
        target = second.layer(measure.layer)
        if measure.kind == "count":
            sums = _counts(measure, self._first, second, self._groups)
            return Compared(measure, second.scene, target, None, sums)
        changes = self._changes(measure, second, ways)
        sum_up = summed if measure.kind == "within" else summed_distances
        people = self._first.residents, second.residents
        sums = {
            each.kind: sum_up(changes, each.rows, *people, count=len(each)) for each in self._groups
        }
        if self._draws is not None:
            drawn = self._drawn(measure, second)
            sums = {kind: table.join(drawn[kind]) for kind, table in sums.items()}
        return Compared(measure, second.scene, target, across, sums)

    def _changes(self, measure: Measure, second: State, ways: PairedWays) -> pd.DataFrame:
        """Compare each point; measured once for scenarios that change neither the layer nor the ways to it."""
        layers = self._first.layer(measure.layer), second.layer(measure.layer)
        same = _same(*layers) and ways.first is None and ways.second is None
        key = (measure.layer, "" if same else second.scene.name)
        if key not in self._measured:
            paired = _paired(*layers, same=same)
            self._measured[key] = measured(self._first.points.frame, paired, ways=ways)
        found = self._measured[key]
        return found.distances() if measure.metres is None else found.within(measure.metres)

    def _drawn(self, measure: Measure, second: State) -> Mapping[str, pd.DataFrame]:
        """Draw positions within their errors, and sum up each draw."""
        from lcrmap.analysis.draws import Lot, distance_draws, within_draws  # which few ask for

        layers = self._first.layer(measure.layer), second.layer(measure.layer)
        paired = _paired(*layers, same=_same(*layers))
        assert self._draws is not None  # noqa: S101 (the caller looked)
        lot = Lot(
            draws=self._draws,
            seed=self._seed,
            layer=measure.layer,
            key=layers[0].key,
            chances=second.scene.chances(measure.layer),
        )
        groupings = {each.kind: (each.rows, len(each)) for each in self._groups}
        people = self._first.residents, second.residents
        points = self._first.points.frame
        if measure.metres is None:
            return distance_draws(points, paired, groupings, *people, lot=lot)
        return within_draws(points, paired, measure.metres, groupings, *people, lot=lot)


def _same(first: Layer, second: Layer) -> bool:
    """Tell whether a layer is the same in both states."""
    return first.frame is second.frame or first.frame.equals(second.frame)


def _paired(first: Layer, second: Layer, *, same: bool) -> Paired:
    """Tell what both states of a layer share: all, if they are the same."""
    if same:
        return Paired(first.frame, first.frame.iloc[:0], first.frame.iloc[:0])
    return pair(first.frame, second.frame, first.key)


def _counts(
    measure: Measure, first: State, second: State, groups: tuple[Groups, ...]
) -> dict[str, pd.DataFrame]:
    """Count the features of both states, in all and by areas."""
    layers = first.sources.layer(measure.layer), second.sources.layer(measure.layer)
    paired = pair(layers[0].frame, layers[1].frame, layers[0].key)
    sums = {}
    for each in groups:
        if each.areas is not None:
            table = counted(paired, each.areas.frame, each.areas.key)
            sums[each.kind] = table.drop(index=list(EXTRA_ROWS))
            sums["all"] = table.loc[["total"]]
    return sums
