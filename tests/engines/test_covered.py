"""A layer beside the large one that is too large to be held gives what it gives when it is held: to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lcrmap.engines.dask import Cluster, opened
from lcrmap.errors import DataError, UsageError
from lcrmap.io.parts import unsaid
from lcrmap.io.stores import place_of
from lcrmap.io.tasks import Runner, Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.count.question import Count
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.near.question import Near
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.question import Rows
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer, answer_in_parts, looked_at
from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]

WEST, SOUTH, EAST, NORTH = -3.3, 53.25, -2.6, 53.7
CELLS = 6


@pytest.fixture
def sets(here: Path, places: gpd.GeoDataFrame, divide: Divide) -> Path:
    pointed = [*zones().geometry[:19], shapely.Point(WEST, NORTH)]
    divide(with_borders(places), (60, 120, 1, 0, 119), here / "places")
    places.iloc[:300].to_parquet(here / "one.parquet")
    divide(zones(), (5, 1, 0, 9, 9, 9), here / "zones")
    divide(zones()[["geometry"]], (3,) * 11, here / "nameless")
    divide(zones().head(20).assign(geometry=pointed), (9, 9, 2), here / "pointed")
    divide(stops(), (60, 60, 60, 60, 1, 59), here / "stops")
    divide(stops().to_crs("EPSG:27700"), (60, 60, 60), here / "metres")
    divide(corner(places), (30,), here / "corner")
    divide(tiles(None), (10,) * 15, here / "tiles")
    divide(tiles(4000.0), (10,) * 15, here / "blurred")
    gpd.GeoDataFrame(
        {"name": ["All around"]},
        geometry=[shapely.box(WEST - 2, SOUTH - 2, EAST + 2, NORTH + 2)],
        crs="EPSG:4326",
    ).to_file(here / "region.gpkg")
    return here


def edges() -> tuple[np.ndarray, np.ndarray]:
    return np.linspace(WEST, EAST, CELLS + 1), np.linspace(SOUTH, NORTH, CELLS + 1)


def zones() -> gpd.GeoDataFrame:
    """Areas with a gap, an overlap, an invalid one, one without a shape, and names that are missing."""
    x, y = edges()
    boxes = [
        shapely.box(x[n], y[m], x[n + 1], y[m + 1]) for n in range(CELLS) for m in range(CELLS)
    ]
    boxes[8] = boxes[8].buffer(-0.01)
    boxes[14] = boxes[14].buffer(0.004, join_style="mitre")
    boxes[21] = shapely.Polygon([(x[3], y[3]), (x[4], y[4]), (x[4], y[3]), (x[3], y[4])])
    numbers = np.arange(len(boxes))
    order = np.random.default_rng(1).permutation(len(boxes)) + 1
    frame = gpd.GeoDataFrame(
        {
            "code": [f"z{each}" for each in order.tolist()],
            "name": [None if n % 11 == 4 else f"Zone {n}" for n in numbers.tolist()],
            "homes": pd.array(
                [None if n == 3 else 10 * n for n in numbers.tolist()], dtype="Int64"
            ),
        },
        geometry=boxes,
        crs="EPSG:4326",
    )
    frame.loc[30, "geometry"] = None
    return frame


def with_borders(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places in the order of their longitude, some of them on borders and corners, and some far away."""
    frame, (x, y) = places.iloc[:400].copy(), edges()
    shapes = frame.geometry.to_numpy().copy()
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    for n in range(10, 200, 10):
        shapes[n] = shapely.Point(x[n % (CELLS + 1)], lat[n] if n % 20 else y[n % (CELLS + 1)])
    if len(frame) > 300:
        shapes[300:340] = shapely.points(lon[300:340] + 9, lat[300:340] - 11)
    frame = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    order = np.argsort(frame.geometry.x.to_numpy(), kind="stable")
    return gpd.GeoDataFrame(frame.iloc[order].reset_index(drop=True))


