"""What the scripts of nearest features share: two frames from CSV, the clock, the answer as CSV."""

import sys
import time
from collections.abc import Callable

import geopandas as gpd
import pandas as pd


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the asking points and the targets, in degrees."""
    tables = [pd.read_csv(each) for each in sys.argv[1:3]]
    one, two = (
        gpd.GeoDataFrame(t, geometry=gpd.points_from_xy(t["longitude"], t["latitude"]), crs=4326)
        for t in tables
    )
    return one, two


def report(find: Callable[[], pd.DataFrame]) -> None:
    """Find by the clock; write ``id``, ``rank``, ``target`` and print the seconds."""
    start = time.perf_counter()
    found = find()
    seconds = time.perf_counter() - start
    found[["id", "rank", "target"]].to_csv(sys.argv[3], index=False)
    print(seconds)
