"""Points of CSV to GeoParquet by DuckDB's COPY: POINTS OUT."""

import sys

from spatial import connected

points, out = sys.argv[1:]
connected().execute(
    f"""
    COPY (SELECT *, ST_Point(longitude, latitude) AS geometry FROM read_csv('{points}'))
    TO '{out}' (FORMAT parquet)
    """
)
