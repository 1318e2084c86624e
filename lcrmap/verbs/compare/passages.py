"""What a comparison tells besides its rows: aims, what else changes, who gains, the changes, and what it cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from lcrmap.analysis.access import PER
from lcrmap.maps.charts import Bar, Bars, Key
from lcrmap.maps.passages import Passage, Sheet
from lcrmap.verbs.compare.groups import few
from lcrmap.verbs.compare.measures import read_measure
from lcrmap.verbs.compare.words import (
    behind,
    change_words,
    digits_of,
    doubtful,
    leading,
    met_words,
    moved,
    nobody_loses,
    state_of,
    sums_words,
)
from lcrmap.verbs.effect import Effect
from lcrmap.verbs.numbers import listed, share_words, signed_words
from lcrmap.verbs.scene_words import among_words, should_words, title_of

if TYPE_CHECKING:
    from lcrmap.layers import Pack
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
_DONE: Final = {
    "add": "Added to {layer}",
    "remove": "Removed from {layer}",
    "move": "Moved in {layer}",
    "set": "Changed in {layer}",
    "people": "Residents of",
    "replace": "Replaced in {layer}",
}
_CERTAIN: Final = (
    "All figures and ranges take it for certain that each change comes about, whatever its chance."
)
_RANGED: Final = "Behind each change that is not exactly known stands its range, in brackets"
# What stands in the heads of columns behind figures that are no numbers of residents, and behind those that are.
_MEANS: Final = {
    "distance": (", mean, m", ", residents"),
    "access": (f", per {PER:,} residents", ", residents"),
}
_LIMITS: Final = (
    "Only positions and residents are compared: a scenario knows nothing of timetables, capacity or behaviour, nor of "
    "people outside {region}."
)


def passages(shown: Shown, pack: Pack) -> tuple[Passage, ...]:
    """Return what is told under headings, in the order in which somebody reads who has to decide."""
    made = [
        *_aims(shown.verdicts),
        _else(shown, [read_measure(each, pack).words for each in shown.still]),
        *_by_groups(shown),
        *_by_area(shown),
        *_changes(shown.scenes),
        Passage("What this cannot see", (_LIMITS.format(region=pack.region),)),
    ]
    return tuple(made)


# Aims


def _aims(verdicts: Sequence[Verdict]) -> Iterator[Passage]:
    if verdicts:
        yield Passage("Aims", tuple(map(_verdict, verdicts)), listed=True)


def _verdict(verdict: Verdict) -> str:
    aim, told = verdict.aim, verdict.told
    among = among_words(aim.among)
    start = told[0].upper() + told[1:] + (" within the range" if told == "undecided" else "")
    figures = sums_words(verdict.compared, verdict.sums)
    measure = verdict.compared.measure.words
    drawn = "" if verdict.met is None else f" ({met_words(*verdict.met)})"
    return f"{start}{drawn}: {measure}{among} should {should_words(aim.should)}. {figures}."


# What else changes


def _else(shown: Shown, still: Sequence[str]) -> Passage:
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
    told = [_told(each, f"{change_words(each)}.", several) for each in others]
    losers = list(_losers(shown, several))
    if not told:
        other = "else " if shown.verdicts else ""
        told.append(f"Nothing {other}changes of what was measured.")
    told += _as_before(shown, several)
    if still:
        told.append(f"Not touched, and so as before: {listed(still)}.")
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
            names = listed([each.measure.words for each in still])
            yield _told(still[0], f"As before: {names}.", several)


def _told(each: Compared, text: str, several: bool) -> str:
    """Return a text, of several scenarios behind the title of its own."""
    return behind(title_of(each.scene), text) if several else text


def _losers(shown: Shown, several: bool) -> Iterator[str]:
    """Name groups in which somebody loses though the sum of all rises or stays."""
    for each in shown.compared:
        if float(each.total["change"]) < 0 or each.measure.kind not in ("within", "access"):
            continue
        for kind in few(shown.groups):
            table = each.sums[kind.kind].iloc[: len(kind)]
            for number in table["lose"].to_numpy().nonzero()[0]:
                sums = table.iloc[number]
                start = f"{title_of(each.scene)}: " if several else ""
                yield f"{start}{kind.names[number]}: {sums['lose']:,.0f} lose of {each.measure.words}."


# Who gains


def _by_groups(shown: Shown) -> Iterator[Passage]:
    """Draw for each kind of groups that are no areas who gains, and who loses, beside their share of residents."""
    for each in leading(shown.compared, ("within", "distance", "access")):
        for kind in shown.groups[1:]:
            if kind.areas is None and kind.kind in each.sums:
                for name in ("gain", "lose"):
                    yield from _shares(each, kind, name, len(shown.scenes) > 2)


def _shares(each: Compared, kind: Groups, name: str, several: bool) -> Iterator[Passage]:
    """Draw each group's share of those who gain or lose beside that of residents; nothing if nobody does."""
    whole = float(each.total[name])
    if not whole:
        return
    table = each.sums[kind.kind].iloc[: len(kind)]
    bars = _pairs(kind.names, table[name] / whole, table["before"] / table["before"].sum())
    caption = f"{each.measure.heading}: {whole:,.0f} {name}"
    title = _told(each, f"Who {name}s, by {kind.title}", several)
    yield Passage(title, (), Bars(caption, bars, _KEYS[name]))


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
        columns = _figure_columns(each, state_of(shown.scenes[0]), [sums for _, sums in rows])
        names = (*kind.names, "All together")
        cells = tuple(zip(names, *columns.values(), strict=True))
        spread = any(sums["change_min"] != sums["change_max"] for _, sums in rows)
        sheet = Sheet(
            _RANGED if spread else each.measure.heading,
            (kind.title, *columns),
            (False, *(True for _ in columns)),
            cells,
            cells,
            len(cells),
        )
        by = f"y {kind.title.lower()}: {each.measure.words}"
        yield Passage(
            f"{title_of(each.scene)}, b{by}" if several else f"B{by}",
            (_CERTAIN,) if doubtful(each) else (),
            sheet=sheet,
        )


