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

if TYPE_CHECKING:
    from lcrmap.verbs.compare.comparing import Compared
    from lcrmap.verbs.compare.groups import Groups

__all__ = ["Verdict", "judged", "verdicts"]

Told = Literal["met", "not met", "undecided"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """An aim of a scenario, the figures that it speaks of, and what they say of it."""

    scene: Scene
    aim: Aim
    compared: Compared
    sums: pd.Series
    told: Told


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
            plain = " ".join(aim.measure.split()).casefold()
            for each in compared:
                if each.scene is scene and each.measure.text.casefold() == plain:
                    sums = _among(each, aim, groups, scene)
                    found.append(Verdict(scene, aim, each, sums, judged(aim.should, sums)))
    return tuple(found)


def _among(each: Compared, aim: Aim, groups: Sequence[Groups], scene: Scene) -> pd.Series:
    if not aim.among:
        return each.total
    names = {
        name.casefold(): (kind, number)
        for kind in groups
        if kind.kind in each.sums
        for number, name in enumerate(kind.names)
    }
    if aim.among.casefold() not in names:
        known = [name for kind in groups for name in kind.names]
        error = UnknownNameError("group", aim.among, known)
        raise ScenarioError(scene.name, (f"'{aim.path}.among' names no group: {error}",))
    kind, number = names[aim.among.casefold()]
    return each.sums[kind.kind].iloc[number]


def judged(target: Target, sums: pd.Series) -> Told:
    """Say whether figures do what they should, wherever within their range they lie.

    Examples
    --------
    >>> judged(Target("rise"), pd.Series({"change": 5.0, "change_min": 1.0, "change_max": 9.0}))
    'met'
    >>> judged(Target(">=", 7.0, True), pd.Series({"change": 5.0, "change_min": 1.0, "change_max": 9.0}))
    'undecided'
    """
    state = target.kind in (">=", "<=") and not target.of_change
    name = "second" if state else "change"
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
