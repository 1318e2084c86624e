"""Which pieces of two shapes that are far apart may be nearest: found by measuring, not by chords.

Over thousands of kilometres a chord through the earth says little of the geodesic, and nearly all pairs of pieces would
be candidates. So runs of neighbouring pieces are measured from middle to middle; by the triangle inequality no
piece of one run is nearer to any of the other than that less how far the runs reach. Runs that are out of question go,
the others are halved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lcrmap.analysis import metric
from lcrmap.analysis.chords import SLACK, Floats, Rows, balls, chord_space, longest_geodesic
from lcrmap.analysis.edges import Pieces

__all__ = ["SURE", "beyond", "far_candidates", "far_pairs"]

SURE = 500_000.0  # metres: up to here chords tell the nearest pieces from nearly all others
_RUN = 64  # pieces that are bounded together
_WIDE = 25_000.0  # metres: points that reach farther from their middle are looked at one by one
_MOST_PAIRS = 1 << 18  # that are given at once


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of pieces that follow each other: the first of each, the one behind the last, and how far it reaches."""

    first: Rows
    end: Rows
    middle: Rows
    reach: Floats

    @classmethod
    def of(cls, first: Rows, end: Rows, pieces: Pieces) -> _Runs:
        """Measure how far runs reach from the piece in their middle."""
        middle = (first + end) // 2
        sizes = end - first
        member = np.arange(int(sizes.sum())) + np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
        away = pieces.middle[member] - pieces.middle[np.repeat(middle, sizes)]
        chords = np.sqrt(np.einsum("ij,ij->i", away, away))
        farthest = np.maximum.reduceat(chords, np.cumsum(sizes) - sizes)
        # What is one piece reaches as far as the piece itself.
        return cls(first, end, middle, longest_geodesic(farthest) + pieces.reach)

    def halved(self, pieces: Pieces) -> tuple[_Runs, Rows]:
        """Return the halves of runs, and of which run each is; one piece stays whole."""
        whole = self.end - self.first == 1
        of = np.concatenate([np.arange(len(self.first)), np.flatnonzero(~whole)])
        first = np.concatenate([self.first, self.middle[~whole]])
        end = np.concatenate([np.where(whole, self.end, self.middle), self.end[~whole]])
        return _Runs.of(first, end, pieces), of


def far_candidates(own: Pieces, others: Pieces) -> tuple[Rows, Rows, dict[int, float]]:
    """Return pairs of pieces among which is, for each of the other shapes, the nearest to one shape.

    Parameters
    ----------
    own
        The pieces of one shape.
    others
        The pieces of other shapes.

    Returns
    -------
    tuple
        Row numbers in `own` and in `others`, and for each other shape a distance in metres that it does not exceed.
    """
    order = np.argsort(others.shape, kind="stable")
    others = others.of(order)
    shapes, starts = np.unique(others.shape, return_index=True)
    here = _Runs.of(np.array([0]), np.array([len(own.shape)]), own)
    there = _Runs.of(starts, np.append(starts[1:], len(order)), others)
    one, other = np.zeros(len(shapes), dtype=np.int64), np.arange(len(shapes))
    most = np.full(len(shapes), np.inf)
    while True:
        shape = np.searchsorted(shapes, others.shape[there.middle[other]])
        metres = _between(own, here.middle[one], others, there.middle[other])
        np.minimum.at(most, shape, metres)
        least = metres - here.reach[one] - there.reach[other] - metric.EDGE_BOUND - SLACK
        kept = least <= most[shape]
        one, other = one[kept], other[kept]
        single = (here.end - here.first)[one].max() == 1 and (there.end - there.first)[
            other
        ].max() == 1
        if single:
            break
        here, there, one, other = _finer(here, there, one, other, own, others)
    found = order[there.first[other]]
    return here.first[one], found, dict(zip(shapes.tolist(), most.tolist(), strict=True))


def _finer(
    here: _Runs, there: _Runs, one: Rows, other: Rows, own: Pieces, others: Pieces
) -> tuple[_Runs, _Runs, Rows, Rows]:
    """Halve the runs that are still in question, on both sides, and pair the halves."""
    used, one = np.unique(one, return_inverse=True)
    here, of_here = _some(here, used).halved(own)
    used, other = np.unique(other, return_inverse=True)
    there, of_there = _some(there, used).halved(others)
    pairs, one = _expanded(one, of_here)
    inner, other = _expanded(other[pairs], of_there)
    return here, there, one[inner], other


