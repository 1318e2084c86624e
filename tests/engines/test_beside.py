"""What stands beside an answer goes to a file of its own also where the answer is a data set: both, or neither."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from lcrmap.errors import FileError
from lcrmap.io.readers import own_parts
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Task, in_order
from lcrmap.layers import Layer, Pack
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.sources import Sources
from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]

JOIN = ("join", "places/", "boroughs", "--how", "inner", "--unmatched")
NEAR = ("near", "places/", "rail-stations", "--within", "800m", "--lines")


@pytest.mark.parametrize("words", [JOIN, NEAR], ids=["join", "near"])
@pytest.mark.parametrize("suffix", ["csv", "geojsonl", "geojson", "parquet"])
def test_the_second_file_beside_a_folder_is_the_one_beside_a_file(
    lcrmap: Run, with_places: Path, words: tuple[str, ...], suffix: str
) -> None:
    one = lcrmap(*words, f"a.{suffix}", "-o", "one.parquet")
    several = lcrmap(*words, f"b.{suffix}", "-o", "made/", "--rows-per-file", "250")
    assert one.code == several.code == 0, several.err
    assert Path(f"b.{suffix}").read_bytes() == Path(f"a.{suffix}").read_bytes()
    said = several.err.replace("b.", "a.").splitlines()
    assert said[:-1] == one.err.splitlines()[:-1]
    assert "Wrote made/" in said[-1]
    assert not list(with_places.rglob("*beside*"))
    assert len(json.loads(Path("made/_lcrmap.json").read_text())["files"]) > 1


def test_where_all_match_the_second_file_has_no_rows(
    lcrmap: Run, with_places: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    inside = gpd.GeoDataFrame(places.iloc[[0] * 30])
    inside["geometry"] = gpd.points_from_xy([-2.98] * 30, [53.40] * 30)
    divide(inside, (10, 10), with_places / "inside")
    words = ("join", "inside/", "boroughs", "--unmatched")
    assert lcrmap(*words, "a.csv", "-o", "one.csv").code == 0
    assert lcrmap(*words, "b.csv", "-o", "made/").code == 0
    assert Path("b.csv").read_bytes() == Path("a.csv").read_bytes()
    assert len(Path("b.csv").read_text().splitlines()) == 1


def test_values_of_a_second_file_keep_their_kinds(
    lcrmap: Run, with_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    features = [
        {
            "type": "Feature",
            "properties": {"id": n, "tags": ["a", n], "on": f"2024-01-{n + 1:02d}", "n": n or None},
            "geometry": {"type": "Point", "coordinates": [-3.5 + n / 10, 53.4]},
        }
        for n in range(12)
    ]
    Path("x.geojsonl").write_text("".join(json.dumps(each) + "\n" for each in features))
    words = ("join", "x.geojsonl", "boroughs", "--unmatched")
    assert lcrmap(*words, "a.geojson", "-o", "one.geojsonl").code == 0
    made = lcrmap(*words, "b.geojson", "-o", "made/", "--rows-per-file", "3")
    assert made.code == 0, made.err
    assert Path("b.geojson").read_bytes() == Path("a.geojson").read_bytes()


@pytest.mark.parametrize(
    ("beside", "code", "said"),
    [
        ("made/u.csv", 2, "would lie in another output"),
        ("u.gpkg", 2, "A file of this format is written whole"),
        ("there.csv", 4, "exists already"),
    ],
)
def test_a_second_file_that_cannot_be_is_refused_before_any_work(
    lcrmap: Run, with_places: Path, beside: str, code: int, said: str
) -> None:
    Path("there.csv").write_text("mine")
    asked = lcrmap(*JOIN, beside, "-o", "made/")
    assert (asked.code, said in asked.err) == (code, True), asked.err
    assert len(asked.err.splitlines()) == 1
    assert sorted(each.name for each in with_places.iterdir()) == ["places", "there.csv"]


def test_neither_is_there_if_the_second_cannot_be_read_again(
    lcrmap: Run, with_places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*words: Any, **more: Any) -> Any:
        raise FileError("'beside-000000-0000.parquet' is not a whole Parquet file.")

    with monkeypatch.context() as patched:
        patched.setattr(own_parts, "ParquetFile", broken)
        failed = lcrmap(*JOIN, "u.csv", "-o", "made/")
    assert failed.code == 3, failed.err
    assert sorted(each.name for each in with_places.iterdir() if each.name[0] != ".") == ["places"]
    assert lcrmap(*JOIN, "u.csv", "-o", "made/", "--resume").code == 0
    assert lcrmap(*JOIN, "a.csv", "-o", "a.parquet").code == 0
    assert Path("u.csv").read_bytes() == Path("a.csv").read_bytes()


def test_a_run_that_is_gone_on_with_hands_on_what_was_written_before(
    pack: Pack, with_places: Path
) -> None:
    question = Join(left="places/", right="boroughs", how="inner")

    def rows(to: str, runner: Any) -> tuple[list[Any], Any]:
        Path(to).mkdir(exist_ok=True)
        taken: list[Layer] = []
        made, manifest = answer_in_portions(
            question, Sources(pack), place_of(to), most=300, beside=taken.append, runner=runner
        )
        ids = [each for layer in taken for each in layer.frame["id"].tolist()]
        return ids, (made.notes, manifest)

    def breaking_off(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        for number, item in enumerate(items):
            if number == 2 and type(task).__name__ == "_Writing":
                raise KeyboardInterrupt
            yield number, task.do(item, task.read(item))

    def backwards(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        for number in reversed(range(len(items))):
            yield number, task.do(items[number], task.read(items[number]))

    one = rows("one/", in_order)
    assert len(one[0]) > 300
    assert one[0] == sorted(one[0])
    with pytest.raises(KeyboardInterrupt):
        rows("two/", breaking_off)
    assert rows("two/", in_order) == one
    assert rows("three/", backwards) == one


@pytest.mark.parametrize("wanted", [True, False])
def test_what_stands_beside_is_written_only_where_it_is_wanted(
    pack: Pack, with_places: Path, wanted: bool
) -> None:
    Path("made").mkdir()
    taken: list[Layer] = []
    answer_in_portions(
        Join(left="places/", right="boroughs"),
        Sources(pack),
        place_of("made/"),
        beside=taken.append if wanted else None,
    )
    assert bool(taken) == wanted
    assert bool(list(Path("made").glob("beside-*"))) == wanted
