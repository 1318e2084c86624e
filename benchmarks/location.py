"""The 40 p-median instances of the OR-Library (pmed1 to pmed40): are they proved, how fast, and at which value.

    python -m benchmarks.location DIR [--time SECONDS]

DIR holds the files as the OR-Library gives them (``pmed1.txt`` and so on, with ``pmedopt.txt`` for the optima); they
are not part of this repository. Of edges that a file gives twice the last counts.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path

import numpy as np

from lcrmap.analysis.aims import solved
from lcrmap.analysis.choosing import Rules
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.location import Reach


def read_instance(text: str) -> tuple[Floats, int]:
    """Return the shortest ways between all nodes, and how many are to be chosen.

    >>> ways, number = read_instance("3 3 1  1 2 5  2 3 4  1 2 7")
    >>> ways.astype(int).tolist(), number
    ([[0, 7, 11], [7, 0, 4], [11, 4, 0]], 1)
    """
    nodes, edges, number, *rest = map(int, text.split())
    ways = np.full((nodes, nodes), np.inf)
    np.fill_diagonal(ways, 0)
    for one, other, length in np.array(rest[: 3 * edges]).reshape(-1, 3):
        ways[one - 1, other - 1] = ways[other - 1, one - 1] = length
    for middle in range(nodes):
        ways = np.minimum(ways, ways[:, middle, None] + ways[middle])
    return ways, number


def reach_between(ways: Floats) -> Reach:
    """Return a resident and a candidate at each node, where nothing exists yet."""
    nodes = len(ways)
    person, candidate = (each.ravel() for each in np.indices(ways.shape))
    nothing = np.full(nodes, np.inf)
    return Reach(
        np.ones(nodes), nothing, nothing, nothing, person, candidate, ways.ravel(), np.zeros(nodes)
    )


def optima(folder: Path) -> dict[str, int]:
    """Return the published optima by instance; none where their file is missing."""
    path = folder / "pmedopt.txt"
    text = path.read_text(encoding="ascii") if path.exists() else ""
    return {name: int(value) for name, value in re.findall(r"(pmed\d+)\s+(\d+)", text)}


def main() -> None:
    """Print a line an instance, and how many were proved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time", type=float, default=300.0)
    asked = parser.parse_args()
    known, proved, wrong = optima(asked.folder), 0, 0
    paths = sorted(
        asked.folder.glob("pmed[0-9]*.txt"), key=lambda each: int(re.sub(r"\D", "", each.stem))
    )
    print(f"{'instance':<10}{'value':>8}{'optimum':>9}{'nodes':>7}{'seconds':>9}  proved")
    for path in paths:
        ways, number = read_instance(path.read_text(encoding="ascii"))
        start = time.monotonic()
        reach = reach_between(ways)
        rules = Rules(number, number)
        found = solved("distance", reach, rules, deadline=start + asked.time).found
        value = round(float(reach.after(found.choices[0].chosen)[0].sum()))
        best = known.get(path.stem)
        proved += found.proved
        wrong += found.proved and best is not None and value != best
        took = time.monotonic() - start
        told = "yes" if found.proved else "no"
        print(f"{path.stem:<10}{value:>8}{best or '':>9}{found.nodes:>7}{took:>9.1f}  {told}")
    print(f"{proved} of {len(paths)} proved, {wrong} wrong.")


if __name__ == "__main__":
    main()
