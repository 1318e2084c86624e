"""``--of``: any count of small areas instead of residents, shared out to their postcodes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lcrmap.analysis.sharing import shared_out
from lcrmap.errors import LcrmapError, UnknownNameError, UsageError
from lcrmap.layers import Pack
from lcrmap.library import catchment, count, gaps, open_layer
from lcrmap.verbs.figures import figures_of
from lcrmap.verbs.people import open_people
from lcrmap.verbs.sources import Sources
from tests.analysis import oracles

COUNTS = ["age_75_plus", "cars_0", "households", "income_deprived_people"]


def test_residents_shared_out_are_those_of_the_pack_to_the_digit(pack: Pack) -> None:
    layer = Sources(pack).layer("residents")
    totals = figures_of(pack, "residents", "small-areas")
    found = shared_out(totals, layer.frame["lsoa21"], layer.frame["postcode"].astype("str"))
    assert found.tolist() == layer.frame["residents"].tolist()


def test_of_residents_is_the_answer_without(pack: Pack) -> None:
    plain = gaps("gp-surgeries", "1km", by="boroughs", pack=pack)
    asked = gaps("gp-surgeries", "1km", by="boroughs", of="residents", pack=pack)
    assert asked.finding == plain.finding
    pd.testing.assert_frame_equal(
        pd.DataFrame(asked.layer.frame), pd.DataFrame(plain.layer.frame), check_exact=True
    )


@pytest.mark.parametrize("name", COUNTS)
def test_points_of_a_small_area_add_up_to_its_count_in_whole_numbers(pack: Pack, name: str) -> None:
    people = open_people(Sources(pack), name)
    assert (people.counted % 1 == 0).all()
    sums = pd.Series(people.counted).groupby(people.layer.frame["lsoa21"].to_numpy()).sum()
    expected = figures_of(pack, name, "small-areas")
    assert sums.to_dict() == expected.to_dict()


def test_older_residents_far_from_a_surgery_by_hand(pack: Pack) -> None:
    answer = gaps("gp-surgeries", "1km", by="boroughs", of="age_75_plus", pack=pack)
    frame = answer.layer.frame
    total = frame.iloc[-1]
    expected = figures_of(pack, "age_75_plus", "boroughs")
    assert total["age_75_plus"] == expected.sum() == 133_561
    areas = frame[frame["row"] == "area"]
    assert areas["age_75_plus"].tolist() == expected.tolist()
    assert areas["age_75_plus_beyond"].sum() == total["age_75_plus_beyond"]
    assert answer.finding.startswith(
        f"{total['age_75_plus_beyond']:,} of 133,561 residents aged 75 and over (21.7%) live farther than 1 km from "
        "any GP surgery"
    )
    said = "Residents aged 75 and over of each small area are shared out evenly to its postcodes, in whole numbers."
    assert said in answer.notes


def test_shares_of_the_most_deprived_are_those_of_what_is_counted(pack: Pack) -> None:
    frame = gaps("gp-surgeries", "1km", by="boroughs", of="cars_0", pack=pack).layer.frame
    decile = figures_of(pack, "imd_decile", "small-areas")
    expected = figures_of(pack, "cars_0", "small-areas")[decile == 1].sum()
    assert frame.iloc[-1]["most_deprived_tenth"] == expected
    share = 100 * frame["cars_0_beyond"] / frame["cars_0"]
    assert np.allclose(frame["share_beyond_pct"], share.astype(float), atol=0.006)


def test_the_page_counts_what_is_asked_for(pack: Pack) -> None:
    answer = gaps("gp-surgeries", "1km", by="boroughs", of="cars_0", pack=pack)
    model = answer.page().model
    said: list[Any] = [model.headline, model.subtitle, *model.glance]
    said += [*model.summary, *(each.title for each in model.charts)]
    assert not any("resident" in each.casefold() for each in said)
    assert any("households without a car" in each.casefold() for each in said)


def test_a_catchment_of_residents_is_the_answer_without(pack: Pack) -> None:
    plain = catchment("L3 5QA", ["1km", "2km"], pack=pack)
    asked = catchment("L3 5QA", ["1km", "2km"], of="residents", pack=pack)
    assert (asked.finding, asked.sentences, asked.notes) == (
        plain.finding,
        plain.sentences,
        plain.notes,
    )
    pd.testing.assert_frame_equal(
        pd.DataFrame(asked.layer.frame), pd.DataFrame(plain.layer.frame), check_exact=True
    )


def test_households_without_a_car_near_a_place_by_a_loop(pack: Pack) -> None:
    answer = catchment("53.40,-2.95", "2km", of="cars_0", pack=pack)
    (row,) = answer.layer.frame.to_dict("records")
    points = Sources(pack).layer("residents").frame
    totals = figures_of(pack, "cars_0", "small-areas")
    shared = shared_out(totals, points["lsoa21"], points["postcode"].astype("str"))
    near = [
        number
        for number, at in enumerate(zip(points.geometry.x, points.geometry.y, strict=True))
        if abs(at[0] + 2.95) < 0.04
        and abs(at[1] - 53.4) < 0.03
        and oracles.metres((-2.95, 53.4), at) <= 2000
    ]
    assert row["cars_0"] == shared[near].sum() > 1000
    deprived = points["imd2025_decile"].to_numpy()[near] == 1
    assert row["most_deprived_tenth"] == shared[near][deprived].sum()
    assert row["share_of_region_pct"] == pytest.approx(100 * row["cars_0"] / 204_251, abs=6e-4)
    assert "residents" not in row
    assert answer.finding == (
        f"{row['cars_0']:,} households without a car of Liverpool City Region "
        f"({100 * row['cars_0'] / 204_251:.1f}%) live within 2 km of 53.40,-2.95"
    )
    said = "Households without a car of each small area are shared out evenly to its postcodes, in whole numbers."
    assert said in answer.notes


def test_the_page_of_a_catchment_counts_what_is_asked_for(pack: Pack) -> None:
    model = catchment("L3 5QA", ["1km", "2km"], of="cars_0", pack=pack).page().model
    said: list[Any] = [model.headline, model.subtitle, *model.glance]
    said += [*(each.title for each in model.charts), model.summary[0]]
    assert not any("resident" in each.casefold() for each in said)
    assert len(model.charts) == 2
    assert "Liverpool 3,879 (4.7%)" in model.glance[0]


# count


def test_a_count_of_residents_is_the_sum_of_their_column(pack: Pack) -> None:
    plain = count("residents", areas="neighbourhoods", sum="residents", pack=pack)
    asked = count("residents", areas="neighbourhoods", of="residents", pack=pack)
    assert (asked.finding, asked.sentences, asked.notes) == (
        plain.finding,
        plain.sentences,
        plain.notes,
    )
    pd.testing.assert_frame_equal(
        pd.DataFrame(asked.frame), pd.DataFrame(plain.frame), check_exact=True
    )


def test_a_count_sums_households_in_any_areas_and_in_groups(pack: Pack) -> None:
    groups = ("most_deprived_tenth", "connectivity_score_tenth")
    answer = count("residents", areas="wards", of="cars_0", groups=groups, pack=pack)
    frame = answer.frame
    areas, total = frame.iloc[:-3], frame.iloc[-1]
    assert areas["sum_cars_0"].sum() == total["sum_cars_0"] == 204_251
    people, wards = open_layer("residents", pack=pack).frame, open_layer("wards", pack=pack).frame
    cars = figures_of(pack, "cars_0", "small-areas")
    shared = shared_out(cars, people["lsoa21"], people["postcode"].astype("str"))
    inside = wards.geometry.iloc[7].covers(people.geometry).to_numpy()
    assert areas["sum_cars_0"].iloc[7] == shared[inside].sum() > 100
    deprived = figures_of(pack, "imd_decile", "small-areas") == 1
    assert total["most_deprived_tenth"] == cars[deprived].sum()
    lowest = figures_of(pack, "connectivity_score", "small-areas").sort_values().index[:100]
    assert total["connectivity_score_tenth"] == cars[lowest].sum()
    said = "Households without a car of each small area are shared out evenly to its postcodes, in whole numbers."
    assert said in answer.notes
    assert said in answer.sentences
    assert any(each.startswith("connectivity_score_tenth: 100 of 1,003") for each in answer.notes)
    title = answer.layer.field("most_deprived_tenth").title
    assert title == "Households without a car in the most deprived tenth"
    assert "households without a car" in answer.finding
    assert "households without a car" in answer.page().model.headline


def test_groups_alone_sum_residents(pack: Pack) -> None:
    frame = count("residents", areas="boroughs", groups="most_deprived_tenth", pack=pack).frame
    assert frame.iloc[-1][["sum_residents", "most_deprived_tenth"]].tolist() == [1_551_784, 446_435]


@pytest.mark.parametrize(
    ("layers", "options", "said"),
    [
        ("gp-surgeries", {"of": "cars_0"}, "holds others: write lcrmap count residents"),
        ("residents", {"of": "cars_0", "sum": "residents"}, "and sum something else"),
        ("residents", {"groups": "no_car_tenth", "mean": "residents"}, "and mean something else"),
        (["residents", "postcodes"], {"of": "cars_0"}, "name the layer of residents alone"),
        ("residents", {"of": "no_car"}, "of needs a count"),
        ("residents", {"groups": "no_car"}, "ends with neither"),
    ],
)
def test_what_a_count_of_people_cannot_be_is_refused_in_a_sentence(
    pack: Pack, layers: Any, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        count(layers, areas="boroughs", pack=pack, **options)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("no_car", UsageError, "of needs a count, such as residents or households"),
        ("imd_rank", UsageError, "of needs a count"),
        ("industry_q", UsageError, "not known of areas as small as small-areas"),
        ("income_deprived_children", UsageError, "is not known of 28 of 1,003 small-areas"),
        ("car_0", UnknownNameError, "did you mean 'cars_0'"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(
    pack: Pack, name: str, error: type[LcrmapError], said: str
) -> None:
    for ask in (
        lambda: gaps("gp-surgeries", "1km", of=name, pack=pack),
        lambda: catchment("L3 5QA", "1km", of=name, pack=pack),
        lambda: count("residents", areas="boroughs", of=name, pack=pack),
    ):
        with pytest.raises(error) as refused:
            ask()
        assert said in str(refused.value)
