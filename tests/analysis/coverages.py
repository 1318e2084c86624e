"""Random coverages for property tests: areas of every shape that share borders, and points on them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

SIDE = 8  # lattice steps; every coordinate is a whole number of halves of one, so that midpoints are exact

# Where the lattice lies: 22 km edges in degrees bend by metres when they are reprojected; metres; and odd numbers
# far from nought, in which rounding bites.
PLACES = {
    "degrees": ("EPSG:4326", -3.25, 53.25, 1 / 16),
    "long": ("EPSG:4326", -3.5, 52.0, 0.33),
    "metres": ("EPSG:27700", 320_000.0, 380_000.0, 1000.0),
    "odd": ("EPSG:27700", 334_567.89, 391_234.56, 0.1),
}


@dataclass(frozen=True)
class Coverage:
    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame


@st.composite
def coverages(draw: st.DrawFn, *, most_points: int = 20) -> Coverage:
    """Triangles of a random net, thrown together into areas: with holes, enclaves, several parts, gaps."""
    crs, west, south, step = PLACES[draw(st.sampled_from(sorted(PLACES)))]
    at = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
    net = draw(st.lists(at, min_size=4, max_size=14, unique=True))
    triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(net)))
    # -1: nobody's, a gap.
    owners = draw(st.lists(st.integers(-1, 4), min_size=len(triangles), max_size=len(triangles)))
    shapes = [
        shapely.union_all(triangles[np.array(owners) == owner])
        for owner in sorted(set(owners) - {-1})
    ]
    shapes = [each for each in shapes if shapely.get_dimensions(each) == 2]
    keys = draw(st.permutations([f"k{number}" for number in range(len(shapes))]))
    halves = st.integers(-2, 2 * SIDE + 2).map(lambda number: number / 2)
    corners = [xy for shape in shapes for xy in shapely.get_coordinates(shape).tolist()]
    spots = st.tuples(halves, halves)
    if corners:
        spots = spots | st.sampled_from(corners).map(tuple)
        middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(corners)]
        spots = spots | (st.sampled_from(middles) if middles else spots)
    where = draw(st.lists(spots | st.none(), max_size=most_points))

    def put(xy: np.ndarray) -> np.ndarray:
        return np.column_stack([west + xy[:, 0] * step, south + xy[:, 1] * step])

    areas = gpd.GeoDataFrame(
        {"key": list(keys)}, geometry=[shapely.transform(each, put) for each in shapes], crs=crs
    )
    located = [None if xy is None else shapely.transform(shapely.Point(xy), put) for xy in where]
    points = gpd.GeoDataFrame(
        {"id": range(len(located))}, geometry=gpd.GeoSeries(located, crs=crs), crs=crs
    )
    return Coverage(areas, points)
