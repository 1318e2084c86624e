"""What a choice of places is for, and the choice that does it best.

- ``distance``: the least mean distance to the nearest (p-median).
- ``reach``: the most residents within a distance (maximal covering).
- ``farthest``: the least greatest distance (p-centre); of those the least mean.
- ``everyone``: the fewest with which all live within a distance (set covering); of those the least mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from lcrmap.analysis.choosing import Choice, Found, Rules, best_choices, greedy
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.gains import Gains, gains_of
from lcrmap.analysis.location import Reach
from lcrmap.analysis.relaxing import Limit

__all__ = ["Aim", "Solved", "most_allowed", "solved"]

Aim = Literal["distance", "reach", "farthest", "everyone"]

_AT_ONCE: Final = 200_000_000  # people and candidates that are compared at once
_MOST_COMPARED: Final = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The best choices for an aim.

    Attributes
    ----------
    found
        The choices, each with what it brings: millimetres by residents, or residents.
    greedy
        What taking the best next one again and again comes to; None where it leads nowhere, or is not asked.
    left
        People whom no candidate brings within the distance (``everyone``).
    """

    found: Found
    greedy: tuple[int, ...] | None
    left: Rows


def solved(
    aim: Aim,
    reach: Reach,
    rules: Rules,
    *,
    metres: float | None = None,
    wanted: int = 1,
    weight: Floats | None = None,
    deadline: float | None = None,
) -> Solved:
    """Find the best choices for an aim.

    Parameters
    ----------
    metres
        The distance of ``reach`` and ``everyone``.
    wanted
        How many choices, the best first.
    weight
        Residents as they count, if some count more than once.
    deadline
        When the search ends with the best so far.
    """
    nobody = np.empty(0, dtype=np.int64)
    if aim == "farthest":
        return Solved(_farthest(reach, rules, wanted, deadline), None, nobody)
    if aim == "everyone":
        assert metres is not None  # noqa: S101 (the question is checked)
        return _everyone(reach, rules, metres, wanted, deadline)
    gains = reach.nearer(weight) if metres is None else reach.within(metres, weight)
    start = greedy(gains, rules)
    return Solved(_best(gains, rules, wanted, deadline, start), start, nobody)


def most_allowed(rules: Rules, candidates: int) -> int | None:
    """Return how many can be chosen by some rules at most; None if no choice keeps to them.

    Examples
    --------
    >>> pair = Limit(np.array([0, 1]), np.ones(2), most=1.0)
    >>> most_allowed(Rules(0, 3, limits=(pair,)), 3), most_allowed(Rules(3, 3, limits=(pair,)), 3)
    (2, None)
    """
    none = gains_of([], [], [], np.empty(0), candidates)
    found = best_choices(none, rules, price=-np.ones(candidates), any_best=True)
    return len(found.choices[0].chosen) if found.choices else None


def _best(
    gains: Gains, rules: Rules, wanted: int, deadline: float | None, start: tuple[int, ...] | None
) -> Found:
    """Find the best choices; those of one candidate are sums."""
    if rules.most == 1 == rules.least and not rules.must:
        alone = [
            Choice((each,), float(gains.alone[each]))
            for each in range(gains.candidates)
            if rules.allow((each,), gains.candidates)
        ]
        alone.sort(key=lambda each: (-each.value, each.chosen))
        top = alone[0].value if alone else -np.inf
        equal = sum(each.value == top for each in alone)
        return Found(tuple(alone[: max(wanted, equal)]), top, len(alone), proved=True)
    known = [] if start is None else [start]
    return best_choices(gains, rules, wanted=wanted, deadline=deadline, known=known)


# The farthest


def _farthest(reach: Reach, rules: Rules, wanted: int, deadline: float | None) -> Found:
    gains = reach.nearer()
    radius = _least_radius(reach, rules, deadline)
    choices: dict[tuple[int, ...], Choice] = {}
    nodes, proved, more, named = 0, True, False, wanted
    while radius is not None:
        within = _covering(reach, rules, radius)
        assert within is not None  # noqa: S101 (some choice reaches it)
        found = best_choices(gains, within, wanted=wanted, deadline=deadline)
        for each in found.choices:
            choices.setdefault(each.chosen, each)
        if not nodes:  # those that are equal to the best are all named
            named = max(wanted, sum(each.value == found.choices[0].value for each in found.choices))
        nodes, proved, more = nodes + found.nodes, proved and found.proved, found.more_ties
        if len(choices) >= wanted or not proved:
            break
        radius = _next_radius(reach, rules, radius, len(choices), deadline)
    best = tuple(choices.values())[:named]
    top = best[0].value if best else -np.inf
    return Found(best, top, nodes, proved, more)


def _radii(reach: Reach, rules: Rules) -> Floats:
    """Return the distances that may be the greatest, from the least that any choice leaves."""
    pairs = _allowed(reach, rules)
    nearest = reach.now.copy()
    np.minimum.at(nearest, reach.person[pairs], reach.metres[pairs])
    people = reach.weight > 0
    least = float(nearest[people].max(initial=0))
    every = np.concatenate([reach.metres[pairs], reach.now[people]])
    return np.unique(every[(every >= least) & np.isfinite(every)])


