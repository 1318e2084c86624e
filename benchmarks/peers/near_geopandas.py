"""The one nearest in the plane of the national grid, by geopandas: FROM TO OUT."""

import pandas as pd
from near_answer import frames, report

left, right = (each.to_crs(27700) for each in frames())


def find() -> pd.DataFrame:
    """Return the pairs; several where distances are equal."""
    rows = left[["id", "geometry"]].sjoin_nearest(right[["geometry"]], distance_col="metres")
    return pd.DataFrame(rows.rename(columns={"index_right": "target"})).assign(rank=1)


report(find)
