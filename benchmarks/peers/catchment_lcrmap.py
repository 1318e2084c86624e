"""Residents within 2 km on the ground, and the rings as areas, by lcrmap: PLACES RESIDENTS OUT."""

import pandas as pd
from catchment_answer import RING, frames, report

from lcrmap.analysis.catchments import reached_features
from lcrmap.analysis.zones import zones

places, people = frames()


def find() -> pd.DataFrame:
    """Return the residents of each place, having drawn its ring."""
    rings = zones(places.geometry, [RING])
    reached = reached_features(places, people, RING, exact=True)
    sums = reached.sums(people["residents"].to_numpy("float64"), RING)
    return pd.DataFrame({"id": places["id"], "residents": sums["value"]}).loc[rings["place"]]


report(find)
