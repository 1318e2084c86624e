"""Files as GDAL writes them, to be altered: made once for each process."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import shapely

from tests.fuzz.mutators.texts import plain_value

__all__ = ["BASES", "frame_of", "written"]

BASES = 6
KINDS = ("string", "integer", "number", "boolean")
DRIVERS = {
    "gpkg": "GPKG",
    "fgb": "FlatGeobuf",
    "shp": "ESRI Shapefile",
    "kml": "KML",
    "gpx": "GPX",
    "gml": "GML",
    "tab": "MapInfo File",
    "mif": "MapInfo File",
}


def frame_of(number: int) -> gpd.GeoDataFrame:
    rng = Random(number)
    rows = rng.choice([1, 3, 7])
    columns: dict[str, Any] = {
        name: [plain_value(kind, rng) for _ in range(rows)]
        for name, kind in zip(("name", "n", "share", "open"), KINDS, strict=True)
    }
    spots = [(rng.uniform(-3.2, -2.7), rng.uniform(53.2, 53.7)) for _ in range(rows)]
    boxes = [shapely.box(x, y, x + 0.01, y + 0.01) for x, y in spots]
    shapes = boxes if number % 3 == 2 else [shapely.Point(each) for each in spots]
    crs = "EPSG:27700" if number == 4 else "EPSG:4326"
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    return frame.to_crs(crs)


@cache
def written(suffix: str, number: int) -> dict[str, bytes]:
    """Return the files that GDAL writes for a layer, by suffix."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(action="ignore"):
        path = Path(folder) / f"a.{suffix}"
        options = {"SPATIAL_INDEX": "NO"} if suffix == "fgb" and number % 2 else {}
        frame = frame_of(number)
        if suffix == "gpx":  # has columns of its own, and no areas
            frame = frame[["name", "geometry"]].set_geometry(frame.representative_point())
        if suffix in ("gpx", "kml"):
            frame = frame.to_crs("EPSG:4326")
        frame.to_file(path, driver=DRIVERS[suffix], **options)
        return {each.suffix[1:]: each.read_bytes() for each in sorted(Path(folder).iterdir())}
