"""Which of some candidates together bring the most: the best choice, those next to it, and the proof.

Choices are divided into those with and those without a candidate, the most promising part first, until no part can hold
anything better than what was found. A part whose best choice is known is divided around that one, so that the next best
come in the same way. Nothing is left to the solver but the shares: what a choice brings is summed from the gains.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from lcrmap.analysis.apart import Apart
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.gains import Gains
from lcrmap.analysis.relaxing import Limit, Relaxation, Relaxed

__all__ = ["Choice", "Found", "Rules", "StoppedError", "added", "best_choices", "greedy"]

_WHOLE: Final = 1e-6  # so near to 0 or 1 a share is none
_SAME: Final = 0.5  # gains are whole numbers
_MOST_TIES: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What a choice must keep to.

    Attributes
    ----------
    least, most
        How many are chosen.
    must, never
        Candidates that are always, and never, among them.
    limits
        Other rules, as rows.
    apart
        Which of them are too close to each other to be chosen both; None if that does not matter.
    """

    least: int
    most: int
    must: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    limits: tuple[Limit, ...] = ()
    apart: Apart | None = None

    def allow(self, chosen: Sequence[int], candidates: int) -> bool:
        """Tell whether a choice keeps to all of them."""
        if not self.least <= len(chosen) <= self.most:
            return False
        if not set(self.must) <= set(chosen) or set(self.never) & set(chosen):
            return False
        mask = np.zeros(candidates)
        mask[list(chosen)] = 1
        if not all(each.allows(mask) for each in self.limits):
            return False
        return self.apart is None or self.apart.allows(chosen)

    def rows(self, candidates: int) -> tuple[Limit, ...]:
        """Return them as rows, the one about their number first."""
        count = Limit(
            np.arange(candidates), np.ones(candidates), float(self.least), float(self.most)
        )
        return (count, *self.limits)


