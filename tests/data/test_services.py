"""The layers of services: where they stand, and what became of counts that turned their grid otherwise."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest

from lcrmap.layers import Pack
from lcrmap.library import gaps, open_layer

# Seven parameters instead of the grid OSTN15, as PROJ has them when nobody gave it the grid's file.
SEVEN = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+step +proj=push +v_3 +step +proj=cart +ellps=airy +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 "
    "+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector +step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@pytest.mark.parametrize(
    ("name", "layer", "beyond", "said", "right"),
    [
        ("bus_stops", "bus-stops", 400, 25_023, 25_039),
        ("gp_surgeries", "gp-surgeries", 1000, 280_725, 280_529),
    ],
)
def test_other_figures_are_of_services_two_metres_from_where_they_are(
    pack: Pack, reference: Path, name: str, layer: str, beyond: int, said: int, right: int
) -> None:
    # The first count had its residents where OSTN15 has them, and its services where seven parameters have them:
    # 1.6 to 2.0 m apart. Both of OSTN15, the figures are ours.
    grid = pd.read_csv(reference / "context" / f"{name}.csv")
    lon, lat = pyproj.Transformer.from_pipeline(SEVEN).transform(grid["easting"], grid["northing"])
    moved = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")
    own = open_layer(layer, pack=pack).frame
    key = grid.columns[0]
    placed = own.set_index("id").geometry.loc[grid[key].astype(str)]
    apart = pyproj.Geod(ellps="WGS84").inv(lon, lat, placed.x.to_numpy(), placed.y.to_numpy())[2]
    assert 1.4 < np.min(apart) < np.max(apart) < 2.2
    for features, residents in ((moved, said), (own, right)):
        total = gaps(features, beyond, pack=pack).layer.frame.iloc[-1]
        assert total["residents_beyond"] == residents