def _some(runs: _Runs, rows: Rows) -> _Runs:
    return _Runs(runs.first[rows], runs.end[rows], runs.middle[rows], runs.reach[rows])


def _expanded(parents: Rows, of: Rows) -> tuple[Rows, Rows]:
    """Return for each parent its children: the row of `parents`, and the child."""
    order = np.argsort(of, kind="stable")
    counts = np.bincount(of)
    starts = np.cumsum(counts) - counts
    sizes = counts[parents]
    rows = np.repeat(np.arange(len(parents)), sizes)
    inner = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return rows, order[starts[parents[rows]] + inner]


def _between(own: Pieces, one: Rows, others: Pieces, other: Rows) -> Any:
    start, end = _middles(own, one), _middles(others, other)
    return metric.geodesic(*start.T, *end.T)[0]


def _middles(pieces: Pieces, rows: Rows) -> Floats:
    middles: Floats = pieces.start[rows] + pieces.step[rows] / 2
    return middles


def beyond(positions: Floats, pieces: Pieces, wanted: int) -> Rows:
    """Return the positions, in order, of which fewer than `wanted` shapes are surely within `SURE` metres.

    Parameters
    ----------
    positions
        Geocentric metres.
    """
    middles = pieces.middle
    both = np.concatenate([positions, middles])
    if not len(both) or np.linalg.norm(both.max(axis=0) - both.min(axis=0)) <= SURE:
        return np.empty(0, dtype=np.int64)
    order = np.argsort(pieces.shape, kind="stable")
    shape = pieces.shape[order]
    first = np.flatnonzero(np.diff(shape, prepend=-1))
    starts = np.union1d(first, np.arange(0, len(order), _RUN))
    run = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    sizes = np.bincount(run)[:, None]
    centres = np.add.reduceat(middles[order], starts) / sizes
    reach = np.maximum.reduceat(np.linalg.norm(middles[order] - centres[run], axis=1), starts)
    own = np.searchsorted(starts, first)  # the first run of each shape
    far = []
    for rows, centre, radius in balls(positions):
        chords = np.linalg.norm(centres - centre, axis=1) + reach + radius
        nearest = np.minimum.reduceat(chords, own)
        if wanted > len(nearest) or np.partition(nearest, wanted - 1)[wanted - 1] > SURE:
            far.append(rows)
    return np.sort(np.concatenate(far)) if far else np.empty(0, dtype=np.int64)


def far_pairs(lon: Floats, lat: Floats, pieces: Pieces, wanted: int) -> Iterator[tuple[Rows, Rows]]:
    """Give pairs of positions and pieces among which are, for each position, the nearest of `wanted` shapes at least.

    Positions that lie close to each other are looked at together, as one that is as much less certain.

    Parameters
    ----------
    lon, lat
        Positions in degrees of WGS84.

    Yields
    ------
    tuple of two arrays of int64
        Numbers of positions and of pieces; all pairs of a position come at once.
    """
    positions = chord_space(lon, lat)
    for block in _close(positions):
        middle = block[len(block) // 2]
        chords = np.linalg.norm(positions[block] - positions[middle], axis=1)
        spread = float(longest_geodesic(chords.max()))
        at = positions[[middle]]
        place = np.array([[lon[middle], lat[middle]]])
        # The nearest to any of them is at most twice the spread farther from the middle than the nearest to it.
        own = Pieces(np.zeros(1, np.int64), place, np.zeros((1, 2)), at, at, 2 * spread)
        _, found, most = far_candidates(own, pieces)
        limit = np.sort(list(most.values()))[min(wanted, len(most)) - 1]
        slack = 2 * spread + pieces.reach + metric.EDGE_BOUND + SLACK
        near = np.array([each for each, metres in most.items() if metres <= limit + slack])
        found = found[np.isin(pieces.shape[found], near)]
        step = max(1, _MOST_PAIRS // len(found))
        for start in range(0, len(block), step):
            some = block[start : start + step]
            yield np.repeat(some, len(found)), np.tile(found, len(some))


def _close(positions: Floats) -> Iterator[Rows]:
    """Give positions in blocks that do not reach far; what lies scattered, one by one."""
    for rows, _, radius in balls(positions):
        if radius <= _WIDE:
            yield rows
        else:
            yield from rows[:, None]
