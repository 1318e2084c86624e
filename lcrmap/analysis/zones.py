"""The ground within a distance of a place, as an area: a geodesic circle around a point, a margin around a shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from lcrmap.analysis import metric
from lcrmap.analysis.crossings import River
from lcrmap.errors import GeometryError, UsageError

__all__ = ["FARTHEST", "LARGEST", "circle", "circles", "share_outside", "zones"]

FARTHEST: Final = 5_000_000.0  # metres: beyond, a ring on a flat map would no longer be one
LARGEST: Final = 2_000_000.0  # metres: a shape farther across has no ring
_VERTICES: Final = 180  # edges then stay within 0.02 % of the circle
_LEAST_DEGREE: Final = 110_500.0  # metres: no degree of latitude is shorter
_TOGETHER: Final = 4096  # circles drawn at once
_QUARTER: Final = 45  # vertices a quarter turn of a margin, to the same bound


def circle(lon: float, lat: float, metres: float) -> Any:
    """Return the area within a geodesic distance of a position.

    Parameters
    ----------
    lon, lat
        Degrees of WGS84.
    metres
        The radius, above 0 and at most `FARTHEST`.

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Longitude first, EPSG:4326. Its 180 vertices lie on the circle to the micrometre; its edges stay within
        0.02 % of the radius inside it. Cut at the 180th meridian (RFC 7946, 3.1.9); closed over a pole that it holds.

    Examples
    --------
    >>> ring = circle(-2.99, 53.4, 1000)
    >>> len(ring.exterior.coords), [round(each, 3) for each in ring.bounds]
    (181, [-3.005, 53.391, -2.975, 53.409])
    """
    return circles(*(np.array([each], dtype=np.float64) for each in (lon, lat, metres)))[0]


def circles(lon: Any, lat: Any, metres: Any) -> Any:
    """Return the area within a geodesic distance of each of some positions, as `circle` does.

    Examples
    --------
    >>> circles(np.array([0.0, 90.0]), np.array([0.0, 0.0]), np.array([1000.0, 2000.0]))[1].bounds[0] < 90
    True
    """
    drawn = [
        _circles(*(each[start : start + _TOGETHER] for each in (lon, lat, metres)))
        for start in range(0, len(lon), _TOGETHER)
    ]
    return np.concatenate([np.empty(0, dtype=object), *drawn])


def _circles(lon: Any, lat: Any, metres: Any) -> Any:
    bearing = np.linspace(0, 360, _VERTICES, endpoint=False, dtype=np.float64)
    each = [np.repeat(side, _VERTICES) for side in (lon, lat, metres)]
    east, north = metric.destination(each[0], each[1], np.tile(bearing, len(lon)), each[2])
    east = each[0] + (east - each[0] + 180) % 360 - 180
    corners = np.stack([east, north], axis=1).reshape(len(lon), _VERTICES, 2)
    drawn: Any = shapely.polygons(corners)
    for row in np.flatnonzero(metres >= (90 - abs(lat)) * _LEAST_DEGREE):
        here = np.full(2, lon[row]), np.full(2, lat[row])
        poles, _ = metric.geodesic(*here, np.full(2, lon[row]), np.array([90.0, -90.0]))
        if (poles < metres[row]).any():
            pole = 90.0 if poles[0] < metres[row] else -90.0
            drawn[row] = _around_a_pole(corners[row, :, 0], corners[row, :, 1], pole)
            corners[row] = 0  # it is not cut besides
    over = (corners[..., 0].min(axis=1) < -180) | (corners[..., 0].max(axis=1) > 180)
    for row in np.flatnonzero(over):
        drawn[row] = _cut_at_180(drawn[row])
    return drawn


def _around_a_pole(east: Any, north: Any, pole: float) -> Any:
    """Return the area between a closed line around a pole and the pole, on a map from -180 to 180."""
    east = (east + 180) % 360 - 180
    order = np.argsort(east, kind="stable")
    east, north = east[order], north[order]
    span = east[0] + 360 - east[-1]
    share = (180 - east[-1]) / span if span else 0.0
    seam = north[-1] + share * (north[0] - north[-1])
    line = np.column_stack([east, north])
    return shapely.Polygon([(-180, pole), (-180, seam), *line, (180, seam), (180, pole)])


def _cut_at_180(shape: Any) -> Any:
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    turned = 360.0 if west < -180 else -360.0
    world = shapely.box(-180, -90, 180, 90)
    beyond = shapely.transform(shape, lambda xy: xy + np.array([turned, 0.0]))
    return shapely.union_all(
        [shapely.intersection(shape, world), shapely.intersection(beyond, world)]
    )


def zones(
    places: gpd.GeoSeries,
    rings_m: Sequence[float],
    *,
    dissolve: bool = False,
    river: River | None = None,
) -> gpd.GeoDataFrame:
    """Return the area within each of some distances of each place.

    Parameters
    ----------
    places
        Points, lines or areas in any CRS; one without a position has no zone.
    rings_m
        Distances in metres, rising, above 0 and at most `FARTHEST`.
    dissolve
        Whether the zones of all places are merged, ring by ring.
    river
        What divides the ground: a zone is then what lies within the distance on the place's own bank, and on the other
        what lies within the rest of it around the far ends of the open crossings. None for undivided ground.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a place and ring, in this order: ``place`` (row number; 0 throughout if dissolved), ``ring_m``,
        ``area_km2`` (geodesic) and the area, EPSG:4326. Around points the edges are right to 0.02 % of the ring; around
        lines and areas the margin is drawn in a local azimuthal projection, which at r metres from the middle of the
        place adds at most r² / 6R² of the ring: 5 cm for 5 km at 50 km.

    Raises
    ------
    UsageError
        If the distances do not rise, or one is out of range.
    GeometryError
        If a line or an area is more than `LARGEST` metres across.

    Examples
    --------
    >>> place = gpd.GeoSeries.from_xy([-2.99], [53.4], crs="EPSG:4326")
    >>> zones(place, [1000, 2000])[["place", "ring_m", "area_km2"]].round(2)
       place  ring_m  area_km2
    0      0  1000.0      3.14
    1      0  2000.0     12.56
    """
    rings = _checked(rings_m)
    there = np.flatnonzero(metric.placed(places))
    found = _zones(places, rings) if river is None else _divided(places, rings, river)
    if dissolve:
        merged = [shapely.union_all(found[number :: len(rings)]) for number in range(len(rings))]
        found, there = np.array(merged, dtype=object), np.zeros(1, dtype=np.int64)
    table = pd.DataFrame(
        {"place": np.repeat(there, len(rings)), "ring_m": np.tile(rings, len(there))}
    )
    shapes = gpd.GeoSeries(found, crs="EPSG:4326")
    return gpd.GeoDataFrame(table.assign(area_km2=metric.area_km2(shapes)), geometry=shapes)


def _checked(rings_m: Sequence[float]) -> Any:
    rings = np.asarray(rings_m, dtype=np.float64)
    if len(rings) == 0 or not (rings > 0).all() or not (rings <= FARTHEST).all():
        raise UsageError(
            "--rings must be distances above 0 and up to 5,000km, such as --rings 1km,2km,5km."
        )
    if (np.diff(rings) <= 0).any():
        raise UsageError(
            "--rings must rise from the smallest to the largest, as in --rings 1km,2km,5km."
        )
    return rings


def _zones(places: gpd.GeoSeries, rings: Any) -> Any:
    """Return the zones of the places that have a position, place by place."""
    there = np.flatnonzero(metric.placed(places))
    drawn = _zones_of_points if metric.are_points(places) else _zones_of_shapes
    return drawn(places, there, rings)


def _divided(places: gpd.GeoSeries, rings: Any, river: River) -> Any:
    """Return the zones of places, each of the grounds on both banks."""
    side = river.side(places)
    parts: list[list[Any]] = [[] for _ in range(len(places) * len(rings))]
    for bank, (half, legs) in enumerate(zip(side.halves, side.legs, strict=True)):
        portals = river.crossings.portals(1 - bank)
        own = river.on_bank(_zones(half.side.shapes, rings), bank)
        for number, row in enumerate(half.rows.tolist()):
            left = rings[:, None] - legs.metres[number] - river.crossings.metres
            for ring in range(len(rings)):
                over = [
                    circle(float(lon), float(lat), float(rest))
                    for (lon, lat), rest in zip(portals, left[ring], strict=True)
                    if rest > 0
                ]
                zone = parts[row * len(rings) + ring]
                zone.append(own[number * len(rings) + ring])
                zone += list(river.on_bank(over, 1 - bank))
    merged = [shapely.union_all(each) for each in parts if each]
    return np.array(merged, dtype=object)


def _zones_of_points(places: gpd.GeoSeries, there: Any, rings: Any) -> Any:
    lon, lat = metric.lonlat(places)
    own, around = np.repeat(there, len(rings)), np.tile(rings, len(there))
    return circles(lon[own], lat[own], around)


def _zones_of_shapes(places: gpd.GeoSeries, there: Any, rings: Any) -> Any:
    found = []
    for row in there:
        own = gpd.GeoSeries([np.asarray(places)[row]], crs=places.crs).to_crs("EPSG:4326")
        dense = metric.densified(own)
        lon, lat = _centre(dense, int(row))
        local = metric.local_crs(lon, lat)
        flat = dense.to_crs(local).to_numpy()[0]
        margins = [shapely.buffer(flat, ring, quad_segs=_QUARTER) for ring in rings]
        found += [_brought_back(each, local, lon) for each in margins]
    return np.array(found, dtype=object)


def _centre(dense: gpd.GeoSeries, row: int) -> tuple[float, float]:
    """Return the middle of the box around one shape with short edges, also across the 180th meridian.

    Raises
    ------
    GeometryError
        If the shape is so large that no flat map around it is true.
    """
    xy = shapely.get_coordinates(np.asarray(dense))
    if np.ptp(xy[:, 0]) > 180:
        xy[:, 0] %= 360
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    lon, lat = float(west + east) / 2, float(south + north) / 2
    corners = len(xy)
    away, _ = metric.geodesic(np.full(corners, lon), np.full(corners, lat), *xy.T)
    if away.max() > LARGEST / 2 or east - west > 180:
        raise GeometryError(
            f"Feature {row + 1} is more than {LARGEST / 1000:,.0f} km across, around which no ring can be drawn on a "
            f"flat map: cut it to the ground that is meant (at the 180th meridian, if it crosses that)."
        )
    return (lon + 180) % 360 - 180, lat


def _brought_back(margin: Any, local: pyproj.CRS, lon: float) -> Any:
    """Return a margin in degrees, cut at the 180th meridian, or closed over the pole that it holds."""
    back = pyproj.Transformer.from_crs(local, "EPSG:4326", always_xy=True)
    for pole in (90.0, -90.0):
        if shapely.contains_xy(margin, *back.transform(lon, pole, direction="INVERSE")):
            rings = [each.exterior for each in shapely.get_parts(margin)]
            east, north = back.transform(*shapely.get_coordinates(rings).T)
            return _around_a_pole(east, north, pole)

    def degrees(xy: Any) -> Any:
        east, north = back.transform(*xy.T)
        return np.column_stack([lon + (east - lon + 180) % 360 - 180, north])

    return _cut_at_180(shapely.transform(margin, degrees))


def share_outside(shapes: gpd.GeoSeries, areas: gpd.GeoSeries) -> Any:
    """Return which share of each shape (0 to 1, by geodesic area) lies in none of some areas.

    Examples
    --------
    >>> shapes = gpd.GeoSeries([shapely.box(0, 0, 2, 1)], crs="EPSG:4326")
    >>> areas = gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> share_outside(shapes, areas).round(6).tolist()
    [0.5]
    """
    union = shapely.union_all(np.asarray(areas)[metric.placed(areas)])
    known = gpd.GeoSeries([union], crs=areas.crs)
    if not pyproj.CRS(areas.crs).equals("EPSG:4326"):  # in which not every zone has a place
        known = metric.densified(known)
    brought = shapes.to_crs("EPSG:4326")
    beyond = shapely.difference(np.asarray(brought), known.to_numpy()[0])
    whole, outside = (
        metric.area_km2(gpd.GeoSeries(each, crs=brought.crs)) for each in (brought, beyond)
    )
    return np.clip(np.nan_to_num(outside) / whole, 0, 1)
