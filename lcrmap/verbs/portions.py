"""An answer as a data set: whoever works on some of the pieces writes their rows, and returns what was counted.

No row comes back to where the question was asked. Which pieces go together follows from the splits alone, so the files
are the same whoever writes them, and in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lcrmap.errors import WholeNeededError
from lcrmap.io.ahead import ahead
from lcrmap.io.manifest import Manifest, Part
from lcrmap.io.parts import Progress, unsaid
from lcrmap.io.stores import Place
from lcrmap.io.tasks import Runner, Sum, Task, by_number, in_order
from lcrmap.io.writers.dataset import ROWS_PER_FILE, PartFiles, written_whole
from lcrmap.layers import Layer
from lcrmap.verbs.answer import Answer
from lcrmap.verbs.asks import work_class
from lcrmap.verbs.question import Rows, scenario_of
from lcrmap.verbs.sources import Sources
from lcrmap.verbs.work import (
    Piece,
    Telling,
    Work,
    handing_on,
    looked_at,
    rows_of,
    told_in_scenario,
)

__all__ = ["Portion", "Written", "answer_in_portions"]


@dataclass(frozen=True, slots=True)
class Portion:
    """Pieces that follow each other, whose rows go to files of their own.

    Attributes
    ----------
    number
        Which of the portions it is.
    pieces
        Its pieces, in the order of the rows.
    """

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What became of a portion.

    Attributes
    ----------
    files
        The files with its rows.
    share
        What was counted of it.
    rows
        How many rows were read.
    carried
        The metadata that the files carry; None if no row came.
    """

    files: tuple[Part, ...]
    share: Any
    rows: int
    carried: dict[str, Any] | None

    def __add__(self, other: Written) -> Written:
        """Return both together, the other behind this one."""
        return Written(
            (*self.files, *other.files),
            self.share + other.share,
            self.rows + other.rows,
            self.carried or other.carried,
        )


@dataclass(frozen=True, slots=True)
class _Writing(Task[Portion, Written]):
    """Work on the pieces of a portion and write their rows."""

    doing: Work[Any, Any]
    seen: Any
    place: Place
    most: int

    def do(self, portion: Portion, read: Any) -> Written:
        """Write the rows of a portion."""
        files = PartFiles(self.place, f"{portion.number:06d}", self.most)
        write = handing_on(self.doing, _Rows(files), self.doing.rows_to_come(self.seen))
        total, rows = Sum[Any](), 0
        try:
            for piece, found in ahead(self._reading(portion)):
                rows += rows_of(found)
                total.add(write(self.doing.work(piece, found, self.seen)))
            return Written(files.end(), total.value, rows, files.carried)
        finally:
            files.discard()

    def _reading(self, portion: Portion) -> Iterator[tuple[Piece, Any]]:
        for each in portion.pieces:
            yield each, self.doing.read(each, self.doing.works)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Hands the rows of an answer to files, and nothing of what stands beside it."""

    files: PartFiles
    takes_beside: bool = False

    def write(self, rows: Layer, beside: Layer | None) -> None:
        """Write the next rows, if there are any."""
        if len(rows.frame):
            self.files.write(rows)


def answer_in_portions(
    question: Rows,
    sources: Sources,
    place: Place,
    *,
    most: int = ROWS_PER_FILE,
    runner: Runner = in_order,
    progress: Progress = unsaid,
) -> tuple[Answer, Manifest]:
    """Answer a question, and write its rows as files.

    Parameters
    ----------
    place
        Where they go: an empty folder.
    most
        How many rows a file has at most.
    runner
        Where it is worked on.
    progress
        Told how far it has come.

    Returns
    -------
    answer
        Without its rows, where they went to the files as they came.
    manifest
        The files, in the order of the rows.

    Raises
    ------
    WholeNeededError
        If no layer is large, or one of them cannot be processed in splits.
    """
    kind, there = work_class(question.ask), sources.in_scenario(scenario_of(question))
    if not kind.streams:
        raise WholeNeededError("The rows are few, and no list of features.")
    work = kind(question, there, kind.part_layers(question, there, progress), beside=False)
    seen = looked_at(work, runner, progress)
    task = _Writing(work, seen, place, most)
    portions = _portions(work.pieces(), most)
    total, tell = Sum[Written](), Telling(work, work.working, progress)
    for each in by_number(runner(task, portions)):
        total.add(each)
        tell(each.rows)
    written: Written = total.value
    made = told_in_scenario(work.together(seen, written.share), sources)
    if written.files:
        return made, Manifest(written.files, written.carried)
    return made, written_whole(made.layer, place, most)


def _portions(pieces: Sequence[Piece], most: int) -> list[Portion]:
    """Put pieces together that follow each other, as long as they have no more rows than a file may."""
    found: list[list[Piece]] = []
    rows = 0
    for piece in pieces:
        more = 0 if piece.split is None else piece.split.rows
        if not found or rows + more > most:
            found.append([])
            rows = 0
        found[-1].append(piece)
        rows += more
    return [Portion(number, tuple(each)) for number, each in enumerate(found)]
