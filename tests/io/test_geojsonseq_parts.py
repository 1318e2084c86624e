"""GeoJSONSeq in parts: the sequence that is read whole, whatever its features have in common."""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lcrmap.checks.parts import PartsChecks
from lcrmap.errors import WholeNeededError
from lcrmap.io.json_columns import Members
from lcrmap.io.opening import open_layer
from lcrmap.io.opening_parts import open_parts
from lcrmap.io.parts import Parts, Points, Wanted
from lcrmap.io.readers.geojsonseq import FeaturesSeen, divided, look_at_features
from lcrmap.io.reading import Asked
from lcrmap.layers import Pack

SMALL = 400


def feature(number: int = 0, /, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [-3 + number / 1000, 53.4]}
    return {"type": "Feature", "properties": properties, "geometry": point}


def written(path: Path, features: list[dict[str, Any]], mark: str = "") -> Path:
    path.write_text("".join(f"{mark}{json.dumps(each)}\n" for each in features), encoding="utf-8")
    return path


def compared(path: Path, pack: Pack, block: int = SMALL, **reading: Any) -> Parts:
    parts = open_parts(str(path), Asked(**reading), pack=pack, block=block)
    whole = open_layer(str(path), pack=pack, **reading)
    frames = [parts.read(each).frame for each in parts.splits]
    for each in frames:
        assert [str(kind) for kind in each.dtypes] == [str(kind) for kind in whole.frame.dtypes]
    together = gpd.GeoDataFrame(pd.concat(frames), crs=whole.frame.crs)
    assert_geodataframe_equal(together, whole.frame, check_index_type=False)
    assert [list(map(type, together[name])) for name in together.columns] == [
        list(map(type, whole.frame[name])) for name in whole.frame.columns
    ]
    assert (parts.rows, parts.placed) == (len(whole.frame), whole.placed)
    assert (parts.metadata, parts.inputs, parts.notes) == (
        whole.metadata,
        whole.inputs,
        whole.notes,
    )
    return parts


VALUES = st.one_of(
    st.none(),
    st.integers(-9, 9),
    st.sampled_from([2**53 + 1, 2**64, -(2**63)]),
    st.floats(-5, 5),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    st.lists(st.integers(0, 3) | st.none(), max_size=2),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 3), max_size=1),
)
KINDS = (
    VALUES,
    st.integers(-9, 9),
    st.integers(-9, 9) | st.none(),
    st.integers(-9, 9) | st.floats(-5, 5),
    st.booleans() | st.none(),
    st.text("ab", max_size=2),
    st.sampled_from(["quay", "port"]),
)
NAMES = ("id", "code", "type", "name", "geometry", "site_id", "")
SHAPES = st.one_of(
    st.none(),
    st.builds(lambda x: {"type": "Point", "coordinates": [x, 53.4]}, st.floats(-3.2, -2.7)),
    st.just({"type": "Point", "coordinates": [-2.9, 53.4, 7]}),
    st.just({"type": "LineString", "coordinates": [[-3, 53.4], [-2.9, 53.5]]}),
    st.just({"type": "Point", "coordinates": [80, 9]}),
)


@st.composite
def sequences(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    kinds = {name: draw(st.sampled_from(KINDS)) for name in names}
    always = draw(st.booleans())
    ids = draw(st.sampled_from([None, st.integers(0, 99), st.text("xy", max_size=2)]))
    features = []
    for _ in range(draw(st.integers(1, 25))):
        kept = names if always else draw(st.lists(st.sampled_from(names or [""]), unique=True))
        properties = {name: draw(kinds[name]) for name in kept if name in kinds}
        features.append({**feature(**properties), "geometry": draw(SHAPES)})
        if ids is not None:
            features[-1]["id"] = draw(ids)
    return features


@given(features=sequences(), mark=st.sampled_from(["", "\x1e", "\ufeff"]))
@settings(max_examples=80, deadline=None)
def test_any_sequence_in_parts_is_the_sequence_read_whole(
    features: list[dict[str, Any]], mark: str, pack: Pack
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "a.geojsonl", features, "\x1e" if mark == "\x1e" else "")
        if mark == "\ufeff":
            path.write_bytes(mark.encode() + path.read_bytes())
        try:
            open_parts(str(path), pack=pack, block=SMALL)
        except WholeNeededError:
            assume(False)
        compared(path, pack)


def told(seen: FeaturesSeen) -> Any:
    columns = {
        name: (each.gaps, each.values)
        for name, each in seen.seen.columns.items()
        if seen.values[name].type == "string"
    }
    checks = seen.seen.checks  # values have the types of their split, but for those of a key
    far = replace(checks.far, values=())
    return (
        seen.members.ordered,
        {name: (each, each.type) for name, each in seen.values.items()},
        (seen.seen.rows, seen.seen.placed, seen.seen.kinds, replace(checks, far=far)),
        columns,
    )


@given(features=sequences(), seed=st.integers())
@settings(max_examples=60, deadline=None)
def test_what_is_seen_is_put_together_in_any_grouping(
    features: list[dict[str, Any]], seed: int
) -> None:
    crs = pyproj.CRS.from_epsg(4326)
    checks = PartsChecks(crs, (-3.2, 53.2, -2.7, 53.7))
    choose = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "a.geojsonl", features)
        pieces, mark = divided(path, 1000)
        parts = [look_at_features(each, mark, checks, crs, "it") for each in pieces]
        everything = replace(pieces[0], end=pieces[-1].end)
        once = told(look_at_features(everything, mark, checks, crs, "it"))
    one_by_one = told(reduce(add, parts))
    while len(parts) > 1:
        at = choose.randrange(len(parts) - 1)
        parts = [*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :]]
    assert told(parts[0]) == one_by_one
    assert one_by_one == once


