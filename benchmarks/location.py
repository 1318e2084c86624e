"""Published problems of location: is each proved, how fast, and is its value the one that was published.

    python -m benchmarks.location DIR [--time SECONDS]

DIR holds what is there of these files, none of which is part of this repository:

- ``pmed1.txt`` to ``pmed40.txt`` and ``pmedopt.txt``: the 40 p-median problems of the OR-Library. Of edges that a file
  gives twice the last counts.
- ``SF_network_distance_candidateStore_16_censusTract_205_new.csv`` and ``SF_demand_205_centroid_uniform_weight.csv``:
  205 tracts and 16 stores of San Francisco, as spopt has them among its tests.
- ``swain55.txt``: the 55 points of Swain (1971), a line each with x, y and people.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lcrmap.analysis.aims import Aim, solved
from lcrmap.analysis.choosing import Rules
from lcrmap.analysis.chords import Floats
from lcrmap.analysis.location import Reach

_TRACTS = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
_PEOPLE = "SF_demand_205_centroid_uniform_weight.csv"
_ALIKE = 1e-6  # of a value: distances are taken in whole millimetres


@dataclass(frozen=True, eq=False)
class Problem:
    """A problem, and the value that was published for it.

    Attributes
    ----------
    number
        How many are chosen; None for as many as are needed.
    """

    name: str
    aim: Aim
    reach: Reach
    number: int | None
    metres: float | None = None
    published: float | None = None

    def value(self, chosen: tuple[int, ...]) -> float:
        """Return what a choice comes to, as those who published it count: summed, or the number chosen."""
        if self.aim == "everyone":
            return len(chosen)
        metres = self.reach.after(chosen)[0]
        if self.aim == "farthest":
            return float(metres.max())
        if self.metres is not None:
            return float(self.reach.weight[metres <= self.metres].sum())
        return float(metres @ self.reach.weight)


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


def reach_between(ways: Floats, people: Floats | None = None) -> Reach:
    """Return people, a row each, and candidates, a column each, where nothing exists yet."""
    person, candidate = (each.ravel() for each in np.indices(ways.shape))
    nothing = np.full(len(ways), np.inf)
    weight = np.ones(len(ways)) if people is None else people
    off = np.zeros(ways.shape[1])
    return Reach(weight, nothing, nothing, nothing, person, candidate, ways.ravel(), off)


def problems(folder: Path) -> Iterator[Problem]:
    """Return the problems whose files are in a folder."""
    yield from _or_library(folder)
    yield from _san_francisco(folder)
    yield from _swain(folder)


def _or_library(folder: Path) -> Iterator[Problem]:
    best = folder / "pmedopt.txt"
    text = best.read_text(encoding="ascii") if best.exists() else ""
    known = {name: float(value) for name, value in re.findall(r"(pmed\d+)\s+(\d+)", text)}
    paths = folder.glob("pmed[0-9]*.txt")
    for path in sorted(paths, key=lambda each: int(re.sub(r"\D", "", each.stem))):
        ways, number = read_instance(path.read_text(encoding="ascii"))
        published = known.get(path.stem)
        yield Problem(path.stem, "distance", reach_between(ways), number, published=published)


def _san_francisco(folder: Path) -> Iterator[Problem]:
    """Return the four problems of spopt's notebook: four stores, or those that are needed within 5,000."""
    if not (folder / _TRACTS).exists():
        return
    metres = pd.read_csv(folder / _TRACTS)
    metres = metres.pivot_table(values="distance", index="DestinationName", columns="name")
    tracts = pd.read_csv(folder / _PEOPLE).sort_values("NAME")
    people = tracts["POP2000"].to_numpy(dtype=np.float64)
    reach = reach_between(metres.to_numpy(), people)
    each_once = reach_between(metres.to_numpy())
    yield Problem("San Francisco", "everyone", each_once, None, 5000, 8)
    yield Problem("San Francisco", "reach", reach, 4, 5000, 875_247)
    yield Problem("San Francisco", "distance", reach, 4, published=2_848_268_129.7145104)
    yield Problem("San Francisco", "farthest", each_once, 4, published=7403.063811)


def _swain(folder: Path) -> Iterator[Problem]:
    """Return the two problems that Church and ReVelle (1974) tell of: all within 15, and most within 10."""
    path = folder / "swain55.txt"
    if not path.exists():
        return
    x, y, people = np.loadtxt(path).T
    reach = reach_between(np.hypot(x[:, None] - x, y[:, None] - y), people)
    yield Problem("Swain", "everyone", reach, None, 15, 5)
    yield Problem("Swain", "reach", reach, 5, 10, 609)


def main() -> None:
    """Print a line a problem, and how many were proved; end with 1 if a proved value is not the published one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--time", type=float, default=300.0, metavar="SECONDS")
    asked = parser.parse_args()
    count = proved = wrong = 0
    print(
        f"{'problem':<14}{'aim':<10}{'N':>4}{'value':>15}{'published':>15}{'nodes':>7}{'seconds':>9}  proved"
    )
    for each in problems(asked.folder):
        start, used = time.monotonic(), time.process_time()
        rules = (
            Rules(0, each.reach.candidates) if each.number is None else Rules(*2 * [each.number])
        )
        deadline = start + asked.time
        found = solved(each.aim, each.reach, rules, metres=each.metres, deadline=deadline).found
        took = time.process_time() - used
        value, published = each.value(found.choices[0].chosen), each.published
        count, proved = count + 1, proved + found.proved
        wrong += (
            found.proved
            and published is not None
            and abs(value - published) > _ALIKE * max(1.0, published)
        )
        number, best = each.number or "", f"{published:,.10g}" if published else ""
        print(
            f"{each.name:<14}{each.aim:<10}{number:>4}{value:>15,.10g}{best:>15}{found.nodes:>7}{took:>9.1f}  "
            f"{'yes' if found.proved else 'no'}",
            flush=True,
        )
    print(f"{proved} of {count} proved, {wrong} not as published; seconds are of processor time.")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
