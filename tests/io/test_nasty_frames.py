"""Nasty frames through every kind of file that is written and back, and from every kind that is read: to the digit,
or a sentence says what the format cannot hold."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lcrmap.errors import LcrmapError
from lcrmap.io.formats import FORMATS
from lcrmap.io.opening import open_frame, open_layer
from lcrmap.io.writing import write_layer
from lcrmap.layers import Layer, Pack
from tests.fuzz.mutators.bases import written
from tests.io.losses import unsaid
from tests.io.test_spreadsheets import libre

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
BOTH = [each.writes[0] for each in FORMATS if set(each.writes) & set(each.reads)]
READ_ALONE = [each.name for each in FORMATS if each.reads and not each.writes]

REFUSED = (
    "is empty (0 bytes)",  # a sequence without features
    "has a header but no rows",
    "has no columns that look like coordinates",  # a CSV of areas
    "is written to Parquet as",  # a number that its column cannot hold
    "of its own that is not the position",
)
"""What the sentences say by which a layer is not written, or what was written not read."""

WIDTHS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
TEXTS = [
    *("", "a", "007", "NA", "NULL", "nan", "null", "true", "1", "1.10", "1,200", "12%", "£1,200"),
    *(
        "=1+1",
        "-",
        "'=1",
        "+44",
        "@x",
        "12345678901234567890",
        "1" * 45,
        "1e5",
        "1E+400",
        "31/01/2024",
    ),
    *(
        "a\nb",
        "a\r\nb",
        'say "x"',
        "a,b;c\td",
        " a ",
        "\ufeff",
        "a\x01\x1f",
        "\U0001f469\u200d\U0001f467",
    ),
    *("[1]", '{"a":1}', "\u2028", "2024-01-31", "inf", "-0", "0x1F", "Total", "Source: x"),
]
NAMES = [
    *(
        "a",
        "A",
        "",
        " b ",
        "b",
        "geometry",
        "fid",
        "FID",
        "id",
        "lat",
        "lon",
        "latitude",
        "OBJECTID",
    ),
    *(
        "column_2",
        "x,y",
        'q"q',
        "=n",
        "ogc_fid",
        "geom",
        "bbox",
        "row",
        "type",
        "\ufeffn",
        "línea",
        "rowid",
    ),
]
PLACES = {
    4326: (-2.95, 53.4, 0.01),
    27700: (334000.0, 390000.0, 500.0),
    3857: (-328000.0, 7058000.0, 500.0),
}


def whole_numbers(dtype: str) -> st.SearchStrategy[Any]:
    ends = np.iinfo(dtype)
    return st.sampled_from([ends.min, ends.max, ends.max - 1, 0, 1]).map(int)


def column_of(kind: str, count: int, draw: st.DrawFn) -> Any:
    """Draw a column: what a cell may be, by the kind."""
    cells, dtype = KINDS[kind], object
    if kind in WIDTHS:
        cells, dtype = whole_numbers(kind), kind
    elif kind == "Int64":
        cells, dtype = st.none() | whole_numbers("int64"), "Int64"
    elif kind in ("float32", "float64"):
        dtype = kind
    elif kind == "boolean":
        dtype = draw(st.sampled_from(["boolean", object]))
    elif kind == "instant":
        cells, dtype = st.none() | KINDS[kind], "datetime64[us]"
    elif kind == "zoned":
        cells, dtype = st.none() | KINDS[kind], "datetime64[us, Europe/London]"
    values = draw(st.lists(cells, min_size=count, max_size=count))
    return pd.Series(values, dtype=dtype)


moments = st.sampled_from(
    [
        pd.Timestamp("2024-07-01 11:12:13.123456"),
        pd.Timestamp("1900-01-01"),
        pd.Timestamp("2024-01-31 00:00:00.000001"),
    ]
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys([*WIDTHS, "Int64"], st.nothing()),
    "float64": st.sampled_from(
        [-0.0, 1e308, 5e-324, 0.1, np.nan, np.inf, -np.inf, 2.0**53, 1e22, 1 / 3]
    ),
    "float32": st.sampled_from([0.1, 1e30, np.nan, np.inf, 1.5]),
    "boolean": st.sampled_from([True, False, None]),
    "date": st.sampled_from([dt.date(2024, 1, 31), dt.date(1, 1, 1), dt.date(9999, 12, 31), None]),
    "instant": moments,
    "zoned": moments.map(lambda each: each.tz_localize("Europe/London")),
    "text": st.sampled_from([*TEXTS, None]),
    "list": st.sampled_from([[1, None], [], ["a", 2.5, True], [[1]], [float("inf")], None]),
    "object": st.sampled_from([{"a": 1}, {}, {"k": [None, {"b": "x"}]}, None]),
    "decimal": st.sampled_from([*map(Decimal, ("1.10", "3", "-0.25", "0.3", "1e-30")), None]),
    "digits": st.sampled_from(
        [*map(Decimal, ("0.12345678901234567890", "1e37", "-12345678901234567.5", "1.5")), None]
    ),
    "long": st.sampled_from([2**53 + 1, -(2**63), 2**63 - 1, None]),
    "mixed": st.sampled_from([1, "a", True, [1], None]),
}

BOX = [(0, 0), (0, 1), (1, 1), (1, 0)]
HOLE = [(0.2, 0.2), (0.4, 0.2), (0.4, 0.4), (0.2, 0.4)]
SHAPES = [
    *(shapely.Point(0, 0), shapely.Point(0.123456789, 0.987654321), shapely.Point(0, 1, 12.3456)),
    *(shapely.MultiPoint([(0, 0)]), shapely.MultiPoint([(0, 0), (1, 1)])),
    *(shapely.Polygon(BOX, [HOLE]), shapely.MultiPolygon([shapely.Polygon(BOX)])),
    *(
        shapely.LineString(BOX),
        shapely.MultiLineString([BOX[:2]]),
        shapely.LineString([(0, 0, 1), (1, 1, 2)]),
    ),
    shapely.GeometryCollection([shapely.Point(0, 0), shapely.Polygon(BOX)]),
    *(shapely.Point(), shapely.Polygon(), shapely.GeometryCollection(), None),
]


@st.composite
def frames(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a frame of up to three rows and four columns."""
    count = draw(st.integers(0, 3))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    columns = {name: column_of(draw(st.sampled_from(list(KINDS))), count, draw) for name in names}
    code = draw(st.sampled_from(list(PLACES)))
    pool = draw(st.sampled_from([SHAPES[:3], SHAPES]))
    drawn = draw(st.lists(st.sampled_from(pool), min_size=count, max_size=count))
    east, north, size = PLACES[code]
    shapes = shapely.transform(
        np.array(drawn, dtype=object), lambda xyz: _placed(xyz, east, north, size), include_z=True
    )
    flat = [
        one if one is None or had.has_z else shapely.force_2d(one)
        for one, had in zip(shapes, drawn, strict=True)
    ]
    own = "shape" if "geometry" in names else "geometry"
    series = gpd.GeoSeries(flat, crs=f"EPSG:{code}")
    return gpd.GeoDataFrame({**columns, own: series}, geometry=own, crs=f"EPSG:{code}")


