"""What is said of a comparison: how many gain and lose, how sure that is, and what else changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from lcrmap.analysis.access import PER
from lcrmap.errors import shortened
from lcrmap.layers import Metadata
from lcrmap.verbs.changing import Scene
from lcrmap.verbs.numbers import distance_words, number_words
from lcrmap.verbs.rivers import over_words
from lcrmap.verbs.scene_words import title_of

if TYPE_CHECKING:
    from lcrmap.verbs.compare.comparing import Compared
    from lcrmap.verbs.compare.measures import Measure

__all__ = [
    "Said",
    "behind",
    "change_words",
    "digits_of",
    "doubtful",
    "finding_of",
    "headline_of",
    "leading",
    "met_words",
    "moved",
    "nobody_loses",
    "one",
    "state_of",
    "sums_words",
]

_NOBODY: Final = {"gain": "nobody gains", "lose": "nobody loses"}
_LIVE: Final = {"gain": "are nearer to", "lose": "are farther from"}
_SHARE: Final = {"gain": "more", "lose": "less of the"}
_REACH: Final = {"gain": "come", "lose": "no longer live"}


class Said(NamedTuple):
    """What is said of a measure: the change itself, and what a headline has below it."""

    short: str
    more: str = ""

    @property
    def text(self) -> str:
        """The whole, without the full stop."""
        return self.short + self.more

    def untitled(self, title: str) -> Said:
        """Return the same without the title of a scenario before it."""
        short = self.short.removeprefix(f"{title}: ")
        return Said(short[:1].upper() + short[1:], self.more)


def headline_of(compared: Compared, others: Sequence[Compared]) -> Said:
    """Say what a scenario changes of a measure, without the full stop.

    Parameters
    ----------
    others
        All that is compared: of who loses, or gains, by another measure alone it is told that there are some.
    """
    said = _said(compared, compared.total, others)
    return Said(behind(title_of(compared.scene), said.short), said.more)


def behind(title: str, text: str) -> str:
    """Return a sentence of ours behind a title and a colon, without its capital.

    >>> behind("Two stations open", "As before: all.")
    'Two stations open: as before: all.'
    """
    return f"{title}: {text[:1].lower()}{text[1:]}"


def finding_of(compared: Compared, others: Sequence[Compared]) -> str:
    """Say the same in one."""
    return headline_of(compared, others).text


def change_words(compared: Compared) -> str:
    """Say how a measure changes among all residents."""
    return sums_words(compared, compared.total)


def sums_words(compared: Compared, sums: pd.Series[Any]) -> str:
    """Say how a measure changes among some of them."""
    return _said(compared, sums).text


def _said(compared: Compared, sums: pd.Series[Any], others: Sequence[Compared] = ()) -> Said:
    if compared.measure.kind == "within":
        return _within_words(compared, sums, others)
    if compared.measure.kind == "distance":
        return _figure_words(compared, sums, others, _distance)
    if compared.measure.kind == "access":
        return _figure_words(compared, sums, others, _access)
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
    compared: Sequence[Compared], kinds: Sequence[str] = ("within", "distance", "access", "count")
) -> list[Compared]:
    """Return of each scenario the first measure that moves; where none does, the first."""
    best: dict[Scene, Compared] = {}
    for each in compared:
        if each.measure.kind in kinds:
            before = best.setdefault(each.scene, each)
            if not moved(before.total) and moved(each.total):
                best[each.scene] = each
    return list(best.values())


def met_words(met: int, draws: int) -> str:
    """Say in how many draws an aim is met: of 100, unless they are fewer.

    >>> met_words(475, 500), met_words(499, 500), met_words(1, 500)
    ('met in 95 of 100 draws', 'met in over 99 of 100 draws', 'met in under 1 of 100 draws')
    >>> met_words(0, 500), met_words(7, 20)
    ('met in no draw', 'met in 7 of 20 draws')
    """
    if met == 0:
        return "met in no draw"
    if met == draws:
        return "met in all draws" if draws > 1 else "met in the one draw"
    if draws < 100:
        return f"met in {met:,} of {draws:,} draws"
    share = 100 * met / draws
    some = "under 1" if share < 1 else "over 99" if share > 99 else f"{share:.0f}"
    return f"met in {some} of 100 draws"


def state_of(scene: Scene) -> str:
    """Return what a column of figures in a scenario is called."""
    return shortened(scene.title, 40) if scene.effects else "As it is"


# Of whom else it is told


def _nobody(compared: Compared, name: str, others: Sequence[Compared]) -> str:
    """Say that nobody gains or loses; where somebody does by another measure of the same scenario, that too."""
    by_others = [
        each
        for each in others
        if each.scene is compared.scene and each.measure.kind != "count" and each is not compared
    ]
    some = [each for each in by_others if float(each.total[name]) > 0]
    if some:
        most = max(some, key=lambda each: float(each.total[name]))
        return f"{_NOBODY[name]} by this measure; {_who(most, name)}"
    if any(float(each.total[f"{name}_max"]) != 0 for each in by_others):
        return f"{_NOBODY[name]} by this measure; by another some may"
    return _NOBODY[name]


def _who(compared: Compared, name: str) -> str:
    """Say how many gain or lose by a measure."""
    count, target = float(compared.total[name]), one(compared.target.metadata)
    if compared.measure.kind == "access":
        have = "has" if count == 1 else "have"
        return f"{count:,.0f} {have} {_SHARE[name]} {_shared_words(compared)}"
    if compared.measure.metres is None:
        live = _LIVE[name].replace("are", "is") if count == 1 else _LIVE[name]
        return f"{count:,.0f} {live} {target}"
    live = (
        _REACH[name]
        if count != 1
        else {"come": "comes", "no longer live": "no longer lives"}[_REACH[name]]
    )
    return f"{count:,.0f} {live} within {distance_words(compared.measure.metres, exact=True)} of {target}"


def _if_certain(compared: Compared) -> str:
    """Say of figures, and of their range, that they take a change to be certain that has a chance."""
    return ", if all of it comes about" if doubtful(compared) else ""


def doubtful(compared: Compared) -> bool:
    """Tell whether a change that matters to a measure may not come about."""
    layers = {compared.measure.layer}
    if compared.across is not None:
        layers.add(compared.across.crossings.name)
    return any(
        each.change.chance < 1 and (each.layer in layers or each.change.verb == "people")
        for each in compared.scene.effects
    )


# Residents within a distance


def _within_words(compared: Compared, sums: pd.Series[Any], others: Sequence[Compared]) -> Said:
    where = f"within {_reach_of(compared)} of {one(compared.target.metadata)}"
    over = over_words(compared.across)
    change, low, high = (float(sums[f"change{end}"]) for end in ("", "_min", "_max"))
    come = _arriving(compared, sums)
    if change == low == high == 0 and not sums["gain"] and not sums["lose"]:
        return Said(f"No more and no fewer residents live {where}", f"{over}{come}")
    sides = f"{_sides(compared, sums, others)}{come}"
    over += _if_certain(compared)
    if change == low == high == 0:
        return Said(f"As many residents live {where} as before", f"{over}{sides}")
    if low > 0 or high < 0:
        more = "more" if change > 0 else "fewer"
        near, far = (low, high) if low > 0 else (-high, -low)
        noun, live = ("resident", "lives") if abs(change) == 1 else ("residents", "live")
        over = f"{over_words(compared.across)}{_between(near, far)}{_if_certain(compared)}"
        return Said(f"{abs(change):,.0f} {more} {noun} {live} {where}", f"{over}{sides}")
    may = _may(change, low, high)
    return Said(f"The number of residents {where} {may.short}", f"{over}{may.more}{sides}")


def _reach_of(compared: Compared) -> str:
    assert compared.measure.metres is not None  # noqa: S101 (of a measure of this kind)
    return distance_words(compared.measure.metres, exact=True)


def _may(change: float, low: float, high: float) -> Said:
    """Say that a number may rise or fall; by how much it does as the positions stand."""
    by = f"{'rises' if change > 0 else 'falls'} by {abs(change):,.0f}" if change else "stays"
    stands = f"; as the positions stand it {by}"
    unknown = "cannot be told, as an error is unknown"
    if math.isnan(low) and math.isnan(high):
        return Said("may rise or fall", f", how much {unknown}{stands}")
    if math.isnan(low) or math.isnan(high):
        known, other = ("rise", "fall") if math.isnan(low) else ("fall", "rise")
        most = high if math.isnan(low) else -low
        if most <= 0:
            return Said(f"may {other}", f", how far {unknown}{stands}")
        return Said(
            f"may {known} by at most {most:,.0f}", f", how far it may {other} {unknown}{stands}"
        )
    if low >= 0:
        return Said(f"may rise by up to {high:,.0f}", stands)
    if high <= 0:
        return Said(f"may fall by up to {-low:,.0f}", stands)
    return Said("may rise or fall", f", from {-low:,.0f} fewer to {high:,.0f} more{stands}")


def _between(near: float, far: float) -> str:
    """Write the range of a change behind it, the end nearer to nought first; an open far end is said."""
    if math.isnan(far):
        return f", at least {near:,.0f}, how many at most cannot be told, as an error is unknown"
    if near == far:
        return ""
    return f", between {near:,.0f} and {far:,.0f}"


def _sides(compared: Compared, sums: pd.Series[Any], others: Sequence[Compared]) -> str:
    """Say who gains and who loses, where that is more than the net change tells."""
    gain, lose, arrive = (float(sums[each]) for each in ("gain", "lose", "arrive"))
    told = []
    if gain and lose:
        told.append(f"{gain:,.0f} gain and {lose:,.0f} lose")
    elif float(sums["lose_max"]) == 0:
        told.append(_nobody(compared, "lose", others))
    elif float(sums["gain_max"]) == 0:
        told.append(_nobody(compared, "gain", others))
    if arrive and bool(gain) != bool(lose):  # the net change tells them and those who come in one
        told.append(f"{gain:,.0f} gain" if gain else f"{lose:,.0f} lose")
    return "".join(f"; {each}" for each in told)


def _arriving(compared: Compared, sums: pd.Series[Any]) -> str:
    """Say of those who come, or leave, how many live within the distance."""
    arrive, net = float(sums["arrive"]), float(sums["after"] - sums["before"])
    reach = f"within {_reach_of(compared)}"
    if net and 0 <= arrive / net <= 1:
        some = f"{abs(arrive):,.0f}" if arrive else "none"
        live = ("live" if abs(arrive) != 1 else "lives") if net > 0 else "lived"
        come = "come" if net > 0 else "leave"
        if arrive == net and abs(net) > 1:
            some = "all"
        if abs(net) == 1:
            return f"; of the 1 resident who {come}s, {some} {live} {reach}"
        return f"; of the {abs(net):,.0f} who {come}, {some} {live} {reach}"
    if arrive:  # some come and others leave
        more, less = ("come", "leave") if arrive > 0 else ("leave", "come")
        return f"; {abs(arrive):,.0f} more {more} than {less} {reach}"
    return ""


# What each resident has: how far it is, or how much there is of it


class _Figure(NamedTuple):
    """How a figure of each resident, and its change, is said.

    Attributes
    ----------
    unknown
        That there is none.
    average
        How its average goes from one scenario to the other.
    of_what
        What it is the average of, where nothing before has said it.
    nobody
        That nobody has it better or worse.
    both
        How many have it better, and how many worse.
    some
        How many have it better, where nobody has it worse, or the other way round.
    """

    unknown: str
    average: str
    of_what: str
    nobody: str
    both: str
    some: str


def _distance(compared: Compared, gain: float, lose: float, ends: tuple[float, float]) -> _Figure:
    """Say how far it is to the nearest."""
    target, over = one(compared.target.metadata), over_words(compared.across)
    noun = "resident lives" if gain + lose == 1 else "residents live"
    return _Figure(
        unknown=f"How far {target} is{over} cannot be told, as nobody lives there",
        average=f"the average distance goes from {ends[0]:,.0f} m to {ends[1]:,.0f} m",
        of_what=f" to {target}{over}",
        nobody=f"Nobody lives nearer to {target} or farther from one",
        both=f"{gain:,.0f} residents live nearer to {target} and {lose:,.0f} farther",
        some=f"{gain + lose:,.0f} {noun} {'farther from' if lose else 'nearer to'} {target}",
    )


def _access(compared: Compared, gain: float, lose: float, ends: tuple[float, float]) -> _Figure:
    """Say how much there is of what is shared."""
    what, over = _shared_words(compared), over_words(compared.across)
    first, second = (number_words(each, 3) for each in ends)
    if first == second:  # the change is smaller than what is said of either
        first, second = (number_words(each, 6) for each in ends)
    have = "resident has" if gain + lose == 1 else "residents have"
    return _Figure(
        unknown=f"How much there is of {what}{over} cannot be told, as nobody lives there",
        average=f"the average goes from {first} to {second} for each {PER:,} residents",
        of_what=f": {what}{over}",
        nobody=f"Nobody has more or less of {what}",
        both=f"{gain:,.0f} residents have more {what}, and {lose:,.0f} less",
        some=f"{gain + lose:,.0f} {have} {_SHARE['lose' if lose else 'gain']} {what}",
    )


def _figure_words(
    compared: Compared,
    sums: pd.Series[Any],
    others: Sequence[Compared],
    said: Callable[[Compared, float, float, tuple[float, float]], _Figure],
) -> Said:
    """Say how a figure of each resident changes."""
    gain, lose, first, second = (float(sums[each]) for each in ("gain", "lose", "first", "second"))
    told = said(compared, gain, lose, (first, second))
    if math.isnan(first) or math.isnan(second):
        return Said(told.unknown)
    certain, over = _if_certain(compared), over_words(compared.across)
    average = f"{certain}: {told.average}"
    if not gain and not lose:
        if first != second:
            return Said("Residents come or leave", f"{average}{told.of_what}")
        if not moved(sums):
            return Said(told.nobody, over)
        stand = f"As the positions stand {told.nobody[:1].lower()}{told.nobody[1:]}"
        return Said(stand, f"{over}, though some may{certain}")
    if gain and lose:
        return Said(told.both, f"{over}{average}{_sure(sums)}")
    name, other = ("lose", "gain") if lose else ("gain", "lose")
    never = float(sums[f"{other}_max"]) == 0
    ends = f"; {_nobody(compared, other, others)}" if never else ""
    return Said(told.some, f"{over}{_people(sums, name)}{average}{ends}")


def _people(sums: pd.Series[Any], name: str) -> str:
    low, high = (float(sums[f"{name}{end}"]) for end in ("_min", "_max"))
    if math.isnan(low) or math.isnan(high) or low == high:
        return ""
    return f", between {low:,.0f} and {high:,.0f}"


def _sure(sums: pd.Series[Any]) -> str:
    low, high = float(sums["change_min"]), float(sums["change_max"])
    if math.isnan(low) or math.isnan(high) or low > 0 or high < 0:
        return ""
    return "; the average may rise or fall"


def digits_of(measure: Measure) -> int:
    """Return how many digits of a figure of a measure stand behind the point."""
    return 3 if measure.kind == "access" else 0


def _shared_words(compared: Compared) -> str:
    return f"{compared.measure.places} within {_reach_of(compared)}, shared with all near them"


# Counts


def _count_words(compared: Compared, sums: pd.Series[Any]) -> Said:
    known = compared.target.metadata
    first, second, change = (float(sums[each]) for each in ("first", "second", "change"))
    gain, lose = float(sums["gain"]), float(sums["lose"])
    if not change:
        some = f"There are {second:,.0f} {known.noun(int(second))}, as"
        if gain or lose:
            stand = f": {gain:,.0f} come and {lose:,.0f} go, or stand elsewhere"
            return Said(f"{some} many as before", f"{stand}{_if_certain(compared)}")
        return Said(f"{some} before")
    more = "more" if change > 0 else "fewer"
    noun = known.noun(int(abs(change)))
    become = f": {first:,.0f} become {second:,.0f}{_if_certain(compared)}"
    return Said(f"{abs(change):,.0f} {more} {noun}", become)


def one(metadata: Metadata) -> str:
    """Return one feature of a layer with its article.

    >>> one(Metadata("a", "A", noun_one="Investment Zone site"))
    'an Investment Zone site'
    """
    noun = metadata.noun_one
    if noun == "feature":
        return f"a feature of {metadata.name}"
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
