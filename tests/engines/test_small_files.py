"""A data set of many small files: they are read together, and answered as if they were one file."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lcrmap.errors import FileError
from lcrmap.io import datasets
from lcrmap.io.datasets import open_data_set
from lcrmap.io.parts import Wanted
from lcrmap.io.readers import dataset
from lcrmap.io.stores import Stored
from tests.conftest import Outcome
from tests.engines.conftest import Divide
from tests.engines.test_data_sets import QUESTIONS, asked

Run = Callable[..., Outcome]


SMALL = datasets._SMALL


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read small files together, as it is."""
    monkeypatch.setattr(datasets, "_SMALL", SMALL)


@pytest.fixture
def many(here: Path, places: gpd.GeoDataFrame, divide: Divide) -> Path:
    """A hundred files of three rows."""
    return divide(places.iloc[:300], [3] * 99, here / "set")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened, as often as they are."""
    names: list[str] = []
    own = Stored.open

    def counted(stored: Stored) -> Any:
        names.append(stored.name)
        return own(stored)

    monkeypatch.setattr(Stored, "open", counted)
    return names


def division(folder: str = "set/") -> list[int]:
    """How many files each split has."""
    return [len(each.together) or 1 for each in open_data_set(folder).splits]


def test_small_files_are_one_split_and_large_ones_are_not(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert division() == [100]
    monkeypatch.setattr(datasets, "_SMALL", 8)
    assert division() == [1] * 100


def test_small_files_go_together_up_to_so_many_bytes(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = max(each.stat().st_size for each in many.iterdir())
    monkeypatch.setattr(datasets, "_MOST_TOGETHER", size * 10)
    assert sum(division()) == 100
    assert min(division()[:-1]) >= 10


def test_small_files_go_together_up_to_so_many_rows(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "ROWS", 80)  # an eighth of which is ten
    assert division() == [4] * 25


def test_a_split_of_small_files_knows_their_rows_and_how_far_they_reach(
    many: Path, places: gpd.GeoDataFrame
) -> None:
    (split,) = open_data_set("set/").splits
    assert (split.first, split.rows) == (0, 300)
    assert [each.first for each in split.together] == list(range(0, 300, 3))
    assert split.extent is not None
    assert split.extent.box == tuple(places.iloc[:300].total_bounds)
    assert split.extent.shapes == 299


@pytest.mark.parametrize("ask", QUESTIONS)
def test_small_files_are_answered_like_one_file(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, ask: str
) -> None:
    places.to_parquet("places.parquet", write_covering_bbox=True)
    divide(places, [7] * 200, here / "places")
    assert division("places/") == [201]
    for layer, to in (("places.parquet", "one"), ("places/", "several")):
        answer = lcrmap(*asked(QUESTIONS[ask], layer), "-o", f"{to}.csv")
        assert answer.code == 0, answer.err
    assert Path("several.csv").read_bytes() == Path("one.csv").read_bytes()


def test_files_that_are_laid_out_otherwise_are_read_apart_and_answered_alike(
    lcrmap: Run, many: Path
) -> None:
    assert lcrmap("show", "set/", "-o", "before.csv").code == 0
    for number in (1, 2, 50):
        path = many / f"part-{number:03d}.parquet"
        table = pq.read_table(path)
        name = table.column("name").cast(pa.string())
        pq.write_table(table.set_column(table.column_names.index("name"), "name", name), path)
    assert division() == [1, 2, 47, 1, 49]
    assert lcrmap("show", "set/", "-o", "after.csv").code == 0
    assert Path("after.csv").read_bytes() == Path("before.csv").read_bytes()


def test_files_of_different_folders_keep_what_these_say(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    for number in range(2):
        rows = places.iloc[30 * number : 30 * number + 30]
        divide(rows, [3] * 9, here / "set" / f"year={2000 + number}")
    assert division() == [10, 10]
    made = lcrmap("show", "set/", "-o", "made.csv")
    assert made.code == 0, made.err
    assert pd.read_csv("made.csv")["year"].tolist() == [2000] * 30 + [2001] * 30


def test_a_small_file_that_changes_between_the_passes_is_named(many: Path) -> None:
    data = open_data_set("set/")
    rows = dataset._Rows(data, data.crs, own_crs=True)
    shutil.copy(many / "part-007.parquet", many / "part-042.parquet")
    with pytest.raises(FileError, match=r"part-042\.parquet' changed while it was read"):
        rows.read(data.splits[0], Wanted())


def test_a_broken_file_among_small_ones_is_named(lcrmap: Run, many: Path) -> None:
    path = many / "part-042.parquet"
    data = bytearray(path.read_bytes())
    data[4:1000] = b"\xff" * 996
    path.write_bytes(data)
    made = lcrmap("show", "set/", "-o", "made/")
    assert made.code == 3
    assert "'set/part-042.parquet' cannot be read in row group 1: " in made.err


def test_a_file_among_small_ones_that_is_unusual_is_read_by_itself(
    lcrmap: Run, here: Path, divide: Divide, places: gpd.GeoDataFrame
) -> None:
    """Whole numbers that a gap of another file would cost their digits, are told as where files are large."""
    some = places[["id", "geometry"]].iloc[:6].assign(big=pd.array([2**60] * 6, dtype="Int64"))
    some.loc[some.index[4], "big"] = None
    divide(some, [3], here / "set")
    together = lcrmap("show", "set/", "-o", "made/")
    shutil.rmtree("made", ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "_SMALL", 8)
        apart = lcrmap("show", "set/", "-o", "made/")
    assert (together.code, together.err) == (apart.code, apart.err)


def test_a_file_is_opened_once_a_pass(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, reads: list[str]
) -> None:
    divide(places[["id", "geometry"]].iloc[:300], [3] * 99, here / "set")
    assert lcrmap("join", "set/", "boroughs", "-o", "made/").code == 0
    # For its footer, for the survey, and for its rows: positions are still known when they are matched.
    times = [reads.count(f"part-{number:03d}.parquet") for number in range(100)]
    assert times[1:] == [3] * 99
    assert times[0] == 5  # it tells how all of them are read, and which columns an answer has


def test_a_file_beyond_the_box_is_not_opened_when_rows_are_written(
    lcrmap: Run,
    here: Path,
    places: gpd.GeoDataFrame,
    divide: Divide,
    reads: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(datasets, "_SMALL", 8)
    near = places.iloc[:200]
    far = near.set_geometry(near.translate(xoff=0.0, yoff=2.0))
    divide(pd.concat([near, far]), (200,), here / "set")
    assert lcrmap("join", "set/", "boroughs", "--how", "inner", "-o", "made/").code == 0
    assert reads.count("part-001.parquet") < reads.count("part-000.parquet")


def test_nothing_of_a_footer_stays_that_only_a_search_for_cycles_would_find(many: Path) -> None:
    """Which a command does without."""
    open_data_set("set/")
    gc.collect()
    gc.disable()
    try:
        open_data_set("set/")
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        assert not [each for each in gc.garbage if isinstance(each, pq.FileMetaData)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
