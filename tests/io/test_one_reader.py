"""All JSON goes one way: a file, a pipe and a sequence give the same rows, to the last digit."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from lcrmap.errors import FileError, GeometryError
from lcrmap.io.opening import open_layer
from lcrmap.io.writing import encode
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]

POINT = {"type": "Point", "coordinates": [-3, 53.4]}


def feature(geometry: Any = POINT, /, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture(params=["a file", "a pipe", "a sequence", "a sequence by pipe"])
def given(request: pytest.FixtureRequest, opened: Open, square: Pack) -> Callable[..., Layer]:
    """Open features in one of the ways in which they come."""

    def open_them(*features: dict[str, Any]) -> Layer:
        collection = json.dumps({"type": "FeatureCollection", "features": list(features)})
        lines = "\x1e" + "\n\x1e".join(map(json.dumps, features)) + "\n"
        text = collection if request.param in ("a file", "a pipe") else lines
        if request.param.endswith("pipe"):
            return open_layer("-", pack=square, stdin=io.BytesIO(text.encode()))
        return opened("a.geojson" if request.param == "a file" else "a.geojsonl", text)

    return open_them


def rows(layer: Layer) -> list[dict[str, Any]]:
    """Return the properties as they are written."""
    lines = encode(layer, "geojsonl").decode().splitlines()
    return [json.loads(each)["properties"] for each in lines]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([18446744073709551616], id="beyond 64 bits"),
        pytest.param([2**63, None, -(2**63) - 1], id="beyond 64 bits, with a gap"),
        pytest.param([9007199254740993, None], id="beyond floating point, with a gap"),
        pytest.param([9007199254740993, 0.5], id="beyond floating point, with fractions"),
        pytest.param([2**63 - 1, -(2**63)], id="64 bits"),
        pytest.param([[True]], id="truth in a list"),
        pytest.param([1, [1, 2]], id="a number and a list"),
        pytest.param(["12", 7, "null"], id="texts and numbers"),
        pytest.param([12, "12a"], id="a number and a code"),
        pytest.param([True, 1, 0.5, "x", None, [], {}], id="of every kind"),
        pytest.param([[1, 2.5], ["a", 1], [None], []], id="lists of several kinds"),
        pytest.param([{"a": 1.0, "b": [None]}, {}], id="objects"),
        pytest.param([True, False, None], id="truths with a gap"),
        pytest.param(["2026-04-01", "10:00:00"], id="dates"),
        pytest.param(["a\x00b", "{}", "[1]"], id="texts that look like JSON"),
    ],
)
def test_values_are_kept_to_the_last_digit(values: list[Any], given: Callable[..., Layer]) -> None:
    layer = given(*(feature(v=each) for each in values))
    assert rows(layer) == [{"v": each} for each in values]
    assert [type(row["v"]) for row in rows(layer)] == [type(each) for each in values]


def test_what_lcrmap_wrote_it_reads_again(given: Callable[..., Layer], square: Pack) -> None:
    mixed = [12, "12a", [1], {"k": True}, None, 2**70]
    layer = given(*(feature(v=each, n=n) for n, each in enumerate(mixed)))
    for format_ in ("geojsonl", "geojson"):
        written = encode(layer, format_)
        again = open_layer("-", pack=square, stdin=io.BytesIO(written))
        assert encode(again, format_) == written


def test_columns_of_several_kinds_say_so(given: Callable[..., Layer]) -> None:
    layer = given(feature(a=1, b=[1], c="x"), feature(a="x", b=["y"], c=None))
    assert {each.name: each.type for each in layer.metadata.fields} == {
        "a": "any",
        "b": "array",
        "c": "string",
    }


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([5, 6], [5, 6]),
        (["x", "y"], ["x", "y"]),
        ([5, "y"], [5, "y"]),
        (["x", None], ["x", None]),
        ([2**63, 1], [2**63, 1]),
    ],
)
def test_the_features_own_ids_are_a_column(
    ids: list[Any], expected: list[Any], given: Callable[..., Layer]
) -> None:
    layer = given(*({**feature(a=1), "id": each} for each in ids))
    assert [row["id"] for row in rows(layer)] == expected
    assert next(iter(rows(layer)[0])) == "id"


def test_a_property_called_id_goes_before_the_features_own(given: Callable[..., Layer]) -> None:
    layer = given({**feature(id="p", a=1), "id": 1}, {**feature(a=2), "id": 2})
    assert [row["id"] for row in rows(layer)] == ["p", 2]


RING = [[-3, 53.4], [-2.9, 53.4], [-2.9, 53.45], [-3, 53.4]]


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param(
            {"type": "Polygon", "coordinates": [RING, [[-2.98, None], *RING[1:], [-2.98, None]]]},
            id="null in a hole",
        ),
        pytest.param({"type": "Polygon", "coordinates": [RING, None]}, id="no hole"),
        pytest.param(
            {"type": "MultiLineString", "coordinates": [RING, [[-3, None], [-2, 53]]]},
            id="null in a line",
        ),
        pytest.param({"type": "MultiPolygon", "coordinates": [[RING], None]}, id="no part"),
        pytest.param({"type": "GeometryCollection", "geometries": [POINT, None]}, id="no member"),
        pytest.param(
            {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1]}]},
            id="a member without latitude",
        ),
        pytest.param({"type": "Point", "coordinates": [[], 53.4]}, id="a list for a number"),
        pytest.param({"type": "MultiPoint", "coordinates": [[], [1, 2]]}, id="a point of none"),
        pytest.param({"type": "Feature", "geometry": POINT, "properties": {}}, id="a feature"),
        pytest.param({"type": "FeatureCollection", "features": []}, id="a collection"),
    ],
)
def test_a_shape_of_which_a_part_is_none_is_refused_by_number(
    geometry: dict[str, Any], given: Callable[..., Layer]
) -> None:
    with pytest.raises(GeometryError, match="shapes that cannot be understood, in feature 2: "):
        given(feature(), feature(geometry))


def test_collections_that_nest_too_deep_are_refused(given: Callable[..., Layer]) -> None:
    geometry: dict[str, Any] = POINT
    for _ in range(40):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    with pytest.raises(FileError, match="nests lists or objects deeper than any map data do"):
        given(feature(geometry))


@pytest.mark.parametrize("number", ["1e400", "-1E999", "Infinity"])
def test_a_number_larger_than_any_is_refused(number: str, opened: Open) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(v=12345.5)]})
    with pytest.raises(FileError) as caught:
        opened("a.geojson", text.replace("12345.5", number))
    assert str(caught.value) == (
        f"'a.geojson' holds the number {number}, which is larger than any can be: "
        f"correct it, or write it as text in quotes."
    )


def test_a_whole_number_of_thousands_of_digits_is_refused(opened: Open) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(v=12345.5)]})
    with pytest.raises(FileError, match="holds a whole number of thousands of digits"):
        opened("a.geojson", text.replace("12345.5", "1" * 5_000))


def test_a_value_that_is_no_number_is_missing(opened: Open) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [feature(v=1.5, n="NaN")] * 2})
    layer = opened("a.geojson", text.replace("1.5", "NaN", 1))
    assert rows(layer) == [{"v": None, "n": "NaN"}, {"v": 1.5, "n": "NaN"}]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("format_", ["csv", "geojson", "geojsonl", "gpkg", "json", "md", "parquet"])
def test_what_nests_as_deep_as_the_bound_is_read_and_written(
    given: Callable[..., Layer], opening: str, format_: str
) -> None:
    def nested(depth: int) -> Any:
        closing = {"[": "]", '{"a":': "}"}[opening]
        inner = "" if opening == "[" else "0"
        return json.loads(opening * depth + inner + closing * depth)

    assert encode(given(feature(v=nested(200))), format_)
    with pytest.raises(
        FileError, match=r"nests lists or objects in 'v' more than 200 deep, which is"
    ):
        given(feature(v=1), feature(v=nested(201)))
