"""GeoJSON as lcrmap reads it and as GDAL does: the same layer, where each column is of one kind."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lcrmap.io.columns import build_frame
from lcrmap.io.opening import open_layer
from lcrmap.io.readers import geojson
from lcrmap.io.reading import Asked
from lcrmap.io.vectors import read_vectors
from lcrmap.layers import Pack

ODD = [
    {"n": 1, "x": 1.5, "s": "007", "d": "2026-04-01", "b": True, "l": ["a"], "o": {"k": [1, None]}},
    {"n": None, "x": None, "s": None, "d": None, "b": None, "l": None, "o": None},
    {"n": 2**40, "x": -1e-9, "s": "é \u2028 \U0001f600", "d": "x", "b": False, "l": [], "o": {}},
]
RING = [[-3, 53], [-2, 53], [-2, 54], [-3, 53]]
SHAPES = [
    {"type": "Point", "coordinates": [-2.9, 53.4]},
    None,
    {"type": "Point", "coordinates": [-2.8, 53.3, 10.0]},
    {"type": "Point", "coordinates": [-2.8, 53.3, 10.0, 7]},
    {"type": "LineString", "coordinates": [[-3, 53], [-2, 54]]},
    {"type": "LineString", "coordinates": [[-3, 53], [-2, 54, 9]]},
    {"type": "Polygon", "coordinates": [RING]},
    {"type": "Polygon", "coordinates": [[[-3, 53, 1], [-2, 53], [-2, 54, 1], [-3, 53, 1]]]},
    {"type": "MultiPoint", "coordinates": [[-3, 53], [-2, 54]]},
    {"type": "MultiPoint", "coordinates": [[-3, 53], [-2, 54, 3]]},
    {"type": "MultiPolygon", "coordinates": [[RING], []]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    {"type": "Polygon", "coordinates": []},
    {"type": "point", "coordinates": [-2.9, 53.4]},
]


def by_gdal(path: Path) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    columns, shapes, _, notes = read_vectors(path, "GeoJSON", options={"DATE_AS_STRING": "YES"})
    assert notes == []
    return build_frame(columns, shapes, None)  # GDAL takes heights for another system


def assert_as_gdal(path: Path) -> None:
    expected, types = by_gdal(path)
    reading = geojson.read(path, Asked(), path.read_bytes())
    assert reading.types == types, path.name
    mine = reading.frame.set_crs(None, allow_override=True)
    assert_geodataframe_equal(mine, expected)
    assert mine.geometry.to_wkb().equals(expected.geometry.to_wkb())


def corpus(folder: Path) -> list[Path]:
    """Write files as those that users bring may be."""
    features = [
        {"type": "Feature", "properties": ODD[n % 3], "geometry": shape}
        for n, shape in enumerate(SHAPES)
    ]
    named = [{**each, "id": f"f{n}"} for n, each in enumerate(features)]
    some = [{**features[0], "id": "x"}, *features[1:]]
    grid = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    files: dict[str, dict[str, Any]] = {
        "odd": {"features": features},
        "named": {"features": named},
        "some": {"features": some},
        "grid": {"crs": grid, "features": features[:1]},
    }
    for name, members in files.items():
        whole = {"type": "FeatureCollection", **members}
        (folder / f"{name}.geojson").write_text(json.dumps(whole))
    return sorted(folder.iterdir())


def test_a_corpus_is_what_gdal_makes_of_it(tmp_path: Path, pack: Pack) -> None:
    bundled = [pack.path(name) for name in pack.names]
    files = [*corpus(tmp_path), *(each for each in bundled if each.suffix == ".geojson")]
    assert len(files) > 10
    for path in files:
        assert_as_gdal(path)


PLAIN = {
    "n": st.integers(-(2**31), 2**31),
    "m": st.integers(-(2**53), 2**53),
    "x": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-99, 99),
    # GDAL takes U+1D800 and its like, above the first plane, for halves of a pair of surrogates.
    "s": st.text(
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"], max_codepoint=0xFFFF),
        max_size=4,
    ),
    "b": st.booleans(),
    "l": st.lists(st.integers(-9, 9), min_size=1, max_size=3),
    "t": st.lists(st.text("ab", max_size=2), min_size=1, max_size=3),
    "o": st.dictionaries(st.sampled_from("ab"), st.integers(0, 9) | st.none(), max_size=2),
    "none": st.none(),
}


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {}, optional={name: st.none() | each for name, each in PLAIN.items()}
        ),
        min_size=1,
        max_size=6,
    ),
    order=st.permutations(sorted(PLAIN)),
    named=st.booleans(),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_random_features_are_what_gdal_makes_of_them(
    rows: list[dict[str, Any]], order: list[str], named: bool, tmp_path: Path
) -> None:
    """Columns come in one order in all of them; which of them a feature has, differs."""
    features = [
        {
            "type": "Feature",
            **({"id": f"f{n}"} if named else {}),
            "properties": {name: row[name] for name in order if name in row},
            "geometry": SHAPES[n % len(SHAPES)],
        }
        for n, row in enumerate(rows)
    ]
    path = tmp_path / "random.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert_as_gdal(path)


@pytest.mark.parametrize("name", ["odd", "named", "some"])
def test_a_file_a_pipe_and_a_sequence_are_the_same_layer(
    name: str, tmp_path: Path, pack: Pack
) -> None:
    corpus(tmp_path)
    path = tmp_path / f"{name}.geojson"
    layer = open_layer(str(path), pack=pack)
    piped = open_layer("-", pack=pack, stdin=BytesIO(path.read_bytes()))
    assert_geodataframe_equal(piped.frame, layer.frame)
    sequence = path.with_suffix(".geojsonl")
    sequence.write_text("\n".join(map(json.dumps, json.loads(path.read_text())["features"])))
    for again in (
        open_layer(str(sequence), pack=pack),
        open_layer("-", pack=pack, stdin=BytesIO(sequence.read_bytes())),
    ):
        assert_geodataframe_equal(again.frame, layer.frame)
        assert again.metadata.fields == layer.metadata.fields
