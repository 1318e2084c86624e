"""A folder of GeoParquet is one layer: what is answered of it is what is answered of its rows in one file."""

from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from benchmarks.points import write_points
from lcrmap.errors import FileError, OutputError
from lcrmap.io.manifest import MANIFEST
from lcrmap.io.stores import opened, place_of
from lcrmap.io.tasks import Task, in_order
from lcrmap.layers import Pack
from lcrmap.verbs.join.question import Join
from lcrmap.verbs.portions import answer_in_portions
from lcrmap.verbs.sources import Sources
from tests.conftest import Outcome
from tests.engines.conftest import Divide

Run = Callable[..., Outcome]

DIVISIONS = {
    "one file": (),
    "two": (700,),
    "many": (100, 300, 1, 0, 99, 650),
    "an empty one first": (0, 10),
}

QUESTIONS = {
    "join": ("join", "PLACES", "boroughs", "--take", "name,code"),
    "join inside": ("join", "PLACES", "boroughs", "--how", "inner"),
    "join to all": ("join", "PLACES", "wards", "--border", "all", "--snap", "2km"),
    "near": ("near", "PLACES", "rail-stations", "--within", "800m"),
    "near several": ("near", "PLACES", "rail-stations", "freeport-sites", "-k", "2"),
    "show": ("show", "PLACES"),
    "show some": ("show", "PLACES", "--where", "jobs > 900", "--columns", "id,jobs"),
    "count": ("count", "PLACES", "--in", "boroughs"),
    "count by": ("count", "PLACES", "--in", "wards", "--by", "sector", "--sum", "jobs"),
    "count median": ("count", "PLACES", "--in", "boroughs", "--median", "share"),
}


@pytest.fixture
def hundreds(here: Path, places: gpd.GeoDataFrame, divide: Divide) -> Path:
    """A data set of three files, of a hundred rows each."""
    return divide(places.iloc[:300], (100, 100), here / "set")


def asked(words: tuple[str, ...], layer: str) -> tuple[str, ...]:
    return tuple(layer if each == "PLACES" else each for each in words)


@pytest.mark.parametrize("division", DIVISIONS)
@pytest.mark.parametrize("ask", QUESTIONS)
def test_a_data_set_is_answered_like_its_rows_in_one_file(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, ask: str, division: str
) -> None:
    places.to_parquet("places.parquet", write_covering_bbox=True, row_group_size=100)
    divide(places, DIVISIONS[division], here / "places")
    one = lcrmap(*asked(QUESTIONS[ask], "places.parquet"), "-o", "one.csv")
    several = lcrmap(*asked(QUESTIONS[ask], "places/"), "-o", "several.csv")
    assert one.code == several.code == 0, several.err
    assert several.err.replace("several.csv", "one.csv") == one.err
    assert Path("several.csv").read_bytes() == Path("one.csv").read_bytes()


@pytest.mark.parametrize("ask", [each for each in QUESTIONS if not each.startswith("count")])
def test_an_answer_written_as_a_data_set_holds_the_rows_of_one_file(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, ask: str
) -> None:
    divide(places, (700, 400), here / "places")
    words = asked(QUESTIONS[ask], "places/")
    assert lcrmap(*words, "-o", "one.parquet").code == 0
    made = lcrmap(*words, "-o", "several/", "--rows-per-file", "250")
    assert made.code == 0, made.err
    assert lcrmap("show", "several/", "-o", "again.parquet").code == 0
    one, again = gpd.read_parquet("one.parquet"), gpd.read_parquet("again.parquet")
    pd.testing.assert_frame_equal(one, again)
    listed = json.loads(Path("several", MANIFEST).read_text())
    assert sum(each["rows"] for each in listed["files"]) == len(one)
    assert max(each["rows"] for each in listed["files"]) <= 250
    assert f"({len(one):,} rows in {len(listed['files'])} files)" in made.err
    assert sorted(each.name for each in Path("several").iterdir()) == sorted(
        [MANIFEST, *(each["name"] for each in listed["files"])]
    )


