"""Points of CSV joined to areas by a plain geopandas script: POINTS AREAS OUT."""

import sys

import geopandas as gpd
import pandas as pd

points, areas, out = sys.argv[1:]
table = pd.read_csv(points)
frame = gpd.GeoDataFrame(
    table, geometry=gpd.points_from_xy(table["longitude"], table["latitude"]), crs="EPSG:4326"
)
right = gpd.read_file(areas)[["code", "geometry"]]
joined = frame.sjoin(right, how="left", predicate="intersects")
joined.drop(columns=["geometry", "index_right"]).to_csv(out, index=False)
