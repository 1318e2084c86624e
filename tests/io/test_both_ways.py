"""The corpus read by pyogrio and by fiona: the same columns, types, values and shapes."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from lcrmap.io.columns import build_frame
from lcrmap.io.opening import open_layer
from lcrmap.io.vectors import read_vectors
from lcrmap.layers import Pack

pytest.importorskip("fiona", reason="fiona has no wheels for this Python")

ODD = [
    {"n": 1, "x": 1.5, "s": "007", "d": "2026-04-01", "b": True, "l": ["a"], "o": {"k": [1, None]}},
    {"n": None, "x": None, "s": None, "d": None, "b": None, "l": None, "o": None},
    {"n": 2**40, "x": -1e-9, "s": "é \u2028 \U0001f600", "d": "x", "b": False, "l": [], "o": {}},
]
SHAPES = [
    {"type": "Point", "coordinates": [-2.9, 53.4]},
    None,
    {"type": "Point", "coordinates": [-2.8, 53.3, 10.0]},
    {"type": "LineString", "coordinates": [[-3, 53], [-2, 54]]},
    {"type": "Polygon", "coordinates": [[[-3, 53], [-2, 53], [-2, 54], [-3, 53]]]},
    {"type": "MultiPoint", "coordinates": [[-3, 53], [-2, 54]]},
    {"type": "MultiPolygon", "coordinates": [[[[-3, 53], [-2, 53], [-2, 54], [-3, 53]]]]},
    {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    {"type": "Polygon", "coordinates": []},
]


def corpus(folder: Path, pack: Pack) -> list[Path]:
    """Return the pack's GeoJSON files and odd ones made here, as those that users bring may be."""
    features = [
        {"type": "Feature", "properties": ODD[n % 3], "geometry": shape}
        for n, shape in enumerate(SHAPES)
    ]
    numbered = [{**each, "id": n + 5} for n, each in enumerate(features)]
    named = [{**each, "id": f"f{n}"} for n, each in enumerate(features)]
    for name, content in (("odd", features), ("numbered", numbered), ("named", named)):
        whole = {"type": "FeatureCollection", "features": content}
        (folder / f"{name}.geojson").write_text(json.dumps(whole))
    grid = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    (folder / "grid.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "crs": grid, "features": features[:1]})
    )
    bundled = [pack.path(name) for name in pack.names]
    return [*sorted(folder.iterdir()), *(each for each in bundled if each.suffix == ".geojson")]


def test_the_whole_corpus_is_the_same_both_ways(tmp_path: Path, pack: Pack) -> None:
    from lcrmap.io.records import read_records

    files = corpus(tmp_path, pack)
    assert len(files) > 10
    for path in files:
        whole, shapes, crs, notes = read_vectors(path, "GeoJSON", options={"DATE_AS_STRING": "YES"})
        records = read_records(path.read_bytes(), path.name)
        assert notes == []
        one, types = build_frame(whole, shapes, crs)
        two, types_by_record = build_frame(*records)
        # fiona leaves lists out of its schema, so that they come behind the other columns.
        assert types == types_by_record, path.name
        assert one.crs == two.crs, path.name
        two = two[one.columns]
        assert one.geometry.geom_equals_exact(two.geometry, 0).eq(one.geometry.notna()).all()
        assert one.drop(columns="geometry").equals(two.drop(columns="geometry")), path.name
        assert (one.dtypes == two.dtypes).all(), path.name


def test_a_file_a_pipe_and_a_sequence_are_the_same_layer(tmp_path: Path, pack: Pack) -> None:
    corpus(tmp_path, pack)
    for path in sorted(tmp_path.glob("*.geojson")):
        whole = json.loads(path.read_text())
        if "crs" in whole:
            continue  # degrees that claim to be a grid are refused
        layer = open_layer(str(path), pack=pack)
        piped = open_layer("-", pack=pack, stdin=BytesIO(path.read_bytes()))
        assert piped.frame[layer.frame.columns].equals(layer.frame), path.name
        sequence = path.with_suffix(".geojsonl")
        sequence.write_text("\n".join(map(json.dumps, whole["features"])))
        again = open_layer(str(sequence), pack=pack)
        assert again.frame[layer.frame.columns].equals(layer.frame), path.name
