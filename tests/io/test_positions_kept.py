"""No format loses a position: what stands in a file is read, part by part, or refused."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lcrmap.errors import GeometryError
from lcrmap.io.opening import open_layer
from lcrmap.io.writing import write_layer
from lcrmap.layers import Layer, Metadata, Pack

EMPTY = Pack(Path(), "none", "None", "Nowhere", "1", (), {})
NAN = math.nan
SQUARE = [(0, 50), (1, 50), (1, 51), (0, 51), (0, 50)]
HOLE = [(0.2, 50.2), (0.3, 50.3), (0.3, 50.4), (0.2, 50.2)]

WITH_EMPTY_PARTS = {
    "areas": shapely.MultiPolygon([shapely.Polygon(SQUARE, [HOLE]), shapely.Polygon()]),
    "points": shapely.from_wkt("MULTIPOINT((0 50), EMPTY, (1 50))"),
    "lines": shapely.from_wkt("MULTILINESTRING((0 50, 1 51), EMPTY)"),
    "members": shapely.from_wkt("GEOMETRYCOLLECTION(POINT(0 50), LINESTRING EMPTY)"),
    "heights": shapely.LineString([(0, 50, 1), (1, 51, 2)]),
}
with np.errstate(invalid="ignore"):
    WITH_NAN = {
        "hole": shapely.Polygon(SQUARE, [[(0.2, 50.2), (NAN, 50.3), (0.3, 50.4), (0.2, 50.2)]]),
        "line": shapely.LineString([(0, 50), (NAN, 50.5), (1, 51)]),
        "point": shapely.MultiPoint([(0, 50), (NAN, 50.5)]),
    }
BY_OTHERS: dict[str, Callable[[Any, Path], None]] = {
    "gpkg": lambda frame, path: frame.to_file(path, driver="GPKG"),
    "fgb": lambda frame, path: frame.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO"),
    "parquet": lambda frame, path: frame.to_parquet(path),
}


def frame_of(shape: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": ["a"]}, geometry=[shape], crs="EPSG:4326")


def positions(shape: Any) -> list[tuple[float, ...]]:
    found = shapely.get_coordinates(shape, include_z=bool(shapely.has_z(shape)))
    return sorted(tuple(each) for each in found.tolist())  # GeoJSON turns rings the right way round


@pytest.mark.parametrize("suffix", BY_OTHERS)
@pytest.mark.parametrize("kind", WITH_EMPTY_PARTS)
def test_what_others_wrote_is_read_whole(kind: str, suffix: str, tmp_path: Path) -> None:
    shape = WITH_EMPTY_PARTS[kind]
    path = tmp_path / f"a.{suffix}"
    with warnings.catch_warnings(action="ignore"):
        BY_OTHERS[suffix](frame_of(shape), path)
    found = open_layer(str(path), pack=EMPTY).frame.geometry[0]
    assert positions(found) == positions(shape)


@pytest.mark.parametrize("suffix", BY_OTHERS)
@pytest.mark.parametrize("kind", WITH_NAN)
def test_a_position_that_is_no_number_is_never_left_out(
    kind: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    with warnings.catch_warnings(action="ignore"):
        BY_OTHERS[suffix](frame_of(WITH_NAN[kind]), path)
    with pytest.raises(
        GeometryError, match=r"coordinates that are not finite numbers, in feature a"
    ):
        open_layer(str(path), pack=EMPTY)


@pytest.mark.parametrize("suffix", ["geojson", "geojsonl", "gpkg", "parquet"])
@pytest.mark.parametrize("kind", WITH_EMPTY_PARTS)
def test_what_lcrmap_writes_it_reads_part_by_part(kind: str, suffix: str, tmp_path: Path) -> None:
    shape = WITH_EMPTY_PARTS[kind]
    path = tmp_path / f"a.{suffix}"
    write_layer(Layer(frame_of(shape), Metadata("a", "A")), path)
    found = open_layer(str(path), pack=EMPTY).frame.geometry[0]
    assert positions(found) == positions(shape)
