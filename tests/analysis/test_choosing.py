"""The best choices, held to all that there are: every aim and rule, on small made-up regions with many ties."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.analysis.aims import Aim, solved
from lcrmap.analysis.choosing import Rules, StoppedError, best_choices, greedy
from lcrmap.analysis.gains import gains_of
from lcrmap.analysis.location import Reach
from lcrmap.analysis.relaxing import Limit, Relaxation

Choice = tuple[int, ...]


@dataclass
class Region:
    """Distances from people to what exists and to candidates, and rules, as plain numbers."""

    weight: list[int]
    now: list[float]
    metres: list[list[float]]
    number: int
    within: float
    must: Choice
    never: Choice
    share: list[int]
    most: int

    @property
    def candidates(self) -> int:
        return len(self.metres[0])

    def reach(self) -> Reach:
        now, metres = np.array(self.now), np.array(self.metres)
        person, candidate = np.nonzero(metres < now[:, None])
        weight = np.array(self.weight, dtype=float)
        error = np.zeros(self.candidates)
        return Reach(weight, now, now, now, person, candidate, metres[person, candidate], error)

    def rules(self, least: int, most: int) -> Rules:
        share = np.array(self.share, dtype=float)
        limit = Limit(np.arange(self.candidates), share, most=float(self.most))
        return Rules(least, most, self.must, self.never, (limit,))

    def keeps(self, chosen: Choice) -> bool:
        return (
            set(self.must) <= set(chosen)
            and not set(self.never) & set(chosen)
            and sum(self.share[each] for each in chosen) <= self.most
        )

    def after(self, chosen: Choice) -> list[float]:
        return [
            min([now, *(row[each] for each in chosen)])
            for now, row in zip(self.now, self.metres, strict=True)
        ]

    def total(self, chosen: Choice) -> float:
        after = self.after(chosen)
        return sum(w * m for w, m in zip(self.weight, after, strict=True) if w)

    def greatest(self, chosen: Choice) -> float:
        return max(m for w, m in zip(self.weight, self.after(chosen), strict=True) if w)

    def reached(self, chosen: Choice) -> int:
        after = self.after(chosen)
        return sum(w for w, m in zip(self.weight, after, strict=True) if m <= self.within)


@st.composite
def regions(draw: st.DrawFn) -> Region:
    people, candidates = draw(st.integers(1, 14)), draw(st.integers(1, 12))
    top = draw(st.sampled_from([3, 30]))  # few distances make ties
    metre = st.integers(0, top).map(float)
    weight = draw(st.lists(st.integers(0, 4), min_size=people, max_size=people))
    if not any(weight):
        weight[0] = 1
    nothing = draw(st.integers(0, 4)) == 0
    now = [np.inf] * people if nothing else [draw(metre) for _ in range(people)]
    metres = [[draw(metre) for _ in range(candidates)] for _ in range(people)]
    one = st.integers(0, candidates - 1)
    must = tuple(draw(st.lists(one, max_size=1)))
    never = tuple(each for each in draw(st.lists(one, max_size=1)) if each not in must)
    share = draw(st.lists(st.integers(0, 4), min_size=candidates, max_size=candidates))
    most = draw(st.sampled_from([100, 8, 4]))
    number = draw(st.integers(1, min(candidates, 4)))
    return Region(weight, now, metres, number, draw(metre), must, never, share, most)


def by_trying(region: Region, aim: Aim, wanted: int) -> list[Choice]:
    """Return the best choices of all that there are, equal ones by their candidates; all that are equal to the best."""
    candidates = range(region.candidates)
    if aim == "everyone":
        every = [
            each
            for number in range(region.candidates + 1)
            for each in itertools.combinations(candidates, number)
            if region.keeps(each)
        ]
        allowed = tuple(each for each in candidates if each not in region.never)
        can = [metres <= region.within for metres in region.after(allowed)]
        every = [
            each
            for each in every
            if all(
                metres <= region.within
                for metres, weight, able in zip(region.after(each), region.weight, can, strict=True)
                if weight and able
            )
        ]
        fewest = min(map(len, every), default=0)
        every = [each for each in every if len(each) == fewest]
    else:
        every = list(filter(region.keeps, itertools.combinations(candidates, region.number)))
    merit = {
        "distance": lambda each: region.total(each),
        "everyone": lambda each: region.total(each),
        "reach": lambda each: -region.reached(each),
        "farthest": lambda each: (region.greatest(each), region.total(each)),
    }[aim]
    every.sort(key=lambda each: (merit(each), each))
    equal = sum(merit(each) == merit(every[0]) for each in every)
    return every[: max(wanted, equal)]


@pytest.mark.parametrize("aim", ["distance", "reach", "farthest", "everyone"])
@settings(max_examples=125, deadline=None)
@given(region=regions(), wanted=st.integers(1, 4))
def test_the_best_choices_are_those_of_all_that_there_are(
    aim: Aim, region: Region, wanted: int
) -> None:
    number = region.number
    rules = (
        region.rules(0, region.candidates) if aim == "everyone" else region.rules(number, number)
    )
    metres = region.within if aim in ("reach", "everyone") else None
    found = solved(aim, region.reach(), rules, metres=metres, wanted=wanted).found
    chosen = [each.chosen for each in found.choices]
    if (
        found.more_ties
    ):  # of very many that are equal a part is listed, the lowest of all among them
        every = by_trying(region, aim, 10_000)
        assert chosen[0] == every[0]
        assert len(every) > len(set(chosen) & set(every)) == len(chosen) >= wanted
    else:
        assert chosen == by_trying(region, aim, wanted)
    assert found.proved


@settings(max_examples=60, deadline=None)
@given(region=regions(), factor=st.integers(2, 9))
def test_what_must_hold_of_any_choice(region: Region, factor: int) -> None:
    number, count = region.number, region.candidates
    gains, rules = region.reach().nearer(), Rules(number, number)
    best, *_ = best_choices(gains, rules).choices
    first = greedy(gains, rules)
    assert first is not None
    assert gains.of(first) <= best.value  # taking one after the other is never better
    assert best_choices(gains, Rules(number, number, must=best.chosen)).choices[0] == best
    weighed = gains.weighted(factor * region.reach().weight)
    assert best_choices(weighed, rules).choices[0].chosen == best.chosen
    if number < count:
        assert best_choices(gains, Rules(number + 1, number + 1)).choices[0].value >= best.value
        without = best_choices(gains, Rules(number, number, never=(count - 1,))).choices[0]
        assert without.value <= best.value  # a further candidate never worsens


def test_where_shares_stay_open_each_exchange_and_each_part_left_out_keeps_the_best() -> None:
    """People at the corners of odd rings, each served by two neighbours: half of every candidate is the relaxation."""
    size, rings = 7, 3
    people = range(size * rings)
    sides = [(each, each // size * size + (each + 1) % size) for each in people]
    person = [each for each in people for _ in range(2)]
    candidate = [each for side in sides for each in side]
    weight = np.array([3.0 + each % 5 for each in people])
    table = gains_of(person, candidate, np.ones(len(person)), weight, len(people))
    found = best_choices(table, Rules(6, 6), wanted=3)
    every = sorted(
        ((table.of(each), each) for each in itertools.combinations(people, 6)),
        key=lambda each: (-each[0], each[1]),
    )
    equal = sum(value == every[0][0] for value, _ in every)
    assert found.proved
    assert [each.value for each in found.choices[:3]] == [value for value, _ in every[:3]]
    assert found.choices[0].chosen == every[0][1]
    assert len(found.choices) >= min(equal, 3)


@pytest.mark.parametrize("seed", range(12))
def test_where_the_relaxation_is_loose_no_part_with_the_best_is_left_out(seed: int) -> None:
    """Gains without any pattern: what the relaxation promises is far from what a choice brings."""
    chance = np.random.default_rng(seed)
    saved = chance.integers(1, 100, (24, 16)) * (chance.random((24, 16)) < 0.3)
    person, candidate = np.nonzero(saved)
    table = gains_of(person, candidate, saved[person, candidate], np.ones(24), 16)
    every = sorted((-table.of(each), each) for each in itertools.combinations(range(16), 4))
    found = best_choices(table, Rules(4, 4), wanted=3)
    assert found.proved
    assert [(-each.value, each.chosen) for each in found.choices[:3]] == every[:3]


def test_the_bound_of_a_proved_choice_is_its_value() -> None:
    table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    found = best_choices(table, Rules(2, 2))
    assert found.choices[0].chosen == (0, 2)
    assert found.bound == found.choices[0].value == 10


def test_the_greedy_choice_may_be_worse() -> None:
    table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    assert greedy(table, Rules(2, 2)) == (0, 1)
    assert table.of((0, 1)) == 9


def test_no_choice_keeps_to_rules_that_contradict_each_other() -> None:
    table = gains_of([0, 0], [0, 1], [5.0, 4.0], np.ones(1), 2)
    apart = Limit(np.array([0, 1]), np.ones(2), most=1.0)
    found = best_choices(table, Rules(2, 2, limits=(apart,)))
    assert found.choices == ()
    assert found.proved


def test_of_very_many_equal_choices_that_of_the_lowest_candidates_is_first() -> None:
    # Candidate 11 is needed; which four of the other eleven come with it does not matter.
    table = gains_of([0, *range(1, 12)], [11, *range(11)], [9.0, *[1.0] * 11], np.ones(12), 12)
    found = best_choices(table, Rules(5, 5))
    assert found.more_ties
    assert found.choices[0].chosen == (0, 1, 2, 3, 11)
    few = gains_of([0, *range(1, 5)], [4, *range(4)], [9.0, *[1.0] * 4], np.ones(5), 5)
    named = best_choices(few, Rules(3, 3))
    assert not named.more_ties
    assert len(named.choices) == 6  # all of them, in order
    assert named.choices[0].chosen == (0, 1, 4)


def test_a_rule_that_leaves_a_single_candidate_comes_to_an_end() -> None:
    table = gains_of([0, 1, 2], [0, 1, 2], [5.0, 4.0, 3.0], np.ones(3), 3)
    cost = Limit(np.arange(3), np.array([5.0, 3.0, 4.0]), most=7.0)
    found = best_choices(table, Rules(0, 3, limits=(cost,)), wanted=3)
    assert [each.chosen for each in found.choices] == [(1, 2), (0,), (1,)]
    nothing = gains_of([], [], [], np.ones(1), 3)
    assert best_choices(nothing, Rules(0, 3)).choices[0].chosen == ()


def test_a_search_that_is_stopped_tells_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Relaxation, "solved", stopped)
    with pytest.raises(StoppedError) as error:
        best_choices(table, Rules(2, 2), known=[(0, 1)])
    assert error.value.chosen == (0, 1)


def test_a_search_that_is_out_of_time_keeps_what_it_has_and_a_bound() -> None:
    table = gains_of([0, 0, 1, 1], [0, 1, 1, 2], [5.0, 4.0, 4.0, 5.0], np.ones(2), 3)
    found = best_choices(table, Rules(2, 2), deadline=0.0, known=[(0, 1)])
    assert not found.proved
    assert found.choices[0].chosen == (0, 1)
    assert found.bound >= 10
