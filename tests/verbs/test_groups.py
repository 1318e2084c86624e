"""``--groups``: who lives in the tenth of small areas that is worst by an indicator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from lcrmap.errors import LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import catchment, gaps
from lcrmap.verbs.figures import figures_of
from lcrmap.verbs.people import open_people
from lcrmap.verbs.sources import Sources


def in_tenth(pack: Pack, name: str, *, lowest: bool = False) -> set[str]:
    """Return the codes of the 100 of 1,003 small areas with the highest or lowest figures."""
    figures = figures_of(pack, name, "small-areas").sort_values(ascending=lowest)
    assert figures.iloc[99] != figures.iloc[100]
    return set(figures.index[:100])


@pytest.mark.parametrize(
    ("name", "lowest"),
    [("no_car", False), ("connectivity_score", True), ("imd_score", False), ("imd_rank", True)],
)
def test_a_tenth_holds_the_residents_of_its_small_areas(
    pack: Pack, name: str, lowest: bool
) -> None:
    people = open_people(Sources(pack), groups=(f"{name}_tenth",))
    codes = in_tenth(pack, name, lowest=lowest)
    residents = figures_of(pack, "residents", "small-areas")
    assert people.weights[f"{name}_tenth"].sum() == residents[list(codes)].sum()
    inside = people.layer.frame["lsoa21"].isin(codes).to_numpy()
    assert (people.weights[f"{name}_tenth"] == people.counted * inside).all()


def test_groups_are_columns_of_gaps_and_the_rest_is_as_without(pack: Pack) -> None:
    plain = gaps("gp-surgeries", "1km", by="boroughs", pack=pack).frame
    groups = ["most_deprived_tenth", "no_car_tenth"]
    answer = gaps("gp-surgeries", "1km", by="boroughs", groups=groups, pack=pack)
    frame = answer.frame
    more = ["no_car_tenth", "no_car_tenth_beyond", "share_of_no_car_tenth_beyond_pct"]
    assert set(frame.columns) - set(plain.columns) == set(more)
    pd.testing.assert_frame_equal(
        pd.DataFrame(frame)[list(plain.columns)], pd.DataFrame(plain), check_exact=True
    )
    areas, whole = frame.iloc[:-1], frame.iloc[-1]
    assert areas["no_car_tenth"].sum() == whole["no_car_tenth"] == 165_690
    assert areas["no_car_tenth_beyond"].sum() == whole["no_car_tenth_beyond"]
    share = 100 * whole["no_car_tenth_beyond"] / whole["no_car_tenth"]
    assert np.isclose(whole["share_of_no_car_tenth_beyond_pct"], share, atol=0.006)
    said = "in the tenth of small areas with the highest figure for no car, "
    assert any(said in each for each in answer.sentences)
    assert answer.notes[0] == (
        "no_car_tenth: 100 of 1,003 small areas, those with the highest figure for no car (51.8% or more)."
    )


def test_groups_of_what_is_counted_near_a_place(pack: Pack) -> None:
    wide = catchment(
        "53.41,-2.9", "60km", of="cars_0", groups="connectivity_score_fifth", pack=pack
    )
    (row,) = wide.frame.to_dict("records")
    scores = figures_of(pack, "connectivity_score", "small-areas").sort_values()
    assert scores.iloc[200] != scores.iloc[201]
    expected = figures_of(pack, "cars_0", "small-areas")[scores.index[:201]].sum()
    assert row["connectivity_score_fifth"] == expected
    assert row["cars_0"] == 204_251
    assert "live in the fifth of small areas with the lowest figure for connectivity score" in (
        " ".join(wide.sentences)
    )


def test_the_pages_tell_of_the_groups_asked_for(pack: Pack) -> None:
    model = gaps("gp-surgeries", "1km", groups="no_car_tenth", pack=pack).page().model
    titles = [bar.label for chart in model.charts for bar in getattr(chart, "bars", ())]
    assert "Those in the tenth with the highest figure for no car" in titles
    assert any(
        each.startswith("In the tenth of small areas with the highest") for each in model.glance
    )


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("no_car", UsageError, "'no_car' ends with neither"),
        ("_tenth", UsageError, "'_tenth' ends with neither"),
        ("no_cars_tenth", UnknownNameError, "did you mean 'no_car'"),
        ("imd_decile_tenth", UsageError, "with the lowest figures, as too many of 1,003 are equal"),
        ("industry_q_tenth", UsageError, "not known of areas as small as small-areas"),
    ],
)
def test_what_is_no_group_is_refused_in_a_sentence(
    pack: Pack, name: str, error: type[LcrmapError], said: str
) -> None:
    asks: list[Callable[[], object]] = [
        lambda: gaps("gp-surgeries", "1km", groups=name, pack=pack),
        lambda: catchment("L3 5QA", "1km", groups=[name], pack=pack),
    ]
    for ask in asks:
        with pytest.raises(error) as refused:
            ask()
        assert said in str(refused.value)
