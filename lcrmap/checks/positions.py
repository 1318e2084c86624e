"""Rules about where things are: the CRS, and whether the numbers can be what it says."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from lcrmap.checks.registry import SLACK, Finding, Subject, rule
from lcrmap.errors import CRSError, GeometryError

__all__ = [
    "are_taken_for_swapped",
    "box_far_and_inside",
    "far_and_inside",
    "far_words",
    "is_far_worth_saying",
    "may_be_misplaced",
    "region_box",
    "tells_swaps",
    "turned_inside",
]

Box = tuple[float, float, float, float]
Pair = tuple[float, float]


@rule("no-position", "fault", GeometryError)
def _nothing_placed(subject: Subject) -> Finding | None:
    """Find a layer in which no feature has a position.

    Only where one is needed, as by a map or a count: a layer of features whose positions are not published is
    lawful, and stays in every table. Give coordinates, postcodes or codes of areas to at least one of them.
    A layer without any feature is refused so too, and by `lcrmap check`.
    """
    if not subject.need_geometry or len(subject.centres) or _not_finite_rows(subject).size:
        return None
    if len(subject.frame) == 0:
        return Finding("has no features", "check how it was made")
    count = len(subject.frame)
    return Finding(
        f"has {count} feature{'' if count == 1 else 's'} but not one position",
        "give coordinates to at least one of them",
    )


@rule("no-crs", "fault", CRSError)
def _crs_missing(subject: Subject) -> Finding | None:
    """Find positions of which nothing says the coordinate reference system.

    The same two numbers are a street in Liverpool in one system and a point at sea in another. GeoJSON is in
    degrees by its own rules; a GeoPackage or Shapefile without a system must be told one with --crs.
    """
    if subject.frame.crs is not None or not len(subject.centres):
        return None
    return Finding(
        "does not say its coordinate reference system",
        "say it with --crs, such as --crs EPSG:27700 (British National Grid) or --crs EPSG:4326 (degrees)",
    )


@rule("not-finite", "fault", GeometryError)
def _not_finite(subject: Subject) -> Finding | None:
    """Find coordinates that are infinite or not a number.

    They come from a division by nought, or from a program that writes NaN for what is missing. No distance to them
    can be said. Leave the position empty where it is not known.
    """
    rows = _not_finite_rows(subject)
    if not rows.size:
        return None
    return Finding(
        "has coordinates that are not finite numbers",
        "correct them, or leave the position empty",
        _as_rows(rows),
    )


@rule("grid-as-degrees", "fault", CRSError)
def _grid_as_degrees(subject: Subject) -> Finding | None:
    """Find numbers of the British National Grid in a file that claims degrees.

    Eastings and northings are numbers of six digits, and no longitude is beyond 180. Such a file was exported
    without its system; --crs EPSG:27700 reads it as it was meant.
    """
    if not _claims_degrees(subject) or subject.looks_like != "grid":
        return None
    return Finding(
        "claims degrees, but its numbers look like British National Grid",
        "say --crs EPSG:27700",
    )


@rule("mercator-as-degrees", "fault", CRSError)
def _mercator_as_degrees(subject: Subject) -> Finding | None:
    """Find numbers of Web Mercator in a file that claims degrees.

    Web maps work in metres from the equator, which makes numbers of six or seven digits, west of Greenwich negative
    ones. --crs EPSG:3857 reads such a file as it was meant.
    """
    if not _claims_degrees(subject) or subject.looks_like != "mercator":
        return None
    return Finding(
        "claims degrees, but its numbers look like Web Mercator",
        "say --crs EPSG:3857",
    )


@rule("degrees-as-grid", "fault", CRSError)
def _degrees_as_grid(subject: Subject) -> Finding | None:
    """Find degrees in a file that claims metres.

    All numbers are below 180, so that the whole layer would lie within a few hundred metres of the origin of the
    grid. --crs EPSG:4326 reads such a file as it was meant.
    """
    crs = subject.frame.crs
    if crs is None or not crs.is_projected or subject.looks_like not in ("degrees", "swapped"):
        return None
    return Finding(
        f"claims {_short(crs)}, but all its numbers look like degrees",
        "say --crs EPSG:4326",
    )


@rule("swapped", "fault", GeometryError)
def _swapped(subject: Subject) -> Finding | None:
    """Find latitude and longitude, or northing and easting, in each other's place.

    GeoJSON, and every format here, wants the east-west number first. It is called swapped if no longitude can be so
    large, or if no feature lies in the region of the data pack as it is and more than half would with the numbers
    exchanged. In a table, --x and --y exchange them.
    """
    if subject.frame.crs is None or not len(subject.centres):
        return None
    impossible = _claims_degrees(subject) and subject.looks_like == "swapped"
    if not impossible and not _right_when_swapped(subject):
        return None
    east, north = _axes(subject.frame.crs)
    return Finding(f"seems to have {north} and {east} swapped", _swapping(subject))


def _axes(crs: pyproj.CRS | None) -> tuple[str, str]:
    """Return what the two numbers of a position are called, the east-west one first."""
    return (
        ("longitude", "latitude") if crs is None or crs.is_geographic else ("easting", "northing")
    )


def _swapping(subject: Subject) -> str:
    """Return the remedy for numbers in each other's place."""
    if subject.x:
        return f"swap them with --x '{subject.y}' --y '{subject.x}'"
    return "write each position with the east-west number first"


