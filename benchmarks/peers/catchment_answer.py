"""What the scripts of catchments share: places and residents from CSV, the clock, the answer as CSV."""

import sys
import time
from collections.abc import Callable

import geopandas as gpd
import pandas as pd

RING = 2000.0  # metres


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the places and the residents by postcode, in degrees."""
    places, people = (pd.read_csv(each) for each in sys.argv[1:3])
    at = gpd.points_from_xy(places["longitude"], places["latitude"])
    homes = gpd.points_from_xy(people["lon"], people["lat"])
    return (
        gpd.GeoDataFrame(places, geometry=at, crs=4326),
        gpd.GeoDataFrame(people[["residents"]], geometry=homes, crs=4326),
    )


def report(find: Callable[[], pd.DataFrame]) -> None:
    """Find by the clock; write ``id`` and ``residents`` and print the seconds."""
    start = time.perf_counter()
    found = find()
    seconds = time.perf_counter() - start
    found[["id", "residents"]].to_csv(sys.argv[3], index=False)
    print(seconds)