def test_files_of_a_data_set_have_one_schema_and_a_covering(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places, (700,), here / "places")
    lcrmap("show", "places/", "-o", "made/", "--rows-per-file", "500")
    schemas = {str(gpd.pd.read_parquet(each).dtypes) for each in Path("made").glob("part-*")}
    assert len(schemas) == 1
    assert "bbox" in schemas.pop()


def test_a_small_layer_becomes_a_data_set_too(lcrmap: Run, here: Path) -> None:
    made = lcrmap("show", "boroughs", "-o", "made/", "--sort", "name")
    assert made.code == 0, made.err
    assert "Wrote made/ (6 rows in 1 file)." in made.err
    shown = lcrmap("show", "made/", "-n", "2", "--columns", "name", "-f", "csv")
    assert shown.out.split() == ["name", "Halton", "Knowsley"]


def test_a_small_layer_says_what_a_data_set_has_no_form_for(lcrmap: Run, here: Path) -> None:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]}}
        | {"properties": {"mixed": mixed}}
        for mixed in (True, "no", "yes")
    ]
    Path("a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    one, several = (
        lcrmap("show", "a.geojson", "-o", name, *more)
        for name, more in (("a.parquet", ()), ("made/", ("--rows-per-file", "1")))
    )
    said = "Parquet keeps values of different kinds as text: those in the column 'mixed'; .geojson keeps them."
    assert said in one.err.splitlines()
    assert several.err.splitlines().count(said) == 1, several.err


def test_a_count_of_a_data_set_can_be_a_data_set(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places, (700,), here / "places")
    assert lcrmap("count", "places/", "--in", "boroughs", "-o", "made/").code == 0
    assert lcrmap("show", "made/", "-n", "1", "--columns", "name", "-f", "csv").code == 0


def test_folders_named_key_value_give_a_column(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    for year, kind, at in (("2024", "a", 0), ("2025", "b", 10)):
        divide(places.iloc[at : at + 10], (), here / "set" / f"year={year}" / f"kind={kind}")
    shown = lcrmap("show", "set/", "--where", "year > 2024 AND kind = 'b'", "-f", "csv")
    assert shown.code == 0, shown.err
    rows = shown.out.splitlines()
    assert rows[0].endswith(",year,kind,longitude,latitude")
    assert [each.split(",")[0] for each in rows[1:]] == [f"p{n:05d}" for n in range(10, 20)]


def test_files_stand_in_the_order_of_their_names_by_code_points(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame
) -> None:
    Path("set").mkdir()
    for name, row in (("b", 2), ("B", 0), ("a", 1), ("é", 3)):
        places.iloc[[row]].to_parquet(f"set/{name}.parquet")
    shown = lcrmap("show", "set/", "--columns", "id", "-f", "csv", "-o", "x.csv")
    assert shown.code == 0, shown.err
    assert [each.split(",")[0] for each in Path("x.csv").read_text().split()[1:]] == [
        "p00000",
        "p00001",
        "p00002",
        "p00003",
    ]


def test_names_that_begin_with_a_dot_or_underscore_are_no_data(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:5], (), here / "set")
    for name in (".hidden.parquet", "_SUCCESS", "_old/x.parquet"):
        Path("set", name).parent.mkdir(exist_ok=True)
        Path("set", name).write_text("nothing")
    shown = lcrmap("show", "set/", "-n", "2", "--columns", "id", "-f", "csv")
    assert shown.code == 0, shown.err


Spoil = Callable[[gpd.GeoDataFrame, Path], None]


