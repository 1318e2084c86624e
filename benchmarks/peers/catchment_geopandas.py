"""Residents within 2 km in the plane of the national grid, by buffer and join: PLACES RESIDENTS OUT."""

import pandas as pd
from catchment_answer import RING, frames, report

places, people = (each.to_crs(27700) for each in frames())


def find() -> pd.DataFrame:
    """Return the residents of each place, having drawn its ring."""
    rings = places[["id"]].set_geometry(places.buffer(RING))
    inside = people.sjoin(rings, predicate="intersects")
    rings.to_crs(4326)
    sums = inside.groupby("id")["residents"].sum()
    return sums.reindex(places["id"], fill_value=0).reset_index()


report(find)
