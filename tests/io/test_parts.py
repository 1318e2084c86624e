"""A file read in parts is the file read whole: types, values, metadata, notes and complaints."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lcrmap.errors import WholeNeededError
from lcrmap.io.large import is_large
from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, Wanted
from lcrmap.io.reading import Asked
from lcrmap.io.uniqueness import Uniqueness, uniqueness_of
from lcrmap.layers import Pack
from tests.io.test_batches import compared as compared_rows

SMALL = 256  # bytes a block: a few rows


def text_of(rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def assert_the_same(path: Path, pack: Pack, *, block: int = SMALL, **reading: Any) -> Parts:
    """Compare the parts with the whole, first with all that is small kept in memory, then with nothing kept."""
    compared(path, pack, block, **reading)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lcrmap.io.kept.MOST_KEPT", 0)
        patch.setattr("lcrmap.io.readers.csv.MOST_KEPT_BYTES", 0)
        return compared(path, pack, block, **reading)


def frames_of(parts: Parts, wanted: Wanted | None = None) -> list[gpd.GeoDataFrame]:
    """Read all splits."""
    return [parts.read(each, wanted).frame for each in parts.splits]


def compared(path: Path, pack: Pack, block: int, **reading: Any) -> Parts:
    parts = open_parts(str(path), Asked(**reading), pack=pack, block=block)
    whole = open_layer(str(path), pack=pack, **reading)
    frames = frames_of(parts)
    assert sum(map(len, frames)) == parts.rows == len(whole.frame)
    for each in frames:
        assert [str(kind) for kind in each.dtypes] == [str(kind) for kind in whole.frame.dtypes]
        assert each.crs == whole.frame.crs
    together = gpd.GeoDataFrame(pd.concat(frames), crs=whole.frame.crs)
    together.index = pd.RangeIndex(len(together))
    assert [index for each in frames for index in each.index] == list(together.index)
    assert_geodataframe_equal(together, whole.frame)
    assert parts.placed == whole.placed
    points = [parts.read(each, Wanted(points=True)) for each in parts.splits]
    numbers = np.concatenate([np.column_stack([each.x, each.y]) for each in points])
    expected = np.column_stack([whole.frame.geometry.x, whole.frame.geometry.y])
    both = ~np.isnan(numbers).any(axis=1)
    assert (numbers[both] == expected[both]).all()
    assert (both == ~np.isnan(expected).any(axis=1)).all()
    assert (parts.metadata, parts.inputs) == (whole.metadata, whole.inputs)
    assert parts.notes == whole.notes
    return parts


CELLS = {
    "whole": st.integers(-(10**17), 10**17).map(str),
    "long": st.sampled_from([2**53 - 1, 2**53, -(2**53), 2**63 - 1, 2**63, 10**37, 10**39]).map(
        str
    ),
    "number": st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.integers().map(str),
    "truth": st.sampled_from(["true", "false", "TRUE", "False"]),
    "text": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
    "code": st.sampled_from(["007", "12E4", "a", "1", "-0", "0"]),
    "few": st.sampled_from(["harbour", "airport", "quay"]),
}
NAMES = ("id", "code", "category", "type", "name", "n", "site_id", "geometry")


@st.composite
def tables(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    kinds = [CELLS[draw(st.sampled_from(sorted(CELLS)))] for _ in names]
    kinds = [each | st.just("") if draw(st.booleans()) else each for each in kinds]
    grid = draw(st.booleans())
    east = st.floats(300_000, 360_000) if grid else st.floats(-4, -2)
    north = st.floats(360_000, 420_000) if grid else st.floats(53, 54)
    pair = draw(st.sampled_from([("x", "y"), ("easting", "northing") if grid else ("lon", "lat")]))
    gap = st.just("") if draw(st.booleans()) else st.nothing()
    cells = [*kinds, gap | east, gap | north]
    rows = [[draw(each) for each in cells] for _ in range(draw(st.integers(1, 60)))]
    blank = [[""] * len(cells)] * draw(st.integers(0, 3))
    return text_of([[*names, *pair], *rows, *blank])


@given(text=tables())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_random_table_in_parts_is_the_table_read_whole(
    text: str, tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    try:
        open_parts(str(path), pack=pack, block=SMALL)
    except WholeNeededError:
        assume(False)
    assert_the_same(path, pack)


def many(path: Path, rows: int, **columns: Any) -> Path:
    numbers = np.arange(rows)
    table = {
        "id": numbers,
        "lon": -3.2 + 0.0001 * (numbers % 5000),
        "lat": 53.2 + 0.0001 * (numbers % 4000),
        **columns,
    }
    pd.DataFrame(table).to_csv(path, index=False)
    return path


def test_many_blocks_are_one_layer(tmp_path: Path, pack: Pack) -> None:
    path = many(tmp_path / "many.csv", 5000)
    parts = assert_the_same(path, pack, block=4096)
    assert len(parts.splits) > 20
    assert parts.metadata.key == "id"


def test_a_type_that_only_a_late_row_decides_holds_from_the_first_on(
    tmp_path: Path, pack: Pack
) -> None:
    late = ["1"] * 3999 + ["late"]
    gap = [str(each) for each in range(3999)] + [""]
    path = many(tmp_path / "late.csv", 4000, late=late, gap=gap)
    first = frames_of(assert_the_same(path, pack, block=4096))[0]
    assert str(first["late"].dtype) == "str"
    assert str(first["gap"].dtype) == "float64"


@pytest.mark.parametrize("late", ["", "1.5", str(2**64), "true", str(10**50)])
def test_long_whole_numbers_keep_their_digits_whatever_comes_late(
    late: str, tmp_path: Path, pack: Pack
) -> None:
    codes = [str(1234567890123456000 + each) for each in range(1999)] + [late]
    path = many(tmp_path / "long.csv", 2000, n=codes)
    parts = assert_the_same(path, pack, block=4096)
    found = [value for frame in frames_of(parts) for value in frame["n"].tolist()]
    assert [str(each) for each in found[:-1]] == codes[:-1]
    assert (late or "None", str(found[-1])) in [(late, late), ("None", "None")]


def test_an_id_that_comes_again_far_away_is_no_key(tmp_path: Path, pack: Pack) -> None:
    texts = [f"p{each}" for each in range(3999)] + ["p0"]
    path = many(tmp_path / "again.csv", 4000, id=texts)
    assert assert_the_same(path, pack, block=4096).metadata.key == ""


def test_only_the_columns_that_are_asked_for_are_read(tmp_path: Path, pack: Pack) -> None:
    path = many(tmp_path / "many.csv", 500, name="a")
    frame = frames_of(open_parts(str(path), pack=pack), Wanted(("name",)))[0]
    assert list(frame.columns) == ["name", "geometry"]


def test_places_far_from_the_region_are_counted_over_all_parts(tmp_path: Path, pack: Pack) -> None:
    lat = 53.2 + 0.0001 * (np.arange(4000) % 4000)
    lat[[0, 5, 1500, 2500, 3000, 3999]] = 45
    path = many(tmp_path / "far.csv", 4000, lat=lat)
    notes = assert_the_same(path, pack, block=4096).notes
    assert "6 positions far outside the region" in notes[-1]
    assert "in lines 2, 7, 1502, 2502, 3002 and 1 more" in notes[-1]


def test_one_coordinate_without_the_other_is_told_by_line(tmp_path: Path, pack: Pack) -> None:
    path = many(tmp_path / "half.csv", 4000)
    lines = path.read_text().splitlines()
    for at in (7, 3000):
        lines[at - 1] = lines[at - 1].rsplit(",", 1)[0] + ","
    path.write_text("\n".join(lines))
    parts = assert_the_same(path, pack, block=4096)
    assert "in line 7, 3000" in parts.notes[-1]
    assert parts.placed == 3998


def test_columns_called_x_and_y_tell_their_system_by_all_their_numbers(
    tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "grid.csv"
    rows = [["x", "y"], *([each, each] for each in range(2000)), [334500, 390400]]
    path.write_text(text_of(rows))
    parts = assert_the_same(path, pack, block=1024)
    assert frames_of(parts)[0].crs.to_epsg() == 27700


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param(
            "a.csv", b"\xef\xbb\xbfid,lon,lat\r\n" + b"7,-3,53.4\r\n" * 99, id="a mark and CR"
        ),
        pytest.param(
            "a.csv",
            "name,lon,lat\n\ufeff,-3,53.4\n\ufeffa,-3,53.4\n".encode(),
            id="marks that are text",
        ),
        pytest.param("a.csv", b"id;lon;lat\n" + b"7;-3;53.4\n" * 99, id="semicolons"),
        pytest.param("a.tsv", b"id\tlon\tlat\n" + b"7\t-3\t53.4\n" * 99, id="tabs"),
        pytest.param(
            "a.csv", b'"the\nname",lon,lat\n' + b'"a\n""b""",-3,53.4\n' * 99, id="line ends"
        ),
        pytest.param(
            "a.csv", b"name,lon,lat\n" + "Môn 利物浦,-3,53.4\n".encode() * 99, id="letters"
        ),
        pytest.param("a.csv", b"id,lon,lat\n" + b"7, -3 ,+53.4\n" * 99, id="spaces and signs"),
        pytest.param("a.csv", b"id,lon,lat\n" + b"7,-3,53.4\n\n" * 99, id="empty lines"),
        pytest.param(
            "a.csv", b"id,lon,lat,\n" + b"7,-3,53.4,x\n" * 99, id="a column without a name"
        ),
    ],
)
def test_any_way_of_writing_a_table_is_the_same_in_parts(
    name: str, data: bytes, tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert_the_same(path, pack)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id,name\n1,a\n", id="no coordinates"),
        pytest.param("lon,lat\n" + "-3,53\n" * 99 + "-3\n", id="a ragged line"),
        pytest.param(
            "lon,lat\n" + "-3,53\n" * 99 + "-3,north\n" * 100, id="words for most numbers"
        ),
        pytest.param("lon,lat\n" + "53.4,-2.98\n" * 99, id="swapped"),
        pytest.param("lon,lat\n" + "334500,390400\n" * 99, id="the grid as degrees"),
        pytest.param("easting,northing\n" + "-3,53\n" * 99, id="degrees as the grid"),
        pytest.param("lon,lat\n" + ",\n" * 9, id="no position"),
        pytest.param("lon,lat\n", id="no row"),
        pytest.param("x,y\n1e400,\n" + "-3,53\n" * 9, id="a number without end, in no system"),
        pytest.param('name,lon,lat\n"a,-3,53\n', id="a quotation mark left open"),
        pytest.param("name,lon,lat\n" + f"{'x' * 999},-3,53\n" * 9, id="a line beyond a block"),
    ],
)
def test_what_is_unusual_is_left_to_the_whole_reader(text: str, tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text)
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack, block=SMALL, need_geometry=True)