def many(rows: int = 400) -> list[dict[str, Any]]:
    return [feature(n, id=n, type="quay" if n % 2 else "port", jobs=n) for n in range(rows)]


def test_plain_points_are_the_layer(tmp_path: Path, pack: Pack) -> None:
    path = written(tmp_path / "a.geojsonl", many())
    parts = compared(path, pack, 4096)
    assert len(parts.splits) > 8
    assert (parts.metadata.key, parts.metadata.category) == ("id", "type")
    assert parts.has_points
    points = parts.read(parts.splits[2], Wanted(points=True))
    assert isinstance(points, Points)
    some = parts.read(parts.splits[2], Wanted(("jobs",))).frame
    assert list(points.x) == some.geometry.x.tolist()
    assert list(some.columns) == ["jobs", "geometry"]


@pytest.mark.parametrize(
    ("late", "kind"),
    [(None, "float64"), (0.5, "float64"), ("x", "object"), ([1], "object"), (2**64, "object")],
)
def test_a_type_that_only_the_last_feature_decides_holds_from_the_first_on(
    late: Any, kind: str, tmp_path: Path, pack: Pack
) -> None:
    path = written(tmp_path / "a.geojsonl", [*many(), feature(400, id=400, type="port", jobs=late)])
    parts = compared(path, pack, 4096)
    assert str(parts.read(parts.splits[0]).frame["jobs"].dtype) == kind


def test_a_property_that_only_the_last_feature_has_is_a_column_from_the_first_on(
    tmp_path: Path, pack: Pack
) -> None:
    last = feature(400, id=400, type="port", capacity=7, jobs=1)
    parts = compared(written(tmp_path / "a.geojsonl", [*many(), last]), pack, 4096)
    first = parts.read(parts.splits[0]).frame
    assert list(first.columns) == ["id", "type", "capacity", "jobs", "geometry"]


def test_records_over_several_lines_are_divided_between_separators(
    tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "a.geojsonl"
    path.write_text("".join(f"\x1e{json.dumps(each, indent=1)}\n" for each in many(60)))
    assert len(compared(path, pack, 1000).splits) > 8


def test_a_system_that_is_asked_for_goes_before_degrees(tmp_path: Path, pack: Pack) -> None:
    point = {"type": "Point", "coordinates": [334500, 390400]}
    features = [{**each, "geometry": point} for each in many(100)]
    parts = compared(written(tmp_path / "a.geojsonl", features), pack, 2000, crs="EPSG:27700")
    assert parts.crs is not None
    assert parts.crs.to_epsg() == 27700


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ('{"type":"Feature"', "broken"),
        ('{"type":"Feature","properties":{"a":1e999},"geometry":null}', "a number beyond any"),
        ('{"type":"Point","coordinates":[1,2]}', "no feature"),
        (
            '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1]}}',
            "short",
        ),
        ("[1]", "no object"),
        (f'{{"type":"Feature","properties":{{"a":"{"x" * 5000}"}},"geometry":null}}', "too long"),
        ('\x1e{"type":"Feature","properties":{},"geometry":null}', "a separator among lines"),
        (json.dumps(feature()) * 2, "two in a line"),
    ],
)
def test_what_is_unusual_is_left_to_the_whole(
    record: str, why: str, tmp_path: Path, pack: Pack
) -> None:
    path = written(tmp_path / "a.geojsonl", many())
    path.write_text(path.read_text() + record + "\n")
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack, block=1000)


def test_a_byte_that_is_not_utf8_is_left_to_the_whole(tmp_path: Path, pack: Pack) -> None:
    path = written(tmp_path / "a.geojsonl", many())
    path.write_bytes(path.read_bytes() + json.dumps(feature(a="x")).encode().replace(b"x", b"\xff"))
    with pytest.raises(WholeNeededError):
        open_parts(str(path), pack=pack, block=1000)


def test_only_blank_lines_are_left_to_the_whole(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "a.geojsonl").write_text("{}"[:0] + "\n" * 50 + "{")
    with pytest.raises(WholeNeededError):
        open_parts(str(tmp_path / "a.geojsonl"), pack=pack, block=10)


def test_names_whose_order_features_contradict_stand_as_they_first_come() -> None:
    one = Members(("b", "a"), frozenset({("b", "a")}))
    other = Members(("a", "b"), frozenset({("a", "b")}))
    assert (one + other).ordered == ["b", "a"]
    assert (other + one).ordered == ["a", "b"]
