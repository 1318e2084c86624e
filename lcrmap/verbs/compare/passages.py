"""What a comparison tells besides its rows: aims, what else changes, who gains, the changes, and what it cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from lcrmap.maps.charts import Bar, Bars, Key
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.verbs.compare.groups import few
from lcrmap.verbs.compare.words import (
    change_words,
    leading,
    moved,
    nobody_loses,
    state_of,
    sums_words,
)
from lcrmap.verbs.numbers import listed, share_words, signed_words
from lcrmap.verbs.resolving import Effect
from lcrmap.verbs.scene_words import title_of

if TYPE_CHECKING:
    from lcrmap.verbs.changing import Scene
    from lcrmap.verbs.compare.aims import Verdict
    from lcrmap.verbs.compare.comparing import Compared
    from lcrmap.verbs.compare.groups import Groups
    from lcrmap.verbs.compare.rows import Shown

__all__ = ["passages"]

_MOST_LOSERS: Final = 12
_MOST_NAMES: Final = 12
_ALL: Final = Key("Share of residents", "other", "circle")
_KEYS: Final = {
    "gain": (Key("Share of those who gain", "navy", "square"), _ALL),
    "lose": (Key("Share of those who lose", "brown", "diamond"), _ALL),
}
_LIMITS: Final = (
    "Only positions and residents are compared: a scenario knows nothing of timetables, capacity or behaviour, nor of "
    "people outside {region}."
)


def passages(shown: Shown, region: str) -> tuple[Passage, ...]:
    """Return what is told under headings, in the order in which somebody reads who has to decide."""
    made = [
        *_aims(shown.verdicts),
        _else(shown),
        *_by_groups(shown),
        *_by_area(shown),
        *_changes(shown.scenes),
        Passage("What this cannot see", (_LIMITS.format(region=region),)),
    ]
    return tuple(made)


# Aims


def _aims(verdicts: Sequence[Verdict]) -> Iterator[Passage]:
    if verdicts:
        yield Passage("Aims", tuple(map(_verdict, verdicts)), listed=True)


def _verdict(verdict: Verdict) -> str:
    aim, told = verdict.aim, verdict.told
    among = f" among the {aim.among}" if aim.among else ""
    start = told[0].upper() + told[1:] + (" within the range" if told == "undecided" else "")
    figures = sums_words(verdict.compared, verdict.sums)
    return f"{start}: {aim.measure}{among} should {aim.text}. {figures}."


# What else changes


def _else(shown: Shown) -> Passage:
    """Tell of every measure that moved and that no aim asked for, those who lose first; and of groups that lose.

    Where there are no aims, that is all that changes.
    """
    asked = {(each.scene, each.compared.measure.text) for each in shown.verdicts}
    others = [
        each
        for each in shown.compared
        if moved(each.total) and (each.scene, each.measure.text) not in asked
    ]
    others.sort(key=lambda each: -float(each.total["lose"]))
    several = len(shown.scenes) > 2
    told = [_start(each, several) + f"{change_words(each)}." for each in others]
    losers = list(_losers(shown, several))
    if not told:
        other = "else " if shown.verdicts else ""
        told.append(f"Nothing {other}changes of what was measured.")
    told += _as_before(shown, several)
    if shown.still:
        told.append(f"Not touched, and so as before: {listed(shown.still)}.")
    if all(nobody_loses(each.total) for each in shown.compared):
        told.append("Nobody loses by any of these measures.")
    more = len(losers) - _MOST_LOSERS
    told += losers[:_MOST_LOSERS]
    if more > 0:
        told.append(f"{more:,} more groups lose: see the table, column 'lose'.")
    title = "What else changes" if shown.verdicts else "What changes"
    return Passage(title, tuple(told), listed=True)


def _as_before(shown: Shown, several: bool) -> Iterator[str]:
    """Name for each scenario the measures that are as before, if others are not."""
    for scene in dict.fromkeys(shown.scenes[1:]):
        some = [each for each in shown.compared if each.scene is scene]
        still = [each for each in some if not moved(each.total)]
        if still and len(still) < len(some):
            names = listed([each.measure.text for each in still])
            yield f"{_start(still[0], several)}As before: {names}."


def _start(each: Compared, several: bool) -> str:
    return f"{title_of(each.scene)}: " if several else ""


def _losers(shown: Shown, several: bool) -> Iterator[str]:
    """Name groups in which somebody loses though the sum of all rises or stays."""
    for each in shown.compared:
        if float(each.total["change"]) < 0 or each.measure.kind != "within":
            continue
        for kind in few(shown.groups):
            table = each.sums[kind.kind].iloc[: len(kind)]
            for number in table["lose"].to_numpy().nonzero()[0]:
                sums = table.iloc[number]
                yield (
                    f"{_start(each, several)}{kind.names[number]}: {sums['lose']:,.0f} lose of "
                    f"{each.measure.text}."
                )


# Who gains


def _by_groups(shown: Shown) -> Iterator[Passage]:
    """Draw for each kind of groups that are no areas who gains, and who loses, beside their share of residents."""
    for each in leading(shown.compared, ("within", "distance")):
        for kind in shown.groups[1:]:
            if kind.areas is None and kind.kind in each.sums:
                start = _start(each, len(shown.scenes) > 2)
                for name in ("gain", "lose"):
                    yield from _shares(each, kind, name, start)


def _shares(each: Compared, kind: Groups, name: str, start: str) -> Iterator[Passage]:
    """Draw each group's share of those who gain or lose beside that of residents; nothing if nobody does."""
    whole = float(each.total[name])
    if not whole:
        return
    table = each.sums[kind.kind].iloc[: len(kind)]
    bars = _pairs(kind.names, table[name] / whole, table["before"] / table["before"].sum())
    caption = f"{each.measure.heading}: {whole:,.0f} {name}"
    yield Passage(f"{start}Who {name}s, by {kind.title}", (), Bars(caption, bars, _KEYS[name]))