@rule("degrees-out-of-range", "fault", GeometryError)
def _out_of_range(subject: Subject) -> Finding | None:
    """Find longitudes beyond 180 degrees and latitudes beyond 90.

    There is no such place. A digit too many, a decimal point lost, or degrees and minutes run together. In a table,
    where it concerns few rows, these count as having no position and the rest is read, unless --strict refuses the
    file.
    """
    if not _claims_degrees(subject) or subject.looks_like in ("grid", "mercator", "swapped"):
        return None
    points, index = subject.coordinates
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(points[:, 0]) > 180 + SLACK) | (np.abs(points[:, 1]) > 90 + SLACK)
        beyond &= np.isfinite(points).all(axis=1)
    rows = np.unique(index[beyond])
    if not rows.size:
        return None
    return Finding(
        "has positions beyond 180 degrees of longitude or 90 of latitude",
        "correct them, or say with --crs in which system they are",
        _as_rows(rows),
    )


@rule("far-from-region", "notice", GeometryError)
def _far_from_region(subject: Subject) -> Finding | None:
    """Find features far outside the region while others are inside: often a sign or digit is wrong.

    Farther from the region's box than the box is large. What lies nearer, but in the box with its two numbers
    exchanged, is named too if more than half of all that lies outside would so be in it: on the National Grid, the
    mirror of Liverpool is Staffordshire. Of a file of all Great Britain most lie far away, and nothing is said. Check
    the sign of the longitude, which is negative west of Greenwich, and the first digits.
    """
    box = region_box(subject.frame.crs, subject.region)
    if box is None or not len(subject.centres) or _not_finite_rows(subject).size:
        return None
    if _claims_degrees(subject) and subject.looks_like != "degrees":
        return None
    far, inside = far_and_inside(subject.centres, box)
    turned = turned_inside(subject.centres, box) & tells_swaps(box)
    if are_taken_for_swapped(int(turned.sum()), int((~inside).sum())):
        far |= turned
    extent = tuple(subject.centres.min(axis=0)), tuple(subject.centres.max(axis=0))
    if not is_far_worth_saying(int(far.sum()), int(inside.sum()), extent, subject.frame.crs):
        return None
    what, remedy = far_words(int(far.sum()), int((far & turned).sum()), subject.frame.crs)
    return Finding(what, remedy, _as_rows(subject.placed_rows[far]))


@rule("misplaced", "notice", GeometryError)
def _misplaced(subject: Subject) -> Finding | None:
    """Find positions none of which lies in Great Britain, where most would with numbers swapped or a sign changed.

    A file of Liverpool with positive longitudes lies in the North Sea, one with its numbers exchanged in the Indian
    Ocean. It may be meant so, and is used as it is.
    """
    if not _claims_degrees(subject) or subject.looks_like != "degrees":
        return None
    points = subject.centres
    if _right_when_swapped(subject):
        return None
    if not len(points) or not may_be_misplaced(
        tuple(points.min(axis=0)), tuple(points.max(axis=0))
    ):
        return None
    for mended, what, remedy in (
        (points[:, ::-1], "latitude and longitude swapped", _swapping(subject)),
        (
            points * (-1, 1),
            "the sign of its longitudes changed",
            "write longitudes west of Greenwich with a minus",
        ),
        (
            points[:, ::-1] * (-1, 1),
            "latitude and longitude swapped and the sign changed",
            _swapping(subject),
        ),
    ):
        count = int(_in_britain(mended).sum())
        if count > len(points) / 2:
            return Finding(
                f"has no position in Great Britain as it is, and {count:,} of {len(points):,} with {what}",
                f"if they are meant to be there, {remedy}",
            )
    return None


def may_be_misplaced(low: Pair, high: Pair) -> bool:
    """Tell whether positions in degrees of this extent all lie outside Great Britain, and might with other numbers."""
    west, south, east, north = _britain()

    def meets(x: Pair, y: Pair) -> bool:
        return x[0] <= east and x[1] >= west and y[0] <= north and y[1] >= south

    x, y = (low[0], high[0]), (low[1], high[1])
    back, down = (-x[1], -x[0]), (-y[1], -y[0])
    return not meets(x, y) and (meets(y, x) or meets(back, y) or meets(down, x))


@cache
def _britain() -> Box:
    """Return the extent of Great Britain in degrees: where its National Grid is meant for."""
    area = pyproj.CRS("EPSG:27700").area_of_use
    if area is None:
        raise RuntimeError("PROJ does not say where the National Grid is meant for.")
    return area.bounds


def _in_britain(points: Any) -> Any:
    return far_and_inside(points, _britain())[1]