def _placed(numbers: Any, east: float, north: float, size: float) -> Any:
    return np.column_stack(
        [east + size * numbers[:, 0], north + size * numbers[:, 1], numbers[:, 2:]]
    )


def through(layer: Layer, suffix: str, folder: Path) -> tuple[Layer, list[str]] | None:
    """Write a layer and read it again; None if a sentence that is known refuses either."""
    path = Path(folder) / f"a{suffix}"
    try:
        notes = write_layer(layer, path, overwrite=True)
        again = open_layer(str(path), pack=EMPTY)
    except LcrmapError as error:
        if any(each in str(error) for each in REFUSED):
            return None
        raise
    return again, [*notes, *again.notes]


@pytest.mark.parametrize("suffix", BOTH)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frame=frames(), other=st.sampled_from(BOTH))
def test_what_is_written_is_read_again_or_a_sentence_says_why_not(
    frame: gpd.GeoDataFrame, suffix: str, other: str
) -> None:
    """Also from one kind of file through another and back."""
    layer = open_frame(frame, title="Drawn", pack=EMPTY)
    with tempfile.TemporaryDirectory() as folder:
        for each in (suffix, other, suffix):
            found = through(layer, each, Path(folder))
            if found is None:
                event(f"refused as {each}")
                return
            again, notes = found
            assert unsaid(layer, again, each, notes) == [], (each, notes)
            layer = again


