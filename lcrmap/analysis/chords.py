"""Candidates for what is near, found through the earth: an index whose bound is proven.

Positions on the WGS84 ellipsoid are put into three dimensions, where the straight line between two of them, the
chord, is cheap to compute, knows no 180th meridian and no pole, and bounds the geodesic from both sides:

* a chord is never longer than any path between its ends;
* a geodesic turns only with the surface, whose normal curvature is nowhere above 1/R with R = b²/a
  (6,335,439.327 m, along the meridian at the equator). By Schur's comparison theorem a curve of length s and curvature
  at most 1/R, with s up to pi R, spans a chord of at least 2 R sin(s / 2R).

Hence ``chord <= geodesic <= 2 R asin(chord / 2R)``: the two differ by 3 parts in a million at 50 km, so that almost
exactly the wanted pairs come out as candidates. They are candidates only: whoever asks measures them. Over thousands of
kilometres, where a chord alone says little, `longest_chord` bounds it by the sphere within the ellipsoid.

The search works on blocks, not on single points: positions are halved along their widest axis until a block holds
about a hundred, and one block of queries at a time meets the blocks of targets that its bounding ball can reach.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = [
    "SLACK",
    "Floats",
    "Rows",
    "balls",
    "chord_space",
    "closest",
    "longest_chord",
    "longest_geodesic",
    "nearest_candidates",
    "possibly_within",
    "within_candidates",
]

Floats = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]

SEMI_MAJOR: Final = 6378137.0
FLATTENING: Final = 1 / 298.257223563
ECCENTRICITY_SQUARED: Final = FLATTENING * (2 - FLATTENING)
SMALLEST_RADIUS: Final = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED)
SEMI_MINOR: Final = SEMI_MAJOR * (1 - FLATTENING)

SLACK: Final = 0.002  # metres: ties to the millimetre, and every rounding on the way, lie inside it
_BLOCK: Final = 128  # positions a block, about: small enough to prune, large enough for columns
_MOST_CELLS: Final = 1 << 22  # the largest table of chords held at once
_FEW: Final = 4 * _BLOCK  # targets that are quicker tried one and all than searched
_CACHED_CELLS: Final = 1 << 15  # a table that stays in the processor's cache


def chord_space(lon: Floats, lat: Floats) -> Floats:
    """Return geocentric coordinates in metres, shape (n, 3), of positions on the WGS84 ellipsoid.

    Examples
    --------
    >>> chord_space(np.array([0.0]), np.array([0.0])).tolist()
    [[6378137.0, 0.0, 0.0]]
    """
    along, up = np.radians(lon), np.radians(lat)
    normal = SEMI_MAJOR / np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(up) ** 2)
    across = normal * np.cos(up)
    height = normal * (1 - ECCENTRICITY_SQUARED) * np.sin(up)
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


def _reached(chord: float) -> float:
    """Return the longest chord to what may be as near, by geodesic, as the other end of `chord`."""
    return float(longest_chord(longest_geodesic(np.array(chord))))


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Positions in blocks, each with the ball that holds it."""

    rows: list[Rows]
    sizes: Rows
    centres: Floats
    radii: Floats


