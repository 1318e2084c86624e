"""What is answered in parts is what is answered whole: every byte that is written, and every word that is said."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.cli import asking
from lcrmap.engines.here import read_ahead
from lcrmap.io.large import LEAST_BYTES
from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.tasks import Runner
from lcrmap.io.writers.geoparquet import ParquetEncoder
from lcrmap.layers import Layer, Metadata, Pack
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.join.rows import JoinWork
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import answer, answer_in_parts, run
from tests.conftest import Outcome

Run = Callable[..., Outcome]
ROWS = 1200


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Places in and around the region: some without a position, on a grid that meets borders, with odd texts."""
    rng = np.random.default_rng(3)
    numbers = np.arange(ROWS)
    lon = np.round(rng.uniform(-3.3, -2.6, ROWS), 5)
    lat = np.round(rng.uniform(53.25, 53.7, ROWS), 5)
    lon[[4, 700]] = np.nan
    lat[[4, 700]] = np.nan
    lat[900] = 40
    names = [f"Place {each}" for each in numbers]
    names[3], names[800], names[1000] = "=1+1", 'Ynys, "Môn"', "利物浦"
    names[6], names[1100] = "'=2+2", "'-x"
    table = pd.DataFrame(
        {
            "id": [f"p{each}" for each in numbers],
            "name": names,
            "sector": rng.choice(["port", "health", "net zero"], ROWS),
            "jobs": [None if each % 97 == 5 else each for each in numbers.tolist()],
            "share": np.round(rng.uniform(0, 1, ROWS), 3),
            "open": numbers % 3 == 0,
            "position_error_m": [None if each % 50 else 2500.0 for each in numbers],
            "longitude": lon,
            "latitude": lat,
        }
    )
    table["jobs"] = table["jobs"].astype("Int64")
    path = tmp_path / "places.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture
def both(
    lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Any, Any]]:
    """Run a line whole and in parts; return what each said and wrote. That it did go in parts is made sure of."""

    def files() -> dict[str, bytes]:
        return {each.name: each.read_bytes() for each in tmp_path.glob("out*")}

    def run(*words: str) -> tuple[Any, Any]:
        for name in files():
            (tmp_path / name).unlink()
        whole = lcrmap(*words)
        kept = files()
        for name in kept:
            (tmp_path / name).unlink()
        went: list[Any] = []
        with monkeypatch.context() as patch:
            patch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
            patch.setattr("lcrmap.io.kept.MOST_KEPT", 0)
            patch.setattr("lcrmap.io.readers.csv.MOST_KEPT_BYTES", 0)
            patch.setattr("lcrmap.io.readers.csv.BLOCK", 4096)
            patch.setattr("lcrmap.verbs.near.rows.BLOCK", 4096)
            patch.setattr("lcrmap.io.readers.geoparquet.ROWS", 100)
            patch.setattr("lcrmap.io.batches.ROWS", 100)
            patch.setattr("lcrmap.io.readers.geojsonseq.BLOCK", 20_000)
            real = asking.went_in_parts

            def spied(*args: Any) -> bool:
                went.append("an error")
                went[-1] = real(*args)
                return went[-1]

            patch.setattr(asking, "went_in_parts", spied)
            parts = lcrmap(*words)
        assert went, "nothing was asked for in parts"
        assert went[0] not in (False, None), "it was read whole after all"
        return (whole, kept), (parts, files())

    return run


JOINS = {
    "plain": [],
    "take": ["--take", "name,code", "--prefix", "b_"],
    "inner": ["--how", "inner"],
    "anti": ["--how", "anti"],
    "no nearest": ["--no-nearest"],
    "nearest": ["--nearest", "--how", "anti"],
    "snapped": ["--snap", "3km"],
    "border all": ["--border", "all"],
    "raw": ["--predicate", "intersects", "--many"],
    "within reach": ["--predicate", "dwithin", "--distance", "2km"],
    "filtered": ["--where", "sector = 'port' AND jobs > 30"],
    "columns": ["--columns", "name,code,on_border"],
    "unmatched": ["--unmatched", "out-lost.csv"],
}


