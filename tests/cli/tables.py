"""Tables that commands are given and print."""

from __future__ import annotations

import csv
import io

import geopandas as gpd

__all__ = ["rows", "write"]


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def write(path: str, shapes: list[object], crs: str = "EPSG:4326", **columns: list[object]) -> str:
    """Write shapes with columns to a file."""
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)
    frame.to_file(path)
    return path