class Choice(NamedTuple):
    """Some candidates, lowest first, and what they bring together."""

    chosen: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best choices, and how sure it is that they are.

    Attributes
    ----------
    choices
        The best first; of equal ones that of the fewest and lowest candidates. All that are equal to the first are
        there, also beyond the number that was wanted. None if no choice keeps to the rules.
    bound
        No choice brings more.
    nodes
        How many parts were looked into.
    proved
        Whether no choice is better than the first, nor than the last and not among them.
    more_ties
        Whether there are more that are equal to the last than are listed.
    """

    choices: tuple[Choice, ...]
    bound: float
    nodes: int
    proved: bool
    more_ties: bool = False


class _Part(NamedTuple):
    """The choices with some candidates and without others, of which at least so many are chosen."""

    inside: tuple[int, ...]
    outside: tuple[int, ...]
    least: int


class StoppedError(KeyboardInterrupt):
    """Raised where Ctrl-C ends a search.

    Attributes
    ----------
    chosen
        The best choice so far; empty if there is none.
    asked
        What asked to end.
    """

    def __init__(self, chosen: tuple[int, ...], asked: KeyboardInterrupt) -> None:
        super().__init__()
        self.chosen, self.asked = chosen, asked


class _TimeOut(Exception):  # noqa: N818 (it ends a search, and is no error)
    pass


class _Search:
    """A search through the parts, the most promising first."""

    def __init__(
        self,
        relaxation: Relaxation,
        rules: Rules,
        wanted: int,
        deadline: float | None,
        known: Sequence[Sequence[int]],
        any_best: bool,
    ) -> None:
        self.relaxation, self.gains, self.rules = relaxation, relaxation.gains, rules
        self.count = relaxation.count
        self.wanted, self.deadline = wanted, deadline
        self.margin = _SAME if any_best else -_SAME
        self.pool: dict[tuple[int, ...], float] = {}
        self.heap: list[tuple[float, int, _Part, Relaxed, tuple[int, ...] | None]] = []
        self.number = itertools.count()
        self.nodes = 0
        self.current = relaxation.most
        for each in known:
            self.try_(each)

    # What is known so far

    def try_(self, chosen: Sequence[int] | Rows) -> float | None:
        """Weigh a choice that keeps to the rules, and remember it; None for one that does not."""
        key = tuple(sorted(int(each) for each in chosen))
        if key not in self.pool:
            if not self.rules.allow(key, self.count):
                return None
            self.pool[key] = self.gains.of(key) - float(self.relaxation.price[list(key)].sum())
        return self.pool[key]

    @property
    def enough(self) -> float:
        """What a part must be able to bring to be looked into."""
        if len(self.pool) < self.wanted:
            return -np.inf
        return heapq.nlargest(self.wanted, self.pool.values())[-1] + self.margin

    # The search

    def run(self) -> Found:
        proved, more = True, False
        try:
            self.look(_Part(self.rules.must, self.rules.never, self.rules.least))
            if self.heap and self.heap[0][-1] is None:  # else the best is known already
                self.exchange()
            ties = 0
            while self.heap and -self.heap[0][0] >= self.enough:
                bound, _, part, relaxed, chosen = heapq.heappop(self.heap)
                self.current = -bound
                if chosen is not None and self.pool[chosen] <= self.enough + 2 * _SAME:
                    ties += 1
                if ties > _MOST_TIES:
                    more = True
                    break
                part = self.narrowed(part, relaxed, chosen)
                parts = self.halves(part, relaxed) if chosen is None else self.around(part, chosen)
                for each in parts:
                    self.look(each, relaxed)
            self.current = -self.heap[0][0] if self.heap else -np.inf
        except _TimeOut:
            proved = False
        except KeyboardInterrupt as error:
            so_far = max(self.pool, key=self.pool.__getitem__, default=())
            raise StoppedError(so_far, error) from error
        best = sorted(self.pool.items(), key=lambda each: (-each[1], len(each[0]), each[0]))
        equal = sum(value == best[0][1] for _, value in best)  # these are all named
        choices = tuple(Choice(*each) for each in best[: max(self.wanted, equal)])
        top = choices[0].value if choices else -np.inf
        bound = top if proved else max([self.current, top, *(-each[0] for each in self.heap[:1])])
        return Found(choices, bound, self.nodes, proved, more)

    def tick(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise _TimeOut

    def look(self, part: _Part, above: Relaxed | None = None) -> None:
        """Bound what a part can hold; remember it if that is enough."""
        if len(part.inside) > self.rules.most:
            return
        if len(part.inside) == self.rules.most:
            self.nodes += 1
            self.try_(part.inside)
            return
        if above is not None and self._falls_short(part, above):
            return
        low, high = np.zeros(self.count), np.ones(self.count)
        low[list(part.inside)] = 1
        high[list(part.outside)] = 0
        if (low > high).any():
            return
        self.nodes += 1
        relaxed = self.relaxation.solved(
            low, high, least=part.least, enough=self.enough, until=self.tick
        )
        if relaxed is None or relaxed.bound < self.enough:
            return
        self.try_(self.rounded(relaxed.shares, part))
        whole = np.abs(relaxed.shares - np.rint(relaxed.shares)).max(initial=0) < _WHOLE
        chosen = tuple(np.flatnonzero(relaxed.shares > 0.5).tolist())
        settled = whole and self.try_(chosen) is not None
        # Of parts that promise the same the latest goes first, so that the search comes to an end of one.
        entry = (-relaxed.bound, -next(self.number), part, relaxed, chosen if settled else None)
        heapq.heappush(self.heap, entry)

    def _falls_short(self, part: _Part, above: Relaxed) -> bool:
        """Tell whether a part cannot bring enough, by the multipliers of the part above it."""
        own, whole = above.shares, above.profit
        ins = [each for each in part.inside if own[each] < 1]
        outs = [each for each in part.outside if own[each] > 0]
        fall = np.maximum(-whole[ins], 0).sum() + np.maximum(whole[outs], 0).sum()
        return bool(above.bound - fall < self.enough)

    def exchange(self) -> None:
        """Exchange one of the best choice so far for another as long as that brings more: the proof comes sooner."""
        best = max(self.pool, key=self.pool.__getitem__, default=None)
        while best is not None and not self.relaxation.price.any():
            best = self._exchanged(best)

    def _exchanged(self, chosen: tuple[int, ...]) -> tuple[int, ...] | None:
        """Return the best choice that has one other candidate; None if it brings no more, or keeps to no rule."""
        gains, most, found = self.gains, self.pool[chosen] + _SAME, None
        taken = [*chosen, *self.rules.never]
        for each in sorted(set(chosen) - set(self.rules.must)):
            self.tick()
            rest = [other for other in chosen if other != each]
            brings = added(gains, rest)
            brings[taken] = -np.inf
            other = int(brings.argmax())
            if (value := gains.of(rest) + brings[other]) > most:
                most, found = value, tuple(sorted([*rest, other]))
        return found if found is not None and self.try_(found) is not None else None

    def narrowed(self, part: _Part, relaxed: Relaxed, chosen: tuple[int, ...] | None) -> _Part:
        """Leave out of a part the candidates that no choice good enough has, and put in those that all these have."""
        slack = relaxed.bound - self.enough
        if not np.isfinite(slack):
            return part
        free = np.ones(self.count, dtype=bool)
        free[[*part.inside, *part.outside]] = False
        ins, outs = free & (relaxed.profit > slack), free & (relaxed.profit < -slack)
        if chosen is not None:  # which is divided around, whatever the last digits say
            has = np.isin(np.arange(self.count), chosen)
            ins, outs = ins & has, outs & ~has
        return _Part(
            (*part.inside, *np.flatnonzero(ins).tolist()),
            (*part.outside, *np.flatnonzero(outs).tolist()),
            part.least,
        )

    def rounded(self, shares: Floats, part: _Part) -> Rows:
        """Return the choice of the largest shares."""
        size = int(np.clip(round(float(shares.sum())), part.least, self.rules.most))
        return np.argsort(-shares, kind="stable")[:size]

    def around(self, part: _Part, chosen: tuple[int, ...]) -> Iterator[_Part]:
        """Divide what a part holds besides one choice."""
        inside = list(part.inside)
        for each in chosen:
            if each not in part.inside:
                yield _Part(tuple(inside), (*part.outside, each), part.least)
                inside.append(each)
        if len(chosen) < self.rules.most:
            yield _Part(chosen, part.outside, max(part.least, len(chosen) + 1))

    def halves(self, part: _Part, relaxed: Relaxed) -> Iterator[_Part]:
        """Divide a part by the candidate of which it is least clear whether it is chosen."""
        fixed = {*part.inside, *part.outside}
        if len(fixed) == self.count:
            return  # one choice, which keeps to no rule
        doubt = np.abs(relaxed.shares - 0.5)
        doubt[list(fixed)] = np.inf
        each = int(doubt.argmin())
        yield _Part(part.inside, (*part.outside, each), part.least)
        yield _Part((*part.inside, each), part.outside, part.least)


def best_choices(
    gains: Gains,
    rules: Rules,
    *,
    wanted: int = 1,
    price: Floats | None = None,
    deadline: float | None = None,
    known: Sequence[Sequence[int]] = (),
    any_best: bool = False,
) -> Found:
    """Find the choices that bring the most.

    Parameters
    ----------
    gains
        What candidates bring, in whole numbers.
    rules
        What a choice must keep to.
    wanted
        How many choices.
    price
        What choosing a candidate takes off; None for nothing.
    deadline
        When the search ends with the best so far, by `time.monotonic`; None for no end.
    known
        Choices to begin with.
    any_best
        Whether any of equal choices will do.

    Examples
    --------
    >>> from lcrmap.analysis.gains import gains_of
    >>> table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    >>> found = best_choices(table, Rules(1, 1), wanted=2)
    >>> found.choices, found.proved
    ((Choice(chosen=(1,), value=8.0), Choice(chosen=(0,), value=5.0)), True)
    """
    relaxation = Relaxation(gains, rules.rows(gains.candidates), price, rules.apart)
    found = _Search(relaxation, rules, wanted, deadline, known, any_best).run()
    if not found.more_ties or found.choices[0].value > found.choices[-1].value:
        return found
    first = _lowest(gains, rules, price, found.choices[0])
    others = tuple(each for each in found.choices if each != first)
    return replace(found, choices=(first, *others)[: len(found.choices)])


def _lowest(gains: Gains, rules: Rules, price: Floats | None, best: Choice) -> Choice:
    """Return the choice of the lowest candidates among very many equal ones: one candidate after another is tried."""
    inside, outside, size = list(rules.must), list(rules.never), len(best.chosen)
    for each in range(gains.candidates):
        if len(inside) == size:
            break
        if each in inside or each in outside:
            continue
        tried = replace(rules, least=size, most=size, must=(*inside, each), never=tuple(outside))
        found = best_choices(gains, tried, price=price, any_best=True).choices
        equal = bool(found) and found[0].value >= best.value - _SAME
        (inside if equal else outside).append(each)
    return Choice(tuple(sorted(inside)), best.value)


def added(gains: Gains, chosen: Sequence[int]) -> Floats:
    """Return what each candidate would bring beside a choice.

    Examples
    --------
    >>> from lcrmap.analysis.gains import gains_of
    >>> table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    >>> added(table, []).tolist(), added(table, [1]).tolist()
    ([5.0, 8.0, 5.0], [1.0, 0.0, 1.0])
    """
    reached = np.zeros(len(gains.people))
    who, pairs = gains.first(chosen)
    reached[who] = gains.saved[pairs]
    more = np.maximum(gains.saved - reached[gains.row], 0) * gains.weight[gains.row]
    return np.bincount(gains.candidate, more, minlength=gains.candidates).astype(np.float64)


def greedy(gains: Gains, rules: Rules) -> tuple[int, ...] | None:
    """Return the choice that takes the best next candidate again and again; None where that leads nowhere.

    Examples
    --------
    >>> from lcrmap.analysis.gains import gains_of
    >>> table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    >>> greedy(table, Rules(2, 2))
    (0, 1)
    """
    chosen = list(rules.must)
    within = replace(rules, least=0, must=())
    while len(chosen) < rules.most:
        order = np.argsort(-added(gains, chosen), kind="stable")
        best = next(
            (
                int(each)
                for each in order
                if int(each) not in chosen and within.allow([*chosen, int(each)], gains.candidates)
            ),
            None,
        )
        if best is None:
            break
        chosen.append(best)
    found = tuple(sorted(chosen))
    return found if rules.allow(found, gains.candidates) else None
