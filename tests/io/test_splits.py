"""Splits are read in any order and anywhere, and what is seen of them is put together in any grouping."""

from __future__ import annotations

import csv
import io
import itertools
import pickle
import random
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import WholeNeededError
from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, Points, Split, Wanted
from lcrmap.io.readers.csv import divided, look_at_text
from lcrmap.io.reading import Asked
from lcrmap.io.survey import Seen, look_at
from lcrmap.io.writers.geoparquet import ParquetEncoder
from lcrmap.io.writing import write_layer
from lcrmap.layers import Field, Layer, Metadata, Pack

REGION = (-3.2, 53.2, -2.7, 53.7)


def put_together(values: list[Any], choose: random.Random) -> Any:
    """Put values together in a grouping by chance, their order kept."""
    while len(values) > 1:
        at = choose.randrange(len(values) - 1)
        values = [*values[:at], values[at] + values[at + 1], *values[at + 2 :]]
    return values[0]


def told(seen: Seen) -> Any:
    """Return all that is told, as what can be compared; uniqueness by what it is asked for."""

    def unique(name: str) -> Any:
        column = seen.columns[name].unique
        try:
            return None if column is None else column.repeated or not column.settled(list)
        except (WholeNeededError, ValueError):
            return "undecided"

    columns = {
        name: (replace(each, unique=None), unique(name)) for name, each in seen.columns.items()
    }
    return seen.rows, seen.placed, seen.kinds, columns, seen.checks


SHAPES = st.one_of(
    st.none(),
    st.builds(shapely.Point, st.floats(-4, -2), st.floats(52, 55)),
    st.builds(shapely.Point, st.floats(-90, 90), st.floats(-45, 45)),
    st.just(shapely.Polygon([(-3, 53.3), (-2.9, 53.4), (-2.9, 53.3), (-3, 53.4)])),
)


@given(
    shapes=st.lists(SHAPES, min_size=1, max_size=30),
    few=st.integers(1, 30),
    cuts=st.lists(st.integers(1, 29), max_size=6, unique=True).map(sorted),
    seed=st.integers(),
)
@settings(max_examples=100, deadline=None)
def test_surveys_are_put_together_in_any_grouping(
    shapes: list[Any], few: int, cuts: list[int], seed: int
) -> None:
    numbers = np.arange(len(shapes))
    frame = gpd.GeoDataFrame(
        {
            "id": numbers % few,
            "code": pd.Series(
                [None if each % 11 == 10 else f"c{each}" for each in numbers], dtype="str"
            ),
            "type": pd.Series([f"t{each % (few % 9 + 1)}" for each in numbers], dtype="str"),
        },
        geometry=shapes,
        crs="EPSG:4326",
    )
    checks = PartsChecks(frame.crs, REGION)

    def look(part: gpd.GeoDataFrame) -> Seen:
        return look_at(part, checks, keys=["id", "code"], categories=["type"])

    edges = [0, *(each for each in cuts if each < len(frame)), len(frame)]
    parts = [look(frame.iloc[a:b]) for a, b in itertools.pairwise(edges)]
    choose = random.Random(seed)
    grouped = put_together(parts, choose)
    assert told(grouped) == told(reduce(add, parts))
    all_at_once = told(look(frame))
    # Of a column with gaps it is not known whether the rest of it differs: it is no key either way.
    assert told(grouped)[:3] == all_at_once[:3]
    assert told(grouped)[4] == all_at_once[4]
    for name in ("id", "type"):
        assert told(grouped)[3][name] == all_at_once[3][name]
    assert grouped.columns["code"].gaps == int(frame["code"].isna().sum())


NAMES = ("id", "code", "type", "name", "n")
CELLS = st.sampled_from(
    ["", "1", "2", "2.5", "-0", "007", "true", "a", "b", "é", "99999999999999999999"]
)


