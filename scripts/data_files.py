"""Read the reference figures and write the pack's files, the same bytes for the same figures."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

Row = dict[str, Any]


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV file with every value as text; an empty cell is an empty string."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def read_features(path: Path) -> list[tuple[Row, BaseGeometry]]:
    """Read a GeoJSON file as pairs of properties and geometry, in the file's order."""
    collection = json.loads(path.read_text(encoding="utf-8"))
    return [
        (feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in collection["features"]
    ]


def degrees(
    eastings: ArrayLike, northings: ArrayLike, decimals: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn British National Grid metres into WGS84 degrees with OSTN15.

    PROJ without its grid files, as the wheels of pyproj come, is 1.6 to 2.0 m off in the city region.

    Parameters
    ----------
    eastings, northings
        Metres in EPSG:27700.
    decimals
        How many decimals the source supports: 6 for metres, 4 for a hundred metres.

    Returns
    -------
    tuple of numpy.ndarray
        Longitudes and latitudes in degrees.
    """
    from convertbng.cutil import convert_osgb36_to_ll  # checking alone does without it

    lon, lat = convert_osgb36_to_ll(
        np.asarray(eastings, dtype=np.float64), np.asarray(northings, dtype=np.float64)
    )
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        raise SystemExit("Some grid coordinates lie outside Great Britain.")
    return np.round(lon, decimals), np.round(lat, decimals)


def degrees_of(geometry: BaseGeometry, decimals: int) -> BaseGeometry:
    """Turn the vertices of one geometry from British National Grid into WGS84 degrees."""

    def turn(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(degrees(xy[:, 0], xy[:, 1], decimals))

    return shapely.transform(geometry, turn)


def rounded(geometry: BaseGeometry, decimals: int) -> BaseGeometry:
    """Round the vertices of one geometry."""
    return shapely.transform(geometry, lambda xy: np.round(xy, decimals))


def slug(name: str) -> str:
    """Return a kebab-case id for a name: letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def geojson(
    name: str, key: str, rows: Iterable[Mapping[str, Any]], shapes: Iterable[BaseGeometry | None]
) -> str:
    """Return a GeoJSON text after RFC 7946, one feature a line, sorted by key.

    Parameters
    ----------
    name
        The layer's name.
    key
        The property that names the features; it becomes each feature's id.
    rows, shapes
        Properties and geometry of each feature; None for a geometry that is not known.
    """
    pairs = sorted(zip(rows, shapes, strict=True), key=lambda pair: str(pair[0][key]))
    lines = [
        _line({"type": "Feature", "id": row[key], "properties": row, "geometry": _member(shape)})
        for row, shape in pairs
    ]
    head = f'{{"type":"FeatureCollection","name":{json.dumps(name)},"features":[\n'
    return head + ",\n".join(lines) + "\n]}\n"


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a CSV text with LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def sha256(content: bytes) -> str:
    """Return the hash of a file's bytes as a data package writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def package_text(package: Mapping[str, Any]) -> str:
    """Return the text of ``datapackage.json``."""
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _line(feature: Mapping[str, Any]) -> str:
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _member(shape: BaseGeometry | None) -> Any:
    """Return the geometry member: outer rings against the clock, parts in a settled order."""
    if shape is None:
        return None
    if shapely.get_dimensions(shape) == 2:
        shape = shapely.orient_polygons(shapely.normalize(shape), exterior_cw=False)
    return json.loads(shapely.to_geojson(shape))