def text_for_number(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.assign(jobs=frame["jobs"].astype(str)).to_parquet(path)


def one_column_more(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.assign(more=1).to_parquet(path)


def one_column_less(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.drop(columns="jobs").to_parquet(path)


def other_crs(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.to_crs(27700).to_parquet(path)


def other_geometry(frame: gpd.GeoDataFrame, path: Path) -> None:
    frame.rename_geometry("shape").to_parquet(path)


def no_geo(frame: gpd.GeoDataFrame, path: Path) -> None:
    pd.DataFrame(frame.drop(columns="geometry")).to_parquet(path)


def broken(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.write_bytes(b"PAR1 broken")


def table(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.with_suffix(".csv").write_text("a,b\n1,2\n")


SPOILT: dict[str, tuple[Spoil, str]] = {
    "text for a number": (text_for_number, "'jobs' is string, not int64"),
    "a column more": (one_column_more, "it has 'more' besides"),
    "a column less": (one_column_less, "it has no 'jobs'"),
    "another CRS": (other_crs, "British National Grid, not WGS 84"),
    "another geometry column": (other_geometry, "'shape', not 'geometry'"),
    "no GeoParquet": (no_geo, "is Parquet but not GeoParquet"),
    "a broken file": (broken, "part-999.parquet"),
    "a file of another kind": (table, "part-999.csv' is no GeoParquet"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_does_not_agree_is_named_with_the_first_difference(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, how: str
) -> None:
    divide(places.iloc[:20], (10,), here / "set")
    spoil, said = SPOILT[how]
    spoil(places.iloc[20:30], here / "set" / "part-999.parquet")
    asked = lcrmap("show", "set/", "-o", "x.csv")
    assert asked.code == 3
    assert said in asked.err
    assert "part-999" in asked.err
    assert len(asked.err.splitlines()) == 1
    assert not Path("x.csv").exists()


def test_a_link_that_leads_out_of_the_folder_is_refused(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:20], (), here / "set")
    shutil.copy("set/part-000.parquet", "elsewhere.parquet")
    Path("set/z.parquet").symlink_to("../elsewhere.parquet")
    asked = lcrmap("show", "set/", "-n", "1")
    assert asked.code == 3
    assert "'set/z.parquet' is a link that leads out" in asked.err.replace(str(here) + "/", "")


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ("year=1/year=2", "name 'year=' twice"),
        ("jobs=1", "give a column 'jobs', and so do its files"),
        ("geometry=1", "give a column 'geometry', and so do its files"),
    ],
)
def test_a_folder_that_gives_a_column_twice_is_refused(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, folders: str, said: str
) -> None:
    divide(places.iloc[:20], (), here / "set" / folders)
    asked = lcrmap("show", "set/", "-n", "1")
    assert (asked.code, said in asked.err) == (3, True), asked.err


def test_files_in_and_outside_a_key_value_folder_do_not_agree(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:20], (), here / "set" / "year=1")
    divide(places.iloc[:20], (), here / "set" / "z")
    asked = lcrmap("show", "set/", "-n", "1")
    assert asked.code == 3
    assert "lies in a folder 'year=...', and" in asked.err


def test_an_empty_folder_and_one_without_geoparquet_are_told_apart(lcrmap: Run, here: Path) -> None:
    Path("empty").mkdir()
    assert "'empty/' is a folder without files" in lcrmap("show", "empty/").err
    Path("tables").mkdir()
    Path("tables/a.csv").write_text("lon,lat\n-3,53\n")
    asked = lcrmap("show", "tables/")
    assert "without GeoParquet files: name a file in it, such as 'a.csv'" in asked.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sort", "id", "-o", "x.csv"), "--sort needs all rows"),
        (("-o", "x.html"), "A page or a picture shows all rows"),
        (("-o", "x.gpkg"), "written whole"),
        ((), "A table on the terminal needs all rows"),
    ],
)
def test_what_needs_all_rows_is_refused_with_the_way(
    lcrmap: Run,
    here: Path,
    places: gpd.GeoDataFrame,
    divide: Divide,
    words: tuple[str, ...],
    said: str,
) -> None:
    divide(places.iloc[:20], (), here / "set")
    words = words or ("-f", "table")
    asked = lcrmap("join", "set/", "boroughs", *words)
    assert asked.code == 2
    assert said in asked.err
    assert "lcrmap show set/ --where EXPR -o some.parquet" in asked.err


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("https://example.org/uprn/", "download"),
        ("s3://bucket", "names no folder in a bucket"),
        ("s3://user:pass@bucket/x/", "leave credentials to the environment"),
        ("s3://bucket/x/?X-Amz-Signature=1", "leave credentials to the environment"),
        ("s3://bucket/../x/", "'..'"),
        ("ftp://bucket/x/", "ftp"),
    ],
)
def test_an_address_that_is_no_bucket_is_refused(
    lcrmap: Run, here: Path, layer: str, said: str
) -> None:
    asked = lcrmap("show", layer, "-o", "x.csv")
    assert asked.code in (2, 3)
    assert said in asked.err


