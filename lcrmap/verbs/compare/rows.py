"""What changes from the first scenario to each other: one row a measure, scenario and group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from lcrmap.analysis.change_sums import counted, summed, summed_distances
from lcrmap.analysis.changes import Measured, Paired, PairedWays, measured, pair
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.counting import EXTRA_ROWS
from lcrmap.errors import GeometryError, UsageError
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.aims import Verdict, verdicts
from lcrmap.verbs.compare.columns import compared_layer
from lcrmap.verbs.compare.groups import Groups, groups_of
from lcrmap.verbs.compare.measures import Measure, measures_of, watched
from lcrmap.verbs.compare.passages import passages
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.compare.ways import open_across_both
from lcrmap.verbs.compare.words import compare_notes, finding_of
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.rivers import Across
from lcrmap.verbs.scene_words import effects_sentence
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["CompareWork", "Compared", "Shown"]

_ALONE: Final = "To compare takes two: name another scenario, as in 'lcrmap compare baseline {}'."


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


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the page of a comparison shows besides the rows.

    Attributes
    ----------
    still
        What the pack watches and no scenario can change; it was not measured.
    """

    scenes: tuple[Scene, ...]
    compared: tuple[Compared, ...]
    groups: tuple[Groups, ...]
    verdicts: tuple[Verdict, ...]
    still: tuple[str, ...] = ()


class CompareWork(WholeWork):
    """Compares scenarios with the first of them."""

    asked: Compare

    def answered(self) -> Answer:
        """Compare each measure in each scenario, by group."""
        asked, pack = self.asked, self.sources.pack
        if len(asked.scenarios) == 1:
            raise UsageError(_ALONE.format(asked.scenarios[0]))
        scenes = tuple(self.sources.scene(each) for each in asked.scenarios)
        over = asked.across is not None
        measures = measures_of(asked.measure, scenes, pack, over=over)
        still = () if asked.measure else watched(scenes, pack, over=over)[1]
        states = [_State(self.sources, each) for each in asked.scenarios]
        groups = groups_of(states[0].points, asked.by, states[0].sources)
        first, known = states[0], _Known()
        paths = [open_across_both(first.sources, each.sources, asked) for each in states[1:]]
        compared = tuple(
            _compared(measure, (first, second), ways, groups, known)
            for second, ways in zip(states[1:], paths, strict=True)
            for measure in measures
        )
        judged = verdicts(compared, groups)
        layer = compared_layer(
            compared, groups, states[0].points, states[0].residents, [each.scene for each in states]
        )
        finding = finding_of(compared[0])
        shown = Shown(scenes, compared, groups, judged, still)
        return Answer(
            question=asked,
            pack=pack,
            layer=layer,
            finding=finding,
            sentences=_sentences(compared, scenes),
            notes=(*compare_notes(scenes, compared, pack), f"{finding}."),
            main=_MAIN,
            passages=passages(shown, pack.region),
            shown=shown,
        )


_MAIN = ("measure", "statistic", "scenario", "group", "first", "second", "change", "gain", "lose")


class _State:
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


class _Known:
    """What was compared already: most measures are the same in most scenarios."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Measured] = {}

    def changes(
        self, measure: Measure, first: _State, second: _State, ways: PairedWays
    ) -> pd.DataFrame:
        """Compare each point; measured once for scenarios that change neither the layer nor the ways to it."""
        layers = first.layer(measure.layer), second.layer(measure.layer)
        same = layers[0].frame is layers[1].frame or layers[0].frame.equals(layers[1].frame)
        same = same and ways.first is None and ways.second is None
        key = (measure.layer, "" if same else second.scene.name)
        if key not in self._found:
            paired = _paired(*layers, same=same)
            self._found[key] = measured(first.points.frame, paired, ways=ways)
        found = self._found[key]
        return found.distances() if measure.metres is None else found.within(measure.metres)


def _paired(first: Layer, second: Layer, *, same: bool) -> Paired:
    """Tell what both states of a layer share: all, if they are the same."""
    if same:
        return Paired(first.frame, first.frame.iloc[:0], first.frame.iloc[:0])
    return pair(first.frame, second.frame, first.key)


def _compared(
    measure: Measure,
    states: tuple[_State, _State],
    over: tuple[PairedWays, Across | None],
    groups: tuple[Groups, ...],
    known: _Known,
) -> Compared:
    (first, second), (ways, across) = states, over
    target = second.layer(measure.layer)
    if measure.kind == "count":
        sums = _counts(measure, first, second, groups)
        return Compared(measure, second.scene, target, None, sums)
    changes = known.changes(measure, first, second, ways)
    sum_up = summed if measure.kind == "within" else summed_distances
    people = first.residents, second.residents
    sums = {each.kind: sum_up(changes, each.rows, *people, count=len(each)) for each in groups}
    return Compared(measure, second.scene, target, across, sums)


def _counts(
    measure: Measure, first: _State, second: _State, groups: tuple[Groups, ...]
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


def _sentences(compared: tuple[Compared, ...], scenes: tuple[Scene, ...]) -> tuple[str, ...]:
    """Say what each scenario changes, and of each but the first what it changes of the first measure."""
    first = compared[0].measure
    others = [each for each in compared[1:] if each.measure is first]
    told = [f"{finding_of(each)}." for each in others]
    return (*told, *(effects_sentence(each) for each in dict.fromkeys(scenes) if each.effects))