@pytest.mark.parametrize("words", JOINS.values(), ids=JOINS.keys())
def test_a_join_in_parts_is_the_join(words: list[str], both: Any, places: Path) -> None:
    names = ("out.csv", "out.geojson", "out.geojsonl", "out.json", "out.parquet")
    files = [word for name in names for word in ("-o", name)]
    whole, parts = both("join", "places.csv", "boroughs", *words, *files)
    assert whole == parts
    assert len(whole[1]) >= 6


@pytest.mark.parametrize("right", ["wards", "rail-stations", "neighbourhoods"])
def test_a_join_to_any_layer_in_parts_is_the_join(right: str, both: Any, places: Path) -> None:
    words = ["--predicate", "dwithin", "--distance", "1km"] if right == "rail-stations" else []
    whole, parts = both("join", "places.csv", right, *words, "-o", "out.csv")
    assert whole == parts


COUNTS = {
    "plain": [],
    "by": ["--by", "sector"],
    "sum": ["--sum", "jobs", "--per", "residents"],
    "sum of fractions": ["--sum", "share"],
    "mean by": ["--mean", "share", "--by", "sector"],
    "median": ["--median", "jobs"],
    "with another layer": [],
}


@pytest.mark.parametrize("case", COUNTS)
def test_a_count_in_parts_is_the_count(case: str, both: Any, places: Path) -> None:
    more = ["innovation-assets"] if case == "with another layer" else []
    files = ["-o", "out.csv", "-o", "out.geojson"]
    whole, parts = both("count", "places.csv", *more, "--in", "boroughs", *COUNTS[case], *files)
    assert whole == parts


NEARS = {
    "nearest": [],
    "three": ["-k", "3"],
    "within": ["--within", "2km"],
    "miles": ["-k", "2", "--unit", "mi"],
    "lines": ["--lines", "out-lines.geojson"],
    "several": ["innovation-assets"],
    "more than there are": ["-k", "9"],
    "over the river": ["innovation-assets", "--across", "walk"],
    "over the river within": ["--within", "5km", "--across", "rail", "--assume-open"],
}


@pytest.mark.parametrize("case", NEARS)
def test_the_nearest_in_parts_are_the_nearest(case: str, both: Any, places: Path) -> None:
    to = "boroughs" if case == "more than there are" else "rail-stations"
    files = ["-o", "out.csv", "-o", "out.geojsonl"]
    whole, parts = both("near", "places.csv", to, *NEARS[case], *files)
    assert whole == parts


@pytest.fixture(params=["parquet", "gpkg", "fgb", "geojsonl"])
def converted(request: pytest.FixtureRequest, lcrmap: Run, places: Path) -> str:
    """The same places in every other format that comes in parts."""
    name = f"places.{request.param}"
    if request.param == "fgb":  # which lcrmap does not write
        layer = open_layer(str(places))
        layer.frame.to_file(places.with_name(name), SPATIAL_INDEX="NO")
    else:
        assert lcrmap("show", "places.csv", "-o", name).code == 0
    return name


