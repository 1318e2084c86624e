"""What is said of the choice next to the best under the aims ``farthest`` and ``everyone``, worked out by hand.

On the county's road 100 residents live at 1,000 m, 200 at 3,000, 300 at 12,000 and 400 at 18,000. Each place has its
metres east and the error of its position; a shop exists at the place that a test names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import lcrmap
from lcrmap.verbs.answer import Answer
from tests.verbs.shire import HOMES, along, layer, shire

Sites = Mapping[str, tuple[float, float]]

FIRST = "By position, no choice is better than the first: that is proved."
BETTER, NOT = "could be the better", "surely not better"


def chosen_of(folder: Path, shop: float, sites: Sites, homes: Any = HOMES, **asked: Any) -> Answer:
    existing = layer(along({"Shop": shop}), "shops")
    metres = {name: each[0] for name, each in sites.items()}
    candidates = along(metres, error=[each[1] for each in sites.values()])
    return lcrmap.locate(
        existing, layer(candidates, "sites"), pack=shire(folder, homes=homes), **asked
    )


def next_best(found: Answer) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the choices next to the best, behind what every page says of them."""
    (passage,) = (each for each in found.passages if each.title == "The next best choices")
    assert passage.sentences[0].startswith(FIRST)
    return tuple(passage.sheet.rows)


# The greatest distance


@pytest.mark.parametrize(("error", "sure"), [(0, NOT), (499, NOT), (501, BETTER)])
def test_a_longer_greatest_distance_may_be_the_shorter_if_the_error_is_as_long(
    tmp_path: Path, error: float, sure: str
) -> None:
    """A leaves 3,000 m, B 3,500; on average B is 50 m nearer, which does not matter."""
    found = chosen_of(
        tmp_path, 3_000, {"A": (15_000, 0), "B": (15_500, error)}, choose=1, aim="farthest"
    )
    assert found.finding == (
        "Best of 2: A brings the greatest distance from 15,000 m to 3,000 m; proved best. "
        "The next best choice leaves a greatest distance 500 m longer"
    )
    assert next_best(found) == (
        ("1", "A", "3,000 m", "", ""),
        ("2", "B", "3,500 m", "500 m", sure),
    )


@pytest.mark.parametrize(("error", "sure"), [(499, NOT), (501, BETTER)])
def test_the_error_of_the_best_counts_as_that_of_the_next(
    tmp_path: Path, error: float, sure: str
) -> None:
    found = chosen_of(
        tmp_path, 3_000, {"A": (15_000, error), "B": (15_500, 0)}, choose=1, aim="farthest"
    )
    assert next_best(found)[1] == ("2", "B", "3,500 m", "500 m", sure)


@pytest.mark.parametrize(("error", "sure"), [(0, NOT), (499, NOT), (501, BETTER)])
def test_of_one_greatest_distance_the_mean_decides(tmp_path: Path, error: float, sure: str) -> None:
    """8,000 m remain at the west end; C is 500 m from the 400, D 1,000: 200 m on average of all 1,000."""
    found = chosen_of(
        tmp_path, 9_000, {"C": (18_500, 0), "D": (19_000, error)}, choose=1, aim="farthest"
    )
    assert found.finding == (
        "Best of 2: C brings the greatest distance from 9,000 m to 8,000 m; proved best. "
        "The next best choice leaves the same greatest distance, with a mean 200 m longer"
    )
    assert next_best(found) == (
        ("1", "C", "8,000 m", "", ""),
        ("2", "D", "8,000 m", "200 m on average", sure),
    )


def test_a_longer_greatest_distance_is_never_as_good(tmp_path: Path) -> None:
    """Each of two homes of 100 is 500 m nearer to one and farther from the other: the means are equal."""
    homes = (("h1", 12_000, 100, 1, "b1"), ("h2", 18_000, 100, 2, "b1"))
    found = chosen_of(
        tmp_path,
        28_000,
        {"A": (15_000, 0), "B": (15_500, 0)},
        homes,
        choose=1,
        aim="farthest",
    )
    assert found.finding.endswith("The next best choice leaves a greatest distance 500 m longer")
    assert next_best(found)[1] == ("2", "B", "3,500 m", "500 m", NOT)


def test_what_is_as_good_is_called_so_and_could_be_the_better(tmp_path: Path) -> None:
    """Both lie 2,500 and 3,500 m from two homes of 100."""
    homes = (("h1", 12_000, 100, 1, "b1"), ("h2", 18_000, 100, 2, "b1"))
    sites = {"A": (14_500, 0), "B": (15_500, 0)}
    found = chosen_of(tmp_path, 28_000, sites, homes, choose=1, aim="farthest")
    assert found.finding.endswith("proved best. 1 other choice is as good")
    first, second = next_best(found)
    assert {first[1], second[1]} == {"A", "B"}
    assert (first[2], *second[2:]) == ("3,500 m", "3,500 m", "as good", BETTER)


# Everyone within a distance


@pytest.mark.parametrize(("error", "sure"), [(0, NOT), (71, NOT), (72, BETTER)])
def test_of_as_many_places_the_mean_decides(tmp_path: Path, error: float, sure: str) -> None:
    """A is 500 m nearer to the 300 and farther from the 400: of all 1,000 it is 50 m worse.

    Off by e, it is better if -300 (500 + e) + 400 (500 - e) < 0, which is so from e = 71.4 on.
    """
    found = chosen_of(
        tmp_path,
        3_000,
        {"A": (15_000, error), "B": (15_500, 0)},
        aim="everyone",
        within="4km",
    )
    assert found.finding == (
        "Best of 2: with 1 more, all residents live within 4 km: B; proved best. "
        "The next best choice needs as many places, with a mean 50 m longer"
    )
    assert next_best(found) == (
        ("1", "B", "1,000", "", ""),
        ("2", "A", "1,000", "50 m on average", sure),
    )


@pytest.mark.parametrize(("error", "sure"), [(49, NOT), (51, BETTER)])
def test_whoever_may_reach_somebody_more_could_be_the_better(
    tmp_path: Path, error: float, sure: str
) -> None:
    """B is 3,950 m from the 300: off by more than 50, it leaves them out, and A does not.

    A is worse by (300 x 2,010 + 400 x 3,990 - 300 x 3,950 - 400 x 2,050) / 1,000 = 194 m, more than an error of B
    of 51 m could make good.
    """
    found = chosen_of(
        tmp_path,
        3_000,
        {"A": (14_010, 0), "B": (15_950, error)},
        aim="everyone",
        within="4km",
    )
    assert next_best(found) == (
        ("1", "B", "1,000", "", ""),
        ("2", "A", "1,000", "194 m on average", sure),
    )