def _allowed(reach: Reach, rules: Rules) -> Rows:
    """Return the pairs of people who count with candidates that may be chosen, where those are nearer."""
    never = np.isin(reach.candidate, np.array(rules.never, dtype=np.int64))
    nearer = reach.metres < reach.now[reach.person]
    return np.flatnonzero(~never & nearer & (reach.weight[reach.person] > 0))


def _least_radius(reach: Reach, rules: Rules, deadline: float | None) -> float | None:
    """Return the least greatest distance that a choice leaves; None if no choice keeps to the rules."""
    radii = _radii(reach, rules)
    low, high = 0, len(radii) - 1
    if not len(radii) or _some(reach, rules, float(radii[high]), deadline) is None:
        return None
    while low < high:
        middle = (low + high) // 2
        chosen = _some(reach, rules, float(radii[middle]), deadline)
        if chosen is None:
            low = middle + 1
        else:
            nearest = reach.after(chosen)[0]
            reached = float(nearest[reach.weight > 0].max(initial=0))
            high = min(middle, int(np.searchsorted(radii, reached)))
    return float(radii[low])


def _next_radius(
    reach: Reach, rules: Rules, radius: float, known: int, deadline: float | None
) -> float | None:
    """Return the next larger greatest distance that more choices keep to than a radius; None if there is none."""
    radii = _radii(reach, rules)
    radii = radii[radii > radius]
    gains = _nothing(reach)

    def more(metres: float) -> bool:
        within = _covering(reach, rules, metres)
        if within is None:
            return False
        return len(best_choices(gains, within, wanted=known + 1, deadline=deadline).choices) > known

    low, high = 0, len(radii) - 1
    if not len(radii) or not more(float(radii[high])):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if more(float(radii[middle])) else (middle + 1, high)
    return float(radii[low])


def _some(
    reach: Reach, rules: Rules, radius: float, deadline: float | None
) -> tuple[int, ...] | None:
    """Return any choice that leaves nobody farther away than a radius; None if there is none."""
    within = _covering(reach, rules, radius)
    if within is None:
        return None
    found = best_choices(_nothing(reach), within, deadline=deadline, any_best=True)
    return found.choices[0].chosen if found.choices else None


def _nothing(reach: Reach) -> Gains:
    """Return the gains of a choice that need only keep to rules."""
    return gains_of([], [], [], reach.weight, reach.candidates)


def _covering(reach: Reach, rules: Rules, radius: float, but: Rows | None = None) -> Rules | None:
    """Return rules by which nobody is left farther away than a radius; None if no choice is like that.

    Parameters
    ----------
    but
        People who are left all the same.
    """
    far = (reach.now > radius) & (reach.weight > 0)
    if but is not None:
        far[but] = False
    pairs = _allowed(reach, rules)
    pairs = pairs[far[reach.person[pairs]] & (reach.metres[pairs] <= radius)]
    person, candidate = reach.person[pairs], reach.candidate[pairs]
    if len(np.unique(person)) < far.sum():
        return None
    rows = tuple(
        Limit(each, np.ones(len(each)), least=1.0)
        for each in _patterns(person, candidate, reach.candidates)
    )
    return replace(rules, limits=(*rules.limits, *rows))


def _patterns(person: Rows, candidate: Rows, count: int) -> list[Rows]:
    """Return the sets of candidates of which each person needs one, without those that others imply."""
    people, place = np.unique(person, return_inverse=True)
    packed: list[np.ndarray] = []
    order = np.argsort(place, kind="stable")
    place, candidate = place[order], candidate[order]
    step = max(1, _AT_ONCE // count)
    for start in range(0, len(people), step):
        first, last = np.searchsorted(place, [start, start + step])
        table = np.zeros((min(step, len(people) - start), count), dtype=bool)
        table[place[first:last] - start, candidate[first:last]] = True
        packed.append(np.unique(np.packbits(table, axis=1), axis=0))
    if not packed:
        return []
    every = np.unpackbits(np.unique(np.concatenate(packed), axis=0), axis=1, count=count)
    size = every.sum(axis=1, dtype=np.int64)
    order = np.argsort(size, kind="stable")
    every, size = every[order], size[order]
    if len(every) <= _MOST_COMPARED:
        whole = every.astype(np.float32)
        holds = (whole @ whole.T) == size[None, :]  # row i has all that row j has
        every = every[~np.triu(holds.T, 1).any(axis=0)]
    return [np.flatnonzero(each) for each in every]


# Everyone


def _everyone(
    reach: Reach, rules: Rules, metres: float, wanted: int, deadline: float | None
) -> Solved:
    pairs = _allowed(reach, rules)
    helped = np.zeros(len(reach.weight), dtype=bool)
    helped[reach.person[pairs[reach.metres[pairs] <= metres]]] = True
    left = np.flatnonzero((reach.now > metres) & (reach.weight > 0) & ~helped)
    within = _covering(reach, rules, metres, left)
    assert within is not None  # noqa: S101 (those whom no candidate reaches are left)
    fewest = best_choices(
        _nothing(reach), within, price=np.ones(reach.candidates), deadline=deadline, any_best=True
    )
    if not fewest.choices:
        return Solved(fewest, None, left)
    number = len(fewest.choices[0].chosen)
    same = replace(within, least=number, most=number)
    found = best_choices(
        reach.nearer(), same, wanted=wanted, deadline=deadline, known=[fewest.choices[0].chosen]
    )
    if not fewest.proved:
        found = replace(found, proved=False)
    return Solved(found, None, left)