@pytest.mark.parametrize(
    "words",
    [
        ["join", "boroughs"],
        ["join", "boroughs", "--how", "inner"],
        ["join", "boroughs", "--how", "inner", "--snap", "1km"],
        ["join", "boroughs", "--unmatched", "out-lost.parquet"],
        ["count", "--in", "boroughs"],
        ["count", "--in", "boroughs", "--by", "sector"],
        ["near", "rail-stations", "--within", "2km", "--lines", "out-lines.parquet"],
        ["show"],
    ],
    ids=" ".join,
)
def test_any_format_in_parts_is_answered_as_whole(
    words: list[str], both: Any, converted: str
) -> None:
    files = ["-o", "out.csv", "-o", "out.parquet"]
    whole, parts = both(words[0], converted, *words[1:], *files)
    assert whole == parts
    assert whole[0].code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["join", "--how", "inner"],
        ["join", "--how", "inner", "--predicate", "within"],
        ["join", "--how", "inner", "--unmatched", "out-lost.csv"],
        ["join", "--how", "anti"],
        ["count"],
        ["count", "--by", "kind"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_row_groups_far_away_change_no_answer(
    words: list[str], crs: str, both: Any, tmp_path: Path
) -> None:
    lat = np.linspace(50.5, 57, ROWS)
    points = gpd.GeoSeries(gpd.points_from_xy(np.full(ROWS, -2.9), lat, crs="EPSG:4326"))
    points[[0, 600, 1199]] = None
    frame = gpd.GeoDataFrame({"kind": np.where(lat > 53, "a", "b")}, geometry=points.to_crs(crs))
    layer = Layer(frame, Metadata("spread", "Spread", geometry="point"))
    with (
        (tmp_path / "spread.parquet").open("wb") as sink,
        ParquetEncoder(sink, layer, group_rows=100) as encoder,
    ):
        encoder.write(layer)
    where = ["boroughs"] if words[0] == "join" else ["--in", "boroughs"]
    whole, parts = both(words[0], "spread.parquet", *where, *words[1:], "-o", "out.csv")
    assert whole == parts
    assert "matched" in whole[0].err or "without a position" in whole[0].err


@dataclass
class Kept:
    """Keeps the rows that come."""

    takes_beside: bool = True
    read: list[Layer] = field(default_factory=list)

    def write(self, rows: Layer, beside: Layer | None) -> None:
        self.read.append(rows)


def test_row_groups_far_away_are_not_read_again(
    tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.io.readers.geoparquet.ROWS", 100)
    lat = np.linspace(50.5, 57, ROWS)
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(np.full(ROWS, -2.9), lat, crs="EPSG:4326"))
    layer = Layer(frame, Metadata("spread", "Spread", geometry="point"))
    with (
        (tmp_path / "spread.parquet").open("wb") as sink,
        ParquetEncoder(sink, layer, group_rows=100) as encoder,
    ):
        encoder.write(layer)
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    question = Join(left=str(tmp_path / "spread.parquet"), right="boroughs", how="inner")
    sink = Kept(takes_beside=False)
    answer = answer_in_parts(question, Sources(pack), sink)
    assert sum(len(each.frame) for each in sink.read) < 300
    assert answer.notes[-1].startswith(f"{ROWS:,} in: ")


def test_areas_of_geoparquet_are_converted_in_parts(both: Any, lcrmap: Run) -> None:
    assert lcrmap("show", "wards", "-o", "wards.parquet").code == 0
    whole, parts = both("show", "wards.parquet", "-o", "out.geojson", "-o", "out.parquet")
    assert whole == parts


@pytest.mark.parametrize("format_", ["csv", "geojson", "geojsonl", "json"])
def test_a_conversion_in_parts_is_the_conversion(format_: str, both: Any, places: Path) -> None:
    whole, parts = both("show", "places.csv", "-o", f"out.{format_}")
    assert whole == parts
    printed, in_parts = both("show", "places.csv", "--format", format_)
    assert printed == in_parts
    assert printed[0].out.encode() == whole[1][f"out.{format_}"]


def test_a_filtered_conversion_in_parts_says_how_many_were_chosen_from(
    both: Any, places: Path
) -> None:
    whole, parts = both("show", "places.csv", "--where", "jobs > 600", "-o", "out.geojson")
    assert whole == parts
    assert f'"selected_from":{ROWS}' in whole[1]["out.geojson"].decode()


def test_a_filter_that_leaves_nothing_is_an_error_in_parts_too(both: Any, places: Path) -> None:
    whole, parts = both("show", "places.csv", "--where", "jobs > 9999", "-o", "out.csv")
    assert whole == parts
    assert (whole[0].code, whole[1]) == (1, {})


@pytest.mark.parametrize(
    "where",
    ["price > 1000", "opened > DATE('2024-01-15')", "price > 1", "opened > DATE('1999-01-01')"],
)
def test_a_filter_that_reads_texts_is_answered_by_all_of_them(
    where: str, lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the last row tells that the month comes first, or that the cells are no numbers."""
    rows = [f"{n},-2.98,53.4,£{n + 1:,},01/{n % 12 + 1:02}/2024" for n in range(ROWS)]
    for last, code in (("2,-2.9,53.4,£5,01/31/2024", 0), ("2,-2.9,53.4,n/a,soon", 2)):
        lines = ["id,lon,lat,price,opened", *rows, last]
        text = "\n".join(line if line.count(",") == 4 else _quoted(line) for line in lines)
        (tmp_path / "sold.csv").write_text(text, encoding="utf-8")
        words = ("show", "sold.csv", "--where", where, "-f", "csv")
        whole = lcrmap(*words)
        with monkeypatch.context() as patch:
            patch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
            patch.setattr("lcrmap.io.readers.csv.MOST_KEPT_BYTES", 0)
            patch.setattr("lcrmap.io.readers.csv.BLOCK", 4096)
            assert lcrmap(*words) == whole
        assert whole.code == code


def _quoted(line: str) -> str:
    """Return a row with the price, which has a comma in it, in quotes."""
    number, lon, lat, *price, opened = line.split(",")
    return f'{number},{lon},{lat},"{",".join(price)}",{opened}'


def test_positions_on_the_national_grid_are_transformed_in_parts(
    both: Any, places: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    east, north = rng.uniform(320_000, 360_000, ROWS), rng.uniform(380_000, 400_000, ROWS)
    table = pd.DataFrame({"name": "a", "easting": east.round(1), "northing": north.round(1)})
    table.to_csv(tmp_path / "grid.csv", index=False)
    whole, parts = both("join", "grid.csv", "boroughs", "-o", "out.csv", "-o", "out.geojson")
    assert whole == parts
    assert "transformed from EPSG:27700" in whole[0].err
    whole, parts = both("near", "grid.csv", "rail-stations", "-o", "out.csv")
    assert whole == parts


def test_nothing_near_is_an_error_in_parts_too(both: Any, places: Path) -> None:
    words = ["near", "places.csv", "rail-stations", "--within", "0m", "-o", "out.csv"]
    whole, parts = both(*words)
    assert whole == parts
    assert whole[0].code == 1
    assert whole[1] == {}


def test_a_column_that_is_not_there_is_said_in_parts_as_whole(
    lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["count", "places.csv", "--in", "boroughs", "--sum", "job"]
    others = ["count", "places.csv", "--in", "boroughs", "--sum", "sector"]
    whole = lcrmap(*words), lcrmap(*others)
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    assert (lcrmap(*words), lcrmap(*others)) == whole
    assert "did you mean 'jobs'" in whole[0].err


@pytest.mark.parametrize("output", [["-o", "out.csv"], []])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["join", "places.csv", "areas.geojson"], 3),  # there is no such file
        (["join", "places.csv", "boroughs", "--take", "nam"], 2),
        (["near", "places.csv", "rail-station"], 2),
        (["show", "places.csv", "--where", "sector >"], 2),
    ],
)
def test_what_fails_in_parts_is_said_as_whole(
    words: list[str],
    code: int,
    output: list[str],
    lcrmap: Run,
    places: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = [*words, *output, *([] if output else ["--format", "csv"])]
    whole = lcrmap(*line)
    assert whole.code == code
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    assert lcrmap(*line) == whole


@pytest.mark.parametrize("more", [["--sort", "name"], ["--limit", "3"], ["-o", "out.html"]])
def test_what_needs_all_rows_is_read_whole(
    more: list[str], lcrmap: Run, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)

    def fails(*args: Any, **options: Any) -> None:
        raise AssertionError("it went in parts")

    monkeypatch.setattr("lcrmap.io.opening_parts.open_parts", fails)
    assert lcrmap("join", "places.csv", "boroughs", *more).code == 0


def test_columns_for_positions_that_only_late_rows_need_are_written_from_the_first_on(
    lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [("", "")] * 400 + [(334500 + each, 390400) for each in range(400)]
    pd.DataFrame(rows, columns=["easting", "northing"]).to_csv(tmp_path / "late.csv", index=False)
    whole = lcrmap("show", "late.csv", "-o", "out.csv"), (tmp_path / "out.csv").read_bytes()
    (tmp_path / "out.csv").unlink()
    (tmp_path / "out.csv-metadata.json").unlink()
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    monkeypatch.setattr("lcrmap.io.readers.csv.BLOCK", 1024)
    again = lcrmap("show", "late.csv", "-o", "out.csv"), (tmp_path / "out.csv").read_bytes()
    assert again == whole
    assert again[1].splitlines()[0] == b"easting,northing,longitude,latitude"


def test_a_point_on_a_border_is_refused_by_its_line_in_parts_too(
    lcrmap: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    areas = gpd.GeoDataFrame(
        {"code": ["w", "e"]},
        geometry=[shapely.box(-3, 53, -2.5, 54), shapely.box(-2.5, 53, -2, 54)],
        crs="EPSG:4326",
    )
    areas.to_file(tmp_path / "halves.gpkg")
    rows = [(-2.75, 53.4)] * 300 + [(-2.5, 53.4)]
    pd.DataFrame(rows, columns=["lon", "lat"]).to_csv(tmp_path / "points.csv", index=False)
    words = ["join", "points.csv", "halves.gpkg", "--border", "error", "-o", "out.csv"]
    whole = lcrmap(*words)
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    monkeypatch.setattr("lcrmap.io.readers.csv.BLOCK", 1024)
    assert lcrmap(*words) == whole
    assert whole.code != 0


def test_an_existing_file_is_refused_before_anything_is_read(
    lcrmap: Run, places: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out.csv").write_text("mine")
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 1)
    outcome = lcrmap("join", "places.csv", "boroughs", "-o", "out.csv")
    assert outcome.code == 4
    assert "--overwrite" in outcome.err
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_an_interruption_leaves_the_old_output(tmp_path: Path) -> None:
    """Half-way through the second pass, the process gets what Ctrl-C sends."""
    pd.DataFrame({"id": range(20_000), "lon": -2.9, "lat": 53.4, "name": "x" * 50}).to_csv(
        tmp_path / "many.csv", index=False
    )
    (tmp_path / "out.csv").write_text("old")
    code = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the shell ignores it
from lcrmap.cli import commands
from lcrmap.io import large, writing_parts
from lcrmap.io.readers import csv
large.LEAST_BYTES, csv.BLOCK = 1, 4096
real = writing_parts.PartsWriter.write
def write(self, layer):
    real(self, layer)
    if self.rows > 5000:
        os.kill(os.getpid(), signal.SIGINT)
writing_parts.PartsWriter.write = write
commands(["join", "many.csv", "boroughs", "-o", "out.csv", "--overwrite"], prog_name="lcrmap")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out.csv").read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["many.csv", "out.csv"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that is large enough to go in parts."""
    folder = tmp_path_factory.mktemp("large")
    table = {"id": range(120_000), "lon": -2.9, "lat": 53.4, "name": "x" * 60}
    pd.DataFrame(table).to_csv(folder / "large.csv", index=False)
    assert (folder / "large.csv").stat().st_size > LEAST_BYTES
    return folder


def test_on_a_terminal_the_progress_of_long_work_is_shown(large: Path) -> None:
    mine, theirs = pty.openpty()
    words = [sys.executable, "-m", "lcrmap", "join", "large.csv", "boroughs", "-o", "a.csv"]
    with subprocess.Popen(words, cwd=large, stderr=theirs, stdout=subprocess.DEVNULL) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # what reading gives at the end of a terminal
            while some := os.read(mine, 4096):
                shown += some
    os.close(mine)
    assert process.returncode == 0
    assert b"%" in shown
    assert b"120,000 in: 120,000 matched" in shown


def test_elsewhere_only_the_sentences_are_said(large: Path) -> None:
    words = [sys.executable, "-m", "lcrmap", "join", "large.csv", "boroughs", "-o", "b.csv"]
    done = subprocess.run(words, cwd=large, capture_output=True, text=True, check=True)
    first = [line.split(" ")[0] for line in done.stderr.splitlines()]
    assert first == ["The", "Attached", "120,000", "Wrote"]


def whole_and_parts(path: Path, pack: Pack, question: Join, runner: Runner) -> tuple[Any, Any]:
    whole = answer(question, Sources(pack))
    parts = open_parts(str(path), pack=pack, block=300)
    assert parts.rows < 100  # few enough to be kept, with their cells
    assert len(parts.splits) > 1
    sink = Kept()
    work = JoinWork(question, Sources(pack), [parts])
    made = run(work, runner, sink)
    rows = pd.concat([each.frame for each in sink.read])
    return (whole.layer, whole.notes), (Layer(rows, whole.layer.metadata), made.notes)


def shuffled(task: Any, items: Any) -> Any:
    """Do the items in any order."""
    for number in np.random.default_rng(len(items)).permutation(len(items)).tolist():
        yield number, task.do(items[number], task.read(items[number]))


@given(
    points=st.lists(
        st.tuples(st.floats(-3.3, -2.6), st.floats(53.25, 53.7)), min_size=40, max_size=80
    ),
    how=st.sampled_from(["left", "inner", "anti"]),
    runner=st.sampled_from([read_ahead, shuffled]),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_points_are_joined_in_parts_as_whole(
    points: list[tuple[float, float]], how: Any, runner: Runner, tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "points.csv"
    pd.DataFrame(points, columns=["lon", "lat"]).to_csv(path, index=False)
    (whole, said), (parts, also_said) = whole_and_parts(
        path, pack, Join(left=str(path), right="boroughs", how=how), runner
    )
    assert said == also_said
    left, right = pd.DataFrame(whole.frame), pd.DataFrame(parts.frame)
    pd.testing.assert_frame_equal(left, right, check_dtype=False)


@pytest.mark.parametrize("kind", ["csv", "geojsonl", "gpkg", "parquet"])
@pytest.mark.parametrize("words", [("-n", "3"), ("-n", "40", "--columns", "name"), ("-n", "0")])
@pytest.mark.parametrize("format_", ["csv", "geojson", "table"])
def test_the_first_rows_of_a_large_layer_are_those_of_the_whole(
    kind: str,
    words: tuple[str, ...],
    format_: str,
    lcrmap: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / f"many.{kind}"
    assert lcrmap("show", "innovation-assets", "-o", str(path)).code == 0
    asked = ("show", str(path), *words, "-f", format_)
    whole = lcrmap(*asked)
    monkeypatch.setattr("lcrmap.io.large.LEAST_BYTES", 10)
    monkeypatch.setattr("lcrmap.cli.large.SAID_SHARE", 0)
    if words[1] != "0":
        monkeypatch.setattr(asking, "answer", None)  # which would hold all of it
    parts = lcrmap(*asked)
    assert (parts.code, parts.out) == (whole.code, whole.out)
    assert [each for each in parts.err.splitlines() if "of the memory" not in each] == (
        whole.err.splitlines()
    )
