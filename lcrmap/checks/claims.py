"""Rules that hold where features lie to what somebody says of it; `lcrmap check` alone looks at them."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from lcrmap.checks.registry import SLACK, Claim, Finding, Subject, rule
from lcrmap.errors import GeometryError

__all__: list[str] = []

_ERROR: Final = "position_error_m"
_FEWEST: Final = 10  # features of which it can be told that one is far from the others
_FAR: Final = 20.0  # times as far from the middle as the middle one of them


@rule("unplaced", "notice", GeometryError, opens=False)
def _unplaced(subject: Subject) -> Finding | None:
    """Find features without a position, where others have one.

    They stay in every table and are counted as having no position, but no map shows them. Where the position is not
    published that is right; else complete the coordinates, the postcode or the code of the area.
    """
    there = np.zeros(len(subject.frame), dtype=bool)
    there[subject.placed_rows] = True
    if there.all() or not there.any():
        return None
    rows = np.flatnonzero(~there)
    word = "a feature" if len(rows) == 1 else f"{len(rows):,} features"
    return Finding(f"has {word} without a position", "give one where it is known", _rows(rows))


@rule("null-island", "notice", GeometryError, opens=False)
def _null_island(subject: Subject) -> Finding | None:
    """Find points at nought degrees north and nought east, in the Gulf of Guinea.

    There lands what has no position and was written with two noughts.
    """
    points = shapely.get_type_id(subject.shapes) == 0
    rows = np.flatnonzero(points)
    at = shapely.get_coordinates(subject.shapes[rows])
    there = rows[(at == 0).all(axis=1)] if len(rows) else rows
    if not len(there):
        return None
    word = "a point" if len(there) == 1 else f"{len(there):,} points"
    return Finding(
        f"has {word} at 0, 0", "leave the position empty where it is not known", _rows(there)
    )


@rule("far-from-others", "notice", GeometryError, opens=False)
def _far_from_others(subject: Subject) -> Finding | None:
    """Find features more than twenty times as far from the middle of all as half of them are.

    A digit or a sign is often wrong. It takes ten features to tell, and may be right: islands are far from others.
    """
    if len(subject.centres) < _FEWEST:
        return None
    from_middle = np.hypot(*(subject.centres - np.median(subject.centres, axis=0)).T)
    usual = float(np.median(from_middle))
    far = subject.placed_rows[from_middle > _FAR * usual] if usual > 0 else []
    if not len(far):
        return None
    word = "a feature" if len(far) == 1 else f"{len(far):,} features"
    return Finding(f"has {word} far from all others", "check the sign and the digits", _rows(far))


@rule("outside", "fault", GeometryError, opens=False)
def _outside(subject: Subject) -> Finding | None:
    """Find features that lie in none of the areas of ``--inside``.

    A feature that touches an area, or lies within its own ``position_error_m`` of one, is inside. How far outside it
    lies is measured along the ground, as ``near`` does.
    """
    if subject.inside is None or subject.frame.crs is None:
        return None
    rows = subject.placed_rows
    shapes = gpd.GeoSeries(subject.shapes[rows], crs=subject.frame.crs)
    off = _distance(subject, shapes, subject.inside.geometry)
    out = rows[off > _errors(subject)[rows]]
    if not len(out):
        return None
    metres = off[np.isin(rows, out)]
    details = tuple(
        f"{each:,.0f} m outside" if np.isfinite(each) else "outside, and nowhere on earth"
        for each in metres
    )
    word = "a feature" if len(out) == 1 else f"{len(out):,} features"
    return Finding(
        f"has {word} outside the areas", "check the position, or the areas", _rows(out), details
    )


@rule("claimed-area", "notice", GeometryError, opens=False)
def _claimed_area(subject: Subject) -> Finding | None:
    """Find features that lie in another area than a column of theirs says.

    The column holds codes or names of areas of the data pack. Either the position or the column is wrong, and answers
    by position differ from those by column. A feature whose position error reaches the area that it claims is not
    listed.
    """
    found, details = [], []
    for claim in subject.claims:
        for row, said in _contradicted(subject, claim):
            found.append(row)
            details.append(said)
    if not found:
        return None
    word = "a feature" if len(found) == 1 else f"{len(found):,} features"
    what = f"has {word} in another area than a column says"
    return Finding(what, "correct the position or the column", tuple(found), tuple(details))


def _contradicted(subject: Subject, claim: Claim) -> list[tuple[int, str]]:
    rows = subject.placed_rows[claim.rows[subject.placed_rows] >= 0]
    if not len(rows) or subject.frame.crs is None:
        return []
    areas = np.asarray(claim.areas.array, dtype=object)
    shapes = gpd.GeoSeries(subject.shapes[rows], crs=subject.frame.crs)
    places = np.asarray(shapes.to_crs(pyproj.CRS(claim.areas.crs)).array, dtype=object)
    claimed = claim.rows[rows]
    wrong = np.flatnonzero(~shapely.intersects(places, areas[claimed]))
    off = _apart(subject, _chosen(shapes, wrong), claim.areas, claimed[wrong])
    wrong = wrong[off > _errors(subject)[rows[wrong]]]
    tree = shapely.STRtree(areas)
    said = []
    for n in wrong:
        within = tree.query(places[n], predicate="intersects")
        lies = f"lies in '{claim.names[within[0]]}'" if len(within) else "lies in none of them"
        said.append(
            (
                int(rows[n]),
                f"'{claim.column}' says '{claim.names[claim.rows[rows[n]]]}', and it {lies}",
            )
        )
    return said


def _apart(subject: Subject, shapes: gpd.GeoSeries, areas: gpd.GeoSeries, claimed: Any) -> Any:
    """Return how many metres each shape lies from the area of that number."""
    off = np.full(len(shapes), np.nan)
    for area in np.unique(claimed):
        some = np.flatnonzero(claimed == area)
        off[some] = _distance(subject, _chosen(shapes, some), _chosen(areas, [area]))
    return off


def _distance(subject: Subject, shapes: gpd.GeoSeries, areas: gpd.GeoSeries) -> Any:
    """Return how many metres each shape lies from the nearest area; no number is enough for one off the earth."""
    low_x, low_y, high_x, high_y = shapes.to_crs("EPSG:4326").bounds.to_numpy().T
    degrees = np.maximum(-low_x, high_x) <= 180 + SLACK
    on_earth = np.flatnonzero(degrees & (np.maximum(-low_y, high_y) <= 90))
    off = np.full(len(shapes), np.inf)
    off[on_earth] = subject.distance(_chosen(shapes, on_earth), areas)
    return off


def _chosen(shapes: gpd.GeoSeries, rows: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(np.asarray(shapes.array, dtype=object)[rows], crs=shapes.crs)


def _errors(subject: Subject) -> Any:
    """Return by how many metres the position of each feature may be off; 0 where nobody says."""
    if _ERROR not in subject.frame.columns:
        return np.zeros(len(subject.frame))
    values = subject.values[_ERROR]
    numbers = np.array(
        [each if isinstance(each, int | float) else np.nan for each in values], dtype=float
    )
    return np.nan_to_num(numbers, nan=0.0)


def _rows(rows: Any) -> tuple[int, ...]:
    return tuple(int(row) for row in rows)
