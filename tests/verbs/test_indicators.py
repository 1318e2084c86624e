"""``indicators``: of one, the figure of the region, of its most deprived small areas together and of all others."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from lcrmap.io.indicators import read_figures
from lcrmap.layers import Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.indicators.question import Indicators
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer

APART = "In the most deprived tenth of small areas (289 of 1,003)"


def indicators(name: str, *, pack: Pack) -> Answer:
    """Ask for one."""
    return answer(Indicators(words=name), Sources(pack))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_car", f"Liverpool City Region: 30.2%. {APART}: 47.1%; elsewhere 23.0%."),
        ("no_qualifications", f"Liverpool City Region: 21.1%. {APART}: 29.8%; elsewhere 17.8%."),
        ("patients_per_gp", f"Liverpool City Region: 2,366. {APART}: 2,624; elsewhere 2,262."),
        (
            "connectivity_score",
            f"Liverpool City Region: mean of scores weighted by residents, 70.8. {APART}: 74.1; elsewhere 69.4.",
        ),
        ("foundational", ""),  # known of neighbourhoods, which are no small areas
        ("imd_rank", ""),
        ("residents", f"Liverpool City Region: 1,551,784. {APART}: 446,435; elsewhere 1,105,349."),
    ],
)
def test_one_command_tells_what_the_most_deprived_lack(pack: Pack, name: str, said: str) -> None:
    found = indicators(name, pack=pack)
    lines = [each for each in found.notes if each.startswith(pack.region)]
    assert lines == ([said] if said else [])


def test_the_rows_have_what_is_said(pack: Pack) -> None:
    frame = indicators("no_car", pack=pack).frame.set_index("level")
    assert frame.loc["small-areas", ["most_deprived", "elsewhere"]].tolist() == [47.139, 22.994]
    assert (
        frame.loc[["neighbourhoods", "boroughs"], ["most_deprived", "elsewhere"]]
        .isna()
        .all(axis=None)
    )


def test_figures_of_others_are_weighted_by_all_residents_or_rounded_twice(pack: Pack) -> None:
    # 29.9 and 17.9% without a qualification are weighted by all residents, where the question was asked of those aged
    # 16 and over; 69.448 is 69.4, and 69.5 if it is first made 69.45.
    figures = read_figures(
        pack,
        ["no_qualifications", "residents_16_plus", "residents", "connectivity_score", "imd_decile"],
    )
    poor = figures["imd_decile"] == 1

    def mean(name: str, weight: str, rows: pd.Series[bool]) -> float:
        some = figures[rows]
        return float((some[name] * some[weight]).sum() / some[weight].sum())

    asked = [mean("no_qualifications", "residents_16_plus", each) for each in (poor, ~poor)]
    assert [round(each, 1) for each in asked] == [29.8, 17.8]
    others = [mean("no_qualifications", "residents", each) for each in (poor, ~poor)]
    assert [round(each, 1) for each in others] == [29.9, 17.9]
    score = mean("connectivity_score", "residents", ~poor)
    assert round(score, 1) == 69.4
    assert math.floor(10 * round(score, 2) + 0.5) / 10 == 69.5
