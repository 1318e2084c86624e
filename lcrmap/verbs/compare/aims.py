"""Whether a scenario does what it is meant to do: met, not met, or undecided within the range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from lcrmap.errors import UnknownNameError
from lcrmap.layers.scenario import Aim, ScenarioError, Target
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.groups import ALL_RESIDENTS
from lcrmap.verbs.compare.measures import Measure

if TYPE_CHECKING:
    from lcrmap.analysis.draws import Drawn
    from lcrmap.verbs.compare.comparing import Compared
    from lcrmap.verbs.compare.groups import Groups

__all__ = ["Verdict", "aimed", "judged", "met_in", "verdicts"]

Told = Literal["met", "not met", "undecided"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """An aim of a scenario, the figures that it speaks of, what they say of it, and how they were drawn."""

    scene: Scene
    aim: Aim
    compared: Compared
    sums: pd.Series
    told: Told
    drawn: Drawn | None = None

    @property
    def met(self) -> tuple[int, int] | None:
        """In how many draws it is met, of how many; None without draws."""
        return (
            None
            if self.drawn is None
            else (met_in(self.aim.should, self.drawn), len(self.drawn.change))
        )


def verdicts(compared: Sequence[Compared], groups: Sequence[Groups]) -> tuple[Verdict, ...]:
    """Judge the aims of each scenario that is compared; those of which no measure was asked for are left out.

    Raises
    ------
    ScenarioError
        If an aim speaks of a group that there is not.
    """
    found = []
    scenes = dict.fromkeys(each.scene for each in compared)
    for scene in scenes:
        for aim in scene.aims:
            for each in compared:
                if each.scene is scene and _speaks_of(aim, each.measure):
                    kind, number = _group(
                        aim, [kind for kind in groups if kind.kind in each.sums], scene
                    )
                    sums, drawn = each.sums[kind].iloc[number], each.drawn.get((kind, number))
                    found.append(Verdict(scene, aim, each, sums, judged(aim.should, sums), drawn))
    return tuple(found)


def aimed(scene: Scene, measure: Measure, groups: Sequence[Groups]) -> dict[tuple[str, int], bool]:
    """Return of which groups the aims of a scenario judge a measure, and whether by its state."""
    found: dict[tuple[str, int], bool] = {}
    for aim in scene.aims:
        if _speaks_of(aim, measure):
            of = _group(aim, groups, scene)
            found[of] = found.get(of, False) or _of_state(aim.should)
    return found


def _speaks_of(aim: Aim, measure: Measure) -> bool:
    return measure.text.casefold() == " ".join(aim.measure.split()).casefold()


def _group(aim: Aim, groups: Sequence[Groups], scene: Scene) -> tuple[str, int]:
    """Return the kind and the number of the group among whom something should be."""
    if not aim.among:
        return ALL_RESIDENTS, 0
    names = {
        name.casefold(): (kind.kind, number)
        for kind in groups
        for number, name in enumerate(kind.names)
    }
    if aim.among.casefold() not in names:
        known = [name for kind in groups for name in kind.names]
        error = UnknownNameError("group", aim.among, known)
        raise ScenarioError(scene.name, (f"'{aim.path}.among' names no group: {error}",))
    return names[aim.among.casefold()]


def _of_state(target: Target) -> bool:
    return target.kind in (">=", "<=") and not target.of_change


def met_in(target: Target, drawn: Drawn) -> int:
    """Count the draws in which figures do what they should.

    Examples
    --------
    >>> from lcrmap.analysis.draws import Drawn
    >>> drawn = Drawn(np.array([0.0, 3.0, 9.0]))
    >>> met_in(Target("rise"), drawn), met_in(Target(">=", 5.0, of_change=True), drawn)
    (2, 1)
    """
    values = drawn.second if _of_state(target) else drawn.change
    if values is None:
        raise ValueError("Of the state nothing was drawn.")
    met = {
        "rise": values > 0,
        "fall": values < 0,
        "stay": values == 0,
        ">=": values >= target.value,
        "<=": values <= target.value,
    }
    return int(met[target.kind].sum())


def judged(target: Target, sums: pd.Series) -> Told:
    """Say whether figures do what they should, wherever within their range they lie.

    Examples
    --------
    >>> judged(Target("rise"), pd.Series({"change": 5.0, "change_min": 1.0, "change_max": 9.0}))
    'met'
    >>> judged(Target(">=", 7.0, True), pd.Series({"change": 5.0, "change_min": 1.0, "change_max": 9.0}))
    'undecided'
    """
    name = "second" if _of_state(target) else "change"
    low, high = (float(sums.get(f"{name}{end}", np.nan)) for end in ("_min", "_max"))
    low, high = (-np.inf if np.isnan(low) else low), (np.inf if np.isnan(high) else high)
    if target.kind == "stay":
        if low == high == 0:
            return "met"
        return "undecided" if low <= 0 <= high else "not met"
    if target.kind in ("fall", "<="):
        low, high = -high, -low
    bound = {"rise": 0.0, "fall": 0.0, ">=": target.value, "<=": -target.value}[target.kind]
    strictly = target.kind in ("rise", "fall")
    if low > bound or (not strictly and low == bound):
        return "met"
    return "not met" if high < bound or (strictly and high == bound) else "undecided"