def _figure_columns(
    each: Compared, first: str, rows: Sequence[pd.Series[Any]]
) -> dict[str, list[str]]:
    """Return the columns of a table by area: their heads, with the unit where there are two, and their cells."""
    far, digits = each.measure.kind == "distance", digits_of(each.measure)
    metres, people = _MEANS.get(each.measure.kind, ("", ""))
    columns = {
        f"{first}{metres}": [f"{sums['first']:,.{digits}f}" for sums in rows],
        f"{state_of(each.scene)}{metres}": [f"{sums['second']:,.{digits}f}" for sums in rows],
        f"Change{metres}": [_ranged(sums, digits) for sums in rows],
        f"Gain{people}": [f"{sums['gain']:,.0f}" for sums in rows],
        f"Lose{people}": [f"{sums['lose']:,.0f}" for sums in rows],
    }
    if any(float(sums.get("arrive", 0.0)) != 0 for sums in rows):
        head = f"Of the change, by who comes and goes{', m' if far else ''}" if people else "Arrive"
        columns[head] = [signed_words(float(sums["arrive"]), digits) for sums in rows]
    return columns


def _ranged(sums: pd.Series[Any], digits: int) -> str:
    """Write a change with its range behind it."""
    change, low, high = (
        signed_words(float(sums[f"change{end}"]), digits) for end in ("", "_min", "_max")
    )
    return change if low == high else f"{change} ({low} to {high})"


# The changes themselves


def _changes(scenes: Sequence[Scene]) -> Iterator[Passage]:
    """List what each scenario changes, why, on whose word, and how likely it is where that is not certain."""
    for scene in dict.fromkeys(scenes):
        if not scene.effects:
            continue
        heads: tuple[str, ...] = ("What", "Before", "After", "Reason")
        rows: tuple[tuple[str, ...], ...] = tuple(_row(each, scene) for each in scene.effects)
        if any(each.change.chance < 1 for each in scene.effects):
            heads = (*heads, "Chance")
            chances = [f"{100 * each.change.chance:g}%" for each in scene.effects]
            rows = tuple((*row, chance) for row, chance in zip(rows, chances, strict=True))
        plain = (False,) * len(heads)
        sheet = Sheet(f"Changes of '{scene.name}'", heads, plain, rows, rows, len(rows))
        about = tuple(filter(None, (scene.about,)))
        yield Passage(f"The changes: {title_of(scene)}", about, sheet=sheet)


def _row(effect: Effect, scene: Scene) -> tuple[str, ...]:
    verb = effect.change.verb
    names = "; ".join(effect.names[:_MOST_NAMES])
    more = len(effect.names) - _MOST_NAMES
    done = _DONE[verb].format(layer=scene.layers[effect.layer].metadata.title)
    told = f"{done}: {names}" + (f" and {more:,} more" if more > 0 else "")
    source = f" Source: {effect.change.source}" if effect.change.source else ""
    before = effect.before or ("there" if verb == "remove" else "not there")
    after = effect.after or ("not there" if verb == "remove" else "there")
    return told, before, after, effect.change.reason + source
