"""The points and the table of the benchmark of data sets."""

from __future__ import annotations

import itertools
from pathlib import Path

import geopandas as gpd
import pandas as pd

from benchmarks.points import write_points
from benchmarks.scale import VERBS, WAYS, Run, written
from lcrmap.cli import VERBS as COMMANDS


def test_points_are_the_same_in_one_file_and_in_many(tmp_path: Path) -> None:
    write_points(1_000, tmp_path / "one.parquet", files=1)
    write_points(1_000, tmp_path / "many", files=3)
    many = [gpd.read_parquet(each) for each in sorted((tmp_path / "many").iterdir())]
    assert len(many) == 3
    whole = pd.concat(many, ignore_index=True)
    pd.testing.assert_frame_equal(whole, gpd.read_parquet(tmp_path / "one.parquet"))
    assert whole["uprn"].is_unique


def test_ordered_points_lie_apart_in_files(tmp_path: Path) -> None:
    write_points(70_000, tmp_path / "many", files=3, ordered=True)
    bounds = [gpd.read_parquet(each).total_bounds for each in sorted((tmp_path / "many").iterdir())]
    assert all(one[2] <= other[0] for one, other in itertools.pairwise(bounds))
    assert len(bounds) == 3


def test_each_verb_of_the_table_is_one_of_lcrmaps() -> None:
    assert {words[0] for words in VERBS.values()} <= set(COMMANDS)


def test_each_way_is_held_against_one_file() -> None:
    run = {way: Run(1.0, 2.0 * number, 300.0, 200.0) for number, way in enumerate(WAYS, 1)}
    text = "\n".join(written(1_000_000, {"join": run}))
    assert "| join | data set | 4.0 | 2.00 | 1.0 | 300 |  | 4.00 |" in text
    assert "| join | data set, 2 workers | 6.0 | 3.00 | 1.0 | 300 | 200 | 6.00 |" in text
