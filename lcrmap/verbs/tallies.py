"""An answer that is put together in the end: what is counted meanwhile is kept, so that a run that breaks off goes on.

The shares of pieces that follow each other are added up and kept as one tally, by whoever asked: no worker needs to
reach the place. A tally of any pieces will do, since the sum is the same in any grouping.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any, Final

from lcrmap.errors import OutputError, UsageError
from lcrmap.io.runs import Run
from lcrmap.io.stores import Place
from lcrmap.io.tasks import Runner, Sum, by_number
from lcrmap.io.versions import versions_here
from lcrmap.verbs.work import Piece, Work, Working

__all__ = ["Kept", "plan_of"]

ROWS: Final = 262_144
"""Of how many rows a tally tells, about: few enough to do again, and so many that writing it costs nothing."""

Worked = tuple[Any, int]
"""A share of the answer, and of how many rows it is."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Works on all pieces of which no tally tells, and keeps tallies of them; see `lcrmap.verbs.work.run`.

    Attributes
    ----------
    place
        Where they are kept: an empty folder, or that of a run that broke off.
    most
        Of how many rows a tally tells at most, if it is not of one piece.
    """

    place: Place
    most: int = ROWS

    def __call__(self, work: Work[Any, Any], seen: Any, runner: Runner) -> Iterator[Worked]:
        """Yield the shares in the order of the rows, those of a tally as one.

        Raises
        ------
        UsageError
            If the run that broke off was another.
        """
        pieces = work.pieces()
        run = Run(self.place)
        kept = _kept(work, run.begin(plan_of(work)), len(pieces))
        covered = {each for first, (end, _) in kept.items() for each in range(first, end)}
        left = [each for each in range(len(pieces)) if each not in covered]
        starts = {each: at for at, each in enumerate(sorted([*kept, *left]))}

        def numbered() -> Generator[tuple[int, Worked]]:
            yield from ((starts[first], worked) for first, (_, worked) in kept.items())
            bundles = _Bundles(run, _bundles(pieces, left, self.most))
            try:
                every = runner(Working(work, seen), [pieces[each] for each in left])
                for at, worked in every:
                    bundles.add(left[at], worked)
                    yield starts[left[at]], worked
            finally:
                bundles.write_the_rest()

        with closing(numbered()) as results:
            yield from by_number(results)


def plan_of(work: Work[Any, Any], **more: Any) -> dict[str, Any]:
    """Return all that decides the bytes of the answer."""
    pieces = repr([(each.layer, each.split) for each in work.pieces()])
    opened = work.sources.opened
    read = {each for layer in (*work.layers, *opened) for each in layer.inputs}
    return {
        "question": work.asked.to_plain(),
        "inputs": sorted([list(each.to_record().items()) for each in read]),
        "pack": work.sources.pack.sha256,
        "versions": versions_here(),
        "splits": hashlib.sha256(pieces.encode()).hexdigest(),
        **more,
    }


def _kept(
    work: Work[Any, Any], finished: Mapping[int, Mapping[str, Any]], pieces: int
) -> dict[int, tuple[int, Worked]]:
    """Return what tallies tell, by the first of their pieces; none tells of a piece of which another does."""
    kept: dict[int, tuple[int, Worked]] = {}
    due = 0
    for first in sorted(finished):
        told = finished[first]
        try:
            end, rows = int(told["end"]), int(told["rows"])
            share = work.share_of(told["share"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UsageError(
                "The run that broke off left a list that is none of lcrmap's: leave out --resume to begin anew."
            ) from None
        if due <= first < end <= pieces:
            kept[first], due = (end, (share, rows)), end
    return kept


def _bundles(pieces: Sequence[Piece], left: Sequence[int], most: int) -> list[list[int]]:
    """Put pieces together that follow each other, as long as they have no more rows than a tally tells of."""
    found: list[list[int]] = []
    rows = 0
    for number in left:
        split = pieces[number].split
        more = 0 if split is None else split.rows
        if not found or found[-1][-1] != number - 1 or rows + more > most:
            found.append([])
            rows = 0
        found[-1].append(number)
        rows += more
    return found


class _Bundles:
    """Holds what came of pieces until all of their bundle came, and writes it as a tally then."""

    def __init__(self, run: Run, bundles: Sequence[Sequence[int]]) -> None:
        self._run = run
        self._of = {number: bundle for bundle in bundles for number in bundle}
        self._come: dict[int, Worked] = {}

    def add(self, number: int, worked: Worked) -> None:
        """Take what came of a piece."""
        self._come[number] = worked
        bundle = self._of[number]
        if all(each in self._come for each in bundle):
            self._write(bundle)

    def write_the_rest(self) -> None:
        """Write what came of bundles of which not all came."""
        for following in _following(sorted(self._come)):
            self._write(following)

    def _write(self, numbers: Sequence[int]) -> None:
        total, rows = Sum[Any](), 0
        for each in numbers:
            share, more = self._come.pop(each)
            total.add(share)
            rows += more
        with suppress(OutputError):  # the answer does not hang on it, and says what the disk lacks
            tally = {"end": numbers[-1] + 1, "rows": rows, "share": total.value.told()}
            self._run.finish(numbers[0], tally)


def _following(numbers: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for each in numbers:
        if not found or found[-1][-1] != each - 1:
            found.append([])
        found[-1].append(each)
    return found
