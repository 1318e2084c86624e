"""Points of GeoParquet joined to areas by SedonaDB, to GeoParquet: POINTS AREAS OUT."""

import sys

import geopandas as gpd
import sedonadb

points, areas, out = sys.argv[1:]
session = sedonadb.connect()
session.read_parquet(points).to_view("points")
session.create_data_frame(gpd.read_file(areas)[["code", "geometry"]]).to_view("areas")
session.sql(
    """
    SELECT p.id, p.name, a.code, p.geometry
    FROM points AS p LEFT JOIN areas AS a ON ST_Intersects(a.geometry, p.geometry)
    """
).to_parquet(out)
