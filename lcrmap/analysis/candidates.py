"""Candidates for what is near: positions searched in blocks, by chords, whose bound is proven.

They are candidates only, and almost exactly those that are wanted: whoever asks measures them. What is near to many
queries that lie together is found for all of them at once, in tables of columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from lcrmap.analysis.chords import (
    FREE,
    SLACK,
    Blocks,
    Floats,
    Mask,
    Rows,
    in_blocks,
    lengths,
    longest_chord,
    met,
    reaching,
)

__all__ = ["closest", "nearest_candidates", "possibly_within", "within_candidates"]

_LEAF: Final = 16  # targets in a block, at most, unless twice k are more
_BLOCK: Final = 128  # queries in a block, at most, where there are many to each target
_SHARED: Final = 8  # targets in the place of a block of queries, about
_NARROW: Final = 8  # queries in a block that ask for all within a distance
_TOGETHER: Final = 64  # blocks that are looked at together, at most
_GROUP: Final = 1 << 11  # queries whose blocks are looked at together, about
_GUESS: Final = 1.5  # by how much farther the nearest may be from a query than from the middle
_MOST: Final = 512  # targets that a block of queries shares, if more than four times k
_CACHED_CELLS: Final = 1 << 17  # a table that stays in the processor's cache
_FEW: Final = 512  # targets that are quicker tried one and all than searched
_ROUNDING: Final = 2.0**-48  # of a squared chord, by products


def nearest_candidates(queries: Floats, targets: Floats, k: int) -> tuple[Rows, Rows]:
    """Return pairs among which are, for each query, the k targets nearest by geodesic, with all ties.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `lcrmap.analysis.chords.chord_space` gives them.
    k
        How many; more than there are means all.

    Returns
    -------
    tuple of two arrays of int64
        Row numbers in `queries`, and in `targets`: first k of each query, query by query, the shortest chord first;
        behind all of them what may be as near as the k-th. A target whose distance exceeds the k-th by up to a
        millimetre is always among them.
    """
    k = min(k, len(targets))
    if k == 0 or len(queries) == 0:
        return _no_pairs()
    tree = in_blocks(targets, max(_LEAF, 2 * k))
    target = np.empty((len(queries), k), dtype=np.int64)
    limit = np.empty(len(queries))
    tied = np.zeros(len(queries), dtype=bool)
    asking = np.arange(len(queries))
    width = min(max(_SHARED * len(queries) // len(targets), 1), _BLOCK)
    while len(asking):
        unsure = [asking[:0]]
        for found in _shared(queries[asking], tree, k, width):
            rows = asking[found.rows]
            target[rows], limit[rows], tied[rows] = found.targets, found.limit, found.tied
            unsure.append(rows[~found.sure])
        asking, width = np.concatenate(unsure), 1
    query = np.repeat(np.arange(len(queries)), k)
    if not tied.any():
        return query, target.ravel()
    again = np.flatnonzero(tied)
    some, others = _within(queries[again], tree, limit[again], np.zeros(len(targets)))
    more = (target[again[some]] != others[:, None]).all(axis=1)
    return np.append(query, again[some[more]]), np.append(target, others[more])


@dataclass(frozen=True, slots=True)
class _Found:
    """What has the shortest chords from some queries.

    Attributes
    ----------
    rows
        The queries.
    targets
        A line of k for each, the shortest first.
    limit
        The longest chord to what may be as near as the k-th.
    tied
        Whether there may be more that are as near.
    sure
        Whether nothing nearer was left out.
    """

    rows: Rows
    targets: Rows
    limit: Floats
    tied: Mask
    sure: Mask


def _shared(queries: Floats, tree: Blocks, k: int, width: int) -> Iterator[_Found]:
    """Find the shortest chords from queries, block by block.

    The targets around the middle of a block are tried for all its queries. How far around is guessed, by the k-th from
    the middle: a query that may have nearer ones beyond is not sure. One in a block of its own is.
    """
    blocks = in_blocks(queries, width)
    there = np.flatnonzero(blocks.balls.sizes)
    together = min(max(_GROUP // blocks.rows.shape[1], 16), _TOGETHER)
    for start in range(0, len(there), together):
        some = there[start : start + together]
        centres, radii = blocks.balls.centres[some], blocks.balls.radii[some]

        def reach(kth: Floats, radii: Floats = radii) -> Floats:
            surely = reaching(kth + radii) + radii
            guess = radii + (1 + _GUESS / math.sqrt(k)) * kth
            return (surely if width == 1 else np.minimum(surely, guess)) + SLACK

        targets, near, limit = _around(tree, centres, reach, k, bounded=width > 1)
        rows, here, taken = blocks.rows[some], blocks.xyz[some], ~blocks.free[some]
        here = np.where(taken[:, :, None], here - centres[:, None], 0)
        step = max(1, _CACHED_CELLS // (here.shape[1] * near.shape[1]))
        for first in range(0, len(some), step):
            part = slice(first, first + step)
            kth, found, last, error = _shortest(here[part], near[part], k)
            far = reaching(np.sqrt(kth + error)) + SLACK
            own, line = taken[part], np.arange(len(found))[:, None, None]
            yield _Found(
                rows[part][own],
                targets[part][line, found][own],
                far[own],
                (last <= far * far + error)[own],
                (far + lengths(here[part]) <= limit[part, None])[own] | (width == 1),
            )


def _around(
    tree: Blocks, centres: Floats, reach: Callable[[Floats], Floats], k: int, *, bounded: bool
) -> tuple[Rows, Floats, Floats]:
    """Return the targets around centres: as many of each, as far as the farthest reaches unless that is too many.

    Returns
    -------
    tuple
        Their row numbers, a line a centre; where they lie, seen from it; and within which distance none is left out.
    """
    chosen, gaps, limit = met(tree, centres, reach, k)
    most = int((gaps <= limit[:, None]).sum(axis=1).max())
    enough = max(_MOST, 4 * k)
    width = tree.rows.shape[1]
    blocks, beyond = _least(gaps, min(most, 2 + 4 * enough // width) if bounded else most)
    blocks, limit = chosen[blocks], np.minimum(limit, beyond)
    near = tree.xyz[blocks].reshape(len(centres), -1, 3) - centres[:, None]
    away = np.einsum("ijk,ijk->ij", near, near)
    kth = np.sqrt(np.partition(away, k - 1, axis=1)[:, k - 1])
    limit = np.minimum(limit, reach(kth))
    most = max(k, int((away <= (limit * limit)[:, None]).sum(axis=1).max()))
    places, beyond = _least(away, min(most, enough) if bounded else most)
    line = np.arange(len(centres))[:, None]
    targets = tree.rows[blocks].reshape(len(centres), -1)[line, places]
    return targets, near[line, places], np.minimum(limit, np.sqrt(beyond))


def _least(table: Floats, count: int) -> tuple[Rows, Floats]:
    """Return where the least values of each line are, and the least of the others, infinite if there is none."""
    lines, width = table.shape
    if count == width:
        return np.broadcast_to(np.arange(width), table.shape), np.full(lines, np.inf)
    order = np.argpartition(table, count, axis=1)
    return order[:, :count], table[np.arange(lines), order[:, count]]


def _shortest(here: Floats, near: Floats, k: int) -> tuple[Floats, Rows, Floats, Floats]:
    """Find the shortest of all chords from the queries of each block to the targets around it.

    Parameters
    ----------
    here, near
        Queries and targets of each block, seen from its middle.

    Returns
    -------
    tuple
        The square of the k-th for each query; a line of places of targets, the shortest first; the square of the one
        behind these, infinite if there is none; and how wrong a square of the block may be.
    """
    count = near.shape[1]
    own, away = np.einsum("ijk,ijk->ij", here, here), np.einsum("ijk,ijk->ij", near, near)
    one, other = np.empty((*own.shape, 5)), np.empty((len(near), 5, count))
    np.multiply(here, -2, out=one[..., :3])
    one[..., 3], one[..., 4] = 1, own
    other[:, :3], other[:, 3], other[:, 4] = near.transpose(0, 2, 1), away, 1
    table = one @ other
    # The place takes the last bits of a square, so that one partition finds both.
    bits = (count - 1).bit_length()
    packed = table.view(np.int64)
    packed &= -(1 << bits)
    packed |= np.arange(count)
    if count > k + 1:
        table.partition(k, axis=2)
    first = np.sort(table[..., : k + 1], axis=2)
    places = first[..., :k].view(np.int64) & ((1 << bits) - 1)
    kth = np.maximum(first[..., k - 1], 0)
    last = first[..., k] if count > k else np.full(kth.shape, np.inf)
    farthest = away.max(axis=1, where=away < FREE, initial=0)
    rounding = _ROUNDING + 2.0 ** (bits - 51)
    return kth, places, last, (rounding * (farthest + own.max(axis=1)))[:, None]


def closest(
    queries: Floats, targets: Floats, *, omitted: Rows | None = None
) -> tuple[Rows, Floats]:
    """Return for each query the target with the shortest chord, and its length; infinite where there is none.

    It tells the nearest by geodesic but for those that are as near to a few millionths. Of equal ones it is any.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `lcrmap.analysis.chords.chord_space` gives them.
    omitted
        For each query the row of the target that does not count, such as itself; None for none.

    Examples
    --------
    >>> from lcrmap.analysis.chords import chord_space
    >>> here, there = (chord_space(np.array(lon), np.zeros(2)) for lon in ([0.0, 3.0], [1.0, 2.5]))
    >>> row, chord = closest(here, there)
    >>> row.tolist(), chord.round().tolist()
    ([0, 1], [111318.0, 55660.0])
    """
    row, chord = np.zeros(len(queries), dtype=np.int64), np.full(len(queries), np.inf)
    for some, found, straight in _closest_of(queries, targets, omitted):
        row[some], chord[some] = found, straight
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
        straight = lengths(queries[query] - targets[target])
        order = np.lexsort([straight, query])
        first = order[np.unique(query[order], return_index=True)[1]]
        yield query[first], target[first], straight[first]
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
        yield some, best, np.where(alone, np.inf, lengths(here - around[best]))


def within_candidates(queries: Floats, targets: Floats, radius: Floats) -> tuple[Rows, Rows]:
    """Return pairs among which are all that lie within a geodesic distance of one another.

    Parameters
    ----------
    queries, targets
        Geocentric coordinates, as `lcrmap.analysis.chords.chord_space` gives them.
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
    here, chord = queries[asking], longest_chord(radius[asking]) + SLACK
    few, many = sorted([here, targets], key=len)
    tree = in_blocks(many, min(max(_LEAF, len(many) // len(few)), _BLOCK))
    none = np.zeros(len(targets))
    if many is targets:
        query, target = _within(here, tree, chord, none)
    else:  # whichever are fewer look for the others
        target, query = _within(targets, tree, none, chord)
    return asking[query], target


def _within(queries: Floats, tree: Blocks, chord: Floats, wide: Floats) -> tuple[Rows, Rows]:
    """Return all pairs within a chord: that of a query and that of a target together."""
    blocks = in_blocks(queries, _NARROW)
    far = np.where(blocks.free, -np.inf, chord[blocks.rows])
    wide = np.where(tree.free, 0, wide[tree.rows])
    found = []
    for some, chosen, near in _met_within(blocks, tree, far.max(axis=1), wide.max(axis=1)):
        block, leaf = np.nonzero(near)
        step = max(1, _CACHED_CELLS // (blocks.rows.shape[1] * tree.rows.shape[1]))
        for start in range(0, len(block), step):
            pairs = slice(start, start + step)
            found.append(_tried(blocks, far, tree, wide, some[block[pairs]], chosen[leaf[pairs]]))
    return _joined(found)


def _met_within(
    blocks: Blocks, tree: Blocks, chord: Floats, wide: Floats
) -> Iterator[tuple[Rows, Rows, Mask]]:
    """Give some blocks of queries, blocks of targets, and which of the two may be within their chords of each other."""
    there, width = np.flatnonzero(blocks.balls.sizes), _TOGETHER
    widest = float(wide.max())
    for start in range(0, len(there), width):
        some = there[start : start + width]
        farthest = chord[some] + blocks.balls.radii[some]

        def reach(_: Floats, farthest: Floats = farthest) -> Floats:
            return farthest + widest

        chosen, gaps, _ = met(tree, blocks.balls.centres[some], reach)
        yield some, chosen, gaps <= farthest[:, None] + wide[chosen]


def _tried(
    blocks: Blocks, far: Floats, tree: Blocks, wide: Floats, block: Rows, leaf: Rows
) -> tuple[Rows, Rows]:
    """Return the pairs within their chords, of pairs of blocks."""
    at, most, balls = blocks.xyz[block], far[block], tree.balls
    gaps = lengths(at - balls.centres[leaf][:, None]) - balls.radii[leaf][:, None]
    pair, place = np.nonzero(gaps <= most + wide[leaf].max(axis=1)[:, None])
    at, most, leaf = at[pair, place], most[pair, place, None] + wide[leaf[pair]], leaf[pair]
    squared = np.zeros(most.shape)
    for axis in range(3):
        along = tree.xyz[..., axis][leaf]
        along -= at[:, axis, None]
        along *= along
        squared += along
    hit = squared <= most * most
    query = blocks.rows[block[pair], place]
    return np.repeat(query, np.count_nonzero(hit, axis=1)), tree.rows[leaf][hit]


def possibly_within(queries: Floats, targets: Floats, chord: float) -> Rows:
    """Return the queries, in order, among which are all that have a target within a chord; by blocks, so cheaply.

    Examples
    --------
    >>> from lcrmap.analysis.chords import chord_space
    >>> places = chord_space(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    >>> possibly_within(places[:1], places[1:], 1000.0).tolist(), possibly_within(places, places, 0.0).tolist()
    ([], [0, 1])
    """
    if len(queries) == 0 or len(targets) == 0:
        return np.empty(0, dtype=np.int64)
    blocks, tree = in_blocks(queries, _BLOCK), in_blocks(targets, _BLOCK)
    far, none = np.full(len(blocks.rows), chord), np.zeros(len(tree.rows))
    near = [some[each.any(axis=1)] for some, _, each in _met_within(blocks, tree, far, none)]
    chosen = np.concatenate(near)
    return np.sort(blocks.rows[chosen][~blocks.free[chosen]])


def _joined(found: list[tuple[Rows, Rows]]) -> tuple[Rows, Rows]:
    if not found:
        return _no_pairs()
    return np.concatenate([each[0] for each in found]), np.concatenate([each[1] for each in found])


def _no_pairs() -> tuple[Rows, Rows]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
