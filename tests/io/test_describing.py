"""Metadata that a file carries: kept where they are sound, left out where they are not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from lcrmap.io.describing import kebab
from lcrmap.io.opening import open_layer
from lcrmap.io.writing import encode, write_layer
from lcrmap.layers import Layer, Pack

Open = Callable[..., Layer]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_metadata_survive_a_file(
    with_categories: Layer, square: Pack, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"other.{suffix}"
    write_layer(with_categories, path)
    layer = open_layer(str(path), pack=square)
    assert layer.metadata == with_categories.metadata
    assert layer.notes == ()
    assert [each.name for each in layer.inputs] == [f"other.{suffix}"]


def test_metadata_and_inputs_survive_a_pipe(with_categories: Layer, square: Pack) -> None:
    data = encode(with_categories, "geojson")
    layer = open_layer("-", pack=square, stdin=io.BytesIO(data))
    assert layer.metadata == with_categories.metadata
    assert layer.inputs == with_categories.inputs
    assert encode(layer, "geojson") == data


def carrying(raw: Any) -> str:
    feature = {"type": "Feature", "properties": {"id": "a", "n": 1}, "geometry": None}
    return json.dumps({"type": "FeatureCollection", "lcrmap": raw, "features": [feature]})


GOOD: dict[str, Any] = {
    "name": "works",
    "title": "Works",
    "path": "/etc/passwd",
    "schema": {
        "fields": [{"name": "n", "title": "Number", "type": "number"}, {"name": "gone"}],
        "primaryKey": ["gone"],
    },
    "licenses": [{"name": "x", "title": "X", "path": "javascript:alert(1)"}],
    "sources": [{"title": "S", "path": "file:///etc/passwd"}],
    "lcrmap": {"label": "gone", "category": "gone", "x": "a", "y": "b", "crs": "EPSG:27700"},
}


def test_what_a_file_claims_is_held_to_what_it_holds(opened: Open) -> None:
    metadata = opened("a.geojson", carrying(GOOD)).metadata
    assert [(each.name, each.title, each.type) for each in metadata.fields] == [
        ("id", "Id", "string"),
        ("n", "Number", "number"),
    ]
    assert (metadata.key, metadata.label, metadata.category) == ("id", "", "")
    assert (metadata.path, metadata.x, metadata.y, metadata.crs) == ("", "", "", "")
    assert (metadata.licences[0].url, metadata.sources[0].url) == ("", "")
    assert metadata.geometry == "none"


@pytest.mark.parametrize(
    ("colour", "symbol", "kept"),
    [
        ("rose", "circle", ("rose", "circle")),
        ("#0a0b0c", "x-mark", ("#0a0b0c", "x-mark")),
        ("red;}</style>", "../x", ("", "")),
        ("url(http://x)", "<svg>", ("", "")),
    ],
)
def test_colours_and_symbols_are_plain_words(
    opened: Open, colour: str, symbol: str, kept: tuple[str, str]
) -> None:
    raw = {**GOOD, "lcrmap": {"colour": colour, "symbol": symbol}}
    metadata = opened("a.geojson", carrying(raw)).metadata
    assert (metadata.colour, metadata.symbol) == kept


@pytest.mark.parametrize(
    "raw",
    [
        7,
        "text",
        [],
        {},
        {"name": 5},
        {"name": "x", "title": ["y"]},
        {"name": "x", "title": "y" * 5000},
        {"name": "x", "schema": []},
        {"name": "x", "schema": {"fields": 5}},
        {"name": "x", "schema": {"fields": [{"name": {}}]}},
        {"name": "x", "schema": {"fields": [{"name": "n", "categories": [{}]}]}},
        {"name": "x", "licenses": "free"},
        {"name": "x", "lcrmap": {"noun": 5}},
        {"name": "x", "lcrmap": {"geometry": 5}},
        {"name": "x", "sources": [{"title": None}]},
    ],
)
def test_broken_metadata_are_left_out_with_one_note(opened: Open, raw: Any) -> None:
    layer = opened("a.geojson", carrying(raw))
    assert layer.notes == ("The metadata that 'a' carries are broken and left out.",)
    assert (layer.metadata.name, layer.metadata.title) == ("a", "a")


@pytest.mark.parametrize(
    "inputs",
    [5, [5], [{"name": 5, "sha256": "0" * 64}], [{"name": "x", "sha256": "zz"}], [{"name": "x"}]],
)
def test_broken_inputs_are_not_carried_on(square: Pack, inputs: Any) -> None:
    text = carrying({**GOOD, "inputs": inputs})
    layer = open_layer("-", pack=square, stdin=io.BytesIO(text.encode()))
    assert [each.name for each in layer.inputs] == ["-"]


def test_inputs_are_bare_names(square: Pack) -> None:
    text = carrying({**GOOD, "inputs": [{"name": "/srv/deep/a.csv", "sha256": "0" * 64}]})
    layer = open_layer("-", pack=square, stdin=io.BytesIO(text.encode()))
    assert [each.name for each in layer.inputs] == ["a.csv"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("My Sites_2024 (final)", "my-sites-2024-final"), ("Ünïted", "ünïted"), ("--", "layer")],
)
def test_names_are_in_kebab_case(text: str, name: str) -> None:
    assert kebab(text) == name


def collection(features: list[dict[str, Any]]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


AREA_FILE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": number,
            "properties": {"OBJECTID": number, "WD24CD": f"E0500000{number}", "WD24NM": name},
            "geometry": None,
        }
        for number, name in enumerate(("West", "East"), 1)
    ],
}


def test_the_key_is_what_people_join_on_before_a_running_number(opened: Open) -> None:
    assert opened("w.geojson", json.dumps(AREA_FILE)).key == "WD24CD"


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ("OBJECTID,URN,postcode", "URN"),
        ("FID,uprn", "uprn"),
        ("h3", "h3"),
        ("id,LSOA21CD,URN", "URN"),
        ("id,LSOA21CD", "LSOA21CD"),
        ("id,postcode", "id"),
        ("objectid,postcode", "objectid"),
        ("objectid_1,site_id", "site_id"),
        ("FID,ogc_fid", "FID"),
    ],
)
def test_of_several_columns_the_likeliest_is_the_key(opened: Open, columns: str, key: str) -> None:
    names = columns.split(",")
    features = [
        {"type": "Feature", "properties": dict.fromkeys(names, number), "geometry": None}
        for number in range(2)
    ]
    assert opened("w.geojson", collection(features)).key == key


def test_a_column_in_which_a_value_comes_twice_is_no_key(opened: Open) -> None:
    features = [
        {"type": "Feature", "properties": {"URN": 1, "objectid": number}, "geometry": None}
        for number in range(2)
    ]
    assert opened("w.geojson", collection(features)).key == "objectid"


@pytest.mark.parametrize(
    ("claimed", "value", "type_"),
    [
        ("string", 1, "integer"),
        ("array", 1.5, "number"),
        ("integer", 1.5, "number"),
        ("date", True, "boolean"),
        ("year", 1, "year"),
        ("date", "2026-04-01", "date"),
        ("array", [], "array"),
    ],
)
def test_a_type_that_the_values_are_not_of_is_not_believed(
    opened: Open, claimed: str, value: Any, type_: str
) -> None:
    feature = {"type": "Feature", "properties": {"n": value}, "geometry": None}
    raw = {"name": "x", "schema": {"fields": [{"name": "n", "type": claimed}]}}
    text = json.dumps({"type": "FeatureCollection", "lcrmap": raw, "features": [feature]})
    assert opened("a.geojson", text).metadata.field("n").type == type_


def _areas(**columns: list[Any]) -> str:
    count = len(next(iter(columns.values())))
    features = [
        {
            "type": "Feature",
            "properties": {name: cells[number] for name, cells in columns.items()},
            "geometry": shapely.geometry.mapping(
                shapely.box(-3 + number / 10, 53.4, -2.9 + number / 10, 53.5)
            ),
        }
        for number in range(count)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({"zone": ["West", "East", "Sea"], "pop": [1, 2, 3]}, "zone"),
        ({"OBJECTID": [1, 2, 3], "zone": ["West", "East", "Sea"]}, "zone"),
        ({"zone": ["a", "b", "c"], "chair": ["x", "y", "z"]}, ""),
        ({"zone": ["a", "b", "c"], "kind": ["x", "x", "z"]}, "zone"),
        ({"zone": ["a", "b", None]}, ""),
        ({"zone": ["a", "b", ""]}, ""),
        ({"zone": ["a", "b", "about it " * 10]}, ""),
        ({"zone": ["a", "b", "c"], "ward_name": ["x", "x", None]}, "ward_name"),
        ({"pop": [1, 2, 3]}, ""),
    ],
)
def test_the_one_column_of_texts_that_can_names_areas(
    opened: Open, columns: dict[str, list[Any]], label: str
) -> None:
    assert opened("zones.geojson", _areas(**columns)).metadata.label == label


def test_places_are_not_named_by_any_text(opened: Open) -> None:
    assert opened("p.csv", "lon,lat,note\n-3,53.4,a\n-3,53.5,b\n").metadata.label == ""