def stops() -> gpd.GeoDataFrame:
    """Points in the order of their longitude, many at one place, some without an error, one without a position."""
    rng = np.random.default_rng(5)
    x, y = np.sort(rng.uniform(WEST, EAST, 300)), rng.uniform(SOUTH, NORTH, 300)
    x[40:55], y[40:55] = x[40], y[40]
    numbers = np.arange(300).tolist()
    frame = gpd.GeoDataFrame(
        {
            "id": [f"s{(7 * n) % 300:03d}" for n in numbers],
            "name": [None if n % 50 == 9 else f"Stop {n}" for n in numbers],
            "position_error_m": [None if n % 37 == 0 else float(n % 3) * 40 for n in numbers],
        },
        geometry=gpd.points_from_xy(x, y),
        crs="EPSG:4326",
    )
    frame.loc[77, "geometry"] = None
    return frame


def tiles(error: float | None) -> gpd.GeoDataFrame:
    """Points without names in tiles, few in each, of which one far off has another error than all others."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(WEST, EAST, 160), rng.uniform(SOUTH, NORTH, 160)
    tile = (4 * (x - WEST) / (EAST - WEST)).astype(int) * 4 + (
        4 * (y - SOUTH) / (NORTH - SOUTH)
    ).astype(int)
    order = np.argsort(tile, kind="stable")
    errors = pd.array([error] + [5.0] * 159, dtype="Float64")
    return gpd.GeoDataFrame(
        {"position_error_m": errors},
        geometry=gpd.points_from_xy(x[order], y[order]),
        crs="EPSG:4326",
    )


def corner(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places close together and near the edge of the tile they are in, among the last of all areas and tiles."""
    rng = np.random.default_rng(9)
    shapes = gpd.points_from_xy(rng.uniform(-2.765, -2.761, 60), rng.uniform(53.63, 53.634, 60))
    frame = places.iloc[:60].set_geometry(gpd.GeoSeries(shapes, crs=places.crs))
    return frame.assign(position_error_m=[3000.0, 1.0] * 30)


QUESTIONS = {
    "join": ("join", "places/", "zones/"),
    "join some": ("join", "places/", "zones/", "--take", "name,homes", "--prefix", "in_"),
    "join inside": ("join", "places/", "zones/", "--how", "inner"),
    "join outside": ("join", "places/", "zones/", "--how", "anti"),
    "join to all": ("join", "places/", "zones/", "--border", "all"),
    "join snapped": ("join", "places/", "zones/", "--snap", "2km"),
    "join without the nearest": ("join", "places/", "zones/", "--no-nearest"),
    "join to the nameless": ("join", "places/", "nameless/"),
    "join to the nameless alone": ("join", "corner/", "nameless/", "--no-nearest"),
    "join by another key": ("join", "places/", "zones/", "--key", "homes"),
    "join of points": ("join", "places/", "stops/", "--snap", "500m"),
    "join by distance": (
        *("join", "places/", "stops/"),
        *("--predicate", "dwithin", "--distance", "900m"),
    ),
    "join by distance in metres": (
        *("join", "places/", "metres/", "--many"),
        *("--predicate", "dwithin", "--distance", "900m"),
    ),
    "join within": ("join", "places/", "zones/", "--predicate", "within", "--many"),
    "count": ("count", "places/", "--in", "zones/"),
    "count by": ("count", "places/", "--in", "zones/", "--by", "sector", "--sum", "jobs"),
    "count per": (
        *("count", "places/", "boroughs", "--in", "zones/"),
        *("--per", "homes", "--keep", "homes", "--key", "homes"),
    ),
    "count in the nameless": ("count", "places/", "--in", "nameless/", "--per", "km2"),
    "count among points": ("count", "places/", "--in", "pointed/"),
    "near": ("near", "places/", "stops/", "-k", "2"),
    "near within": ("near", "places/", "stops/", "--within", "900m"),
    "near both": ("near", "places/", "stops/", "-k", "3", "--within", "5km", "--keep", "name"),
    "near all": ("near", "places/", "stops/", "-k", "299"),
    "near in metres": ("near", "places/", "metres/", "rail-stations", "-k", "1"),
    "near on foot": ("near", "places/", "stops/", "-k", "1", "--across", "walk"),
    "near areas": ("near", "places/", "zones/", "-k", "2"),
    "near tiles": ("near", "corner/", "tiles/", "-k", "40"),
    "near tiles within": ("near", "corner/", "tiles/", "--within", "3km"),
    "near what is blurred": ("near", "corner/", "blurred/", "-k", "2"),
    "near from around": ("near", "region.gpkg", "tiles/", "-k", "3"),
    "near from areas": ("near", "boroughs", "stops/", "zones/", "-k", "3"),
    "near one place": ("near", "L3 5QA", "stops/", "-k", "5", "--key", "name"),
    "near the nameless": ("near", "freeport-sites", "nameless/", "-k", "20", "--wide"),
    "join of areas": ("join", "boroughs", "zones/", "--largest-overlap"),
    "join of areas with points": (
        "join",
        "boroughs",
        "metres/",
        "--predicate",
        "contains",
        "--many",
    ),
}


