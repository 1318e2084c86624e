"""Any frame through any format and back: the same rows, values and shapes."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lcrmap.io.opening import open_frame, open_layer
from lcrmap.io.writing import write_layer
from lcrmap.layers import Field, Layer, Metadata, Pack

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64)
east = st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 1e7)
north = st.integers(-900_000_000, 900_000_000).map(lambda n: n / 1e7)
points = st.builds(shapely.Point, east, north)
names = st.sampled_from(["name", "Ort", "längd", "a b", "x,y", 'q"q', "SELECT", "0"])

KINDS: dict[str, st.SearchStrategy[Any]] = {
    "string": texts,
    "integer": whole,
    "number": numbers,
    "boolean": st.booleans(),
}


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    """Draw a layer of points whose columns are of every type, with gaps."""
    count = draw(st.integers(1, 6))
    chosen = draw(st.lists(names, unique=True, max_size=4))
    columns: dict[str, Any] = {"row": list(range(count))}
    fields = [Field("row", "Row", "integer")]
    for name in chosen:
        kind = draw(st.sampled_from(list(KINDS)))
        cells = st.one_of(st.none(), KINDS[kind])
        columns[name] = draw(st.lists(cells, min_size=count, max_size=count))
        fields.append(Field(name, name, kind))
    shapes = draw(st.lists(st.one_of(st.none(), points), min_size=count, max_size=count))
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    return Layer(frame, Metadata("drawn", "Drawn", fields=tuple(fields)))


def there(value: object) -> object:
    """Return a cell for comparison: whichever way it is missing is None."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def cells(layer: Layer, *, blank_is_missing: bool = False) -> list[list[object]]:
    rows = layer.frame[[each.name for each in layer.metadata.fields]].astype(object)
    found = [[there(each) for each in row] for row in rows.to_numpy().tolist()]
    if blank_is_missing:
        return [[None if each == "" else each for each in row] for row in found]
    return found


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
@settings(max_examples=60, deadline=None)
@given(layer=layers())
def test_formats_that_keep_types_give_back_the_same_layer(layer: Layer, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        write_layer(layer, path)
        again = open_layer(str(path), pack=EMPTY)
    assert cells(again) == cells(layer)
    assert again.frame.geometry.geom_equals_exact(layer.frame.geometry, 0).tolist() == [
        each is not None for each in layer.frame.geometry
    ]
    expected = [(each.name, each.type) for each in layer.metadata.fields]
    assert [(each.name, each.type) for each in again.metadata.fields] == expected


@settings(max_examples=60, deadline=None)
@given(layer=layers())
def test_a_sequence_gives_back_the_same_rows(layer: Layer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.geojsonl"
        write_layer(layer, path)
        again = open_layer(str(path), pack=EMPTY)
    expected = cells(layer)
    found = again.frame[[each.name for each in layer.metadata.fields]].astype(object)
    assert [[there(each) for each in row] for row in found.to_numpy().tolist()] == expected


@settings(max_examples=60, deadline=None)
@given(layer=layers())
def test_csv_gives_back_the_same_positions_and_numbers(layer: Layer) -> None:
    """Texts are not compared: CSV does not tell '1' from 1, nor an empty text from none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        write_layer(layer, path)
        if layer.placed == 0:
            return  # nothing to place: there are no coordinate columns
        again = open_layer(str(path), pack=EMPTY, x="longitude", y="latitude", crs="EPSG:4326")
    assert again.frame.geometry.geom_equals_exact(layer.frame.geometry, 0).tolist() == [
        each is not None for each in layer.frame.geometry
    ]
    for field in layer.metadata.fields:
        if field.type in ("integer", "number"):
            found = [there(each) for each in again.frame[field.name].astype(object)]
            assert found == [there(each) for each in layer.frame[field.name].astype(object)]


@pytest.mark.parametrize("suffix", ["geojson", "geojsonl", "gpkg", "parquet", "csv"])
@pytest.mark.parametrize("gap", [False, True])
def test_whole_numbers_keep_every_digit(suffix: str, gap: bool) -> None:
    wanted = [2**53 + 1, -(2**63), 2**63 - 1, *([None] if gap else [])]
    frame = gpd.GeoDataFrame(
        {"id": list("abcd"[: len(wanted)]), "n": pd.Series(wanted, dtype="object")},
        geometry=[shapely.Point(-3, 53)] * len(wanted),
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{suffix}"
        fields = (Field("id", "Id"), Field("n", "N", "integer"))
        write_layer(Layer(frame, Metadata("drawn", "Drawn", fields=fields)), path)
        again = open_layer(str(path), pack=EMPTY)
        twice = Path(folder) / f"b.{suffix}"
        write_layer(again, twice)
        last = open_layer(str(twice), pack=EMPTY)
    for each in (again, last):
        assert [there(value) for value in each.frame["n"].tolist()] == wanted


@pytest.mark.parametrize("name", ["text", "\ufeff", "\ufefftext"])
@pytest.mark.parametrize("others", [{}, {"n": [1, 2]}, {"truth": [True, None]}])
def test_a_byte_order_mark_that_is_text_comes_back(
    tmp_path: Path, name: str, others: dict[str, list[Any]]
) -> None:
    """Only at the head of a file is it none."""
    texts = ["\ufeff", "\ufeffa"]
    frame = gpd.GeoDataFrame(
        {name: texts, **others}, geometry=[shapely.Point(-3, 53)] * 2, crs="EPSG:4326"
    )
    write_layer(Layer(frame, Metadata("drawn", "Drawn")), tmp_path / "a.csv")
    again = open_layer(str(tmp_path / "a.csv"), pack=EMPTY)
    assert again.frame.iloc[:, 0].tolist() == texts
    assert str(again.frame.columns[0]) == name


def test_the_columns_of_a_layer_without_features_come_back_in_geojson(tmp_path: Path) -> None:
    columns = {"n": pd.Series([], dtype="int64"), "share": pd.Series([], dtype="float64")}
    frame = gpd.GeoDataFrame(columns, geometry=[], crs="EPSG:4326")
    write_layer(open_frame(frame, title="X", pack=EMPTY), tmp_path / "a.geojson")
    again = open_layer(str(tmp_path / "a.geojson"), pack=EMPTY)
    assert again.frame.dtypes.astype(str).to_dict() == {
        "n": "int64",
        "share": "float64",
        "geometry": "geometry",
    }


@pytest.mark.parametrize("carried", ["{}", '{"schema":{"fields":[{"name":[],"type":"x"},7]}}', "7"])
def test_columns_that_somebody_else_tells_of_no_features_are_passed_over(
    tmp_path: Path, carried: str
) -> None:
    text = f'{{"type":"FeatureCollection","lcrmap":{carried},"features":[]}}'
    (tmp_path / "a.geojson").write_text(text)
    assert list(open_layer(str(tmp_path / "a.geojson"), pack=EMPTY).frame) == ["geometry"]


def test_a_sequence_gains_no_column_of_ids(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(-3, 53)], crs="EPSG:4326")
    layer = open_frame(frame, title="X", pack=EMPTY)
    assert layer.key == "code"
    write_layer(layer, tmp_path / "a.geojsonl")
    again = open_layer(str(tmp_path / "a.geojsonl"), pack=EMPTY)
    assert list(again.frame) == ["code", "geometry"]


@pytest.mark.parametrize("suffix", ["geojson", "geojsonl", "gpkg", "parquet", "csv"])
def test_a_column_called_geometry_is_renamed_and_said(tmp_path: Path, suffix: str) -> None:
    columns = {"geometry": ["a"], "shape": [shapely.Point(-3, 53)]}
    frame = gpd.GeoDataFrame(columns, geometry="shape", crs="EPSG:4326")
    write_layer(open_frame(frame, title="X", pack=EMPTY), tmp_path / f"a.{suffix}")
    again = open_layer(str(tmp_path / f"a.{suffix}"), pack=EMPTY)
    assert again.frame["geometry_"].tolist() == ["a"]
    (said,) = [each for each in again.notes if "'geometry'" in each]
    assert said.endswith("is called 'geometry_', since the shapes have that name.")
