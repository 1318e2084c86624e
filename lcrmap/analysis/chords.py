"""Distances through the earth, which bound those on the ground: what candidates for the near are found by.

Positions on the WGS84 ellipsoid are put into three dimensions, where the straight line between two of them, the
chord, is cheap to compute, knows no 180th meridian and no pole, and bounds the geodesic from both sides:

* a chord is never longer than any path between its ends;
* a geodesic turns only with the surface, whose normal curvature is nowhere above 1/R with R = b²/a
  (6,335,439.327 m, along the meridian at the equator). By Schur's comparison theorem a curve of length s and curvature
  at most 1/R, with s up to pi R, spans a chord of at least 2 R sin(s / 2R).

Hence ``chord <= geodesic <= 2 R asin(chord / 2R)``: the two differ by 3 parts in a million at 50 km. Over thousands of
kilometres, where a chord alone says little, `longest_chord` bounds it by the sphere within the ellipsoid.

Many positions are searched in blocks, an index that is built and searched by columns. Positions are divided along their
widest axis until a block holds no more than wanted. Each block has the ball that holds it, and so have the boughs that
eight blocks, or eight boughs, make; whoever searches meets these balls first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = [
    "FREE",
    "SLACK",
    "Balls",
    "Blocks",
    "Floats",
    "Mask",
    "Rows",
    "balls",
    "chord_space",
    "in_blocks",
    "lengths",
    "longest_chord",
    "longest_geodesic",
    "met",
    "reaching",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

SEMI_MAJOR: Final = 6378137.0
FLATTENING: Final = 1 / 298.257223563
ECCENTRICITY_SQUARED: Final = FLATTENING * (2 - FLATTENING)
SMALLEST_RADIUS: Final = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED)
SEMI_MINOR: Final = SEMI_MAJOR * (1 - FLATTENING)

SLACK: Final = 0.002  # metres: ties to the millimetre, and every rounding on the way, lie inside it
FREE: Final = 1e100  # the coordinates of a place in a block that nobody takes: beyond everything
_BALL: Final = 128  # positions in a ball, at most
_AT_ONCE: Final = 3  # halvings in one pass: eight parts
_TOP: Final = 1024  # balls that are met one and all, without boughs above them


def chord_space(lon: Floats, lat: Floats) -> Floats:
    """Return geocentric coordinates in metres, shape (n, 3), of positions on the WGS84 ellipsoid.

    Examples
    --------
    >>> chord_space(np.array([0.0]), np.array([0.0])).tolist()
    [[6378137.0, 0.0, 0.0]]
    """
    along, up = np.radians(lon), np.radians(lat)
    sine = np.sin(up)
    normal = SEMI_MAJOR / np.sqrt(1 - ECCENTRICITY_SQUARED * sine**2)
    across = normal * np.cos(up)
    height = normal * (1 - ECCENTRICITY_SQUARED) * sine
    return np.column_stack([across * np.cos(along), across * np.sin(along), height])


def longest_geodesic(chord: Floats) -> Floats:
    """Return the length in metres that no geodesic over such a chord exceeds; infinite near the antipodes.

    Source: Schur's comparison theorem (Chern, Curves and surfaces in Euclidean space, 1967) for normal
    curvatures of the ellipsoid up to a / b².
    """
    ratio = np.asarray(chord) / (2 * SMALLEST_RADIUS)
    with np.errstate(invalid="ignore"):
        bound = 2 * SMALLEST_RADIUS * np.arcsin(ratio)
    return np.where(ratio < 1, bound, np.inf)


def longest_chord(geodesic: Floats) -> Floats:
    """Return the length in metres that no chord over such a geodesic exceeds.

    No path is shorter than its image on the sphere of radius b within the ellipsoid, so a geodesic of s metres spans
    at most the angle s / b at the centre. Its ends are between b and a from there: by the law of cosines, a chord over
    that angle has at most 2 a sin(angle / 2) and the difference of the two radii.

    Examples
    --------
    >>> longest_chord(np.array([1000.0, 12_000_000.0])).round().tolist()
    [1000.0, 10351917.0]
    """
    angle = np.minimum(np.asarray(geodesic) / SEMI_MINOR, np.pi)
    return np.minimum(geodesic, 2 * SEMI_MAJOR * np.sin(angle / 2) + SEMI_MAJOR - SEMI_MINOR)


def reaching(chord: Floats) -> Floats:
    """Return the longest chord to what may be as near, by geodesic, as the other end of `chord`.

    Examples
    --------
    >>> reaching(np.array([1000.0, 1_000_000.0])).round(3).tolist()
    [1000.0, 1001041.011]
    """
    return longest_chord(longest_geodesic(chord))


@dataclass(frozen=True, slots=True)
class Balls:
    """Balls that hold positions.

    Attributes
    ----------
    centres, radii
        Metres; the radius of a ball that holds nothing is minus infinity.
    sizes
        How many positions each holds.
    """

    centres: Floats
    radii: Floats
    sizes: Rows

    def boughs(self) -> Balls:
        """Return the balls that hold eight of these each."""
        parts = (-1, 1 << _AT_ONCE)
        inner = self.centres.reshape(*parts, 3)
        centres = inner.mean(axis=1)
        radii = (lengths(inner - centres[:, None]) + self.radii.reshape(parts)).max(axis=1)
        return Balls(centres, radii, self.sizes.reshape(parts).sum(axis=1))


@dataclass(frozen=True, slots=True)
class Blocks:
    """Positions in blocks of one width.

    Attributes
    ----------
    rows
        The row numbers of the positions, a line a block; those of `free` places say nothing.
    xyz
        The positions, block by block; `FREE` at free places.
    free
        Which places nobody takes: fewer than there are blocks.
    levels
        The balls: those of boughs, the coarsest first, and of the blocks.
    """

    rows: Rows
    xyz: Floats
    free: Mask
    levels: list[Balls]

    @property
    def balls(self) -> Balls:
        """The balls of the blocks."""
        return self.levels[-1]


def in_blocks(xyz: Floats, width: int) -> Blocks:
    """Divide positions into blocks.

    Parameters
    ----------
    xyz
        At least one position in metres, shape (n, 3).
    width
        How many a block may hold; most hold more than half as many.

    Examples
    --------
    >>> four = in_blocks(np.array([[0.0, 0, 0], [9, 0, 0], [1, 0, 0], [8, 0, 0]]), 2)
    >>> four.rows.tolist(), four.balls.centres[:, 0].tolist(), four.balls.radii.tolist()
    ([[0, 2], [3, 1]], [0.5, 8.5], [0.5, 0.5])
    """
    count = len(xyz)
    halvings = max(0, math.ceil(math.log2(count / width)))
    places = math.ceil(count / (1 << halvings)) << halvings
    order = np.minimum(np.arange(places), count - 1)  # what fills up lies where the last one does
    axes = np.ascontiguousarray(xyz.T)
    done = 0
    while done < halvings:
        grid = order.reshape(1 << done, -1)
        members = axes.take(
            grid, axis=1
        )  # each axis in one piece, unlike what `axes[:, grid]` gives
        widest = (members.max(axis=2) - members.min(axis=2)).argmax(axis=0)
        values = members[widest, np.arange(len(grid))]
        order = np.take_along_axis(grid, np.argsort(values, axis=1), axis=1).ravel()
        done += min(_AT_ONCE, halvings - done)
    rows = order.reshape(1 << halvings, -1)
    free = rows == count - 1
    free[np.unravel_index(free.argmax(), free.shape)] = False
    held = xyz[rows]
    centres = held.mean(axis=1)
    radii = lengths(held - centres[:, None]).max(axis=1)
    sizes = rows.shape[1] - free.sum(axis=1)
    radii[sizes == 0] = -np.inf
    held[free] = FREE
    levels = [Balls(centres, radii, sizes)]
    while len(levels[0].radii) > _TOP:
        levels.insert(0, levels[0].boughs())
    return Blocks(rows, held, free, levels)


def balls(xyz: Floats) -> Iterator[tuple[Rows, Floats, float]]:
    """Give positions in blocks of about a hundred that lie together: the rows, and the ball that holds them."""
    if len(xyz) == 0:
        return
    blocks = in_blocks(xyz, _BALL)
    around = zip(blocks.balls.centres, blocks.balls.radii.tolist(), strict=True)
    for rows, free, (centre, radius) in zip(blocks.rows, blocks.free, around, strict=True):
        if not free.all():
            yield rows[~free], centre, radius


def met(
    blocks: Blocks, centres: Floats, reach: Callable[[Floats], Floats], k: int = 1
) -> tuple[Rows, Floats, Floats]:
    """Return the blocks that some centres reach, of those near any of them.

    Parameters
    ----------
    centres
        Positions that lie together.
    reach
        Gives for each centre how far it reaches, of a distance within which at least `k` positions lie.
    k
        How many that distance is to cover; no more than half the width of blocks.

    Returns
    -------
    tuple
        The numbers of blocks; for each centre, how far they are away at least, as a line of columns; and how far each
        centre reaches.
    """
    sure = np.full(len(centres), np.inf)
    chosen = np.arange(len(blocks.levels[0].radii))
    for level in blocks.levels:
        if level is not blocks.levels[0]:
            chosen = (chosen[:, None] * (1 << _AT_ONCE) + np.arange(1 << _AT_ONCE)).ravel()
        gaps, radii = np.sqrt(squares(centres, level.centres[chosen])), level.radii[chosen]
        holds = np.where(level.sizes[chosen] >= k, radii, np.inf)
        sure = np.minimum(sure, (gaps + holds).min(axis=1, initial=np.inf))
        limit = reach(sure)
        gaps -= radii
        near = (gaps <= limit[:, None]).any(axis=0)
        chosen, gaps = chosen[near], gaps[:, near]
    return chosen, gaps, limit


def squares(some: Floats, others: Floats) -> Floats:
    """Return the squared distances from each of some positions to each of others."""
    columns = np.ascontiguousarray(others.T)
    table: Floats = some[:, 0, None] - columns[0]
    table *= table
    for axis in (1, 2):
        along = some[:, axis, None] - columns[axis]
        along *= along
        table += along
    return table


def lengths(vectors: Floats) -> Floats:
    """Return the lengths of vectors, of which the last axis has the three coordinates."""
    found: Floats = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return found
