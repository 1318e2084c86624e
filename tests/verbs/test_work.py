"""What pieces of a question give can be put together in any grouping, in any order, and in any process."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, PassedOver
from lcrmap.io.tasks import Task, in_order
from lcrmap.io.writers.geoparquet import ParquetEncoder
from lcrmap.io.writing import encode
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.question import Tabled
from lcrmap.verbs.show.question import Show
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import Work, answer, run

ROWS = 60
FILE = "places.csv"

Result = TypeVar("Result")

ASKED: dict[str, Tabled] = {
    "join": Join(left=FILE, right="boroughs", take="name"),
    "join to all": Join(left=FILE, right="wards", take="name", border="all", snap="2km"),
    "join inside": Join(left=FILE, right="boroughs", how="inner"),
    "count": Count(layers=FILE, areas="boroughs"),
    "count by": Count(layers=FILE, areas="boroughs", by="sector", sum="jobs"),
    "near": Near(start=FILE, targets="rail-stations", k=2),
    "near within": Near(start=FILE, targets=("rail-stations", "freeport-sites"), within="2km"),
    "show": Show(layer=FILE),
    "show some": Show(layer=FILE, where="jobs > 30"),
}
"""Questions that work through the file, by a name for each."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Places in and around the region: some far off, without a position, without a number, or of an unknown error."""
    rng = np.random.default_rng(7)
    lon = np.round(rng.uniform(-3.3, -2.6, ROWS), 4)
    lat = np.round(rng.uniform(53.25, 53.7, ROWS), 4)
    lon[[4, 40]] = lat[[4, 40]] = np.nan
    lat[50] = 40
    numbers = range(ROWS)
    table = pd.DataFrame(
        {
            "id": [f"p{each}" for each in numbers],
            "name": [f"Place {each}" for each in numbers],
            "sector": rng.choice(["port", "health", "net zero"], ROWS),
            "jobs": pd.array([None if each % 9 == 5 else each for each in numbers], dtype="Int64"),
            "position_error_m": [2500.0 if each % 20 == 0 else None for each in numbers],
            "longitude": lon,
            "latitude": lat,
        }
    )
    path = tmp_path_factory.mktemp("work") / FILE
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def sources(pack: Pack) -> Sources:
    return Sources(pack)


def work_on(question: Tabled, sources: Sources, layer: Layer | Parts) -> Work[Any, Any]:
    return work_class(question.ask)(question, sources, [layer])


def in_parts(question: Tabled, sources: Sources, path: Path) -> Work[Any, Any]:
    """Return the work of a question whose file comes in many splits."""
    work = work_on(question, sources, open_parts(str(path), pack=sources.pack, block=300))
    assert len(work.pieces()) > 6
    return work


def looked_and_worked(work: Work[Any, Any]) -> tuple[list[Any], list[Any]]:
    """Return what was seen of each piece, and the share made of each."""
    looks, seen = [], None
    if work.looks is not None:
        looks = [work.look(each, work.read(each, work.looks)) for each in work.pieces()]
        seen = added(looks)
    return looks, [work.work(each, work.read(each, work.works), seen) for each in work.pieces()]


def added(values: Sequence[Any]) -> Any:
    return reduce(lambda first, second: first + second, values)


def grouped(values: Sequence[Any], chance: random.Random) -> Any:
    """Add values in an order of groups that chance decides: two neighbours at a time."""
    left = list(values)
    while len(left) > 1:
        at = chance.randrange(len(left) - 1)
        left[at : at + 2] = [left[at] + left[at + 1]]
    return left[0]


def check_same(one: Any, other: Any) -> None:
    """Check that two values are equal through and through: every row, type, index and CRS."""
    assert type(one) is type(other)
    if isinstance(one, pd.DataFrame):
        plain = [pd.DataFrame(each).astype(_texts_of_shapes(each)) for each in (one, other)]
        pd.testing.assert_frame_equal(*plain)
        if isinstance(one, gpd.GeoDataFrame) and one.active_geometry_name is not None:
            assert one.crs == other.crs
            assert one.active_geometry_name == other.active_geometry_name
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
    elif is_dataclass(one):
        for field in fields(one):
            check_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, dict):
        assert list(one) == list(other)
        check_same(list(one.values()), list(other.values()))
    elif isinstance(one, tuple | list):
        assert len(one) == len(other)
        for first, second in zip(one, other, strict=True):
            check_same(first, second)
    else:
        assert one == other


def _texts_of_shapes(frame: pd.DataFrame) -> dict[Any, str]:
    return {name: "str" for name, kind in frame.dtypes.items() if str(kind) == "geometry"}


@pytest.fixture(scope="module", params=ASKED)
def made(
    request: pytest.FixtureRequest, sources: Sources, path: Path
) -> tuple[Work[Any, Any], list[Any], list[Any]]:
    work = in_parts(ASKED[request.param], sources, path)
    return work, *looked_and_worked(work)


@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shares_are_put_together_in_any_grouping(
    chance: random.Random, made: tuple[Work[Any, Any], list[Any], list[Any]]
) -> None:
    _, looks, shares = made
    for values in (looks, shares, [each.counted() for each in shares]):
        if values:
            check_same(grouped(values, chance), added(values))


@pytest.mark.parametrize("ask", ASKED)
def test_shares_of_splits_are_the_share_of_all_at_once(
    ask: str, sources: Sources, path: Path
) -> None:
    at_once = work_on(ASKED[ask], sources, open_parts(str(path), pack=sources.pack))
    assert len(at_once.pieces()) == 1
    splits = in_parts(ASKED[ask], sources, path)
    for one, other in zip(looked_and_worked(at_once), looked_and_worked(splits), strict=True):
        if one:
            check_same(added(one), added(other))


