"""The five nearest in the plane of the national grid, by SedonaDB's ST_KNN: FROM TO OUT."""

import pandas as pd
import sedonadb
from near_answer import frames, report

left, right = (each.to_crs(27700)[["id", "geometry"]] for each in frames())
session = sedonadb.connect()
session.create_data_frame(left).to_view("a")
session.create_data_frame(right).to_view("b")


def find() -> pd.DataFrame:
    """Return the pairs, ranked by planar distance."""
    rows = session.sql(
        """
        SELECT a.id, b.id AS target, ST_Distance(a.geometry, b.geometry) AS metres
        FROM a JOIN b ON ST_KNN(a.geometry, b.geometry, 5, false)
        """
    ).to_arrow_table()
    table = rows.to_pandas().sort_values(["id", "metres"])
    return table.assign(rank=table.groupby("id").cumcount() + 1)


report(find)
