"""What is said of a comparison: how many gain and lose, how sure that is, and what else changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from lcrmap.errors import shortened
from lcrmap.layers import Metadata, Pack
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import distance_words, signed_words
from lcrmap.verbs.rivers import over_words
from lcrmap.verbs.scene_words import title_of

if TYPE_CHECKING:
    from lcrmap.verbs.compare.comparing import Compared

__all__ = [
    "change_words",
    "compare_notes",
    "draws_sentence",
    "finding_of",
    "leading",
    "moved",
    "nobody_loses",
    "one",
    "state_of",
    "sums_words",
]

_NOBODY: Final = {"gain": "nobody gains", "lose": "nobody loses"}


def finding_of(compared: Compared) -> str:
    """Say what a scenario changes of a measure, without the full stop."""
    return f"{title_of(compared.scene)}: {change_words(compared)}"


def change_words(compared: Compared) -> str:
    """Say how a measure changes among all residents."""
    return sums_words(compared, compared.total)


def sums_words(compared: Compared, sums: pd.Series[Any]) -> str:
    """Say how a measure changes among some of them."""
    if compared.measure.kind == "within":
        return _within_words(compared, sums)
    if compared.measure.kind == "distance":
        return _distance_words(compared, sums)
    return _count_words(compared, sums)


def moved(sums: pd.Series[Any]) -> bool:
    """Tell whether a figure changes, or may."""
    ends = [float(sums[f"change{end}"]) for end in ("", "_min", "_max")]
    some = [float(sums[each]) for each in ("gain", "lose")]
    return any(each != 0 for each in (*ends, *some))


def nobody_loses(sums: pd.Series[Any]) -> bool:
    """Tell whether surely nobody loses."""
    return float(sums["lose_max"]) == 0


def leading(
    compared: Sequence[Compared], kinds: Sequence[str] = ("within", "distance", "count")
) -> list[Compared]:
    """Return of each scenario the first measure that moves; where none does, the first."""
    best: dict[Scene, Compared] = {}
    for each in compared:
        if each.measure.kind in kinds:
            before = best.setdefault(each.scene, each)
            if not moved(before.total) and moved(each.total):
                best[each.scene] = each
    return list(best.values())


def state_of(scene: Scene) -> str:
    """Return what a column of figures in a scenario is called."""
    return shortened(scene.title, 40) if scene.effects else "As it is"


# Residents within a distance


def _within_words(compared: Compared, sums: pd.Series[Any]) -> str:
    metres = compared.measure.metres
    assert metres is not None  # noqa: S101 (of a measure of this kind)
    reach, over = distance_words(metres, exact=True), over_words(compared.across)
    where = f"within {reach} of {one(compared.target.metadata)}{over}"
    change, low, high = (float(sums[f"change{end}"]) for end in ("", "_min", "_max"))
    if change == low == high == 0 and not sums["gain"] and not sums["lose"]:
        return f"No more and no fewer residents live {where}"
    sides = _sides(sums)
    if change == low == high == 0:
        return f"As many residents live {where} as before{sides}"
    if low > 0 or high < 0:
        more = "more" if change > 0 else "fewer"
        near, far = sorted((abs(low), abs(high)))
        noun, live = ("resident", "lives") if abs(change) == 1 else ("residents", "live")
        return f"{abs(change):,.0f} {more} {noun} {live} {where}{_between(near, far)}{sides}"
    return f"The number of residents {where} {_may(change, low, high)}{sides}"


def _may(change: float, low: float, high: float) -> str:
    """Say that a number may rise or fall; by how much it does as the positions stand."""
    stands = (
        "it stays"
        if change == 0
        else f"it {'rises' if change > 0 else 'falls'} by {abs(change):,.0f}"
    )
    if math.isnan(low) and math.isnan(high):
        return f"may rise or fall, how much cannot be told, as an error is unknown; as the positions stand {stands}"
    if math.isnan(low) or math.isnan(high):
        known, other = ("rise", "fall") if math.isnan(low) else ("fall", "rise")
        most = high if math.isnan(low) else -low
        return (
            f"may {known} by at most {max(most, 0):,.0f}, how far it may {other} cannot be told, as an error is "
            f"unknown; as the positions stand {stands}"
        )
    if low >= 0:
        return f"may rise by up to {high:,.0f}; as the positions stand {stands}"
    if high <= 0:
        return f"may fall by up to {-low:,.0f}; as the positions stand {stands}"
    return f"may rise or fall, from {-low:,.0f} fewer to {high:,.0f} more; as the positions stand {stands}"


def _between(near: float, far: float) -> str:
    """Write the range of a change behind it; an open end is said."""
    if math.isnan(near) and math.isnan(far):
        return ", how many at least and at most cannot be told, as an error is unknown"
    if math.isnan(far):
        return f", at least {near:,.0f}, how many at most cannot be told, as an error is unknown"
    if near == far:
        return ""
    return f", between {near:,.0f} and {far:,.0f}"


def _sides(sums: pd.Series[Any]) -> str:
    """Say who gains and who loses, where that is more than the net change tells."""
    gain, lose, arrive = (float(sums[each]) for each in ("gain", "lose", "arrive"))
    told = []
    if gain and lose:
        told.append(f"{gain:,.0f} gain and {lose:,.0f} lose")
    elif float(sums["lose_max"]) == 0:
        told.append(_NOBODY["lose"])
    elif float(sums["gain_max"]) == 0:
        told.append(_NOBODY["gain"])
    if arrive:
        if bool(gain) != bool(lose):  # the net change tells them and those who come in one
            told.append(f"{gain:,.0f} gain" if gain else f"{lose:,.0f} lose")
        noun = "resident" if abs(arrive) == 1 else "residents"
        told.append(f"{abs(arrive):,.0f} {noun} {'come' if arrive > 0 else 'leave'}")
    return "".join(f"; {each}" for each in told)


# Distances


def _distance_words(compared: Compared, sums: pd.Series[Any]) -> str:
    target, over = one(compared.target.metadata), over_words(compared.across)
    gain, lose = (float(sums[each]) for each in ("gain", "lose"))
    first, second = float(sums["first"]), float(sums["second"])
    if math.isnan(first) or math.isnan(second):
        return f"How far {target} is{over} cannot be told, as nobody lives there"
    means = f"the average distance goes from {first:,.0f} m to {second:,.0f} m"
    if not gain and not lose:
        if first == second:
            return (
                f"Nobody lives nearer to {target} or farther from one{over}"
                if not moved(sums)
                else (
                    f"As the positions stand nobody lives nearer to {target} or farther{over}, though some may"
                )
            )
        return f"Residents come or leave: {means}"
    if gain and lose:
        return (
            f"{gain:,.0f} residents live nearer to {target} and {lose:,.0f} farther{over}: {means}"
            f"{_sure(sums)}"
        )
    if lose:
        live = "resident lives" if lose == 1 else "residents live"
        return f"{lose:,.0f} {live} farther from {target}{over}{_people(sums, 'lose')}: {means}{_never(sums, 'gain')}"
    live = "resident lives" if gain == 1 else "residents live"
    return f"{gain:,.0f} {live} nearer to {target}{over}{_people(sums, 'gain')}: {means}{_never(sums, 'lose')}"


def _people(sums: pd.Series[Any], name: str) -> str:
    low, high = (float(sums[f"{name}{end}"]) for end in ("_min", "_max"))
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    return f" (between {low:,.0f} and {high:,.0f})"


def _never(sums: pd.Series[Any], name: str) -> str:
    return f"; {_NOBODY[name]}" if float(sums[f"{name}_max"]) == 0 else ""


def _sure(sums: pd.Series[Any]) -> str:
    low, high = float(sums["change_min"]), float(sums["change_max"])
    if math.isnan(low) or math.isnan(high) or low > 0 or high < 0:
        return ""
    return "; the average may rise or fall"


# Counts


def _count_words(compared: Compared, sums: pd.Series[Any]) -> str:
    known = compared.target.metadata
    first, second, change = (float(sums[each]) for each in ("first", "second", "change"))
    gain, lose = float(sums["gain"]), float(sums["lose"])
    if not change:
        some = f"{second:,.0f} {known.noun(int(second))}"
        if gain or lose:
            return f"There are {some}, as many as before: {gain:,.0f} come and {lose:,.0f} go, or stand elsewhere"
        return f"There are {some}, as before"
    more = "more" if change > 0 else "fewer"
    noun = known.noun(int(abs(change)))
    return f"{abs(change):,.0f} {more} {noun}: {first:,.0f} become {second:,.0f}"


def one(metadata: Metadata) -> str:
    """Return one feature of a layer with its article.

    >>> one(Metadata("a", "A", noun_one="Investment Zone site"))
    'an Investment Zone site'
    """
    noun = metadata.noun_one
    if noun == "feature":
        return f"a feature of {metadata.name}"
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


# Draws


def draws_sentence(compared: Compared, draws: int, seed: int) -> str:
    """Say between which changes most draws of the positions lie.

    The seed is said, so that the same draws can be made again.
    """
    low, high = (float(compared.total[f"change_{end}"]) for end in ("low", "high"))
    within = compared.measure.kind == "within"
    unit = "residents" if within else "m of the average distance"
    told = (
        f"Of {draws:,} draws of the positions within their errors (seed {seed}), 95 in 100 give a change of "
        f"{signed_words(low)} to {signed_words(high)} {unit}: {compared.measure.text}."
    )
    if compared.scene.chances(compared.measure.layer):
        told += " In a draw a change comes about as its chance has it; all else here takes it to be certain."
    return told


# Notes


def compare_notes(
    scenes: Sequence[Scene], compared: Sequence[Compared], pack: Pack, *, drawn: bool
) -> tuple[str, ...]:
    """Say what whoever asked must read: what the scenarios bring with them, and what cannot matter."""
    notes = [note for scene in scenes for note in (scene.brought if drawn else scene.notes)]
    notes += [note for each in compared for note in each.target.notes]
    across = compared[0].across
    notes += () if across is None else across.notes
    notes += [_cannot_matter(each) for each in scenes if across is None and _crosses(each, pack)]
    names = [each.name for each in scenes]
    again = sorted({each for each in names if names.count(each) > 1})
    notes += [f"'{each}' is compared with itself: nothing changes." for each in again]
    return tuple(dict.fromkeys(notes))


def _crosses(scene: Scene, pack: Pack) -> bool:
    """Tell whether a scenario changes the crossings of the pack."""
    crossings = pack.role("crossings").layer if pack.has_role("crossings") else ""
    return crossings in {each.layer for each in scene.effects}


def _cannot_matter(scene: Scene) -> str:
    return (
        f"'{scene.name}' changes crossings, which cannot matter where distances are straight: "
        f"add --across walk, cycle, drive or rail."
    )
