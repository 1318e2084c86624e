"""GeoParquet as it is written: the same bytes however rows come, and files that others read."""

from __future__ import annotations

import gc
import io
import itertools
import json
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from lcrmap.errors import OutputError
from lcrmap.io.writers.geoparquet import GROUP_ROWS, Parquet, ParquetEncoder
from lcrmap.io.writing import encode
from lcrmap.layers import Field, Layer, Metadata
from lcrmap.layers.points import PointArray

FIELDS = {
    "id": "integer",
    "jobs": "integer",
    "share": "number",
    "open": "boolean",
    "name": "string",
    "tags": "array",
}


def layer_of(columns: dict[str, Any], shapes: Any, crs: str | None = "EPSG:4326") -> Layer:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)
    fields = tuple(Field(name, name, FIELDS.get(name, "string")) for name in columns)
    return Layer(frame, Metadata("drawn", "Drawn", fields=fields))


def written(*parts: Layer, group_rows: int = GROUP_ROWS) -> bytes:
    sink = io.BytesIO()
    with ParquetEncoder(sink, parts[0], group_rows=group_rows) as encoder:
        for part in parts:
            encoder.write(part)
    return sink.getvalue()


def table_of(data: bytes) -> pa.Table:
    return pq.ParquetFile(io.BytesIO(data)).read()


def geo_of(data: bytes) -> dict[str, Any]:
    geo: dict[str, Any] = json.loads(pq.read_metadata(io.BytesIO(data)).metadata[b"geo"])
    return geo


def spots(count: int) -> Layer:
    return layer_of({"id": range(count)}, shapely.points(np.arange(count), np.arange(count) / 10))


def retyped(layer: Layer) -> Layer:
    """Return a part as a verb may make it, each column in the dtype that its own values suggest."""
    frame = layer.frame.copy()
    for name, kind in FIELDS.items():
        if name not in frame:
            continue
        values = frame[name].tolist()
        gaps = any(pd.isna(each) for each in values) if kind != "array" else True
        if kind in ("integer", "number"):
            frame[name] = pd.Series(values, frame.index, "float64" if gaps else None)
        elif kind == "boolean" and not gaps:
            frame[name] = pd.Series(values, frame.index, "bool")
    return layer.with_frame(frame)


SHAPES = st.one_of(
    st.none(),
    st.just(shapely.Point()),
    st.builds(shapely.Point, st.integers(-180, 180), st.integers(-90, 90)),
    st.builds(lambda x: shapely.box(x, 0, x + 0.1, 1), st.integers(-180, 179)),
    st.builds(lambda x: shapely.Point(x, 1, 2), st.integers(-180, 180)),
)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "jobs": st.integers(-(2**53), 2**53),
    "share": st.floats(width=32) | st.integers(0, 3).map(float),
    "open": st.booleans(),
    "name": st.text(max_size=5),
    "tags": st.lists(st.integers(0, 3), max_size=2),
}


@st.composite
def divided(draw: st.DrawFn) -> tuple[Layer, list[Layer]]:
    """Draw a layer with gaps in any column, and the same rows in parts, some of them without rows."""
    count = draw(st.integers(0, 20))

    def column(cells: st.SearchStrategy[Any]) -> list[Any]:
        one = st.none() | cells
        return draw(st.lists(one, min_size=count, max_size=count))

    columns: dict[str, Any] = {"id": pd.Series(range(count), dtype="int64")}
    for name, cells in CELLS.items():
        dtype = {"jobs": "float64", "share": "float64", "name": "str"}.get(name, "object")
        columns[name] = pd.Series(column(cells), dtype=dtype)
    layer = layer_of(columns, np.array([*column(SHAPES), None], dtype=object)[:-1])
    ends = sorted(draw(st.lists(st.integers(0, count), max_size=4)))
    parts = [
        layer.with_frame(layer.frame.iloc[start:stop])
        for start, stop in zip([0, *ends], [*ends, count], strict=True)
    ]
    return layer, parts


