"""Which pieces of two shapes that are far apart may be nearest: found by measuring, not by chords.

Over thousands of kilometres a chord through the earth says little of the geodesic, and nearly all pairs of pieces would
be candidates. So runs of neighbouring pieces are measured from middle to middle; by the triangle inequality no
piece of one run is nearer to any of the other than that less how far the runs reach. Runs that are out of question go,
the others are halved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lcrmap.analysis import metric
from lcrmap.analysis.chords import SLACK, Floats, Rows, longest_geodesic
from lcrmap.analysis.edges import Pieces

__all__ = ["far_candidates"]


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
