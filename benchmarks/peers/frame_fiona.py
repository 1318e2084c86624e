"""GeoJSON into a frame by fiona, record by record: POINTS OUT."""

import sys

import fiona
import geopandas as gpd
from frame_answer import of_frame, report


def read(path: str) -> gpd.GeoDataFrame:
    """Return the frame."""
    with fiona.open(path) as features:
        return gpd.GeoDataFrame.from_features(features, crs=features.crs)


points, out = sys.argv[1:]
report(lambda: read(points), of_frame, out)
