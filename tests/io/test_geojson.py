"""GeoJSON and sequences: what is kept, and what GDAL alone would pass over."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from lcrmap.errors import CRSError, FileError, GeometryError
from lcrmap.io.opening import open_layer
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]
Collection = Callable[..., str]


def feature(geometry: object, /, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def features(*each: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(each)})


POINT = {"type": "Point", "coordinates": [-2.9, 53.4]}


def test_types_follow_the_values(opened: Open) -> None:
    text = features(
        feature(POINT, n=1, x=1.5, s="007", d="2026-04-01", b=True, l=[1, 2], o={"a": [1]}),
        feature(POINT, n=None, x=None, s=None, d=None, b=None, l=None, o=None),
    )
    layer = opened("a.geojson", text)
    assert {each.name: each.type for each in layer.metadata.fields} == {
        "n": "integer",
        "x": "number",
        "s": "string",
        "d": "string",
        "b": "boolean",
        "l": "array",
        "o": "object",
    }
    first = layer.frame.iloc[0]
    assert (first.n, first.x, first.s, first.d, first.b) == (1, 1.5, "007", "2026-04-01", True)
    assert (first.l, first.o) == ([1, 2], {"a": [1]})
    assert layer.frame.drop(columns="geometry").iloc[1].isna().all()


@pytest.mark.parametrize(
    "text",
    [json.dumps(POINT), json.dumps(feature(POINT, a=1)), "\ufeff" + features(feature(POINT))],
)
def test_a_lone_shape_a_lone_feature_and_a_byte_order_mark_are_read(
    opened: Open, text: str
) -> None:
    layer = opened("a.geojson", text)
    assert list(layer.frame.geometry) == [shapely.Point(-2.9, 53.4)]


def test_numbers_as_ids_of_features_become_a_column(opened: Open) -> None:
    text = features({**feature(POINT), "id": 7}, {**feature(POINT), "id": 9})
    layer = opened("a.geojson", text)
    assert list(layer.frame["id"]) == [7, 9]
    assert layer.metadata.key == "id"


def test_a_property_called_geometry_gives_way_to_the_shapes(opened: Open) -> None:
    layer = opened("a.geojson", features(feature(POINT, geometry="text")))
    assert list(layer.frame.columns) == ["geometry_", "geometry"]


def test_text_is_kept_to_the_last_character(opened: Open) -> None:
    odd = "a\x00b\u2028c\u202ed</script>${e}`f"
    layer = opened("a.geojson", features(feature(POINT, name=odd, other=None)))
    assert layer.frame["name"].tolist() == [odd]


def test_a_lone_surrogate_becomes_the_replacement_character(opened: Open) -> None:
    text = features(feature(POINT, name="x")).replace('"x"', '"x\\ud800y"')
    assert opened("a.geojson", text).frame["name"].tolist() == ["x\ufffdy"]


def test_empty_shapes_count_as_no_position(opened: Open) -> None:
    text = features(feature({"type": "Point", "coordinates": []}), feature(POINT))
    assert opened("a.geojson", text).placed == 1


def test_heights_are_kept(opened: Open) -> None:
    layer = opened(
        "a.geojson", features(feature({"type": "Point", "coordinates": [-3, 53.4, 9.5]}))
    )
    assert layer.frame.geometry.iloc[0].z == 9.5


@pytest.mark.parametrize(
    "name",
    ["EPSG:27700", "urn:ogc:def:crs:EPSG::27700", "http://www.opengis.net/def/crs/EPSG/0/27700"],
)
@pytest.mark.parametrize("behind", [False, True])
def test_a_crs_by_name_is_taken_before_or_behind_the_features(
    opened: Open, name: str, behind: bool
) -> None:
    crs = {"crs": {"type": "name", "properties": {"name": name}}}
    body = {"features": [feature({"type": "Point", "coordinates": [335000, 390000]})]}
    order = {**body, **crs} if behind else {**crs, **body}
    layer = opened("a.geojson", json.dumps({"type": "FeatureCollection", **order}))
    assert layer.frame.crs == "EPSG:27700"


def test_crs84_is_plain_degrees(opened: Open, collection: Collection) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert opened("a.geojson", collection((-3, 53.4, {}), crs=crs)).frame.crs == "EPSG:4326"


def test_an_unknown_crs_is_not_taken_for_degrees(opened: Open, collection: Collection) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:99999"}}
    with pytest.raises(CRSError, match=r"EPSG:99999 .* is unknown"):
        opened("a.geojson", collection((-3, 53.4, {}), crs=crs))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"type":"FeatureCollection","features":[\n{"type":"Feature"},\n]}',
            "'a.geojson' is broken JSON at line 3, column 1: expecting value.",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","prop',
            "'a.geojson' is broken JSON at line 1, column 59: unterminated string starting.",
        ),
        (
            '{"type":"FeatureCollection"} x',
            "'a.geojson' is broken JSON at line 1, column 30: extra data.",
        ),
        (
            "{}",
            "'a.geojson' is JSON but not GeoJSON: it has no type, and a layer's is 'FeatureCollection'.",
        ),
        (
            '{"type":"Topology","arcs":[]}',
            "'a.geojson' is not GeoJSON but TopoJSON: save it as a file that ends with .topojson or .json.",
        ),
        (
            '{"geometryType":"esriGeometryPoint","features":[]}',
            "'a.geojson' is Esri JSON, not GeoJSON: save it as a file that ends with .json.",
        ),
        (
            '{"type":"FeatureCollection","features":{}}',
            "The \"features\" of 'a.geojson' are not a list: see RFC 7946 for the form.",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null},7]}',
            "Feature 2 of 'a.geojson' is not of the type \"Feature\": see RFC 7946 for the form.",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":[1,2]}]}',
            "Feature 1 of 'a.geojson' has a \"geometry\" that is not an object: see RFC 7946.",
        ),
        (
            '{"type":"FeatureCollection","name":' + "[" * 100_000,
            "'a.geojson' nests lists or objects deeper than any map data do: it is not read.",
        ),
        (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":'
            + "[" * 900
            + "]" * 900
            + '},"geometry":'
            + "[" * 100_000,
            "'a.geojson' nests lists or objects deeper than any map data do: it is not read.",
        ),
    ],
)
def test_json_that_is_broken_or_of_another_kind(opened: Open, text: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        opened("a.geojson", text)
    assert str(caught.value) == message


def test_a_byte_that_is_not_utf8_is_named_with_its_line(opened: Open) -> None:
    with pytest.raises(FileError) as caught:
        opened("a.geojson", b'{"type":"FeatureCollection",\n"name":"Caf\xe9","features":[]}')
    assert str(caught.value) == (
        "'a.geojson' is not in UTF-8: line 2 holds the byte 0xE9; save it again with the encoding UTF-8."
    )


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Blob", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0]]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
    ],
)
@pytest.mark.parametrize("name", ["a.geojson", "a.geojsonl"])
def test_a_shape_that_cannot_be_built_is_refused_by_number(
    opened: Open, geometry: object, name: str
) -> None:
    both = [feature(POINT), feature(geometry)]
    text = features(*both) if name == "a.geojson" else "\n".join(map(json.dumps, both))
    with pytest.raises(GeometryError) as caught:
        opened(name, text)
    assert str(caught.value) == (
        f"'{name}' has shapes that cannot be understood, in feature 2: correct them or write null."
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("name", ["a.geojson", "a.geojsonl"])
def test_coordinates_that_are_not_finite_are_refused_by_number(
    opened: Open, number: str, name: str
) -> None:
    both = [feature(POINT), feature({"type": "Point", "coordinates": [12345.5, 53]})]
    text = features(*both) if name == "a.geojson" else "\n".join(map(json.dumps, both))
    with pytest.raises(
        GeometryError, match="coordinates that are not finite numbers, in feature 2:"
    ):
        opened(name, text.replace("12345.5", number))


@pytest.mark.parametrize(
    "text",
    [
        "{0}\n{1}\n",
        "{0}\n{1}",
        "{0}\r\n\r\n{1}\r\n",
        "\x1e{0}\n\x1e{1}\n",
        "\x1e{0}\x1e{1}",
        "\ufeff\x1e{0}\n\x1e{1}\n",
        "\ufeff{0}\n{1}\n",
    ],
)
@pytest.mark.parametrize("through_a_pipe", [False, True])
def test_sequences_with_line_ends_and_record_separators(
    opened: Open, square: Pack, text: str, through_a_pipe: bool
) -> None:
    whole = text.format(json.dumps(feature(POINT, n=1)), json.dumps(feature(None, n=2)))
    if through_a_pipe and whole.startswith("{"):
        layer = open_layer("-", pack=square, stdin=io.BytesIO(whole.encode()))
    else:
        layer = opened("a.geojsonl", whole)
    assert layer.frame["n"].tolist() == [1, 2]
    assert layer.placed == 1


def test_a_record_over_several_lines_is_read_between_separators(opened: Open) -> None:
    text = "".join(f"\x1e{json.dumps(feature(POINT, n=n), indent=1)}\n" for n in range(2))
    assert opened("a.geojsons", text).frame["n"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ('{"type":"Feature",', "'a.ndjson' is broken JSON at line 2, column 19: "),
        ("null", "Line 2 of 'a.ndjson' is JSON but not an object in braces, as GeoJSON is."),
        ('{"type":"Point"}', "The record in line 2 of 'a.ndjson' is not of the type \"Feature\""),
    ],
)
def test_a_broken_record_is_named_by_its_line(opened: Open, second: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        opened(
            "a.ndjson", f"{json.dumps(feature(POINT))}\n{second}\n{json.dumps(feature(POINT))}\n"
        )
    assert str(caught.value).startswith(message)


def test_an_empty_collection_is_an_empty_layer(opened: Open, collection: Collection) -> None:
    layer = opened("a.geojson", collection())
    assert len(layer.frame) == 0
    assert layer.metadata.geometry == "none"


def test_many_features_keep_their_order(opened: Open, tmp_path: Path) -> None:
    text = features(*(feature(POINT if n % 3 else None, n=n) for n in range(500)))
    assert opened("a.geojson", text).frame["n"].tolist() == list(range(500))
