"""Where the next one should go: one row a candidate, and what is before and after."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from lcrmap.analysis.changes import PairedWays
from lcrmap.analysis.location import reach_of
from lcrmap.errors import GeometryError, NothingFoundError, UsageError
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.compare.groups import Groups, groups_of
from lcrmap.verbs.locate.candidates import open_candidates
from lcrmap.verbs.locate.columns import MAIN, in_whole_metres, located_layer
from lcrmap.verbs.locate.existing import Existing, open_existing
from lcrmap.verbs.locate.favour import opened_favour
from lcrmap.verbs.locate.handing import scenario_text
from lcrmap.verbs.locate.passages import passages
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.locate.remarks import candidate_notes, how_long, notes, people_left
from lcrmap.verbs.locate.rules import open_rules
from lcrmap.verbs.locate.solving import Outcome, Task
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.trading import traded
from lcrmap.verbs.locate.words import finding, nothing_gained, sentences
from lcrmap.verbs.numbers import listed
from lcrmap.verbs.people import People
from lcrmap.verbs.rivers import Across, open_across, ways_of
from lcrmap.verbs.sources import Reading
from lcrmap.verbs.work import WholeWork

__all__ = ["LocateShown", "LocateWork"]

_MOST_CANDIDATES = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class LocateShown:
    """What the page of a choice shows besides the rows."""

    told: Told
    groups: tuple[Groups, ...]


class LocateWork(WholeWork):
    """Chooses among candidates for the residents of the pack."""

    asked: Locate

    def answered(self) -> Answer:
        """Find the best choices, and say what they come to."""
        asked, sources = self.asked, self.sources
        people = sources.people()
        existing = open_existing(asked, sources)
        layer = sources.layer(asked.candidates, Reading.of(asked), need_geometry=True)
        across = open_across(sources, asked)
        task = self._task(people, existing, layer, across)
        _check_ways(task, across)
        if not _anything(task):
            raise NothingFoundError(nothing_gained(task, existing))
        told = Told(task, self._outcomes(task), existing, people, sources.pack.region, across)
        if task.favour is not None:
            told = traded(told)
        groups = groups_of(people.layer, None, sources)
        said = finding(told)
        rows = located_layer(told)
        return Answer(
            question=asked,
            pack=sources.pack,
            layer=rows,
            finding=said,
            sentences=sentences(told),
            notes=(
                *existing.notes,
                *task.candidates.notes,
                *candidate_notes(told, sources),
                *notes(told),
                *filter(None, [people_left(told, sources)]),
                f"{said}.",
            ),
            main=tuple(each for each in MAIN if each in rows.frame.columns),
            spoken=partial(in_whole_metres),  # an answer holds no function by itself
            passages=passages(told, groups),
            scenario=scenario_text(told, sources.pack),
            shown=LocateShown(told, groups),
        )

    def _task(
        self, people: People, existing: Existing, layer: Layer, across: Across | None
    ) -> Task:
        asked = self.asked
        candidates = open_candidates(layer, people)
        if len(candidates) > _MOST_CANDIDATES:
            raise UsageError(
                f"{layer.name} has {len(candidates):,} candidates, more than {_MOST_CANDIDATES:,}: choose some first, "
                f"as with lcrmap show {asked.candidates} --where EXPR -o some.csv."
            )
        if told := how_long(len(candidates), asked):
            self.sources.foretell(told)
        rules = open_rules(asked, candidates, self.sources)
        ways = ways_of(across)
        frame, residents = people.layer.frame, people.weights["residents"]
        reach = reach_of(frame, residents, existing.frame, candidates.points, ways=ways)
        favour = opened_favour(asked.favoured, people)
        return Task(
            asked,
            frame,
            residents,
            existing.frame,
            candidates,
            reach,
            PairedWays(common=ways),
            rules,
            favour,
        )

    def _outcomes(self, task: Task) -> tuple[Outcome, ...]:
        """Answer for each number that is asked for."""
        asked = task.asked
        deadline = None if asked.seconds is None else time.monotonic() + asked.seconds
        low, high = asked.numbers or (None, None)
        numbers: list[int | None] = [None]
        if low is not None and high is not None:
            numbers = list(range(low, high + 1))
        found: list[Outcome] = []
        try:
            found.extend(
                task.outcome(each, factor=task.factor, deadline=deadline) for each in numbers
            )
        except KeyboardInterrupt as error:
            if found and not getattr(
                error, "__notes__", ()
            ):  # it had not come to a choice of so many
                names = listed(found[-1].names)
                error.add_note(f"The best so far, of {len(found[-1].chosen):,}: {names}.")
            raise
        return tuple(found)


def _anything(task: Task) -> bool:
    """Tell whether any candidate brings anybody anything."""
    asked = task.asked
    gains = task.reach.nearer() if asked.within is None else task.reach.within(asked.within)
    return len(gains.people) > 0


def _check_ways(task: Task, across: Across | None) -> None:
    """Refuse a mean or greatest distance where somebody has no way to anything.

    Raises
    ------
    GeometryError
        If that is so.
    """
    reach = task.reach
    if across is None or task.asked.aim == "reach":
        return
    lost = (reach.weight > 0) & ~(reach.now < float("inf"))
    if lost.any() and (len(task.existing) or len(reach.person) < lost.sum() * reach.candidates):
        many = float(reach.weight[lost].sum())
        raise GeometryError(
            f"{many:,.0f} residents have no way {across.how} to any place across {across.barrier_name}, so there is no "
            f"mean and no greatest distance: ask for --aim reach."
        )