def test_an_output_inside_what_is_read_is_refused(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:20], (), here / "set")
    for target in ("set/", "set/inner/"):
        asked = lcrmap("show", "set/", "-o", target, "--overwrite")
        assert asked.code == 4
        assert "what is read" in asked.err
    assert [each.name for each in Path("set").iterdir()] == ["part-000.parquet"]


def test_a_folder_of_something_else_is_never_replaced(lcrmap: Run, here: Path) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("Dear")
    asked = lcrmap("show", "boroughs", "-o", "mine/", "--overwrite")
    assert asked.code == 4
    assert "is no data set of lcrmap" in asked.err
    assert Path("mine/letter.txt").read_text() == "Dear"


def test_a_data_set_is_replaced_only_if_somebody_says_so_and_nothing_foreign_is_in_it(
    lcrmap: Run, here: Path
) -> None:
    assert lcrmap("show", "boroughs", "-o", "made/").code == 0
    assert "add --overwrite" in lcrmap("show", "wards", "-o", "made/").err
    Path("made/notes.txt").write_text("mine")
    assert "'notes.txt'" in lcrmap("show", "wards", "-o", "made/", "--overwrite").err
    Path("made/notes.txt").unlink()
    again = lcrmap("show", "freeport-sites", "-o", "made/", "--overwrite")
    assert again.code == 0
    assert "16 rows" in again.err


def spoil_rows(listed: dict) -> None:
    listed["files"][0]["rows"] += 1


def spoil_name(listed: dict) -> None:
    listed["files"][0]["name"] = "../elsewhere.parquet"


def spoil_missing(listed: dict) -> None:
    listed["files"].append({"name": "part-9.parquet", "rows": 1, "bytes": 1, "sha256": "0"})


def spoil_form(listed: dict) -> None:
    del listed["files"]


def spoil_version(listed: dict) -> None:
    listed["lcrmap"] = 2


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_rows, "says 7 in"),
        (spoil_name, "outside the folder"),
        (spoil_missing, "lacks 'part-9.parquet'"),
        (spoil_form, "is not the list of files that lcrmap writes"),
        (spoil_version, "is a list of form 2, and this lcrmap reads form 1"),
    ],
)
def test_a_list_of_files_that_lies_is_found(
    lcrmap: Run, here: Path, spoil: Callable[[dict], None], said: str
) -> None:
    lcrmap("show", "boroughs", "-o", "made/")
    path = Path("made", MANIFEST)
    listed = json.loads(path.read_text())
    spoil(listed)
    path.write_text(json.dumps(listed))
    asked = lcrmap("show", "made/", "-n", "1")
    assert asked.code == 3
    assert said in asked.err


def test_only_files_on_the_list_are_read(lcrmap: Run, here: Path) -> None:
    lcrmap("show", "boroughs", "-o", "made/")
    shutil.copy("made/part-00000.parquet", "made/part-00001.parquet")
    lcrmap("show", "made/", "-o", "x.csv", "--columns", "name")
    assert len(Path("x.csv").read_text().splitlines()) == 7


def spoil_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[200:1200] = b"\xff" * 1000
    path.write_bytes(data)