def _pairs(names: Sequence[str], gain: Any, residents: Any) -> tuple[Bar, ...]:
    """Return two bars a group: its share of the gain, and below it its share of residents."""
    bars = []
    for name, share, people in zip(names, gain, residents, strict=True):
        bars.append(Bar(name, float(share), share_words(share, 1.0), parts=(float(share), 0.0)))
        bars.append(Bar("", float(people), share_words(people, 1.0), parts=(0.0, float(people))))
    return tuple(bars)


def _by_area(shown: Shown) -> Iterator[Passage]:
    kind = next((each for each in shown.groups if each.areas is not None), None)
    if kind is None:
        return
    several = len(shown.scenes) > 2
    for each in leading(shown.compared):
        table = each.sums[kind.kind].iloc[: len(kind)]
        rows = [*table.iterrows(), *each.sums["all"].iloc[:1].iterrows()]
        names = (*kind.names, "All together")
        values = [_figures(each, sums) for _, sums in rows]
        cells = tuple((name, *value) for name, value in zip(names, values, strict=True))
        unit = " (m, mean)" if each.measure.kind == "distance" else ""
        states = (f"{state_of(scene)}{unit}" for scene in (shown.scenes[0], each.scene))
        heads = (kind.title, *states, "Change", "Gain", "Lose")
        sheet = Sheet(
            each.measure.heading,
            heads,
            (False, *(True for _ in heads[1:])),
            cells,
            cells,
            len(cells),
        )
        yield Passage(
            _start(each, several) + f"By {kind.title.lower()}: {each.measure.text}", sheet=sheet
        )


def _figures(each: Compared, sums: pd.Series[Any]) -> tuple[str, ...]:
    change, low, high = (float(sums[f"change{end}"]) for end in ("", "_min", "_max"))
    span = "" if low == high else f" ({signed_words(low)} to {signed_words(high)})"
    plain = (f"{float(sums[name]):,.0f}" for name in ("first", "second"))
    sides = (f"{float(sums[name]):,.0f}" for name in ("gain", "lose"))
    return (*plain, signed_words(change) + span, *sides)


# The changes themselves


def _changes(scenes: Sequence[Scene]) -> Iterator[Passage]:
    """List what each scenario changes, why, and on whose word."""
    for scene in dict.fromkeys(scenes):
        if not scene.effects:
            continue
        rows = tuple(_row(each) for each in scene.effects)
        heads = ("What", "Before", "After", "Reason")
        sheet = Sheet(f"Changes of '{scene.name}'", heads, (False,) * 4, rows, rows, len(rows))
        about = tuple(filter(None, (scene.about,)))
        yield Passage(f"The changes: {title_of(scene)}", about, sheet=sheet)


def _row(effect: Effect) -> tuple[str, str, str, str]:
    done = {
        "add": "Added to",
        "remove": "Removed from",
        "move": "Moved in",
        "set": "Changed in",
        "people": "People in",
        "replace": "Replaced:",
    }
    verb = effect.change.verb
    names = "; ".join(effect.names[:_MOST_NAMES])
    more = len(effect.names) - _MOST_NAMES
    told = f"{done[verb]} {effect.layer}: {names}" + (f" and {more:,} more" if more > 0 else "")
    source = f" Source: {effect.change.source}" if effect.change.source else ""
    before = effect.before or ("there" if verb == "remove" else "not there")
    after = effect.after or ("not there" if verb == "remove" else "there")
    return told, before, after, effect.change.reason + source
