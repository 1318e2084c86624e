"""A data set says its key: files that lie wholly in the region, or wholly far from it, are not read to survey it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lcrmap.checks.parts import PartsChecks, PartsSeen
from tests.conftest import Outcome

Run = Callable[..., Outcome]

REGION = (-3.25, 53.3, -2.5, 53.7)
ROWS = 50


def write(frame: gpd.GeoDataFrame, lcrmap: Run, name: str = "set") -> None:
    """Write rows as one file and as a data set of ours, so many to a file."""
    frame.to_parquet(f"{name}-source.parquet", write_covering_bbox=True)
    for words in ((f"{name}.parquet",), (f"{name}/", "--rows-per-file", str(ROWS))):
        written = lcrmap("show", f"{name}-source.parquet", "-o", *words)
        assert written.code == 0, written.err


def eastwards(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return places of the region from the west to the east, so that each file has a strip of its own in it."""
    placed = places.cx[-3.15:-2.65, 53.36:53.6]
    order = np.argsort(placed.geometry.x.to_numpy(), kind="stable")
    return placed.iloc[order].reset_index(drop=True)


def spoil_rows(path: Path) -> None:
    """Make the rows of a file unreadable, and leave its footer."""
    meta = pq.read_metadata(path)
    column = meta.row_group(0).column(0)
    first = column.dictionary_page_offset or column.data_page_offset
    data = bytearray(path.read_bytes())
    data[first : first + 40] = b"\xff" * 40
    path.write_bytes(data)


numbers = st.floats(-4, 4).map(lambda each: round(each, 1))


@given(
    points=st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5),
    region=st.tuples(numbers, numbers, st.floats(0.1, 3), st.floats(0.1, 3)).map(
        lambda each: (each[0], each[1], each[0] + each[2], each[1] + each[3])
    ),
)
def test_what_a_box_tells_of_points_is_what_they_tell(
    points: list[tuple[float, float]], region: tuple[float, float, float, float]
) -> None:
    x, y = np.array(points, dtype=float).T
    checks = PartsChecks(gpd.GeoSeries([], crs="EPSG:4326").crs, region)
    box = (x.min(), y.min(), x.max(), y.max())
    told = checks.points_in(box, rows=len(x) + 2, placed=len(x))
    seen = checks.points(np.append(x, [np.nan] * 2), np.append(y, [np.nan] * 2))
    if told is None:
        assert len(points) > 1  # of one point, its box is all
        return
    facts = [
        (
            *(each.rows, each.placed, each.inside, each.turned, each.low, each.high),
            *(each.far.count, each.crossed.count),
        )
        for each in (told, seen)
    ]
    assert facts[0] == facts[1]


def test_no_box_tells_of_rows_without_a_position() -> None:
    checks = PartsChecks(None, REGION)
    assert checks.points_in(None, rows=3, placed=0) == PartsSeen(3)


@pytest.mark.parametrize("how", ["inner", "left"])
def test_files_beyond_the_areas_are_not_read_for_an_inner_join(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, how: str
) -> None:
    write(eastwards(places), lcrmap)
    files = sorted(Path("set").glob("*.parquet"))
    shown = lcrmap("show", "boroughs", "--where", "name = 'St Helens'", "-o", "one.geojson")
    assert shown.code == 0
    whole = lcrmap("join", "set/", "one.geojson", "--how", how, "-o", "whole.csv")
    spoil_rows(files[0])  # in the far west
    again = lcrmap("join", "set/", "one.geojson", "--how", how, "-o", "again.csv")
    if how == "inner":
        assert whole.code == again.code == 0, again.err
        assert Path("again.csv").read_bytes() == Path("whole.csv").read_bytes()
        assert again.err.replace("again", "whole") == whole.err
    else:
        assert again.code == 3
        assert files[0].name in again.err
        assert not Path("again.csv").exists()


@pytest.mark.parametrize("at", [0, 350, 500])
def test_positions_far_outside_are_named_also_if_their_file_was_not_read(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame, at: int
) -> None:
    frame = eastwards(places)
    at -= at % ROWS
    far = gpd.points_from_xy([9.0] * ROWS, np.linspace(40, 41, ROWS))
    frame.loc[frame.index[at : at + ROWS], "geometry"] = far
    frame.loc[frame.index[310:312], "geometry"] = far[:2]  # of a file that is read
    write(frame, lcrmap)
    one = lcrmap("join", "set.parquet", "boroughs", "-o", "one.csv")
    several = lcrmap("join", "set/", "boroughs", "-o", "several.csv")
    assert one.code == several.code == 0, several.err
    assert f"has {ROWS + 2} positions far outside the region" in one.err
    assert several.err.replace("several", "one").replace("'set/'", "'set.parquet'") == one.err
    assert Path("several.csv").read_bytes() == Path("one.csv").read_bytes()


def test_a_layer_of_which_one_file_holds_an_area_is_looked_at(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame
) -> None:
    frame = eastwards(places)
    crossed = shapely.Polygon([(-2.9, 53.4), (-2.8, 53.5), (-2.8, 53.4), (-2.9, 53.5)])
    frame.loc[frame.index[275], "geometry"] = crossed
    write(frame, lcrmap)
    one = lcrmap("show", "set.parquet", "-o", "one.csv")
    several = lcrmap("show", "set/", "-o", "several.csv")
    assert one.code == several.code == 0, several.err
    assert "not valid" in one.err
    assert several.err.replace("several", "one").replace("'set/'", "'set.parquet'") == one.err


def test_a_layer_whose_key_nobody_says_is_looked_at(
    lcrmap: Run, here: Path, places: gpd.GeoDataFrame
) -> None:
    folder = Path("set")
    folder.mkdir()
    frame = eastwards(places)
    for number in range(2):
        path = folder / f"{number}.parquet"
        frame.iloc[number * 300 : number * 300 + 300].to_parquet(path, write_covering_bbox=True)
    spoil_rows(folder / "0.parquet")  # which has nothing of St Helens
    lcrmap("show", "boroughs", "--where", "name = 'St Helens'", "-o", "one.geojson")
    asked = lcrmap("join", "set/", "one.geojson", "--how", "inner", "-o", "out.csv")
    assert asked.code == 3
    assert "0.parquet" in asked.err
