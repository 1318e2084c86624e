"""Points of GeoParquet joined to areas by a plain geopandas script, to GeoParquet: POINTS AREAS OUT."""

import sys

import geopandas as gpd

points, areas, out = sys.argv[1:]
right = gpd.read_file(areas)[["code", "geometry"]]
joined = gpd.read_parquet(points).sjoin(right, how="left", predicate="intersects")
joined.drop(columns="index_right").to_parquet(out)
