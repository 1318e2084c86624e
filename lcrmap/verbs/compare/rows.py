"""What changes from the first scenario to each other: one row a measure, scenario and group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.change_sums import counted, summed, summed_distances
from lcrmap.analysis.changes import PairedWays, distance_change, pair, within_change
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.counting import EXTRA_ROWS
from lcrmap.analysis.metric import METHOD
from lcrmap.errors import GeometryError, UsageError
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.areas import with_sources_of
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.aims import Verdict, verdicts
from lcrmap.verbs.compare.groups import Groups, groups_of
from lcrmap.verbs.compare.measures import Measure, measures_of
from lcrmap.verbs.compare.passages import passages
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.compare.ways import open_across_both
from lcrmap.verbs.compare.words import compare_notes, finding_of
from lcrmap.verbs.numbers import HIGHEST, LOWEST, in_sentence
from lcrmap.verbs.people import residents_of
from lcrmap.verbs.rivers import Across, layers_of, methods_of, titled
from lcrmap.verbs.scene_words import effects_sentence, title_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import WholeWork

__all__ = ["CompareWork", "Compared", "Shown"]

COMPARE_METHOD: Final = (
    "Each resident is compared with themselves: a feature that both scenarios share stands in the same place in both, "
    "however well its position is known. The range beside a change comes from the features that are not in both. The "
    "bounds are cautious: not all that they allow can be true at once. Residents stand at the points of the pack's "
    "population layer, which are taken as they are."
)
_ALONE: Final = "To compare takes two: name another scenario, as in 'lcrmap compare baseline {}'."
STATISTICS: Final = {"": "mean", "_median": "median", "_nine_tenths": "nine tenths"}
_BOTH = ("gain", "lose")
_ENDS = ("", "_min", "_max")


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
    """What the page of a comparison shows besides the rows."""

    scenes: tuple[Scene, ...]
    compared: tuple[Compared, ...]
    groups: tuple[Groups, ...]
    verdicts: tuple[Verdict, ...]


class CompareWork(WholeWork):
    """Compares scenarios with the first of them."""

    asked: Compare

    def answered(self) -> Answer:
        """Compare each measure in each scenario, by group."""
        asked, pack = self.asked, self.sources.pack
        if len(asked.scenarios) == 1:
            raise UsageError(_ALONE.format(asked.scenarios[0]))
        scenes = tuple(self.sources.scene(each) for each in asked.scenarios)
        measures = measures_of(asked.measure, scenes, pack)
        states = [_State(self.sources, each) for each in asked.scenarios]
        groups = groups_of(states[0].points, asked.by, states[0].sources)
        first, known = states[0], _Known()
        over = [open_across_both(first.sources, each.sources, asked) for each in states[1:]]
        compared = tuple(
            _compared(measure, (first, second), ways, groups, known)
            for second, ways in zip(states[1:], over, strict=True)
            for measure in measures
        )
        judged = verdicts(compared, groups)
        layer = _layer(compared, groups, states)
        finding = finding_of(compared[0])
        shown = Shown(scenes, compared, groups, judged)
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
        self._found: dict[tuple[Any, ...], pd.DataFrame] = {}

    def changes(
        self, measure: Measure, first: _State, second: _State, ways: PairedWays
    ) -> pd.DataFrame:
        """Compare each point; measured once for scenarios that change neither the layer nor the ways to it."""
        layers = first.layer(measure.layer), second.layer(measure.layer)
        same = layers[0].frame is layers[1].frame or layers[0].frame.equals(layers[1].frame)
        same = same and ways.first is None and ways.second is None
        key = (measure.text, "" if same else second.scene.name)
        if key not in self._found:
            paired = pair(layers[0].frame, layers[1].frame, layers[0].key)
            points = first.points.frame
            if measure.metres is None:
                self._found[key] = distance_change(points, paired, ways=ways)
            else:
                self._found[key] = within_change(points, paired, measure.metres, ways=ways)
        return self._found[key]


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


# The table


def _layer(
    compared: tuple[Compared, ...], groups: tuple[Groups, ...], states: list[_State]
) -> Layer:
    """Put all sums into one long table: those of all residents first, then kind by kind."""
    residents = states[0].residents
    rows = [
        row
        for kind in groups
        for each in compared
        if kind.kind in each.sums
        for row in _rows(each, kind, residents)
    ]
    columns = [each.name for each in FIELDS]
    frame = pd.DataFrame(rows, columns=columns)
    for field in FIELDS:
        if field.type == "number":
            whole = field.name == "residents" or field.name.startswith(_BOTH)
            frame[field.name] = (
                frame[field.name].astype("Float64").astype("Int64" if whole else "Float64")
            )
    nowhere = gpd.array.from_shapely([None] * len(frame), crs="EPSG:4326")
    first, across = states[0].scene, compared[0].across
    title = f"What changes from {in_sentence(title_of(first))}"
    base = Metadata(
        name="compare",
        title=titled(title, across),
        noun_one="comparison",
        noun_many="comparisons",
        geometry="none",
        fields=FIELDS,
        method=" ".join((METHOD, COMPARE_METHOD, *methods_of(across))),
    )
    used = [each.target for each in compared] + [each.points for each in states[:1]]
    used += [each.areas for each in groups if each.areas is not None]
    used += layers_of(across)
    metadata = with_sources_of(base, *(each.metadata for each in used))
    inputs = [one for each in used for one in each.inputs]
    inputs += [one for each in states for one in each.scene.inputs]
    layer = gpd.GeoDataFrame(frame.assign(place=nowhere), geometry="place")
    return Layer(layer, metadata, tuple(dict.fromkeys(inputs)))


FIELDS: Final = (
    Field("measure", "Measure"),
    Field(
        "statistic", "Statistic", description="What the figures are: residents, features, or metres"
    ),
    Field("scenario", "Scenario"),
    Field("group_kind", "Kind of group"),
    Field("group", "Group"),
    Field("group_id", "Id of the group"),
    Field("residents", "Residents", "number", "Residents of the group in the first scenario"),
    Field("first", "First", "number", "The figure in the first scenario"),
    Field("second", "Second", "number", "The figure in this scenario"),
    Field("change", "Change", "number", "Second less first"),
    Field("change_min", "Change, at least", "number", LOWEST),
    Field("change_max", "Change, at most", "number", HIGHEST),
    Field(
        "gain",
        "Gain",
        "number",
        "Who gains: residents who come within the distance or nearer, features that come",
    ),
    Field("lose", "Lose", "number", "Who loses: the contrary"),
    Field(
        "arrive",
        "Arrive",
        "number",
        "Of the change, what comes of people who were not there before, net",
    ),
    Field("share_of_gain_pct", "Share of the gain", "number", unit="%"),
    Field("share_of_residents_pct", "Share of residents", "number", unit="%"),
    Field("gain_min", "Gain, at least", "number", LOWEST),
    Field("gain_max", "Gain, at most", "number", HIGHEST),
    Field("lose_min", "Lose, at least", "number", LOWEST),
    Field("lose_max", "Lose, at most", "number", HIGHEST),
    Field("first_min", "First, at least", "number", LOWEST),
    Field("first_max", "First, at most", "number", HIGHEST),
    Field("second_min", "Second, at least", "number", LOWEST),
    Field("second_max", "Second, at most", "number", HIGHEST),
)


def _rows(each: Compared, kind: Groups, residents: Floats) -> Iterator[dict[str, Any]]:
    table = each.sums[kind.kind].iloc[: len(kind)]
    total = each.total
    counted_people = np.bincount(
        np.where(kind.rows >= 0, kind.rows, len(kind)), weights=residents, minlength=len(kind) + 1
    )
    for number, (_, sums) in enumerate(table.iterrows()):
        people = float(counted_people[number])
        row = {
            "measure": each.measure.text,
            "scenario": each.scene.name,
            "group_kind": kind.kind,
            "group": kind.names[number],
            "group_id": kind.ids[number],
            "residents": people,
            "share_of_residents_pct": _share(people, residents.sum()),
        }
        whole = {
            f"{name}{end}": sums.get(f"{name}{end}", np.nan)
            for name in ("first", "second", "change", *_BOTH)
            for end in _ENDS
        }
        arrive = sums.get("arrive", np.nan)
        share = _share(sums["gain"], total["gain"])
        statistic = {"within": "residents", "count": "features", "distance": "mean"}
        yield (
            row
            | whole
            | {
                "statistic": statistic[each.measure.kind],
                "arrive": arrive,
                "share_of_gain_pct": share,
            }
        )
        if each.measure.kind == "distance":
            for end in ("_median", "_nine_tenths"):
                first, second = sums[f"first{end}"], sums[f"second{end}"]
                yield row | {
                    "statistic": STATISTICS[end],
                    "first": first,
                    "second": second,
                    "change": round(second - first, 3),
                }


def _share(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else np.nan