LATE_GAPS = layer_of(
    {
        "jobs": [1.0, 2.0, np.nan, np.nan],
        "open": [True, False, None, None],
        "name": pd.Series(["a", "b", None, None], dtype="str"),
    },
    [shapely.Point(1, 2), shapely.Point(3, 4), None, None],
)


@given(drawn=divided(), group_rows=st.integers(1, 8), sloppy=st.booleans())
@example(
    (LATE_GAPS, [LATE_GAPS.with_frame(LATE_GAPS.frame[at : at + 2]) for at in (0, 2)]), 3, True
)
def test_the_bytes_do_not_depend_on_how_the_rows_were_divided(
    drawn: tuple[Layer, list[Layer]], group_rows: int, sloppy: bool
) -> None:
    whole, parts = drawn
    if sloppy:
        parts = [retyped(each) for each in parts]
    assert written(*parts, group_rows=group_rows) == written(whole, group_rows=group_rows)


def test_groups_have_the_same_size_wherever_parts_end() -> None:
    count = 3 * GROUP_ROWS + 17
    names = pd.Series(np.char.add("site ", np.arange(count).astype(str)), dtype="str")
    layer = layer_of(
        {"id": range(count), "name": names}, shapely.points(np.linspace(0, 1, count), 53)
    )
    ends = [0, 5, 5, 60_000, GROUP_ROWS, GROUP_ROWS + 1, 150_000, count]
    parts = [
        layer.with_frame(layer.frame.iloc[start:stop]) for start, stop in itertools.pairwise(ends)
    ]
    data = written(*parts)
    assert data == encode(layer, "parquet")
    encoder = Parquet()
    handed_on = [encoder.part(each) for each in parts]
    assert b"".join(handed_on) + encoder.end() == data
    assert handed_on[3] == b""
    assert len(handed_on[-1]) > 100_000
    meta = pq.read_metadata(io.BytesIO(data))
    sizes = [meta.row_group(each).num_rows for each in range(meta.num_row_groups)]
    assert sizes == [GROUP_ROWS] * 3 + [17]


def test_gaps_keep_the_type_that_the_field_says() -> None:
    table = table_of(written(LATE_GAPS))
    assert [str(each) for each in table.schema.types] == ["int64", "bool", "string", "binary"]
    assert table.drop_columns("geometry").to_pydict() == {
        "jobs": [1, 2, None, None],
        "open": [True, False, None, None],
        "name": ["a", "b", None, None],
    }


@pytest.mark.parametrize(
    ("dtype", "described", "expected"),
    [
        ("int64", "integer", "int64"),
        ("float64", "integer", "int64"),
        ("Int64", "integer", "int64"),
        ("float64", "year", "int64"),
        ("int64", "number", "double"),
        ("uint8", "string", "int64"),
        ("float32", "any", "double"),
        ("bool", "boolean", "bool"),
        ("boolean", "string", "bool"),
        ("object", "integer", "int64"),
        ("object", "number", "double"),
        ("object", "boolean", "bool"),
        ("object", "string", "string"),
        ("object", "array", "string"),
        ("string", "integer", "string"),
        ("category", "integer", "string"),
        ("datetime64[ns]", "date", "string"),
        ("datetime64[ns, UTC]", "datetime", "string"),
    ],
)
def test_the_type_of_a_column_follows_from_dtype_and_field_even_without_a_row(
    dtype: str, described: str, expected: str
) -> None:
    frame = gpd.GeoDataFrame({"a": pd.Series([], dtype=dtype)}, geometry=[])
    layer = Layer(frame, Metadata("x", "X", fields=(Field("a", "A", described),)))
    assert str(table_of(written(layer)).schema.field("a").type) == expected


