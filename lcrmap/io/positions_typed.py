"""Positions that people type: latitude and longitude, grid references, eastings and northings."""

from __future__ import annotations

import re
from typing import Final

import geopandas as gpd
import shapely

from lcrmap.errors import UsageError
from lcrmap.layers import Field, Layer, Metadata

__all__ = ["grid_reference", "national_grid", "position"]

_NATIONAL_GRID: Final = "EPSG:27700"
_NUMBER: Final = r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+"
_PAIR: Final = re.compile(rf"({_NUMBER})(?:\s*[,;]\s*|\s+)({_NUMBER})")
_GRID: Final = re.compile(r"[A-Z]{2}(?: ?\d){2,10}(?: ?(?:NE|SE|SW|NW))?")
_MOST_EAST, _MOST_NORTH = 700_000, 1_300_000
FIELDS: Final = (
    Field("id", "Id"),
    Field("name", "Name"),
    Field("position_error_m", "Position error", "number", unit="m"),
)


def position(text: str) -> Layer | None:
    """Read latitude and longitude in degrees of WGS84; None if the text has another form.

    Parameters
    ----------
    text
        Two decimal numbers, latitude first, as maps on the web give them.

    Raises
    ------
    UsageError
        If the first number can only be a longitude.

    Examples
    --------
    >>> position("53.40, -2.99").frame.geometry[0].wkt
    'POINT (-2.99 53.4)'
    """
    pair = _pair(text)
    if pair is None or not all(abs(each) <= 180 for each in pair):
        return None
    lat, lon = pair
    if abs(lat) > 90:
        raise UsageError(
            f"'{text}' begins with {lat:g}, which is no latitude: write latitude first, as in '{lon:g},{lat:g}'."
        )
    return _layer(text, shapely.Point(lon, lat), "EPSG:4326", 0.0)


def national_grid(text: str) -> Layer | None:
    """Read easting and northing in metres on the British National Grid; None if the text has another form.

    Raises
    ------
    UsageError
        If the numbers lie on no known grid.

    Examples
    --------
    >>> national_grid("334500,390400").frame.crs.to_epsg()
    27700
    """
    pair = _pair(text)
    if pair is None:
        return None
    east, north = pair
    if not (0 <= east <= _MOST_EAST and 0 <= north <= _MOST_NORTH):
        raise UsageError(
            f"'{text}' is neither latitude and longitude nor easting and northing: write degrees such as "
            f"'53.40,-2.99', or metres on the National Grid such as '334500,390400'."
        )
    note = f"'{text}' is read as easting and northing on the British National Grid, in metres."
    return _layer(text, shapely.Point(east, north), _NATIONAL_GRID, 0.0).noting(note)


def grid_reference(text: str) -> Layer | None:
    """Read an Ordnance Survey grid reference; None if the text has another form.

    A reference names a square: its middle is the position, and half its diagonal the position error.

    Examples
    --------
    >>> layer = grid_reference("SJ 345 904")
    >>> layer.frame.geometry[0].wkt, layer.frame["position_error_m"].tolist()
    ('POINT (334550 390450)', [70.7])
    """
    folded = " ".join(text.upper().split())
    if not _GRID.fullmatch(folded):
        return None
    from osbng.bng_reference import BNGReference
    from osbng.errors import BNGReferenceError

    try:
        west, south, east, north = BNGReference(folded).bng_to_bbox()
    except BNGReferenceError:
        return None
    size = float(east - west)
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    side = f"{size / 1000:g} km" if size >= 1000 else f"{size:g} m"
    note = (
        f"'{text}' names a square of {side}: its middle is taken, right to {size / 2**0.5:,.0f} m."
    )
    return _layer(text, middle, _NATIONAL_GRID, round(size / 2**0.5, 1)).noting(note)


def _pair(text: str) -> tuple[float, float] | None:
    found = _PAIR.fullmatch(text.strip())
    return None if found is None else (float(found[1]), float(found[2]))


def _layer(text: str, point: shapely.Point, crs: str, error_m: float) -> Layer:
    name = " ".join(text.split())
    frame = gpd.GeoDataFrame(
        {"id": [name], "name": [name], "position_error_m": [error_m]},
        geometry=gpd.GeoSeries([point], crs=crs),
    )
    metadata = Metadata(
        name="place",
        title=name,
        geometry="point",
        key="id",
        label="name",
        noun_one="place",
        noun_many="places",
        fields=FIELDS,
    )
    return Layer(frame, metadata)
