"""Points of CSV joined to areas by DuckDB spatial: POINTS AREAS OUT."""

import sys

from spatial import connected

points, areas, out = sys.argv[1:]
connected().execute(
    f"""
    COPY (
        SELECT p.id, p.name, p.longitude, p.latitude, a.code
        FROM read_csv('{points}') AS p
        LEFT JOIN ST_Read('{areas}') AS a
        ON ST_Intersects(a.geom, ST_Point(p.longitude, p.latitude))
    ) TO '{out}' (FORMAT csv, HEADER)
    """
)
