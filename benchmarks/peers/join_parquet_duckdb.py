"""Points of GeoParquet joined to areas by DuckDB spatial, to GeoParquet: POINTS AREAS OUT."""

import sys

from spatial import connected

points, areas, out = sys.argv[1:]
connected().execute(
    f"""
    COPY (
        SELECT p.id, p.name, a.code, p.geometry
        FROM read_parquet('{points}') AS p
        LEFT JOIN ST_Read('{areas}') AS a ON ST_Intersects(a.geom, p.geometry)
    ) TO '{out}' (FORMAT parquet)
    """
)
