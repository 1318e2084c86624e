"""TopoJSON and Esri JSON: layers, CRS, and what is refused before GDAL sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lcrmap.errors import FileError, UnknownNameError
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
