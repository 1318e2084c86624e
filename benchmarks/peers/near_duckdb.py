"""The five nearest by DuckDB spatial, which has no index for them: every distance, FROM TO OUT."""

import pandas as pd
from near_answer import frames, report
from spatial import connected

left, right = (each.to_crs(27700) for each in frames())
a, b = (
    pd.DataFrame({"id": each["id"], "x": each.geometry.x, "y": each.geometry.y})
    for each in (left, right)
)
connection = connected()


def find() -> pd.DataFrame:
    """Return the pairs, planar distances."""
    return connection.execute(
        """
        SELECT a.id, n.target, row_number() OVER (PARTITION BY a.id ORDER BY n.d) AS rank FROM a,
        LATERAL (
            SELECT b.id AS target, ST_Distance(ST_Point(a.x, a.y), ST_Point(b.x, b.y)) AS d
            FROM b ORDER BY d LIMIT 5
        ) AS n
        """
    ).df()


report(find)
