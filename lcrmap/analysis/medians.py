"""The middle numbers of groups, exact, of more numbers than can be held.

Numbers are held while they are few. Of more, how many lie in each of many *cells* is kept: a cell is all floats that
begin with the same bits, and cells are as narrow as their number allows. A further pass over the same numbers then
looks only into the cells that hold the middles, and divides these, until what lies in them can be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import numpy as np

__all__ = ["ROOM", "Cells", "Middles", "few_held"]

ROOM: Final = 1 << 18
"""How many numbers are held at most, and how many cells are told apart."""

Floats = np.ndarray[Any, np.dtype[np.float64]]
Keys = np.ndarray[Any, np.dtype[np.uint64]]
Rows = np.ndarray[Any, np.dtype[np.int64]]
Of = TypeVar("Of")

_BITS: Final = 64
_SIGN: Final = np.uint64(1 << 63)
_SIZE: Final = np.int64((1 << 63) - 1)  # all bits but the sign


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Where the middle numbers of groups are sought: two cells for each group, and for all groups as one more.

    Attributes
    ----------
    prefix
        The first bits of the keys in a cell: of the lower middle of each group and of its upper one, in turns.
    below
        How many numbers of the group are less than any in the cell.
    bits
        How many bits of the keys are open.
    room
        Into how many cells these may be divided, if there are not more groups.
    """

    prefix: Keys
    below: Rows
    bits: int
    room: int

    @classmethod
    def everywhere(cls, groups: int, room: int = ROOM) -> Cells:
        """Return cells that hold every number."""
        size = 2 * (groups + 1)
        return cls(np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.int64), _BITS, room)

    def hold(self, group: Rows, keys: Keys) -> tuple[Rows, Any]:
        """Return for each number the cell of its group that it would be in, and whether it is in it."""
        top = keys >> np.uint64(self.bits)
        lower, upper = (self.prefix[2 * group + side] == top for side in (0, 1))
        return 2 * group + (upper & ~lower), lower | upper

    def found(self, row: Rows, keys: Keys) -> tuple[Keys, Keys]:
        """Return the cell of each number, once in its group and once in all, and the bits that are open."""
        every = np.full_like(row, len(self.prefix) // 2 - 1)
        open_ = keys & _ones(self.bits)
        pairs = [(*self.hold(group, keys), open_) for group in (row, every)]
        cells = np.concatenate([cell[there] for cell, there, _ in pairs])
        return cells.astype(np.uint64), np.concatenate([each[there] for _, there, each in pairs])


@dataclass(frozen=True, slots=True, eq=False)
class Middles:
    """What is known of numbers whose groups' middles are sought; ``+`` puts those of two pieces together.

    Attributes
    ----------
    cells
        Where they are sought.
    row, numbers
        The group of each number that is held, and the number.
    codes, counts
        Of numbers that are counted, the cells in ascending order, and how many numbers are in each; a code is the
        number of the cell that was divided, followed by the bits that tell its parts apart. None where they are held.
    dropped
        How many of the last bits of numbers no longer tell them apart.
    exact
        Whether all of these are noughts, so that nothing was lost.
    """

    cells: Cells
    row: Rows
    numbers: Floats
    codes: Keys | None = None
    counts: Rows | None = None
    dropped: int = 0
    exact: bool = True

    @classmethod
    def of(cls, row: Rows, numbers: Any, cells: Cells) -> Middles:
        """Keep those numbers that lie where the middles are sought.

        Parameters
        ----------
        row
            The group of each, from 0.
        numbers
            int64 or float64, without gaps.

        Examples
        --------
        >>> numbers = np.array([3.0, 1.0, 2.0, 9.0])
        >>> some = Middles.of(np.array([0, 0, 0, 1]), numbers, Cells.everywhere(2))
        >>> some.values(np.array([3, 1, 4])).tolist()
        [2.0, 9.0, 2.5]
        """
        numbers = numbers.astype(np.float64)
        keys = _keys(numbers)
        every = np.full_like(row, len(cells.prefix) // 2 - 1)
        there = cells.hold(row, keys)[1] | cells.hold(every, keys)[1]
        made = cls(cells, row[there], numbers[there])
        return made if len(made.row) <= ROOM else made.counted()

    def __add__(self, other: Middles) -> Middles:
        if self.codes is None and other.codes is None:
            row = np.concatenate([self.row, other.row])
            numbers = np.concatenate([self.numbers, other.numbers])
            both = replace(self, row=row, numbers=numbers)
            return both if len(row) <= ROOM else both.counted()
        one, more = self.counted(), other.counted()
        dropped = max(one.dropped, more.dropped)
        parts = [each._without(dropped - each.dropped) for each in (one, more)]
        codes = np.concatenate([codes for codes, _, _ in parts])
        order = np.argsort(codes, kind="stable")  # which merges what is in order already
        counts = np.concatenate([counts for _, counts, _ in parts])[order]
        codes, counts = _summed(codes[order], counts)
        exact = all(each for _, _, each in parts)
        return replace(one, codes=codes, counts=counts, dropped=dropped, exact=exact)._in_room()

    def counted(self) -> Middles:
        """Return the same with the numbers counted, none held."""
        if self.codes is not None:
            return self
        cells = self.cells
        cell, open_ = cells.found(self.row, _keys(self.numbers))
        drop = max(0, (len(cells.prefix) - 1).bit_length() + cells.bits - _BITS)
        codes = cell << np.uint64(cells.bits - drop) | open_ >> np.uint64(drop)
        codes, counts = np.unique(codes, return_counts=True)
        made = Middles(
            cells,
            self.row[:0],
            self.numbers[:0],
            codes,
            counts.astype(np.int64),
            drop,
            not bool((open_ & _ones(drop)).any()),
        )
        return made._in_room()

    def _in_room(self) -> Middles:
        """Drop as many bits as must be, so that there are not too many cells."""
        assert self.codes is not None  # noqa: S101 (they are counted)
        most = max(self.cells.room, 4 * len(self.cells.prefix))
        if len(self.codes) <= most:
            return self
        differ = self.codes[1:] ^ self.codes[:-1]
        # Neighbours stay apart if they differ in a bit that is kept: of these there may be one less than cells.
        first = int(np.partition(differ, len(differ) - most)[len(differ) - most])
        drop = first.bit_length()
        codes, counts, exact = self._without(drop)
        dropped = self.dropped + drop
        return replace(self, codes=codes, counts=counts, dropped=dropped, exact=exact)

    def _without(self, bits: int) -> tuple[Keys, Rows, bool]:
        """Return codes and counts without so many of the last bits, and whether nothing was lost."""
        assert self.codes is not None  # noqa: S101 (they are counted)
        assert self.counts is not None  # noqa: S101 (they are counted)
        exact = self.exact and not bool((self.codes & _ones(bits)).any())
        return *_summed(self.codes >> np.uint64(bits), self.counts), exact

    def values(self, known: Rows) -> Floats:
        """Return the median of each group, and of all.

        Parameters
        ----------
        known
            How many numbers each has, and how many there are.

        Returns
        -------
        numpy.ndarray
            NaN where there is no number. Noughts have no sign.

        Raises
        ------
        ValueError
            If a further pass is needed.
        """
        if self.further(known) is not None:
            raise ValueError("the middles are not narrowed down")
        values = np.full(len(known), np.nan)
        there = np.flatnonzero(known > 0)
        if len(there):
            lower, upper = _numbers(self._middle(known, there)[0]).reshape(-1, 2).T
            with np.errstate(invalid="ignore", over="ignore"):
                values[there] = np.where(lower == upper, lower, (lower + upper) / 2)
        return values

    def further(self, known: Rows) -> Cells | None:
        """Return the cells into which a further pass must look; None if the middles are known."""
        there = np.flatnonzero(known > 0)
        if self.codes is None or self.exact or not len(there):
            return None
        keys, below = self._middle(known, there)
        made = Cells.everywhere(len(known) - 1, self.cells.room)
        place = (2 * there[:, None] + [0, 1]).ravel()
        made.prefix[place], made.below[place] = keys >> np.uint64(self.dropped), below
        return replace(made, bits=self.dropped)

    def _middle(self, known: Rows, there: Rows) -> tuple[Keys, Rows]:
        """Return the keys of the two middles of each group, as far as they are known, and how many are less."""
        cell, open_, counts = self._in_their_order()
        before = np.cumsum(counts) - counts
        rank = self.cells.below[cell] + before - before[np.searchsorted(cell, cell)]
        span = int(known.max()) + 1
        wanted = np.column_stack([(known[there] - 1) // 2, known[there] // 2])
        wanted = (there[:, None] * span + wanted).ravel()
        at = np.searchsorted(cell // 2 * span + rank, wanted, side="right") - 1
        return self.cells.prefix[cell[at]] << np.uint64(self.cells.bits) | open_[at], rank[at]

    def _in_their_order(self) -> tuple[Rows, Keys, Rows]:
        """Return cells with their open bits, in ascending order, and how many numbers are in each."""
        if self.codes is None or self.counts is None:
            cell, open_ = self.cells.found(self.row, _keys(self.numbers))
            order = np.lexsort((open_, cell))
            cell, open_ = cell[order], open_[order]
            return cell.astype(np.int64), open_, np.ones(len(cell), dtype=np.int64)
        width = self.cells.bits - self.dropped
        open_ = (self.codes & _ones(width)) << np.uint64(self.dropped)
        return (self.codes >> np.uint64(width)).astype(np.int64), open_, self.counts


def few_held(several: Mapping[Of, Middles]) -> dict[Of, Middles]:
    """Return several of which none holds its numbers, if they are too many together."""
    if sum(len(each.row) for each in several.values()) <= ROOM:
        return dict(several)
    return {of: each.counted() for of, each in several.items()}


def _ones(bits: int) -> np.uint64:
    return np.uint64((1 << bits) - 1)


def _keys(numbers: Floats) -> Keys:
    """Return whole numbers in the same order, which end in as many noughts as the floats; nought has one key."""
    bits = numbers.view(np.int64)
    return np.where(bits < 0, -(bits & _SIZE), bits).view(np.uint64) ^ _SIGN


def _numbers(keys: Keys) -> Floats:
    whole = (keys ^ _SIGN).view(np.int64)
    bits = np.where(whole < 0, (-whole).view(np.uint64) | _SIGN, whole.view(np.uint64))
    return bits.view(np.float64)


def _summed(codes: Keys, counts: Rows) -> tuple[Keys, Rows]:
    """Add up the counts of the same code."""
    if not len(codes):
        return codes, counts
    first = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    return codes[first], np.add.reduceat(counts, first)
