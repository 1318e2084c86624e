"""What is told of a choice besides its rows: each number, the next best, who gains, by area, proof and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from lcrmap.maps.charts import Bar, Bars, Key
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.verbs.compare.groups import Groups
from lcrmap.verbs.locate.effects import Effect, effect_in
from lcrmap.verbs.locate.proof import alternatives, meaning, proof_words
from lcrmap.verbs.locate.solving import Outcome
from lcrmap.verbs.locate.told import Told
from lcrmap.verbs.locate.words import figure_text, gain_text, metres_words, nesting
from lcrmap.verbs.numbers import listed, number_words, share_words

__all__ = ["passages"]

_KEYS: Final = (
    Key("Share of those who gain", "navy", "square"),
    Key("Share of residents", "other", "circle"),
)
_LIMITS: Final = (
    "Only residents and positions are weighed. A choice knows nothing of cost and land, of timetables and ways on the "
    "ground, of demand and capacity, of people outside {region}, nor of whether anything can be built there."
)


def passages(told: Told, groups: Sequence[Groups]) -> tuple[Passage, ...]:
    """Return what is told under headings, in the order in which somebody reads who has to decide."""
    return (
        *_by_number(told),
        *_alternatives(told),
        *_favour(told),
        *_by_groups(told, groups),
        *_by_area(told, groups),
        Passage("Method and proof", proof_words(told), listed=True),
        Passage("What this cannot see", (_LIMITS.format(region=told.region),)),
    )


def _by_number(told: Told) -> Iterator[Passage]:
    """Tell what each further one adds, where several numbers were asked for."""
    if len(told.outcomes) < 2:
        return
    rows, figures, before = [], [told.task.before], told.task.before
    for each in told.outcomes:
        adds = abs(each.figure - before) if np.isfinite(before) else np.nan
        before = each.figure
        rows.append(
            (
                f"{each.number:,}",
                listed(each.names),
                figure_text(told, each.figure),
                gain_text(told, adds),
                _contains(told, each),
            )
        )
        figures.append(each.figure)
    heads = ("Number", "Chosen", told.figure_title, "The last adds", "Contains the choice before")
    sheet = Sheet(
        "The best choice of each number",
        heads,
        (False, False, True, True, False),
        tuple(rows),
        tuple(rows),
        len(rows),
    )
    chart = _steps(told, [f"{each.number:,}" for each in told.outcomes], figures)
    yield Passage("What each further one adds", nesting(told), chart, sheet)


def _steps(told: Told, numbers: Sequence[str], figures: Sequence[float]) -> Bars:
    """Draw what each further one adds to the figure of before; the figures themselves where there is none before."""
    before, *after = figures
    if not np.isfinite(before):
        bars = [
            Bar(number, value, figure_text(told, value))
            for number, value in zip(numbers, after, strict=True)
        ]
        return Bars(f"{told.figure_title} by number chosen", tuple(bars))
    bars = [
        Bar(
            number,
            abs(value - last),
            f"{figure_text(told, abs(value - last))}, to {figure_text(told, value)}",
        )
        for number, last, value in zip(numbers, figures, after, strict=False)
    ]
    does = "adds" if told.task.counts else "takes off"
    title = f"{told.figure_title}: {figure_text(told, before)} before; what each further one {does}"
    return Bars(title, tuple(bars))


def _alternatives(told: Told) -> Iterator[Passage]:
    rows = tuple(alternatives(told))
    if not rows:
        return
    heads = ("Rank", "Choice", told.figure_title, "Worse by", "Whatever the errors of positions")
    sheet = Sheet(
        "The best choice and those next to it",
        heads,
        (False, False, True, True, False),
        rows,
        rows,
        len(rows),
    )
    yield Passage("The next best choices", meaning(told, rows), sheet=sheet)


def _contains(told: Told, outcome: Outcome) -> str:
    """Tell whether a choice has all of the one before it; empty for the first."""
    at = told.outcomes.index(outcome)
    if not at:
        return ""
    return "yes" if set(told.outcomes[at - 1].chosen) <= set(outcome.chosen) else "no"


def _favour(told: Told) -> Iterator[Passage]:
    """Tell what it costs to put a group first: one line a distinct choice, with the factor from which it is best."""
    favour = told.task.favour
    if favour is None:
        return
    words = (lambda value: f"{value:,.0f}") if told.task.counts else metres_words
    rows = tuple(
        (
            number_words(each.factor),
            listed(told.names(each.chosen)),
            words(each.everybody),
            words(each.favoured),
        )
        for each in told.trades
    )
    heads = ("From factor", "Choice", f"{told.figure_title}, all", f"{told.figure_title}, favoured")
    sheet = Sheet(
        f"Residents {favour.words} counted more and more",
        heads,
        (False, False, True, True),
        rows,
        rows,
        len(rows),
    )
    yield Passage(f"What it costs to put residents {favour.words} first", (), sheet=sheet)


def _by_groups(told: Told, groups: Sequence[Groups]) -> Iterator[Passage]:
    """Draw each group's share of those who gain beside its share of residents."""
    for kind in groups[1:]:
        if kind.areas is not None:
            continue
        effect = effect_in(told.last, kind.rows, len(kind))
        whole = effect.gain[-1]
        if not whole:
            continue
        bars = []
        for name, gain, residents in zip(kind.names, effect.gain, effect.residents, strict=False):
            share, people = gain / whole, residents / effect.residents[-1]
            bars.append(Bar(name, share, share_words(share, 1.0), parts=(share, 0.0)))
            bars.append(Bar("", people, share_words(people, 1.0), parts=(0.0, people)))
        caption = f"{told.gaining}: {whole:,.0f} residents"
        yield Passage(f"Who gains, by {kind.title}", (), Bars(caption, tuple(bars), _KEYS))


def _by_area(told: Told, groups: Sequence[Groups]) -> Iterator[Passage]:
    kind = next((each for each in groups if each.areas is not None), None)
    if kind is None:
        return
    effect = effect_in(told.last, kind.rows, len(kind))
    names = (*kind.names, "All together")
    cells = tuple(_area_cells(name, row, effect) for row, name in enumerate(names))
    heads = (kind.title, "Residents", "Mean before, m", "Mean after, m", told.gaining)
    sheet = Sheet(
        "What changes for their residents",
        heads,
        (False, True, True, True, True),
        cells,
        cells,
        len(cells),
    )
    yield Passage(f"By {kind.title.lower()}", (), sheet=sheet)


def _area_cells(name: str, row: int, effect: Effect) -> tuple[str, ...]:
    means = [each[row] for each in (effect.before, effect.after)]
    told = [f"{each:,.0f}" if np.isfinite(each) else "" for each in means]
    return (name, f"{effect.residents[row]:,.0f}", *told, f"{effect.gain[row]:,.0f}")