def is_far_worth_saying(
    far: int, inside: int, extent: tuple[Pair, Pair], crs: pyproj.CRS | None
) -> bool:
    """Tell whether positions far outside a region are likely faults: of a file of Great Britain, most lie there.

    Parameters
    ----------
    far, inside
        How many lie far outside the region, and how many in it.
    extent
        The least and the greatest coordinates of all.
    """
    if not far or not inside:
        return False
    box = region_box(crs, _britain())
    if far <= inside or box is None:
        return True
    (west, south), (east, north) = extent
    return not (west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3])


def far_words(count: int, swapped: int, crs: pyproj.CRS | None) -> tuple[str, str]:
    """Return what is said of positions far outside the region, and the remedy.

    Parameters
    ----------
    swapped
        How many of them lie in the region when their numbers are exchanged.
    """
    what = f"has {count} position{'' if count == 1 else 's'} far outside the region, while others are in it"
    check = "check the sign and the digits"
    if not swapped:
        return what, check
    axes = " and ".join(_axes(crs))
    if swapped == count:
        return what, f"{axes} swapped? Exchange them, or {check}"
    return (
        what,
        f"{axes} swapped in {swapped:,} of them? Exchange them there, and {check} of the others",
    )


def tells_swaps(box: Box) -> bool:
    """Tell whether a region does not meet its own mirror; what lies in both may lie in the region either way.

    Examples
    --------
    >>> tells_swaps((-3.3, 53.2, -2.5, 53.7)), tells_swaps((9.0, 9.5, 11.0, 11.0))
    (True, False)
    """
    west, south, east, north = box
    return west > north or south > east


def are_taken_for_swapped(turned: int, outside: int) -> bool:
    """Tell whether positions near a region are taken for swapped: most of those outside would be in it, exchanged.

    Parameters
    ----------
    turned, outside
        How many of all would lie in the region with their numbers exchanged, and how many lie outside it.
    """
    return turned > outside / 2


def far_and_inside(centres: Any, box: Box) -> tuple[Any, Any]:
    """Return which of some positions are farther from a box than it is large, and which are in it."""
    west, south, east, north = box
    reach = np.array([east - west, north - south])
    beyond = np.maximum(np.array([west, south]) - centres, centres - np.array([east, north]))
    return (beyond > reach).any(axis=1), (beyond <= 0).all(axis=1)


def box_far_and_inside(box: Box, region: Box) -> tuple[bool | None, bool | None]:
    """Tell the same of all positions in a box at once; None where only they themselves would tell.

    Examples
    --------
    >>> box_far_and_inside((1, 1, 2, 2), (0, 0, 4, 4)), box_far_and_inside((9, 0, 9, 4), (0, 0, 4, 4))
    ((False, True), (True, False))
    >>> box_far_and_inside((3, 3, 5, 5), (0, 0, 4, 4)), box_far_and_inside((3, 3, 9, 5), (0, 0, 4, 4))
    ((False, None), (None, None))
    """
    west, south, east, north = region
    corners = np.array([[x, y] for x in box[0::2] for y in box[1::2]])
    far, inside = far_and_inside(corners, region)
    apart = np.array([west - box[2], south - box[3], box[0] - east, box[1] - north])
    reach = np.array([east - west, north - south] * 2)
    return (
        True if (apart > reach).any() else None if far.any() else False,
        True if inside.all() else False if (apart > 0).any() else None,
    )


def turned_inside(centres: Any, box: Box) -> Any:
    """Return which of some positions would be in a box with their numbers swapped."""
    west, south, east, north = box
    x, y = centres.T
    return (y >= west) & (y <= east) & (x >= south) & (x <= north)


def _claims_degrees(subject: Subject) -> bool:
    crs = subject.frame.crs
    return crs is not None and bool(crs.is_geographic)


def _right_when_swapped(subject: Subject) -> bool:
    """Tell whether no feature is in the region as it stands, and most are when swapped."""
    box = region_box(subject.frame.crs, subject.region)
    if box is None or not len(subject.centres):
        return False
    inside = far_and_inside(subject.centres, box)[1]
    return not inside.any() and bool(turned_inside(subject.centres, box).mean() > 0.5)


def region_box(crs: pyproj.CRS | None, region: Box | None) -> Box | None:
    """Return the envelope of a region in a layer's own coordinates, or None if there is none."""
    if region is None or crs is None:
        return None
    if crs.to_authority() == ("EPSG", "4326"):
        return region
    try:
        transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        west, south, east, north = transformer.transform_bounds(*region)
    except ProjError:
        return None
    return west, south, east, north


def _not_finite_rows(subject: Subject) -> np.ndarray[Any, Any]:
    points, index = subject.coordinates
    return np.unique(index[~np.isfinite(points).all(axis=1)])


def _as_rows(rows: np.ndarray[Any, Any]) -> tuple[int, ...]:
    return tuple(int(row) for row in rows)


def _short(crs: Any) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)[:60]
