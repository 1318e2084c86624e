"""Rules about how outlines are drawn, which `lcrmap check` alone looks at."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely

from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import GeometryError

__all__: list[str] = []

_SHARP: Final = np.cos(np.radians(1.0))  # a corner of less than a degree
_THIN: Final = 1e-3  # of a circle's 1, by area over the square of the outline
_GEOJSON: Final = ("geojson", "geojsonl")


@rule("winding", "notice", GeometryError, opens=False)
def _winding(subject: Subject) -> Finding | None:
    """Find areas in GeoJSON whose outer ring runs clockwise.

    RFC 7946 (section 3.1.6) wants outer rings counterclockwise and holes clockwise. Most readers bear the other
    order; some, such as d3, then take an area for all of the world but the area. ``--fix`` turns such rings.
    """
    if subject.format not in _GEOJSON:
        return None
    parts, rows = shapely.get_parts(subject.shapes, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    turned = ~shapely.is_ccw(shapely.get_exterior_ring(parts[areas]))
    return _of_rows(
        rows[areas][turned], "whose outer ring runs clockwise", "turn it, as --fix does"
    )


@rule("duplicate-vertices", "notice", GeometryError, opens=False)
def _duplicate_vertices(subject: Subject) -> Finding | None:
    """Find lines and areas with the same vertex twice in a row.

    They take room and mislead what counts vertices or measures angles; they come from rounding and from joining
    pieces.
    """
    solid = np.flatnonzero(shapely.get_dimensions(subject.shapes) >= 1)
    shapes = subject.shapes[solid]
    fewer = shapely.get_num_coordinates(shapely.remove_repeated_points(shapes))
    doubled = solid[fewer < shapely.get_num_coordinates(shapes)]
    return _of_rows(
        doubled, "with the same vertex twice in a row", "remove repeated vertices in a GIS"
    )


@rule("spike", "notice", GeometryError, opens=False)
def _spikes(subject: Subject) -> Finding | None:
    """Find areas whose outline runs out and back in a corner of less than a degree.

    A spike is a slip of the mouse or of a snapping tool. It adds next to no area, but lengthens the outline, moves the
    box of the area, and can put far places next to it.
    """
    rings, rows = _rings(subject.shapes)
    points, of = shapely.get_coordinates(rings, return_index=True)
    spiky = set()
    for ring in np.unique(of):
        corner = points[of == ring][:-1]
        before, after = np.roll(corner, 1, axis=0) - corner, np.roll(corner, -1, axis=0) - corner
        length = np.hypot(*before.T) * np.hypot(*after.T)
        with np.errstate(invalid="ignore", divide="ignore"):
            cosine = (before * after).sum(axis=1) / length
        if (cosine > _SHARP).any():
            spiky.add(int(rows[ring]))
    return _of_rows(sorted(spiky), "with a spike in the outline", "remove its vertex in a GIS")


@rule("over-180", "notice", GeometryError, opens=False)
def _over_180(subject: Subject) -> Finding | None:
    """Find edges of lines and areas in degrees that go more than half the way around the earth.

    An edge from 179 to -179 degrees is meant to be short, but its numbers lead around the world the other way. RFC 7946
    (section 3.1.9) wants what crosses the 180th meridian cut there. An edge of exactly 360 degrees is that of the whole
    world, and none of these.
    """
    crs = subject.frame.crs
    if crs is None or not crs.is_geographic:
        return None
    parts, rows = shapely.get_parts(subject.shapes, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        rows = rows[inner]
    lines = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    rings, of = _rings(parts)
    xy, path = shapely.get_coordinates(np.concatenate([parts[lines], rings]), return_index=True)
    owner = np.concatenate([rows[lines], rows[of]])[path]
    step = np.abs(np.diff(xy[:, 0]))
    around = (step > 180) & (step < 360) & (path[1:] == path[:-1])
    return _of_rows(
        owner[1:][around],
        "with an edge that goes more than half the way around the earth",
        "cut it at the 180th meridian, if it crosses that",
    )


@rule("sliver", "notice", GeometryError, opens=False)
def _slivers(subject: Subject) -> Finding | None:
    """Find areas that are far longer than wide, such as what is left between two outlines that nearly agree.

    Measured by the area over the square of the outline, by which a circle has 1 (times 4 pi) and a strip of a thousand
    by one 0.003; below 0.001 it is called a sliver.
    """
    kind = shapely.get_dimensions(subject.shapes) == 2
    rows = np.flatnonzero(kind)
    shapes = _flat(subject)[rows]
    length = shapely.length(shapes)
    with np.errstate(invalid="ignore", divide="ignore"):
        compact = 4 * np.pi * shapely.area(shapes) / length**2
    return _of_rows(
        rows[compact < _THIN], "far longer than wide", "join them to a neighbour in a GIS"
    )


def _rings(shapes: Any) -> tuple[Any, Any]:
    """Return the rings of all areas, and the row to which each belongs."""
    parts, rows = shapely.get_parts(shapes, return_index=True)
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of = shapely.get_rings(parts[areas], return_index=True)
    return rings, rows[areas][of]


def _flat(subject: Subject) -> Any:
    """Return shapes whose degrees of longitude are as long as those of latitude, near enough for a proportion."""
    crs = subject.frame.crs
    if crs is None or not crs.is_geographic or not len(subject.centres):
        return subject.shapes
    shrink = float(np.cos(np.radians(np.nanmedian(subject.centres[:, 1]))))
    return shapely.transform(subject.shapes, lambda points: points * (shrink, 1.0))


def _of_rows(rows: Any, what: str, remedy: str) -> Finding | None:
    """Return what is found in some rows; None if there are none."""
    found = tuple(dict.fromkeys(int(row) for row in rows))
    if not found:
        return None
    word = "a shape" if len(found) == 1 else f"{len(found):,} shapes"
    return Finding(f"has {word} {what}", remedy, found)
