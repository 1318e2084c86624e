"""The same bytes through lcrmap and through pandas, pyarrow, DuckDB and GDAL: the same values, if right."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from lcrmap.io.opening import open_frame, open_layer
from lcrmap.io.writing import write_layer
from lcrmap.layers import Pack

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
Values = dict[str, list[Any]]

VALUES: Final[Values] = {
    "big": [
        2**53 + 1,
        -(2**53) - 3,
        2**62 + 1,
    ],  # GDAL takes the ends of 64 bits in JSON for floating point
    "share": [0.1, 1 / 3, 5e-324],
    "most": [1.7976931348623157e308, -2.5, 123456789.12345678],
    "name": ['a "b", c', "línea\nzwei", "'x"],
    "open": [True, False, True],
    "some": [1.5, None, -2.25],
}
POINTS: Final = [(-2.9916123, 53.4084123), (-3.0, 53.5), (-2.9, 53.25)]


def frame() -> gpd.GeoDataFrame:
    points = [shapely.Point(each) for each in POINTS]
    return gpd.GeoDataFrame(VALUES, geometry=points, crs="EPSG:4326")


def written_by_others(path: Path) -> None:
    """Write the frame by pandas, pyarrow or GDAL."""
    made = frame()
    if path.suffix == ".csv":
        places = pd.DataFrame(POINTS, columns=["longitude", "latitude"])
        pd.concat([made.drop(columns="geometry"), places], axis=1).to_csv(path, index=False)
    elif path.suffix == ".parquet":
        made.to_parquet(path)
    else:
        made.to_file(
            path, layer_options={"COORDINATE_PRECISION": 7} if "json" in path.suffix else {}
        )


def of_frame(read: pd.DataFrame) -> Values:
    """Return the columns with None for what is missing."""
    missing = read.isna()
    return {
        name: [
            None if gap else each
            for each, gap in zip(read[name].tolist(), missing[name], strict=True)
        ]
        for name in VALUES
    }


def by_pandas(path: Path) -> Values:
    return of_frame(pd.read_csv(path, engine="python", keep_default_na=False, na_values=[""]))


def by_pyarrow(path: Path) -> Values:
    columns: Values = pq.read_table(path, columns=list(VALUES)).to_pydict()
    return columns


def by_duckdb(path: Path) -> Values:
    duckdb = pytest.importorskip("duckdb")
    names = ", ".join(f'"{name}"' for name in VALUES)
    with closing(duckdb.connect()) as store:
        rows = store.execute(f"SELECT {names} FROM '{path}'").fetchall()
    return {
        name: list(column) for name, column in zip(VALUES, zip(*rows, strict=True), strict=True)
    }


def by_gdal(path: Path) -> Values:
    read = pyogrio.read_arrow(path, columns=list(VALUES))[1].to_pydict()
    return {name: read[name] for name in VALUES}


def by_gdal_of_text(path: Path) -> Values:
    """Read a CSV by GDAL, which gives whole numbers and truth values as such only if it is asked."""
    options = {"AUTODETECT_TYPE": "YES", "EMPTY_STRING_AS_NULL": "YES"}
    read = pyogrio.read_arrow(path, columns=list(VALUES), **options)[1].to_pydict()
    return {name: read[name] for name in VALUES}


def by_json(path: Path) -> Values:
    rows = [each["properties"] for each in json.loads(path.read_text())["features"]]
    return {name: [row[name] for row in rows] for name in VALUES}


def by_sqlite(path: Path) -> Values:
    names = ", ".join(f'"{name}"' for name in VALUES)
    with closing(sqlite3.connect(path)) as store:
        table = store.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
        rows = store.execute(f'SELECT {names} FROM "{table}"').fetchall()
    found = {
        name: list(column) for name, column in zip(VALUES, zip(*rows, strict=True), strict=True)
    }
    return {**found, "open": [bool(each) for each in found["open"]]}


READERS: Final[list[tuple[str, Callable[[Path], Values]]]] = [
    *((".csv", each) for each in (by_pandas, by_duckdb, by_gdal_of_text)),
    *((".parquet", each) for each in (by_pyarrow, by_duckdb)),
    *((".geojson", each) for each in (by_json, by_gdal)),
    *((".gpkg", each) for each in (by_sqlite, by_gdal)),
]


@pytest.mark.parametrize(("suffix", "read"), READERS)
@pytest.mark.parametrize("ours", [True, False], ids=["by lcrmap", "by others"])
def test_others_read_what_lcrmap_reads(
    suffix: str, read: Callable[[Path], Values], ours: bool, tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    if ours:
        write_layer(open_frame(frame(), title="Places", pack=EMPTY), path)
    else:
        written_by_others(path)
    layer = open_layer(str(path), pack=EMPTY)
    assert of_frame(layer.frame) == VALUES
    found = read(path)
    if (
        suffix == ".csv" and ours
    ):  # lcrmap guards a text that begins as its own guard does, and takes that off
        found["name"] = [each.removeprefix("'") for each in found["name"]]
        assert found == {**VALUES, "name": [each.removeprefix("'") for each in VALUES["name"]]}
    else:
        assert found == VALUES
    assert [(each.x, each.y) for each in layer.frame.geometry] == POINTS
