"""TopoJSON and Esri JSON: layers, CRS, and what is refused before GDAL sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lcrmap.errors import DataError, FileError, UnknownNameError
from lcrmap.layers import Layer

Open = Callable[..., Layer]

ARCS = [
    [[-2.9, 53.4], [-2.8, 53.4]],
    [[-2.8, 53.4], [-2.8, 53.5], [-2.9, 53.5], [-2.9, 53.4]],
]
SQUARE = {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Caf\u00e9", "n": 7}}
ROADS = {"type": "LineString", "arcs": [~0]}
PLACE = {"x": -2.9, "y": 53.4}


def topology(**objects: Any) -> bytes:
    """Return a TopoJSON of some objects."""
    return json.dumps({"type": "Topology", "arcs": ARCS, "objects": objects}).encode()


def collection(*shapes: dict[str, Any]) -> dict[str, Any]:
    """Return an object of several shapes."""
    return {"type": "GeometryCollection", "geometries": list(shapes)}


def answer(**members: Any) -> bytes:
    """Return an Esri JSON of one point."""
    features = [{"attributes": {"id": "007", "n": 3}, "geometry": PLACE}]
    return json.dumps(
        {
            "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 4326},
            "fields": [
                {"name": "id", "type": "esriFieldTypeString"},
                {"name": "n", "type": "esriFieldTypeInteger"},
            ],
            "features": features,
            **members,
        }
    ).encode()


@pytest.mark.parametrize("name", ["a.topojson", "a.json"])
def test_a_topology_of_one_object_is_read_in_degrees(opened: Open, name: str) -> None:
    layer = opened(name, topology(areas=collection(SQUARE)))
    assert layer.frame.crs == "EPSG:4326"
    assert layer.frame[["name", "n"]].to_numpy().tolist() == [["Caf\u00e9", 7]]
    assert layer.frame.geometry[0].bounds == (-2.9, 53.4, -2.8, 53.5)


def test_an_object_of_several_is_read_by_its_name(opened: Open) -> None:
    data = topology(areas=collection(SQUARE, SQUARE), roads=ROADS)
    with pytest.raises(
        FileError, match=r"'a\.topojson' holds 2 layers \(areas.*'a\.topojson:areas'"
    ):
        opened("a.topojson", data)
    assert len(opened("a.topojson:areas").frame) == 2
    assert opened("a.topojson:roads").frame.geometry[0].coords[0] == (-2.8, 53.4)
    with pytest.raises(UnknownNameError):
        opened("a.topojson:rivers")


def test_a_crs_that_is_asked_for_is_used(opened: Open) -> None:
    data = (
        topology(areas=collection(SQUARE)).replace(b"-2.9", b"334000").replace(b"-2.8", b"335000")
    )
    data = data.replace(b"53.4", b"390000").replace(b"53.5", b"391000")
    assert opened("a.topojson", data, crs="EPSG:27700").frame.crs == "EPSG:27700"


@pytest.mark.parametrize("arc", [2, -3, 1.5, "0"])
def test_an_arc_that_is_not_there_is_refused(opened: Open, arc: Any) -> None:
    with pytest.raises(FileError, match="uses an arc that it does not hold"):
        opened("a.topojson", topology(a=collection({"type": "LineString", "arcs": [arc]})))


def test_arcs_that_unfold_to_far_more_are_refused_before_anything_is_made(opened: Open) -> None:
    bomb = collection(*[{"type": "LineString", "arcs": [1] * 500} for _ in range(100)])
    with pytest.raises(FileError, match="unfold to more than 20 times as many positions"):
        opened("a.topojson", topology(a=bomb))


@pytest.mark.parametrize("data", [b'{"type":"FeatureCollection"}', b'{"type":"Topology"}', b"{}"])
def test_what_is_no_topology_is_refused(opened: Open, data: bytes) -> None:
    with pytest.raises(FileError, match="TopoJSON"):
        opened("a.topojson", data)


@pytest.mark.parametrize(
    ("reference", "crs"),
    [
        ({"wkid": 4326}, "EPSG:4326"),
        ({"wkid": 102100, "latestWkid": 3857}, "EPSG:3857"),
        ({"wkid": 27700}, "EPSG:27700"),
    ],
)
def test_an_answer_of_a_server_is_read_with_its_crs(
    opened: Open, reference: dict[str, int], crs: str
) -> None:
    place = PLACE if crs == "EPSG:4326" else {"x": -300000, "y": 7000000}
    place = {"x": 334000, "y": 390000} if crs == "EPSG:27700" else place
    features = [{"attributes": {"id": "007", "n": 3}, "geometry": place}]
    layer = opened("a.json", answer(spatialReference=reference, features=features))
    assert layer.frame.crs == crs
    assert layer.frame[["id", "n"]].to_numpy().tolist() == [["007", 3]]
    assert (layer.frame.geometry[0].x, layer.frame.geometry[0].y) == (place["x"], place["y"])


def test_an_answer_that_was_cut_by_the_server_says_so(opened: Open) -> None:
    layer = opened("a.json", answer(exceededTransferLimit=True))
    assert any("the server had more features than it gave" in each for each in layer.notes)


def test_an_answer_without_features_is_refused(opened: Open) -> None:
    with pytest.raises(FileError, match="Esri JSON without a list of features"):
        opened("a.json", answer(features=None))


def test_geojson_that_names_them_in_its_properties_stays_geojson(opened: Open) -> None:
    feature = {"type": "Feature", "properties": {"geometryType": "x"}, "geometry": None}
    placed = {**feature, "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]}}
    data = json.dumps({"type": "FeatureCollection", "features": [feature, placed]}).encode()
    assert len(opened("a.json", data).frame) == 2


def test_every_shape_of_a_topology_is_there(opened: Open) -> None:
    """Those without a place too, and collections, which GDAL leaves out without a word."""
    nowhere = {"type": None, "properties": {"name": "B", "n": 2**60}}
    place = {"type": "Point", "coordinates": [-2.9, 53.4], "id": "x", "properties": {"n": "7"}}
    places = {"type": "MultiPoint", "coordinates": [[-2.9, 53.4, 7]]}
    data = topology(a=collection(SQUARE, nowhere, place, places, collection(SQUARE, ROADS)))
    layer = opened("a.topojson", data)
    assert [each and each.geom_type for each in layer.frame.geometry] == [
        *("Polygon", None, "Point", "MultiPoint", "GeometryCollection")
    ]
    assert layer.frame["n"].tolist()[:3] == [7, 2**60, "7"]
    assert layer.frame["id"].tolist()[2] == "x"


def test_a_topology_of_steps_is_put_where_they_lead(opened: Open) -> None:
    whole = {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.1], "translate": [-3, 53]},
        "arcs": [[[0, 0], [10, 1], [10, 1]], [[20, 2], [-20, -2]]],
        "objects": {
            "a": collection(
                {"type": "LineString", "arcs": [0]},
                {"type": "LineString", "arcs": [~1, ~0]},
                {"type": "MultiLineString", "arcs": [[1]]},
                {"type": "Point", "coordinates": [10, 4]},
            )
        },
    }
    layer = opened("a.topojson", json.dumps(whole).encode())
    found = [
        [(round(x, 9), round(y, 9)) for x, y in each.coords] for each in layer.frame.geometry[:2]
    ]
    line = [(-3, 53), (-2.9, 53.1), (-2.8, 53.2)]
    assert found == [line, [(-3, 53), (-2.8, 53.2), (-2.9, 53.1), (-3, 53)]]
    assert layer.frame.geometry[3].wkt == "POINT (-2.9 53.4)"


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ({"type": "Pont", "coordinates": [1, 2]}, "shapes that cannot be understood, in feature 2"),
        ({"type": "Polygon", "arcs": [0]}, "shapes that cannot be understood, in feature 2"),
        ({"type": "Point", "coordinates": ["1", 2]}, "shapes that cannot be understood"),
        (None, "Shape 2 of 'a.topojson' has a shape that is no object"),
        ({"type": None, "properties": [1]}, "Shape 2 of .* has properties that are no object"),
    ],
)
def test_a_shape_of_a_topology_that_is_none_is_refused(opened: Open, shape: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        opened("a.topojson", topology(a=collection(SQUARE, shape)))


@pytest.mark.parametrize("transform", [7, {}, {"scale": [1, "1"], "translate": [0, 0]}])
def test_a_transform_that_is_none_is_refused(opened: Open, transform: Any) -> None:
    whole = {**json.loads(topology(a=collection(SQUARE))), "transform": transform}
    with pytest.raises(FileError, match="transform without scale and translate"):
        opened("a.topojson", json.dumps(whole).encode())


def test_an_arc_with_a_position_that_is_none_is_refused(opened: Open) -> None:
    data = topology(a=collection(SQUARE)).replace(b"53.5", b"null")
    with pytest.raises(FileError, match="an arc with a position that is no two numbers"):
        opened("a.topojson", data)


def test_values_of_an_answer_stay_what_they_are(opened: Open) -> None:
    """Whatever their fields declare, and also where none does."""
    rows = [{"id": 7, "n": 2**53 - 1, "x": "y"}, {"id": "007", "n": 3}]
    features = [{"attributes": each, "geometry": PLACE} for each in rows]
    layer = opened("a.json", answer(features=features))
    assert layer.frame[["id", "n"]].to_numpy().tolist() == [[7, 2**53 - 1], ["007", 3]]
    assert layer.frame["x"].tolist()[0] == "y"


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ([1_700_000_000_000, -1], ["2023-11-14T22:13:20Z", "1969-12-31T23:59:59.999Z"]),
        ([1_700_000_000_000, "y"], [1_700_000_000_000, "y"]),
        ([1, 10**18], [1, 10**18]),
    ],
)
def test_dates_of_an_answer_are_moments_if_all_of_them_are(
    opened: Open, cells: list[Any], read: list[Any]
) -> None:
    features = [{"attributes": {"d": each}, "geometry": PLACE} for each in cells]
    fields = [{"name": "d", "type": "esriFieldTypeDate"}]
    assert opened("a.json", answer(features=features, fields=fields)).frame["d"].tolist() == read


@pytest.mark.parametrize("place", [{"x": "east", "y": 1}, {"rings": [[["a", 1]]]}, "here"])
def test_a_shape_of_an_answer_that_gets_lost_is_refused(opened: Open, place: Any) -> None:
    features = [{"attributes": {}, "geometry": each} for each in (PLACE, place)]
    with pytest.raises(DataError, match=r"'a\.json'"):
        opened("a.json", answer(features=features))


def test_an_answer_may_have_features_without_a_place(opened: Open) -> None:
    places = [PLACE, None, {"x": None, "y": None}, {"x": "NaN", "y": "NaN"}]
    features = [{"attributes": {}, "geometry": each} for each in places]
    layer = opened("a.json", answer(features=features))
    assert [each is None or each.is_empty for each in layer.frame.geometry] == [
        *(False, True, True, True)
    ]


def test_attributes_that_are_none_are_refused(opened: Open) -> None:
    with pytest.raises(
        FileError, match=r"Feature 1 of 'a\.json' has attributes that are no object"
    ):
        opened("a.json", answer(features=[{"attributes": [1], "geometry": PLACE}]))
