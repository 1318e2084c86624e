"""Medians of more numbers than are held: found in further passes, and the same as of numbers that are held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from lcrmap.analysis import counting, medians
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Task
from lcrmap.layers import Pack
from lcrmap.library import count
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.tallies import Kept
from lcrmap.verbs.work import answer_in_parts
from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]

QUESTIONS: dict[str, dict[str, Any]] = {
    "fractions": {"median": "share"},
    "gaps": {"median": "jobs"},
    "by": {"median": "share", "by": "sector"},
    "by truth": {"median": "jobs", "by": "open"},
}


@pytest.fixture(scope="module")
def folder(
    places: gpd.GeoDataFrame, divide: Divide, tmp_path_factory: pytest.TempPathFactory
) -> str:
    return f"{divide(places, (100, 300, 1, 0, 99, 650), tmp_path_factory.mktemp('c') / 'places')}/"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few numbers be many, and medians of categories take more than two passes."""
    monkeypatch.setattr(medians, "ROOM", 120)
    monkeypatch.setattr(counting, "_CATEGORY_ROOM", 1)


class Passes:
    """A runner that does items from the back and notes which tasks were done, and with how many items."""

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []

    def __call__(self, task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__module__ == "lcrmap.verbs.work":
            self.done.append((type(task).__name__, len(items)))
        for number in reversed(range(len(items))):
            yield number, task.do(items[number], task.read(items[number]))

    @property
    def seeking(self) -> list[int]:
        return [items for name, items in self.done if name == "Seeking"]


def told(made: Any) -> tuple[Any, ...]:
    frame = made.layer.frame.drop(columns="geometry")
    return frame.to_csv(), made.finding, made.sentences, made.notes


@pytest.mark.parametrize("ask", QUESTIONS)
def test_medians_are_those_of_numbers_that_are_held(
    pack: Pack, folder: str, ask: str, request: pytest.FixtureRequest
) -> None:
    question = Count(layers=folder, areas="boroughs", **QUESTIONS[ask])
    held, runner = Passes(), Passes()
    whole = told(answer_in_parts(question, Sources(pack), runner=held))
    assert held.seeking == []
    request.getfixturevalue("few")
    assert told(answer_in_parts(question, Sources(pack), runner=runner)) == whole
    # Whole numbers of few digits are told apart in the first pass, unless they are divided by category too.
    assert bool(runner.seeking) == (ask != "gaps")
    if "by" in QUESTIONS[ask]:
        assert len(runner.seeking) > 1


@pytest.mark.usefixtures("few")
def test_a_layer_whose_medians_are_known_is_not_gone_through_again(
    pack: Pack, folder: str, places: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    places.iloc[:50].to_parquet(tmp_path / "some.parquet")
    question = Count(layers=(folder, str(tmp_path / "some.parquet")), areas="boroughs", median="share")  # fmt: skip
    runner = Passes()
    answer_in_parts(question, Sources(pack), runner=runner)
    ((_, pieces),) = [each for each in runner.done if each[0] == "Working"]
    assert runner.seeking == [pieces - 1]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("ask", ["fractions", "by"])
def test_a_run_that_is_gone_on_with_finds_the_same(
    pack: Pack, folder: str, ask: str, tmp_path: Path
) -> None:
    question = Count(layers=folder, areas="boroughs", **QUESTIONS[ask])
    whole = told(answer_in_parts(question, Sources(pack)))
    for _ in range(2):  # the second time all that was counted is read from tallies
        runner = Passes()
        doing = Kept(place_of(f"{tmp_path}/"), most=400)
        made = answer_in_parts(question, Sources(pack), doing=doing, runner=runner)
        assert told(made) == whole
        assert runner.seeking
    assert ("Working", 0) in runner.done


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("words", [(), ("--by", "sector")])
def test_a_file_that_is_held_whole_and_one_in_parts_tell_the_same(
    lcrmap: Run,
    tmp_path: Path,
    places: gpd.GeoDataFrame,
    divide: Divide,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    places.to_parquet("places.parquet")
    divide(places, (700,), tmp_path / "places")
    some = ("--in", "boroughs", "--median", "share", *words)
    for layer, to in (("places.parquet", "one.csv"), ("places/", "several.csv")):
        made = lcrmap("count", layer, *some, "-o", to)
        assert made.code == 0, made.err
    with monkeypatch.context() as patched:
        patched.setattr(medians, "ROOM", 1 << 20)
        assert lcrmap("count", "places.parquet", *some, "-o", "held.csv").code == 0
    assert Path("several.csv").read_bytes() == Path("one.csv").read_bytes()
    assert Path("held.csv").read_bytes() == Path("one.csv").read_bytes()


@pytest.mark.usefixtures("few")
def test_values_that_read_alike_are_one_category() -> None:
    """A frame of Python's may hold 1 and '1', which have one column."""
    rows = 600
    frame = gpd.GeoDataFrame(
        {"kind": [1, "1", "2"] * (rows // 3), "n": [each / 7 for each in range(rows)]},
        geometry=gpd.points_from_xy([-2.98] * rows, [53.4] * rows),
        crs="EPSG:4326",
    )
    made = count(frame, areas="boroughs", median="n", by="kind")
    total = made.layer.frame.set_index("row").loc["total"]
    assert total["kind_1"] == frame.n[frame.kind.astype(str) == "1"].median()
    assert total["kind_2"] == frame.n[frame.kind == "2"].median()
