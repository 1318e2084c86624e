"""Derive the backdrop: the districts around, generalised, but true where they meet the boroughs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from data_boundaries import DECIMALS, cleaned
from data_files import Row, degrees_of, geojson, read_features, rounded
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

#: West, south, east and north edge, in degrees: inside the extent that the source was cut to.
FRAME = (-3.55, 53.12, -2.25, 53.82)
#: The side, in degrees, of the bends that are cut off: about 70 m.
TOLERANCE = 0.0008
#: Within this many degrees of the boroughs, about 100 m, nothing is generalised.
BAND = 0.001
#: The grid on which the shapes are put together.
GRID = 10**-DECIMALS
#: Two outlines of one border lie at most this far apart, some 10 to 17 m.
MISMATCH = 0.00015
#: Islets under this many square degrees, about 0.02 km2, are left out.
SMALLEST = 0.02 / (111.3 * 66.4)


def backdrop(
    reference: Path, boroughs: Sequence[BaseGeometry]
) -> tuple[list[Row], list[BaseGeometry]]:
    """Return properties and shapes of the neighbouring districts inside the frame."""
    features = [
        (row, shape)
        for row, shape in read_features(reference / "context" / "neighbours_bng.geojson")
        if not row["in_lcr"]
    ]
    features.sort(key=lambda pair: str(pair[0]["lad_code"]))
    region = shapely.coverage_union_all(list(boroughs))
    shapes = [degrees_of(shape, DECIMALS) for _, shape in features]
    shapes = _meet(region, _generalise(region, cleaned(shapes, MISMATCH)))
    rows: list[Row] = [{"code": row["lad_code"], "name": row["lad_name"]} for row, _ in features]
    rows.append({"code": "inland", "name": None})  # no district: it gets no label
    return rows, [*shapes, _inland([region, *shapes])]


def backdrop_file(reference: Path, boroughs: Sequence[BaseGeometry]) -> dict[str, str]:
    """Return the text of the backdrop by its path in the pack."""
    rows, shapes = backdrop(reference, boroughs)
    return {"boundaries/backdrop.geojson": geojson("backdrop", "code", rows, shapes)}


def _inland(land: list[BaseGeometry]) -> BaseGeometry:
    """Return what no district covers but reaches the frame's eastern edge: land, not sea."""
    void = shapely.box(*FRAME) - shapely.union_all(land)
    parts = [part for part in _areas(void).geoms if part.bounds[2] == FRAME[2]]
    return _large(_areas(shapely.union_all(parts)))


def _generalise(region: BaseGeometry, clean: list[BaseGeometry]) -> list[BaseGeometry]:
    """Generalise the neighbours as one coverage; along the region they keep every vertex."""
    frame = shapely.box(*FRAME)
    band = shapely.buffer(region, BAND, quad_segs=1)
    coarse = shapely.coverage_simplify(np.array(clean, dtype=object), TOLERANCE)
    return [
        _areas(shapely.union(_areas((few - band) & frame), _areas(many & band & frame)))
        for few, many in zip(coarse, clean, strict=True)
    ]


def _meet(region: BaseGeometry, shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """Fill the slivers between each neighbour and the region and take the region away.

    All is noded on the grid of the sources' decimals, so that shared edges are the same numbers.
    """
    near_region = shapely.buffer(region, MISMATCH, quad_segs=1)
    taken = region
    met = []
    for shape in shapes:
        sliver = shapely.buffer(shape, MISMATCH, quad_segs=1) & near_region
        wide = _areas(shape | _areas(sliver - shapely.union_all(shapes)))
        own = _areas(shapely.difference(wide, taken, grid_size=GRID))
        taken = _areas(shapely.union(taken, own, grid_size=GRID))
        met.append(_large(own))
    return met


def _areas(shape: BaseGeometry) -> MultiPolygon:
    """Return the parts of a shape that are areas."""
    return MultiPolygon([part for part in shapely.get_parts(shape) if isinstance(part, Polygon)])


def _large(shape: MultiPolygon) -> BaseGeometry:
    """Return the parts of a shape that are large enough to see, rounded."""
    large = MultiPolygon([part for part in shape.geoms if part.area >= SMALLEST])
    return rounded(large.geoms[0] if len(large.geoms) == 1 else large, DECIMALS)