def test_values_are_written_as_in_every_other_format() -> None:
    frame = gpd.GeoDataFrame(
        {
            "share": [float("inf"), 0.1],
            "name": pd.Series(["\ud800x", 7], dtype=object),
            "tags": pd.Series([["a", {"b": 1}], None], dtype=object),
            "day": pd.to_datetime(["2026-04-01", "2026-04-01 12:30"], format="mixed"),
            "open": pd.Series([np.True_, pd.NA], dtype=object),
            "jobs": pd.Series([np.int64(2**62), 3.0], dtype=object),
            "cost": pd.Series([Decimal("1.5"), 2], dtype=object),
        },
        geometry=[None, None],
    )
    fields = [Field(name, name, FIELDS.get(name, "string")) for name in frame.columns[:6]]
    layer = Layer(frame, Metadata("x", "X", fields=(*fields, Field("cost", "Cost", "number"))))
    assert table_of(written(layer)).drop_columns("geometry").to_pydict() == {
        "share": [float("inf"), 0.1],
        "name": ["\\ud800x", "7"],
        "tags": ['["a",{"b":1}]', None],
        "day": ["2026-04-01", "2026-04-01T12:30:00"],
        "open": [True, None],
        "jobs": [2**62, 3],
        "cost": [1.5, 2.0],
    }


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("jobs", pd.Series([1.0, 1.5]), "as whole numbers, and its row 7 holds 1.5"),
        ("jobs", pd.Series([1.0, 2.0**63]), "as whole numbers, and its row 7 holds 9.22"),
        (
            "jobs",
            pd.Series([1, 2**63], dtype="uint64"),
            "as whole numbers, and its row 7 holds 922",
        ),
        (
            "jobs",
            pd.Series([1, "n/a"], dtype=object),
            "as whole numbers, and its row 7 holds 'n/a'",
        ),
        ("share", pd.Series([1, 2**53 + 1]), "as numbers, and its row 7 holds 9007199254740993"),
        ("share", pd.Series([1, 10**400], dtype=object), "as numbers, and its row 7 holds 1000"),
        ("open", pd.Series([1.0, 2.0], dtype=object), "as truth values, and its row 6 holds 1.0"),
        (
            "open",
            pd.Series([None, "no"], dtype=object),
            "as truth values, and its row 7 holds 'no'",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_an_error_that_names_its_row(
    column: str, values: Any, said: str
) -> None:
    dtype = {"open": "object", "jobs": "float64", "share": "float64"}[column]
    first = layer_of({column: pd.Series([None] * 5, dtype=dtype)}, [None] * 5)
    with pytest.raises(OutputError) as caught:
        written(first, layer_of({column: values}, [None, None]), group_rows=2)
    assert str(caught.value).startswith(f"The column '{column}' is written to Parquet {said}")
    assert str(caught.value).endswith(": correct it, or write .geojson, which holds both.")


def test_a_part_of_another_form_is_refused() -> None:
    first = spots(2)
    with pytest.raises(ValueError, match="other columns"):
        written(first, layer_of({"other": [1]}, [None]))
    with pytest.raises(ValueError, match="another coordinate reference system"):
        written(first, layer_of({"id": [1]}, [None], "EPSG:27700"))
    unplaced = layer_of({"id": [2]}, [None], None)
    assert table_of(written(first, unplaced)).num_rows == 3


def test_a_file_that_is_given_up_is_not_ended_behind_its_owners_back(tmp_path: Any) -> None:
    """Warnings are errors here, so that a complaint from the writer's own end would fail the test."""
    path = tmp_path / "a.parquet"
    with (
        path.open("wb") as sink,
        pytest.raises(ZeroDivisionError),
        ParquetEncoder(sink, spots(5), group_rows=2) as encoder,
    ):
        encoder.write(spots(5))
        raise ZeroDivisionError
    del encoder
    gc.collect()
    assert not path.read_bytes().endswith(b"PAR1")


def test_only_a_file_of_several_groups_has_a_covering() -> None:
    one, two = written(spots(4), group_rows=4), written(spots(5), group_rows=4)
    assert table_of(one).column_names == ["id", "geometry"]
    assert "covering" not in geo_of(one)["columns"]["geometry"]
    assert table_of(two).column_names == ["id", "geometry", "bbox"]
    assert geo_of(two)["columns"]["geometry"]["covering"] == {
        "bbox": {each: ["bbox", each] for each in ("xmin", "ymin", "xmax", "ymax")}
    }


def test_the_covering_is_rounded_outward_by_no_more_than_it_must() -> None:
    x = np.append(np.random.default_rng(1).uniform(-180, 180, 1000), [0.0, 0.1, 0.7, 1e300, -1e300])
    layer = layer_of({"id": range(len(x))}, shapely.points(x, -x))
    boxes = pd.DataFrame(table_of(written(layer, group_rows=100))["bbox"].to_pylist())
    assert (boxes["xmin"] <= x).all()
    assert (boxes["ymin"] <= -x).all()
    assert (boxes["xmax"] >= x).all()
    assert (boxes["ymax"] >= -x).all()
    assert (boxes["xmax"] - boxes["xmin"])[:-2].max() < 2e-5


def test_a_row_without_a_shape_or_with_an_empty_one_has_neither_shape_nor_extent() -> None:
    layer = layer_of({"id": range(3)}, [shapely.Point(1, 2), None, shapely.Polygon()])
    table = table_of(written(layer, group_rows=2))
    assert table["geometry"].is_null().to_pylist() == [False, True, True]
    assert table["bbox"].is_null().to_pylist() == [False, True, True]


def test_the_extent_and_the_kinds_are_those_of_the_whole() -> None:
    shapes = [shapely.Point(5, 6), None, shapely.box(-1, -2, 3, 4), shapely.Point(0, 0, 9)]
    column = geo_of(written(layer_of({"id": range(4)}, shapes), group_rows=1))["columns"][
        "geometry"
    ]
    assert column["bbox"] == [-1.0, -2.0, 5.0, 6.0]
    assert column["geometry_types"] == ["Point", "Point Z", "Polygon"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    nowhere = geo_of(written(layer_of({"id": [1]}, [None], None)))
    assert nowhere == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "crs": None, "geometry_types": []}},
    }


