"""Three more stations for the residents of small areas, the least sum of distances, by spopt and HiGHS: OUT."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pulp
from choice_answer import CHOSEN, problem, report
from pyproj import Geod
from spopt.locate import PMedian

asked = problem()


def metres(places: gpd.GeoDataFrame) -> np.ndarray:
    """Return how far each home has it to each place."""
    (x, y), (east, north) = (
        (each.geometry.x.to_numpy(), each.geometry.y.to_numpy()) for each in (asked.homes, places)
    )
    shape = len(x), len(east)
    ends = (np.broadcast_to(each, shape).ravel() for each in (x[:, None], y[:, None], east, north))
    return Geod(ellps="WGS84").inv(*ends)[2].reshape(shape)


def choose() -> Sequence[int]:
    """Return the best three: nobody has it farther than to what exists."""
    cost = np.minimum(metres(asked.candidates), metres(asked.existing).min(axis=1)[:, None])
    model = PMedian.from_cost_matrix(cost, asked.residents, p_facilities=CHOSEN)
    model = model.solve(pulp.HiGHS(msg=False))
    return [number for number, each in enumerate(model.fac_vars) if each.varValue > 0.5]


report(asked, choose)
