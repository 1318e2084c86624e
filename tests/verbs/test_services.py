"""The layers of services: how many live far from them, and how their places are named."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from scipy.spatial import cKDTree

from lcrmap.errors import UsageError
from lcrmap.io.places import find_place
from lcrmap.layers import Pack
from lcrmap.library import gaps, open_layer


@pytest.mark.parametrize(
    ("layer", "beyond", "residents", "share"),
    [("bus-stops", 400, 25_039, 1.6), ("gp-surgeries", 1000, 280_529, 18.1)],
)
def test_residents_far_from_a_stop_and_a_surgery(
    pack: Pack, layer: str, beyond: int, residents: int, share: float
) -> None:
    # tests/data/test_services.py says why other figures, of a thousandth more or less, are about.
    total = gaps(layer, beyond, pack=pack).layer.frame.iloc[-1]
    assert total["residents"] == 1_551_784
    assert total["residents_beyond"] == residents
    assert round(total["share_beyond_pct"], 1) == share
    people = open_layer("residents", pack=pack).frame
    far = _nearest(people, open_layer(layer, pack=pack).frame) > beyond
    assert people["residents"][far].sum() == residents


def _nearest(points: gpd.GeoDataFrame, services: gpd.GeoDataFrame) -> np.ndarray:
    """Return how far the nearest service is, by pyproj alone, of the 12 that are nearest on a plane."""
    flat = np.array([np.cos(np.radians(53.4)), 1])
    one, other = (
        shapely.get_coordinates(points.geometry),
        shapely.get_coordinates(services.geometry),
    )
    _, near = cKDTree(other * flat).query(one * flat, k=12)
    geod = pyproj.Geod(ellps="WGS84")
    metres = [geod.inv(*one.T, *other[column].T)[2] for column in near.T]
    return np.min(metres, axis=0)


def test_what_else_is_called_so_comes_before_a_service(pack: Pack) -> None:
    with pytest.raises(UsageError, match="can mean 2 places"):  # and not the bus stops there
        find_place("Birkenhead Central", pack=pack)
    stations = r"\. Or did you mean rail-stations:liverpool-lime-street \(Liverpool Lime Street\), "
    with pytest.raises(UsageError, match=f"bus-stops:2800S60051A{stations}"):
        find_place("Lime Street", pack=pack)
    assert find_place("Arrowe Park Hospital", pack=pack).source == "hospitals"
    assert find_place("Birkenhead Central B", pack=pack).source == "small-areas"
    assert find_place("E01006512", pack=pack).source == "small-areas"
    assert find_place("bus-stops:2800S26061A", pack=pack).kind == "feature"
