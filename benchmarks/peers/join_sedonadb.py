"""Points of CSV joined to areas by SedonaDB: POINTS AREAS OUT."""

import sys

import geopandas as gpd
import sedonadb
from pyarrow import csv

points, areas, out = sys.argv[1:]
session = sedonadb.connect()
session.create_data_frame(csv.read_csv(points)).to_view("points")
session.create_data_frame(gpd.read_file(areas)[["code", "geometry"]]).to_view("areas")
joined = session.sql(
    """
    SELECT p.id, p.name, p.longitude, p.latitude, a.code
    FROM (SELECT *, ST_SetSRID(ST_Point(longitude, latitude), 4326) AS geometry FROM points) AS p
    LEFT JOIN areas AS a ON ST_Intersects(a.geometry, p.geometry)
    """
)
csv.write_csv(joined.to_arrow_table(), out)
