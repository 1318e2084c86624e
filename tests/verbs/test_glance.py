"""What stands beside the map of a page of residents."""

from __future__ import annotations

import math

import pytest

from lcrmap import gaps
from lcrmap.layers import Pack
from lcrmap.verbs.glance import MOST_AREAS, Living, residents_line


def area(name: str, residents: float, count: float, least: float | None = None) -> Living:
    return Living(name, residents, count, count if least is None else least, count)


ELM, OAK = area("Elm", 400, 300), area("Oak", 3000, 1200, 1100)


def test_the_greatest_number_comes_first_or_the_highest_share() -> None:
    opening = "Within 2 km by town, with the share of its residents: "
    assert residents_line("Within 2 km", "town", [ELM, OAK]) == (
        f"{opening}Oak 1,200 (40.0%), Elm 300 (75.0%). The table has their ranges."
    )
    assert residents_line("Within 2 km", "town", [OAK, ELM], by_share=True) == (
        f"{opening}Elm 300 (75.0%), Oak 1,200 (40.0%). The table has their ranges."
    )


def test_ranges_are_promised_where_there_are_any() -> None:
    assert residents_line("Near", "town", [ELM, area("Ash", 90, 0)]).endswith("Ash 0 (0%).")


@pytest.mark.parametrize(
    "rows", [[], [ELM], [ELM, area("Nobody", 0, 0)], [ELM, area("Unknown", 90, math.nan)], [ELM] * (MOST_AREAS + 1)]
)  # fmt: skip
def test_nothing_is_said_of_one_area_or_of_very_many(rows: list[Living]) -> None:
    assert residents_line("Near", "town", rows) == ""


def test_a_page_whose_columns_were_chosen_says_what_it_has(pack: Pack) -> None:
    found = gaps("rail-stations", 800, by="boroughs", columns=["name", "residents"], pack=pack)
    assert "glance" not in found.page().html.split("<body>")[1].split("<script")[0]


OPEN = float("nan")


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ([(50, 50), (50, 50)], ""),
        ([(50, 50), (40, 60)], " The table has their ranges."),
        ([(OPEN, OPEN)] * 2, " Their ranges cannot be told, as an error is unknown."),
        (
            [(OPEN, 50), (OPEN, 90)],
            " The table says how many it may be at most; how few cannot be told, as an error is unknown.",
        ),
        (
            [(50, OPEN), (40, OPEN)],
            " The table says how many it is at least; how many more cannot be told, as an error is unknown.",
        ),
        ([(OPEN, OPEN), (40, 60)], " The table has their ranges, as far as these are known."),
        ([(OPEN, 60), (40, 60)], " The table has their ranges, as far as these are known."),
    ],
)
def test_the_table_is_said_to_have_those_bounds_that_it_has(
    bounds: list[tuple[float, float]], said: str
) -> None:
    rows = [Living(name, 100, 50, *each) for name, each in zip("AB", bounds, strict=True)]
    assert residents_line("Near", "town", rows).endswith(f"B 50 (50.0%).{said}")
