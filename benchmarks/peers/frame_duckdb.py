"""GeoJSON into a frame by DuckDB spatial: POINTS OUT."""

import sys

import geopandas as gpd
import shapely
from frame_answer import of_frame, report
from spatial import connected

points, out = sys.argv[1:]
connection = connected()


def read() -> gpd.GeoDataFrame:
    """Return the frame."""
    table = connection.execute(
        f"SELECT * EXCLUDE geom, ST_AsWKB(geom)::BLOB AS wkb FROM ST_Read('{points}')"
    ).df()
    shapes = shapely.from_wkb([bytes(each) for each in table.pop("wkb")])
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


report(read, of_frame, out)