@pytest.mark.parametrize("suffix", BOTH)
def test_columns_of_no_rows_are_told_apart_too(suffix: str, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({" b ": [], "b": []}, geometry=[], crs="EPSG:4326")
    found = through(open_frame(frame, title="None", pack=EMPTY), suffix, tmp_path)
    assert found is None or len(found[0].frame.columns) >= 2


def by_gdal(suffix: str, folder: Path) -> str:
    for ending, data in written(suffix, 0).items():
        (folder / f"in.{ending}").write_bytes(data)
    return f"in.{suffix}"


def packed(folder: Path, name: str, members: dict[str, bytes]) -> str:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return name


def as_geodatabase(folder: Path) -> str:
    frame = gpd.GeoDataFrame(
        {"n": [2**40, 2]}, geometry=[shapely.Point(-2.9, 53.4)] * 2, crs="EPSG:4326"
    )
    with warnings.catch_warnings(action="ignore"):
        frame.to_file(
            folder / "in.gdb",
            layer="a",
            driver="OpenFileGDB",
            layer_options={"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"},
        )
    return "in.gdb"


def as_topology(folder: Path) -> str:
    shape = {
        "type": "Point",
        "coordinates": [-2.9, 53.4],
        "properties": {"n": 2**53 + 1, "s": "007", "l": [1]},
    }
    (folder / "in.topojson").write_text(
        json.dumps({"type": "Topology", "arcs": [], "objects": {"a": shape}})
    )
    return "in.topojson"


TABLE = [
    ["code", "n", "share", "lon", "lat"],
    ["007", 2**40, 0.1, -2.9, 53.4],
    ["x", 3, 1e-7, -2.8, 53.3],
]


def as_excel(folder: Path) -> str:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(folder / "in.xlsx")
    return "in.xlsx"


def as_libre(folder: Path) -> str:
    libre(folder / "in.ods", TABLE)
    return "in.ods"


def as_gzip(folder: Path) -> str:
    (folder / "in.csv.gz").write_bytes(
        gzip.compress(b"code,n,lon,lat\n007,9007199254740993,-2.9,53.4\n")
    )
    return "in.csv.gz"


MAKERS: dict[str, Callable[[Path], str]] = {
    **{
        each: (lambda folder, each=each: by_gdal(each, folder))
        for each in ("fgb", "shp", "tab", "mif", "kml", "gpx", "gml")
    },
    "gdb": as_geodatabase,
    "topojson": as_topology,
    "zip": lambda folder: packed(
        folder, "in.zip", {f"a.{end}": data for end, data in written("shp", 1).items()}
    ),
    "kmz": lambda folder: packed(folder, "in.kmz", {"doc.kml": written("kml", 0)["kml"]}),
    "gz": as_gzip,
    "xlsx": as_excel,
    "ods": as_libre,
}


@pytest.mark.parametrize("suffix", BOTH)
@pytest.mark.parametrize("name", READ_ALONE)
def test_what_is_only_read_is_written_as_every_kind(name: str, suffix: str, tmp_path: Path) -> None:
    layer = open_layer(str(tmp_path / MAKERS[name](tmp_path)), pack=EMPTY)
    assert len(layer.frame)
    found = through(layer, suffix, tmp_path)
    assert found is not None
    assert unsaid(layer, found[0], suffix, found[1]) == []


def test_each_kind_that_is_read_has_a_file_here() -> None:
    assert set(MAKERS) == set(READ_ALONE)