@pytest.mark.parametrize("ask", QUESTIONS)
def test_what_is_not_held_is_answered_as_if_it_were(
    lcrmap: Run, sets: Path, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    held = lcrmap(*QUESTIONS[ask], "-o", "held.csv")
    assert held.code == 0, held.err
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    read = lcrmap(*QUESTIONS[ask], "-o", "read.csv")
    assert read.code == 0, read.err
    assert read.err.replace("read.csv", "held.csv") == held.err
    assert Path("read.csv").read_bytes() == Path("held.csv").read_bytes()


TO_FOLDERS = {
    "join": Join(left="places/", right="zones/", snap="2km"),
    "near": Near(start="places/", targets=("stops/", "zones/"), k=2),
}


def shuffled(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
    for number in sorted(range(len(items)), key=lambda n: (n * 7919) % 31):
        yield number, task.do(items[number], task.read(items[number]))


def written(
    question: Rows, pack: Pack, runner: Runner, to: str
) -> tuple[list[tuple[str, bytes]], Any]:
    Path(to).mkdir()
    sources = Sources(pack, runner=runner)
    made, manifest = answer_in_portions(
        question, sources, place_of(f"{to}/"), most=90, runner=runner
    )
    files = [(each.name, Path(to, each.name).read_bytes()) for each in manifest.files]
    return files, (made.finding, made.sentences, made.notes, manifest)


def test_workers_read_what_they_need_of_what_is_not_held(
    pack: Pack, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {ask: written(TO_FOLDERS[ask], pack, in_order, ask) for ask in TO_FOLDERS}
    counting = Count(layers=("places/",), areas="zones/", by="sector", sum="jobs")
    counted = answer_in_parts(counting, Sources(pack))
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    with opened(Cluster(workers=2, patience=30)) as workers:
        runners: dict[str, Runner] = {"dask": workers, "shuffled": shuffled}
        for name, runner in runners.items():
            for ask, question in TO_FOLDERS.items():
                assert written(question, pack, runner, f"{ask} {name}") == held[ask], (ask, name)
            again = answer_in_parts(counting, Sources(pack, runner=runner), runner=runner)
            assert again.layer.frame.equals(counted.layer.frame)
            assert again.notes == counted.notes


FAR_OFF = {
    "join": Join(left="places/", right="far/", take=("code",)),
    "join to the nearest": Join(left="places/", right="far/", snap="2km"),
    "count": Count(layers="places/", areas="far/"),
    "near": Near(start="places/", targets="far/", k=2),
    "near within": Near(start="places/", targets="far/", within="3km"),
}


@pytest.mark.parametrize("ask", FAR_OFF)
def test_what_cannot_matter_is_not_read(
    pack: Pack, sets: Path, divide: Divide, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    near, far = zones(), zones()
    far["geometry"] = far.geometry.translate(0, 4)
    divide(gpd.GeoDataFrame(pd.concat([near, far])), (10, 10, 16), sets / "far")
    shutil.rmtree("places")
    divide(with_borders(gpd.read_parquet(sets / "one.parquet")), (60, 120), sets / "places")
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    question, sources = FAR_OFF[ask], Sources(pack)
    kind = work_class(question.ask)
    work = kind(question, sources, kind.part_layers(question, sources, unsaid))
    Path("far", "part-003.parquet").unlink()
    seen = looked_at(work, in_order, unsaid)
    for piece in work.pieces():
        work.work(piece, work.read(piece, work.works), seen)


def test_a_large_file_is_not_held_beside_a_layer_in_parts(
    lcrmap: Run, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones().to_file("zones.gpkg")
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    refused = lcrmap("join", "places/", "zones.gpkg", "-o", "joined.csv")
    assert refused.code == 2
    assert "'zones.gpkg' has 0 MB, which is too much to be held" in refused.err
    assert "make a data set of it with lcrmap show zones.gpkg -o FOLDER/" in refused.err


def test_a_small_layer_is_joined_to_a_large_file_as_ever(
    lcrmap: Run, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zones().to_file("zones.gpkg")
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    assert lcrmap("join", "freeport-sites", "zones.gpkg", "-o", "joined.csv").code == 0


def test_a_data_set_without_a_covering_is_not_read_in_vain(
    lcrmap: Run, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("bare").mkdir()
    zones().to_parquet("bare/one.parquet")
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    refused = lcrmap("join", "places/", "bare/", "-o", "joined.csv")
    assert refused.code == 2
    assert "'bare/' is too large to be held, and has no covering" in refused.err
    assert "lcrmap show bare/ -o FOLDER/" in refused.err
    assert lcrmap("show", "bare/", "-o", "mended/").code == 0
    assert lcrmap("join", "places/", "mended/", "-o", "joined.csv").code == 0


def test_a_page_does_not_show_what_is_not_held(
    lcrmap: Run, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lcrmap("join", "freeport-sites", "zones/", "-o", "held.html").code == 0
    monkeypatch.setattr("lcrmap.io.large.MOST_HELD", 1000)
    refused = lcrmap("join", "freeport-sites", "zones/", "-o", "read.html")
    assert refused.code == 2
    assert "'zones/' is a data set that is too large to be held" in refused.err
    for question in (
        Join(left="freeport-sites", right="zones/"),
        Near(start="freeport-sites", targets=("zones/",), k=1),
    ):
        found = answer(question, Sources())
        with pytest.raises(UsageError, match="too large to be held"):
            found.page()
    assert lcrmap("count", "freeport-sites", "--in", "zones/", "-o", "counted.html").code == 0


def test_closed_sources_read_no_data_set(pack: Pack, sets: Path) -> None:
    closed = Sources(pack, closed=True)
    with pytest.raises(DataError, match="The record names 'zones/'"):
        answer(Join(left="freeport-sites", right="zones/"), closed)
    with pytest.raises(DataError, match="The record names 'stops/'"):
        answer(Near(start="freeport-sites", targets=("stops/",), k=1), closed)
    assert len(answer(Near(start="freeport-sites", targets=("L3 5QA",), k=1), closed).layer.frame)


def test_an_address_is_not_taken_beside_the_large_layer(lcrmap: Run, sets: Path) -> None:
    refused = lcrmap("join", "places/", "s3://bucket/zones/", "-o", "joined.csv")
    assert refused.code == 2
    assert "as their first layer alone" in refused.err
    with pytest.raises(UsageError, match="as their first layer alone"):
        Sources(addresses=frozenset({"s3://bucket/zones/"})).beside("s3://bucket/zones/")
