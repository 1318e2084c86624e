"""``locate`` on the pack: the figures that were worked out outside of this project, and what is said of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import lcrmap
from lcrmap.layers import Pack
from lcrmap.verbs.answer import Answer

STATIONS = (1208.2, 1175.7, 1146.7, 1126.3, 1107.1)
ASSETS = (2923.9, 2637.8, 2392.8, 2260.2, 2152.4)


def last(found: Answer) -> pd.Series:
    return found.frame.iloc[-1]


@pytest.fixture(scope="module")
def three(pack: Pack) -> Answer:
    return lcrmap.locate("rail-stations", "neighbourhoods", choose=3, pack=pack)


def test_three_stations_bring_the_mean_distance_down(three: Answer) -> None:
    assert three.finding == (
        "Best of 201: Norris Green East, Anfield East and Yewtree bring the mean distance from 1,277 m to 1,147 m; "
        "proved best. The next best choice is 4 m worse"
    )
    chosen = three.frame[three.frame["chosen"].fillna(False)]
    assert chosen["name"].tolist() == ["Norris Green East", "Anfield East", "Yewtree"]
    before, after = three.frame.iloc[-2], three.frame.iloc[-1]
    assert round(before["mean_distance_m"], 1) == 1277.0
    assert round(after["mean_distance_m"], 1) == 1146.7
    assert after["alone"] == pytest.approx(before["mean_distance_m"] - after["mean_distance_m"])


def test_the_rows_are_all_candidates_and_what_is_before_and_after(three: Answer) -> None:
    rows = three.frame
    assert len(rows) == 203
    assert rows["row"].tolist()[-2:] == ["before", "after"]
    assert rows["chosen"].isna().tolist()[-2:] == [True, True]
    assert rows["alone"][:201].max() == rows.loc[rows["rank"] == 1, "alone"].item()
    assert (rows["adds"][:3] <= rows["alone"][:3]).all()
    assert rows["residents_served"][:3].notna().all()
    assert rows["residents_served"][3:201].isna().all()


@pytest.mark.parametrize(
    ("layer", "means"), [("rail-stations", STATIONS), ("innovation-assets", ASSETS)]
)
def test_the_mean_distance_is_as_it_was_worked_out_elsewhere(
    layer: str, means: tuple[float, ...], pack: Pack
) -> None:
    for number, mean in enumerate(means, 1):
        found = lcrmap.locate(layer, "neighbourhoods", choose=number, alternatives=0, pack=pack)
        assert round(last(found)["mean_distance_m"], 1) == mean


@pytest.mark.parametrize(
    ("layer", "within", "more"),
    [
        ("rail-stations", "800m", (17741, 32971, 48055, 62807, 77029)),
        ("innovation-assets", "2km", (68172, 124115, 170074, 213300, 256421)),
    ],
)
def test_more_residents_are_reached_as_it_was_worked_out_elsewhere(
    layer: str, within: str, more: tuple[int, ...], pack: Pack
) -> None:
    for number, residents in enumerate(more, 1):
        found = lcrmap.locate(
            layer,
            "neighbourhoods",
            choose=number,
            aim="reach",
            within=within,
            alternatives=0,
            pack=pack,
        )
        assert last(found)["alone"] == residents


def test_of_the_planned_stations_liverpool_baltic_brings_most(pack: Pack) -> None:
    found = lcrmap.locate(
        "rail-stations", "planned-stations", choose=1, aim="reach", within="800m", pack=pack
    )
    assert found.finding.startswith(
        "Best of 4: Liverpool Baltic brings 9,085 more residents within 800 m (6,669 to 13,351, as positions are not "
        "exact); proved best."
    )
    first = found.frame.iloc[0]
    assert (first["alone"], first["alone_min"], first["alone_max"]) == (9085, 6669, 13351)


def test_the_order_of_candidates_changes_nothing(three: Answer, pack: Pack) -> None:
    layer = lcrmap.open_layer("neighbourhoods", pack=pack)
    turned = layer.frame.iloc[::-1].reset_index(drop=True)
    again = lcrmap.locate("rail-stations", layer.with_frame(turned), choose=3, pack=pack)
    columns = [each for each in three.frame.columns if each != "geometry"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.frame[columns]), pd.DataFrame(three.frame[columns])
    )
    assert again.finding == three.finding
    assert np.array_equal(again.frame.geometry.x, three.frame.geometry.x, equal_nan=True)
