"""Features that come to a layer keep what they bring, in the form that the layer has."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest

from lcrmap.analysis.scenarios import with_rows


def _frame(key: list[str], column: list[Any]) -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([0.0] * len(key), [0.0] * len(key))
    return gpd.GeoDataFrame({"id": key, "a": column}, geometry=points, crs="EPSG:4326")


@pytest.mark.parametrize(
    ("there", "brought", "then"),
    [
        (["x", "y"], [534510.0, None], ["x", "y", "534510", None]),
        (["x", "y"], [2.5, 3.0], ["x", "y", "2.5", "3"]),
        (["x", "y"], [7, 8], ["x", "y", "7", "8"]),
        ([1, 2], [3.0, None], [1, 2, 3, None]),
        ([1, 2], [3.0, 4.0], [1, 2, 3, 4]),
        ([1, 2], [1.5, 2.0], [1, 2, 1.5, 2]),
        ([1.5, 2.0], [3, 4], [1.5, 2, 3, 4]),
    ],
)
def test_numbers_come_as_the_column_has_them(
    there: list[Any], brought: list[Any], then: list[Any]
) -> None:
    found = with_rows(_frame(["p", "q"], there), _frame(["r", "s"], brought), "id")["a"]
    assert [None if found.isna().iloc[row] else each for row, each in enumerate(found)] == then
    assert all(isinstance(each, str) for each in found.dropna()) == isinstance(there[0], str)
