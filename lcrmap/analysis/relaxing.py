"""The best that a choice among candidates can bring at most: a linear programme of the candidates alone.

Only whether a candidate is chosen is a variable. What the people gain is cut in from above (Benders): of a person whose
gains are s, and of any s* from 0, ``gain(y) <= s* + sum of max(0, s_j - s*) y_j``, and it is tightest where the open
shares of the candidates that bring more than s* add up to 1. Cuts of people whose best candidate is the same are added
up. They hold for any choice, whatever else is asked of it, so that each is found once. Candidates that lie too close to
each other are kept apart likewise, by cuts of a group that gains nothing: ``0 <= 1 - sum of y_j``.

A bound is never read off the solver: it is worked out from the multipliers of the cuts and rules, whatever these are,
and so holds even where the solver is inexact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import highspy
import numpy as np

from lcrmap.analysis.apart import Apart
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.gains import Gains

__all__ = ["Limit", "Relaxation", "Relaxed"]

_TIGHT: Final = 1e-11  # of all gains together: so little is not cut away
_MOST_ROUNDS: Final = 500
_MOST_ROWS: Final = 6000  # beyond which cuts that bind nothing are dropped
_STEPS: Final = 1000  # of the solver at a time: a second's work at most
_INFINITE: Final = highspy.kHighsInf


class Limit(NamedTuple):
    """A rule as a row: ``least <= sum of share x chosen <= most``."""

    candidates: Rows
    share: Floats
    least: float = -np.inf
    most: float = np.inf

    def allows(self, chosen: Floats) -> bool:
        """Tell whether a choice, 1 for each that is chosen, keeps to it."""
        total = float((self.share * chosen[self.candidates]).sum())
        slack = 1e-9 * max(1.0, abs(total))
        return self.least - slack <= total <= self.most + slack


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """What was found of the choices that hold some candidates and not others.

    Attributes
    ----------
    bound
        None of them brings more.
    shares
        How much of each candidate is open, 0 to 1.
    profit
        By how much the bound falls, at least, if a candidate that is open were not, or the other way round.
    tight
        Whether all cuts were made.
    """

    bound: float
    shares: Floats
    profit: Floats
    tight: bool


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Cuts as they are and not as the solver scales them: ``gain <= constant + sum of slope x share``.

    Attributes
    ----------
    group, constant
        Of each cut.
    cut, candidate, slope
        Of each slope that is not nought, cut by cut.
    """

    group: Rows
    constant: Floats
    cut: Rows
    candidate: Rows
    slope: Floats

    def __len__(self) -> int:
        return len(self.group)

    def taken(self, rows: Rows) -> _Cuts:
        """Return some of them, in order."""
        place = np.full(len(self), -1)
        place[rows] = np.arange(len(rows))
        some = place[self.cut] >= 0
        cut = place[self.cut[some]]
        return _Cuts(
            self.group[rows], self.constant[rows], cut, self.candidate[some], self.slope[some]
        )

    def __add__(self, other: _Cuts) -> _Cuts:
        return _Cuts(
            np.concatenate([self.group, other.group]),
            np.concatenate([self.constant, other.constant]),
            np.concatenate([self.cut, other.cut + len(self)]),
            np.concatenate([self.candidate, other.candidate]),
            np.concatenate([self.slope, other.slope]),
        )

    def most(self, shares: Floats) -> Floats:
        """Return what each lets its group gain from some shares."""
        sums = np.bincount(self.cut, self.slope * shares[self.candidate], minlength=len(self))
        return np.asarray(self.constant + sums)

    def steepness(self, weight: Floats, candidates: int) -> Floats:
        """Return the slopes of their weighted sum."""
        sums = np.bincount(self.candidate, self.slope * weight[self.cut], minlength=candidates)
        return sums.astype(np.float64)


