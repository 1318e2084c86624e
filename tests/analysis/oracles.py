"""Slow and plain answers to compare with: pair by pair, by another library, from densified edges."""

from __future__ import annotations

from collections.abc import Sequence

import pyproj
import shapely
from geographiclib.geodesic import Geodesic

Position = tuple[float, float]  # longitude, latitude


def metres(one: Position, other: Position) -> float:
    """Measure by the geographiclib package."""
    found = Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0], Geodesic.DISTANCE)
    return float(found["s12"])


def ranked(
    start: Position, targets: Sequence[Position], k: int, ids: Sequence[str]
) -> list[tuple[int, str, float]]:
    """Rank all targets one by one: equal to the millimetre is equal, ties share a rank, ordered by id."""
    measured = sorted(
        (round(metres(start, each), 3), name) for each, name in zip(targets, ids, strict=True)
    )
    rows = []
    for distance, name in measured:
        rank = 1 + sum(1 for other, _ in measured if other < distance)
        if rank <= k:
            rows.append((rank, name, distance))
    return rows


def lines_of(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the points, lines and rings of a shape."""
    if shape.geom_type == "Polygon":
        return [shape.exterior, *shape.interiors]
    if hasattr(shape, "geoms"):
        return [line for each in shape.geoms for line in lines_of(each)]
    return [shape]


def to_shape(position: Position, shape: shapely.Geometry, crs: object, *, cuts: int = 200) -> float:
    """Measure to a shape by trying positions along its edges, ever closer around the best; 0 inside."""
    grid = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    if shape.intersects(shapely.Point(grid.transform(*position))):
        return 0.0
    lines = lines_of(shape)

    def measured(line: int, share: float) -> tuple[float, int, float]:
        there = lines[line]
        if there.geom_type != "Point":
            there = there.interpolate(share, normalized=True)
        return metres(position, degrees.transform(there.x, there.y)), line, share

    shares = [{i / cuts for i in range(cuts + 1)} for _ in lines]
    for share, line in zip(shares, lines, strict=True):
        share.update(line.project(shapely.Point(at), normalized=True) for at in line.coords[1:-1])
    tried = sorted(measured(each, share) for each, some in enumerate(shares) for share in some)
    best = tried[:6]
    width = 1 / cuts
    for _ in range(3):
        around = [(line, share + width * i / 10) for _, line, share in best for i in range(-10, 11)]
        best = sorted(measured(line, min(max(share, 0), 1)) for line, share in around)[:3]
        width /= 10
    return best[0][0]