def _blocks(xyz: Floats) -> _Blocks:
    """Halve the positions along their widest axis until blocks are small; all levels by columns."""
    count = len(xyz)
    levels = max(0, math.ceil(math.log2(count / _BLOCK))) if count else 0
    width = math.ceil(count / (1 << levels)) if count else 0
    padded = np.arange(width << levels)
    order = padded % count if count else padded
    real = padded < count
    axes = [np.ascontiguousarray(each) for each in xyz.T]
    for level in range(levels):
        grid = order.reshape(1 << level, -1)
        members = [each[grid] for each in axes]
        spans = [each.max(axis=1) - each.min(axis=1) for each in members]
        widest = np.argmax(spans, axis=0)[:, None]
        values = np.where(widest == 0, members[0], np.where(widest == 1, members[1], members[2]))
        halves = np.argpartition(values, grid.shape[1] // 2, axis=1)
        order = np.take_along_axis(grid, halves, axis=1).ravel()
        real = np.take_along_axis(real.reshape(grid.shape), halves, axis=1).ravel()
    grid, kept = order.reshape(1 << levels, width), real.reshape(1 << levels, width)
    rows = [line[keep] for line, keep in zip(grid, kept, strict=True) if keep.any()]
    held = xyz[grid[kept.any(axis=1)]]
    centres = held.mean(axis=1)
    radii = np.sqrt(((held - centres[:, None, :]) ** 2).sum(axis=2).max(axis=1, initial=0))
    return _Blocks(rows, np.array([len(each) for each in rows], dtype=np.int64), centres, radii)


def nearest_candidates(queries: Floats, targets: Floats, k: int) -> tuple[Rows, Rows]:
    """Return pairs among which are, for each query, the k targets nearest by geodesic, with all ties.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `chord_space` gives them.
    k
        How many; more than there are means all.

    Returns
    -------
    tuple of two arrays of int64
        Row numbers in `queries` and in `targets`, in no order. A target whose distance exceeds the k-th by up to a
        millimetre is always among them.
    """
    k = min(k, len(targets))
    if k == 0 or len(queries) == 0:
        return _no_pairs()
    tree = _blocks(targets)
    leaves_needed = min(math.ceil(k / max(int(tree.sizes.min()), 1)), len(tree.rows))
    found = []
    for rows, centre, radius in _each(_blocks(queries)):
        gaps = _lengths(tree.centres - centre)
        sure = float(np.partition(gaps + tree.radii, leaves_needed - 1)[leaves_needed - 1])
        candidates = _members(tree, gaps - tree.radii <= _reached(sure + radius) + radius + SLACK)
        away = _lengths(targets[candidates] - centre)
        kth = float(np.partition(away, k - 1)[k - 1])
        candidates = candidates[away <= _reached(kth + radius) + radius + SLACK]
        for some, squares in _tables(queries, rows, targets, candidates):
            farthest = np.sqrt(np.partition(squares, k - 1, axis=1)[:, k - 1])
            limit = longest_chord(longest_geodesic(farthest)) + SLACK
            query, target = np.nonzero(squares <= (limit * limit)[:, None])
            found.append((some[query], candidates[target]))
    return _joined(found)


def closest(
    queries: Floats, targets: Floats, *, omitted: Rows | None = None
) -> tuple[Rows, Floats]:
    """Return for each query the target with the shortest chord, and its length; infinite where there is none.

    It tells the nearest by geodesic but for those that are as near to a few millionths. Of equal ones it is any.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `chord_space` gives them.
    omitted
        For each query the row of the target that does not count, such as itself; None for none.

    Examples
    --------
    >>> here, there = (chord_space(np.array(lon), np.zeros(2)) for lon in ([0.0, 3.0], [1.0, 2.5]))
    >>> row, chord = closest(here, there)
    >>> row.tolist(), chord.round().tolist()
    ([0, 1], [111318.0, 55660.0])
    """
    row, chord = np.zeros(len(queries), dtype=np.int64), np.full(len(queries), np.inf)
    for some, found, lengths in _closest_of(queries, targets, omitted):
        row[some], chord[some] = found, lengths
    return row, chord


def _closest_of(
    queries: Floats, targets: Floats, omitted: Rows | None
) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Give some queries, the target closest to each, and their chords: a few targets are all tried, many searched."""
    if len(targets) > _FEW:
        query, target = nearest_candidates(queries, targets, 1 if omitted is None else 2)
        if omitted is not None:
            kept = target != omitted[query]
            query, target = query[kept], target[kept]
        lengths = _lengths(queries[query] - targets[target])
        order = np.lexsort([lengths, query])
        first = order[np.unique(query[order], return_index=True)[1]]
        yield query[first], target[first], lengths[first]
        return
    centre = targets.mean(axis=0) if len(targets) else 0  # squares around it keep their digits
    around = targets - centre
    own, columns = np.einsum("ij,ij->i", around, around), np.ascontiguousarray(around.T)
    step = max(1, _CACHED_CELLS // max(len(targets), 1))
    for start in range(0, len(queries) if len(targets) else 0, step):
        some = np.arange(start, min(start + step, len(queries)))
        here = queries[some] - centre
        squares = own - 2 * np.einsum("ij,jk->ik", here, columns)  # BLAS would call threads for it
        if omitted is not None:
            squares[some - start, omitted[some]] = np.inf
        best = squares.argmin(axis=1)
        alone = np.isinf(squares[some - start, best])
        yield some, best, np.where(alone, np.inf, _lengths(here - around[best]))


def within_candidates(queries: Floats, targets: Floats, radius: Floats) -> tuple[Rows, Rows]:
    """Return pairs among which are all that lie within a geodesic distance of one another.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `chord_space` gives them.
    radius
        The distance in metres for each query; NaN and negative ones reach nothing.

    Returns
    -------
    tuple of two arrays of int64
        Row numbers in `queries` and in `targets`, in no order.
    """
    asking = np.flatnonzero(radius >= 0)
    if len(asking) == 0 or len(targets) == 0:
        return _no_pairs()
    tree = _blocks(targets)
    chord = np.full(len(radius), np.nan)
    chord[asking] = longest_chord(radius[asking]) + SLACK
    found = []
    for members, centre, spread in _each(_blocks(queries[asking])):
        rows = asking[members]
        farthest = float(chord[rows].max()) + spread
        candidates = _members(tree, _lengths(tree.centres - centre) - tree.radii <= farthest)
        candidates = candidates[_lengths(targets[candidates] - centre) <= farthest]
        for some, squares in _tables(queries, rows, targets, candidates):
            query, target = np.nonzero(squares <= (chord[some] ** 2)[:, None])
            found.append((some[query], candidates[target]))
    return _joined(found)


def possibly_within(queries: Floats, targets: Floats, chord: float) -> Rows:
    """Return the queries, in order, among which are all that have a target within a chord; by blocks, so cheaply.

    Examples
    --------
    >>> places = chord_space(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    >>> possibly_within(places[:1], places[1:], 1000.0).tolist(), possibly_within(places, places, 0.0).tolist()
    ([], [0, 1])
    """
    if len(queries) == 0 or len(targets) == 0:
        return np.empty(0, dtype=np.int64)
    tree = _blocks(targets)
    near = [
        rows
        for rows, centre, radius in _each(_blocks(queries))
        if (_lengths(tree.centres - centre) - tree.radii <= chord + radius).any()
    ]
    return np.sort(np.concatenate(near)) if near else np.empty(0, dtype=np.int64)


def balls(positions: Floats) -> Iterator[tuple[Rows, Floats, float]]:
    """Give positions in blocks of about a hundred that lie together: the rows, and the ball that holds them."""
    if len(positions):
        yield from _each(_blocks(positions))


def _each(blocks: _Blocks) -> Iterator[tuple[Rows, Floats, float]]:
    return zip(blocks.rows, blocks.centres, blocks.radii.tolist(), strict=True)


def _members(tree: _Blocks, chosen: np.ndarray[Any, np.dtype[np.bool_]]) -> Rows:
    rows = [tree.rows[each] for each in np.flatnonzero(chosen)]
    return np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)


def _tables(
    queries: Floats, rows: Rows, targets: Floats, candidates: Rows
) -> Iterator[tuple[Rows, Floats]]:
    """Give the squared chords from some queries to all candidates, as many queries at once as fit."""
    if len(candidates) == 0:
        return
    x, y, z = targets[candidates].T
    step = max(1, _MOST_CELLS // len(candidates))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        here = queries[some]
        squares = _squared(here[:, 0, None] - x)
        squares += _squared(here[:, 1, None] - y)
        squares += _squared(here[:, 2, None] - z)
        yield some, squares


def _squared(values: Floats) -> Floats:
    return np.multiply(values, values, out=values)


def _lengths(vectors: Floats) -> Floats:
    lengths: Floats = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return lengths


def _joined(found: list[tuple[Rows, Rows]]) -> tuple[Rows, Rows]:
    if not found:
        return _no_pairs()
    return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])


def _no_pairs() -> tuple[Rows, Rows]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