def test_a_row_group_that_cannot_be_read_is_named_with_its_file(
    lcrmap: Run, here: Path, hundreds: Path
) -> None:
    spoil_pages(hundreds / "part-001.parquet")
    asked = lcrmap("show", "set/", "-o", "x/")
    assert asked.code == 3
    assert "'set/part-001.parquet' cannot be read in row group 1: " in asked.err
    assert not Path("x").exists()


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_between_the_passes_is_named(
    pack: Pack, here: Path, places: gpd.GeoDataFrame, hundreds: Path, how: str
) -> None:
    path = hundreds / "part-001.parquet"

    def disturbed(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__name__ == "_Writing":
            path.unlink()
            if how == "changed":
                places.iloc[300:400].to_parquet(path)
            task = pickle.loads(pickle.dumps(task))  # in a process of its own nothing is held open
        return in_order(task, items)

    (here / "x").mkdir()
    question = Join(left="set/", right="boroughs")
    with pytest.raises(FileError, match=r"part-001\.parquet"):
        answer_in_portions(question, Sources(pack), place_of("x/"), most=100, runner=disturbed)


def test_a_file_that_is_held_open_and_changes_in_place_is_found_by_its_fingerprint(
    pack: Pack, here: Path, places: gpd.GeoDataFrame
) -> None:
    Path("set").mkdir()
    plain = {"compression": None, "use_dictionary": False}
    same = places[["id", "share", "geometry"]].iloc[:200]
    same.to_parquet("set/a.parquet", **plain)

    def disturbed(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__name__ == "_Writing":
            size = Path("set/a.parquet").stat().st_size
            same.assign(share=same["share"] / 2).to_parquet("set/a.parquet", **plain)
            assert Path("set/a.parquet").stat().st_size == size
        return in_order(task, items)

    (here / "x").mkdir()
    question = Join(left="set/", right="boroughs")
    with pytest.raises(FileError, match=r"a\.parquet' changed while it was read"):
        answer_in_portions(question, Sources(pack), place_of("x/"), most=100, runner=disturbed)


def test_a_folder_that_cannot_be_written_is_an_error_of_the_output(
    pack: Pack, here: Path, hundreds: Path
) -> None:
    question = Join(left="set/", right="boroughs")
    (here / "x").mkdir()

    def removing(task: Task[Any, Any], items: Any) -> Iterator[tuple[int, Any]]:
        if type(task).__name__ == "_Writing":
            shutil.rmtree(here / "x")
        return in_order(task, items)

    with pytest.raises(OutputError, match=r"'x/' cannot be written"):
        answer_in_portions(question, Sources(pack), place_of("x/"), most=100, runner=removing)


def test_without_dask_the_line_that_installs_it_is_said(
    lcrmap: Run, hundreds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lcrmap.cli.engines.find_spec", lambda name: None)
    asked = lcrmap("show", "set/", "-o", "x/", "--engine", "dask", "--workers", "2")
    assert asked.code == 2
    assert asked.err == "Error: --engine dask needs Dask distributed: pip install 'lcrmap[scale]'\n"


def test_workers_are_not_started_for_what_they_cannot_do(lcrmap: Run, hundreds: Path) -> None:
    dask = ("--engine", "dask", "--workers", "2")
    small = lcrmap("show", "boroughs", "-o", "x/", *dask)
    assert (small.code, "this is small: leave it out" in small.err) == (2, True), small.err
    one = lcrmap("show", "set/", "-o", "x.csv", *dask)
    assert (one.code, "name a folder, as in -o joined/" in one.err) == (2, True), one.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "dask"), "--workers N, for processes of this machine, or --scheduler"),
        (
            ("--engine", "dask", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"),
            "one of the two",
        ),
        (("--workers", "2"), "--workers is for workers of Dask: add --engine dask"),
        (("--engine", "dask", "--scheduler", "tls://10.0.0.1:8786"), "--tls-ca, --tls-cert"),
        (("--engine", "dask", "--scheduler", "tcp://10.0.0.1:8786"), "--insecure-scheduler"),
        (("--engine", "dask", "--scheduler", "http://127.0.0.1:8786"), "is no address of a"),
        (("--engine", "dask", "--scheduler", "tcp://127.0.0.1:99999"), "a machine and a port"),
        (("--engine", "dask", "--scheduler", "tcp://u:p@127.0.0.1:8786"), "a machine and a port"),
        (("--engine", "dask", "--workers", "100000"), "is not in the range 1<=x<=256"),
        (("--tls-ca", "gone.pem"), "File 'gone.pem' does not exist"),
        (("--engine", "dask", "--workers", "2", "--memory", "many"), "write it as in 1.5GB"),
    ],
)
def test_machines_that_cannot_be_meant_are_refused(
    lcrmap: Run,
    hundreds: Path,
    words: tuple[str, ...],
    said: str,
) -> None:
    asked = lcrmap("show", "set/", "-o", "x/", *words)
    assert (asked.code, said in asked.err) == (2, True), asked.err


