"""Five geodesic nearest of 10,000 points for 100,000, beside geopandas' planar single nearest.

Run ``python benchmarks/near_points.py``: seeded points over the city region, both ways in turn, five times; prints
medians and their ratio. The peer does less: one neighbour, in a plane (EPSG:27700), ties at random. The answers of a
sample are compared with geographiclib.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import geopandas as gpd
import numpy as np
from geographiclib.geodesic import Geodesic

from lcrmap.analysis.proximity import near

ROUNDS = 5
AIM = 3.0


def points(count: int, seed: int, error_m: float | None = None) -> gpd.GeoDataFrame:
    """Return points over the city region, in degrees."""
    random = np.random.default_rng(seed)
    shapes = gpd.points_from_xy(
        random.uniform(-3.4, -2.4, count), random.uniform(53.2, 53.7, count)
    )
    frame = gpd.GeoDataFrame({"id": np.arange(count)}, geometry=shapes, crs="EPSG:4326")
    return frame if error_m is None else frame.assign(position_error_m=error_m)


def seconds(task: Callable[[], object]) -> float:
    """Time one run."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def check(left: gpd.GeoDataFrame, right: gpd.GeoDataFrame) -> None:
    """Compare a sample with geographiclib, one by one."""
    rows = near(left.iloc[:20], right, k=5)
    for number in range(20):
        at = left.geometry.iloc[number]
        ways = sorted(
            Geodesic.WGS84.Inverse(at.y, at.x, p.y, p.x, Geodesic.DISTANCE)["s12"]
            for p in right.geometry
            if abs(p.x - at.x) < 0.1 and abs(p.y - at.y) < 0.1
        )
        found = rows.loc[rows["left"] == number, "metres"].to_numpy()
        assert np.abs(found - np.array(ways[:5])).max() < 0.0006


def main() -> None:
    """Measure and print."""
    left, right = points(100_000, 1), points(10_000, 2)
    left_grid, right_grid = left.to_crs(27700), right.to_crs(27700)
    vague_left, vague_right = points(100_000, 1, 50.0), points(10_000, 2, 50.0)
    check(left, right)
    tasks: dict[str, Callable[[], object]] = {
        "geopandas, 1 planar nearest": lambda: left_grid.sjoin_nearest(right_grid),
        "lcrmap, 5 geodesic nearest": lambda: near(left, right, k=5),
        "lcrmap, the same with ranges and certainty": lambda: near(vague_left, vague_right, k=5),
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            times[name].append(seconds(task))
    base = statistics.median(times["geopandas, 1 planar nearest"])
    print(f"100,000 points, nearest of 10,000; median of {ROUNDS}; {os.cpu_count()} cores")
    for name, each in times.items():
        middle = statistics.median(each)
        print(f"{name:45} {middle:6.2f} s  {middle / base:5.2f} times")
    print(f"Aim: the second below {AIM:g} times the first.")


if __name__ == "__main__":
    main()
