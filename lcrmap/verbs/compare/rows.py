"""What changes from the first scenario to each other: one row a measure, scenario and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from lcrmap.errors import UsageError
from lcrmap.io.scenarios import bundled_scenarios
from lcrmap.layers import Pack
from lcrmap.layers.scenario import BASELINE
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.compare.aims import Verdict, verdicts
from lcrmap.verbs.compare.columns import compared_layer
from lcrmap.verbs.compare.comparing import Compared, Comparer, State
from lcrmap.verbs.compare.groups import Groups, few, groups_of
from lcrmap.verbs.compare.measures import measures_of, watched
from lcrmap.verbs.compare.passages import passages
from lcrmap.verbs.compare.question import Compare
from lcrmap.verbs.compare.remarks import compare_notes, draws_sentence
from lcrmap.verbs.compare.telling import main_columns_of, told_rows
from lcrmap.verbs.compare.ways import open_across_both
from lcrmap.verbs.compare.words import finding_of, leading
from lcrmap.verbs.scene_words import effects_sentence
from lcrmap.verbs.work import WholeWork

__all__ = ["CompareWork", "Compared", "Shown"]

_ALONE: Final = "To compare takes two: name another scenario, as in 'lcrmap compare baseline {}'."
_ANY_FILE: Final = "mine.toml"


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
            raise UsageError(_ALONE.format(_another(asked.scenarios[0], pack)))
        scenes = tuple(self.sources.scene(each) for each in asked.scenarios)
        over = asked.across is not None
        measures = measures_of(asked.measure, scenes, pack, over=over)
        still = () if asked.measure else watched(scenes, pack, over=over)[1]
        states = [State(self.sources, each) for each in asked.scenarios]
        groups = groups_of(states[0].points, asked.by, states[0].sources)
        first = states[0]
        comparer = Comparer(first, groups, draws=asked.draws, seed=asked.seed)
        paths = [open_across_both(first.sources, each.sources, asked) for each in states[1:]]
        compared = tuple(
            comparer.compared(measure, second, *path)
            for second, path in zip(states[1:], paths, strict=True)
            for measure in measures
        )
        judged = verdicts(compared, groups)
        layer = compared_layer(
            compared, groups, states[0].points, states[0].residents, [each.scene for each in states]
        )
        first_of_each = leading(compared)
        finding = finding_of(first_of_each[0], compared)
        shown = Shown(scenes, compared, groups, judged, still)
        return Answer(
            question=asked,
            pack=pack,
            layer=layer,
            finding=finding,
            sentences=(
                *_drawn(first_of_each[0], asked),
                *_sentences(first_of_each[1:], compared, scenes),
            ),
            notes=(
                *compare_notes(scenes, compared, pack, drawn=asked.draws is not None),
                f"{finding}.",
            ),
            main=main_columns_of(len(scenes)),
            spoken=partial(
                told_rows,
                kinds=[each.kind for each in few(groups)],
                measures={each.text: each.words for each in measures},
            ),
            passages=passages(shown, pack),
            shown=shown,
        )


def _another(name: str, pack: Pack) -> str:
    """Return what to compare with the baseline: the one scenario that is named, or for the baseline itself any."""
    return name if name != BASELINE else next(iter(bundled_scenarios(pack)), _ANY_FILE)


def _drawn(first: Compared, asked: Compare) -> tuple[str, ...]:
    """Say what most draws give of the first measure, if any were made."""
    if asked.draws is None or first.measure.kind == "count":
        return ()
    return (draws_sentence(first, asked.draws, asked.seed),)


def _sentences(
    others: Sequence[Compared], compared: Sequence[Compared], scenes: tuple[Scene, ...]
) -> tuple[str, ...]:
    """Say what each scenario but the first that is compared changes, and what makes each of them."""
    told = [f"{finding_of(each, compared)}." for each in others]
    return (*told, *(effects_sentence(each) for each in dict.fromkeys(scenes) if each.effects))