@pytest.mark.parametrize("rows", [65_535, 65_536, 65_537])
def test_a_file_about_as_long_as_a_row_group_loses_no_row(
    lcrmap: Run, here: Path, rows: int
) -> None:
    write_points(2 * rows, here / "set", files=2)
    made = lcrmap("show", "set/", "-o", "made/", "--rows-per-file", str(rows + 1))
    assert f"({2 * rows:,} rows in 2 files)" in made.err, made.err
    written = pq.read_table("made", columns=["uprn"])["uprn"].to_numpy()
    assert (written == pq.read_table("set", columns=["uprn"])["uprn"].to_numpy()).all()
    groups = [
        pq.ParquetFile(each).num_row_groups for each in sorted(Path("made").glob("*.parquet"))
    ]
    assert groups == [-(-rows // 65_536)] * 2


def test_points_on_a_border_and_a_key_repeated_in_two_files_are_counted_once_each(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    areas = gpd.GeoDataFrame(
        {"id": ["a", "b"]},
        geometry=[shapely.box(-3, 53.3, -2.9, 53.4), shapely.box(-2.9, 53.3, -2.8, 53.4)],
        crs="EPSG:4326",
    )
    areas.to_parquet("areas.parquet")
    spots = gpd.GeoDataFrame(
        {"id": ["x", "y", "x"]},
        geometry=gpd.points_from_xy([-2.9, -2.95, -2.9], [53.35, 53.35, 53.31]),
        crs="EPSG:4326",
    )
    divide(spots, (2,), here / "set")
    made = lcrmap("join", "set/", "areas.parquet", "-o", "made/")
    assert "3 matched (2 of them on a shared border)" in made.err, made.err
    counted = lcrmap("count", "set/", "--in", "areas.parquet", "-o", "counts.csv")
    assert "(2 on a shared border)" in counted.err, counted.err
    shown = lcrmap("show", "made/", "-f", "csv", "-o", "x.csv")
    assert shown.code == 0
    rows = pd.read_csv("x.csv")
    assert rows["id"].tolist() == ["x", "y", "x"]
    assert rows["on_border"].tolist() == [True, False, True]
    listed = json.loads(Path("made", MANIFEST).read_text())
    assert "primaryKey" not in json.dumps(listed["layer"])
    asked = {"ask": "join", "left": "set/", "right": "areas.parquet"}
    assert listed["record"]["question"] == asked
    assert lcrmap("show", "innovation-assets", "-o", "assets/").code == 0
    held = json.loads(Path("assets", MANIFEST).read_text())
    assert held["record"]["question"] == {"ask": "show", "layer": "innovation-assets"}
    assert held["record"]["pack"] == listed["record"]["pack"]


def test_rows_without_a_key_have_the_numbers_that_they_have_in_one_file(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    bare = places[["share", "geometry"]].iloc[:50]
    bare.to_parquet("places.parquet", write_covering_bbox=True)
    divide(bare, (20, 7), here / "places")
    for name, to in (("places.parquet", "one.csv"), ("places/", "several.csv")):
        asked = lcrmap("near", name, "rail-stations", "-o", to)
        assert asked.code == 0, asked.err
    assert Path("several.csv").read_bytes() == Path("one.csv").read_bytes()


@pytest.mark.parametrize(("most", "files"), [(200, 1), (199, 2), (100, 2), (99, 4)])
def test_pieces_go_together_as_long_as_a_file_may_hold_them(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide, most: int, files: int
) -> None:
    divide(places.iloc[:200], (100,), here / "set")
    made = lcrmap("show", "set/", "-o", "made/", "--rows-per-file", str(most))
    assert f"(200 rows in {files} file" in made.err, made.err


@pytest.mark.parametrize("hashed", ["footer", "full"])
def test_a_page_counted_from_a_data_set_names_it_and_is_not_verified_by_copies(
    lcrmap: Run, hundreds: Path, hashed: str
) -> None:
    asked = lcrmap("count", "set/", "--in", "boroughs", "-o", "c.html", "--hash", hashed)
    assert asked.code == 0, asked.err
    verified = lcrmap("verify", "c.html", "--inputs", ".")
    assert verified.code == 3
    assert "made from the data set 'set/'" in verified.err
    assert "ask the recorded question again" in verified.err


def test_files_may_have_their_columns_in_another_order(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    whole = places.iloc[:20]
    divide(whole, (10,), here / "same")
    Path("set").mkdir()
    shutil.copy("same/part-000.parquet", "set/a.parquet")
    turned = pq.read_table("same/part-001.parquet")
    pq.write_table(turned.select(turned.column_names[::-1]), "set/b.parquet")
    for verb in (("show",), ("join", "boroughs")):
        words = [
            [verb[0], layer, *verb[1:], "-o", f"{layer[:-1]}.csv", "--overwrite"]
            for layer in ("same/", "set/")
        ]
        assert [lcrmap(*each).code for each in words] == [0, 0]
        assert Path("set.csv").read_text() == Path("same.csv").read_text()


def test_folders_may_name_their_columns_in_another_order(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:10], (), here / "set" / "a=1" / "b=2")
    divide(places.iloc[10:20], (), here / "set" / "b=3" / "a=4")
    shown = lcrmap("show", "set/", "--columns", "a,b", "-f", "csv")
    assert shown.code == 0, shown.err
    assert [each[:3] for each in shown.out.splitlines()[1::10]] == ["1,2", "4,3"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.symlink_to("nothing"), "'set/z.parquet' is a link to nothing"),
        (os.mkfifo, "'set/z.parquet' is no ordinary file"),
    ],
)
def test_what_is_no_file_is_refused_and_never_waited_for(
    lcrmap: Run,
    here: Path,
    places: gpd.GeoDataFrame,
    divide: Divide,
    make: Callable[[Path], None],
    said: str,
) -> None:
    divide(places.iloc[:20], (), here / "set")
    make(Path("set/.z"))
    assert lcrmap("show", "set/", "-n", "1").code == 0
    make(Path("set/z.parquet"))
    asked = lcrmap("show", "set/", "-n", "1")
    assert (asked.code, said in asked.err) == (3, True), asked.err


def test_a_data_set_without_rows_is_refused_like_a_file_without(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, divide: Divide
) -> None:
    divide(places.iloc[:0], (), here / "set")
    for words in (("show", "set/"), ("join", "boroughs", "set/")):
        asked = lcrmap(*words, "-o", "x.csv")
        assert asked.code == 3
        assert asked.err == "Error: 'set/' has no features: check how it was made.\n"


def test_near_says_which_option_needs_all_rows(lcrmap: Run, hundreds: Path) -> None:
    asked = lcrmap("near", "set/", "rail-stations", "--wide", "-o", "x/")
    assert asked.code == 2
    assert "--wide needs all rows. Choose rows first" in asked.err


@pytest.mark.parametrize("layer", ["https://h/x/?sig=SECRET", "hdfs://u:SECRET@h/x/"])
def test_an_address_is_not_repeated_with_what_it_holds(lcrmap: Run, here: Path, layer: str) -> None:
    asked = lcrmap("join", layer, "boroughs", "-o", "x.csv")
    assert asked.code == 3
    assert "SECRET" not in asked.err
    assert "download it, or name the bucket" in asked.err


def test_no_thread_of_arrow_holds_a_file_of_python(hundreds: Path) -> None:
    path = hundreds / "part-000.parquet"
    for file in (path, place_of("set/").files()[0]):
        with opened(file) as stream:
            assert isinstance(stream, pa.NativeFile)
            assert stream.read() == path.read_bytes()
