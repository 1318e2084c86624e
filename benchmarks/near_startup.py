"""One question on a bundled layer, as a process, beside importing geopandas, folium and fiona.

Run ``python benchmarks/near_startup.py``: in turn, nine times; prints medians and their ratio.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 9
COMMANDS = {
    "import geopandas, folium, fiona": ["-c", "import geopandas, folium, fiona"],
    "lcrmap near parkside rail-stations": ["-m", "lcrmap", "near", "parkside", "rail-stations", "--format", "csv"],
    "lcrmap near 'L3 5QA' rail-stations": ["-m", "lcrmap", "near", "L3 5QA", "rail-stations", "--format", "csv"],
    "lcrmap gaps rail-stations by boroughs": [
        "-m", "lcrmap", "gaps", "rail-stations", "--beyond", "800m", "--by", "boroughs", "--format", "csv",
    ],
}  # fmt: skip


def main() -> None:
    """Measure and print."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, words in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, *words], env=environment, check=True, capture_output=True
            )
            times[name].append(time.perf_counter() - start)
    base = statistics.median(times["import geopandas, folium, fiona"])
    for name, each in times.items():
        middle = statistics.median(each)
        print(f"{name:40} {middle:5.2f} s  {middle / base:5.2f} times")


if __name__ == "__main__":
    main()
