"""A truth that nobody here made: Ordnance Survey's own district of each live postcode."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.analysis.joining import NOWHERE, assign_areas
from lcrmap.io.opening import open_layer
from lcrmap.layers import Pack


@pytest.mark.parametrize("bring", [None, "EPSG:27700"])
def test_all_but_one_of_37841_postcodes_lie_where_ordnance_survey_says(
    pack: Pack, bring: str | None
) -> None:
    postcodes, boroughs = open_layer("postcodes", pack=pack), open_layer("boroughs", pack=pack)
    points = postcodes.frame if bring is None else postcodes.frame.to_crs(bring)
    found = assign_areas(points, boroughs.frame, key="code")
    area = found["area"].to_numpy()
    assert len(found) == 37_841
    assert (area != NOWHERE).all()
    codes = boroughs.frame["code"].to_numpy(dtype=object)[area]
    assert int((codes != postcodes.frame["district_code"].to_numpy(dtype=object)).sum()) <= 1


def test_a_plain_oracle_finds_the_same_borough_for_a_sample(pack: Pack) -> None:
    postcodes, boroughs = open_layer("postcodes", pack=pack), open_layer("boroughs", pack=pack)
    sample = gpd.GeoDataFrame(postcodes.frame.iloc[::150])
    found = assign_areas(sample, boroughs.frame, key="code")["area"].to_numpy()
    shapes = boroughs.frame.geometry.to_numpy()
    inside = np.array([[shapely.intersects(each, at) for each in shapes] for at in sample.geometry])
    assert (inside.sum(axis=1) == 1).all()
    assert (inside.argmax(axis=1) == found).all()
