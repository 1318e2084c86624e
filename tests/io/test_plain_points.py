"""Plain collections of points: decoded in one pass, and the same as the reader that takes everything."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.errors import LcrmapError
from lcrmap.io.opening import open_layer
from lcrmap.io.plain_points import read_plain_points, read_plain_sequence
from lcrmap.layers import Layer, Pack

POINT = {"type": "Point", "coordinates": [-2.9, 53.4]}


def collection(*features: Any, **around: Any) -> bytes:
    whole = {"type": "FeatureCollection", **around, "features": list(features)}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass")


def feature(geometry: Any = POINT, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def opened(path: Path, pack: Pack, *, piped: bool = False) -> Layer | str:
    try:
        if piped:
            return open_layer("-", pack=pack, stdin=BytesIO(path.read_bytes()))
        return open_layer(str(path), pack=pack)
    except LcrmapError as error:
        return f"{type(error).__name__}: {error}"


def assert_both_ways_agree(path: Path, pack: Pack) -> None:
    """Open a file as it is, and again with the quick way shut; all of it must be the same."""
    for piped in (False, True):
        quick = opened(path, pack, piped=piped)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("geojson.read_plain_points", "geojsonseq.read_plain_sequence"):
                patch.setattr(f"lcrmap.io.readers.{name}", lambda data: None)
            whole = opened(path, pack, piped=piped)
        assert_same(quick, whole)


def assert_same(quick: Layer | str, whole: Layer | str) -> None:
    if isinstance(quick, str) or isinstance(whole, str):
        assert quick == whole
        return
    assert_geodataframe_equal(quick.frame, whole.frame, check_crs=True)
    assert [str(each) for each in quick.frame.dtypes] == [str(each) for each in whole.frame.dtypes]
    assert quick.frame.geometry.to_wkb().equals(whole.frame.geometry.to_wkb())
    assert quick.metadata == whole.metadata
    assert (quick.inputs, quick.notes) == (whole.inputs, whole.notes)


PLAIN = [
    collection(feature(n=1, x=1.5, s="007", b=True), feature(n=-2, x=2, s="é\u2028", b=False)),
    collection(feature(n=None, x=1e-9, s=None), feature(None, n=2**52, x=None, s="")),
    collection(feature(n=2**63 - 1, x=1), feature(n=-(2**63), x=2.5)),
    collection(feature(a=1), name="places", crs=None),
    collection(feature(a="2026-04-01"), feature(a="2026-04-02")),
    collection(feature({"type": "Point", "coordinates": [-3, 53]}, a=1)),
    collection(
        feature({"type": "Point", "coordinates": [338000.5, 391000]}, a=1),
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
    ),
    collection(feature(id=7, name="x"), feature(id=8, name="y")),
    collection({**feature(a=1), "id": 5}, {**feature(a=2), "id": -5}, {**feature(a=3), "id": 5}),
    collection({**feature(a=1), "id": "x"}, {**feature(a=2), "id": ""}),
    collection({**feature(a=1), "id": None}),
    collection(
        {**feature(code="x"), "id": "x"}, lcrmap={"name": "a", "schema": {"primaryKey": "code"}}
    ),
    collection({**feature(a=1), "id": 1}, lcrmap={"name": "a", "schema": {"primaryKey": ["a"]}}),
    collection(feature(fid=7, FID=9, OGC_FID=3)),
    collection(feature(a="nul \x00 inside")),
    collection({**feature(a=1), "id": 10**18}),
    collection({**feature(id=1), "id": 5}, {**feature(id=2), "id": 6}),
    collection(
        feature(a=-0.0, b=1e300, c=0.1 + 0.2), feature(a=1, b=5e-324, c=123456789.123456789)
    ),
]
OTHER = [
    collection(),
    collection(feature()),
    collection(feature(a=None)),
    collection(feature(a=True), feature(a=None)),
    collection(feature(a=1), feature(b=1)),
    collection(feature(a=1), feature(a="x")),
    collection(feature(a=True), feature(a=1)),
    collection(feature(a=[1])),
    collection(feature(a={"k": 1})),
    collection(feature(a=2**63)),
    collection(feature(a=-(2**63) - 1)),
    collection(feature(a=2**53 + 1), feature(a=None)),
    collection(feature(a=2**53 + 1), feature(a=0.5)),
    collection(feature(a="lone \ud800")),
    collection({**feature(a=1), "id": 5}, {**feature(a=1), "id": "5"}),
    collection({**feature(a=1), "id": 5}, feature(a=1)),
    collection({**feature(a=1), "id": None}, {**feature(a=2), "id": "x"}),
    collection({**feature(a=1), "id": 1.5}),
    collection({**feature(a=1), "bbox": [0, 0, 1, 1]}),
    collection(feature({"type": "Point", "coordinates": [-2.9, 53.4, 7.0]}, a=1)),
    collection(feature({"type": "Point", "coordinates": []}, a=1)),
    collection(feature({"type": "Point", "coordinates": [None, 1]}, a=1)),
    collection(feature({"type": "Point", "coordinates": ["-2.9", "53.4"]}, a=1)),
    collection(feature({"type": "Point"}, a=1)),
    collection(feature({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, a=1)),
    collection(feature(a=1), generator="somebody"),
    collection({"type": "feature", "properties": {}, "geometry": None}),
    collection({"type": "Feature", "properties": None, "geometry": POINT}),
    collection({"type": "Feature", "geometry": POINT}),
    collection(1),
    b"\xef\xbb\xbf" + collection(feature(a=1)),
    collection(feature(a=1)) + b" x",
    collection(feature(a=1))[:-3],
    collection(feature(a="x")).replace(b'"x"', b'"\xff"'),
    collection(feature(a=1)).replace(b"1", b"NaN"),
    collection(feature(a=1)).replace(b"1", b"1e999"),
    collection(feature(a=1)).replace(b"-2.9", b"1e999"),
    collection(feature(a=1)).replace(b"1", b"01"),
    collection(feature(a=1)).replace(b"}", b"}", 1) + b"\n" + collection(feature(a=1)),
    collection(feature(a=1)).replace(b'"features"', b'"features":[],"features"'),
    b'{"type":"Point","coordinates":[1,2]}',
    b"{}",
]
SAME_EITHER_WAY = [
    collection(feature(**{"": 1}), feature(None, **{"": 2})),
    *[collection(feature(a=sign * 10**power)) for power in (17, 18, 19) for sign in (1, -1)],
    collection(feature(a=2**63 - 1), feature(a=None)),
    collection(feature(a=1, b=2), feature(b=2, a=1)),
    collection(feature(a=1, b=2, c=3), feature(c=2, a=1, b=1), feature(b=1, c=1, a=5)),
    collection(feature(**{'"': 1, "\\": 2, "\n": 3})),
    collection(feature({"type": "Point", "coordinates": [53.4, -2.9]}, a=1)),
    collection(feature({"type": "Point", "coordinates": [338000, 391000]}, a=1)),
    collection(feature({"type": "Point", "coordinates": [1000.0, 2000.0]}, a=1)),
    collection(feature(None, a=1)),
    collection(feature(a=1), crs={"type": "link", "properties": {"href": "x"}}),
    collection(feature(a=1), crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
    collection(feature(a=1), crs={"type": "name"}),
    collection(feature(geometry="x", a=1)),
    collection(feature(**{"": 1})),
    collection(feature(geometry_=1)),
    collection(feature(a=1)).replace(b'{"a": 1}', b'{"a": 1, "b": 2, "a": 3}'),
    collection(feature(a=1)).replace(b"1}", b"-0}"),
    collection(feature(a=1)).replace(b"1}", b"1E3}"),
    collection(feature(a=1)).replace(b"1}", b"1.0}"),
    collection(feature(a=1))[:-1] + b',"crs":{"type":"name","properties":{"name":"EPSG:27700"}}}',
    collection(feature(a=1), lcrmap={"schema": {"primaryKey": "a", "fields": [{"name": "a"}]}}),
    collection(feature(a=1, id=1), lcrmap={"schema": {"primaryKey": "a"}}),
]


@pytest.mark.parametrize("number", range(len(PLAIN)))
def test_what_is_plain_goes_the_quick_way(number: int) -> None:
    assert read_plain_points(PLAIN[number]) is not None


@pytest.mark.parametrize("number", range(len(OTHER)))
def test_what_is_unusual_is_left_to_the_other_reader(number: int) -> None:
    assert read_plain_points(OTHER[number]) is None


@pytest.mark.parametrize("number", range(len(PLAIN) + len(OTHER) + len(SAME_EITHER_WAY)))
def test_both_ways_give_the_same_layer_or_the_same_complaint(
    number: int, tmp_path: Path, pack: Pack
) -> None:
    path = tmp_path / "places.geojson"
    path.write_bytes([*PLAIN, *OTHER, *SAME_EITHER_WAY][number])
    assert_both_ways_agree(path, pack)


def test_the_packs_own_files_are_the_same_both_ways(tmp_path: Path, pack: Pack) -> None:
    for name in pack.names:
        if pack.path(name).suffix == ".geojson":
            copy = tmp_path / f"copy-of-{name}.geojson"
            copy.write_bytes(pack.path(name).read_bytes())
            assert_both_ways_agree(copy, pack)


SEQUENCES = [
    b'{"type":"Feature","properties":{"a":1},"geometry":null}\n' * 2,
    b'\n {"type":"Feature","properties":{"a":1},"geometry":null} \r\n\n',
    b'{"type":"Feature","properties":{"a":1}\n"geometry":null}\n',
    b'{"type":"Feature","properties":{"a":1},"geometry":null},{"type":"Feature","properties":{}\n"geometry":null}\n',
    b'{"type":"Feature","properties":{"a":1},"geometry":null}{"type":"Feature","properties":{"a":2},"geometry":null}',
    b'{"type":"Feature","properties":{"a":1},"geometry":null},{"type":"Feature","properties":{"a":2},"geometry":null}',
    b'\x1e{"type":"Feature","properties":{"a":1},"geometry":null}\n',
    b'{"type":"Feature","properties":{"a":1},"geometry":null,"id":"x"}\n{"type":"Feature","properties":{"a":1},\n',
    b'{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}\n[1]\n',
    b"{}\n{}\n",
]


@pytest.mark.parametrize("number", range(len(SEQUENCES)))
def test_sequences_are_the_same_both_ways(number: int, tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "places.geojsonl"
    path.write_bytes(SEQUENCES[number])
    assert_both_ways_agree(path, pack)


@pytest.mark.parametrize("number", [0, 1])
def test_a_plain_sequence_goes_the_quick_way(number: int) -> None:
    assert read_plain_sequence(SEQUENCES[number]) is not None


@pytest.mark.parametrize("number", range(2, len(SEQUENCES)))
def test_any_other_sequence_does_not(number: int) -> None:
    assert read_plain_sequence(SEQUENCES[number]) is None


VALUES = (
    st.integers(-(2**64), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-5, 5) | st.floats(-5, 5),
    st.text(max_size=6),
    st.booleans(),
    st.sampled_from(["2026-04-01", "2026-04-01T10:00:00Z", "1", "true", "12:30", "null", "[1]"]),
    st.integers(0, 9) | st.text(max_size=2),
)


_NAMES = st.text(min_size=1, max_size=5).filter(lambda text: text not in ("geometry", "geometry_"))


@st.composite
def collections(draw: st.DrawFn) -> bytes:
    names = draw(st.lists(_NAMES, min_size=1, max_size=4, unique=True))
    kinds = [draw(st.sampled_from(VALUES)) for _ in names]
    kinds = [kind | st.none() if draw(st.booleans()) else kind for kind in kinds]
    number = st.floats(-90, 90) | st.integers(-90, 90)
    point = st.builds(lambda x, y: {"type": "Point", "coordinates": [x, y]}, number, number)
    features: list[dict[str, Any]] = []
    ids = draw(st.sampled_from([None, st.integers(-9, 99), st.text(max_size=3)]))
    for _ in range(draw(st.integers(1, 4))):
        values = {name: draw(kind) for name, kind in zip(names, kinds, strict=True)}
        shuffled = {name: values[name] for name in draw(st.permutations(names))}
        features.append(feature(draw(point | st.none()), **shuffled))
        if ids is not None:
            features[-1]["id"] = draw(ids)
    return collection(*features)


@given(data=collections())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_random_collections_are_the_same_both_ways(data: bytes, tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "places.geojson"
    path.write_bytes(data)
    assert_both_ways_agree(path, pack)


def test_no_geojson_needs_gdal() -> None:
    code = (
        "import sys\n"
        "from lcrmap.io.opening import open_layer\n"
        "from lcrmap.layers import open_pack\n"
        "open_layer('boroughs', pack=open_pack())\n"
        "assert 'pyogrio' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_many_names_that_may_begin_the_features_take_no_time() -> None:
    """To look for properties behind each of them would take ten seconds."""
    text = b'{"type":"FeatureCollection",' + b'"features":1,' * 20_000
    start = time.perf_counter()
    assert read_plain_points(text) is None
    assert time.perf_counter() - start < 1
