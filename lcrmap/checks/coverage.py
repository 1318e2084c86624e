"""Rules about areas that are meant to cover a region without gaps and overlaps; `lcrmap check` alone looks at them."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from lcrmap.checks.registry import Finding, Subject, rule
from lcrmap.errors import GeometryError

__all__: list[str] = []

_WGS84: Final = pyproj.Geod(ellps="WGS84")
_LEAST_M2: Final = 1.0  # what is smaller comes from rounding
# A gap has less than this part of the middle one of the areas; what is larger is meant.
_SMALL: Final = 0.1


@rule("overlap", "notice", GeometryError, opens=False)
def _overlaps(subject: Subject) -> Finding | None:
    """Find areas that lie on each other.

    Whatever lies in both is counted by the border rule in one of them, and sums of the areas are too large. Areas of
    overlap are geodesic, in square metres; less than one comes from rounding and is not said.
    """
    rows, shapes = _areas(subject)
    if len(rows) < 2:
        return None
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="intersects")
    pairs = one < other
    found, details = [], []
    for a, b in zip(one[pairs], other[pairs], strict=True):
        metres = _square_metres(shapely.intersection(shapes[a], shapes[b]))
        if metres >= _LEAST_M2:
            found.append(int(rows[a]))
            details.append(f"{metres:,.0f} m2 lie in {_named(subject, int(rows[b]))} too")
    if not found:
        return None
    word = (
        "two areas that overlap"
        if len(found) == 1
        else f"{len(found):,} pairs of areas that overlap"
    )
    return Finding(
        f"has {word}", "let one of them end at the other's border", tuple(found), tuple(details)
    )


@rule("gap", "notice", GeometryError, opens=False)
def _gaps(subject: Subject) -> Finding | None:
    """Find holes between areas that are smaller than a tenth of the middle one of them.

    A place in such a hole lies in no area, and is counted outside. Larger holes, such as a lake or a neighbour that is
    no part of the layer, are taken to be meant.
    """
    rows, shapes = _areas(subject)
    if len(rows) < 2:
        return None
    whole = shapely.union_all(shapely.make_valid(shapes))
    rings = shapely.get_rings(shapely.get_parts(whole))
    outer = shapely.get_exterior_ring(shapely.get_parts(whole))
    holes = [
        shapely.Polygon(each) for each in rings if not any(each.equals(some) for some in outer)
    ]
    usual = float(np.median([_square_metres(each) for each in shapes]))
    sizes = [(each, _square_metres(each)) for each in holes]
    small = [(each, size) for each, size in sizes if _LEAST_M2 <= size < _SMALL * usual]
    if not small:
        return None
    tree = shapely.STRtree(shapes)
    beside = [int(rows[tree.nearest(each.representative_point())]) for each, _ in small]
    details = tuple(f"a gap of {size:,.0f} m2 beside it" for _, size in small)
    word = "a gap" if len(small) == 1 else f"{len(small):,} gaps"
    return Finding(
        f"has {word} between its areas", "draw the borders together", tuple(beside), details
    )


def _areas(subject: Subject) -> tuple[Any, Any]:
    """Return the rows that are areas, and their shapes in degrees."""
    rows = np.flatnonzero(shapely.get_dimensions(subject.shapes) == 2)
    shapes = gpd.GeoSeries(subject.shapes[rows], crs=subject.frame.crs)
    if shapes.crs is None:
        return rows[:0], shapes.to_numpy()[:0]
    return rows, np.asarray(shapes.to_crs("EPSG:4326").array, dtype=object)


def _square_metres(shape: Any) -> float:
    return abs(float(_WGS84.geometry_area_perimeter(shape)[0]))


def _named(subject: Subject, row: int) -> str:
    column = subject.label or subject.key
    if column:
        return f"'{subject.frame[column].iloc[row]!s:.40}'"
    return f"{subject.row_word} {subject.row_numbers([row])[0]}"
