"""Where the next one should go: one row a candidate, and what is before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lcrmap.analysis.changes import PairedWays
from lcrmap.analysis.choosing import Rules
from lcrmap.analysis.location import reach_of
from lcrmap.errors import NothingFoundError, UnknownNameError, UsageError
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.compare.groups import Groups, groups_of
from lcrmap.verbs.locate.candidates import Candidates, open_candidates
from lcrmap.verbs.locate.columns import MAIN, located_layer
from lcrmap.verbs.locate.passages import passages
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.locate.solving import Outcome, Task
from lcrmap.verbs.locate.words import Told, finding, notes, nothing_gained, sentences
from lcrmap.verbs.people import People
from lcrmap.verbs.places import Spots
from lcrmap.verbs.rivers import open_across, ways_of
from lcrmap.verbs.sources import Reading
from lcrmap.verbs.work import WholeWork

__all__ = ["LocateShown", "LocateWork"]


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
        spots = sources.spots(asked.layer, Reading.of(asked))
        candidates = open_candidates(
            sources.layer(asked.candidates, Reading.of(asked), need_geometry=True), people
        )
        task = self._task(people, spots, candidates)
        outcomes = self._outcomes(task)
        told = Told(task, outcomes, spots, people, sources.pack.region)
        if not _anything(task):
            raise NothingFoundError(nothing_gained(told))
        layer = located_layer(told)
        groups = groups_of(people.layer, None, sources)
        said = finding(told)
        return Answer(
            question=asked,
            pack=sources.pack,
            layer=layer,
            finding=said,
            sentences=sentences(told),
            notes=(*spots.notes, *candidates.notes, *notes(told), f"{said}."),
            main=tuple(each for each in MAIN if each in layer.frame.columns),
            passages=passages(told, groups),
            shown=LocateShown(told, groups),
        )

    def _task(self, people: People, spots: Spots, candidates: Candidates) -> Task:
        across = open_across(self.sources, self.asked)
        ways = ways_of(across)
        frame, residents = people.layer.frame, people.weights["residents"]
        existing = spots.layer.frame
        reach = reach_of(frame, residents, existing, candidates.points, ways=ways)
        return Task(
            self.asked, frame, residents, existing, candidates, reach, PairedWays(common=ways)
        )

    def _outcomes(self, task: Task) -> tuple[Outcome, ...]:
        found = []
        for number, rules in _rules(task):
            outcome = task.outcome(number, rules, None)
            if not outcome.solved.found.choices:
                raise UsageError("No choice keeps to all the rules.")
            found.append(outcome)
        return tuple(found)


def _rules(task: Task) -> list[tuple[int, Rules]]:
    """Return what each choice must keep to, with how many are chosen; 0 where the aim tells it."""
    asked, count = task.asked, len(task.candidates)
    must, never = (_rows(each, task.candidates) for each in (asked.must, asked.never))
    if asked.numbers is None:
        return [(0, Rules(0, count, must, never))]
    low, high = asked.numbers
    if high > count:
        raise UsageError(
            f"--choose {asked.choose}: there are only {count:,} candidates: choose {count:,} or fewer."
        )
    return [(each, Rules(each, each, must, never)) for each in range(low, high + 1)]


def _rows(keys: Sequence[str], candidates: Candidates) -> tuple[int, ...]:
    """Return the numbers of the candidates of some ids."""
    places = {key: row for row, key in enumerate(candidates.keys)}
    for key in keys:
        if key not in places:
            raise UnknownNameError("candidate", key, candidates.keys, where=candidates.layer.name)
    return tuple(sorted({places[key] for key in keys}))


def _anything(task: Task) -> bool:
    """Tell whether any candidate brings anybody anything."""
    asked = task.asked
    gains = task.reach.nearer() if asked.within is None else task.reach.within(asked.within)
    return len(gains.people) > 0
