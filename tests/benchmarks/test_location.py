"""Published problems of location: what was published is found, and proved.

The files are not part of this repository: LCRMAP_LOCATION names the folder that has them (see `benchmarks.location`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.location import Problem, problems, reach_between, read_instance
from lcrmap.analysis.aims import solved
from lcrmap.analysis.choosing import Rules

ROOT = Path(__file__).parents[2]
FOLDER = os.environ.get("LCRMAP_LOCATION", "")
PUBLISHED = (
    [each for each in problems(Path(FOLDER)) if len(each.reach.weight) <= 300] if FOLDER else []
)


@pytest.mark.skipif(not FOLDER, reason="LCRMAP_LOCATION names no folder with published problems")
@pytest.mark.parametrize(
    "problem", PUBLISHED, ids=[f"{each.name}, {each.aim}" for each in PUBLISHED]
)
def test_what_was_published_is_found_and_proved(problem: Problem) -> None:
    some = (0, problem.reach.candidates) if problem.number is None else (problem.number,) * 2
    found = solved(problem.aim, problem.reach, Rules(*some), metres=problem.metres).found
    assert found.proved
    if problem.published is not None:
        assert problem.value(found.choices[0].chosen) == pytest.approx(problem.published, rel=1e-6)


def test_of_an_edge_that_comes_twice_the_last_counts() -> None:
    ways, number = read_instance("3 3 1  1 2 5  2 3 4  1 2 7")
    assert (ways[0, 1], number) == (7, 1)


def test_a_folder_is_told_problem_by_problem(tmp_path: Path) -> None:
    (tmp_path / "pmed1.txt").write_text("4 4 1  1 2 3  2 3 3  3 4 3  1 4 9\n")
    (tmp_path / "pmedopt.txt").write_text("pmed1 12\n")
    lines = [
        f"{x} {y} {people}\n"
        for x, y, people in [(0, 0, 5), (10, 0, 3), *((90 + n, n, 2) for n in range(4))]
    ]
    (tmp_path / "swain55.txt").write_text("".join(lines))
    words = [sys.executable, "-m", "benchmarks.location", str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    told = [line.split() for line in done.stdout.splitlines()]
    assert [told[1][each] for each in (0, 2, 3, 4, -1)] == ["pmed1", "1", "12", "12", "yes"]
    assert [line[0] for line in told[2:4]] == ["Swain", "Swain"]
    assert done.stdout.endswith(
        "3 of 3 proved, 2 not as published; seconds are of processor time.\n"
    )
    assert done.returncode == 1


def test_people_count_as_often_as_they_are() -> None:
    reach = reach_between(np.array([[0.0, 9.0], [9.0, 0.0]]), np.array([1.0, 5.0]))
    assert Problem("two", "distance", reach, 1).value((1,)) == 9
