"""Two scenarios, measure by measure: the sums of each, by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lcrmap.analysis.change_sums import Counts, count_features, counted, summed, summed_distances
from lcrmap.analysis.changes import Measured, Paired, PairedWays, measured, pair
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.counting import EXTRA_ROWS
from lcrmap.errors import GeometryError, UsageError
from lcrmap.layers import Layer
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.aims import aimed
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.compare.measures import Measure
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.rivers import Across
from lcrmap.verbs.sources import Sources

if TYPE_CHECKING:
    from lcrmap.analysis.draws import Drawn, Tally

__all__ = ["Compared", "Comparer", "State"]

_DRAWN = tuple(f"{name}_{end}" for name in ("change", "gain", "lose") for end in ("low", "high"))


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
    drawn
        By kind and number, every draw of the groups of which aims speak.
    """

    measure: Measure
    scene: Scene
    target: Layer
    across: Across | None
    sums: dict[str, pd.DataFrame]
    drawn: Mapping[tuple[str, int], Drawn] = field(default_factory=dict)

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
        self._measured: dict[tuple[str, State | None], Measured] = {}
        self._sums: dict[tuple[str, State | None], dict[str, pd.DataFrame]] = {}
        self._tallies: dict[tuple[str, State | None], Tally | None] = {}
        self._counted: dict[tuple[str, str], Counts] = {}

    def compared(
        self, measure: Measure, second: State, ways: PairedWays, across: Across | None
    ) -> Compared:
        """Compare a measure in another scenario; what it leaves as it was is worked out once for all of them."""
        target = second.layer(measure.layer)
        if measure.kind == "count":
            sums = self._counts(measure.layer, second)
            return Compared(measure, second.scene, target, None, sums)
        same = _same(self._first.layer(measure.layer), target)
        untouched = same and ways.first is None and ways.second is None
        still = untouched and bool((self._first.residents == second.residents).all())
        if measure.kind == "access":
            of = None if still else second
            if (measure.text, of) not in self._sums:
                self._sums[measure.text, of] = self._access(measure, second, ways, same=same)
            return Compared(measure, second.scene, target, across, self._sums[measure.text, of])
        aims = {} if self._draws is None else aimed(second.scene, measure, self._groups)
        # What stays as it is changes in no draw; but how much of it there is may be another in each.
        of = None if still and not any(aims.values()) else second
        if (measure.text, of) not in self._sums:
            found = self._between(measure.layer, None if untouched else second, second, ways)
            sums = self._summed(measure, found, second)
            tally = None
            if self._draws is not None and of is not None:
                tally = self._tally(measure, self._draws, second, whole=any(aims.values()))
            self._tallies[measure.text, of] = tally
            self._sums[measure.text, of] = self._with_draws(sums, tally)
        tally = self._tallies[measure.text, of]
        drawn = {each: self._drawn(tally, *each) for each in aims}
        return Compared(measure, second.scene, target, across, self._sums[measure.text, of], drawn)

    def _between(self, layer: str, of: State | None, second: State, ways: PairedWays) -> Measured:
        """Measure how far each point has it in both states, once for all distances."""
        if (layer, of) not in self._measured:
            layers = self._first.layer(layer), second.layer(layer)
            paired, points = _paired(*layers, same=of is None), self._first.points.frame
            # What only adds shares all of the first state, as the first state does with itself.
            adds = of is not None and not len(paired.first) and ways.first is None
            alike = self._between(layer, None, self._first, ways) if adds else None
            self._measured[layer, of] = measured(points, paired, ways=ways, alike=alike)
        return self._measured[layer, of]

    def _summed(self, measure: Measure, found: Measured, second: State) -> dict[str, pd.DataFrame]:
        within = measure.metres is not None
        changes = found.distances() if measure.metres is None else found.within(measure.metres)
        people = self._first.residents, second.residents
        return {
            each.kind: (summed if within else summed_distances)(
                changes, each.rows, *people, count=len(each)
            )
            for each in self._groups
        }

    def _access(
        self, measure: Measure, second: State, ways: PairedWays, *, same: bool
    ) -> dict[str, pd.DataFrame]:
        """Work out how much residents have of what they share, in both states."""
        from lcrmap.analysis.access_change import access_change  # which few ask for

        if self._draws is not None:
            raise UsageError(
                f"--draws are of distances and of who lives within one: leave them out for '{measure.text}'."
            )
        assert measure.metres is not None  # noqa: S101 (of a measure of this kind)
        paired = _paired(self._first.layer(measure.layer), second.layer(measure.layer), same=same)
        people = self._first.residents, second.residents
        found = access_change(self._first.points.frame, *people, paired, measure.metres, ways=ways)
        return {each.kind: found.sums(each.rows, len(each)) for each in self._groups}

    def _counts(self, layer: str, second: State) -> dict[str, pd.DataFrame]:
        """Count the features of both states, in all and by areas."""
        layers = self._first.sources.layer(layer), second.sources.layer(layer)
        paired = pair(layers[0].frame, layers[1].frame, layers[0].key)
        sums = {}
        for each in self._groups:
            if each.areas is not None:
                areas, key = each.areas.frame, each.areas.key
                of = (layer, each.kind)
                if of not in self._counted:
                    self._counted[of] = count_features(layers[0].frame, areas, key)
                table = counted(paired, areas, key, first=self._counted[of])
                sums[each.kind] = table.drop(index=list(EXTRA_ROWS))
                sums["all"] = table.loc[["total"]]
        return sums

    def _with_draws(
        self, sums: dict[str, pd.DataFrame], tally: Tally | None
    ) -> dict[str, pd.DataFrame]:
        """Put beside sums what most draws give, if any are made; where nothing differs, no draw does."""
        if self._draws is None:
            return sums
        if tally is None:
            return {
                kind: table.assign(**dict.fromkeys(_DRAWN, 0.0)) for kind, table in sums.items()
            }
        middles = tally.middles()
        return {kind: table.join(middles[kind]) for kind, table in sums.items()}

    def _drawn(self, tally: Tally | None, kind: str, number: int) -> Drawn:
        """Return every draw of a group; where nothing differs, no draw does."""
        from lcrmap.analysis.draws import Drawn

        return Drawn(np.zeros(self._draws or 0)) if tally is None else tally.drawn(kind, number)

    def _tally(self, measure: Measure, draws: int, second: State, *, whole: bool) -> Tally:
        """Draw positions within their errors, and sum up each draw."""
        from lcrmap.analysis.draws import Lot, distance_tally, within_tally  # which few ask for

        layers = self._first.layer(measure.layer), second.layer(measure.layer)
        paired = _paired(*layers, same=_same(*layers))
        lot = Lot(
            draws=draws,
            seed=self._seed,
            layer=measure.layer,
            key=layers[0].key,
            chances=second.scene.chances(measure.layer),
        )
        groupings = {each.kind: (each.rows, len(each)) for each in self._groups}
        people = self._first.residents, second.residents
        points = self._first.points.frame
        if measure.metres is None:
            return distance_tally(points, paired, groupings, *people, lot=lot, whole=whole)
        return within_tally(
            points, paired, measure.metres, groupings, *people, lot=lot, whole=whole
        )


def _same(first: Layer, second: Layer) -> bool:
    """Tell whether a layer is the same in both states."""
    return first.frame is second.frame or first.frame.equals(second.frame)


def _paired(first: Layer, second: Layer, *, same: bool) -> Paired:
    """Tell what both states of a layer share: all, if they are the same."""
    if same:
        return Paired(first.frame, first.frame.iloc[:0], first.frame.iloc[:0])
    return pair(first.frame, second.frame, first.key)
