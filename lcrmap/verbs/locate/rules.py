"""The rules that a choice must keep to, and which of them binds where none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lcrmap.analysis.aims import most_allowed
from lcrmap.analysis.apart import Apart
from lcrmap.analysis.choosing import Rules
from lcrmap.analysis.chords import Floats, Rows
from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.analysis.relaxing import Limit
from lcrmap.errors import UnknownNameError, UsageError, close_names
from lcrmap.verbs.areas import areas_alone, sound
from lcrmap.verbs.columns import number_column
from lcrmap.verbs.locate.candidates import Candidates
from lcrmap.verbs.locate.question import Locate
from lcrmap.verbs.numbers import distance_words, listed, number_words
from lcrmap.verbs.sources import Sources

__all__ = ["RuleBook", "open_rules"]

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """The rules of a question.

    Attributes
    ----------
    must, never
        Candidates that are always, and never, chosen.
    limits
        The others, as rows, by the option that states them.
    apart
        Which candidates lie too close to each other; None if that does not matter.
    cost
        What each candidate costs; None if that does not matter.
    """

    asked: Locate
    candidates: Candidates
    must: tuple[int, ...]
    never: tuple[int, ...]
    limits: dict[str, tuple[Limit, ...]]
    apart: Apart | None
    cost: Floats | None

    def of(self, number: int | None) -> Rules:
        """Return the rules of a choice of so many; None for any number."""
        count = len(self.candidates)
        limits = tuple(each for some in self.limits.values() for each in some)
        if number is None or self.cost is not None:
            most = count if number is None else number
            # What can be paid brings something, or costs nobody anything.
            least = 0 if self.cost is None else 1
            return Rules(least, most, self.must, self.never, limits, self.apart)
        return Rules(number, number, self.must, self.never, limits, self.apart)

    def why_none(self, number: int | None) -> str:
        """Say which rule leaves no choice of so many, with the remedy."""
        whole = self.of(number)
        room = most_allowed(
            replace(whole, least=0, most=len(self.candidates)), len(self.candidates)
        )
        if number is not None and room and room < number:
            allow, them = ("allow", "them") if len(self._named) > 1 else ("allows", "it")
            fewer = f"{room:,} or fewer" if room > 1 else "1"
            return (
                f"--choose {self.asked.choose}: {self._spelled()} {allow} {room:,} at most: choose {fewer}, or loosen "
                f"{them}."
            )
        binding = [name for name in self._loose if self._possible(whole, name)]
        if binding:
            return f"No choice keeps to all rules, but without {listed(binding, 'or')} there is one: loosen it."
        return f"No choice keeps to {self._spelled()} together: loosen one of them."

    def _possible(self, whole: Rules, without: str) -> bool:
        limits = tuple(
            each for name, some in self.limits.items() if name != without for each in some
        )
        rules = replace(whole, limits=limits, apart=None if without == "--apart" else self.apart)
        return most_allowed(rules, len(self.candidates)) is not None

    def _spelled(self) -> str:
        return listed(self._named) or "the rules"

    @property
    def _named(self) -> list[str]:
        """The options that rule the choice."""
        given = {"--must": self.must, "--never": self.never}
        return [*(name for name, some in given.items() if some), *self._loose]

    @property
    def _loose(self) -> list[str]:
        """The options that can be loosened."""
        return [*([] if self.apart is None else ["--apart"]), *self.limits]


def open_rules(asked: Locate, candidates: Candidates, sources: Sources) -> RuleBook:
    """Read the rules of a question.

    Raises
    ------
    UnknownNameError
        If there is no such candidate or column.
    UsageError
        If rules contradict each other.
    """
    must, never = (_named(each, candidates) for each in (asked.must, asked.never))
    limits: dict[str, tuple[Limit, ...]] = {}
    apart = None if asked.apart is None else _apart(asked.apart, candidates, must)
    if asked.most_per is not None:
        limits["--most-per"] = tuple(_most_per(asked, candidates, sources))
    cost = None
    if asked.cost is not None and asked.budget is not None:
        cost = _costs(asked.cost, candidates)
        limits["--budget"] = (_within_budget(asked.budget, cost, candidates, must, never),)
    numbers = asked.numbers
    if numbers is not None and numbers[1] > len(candidates) - len(never):
        left = len(candidates) - len(never)
        raise UsageError(
            f"--choose {asked.choose}: there are only {left:,} candidates: choose {left:,} or fewer."
        )
    if numbers is not None and len(must) > numbers[0]:
        raise UsageError(f"--must names {len(must):,}, more than --choose {asked.choose}.")
    return RuleBook(asked, candidates, must, never, limits, apart, cost)


def _named(keys: Sequence[str], candidates: Candidates) -> tuple[int, ...]:
    """Return the numbers of the candidates of some ids."""
    places = {key: row for row, key in enumerate(candidates.keys)}
    for key in keys:
        if key not in places:
            raise UnknownNameError(
                "candidate",
                key,
                candidates.keys,
                where=candidates.layer.name,
                meant=_called(key, candidates),
            )
    return tuple(sorted({places[key] for key in keys}))


def _called(name: str, candidates: Candidates) -> list[str]:
    """Return the ids of those that are called so, or nearly so: a name may have been typed for an id."""
    ids = dict(zip(candidates.names, candidates.keys, strict=True))
    return [ids[name]] if name in ids else [ids[each] for each in close_names(name, ids)]


def _apart(metres: float, candidates: Candidates, must: tuple[int, ...]) -> Apart:
    """Of candidates that lie too close to each other one is chosen at most."""
    apart = Apart(candidates.points, metres)
    for both in apart.too_close(must):
        names = listed([candidates.names[row] for row in both])
        raise UsageError(
            f"--must names {names}, which lie less than --apart {distance_words(metres, exact=True)} from each other: "
            f"leave one out."
        )
    return apart


def _most_per(asked: Locate, candidates: Candidates, sources: Sources) -> Iterator[Limit]:
    assert asked.most_per is not None  # noqa: S101 (the caller looked)
    name, most = asked.most_in
    if name not in sources.pack.names:
        raise UnknownNameError("layer", name, sources.pack.names)
    layer, _ = sound(sources.layer(name, need_geometry=True))
    layer, _ = areas_alone(layer, wanting="--most-per needs areas")
    home: Rows = assign_areas(candidates.points, layer.frame, key=layer.key)["area"].to_numpy()
    for area in np.unique(home[home != NOWHERE]).tolist():
        inside = np.flatnonzero(home == area)
        yield Limit(inside, np.ones(len(inside)), most=float(most))


def _costs(column: str, candidates: Candidates) -> Floats:
    """Return what candidates cost; refuse a cost that is missing or negative, and name whose it is."""
    values = number_column(candidates.layer, column, "cost").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    wrong = np.flatnonzero(~(values >= 0) | ~np.isfinite(values))
    if len(wrong):
        names = listed([candidates.names[row] for row in wrong[:_SHOWN].tolist()])
        raise UsageError(
            f"--cost needs a number of 0 or more for each candidate, and '{column}' has none for {names}: fill it in, "
            f"or leave them out with 'lcrmap show --where'."
        )
    return values


def _within_budget(
    budget: float,
    cost: Floats,
    candidates: Candidates,
    must: tuple[int, ...],
    never: tuple[int, ...],
) -> Limit:
    allowed = np.setdiff1d(np.arange(len(cost)), never)
    cheapest = int(allowed[cost[allowed].argmin()])
    if budget < cost[cheapest]:
        raise UsageError(
            f"--budget {number_words(budget)} is less than the cheapest candidate costs: "
            f"{candidates.names[cheapest]}, {number_words(float(cost[cheapest]))}."
        )
    if must and cost[list(must)].sum() > budget:
        total = number_words(float(cost[list(must)].sum()))
        raise UsageError(
            f"What --must names costs {total}, more than --budget {number_words(budget)}."
        )
    return Limit(np.arange(len(cost)), cost, most=float(budget))
