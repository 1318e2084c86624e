"""What whoever asks must know of a choice: of its candidates, and of the people whom none of them reaches."""

from __future__ import annotations

from typing import Final

import numpy as np

from lcrmap.analysis.changes import Paired, measured
from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.verbs.areas import area_names, pack_areas
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import nesting
from lcrmap.verbs.numbers import listed, number_words
from lcrmap.verbs.sources import Sources

__all__ = ["candidate_notes", "how_long", "notes", "people_left"]

_SHOWN: Final = 3
_MANY: Final = 5000
_A_MINUTE: Final = 10_000  # candidates for each number to choose, on two cores


def how_long(candidates: int, asked: Locate) -> str:
    """Say how long a choice among very many candidates may take; empty for a few seconds."""
    if candidates <= _MANY:
        return ""
    low, high = asked.numbers or (1, 1)
    minutes = -(-candidates * (high - low + 1) // _A_MINUTE)
    long = "a minute" if minutes == 1 else f"{minutes:,} minutes"
    hint = "" if asked.seconds else " (--time 60s ends the search with the best found by then)"
    return f"{candidates:,} candidates: to choose among so many may take {long} or more{hint}."


def candidate_notes(told: Told, sources: Sources) -> list[str]:
    """Say which candidates stand where something exists and which lie outside the region."""
    candidates, task = told.task.candidates, told.task
    said = []
    if len(task.existing):
        none = task.existing.iloc[:0]
        nearest = measured(candidates.points, Paired(task.existing, none, none)).common.metres
        same = np.flatnonzero(nearest == 0)
        if len(same):
            stand, save = ("stands", "saves") if len(same) == 1 else ("stand", "save")
            said.append(
                f"{_named([candidates.names[each] for each in same])} {stand} where a {told.noun} is already, and so "
                f"{save} nothing."
            )
    areas, _ = pack_areas(sources)
    if areas is not None:
        home = assign_areas(candidates.points, areas.frame, key=areas.key)["area"].to_numpy()
        outside = np.flatnonzero(home == NOWHERE)
        if len(outside):
            lie, they = ("lies", "it counts") if len(outside) == 1 else ("lie", "they count")
            said.append(
                f"{_named([candidates.names[each] for each in outside])} {lie} outside {told.region}: {they} for the "
                f"residents of {told.region} alone."
            )
    return said


def notes(told: Told) -> list[str]:
    """Say whom no candidate reaches, what it costs to put a group first, and what crossings leave open."""
    said = []
    if told.across is not None:
        layer = told.existing.layer
        said += [*told.across.notes]
        said += told.across.unsure_notes(told.across.unsure(layer), layer.metadata)
    left = told.last.solved.left
    if len(left):
        many = float(told.task.reach.weight[left].sum())
        noun = "resident" if many == 1 else "residents"
        said.append(
            f"{many:,.0f} {noun} at {len(left):,} points cannot be brought within {told.far} by any candidate; the "
            f"choice is for all others."
        )
    return [*said, *_traded(told), *nesting(told)]


def _traded(told: Told) -> list[str]:
    """Tell the trade-off line by line, where a range of factors was asked for."""
    favour = told.task.favour
    if favour is None or favour.least == favour.most:
        return []
    return [
        f"From factor {number_words(each.factor)}: {listed(told.names(each.chosen))}."
        for each in told.trades
    ]


def _named(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return listed([*names[:_SHOWN], *([f"{more:,} more"] if more > 0 else [])])


def people_left(told: Told, sources: Sources) -> str:
    """Say in which neighbourhoods those live whom no candidate reaches; empty where all are reached."""
    left = told.last.solved.left
    layer = sources.role("neighbourhoods") or sources.role("areas")
    if not len(left) or layer is None:
        return ""
    people = told.people.layer.frame.iloc[left]
    home = assign_areas(people, layer.frame, key=layer.key)["area"].to_numpy()
    weight = told.task.reach.weight[left]
    sums = np.bincount(home[home != NOWHERE], weight[home != NOWHERE], minlength=len(layer.frame))
    order = np.argsort(-sums, kind="stable")
    names = area_names(layer)
    told_ = [f"{names[each]} ({sums[each]:,.0f})" for each in order if sums[each] > 0]
    return f"Whom no candidate reaches lives in {_named(told_)}." if told_ else ""
