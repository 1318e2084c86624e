"""A run that broke off is gone on with: what was finished is not made again, and the folder is the same to the byte."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from lcrmap.errors import UsageError
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.question import Rows
from lcrmap.verbs.sources import Sources
from tests.conftest import Outcome
from tests.engines.conftest import Divide
from tests.engines.test_dask import asked

Run = Callable[..., Outcome]


class BrokenOffError(Exception):
    pass


def breaking_off(after: int) -> Any:
    """Return a runner that ends the run once so many items of the writing are done."""

    def run(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        for number, item in enumerate(items):
            if number == after and type(task).__name__ == "_Writing":
                raise BrokenOffError
            yield number, task.do(item, task.read(item))

    return run


class Counting:
    """A runner that counts what is written."""

    def __init__(self) -> None:
        self.written = 0

    def __call__(self, task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__name__ == "_Writing":
            self.written += len(items)
        return in_order(task, items)


@pytest.fixture(scope="module")
def folder(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path_factory: pytest.TempPathFactory
) -> str:
    return f"{divide(places, (100, 300, 1, 0, 99, 650), tmp_path_factory.mktemp('r') / 'places')}/"


def answered(question: Rows, pack: Pack, runner: Any, to: Path) -> Any:
    to.mkdir(exist_ok=True)
    made, manifest = answer_in_portions(
        question, Sources(pack), place_of(f"{to}/"), most=300, runner=runner
    )
    files = [(each.name, (to / each.name).read_bytes()) for each in manifest.files]
    return files, manifest, made.finding, made.sentences, made.notes


@pytest.mark.parametrize("ask", list(asked("")))
@pytest.mark.parametrize("after", [1, 3])
def test_a_run_that_broke_off_is_gone_on_with_to_the_same_bytes_and_words(
    pack: Pack, folder: str, ask: str, after: int, tmp_path: Path
) -> None:
    question = asked(folder)[ask]
    whole = Counting()
    undisturbed = answered(question, pack, whole, tmp_path / "one")
    with pytest.raises(BrokenOffError):
        answered(question, pack, breaking_off(after), tmp_path / "two")
    again = Counting()
    assert answered(question, pack, again, tmp_path / "two") == undisturbed
    assert again.written == whole.written - after


@pytest.mark.parametrize("spoil", ["shorter", "another byte", "gone", "no tally"])
def test_a_part_that_is_not_sound_is_made_again(
    pack: Pack, folder: str, spoil: str, tmp_path: Path
) -> None:
    question = asked(folder)["join"]
    undisturbed = answered(question, pack, in_order, tmp_path / "one")
    with pytest.raises(BrokenOffError):
        answered(question, pack, breaking_off(2), tmp_path / "two")
    part = tmp_path / "two" / "000000-0000.parquet"
    data = part.read_bytes()
    if spoil == "gone":
        part.unlink()
    elif spoil == "no tally":
        (tmp_path / "two" / "000000.tally").write_text("{")
    else:
        part.write_bytes(data[:-1] if spoil == "shorter" else data[:-1] + b"x")
    again = Counting()
    assert answered(question, pack, again, tmp_path / "two") == undisturbed
    assert again.written == len(list((tmp_path / "one").glob("*.tally"))) - 1


def test_a_tally_that_names_files_elsewhere_is_worth_nothing(
    pack: Pack, folder: str, tmp_path: Path
) -> None:
    question = asked(folder)["show"]
    undisturbed = answered(question, pack, in_order, tmp_path / "one")
    with pytest.raises(BrokenOffError):
        answered(question, pack, breaking_off(1), tmp_path / "two")
    tally = tmp_path / "two" / "000000.tally"
    told = json.loads(tally.read_text())
    shutil.copy(tmp_path / "two" / told["files"][0][0], tmp_path / "elsewhere.parquet")
    told["files"][0][0] = "../elsewhere.parquet"
    tally.write_text(json.dumps(told))
    assert answered(question, pack, in_order, tmp_path / "two") == undisturbed


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (
            lambda folder: Near(start=folder, targets="rail-stations", within="900m"),
            "what is asked",
        ),
        (lambda folder: asked(folder)["show"], "what is asked"),
    ],
)
def test_another_question_does_not_go_on_with_it(
    pack: Pack, folder: str, other: Any, said: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenOffError):
        answered(asked(folder)["near"], pack, breaking_off(1), tmp_path / "two")
    with pytest.raises(UsageError, match=said):
        answered(other(folder), pack, in_order, tmp_path / "two")


def test_files_that_changed_in_between_are_found(
    pack: Pack, places: gpd.GeoDataFrame, divide: Divide, tmp_path: Path
) -> None:
    made = divide(places, (700,), tmp_path / "places")
    with pytest.raises(BrokenOffError):
        answered(asked(f"{made}/")["show"], pack, breaking_off(1), tmp_path / "two")
    shutil.rmtree(made)
    divide(places.assign(share=0.5), (700,), made)
    with pytest.raises(UsageError, match="what is read"):
        answered(asked(f"{made}/")["show"], pack, in_order, tmp_path / "two")


def test_without_a_broken_run_there_is_nothing_to_go_on_with(
    lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = lcrmap("show", "boroughs", "-o", "made.csv", "--resume")
    assert (asked.code, "this is read whole" in asked.err) == (2, True), asked.err
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    lcrmap("show", "boroughs", "-o", "b.parquet")
    asked = lcrmap("show", "b.parquet", "-o", "made.csv", "--resume")
    assert (asked.code, "is for a data set" in asked.err) == (2, True), asked.err
    asked = lcrmap("show", "b.parquet", "-o", "made/", "--resume")
    assert (asked.code, "No run to 'made/' broke off" in asked.err) == (2, True), asked.err


def test_a_driver_that_is_killed_leaves_the_target_untouched_and_can_be_resumed(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path: Path
) -> None:
    divide(gpd.GeoDataFrame(gpd.pd.concat([places] * 40)), (10_000,) * 5, tmp_path / "places")
    words = [sys.executable, "-m", "lcrmap", "near", "places/", "rail-stations", "-k", "3"]
    words += ["--rows-per-file", "5000", "-o", "made/"]
    left = ".made.*.lcrmap-part/*.tally"
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 120
        while len(list(tmp_path.glob(left))) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    assert not (tmp_path / "made").exists()
    kept = {each.name: each.stat().st_mtime_ns for each in tmp_path.glob(left)}
    assert len(kept) >= 2
    # Another run beside it leaves alone what can be gone on with.
    other = [sys.executable, "-m", "lcrmap", "show", "boroughs", "-o", "b.csv"]
    subprocess.run(other, cwd=tmp_path, check=True, capture_output=True)
    assert {each.name for each in tmp_path.glob(left)} == set(kept)
    subprocess.run([*words, "--resume"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([*words[:-1], "again/"], cwd=tmp_path, check=True, capture_output=True)
    both = [
        {each.name: each.read_bytes() for each in (tmp_path / name).iterdir()}
        for name in ("made", "again")
    ]
    assert both[0] == both[1]
    assert list(tmp_path.glob(".made.*")) == []