def test_any_three_shares_are_put_together_either_way(
    made: tuple[Work[Any, Any], list[Any], list[Any]],
) -> None:
    _, looks, shares = made
    for values in (looks, shares):
        for first, second, third in zip(values, values[1:], values[2:], strict=False):
            check_same((first + second) + third, first + (second + third))


def bytes_of_text(value: Any) -> int:
    """Return how many bytes of text a value holds on to in its frames, shown or not."""
    if isinstance(value, pd.DataFrame):
        texts = (pa.array(each.array) for _, each in value.items() if each.dtype == "str")
        chunks = (chunk for each in texts for chunk in getattr(each, "chunks", [each]))
        return sum(buffer.size for chunk in chunks for buffer in chunk.buffers() if buffer)
    if is_dataclass(value):
        return sum(bytes_of_text(getattr(value, field.name)) for field in fields(value))
    return sum(map(bytes_of_text, value)) if isinstance(value, tuple | list) else 0


def test_a_layer_emptied_holds_on_to_none_of_its_text(sources: Sources, path: Path) -> None:
    layer = open_layer(str(path), pack=sources.pack)
    emptied = layer.emptied()
    assert bytes_of_text(layer) > 1000
    assert bytes_of_text(emptied) < 100
    check_same(emptied, replace(layer, frame=layer.frame.iloc[:0]))


@pytest.mark.parametrize("ask", ASKED)
def test_what_was_counted_of_a_split_holds_on_to_none_of_its_text(
    ask: str, sources: Sources, path: Path
) -> None:
    work = work_on(ASKED[ask], sources, open_parts(str(path), pack=sources.pack))
    looks, (share,) = looked_and_worked(work)
    beside = bytes_of_text(
        work.nothing(added(looks) if looks else None)
    )  # of what is joined or near
    assert bytes_of_text(share) > beside + 1000 or not work.streams
    assert bytes_of_text(share.counted()) < beside + 200  # an end for each column, and no letter


def said(found: Answer) -> tuple[Any, ...]:
    """Return every byte and word of an answer."""
    written = [
        encode(layer, format_)
        for layer in (found.layer, found.beside)
        for format_ in ("csv", "geojson")
        if layer is not None
    ]
    return found.finding, found.sentences, found.notes, found.main, written


class Shuffled:
    """A runner that does the items in an order of its own."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def __call__(self, task: Task[Any, Any], items: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        order = self._chance.sample(range(len(items)), len(items))
        assert order != sorted(order)
        for number in order:
            yield number, task.do(items[number], task.read(items[number]))


@pytest.mark.parametrize("ask", ASKED)
def test_a_runner_that_shuffles_gives_the_same_bytes(
    ask: str, sources: Sources, path: Path
) -> None:
    work = in_parts(ASKED[ask], sources, path)
    in_turn = said(run(work, in_order))
    assert said(run(work, Shuffled(1))) == in_turn
    whole = answer(ASKED[ask], Sources(sources.pack, files={FILE: path}))
    assert (whole.finding, whole.sentences) == in_turn[:2]
    assert said(whole)[-1] == in_turn[-1]


ELSEWHERE = """
import pickle, sys
from lcrmap.verbs.asks import work_class

done = []
for question, sources, layer, pieces, seen in pickle.load(sys.stdin.buffer):
    work = work_class(question.ask)(question, sources, [layer])
    looks = [work.look(each, work.read(each, work.looks)) for each in pieces if work.looks]
    done.append((looks, [work.work(each, work.read(each, work.works), seen) for each in pieces]))
sys.stdout.buffer.write(pickle.dumps(done))
"""
"""What a process does that knows of each question nothing but the question, the sources and the pieces."""


def test_another_process_makes_the_same_shares(sources: Sources, path: Path) -> None:
    sent, expected = [], []
    for question in ASKED.values():
        work = in_parts(question, sources, path)
        looks, shares = looked_and_worked(work)
        seen = added(looks) if looks else None
        sent.append((question, Sources(sources.pack), work.layers[0], work.pieces(), seen))
        expected.append((looks, shares))
    made = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], input=pickle.dumps(sent), capture_output=True, check=True
    )
    check_same(pickle.loads(made.stdout), expected)


FAR_OFF: dict[str, Tabled] = {
    "join inside": Join(left=FILE, right="boroughs", how="inner"),
    "count": Count(layers=FILE, areas="boroughs"),
}


@pytest.mark.parametrize("ask", FAR_OFF)
def test_rows_that_were_passed_over_are_put_together_too(
    ask: str, sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.io.readers.geoparquet.ROWS", 6)
    lat = np.linspace(50.5, 57, ROWS)
    points = gpd.GeoSeries(gpd.points_from_xy(np.full(ROWS, -2.9), lat, crs="EPSG:4326"))
    points[[0, 30, 59]] = None
    layer = Layer(gpd.GeoDataFrame(geometry=points), Metadata("far", "Far", geometry="point"))
    path = tmp_path / "far.parquet"
    with path.open("wb") as sink, ParquetEncoder(sink, layer, group_rows=6) as encoder:
        encoder.write(layer)
    parts = open_parts(str(path), pack=sources.pack)
    kind = work_class(ask.split()[0])
    work = kind(FAR_OFF[ask], sources, [parts], beside=False)
    reads = [work.read(each, work.works) for each in work.pieces()]
    assert 0 < sum(isinstance(each, PassedOver) for each in reads) < len(reads)
    for seed in range(5):
        for values in looked_and_worked(work):
            if values:
                check_same(grouped(values, random.Random(seed)), added(values))
    whole = kind(FAR_OFF[ask], sources, [open_layer(str(path), pack=sources.pack)], beside=False)
    assert said(run(work, Shuffled(3)))[:-1] == said(run(whole))[:-1]
