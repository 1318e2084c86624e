"""Access beside PyPI's ``access``, and its Gini beside PyPI's ``inequality``: small areas of the pack."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from access import fca
from inequality.gini import Gini

from lcrmap.analysis.access import Access, Decay, access_of, gini
from lcrmap.io.opening import open_layer
from lcrmap.layers import open_pack

# What counts at a part of the distance; what lies beyond it, the library leaves out itself.
WEIGHTS: dict[Decay, Callable[[pd.Series], pd.Series]] = {
    "step": lambda part: part * 0 + 1,
    "linear": lambda part: 1 - part,
    "gaussian": lambda part: np.exp(-2 * part**2),
}


@cache
def small_areas() -> tuple[gpd.GeoDataFrame, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return the middle of each small area's points, and its residents."""
    people = open_layer("residents", pack=open_pack()).frame.to_crs("EPSG:4326")
    table = pd.DataFrame({"x": people.geometry.x, "y": people.geometry.y})
    by_area = table.assign(residents=people["residents"]).groupby(people["lsoa21"])
    mean = by_area[["x", "y"]].mean()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(mean["x"], mean["y"]), crs="EPSG:4326")
    return points, by_area["residents"].sum().to_numpy(dtype=np.float64)


@cache
def places(layer: str) -> gpd.GeoDataFrame:
    frame = open_layer(layer, pack=open_pack()).frame
    placed = frame[frame.geometry.notna()].reset_index(drop=True)
    return gpd.GeoDataFrame(geometry=placed.geometry.array, crs=placed.crs).to_crs("EPSG:4326")


@cache
def found(layer: str, within: float, decay: Decay) -> tuple[Access, np.ndarray[Any, Any]]:
    points, residents = small_areas()
    supply = np.arange(1.0, len(places(layer)) + 1)
    return access_of(points, residents, places(layer), supply, within, decay), supply


@pytest.mark.parametrize("decay", ["step", "linear", "gaussian"])
@pytest.mark.parametrize(
    ("layer", "within"), [("innovation-assets", 5000.0), ("rail-stations", 2000.0)]
)
def test_access_is_what_the_library_of_its_name_says(
    layer: str, within: float, decay: Decay
) -> None:
    points, residents = small_areas()
    ours, supply = found(layer, within, decay)
    there = places(layer)
    pairs = np.indices((len(points), len(there))).reshape(2, -1)
    ends = [points.geometry.iloc[pairs[0]], there.geometry.iloc[pairs[1]]]
    lines = [each for one in ends for each in (one.x.to_numpy(), one.y.to_numpy())]
    metres = np.round(pyproj.Geod(ellps="WGS84").inv(*lines)[2], 3)
    theirs = fca.two_stage_fca(
        pd.DataFrame({"demand": residents}, index=pd.RangeIndex(len(points), name="geoid")),
        pd.DataFrame({"supply": supply}, index=pd.RangeIndex(len(there), name="geoid")),
        pd.DataFrame({"origin": pairs[0], "dest": pairs[1], "cost": metres}),
        max_cost=within,
        weight_fn=lambda cost: WEIGHTS[decay](cost / within),
    )
    wanted = theirs.reindex(range(len(points))).fillna(0).to_numpy()
    assert wanted.any()
    assert ours.access == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_gini_is_what_the_library_of_inequality_says() -> None:
    ours, _ = found("innovation-assets", 5000.0, "gaussian")
    people = np.ones(len(ours.access))
    assert gini(ours.access, people) == pytest.approx(Gini(ours.access).g, abs=1e-9)
    # One value for each of several people is that value so many times over.
    many = np.arange(len(ours.access)) % 5 + 1
    wanted = Gini(np.repeat(ours.access, many)).g
    assert gini(ours.access, many.astype(np.float64)) == pytest.approx(wanted, abs=1e-9)