def test_a_file_that_is_not_utf8_is_left_to_the_whole_reader(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes(b"name,lon,lat\n" + b"a,-3,53\n" * 99 + b"caf\xe9,-3,53\n")
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack, block=SMALL)


def test_only_files_that_are_large_are_read_in_parts(tmp_path: Path, pack: Pack) -> None:
    path = many(tmp_path / "many.csv", 100)
    size = path.stat().st_size
    assert is_large(str(path), pack=pack, least=size)
    assert not is_large(str(path), pack=pack, least=size + 1)
    assert not is_large("-", pack=pack, least=0)
    assert not is_large("boroughs", pack=pack, least=0)


def test_a_folder_is_a_data_set_and_always_large(tmp_path: Path, pack: Pack) -> None:
    assert is_large(str(tmp_path), pack=pack)
    assert not is_large(str(tmp_path / "missing"), pack=pack)


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read GeoParquet 64 rows at a time."""
    monkeypatch.setattr("lcrmap.io.readers.geoparquet.ROWS", 64)


def parquet(path: Path, geometry: Any, crs: str | None = "EPSG:4326", **columns: Any) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)
    frame.to_parquet(path, row_group_size=100)
    return path


@pytest.mark.usefixtures("few_rows")
def test_points_of_geoparquet_in_parts_are_the_layer(tmp_path: Path, pack: Pack) -> None:
    numbers = np.arange(500)
    points = gpd.points_from_xy(-3.2 + 0.001 * numbers, np.full(500, 53.4)).astype(object)
    points[[3, 499]] = None
    late = [None if each == 450 else each for each in range(500)]
    flags = [None if each == 460 else each % 2 == 0 for each in range(500)]
    path = parquet(
        tmp_path / "points.parquet",
        points,
        site_id=[f"s{each}" for each in numbers],
        type=np.where(numbers % 2, "quay", "port"),
        late=pd.array(late, dtype="Int64"),
        flag=pd.array(flags, dtype="boolean"),
        share=numbers / 7,
    )
    parts = compared_rows(path, pack)
    assert (parts.metadata.key, parts.metadata.category) == ("site_id", "type")
    assert parts.has_points
    assert sum(len(parts.read(each, Wanted(points=True)).x) for each in parts.splits) == 500


@pytest.mark.usefixtures("few_rows")
@pytest.mark.parametrize("last", ["s0", None], ids=["again", "missing"])
def test_a_column_whose_last_value_spoils_it_is_no_key_of_geoparquet(
    last: str | None, tmp_path: Path, pack: Pack
) -> None:
    ids = [*(f"s{each}" for each in range(299)), last]
    points = gpd.points_from_xy(np.full(300, -2.9), np.full(300, 53.4))
    parts = compared_rows(parquet(tmp_path / "a.parquet", points, id=ids), pack)
    assert parts.metadata.key == ""


@pytest.mark.usefixtures("few_rows")
def test_areas_of_geoparquet_in_parts_are_the_layer(tmp_path: Path, pack: Pack) -> None:
    boxes: list[Any] = [shapely.box(-3 + each / 999, 53, -2.9, 53.5) for each in range(300)]
    bow = shapely.Polygon([(-3, 53.3), (-2.9, 53.4), (-2.9, 53.3), (-3, 53.4)])
    boxes[70], boxes[130], boxes[299] = bow, None, shapely.box(10, 10, 11, 11)
    path = parquet(tmp_path / "areas.parquet", boxes, code=range(300))
    parts = compared_rows(path, pack)
    assert not parts.has_points
    assert "not valid (the first: self-intersection), in feature 70" in parts.notes[-1]
    assert (
        "1 position far outside the region, while others are in it, in feature 299"
        in parts.notes[0]
    )


@pytest.mark.usefixtures("few_rows")
def test_a_system_that_is_asked_for_goes_before_that_of_geoparquet(
    tmp_path: Path, pack: Pack
) -> None:
    points = gpd.points_from_xy(np.full(200, 334500.0), np.full(200, 390400.0))
    path = parquet(tmp_path / "grid.parquet", points, crs="EPSG:3857", n=range(200))
    parts = compared_rows(path, pack, crs="EPSG:27700")
    assert parts.crs is not None
    assert parts.crs.to_epsg() == 27700


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        pytest.param([334500.0], [390400.0], "EPSG:4326", id="the grid as degrees"),
        pytest.param([-2.9], [53.4], "EPSG:27700", id="degrees as the grid"),
        pytest.param([-2.9], [53.4], None, id="no system"),
        pytest.param([53.4], [-2.9], "EPSG:4326", id="swapped"),
        pytest.param([np.inf, -2.9], [53.4, 53.4], "EPSG:4326", id="not finite"),
        pytest.param([], [], "EPSG:4326", id="no row"),
    ],
)
def test_unusual_geoparquet_is_left_to_the_whole_reader(
    x: list[float], y: list[float], crs: str | None, tmp_path: Path, pack: Pack
) -> None:
    points = gpd.points_from_xy(x, y)
    path = parquet(tmp_path / "odd.parquet", points, crs=crs, n=range(len(x)))
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack, need_geometry=True)


@given(st.lists(st.lists(st.text(max_size=2), min_size=1, max_size=5), min_size=1, max_size=5))
def test_texts_are_unique_if_a_set_of_them_is_as_large(parts: list[list[str]]) -> None:
    arrays = [pa.chunked_array([pa.array(each, pa.string())]) for each in parts]
    every = [text for each in parts for text in each]
    for keeps in (True, False):
        seen = sum((uniqueness_of(each, keeps=keeps) for each in arrays), Uniqueness())
        assert seen.settled(lambda: arrays) == (len(set(every)) == len(every))


def test_values_that_are_not_kept_are_read_anew_a_part_of_them_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lcrmap.io.uniqueness._AT_ONCE", 7)
    numbers = np.random.default_rng(5).permutation(100)
    for last, expected in ((1000, True), (int(numbers[3]), False)):
        arrays = [pa.array(numbers[:60]), pa.array([*numbers[60:].tolist(), last])]
        seen = uniqueness_of(arrays[0], keeps=False) + uniqueness_of(arrays[1], keeps=False)
        assert seen.kept == ()
        assert seen.settled(partial(iter, arrays)) is expected


def test_runs_that_lie_one_behind_the_other_need_not_be_read_anew() -> None:
    seen = uniqueness_of(pa.array([1, 2]), keeps=False) + uniqueness_of(pa.array([3]), keeps=False)
    assert seen.settled(lambda: pytest.fail("it was read anew"))
    met = uniqueness_of(pa.array([1, 3]), keeps=False) + uniqueness_of(pa.array([3]), keeps=False)
    assert not met.settled(lambda: [pa.array([1, 3]), pa.array([3])])


def test_the_first_pass_tells_how_far_it_has_come(tmp_path: Path, pack: Pack) -> None:
    path = many(tmp_path / "many.csv", 5000)
    told: list[tuple[str, int, int]] = []
    open_parts(str(path), pack=pack, block=4096, progress=lambda *each: told.append(each))
    size = path.stat().st_size
    assert {total for _, _, total in told} == {size}
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1] == ("Reading many.csv", size, size)


def test_notes_name_the_file_and_not_its_folder(tmp_path: Path, pack: Pack) -> None:
    parts = open_parts(str(many(tmp_path / "many.csv", 50)), pack=pack)
    assert str(tmp_path) not in json.dumps(parts.notes)


@pytest.mark.usefixtures("few_rows")
@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({"zone": [f"Z{each}" for each in range(300)]}, "zone"),
        ({"zone": [f"Z{each % 299}" for each in range(300)]}, ""),
        ({"zone": [f"Z{each}" for each in range(299)] + [None]}, ""),
        ({"zone": [f"Z{each}" for each in range(299)] + ["long " * 20]}, ""),
        ({each: [f"{each}{row}" for row in range(300)] for each in ("zone", "chair")}, ""),
    ],
)
def test_areas_in_parts_are_named_by_the_one_column_of_texts_that_can(
    tmp_path: Path, pack: Pack, columns: dict[str, list[Any]], label: str
) -> None:
    boxes: list[Any] = [shapely.box(-3 + each / 999, 53, -2.9, 53.5) for each in range(300)]
    path = parquet(tmp_path / "areas.parquet", boxes, code=range(300), **columns)
    assert compared_rows(path, pack).metadata.label == label