@st.composite
def tables(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    pair = draw(st.sampled_from([("lon", "lat"), ("x", "y")]))
    place = st.tuples(
        st.sampled_from(["", "-3", "-2.9", "80"]), st.sampled_from(["", "53.4", "53.5", "9"])
    )
    rows = [[*(draw(CELLS) for _ in names), *draw(place)] for _ in range(draw(st.integers(1, 40)))]
    blank = [[""] * (len(names) + 2)] * draw(st.integers(0, 3))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[*names, *pair], *rows, *blank])
    return out.getvalue()


@given(text=tables(), small=st.integers(60, 200))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_table_is_the_same_however_it_is_divided(
    text: str, small: int, tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")

    def opened(block: int) -> Any:
        try:
            parts = open_parts(str(path), pack=pack, block=block)
        except WholeNeededError:
            return None
        frames = [parts.read(each).frame for each in parts.splits]
        return (parts.metadata, parts.notes, parts.rows, parts.placed, parts.crs), pd.concat(frames)

    one, many = opened(1 << 20), opened(small)
    if one is not None and many is not None:  # what one of them leaves to the whole is not wrong
        assert one[0] == many[0]
        assert_geodataframe_equal(one[1], many[1])


@given(text=tables(), small=st.integers(60, 200), seed=st.integers())
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_seen_of_text_is_put_together_in_any_grouping(
    text: str, small: int, seed: int, tmp_path: Path
) -> None:
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    try:
        file, pieces = divided(path, Asked(), small)
    except WholeNeededError:
        return
    checks = PartsChecks(pyproj.CRS.from_epsg(4326), REGION)
    parts = [look_at_text(file, each, checks) for each in pieces]
    grouped, one_by_one = put_together(parts, random.Random(seed)), reduce(add, parts)
    everything = replace(pieces[0], end=pieces[-1].end)
    once = look_at_text(divided(path, Asked(), small)[0], everything, checks)
    assert told(grouped.seen) == told(one_by_one.seen)
    for each in (grouped, one_by_one):
        assert replace(each, seen=once.seen) == once
        assert told(each.seen)[:3] == told(once.seen)[:3]
        assert told(each.seen)[4] == told(once.seen)[4]
        for name, (column, is_unique) in told(once.seen)[3].items():
            seen, also = told(each.seen)[3][name]
            assert seen == column
            assert also in (is_unique, "undecided")  # of numbers here and texts there


def spots(path: Path, rows: int) -> Path:
    numbers = np.arange(rows)
    table = pd.DataFrame(
        {
            "id": [f"p{each}" for each in numbers],
            "type": np.where(numbers % 3, "quay", "port"),
            "jobs": [None if each % 97 == 5 else int(each) for each in numbers.tolist()],
            "lon": np.round(-3.2 + 0.0007 * (numbers % 900), 4),
            "lat": np.round(53.2 + 0.0005 * (numbers % 800), 4),
        }
    )
    table["jobs"] = table["jobs"].astype("Int64")
    table.to_csv(path, index=False)
    return path


@pytest.fixture(params=["csv", "parquet", "gpkg", "fgb", "geojsonl"])
def parts(
    request: pytest.FixtureRequest, tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> tuple[Parts, Layer]:
    """A layer in a dozen splits, and the same whole."""
    monkeypatch.setattr("lcrmap.io.readers.csv.BLOCK", 4096)
    monkeypatch.setattr("lcrmap.io.readers.geoparquet.ROWS", 100)
    monkeypatch.setattr("lcrmap.io.batches.ROWS", 100)
    monkeypatch.setattr("lcrmap.io.readers.geojsonseq.BLOCK", 20_000)
    path = spots(tmp_path / "spots.csv", 1200)
    if request.param == "geojsonl":
        layer = open_layer(str(path), pack=pack)
        path = tmp_path / "spots.geojsonl"
        write_layer(layer, path)
    if request.param in ("gpkg", "fgb"):
        frame = open_layer(str(path), pack=pack).frame
        path = tmp_path / f"spots.{request.param}"
        frame.to_file(path)
    if request.param == "parquet":
        layer = open_layer(str(path), pack=pack)
        path = tmp_path / "spots.parquet"
        with path.open("wb") as sink, ParquetEncoder(sink, layer, group_rows=250) as encoder:
            encoder.write(layer)
    return open_parts(str(path), pack=pack), open_layer(str(path), pack=pack)


def test_splits_read_in_any_order_are_the_whole(parts: tuple[Parts, Layer]) -> None:
    layer, whole = parts
    shuffled = random.Random(7).sample(layer.splits, len(layer.splits))
    assert len(shuffled) > 8
    frames = [layer.read(each).frame for each in shuffled]
    assert_geodataframe_equal(pd.concat(frames).sort_index(), whole.frame, check_index_type=False)


def test_splits_are_plain_small_values(parts: tuple[Parts, Layer]) -> None:
    layer, _ = parts
    assert len(set(layer.splits)) == len(layer.splits)
    assert sum(each.rows for each in layer.splits) == layer.rows
    assert [each.first for each in layer.splits[1:]] == [
        each.first + each.rows for each in layer.splits[:-1]
    ]
    assert len(pickle.dumps(layer.splits[0])) < 300
    assert pickle.loads(pickle.dumps(layer.splits)) == layer.splits


def test_a_layer_in_parts_is_read_by_whoever_gets_it(parts: tuple[Parts, Layer]) -> None:
    layer, whole = parts
    for each in layer.splits:
        layer.read(each)
    carried = pickle.dumps(layer)
    assert len(carried) < 40_000  # nothing of the rows
    again = pickle.loads(carried)
    assert (again.metadata, again.notes, again.crs, again.splits) == (
        layer.metadata,
        layer.notes,
        layer.crs,
        layer.splits,
    )
    frames = [again.read(each).frame for each in again.splits]
    assert_geodataframe_equal(pd.concat(frames), whole.frame, check_index_type=False)


def test_only_what_is_wanted_is_read(parts: tuple[Parts, Layer]) -> None:
    layer, whole = parts
    split = layer.splits[3]
    rows = slice(split.first, split.first + split.rows)
    some = layer.read(split, Wanted(columns=("jobs",)))
    assert isinstance(some, Layer)
    assert list(some.frame.columns) == ["jobs", "geometry"]
    assert str(some.frame["jobs"].dtype) == "float64"
    assert list(some.frame.index) == list(range(rows.start, rows.stop))
    points = layer.read(split, Wanted(points=True))
    assert isinstance(points, Points)
    assert (points.first, points.crs) == (split.first, layer.crs)
    assert list(points.x) == whole.frame.geometry.x[rows].tolist()
    assert list(points.y) == whole.frame.geometry.y[rows].tolist()


def test_a_file_that_changed_is_left_to_the_whole(parts: tuple[Parts, Layer]) -> None:
    layer = pickle.loads(pickle.dumps(parts[0]))  # which has kept nothing
    path = layer.splits[0].file
    path.write_bytes(path.read_bytes()[:600])
    for wanted in (Wanted(), Wanted(points=True)):
        with pytest.raises(WholeNeededError):
            layer.read(layer.splits[-1], wanted)


def test_features_are_named_by_the_key_that_the_file_carries(tmp_path: Path, pack: Pack) -> None:
    """Its column is known from the metadata that the file carries, and not from its name."""
    bow = shapely.Polygon([(-3, 53.3), (-2.9, 53.4), (-2.9, 53.3), (-3, 53.4)])
    frame = gpd.GeoDataFrame({"site": ["a"]}, geometry=[bow], crs="EPSG:4326")
    fields = (Field("site", "Site"),)
    layer = Layer(frame, Metadata("bows", "Bows", geometry="area", key="site", fields=fields))
    with (
        (tmp_path / "a.parquet").open("wb") as sink,
        ParquetEncoder(sink, layer) as encoder,
    ):
        encoder.write(layer)
    whole = open_layer(str(tmp_path / "a.parquet"), pack=pack)
    assert "in feature a" in whole.notes[-1]
    assert open_parts(str(tmp_path / "a.parquet"), pack=pack).notes == whole.notes


def test_a_split_has_its_place_and_its_rows() -> None:
    split = Split(Path("a.csv"), 10, 20, 3, 4)
    assert hash(split) == hash(Split(Path("a.csv"), 10, 20, 3, 4))
    assert replace(split, first=0) != split
