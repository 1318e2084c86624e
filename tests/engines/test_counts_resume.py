"""A count that broke off is gone on with: what was counted is not counted again, and the answer is the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.points import write_points
from lcrmap.analysis.exact_sums import ExactSums
from lcrmap.errors import UsageError
from lcrmap.io.plain_form import from_plain, to_plain
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.tallies import Kept
from lcrmap.verbs.work import answer_in_parts
from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]

QUESTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "sum by": {"by": "sector", "sum": "jobs"},
    "sum of fractions": {"sum": "share"},
    "median": {"median": "share"},
    "mean by truth": {"mean": "share", "by": "open"},
    "least": {"min": "jobs"},
}


class BrokenOffError(Exception):
    pass


class Counting:
    """A runner that counts what is worked on, from the back, and breaks off where it is told to."""

    def __init__(self, after: int | None = None) -> None:
        self.done: list[Any] = []
        self.after = after

    def __call__(self, task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__name__ != "Working":
            yield from in_order(task, items)
            return
        for number in sorted(range(len(items)), key=lambda n: (n * 7919) % 5):
            if len(self.done) == self.after:
                raise BrokenOffError
            self.done.append(items[number])
            yield number, task.do(items[number], task.read(items[number]))


@pytest.fixture(scope="module")
def folder(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path_factory: pytest.TempPathFactory
) -> str:
    return f"{divide(places, (100, 300, 1, 0, 99, 650), tmp_path_factory.mktemp('c') / 'places')}/"


def counted(question: Count, pack: Pack, to: Path, runner: Any = in_order, most: int = 400) -> Any:
    to.mkdir(exist_ok=True)
    doing = Kept(place_of(f"{to}/"), most=most)
    made = answer_in_parts(question, Sources(pack), doing=doing, runner=runner)
    frame = made.layer.frame
    return frame.drop(columns="geometry").to_csv(), made.finding, made.sentences, made.notes


@pytest.mark.parametrize("ask", QUESTIONS)
@pytest.mark.parametrize("after", [1, 4])
def test_what_was_counted_is_not_counted_again(
    pack: Pack, folder: str, ask: str, after: int, tmp_path: Path
) -> None:
    question = Count(layers=folder, areas="boroughs", **QUESTIONS[ask])
    whole = answer_in_parts(question, Sources(pack))
    first, second = Counting(after), Counting()
    with pytest.raises(BrokenOffError):
        counted(question, pack, tmp_path / "run", first)
    answer = counted(question, pack, tmp_path / "run", second)
    assert answer[0] == whole.layer.frame.drop(columns="geometry").to_csv()
    assert answer[1:] == (whole.finding, whole.sentences, whole.notes)
    assert len(first.done) == after
    assert not [each for each in second.done if each in first.done]
    third = Counting()
    assert counted(question, pack, tmp_path / "run", third) == answer
    assert third.done == []


def test_a_small_layer_beside_the_large_one_is_kept_too(
    pack: Pack, folder: str, tmp_path: Path
) -> None:
    question = Count(layers=(folder, "innovation-assets"), areas="boroughs")
    whole = answer_in_parts(question, Sources(pack))
    assert counted(question, pack, tmp_path / "run")[1:] == (
        whole.finding,
        whole.sentences,
        whole.notes,
    )
    again = Counting()
    answer = counted(question, pack, tmp_path / "run", again)
    assert answer[0] == whole.layer.frame.drop(columns="geometry").to_csv()
    assert again.done == []


def test_no_piece_is_counted_twice_where_two_tallies_tell_of_it(
    pack: Pack, folder: str, tmp_path: Path
) -> None:
    question = Count(layers=folder, areas="boroughs", by="sector")
    answer = counted(question, pack, tmp_path / "run", most=1)
    counted(question, pack, tmp_path / "other", most=700)
    both = [sorted((tmp_path / each).glob("*.tally")) for each in ("run", "other")]
    assert len(both[0]) > len(both[1]) > 1
    for each in both[1]:
        (tmp_path / "run" / each.name).write_bytes(each.read_bytes())
    again = Counting()
    assert counted(question, pack, tmp_path / "run", again) == answer
    assert again.done == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: {},
        lambda told: {**told, "share": {"0": ["value", "Popen", {"args": "ls"}]}},
        lambda told: {**told, "share": {"0": 1}},
        lambda told: {**told, "end": "many"},
    ],
)
def test_a_tally_that_is_none_is_refused_in_one_sentence(
    pack: Pack, folder: str, spoil: Any, tmp_path: Path
) -> None:
    question = Count(layers=folder, areas="boroughs")
    counted(question, pack, tmp_path / "run")
    tally = tmp_path / "run" / "000000.tally"
    tally.write_text(json.dumps(spoil(json.loads(tally.read_text()))))
    with pytest.raises(UsageError, match="leave out --resume"):
        counted(question, pack, tmp_path / "run")


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(allow_nan=True)), max_size=20))
@example([(0, 9e307), (0, 9e307), (1, -9e307), (1, -9e307), (2, 1.0)])
def test_sums_in_their_plain_form_are_the_sums(pairs: list[tuple[int, float]]) -> None:
    groups, numbers = (
        np.array([a for a, _ in pairs], dtype=np.int64),
        np.array([b for _, b in pairs], dtype=np.float64),
    )
    sums = ExactSums.of(groups, numbers, 3)
    back = from_plain(json.loads(json.dumps(to_plain(sums), allow_nan=False)), (ExactSums,))
    np.testing.assert_array_equal(back.values, sums.values)
    assert (back.units, back.power) == (sums.units, sums.power)


# The command line


WORDS = ("count", "places/", "--in", "boroughs", "--by", "sector")


def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each command break off when it has read some of the pieces."""
    from lcrmap.engines import here as engine

    def run(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        for number, worked in in_order(task, items):
            if number == 3 and type(task).__name__ == "Working":
                raise KeyboardInterrupt
            yield number, worked

    monkeypatch.setattr(engine, "read_ahead", run)


@pytest.mark.parametrize("to", ["zq1.csv", "zq1/", "zq1.html"])
def test_a_count_that_was_interrupted_is_gone_on_with(
    lcrmap: Run, with_places: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = lcrmap(*WORDS, "-o", to, "--resume")
    assert (
        refused.code,
        "broke off with a part of it finished, or it is still going on" in refused.err,
    ) == (2, True)
    with monkeypatch.context() as patched:
        breaking(patched)
        assert lcrmap(*WORDS, "-o", to).code == 130
    assert not Path(to).exists()
    (left,) = with_places.glob(".zq1*.lcrmap-part")
    assert left.stat().st_mode & 0o777 == 0o700
    assert list(left.glob("*.tally"))
    other = lcrmap(*WORDS, "--sum", "jobs", "-o", to, "--resume")
    assert (other.code, "differs from this one in what is asked" in other.err) == (2, True)
    resumed = lcrmap(*WORDS, "-o", to, "--resume")
    assert resumed.code == 0, resumed.err
    assert not list(with_places.glob(".zq1*"))
    whole = lcrmap(*WORDS, "-o", to.replace("zq1", "zq2"))
    assert resumed.err == whole.err.replace("zq2", "zq1")
    if to != "zq1/":
        again = Path(to.replace("zq1", "zq2")).read_text().replace("zq2", "zq1")
        assert Path(to).read_text() == again
        return
    for each in Path("zq2").iterdir():
        assert Path("zq1", each.name).read_bytes() == each.read_bytes()


def test_a_count_that_is_printed_has_nothing_to_go_on_with(lcrmap: Run, with_places: Path) -> None:
    asked = lcrmap(*WORDS, "-f", "csv", "--resume")
    assert (asked.code, "name it with -o" in asked.err) == (2, True), asked.err
    small = lcrmap("count", "innovation-assets", "--in", "boroughs", "-o", "x.csv", "--resume")
    assert (small.code, "this is read whole" in small.err) == (2, True), small.err


def test_a_count_that_is_killed_is_gone_on_with(tmp_path: Path) -> None:
    write_points(600_000, tmp_path / "points", files=2)
    words = [sys.executable, "-m", "lcrmap", "count", "points/", "--in", "wards", "-o"]
    left = ".made.*.lcrmap-part/*.tally"
    with subprocess.Popen([*words, "made.csv"], cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + 120
        while not list(tmp_path.glob(left)) and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert not (tmp_path / "made.csv").exists()
    assert list(tmp_path.glob(left))
    subprocess.run([*words, "made.csv", "--resume"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([*words, "again.csv"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "made.csv").read_bytes() == (tmp_path / "again.csv").read_bytes()
    assert not list(tmp_path.glob(".made*"))