class Relaxation:
    """The linear programme of a choice, which knows more cuts with every question.

    Parameters
    ----------
    gains
        What candidates bring.
    limits
        The rules.
    price
        What choosing a candidate takes off; None for nothing.
    apart
        Which candidates are too close to each other; None if that does not matter.
    """

    def __init__(
        self,
        gains: Gains,
        limits: Sequence[Limit],
        price: Floats | None = None,
        apart: Apart | None = None,
    ) -> None:
        self.gains, self.limits, self.apart = gains, tuple(limits), apart
        self.count = gains.candidates
        self.price = np.zeros(self.count) if price is None else price
        named, self._group = np.unique(gains.best, return_inverse=True)
        self.groups = len(named)
        largest = gains.gain[gains.starts[:-1]]
        # The last group is nobody: cuts that keep candidates apart are its own.
        self._top = np.bincount(self._group, largest, minlength=self.groups + 1)
        self._scale = max(
            float(self._top.max(initial=0)), float(np.abs(self.price).max(initial=0)), 1.0
        )
        self._tolerance = _TIGHT * max(float(self._top.sum()), float(np.abs(self.price).sum()))
        self.most = float(self._top.sum() + np.maximum(-self.price, 0).sum())
        """What no choice exceeds, without any rule: each person's largest gain."""
        none, nought = np.empty(0, dtype=np.int64), np.empty(0)
        self._cuts = _Cuts(none, nought, none, none, nought)
        # Of a group and a candidate there is one slope in a cut, whoever of the group it is for.
        pairs = self._group[gains.row] * self.count + gains.candidate
        cells, self._cell = np.unique(pairs, return_inverse=True)
        self._cell_group, self._cell_candidate = np.divmod(cells, self.count)
        self._solver = _solver()
        self._start()

    def _start(self) -> None:
        """Give the solver the variables and the rules, and the cuts that need no question."""
        solver, nothing = self._solver, (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
        cost = np.append(-self.price / self._scale, np.ones(self.groups + 1))
        upper = np.append(np.ones(self.count), self._top / self._scale)
        size = self.count + self.groups + 1
        solver.addCols(size, cost, np.zeros(size), upper, 0, *nothing)
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for each in self.limits:
            solver.addRow(
                each.least,
                each.most,
                len(each.candidates),
                each.candidates.astype(np.int32),
                each.share,
            )
        self._add(self._cut_at(np.zeros(self.count)))

    def solved(
        self,
        low: Floats,
        high: Floats,
        *,
        least: float | None = None,
        enough: float = -np.inf,
        until: Any = None,
    ) -> Relaxed | None:
        """Return the best that choices between two bounds can bring; None if there is no such choice.

        Parameters
        ----------
        low, high
            0 or 1 for each candidate: 1 and 1 for one that is chosen, 0 and 0 for one that is not.
        least
            At least so many are chosen; None for what the first rule says.
        enough
            A bound below this is not made any tighter.
        until
            Called between rounds, and in long ones; it raises what ends them.
        """
        candidates = np.arange(self.count, dtype=np.int32)
        self._solver.changeColsBounds(self.count, candidates, low, high)
        if self.limits and least is not None:
            self._solver.changeRowBounds(0, max(least, self.limits[0].least), self.limits[0].most)
        for _ in range(_MOST_ROUNDS):
            status = self._run(until)
            if status == highspy.HighsModelStatus.kInfeasible:
                return None
            shares, bound, profit = self._bounded(low, high, least)
            if bound < enough:
                return Relaxed(bound, shares, profit, tight=False)
            if not self._cut_away(shares) and not self._kept_apart(shares):
                return Relaxed(bound, shares, profit, tight=True)
        return Relaxed(bound, shares, profit, tight=False)

    def _run(self, until: Any) -> Any:
        """Run the solver, and return how that ended; again and again for some steps, between which Ctrl-C is heard."""
        while True:
            if until is not None:
                until()
            self._solver.run()
            status = self._solver.getModelStatus()
            if status != highspy.HighsModelStatus.kIterationLimit:
                return status

    def _bounded(
        self, low: Floats, high: Floats, least: float | None
    ) -> tuple[Floats, float, Floats]:
        """Return the shares, and the bound that the multipliers prove."""
        solution = self._solver.getSolution()
        values = np.asarray(solution.col_value)
        shares = np.clip(values[: self.count], low, high)
        self._theta = values[self.count : self.count + self.groups] * self._scale
        dual = np.asarray(solution.row_dual)
        rules, cuts = (
            dual[: len(self.limits)] * self._scale,
            np.maximum(dual[len(self.limits) :], 0),
        )
        cuts[cuts < 1e-13] = 0
        used = np.flatnonzero(cuts)
        total = float(cuts[used] @ self._cuts.constant[used])
        spent = np.bincount(self._cuts.group[used], cuts[used], minlength=self.groups + 1)
        total += float(np.maximum(1 - spent, 0) @ self._top)
        profit = self._cuts.steepness(cuts, self.count) - self.price
        for number, (rule, value) in enumerate(zip(self.limits, rules.tolist(), strict=True)):
            floor = rule.least if number or least is None else max(least, rule.least)
            end = rule.most if value > 0 else floor
            if value and np.isfinite(end):
                total += value * end
                profit[rule.candidates] -= value * rule.share
        return shares, total + float(np.maximum(profit * low, profit * high).sum()), profit

    def _cut_away(self, shares: Floats) -> bool:
        """Add the cuts that the shares violate; tell whether there were any."""
        if not self.groups:
            return False
        cuts = self._cut_at(shares)
        excess = self._theta - cuts.most(shares)
        over = np.flatnonzero(excess > self._tolerance / self.groups)
        if not len(over) or float(excess[over].sum()) <= self._tolerance:
            return False
        self._add(cuts.taken(over))
        return True

    def _kept_apart(self, shares: Floats) -> bool:
        """Add the cuts that forbid the shares to take what lies too close together; tell whether there were any."""
        broken = [] if self.apart is None else self.apart.broken_by(shares)
        if not broken:
            return False
        size = [len(each) for each in broken]
        self._add(
            _Cuts(
                np.full(len(broken), self.groups),
                np.full(len(broken), self._scale),
                np.repeat(np.arange(len(broken)), size),
                np.concatenate(broken),
                np.full(sum(size), -self._scale),
            )
        )
        return True

    def _cut_at(self, shares: Floats) -> _Cuts:
        """Return the cut of each group that is tightest at some shares."""
        gains = self.gains
        critical = np.zeros(len(gains.people))
        pairs = np.flatnonzero(shares[gains.candidate] > 0)
        if len(pairs):
            row = gains.row[pairs]
            opened = np.cumsum(shares[gains.candidate[pairs]])
            first = np.flatnonzero(np.diff(row, prepend=-1))
            before = np.append(0, opened)[first]
            opened -= np.repeat(before, np.diff(np.append(first, len(row))))
            full = np.flatnonzero(opened >= 1 - 1e-9)
            who, at = np.unique(row[full], return_index=True)
            critical[who] = gains.saved[pairs[full[at]]]
        over = np.flatnonzero(gains.saved > critical[gains.row])
        row = gains.row[over]
        brings = (gains.saved[over] - critical[row]) * gains.weight[row]
        slope = np.bincount(self._cell[over], brings, minlength=len(self._cell_group))
        constant = np.bincount(self._group, critical * gains.weight, minlength=self.groups)
        some = np.flatnonzero(slope)
        return _Cuts(
            np.arange(self.groups),
            constant.astype(np.float64),
            self._cell_group[some],
            self._cell_candidate[some],
            slope[some].astype(np.float64),
        )

    def _add(self, cuts: _Cuts) -> None:
        if not len(cuts):
            return
        if len(self._cuts) > _MOST_ROWS:
            self._drop_idle()
        self._cuts = self._cuts + cuts
        length = np.bincount(cuts.cut, minlength=len(cuts))
        # Each row begins with its group's own variable.
        starts = np.append(0, np.cumsum(length + 1))[:-1]
        own = starts - np.arange(len(starts))
        index = np.insert(cuts.candidate, own, self.count + cuts.group)
        value = np.insert(-cuts.slope / self._scale, own, 1.0)
        number = len(cuts)
        self._solver.addRows(
            number,
            np.full(number, -_INFINITE),
            cuts.constant / self._scale,
            len(index),
            starts.astype(np.int32),
            index.astype(np.int32),
            value,
        )

    def _drop_idle(self) -> None:
        """Forget the cuts that bind nothing now: they are found again where they do."""
        dual = np.asarray(self._solver.getSolution().row_dual)[len(self.limits) :]
        idle = np.flatnonzero(np.abs(dual) < 1e-12)
        kept = np.setdiff1d(np.arange(len(dual)), idle)
        self._solver.deleteRows(len(idle), (idle + len(self.limits)).astype(np.int32))
        self._cuts = self._cuts.taken(kept)


class _Silent(highspy.Highs):
    """A solver that prints nothing, not even who it is: stdout is for answers."""

    def enableCallbacks(self) -> Any:  # noqa: N802 (the solver calls it when it is made)
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call]  # of a library without types


def _solver() -> highspy.Highs:
    solver: highspy.Highs = _Silent()  # type: ignore[no-untyped-call]  # of a library without types
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "solver": "simplex",
        "presolve": "off",
        "simplex_iteration_limit": _STEPS,
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-9,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver
