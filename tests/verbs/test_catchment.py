"""``catchment`` as a function: sums against plain loops over the pack, unknown never 0, words, another pack."""

from __future__ import annotations

import pandas as pd
import pytest

from lcrmap.errors import UsageError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack
from lcrmap.library import catchment
from tests.analysis import oracles


@pytest.fixture(scope="module")
def residents(pack: Pack) -> pd.DataFrame:
    frame = open_layer("residents", pack=pack).frame
    return pd.DataFrame(frame.drop(columns="geometry")).assign(
        x=frame.geometry.x, y=frame.geometry.y
    )


def test_a_ring_holds_what_a_loop_over_everybody_finds(pack: Pack, residents: pd.DataFrame) -> None:
    frame = catchment(["53.43,-2.89"], [800, 2000], pack=pack).layer.frame
    near = residents[
        (residents["x"] + 2.89).abs().lt(0.04) & (residents["y"] - 53.43).abs().lt(0.03)
    ]
    ways = [oracles.metres((-2.89, 53.43), at) for at in zip(near["x"], near["y"], strict=True)]
    near = near.assign(way=ways)
    for row, ring in zip(frame.itertuples(), (800, 2000), strict=True):
        some = near[near["way"] <= ring]
        assert row.residents == row.residents_min == row.residents_max == some["residents"].sum()
        assert row.most_deprived_tenth == some.loc[some["imd2025_decile"] == 1, "residents"].sum()
        assert row.most_deprived_fifth == some.loc[some["imd2025_decile"] <= 2, "residents"].sum()
        assert row.share_of_region_pct == pytest.approx(
            100 * row.residents / residents["residents"].sum(), abs=1e-3
        )
        assert row.no_data_pct == 0
        assert row.residents_by_centre != row.residents


def test_ranges_come_from_the_errors_and_a_site_does_not_count_itself(pack: Pack) -> None:
    frame = catchment(["parkside"], [5000], pack=pack, count=["freeport-sites"]).layer.frame
    row = frame.iloc[0]
    wider = catchment(
        ["53.4462,-2.6065"], [5700], pack=pack, count=["freeport-sites"]
    ).layer.frame.iloc[0]
    assert row["residents_max"] == wider["residents"]
    assert row["residents_min"] < row["residents"] < row["residents_max"]
    assert row["freeport_sites_min"] <= row["freeport_sites"] <= row["freeport_sites_max"]
    here = catchment(
        ["53.4462,-2.6065"], [5000], pack=pack, count=["freeport-sites"]
    ).layer.frame.iloc[0]
    assert here["freeport_sites"] == row["freeport_sites"] + 1


def test_merged_rings_count_nobody_twice(pack: Pack) -> None:
    apart = catchment(["investment-zone-sites"], [2000], pack=pack)
    merged = catchment(["investment-zone-sites"], [2000], pack=pack, dissolve=True)
    assert len(apart.layer.frame) == 18
    (row,) = merged.layer.frame.itertuples()
    assert row.residents < apart.layer.frame["residents"].sum()
    assert merged.notes[-1].startswith(f"{row.residents:,} residents of Liverpool City Region")
    assert apart.notes[-1] == merged.notes[-1]


def test_what_is_not_known_is_empty_and_the_share_without_data_is_told(pack: Pack) -> None:
    answer = catchment(["55,-2.99"], [800], pack=pack)
    row = answer.layer.frame.iloc[0]
    assert row["no_data_pct"] == 100
    for column in (
        "residents",
        "residents_min",
        "residents_max",
        "most_deprived_tenth",
        "residents_by_centre",
    ):
        assert pd.isna(row[column])
    assert pd.isna(row["share_of_region_pct"])
    assert answer.notes[-1] == "How many live within 800 m of 55,-2.99 is not known here."
    # In the estuary: nobody found, a part unknown.
    row = catchment(["53.33,-2.86"], [800], pack=pack).layer.frame.iloc[0]
    assert 0 < row["no_data_pct"] < 100
    assert pd.isna(row["residents"])
    partly = catchment(["53.40,-2.99"], [800], pack=pack)
    row = partly.layer.frame.iloc[0]
    assert 0 < row["no_data_pct"] < 100
    assert row["residents"] > 0
    assert "no residents are known" in partly.notes[0]


def test_the_page_says_the_same(pack: Pack) -> None:
    answer = catchment(["L3 5QA"], [800, 2000], pack=pack)
    model = answer.page().model
    assert f"{answer.layer.frame['residents'].iloc[0]:,} residents" in model.headline
    assert f"{answer.layer.frame['residents'].iloc[1]:,} residents" in model.summary[0]


def test_a_pack_that_knows_less_says_less(skerries: Pack) -> None:
    answer = catchment(["landings"], [2000], pack=skerries)
    assert "residents" in answer.layer.frame.columns
    assert "most_deprived_tenth" not in answer.layer.frame.columns
    assert answer.page().html.startswith("<!DOCTYPE html>")


def test_rings_in_the_wrong_order_are_refused(pack: Pack) -> None:
    with pytest.raises(UsageError) as raised:
        catchment(["L3 5QA"], [5000, 2000], pack=pack)
    assert str(raised.value) == (
        'rings must rise from the smallest to the largest, as in rings=["1km", "2km", "5km"].'
    )


def test_the_page_says_how_many_live_within_in_each_borough(pack: Pack) -> None:
    answer = catchment("investment-zone-sites", rings=[2000, 5000], pack=pack)
    page = answer.page()
    areas = page.model.layer("boroughs")
    assert [each.title for each in (areas.columns[n] for n in areas.main)][:3] == [
        "Borough",
        "Residents",
        "Within 2 km",
    ]
    within, whole = areas.column("within_1"), areas.column("residents")
    assert within is not None
    assert whole is not None
    # Each resident stands in one borough, so that the rows make up what the headline says.
    assert f"{sum(within.values):,} residents" in answer.finding
    assert all(0 <= some <= all_ for some, all_ in zip(within.values, whole.values, strict=True))
    chart = page.model.charts[-1]
    assert chart.title == "Residents within 2 km, by borough"
    assert sum(each.value for each in chart.bars) == sum(within.values)
    assert areas.called == "Boroughs"
    assert page.model.listed[0] is areas
    # Rings are not people: the legend of rings has no numbers in brackets.
    legend = (
        page.html.split('id="legend"')[1]
        .split("</section>")[0]
        .split('class="legend-layer merged"')[1]
        .split('class="legend-layer')[0]
    )
    assert "(18)" not in legend
    assert "(36)" not in legend
