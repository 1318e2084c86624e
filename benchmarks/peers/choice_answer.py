"""What the scripts of choices share: centres of small areas, stations and candidates of the pack; clock, answer."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from lcrmap.analysis.joining import assign_areas
from lcrmap.verbs.locate.candidates import open_candidates
from lcrmap.verbs.sources import Sources

CHOSEN = 3


@dataclass(frozen=True, eq=False)
class Problem:
    """Where people live, how many, what exists, and where a further one could be."""

    homes: gpd.GeoDataFrame
    residents: np.ndarray
    existing: gpd.GeoDataFrame
    candidates: gpd.GeoDataFrame
    ids: tuple[str, ...]


def problem() -> Problem:
    """Return the 1,003 centres of small areas with their residents, the stations, and the 201 neighbourhoods."""
    sources = Sources()
    people, stations = sources.people(), sources.layer("rail-stations").frame
    homes, candidates = (
        open_candidates(sources.layer(name), people) for name in ("small-areas", "neighbourhoods")
    )
    area = assign_areas(people.layer.frame, homes.layer.frame, key=homes.layer.key)["area"]
    lived = area.to_numpy() >= 0
    residents = np.bincount(
        area.to_numpy()[lived], people.weights["residents"][lived], minlength=len(homes)
    )
    stations = stations[stations.geometry.notna() & ~stations.geometry.is_empty]
    return Problem(homes.points, residents, stations, candidates.points, candidates.keys)


def report(asked: Problem, choose: Callable[[], Sequence[int]]) -> None:
    """Choose by the clock; write the ``id`` of each place chosen and print the seconds."""
    start = time.perf_counter()
    chosen = choose()
    seconds = time.perf_counter() - start
    pd.DataFrame({"id": sorted(asked.ids[each] for each in chosen)}).to_csv(
        sys.argv[1], index=False
    )
    print(seconds)