def test_columns_that_have_the_names_of_ours_are_kept() -> None:
    frame = gpd.GeoDataFrame(
        {"Geometry": ["a", "b"], "bbox": ["c", "d"], "shape": shapely.points([1, 2], [3, 4])},
        geometry="shape",
        crs=4326,
    )
    layer = Layer(frame, Metadata("x", "X"))
    data = written(layer, group_rows=1)
    assert table_of(data).column_names == ["Geometry", "bbox", "geometry_", "bbox_"]
    assert geo_of(data)["primary_column"] == "geometry_"


def test_a_table_without_shapes_is_plain_parquet_with_its_metadata() -> None:
    layer = Layer(pd.DataFrame({"n": [1, 2, 3]}), Metadata("counts", "Counts"))  # type: ignore[arg-type]
    data = written(layer, group_rows=2)
    assert table_of(data).to_pydict() == {"n": [1, 2, 3]}
    assert set(pq.read_metadata(io.BytesIO(data)).metadata) == {b"lcrmap"}


def test_geopandas_reads_the_file_and_passes_over_groups_by_its_covering(tmp_path: Any) -> None:
    layer = spots(100)
    path = tmp_path / "a.parquet"
    path.write_bytes(written(layer, group_rows=10))
    again = gpd.read_parquet(path)
    assert again.crs == "EPSG:4326"
    assert again.equals(layer.frame)  # geopandas leaves the covering out
    assert gpd.read_parquet(path, bbox=(10.5, 0, 12.5, 90))["id"].tolist() == [11, 12]


@pytest.mark.parametrize("group_rows", [1, 2, 9])
def test_points_that_are_two_columns_are_written_as_their_geometries_are(group_rows: int) -> None:
    x = np.array([-3.0, np.nan, 2.0, np.nan])
    y = np.array([53.4, 99.0, np.nan, np.nan])
    shapes = np.array([shapely.Point(-3, 53.4), None, None, None])
    one = written(layer_of({"id": range(4)}, PointArray.of(x, y)), group_rows=group_rows)
    assert one == written(layer_of({"id": range(4)}, shapes), group_rows=group_rows)
